"""What a blob that changes looks like: a thing, light on a surface, a branch, or drops and insects."""

from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from camtool.core.activity import Cause
from camtool.media.motion_model import REACH_PX, SEED, Background, Blob, Field, Look, Luma

Part = tuple[slice, slice]

# Correlation of detail from which a blob is the background in another light (in place) or moved a little (nearby). Over
# n independent pixels chance alone gives 1/sqrt(n), and detail is smooth over two by two; the best of many shifts is
# higher, so nearby asks for more.
SAME_SURFACE = 0.45
CHANCE_IN_PLACE, CHANCE_NEARBY = 1.5, 3.0
# Edges that fade over ten small pixels (a thirtieth of the picture) are those of a beam or a shadow far away: measured,
# 0.02 to 0.03 for headlights, 0.2 to 0.35 for persons and cars.
SOFT = 0.1
# A bright thing whose edges take five small pixels or more is too close to the lens to be sharp: an insect or a drop in
# the light of the infrared lamps (measured 0.15 to 0.16).
BLURRED = 0.2
# An object overlaps itself from one picture to the next (a car at 60 km/h moves two of its four metres in 0.13 s);
# a rain streak, and an insect close to the lens, do not.
LEAST_OVERLAP = 0.25
# A small fast one (a motorbike far away) may not; then its like is not further off than this many of its own sizes.
TWIN_SIZES, TWIN_MASS = 1.5, 3.0
# This many separate things at once, most of them alike, are drops or flakes; what outweighs the usual one is not.
CROWD, OUTWEIGHS = 8, 5.0
# Only so many blobs are looked at closely in one picture: the largest ones, which are what makes an event.
CLOSE_LOOKS = 6
# Part of a blob that must have changed for it to be moving: an arm of a person who stands.
MOVED_PART = 0.06
# ... and by how much of its own contrast, so that a sharp edge that trembles is not taken for it.
MOVED_CONTRAST = 0.25
# A thing that was taken away leaves the outline that it had in the background, and none in the picture: an outline this
# much weaker than the background's is where something was, not where something is.
GONE_OUTLINE = 0.5


class Surface(StrEnum):
    """What a blob looks like."""

    OBJECT = "object"
    LIGHT = "light"
    DROP = "drop"
    SWAYING = "swaying"

    @property
    def cause(self) -> Cause:
        """The cause that is told of it."""
        return {Surface.OBJECT: Cause.OBJECT, Surface.LIGHT: Cause.LIGHT}.get(self, Cause.WEATHER)


def surface(background: Background, luma: Luma, look: Look, blob: Blob) -> Surface:
    """Say what a blob is by how it looks: OBJECT unless there is a reason for something else."""
    soft = background.softness(luma, look, blob)
    if soft < SOFT:
        return Surface.LIGHT
    if soft < BLURRED and blob.bright:
        return Surface.DROP
    like = background.likeness(luma, look, blob)
    independent = (blob.area_px / 4) ** 0.5
    if like.in_place >= SAME_SURFACE + CHANCE_IN_PLACE / independent:
        return Surface.LIGHT
    if like.nearby >= SAME_SURFACE + CHANCE_NEARBY / independent:
        return Surface.SWAYING
    return Surface.OBJECT


def has_moved(z: Field, before: Field, inside: NDArray[np.bool_], blob: Blob, spread: float) -> bool:
    """Say whether a blob changed; z and before are its part of the difference now and a moment ago."""
    enough = max(SEED * spread, MOVED_CONTRAST * blob.peak * spread)
    changed = np.abs(z - before)[inside] > enough
    return int(np.count_nonzero(changed)) >= max(MOVED_PART * blob.area_px, 3)


def is_gone(background: Background, luma: Luma, inside: NDArray[np.bool_], part: Part) -> bool:
    """Say whether a blob is where a thing stood that the background still has."""
    mask = np.pad(inside.astype(np.uint8), 1)
    rim = (cv2.dilate(mask, np.ones((3, 3), np.uint8)) - cv2.erode(mask, np.ones((3, 3), np.uint8)))[1:-1, 1:-1] > 0
    if not rim.any():
        return False
    here, there = _steepness(luma[part].astype(np.float32)), _steepness(background.mean[part])
    return float(np.mean(here[rim])) < GONE_OUTLINE * float(np.mean(there[rim]))


def overlaps(sign: NDArray[np.int8], before: NDArray[np.int8], inside: NDArray[np.bool_]) -> bool:
    """Say whether a blob lies partly where one of its sign lay a moment ago."""
    alike = before[inside] == sign[inside]
    return bool(np.count_nonzero(alike) >= LEAST_OVERLAP * alike.size)


def _steepness(patch: Field) -> Field:
    dx = cv2.Sobel(patch, cv2.CV_32F, 1, 0, scale=0.125)
    dy = cv2.Sobel(patch, cv2.CV_32F, 0, 1, scale=0.125)
    steep: Field = np.sqrt(dx * dx + dy * dy)
    return steep


def twins(blob: Blob, before: Blob) -> bool:
    """Say whether a blob can be what `before` was a moment ago: as heavy, and not far away for its size."""
    if blob.bright != before.bright or not 1 / TWIN_MASS < blob.mass / before.mass < TWIN_MASS:
        return False
    (x, y, w, h), (x2, y2, w2, h2) = blob.box, before.box
    away_px = float(np.hypot(x + w / 2 - x2 - w2 / 2, y + h / 2 - y2 - h2 / 2))
    return away_px <= TWIN_SIZES * float(np.sqrt(blob.area_px))


def stands_for(blob: Blob, moved: Blob) -> bool:
    """Say whether what stands still now can be what moved last: in the same place, and of its size."""
    return near(blob, moved) and 0.25 < blob.area_px / moved.area_px < 4


def near(blob: Blob, other: Blob) -> bool:
    """Say whether two boxes touch."""
    (x, y, w, h), (x2, y2, w2, h2) = blob.box, other.box
    return x <= x2 + w2 and x2 <= x + w and y <= y2 + h2 and y2 <= y + h


def beside(blob: Blob, larger: Blob) -> bool:
    """Say whether a blob is a rim of a larger one: it touches it, and is not half as heavy."""
    x, y, w, h = blob.box
    x2, y2, w2, h2 = larger.box
    apart = REACH_PX
    touches = x <= x2 + w2 + apart and x2 <= x + w + apart and y <= y2 + h2 + apart and y2 <= y + h + apart
    return touches and blob.mass < 0.5 * larger.mass
