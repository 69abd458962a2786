"""The packets of a recording: what its streams are, and its groups of pictures from any place on.

A recording is opened read-only, through the file protocol alone, and every picture in it is seen: an edit list that
hides pictures is followed for its times but not for what it hides (`advanced_editlist=0`; libavformat/mov.c). An MP4's
index says where each packet lies, so its groups are read from anywhere; every other container is read from its start,
because only that gives each packet its number.
"""

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from camtool.errors import Unplayable, mark
from camtool.media.framing import BadFraming, Framing, framing_of, parameter_sets

av.logging.set_level(None)

# What a recorder writes, by libavformat's names. Never a playlist: it would have libav open other files.
_FORMATS = "mov,mpeg,mpegts,dhav,matroska,avi,flv,asf,ogg,h264,hevc,mpegvideo,m4v,mjpeg,mxf,nuv,wtv"
OPTIONS = {"advanced_editlist": "0", "format_whitelist": _FORMATS}
# Everything PyAV raises for a file it cannot make sense of.
REFUSALS = (av.FFmpegError, OSError, ValueError, ArithmeticError, LookupError)
NO_PICTURE = mark("no picture was found in it")
# H.264 and HEVC shift a picture by at most 16 places (max_dec_frame_buffering), so one of the first 17 is shown first.
_REORDER_MOST = 16
# The second landing is right where the first shows by how much it falls short; more where pictures are far apart.
_LANDINGS_MOST = 8
# Held for the recordings of one job; a whole-file list of groups is 150 bytes a group.
_KEPT_SOURCES = 64


@dataclass(frozen=True, slots=True)
class Video:
    """A recording's picture stream. time_base is in seconds; frame_ticks is a picture's length by the stated rate."""

    index: int
    codec: str
    width_px: int
    height_px: int
    time_base: Fraction
    frame_ticks: int
    framing: Framing
    extradata: bytes
    sets: frozenset[bytes]

    @property
    def words(self) -> str:
        """Codec and size, for people."""
        return f"{self.codec} {self.width_px}x{self.height_px}"


@dataclass(frozen=True, slots=True)
class Audio:
    """A recording's sound stream. adts: its packets carry ADTS headers, which .mp4 and .mkv have no use for."""

    index: int
    codec: str
    rate: int
    channels: int
    time_base: Fraction
    extradata: bytes

    @property
    def adts(self) -> bool:
        """AAC without an AudioSpecificConfig has it in front of each packet (ISO/IEC 13818-7, ADTS)."""
        return self.codec == "aac" and not self.extradata


@dataclass(frozen=True, slots=True)
class Source:
    """One recording's file. indexed: its packets can be reached and numbered without reading what is before them.

    origin_pts is the time of the picture that is shown first, in ticks of the video's time base: place 0 of the file.
    """

    path: Path
    size_bytes: int
    mtime_ns: int
    container: str
    indexed: bool
    origin_pts: int
    video: Video
    audio: Audio | None

    def place_us(self, pts: int) -> Fraction:
        """Return the place of a video time (ticks) in µs from the first picture."""
        return (pts - self.origin_pts) * self.video.time_base * 1_000_000

    def pts_at(self, place_us: Fraction) -> int:
        """Return the last tick at or before a place in µs from the first picture."""
        return self.origin_pts + math.floor(place_us / (self.video.time_base * 1_000_000))


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures from one keyframe to before the next, in the order of the file; times in ticks of the video.

    first is the number of its first packet, counted from the start of the file. low_pts is the earliest picture: before
    key_pts where pictures that lead the keyframe are stored behind it (open groups). reorder is the most pictures that
    any of them is stored behind although it is shown before them. key is False for pictures at the start of a file that
    has no keyframe yet. whole is False where the file breaks off in the group.
    """

    first: int
    packets: int
    key: bool
    key_pts: int
    first_dts: int
    low_pts: int
    end_pts: int
    reorder: int
    whole: bool


@contextmanager
def opened(path: Path, options: Mapping[str, str] = OPTIONS) -> Iterator[InputContainer]:
    """Open a recording's container for reading. Raises Unplayable, or OSError where the file is not to be had."""
    path.stat()
    try:
        container = av.open(f"file:{path}", container_options=dict(options), metadata_errors="replace")
    except REFUSALS as error:
        raise Unplayable(path=path, detail=reason(error)) from error
    with container:
        yield container


def libraries() -> dict[str, str]:
    """Return the versions of PyAV and of the libraries it carries."""
    carried = {name: ".".join(map(str, version)) for name, version in av.library_versions.items()}
    return {"pyav": av.__version__, **carried}


def reason(error: BaseException) -> str:
    """Return in few words what libav or the system has to say."""
    return getattr(error, "strerror", None) or str(error)


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the first stream of pictures that is not a cover image and that there is a decoder for."""
    for stream in container.streams.video:
        # What libav has no decoder for (noise taken for a stream) has no context, whatever PyAV's types say.
        known = cast(VideoCodecContext | None, stream.codec_context) is not None
        if known and not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def sound_stream(container: InputContainer) -> AudioStream | None:
    """Return the first stream of sound that libav can name."""
    return next(iter(container.streams.audio), None)


@lru_cache(maxsize=_KEPT_SOURCES)
def _source(path: Path, size_bytes: int, mtime_ns: int) -> Source:
    with opened(path) as container:
        stream, sound = picture_stream(container), sound_stream(container)
        try:
            if stream is None or not stream.codec_context.width:
                raise Unplayable(path=path, detail=NO_PICTURE)
            indexed = container.format.name.startswith("mov") and 0 < stream.frames == len(stream.index_entries)
            video = _video(stream)
            audio = _audio(sound) if sound else None
            early = (packet for packet in container.demux(stream) if packet.size)
            times = [time for packet in islice(early, _REORDER_MOST + 1) if (time := time_of(packet)) is not None]
        except REFUSALS as error:
            raise Unplayable(path=path, detail=reason(error)) from error
        if not times:
            raise Unplayable(path=path, detail=NO_PICTURE)
        name = container.format.name
    return Source(path, size_bytes, mtime_ns, name, indexed, min(times), video, audio)


def read_source(path: Path) -> Source:
    """Open a recording and say what it is. Raises Unplayable, or OSError where the file is not to be had."""
    status = path.stat()
    return _source(path, status.st_size, status.st_mtime_ns)


def time_of(packet: "Packet[Any]") -> int | None:
    """Return when a packet is shown, in ticks; its decoding time where the container states only that (AVI)."""
    return packet.dts if packet.pts is None else packet.pts


def groups(source: Source, near_pts: int) -> Iterator[Group]:
    """Yield the groups of pictures from the one that is shown at near_pts on: from its keyframe, or from the first.

    Raises Unplayable, or OSError where the file is not to be had.
    """
    if source.indexed:
        yield from _indexed_groups(source, near_pts)
        return
    every = _every_group(source)
    at = bisect_right(every, near_pts, key=lambda group: group.key_pts)
    yield from every[max(0, at - 1) :]


def reorder_of(source: Source) -> int:
    """Return how many pictures a decoder of the recording has to hold back to show all in order. Reads it whole."""
    return max((group.reorder for group in _every_group(source)), default=0)


def seek_to(container: InputContainer, stream: VideoStream, number: int) -> None:
    """Go to a packet of an indexed recording, by its number.

    libav takes the wanted time for one of showing and lowers it by what the edit list begins with (mov_seek_stream in
    libavformat/mov.c), so it is raised by as much as the landing falls short. Raises ValueError if that does not help.
    """
    wanted = stream.index_entries[number]
    time = wanted.timestamp
    for _ in range(_LANDINGS_MOST):
        container.seek(time, stream=stream, backward=True, any_frame=True)
        packet = next((packet for packet in container.demux(stream) if packet.size), None)
        if packet is None or packet.dts is None:
            break
        if packet.pos == wanted.pos:
            container.seek(time, stream=stream, backward=True, any_frame=True)
            return
        time += wanted.timestamp - packet.dts
    raise ValueError(mark("its index does not lead to its pictures"))


def _video(stream: VideoStream) -> Video:
    context = stream.codec_context
    codec, extradata = context.codec.canonical_name, context.extradata or b""
    time_base = stream.time_base or Fraction(1, 1000)
    rate = stream.average_rate or stream.guessed_rate
    frame_ticks = max(1, round(1 / (rate * time_base))) if rate else 1
    try:
        framing, sets = framing_of(codec, extradata), parameter_sets(codec, extradata)
    except BadFraming as error:
        raise ValueError(str(error)) from error
    return Video(stream.index, codec, context.width, context.height, time_base, frame_ticks, framing, extradata, sets)


def _audio(stream: AudioStream) -> Audio:
    context = stream.codec_context
    time_base = stream.time_base or Fraction(1, 1000)
    codec = context.codec.canonical_name
    return Audio(stream.index, codec, context.sample_rate, context.channels, time_base, context.extradata or b"")


@lru_cache(maxsize=_KEPT_SOURCES)
def _every_group(source: Source) -> list[Group]:
    with opened(source.path) as container:
        stream = _pictures(container, source)
        return list(_walk(container, stream, source, 0))


def _indexed_groups(source: Source, near_pts: int) -> Iterator[Group]:
    with opened(source.path) as container:
        stream = _pictures(container, source)
        entry = seek_to_keyframe(container, stream, source, near_pts)
        yield from _walk(container, stream, source, entry)


def seek_to_keyframe(container: InputContainer, stream: VideoStream, source: Source, near_pts: int) -> int:
    """Go to the keyframe shown at near_pts of an indexed recording, or to its first packet; return its number.

    Raises Unplayable.
    """
    index = stream.index_entries
    # Decoded no later than shown: the keyframe shown at near_pts is this one or one before it.
    entry = index.search_timestamp(near_pts, backward=True)
    try:
        while entry > 0 and not _shown_by(container, stream, source, entry, near_pts):
            entry = index.search_timestamp(index[entry].timestamp - 1, backward=True)
        entry = max(0, entry)
        seek_to(container, stream, entry)
    except REFUSALS as error:
        raise Unplayable(path=source.path, detail=reason(error)) from error
    return entry


def _shown_by(container: InputContainer, stream: VideoStream, source: Source, entry: int, pts: int) -> bool:
    """Whether the keyframe of an index entry is there in full and shown at or before pts."""
    known = stream.index_entries[entry]
    if known.pos + known.size > source.size_bytes:
        return False
    seek_to(container, stream, entry)
    packet = next((packet for packet in container.demux(stream) if packet.size), None)
    return packet is not None and (time_of(packet) or 0) <= pts


def _pictures(container: InputContainer, source: Source) -> VideoStream:
    stream = picture_stream(container)
    if stream is None:
        raise Unplayable(path=source.path, detail=NO_PICTURE)
    return stream


class _Gathering:
    """The group that is being read: its numbers, and the two latest pictures, whose distance is a picture's length."""

    __slots__ = ("count", "dts", "duration", "first", "high", "key", "key_pts", "low", "recent", "reorder", "second")

    def __init__(self, first: int, packet: "Packet[VideoStream]", pts: int) -> None:
        self.first, self.count, self.key, self.key_pts = first, 0, packet.is_keyframe, pts
        self.dts = packet.dts if packet.dts is not None else pts
        self.low = self.high = self.second = pts
        self.duration = self.reorder = 0
        self.recent: deque[int] = deque(maxlen=_REORDER_MOST)

    def add(self, packet: "Packet[VideoStream]", pts: int) -> None:
        self.count += 1
        self.low = min(self.low, pts)
        if pts >= self.high:
            self.second, self.high, self.duration = self.high, pts, packet.duration or 0
        else:
            if pts > self.second or self.second == self.high:
                self.second = pts
            self.reorder = max(self.reorder, sum(pts < before for before in self.recent))
        self.recent.append(pts)

    def done(self, whole: bool, frame_ticks: int) -> Group:
        # DHAV states one tick for every picture (libavformat/dhav.c), so one tick is no length.
        length = self.duration if self.duration > 1 else self.high - self.second or frame_ticks
        end_pts = self.high + length
        return Group(self.first, self.count, self.key, self.key_pts, self.dts, self.low, end_pts, self.reorder, whole)


def video_packets(container: InputContainer, stream: VideoStream) -> Iterator["Packet[VideoStream]"]:
    """Yield a stream's packets to the last one that is there in full; a broken one only where others follow it.

    A last broken packet is what is left of one: the file ends in it.
    """
    held: Packet[VideoStream] | None = None
    try:
        for packet in container.demux(stream):
            if not packet.size:
                continue
            if held is not None:
                yield held
                held = None
            if packet.is_corrupt:
                held = packet
            else:
                yield packet
    except av.FFmpegError:
        return


def _walk(container: InputContainer, stream: VideoStream, source: Source, number: int) -> Iterator[Group]:
    total = stream.frames if source.indexed else None
    gathering: _Gathering | None = None
    pts = source.origin_pts
    for packet in video_packets(container, stream):
        time = time_of(packet)
        pts = pts + source.video.frame_ticks if time is None else time
        if gathering is None or packet.is_keyframe:
            if gathering is not None:
                yield gathering.done(True, source.video.frame_ticks)
            gathering = _Gathering(number, packet, pts)
        gathering.add(packet, pts)
        number += 1
    if gathering is not None:
        yield gathering.done(total is None or number == total, source.video.frame_ticks)
