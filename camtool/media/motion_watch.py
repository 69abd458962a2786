"""Watching small luma pictures one after another: what moves in each, and what only looks as if it did."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from camtool.core.activity import WHOLE, Box, Cause, Sample
from camtool.media.motion_model import LEAST_AREA, REACH_PX, SEED, Background, Blob, Field, Look, Luma

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
# A step of the whole picture's brightness by a quarter between two looks is a switch, not weather.
LIGHT_STEP = 1.25
# This many separate things at once, most of them alike, are drops or flakes; what outweighs the usual one is not.
CROWD, OUTWEIGHS = 8, 5.0
# Only so many blobs are looked at closely in one picture: the largest ones, which are what makes an event.
CLOSE_LOOKS = 6
# Part of a blob that must have changed for it to be moving: an arm of a person who stands.
MOVED_PART = 0.06


@dataclass(frozen=True, slots=True)
class Pace:
    """How the pictures follow each other. Times in µs.

    learn_us is the time in which the background takes over two thirds of a change; lag_us how far back a blob is
    compared to see whether it moved; still_us after how long a thing that stands still becomes background; settle_us
    how long after a step of light nothing is believed. overlap: whether pictures lie close enough for an object to
    overlap itself.
    """

    learn_us: int
    lag_us: int
    still_us: int
    settle_us: int
    overlap: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture's verdict: for each cause its sample, where there is any."""

    at_us: int
    samples: dict[Cause, Sample]
    held: bool
    cut: bool
    active: int


class Watcher:
    """Holds a background and goes through the pictures in order."""

    __slots__ = (
        "_blobs",
        "_gain",
        "_last_us",
        "_past",
        "_settled_us",
        "_standing",
        "_still_us",
        "_taught_us",
        "background",
        "pace",
    )

    def __init__(self, background: Background, pace: Pace) -> None:
        self.background, self.pace = background, pace
        self._past: deque[tuple[int, Field, NDArray[np.int8]]] = deque()
        self._blobs: tuple[Blob, ...] = ()
        self._still_us: Field = np.zeros(background.mean.shape, np.float32)
        self._gain: float | None = None
        self._last_us: int | None = None
        self._taught_us: int | None = None
        self._settled_us: int | None = None

    def look(self, luma: Luma, at_us: int) -> Seen:
        """Judge one picture and learn from it."""
        look = self.background.compare(luma)
        while len(self._past) > 1 and self._past[1][0] <= at_us - self.pace.lag_us:
            self._past.popleft()
        since_us = 0 if self._last_us is None else at_us - self._last_us
        cut = self._light_step(look, at_us)
        unsettled = self._settled_us is not None and at_us < self._settled_us
        sign = (np.sign(look.z) * (look.labels > 0)).astype(np.int8)
        verdicts = self._verdicts(luma, look, sign, at_us, since_us, unsettled or cut)
        samples = self._samples(verdicts, luma.size, luma.shape, at_us)
        if cut:
            samples[Cause.LIGHT] = Sample(at_us, max(2.0, samples[Cause.LIGHT].score if Cause.LIGHT in samples else 0))
            self.background.reseed(luma)
            self._past.clear()
        else:
            self._past.append((at_us, look.z, sign))
            self._learn(luma, look, at_us)
        self._gain, self._last_us = look.gain if not cut else None, at_us
        self._blobs = look.blobs
        held = len(look.blobs) < CROWD and any(cause is None for _, cause in verdicts)
        active = sum(cause is Cause.OBJECT for _, cause in verdicts)
        return Seen(at_us, samples, held, cut, active)

    def restart(self, luma: Luma) -> None:
        """Begin anew with another picture: the stream changed."""
        self.background.reseed(luma)
        self._past.clear()
        self._gain = None

    def _light_step(self, look: Look, at_us: int) -> bool:
        before = 1.0 if self._gain is None else self._gain
        ratio = look.gain / before if before > 0 else 1.0
        if 1 / LIGHT_STEP < ratio < LIGHT_STEP:
            return False
        self._settled_us = at_us + self.pace.settle_us
        return True

    def _learn(self, luma: Luma, look: Look, at_us: int) -> None:
        if self._taught_us is None or at_us - self._taught_us >= min(self.pace.learn_us // 15, 1_000_000):
            since_us = self.pace.learn_us // 15 if self._taught_us is None else at_us - self._taught_us
            self.background.update(luma, look, min(0.3, since_us / self.pace.learn_us))
            self._taught_us = at_us

    def _verdicts(
        self, luma: Luma, look: Look, sign: NDArray[np.int8], at_us: int, since_us: int, unsettled: bool
    ) -> list[tuple[Blob, Cause | None]]:
        """Give each blob its cause; None for what only stands there."""
        order = sorted(range(len(look.blobs)), key=lambda n: -look.blobs[n].mass)
        nuisances: list[tuple[Blob, Cause]] = []
        usual = float(np.median([blob.mass for blob in look.blobs])) if look.blobs else 0.0
        out: list[tuple[Blob, Cause | None]] = []
        absorbed: list[Blob] = []
        still = np.zeros_like(self._still_us)
        for rank, number in enumerate(order):
            blob = look.blobs[number]
            x, y, w, h = blob.box
            part = (slice(y, y + h), slice(x, x + w))
            inside = look.labels[part] == blob.label
            if not self._moved(look, blob, part, inside):
                so_long = self._still_us[part][inside] + since_us
                still[part][inside] = so_long
                if float(np.median(so_long)) >= self.pace.still_us:
                    absorbed.append(blob)
                out.append((blob, Cause.LIGHT if unsettled else None))
                continue
            if unsettled:
                out.append((blob, Cause.LIGHT))
            elif self._fleeting(look, blob, sign, part, inside, usual):
                out.append((blob, Cause.WEATHER))
            elif beside := next((cause for other, cause in nuisances if _beside(blob, other)), None):
                out.append((blob, beside))
            elif rank < CLOSE_LOOKS:
                cause = self._surface(luma, look, number)
                if cause is not Cause.OBJECT:
                    nuisances.append((blob, cause))
                out.append((blob, cause))
            else:
                out.append((blob, Cause.OBJECT))
        self._still_us = still
        for blob in absorbed:
            where = look.labels == blob.label
            self.background.absorb(luma, look, where)
            look.expected[where] = luma[where]
        return out

    def _moved(self, look: Look, blob: Blob, part: tuple[slice, slice], inside: NDArray[np.bool_]) -> bool:
        if not self._past:
            return True
        _, before, _ = self._past[0]
        spread = max(look.spread, self.background.spread)
        changed = np.abs(look.z[part] - before[part])[inside] > SEED * spread
        return float(np.count_nonzero(changed)) >= max(MOVED_PART * blob.area_px, 3)

    def _fleeting(
        self,
        look: Look,
        blob: Blob,
        sign: NDArray[np.int8],
        part: tuple[slice, slice],
        inside: NDArray[np.bool_],
        usual: float,
    ) -> bool:
        """Say whether it is one of a crowd of its like, or was nowhere near a moment ago."""
        crowd = len(look.blobs) >= CROWD
        if crowd and blob.mass < OUTWEIGHS * usual:
            return True
        if not self.pace.overlap or self._overlaps(sign, part, inside):
            return False
        return crowd or not any(_twins(blob, other) for other in self._blobs)

    def _overlaps(self, sign: NDArray[np.int8], part: tuple[slice, slice], inside: NDArray[np.bool_]) -> bool:
        if not self._past:
            return False
        before = self._past[-1][2][part][inside]
        return float(np.count_nonzero(before == sign[part][inside])) >= LEAST_OVERLAP * before.size

    def _surface(self, luma: Luma, look: Look, number: int) -> Cause:
        soft = self.background.softness(luma, look, look.blobs[number])
        if soft < SOFT:
            return Cause.LIGHT
        if soft < BLURRED and look.blobs[number].bright:
            return Cause.WEATHER
        like = self.background.likeness(luma, look, number)
        independent = (look.blobs[number].area_px / 4) ** 0.5
        if like.in_place >= SAME_SURFACE + CHANCE_IN_PLACE / independent:
            return Cause.LIGHT
        if like.nearby >= SAME_SURFACE + CHANCE_NEARBY / independent:
            return Cause.WEATHER
        return Cause.OBJECT

    def _samples(
        self, verdicts: list[tuple[Blob, Cause | None]], size: int, shape: tuple[int, ...], at_us: int
    ) -> dict[Cause, Sample]:
        masses: dict[Cause, float] = {}
        largest: dict[Cause, Blob] = {}
        for blob, cause in verdicts:  # largest mass first
            if cause is not None:
                masses[cause] = masses.get(cause, 0.0) + blob.mass
                largest.setdefault(cause, blob)
        just_visible = SEED * LEAST_AREA * size
        return {
            cause: Sample(at_us, (mass / just_visible) ** 0.5, in_fractions(largest[cause].box, shape))
            for cause, mass in masses.items()
        }


def _twins(blob: Blob, before: Blob) -> bool:
    if blob.bright != before.bright or not 1 / TWIN_MASS < blob.mass / before.mass < TWIN_MASS:
        return False
    (x, y, w, h), (x2, y2, w2, h2) = blob.box, before.box
    away_px = float(np.hypot(x + w / 2 - x2 - w2 / 2, y + h / 2 - y2 - h2 / 2))
    return away_px <= TWIN_SIZES * float(np.sqrt(blob.area_px))


def _beside(blob: Blob, larger: Blob) -> bool:
    """Say whether a blob is a rim of a larger one: it touches it, and is not half as heavy."""
    x, y, w, h = blob.box
    x2, y2, w2, h2 = larger.box
    apart = REACH_PX
    touches = x <= x2 + w2 + apart and x2 <= x + w + apart and y <= y2 + h2 + apart and y2 <= y + h + apart
    return touches and blob.mass < 0.5 * larger.mass


def in_fractions(box: tuple[int, int, int, int], shape: tuple[int, ...]) -> Box:
    """Turn a box in small pixels into fractions of the picture."""
    x, y, w, h = box
    height, width = shape
    return Box(x / width, y / height, w / width, h / height) if width and height else WHOLE
