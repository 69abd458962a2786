"""Cameras side by side: what each tile shows at which true time, its gaps, its sound, its record."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from camtool.core.model import Recording, Span
from camtool.core.problem import ProblemKind
from camtool.errors import (
    CameraNotAmong,
    CamerasBeside,
    InsideFootage,
    NothingRecorded,
    OutputExists,
    UnfitName,
)
from camtool.evidence.derivative import record_path
from camtool.jobs.mosaic import mosaic
from camtool.jobs.watched import Watched
from camtool.media.mosaic import plan_of
from tests.makers.damage import cut_fraction
from tests.makers.rows import START_US, ZONE, S, camera, row
from tests.makers.video import read_number, write_mp4, write_video

# 16:9, so that a tile is filled.
SIZE = (320, 180)


@pytest.fixture
def footage(tmp_path: Path) -> Path:
    folder = tmp_path / "footage"
    folder.mkdir()
    return folder


def window(from_s: float, to_s: float) -> Span:
    return Span(START_US + round(from_s * S), START_US + round(to_s * S))


def watched(footage: Path, number: int, *rows: Recording, offset_us: int = 0) -> Watched:
    return Watched(replace(camera(footage), number=number, name=f"Đường {number}"), rows, offset_us, ())


def tiles(path: Path, count: int) -> list[list[int | None]]:
    """Read each tile's number out of every picture; None for a black tile."""
    plan = plan_of(count)
    with av.open(str(path)) as film:
        return [
            [
                _number(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), plan.picture(tile))
                for tile in range(count)
            ]
            for frame in film.decode(video=0)
        ]


def _number(image: NDArray[np.uint8], area: tuple[int, int, int, int]) -> int | None:
    x, y, width, height = area
    tile = image[y : y + height, x : x + width]
    return None if np.median(tile) < 8 else read_number(tile)


@pytest.mark.parametrize(
    ("count", "size"),
    [(2, (1920, 656)), (4, (1920, 1276)), (5, (1920, 860)), (7, (1920, 1272)), (9, (1920, 1272))],
)
def test_where_tiles_lie(count, size):
    plan = plan_of(count)
    assert plan.size_px == size
    areas = [plan.picture(tile) for tile in range(count)]
    assert all(number % 2 == 0 for area in areas for number in area)
    assert len(set(areas)) == count
    assert all(x + w <= size[0] and y + h <= size[1] for x, y, w, h in areas)


def test_each_tile_shows_its_camera_at_the_same_true_time(footage, tmp_path):
    a = row(write_mp4(footage / "a.mp4", seconds=4, size=SIZE), 0)
    b = row(write_mp4(footage / "b.mp4", seconds=4, size=SIZE, first=500), 0)
    report = mosaic(
        # The clock of camera 5 is one second fast: what it calls 18:00:02 was 18:00:01.
        [watched(footage, 3, a), watched(footage, 5, b, offset_us=-S)],
        window(1, 3),
        tmp_path / "m.mp4",
        zone=ZONE,
        title="Xã",
    )
    assert tiles(tmp_path / "m.mp4", 2) == [[10 + k, 520 + k] for k in range(20)]
    assert (report.frames, report.rate, report.length_us, report.problems) == (20, 10, 2 * S, ())
    assert (report.width_px, report.height_px, report.sound) == (1920, 656, False)


def test_over_the_border_of_files_and_black_where_nothing_was_recorded(footage, tmp_path):
    rows = [
        row(write_mp4(footage / "a.mp4", seconds=2, size=SIZE), 0),
        row(write_mp4(footage / "b.mp4", seconds=1, size=SIZE, first=100), 2),
    ]
    other = row(write_mp4(footage / "c.mp4", seconds=1, size=SIZE, first=300), 1.5)
    mosaic(
        [watched(footage, 3, *rows), watched(footage, 5, other)],
        window(1, 3.5),
        tmp_path / "m.mp4",
        zone=ZONE,
        title="",
    )
    shown = tiles(tmp_path / "m.mp4", 2)
    assert [pair[0] for pair in shown] == [*range(10, 20), *range(100, 110), *[None] * 5]
    assert [pair[1] for pair in shown] == [*[None] * 5, *range(300, 310), *[None] * 10]


def test_another_rate_and_pace_keep_the_true_time(footage, tmp_path):
    # 30 pictures of 3 s, which the recorder's name says took 6: half as fast.
    slow = row(write_mp4(footage / "a.mp4", seconds=3, size=SIZE), 0, wall_s=6)
    fast = row(write_mp4(footage / "b.mp4", seconds=6, fps=20, size=SIZE, first=400), 0)
    report = mosaic(
        [watched(footage, 3, slow), watched(footage, 5, fast)], window(0, 6), tmp_path / "m.mp4", zone=ZONE, title=""
    )
    shown = tiles(tmp_path / "m.mp4", 2)
    assert (report.rate, len(shown)) == (20, 120)
    assert [pair[0] for pair in shown[::20]] == [0, 5, 10, 15, 20, 25]
    assert [pair[1] for pair in shown[::20]] == [400, 420, 440, 460, 480, 500]


def test_damage_is_a_black_tile_and_a_problem_and_the_others_go_on(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=4, size=SIZE)
    whole = row(clip, 0)
    gone = replace(whole, path="gone.mp4")
    cut_fraction(clip, footage / "noise.mp4", 0.05)
    noise = replace(whole, path="noise.mp4")
    write_mp4(footage / "short.mp4", seconds=1, size=SIZE, first=50)
    short = replace(whole, path="short.mp4")  # the catalog says 4 s
    report = mosaic(
        [watched(footage, 3, whole), watched(footage, 4, gone), watched(footage, 5, noise), watched(footage, 6, short)],
        window(0, 4),
        tmp_path / "m.mp4",
        zone=ZONE,
        title="",
    )
    shown = tiles(tmp_path / "m.mp4", 4)
    assert [each[0] for each in shown] == list(range(40))
    assert {each[1] for each in shown} == {each[2] for each in shown} == {None}
    assert [each[3] for each in shown][:10] == list(range(50, 60))
    assert shown[-1][3] is None
    assert [problem.kind for problem in report.problems] == [
        ProblemKind.MISSING,
        ProblemKind.UNREADABLE,
        ProblemKind.PICTURE_DAMAGED,
    ]


def test_a_recording_that_cannot_be_shown_is_not_called_none(footage, tmp_path):
    gone = replace(row(write_mp4(footage / "a.mp4", seconds=2, size=SIZE), 0), path="gone.mp4")
    out = tmp_path / "m.mp4"
    asked: list[str] = []

    def say(template: str, facts: Mapping[str, object]) -> str:
        asked.append(template)
        return template.format(**facts)

    mosaic([watched(footage, 3, gone), watched(footage, 4)], window(0, 1), out, zone=ZONE, title="", say=say)
    assert {"no recording", "this recording cannot be shown"} <= set(asked)
    with av.open(str(out)) as film:
        image = np.asarray(next(film.decode(video=0)).to_ndarray(format="gray"), np.int16)
    (x, y, width, height), (other, *_) = plan_of(2).picture(0), plan_of(2).picture(1)
    lost, none = (image[y : y + height, left : left + width] for left in (x, other))
    assert np.abs(lost - none).max() > 100, "the two tiles say different things"
    assert np.median(lost) < 20


def test_the_sound_of_one_camera_at_its_true_time(footage, tmp_path):
    loud = row(write_video(footage / "a.mp4", seconds=2, size=SIZE, audio="aac"), 1)
    silent = row(write_mp4(footage / "b.mp4", seconds=4, size=SIZE), 0)
    given = [watched(footage, 3, loud), watched(footage, 5, silent)]
    report = mosaic(given, window(0, 4), tmp_path / "m.mp4", zone=ZONE, title="", audio=3)
    assert (report.sound, report.problems) == (True, ())
    with av.open(str(tmp_path / "m.mp4")) as film:
        rate = film.streams.audio[0].rate
        samples = np.concatenate([frame.to_ndarray().reshape(-1) for frame in film.decode(audio=0)])
    level = [float(np.abs(samples[int(at * rate) : int((at + 0.5) * rate)]).max()) for at in (0.2, 1.3, 2.3, 3.3)]
    assert (level[0] < 0.02, level[1] > 0.1, level[2] > 0.1, level[3] < 0.02) == (True,) * 4
    nothing = mosaic(given, window(0, 2), tmp_path / "n.mp4", zone=ZONE, title="", audio=5)
    assert (nothing.sound, [problem.kind for problem in nothing.problems]) == (False, [ProblemKind.NO_SOUND])


def test_the_record_names_every_recording_and_its_part(footage, tmp_path):
    a = row(write_mp4(footage / "a.mp4", seconds=4, size=SIZE), 0)
    b = row(write_mp4(footage / "b.mp4", seconds=4, size=SIZE), 0)
    report = mosaic(
        [watched(footage, 3, a), watched(footage, 5, b, offset_us=S)],
        window(1, 3),
        tmp_path / "m.mp4",
        zone=ZONE,
        title="",
        command=("camtool", "mosaic"),
    )
    record = json.loads(record_path(tmp_path / "m.mp4").read_text(encoding="utf-8"))
    assert (record["kind"], record["sha256"], record["command"]) == ("mosaic", report.sha256, ["camtool", "mosaic"])
    assert record["sha256"] == hashlib.sha256((tmp_path / "m.mp4").read_bytes()).hexdigest()
    assert record["parents"] == [
        {
            "camera": number,
            "path": f"{name}.mp4",
            "sha256": hashlib.sha256((footage / f"{name}.mp4").read_bytes()).hexdigest(),
            "true_time": {"from": "2026-11-23T18:00:01+07:00", "to": "2026-11-23T18:00:03+07:00"},
        }
        for number, name in ((3, "a"), (5, "b"))
    ]
    assert record["cameras"][1] == {"number": 5, "true_time_is_camera_time_plus_us": S}


def test_what_is_refused(footage, tmp_path):
    one = watched(footage, 3, row(write_mp4(footage / "a.mp4", seconds=2, size=SIZE), 0))
    empty = watched(footage, 5)
    out = tmp_path / "m.mp4"
    with pytest.raises(CamerasBeside):
        mosaic([one], window(0, 2), out, zone=ZONE, title="")
    with pytest.raises(CamerasBeside):
        mosaic([one] * 10, window(0, 2), out, zone=ZONE, title="")
    with pytest.raises(UnfitName):
        mosaic([one, empty], window(0, 2), tmp_path / "m.avi", zone=ZONE, title="")
    with pytest.raises(CameraNotAmong):
        mosaic([one, empty], window(0, 2), out, zone=ZONE, title="", audio=9)
    with pytest.raises(NothingRecorded):
        mosaic([empty, empty], window(0, 2), out, zone=ZONE, title="")
    with pytest.raises(InsideFootage):
        mosaic([one, empty], window(0, 2), footage / "m.mp4", zone=ZONE, title="", keep_out_of=[footage])
    assert [path.name for path in tmp_path.iterdir()] == ["footage"]
    out.write_bytes(b"")
    record_path(out).write_bytes(b"")
    with pytest.raises(OutputExists, match=r"m\.mp4 "):  # the film that was asked for, not the record beside it
        mosaic([one, empty], window(0, 2), out, zone=ZONE, title="")
