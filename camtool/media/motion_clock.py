"""The on-screen clock, found by itself: at the picture's margin, small, changing with every second for ever."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from camtool.media.motion_model import Luma

# Digits are drawn to be read: shrunk to 320 px wide, over a bright wall, their strokes still change by this much
# (levels of 255), and by this many times what the picture changes anyway.
STROKE, STROKE_NOISES = 8, 8.0
# A segment of the seconds' last digit differs between two random digits about every second time, one of the tens every
# third; a road is as busy only when the whole picture is.
OFTEN = 0.3
# Fewer pairs of pictures than this do not show that it goes on for ever.
LEAST_PAIRS = 5
# Where recorders put it: in the outer sixth of the picture; digits are 1/60 to 1/12 of its height.
MARGIN, TALLEST = 1 / 6, 1 / 12
# Two digits side by side, perhaps four: not wider than six of their heights.
WIDEST = 6
# Where more of the picture changes as often, it is not the clock alone, and what is its clock cannot be said.
BUSY = 0.01
# How far the rest of the line reaches, in digit heights: hours, minutes and the date before the seconds, "AM" behind.
BEFORE, BEHIND = 14.0, 3.0


def find_clock(pictures: Sequence[Luma]) -> tuple[float, float, float, float] | None:
    """Return the box of the clock's line (x, y, w, h in fractions), or None where none is seen.

    pictures are small luma pictures at least a second apart, in order.
    """
    if len(pictures) <= LEAST_PAIRS:
        return None
    height, width = pictures[0].shape
    times = np.zeros((height, width), np.float32)
    for before, after in pairwise(pictures):
        difference = cv2.absdiff(before, after)
        times += difference > max(STROKE, STROKE_NOISES * float(difference[::2, ::2].mean()))
    often = (times >= OFTEN * (len(pictures) - 1)).astype(np.uint8)
    if not often.any() or often.mean() > BUSY:
        return None
    near = cv2.morphologyEx(often, cv2.MORPH_CLOSE, np.ones((3, 5), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(near)
    best: tuple[float, float, float, float] | None = None
    most = 3  # pixels: less is noise
    for number in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[number])
        at_margin = y + h <= MARGIN * height or y >= (1 - MARGIN) * height
        if not at_margin or h > TALLEST * height or w > WIDEST * max(h, 2) or area <= most:
            continue
        most = area
        tall = max(h, 3)
        left, right = max(0.0, x - BEFORE * tall), min(float(width), x + w + BEHIND * tall)
        top, below = max(0, y - 2), min(height, y + h + 2)
        best = (left / width, top / height, (right - left) / width, (below - top) / height)
    return best
