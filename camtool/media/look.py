"""How a box of the picture looks, and how much two looks are alike: by structure, by edges, and by colour where flat.

A look is a small patch whose light is normalised, so that a cloud, an exposure step or dusk change it little. It is
compared cell by cell, because what passes in front of a thing covers only some of the cells. Two measures are taken of
each cell, and the better counts: structural similarity (Wang et al. 2004, by scikit-image), and the agreement of the
edges' directions, whatever side of them is the brighter, which outlives the switch to infrared light.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from camtool.core.change import Shares
from camtool.media.crop import Array, BoxPx, cropped, planes_of
from camtool.media.luma import is_grey, luma_plane
from camtool.media.thing import Scene, scene_of

# A box is shrunk to 64 px: a parked motorbike keeps its outline, and a comparison takes a third of a millisecond.
# Smaller ones are enlarged to 32, because the window of the structural similarity is 7 px wide.
LARGEST_PX, SMALLEST_PX, LEAST_SIDE_PX = 64, 32, 16
# Around the box is looked at too: the outline of a thing that fills its box lies there. Two more to move about in.
RIM_PX, SHAKE_PX = 4, 2
CELL_PX = 8
# Light is taken out over 9 px (a cell and a little), down to this contrast: noise of a cheap sensor at night is 5
# luma levels (make_recordings.py; core.noise measures it) and half of it is gone after shrinking.
LIGHT_SIGMA_PX, NOISE_LEVELS = 4.5, 5.0
# Normalised values lie within about two units of zero. K2 makes noise in two flat cells count as alike.
DATA_RANGE, K2 = 4.0, 0.1
# A cell with less structure than this (root mean square of the normalised patch) is flat: noise alone gives up to 0.35.
STRUCTURED = 0.45
# Edges weaker than this (levels per px, after blurring) are noise; measured on IR pictures with 5 levels of noise.
EDGE_LEVELS = 3.0
# A flat cell is another one when its colour is off by so many chroma levels, or its brightness by so much of the whole
# picture's spread; the first number is surely the same, the second surely not. A shadow is not coloured, so brightness
# needs twice the picture's spread.
CHROMA_LEVELS = (6.0, 16.0)
BRIGHTNESS = (1.0, 2.5)
FLAT_WEIGHT = 0.35
# A cell tells two looks apart when it is less alike than this; it shows one of them when it is so much more like it.
APART, LEAD = 0.55, 0.15


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a box looks in one picture.

    patch is the normalised luma with RIM_PX + SHAKE_PX around it, float32; edges the doubled direction of its edges,
    (h, w, 2); chroma the mean colour of each cell less the picture's, (rows, columns, 2), None without colour;
    brightness each cell's mean against the picture, in its spreads; structure each cell's. weight is 1 for cells of the
    box, less for those that a zone's outline leaves out. scene is the box with as much again around it (media.thing).
    """

    patch: Array
    edges: Array
    chroma: Array | None
    brightness: Array
    structure: Array
    weight: Array
    scene: Scene


def patch_size(box_px: BoxPx) -> tuple[int, int]:
    """Return width and height that a box is brought to."""
    width, height = box_px[2:]
    longer = max(width, height)
    scale = min(max(longer, SMALLEST_PX), LARGEST_PX) / longer
    return max(LEAST_SIDE_PX, round(width * scale)), max(LEAST_SIDE_PX, round(height * scale))


def look_at(frame: VideoFrame, box_px: BoxPx, size: tuple[int, int], weight: Array | None = None) -> Look:
    """Take the look of a box (x, y, w, h in pixels of this frame, inside it) at a size of patch_size."""
    border = RIM_PX + SHAKE_PX
    luma = luma_plane(frame)
    raw = cropped(luma, box_px, size, border)
    patch, blurred = _normalised(raw)
    thin = luma[::8, ::8]
    middle = float(np.median(thin))
    spread = max(8.0, float(np.median(np.abs(thin.astype(np.float32) - middle))))
    cells = _cells(raw[SHAKE_PX:-SHAKE_PX, SHAKE_PX:-SHAKE_PX])
    inner = patch[SHAKE_PX:-SHAKE_PX, SHAKE_PX:-SHAKE_PX]
    structure = _root(_cells(inner * inner))
    if weight is None:
        weight = np.ones_like(structure)
    return Look(
        patch,
        _edges(blurred),
        None if is_grey(frame) else _chroma(frame, box_px, size),
        ((cells - middle) / spread).astype(np.float32),
        structure.astype(np.float32),
        weight,
        scene_of(frame, box_px),
    )


def cell_likeness(one: Look, other: Look, *, shaken: bool = True) -> Array:
    """Return how much each cell of two looks is alike, 0 to 1; shaken: the camera may have moved a little."""
    moved, edges = _aligned(one, other, shaken)
    inner = (slice(SHAKE_PX, -SHAKE_PX),) * 2
    mine = one.patch[inner]
    _, similar = structural_similarity(mine, moved, data_range=DATA_RANGE, K2=K2, win_size=7, full=True)  # type: ignore[no-untyped-call]
    alike = _cells(similar.astype(np.float32))
    towards = _cells((one.edges[inner] * edges).sum(axis=2))
    strong = _root(_cells((one.edges[inner] ** 2).sum(axis=2)) * _cells((edges**2).sum(axis=2)))
    along = np.where(strong > EDGE_LEVELS**2 / 4, towards / np.maximum(strong, 1e-6), 0)
    alike = np.maximum(alike, along)
    flat = ~_structured(one, other)
    alike = np.where(flat, _flat_likeness(one, other), alike)
    return cast(Array, np.clip(alike, 0, 1).astype(np.float32))


def likeness(one: Look, other: Look) -> float:
    """Return how much two looks are alike, 0 to 1: the mean over the cells; flat ones, which say little, count less."""
    weight = np.where(_structured(one, other), 1.0, FLAT_WEIGHT) * one.weight
    return float((cell_likeness(one, other) * weight).sum() / max(1e-6, float(weight.sum())))


def shares(look: Look, first: Sequence[Look], last: Sequence[Look]) -> Shares:
    """Return how much of what tells first from last is seen of either; both are low where something stands in front."""
    weight = _telling(first[-1], last[0])
    to_first = np.max([cell_likeness(look, each) for each in first], axis=0)
    to_last = np.max([cell_likeness(look, each) for each in last], axis=0)
    return Shares(_shown(weight, to_first, to_last), _shown(weight, to_last, to_first))


def series(looks: Sequence[Look], first: Look, last: Look) -> list[Shares]:
    """Return the same for consecutive pictures, with what each lost of the first and won of the last."""
    weight = _telling(first, last)
    to_first = [cell_likeness(look, first, shaken=False) for look in looks]
    to_last = [cell_likeness(look, last, shaken=False) for look in looks]
    lost = [0.0, *(_fall(weight, *pair) for pair in pairwise(to_first))]
    won = [*(_fall(weight, after, before) for before, after in pairwise(to_last)), 0.0]
    return [
        Shares(_shown(weight, one, other), _shown(weight, other, one), loss, gain)
        for one, other, loss, gain in zip(to_first, to_last, lost, won, strict=True)
    ]


def calm(looks: Sequence[Look], stood: Look, gone: Look) -> list[float | None]:
    """Return how alike the telling cells are to how they stood, in the middle of those that show it; None: too few."""
    weight = _telling(stood, gone)
    told = []
    for look in looks:
        alike = cell_likeness(look, stood, shaken=False)
        shown = _enough(weight, alike)
        told.append(None if shown is None else float(np.median(alike[shown])))
    return told


def _telling(first: Look, last: Look) -> Array:
    """Return how much each cell counts in telling two looks apart; they add up to 1, or to 0 where none does."""
    apart = cell_likeness(first, last)
    weight = np.where(apart < APART, (APART - apart) + 0.1, 0) * first.weight
    return cast(Array, weight / max(1e-6, float(weight.sum())))


def _shown(weight: Array, to_one: Array, to_other: Array) -> float:
    return float((weight * ((to_one >= APART) & (to_one >= to_other + LEAD))).sum())


def _fall(weight: Array, before: Array, after: Array) -> float:
    """Return by how much the telling cells that were alike are less so, in the middle of them; 0: there are few."""
    shown = _enough(weight, before)
    return 0.0 if shown is None else float(np.median((before - after)[shown]))


def _enough(weight: Array, alike: Array) -> NDArray[np.bool_] | None:
    """Return the telling cells that are alike; None where there are too few.

    One cell in twelve has to be left, and three at least: the middle of fewer says nothing.
    """
    shown = (weight > 0) & (alike >= APART)
    return shown if shown.sum() >= max(3, (weight > 0).sum() // 12) else None


def _structured(one: Look, other: Look) -> NDArray[np.bool_]:
    return np.maximum(one.structure, other.structure) >= STRUCTURED


def _normalised(raw: Array) -> tuple[Array, Array]:
    """Return the patch with its light taken out, and the patch a little blurred."""
    blurred = cv2.GaussianBlur(raw, (0, 0), 0.8)
    light = cv2.GaussianBlur(blurred, (0, 0), LIGHT_SIGMA_PX)
    rest = blurred - light
    contrast = np.sqrt(cv2.GaussianBlur(rest * rest, (0, 0), LIGHT_SIGMA_PX) + NOISE_LEVELS**2)
    return (rest / contrast).astype(np.float32), cast(Array, blurred)


def _edges(blurred: Array) -> Array:
    """Return edges as vectors of doubled direction: an edge and the same edge with its sides exchanged are one."""
    across = cv2.Sobel(blurred, cv2.CV_32F, 1, 0, ksize=3, scale=0.25)
    down = cv2.Sobel(blurred, cv2.CV_32F, 0, 1, ksize=3, scale=0.25)
    strength = np.hypot(across, down)
    # The root keeps one bright edge (a lamp, a bumper in the sun) from outweighing the outline.
    keep = np.where(strength > EDGE_LEVELS, 1 / np.sqrt(np.maximum(strength, 1e-6)) / np.maximum(strength, 1e-6), 0)
    return np.dstack([(across**2 - down**2) * keep, 2 * across * down * keep]).astype(np.float32)


def _chroma(frame: VideoFrame, box_px: BoxPx, size: tuple[int, int]) -> Array | None:
    """Return each cell's mean colour less the picture's, in chroma levels; None where it is not planar."""
    told = []
    for plane, box in planes_of(frame, box_px)[1:]:
        cells = _cells(cropped(plane, box, size, RIM_PX))
        told.append(cells - float(plane[::16, ::16].mean()))
    return np.dstack(told).astype(np.float32) if told else None


def _cells(picture: NDArray[np.float32]) -> Array:
    """Return the mean of each cell; the last row and column take what is left over."""
    rows, columns = max(1, picture.shape[0] // CELL_PX), max(1, picture.shape[1] // CELL_PX)
    tall, wide = picture.shape[0] / rows, picture.shape[1] / columns
    summed = cv2.integral(picture.astype(np.float32))
    down = np.rint(np.arange(rows + 1) * tall).astype(int)
    along = np.rint(np.arange(columns + 1) * wide).astype(int)
    corner = summed[np.ix_(down, along)]
    sums = corner[1:, 1:] - corner[:-1, 1:] - corner[1:, :-1] + corner[:-1, :-1]
    return cast(Array, (sums / np.outer(np.diff(down), np.diff(along))).astype(np.float32))


def _root(squares: Array) -> Array:
    """Return the root of means of squares; where nothing is, rounding in their sums may leave a trace below zero."""
    return cast(Array, np.sqrt(np.maximum(squares, 0)))


def _aligned(one: Look, other: Look, shaken: bool) -> tuple[Array, Array]:
    """Return the other's patch and edges without the shaking space, moved to where they fit best: wind, a lorry."""
    inner = (slice(SHAKE_PX, -SHAKE_PX),) * 2
    fits = cv2.matchTemplate(other.patch, one.patch[inner], cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(fits)
    if not shaken or best < fits[SHAKE_PX, SHAKE_PX] + 0.05:
        x = y = SHAKE_PX
    rows, columns = one.patch.shape[0] - 2 * SHAKE_PX, one.patch.shape[1] - 2 * SHAKE_PX
    part = slice(y, y + rows), slice(x, x + columns)
    return other.patch[part], other.edges[part]


def _flat_likeness(one: Look, other: Look) -> Array:
    off = np.abs(one.brightness - other.brightness)
    alike = _falling(off, BRIGHTNESS)
    if one.chroma is not None and other.chroma is not None:
        alike = np.minimum(alike, _falling(np.sqrt(((one.chroma - other.chroma) ** 2).sum(axis=2)), CHROMA_LEVELS))
    return alike


def _falling(values: Array, ends: tuple[float, float]) -> Array:
    return cast(Array, np.clip((ends[1] - values) / (ends[1] - ends[0]), 0, 1))


def substance(look: Look) -> float:
    """Return how much of a box has structure to recognise, 0 to 1."""
    own = look.structure[1:-1, 1:-1] if min(look.structure.shape) > 2 else look.structure
    return float((own >= STRUCTURED).mean())


def outline_weight(
    corners: Sequence[tuple[float, float]], box: tuple[float, float, float, float], size: tuple[int, int]
) -> Array:
    """Return how much of each cell lies in a polygon, 0 to 1; corners and box in fractions of the picture."""
    wide, tall = size[0] + 2 * RIM_PX, size[1] + 2 * RIM_PX
    x, y, w, h = box
    points = [((cx - x) / w * size[0] + RIM_PX, (cy - y) / h * size[1] + RIM_PX) for cx, cy in corners]
    filled = np.zeros((tall, wide), np.uint8)
    cv2.fillPoly(filled, [np.rint(points).astype(np.int32)], 1)
    return _cells(filled.astype(np.float32))
