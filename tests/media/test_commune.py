"""What the drawn commune is made of: the lens, the ways, the letters, the places, the frames, the files."""

import dataclasses
import math
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.media.commune import film, letters
from camtool.media.commune.cast import BIKES, WALKERS
from camtool.media.commune.draw import Daylight, cut_out
from camtool.media.commune.figures import Figure, Move, shape
from camtool.media.commune.film import Take, daylight, draw, frame, shoot
from camtool.media.commune.lens import HEIGHT_PX, WIDTH_PX, Lens
from camtool.media.commune.moves import eased, way
from camtool.media.commune.places import PLACES
from camtool.media.commune.solid import box, built, placed
from camtool.media.encode import Mp4Writer

S = 1_000_000
START = 1_795_426_200 * S


def take(*moves: Move, place: str = "clinic", frames: int = 60) -> Take:
    return Take(
        place=place,
        start_us=START,
        frames=frames,
        rate=5,
        gop=20,
        moves=moves,
        title="Camera 07  Trạm y tế xã",
        clock_format="%Y-%m-%d %H:%M:%S",
        offset_us=0,
        utc_offset_s=7 * 3600,
        dusk_us=(START, START + 1800 * S),
    )


@pytest.fixture(scope="module")
def clinic():
    return draw("clinic")


@given(x=st.floats(-8, 8), y=st.floats(6, 60), z=st.floats(0, 6))
def test_the_lens_bends_and_unbends(x, y, z):
    lens = Lens(yaw_deg=8, pitch_deg=15, bend=0.07)
    point = np.array([x, y, z])
    pixel, depth = lens.project(point)
    right, down, ahead = lens.seen(point)
    assert depth == pytest.approx(ahead)
    if abs(right / ahead) < 1 and abs(down / ahead) < 0.7:
        flat = lens.unbent((pixel - (WIDTH_PX / 2, HEIGHT_PX / 2)) / lens.focal_px)
        assert flat == pytest.approx([right / ahead, down / ahead], abs=1e-9)


def test_what_lies_ahead_is_in_the_middle_and_what_stands_is_above_its_foot():
    lens = Lens(height_m=5, pitch_deg=0)
    ahead, _ = lens.project(np.array([0.0, 20.0, 5.0]))
    foot, _ = lens.project(np.array([3.0, 20.0, 0.0]))
    assert ahead == pytest.approx([WIDTH_PX / 2, HEIGHT_PX / 2])
    assert foot[0] > WIDTH_PX / 2
    assert foot[1] > HEIGHT_PX / 2


def test_a_way_is_walked_from_end_to_end():
    straight = way((0.0, 0.0), (0.0, 10.0))
    assert straight.length_m == 10
    assert straight.at(4) == (0.0, 4.0, 0.0)
    assert straight.at(-3)[:2] == (0.0, 0.0)
    assert straight.at(99)[:2] == (0.0, 10.0)
    corner = way((0.0, 0.0), (0.0, 10.0), (10.0, 10.0))
    assert math.hypot(10, 10) < corner.length_m < 20
    assert corner.at(corner.length_m) == (10.0, 10.0, 90.0)


@given(share=st.floats(0, 1), ease=st.sampled_from(["", "in", "out"]))
def test_easing_keeps_its_ends_and_its_order(share, ease):
    assert eased(0, ease) == 0
    assert eased(1, ease) == pytest.approx(1)
    assert eased(share, ease) <= eased(min(1.0, share + 0.01), ease) + 1e-12


def test_a_box_is_seen_where_it_stands():
    solid = placed(built([box((0, 0, 1), (0.5, 0.5, 1), (0, 0, 200))]), (0, 12, 0))
    lens = Lens(height_m=5, pitch_deg=15)
    patch = cut_out(solid, lens.project, Daylight(), (WIDTH_PX, HEIGHT_PX))
    assert patch is not None
    assert (patch.x_px % 2, patch.y_px % 2) == (0, 0)
    pixels, _ = lens.project(solid.points)
    rows, columns = np.nonzero(patch.bgra[..., 3] > 200)
    found = columns.min() + patch.x_px, rows.min() + patch.y_px, columns.max() + patch.x_px, rows.max() + patch.y_px
    assert found == pytest.approx((*pixels.min(axis=0), *pixels.max(axis=0)), abs=1.5)
    inside = patch.bgra[patch.bgra[..., 3] == 255]
    assert inside[:, 2].mean() > 5 * max(1, inside[:, 0].mean())  # red, from every side


def test_what_is_behind_the_camera_is_not_drawn():
    solid = placed(built([box((0, 0, 1), (0.5, 0.5, 1), (0, 0, 200))]), (0, -12, 0))
    assert cut_out(solid, Lens().project, Daylight(), (WIDTH_PX, HEIGHT_PX)) is None


def test_legs_move():
    walk = Move(WALKERS[0], "vào trạm", START, START + 20 * S)
    shapes = [shape(walk, gone, 0.5).points for gone in (0.0, 0.3, 0.6)]
    assert not np.allclose(shapes[0], shapes[1])
    assert not np.allclose(shapes[1], shapes[2])
    assert np.allclose(shape(walk, 1.25, 0.5).points, shapes[0])  # one stride later


def test_the_clock_changes_with_each_sign_and_keeps_its_width():
    first, later = (letters.clock(f"2026-11-23 17:04:{s}") for s in ("12", "13"))
    assert first[0].shape == later[0].shape
    assert first[0].shape[1] % 2 == 0
    changed = np.flatnonzero((first[0] != later[0]).any(axis=0))
    assert changed.min() > first[0].shape[1] * 0.9
    assert first[0].max() == 235
    assert first[1].min() == 0


@pytest.mark.parametrize("name", PLACES)
def test_every_place_has_ground_for_its_ways(name):
    place = PLACES[name]
    assert len(place.ways) >= 4
    for path in place.ways.values():
        x, y, _ = path.at(path.length_m * 0.6)
        _, depth = place.lens.project(np.array([x, y, 0.0]))
        assert depth > 1


def test_a_place_is_drawn_the_same_each_time(clinic):
    again = draw("clinic")
    assert clinic.bgr.shape == (HEIGHT_PX, WIDTH_PX, 3)
    assert np.array_equal(clinic.bgr, again.bgr)
    assert np.array_equal(clinic.hiding, again.hiding)
    assert clinic.bgr.std() > 30


def test_sky_and_road_hide_nobody_and_walls_do(clinic):
    assert not clinic.hiding[:10, 400:600].any()
    assert not clinic.hiding[-30:].any()
    assert (clinic.hiding > 0).mean() > 0.2


def test_noise_is_in_every_frame_and_small(clinic):
    first, second = (frame(take(), clinic, n).astype(int) for n in (1, 2))
    change = (first - second)[60:300]
    assert (change != 0).mean() > 0.7
    assert 1.5 < change.std() < 6


def test_only_the_clock_changes_when_a_second_passes_over_a_still_street(clinic, monkeypatch):
    monkeypatch.setattr(film, "NOISE", 0.0)
    frames = [frame(take(), clinic, n).astype(int) for n in (0, 4, 5)]
    assert np.array_equal(frames[0], frames[1])
    rows, columns = np.nonzero((frames[1] != frames[2]).any(axis=2))
    assert rows.max() < 40
    assert columns.max() < 260


def test_someone_who_passes_is_seen_and_gone_again(clinic, monkeypatch):
    monkeypatch.setattr(film, "NOISE", 0.0)
    walk = Move(WALKERS[1], "đông sang tây", START + 2 * S, START + 10 * S)
    still = [frame(take(), clinic, n).astype(int) for n in (5, 30, 51)]
    passed = [frame(take(walk), clinic, n).astype(int) for n in (5, 30, 51)]
    changed = [int((np.abs(a - b).max(axis=2) > 25).sum()) for a, b in zip(still, passed, strict=True)]
    assert changed[0] == 0
    assert changed[1] > 250
    assert changed[2] == 0


def test_a_wall_hides_who_walks_behind_it(monkeypatch):
    monkeypatch.setattr(film, "NOISE", 0.0)
    backdrop = draw("clinic")
    walk = Move(WALKERS[2], "trong sân", START, START + 10 * S, "stand", last=0.0)
    seen = [
        frame(take(walk), dataclasses.replace(backdrop, hiding=hiding), 0).astype(int)
        for hiding in (np.zeros_like(backdrop.hiding), np.full_like(backdrop.hiding, 1.0))
    ]
    still = frame(take(), backdrop, 0).astype(int)
    assert (np.abs(seen[0] - still).max(axis=2) > 25).sum() > 50
    assert np.array_equal(seen[1], still)


def test_daylight_falls_slowly():
    dusk = START, START + 1800 * S
    levels = [daylight(START + s * S, dusk)[0] for s in range(0, 1801, 4)]
    assert levels[0] == pytest.approx(1, abs=0.03)
    assert levels[-1] == pytest.approx(0.76, abs=0.03)
    assert max(abs(a - b) for a, b in pairwise(levels)) < 0.004


def test_mounting_begins_beside_the_bike_and_ends_on_it():
    bike = Figure("motorbike", WALKERS[0].dress, (0, 0, 200))
    move = Move(bike, "vào trạm", START, START + 2 * S, "mount")
    first, last = shape(move, 0, 0.0).points, shape(move, 0, 1.0).points
    assert first[:, 0].min() < -0.7
    assert last[:, 0].min() > -0.5
    assert last[:, 2].max() > 1.5


def test_files_are_main_profile_with_fixed_groups_and_the_index_in_front(tmp_path: Path, clinic):
    ride = Move(BIKES[0], "tây sang đông", START + 1 * S, START + 9 * S)
    paths = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for path in paths:
        shoot(take(ride), clinic, path)
    data = paths[0].read_bytes()
    assert data == paths[1].read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(paths[0])) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.profile == "Main"
        assert (stream.width, stream.height, stream.frames) == (WIDTH_PX, HEIGHT_PX, 60)
        assert stream.average_rate is not None
        assert int(stream.average_rate) == 5
        keys = [n for n, packet in enumerate(p for p in container.demux(stream) if p.size) if packet.is_keyframe]
    assert keys == [0, 20, 40]


def test_a_decoded_frame_is_the_drawn_one(tmp_path: Path, clinic):
    shoot(take(frames=21), clinic, tmp_path / "a.mp4")
    with av.open(str(tmp_path / "a.mp4")) as container:
        decoded = [f.to_ndarray(format="bgr24").astype(int) for f in container.decode(video=0)]
    for number in (0, 7, 20):
        drawn = frame(take(frames=21), clinic, number).astype(int)
        assert np.abs(decoded[number] - drawn).mean() < 6


def test_the_writer_leaves_nothing_open_when_it_fails(tmp_path: Path):
    def interrupted() -> None:
        with Mp4Writer(tmp_path / "a.mp4", (64, 64), 5, 10) as out:
            for _ in range(5):
                out.write()
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    (tmp_path / "a.mp4").unlink(missing_ok=True)


def test_the_writer_says_when_it_may_not_write(tmp_path: Path):
    def written() -> None:
        with Mp4Writer(tmp_path / "no folder" / "a.mp4", (64, 64), 5, 10) as out:
            out.write()

    with pytest.raises(FileNotFoundError):
        written()
