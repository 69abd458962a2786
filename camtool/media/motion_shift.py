"""A camera that moved: wind on its pole, a lorry going by, somebody who turned it. The whole picture shifts alike."""

from dataclasses import dataclass

import cv2
import numpy as np

from camtool.media.motion_model import Background, Field, Look, Luma

# A quarter of a small pixel is within what counts as noise anyway (motion_model.JITTER_PX).
LEAST_PX = 0.25
# A twentieth of the picture's width. What moves further is another view.
MOST_PX = 16
# Fewer separate blobs than this are things, if the rest of the picture is as quiet as it is usually; where every edge
# is off its place it is not, and hides them.
LEAST_BLOBS, UNQUIET = 4, 1.5
# The edges that say where the picture is: the steepest tenth of it. A road's texture is noise at night.
STEEPEST = 90
# Half of the edges at least must agree: at the shift, their difference is this much less than where they were. Where
# nothing shifted it is the same; at half a pixel off an edge differs by half of what it does at a pixel.
AGREE = 0.7
# Shifts this near to each other are the same place: the camera hangs there now. Estimates jitter by a tenth.
SAME_PX = 0.35


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the picture lies from where the background was learnt, in small pixels to the right and down."""

    dx_px: float
    dy_px: float

    @property
    def length_px(self) -> float:
        """How far that is."""
        return float(np.hypot(self.dx_px, self.dy_px))

    def is_near(self, other: "Shift") -> bool:
        """Say whether two shifts are one place."""
        return float(np.hypot(self.dx_px - other.dx_px, self.dy_px - other.dy_px)) <= SAME_PX


def camera_shift(background: Background, luma: Luma, look: Look) -> Shift | None:
    """Return how far the camera moved, or None where it did not or that cannot be said.

    Asked only where much stands out: it costs as much as the comparison itself.
    """
    if len(look.blobs) < LEAST_BLOBS and look.spread < UNQUIET * background.spread:
        return None
    here, there = _edges(luma.astype(np.float32)), _edges(background.mean)
    if background.ignore is not None:  # letters that are drawn over the picture stay where they are
        here[background.ignore] = there[background.ignore] = 0
    window = cv2.createHanningWindow((luma.shape[1], luma.shape[0]), cv2.CV_32F)
    shift = Shift(0.0, 0.0)
    for _ in range(2):  # the second time for the fraction of a pixel
        (dx, dy), _ = cv2.phaseCorrelate(_moved(there, shift) * window, here * window)
        shift = Shift(shift.dx_px + dx, shift.dy_px + dy)
        if not LEAST_PX <= shift.length_px <= MOST_PX:
            return None
    return shift if _apart(here, _moved(there, shift)) < AGREE * _apart(here, there) else None


def _apart(here: Field, there: Field) -> float:
    """Return how far two pictures differ at the edges of the second: at more than half of them no more than this."""
    steep = np.abs(there)
    return float(np.median(np.abs(here - there)[steep > np.percentile(steep, STEEPEST)]))


def _edges(picture: Field) -> Field:
    """Return what is finer than five small pixels, the noise of single pixels smoothed away."""
    smooth = cv2.GaussianBlur(picture, (3, 3), 0.8)
    rest = smooth - cv2.blur(smooth, (7, 7))
    return np.asarray(rest / max(float(rest.std()), 1e-3), np.float32)  # in any light


def _moved(field: Field, shift: Shift) -> Field:
    height, width = field.shape
    where = np.array([[1, 0, shift.dx_px], [0, 1, shift.dy_px]], np.float32)
    moved = cv2.warpAffine(field, where, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def shifted(background: Background, shift: Shift) -> Background:
    """Return the background as the moved camera sees it. Its margin is that of the old one, drawn out."""
    twin = background.copy()
    twin.mean, twin.variance = _moved(twin.mean, shift), _moved(twin.variance, shift)
    twin.derive()
    return twin
