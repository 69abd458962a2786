"""The packets of a recording: what its streams are, and its groups of pictures from any place on.

A recording is opened read-only, through the file protocol alone, and every picture in it is seen: an edit list that
hides pictures is followed for its times but not for what it hides (`advanced_editlist=0`; libavformat/mov.c). An MP4's
index says where each packet lies, so its groups are read from anywhere; every other container is read from its start,
because only that gives each packet its number.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
from camtool.media.framing import BadFraming, framing_of, parameter_sets
from camtool.media.pictures import NO_PICTURE as NO_PICTURE
from camtool.media.pictures import REORDER_MOST, Gathering
from camtool.media.pictures import Audio as Audio
from camtool.media.pictures import Group as Group
from camtool.media.pictures import Source as Source
from camtool.media.pictures import Video as Video
from camtool.media.reading import reason as reason

av.logging.set_level(None)

# What a recorder writes, by libavformat's names. Never a playlist: it would have libav open other files.
_FORMATS = "mov,mpeg,mpegts,dhav,matroska,avi,flv,asf,ogg,h264,hevc,mpegvideo,m4v,mjpeg,mxf,nuv,wtv"
OPTIONS = {"advanced_editlist": "0", "format_whitelist": _FORMATS}
# Everything PyAV raises for a file it cannot make sense of.
REFUSALS = (av.FFmpegError, OSError, ValueError, ArithmeticError, LookupError)
# The second landing is right where the first shows by how much it falls short; more where pictures are far apart.
_LANDINGS_MOST = 8
# Held for the recordings of one job; a whole-file list of groups is 150 bytes a group.
_KEPT_SOURCES = 64


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
            times = [time for packet in islice(early, REORDER_MOST + 1) if (time := time_of(packet)) is not None]
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


class ByLibav:
    """Reads recordings of every container through libav (see pictures.Reader)."""

    def read(self, path: Path) -> Source:
        """Open a recording and say what it is. Raises Unplayable, OSError."""
        return read_source(path)

    def groups(self, source: Source, near_pts: int) -> Iterator[Group]:
        """Yield the groups from the one shown at near_pts on. Raises Unplayable, OSError."""
        return groups(source, near_pts)

    def digests(self, source: Source, first: int, count: int) -> Iterator[bytes]:
        """Yield SHA-256 of `count` pictures from number `first` on."""
        with opened(source.path) as container:
            stream = _pictures(container, source)
            if source.indexed:
                seek_to(container, stream, first)
            packets = (packet for packet in container.demux(stream) if packet.size)
            skipped = 0 if source.indexed else first
            for packet in islice(packets, skipped, skipped + count):
                yield hashlib.sha256(packet).digest()


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
    gathering: Gathering | None = None
    pts = source.origin_pts
    for packet in video_packets(container, stream):
        time = time_of(packet)
        pts = pts + source.video.frame_ticks if time is None else time
        if gathering is None or packet.is_keyframe:
            if gathering is not None:
                yield gathering.done(True, source.video.frame_ticks)
            dts = pts if packet.dts is None else packet.dts
            gathering = Gathering(number, packet.is_keyframe, pts, dts)
        gathering.add(pts, packet.duration or 0)
        number += 1
    if gathering is not None:
        yield gathering.done(total is None or number == total, source.video.frame_ticks)
