"""Events and recordings into a reel: what is shown, in which order, over the borders of files; and a lapse."""

from dataclasses import replace
from pathlib import Path

import av
import pytest

from camtool.core.activity import Box, Cause, Event, FoundBy
from camtool.core.model import Camera, Recording, State
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import InsideFootage, NothingToShow
from camtool.jobs.reel import reel
from camtool.jobs.watched import Watched
from camtool.media.reel_canvas import PICTURE_H
from tests.makers.damage import cut_fraction
from tests.makers.rows import START_US, ZONE, S, camera, row, span
from tests.makers.video import read_number, write_mp4

BOX = Box(0.1, 0.5, 0.8, 0.4)


@pytest.fixture
def footage(tmp_path: Path) -> Path:
    folder = tmp_path / "footage"
    folder.mkdir()
    return folder


def event(from_s: float, to_s: float) -> Event:
    start_us, end_us = START_US + round(from_s * S), START_US + round(to_s * S)
    return Event(start_us, end_us, (start_us + end_us) // 2, 3.4, BOX, Cause.OBJECT, FoundBy.FRAMES)


def watched(footage: Path, rows: list[Recording], *events: Event, offset_us: int = 0) -> Watched:
    return Watched(camera(footage), rows, offset_us, list(enumerate(events, 1)))


def numbers(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [read_number(f.to_ndarray(format="rgb24")[:PICTURE_H, 40:-40]) for f in container.decode(video=0)]


def test_events_with_what_is_around_them_over_the_border_of_files(footage, tmp_path):
    rows = [
        row(write_mp4(footage / "a.mp4", seconds=6), 0),
        row(write_mp4(footage / "b.mp4", seconds=6, first=500), 6),
    ]
    given = watched(footage, rows, event(1, 1.5), event(5, 7))
    report = reel([given], tmp_path / "r.mp4", zone=ZONE, pad_us=S // 2)
    assert numbers(tmp_path / "r.mp4") == [*range(5, 20), *range(45, 60), *range(500, 515)]
    assert (report.events, report.problems) == (2, ())
    assert (report.frames, report.rate, report.length_us) == (45, 10, 4_500_000)


def test_events_close_to_each_other_are_one_stretch_and_nothing_is_shown_twice(footage, tmp_path):
    rows = [row(write_mp4(footage / "a.mp4", seconds=8), 0)]
    rows.append(replace(rows[0], path="copy.mp4", span=span(0, 8)))  # the same time in two files
    given = watched(footage, rows, event(3, 4), event(3.5, 5), event(5.5, 6))
    reel([given], tmp_path / "r.mp4", zone=ZONE, pad_us=S // 2)
    assert numbers(tmp_path / "r.mp4") == list(range(25, 65))


def test_several_cameras_in_the_order_of_true_time(footage, tmp_path):
    one = watched(footage, [row(write_mp4(footage / "a.mp4", seconds=6), 0)], event(0, 1), event(4, 5))
    rows = [row(write_mp4(footage / "b.mp4", seconds=6, first=500), 0)]
    two = replace(watched(footage, rows, event(3, 4), offset_us=-S), camera=Camera(4, "x", "", str(footage)))
    reel([one, two], tmp_path / "r.mp4", zone=ZONE, pad_us=0)
    assert numbers(tmp_path / "r.mp4") == [*range(10), *range(530, 540), *range(40, 50)]


def test_the_window_is_true_time_and_nothing_outside_of_it_is_shown(footage, tmp_path):
    rows = [row(write_mp4(footage / "a.mp4", seconds=8), 0)]
    given = watched(footage, rows, event(1, 5), event(7, 8), offset_us=300 * S)
    window = span(302, 304)
    reel([given], tmp_path / "r.mp4", zone=ZONE, window=window)
    assert numbers(tmp_path / "r.mp4") == list(range(20, 40))


def test_a_lapse_shows_the_whole_window(footage, tmp_path):
    rows = [
        row(write_mp4(footage / "a.mp4", seconds=20), 0),
        row(write_mp4(footage / "b.mp4", seconds=20, first=500), 30),
    ]
    given = watched(footage, rows, event(10, 11))
    report = reel([given], tmp_path / "r.mp4", zone=ZONE, window=span(0, 50), lapse=True, pad_us=0, speed=10)
    seen = numbers(tmp_path / "r.mp4")
    assert seen[:10] == list(range(0, 100, 10))
    assert seen[10:20] == list(range(100, 110))
    assert seen[20:29] == list(range(110, 200, 10))
    assert seen[29:] == list(range(500, 700, 10))
    assert report.problems == ()
    short = reel([given], tmp_path / "s.mp4", zone=ZONE, lapse=True, pad_us=0)
    assert numbers(short.path) == list(range(100, 110))


def test_a_recorder_that_stamps_another_pace(footage, tmp_path):
    rows = [row(write_mp4(footage / "a.mp4", seconds=4), 0, wall_s=8)]
    reel([watched(footage, rows, event(4, 6))], tmp_path / "r.mp4", zone=ZONE, pad_us=0)
    assert numbers(tmp_path / "r.mp4") == [number // 2 for number in range(40, 60)]


def test_what_is_gone_or_damaged_is_a_problem_and_a_note(footage, tmp_path):
    good = row(write_mp4(footage / "a.mp4", seconds=4), 0)
    gone = row(write_mp4(footage / "gone.mp4", seconds=4), 4)
    (footage / "gone.mp4").unlink()
    missing = replace(gone, path="known.mp4", state=State.MISSING, span=span(8, 12))
    write_mp4(footage / "whole.mp4", seconds=20, gop=10)
    broken = replace(row(footage / "whole.mp4", 30), path="broken.mp4")
    cut_fraction(footage / "whole.mp4", footage / "broken.mp4", 0.5)
    events = [event(at, at + 1) for at in (1, 5, 9, 20, 48)]
    given = watched(footage, [good, gone, missing, broken], *events)
    report = reel([given], tmp_path / "r.mp4", zone=ZONE, pad_us=0)
    assert sorted(report.problems, key=repr) == sorted(
        (
            Problem(ProblemKind.MISSING, "gone.mp4", 3),
            Problem(ProblemKind.MISSING, "known.mp4", 3),
            Problem(ProblemKind.EVENT_UNRECORDED, None, 3, {"event": 4}),
            Problem(ProblemKind.PEAK_LOST, "broken.mp4", 3, {"event": 5}),
        ),
        key=repr,
    )
    assert report.frames == 10 + 4 * 20
    lapse = reel([given], tmp_path / "l.mp4", zone=ZONE, pad_us=0, lapse=True)
    assert {(each.kind, each.path) for each in lapse.problems} == {
        *((each.kind, each.path) for each in report.problems),
        (ProblemKind.PICTURE_DAMAGED, "broken.mp4"),
    }
    assert numbers(tmp_path / "l.mp4")[:10] == list(range(10, 20))
    assert numbers(tmp_path / "r.mp4")[:10] == list(range(10, 20))


def test_what_cannot_be_done_leaves_nothing(footage, tmp_path):
    rows = [row(write_mp4(footage / "a.mp4", seconds=2), 0)]
    with pytest.raises(InsideFootage):
        reel([watched(footage, rows, event(0, 1))], footage / "r.mp4", zone=ZONE, keep_out_of=[footage])
    for nothing in (watched(footage, rows), watched(footage, [], event(0, 1))):
        with pytest.raises(NothingToShow):
            reel([nothing], tmp_path / "r.mp4", zone=ZONE)
        with pytest.raises(NothingToShow):
            reel([nothing], tmp_path / "r.mp4", zone=ZONE, lapse=True)
    assert [path.name for path in tmp_path.iterdir()] == ["footage"]
