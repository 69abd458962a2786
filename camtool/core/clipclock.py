"""What both clocks showed at a time of a clip, from what its proof says of each recording it was cut from. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClipStretch:
    """A part of a clip from one recording: from and to in µs of the clip, and the camera time of both ends, µs UTC."""

    start_us: int
    end_us: int
    camera_start_us: int
    camera_end_us: int


def camera_us_at(stretches: Sequence[ClipStretch], at_us: int) -> int | None:
    """Return the camera time of an instant of the clip, by proportion within its stretch; None without stretches.

    stretches are in order. Before the first and after the last one a clip's time runs as the camera's.
    """
    if not stretches:
        return None
    place = max(0, bisect_right(stretches, at_us, key=lambda stretch: stretch.start_us) - 1)
    stretch = stretches[place]
    gone_us = at_us - stretch.start_us
    length_us = stretch.end_us - stretch.start_us
    if not 0 <= gone_us <= length_us or length_us <= 0:
        return stretch.camera_start_us + gone_us
    return stretch.camera_start_us + gone_us * (stretch.camera_end_us - stretch.camera_start_us) // length_us
