"""SQLAlchemy engines as camtool sets them up: SQLite in WAL mode, or a server by URL."""

from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

import sqlalchemy as sa

from camtool.errors import CatalogDamaged
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
    engine = sa.create_engine(f"sqlite:///{url_or_file}")

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: SqliteConnection, _record: object) -> None:
        for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class EngineSource:
    """Runs store.statements on a server (the reader's Source)."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)
        self.connection = self.engine.connect()

    def rows(self, statement: str, **values: object) -> Iterator[tuple[Any, ...]]:
        """Yield a statement's rows; raises CatalogDamaged with the server's words."""
        try:
            with self.connection.begin():
                yield from self.connection.execution_options(yield_per=1000).execute(STATEMENTS[statement], values)
        except sa.exc.DBAPIError as error:
            raise CatalogDamaged(catalog=self.engine.url.render_as_string(), detail=error.orig) from error

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()
        self.engine.dispose()
