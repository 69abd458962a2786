"""Reading the catalog, on the light path: for SQLite by the standard library alone, for PostgreSQL by SQLAlchemy.

Both run the same statements (store.statements). Everything streams: an answer's memory does not grow with the catalog.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from camtool.core.activity import Box, Cause, Event, FoundBy
from camtool.core.clock import Observation
from camtool.core.events import joined_over_files
from camtool.core.model import Recording, Scan, Site, Span, State
from camtool.core.noise import CameraNoise, noise_from_json
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import CatalogBusy, CatalogDamaged, CatalogTooNew, NoCatalog
from camtool.store.prepared import PREPARED
from camtool.store.version import CATALOG_VERSION

Row = tuple[Any, ...]

# How long a reader waits for a writer that holds the whole file: WAL readers wait only for checkpoints and migrations.
BUSY_S = 10.0


class Source(Protocol):
    """Runs one of store.statements by name."""

    def rows(self, statement: str, **values: object) -> Iterator[Row]:
        """Yield the statement's rows, fetched as they are asked for."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class SqliteSource:
    """The site's catalog.db, opened for reading only."""

    def __init__(self, catalog: Path) -> None:
        self.catalog = catalog
        uri = catalog.absolute().as_uri()
        try:
            self.connection = self._connect(f"{uri}?mode=ro")
            self.connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            # WAL wants to write its -shm file; a site on a read-only medium has no writer, so read it as it lies.
            self.connection = self._connect(f"{uri}?mode=ro&immutable=1")
        except sqlite3.DatabaseError as error:
            raise CatalogDamaged(catalog=catalog, detail=error) from error

    def _connect(self, uri: str) -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, timeout=BUSY_S)

    def rows(self, statement: str, **values: object) -> Iterator[Row]:
        """Yield the rows of a prepared statement; raises CatalogBusy, CatalogDamaged."""
        try:
            yield from self.connection.execute(PREPARED[statement], values)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise CatalogBusy(job="index", owner="?") from error
            raise CatalogDamaged(catalog=self.catalog, detail=error) from error
        except sqlite3.DatabaseError as error:
            raise CatalogDamaged(catalog=self.catalog, detail=error) from error

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


class Reader:
    """What the catalog knows, as the model's types. Spans and instants are camera time."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def overlapping(self, camera: int, window: Span) -> Iterator[Recording]:
        """Yield the recordings with any part in window, whatever their state, by start."""
        longest = next(self.source.rows("longest", camera=camera), (0,))[0]
        earliest_us = window.start_us - longest
        rows = self.source.rows(
            "overlapping", camera=camera, earliest_us=earliest_us, from_us=window.start_us, to_us=window.end_us
        )
        return map(_recording, rows)

    def before(self, camera: int, instant_us: int) -> Recording | None:
        """Return the last playable recording that began before an instant."""
        return next(map(_recording, self.source.rows("before", camera=camera, from_us=instant_us)), None)

    def after(self, camera: int, instant_us: int) -> Recording | None:
        """Return the first playable recording that begins at or after an instant."""
        return next(map(_recording, self.source.rows("after", camera=camera, from_us=instant_us)), None)

    def by_path(self, camera: int, path: str) -> Recording | None:
        """Return the recording at a path (text form), if it was ever indexed."""
        return next(map(_recording, self.source.rows("by_path", camera=camera, path=path)), None)

    def hashed(self, camera: int) -> Iterator[Recording]:
        """Yield every recording whose SHA-256 is known."""
        return map(_recording, self.source.rows("hashed", camera=camera))

    def events(self, camera: int, window: Span, settings: str, minutes: bool = False) -> list[tuple[int, Event]]:
        """Return what was found in a window (camera time) with these settings, numbered; of several looks the closest.

        What lies in neighbouring files is one event, under the first one's number. minutes: also the minutes that
        packets rank, of files that nothing closer looked at; they are no events and claim nothing.
        """
        longest = next(self.source.rows("longest", camera=camera), (0,))[0]
        rows = self.source.rows(
            "events",
            camera=camera,
            earliest_us=window.start_us - longest,
            from_us=window.start_us,
            to_us=window.end_us,
            settings=settings,
        )
        found = [(row[0], _event(row[1:])) for row in rows]
        return joined_over_files([each for each in found if minutes or each[1].found_by is not FoundBy.PACKETS])

    def event(self, number: int) -> tuple[int, Event] | None:
        """Return the camera of one event, and the event as its file has it; None where there is no such number."""
        row = next(self.source.rows("event", id=number), None)
        return None if row is None else (row[0], _event(row[2:]))

    def scans(self, camera: int, window: Span, settings: str) -> Iterator[Scan]:
        """Yield what was looked at, with these settings, of the recordings in a window (camera time)."""
        longest = next(self.source.rows("longest", camera=camera), (0,))[0]
        rows = self.source.rows(
            "scans", camera=camera, earliest_us=window.start_us - longest, to_us=window.end_us, settings=settings
        )
        return (Scan(*row) for row in rows)

    def scan_problems(self, camera: int, window: Span, settings: str) -> dict[tuple[int, str], list[Problem]]:
        """Return what those scans found wrong, by the recording's number and the effort."""
        longest = next(self.source.rows("longest", camera=camera), (0,))[0]
        found: dict[tuple[int, str], list[Problem]] = {}
        for number, effort, path, kind, facts in self.source.rows(
            "scan_problems",
            camera=camera,
            earliest_us=window.start_us - longest,
            to_us=window.end_us,
            settings=settings,
        ):
            problem = Problem(ProblemKind(kind), path, camera, json.loads(facts))
            found.setdefault((number, effort), []).append(problem)
        return found

    def noise(self, camera: int) -> CameraNoise | None:
        """Return how noisy a camera is, as skimming learnt it."""
        row = next(self.source.rows("noise", camera=camera), None)
        return None if row is None else noise_from_json(row[0])

    def unplaced(self, camera: int) -> int:
        """Count the files of a camera that no time is known of."""
        return int(next(self.source.rows("unplaced", camera=camera))[0])

    def states(self, camera: int) -> dict[State, tuple[int, int]]:
        """Return, for each state that occurs, how many files and how many bytes."""
        return {State(state): (count, int(size)) for state, count, size in self.source.rows("states", camera=camera)}

    def extent(self, camera: int) -> Span | None:
        """Return the first start and last end that are known of a camera."""
        start_us, end_us = next(self.source.rows("extent", camera=camera))
        return None if start_us is None else Span(start_us, end_us)

    def observations(self, camera: int) -> tuple[Observation, ...]:
        """Return what was noted of a camera's clock, oldest first."""
        return tuple(
            Observation(number, shows, true, photo, noted)
            for number, shows, true, photo, noted in self.source.rows("observations", camera=camera)
        )

    def problems(self, camera: int) -> Iterator[Problem]:
        """Yield what is wrong with a camera's files, by path."""
        for path, _state, kind, facts in self.source.rows("problems", camera=camera):
            yield Problem(ProblemKind(kind), path, camera, json.loads(facts))

    def close(self) -> None:
        """Let go of the database."""
        self.source.close()


def open_reader(site: Site) -> Reader:
    """Open a site's catalog for reading; raises NoCatalog, CatalogTooNew, CatalogDamaged."""
    if site.catalog_url is not None:
        from camtool.store.engine import EngineSource  # imports SQLAlchemy: only where a server asks for it

        server = EngineSource(site.catalog_url)
        if not server.is_there():
            server.close()
            raise NoCatalog(folder=site.folder)
        source: Source = server
    else:
        catalog = Path(site.folder, "catalog.db")
        if not catalog.exists():
            raise NoCatalog(folder=site.folder)
        source = SqliteSource(catalog)
    try:
        check_version(next(source.rows("version"), (0,))[0], site)
    except BaseException:
        source.close()
        raise
    return Reader(source)


def check_version(found: int, site: Site) -> None:
    """Refuse a catalog of a later camtool, and bring an earlier one up to date; raises CatalogTooNew."""
    if found > CATALOG_VERSION:
        raise CatalogTooNew(
            catalog=site.catalog_url or Path(site.folder, "catalog.db"), found=found, known=CATALOG_VERSION
        )
    if found < CATALOG_VERSION:
        from camtool.store.catalog import Catalog  # writes, so it needs SQLAlchemy

        Catalog.open(site).close()


def _event(row: Row) -> Event:
    start_us, end_us, peak_us, score, cause, found_by, touches_start, touches_end, *box = row
    return Event(
        start_us,
        end_us,
        peak_us,
        score,
        Box(*box[:4]),
        Cause(cause),
        FoundBy(found_by),
        tuple(box[4:]),
        bool(touches_start),
        bool(touches_end),
    )


def _recording(row: Row) -> Recording:
    number, camera, path, state, start_us, end_us, *rest = row
    span = None if start_us is None else Span(start_us, end_us)
    return Recording(number, camera, path, State(state), span, *rest)
