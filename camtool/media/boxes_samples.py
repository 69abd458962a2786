"""How far a broken-off MP4 can be played, from its sample tables. Source: ISO/IEC 14496-12, 8.6.1.2 and 8.7.

Only for damaged files: this looks at every chunk, which healthy files have no need of.
"""

from array import array
from collections.abc import Iterator
from itertools import accumulate
from operator import mul
from struct import Struct

from camtool.media.boxes_read import Box, BoxSource
from camtool.media.boxes_track import Track
from camtool.media.source import u32s

_U32 = Struct(">I")
_U64 = Struct(">Q")
_TWO = Struct(">II")


def last_chunk_at(source: BoxSource, track: Track) -> int | None:
    """Return where the last chunk of a track begins (a byte of the file); None where no table says so."""
    table, width = _offset_table(track)
    if table is None:
        return None
    count = (source.fields(_U32, table.body + 4, table.end) or (0,))[0]
    form = _U32 if width == 4 else _U64
    last = source.fields(form, table.body + 8 + width * (count - 1), table.end) if count else None
    return last[0] if last else None


def whole_samples(source: BoxSource, track: Track, present_bytes: int) -> tuple[int, int]:
    """Return how many samples, in decoding order, lie wholly in the first present_bytes, and where the next one ends.

    The second number is 0 where no sample is missing.
    """
    sizes, each_bytes = _sizes(source, track)
    whole = 0
    for at, count in _chunks(source, track):
        count = min(count, (min(len(sizes), track.samples) if sizes else track.samples) - whole)
        if count <= 0:
            break
        lengths = sizes[whole : whole + count] if sizes else array("I")
        length = sum(lengths) if sizes else each_bytes * count
        if at + length <= present_bytes:
            whole += count
            continue
        for nth, end in enumerate(accumulate(lengths)):
            if at + end > present_bytes:
                return whole + nth, at + end
        if not each_bytes:  # chunks without sizes of samples: the index is damaged too
            return whole, at + 1
        nth = max(0, present_bytes - at) // each_bytes
        return whole + nth, at + (nth + 1) * each_bytes
    return whole, 0


def ticks_of(source: BoxSource, track: Track, samples: int) -> int:
    """Return how long the first samples of a track last by its table of durations, in its ticks."""
    stts = track.tables.get(b"stts")
    table = u32s(source.piece(stts.body + 8, stts.end)) if stts else array("I")
    counts, each_ticks = table[::2], table[1::2]
    if samples >= sum(counts):
        return sum(map(mul, counts, each_ticks))
    ticks = 0
    for count, each in zip(counts, each_ticks, strict=False):
        taken = min(count, samples)
        ticks, samples = ticks + taken * each, samples - taken
    return ticks


def _offset_table(track: Track) -> tuple[Box | None, int]:
    wide = track.tables.get(b"co64")
    return (wide, 8) if wide else (track.tables.get(b"stco"), 4)


def _sizes(source: BoxSource, track: Track) -> tuple["array[int]", int]:
    """Read stsz: the size of each sample, or none of them and the one size they all have."""
    stsz = track.tables.get(b"stsz")
    each_bytes = (source.fields(_U32, stsz.body + 4, stsz.end) or (0,))[0] if stsz else 0
    if stsz is None or each_bytes:
        return array("I"), each_bytes
    return u32s(source.piece(stsz.body + 12, stsz.end)), 0


def _chunks(source: BoxSource, track: Track) -> Iterator[tuple[int, int]]:
    """Yield (first byte, samples) of each chunk."""
    table, width = _offset_table(track)
    stsc = track.tables.get(b"stsc")
    if table is None or stsc is None:
        return
    numbers = u32s(source.piece(table.body + 8, table.end))
    runs = u32s(source.piece(stsc.body + 8, stsc.end))
    offsets = (
        numbers if width == 4 else [high << 32 | low for high, low in zip(numbers[::2], numbers[1::2], strict=False)]
    )
    for run in range(0, len(runs) - 2, 3):
        first, count = runs[run] - 1, runs[run + 1]
        beyond = runs[run + 3] - 1 if run + 5 < len(runs) else len(offsets)
        if beyond <= first:  # runs have to come in order; going back would never end
            return
        for at in offsets[max(0, first) : beyond]:
            yield at, count
