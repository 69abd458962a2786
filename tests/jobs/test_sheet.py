"""Events and recordings into a contact sheet: the right picture from the right file, and a word where there is none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from camtool.core.activity import Box, Cause, Event, FoundBy
from camtool.core.model import Camera, Recording, State
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import InsideFootage, NothingToShow, OutputExists
from camtool.jobs.sheet import sheet
from camtool.jobs.watched import CAUSE_WORDS, Watched, Wording, pieces, plainly, recording_at
from camtool.media.sheet import GAP_PX, HEAD_PX, MARGIN_PX, _grid
from tests.makers.damage import cut_fraction
from tests.makers.rows import START_US, ZONE, S, camera, row, span
from tests.makers.video import read_number, write_mp4

BOX = Box(0.1, 0.3, 0.8, 0.6)


@pytest.fixture
def footage(tmp_path: Path) -> Path:
    folder = tmp_path / "footage"
    folder.mkdir()
    return folder


def event(from_s: float, to_s: float, peak_s: float | None = None, cause: Cause = Cause.OBJECT) -> Event:
    start_us, end_us = START_US + round(from_s * S), START_US + round(to_s * S)
    peak_us = (start_us + end_us) // 2 if peak_s is None else START_US + round(peak_s * S)
    return Event(start_us, end_us, peak_us, 3.4, BOX, cause, FoundBy.FRAMES)


def watched(footage: Path, rows: list[Recording], *events: Event, offset_us: int = 0, first: int = 1) -> Watched:
    return Watched(camera(footage), rows, offset_us, list(enumerate(events, first)))


def numbers(path: Path, count: int, columns: int) -> list[int]:
    with Image.open(path) as image:
        page = np.asarray(image.convert("RGB"))
    grid = _grid(columns)
    side = round((grid.width_px - grid.picture_px * 320 / 192) / 2)
    seen = []
    for place in range(count):
        y = MARGIN_PX + HEAD_PX + place // columns * (grid.height_px + GAP_PX)
        x = MARGIN_PX + place % columns * (grid.width_px + GAP_PX)
        seen.append(read_number(page[y : y + grid.picture_px, x + side : x + grid.width_px - side]))
    return seen


def test_each_event_at_its_peak_from_the_file_that_has_it(footage, tmp_path):
    rows = [
        row(write_mp4(footage / "a.mp4", seconds=4), 0),
        row(write_mp4(footage / "b.mp4", seconds=4, first=500), 4),
    ]
    # The second one crosses the border of the files; its peak is in the later one.
    given = watched(footage, rows, event(0.5, 2.5, 1.73), event(3, 6, 4.95), event(6, 7.9, 7.89))
    told: list[tuple[int, int]] = []
    report = sheet([given], tmp_path / "s.jpg", zone=ZONE, title="Chợ", progress=lambda *each: told.append(each))
    assert numbers(report.paths[0], 3, 2) == [17, 509, 538]
    assert (report.cells, report.empty, report.problems) == (3, 0, ())
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_several_cameras_are_sorted_by_true_time(footage, tmp_path):
    one = row(write_mp4(footage / "a.mp4", seconds=4), 0)
    two = row(write_mp4(footage / "b.mp4", seconds=4, first=500), 0)
    first = watched(footage, [one], event(0, 1, 0.5), event(3, 4, 3.5))
    second = replace(
        watched(footage, [two], event(2, 3, 2.5), offset_us=-1 * S, first=9), camera=Camera(4, "x", "", str(footage))
    )
    report = sheet([first, second], tmp_path / "s.png", zone=ZONE, title="x", columns=3)
    assert numbers(report.paths[0], 3, 3) == [5, 525, 35]


def test_words_and_both_clocks(footage, tmp_path):
    wording = Wording(ZONE, plainly)
    seen = event(1, 3.4)
    assert wording.true_time(START_US + 301 * S + 999_999) == "True time 23/11/2026 18:05:01"
    assert wording.camera_time(START_US + 1) == "Camera time 23/11/2026 18:00:00"
    assert wording.cause(seen) == "something moved"
    assert wording.score(seen) == "score 3.4"
    assert wording.length(seen) == "length 0:00:02"
    assert wording.length(event(1, 1.01)) == "length 0:00:01"
    assert set(CAUSE_WORDS) == set(Cause)
    clip = row(write_mp4(footage / "a.mp4", seconds=4), 0)
    pages = []
    for number, offset_us in enumerate((0, 300 * S, 0)):
        report = sheet(
            [watched(footage, [clip], seen, offset_us=offset_us)], tmp_path / f"{number}.png", zone=ZONE, title=""
        )
        pages.append(report.paths[0].read_bytes())
    assert pages[0] == pages[2] != pages[1]


def test_a_recording_that_is_gone_or_damaged_is_a_problem_and_a_cell(footage, tmp_path):
    good = row(write_mp4(footage / "a.mp4", seconds=4), 0)
    gone = row(write_mp4(footage / "gone.mp4", seconds=4), 4)
    (footage / "gone.mp4").unlink()
    text = replace(row(write_mp4(footage / "text.mp4", seconds=4), 8))
    (footage / "text.mp4").write_text("không phải video")
    known_gone = replace(gone, path="known.mp4", state=State.MISSING, span=span(12, 16))
    empty = replace(gone, path="empty.mp4", state=State.EMPTY, span=span(16, 20))
    write_mp4(footage / "whole.mp4", seconds=20, gop=10)
    # Listed as whole, but on the disk it breaks off: the catalog is older than the damage.
    broken = replace(row(footage / "whole.mp4", 30), path="broken.mp4")
    cut_fraction(footage / "whole.mp4", footage / "broken.mp4", 0.5)
    peaks = (1, 5, 9, 13, 17, 25, 31, 48)
    events = [event(peak - 0.5, peak + 0.5, peak) for peak in peaks]
    rows = [good, gone, text, known_gone, empty, broken]
    report = sheet([watched(footage, rows, *events)], tmp_path / "s.jpg", zone=ZONE, title="x", columns=4)
    assert (report.cells, report.empty) == (8, 6)
    assert [(problem.kind, problem.path) for problem in report.problems] == [
        (ProblemKind.MISSING, "gone.mp4"),
        (ProblemKind.UNREADABLE, "text.mp4"),
        (ProblemKind.MISSING, "known.mp4"),
        (ProblemKind.EVENT_UNRECORDED, "empty.mp4"),
        (ProblemKind.EVENT_UNRECORDED, None),
        (ProblemKind.PEAK_LOST, "broken.mp4"),
    ]
    assert report.problems[3:5] == (
        Problem(ProblemKind.EVENT_UNRECORDED, "empty.mp4", 3, {"event": 5}),
        Problem(ProblemKind.EVENT_UNRECORDED, None, 3, {"event": 6}),
    )
    assert all(str(problem) for problem in report.problems)
    seen = numbers(report.paths[0], 8, 4)
    assert (seen[0], seen[6]) == (10, 10)


def test_the_same_instant_in_two_recordings_is_taken_from_a_playable_one(footage):
    a = row(write_mp4(footage / "a.mp4", seconds=4), 0)
    rows = [replace(a, state=State.UNREADABLE), replace(a, path="b.mp4"), replace(a, path="c.mp4", span=span(2, 6))]
    assert recording_at(rows, START_US + S) is rows[1]
    assert recording_at(rows[:1], START_US + S) is rows[0]
    assert recording_at(rows, START_US + 4 * S) is rows[2]
    assert recording_at(rows[:2], START_US + 4 * S) is rows[1]  # the last instant, rounded up
    assert recording_at(rows, START_US + 9 * S) is None
    assert recording_at([replace(a, span=None)], START_US) is None
    assert list(pieces(rows, span(1, 5))) == [(rows[1], span(1, 4)), (rows[2], span(4, 5))]


def test_what_cannot_be_done_leaves_nothing(footage, tmp_path):
    clip = row(write_mp4(footage / "a.mp4", seconds=2), 0)
    given = watched(footage, [clip], event(0, 1))
    with pytest.raises(InsideFootage):
        sheet([given], footage / "s.jpg", zone=ZONE, title="x", keep_out_of=[footage])
    with pytest.raises(NothingToShow):
        sheet([replace(given, events=[])], tmp_path / "s.jpg", zone=ZONE, title="x")
    assert [path.name for path in tmp_path.iterdir()] == ["footage"]
    (tmp_path / "s.jpg").write_bytes(b"kept")
    with pytest.raises(OutputExists):
        sheet([given], tmp_path / "s.jpg", zone=ZONE, title="x")
