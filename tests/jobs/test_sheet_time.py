"""Sheets by time: which picture stands for which instant, side by side by true time, and what was not recorded."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from camtool.core.model import Span, State
from camtool.core.problem import ProblemKind
from camtool.errors import CamerasBeside, InsideFootage, NothingRecorded, OutputExists, TooManyCells
from camtool.jobs.sheet_time import time_sheet
from camtool.jobs.watched import Watched
from camtool.media.sheet import Cell, write_sheet
from tests.makers.damage import cut_fraction
from tests.makers.rows import START_US, ZONE, S, camera, row
from tests.makers.video import read_number, write_mp4


@pytest.fixture
def footage(tmp_path: Path) -> Path:
    folder = tmp_path / "footage"
    folder.mkdir()
    return folder


@pytest.fixture
def cells(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Keep what is drawn, as it goes into the page."""
    kept: list[Any] = []

    def write(given: Iterable[Cell], *arguments: Any, **more: Any) -> Any:
        def each() -> Iterator[Cell]:
            for cell in given:
                kept.append(cell)
                yield cell

        kept.append(more)
        return write_sheet(each(), *arguments, **more)

    monkeypatch.setattr("camtool.jobs.sheet_time.write_sheet", write)
    return kept


def window(from_s: float, to_s: float) -> Span:
    return Span(START_US + round(from_s * S), START_US + round(to_s * S))


def numbers(cells: list[Any]) -> list[int | None]:
    return [None if cell.image is None else read_number(cell.image) for cell in cells[1:]]


def test_one_camera_a_picture_at_each_step_with_its_own_times(footage, tmp_path, cells):
    rows = [
        row(write_mp4(footage / "a.mp4", seconds=6, gop=20), 0),
        row(write_mp4(footage / "b.mp4", seconds=4, first=500), 8),
    ]
    report = time_sheet(
        [Watched(camera(footage), rows, 60 * S, ())], window(60, 72), 3 * S, tmp_path / "s.png", zone=ZONE, title="Xã"
    )
    # True time is camera time and a minute: instants 0, 3, 6, 9 of the camera; keyframes every 2 s, then every second.
    assert numbers(cells) == [0, 20, None, 510]
    assert [cell.number for cell in cells[1:]] == ["18:01:00", "18:01:03", "18:01:06", "18:01:09"]
    assert cells[2].lines == ("True time 23/11/2026 18:01:02", "Camera time 23/11/2026 18:00:02")
    assert (cells[3].note, cells[3].source) == ("no recording", "")
    assert (report.cells, report.empty, report.problems) == (4, 1, ())
    with Image.open(report.paths[0]) as page:
        assert page.size[0] == 1654


def test_cameras_stand_side_by_side_at_one_true_time(footage, tmp_path, cells):
    first = row(write_mp4(footage / "a.mp4", seconds=6, gop=10), 0)
    second = row(write_mp4(footage / "b.mp4", seconds=6, gop=10, first=300), 0)
    three = Watched(camera(footage), [first], 0, ())
    five = Watched(replace(camera(footage), number=5, name="Cầu"), [second], -2 * S, ())  # its clock is 2 s fast
    report = time_sheet([three, five], window(0, 4), S, tmp_path / "s.jpg", zone=ZONE, title="Xã")
    assert cells[0]["columns"] == 2
    assert [cell.camera[0] for cell in cells[1:]] == ["3", "5"] * 4
    assert numbers(cells) == [0, 320, 10, 330, 20, 340, 30, 350]
    assert [cell.lines for cell in cells[1:3]] == [
        ("True time 23/11/2026 18:00:00", "Camera time 23/11/2026 18:00:00"),
        ("True time 23/11/2026 18:00:00", "Camera time 23/11/2026 18:00:02"),
    ]
    assert report.cells == 8


def test_nine_cameras_lie_across_the_page_and_ten_do_not_fit(footage, tmp_path, cells):
    one = row(write_mp4(footage / "a.mp4", seconds=2, gop=10), 0)
    nine = [Watched(replace(camera(footage), number=n), [one], 0, ()) for n in range(1, 10)]
    report = time_sheet(nine, window(0, 2), S, tmp_path / "s.jpg", zone=ZONE, title="Xã")
    with Image.open(report.paths[0]) as page:
        assert page.size[0] == 2339
    assert cells[1].lines == ("True time 18:00:00", "Camera time 18:00:00"), "the head of the page names the day"
    with pytest.raises(CamerasBeside):
        time_sheet([*nine, nine[0]], window(0, 2), S, tmp_path / "t.jpg", zone=ZONE, title="Xã")


def test_damage_keeps_its_cell_and_is_a_problem(footage, tmp_path, cells):
    clip = write_mp4(footage / "a.mp4", seconds=6, gop=10)
    whole = row(clip, 0)
    gone = replace(row(clip, 6), path="gone.mp4")
    noise = footage / "noise.mp4"
    cut_fraction(clip, noise, 0.05)
    broken = replace(row(clip, 12), path="noise.mp4")
    empty = replace(row(clip, 18), state=State.NO_INDEX)
    report = time_sheet(
        [Watched(camera(footage), [whole, gone, broken, empty], 0, ())],
        window(0, 24),
        6 * S,
        tmp_path / "s.jpg",
        zone=ZONE,
        title="Xã",
    )
    assert numbers(cells) == [0, None, None, None]
    assert [problem.kind for problem in report.problems] == [ProblemKind.MISSING, ProblemKind.UNREADABLE]
    assert (report.cells, report.empty) == (4, 3)


def test_few_pictures_are_shown_large_and_are_not_blown_up(footage, tmp_path, cells):
    one = row(write_mp4(footage / "a.mp4", seconds=2, gop=10, size=(1920, 1080)), 0)
    time_sheet([Watched(camera(footage), [one], 0, ())], window(0, 1), S, tmp_path / "s.jpg", zone=ZONE, title="Xã")
    assert cells[0]["columns"] == 1
    assert cells[1].image.shape == (874, 1554, 3), "as wide as the page between its margins"


def test_over_midnight_each_badge_names_its_day(footage, tmp_path, cells):
    one = row(write_mp4(footage / "a.mp4", seconds=4, gop=10), 21598)  # from 23:59:58 on
    time_sheet(
        [Watched(camera(footage), [one], 0, ())], window(21598, 21602), 2 * S, tmp_path / "s.jpg", zone=ZONE, title="Xã"
    )
    assert [cell.number for cell in cells[1:]] == ["23/11 23:59:58", "24/11 00:00:00"]
    assert numbers(cells) == [0, 20]


def test_what_is_refused(footage, tmp_path):
    given = [Watched(camera(footage), [row(write_mp4(footage / "a.mp4", seconds=2), 0)], 0, ())]
    with pytest.raises(TooManyCells):
        time_sheet(given, window(0, 3000), S, tmp_path / "s.jpg", zone=ZONE, title="Xã")
    with pytest.raises(InsideFootage):
        time_sheet(given, window(0, 2), S, footage / "s.jpg", zone=ZONE, title="Xã", keep_out_of=[footage])
    with pytest.raises(NothingRecorded):
        time_sheet([replace(given[0], recordings=())], window(0, 2), S, tmp_path / "s.jpg", zone=ZONE, title="Xã")
    (tmp_path / "s.jpg").write_bytes(b"")
    with pytest.raises(OutputExists):
        time_sheet(given, window(0, 2), S, tmp_path / "s.jpg", zone=ZONE, title="Xã")
