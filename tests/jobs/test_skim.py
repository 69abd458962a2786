"""Which files a skim looks at, in what order, and what it says that it left out."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from camtool.cli.main import run
from camtool.core.model import Camera, Span
from camtool.engines.local import SerialRunner
from camtool.jobs.skim import ORDER_FROM_FILES, Looked, Stats, Task, skim
from camtool.media.skim import Effort
from camtool.store.catalog import Catalog
from camtool.store.reader import open_reader
from camtool.store.site import add_camera, create_site, load_site
from tests.makers.scene import walker, write_scene

FROM_US = 1_795_431_600_000_000  # 23/11/2026 18:00 in Vietnam, UTC µs
WINDOW = Span(FROM_US, FROM_US + 600_000_000)
SECONDS = 30
FILES = ORDER_FROM_FILES + 1


class Watching(SerialRunner):
    """Runs everything here, and notes what it was given."""

    def __init__(self) -> None:
        self.tasks: list[tuple[str, str]] = []

    def map(self, task: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        given = list(items)
        self.tasks += [(one.effort.value, Path(one.file).stem[-4:]) for one in given if isinstance(one, Task)]
        yield from super().map(task, given)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five files of half a minute, one after the other; somebody walks through the fourth."""
    monkeypatch.setenv("CAMTOOL_LANG", "en")
    footage = tmp_path / "footage"
    footage.mkdir()
    for number in range(FILES):
        drawn = [walker(12, 18, height=40)] if number == 3 else []
        minute, second = divmod(number * SECONDS, 60)
        name = f"ch03_2026112318{minute:02d}{second:02d}.mp4"
        write_scene(footage / name, SECONDS, drawn, size=(160, 96), gop=10)
    create_site(tmp_path / "xa", "x", "Asia/Ho_Chi_Minh", "en")
    add_camera(tmp_path / "xa", Camera(3, "Chợ", "", str(footage)))
    assert run(["--site", str(tmp_path / "xa"), "-q", "index"]) == 0
    return tmp_path / "xa"


def skimmed(folder: Path, effort: Effort, stop_after: int | None = None) -> tuple[Stats | None, Watching]:
    site, runner = load_site(folder), Watching()
    reader, catalog = open_reader(site), Catalog.open(site)
    done: list[Looked] = []

    def report(looked: Looked) -> None:
        done.append(looked)
        if stop_after is not None and len(done) >= stop_after:
            raise KeyboardInterrupt

    try:
        return skim(reader, catalog, [(site.cameras[0], WINDOW)], effort, None, runner, report, 0), runner
    except KeyboardInterrupt:
        return None, runner
    finally:
        catalog.close()
        reader.close()


def test_packets_say_which_file_is_looked_at_first(site: Path):
    _stats, runner = skimmed(site, Effort.QUICK)
    assert [effort for effort, _ in runner.tasks] == ["index"] * FILES + ["quick"] * FILES
    assert runner.tasks[FILES] == ("quick", "0130")


def test_packets_that_were_read_before_are_not_read_again(site: Path):
    skimmed(site, Effort.INDEX)
    _stats, runner = skimmed(site, Effort.QUICK)
    assert [effort for effort, _ in runner.tasks] == ["quick"] * FILES
    assert runner.tasks[0] == ("quick", "0130")


def test_a_closer_skim_begins_where_the_quick_one_saw_something(site: Path):
    skimmed(site, Effort.QUICK)
    _stats, runner = skimmed(site, Effort.THOROUGH)
    assert [effort for effort, _ in runner.tasks] == ["thorough"] * FILES
    assert runner.tasks[0] == ("thorough", "0130")


def test_what_was_finished_before_an_interruption_is_not_looked_at_again(site: Path):
    stopped, first = skimmed(site, Effort.QUICK, stop_after=2)
    assert stopped is None
    stats, second = skimmed(site, Effort.QUICK)
    assert stats is not None
    assert (stats.files, stats.files_before) == (FILES, 2)
    looked_at = [name for effort, name in first.tasks if effort == "quick"]
    assert [name for _, name in second.tasks] == looked_at[2:], "in the same order, no packet read again"


def test_what_lies_outside_every_file_and_what_cannot_be_played_is_counted(site: Path):
    (site.parent / "footage" / "ch03_20261123180500.mp4").write_bytes(b"")
    assert run(["--site", str(site), "-q", "index"]) == 3
    stats, _runner = skimmed(site, Effort.QUICK)
    assert stats is not None
    assert stats.files_unplayable == 1
    assert stats.unrecorded_us == pytest.approx(600_000_000 - FILES * SECONDS * 1_000_000, abs=1_000_000)
