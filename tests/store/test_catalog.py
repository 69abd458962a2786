import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from camtool.core.clock import Observation
from camtool.core.model import Site, Span, State
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import CatalogBusy, CatalogDamaged, CatalogTooNew, DiskFull, NoCatalog, NotAllowed
from camtool.store.catalog import Catalog, Entry
from camtool.store.version import CATALOG_VERSION

MINUTE_US = 60_000_000


def entry(path: str, start_us: int | None, end_us: int | None, camera: int = 3, **more) -> Entry:
    replaces = more.pop("replaces", None)
    problems = more.pop("problems", ())
    values = {
        "camera": camera,
        "path": path,
        "size_bytes": 10,
        "mtime_ns": 1,
        "ctime_ns": 2,
        "state": State.OK,
        "start_us": start_us,
        "end_us": end_us,
        "indexed_us": 5,
    }
    return Entry(values | more, problems, replaces)


def test_reading_before_any_index(site, reading):
    with pytest.raises(NoCatalog):
        reading(site)


def test_a_server_that_is_not_there(tmp_path, reading):
    site = Site(str(tmp_path), "x", "UTC", "vi", catalog_url="postgresql+psycopg://nobody@127.0.0.1:9/none")
    for opening in (Catalog.open, reading):
        with pytest.raises(CatalogDamaged):
            opening(site)


def test_a_window_finds_what_reaches_into_it(site, reading):
    catalog = Catalog.open(site)
    catalog.store([entry(f"{n}.mp4", n * MINUTE_US, (n + 1) * MINUTE_US) for n in range(10)])
    catalog.store([entry("long.mp4", 0, 60 * MINUTE_US), entry("other.mp4", 0, 60 * MINUTE_US, camera=4)])
    catalog.store([entry("instant.mp4", 4 * MINUTE_US, 4 * MINUTE_US, state=State.EMPTY)])
    catalog.close()
    reader = reading(site)
    found = [each.path for each in reader.overlapping(3, Span(3 * MINUTE_US, 5 * MINUTE_US))]
    assert found == ["long.mp4", "3.mp4", "instant.mp4", "4.mp4"]
    assert [each.path for each in reader.overlapping(3, Span(30 * MINUTE_US, 31 * MINUTE_US))] == ["long.mp4"]
    assert list(reader.overlapping(9, Span(0, MINUTE_US))) == []
    assert reader.extent(3) == Span(0, 60 * MINUTE_US)
    before, after = reader.before(3, 2 * MINUTE_US), reader.after(3, 2 * MINUTE_US)
    assert before is not None
    assert before.path == "1.mp4"
    assert after is not None
    assert after.path == "2.mp4"
    assert reader.after(3, 10 * MINUTE_US) is None


def test_rows_without_a_time_are_counted_not_lost(site, reading):
    catalog = Catalog.open(site)
    why = (
        Problem(ProblemKind.FOREIGN),
        Problem(ProblemKind.DURATION_MISMATCH, facts={"media_s": "1.0", "wall_s": "2"}),
    )
    catalog.store([entry("lạ.mp4", None, None, state=State.FOREIGN, problems=why)])
    catalog.close()
    reader = reading(site)
    assert reader.unplaced(3) == 1
    assert reader.states(3) == {State.FOREIGN: (1, 10)}
    problems = list(reader.problems(3))
    assert [problem.kind for problem in problems] == [ProblemKind.FOREIGN, ProblemKind.DURATION_MISMATCH]
    assert problems[1].facts == {"media_s": "1.0", "wall_s": "2"}
    assert problems[0].path == "lạ.mp4"


def test_a_replaced_row_keeps_its_number_and_its_hash(site, reading):
    catalog = Catalog.open(site)
    catalog.store([entry("a.mp4", 0, MINUTE_US)])
    (known,) = catalog.known(3)
    assert not catalog.set_hash(known.id, "cd" * 32, 7, size_bytes=11, mtime_ns=1)
    assert not catalog.set_hash(known.id, "cd" * 32, 7, size_bytes=10, mtime_ns=2)
    assert catalog.set_hash(known.id, "ab" * 32, 7, size_bytes=10, mtime_ns=1)
    changed = Problem(ProblemKind.CHANGED, facts={"was_bytes": 10, "is_bytes": 11})
    catalog.store(
        [entry("a.mp4", 0, MINUTE_US, size_bytes=11, state=State.CHANGED, replaces=known.id, problems=(changed,))]
    )
    (again,) = catalog.known(3)
    assert (again.id, again.size_bytes, again.state, again.sha256) == (known.id, 11, State.CHANGED, "ab" * 32)
    catalog.store([entry("a.mp4", 0, MINUTE_US, replaces=known.id)])
    catalog.close()
    assert list(reading(site).problems(3)) == []


def test_known_files_come_by_path_bytes_over_page_borders(site):
    names = ["a/b.mp4", "a-c.mp4", "a.mp4", "ă.mp4", "Z.mp4", "a/b/c.mp4", "\\xff.mp4"]
    catalog = Catalog.open(site)
    catalog.store([entry(name, 0, 1) for name in names])
    assert [each.path for each in catalog.known(3, page_rows=2)] == sorted(names, key=lambda name: name.encode())
    catalog.close()


def test_files_to_be_hashed_come_latest_first_while_others_are_hashed(site):
    catalog = Catalog.open(site)
    together = [entry(f"9{letter}.mp4", 9, 10) for letter in "ab"]
    catalog.store([entry(f"{n}.mp4", n, n + 1) for n in (5, 1)] + together + [entry("no-time.mp4", None, None)])
    catalog.store([entry("gone.mp4", 7, 8, state=State.MISSING), entry("now.mp4", 8, 9, state=State.GROWING)])
    order = []
    for number, path, known in catalog.unhashed(3, everything=False, page_rows=1):
        assert known is None
        catalog.set_hash(number, "00" * 32, 1, 10, 1)
        order.append(path)
    assert order == ["9b.mp4", "9a.mp4", "5.mp4", "1.mp4", "no-time.mp4"]
    assert list(catalog.unhashed(3, everything=False)) == []
    assert [path for _id, path, _known in catalog.unhashed(3, everything=True, page_rows=2)] == order
    catalog.close()


def test_missing_keeps_what_was_known(site, reading):
    catalog = Catalog.open(site)
    catalog.store([entry("a.mp4", 0, MINUTE_US)])
    (known,) = catalog.known(3)
    catalog.mark_missing([(known.id, Problem(ProblemKind.MISSING))])
    catalog.close()
    reader = reading(site)
    (row,) = reader.overlapping(3, Span(0, 1))
    assert (row.state, row.span) == (State.MISSING, Span(0, MINUTE_US))
    assert [problem.kind for problem in reader.problems(3)] == [ProblemKind.MISSING]


def test_observations_are_only_added(site, reading):
    catalog = Catalog.open(site)
    late = Observation(3, 300, 600, "/x/anh.jpg", 9)
    early = Observation(3, 100, 200, None, 10)
    catalog.observe(late, "cd" * 32)
    catalog.observe(early, None)
    catalog.observe(Observation(4, 1, 2, None, 3), None)
    catalog.close()
    assert reading(site).observations(3) == (early, late)
    with catalog.engine.connect() as connection:
        stored = connection.execute(sa.text("SELECT photo, photo_sha256 FROM observation ORDER BY id")).all()
    catalog.close()
    assert [tuple(row) for row in stored] == [("/x/anh.jpg", "cd" * 32), (None, None), (None, None)]


@pytest.mark.parametrize(
    ("pragma", "kind"),
    [("PRAGMA max_page_count = 1", DiskFull), ("PRAGMA query_only = ON", NotAllowed)],
)
def test_a_catalog_that_cannot_be_written_says_why(sqlite_site, pragma, kind):
    """No room and no right, as SQLite itself reports them, at whatever is being written."""
    catalog = Catalog.open(sqlite_site)
    try:

        @sa.event.listens_for(catalog.engine, "checkout")
        def limit(connection: Any, _record: object, _proxy: object) -> None:
            connection.execute(pragma)

        with pytest.raises(kind) as caught:
            catalog.observe(Observation(3, 1, 1, "x" * 1_000_000, 1), None)
        assert str(caught.value.facts["path"]).endswith("catalog.db")
    finally:
        catalog.close()


def test_a_newer_catalog_is_left_alone(sqlite_site, reading):
    Catalog.open(sqlite_site).close()
    path = Path(sqlite_site.folder, "catalog.db")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE schema_version SET version = ?", (CATALOG_VERSION + 1,))
    connection.close()
    before = path.read_bytes()
    for opening in (Catalog.open, reading):
        with pytest.raises(CatalogTooNew) as caught:
            opening(sqlite_site)
        assert caught.value.facts["found"] == CATALOG_VERSION + 1
    assert path.read_bytes() == before


def test_a_catalog_that_is_no_database(sqlite_site, reading):
    Path(sqlite_site.folder, "catalog.db").write_bytes(b"not a database, but long enough to be looked at" * 100)
    for opening in (Catalog.open, reading):
        with pytest.raises(CatalogDamaged):
            opening(sqlite_site)


def test_a_reader_works_beside_a_writer(sqlite_site, reading):
    catalog = Catalog.open(sqlite_site)
    catalog.store([entry("a.mp4", 0, MINUTE_US)])
    reader = reading(sqlite_site)
    with catalog.engine.begin() as connection:
        connection.execute(sa.text("UPDATE recording SET state = 'empty'"))
        (row,) = reader.overlapping(3, Span(0, 1))
        assert row.state is State.OK
    catalog.close()


def test_a_power_cut_may_cost_the_last_batch_and_never_the_catalog(sqlite_site):
    """WAL with synchronous=NORMAL (1); a Problem always belongs to a recording."""
    catalog = Catalog.open(sqlite_site)
    with catalog.engine.connect() as connection:
        settings = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in settings] == ["wal", 1, 1, 30_000]
    catalog.close()


def test_the_catalog_is_in_wal_mode(sqlite_site):
    Catalog.open(sqlite_site).close()
    with sqlite3.connect(Path(sqlite_site.folder, "catalog.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_site_on_a_read_only_medium_can_be_read(sqlite_site, monkeypatch, reading):
    catalog = Catalog.open(sqlite_site)
    catalog.store([entry("a.mp4", 0, MINUTE_US)])
    catalog.close()
    folder = Path(sqlite_site.folder)
    assert not (folder / "catalog.db-wal").exists()
    folder.chmod(0o555)
    try:
        (row,) = reading(sqlite_site).overlapping(3, Span(0, 1))
        assert row.path == "a.mp4"
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("name", ["a?b", "c%20d", "100%", "x#y", "xã Tân Hòa"])
def test_a_site_folder_may_have_any_name(tmp_path, reading, name):
    (tmp_path / name).mkdir()
    site = Site(str(tmp_path / name), "x", "UTC", "vi")
    catalog = Catalog.open(site)
    catalog.store([entry("a.mp4", 0, MINUTE_US)])
    catalog.close()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "catalog.db").exists()
    assert reading(site).extent(3) == Span(0, MINUTE_US)


def test_a_full_disk_stops_the_writer_and_loses_nothing_stored(sqlite_site, reading):
    """max_page_count is SQLite's own way to a database that may not grow: the error is the one of a full disk."""
    catalog = Catalog.open(sqlite_site)
    catalog.store([entry("a.mp4", 0, MINUTE_US)])

    @sa.event.listens_for(catalog.engine, "begin")
    def _no_room(connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=1")

    with pytest.raises(DiskFull) as caught:
        catalog.store([entry(f"{n:09d}.mp4", n, n + 1) for n in range(5000)])
    catalog.close()
    assert caught.value.exit_code == 50
    assert caught.value.facts == {"path": Path(sqlite_site.folder, "catalog.db")}
    assert [each.path for each in reading(sqlite_site).overlapping(3, Span(0, MINUTE_US))] == ["a.mp4"]


def test_a_writer_that_waits_too_long_says_who_is_in_the_way(sqlite_site, monkeypatch):
    first = Catalog.open(sqlite_site)
    monkeypatch.setattr("camtool.store.engine.BUSY_MS", 10)
    second = Catalog.open(sqlite_site)
    with first.engine.begin() as connection:
        first.insert(connection, [entry("a.mp4", 0, 1).values])
        with pytest.raises(CatalogBusy):
            second.store([entry("b.mp4", 0, 1)])
    second.store([entry("b.mp4", 0, 1)])
    assert [each.path for each in second.known(3)] == ["a.mp4", "b.mp4"]
    first.close()
    second.close()
