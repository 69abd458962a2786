"""An MP4's index (moov) as far as it is plain: one picture track, at most one of sound, nothing that needs more.

Strict, like the tables: whatever is not known to be plain is refused with NotPlain, and libav is asked instead. So what
is read here is what libav would read (held equal by tests): times begin where the edit list says, and what an edit list
hides is seen all the same.

Source: ISO/IEC 14496-12, 8.1 to 8.7, 12.1 and 12.2; libavformat/mov.c (mov_build_index) for the edit list's times.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from camtool.media.plain_tables import NotPlain, Samples, read_samples

_HEADER = Struct(">I4s")
_U16, _U32, _U64 = Struct(">H"), Struct(">I"), Struct(">Q")
_EDIT = Struct(">IiI"), Struct(">QqI")
_NORMAL_RATE = 0x10000
# Tables that are read, and those that say nothing about which packets there are and when: sdtp and cslg hint at what
# depends on what; sgpd and sbgp are looked into. Any other (stps, stsh, padb, saiz, senc …) is for libav.
_READ = frozenset((b"stsd", b"stts", b"ctts", b"stss", b"stsc", b"stsz", b"stz2", b"stco", b"co64"))
_HINTS = frozenset((b"sdtp", b"cslg", b"sgpd", b"sbgp", b"free", b"skip"))
# Sample groups that change nothing: how many packets a decoder needs to come into step.
_GROUPS = frozenset((b"roll", b"prol"))
_FIRST_SAMPLE_ENTRY = 8


@dataclass(slots=True)
class PlainTrack:
    """One track. entry is its sample entry; matrix and size_fixed are as tkhd has them (36 and 8 bytes)."""

    handler: bytes
    timescale: int
    entry: bytes
    matrix: bytes
    size_fixed: bytes
    samples: Samples


@dataclass(slots=True)
class PlainMovie:
    """A plain moov; timescale is the clock of its edit lists."""

    timescale: int
    video: PlainTrack
    audio: PlainTrack | None


@dataclass(slots=True)
class _Edits:
    """What a track's edit list says: an empty stretch (movie ticks), and with which tick of the track it begins."""

    empty: int = 0
    start: int = 0


def children(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, first byte of the body, first byte behind it) of the boxes in [start, end). Raises NotPlain."""
    at = start
    while at < end:
        if at + 8 > end:
            raise NotPlain("less than a box")
        size, kind = _HEADER.unpack_from(data, at)
        body = at + 8
        if size == 1 and at + 16 <= end:
            (size,), body = _U64.unpack_from(data, at + 8), at + 16
        if size < body - at or at + size > end:
            raise NotPlain("a box that does not fit")
        at += size
        yield kind, body, at


def read_plain(moov: bytes) -> PlainMovie:
    """Read the body of a moov box. Raises NotPlain."""
    timescale, tracks = 0, []
    for kind, start, end in children(moov, 0, len(moov)):
        if kind == b"mvhd":
            timescale = _number(moov, start + (20 if moov[start] else 12), end)
        elif kind == b"trak":
            tracks.append((start, end))
        elif kind == b"mvex":
            raise NotPlain("a fragmented file")
    found: dict[bytes, PlainTrack] = {}
    for start, end in tracks:
        track = _track(moov, start, end, timescale)
        if track is None:
            continue
        if track.handler in found:
            raise NotPlain("two tracks of a kind")
        found[track.handler] = track
    if b"vide" not in found:
        raise NotPlain("no picture")
    return PlainMovie(timescale, found[b"vide"], found.get(b"soun"))


def _number(data: bytes, at: int, end: int) -> int:
    if at + 4 > end:
        raise NotPlain("a box that breaks off")
    number: int = _U32.unpack_from(data, at)[0]
    return number


def _track(moov: bytes, start: int, end: int, movie_scale: int) -> PlainTrack | None:
    """Read a trak; None for one of neither pictures nor sound."""
    boxes = _one_each(moov, start, end)
    if b"tkhd" not in boxes or b"mdia" not in boxes:
        raise NotPlain("a track without its header")
    media = _one_each(moov, *boxes[b"mdia"])
    if b"hdlr" not in media or b"mdhd" not in media or b"minf" not in media:
        raise NotPlain("a track without its media")
    handler = moov[media[b"hdlr"][0] + 8 : media[b"hdlr"][0] + 12]
    if handler not in (b"vide", b"soun"):
        return None
    scale_at, scale_end = media[b"mdhd"]
    timescale = _number(moov, scale_at + (20 if moov[scale_at] else 12), scale_end)
    if not 0 < timescale < 1 << 31:
        raise NotPlain("a track without a clock")
    info = _one_each(moov, *media[b"minf"])
    if b"stbl" not in info:
        raise NotPlain("a track without tables")
    _check_is_here(moov, info)
    tables = _tables(moov, *info[b"stbl"])
    if handler == b"vide" and b"stss" not in tables:
        # Every picture should be a keyframe then. libav looks into the pictures, and finds fewer, where this is a lie.
        raise NotPlain("no list of keyframes")
    samples = read_samples(tables)
    edits = _edits(moov, *boxes[b"edts"]) if b"edts" in boxes else _Edits()
    if edits.empty and not movie_scale:
        raise NotPlain("a movie without a clock")
    # As av_rescale: to the nearest, halves away from zero.
    empty = (2 * edits.empty * timescale + movie_scale) // (2 * movie_scale) if edits.empty else 0
    if origin := edits.start - empty:
        samples.dts = array("q", (time - origin for time in samples.dts))
    head, head_end = boxes[b"tkhd"]
    picture_at = head + (52 if moov[head] else 40)
    if picture_at + 44 > head_end:
        raise NotPlain("a track whose header breaks off")
    matrix, size_fixed = moov[picture_at : picture_at + 36], moov[picture_at + 36 : picture_at + 44]
    return PlainTrack(handler, timescale, _entry(tables), matrix, size_fixed, samples)


def _one_each(data: bytes, start: int, end: int) -> dict[bytes, tuple[int, int]]:
    """Return where the children of a box lie, by type; none of those that are read may be there twice."""
    found: dict[bytes, tuple[int, int]] = {}
    for kind, body, behind in children(data, start, end):
        if kind in found and kind not in (b"free", b"skip", b"uuid", b"sgpd", b"sbgp"):
            raise NotPlain("a box that is there twice")
        found[kind] = body, behind
    return found


def _check_is_here(moov: bytes, info: dict[bytes, tuple[int, int]]) -> None:
    """Refuse a track whose data may lie in another file: dref has to hold one entry, which says it is this one."""
    if b"dinf" not in info:
        raise NotPlain("a track that does not say where its data is")
    where = _one_each(moov, *info[b"dinf"])
    if b"dref" not in where:
        raise NotPlain("a track that does not say where its data is")
    start, end = where[b"dref"]
    entries = list(children(moov, start + 8, end))
    if len(entries) != 1 or _number(moov, *entries[0][1:]) & 1 != 1:
        raise NotPlain("a track whose data is in another file")


def _tables(moov: bytes, start: int, end: int) -> dict[bytes, bytes]:
    tables = {}
    for kind, body, behind in children(moov, start, end):
        if kind in _READ:
            if kind in tables:
                raise NotPlain("a table that is there twice")
            tables[kind] = moov[body:behind]
        elif kind not in _HINTS or (kind in (b"sgpd", b"sbgp") and moov[body + 4 : body + 8] not in _GROUPS):
            raise NotPlain("a table that is not read here")
    return tables


def _entry(tables: dict[bytes, bytes]) -> bytes:
    """Return the one sample entry of stsd, whose data is in the one place that dref names."""
    stsd = tables.get(b"stsd", b"")
    if len(stsd) < _FIRST_SAMPLE_ENTRY:
        raise NotPlain("no description")
    entries = list(children(stsd, _FIRST_SAMPLE_ENTRY, len(stsd)))
    if len(entries) != 1 or _number(stsd, 4, len(stsd)) != 1:
        raise NotPlain("not one description")
    ((_, body, end),) = entries
    if body != _FIRST_SAMPLE_ENTRY + 8 or body + 8 > end or _U16.unpack_from(stsd, body + 6)[0] != 1:
        raise NotPlain("a description of data in another place")
    return stsd[_FIRST_SAMPLE_ENTRY:end]


def _edits(moov: bytes, start: int, end: int) -> _Edits:
    boxes = _one_each(moov, start, end)
    if b"elst" not in boxes:
        return _Edits()
    at, behind = boxes[b"elst"]
    form = _EDIT[moov[at] == 1]
    count = _number(moov, at + 4, behind)
    if count > 2 or behind - at != 8 + count * form.size:
        raise NotPlain("an edit list that is not read here")
    found = _Edits()
    for number in range(count):
        length, time, rate = form.unpack_from(moov, at + 8 + number * form.size)
        if rate != _NORMAL_RATE:
            raise NotPlain("another pace")
        if number == 0 and time == -1:
            found.empty = length
        elif time >= 0 and (number == 0 or found.empty):
            found.start = time
        else:
            raise NotPlain("an edit list that cuts pieces")
    return found
