"""What libav says of a recording that is not MP4. Only here does probing load libav.

Each file is opened with the demuxer of the content that was found, so that nothing is guessed from the name, and
through the file protocol alone. libav's own messages are switched off: what matters of them is in the answer.
"""

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import av
from av.codec.context import CodecContext
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from camtool.core.model import US_PER_S, MediaFacts, State
from camtool.core.problem import Problem
from camtool.errors import mark
from camtool.media.dhav import read_dav
from camtool.media.findings import LONGEST_US, not_video, truncated, unreadable
from camtool.media.sniff import STREAMS
from camtool.media.source import Source
from camtool.media.tails import expected_bytes

av.logging.set_level(None)

# libav's demuxer for each kind of content.
_DEMUXERS: Mapping[str, str] = {
    "mpeg-ps": "mpeg",
    "hikvision-ps": "mpeg",
    "mpeg-ts": "mpegts",
    "dhav": "dhav",
    "matroska": "matroska",
    "avi": "avi",
    "flv": "flv",
    "asf": "asf",
    "ogg": "ogg",
    "h264": "h264",
    "hevc": "hevc",
    "mpeg-video": "mpegvideo",
    "mpeg4-video": "m4v",
}
_CONTENTS: Mapping[str, str] = {demuxer: name for name, demuxer in _DEMUXERS.items() if name != "hikvision-ps"}
# What libav may take content for that has no signature of its own (a recorder's header in front of a program stream):
# never a playlist or a list of files, which would have it open other files.
_WHITELIST = ",".join((*_CONTENTS, "mjpeg", "mxf", "nuv", "wtv"))
# Whose length is a number in the header: it stays when the file is cut, so what is left has to be read to know.
_LENGTH_IN_HEADER = frozenset(("matroska", "avi", "flv", "asf", "ogg"))
# A sound file opens in 3-7 ms; damaged indexes were seen to take seconds, and a dying disk may take longer.
_PATIENCE_S = 60.0
# Until PyAV 19 texts that are not UTF-8 were errors unless told otherwise; from then on they are always replaced.
_LENIENT: Mapping[str, Any] = {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
# Everything PyAV raises for a file it cannot make sense of.
_REFUSALS = (av.FFmpegError, OSError, ValueError, ArithmeticError, LookupError)


def read_demuxed(
    path: Path | str, source: Source, content: str | None, problems: tuple[Problem, ...] = ()
) -> MediaFacts:
    """Say what is in one file of the given content (a word of camtool.media.sniff, or None where that knows none).

    problems are those known already. Raises nothing for what is wrong with the file, but for OSError of source.
    """
    demuxer = _DEMUXERS[content] if content else None
    options = {} if content else {"format_whitelist": _WHITELIST}
    try:
        name = f"file:{os.fspath(path)}"
        with av.open(name, format=demuxer, options=options, timeout=_PATIENCE_S, **_LENIENT) as container:
            libav_name = container.format.name
            return _facts(container, source, content or _CONTENTS.get(libav_name, libav_name), problems)
    except _REFUSALS as error:
        if content is None:
            return not_video("unknown")
        return unreadable(getattr(error, "strerror", None) or str(error), content, problems)


def _facts(container: InputContainer, source: Source, name: str, problems: tuple[Problem, ...]) -> MediaFacts:
    video = next(iter(container.streams.video), None)
    picture = cast(VideoCodecContext | None, video.codec_context) if video else None
    if video is None or picture is None or not picture.width:
        return unreadable(mark("no picture was found in it"), name, problems)
    audio = next(iter(container.streams.audio), None)
    facts = MediaFacts(
        State.OK,
        container=name,
        container_start_us=_created_us(container),
        video_codec=picture.codec.canonical_name,
        width_px=picture.width,
        height_px=picture.height,
        frames=video.frames or None,
        rate=None if name in STREAMS else video.average_rate,  # libav makes one up where there is no clock
        audio_codec=_codec(audio.codec_context) if audio else None,
        problems=problems,
    )
    if name == "dhav":
        return _with_dav(facts, source)
    return _with_length(facts, container, video, expected_bytes(source, name), source.size_bytes)


def _codec(context: CodecContext | None) -> str | None:
    return context.codec.canonical_name if context is not None else None


def _with_dav(facts: MediaFacts, source: Source) -> MediaFacts:
    """Add what only the frames say: the camera's clock, the length, the break."""
    dav = read_dav(source)
    length_us = dav.elapsed_us
    if length_us is not None and facts.rate:
        length_us += round(US_PER_S / facts.rate)  # the last picture is shown as long as the others
    facts = replace(
        facts,
        media_us=length_us,
        playable_us=length_us,
        container_start_local=dav.first.local.isoformat() if dav.first and dav.first.local else None,
    )
    return facts if dav.expected_bytes is None else _broken(facts, source.size_bytes, dav.expected_bytes)


def _with_length(
    facts: MediaFacts, container: InputContainer, video: VideoStream, expected: int | None, size_bytes: int
) -> MediaFacts:
    media_us = playable_us = _length_us(container, video) if facts.container not in STREAMS else None
    cut = expected is not None and facts.container in _LENGTH_IN_HEADER
    if cut or (media_us is None and facts.container == "matroska"):
        playable_us = _read_length_us(container, video)
        media_us = playable_us if media_us is None else media_us
        if media_us is not None and playable_us is not None:
            playable_us = min(media_us, playable_us)  # a damaged time stamp makes nothing longer
    facts = replace(facts, media_us=media_us, playable_us=playable_us)
    return facts if expected is None else _broken(facts, size_bytes, expected)


def _broken(facts: MediaFacts, present_bytes: int, expected: int) -> MediaFacts:
    return replace(facts, state=State.TRUNCATED, problems=(*facts.problems, truncated(present_bytes, expected)))


def _length_us(container: InputContainer, video: VideoStream) -> int | None:
    """Return the picture's length as libav has it, from the header or from the first and last time stamps."""
    if video.duration is not None and video.time_base is not None:
        length_us = round(video.duration * video.time_base * US_PER_S)
    else:
        length_us = container.duration or 0  # in µs: AV_TIME_BASE
    return length_us if 0 < length_us <= LONGEST_US else None


def _read_length_us(container: InputContainer, video: VideoStream) -> int | None:
    """Read the packets through to the end, without decoding: from the first time stamp to the end of the last."""
    first = last = None
    try:
        for packet in container.demux(video):
            if packet.pts is not None:
                first = packet.pts if first is None else min(first, packet.pts)
                last = max(last or 0, packet.pts + (packet.duration or 0))
    except _REFUSALS:
        pass  # so far and no further: that is what was asked
    if first is None or last is None or video.time_base is None:
        return None
    length_us = round((last - first) * video.time_base * US_PER_S)
    return length_us if 0 < length_us <= LONGEST_US else None


def _created_us(container: InputContainer) -> int | None:
    """Return the instant in the container's metadata (Matroska's DateUTC)."""
    try:
        created = dt.datetime.fromisoformat(container.metadata.get("creation_time", ""))
    except ValueError:
        return None
    if created.tzinfo is None:  # a text without a zone says no instant
        return None
    return (created - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
