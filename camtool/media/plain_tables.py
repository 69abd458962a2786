"""The sample tables of an MP4 track, both ways: bytes to columns, columns to bytes. Pure.

A column has one entry for each sample, in decoding order. Reading is strict: tables that contradict themselves or each
other, and whatever is seldom met, are refused with NotPlain, and libav is asked instead. Nothing that a table states is
trusted before it is held against the bytes that are there.

Source: ISO/IEC 14496-12, 8.6.1 (stts, ctts), 8.6.2 (stss), 8.7 (stsc, stsz, stz2, stco, co64).
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from struct import Struct, pack
from sys import byteorder

from camtool.media.source import u32s

# Ten hours at 15 pictures a second, in one file or in one clip: a cut of so many takes 140 MB (measured), and 200 MB is
# the most it may take. What has more is read by libav.
MOST_SAMPLES = 540_000
# A recorder's keyframe has at most a few MB; a size above this is noise, and would have to be held in memory.
MOST_SAMPLE_BYTES = 1 << 25
_MOST_I32 = (1 << 31) - 1
# libav takes what is more in ctts for a negative number.
MOST_LATE = _MOST_I32

_U32 = Struct(">I")
_TWO = Struct(">II")


class NotPlain(Exception):
    """Not an MP4 that can be followed by its tables alone: libav has to be asked."""


@dataclass(slots=True)
class Samples:
    """A track's samples. Bytes of the file, and ticks of the track.

    dts has one entry more than there are samples: when the last one ends. late says how much later than it is decoded
    each is shown, and is empty where none is. key has a byte for each, 1 for one that decoding can begin with.
    """

    pos: "array[int]"
    size: "array[int]"
    dts: "array[int]"
    late: "array[int]"
    key: bytes

    def __len__(self) -> int:
        return len(self.size)

    def pts(self, start: int, end: int) -> list[int]:
        """Return when the samples [start, end) are shown."""
        dts = self.dts[start:end]
        if not self.late:
            return list(dts)
        return [time + late for time, late in zip(dts, self.late[start:end], strict=True)]


def read_samples(tables: Mapping[bytes, bytes]) -> Samples:
    """Read a track's tables; each is the body of its box, by type. Times begin with 0. Raises NotPlain."""
    try:
        size = _sizes(tables)
        count = len(size)
        deltas = _expanded(tables[b"stts"], count)
        return Samples(
            pos=_places(tables, size),
            size=size,
            dts=array("q", accumulate(deltas, initial=0)),
            late=_lates(tables.get(b"ctts"), count),
            key=_keys(tables.get(b"stss"), count),
        )
    except KeyError as error:
        raise NotPlain(f"no {error}") from error


def _entries(body: bytes, width: int) -> "array[int]":
    """Return the u32s of a table that states its count; they have to be there, all of them and nothing else."""
    if len(body) < 8:
        raise NotPlain("a table that breaks off")
    (count,) = _U32.unpack_from(body, 4)
    if count > MOST_SAMPLES or len(body) != 8 + 4 * width * count:
        raise NotPlain("a table whose count is not what it holds")
    return u32s(body[8:])


def _sizes(tables: Mapping[bytes, bytes]) -> "array[int]":
    if (b"stsz" in tables) == (b"stz2" in tables):
        raise NotPlain("not one table of sizes")
    size = _whole_sizes(tables[b"stsz"]) if b"stsz" in tables else _short_sizes(tables[b"stz2"])
    if not size or min(size) < 1 or max(size) > MOST_SAMPLE_BYTES:
        raise NotPlain("sizes of no recording")
    return size


def _whole_sizes(body: bytes) -> "array[int]":
    if len(body) < 12:
        raise NotPlain("a table that breaks off")
    each, count = _TWO.unpack_from(body, 4)
    if count > MOST_SAMPLES or len(body) != 12 + (0 if each else 4 * count):
        raise NotPlain("a table whose count is not what it holds")
    return array("I", (each,)) * count if each else u32s(body[12:])


def _short_sizes(body: bytes) -> "array[int]":
    if len(body) < 12:
        raise NotPlain("a table that breaks off")
    bits, (count,), data = body[7], _U32.unpack_from(body, 8), body[12:]
    if bits not in (4, 8, 16) or count > MOST_SAMPLES or len(data) != (count * bits + 7) // 8:
        raise NotPlain("a table whose count is not what it holds")
    if bits == 8:
        return array("I", data)
    if bits == 16:
        return array("I", (data[at] << 8 | data[at + 1] for at in range(0, len(data), 2)))
    return array("I", (half for byte in data for half in (byte >> 4, byte & 15)))[:count]


def _expanded(stts: bytes, count: int) -> "array[int]":
    deltas = array("I")
    table = _entries(stts, 2)
    if sum(table[::2]) != count:
        raise NotPlain("durations of another number of samples")
    for times, delta in zip(table[::2], table[1::2], strict=True):
        if not 0 < delta <= _MOST_I32:  # libav takes what is more for a negative number
            raise NotPlain("a sample that lasts no time")
        deltas.extend(array("I", (delta,)) * times)
    return deltas


def _lates(ctts: bytes | None, count: int) -> "array[int]":
    """Read ctts. Negative times are for libav, which raises all of them by rules of its own (mov_read_ctts)."""
    if ctts is None:
        return array("I")
    table = _entries(ctts, 2)
    if sum(table[::2]) != count:
        raise NotPlain("times of showing of another number of samples")
    late = array("I")
    for times, ticks in zip(table[::2], table[1::2], strict=True):
        if ticks > MOST_LATE:
            raise NotPlain("a sample that is shown before it is decoded")
        late.extend(array("I", (ticks,)) * times)
    return late if any(late) else array("I")


def _keys(stss: bytes | None, count: int) -> bytes:
    if stss is None:
        return b"\1" * count
    key = bytearray(count)
    before = 0
    for number in _entries(stss, 1):
        if not before < number <= count:
            raise NotPlain("keyframes out of order")
        key[number - 1] = 1
        before = number
    if not before:
        raise NotPlain("no keyframe")
    return bytes(key)


def _offsets(tables: Mapping[bytes, bytes]) -> Sequence[int]:
    if (b"stco" in tables) == (b"co64" in tables):
        raise NotPlain("not one table of chunks")
    if b"stco" in tables:
        return _entries(tables[b"stco"], 1)
    words = _entries(tables[b"co64"], 2)
    if max(words[::2], default=0) > _MOST_I32:
        raise NotPlain("a chunk behind the end of any file")
    return [high << 32 | low for high, low in zip(words[::2], words[1::2], strict=True)]


def _places(tables: Mapping[bytes, bytes], size: "array[int]") -> "array[int]":
    """Return where each sample lies: chunk by chunk, one sample behind the other."""
    offsets = _offsets(tables)
    pos = array("q")
    for offset, count in zip(offsets, _samples_of_chunks(tables[b"stsc"], len(offsets), len(size)), strict=True):
        if count == 1:
            pos.append(offset)
        else:
            at = len(pos)
            pos.extend(accumulate(size[at : at + count - 1], initial=offset))
    return pos


def _samples_of_chunks(stsc: bytes, chunks: int, samples: int) -> "array[int]":
    table = _entries(stsc, 3)
    firsts, counts = [*table[::3], chunks + 1], table[1::3]
    if firsts[0] != 1 or any(later <= first for first, later in pairwise(firsts)) or set(table[2::3]) != {1}:
        raise NotPlain("runs of chunks that are out of order, or of another description")
    each = array("I")
    left = samples
    for (first, later), count in zip(pairwise(firsts), counts, strict=True):
        left -= (later - first) * count
        if count < 1 or left < 0:
            raise NotPlain("chunks of another number of samples")
        each.extend(array("I", (count,)) * (later - first))
    if left:
        raise NotPlain("chunks of another number of samples")
    return each


def write_samples(samples: Samples, counts: Sequence[int], *, list_keys: bool) -> list[tuple[bytes, bytes]]:
    """Return the tables that say what the columns say, except where the chunks lie: (type, body), as they are written.

    counts are how many samples each chunk holds. list_keys: keyframes are listed even where every sample is one. Raises
    NotPlain for times that the tables cannot hold.
    """
    deltas = [later - time for time, later in pairwise(samples.dts)]
    if deltas and not 0 < min(deltas) <= max(deltas) <= _MOST_I32:
        raise NotPlain("times that do not grow, or by more than the table holds")
    tables = [(b"stts", _runs(deltas))]
    if samples.late:
        if max(samples.late) > MOST_LATE:
            raise NotPlain("a picture shown later than the table holds")
        tables.append((b"ctts", _runs(samples.late)))
    if list_keys or 0 in samples.key:
        numbers = [number for number, key in enumerate(samples.key, 1) if key]
        tables.append((b"stss", bytes(4) + _U32.pack(len(numbers)) + _u32s(numbers)))
    tables.append((b"stsc", _chunk_runs(counts)))
    each = samples.size[0] if len(set(samples.size)) == 1 else 0
    tables.append((b"stsz", bytes(4) + _TWO.pack(each, len(samples)) + (b"" if each else _u32s(samples.size))))
    return tables


def write_places(places: Sequence[int], wide: bool) -> tuple[bytes, bytes]:
    """Return the table of where the chunks lie: co64 where it has to be wide, else stco."""
    body = pack(f">{len(places)}Q", *places) if wide else _u32s(places)
    return b"co64" if wide else b"stco", bytes(4) + _U32.pack(len(places)) + body


def _u32s(numbers: Iterable[int]) -> bytes:
    words = array("I", numbers)
    if byteorder == "little":
        words.byteswap()
    return words.tobytes()


def _runs(values: Iterable[int]) -> bytes:
    pairs = [(sum(1 for _ in same), value) for value, same in groupby(values)]
    return bytes(4) + _U32.pack(len(pairs)) + _u32s(number for pair in pairs for number in pair)


def _chunk_runs(counts: Sequence[int]) -> bytes:
    entries: list[int] = []
    before, number = 0, 1
    for number, count in enumerate(counts, 1):
        if count != before:
            entries += (number, count, 1)
            before = count
    return bytes(4) + _U32.pack(len(entries) // 3) + _u32s(entries)
