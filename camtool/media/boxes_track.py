"""What an MP4's moov box says: its clock, its tracks, how much is in them.

Source: ISO/IEC 14496-12, chapters 8 and 12.
"""

from dataclasses import dataclass, field
from struct import Struct

from camtool.media.boxes_codecs import codec_and_size
from camtool.media.boxes_read import Box, BoxSource
from camtool.media.findings import LONGEST_US

# Seconds from 1904, where MP4 counts from, to 1970. Some writers count from 1970: as in FFmpeg's libavformat/mov.c,
# what would lie before 1970 is taken to be theirs.
_FROM_1904_S = 2_082_844_800
_YEAR_2200_S = 7_258_118_400  # a camera's clock may be wrong, but not so wrong
_MOST_TRACKS = 64
_TABLES = frozenset((b"stsd", b"stts", b"stsc", b"stsz", b"stz2", b"stco", b"co64"))
# Bytes of an entry, in tables whose entries libav reads as many as the count says, whatever the size of the box.
_ENTRY_BYTES = {b"stts": 8, b"ctts": 8, b"stss": 4, b"stsc": 12, b"stsz": 4}
# From so many sizes on libav refuses the file, whichever track they are of (libavformat/mov.c, mov_read_stsz).
_MOST_SIZES = (2**31 - 1 - 4 - 8) // 32
# Without an entry in these there is no sample, whatever the table of sizes says.
_NEEDED = frozenset((b"stts", b"stsc", b"stco", b"co64"))

_U32 = Struct(">I")
_TIMES = Struct(">IIII"), Struct(">QQIQ")  # versions 0 and 1: created, modified, timescale, duration
_UNKNOWN = 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF
_U64 = Struct(">Q")
_TWO = Struct(">II")


@dataclass(slots=True)
class Track:
    """One track. Durations are in ticks of timescale to the second; tables are the children of stbl by type.

    contradicts says that a table states more entries than the index has room for, or none where there have to be some:
    libav refuses such a file.
    """

    id: int = 0
    handler: bytes = b""
    timescale: int = 0
    ticks: int = 0
    codec: str | None = None
    width_px: int | None = None
    height_px: int | None = None
    samples: int = 0
    edited: bool = False
    contradicts: bool = False
    tables: dict[bytes, Box] = field(default_factory=dict)

    def us(self, ticks: int) -> int | None:
        """Turn ticks into µs; None for what is no recording's length."""
        length_us = (2_000_000 * ticks + self.timescale) // (2 * self.timescale) if self.timescale else 0
        return length_us if 0 <= length_us <= LONGEST_US else None


@dataclass(slots=True)
class Movie:
    """One moov. created_unix_s is None where it is not set; fragment_ticks is None where the file has no fragments.

    fragment_ticks holds each track's default duration of a sample; whole_ticks is the length mehd gives, or 0, in ticks
    of timescale.
    """

    timescale: int = 0
    created_unix_s: int | None = None
    tracks: list[Track] = field(default_factory=list)
    fragment_ticks: dict[int, int] | None = None
    whole_ticks: int = 0

    def track(self, handler: bytes) -> Track | None:
        """Return the first track of a kind (`vide`, `soun`)."""
        return next((track for track in self.tracks if track.handler == handler), None)


def read_movie(source: BoxSource, moov: Box) -> Movie:
    """Read a moov box as far as it is there; what is missing stays at its default."""
    movie = Movie()
    for box in source.children(moov.body, moov.end):
        if box.kind == b"trak" and len(movie.tracks) < _MOST_TRACKS:
            movie.tracks.append(_track(source, box, moov.end))
        elif box.kind == b"mvhd":
            created, movie.timescale, _ = _times(source, box)
            created -= _FROM_1904_S if created >= _FROM_1904_S else 0
            movie.created_unix_s = created if 0 < created < _YEAR_2200_S else None
        elif box.kind == b"mvex":
            _extends(source, box, movie)
    return movie


def _times(source: BoxSource, box: Box) -> tuple[int, int, int]:
    """Read mvhd or mdhd: created (0: not set), timescale, duration in ticks (0: not known)."""
    wide = _is_wide(source, box)
    values = source.fields(_TIMES[wide], box.body + 4, box.end)
    if values is None:
        return 0, 0, 0
    created, _, timescale, ticks = values
    return created, timescale, 0 if ticks == _UNKNOWN[wide] else ticks


def _is_wide(source: BoxSource, box: Box) -> bool:
    """Say whether a full box has version 1: times of 64 bits."""
    return (source.fields(_U32, box.body, box.end) or (0,))[0] >> 24 == 1


def _track(source: BoxSource, trak: Box, moov_end: int) -> Track:
    track = Track()
    for box in source.children(trak.body, trak.end):
        if box.kind == b"mdia":
            _media(source, box, track, moov_end)
        elif box.kind == b"tkhd":
            at = box.body + (20 if _is_wide(source, box) else 12)
            track.id = (source.fields(_U32, at, box.end) or (0,))[0]
        elif box.kind == b"edts":
            track.edited = any(child.kind == b"elst" for child in source.children(box.body, box.end))
    return track


def _media(source: BoxSource, mdia: Box, track: Track, moov_end: int) -> None:
    for box in source.children(mdia.body, mdia.end):
        if box.kind == b"mdhd":
            _, track.timescale, track.ticks = _times(source, box)
        elif box.kind == b"hdlr":
            track.handler = source.piece(box.body + 8, min(box.end, box.body + 12))
        elif box.kind == b"minf" and track.handler in (b"vide", b"soun"):
            for child in source.children(box.body, box.end):
                if child.kind == b"stbl":
                    _tables(source, child, track, moov_end)
                    _samples(source, track)


def _tables(source: BoxSource, stbl: Box, track: Track, moov_end: int) -> None:
    track.tables, empty = {}, False
    for table in source.children(stbl.body, stbl.end):
        if table.kind in _TABLES:
            track.tables[table.kind] = table
        if table.kind in _ENTRY_BYTES or table.kind in _NEEDED:
            # Looked at here, where the bytes are at hand. stsz has the one size of all samples in front of its count.
            ahead = 4 if table.kind == b"stsz" else 0
            each, count = source.fields(_TWO, table.body + ahead, table.end) or (0, 0)
            sized = ahead == 0 or each == 0
            entries_end = table.body + 8 + ahead + count * _ENTRY_BYTES.get(table.kind, 0)
            # One entry too many of the other tables is read out of the next box, and does no harm.
            room_end = table.end if table.kind == b"stsc" else moov_end
            if table.kind == b"stsz" and track.handler == b"soun" and count < _MOST_SIZES:
                continue  # only the sound is lost
            track.contradicts |= sized and entries_end > room_end
            empty |= table.kind in _NEEDED and not count
    track.contradicts |= empty and bool(_count(source, track))


def _samples(source: BoxSource, track: Track) -> None:
    stsd = track.tables.get(b"stsd")
    if stsd is not None:
        entry = next(source.children(stsd.body + 8, stsd.end), None)
        if entry is not None:
            track.codec, track.width_px, track.height_px = codec_and_size(source, entry, track.handler)
    track.samples = _count(source, track)


def _count(source: BoxSource, track: Track) -> int:
    """Return how many samples the table of sizes states."""
    sizes = track.tables.get(b"stsz") or track.tables.get(b"stz2")
    return (source.fields(_U32, sizes.body + 8, sizes.end) or (0,))[0] if sizes else 0


def _extends(source: BoxSource, mvex: Box, movie: Movie) -> None:
    movie.fragment_ticks = {}
    for box in source.children(mvex.body, mvex.end):
        if box.kind == b"trex" and len(movie.fragment_ticks) < _MOST_TRACKS:  # track, description, duration
            track, _ = source.fields(_TWO, box.body + 4, box.end) or (0, 0)
            movie.fragment_ticks[track] = (source.fields(_U32, box.body + 12, box.end) or (0,))[0]
        elif box.kind == b"mehd":
            form = _U64 if _is_wide(source, box) else _U32
            movie.whole_ticks = (source.fields(form, box.body + 4, box.end) or (0,))[0]
