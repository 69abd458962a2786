"""The machinery that brings a catalog up: a made-up step from today's version to the next, on both databases."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from camtool.core.model import Site, Span, State
from camtool.errors import CatalogTooNew
from camtool.store import catalog as catalog_module
from camtool.store import migrations, reader
from camtool.store.catalog import Catalog, Entry
from camtool.store.engine import engine_for
from camtool.store.schema import schema_version
from camtool.store.version import CATALOG_VERSION

ROW = {
    "camera": 3,
    "path": "a.mp4",
    "size_bytes": 10,
    "mtime_ns": 1,
    "ctime_ns": 2,
    "state": State.OK,
    "start_us": 0,
    "end_us": 60_000_000,
    "indexed_us": 5,
}


def with_a_note(connection: sa.Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE recording ADD COLUMN note TEXT")
    connection.exec_driver_sql("UPDATE recording SET note = 'from before'")


def fill(site: Site) -> None:
    catalog = Catalog.open(site)
    catalog.store([Entry(ROW)])
    catalog.close()


def later(monkeypatch: pytest.MonkeyPatch, steps: dict[int, migrations.Step]) -> None:
    """Make this camtool one that knows as many versions more as there are steps."""
    monkeypatch.setattr(migrations, "STEPS", migrations.STEPS | steps)
    for module in (migrations, catalog_module, reader):
        monkeypatch.setattr(module, "CATALOG_VERSION", CATALOG_VERSION + len(steps))


def asked(site: Site, statement: str) -> list[tuple[object, ...]]:
    engine = engine_for(site.catalog_url or Path(site.folder, "catalog.db"))
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql(statement)]
    engine.dispose()
    return rows


def asked_tables(site: Site) -> list[str]:
    engine = engine_for(site.catalog_url or Path(site.folder, "catalog.db"))
    names = sa.inspect(engine).get_table_names()
    engine.dispose()
    return names


def test_every_step_is_there():
    """A catalog of any version up to this one can be brought up."""
    assert sorted(migrations.STEPS) == list(range(1, CATALOG_VERSION))


def test_a_new_catalog_has_todays_version(site):
    Catalog.open(site).close()
    assert asked(site, "SELECT version FROM schema_version") == [(CATALOG_VERSION,)]


def test_a_writer_brings_the_catalog_up_and_keeps_its_rows(site, monkeypatch):
    fill(site)
    later(monkeypatch, {CATALOG_VERSION: with_a_note})
    Catalog.open(site).close()
    assert asked(site, "SELECT version FROM schema_version") == [(CATALOG_VERSION + 1,)]
    assert asked(site, "SELECT path, start_us, note FROM recording") == [("a.mp4", 0, "from before")]
    Catalog.open(site).close()  # the step is done once: a second ALTER would fail
    assert asked(site, "SELECT version FROM schema_version") == [(CATALOG_VERSION + 1,)]


def test_a_reader_brings_it_up_too(site, monkeypatch, reading):
    fill(site)
    later(monkeypatch, {CATALOG_VERSION: with_a_note})
    (row,) = reading(site).overlapping(3, Span(0, 1))
    assert (row.path, row.span) == ("a.mp4", Span(0, 60_000_000))
    assert asked(site, "SELECT note FROM recording") == [("from before",)]


def test_steps_follow_each_other(site, monkeypatch):
    fill(site)
    order: list[int] = []
    later(
        monkeypatch,
        {CATALOG_VERSION: lambda _: order.append(1), CATALOG_VERSION + 1: lambda _: order.append(2)},
    )
    Catalog.open(site).close()
    assert order == [1, 2]
    assert asked(site, "SELECT version FROM schema_version") == [(CATALOG_VERSION + 2,)]


def test_a_step_that_fails_leaves_the_catalog_as_it_was(site, monkeypatch):
    """All steps are one transaction, ALTER TABLE included."""
    fill(site)

    def fails(connection: sa.Connection) -> None:
        with_a_note(connection)
        raise ZeroDivisionError

    at_once: dict[int, migrations.Step] = {CATALOG_VERSION: fails}
    later_on: dict[int, migrations.Step] = {CATALOG_VERSION: lambda _: None, CATALOG_VERSION + 1: fails}
    for steps in (at_once, later_on):
        with monkeypatch.context() as patched:
            later(patched, steps)
            with pytest.raises(ZeroDivisionError):
                Catalog.open(site)
    assert asked(site, "SELECT version FROM schema_version") == [(CATALOG_VERSION,)]
    (row,) = asked(site, "SELECT * FROM recording")
    assert "from before" not in row
    later(monkeypatch, {CATALOG_VERSION: with_a_note})
    Catalog.open(site).close()
    assert asked(site, "SELECT note FROM recording") == [("from before",)]


def test_a_first_run_that_is_stopped_leaves_no_catalog(site, monkeypatch, reading):
    def stopped(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(schema_version, "insert", stopped)
        with pytest.raises(KeyboardInterrupt):
            Catalog.open(site)
    assert asked_tables(site) == []
    fill(site)
    assert reading(site).extent(3) == Span(0, 60_000_000)


def test_problems_of_scans_have_a_place_in_a_catalog_of_version_two(site):
    fill(site)
    engine = engine_for(site.catalog_url or Path(site.folder, "catalog.db"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE scan_problem")
        connection.exec_driver_sql("UPDATE schema_version SET version = 2")
    engine.dispose()
    Catalog.open(site).close()
    assert asked(site, "SELECT count(*) FROM scan_problem") == [(0,)]
    assert asked(site, "SELECT path FROM recording") == [(ROW["path"],)]
    assert asked(site, "SELECT version FROM schema_version") == [(CATALOG_VERSION,)]


def test_a_catalog_without_a_version_is_finished(site, reading):
    """Such a one was left by a camtool that was killed while it made it."""
    Catalog.open(site).close()
    engine = engine_for(site.catalog_url or Path(site.folder, "catalog.db"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM schema_version")
    engine.dispose()
    assert reading(site).extent(3) is None
    assert asked(site, "SELECT version FROM schema_version") == [(CATALOG_VERSION,)]


def test_what_a_later_camtool_brought_up_is_left_alone(site, monkeypatch, reading):
    fill(site)
    with monkeypatch.context() as patched:
        later(patched, {CATALOG_VERSION: with_a_note})
        Catalog.open(site).close()
    for opening in (Catalog.open, reading):
        with pytest.raises(CatalogTooNew) as caught:
            opening(site)
        assert (caught.value.facts["found"], caught.value.facts["known"]) == (CATALOG_VERSION + 1, CATALOG_VERSION)
    assert asked(site, "SELECT note FROM recording") == [("from before",)]


def test_a_copy_is_brought_up_and_the_original_is_not(sqlite_site, tmp_path, monkeypatch):
    fill(sqlite_site)
    copy = Site(str(tmp_path / "copy"), "x", "UTC", "vi")
    (tmp_path / "copy").mkdir()
    shutil.copyfile(Path(sqlite_site.folder, "catalog.db"), Path(copy.folder, "catalog.db"))
    before = Path(sqlite_site.folder, "catalog.db").read_bytes()
    later(monkeypatch, {CATALOG_VERSION: with_a_note})
    Catalog.open(copy).close()
    assert asked(copy, "SELECT note FROM recording") == [("from before",)]
    assert Path(sqlite_site.folder, "catalog.db").read_bytes() == before
