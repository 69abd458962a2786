"""Which way a clip is made: by the recordings' own indexes where all of them are plain MP4s, else through libav.

Both ways plan alike, prove alike and write the same kind of proof. The plain way loads no video library and copies runs
of packets whole. Whatever it does not know for sure, it leaves to libav before anything is written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from camtool.core.model import Recording, Span, State
from camtool.errors import CamtoolError
from camtool.media.cut_made import Made, Rows
from camtool.media.cut_plan import Plan, plan_clip
from camtool.media.cut_track import Wrapping
from camtool.media.hash import HashSource

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Way:
    """A plan, the container it is written in, and how. libraries are those that take part, with their versions."""

    plan: Plan
    wrapping: Wrapping
    libraries: Mapping[str, str]
    make: Callable[[Path, Rows, Progress, HashSource | None], Made]


def choose_way(
    recordings: Sequence[Recording],
    path_of: Callable[[Recording], Path],
    wanted: Span,
    words_of: Callable[[int], str],
    suffix: str,
) -> Way | None:
    """Plan a clip (.mp4 or .mkv); None where nothing was recorded. Raises as plan_clip does."""
    if suffix == ".mp4" and not any(recording.state is State.GROWING for recording in recordings):
        way = _plain_way(recordings, path_of, wanted, words_of)
        if way is not None:
            return way
    return _libav_way(recordings, path_of, wanted, words_of, suffix)


def _plain_way(
    recordings: Sequence[Recording],
    path_of: Callable[[Recording], Path],
    wanted: Span,
    words_of: Callable[[int], str],
) -> Way | None:
    """Return the plain way; None where there is none, or where libav knows better what is to be said."""
    from camtool.media.plain_copy import make_plain_clip
    from camtool.media.plain_layout import lay_out
    from camtool.media.plain_read import PlainReader
    from camtool.media.plain_tables import NotPlain

    reader = PlainReader()
    try:
        plan = plan_clip(recordings, path_of, wanted, words_of, reader)
        if not plan.pieces:
            return None
        sounds = [piece.source.audio for piece in plan.pieces]
        sound = next((sound for sound in sounds if sound is not None), None)
        kinds = {(each.rate, each.channels, each.extradata) for each in sounds if each is not None}
        if len(kinds) > 1:
            return None
        heard = tuple(each is not None for each in sounds)
        layout = lay_out(reader, plan.pieces, heard)
    except (NotPlain, CamtoolError):
        return None
    return Way(plan, Wrapping(".mp4", sound, heard, ()), {}, partial(make_plain_clip, plan.pieces, layout))


def _libav_way(
    recordings: Sequence[Recording],
    path_of: Callable[[Recording], Path],
    wanted: Span,
    words_of: Callable[[int], str],
    suffix: str,
) -> Way | None:
    plan = plan_clip(recordings, path_of, wanted, words_of)
    if not plan.pieces:
        return None
    from camtool.media.cut import make_clip
    from camtool.media.cut_sound import choose_wrapping
    from camtool.media.packets import libraries

    wrapping = choose_wrapping(plan.pieces, suffix)
    return Way(plan, wrapping, libraries(), partial(make_clip, plan.pieces, wrapping))
