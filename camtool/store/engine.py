"""SQLAlchemy engines as camtool sets them up: SQLite in WAL mode, or a server by URL."""

from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

import sqlalchemy as sa

from camtool.errors import CatalogDamaged
from camtool.store.schema import schema_version
from camtool.store.statements import STATEMENTS

# A writer waits this long for another one before it gives up.
BUSY_MS = 30_000


def engine_for(url_or_file: str | Path) -> sa.Engine:
    """Return an engine on a server's URL, or on a SQLite file, which is made if it is not there.

    WAL lets people search while the index runs; synchronous=NORMAL can lose the last commits at a power cut but never
    the catalog (SQLite documentation, "Write-Ahead Logging"): the next index run does them again.
    """
    if isinstance(url_or_file, str):
        return sa.create_engine(url_or_file)
    # Not as text: a folder's name may hold what means something in a URL (`?`, `%20`).
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(url_or_file)))

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: SqliteConnection, _record: object) -> None:
        for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class EngineSource:
    """Runs store.statements on a server (the reader's Source)."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)

    def is_there(self) -> bool:
        """Tell whether this database has a catalog; raises CatalogDamaged where the server is not reached."""
        try:
            return sa.inspect(self.engine).has_table(schema_version.name)
        except sa.exc.DBAPIError as error:
            raise CatalogDamaged(catalog=self.engine.url.render_as_string(), detail=error.orig) from error

    def rows(self, statement: str, **values: object) -> Iterator[tuple[Any, ...]]:
        """Yield a statement's rows, each statement on a connection of its own; raises CatalogDamaged."""
        try:
            with (
                self.engine.connect() as connection,
                connection.execution_options(yield_per=1000).execute(STATEMENTS[statement], values) as found,
            ):
                yield from map(tuple, found)
        except sa.exc.DBAPIError as error:
            raise CatalogDamaged(catalog=self.engine.url.render_as_string(), detail=error.orig) from error

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
