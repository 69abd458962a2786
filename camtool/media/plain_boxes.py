"""The boxes of a clip that are not packets: ftyp, moov, and the header of mdat. Pure.

Nothing in them depends on when or where they are written: the same cut gives the same bytes.

Source: ISO/IEC 14496-12, 4.3, 8.1 to 8.7; 14496-15, 5.4.2 and 8.4.1 for the brands and hvc1.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from struct import pack

from camtool.media.cut_track import MOVIE_TICKS
from camtool.media.plain_movie import PlainTrack
from camtool.media.plain_tables import Samples, write_places, write_samples

# A chunk is what players read at once; this many pictures are a second or two.
_CHUNK_SAMPLES = 32
_U32_END = 1 << 32
_MATRIX = pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_UNDETERMINED = 0x55C4  # "und" in three times five bits
_ENABLED = 7  # track_enabled, in_movie, in_preview
_BRANDS = b"isom" + pack(">I", 0x200) + b"isomiso2avc1mp41"
_NAMES = {b"vide": b"VideoHandler\0", b"soun": b"SoundHandler\0"}


@dataclass(slots=True)
class _Tables:
    """A track's tables but the last, as boxes, and the first byte of each chunk, which makes the last."""

    boxes: list[bytes]
    places: list[int]


@dataclass(slots=True)
class ClipTrack:
    """A track of a clip: described as `template` is, its first sample decoded at begins_s, samples' times from 0 on.

    samples.pos are bytes behind the header before it is written, and bytes of the clip afterwards.
    """

    template: PlainTrack
    timescale: int
    begins_s: Fraction
    samples: Samples

    @property
    def delay_ticks(self) -> int:
        """How much later than the clip it begins, in movie ticks, rounded."""
        return round(self.begins_s * MOVIE_TICKS)

    @property
    def entry(self) -> bytes:
        """The sample entry as the recording has it, HEVC as hvc1: players of Apple's take no other."""
        entry = self.template.entry
        return entry[:4] + b"hvc1" + entry[8:] if entry[4:8] == b"hev1" else entry

    @property
    def edits(self) -> list[tuple[int, int]]:
        """Its edit list: (length in movie ticks, first tick of the track; -1 for nothing). It hides nothing."""
        if not self.delay_ticks:
            return []
        return [(self.delay_ticks, -1), (self.length_ticks, 0)]

    @property
    def length_ticks(self) -> int:
        """How long it is shown, in movie ticks, rounded up: to the end of what ends last."""
        samples = self.samples
        end = samples.dts[-1] + max(samples.late, default=0)
        return math.ceil(Fraction(end * MOVIE_TICKS, self.timescale))


def header(tracks: Sequence[ClipTrack], data_bytes: int) -> bytes:
    """Write all that stands in front of the packets; they lie behind it where the tracks say. Raises NotPlain."""
    wide = data_bytes + 16 >= _U32_END
    mdat = pack(">I4sQ", 1, b"mdat", data_bytes + 16) if wide else pack(">I4s", data_bytes + 8, b"mdat")
    ftyp, tables = box(b"ftyp", _BRANDS), [_tables(track) for track in tracks]
    length = len(ftyp) + len(_moov(tracks, tables, 0, wide=True)) + len(mdat)
    places_wide = length + data_bytes >= _U32_END
    if not places_wide:
        length -= 4 * sum(len(own.places) for own in tables)
    return ftyp + _moov(tracks, tables, length, wide=places_wide) + mdat


def box(kind: bytes, *parts: bytes) -> bytes:
    """Build a box."""
    return pack(">I4s", 8 + sum(map(len, parts)), kind) + b"".join(parts)


def _full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return box(kind, pack(">I", version << 24 | flags), *parts)


def _moov(tracks: Sequence[ClipTrack], tables: Sequence[_Tables], from_byte: int, *, wide: bool) -> bytes:
    length = max(track.delay_ticks + track.length_ticks for track in tracks)
    times = pack(">QQIQ", 0, 0, MOVIE_TICKS, length) if length >= _U32_END else pack(">IIII", 0, 0, MOVIE_TICKS, length)
    rest = pack(">IH10x", 0x10000, 0x100) + _MATRIX + bytes(24) + pack(">I", len(tracks) + 1)
    mvhd = _full(b"mvhd", length >= _U32_END, 0, times, rest)
    boxes = [[*own.boxes, box(*write_places([at + from_byte for at in own.places], wide))] for own in tables]
    traks = [_trak(track, number, own) for number, (track, own) in enumerate(zip(tracks, boxes, strict=True), 1)]
    return box(b"moov", mvhd, *traks)


def _trak(track: ClipTrack, number: int, tables: Sequence[bytes]) -> bytes:
    length, sound = track.delay_ticks + track.length_ticks, track.template.handler == b"soun"
    long = length >= _U32_END
    times = pack(">QQI4xQ", 0, 0, number, length) if long else pack(">III4xI", 0, 0, number, length)
    volume = pack(">8xHHH2x", 0, int(sound), 0x100 if sound else 0)
    tkhd = _full(b"tkhd", long, _ENABLED, times, volume, track.template.matrix, track.template.size_fixed)
    return box(b"trak", tkhd, _edts(track), _mdia(track, tables))


def _edts(track: ClipTrack) -> bytes:
    edits = track.edits
    if not edits:
        return b""
    long = any(length >= _U32_END for length, _ in edits)
    entries = [pack(">QqI" if long else ">IiI", length, time, 0x10000) for length, time in edits]
    return box(b"edts", _full(b"elst", long, 0, pack(">I", len(entries)), *entries))


def _mdia(track: ClipTrack, tables: Sequence[bytes]) -> bytes:
    ticks, handler = track.samples.dts[-1], track.template.handler
    long = ticks >= _U32_END
    times = pack(">QQIQ" if long else ">IIII", 0, 0, track.timescale, ticks)
    mdhd = _full(b"mdhd", long, 0, times, pack(">HH", _UNDETERMINED, 0))
    hdlr = _full(b"hdlr", 0, 0, bytes(4), handler, bytes(12), _NAMES[handler])
    kind = _full(b"smhd", 0, 0, bytes(4)) if handler == b"soun" else _full(b"vmhd", 0, 1, bytes(8))
    dinf = box(b"dinf", _full(b"dref", 0, 0, pack(">I", 1), _full(b"url ", 0, 1)))
    stsd = _full(b"stsd", 0, 0, pack(">I", 1), track.entry)
    return box(b"mdia", mdhd, hdlr, box(b"minf", kind, dinf, box(b"stbl", stsd, *tables)))


def _tables(track: ClipTrack) -> _Tables:
    """Join samples that lie behind each other to chunks, and write the tables."""
    samples, pictures = track.samples, track.template.handler == b"vide"
    places: list[int] = []
    counts: list[int] = []
    at, count, next_at = 0, 0, -1
    for place, size in zip(samples.pos, samples.size, strict=True):
        if place == next_at and count < _CHUNK_SAMPLES:
            count += 1
        else:
            if count:
                places.append(at)
                counts.append(count)
            at, count = place, 1
        next_at = place + size
    places.append(at)
    counts.append(count)
    return _Tables([box(name, body) for name, body in write_samples(samples, counts, list_keys=pictures)], places)
