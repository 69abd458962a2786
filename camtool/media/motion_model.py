"""A still camera's background on small luma pictures, and what stands out of one picture against it.

All pictures here are luma, uint8 (height, width), about 320 px wide: at that width the noise of six or more sensor
pixels is averaged into one, and a person 45 px tall in a 1080p picture is still seven pixels tall.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from camtool.core.noise import LightNoise

Luma = NDArray[np.uint8]
Field = NDArray[np.float32]

# Side of the cells in which light is compared. A headlight, a cloud's edge or a lamp spreads over a tenth of the
# picture and more; a walker does not fill a cell.
CELL_PX = 8
# Quantisation and the encoder's smoothing leave real noise below this unseen, so no smaller sigma is believed (levels).
LEAST_SIGMA = 0.7
# A camera on a pole moves by a fraction of a shrunk pixel in the wind, and an encoder moves edges as much: this part of
# the local gradient counts as noise.
JITTER_PX = 0.25
# A blob is grown from a seed that stands out clearly (in spreads of the filtered picture) over what still stands out.
# With Gaussian noise 57,600 pixels give one false seed in 100,000 pictures at 7; recordings have heavier tails.
SEED, GROW = 8.0, 4.0
# What an encoder at a usual bitrate leaves behind a moving thing, or makes of noise, is up to this many luma levels
# once filtered (measured at 2 Mbit/s, 1080p); a person at a third of full contrast shows 25.
LEAST_LEVELS = 4.0
# The smallest blob, as a fraction of the picture: a person of a twenty-fourth of the picture's height, in profile.
LEAST_AREA = 1.8e-4
# How far a swaying branch or a shaken camera moves things: 1/50 of the picture's width.
REACH_PX = 6


@dataclass(frozen=True, slots=True)
class Blob:
    """Connected pixels that stand out. box is (x, y, w, h) in small pixels; area_px counts them.

    mass is how far they stand out, summed, and peak how far at most (in spreads); bright says whether they are brighter
    than the background. label is their number in Look.labels.
    """

    label: int
    box: tuple[int, int, int, int]
    area_px: int
    mass: float
    peak: float
    bright: bool

    @property
    def part(self) -> tuple[slice, slice]:
        """Its box as an index."""
        x, y, w, h = self.box
        return slice(y, y + h), slice(x, x + w)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Correlation of a blob's detail with the background's, -1 to 1, in place and at the best shift nearby.

    High in place: the same surface in another light. High at a shift: the same surface moved, as a branch does.
    """

    in_place: float
    nearby: float


@dataclass(frozen=True, slots=True)
class Look:
    """One picture compared with the background.

    gain is its brightness against it; spread that of z (in sigmas) in this picture, believed the one that blobs were
    measured by: never less than what was learnt. changed is the part of the picture that stands out.
    """

    blobs: tuple[Blob, ...]
    gain: float
    spread: float
    believed: float
    changed: float
    z: Field
    labels: NDArray[np.int32]
    expected: Field


class Background:
    """What the camera sees when nothing moves: mean and variance of each small pixel."""

    __slots__ = ("_detail", "_edges", "_lit", "_sigma", "_small", "ignore", "mean", "spread", "variance")

    def __init__(self, first: Luma, noise: LightNoise, ignore: NDArray[np.bool_] | None = None) -> None:
        self.mean: Field = first.astype(np.float32)
        self.variance: Field = np.full(first.shape, max(noise.sigma, LEAST_SIGMA) ** 2, np.float32)
        self.spread = noise.spread
        self.ignore = ignore
        seen = np.ones(first.shape, np.float32) if ignore is None else 1 - ignore.astype(np.float32)
        # a cell with a letter in it is no measure of light: letters are drawn over it
        self._lit: Field = (_cells(seen) > 0.999).astype(np.float32)
        if self._lit.sum() < 12:
            self._lit[:] = 1
        self.derive()

    def copy(self) -> "Background":
        """Return an equal one that goes its own way."""
        twin = object.__new__(Background)
        twin.mean, twin.variance = self.mean.copy(), self.variance.copy()
        twin.spread, twin.ignore, twin._lit = self.spread, self.ignore, self._lit
        twin._edges, twin._small, twin._detail = self._edges, self._small, self._detail  # replaced, never changed
        twin._sigma = self._sigma
        return twin

    def derive(self) -> None:
        """Work out what follows from the mean and the variance, after they were changed."""
        dx = cv2.Sobel(self.mean, cv2.CV_32F, 1, 0, scale=0.125)
        dy = cv2.Sobel(self.mean, cv2.CV_32F, 0, 1, scale=0.125)
        self._edges: Field = (dx * dx + dy * dy) * np.float32(JITTER_PX**2)
        self._small = _cells(self.mean)
        self._detail = _detail(self.mean)
        self._sigma = max(float(np.sqrt(np.median(self.variance))), LEAST_SIGMA)

    def compare(self, luma: Luma) -> Look:
        """Compare one picture with the background, light differences taken out."""
        gain, expected = self._in_this_light(luma)
        difference = luma.astype(np.float32) - expected
        z = difference / np.sqrt(self.variance * max(gain, 0.3) ** 2 + self._edges * gain**2)
        filtered = cv2.GaussianBlur(z, (5, 5), 1.1)
        if self.ignore is not None:
            filtered[self.ignore] = 0
        own = float(np.median(np.abs(filtered[::3, ::3]))) * 1.4826
        spread = max(own, self.spread)
        magnitude = np.abs(filtered)
        floor = LEAST_LEVELS / self._sigma
        grown = (magnitude > GROW * spread).view(np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
        blobs = []
        least = LEAST_AREA * luma.size
        for number in range(1, count):
            x, y, w, h, area = (int(v) for v in stats[number])
            if area < least:
                continue
            part = (slice(y, y + h), slice(x, x + w))
            inside = labels[part] == number
            values = magnitude[part][inside]
            peak = float(values.max()) / spread
            if peak < SEED or peak * spread < floor:
                continue
            mass = float(values.sum()) / spread
            bright = float(filtered[part][inside].sum()) > 0
            blobs.append(Blob(number, (x, y, w, h), area, mass, peak, bright))
        changed = float(np.count_nonzero(grown)) / luma.size
        return Look(
            tuple(blobs), gain, own, spread, changed, cast(Field, filtered), cast(NDArray[np.int32], labels), expected
        )

    def _in_this_light(self, luma: Luma) -> tuple[float, Field]:
        here, there = _cells(luma), self._small
        lit = self._lit > 0
        gain, offset = _line(there[lit], here[lit])
        rest = here - (gain * there + offset)
        tolerance = 3 * 1.4826 * float(np.median(np.abs(rest))) + 2
        weight = (np.abs(rest) < tolerance).astype(np.float32) * self._lit
        kernel = (5, 5)
        local = cv2.blur(rest * weight, kernel) / np.maximum(cv2.blur(weight, kernel), 0.2)
        field = cv2.resize(local, (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_LINEAR)
        return gain, self.mean * np.float32(gain) + (np.float32(offset) + field)

    def likeness(self, luma: Luma, look: Look, blob: Blob) -> Likeness:
        """Correlate the detail of what stands out with the background's: in place, and moved by up to REACH_PX."""
        inside = (look.labels[blob.part] == blob.label).astype(np.float32)
        here, there = _around(_detail(luma.astype(np.float32)), blob.box), _around(self._detail, blob.box)
        moved = _matches(here, there, inside)
        uncovered = _matches(there, here, inside)
        in_place = float(moved[REACH_PX, REACH_PX])
        return Likeness(in_place, float(max(moved.max(), uncovered.max())))

    def softness(self, luma: Luma, look: Look, blob: Blob) -> float:
        """Return the steepest edge of what stands out, per small pixel, as a part of its height.

        A thing ends within two small pixels (0.2 to 0.35 after the smoothing here), light fades over many.
        """
        x, y, w, h = blob.box
        height, width = luma.shape
        part = (slice(max(0, y - 3), min(height, y + h + 3)), slice(max(0, x - 3), min(width, x + w + 3)))
        difference = cv2.GaussianBlur(luma[part].astype(np.float32) - look.expected[part], (7, 7), 1.2)
        dx = cv2.Sobel(difference, cv2.CV_32F, 1, 0, scale=0.125)
        dy = cv2.Sobel(difference, cv2.CV_32F, 0, 1, scale=0.125)
        inside = look.labels[part] == blob.label
        steep = np.sqrt((dx * dx + dy * dy)[inside])
        high = np.abs(difference[inside])
        tallest = float(np.percentile(high, 95))
        return float(np.percentile(steep, 95)) / tallest if tallest > 0 else 1.0

    def update(self, luma: Luma, look: Look, rate: float) -> None:
        """Learn: rate is the weight of this picture. Where something stands out, only the light is learnt."""
        quiet = look.labels == 0
        difference = luma.astype(np.float32) - look.expected
        step = np.float32(rate)
        self.mean += step * (np.where(quiet, luma, look.expected) - self.mean)
        square = np.minimum(difference * difference, 25 * self.variance)
        self.variance += np.where(quiet, step, np.float32(0)) * (square - self.variance)
        np.maximum(self.variance, LEAST_SIGMA**2, out=self.variance)
        self.spread += rate * (look.spread - self.spread)
        self.derive()

    def absorb(self, luma: Luma, look: Look, where: NDArray[np.bool_]) -> None:
        """Take over what stands there now as background, in the light that the rest was learnt in."""
        self.mean[where] += (luma[where] - look.expected[where]) / max(look.gain, 0.3)
        self.derive()

    def reseed(self, luma: Luma) -> None:
        """Begin anew with this picture; what was learnt about the noise of each pixel no longer holds either."""
        self.mean = luma.astype(np.float32)
        self.variance[:] = np.median(self.variance)
        self.derive()


def _detail(picture: Field) -> Field:
    """Return what is finer than five small pixels: it survives a change of light, and shows what surface it is."""
    rest: Field = picture - cv2.blur(picture, (5, 5))
    return rest


def _around(field: Field, box: tuple[int, int, int, int]) -> Field:
    x, y, w, h = box
    padded = cv2.copyMakeBorder(field, *(REACH_PX,) * 4, cv2.BORDER_REFLECT)
    around: Field = np.ascontiguousarray(padded[y : y + h + 2 * REACH_PX, x : x + w + 2 * REACH_PX])
    return around


def _matches(what: Field, where: Field, inside: Field) -> Field:
    """Correlate what lies inside, taken from the middle of `what`, with every place within reach in `where`."""
    centre = what[REACH_PX:-REACH_PX, REACH_PX:-REACH_PX] * inside
    dots = cv2.matchTemplate(where, centre, cv2.TM_CCORR)
    powers = cv2.matchTemplate(where * where, inside, cv2.TM_CCORR)
    match: Field = dots / np.sqrt(np.maximum(powers * float((centre * centre).sum()), 1e-3))
    return match


def _cells(picture: Luma | Field) -> Field:
    height, width = picture.shape
    size = (max(4, width // CELL_PX), max(4, height // CELL_PX))
    small: Field = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return small


def _line(x: Field, y: Field) -> tuple[float, float]:
    """Fit y = gain * x + offset over the cells that agree, starting from the medians."""
    keep = np.ones(x.size, bool)
    gain, offset = 1.0, float(np.median(y - x))
    for _ in range(4):
        rest = y - (gain * x + offset)
        keep = np.abs(rest) <= 2.5 * 1.4826 * float(np.median(np.abs(rest))) + 0.5
        if keep.sum() < 8:
            break
        a, b = x[keep], y[keep]
        spread = float(a.std())
        if spread < 2:  # a black picture says nothing about gain
            offset = float((b - gain * a).mean())
            continue
        gain = float(((a - a.mean()) * (b - b.mean())).mean()) / spread**2
        gain = min(max(gain, 0.05), 20.0)
        offset = float(b.mean() - gain * a.mean())
    return gain, offset
