"""Camera time and places in a file: where in a recording an instant lies, and when a picture was taken.

The timeline inside a file need not run as the camera's clock did: a recorder that stamps 25 pictures a second and
delivers 21 turns 72 s into 60 s of media (DESIGN, known facts). So a place is found by proportion:

    camera_us = span.start_us + place_us * wall_us / media_us

The proportion is the one the recording's row states, wall_us to media_us, never the length of its span: a recording
that breaks off has a shorter span, yet every picture that is left keeps its time. A place is counted from the file's
first picture, in µs of its own timeline, as a Fraction, so that nothing is rounded on the way there.
"""

import math
from fractions import Fraction

from camtool.core.model import Recording, State

# Where the row states no wall_us, the span says how long it was, except where it tells what is left of it.
_SHORTENED = frozenset({State.TRUNCATED, State.GROWING})


def pace(recording: Recording) -> Fraction:
    """Return the µs of camera time that pass in one µs of the file's timeline; 1 where the row cannot tell."""
    wall_us = recording.wall_us
    if wall_us is None and recording.span is not None and recording.state not in _SHORTENED:
        wall_us = recording.span.length_us
    media_us = recording.media_us
    if wall_us is None or media_us is None or wall_us <= 0 or media_us <= 0:
        return Fraction(1)
    return Fraction(wall_us, media_us)


def place_us(recording: Recording, camera_us: int) -> Fraction:
    """Return the place of an instant of camera time; it may lie before the file's start or after its end.

    Raises ValueError for a recording without a span.
    """
    return (camera_us - _start_us(recording)) / pace(recording)


def camera_us(recording: Recording, place: Fraction | int) -> int:
    """Return the camera time of a place, rounded up to a whole µs.

    Up, because a picture is shown from its time on: asked for the time that is given here, `place_us` finds a place at
    or after the picture's own, and so the same picture again. Raises ValueError for a recording without a span.
    """
    return _start_us(recording) + math.ceil(place * pace(recording))


def _start_us(recording: Recording) -> int:
    if recording.span is None:
        raise ValueError(f"the recording {recording.path} has no time")
    return recording.span.start_us
