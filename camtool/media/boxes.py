"""The box walk: what an MP4 is and whether it is whole, from its headers and its index alone.

Only this shows that a file breaks off: libav opens an MP4 with its index in front, cut at 60 %, without complaint and
with its full length. Two kinds of loss have no sign here: bytes changed inside mdat, and a fragmented file that ends
exactly where a fragment ends.
"""

from dataclasses import dataclass
from fractions import Fraction

from camtool.media.boxes_fragments import fragment_length
from camtool.media.boxes_read import FRAGMENT_WINDOW_BYTES, MOST_FILE_BYTES, Box, BoxSource, TooManyBoxes
from camtool.media.boxes_samples import last_chunk_at, ticks_of, whole_samples
from camtool.media.boxes_track import Movie, Track, read_movie

# Boxes that stand at the top of a file (ISO/IEC 14496-12, table 1; QuickTime): one that runs past the end of the file
# is broken off; any other type that does is noise.
_CARRIERS = frozenset(
    (b"mdat", b"moov", b"moof", b"free", b"skip", b"wide", b"mfra", b"sidx", b"uuid", b"meta", b"udta")
)
_TYPE_BYTES = frozenset(range(0x20, 0x7F)) | {0xA9}


@dataclass(slots=True)
class Mp4:
    """What the walk found. Lengths are in µs.

    expected_bytes is the size the file has to have at least, where that is more than it has. broken_at is the first
    byte that belongs to no box, where there is one. endless says that there are more boxes than any recording has.
    media_us is the length of the picture as stated, playable_us what of it is there.
    """

    movie: Movie | None = None
    has_data: bool = False
    fragments: int = 0
    expected_bytes: int | None = None
    broken_at: int | None = None
    endless: bool = False
    media_us: int | None = None
    playable_us: int | None = None
    frames: int | None = None
    rate: Fraction | None = None

    @property
    def video(self) -> Track | None:
        """The first picture track."""
        return self.movie.track(b"vide") if self.movie else None

    @property
    def audio(self) -> Track | None:
        """The first sound track."""
        return self.movie.track(b"soun") if self.movie else None


@dataclass(slots=True)
class _Fragments:
    """Ticks and samples of the picture track: of all fragments named, and of those whose data is there."""

    ticks: int = 0
    samples: int = 0
    whole_ticks: int = 0
    waiting_ticks: int = 0
    waiting: bool = False


def read_mp4(source: BoxSource) -> Mp4:
    """Walk an MP4 file. Damage is in the answer; only the system's OSError is raised."""
    mp4, fragments = Mp4(), _Fragments()
    try:
        _walk(source, mp4, fragments)
        if mp4.video is not None:
            _measure(source, mp4, mp4.video, fragments)
    except TooManyBoxes:
        mp4.endless = True
    return mp4


def _walk(source: BoxSource, mp4: Mp4, fragments: _Fragments) -> None:
    at, size = 0, source.size_bytes
    while at + 8 <= size:
        box = source.box(at, size)
        if box is None or not _TYPE_BYTES.issuperset(box.kind) or (box.end > size and box.kind not in _CARRIERS):
            mp4.broken_at = at
            return
        _take(source, box, mp4, fragments)
        if box.end > size:
            mp4.expected_bytes = box.end
            return
        at = box.end
    if at < size and mp4.movie is not None:
        mp4.broken_at = at  # less than a header


def _take(source: BoxSource, box: Box, mp4: Mp4, fragments: _Fragments) -> None:
    if box.kind == b"moov" and mp4.movie is None:
        mp4.movie = read_movie(source, box)
        if mp4.movie.fragment_ticks is not None:
            source.ahead_bytes = FRAGMENT_WINDOW_BYTES
    elif box.kind == b"mdat":
        mp4.has_data = True
        if box.end <= source.size_bytes:
            fragments.whole_ticks += fragments.waiting_ticks
            fragments.waiting_ticks, fragments.waiting = 0, False
    elif box.kind == b"moof":
        mp4.fragments += 1
        video = mp4.video
        if video is not None and mp4.movie is not None and box.end <= source.size_bytes:
            default_ticks = (mp4.movie.fragment_ticks or {}).get(video.id, 0)
            ticks, samples = fragment_length(source, box, video.id, default_ticks)
            fragments.ticks, fragments.samples = fragments.ticks + ticks, fragments.samples + samples
            fragments.waiting_ticks, fragments.waiting = fragments.waiting_ticks + ticks, True


def _measure(source: BoxSource, mp4: Mp4, video: Track, fragments: _Fragments) -> None:
    """Fill in lengths and counts, and find the breaks that only the index shows."""
    if mp4.movie is not None and mp4.movie.fragment_ticks is not None:
        _measure_fragmented(source, mp4, video, fragments)
        return
    size = source.size_bytes
    # Where mdhd and the samples' own durations differ, the shorter counts, as in libav.
    stated, summed = video.ticks, ticks_of(source, video, video.samples)
    ticks = min(stated, summed) if stated and summed else stated or summed
    mp4.media_us = mp4.playable_us = video.us(ticks)
    mp4.frames = video.samples
    if ticks and video.samples and mp4.media_us:
        mp4.rate = Fraction(video.samples * video.timescale, ticks)
    last_at = last_chunk_at(source, video)
    if mp4.expected_bytes is None and last_at is not None and last_at >= size:
        mp4.expected_bytes = last_at + 1  # data the index names and no box holds: corrected below
    if mp4.expected_bytes is not None:
        whole, next_end = whole_samples(source, video, size)
        mp4.expected_bytes = min(max(mp4.expected_bytes, next_end), MOST_FILE_BYTES)
        mp4.playable_us = video.us(min(ticks, ticks_of(source, video, whole)))


def _measure_fragmented(source: BoxSource, mp4: Mp4, video: Track, fragments: _Fragments) -> None:
    first_ticks = ticks_of(source, video, video.samples)  # some writers put the first fragment into moov
    ticks = first_ticks + fragments.ticks
    mp4.media_us = video.us(ticks)
    mp4.playable_us = video.us(first_ticks + fragments.whole_ticks)
    mp4.frames = video.samples + fragments.samples
    if ticks and mp4.frames and mp4.media_us:
        mp4.rate = Fraction(mp4.frames * video.timescale, ticks)
    if mp4.movie is not None and not ticks and mp4.movie.timescale:
        mp4.media_us = Track(timescale=mp4.movie.timescale).us(mp4.movie.whole_ticks)
    if mp4.expected_bytes is None and fragments.waiting:
        mp4.expected_bytes = source.size_bytes + 8  # a fragment's index without its data: one more header at least
    if mp4.expected_bytes is None and mp4.broken_at is not None:
        # Noise or zeros where the next fragment should be: what a power cut leaves in a file already made longer.
        mp4.expected_bytes = source.size_bytes
