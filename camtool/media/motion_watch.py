"""Watching small luma pictures one after another: what moves in each, and what only looks as if it did."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from camtool.core.activity import WHOLE, Box, Cause, Sample
from camtool.media.motion_causes import (
    CLOSE_LOOKS,
    CROWD,
    OUTWEIGHS,
    Surface,
    beside,
    has_moved,
    is_gone,
    near,
    overlaps,
    stands_for,
    surface,
    twins,
)
from camtool.media.motion_memory import Sway, Track
from camtool.media.motion_model import LEAST_AREA, SEED, Background, Blob, Field, Look, Luma
from camtool.media.motion_shift import Shift, camera_shift, shifted

# A camera that hangs elsewhere for so long will stay there: the place is learnt anew, moved.
HANGS_US = 10_000_000
# Where the camera moved, the picture differs less from the background so moved: else that was not it.
EXPLAINED = 0.8
# A step of the whole picture's brightness by a quarter between two looks is a switch, not weather.
LIGHT_STEP = 1.25


@dataclass(frozen=True, slots=True)
class Pace:
    """How the pictures follow each other. Times in µs.

    learn_us is the time in which the background takes over two thirds of a change; lag_us how far back a blob is
    compared to see whether it moved; still_us after how long a thing that stands still becomes background, and
    gone_us the place of one that was taken away; settle_us how long after a step of light nothing is believed.
    overlap: whether pictures lie close enough for an object to overlap itself.
    """

    learn_us: int
    lag_us: int
    still_us: int
    gone_us: int
    settle_us: int
    overlap: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture's verdict: for each cause its sample, where there is any; active counts the objects that move.

    held: what moved last stands there still. left: it stood there a picture ago, and is gone. again: what moves is what
    moved last, or near it.
    """

    at_us: int
    samples: dict[Cause, Sample]
    held: bool
    left: bool
    again: bool
    cut: bool
    active: int


class Watcher:
    """Holds a background and goes through the pictures in order."""

    __slots__ = (
        "_absorbed",
        "_blobs",
        "_gain",
        "_hangs",
        "_held",
        "_last_us",
        "_moved",
        "_past",
        "_scene",
        "_settled_us",
        "_still_us",
        "_sway",
        "_taught_us",
        "_track",
        "background",
        "pace",
    )

    def __init__(self, background: Background, pace: Pace, sway: Sway | None = None) -> None:
        self.background, self.pace = background, pace
        self._past: deque[tuple[int, Field, NDArray[np.int8]]] = deque()
        self._moved: Blob | None = None
        self._held = self._absorbed = False
        self._blobs: tuple[Blob, ...] = ()
        self._still_us: Field = np.zeros(background.mean.shape, np.float32)
        self._gain: float | None = None
        self._last_us: int | None = None
        self._taught_us: int | None = None
        self._settled_us: int | None = None
        self._sway, self._track = sway or Sway(), Track()
        self._sway.begin(background.mean.shape)
        self._scene = background  # as the camera sees it in this picture: moved, if the camera is
        self._hangs: tuple[Shift, int] | None = None

    def look(self, luma: Luma, at_us: int) -> Seen:
        """Judge one picture and learn from it."""
        look, shift = self._compare(luma)
        while len(self._past) > 1 and self._past[1][0] <= at_us - self.pace.lag_us:
            self._past.popleft()
        since_us = 0 if self._last_us is None else at_us - self._last_us
        cut = self._light_step(look, at_us)
        unsettled = self._settled_us is not None and at_us < self._settled_us
        sign = (np.sign(look.z) * (look.labels > 0)).astype(np.int8)
        self._sway.forget(at_us)
        verdicts = self._verdicts(luma, look, sign, since_us, unsettled or cut)
        samples = self._samples(verdicts, luma.size, luma.shape, at_us)
        if shift is not None:
            samples[Cause.CAMERA] = Sample(at_us, max(2.0, 2 * shift.length_px))
        if cut:
            samples[Cause.LIGHT] = Sample(at_us, max(2.0, samples[Cause.LIGHT].score if Cause.LIGHT in samples else 0))
            self.background.reseed(luma)
            self._past.clear()
        else:
            self._past.append((at_us, look.z, sign))
            if shift is None:
                self._learn(luma, look, at_us)
            self._hang(shift, at_us)
        self._gain, self._last_us = look.gain if not cut else None, at_us
        self._blobs = look.blobs
        active = [blob for blob, cause in verdicts if cause is Cause.OBJECT]
        if self.pace.overlap:
            self._track.follow(active)
        before = self._moved
        again = before is None or not active or near(active[0], before)
        if active and (
            before is None or not (self._held or near(active[0], before)) or active[0].mass > before.mass / 4
        ):
            self._moved = active[0]  # not the arm of somebody who stands, nor a leaf elsewhere meanwhile
        held = before is not None and any(cause is None and stands_for(blob, before) for blob, cause in verdicts)
        left = self._held and not held and not active and not self._absorbed and not cut
        self._held = held
        return Seen(at_us, samples, held, left, again, cut, len(active))

    def restart(self, luma: Luma) -> None:
        """Begin anew with another picture: the stream changed."""
        self.background.reseed(luma)
        self._past.clear()
        self._gain = None

    def _compare(self, luma: Luma) -> tuple[Look, Shift | None]:
        """Compare a picture with the background, moved as the camera is moved, if it is."""
        self._scene = self.background
        look = self.background.compare(luma)
        shift = camera_shift(self.background, luma, look)
        if shift is None:
            return look, None
        scene = shifted(self.background, shift)
        moved = scene.compare(luma)
        if float(np.abs(moved.z).mean()) > EXPLAINED * float(np.abs(look.z).mean()):
            return look, None
        self._scene = scene
        return moved, shift

    def _hang(self, shift: Shift | None, at_us: int) -> None:
        """Note where the camera hangs; take that over once it stays there."""
        if shift is None or self._hangs is None or not shift.is_near(self._hangs[0]):
            self._hangs = None if shift is None else (shift, at_us)
        elif at_us - self._hangs[1] >= HANGS_US:
            self.background, self._hangs = self._scene, None

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
        self, luma: Luma, look: Look, sign: NDArray[np.int8], since_us: int, unsettled: bool
    ) -> list[tuple[Blob, Cause | None]]:
        """Give each blob its cause, largest first; None for what only stands there, which goes into the background."""
        self._absorbed = False
        still = np.zeros_like(self._still_us)
        moving: list[Blob] = []
        out: list[tuple[Blob, Cause | None]] = []
        for blob in sorted(look.blobs, key=lambda each: -each.mass):
            part = blob.part
            inside = look.labels[part] == blob.label
            if self._past and has_moved(look.z[part], self._past[0][1][part], inside, blob, look.believed):
                moving.append(blob)
                continue
            so_long = self._still_us[part][inside] + since_us
            still[part][inside] = so_long
            long_us = float(np.median(so_long))
            if self._scene is self.background and (
                long_us >= self.pace.still_us
                or (long_us >= self.pace.gone_us and is_gone(self.background, luma, inside, part))
            ):
                self._absorb(luma, look, blob)
            elif unsettled:
                out.append((blob, Cause.LIGHT))
            else:
                out.append((blob, None))
        self._still_us = still
        causes = self._causes(luma, look, sign, moving, since_us, unsettled)
        return sorted([*out, *zip(moving, causes, strict=True)], key=lambda each: -each[0].mass)

    def _absorb(self, luma: Luma, look: Look, blob: Blob) -> None:
        self._absorbed = self._absorbed or (self._moved is not None and stands_for(blob, self._moved))
        where = look.labels == blob.label
        self.background.absorb(luma, look, where)
        look.expected[where] = luma[where]

    def _causes(
        self, luma: Luma, look: Look, sign: NDArray[np.int8], moving: list[Blob], since_us: int, unsettled: bool
    ) -> list[Cause]:
        if unsettled:
            return [Cause.LIGHT] * len(moving)
        crowd = len(moving) >= CROWD
        usual = float(np.median([blob.mass for blob in moving])) if moving else 0.0
        nuisances: list[tuple[Blob, Cause]] = []
        causes: list[Cause] = []
        for rank, blob in enumerate(moving):
            of_a_crowd = crowd and blob.mass < OUTWEIGHS * usual
            if of_a_crowd or (self.pace.overlap and self._fleeting(look, sign, blob, crowd)):
                cause = Cause.WEATHER
            elif near := next((cause for other, cause in nuisances if beside(blob, other)), None):
                cause = near
            elif rank < CLOSE_LOOKS:
                cause = self._by_surface(luma, look, blob, since_us)
                if cause is not Cause.OBJECT:
                    nuisances.append((blob, cause))
            else:
                cause = Cause.OBJECT
            causes.append(cause)
        return causes

    def _by_surface(self, luma: Luma, look: Look, blob: Blob, since_us: int) -> Cause:
        """Judge a blob by how it looks, and by what is remembered: what came from afar, and where it always sways."""
        if self._track.knows(blob):
            return Cause.OBJECT
        seen = surface(self._scene, luma, look, blob)
        if seen in (Surface.LIGHT, Surface.DROP):
            return seen.cause
        inside = look.labels[blob.part] == blob.label
        if seen is Surface.SWAYING:
            self._sway.note(inside, blob.part, since_us)
            return Cause.WEATHER
        return Cause.WEATHER if self._sway.covers(inside, blob.part) else Cause.OBJECT

    def _fleeting(self, look: Look, sign: NDArray[np.int8], blob: Blob, crowd: bool) -> bool:
        """Say whether nothing like it was near it a moment ago; in a crowd anything may have been."""
        if not crowd and self._track.knows(blob):
            return False
        part = blob.part
        if overlaps(sign[part], self._past[-1][2][part], look.labels[part] == blob.label):
            return False
        return crowd or not any(twins(blob, other) for other in self._blobs)

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


def in_fractions(box: tuple[int, int, int, int], shape: tuple[int, ...]) -> Box:
    """Turn a box in small pixels into fractions of the picture."""
    x, y, w, h = box
    height, width = shape
    return Box(x / width, y / height, w / width, h / height) if width and height else WHOLE
