"""Randomness that repeats: cloudy textures for surfaces, and the noise of a small sensor."""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from camtool.media.commune.lens import HEIGHT_PX, WIDTH_PX, Picture

Map = npt.NDArray[np.float32]

SIDE = 512
SHIFT_PX = 32
NOISE_TILES = 8


@lru_cache(maxsize=32)
def clouds(seed: int, coarsest: int = 4, octaves: int = 7, fall: float = 0.6) -> Map:
    """Return a tileable SIDE x SIDE texture around 0 with a spread of about 1: octaves of smoothed random grids."""
    rng = np.random.default_rng(seed)
    total = np.zeros((SIDE, SIDE), np.float32)
    weight = 1.0
    for octave in range(octaves):
        cells = min(coarsest << octave, SIDE)
        grid = rng.random((cells, cells), np.float32) - np.float32(0.5)
        padded = np.pad(grid, 2, mode="wrap")
        step = SIDE // cells
        wide = cv2.resize(padded, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
        total += np.float32(weight) * wide[2 * step : 2 * step + SIDE, 2 * step : 2 * step + SIDE]
        weight *= fall
    return np.asarray(total / total.std(), np.float32)


def sampled(texture: Map, x: Map, y: Map, metres: float) -> Map:
    """Read a tileable texture at world places; one repeat spans that many metres."""
    k = np.float32(SIDE / metres)
    # remap keeps coordinates in 16 bits; so far away nothing of the texture is left anyway.
    u, v = np.clip(x * k, -30000, 30000), np.clip(y * k, -30000, 30000)
    return np.asarray(cv2.remap(texture, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP))


@lru_cache(maxsize=4)
def sensor_tiles(spread: float) -> list[Picture]:
    """Return noise tiles to be added to luma in wrapping uint8 arithmetic; never beyond ±9, so luma 16-235 stays."""
    rng = np.random.default_rng(97)
    shape = (HEIGHT_PX + SHIFT_PX, WIDTH_PX + SHIFT_PX)
    fine = [rng.normal(0, spread, shape) for _ in range(NOISE_TILES)]
    return [np.clip(np.rint(tile), -9, 9).astype(np.int8).view(np.uint8) for tile in fine]


@lru_cache(maxsize=1)
def _specks() -> Map:
    return np.random.default_rng(5).standard_normal((900, 2600), np.float32)


def mottled(colour: tuple[float, float, float], shape: tuple[int, int], seed: int, strength: float) -> Map:
    """Return a BGR picture (h, w, 3) of one colour, unevenly weathered."""
    h, w = shape
    rough = cv2.resize(clouds(seed % 5), (max(w, 8), max(h, 8)), interpolation=cv2.INTER_LINEAR)[:h, :w]
    y, x = seed * 37 % (901 - h), seed * 101 % (2601 - w)
    speck = _specks()[y : y + h, x : x + w]
    level = 1 + np.float32(strength) * (0.7 * rough + 0.35 * speck)
    return np.asarray(np.array(colour, np.float32) * level[..., None], np.float32)
