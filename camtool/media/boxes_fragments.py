"""How long one fragment (moof) of an MP4 is. Source: ISO/IEC 14496-12, 8.8."""

from struct import Struct

from camtool.media.boxes_read import Box, BoxSource
from camtool.media.source import u32s

_FLAGS = Struct(">I")
_TRACK = Struct(">II")
# tfhd: flags of the fields in front of the default duration, with their lengths; the duration's own flag.
_BASE_OFFSET, _DESCRIPTION, _DURATION = 0x1, 0x2, 0x8
# trun: fields in front of the samples; fields of each sample, u32 each.
_DATA_OFFSET, _FIRST_FLAGS = 0x1, 0x4
_SAMPLE_DURATION, _SAMPLE_FIELDS = 0x100, (0x100, 0x200, 0x400, 0x800)


def fragment_length(source: BoxSource, moof: Box, track: int, default_ticks: int) -> tuple[int, int]:
    """Return how many ticks and how many samples of a track one moof adds."""
    ticks = samples = 0
    for traf in source.children(moof.body, moof.end):
        if traf.kind != b"traf":
            continue
        each = None
        for box in source.children(traf.body, traf.end):
            if box.kind == b"tfhd":
                each = _default(source, box, track, default_ticks)
            elif box.kind == b"trun" and each is not None:
                more_ticks, more = _run(source, box, each)
                ticks, samples = ticks + more_ticks, samples + more
    return ticks, samples


def _default(source: BoxSource, tfhd: Box, track: int, default_ticks: int) -> int | None:
    """Return the duration of a sample that does not state its own; None where the fragment is another track's."""
    flags, found = source.fields(_TRACK, tfhd.body, tfhd.end) or (0, -1)
    if found != track:
        return None
    if not flags & _DURATION:
        return default_ticks
    at = tfhd.body + 8 + 8 * bool(flags & _BASE_OFFSET) + 4 * bool(flags & _DESCRIPTION)
    return (source.fields(_FLAGS, at, tfhd.end) or (default_ticks,))[0]


def _run(source: BoxSource, trun: Box, each_ticks: int) -> tuple[int, int]:
    flags, count = source.fields(_TRACK, trun.body, trun.end) or (0, 0)
    if not flags & _SAMPLE_DURATION:
        return count * each_ticks, count
    width = sum(bool(flags & bit) for bit in _SAMPLE_FIELDS)
    start = trun.body + 8 + 4 * bool(flags & _DATA_OFFSET) + 4 * bool(flags & _FIRST_FLAGS)
    numbers = u32s(source.piece(start, min(trun.end, start + 4 * width * count)))
    durations = numbers[::width]
    return sum(durations), len(durations)
