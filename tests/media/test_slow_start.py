"""A thing that begins to move slowly: the moment it begins lies within what is answered."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import example, given, settings
from hypothesis import strategies as st

from camtool.core.change import Change, Glance, Kind
from camtool.core.turning import Bracket, finished
from camtool.media import look as looks
from camtool.media.look import Look, look_at, patch_size
from tests.makers.parked import BOX, parked
from tests.makers.scene import place

PICTURE_US = 100_000
GROUND = place((320, 180))
THERE = parked(0, 99)(GROUND.copy(), 0)


class Film:
    """An eye on drawn pictures that begins at picture 0; a thing is moved along by so many px."""

    def __init__(self, ways_px: Sequence[float], noise: float, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.glances = [Glance(at * PICTURE_US, False, _look(way, noise, rng)) for at, way in enumerate(ways_px)]

    def every(self, after_us: int, before_us: int) -> Iterator[Glance[Look]]:
        return (each for each in self.glances if after_us <= each.at_us <= before_us)

    def __getattr__(self, name: str):
        return getattr(looks, name)


def _look(way_px: float, noise: float, rng: np.random.Generator) -> Look:
    shift = np.array([[1, 0, way_px], [0, 1, 0]], np.float32)
    # Only the thing moves along: what differs from the ground is moved, and laid on the ground.
    mask = cv2.warpAffine((THERE != GROUND).astype(np.float32), shift, (320, 180))
    moved = cv2.warpAffine(THERE, shift, (320, 180), borderMode=cv2.BORDER_REPLICATE)
    picture = GROUND * (1 - mask) + moved * mask + rng.normal(0, noise, GROUND.shape)
    luma = np.clip(picture, 0, 255).astype(np.uint8)
    chroma = np.full((90, 320), 110, np.uint8)
    return look_at(VideoFrame.from_ndarray(np.vstack([luma, chroma]), format="yuv420p"), BOX, patch_size(BOX))


def answered(ways_px: list[float], low: int, high: int, noise: float, seed: int, *, came: bool = False) -> Change[Look]:
    """Ask about the pictures from low to high of a film."""
    eye = Film(ways_px[::-1] if came else ways_px, noise, seed)
    top = len(ways_px) - 1
    low, high = (top - high, top - low) if came else (low, high)
    first, last = eye.glances[low], eye.glances[high]
    return finished(eye, Bracket(first, last, (first,), (last,)), Kind.APPEARED if came else Kind.VANISHED)


def rolled(begins: int, pace_px: float, power: float) -> list[float]:
    """Say how far it is in each picture: at rest, then off by pace_px in the first, and with a power of the time."""
    return [0.0] * begins + [min(200.0, pace_px * number**power) for number in range(1, 90)]


@example(begins=38, pace_px=0.25, power=1, noise=0.5, seed=0, came=False)
@example(begins=30, pace_px=5.0, power=1, noise=2, seed=0, came=True)
@given(
    begins=st.integers(30, 39),
    pace_px=st.floats(0.25, 12),
    power=st.sampled_from((1, 1.5, 2)),
    noise=st.sampled_from((0.5, 2, 5)),
    seed=st.integers(0, 99),
    came=st.booleans(),
)
@settings(max_examples=12, deadline=None)
def test_the_moment_it_begins_lies_within(begins, pace_px, power, noise, seed, came):
    ways = rolled(begins, pace_px, power)
    gone = next(at for at, way in enumerate(ways) if way > 45 or at == len(ways) - 1)
    found = answered(ways, 30, max(gone, begins) + 3 if gone + 3 < len(ways) else len(ways) - 1, noise, seed, came=came)
    top = len(ways) - 1
    if came:
        # Backwards: the first picture in which it stands is the last one before it began.
        assert found.after_us // PICTURE_US < top - begins + 1 <= found.before_us // PICTURE_US
    else:
        assert found.after_us // PICTURE_US < begins <= found.before_us // PICTURE_US


@pytest.mark.parametrize("noise", [0.5, 2, 5])
@pytest.mark.parametrize("came", [False, True])
def test_what_goes_at_once_is_told_to_the_picture(noise, came):
    ways = [0.0] * 45 + [200.0] * 20
    found = answered(ways, 40, 60, noise, 3, came=came)
    assert found.before_us - found.after_us == PICTURE_US
    assert (found.before_us if not came else found.after_us) == (45 if not came else 19) * PICTURE_US
