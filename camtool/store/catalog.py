"""Writing the catalog. Rows come in batches, each batch one transaction: a killed run loses at most its last batch."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from camtool.core.activity import Event
from camtool.core.clock import Observation
from camtool.core.model import Site, State
from camtool.core.noise import CameraNoise, noise_to_json
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import CannotGoOn, CatalogBusy, CatalogDamaged, CatalogTooNew, DiskFull, NotAllowed
from camtool.store.engine import engine_for
from camtool.store.migrations import bring_up
from camtool.store.schema import (
    camera_bound,
    camera_noise,
    event,
    observation,
    problem,
    recording,
    scan,
    scan_problem,
)
from camtool.store.version import CATALOG_VERSION

# A file that is gone, cannot be read or still grows is not hashed.
HASHABLE = tuple(state for state in State if state not in (State.MISSING, State.GROWING, State.UNREADABLE))

# The Problems that say a file is not what it was; they stay with it until its old bytes are back.
CHANGES = (ProblemKind.CHANGED, ProblemKind.CHANGED_UNSEEN)

# Columns of a recording in the order of the table, without its id.
COLUMNS = tuple(column.name for column in recording.columns if column.name != "id")
NOTHING_KNOWN: dict[str, Any] = dict.fromkeys(COLUMNS)


@dataclass(frozen=True, slots=True)
class Known:
    """What the index needs to know of a file that is in the catalog already."""

    id: int
    path: str
    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    state: State
    container: str | None
    sha256: str | None
    indexed_us: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to be stored: values by column (the others are null), its Problems, the id of the row it replaces."""

    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    replaces: int | None = None


class Catalog:
    """One site's catalog, open for writing. One writer at a time: store.lock keeps others out."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        compiled = recording.insert().values(NOTHING_KNOWN).compile(engine)
        self._insert_sql = str(compiled)
        self._insert_order = itemgetter(*(compiled.positiontup or COLUMNS))

    @classmethod
    def open(cls, site: Site) -> "Catalog":
        """Open, create or migrate the catalog; raises CatalogTooNew.

        From here on, whatever the database refuses is raised as CatalogDamaged, CatalogBusy, DiskFull or NotAllowed.
        """
        where = site.catalog_url or Path(site.folder, "catalog.db")
        engine = engine_for(where)

        @sa.event.listens_for(engine, "handle_error")
        def _explain(context: sa.ExceptionContext) -> Exception | None:
            ours = isinstance(context.sqlalchemy_exception, sa.exc.DBAPIError)  # not, say, KeyboardInterrupt
            return _explained(context.original_exception, where) if ours else None

        try:
            with engine.begin() as connection:
                found = bring_up(connection)
        except BaseException:
            engine.dispose()
            raise
        if found > CATALOG_VERSION:
            engine.dispose()
            raise CatalogTooNew(catalog=where, found=found, known=CATALOG_VERSION)

        @sa.event.listens_for(engine, "handle_error")
        def explain(context: sa.engine.ExceptionContext) -> None:
            """Say what the database met with (no room, no right, a lock), whatever was being written."""
            if isinstance(context.sqlalchemy_exception, sa.exc.OperationalError):
                raise _explained(context.sqlalchemy_exception, where) from context.original_exception

        return cls(engine)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def known(self, camera: int, page_rows: int = 2000) -> Iterator[Known]:
        """Yield what is known of a camera's files, by path bytes. Pages are read by key, so no snapshot is held."""
        columns = [getattr(recording.c, name) for name in Known.__slots__]
        after = None
        while True:
            page = sa.select(*columns).where(recording.c.camera == camera).order_by(recording.c.path).limit(page_rows)
            if after is not None:
                page = page.where(recording.c.path > after)
            rows = self._fetched(page)
            for row in rows:
                facts = row._asdict()
                yield Known(**facts | {"state": State(facts["state"])})
            if len(rows) < page_rows:
                return
            after = rows[-1].path

    def store(self, entries: Sequence[Entry]) -> None:
        """Store a batch in one transaction: new rows inserted, replaced ones updated with their Problems made anew."""
        fresh = [entry for entry in entries if entry.replaces is None]
        plain = [entry.values for entry in fresh if not entry.problems]
        with self.engine.begin() as connection:
            self.insert(connection, plain)
            for entry in entries:
                number = entry.replaces
                if number is None and not entry.problems:
                    continue
                if number is None:
                    made = connection.execute(recording.insert().values(entry.values)).inserted_primary_key
                    number = made[0] if made else None
                else:
                    connection.execute(recording.update().where(recording.c.id == number).values(entry.values))
                    connection.execute(problem.delete().where(problem.c.recording == number))
                for found in entry.problems:
                    facts = json.dumps(dict(found.facts), ensure_ascii=False)
                    connection.execute(problem.insert().values(recording=number, kind=found.kind, facts=facts))
            self._widen_bounds(connection, entries)

    def insert(self, connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Insert many recordings by one statement compiled once: 2.5 times the rate of SQLAlchemy's way with dicts."""
        if not rows:
            return
        whole = (NOTHING_KNOWN | row for row in rows)
        if connection.dialect.positional:
            connection.exec_driver_sql(self._insert_sql, [self._insert_order(row) for row in whole])
        else:
            connection.exec_driver_sql(self._insert_sql, list(whole))

    def _widen_bounds(self, connection: sa.Connection, entries: Sequence[Entry]) -> None:
        longest: dict[int, int] = {}
        for entry in entries:
            start_us = entry.values.get("start_us")
            if start_us is not None:
                camera = entry.values["camera"]
                longest[camera] = max(longest.get(camera, 0), entry.values["end_us"] - start_us)
        for camera, longest_us in longest.items():
            self._ensure_bound(connection, camera)
            wider = (camera_bound.c.camera == camera) & (camera_bound.c.longest_us < longest_us)
            connection.execute(camera_bound.update().where(wider).values(longest_us=longest_us))

    def _ensure_bound(self, connection: sa.Connection, camera: int) -> None:
        there = sa.select(camera_bound.c.camera).where(camera_bound.c.camera == camera)
        if connection.execute(there).first() is None:
            connection.execute(camera_bound.insert().values(camera=camera, longest_us=0))

    def mark_missing(self, gone: Sequence[tuple[int, Problem]]) -> None:
        """Set files that are no longer there to missing, each with its Problem; what was known of them stays."""
        with self.engine.begin() as connection:
            for number, why in gone:
                connection.execute(recording.update().where(recording.c.id == number).values(state=State.MISSING))
                connection.execute(
                    problem.insert().values(recording=number, kind=why.kind, facts=json.dumps(dict(why.facts)))
                )

    def changes(self, number: int) -> tuple[Problem, ...]:
        """Return what was found changed in a file, in the order it was found; empty where nothing was."""
        found = sa.select(problem.c.kind, problem.c.facts).where(problem.c.recording == number)
        with self.engine.connect() as connection:
            rows = connection.execute(found.where(problem.c.kind.in_(CHANGES)).order_by(problem.c.id)).all()
        return tuple(Problem(ProblemKind(row.kind), facts=json.loads(row.facts)) for row in rows)

    def settings(self, camera: int) -> str | None:
        """Return what the camera's claims were last read with, or None."""
        with self.engine.connect() as connection:
            return connection.execute(
                sa.select(camera_bound.c.settings).where(camera_bound.c.camera == camera)
            ).scalar_one_or_none()

    def set_settings(self, camera: int, settings: str) -> None:
        """Keep what the camera's claims were read with."""
        with self.engine.begin() as connection:
            self._ensure_bound(connection, camera)
            connection.execute(camera_bound.update().where(camera_bound.c.camera == camera).values(settings=settings))

    def unhashed(self, camera: int, everything: bool, page_rows: int = 500) -> Iterator[tuple[int, str, str | None]]:
        """Yield (id, path, known SHA-256) of the files to be hashed, the latest recorded first.

        The latest is what will be asked for, and the oldest is what the recorder overwrites next. Pages go downwards by
        (start, id), files without a time last, so rows hashed meanwhile do not disturb them.
        """
        start_us, number = recording.c.start_us, recording.c.id
        wanted = (recording.c.camera == camera) & recording.c.state.in_(HASHABLE)
        if not everything:
            wanted &= recording.c.sha256.is_(None)
        columns = sa.select(number, recording.c.path, recording.c.sha256, start_us).where(wanted)
        for placed in (True, False):
            half = columns.where(start_us.is_not(None) if placed else start_us.is_(None))
            half = half.order_by(start_us.desc(), number.desc()).limit(page_rows)
            page = half
            while rows := self._fetched(page):
                for row in rows:
                    yield row.id, row.path, row.sha256
                last, below = rows[-1], number < rows[-1].id
                page = half.where((start_us < last.start_us) | (start_us == last.start_us) & below if placed else below)

    def _fetched(self, page: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        with self.engine.connect() as connection:
            return connection.execute(page).all()

    def set_hash(self, number: int, sha256: str, now_us: int, size_bytes: int, mtime_ns: int) -> bool:
        """Keep a file's SHA-256, if the file that was hashed is the one that was indexed; tells whether it is."""
        same = (recording.c.size_bytes == size_bytes) & (recording.c.mtime_ns == mtime_ns)
        with self.engine.begin() as connection:
            kept = connection.execute(
                recording.update().where(recording.c.id == number, same).values(sha256=sha256, hashed_us=now_us)
            )
        return kept.rowcount == 1

    def set_changed(self, number: int, why: Problem) -> None:
        """Set a file to changed, its old hash kept, with the Problem that says what was found."""
        with self.engine.begin() as connection:
            connection.execute(recording.update().where(recording.c.id == number).values(state=State.CHANGED))
            connection.execute(problem.delete().where(problem.c.recording == number, problem.c.kind == why.kind))
            connection.execute(
                problem.insert().values(recording=number, kind=why.kind, facts=json.dumps(dict(why.facts)))
            )

    def store_scan(
        self,
        recording_id: int,
        scan_values: dict[str, Any],
        events: Sequence[tuple[int, Event]],
        problems: Sequence[Problem] = (),
    ) -> None:
        """Store what skimming one file found, in one transaction; an earlier scan with equal effort and settings goes.

        events are pairs of camera and event, times on the camera's timeline.
        """
        with self.engine.begin() as connection:
            same = [scan.c[key] == scan_values[key] for key in ("effort", "settings")]
            old = sa.select(scan.c.id).where(scan.c.recording == recording_id, *same)
            for number in connection.execute(old).scalars().all():
                connection.execute(event.delete().where(event.c.scan == number))
                connection.execute(scan_problem.delete().where(scan_problem.c.scan == number))
                connection.execute(scan.delete().where(scan.c.id == number))
            made = connection.execute(scan.insert().values(recording=recording_id, **scan_values)).inserted_primary_key
            number = made[0] if made else None
            rows = [_event_row(each, camera) | {"scan": number} for camera, each in events]
            if rows:
                connection.execute(event.insert(), rows)
            wrong = [{"scan": number, "kind": each.kind, "facts": json.dumps(dict(each.facts))} for each in problems]
            if wrong:
                connection.execute(scan_problem.insert(), wrong)

    def set_noise(self, camera: int, noise: CameraNoise) -> None:
        """Keep what skimming learnt of a camera's noise."""
        with self.engine.begin() as connection:
            connection.execute(camera_noise.delete().where(camera_noise.c.camera == camera))
            connection.execute(camera_noise.insert().values(camera=camera, noise=noise_to_json(noise)))

    def observe(self, noted: Observation, photo_sha256: str | None) -> None:
        """Add an observation of a camera's clock."""
        with self.engine.begin() as connection:
            connection.execute(
                observation.insert().values(
                    camera=noted.camera,
                    shows_us=noted.shows_us,
                    true_us=noted.true_us,
                    photo=noted.photo,
                    photo_sha256=photo_sha256,
                    noted_us=noted.noted_us,
                )
            )


def _event_row(found: Event, camera: int) -> dict[str, Any]:
    box, (x_px, y_px, w_px, h_px) = found.box, found.box_px
    return {
        "camera": camera,
        "start_us": found.start_us,
        "end_us": found.end_us,
        "peak_us": found.peak_us,
        "score": found.score,
        "box_x": box.x,
        "box_y": box.y,
        "box_w": box.w,
        "box_h": box.h,
        "x_px": x_px,
        "y_px": y_px,
        "w_px": w_px,
        "h_px": h_px,
        "cause": found.cause,
        "found_by": found.found_by,
        "touches_start": found.touches_start,
        "touches_end": found.touches_end,
    }


def _explained(error: BaseException, where: str | Path) -> Exception:
    detail = str(error)
    if "is full" in detail:
        return DiskFull(path=where)
    if "locked" in detail:
        return CatalogBusy(job="index", owner="?")
    if "unable to open" in detail or "readonly" in detail:
        return NotAllowed(path=where, detail=detail)
    if "disk I/O error" in detail:
        return CannotGoOn(detail=f"{where}: {detail}")
    return CatalogDamaged(catalog=where, detail=detail)
