"""What a watcher remembers of things: where it is always swaying, and what has come a long way."""

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

from camtool.media.motion_causes import near
from camtool.media.motion_model import Blob, Field

# Wind comes in gusts: what swayed a minute ago sways again.
FORGET_US = 60_000_000
# So long it must have swayed in that minute; one picture counts for a second at most.
SWAYS_US, ONE_LOOK_US = 3_000_000, 1_000_000
# Part of a blob that must lie where it sways, and how far a gust reaches beyond that (small pixels).
MOSTLY, BEYOND_PX = 0.8, 2
# What has moved on by its own size in so many pictures walks, drives or flies; its area may change by so much from one
# to the next.
TRACKED, OWN_SIZES, AREA_TIMES = 4, 1.0, 3.0


class Sway:
    """Remembers where something swayed, so that half of a branch is known for a part of it.

    Keyframes and frames of one file share it: it sways on while nobody looks closely.
    """

    __slots__ = ("_at_us", "_long_us")

    def __init__(self) -> None:
        self._long_us: Field = np.zeros((0, 0), np.float32)
        self._at_us = 0

    def begin(self, shape: tuple[int, ...]) -> None:
        """Be ready for pictures of this size; what is remembered of that size stays."""
        if self._long_us.shape != shape:
            self._long_us = np.zeros(shape, np.float32)

    def forget(self, at_us: int) -> None:
        """Let time pass, up to at_us; a second look at what lies before takes none."""
        if at_us > self._at_us:
            self._long_us *= np.float32(np.exp(-(at_us - self._at_us) / FORGET_US))
            self._at_us = at_us

    def note(self, where: NDArray[np.bool_], part: tuple[slice, slice], since_us: int) -> None:
        """Take in that it sways there; where is a mask of the part."""
        self._long_us[part][where] += min(since_us, ONE_LOOK_US)

    def covers(self, where: NDArray[np.bool_], part: tuple[slice, slice]) -> bool:
        """Say whether a blob lies where it has been swaying."""
        rows, columns = part
        top, left = max(0, rows.start - BEYOND_PX), max(0, columns.start - BEYOND_PX)
        around = self._long_us[top : rows.stop + BEYOND_PX, left : columns.stop + BEYOND_PX] >= SWAYS_US
        if not around.any():
            return False
        wider = cv2.dilate(around.view(np.uint8), np.ones((2 * BEYOND_PX + 1,) * 2, np.uint8))
        down, right = rows.start - top, columns.start - left
        inside = wider[down : down + where.shape[0], right : right + where.shape[1]][where]
        return bool(np.count_nonzero(inside) >= MOSTLY * inside.size)


class Track:
    """Follows what moves from picture to picture. Not for pictures seconds apart."""

    __slots__ = ("_way",)

    def __init__(self) -> None:
        self._way: deque[Blob] = deque(maxlen=TRACKED)

    def follow(self, objects: list[Blob]) -> None:
        """Take in the things of one picture, heaviest first."""
        next_ = next((blob for blob in objects if self._goes_on(blob)), None)
        if next_ is None:
            self._way.clear()
            next_ = objects[0] if objects else None
        if next_ is not None:
            self._way.append(next_)

    def knows(self, blob: Blob) -> bool:
        """Say whether a blob is what has come a long way: that is no branch now, whatever it looks like."""
        if len(self._way) < TRACKED or not self._goes_on(blob):
            return False
        (x, y, w, h), (x2, y2, w2, h2) = self._way[0].box, blob.box
        away_px = float(np.hypot(x + w / 2 - x2 - w2 / 2, y + h / 2 - y2 - h2 / 2))
        return away_px >= OWN_SIZES * float(np.sqrt(blob.area_px))

    def _goes_on(self, blob: Blob) -> bool:
        if not self._way:
            return False
        before = self._way[-1]
        return near(blob, before) and 1 / AREA_TIMES < blob.area_px / before.area_px < AREA_TIMES
