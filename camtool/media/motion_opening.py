"""How a file begins: its background, its noise and its clock, from its first pictures together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from camtool.core.model import US_PER_S
from camtool.core.noise import CameraNoise, LightNoise
from camtool.media.luma import Luma, Picture
from camtool.media.motion_clock import find_clock
from camtool.media.motion_model import LEAST_SIGMA, Background
from camtool.media.motion_stage import Scene

# The first minute at a keyframe every 4 s: whoever passes in it is in less than half of the pictures.
PICTURES, OPENING_US = 15, 60 * US_PER_S
# More pictures than this say no more about the background.
MOST = 30
# Fewer pictures than this say less about the noise than what was carried on from the file before.
ENOUGH = 5
# A picture with no light in it: below 20 the luma range of video is all black (16), and the noise has no room.
BLACK = 20


@dataclass(frozen=True, slots=True)
class Opening:
    """The scene as the first pictures show it; clock is the clock line's box in fractions."""

    background: Background
    clock: tuple[float, float, float, float] | None


def opening(pictures: Sequence[Picture], scene: Scene) -> Opening:
    """Put together what the first pictures show; at least one. They need not be still."""
    pictures = spread_out(pictures)
    size = pictures[0].luma.shape
    lumas = [picture.luma for picture in pictures if picture.luma.shape == size]
    clock = find_clock(lumas) or scene.noise.clock
    night = pictures[0].night
    alike = [picture.luma for picture in pictures if picture.night == night and picture.luma.shape == size]
    carried = scene.noise.night if night else scene.noise.day
    noise = _noise(alike, carried)
    return Opening(Background(usual(alike), noise, scene.ignored(size, clock)), clock)


def usual(lumas: Sequence[Luma]) -> Luma:
    """Return what each pixel usually is: the middle of the closest half of its values.

    Unlike the median it is not drawn towards what passes in up to half of the pictures.
    """
    if len(lumas) < 3:
        return lumas[0]
    ordered = np.sort(np.stack(lumas), axis=0).astype(np.int16)
    half = len(lumas) // 2 + 1
    widths = ordered[half - 1 :] - ordered[: len(lumas) - half + 1]
    first = np.argmin(widths, axis=0)
    middle: Luma = np.take_along_axis(ordered, first[None] + half // 2, axis=0)[0].astype(np.uint8)
    return middle


def gather(pictures: Iterator[Picture]) -> list[Picture]:
    """Take the pictures of the first minute off an iterator, or those of it up to its end."""
    taken: list[Picture] = []
    for picture in pictures:
        taken.append(picture)
        if len(taken) >= PICTURES and picture.at_us - taken[0].at_us >= OPENING_US:
            break
    return taken


def spread_out(pictures: Sequence[Picture]) -> list[Picture]:
    """Choose MOST of them at most, evenly: more cost time and say no more."""
    step = max(1, len(pictures) // MOST)
    return list(pictures[::step])


def is_black(luma: Luma) -> bool:
    """Say whether there is no light in a picture."""
    return int(luma[::4, ::4].max()) < BLACK


def _noise(lumas: Sequence[Luma], carried: LightNoise) -> LightNoise:
    """Estimate sigma from how neighbouring pictures differ; half of the pixels at least are still in most pairs."""
    if len(lumas) < ENOUGH:
        return carried
    middles = [float(np.median(cv2.absdiff(a, b)[::2, ::2].astype(np.float32))) for a, b in pairwise(lumas)]
    # median |difference of two| = 0.6745 * sqrt(2) * sigma
    sigma = max(float(np.median(middles)) / 0.954, LEAST_SIGMA)
    return LightNoise(sigma, carried.spread, carried.pictures)


def learnt(noise: CameraNoise, background: Background, night: bool, pictures: int) -> CameraNoise:
    """Return a camera's noise with what this background knows of it by now."""
    sigma = float(np.sqrt(np.median(background.variance)))
    mine = LightNoise(round(sigma, 3), round(background.spread, 3), pictures)
    return CameraNoise(noise.day, mine, noise.clock) if night else CameraNoise(mine, noise.night, noise.clock)
