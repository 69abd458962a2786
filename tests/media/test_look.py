"""What a look tells: the same in another light, something in front, gone; in which of two a thing stands."""

import numpy as np
import pytest
from av.video.frame import VideoFrame

from camtool.core.change import Kind
from camtool.core.turning import moment
from camtool.media.look import Look, likeness, look_at, patch_size, series, shares, substance
from camtool.media.thing import beyond, where
from tests.makers.parked import BOX, parked, person
from tests.makers.scene import place

SIZE = (320, 180)
RNG = np.random.default_rng(3)


def look(*drawn, gain: float = 1.0, lift: float = 0, noise: float = 1.5, grey: bool = False, shift: int = 0) -> Look:
    picture = place(SIZE)
    for draw in drawn:
        picture = draw(picture, 0)
    noisy = np.roll(picture, shift, axis=1) * gain + lift + RNG.normal(0, noise, picture.shape)
    luma = np.clip(noisy, 0, 255).astype(np.uint8)
    chroma = np.full((SIZE[1] // 2, SIZE[0]), 128 if grey else 110, np.uint8)
    frame = VideoFrame.from_ndarray(np.vstack([luma, chroma]), format="yuv420p")
    return look_at(frame, BOX, patch_size(BOX))


THING, SOMEBODY = parked(0, 9), person(0, 9)


def test_light_noise_and_trembling_leave_it_the_same():
    first = look(THING)
    for other in (
        look(THING),
        look(THING, gain=0.7),
        look(THING, gain=1.2, lift=10),
        look(THING, noise=5),
        look(THING, gain=0.6, lift=5, noise=5, grey=True),
        look(THING, shift=1),
    ):
        assert likeness(first, other) > 0.6
    assert likeness(first, look()) < 0.35
    assert likeness(first, look(gain=0.6, lift=5, noise=5, grey=True)) < 0.35


def test_what_stands_in_front_hides_a_part_of_it():
    there, gone, covered = look(THING), look(), look(THING, SOMEBODY)
    assert shares(there, [there], [gone]).first > 0.9
    assert shares(gone, [there], [gone]).last > 0.9
    seen = shares(covered, [there], [gone])
    assert 0.15 < seen.first < 0.8
    assert seen.last < 0.2
    assert shares(there, [there], [there]).first == 0, "nothing tells them apart"


@pytest.mark.parametrize("grey", [False, True])
def test_in_which_of_two_a_thing_stands(grey):
    there, gone = look(THING, grey=grey), look(grey=grey)
    assert where(there.scene, gone.scene) > 0
    assert where(gone.scene, there.scene) < 0
    assert where(there.scene, look(THING, grey=grey).scene) == 0


def test_a_flat_wall_has_no_substance():
    wall = look(lambda picture, _s: picture * 0 + 120)
    assert substance(wall) < 0.04 < substance(look(THING))


def test_rolling_off_takes_all_parts_along_and_walking_past_does_not():
    x, y, w, h = BOX
    rolling = [look(THING), look(THING)] + [look(parked(0, 9, (x + 6 * step, y, w, h))) for step in range(1, 9)]
    seen = series(rolling, rolling[0], look())
    assert max(each.lost for each in seen[:2]) < 0.05 < seen[2].lost
    times = [100_000 * at for at in range(len(seen))]
    after, before, clear_before, _, hidden = moment(times, seen, Kind.VANISHED)
    assert (after, before, clear_before, hidden) == (1, 2, 1, False)
    passing = [look(THING, person(0, 9, left=left)) for left in range(78, 110, 4)]
    assert max(each.lost for each in series(passing, rolling[0], look())) < 0.05


def test_whether_the_change_goes_on_beyond_the_box():
    there, gone, somebody = look(THING), look(), look(SOMEBODY)
    assert beyond(there.scene, gone.scene) == 0
    assert beyond(gone.scene, gone.scene) == 0
    assert beyond(somebody.scene, gone.scene) > 0.2
    assert beyond(gone.scene, look(SOMEBODY, gain=0.7, noise=4).scene) > 0.2
    assert beyond(gone.scene, look(person(0, 9, left=170)).scene) == 0, "beside the box"


def test_beyond_the_pictures_edge_nothing_is_known():
    def at_the_edge(*drawn) -> Look:
        picture = place(SIZE)
        for draw in drawn:
            picture = draw(picture, 0)
        luma = np.clip(picture, 0, 255).astype(np.uint8)
        frame = VideoFrame.from_ndarray(np.vstack([luma, np.full((90, 320), 110, np.uint8)]), format="yuv420p")
        return look_at(frame, (0, 0, 40, 40), patch_size((0, 0, 40, 40)))

    there, gone = at_the_edge(parked(0, 9, (0, 0, 38, 38))), at_the_edge()
    assert there.scene.in_picture == (False, True, False, True)
    assert beyond(there.scene, gone.scene) == 0
