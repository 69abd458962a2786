"""In which of two looks a thing stands, and which is the ground without it.

A thing has an outline where the ground goes on, and it differs from what is around it; the ground looks as it does
around. Both are long-known signs that tell a thing left behind from one taken away (a survey: Lin et al., "Abandoned
object detection via temporal consistency modeling", IEEE TIFS 2015, section II).
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from camtool.media.crop import Array, BoxPx, cropped, planes_of

# The box is 32 px of these 64; half its size around it is ground, or other things.
SCENE_PX, BOX_PX = 64, 32
# Pixels that changed: by more than noise, and by more than this in luma or chroma levels.
CHANGED_LEVELS, NOISES = 10.0, 4.0
# From this score on it is said which of the two it is. Both signs give 0.5 to 2 on the clips measured (docs/when.md).
CERTAIN = 0.12
BINS = 16
# A box drawn close around a thing may cut off a little of it, and a thing throws a shadow: so what changed goes on
# beyond the box only where it does so a quarter of the box away (8 of its 32 px).
BEYOND_PX = 8
# What lies in the box and belongs to the change, not to a speck beside it: a tenth of what changed there.
PART = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A box with its surroundings, (SCENE_PX, SCENE_PX, planes) in levels: luma, both chroma in colour.

    in_picture is (top, bottom, left, right): whether the picture goes on BEYOND_PX beyond that side of the box.
    """

    levels: Array
    in_picture: tuple[bool, bool, bool, bool] = (True, True, True, True)


def scene_of(frame: VideoFrame, box_px: BoxPx) -> Scene:
    """Cut it out; beyond the picture's edge the last line is repeated."""
    border = (SCENE_PX - BOX_PX) // 2
    planes = [cropped(plane, box, (BOX_PX, BOX_PX), border) for plane, box in planes_of(frame, box_px)]
    x, y, w, h = box_px
    down, along = h * BEYOND_PX / BOX_PX, w * BEYOND_PX / BOX_PX
    sides = y >= down, y + h + down <= frame.height, x >= along, x + w + along <= frame.width
    return Scene(np.dstack(planes), sides)


def where(one: Scene, other: Scene) -> float:
    """Return > 0 where a thing stands in one, < 0 in other, 0 where it cannot be told."""
    depth = min(one.levels.shape[2], other.levels.shape[2])
    first, last = one.levels[:, :, :depth], other.levels[:, :, :depth]
    mask = _changed(first, last)
    if mask.sum() < 12:
        return 0.0
    wide = cv2.dilate(mask, np.ones((5, 5), np.uint8))
    ring = (cv2.dilate(wide, np.ones((9, 9), np.uint8)) > 0) & (wide == 0)
    edge = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    outline = np.log((_outline(first, edge) + 2) / (_outline(last, edge) + 2))
    stands_out = 0.0
    if ring.sum() >= 40:
        stands_out = _unlike(first, mask > 0, ring) - _unlike(last, mask > 0, ring)
    score = float(outline + 1.5 * stands_out)
    return score if abs(score) >= CERTAIN else 0.0


def beyond(one: Scene, other: Scene) -> float:
    """Return along how much of a side of the box (0 to 1, the side with the most) the change goes on well beyond it."""
    depth = min(one.levels.shape[2], other.levels.shape[2])
    mask = _closed(_off(one.levels[:, :, :depth], other.levels[:, :, :depth]))
    near, far = (SCENE_PX - BOX_PX) // 2, (SCENE_PX + BOX_PX) // 2
    _, numbers = cv2.connectedComponents(mask)
    within = numbers[near:far, near:far]
    counts = np.bincount(within[within > 0], minlength=1)
    whole = np.isin(numbers, np.flatnonzero(counts > PART * counts.sum()))
    first, last = near - BEYOND_PX, far + BEYOND_PX - 1
    lines = whole[first], whole[last], whole[:, first], whole[:, last]
    known = zip(lines, one.in_picture, other.in_picture, strict=True)
    return max((min(1.0, float(line.sum()) / BOX_PX) for line, mine, its in known if mine and its), default=0.0)


def _changed(first: Array, last: Array) -> NDArray[np.uint8]:
    """Return which pixels of the box, and a little around it, are others, as 0 and 1."""
    border = (SCENE_PX - BOX_PX) // 2
    inside = np.zeros(first.shape[:2], np.uint8)
    inside[border - 3 : 3 - border, border - 3 : 3 - border] = 1
    return _closed(_off(first, last) * inside)


def _closed(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cast("NDArray[np.uint8]", cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)))


def _off(first: Array, last: Array) -> NDArray[np.uint8]:
    """Return which pixels differ by more than noise and light, which is taken out by the rim."""
    border = (SCENE_PX - BOX_PX) // 2
    rim = np.ones(first.shape[:2], bool)
    rim[border // 2 : -border // 2, border // 2 : -border // 2] = False
    shifts = np.median((last - first)[rim], axis=0)
    off = np.abs(cv2.GaussianBlur(last - first - shifts, (0, 0), 0.8)).reshape(*first.shape)
    noise = np.median(off[rim], axis=0)
    return cast("NDArray[np.uint8]", (off > np.maximum(CHANGED_LEVELS, NOISES * noise)).any(axis=2).astype(np.uint8))


def _outline(levels: Array, edge: NDArray[np.bool_]) -> float:
    """Return how strong the edges are along a line, in levels per px."""
    across = cv2.Sobel(levels, cv2.CV_32F, 1, 0, ksize=3, scale=0.25).reshape(*levels.shape)
    down = cv2.Sobel(levels, cv2.CV_32F, 0, 1, ksize=3, scale=0.25).reshape(*levels.shape)
    return float(np.hypot(across, down).sum(axis=2)[edge].mean())


def _unlike(levels: Array, mask: NDArray[np.bool_], ring: NDArray[np.bool_]) -> float:
    """Return how unlike a region and its surroundings are, 0 to 1, by the overlap of their histograms."""
    unlike = []
    for plane in range(levels.shape[2]):
        values = levels[:, :, plane]
        # Chroma spans less: a bin of four levels there, of sixteen in luma.
        step = 16 if plane == 0 else 4
        parts = []
        for region in (mask, ring):
            counts, _ = np.histogram(values[region], BINS * 4, (0, BINS * 4 * step / (4 if plane == 0 else 1)))
            smooth = np.convolve(counts, (0.25, 0.5, 0.25), "same")
            parts.append(smooth / max(1.0, float(smooth.sum())))
        unlike.append(1 - float(np.minimum(*parts).sum()))
    return max(unlike)
