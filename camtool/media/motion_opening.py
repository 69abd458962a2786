"""How a file begins: its background, its noise and its clock, from its first pictures together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from camtool.core.noise import CameraNoise, LightNoise
from camtool.media.luma import Luma, Picture
from camtool.media.motion_clock import find_clock
from camtool.media.motion_model import LEAST_SIGMA, Background
from camtool.media.motion_stage import Scene

# The first minute at a keyframe every 4 s: whoever passes in it is in less than half of the pictures.
PICTURES = 15
# Fewer pictures than this say less about the noise than what was carried on from the file before.
ENOUGH = 5
# A picture with no light in it: below 20 the luma range of video is all black (16), and the noise has no room.
BLACK = 20.0


@dataclass(frozen=True, slots=True)
class Opening:
    """The scene as the first pictures show it; clock is the clock line's box in fractions."""

    background: Background
    clock: tuple[float, float, float, float] | None


def opening(pictures: Sequence[Picture], scene: Scene) -> Opening:
    """Put together what the first pictures show; at least one. They need not be still."""
    size = pictures[0].luma.shape
    lumas = [picture.luma for picture in pictures if picture.luma.shape == size]
    clock = find_clock(lumas) or scene.noise.clock
    night = pictures[0].night
    alike = [picture.luma for picture in pictures if picture.night == night and picture.luma.shape == size]
    carried = scene.noise.night if night else scene.noise.day
    noise = _noise(alike, carried)
    middle = np.median(np.stack(alike), axis=0).astype(np.uint8) if len(alike) > 2 else alike[0]
    return Opening(Background(middle, noise, scene.ignored(size, clock)), clock)


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
