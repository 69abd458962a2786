"""The demo's afternoon: its facts hold in its names, its bytes and its pixels."""

import datetime as dt
import errno
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import av
import numpy as np
import pytest

from camtool.errors import DiskFull, NotAllowed, OutputExists
from camtool.jobs.commune import STORY, FileDone, PlannedFile, build, plan, take_of
from camtool.jobs.commune_story import at
from camtool.media.commune import film, letters
from camtool.media.commune.draw import cut_out
from camtool.media.commune.figures import shape
from camtool.media.commune.film import CLOCK_AT, draw, frame
from camtool.media.commune.lens import HEIGHT_PX, WIDTH_PX
from camtool.media.commune.places import PLACES
from camtool.media.commune.solid import placed
from camtool.media.commune.stage import Backdrop

Item = TypeVar("Item")
Result = TypeVar("Result")
S = 1_000_000
VIETNAM = dt.timezone(dt.timedelta(hours=7))


class OneAfterAnother:
    """The smallest Runner."""

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result | Exception]]:
        for item in items:
            try:
                yield item, task(item)
            except Exception as error:
                yield item, error


def planned(camera: int, start: str) -> PlannedFile:
    return next(f for f in plan().files if f.camera == camera and f.start_us == at(start))


def shot(camera: int, at_us: int) -> np.ndarray:
    file = next(f for f in plan().files if f.camera == camera and f.start_us <= at_us < f.end_us)
    take = take_of(file)
    return frame(take, drawn(take.place), (at_us - file.start_us) * take.rate // S).astype(int)


_DRAWN: dict[str, Backdrop] = {}


def drawn(place: str) -> Backdrop:
    if place not in _DRAWN:
        _DRAWN[place] = draw(place)
    return _DRAWN[place]


def in_box(picture: np.ndarray, box_px: tuple[int, int, int, int]) -> np.ndarray:
    x, y, w, h = box_px
    return picture[y : y + h, x : x + w]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[FileDone]]:
    """The theft's file and the broken one."""
    folder = tmp_path_factory.mktemp("footage")
    files = planned(3, "17:00:00"), planned(4, "17:00:00")
    return folder, list(build(folder, runner=OneAfterAnother(), files=files))


# ---- the plan -------------------------------------------------------------------------------------------------


def test_nine_cameras_with_their_names_and_places():
    assert [c.number for c in STORY.cameras] == list(range(1, 10))
    assert len({c.name for c in STORY.cameras}) == 9
    assert len({c.scene for c in STORY.cameras}) == 9
    assert [c.footage for c in STORY.cameras] == [f"camera{n}" for n in range(1, 10)]
    assert {c.layout for c in STORY.cameras} == {"hikvision", "dahua", "xiaomi", "frigate"}
    for camera in STORY.cameras:
        assert 20.9 < camera.lat < 20.96
        assert 105.54 < camera.lon < 105.58


def test_files_are_named_as_their_recorders_name_them():
    names = {
        (1, "16:45:00"): "camera1/ch01_20261123164500.mp4",
        (2, "16:45:00"): "camera2/2026-11-23/09/cam2/45.00.mp4",
        (2, "17:00:00"): "camera2/2026-11-23/10/cam2/00.00.mp4",
        (3, "17:00:00"): "camera3/NVR_ch3_main_20261123170000_20261123170500.mp4",
        (4, "16:45:00"): "camera4/2026112316/45M00S_1795427100.mp4",
        (5, "16:45:00"): "camera5/2026-11-23/001/dav/16/16.45.00-16.50.00[R][0@0][0].mp4",
        (6, "16:45:00"): "camera6/ch06_20261123164000.mp4",  # its clock is five minutes slow
    }
    assert {key: planned(*key).path for key in names} == names
    assert dt.datetime.fromtimestamp(1795427100, VIETNAM).isoformat() == "2026-11-23T16:45:00+07:00"


def test_every_camera_covers_its_half_hour_but_for_the_gap():
    assert STORY.end_us - STORY.start_us == 1800 * S
    assert len(plan().files) == 9 * 6 - 1
    assert len({f.path for f in plan().files}) == 53
    for camera in STORY.cameras:
        at_us = STORY.start_us
        for file in sorted((f for f in plan().files if f.camera == camera.number), key=lambda f: f.start_us):
            if file.start_us != at_us:
                assert (camera.number, at_us, file.start_us) == (STORY.gap.camera, STORY.gap.start_us, STORY.gap.end_us)
            assert file.camera_start_us - file.start_us == camera.offset_us
            assert file.camera_end_us - file.end_us == camera.offset_us
            at_us = file.end_us
        assert at_us == STORY.end_us


def test_one_clock_is_wrong_and_one_file_breaks_off():
    wrong = [c for c in STORY.cameras if c.offset_us]
    assert [(c.number, c.offset_us) for c in wrong] == [(6, -300 * S)]
    clock = STORY.wrong_clock
    assert (clock.camera, clock.shows_us - clock.true_us) == (6, -300 * S)
    broken = [f for f in plan().files if f.kept_percent != 100]
    assert [(f.camera, f.start_us, f.kept_percent) for f in broken] == [(4, STORY.truncated.start_us, 60)]
    assert STORY.theft.camera not in (clock.camera, STORY.truncated.camera, STORY.gap.camera)


def test_the_stolen_bike_passes_later_and_later_in_whole_files():
    told = [STORY.theft.gone_us]
    for sighting in STORY.sightings:
        file = next(
            f for f in plan().files if f.camera == sighting.camera and f.start_us <= sighting.start_us < f.end_us
        )
        assert sighting.end_us <= file.end_us
        assert file.kept_percent == 100
        assert sighting.start_us - told[-1] > 30 * S
        told.append(sighting.end_us)
    assert [s.camera for s in STORY.sightings] == [6, 5, 9]


def test_every_camera_has_passers_by_and_long_still_stretches():
    for camera in STORY.cameras:
        moving = [p for p in plan().passages if p.camera == camera.number and p.what != "parked"]
        assert len(moving) >= 12
        edges = [STORY.start_us, *(p.end_us for p in moving)], [*(p.start_us for p in moving), STORY.end_us]
        assert max(b - a for a, b in zip(*edges, strict=True)) > 60 * S


def test_nothing_else_moves_where_the_story_is_told():
    story = ("owner", "thief", "stolen")
    for told in (p for p in plan().passages if p.what in story):
        for other in (p for p in plan().passages if p.camera == told.camera and p != told and p.what != "parked"):
            assert other.end_us + 5 * S < told.start_us or told.end_us + 5 * S < other.start_us


# ---- the pixels -----------------------------------------------------------------------------------------------


def test_the_box_holds_the_parked_bike():
    place = PLACES["market"]
    move = next(m for p in plan().passages if p.what == "parked" for m in p.moves)
    x, y, heading = place.ways[move.way].at(place.ways[move.way].length_m)
    patch = cut_out(
        placed(shape(move, 0, 0), (x, y, 0), heading), place.lens.project, place.light, (WIDTH_PX, HEIGHT_PX)
    )
    assert patch is not None
    rows, columns = np.nonzero(patch.bgra[..., 3])
    left, top, width, height = STORY.theft.box_px
    assert left <= patch.x_px + columns.min() < left + 6
    assert top <= patch.y_px + rows.min() < top + 6
    assert left + width - 6 < patch.x_px + columns.max() < left + width
    assert top + height - 6 < patch.y_px + rows.max() < top + height


def test_the_bike_stands_untouched_and_then_is_gone(monkeypatch):
    monkeypatch.setattr(film, "NOISE", 0.0)
    theft, step_us = STORY.theft, S // 8
    empty = in_box(shot(3, at("16:47:00")), theft.box_px)

    def bike(at_us: int) -> int:
        """Red beyond what the empty yard shows: pixels of the bike."""
        picture = in_box(shot(3, at_us), theft.box_px)
        return int(((picture[..., 2] - picture[..., 1]) - (empty[..., 2] - empty[..., 1]) > 40).sum())

    parked = bike(theft.left_alone_us)
    assert parked > 250
    assert bike(at("16:47:00")) == 0
    assert bike(theft.touched_us - step_us) == pytest.approx(parked, rel=0.05)
    assert bike(theft.gone_us) == 0
    first, last = (in_box(shot(3, t), theft.box_px) for t in (at("17:00:00"), theft.touched_us - step_us))
    assert np.abs(first - last).max() < 20  # the evening falls, and nothing else
    assert theft.file_start_us + theft.taken_frame * step_us == theft.taken_us


def test_the_bike_rolls_from_the_known_frame_on(monkeypatch):
    monkeypatch.setattr(film, "NOISE", 0.0)
    theft = STORY.theft

    def middle(frame_number: int) -> float:
        picture = shot(3, theft.file_start_us + frame_number * S // 8)[180:300, 380:520]
        red = (picture[..., 2] - picture[..., 1]) > 70
        return float(np.nonzero(red)[1].mean())

    stands = middle(theft.taken_frame - 1)
    assert middle(theft.taken_frame) == pytest.approx(stands, abs=2.5)
    assert middle(theft.taken_frame + 8) > stands + 8


@pytest.mark.parametrize("sighting", STORY.sightings, ids=lambda s: f"camera{s.camera}")
def test_the_red_bike_is_seen_on_its_way(sighting, monkeypatch):
    monkeypatch.setattr(film, "NOISE", 0.0)
    camera = STORY.cameras[sighting.camera - 1]
    before = shot(camera.number, sighting.start_us - 2 * S)
    there = [shot(camera.number, sighting.start_us + int(t * S)) for t in (3, 4, 5, 8, 11)]
    red = [int(((f[..., 2] - f[..., 1]) - (before[..., 2] - before[..., 1]) > 40).sum()) for f in there]
    assert max(red) > 12


@pytest.mark.parametrize("camera", STORY.cameras, ids=lambda c: c.footage)
def test_what_is_said_to_pass_passes(camera, monkeypatch):
    monkeypatch.setattr(film, "NOISE", 0.0)
    passages = [p for p in plan().passages if p.camera == camera.number and p.what not in ("parked", "owner", "thief")]
    for passage in passages[::7]:
        gap = STORY.gap
        if camera.number == gap.camera and passage.start_us <= gap.end_us and gap.start_us <= passage.end_us:
            continue
        still = shot(camera.number, passage.start_us - S)
        changed = 0
        for share in (0.2, 0.45, 0.6, 0.8):
            at_us = passage.start_us + int((passage.end_us - passage.start_us) * share)
            change = np.abs(shot(camera.number, at_us) - still).max(axis=2)[40:335]
            changed = max(changed, int((change > 22).sum()))
        assert changed > 20, passage


@pytest.mark.parametrize("camera", [3, 6, 1])
def test_the_clock_in_the_picture_is_the_cameras_own(camera):
    asked = at("17:02:07")
    story = STORY.cameras[camera - 1]
    shows = dt.datetime.fromtimestamp((asked + story.offset_us) / S, VIETNAM).strftime(story.clock_format)
    light, _ = letters.clock(shows)
    x, y = CLOCK_AT
    part = shot(camera, asked)[y : y + light.shape[0], x : x + light.shape[1]].mean(axis=2)
    assert part[light > 230].mean() > 225
    wrong, _ = letters.clock(shows[:-1] + ("8" if shows[-1] != "8" else "1"))
    assert part[wrong > 230].mean() < part[light > 230].mean() - 3
    assert shows.endswith("16:57:07" if camera == 6 else "17:02:07")


# ---- the files ------------------------------------------------------------------------------------------------


def test_the_theft_is_in_the_written_file(written):
    folder, _ = written
    theft = STORY.theft
    before, after = theft.taken_frame - 60, theft.taken_frame + 40
    with av.open(str(folder / planned(3, "17:00:00").path)) as container:
        frames = []
        for number, picture in enumerate(container.decode(video=0)):
            if number in (before - 8, before, after, after + 8):
                frames.append(in_box(picture.to_ndarray(format="bgr24").astype(int), theft.box_px))
    assert number == 300 * 8 - 1
    assert np.abs(frames[0] - frames[1]).mean() < 3
    assert np.abs(frames[2] - frames[3]).mean() < 3
    assert np.abs(frames[1] - frames[2]).mean() > 20


def test_the_clock_ticks_in_the_written_file(written):
    folder, _ = written
    x, y = CLOCK_AT
    seconds = []
    with av.open(str(folder / planned(3, "17:00:00").path)) as container:
        for number, picture in enumerate(container.decode(video=0)):
            if number % 8 == 4:
                seconds.append(picture.to_ndarray(format="gray").astype(int)[y : y + 24, x : x + 200])
            if len(seconds) == 12:
                break
    for first, second in pairwise(seconds):
        assert (np.abs(first - second) > 60).sum() > 10


def test_the_broken_file_breaks_off(written):
    folder, done = written
    file = planned(4, "17:00:00")
    path = folder / file.path
    size = path.stat().st_size
    assert {d.file: d.size_bytes for d in done}[file] == size
    data = path.read_bytes()
    mdat = data.index(b"mdat") - 4
    claimed = int.from_bytes(data[mdat : mdat + 4])
    assert data.index(b"moov") < mdat
    assert mdat + claimed > size
    assert size == pytest.approx((mdat + claimed) * 0.6, abs=2)


def test_files_carry_the_recorders_time_and_no_rest_is_left(written):
    folder, done = written
    assert len(done) == 2
    assert (folder / planned(3, "17:00:00").path).stat().st_mtime_ns == at("17:05:00") * 1000
    assert (folder / planned(4, "17:00:00").path).stat().st_mtime_ns == at("17:03:00") * 1000
    assert planned(6, "16:45:00").mtime_us == at("16:45:00")
    assert sorted(p.name for p in folder.rglob("*") if p.is_file()) == [
        "00M00S_1795428000.mp4",
        "NVR_ch3_main_20261123170000_20261123170500.mp4",
    ]


def test_the_same_bytes_every_time(written, tmp_path):
    folder, _ = written
    file = planned(4, "17:00:00")
    list(build(tmp_path, runner=OneAfterAnother(), files=(file,)))
    assert (tmp_path / file.path).read_bytes() == (folder / file.path).read_bytes()


def test_the_whole_is_small_enough(written):
    _, done = written
    # 80 MB for four and a half hours less one file; a file of five minutes may have 1.6 MB.
    assert max(d.size_bytes for d in done) < 2_400_000


def test_nothing_is_overwritten(written):
    folder, _ = written
    with pytest.raises(OutputExists):
        next(build(folder, runner=OneAfterAnother(), files=(planned(4, "16:45:00"), planned(4, "17:00:00"))))
    assert not (folder / planned(4, "16:45:00").path).exists()


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EACCES, NotAllowed), (errno.EROFS, NotAllowed), (errno.EIO, OSError)],
)
def test_a_failing_disk_leaves_nothing_half_written(number, kind, tmp_path, monkeypatch):
    def fail(take: film.Take, backdrop: Backdrop, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(number, "the disk says no")

    monkeypatch.setattr(film, "shoot", fail)
    monkeypatch.setattr(film, "draw", lambda place: None)
    with pytest.raises(kind):
        list(build(tmp_path, runner=OneAfterAnother(), files=(planned(1, "16:45:00"),)))
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_scene_that_cannot_be_drawn_is_an_error(tmp_path, monkeypatch):
    def fail(place: str) -> Backdrop:
        raise ValueError(place)

    monkeypatch.setattr(film, "draw", fail)
    with pytest.raises(ValueError, match="arch"):
        list(build(tmp_path, runner=OneAfterAnother(), files=(planned(1, "16:45:00"),)))
