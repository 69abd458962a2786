"""What the stages of the cascade have in common: one small protocol, and what goes in and comes out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from camtool.core.activity import Event
from camtool.core.model import Span
from camtool.core.noise import CameraNoise
from camtool.core.zone import Zone
from camtool.media.luma import Film
from camtool.media.motion_model import Background


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of a camera: where to look, where not, how noisy it is. No zones: everywhere."""

    zones: tuple[Zone, ...] = ()
    masks: tuple[Zone, ...] = ()
    noise: CameraNoise = field(default_factory=CameraNoise)

    def ignored(self, shape: tuple[int, ...], clock: tuple[float, float, float, float] | None) -> NDArray[np.bool_]:
        """Return which small pixels do not count."""
        height, width = shape
        ignored = np.full((height, width), 1 if self.zones else 0, np.uint8)
        for zone in self.zones:
            _fill(ignored, zone, 0)
        for mask in self.masks:
            _fill(ignored, mask, 1)
        if clock is not None:
            x, y, w, h = clock
            ignored[int(y * height) : round((y + h) * height), int(x * width) : round((x + w) * width)] = 1
        return ignored.astype(bool)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a stage found, and what a closer stage would have to look at.

    event is None where nothing was seen but a closer look is asked for all the same. stretch goes from the last
    keyframe before to the first one after; inner from the first to the last that shows it; sure says that those between
    show it too, and lie close. before and after are the scene at both ends, for a stage that goes on from there.
    """

    event: Event | None
    stretch: Span
    inner: Span | None = None
    sure: bool = False
    before: Background | None = None
    after: Background | None = None


class Stage(Protocol):
    """One way of finding events in a file, able to run alone."""

    def findings(self, film: Film, scene: Scene, asked: Iterable[Finding] | None = None) -> Iterator[Finding]:
        """Yield what is found, in time order. asked are the findings to look at more closely; None is the whole file.

        Damage is noted in film.read; nothing is raised for it.
        """
        ...


def _fill(ignored: NDArray[np.uint8], zone: Zone, value: int) -> None:
    height, width = ignored.shape
    corners = np.array([[(round(x * width), round(y * height)) for x, y in zone.corners]], np.int32)
    cv2.fillPoly(ignored, [corners], (value,))
