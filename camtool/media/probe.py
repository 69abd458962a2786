"""What a file's content says: state, length, codec, and each sign of damage, for any file whatever its name.

MP4 is answered from its boxes without loading a video library (thousands of files a second); everything else goes
through libav in camtool.media.demuxed, which is loaded when the first such file is met.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePath

from camtool.core.model import MediaFacts, State
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import mark
from camtool.media.boxes import Mp4, read_mp4
from camtool.media.boxes_read import BoxSource
from camtool.media.findings import content_mismatch, not_a_file, not_video, truncated, unreadable
from camtool.media.reading import opened, reason
from camtool.media.sniff import HEAD_BYTES, UNKNOWN_TO_US, VIDEO, sniff
from camtool.media.source import WINDOW_BYTES, Source

# Endings under which each kind of content is known: the extension lists of libavformat's demuxers and muxers.
_SUFFIXES: Mapping[str, frozenset[str]] = {
    "mp4": frozenset((".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".f4v", ".m4s", ".cmfv")),
    "mpeg-ps": frozenset((".mpg", ".mpeg", ".vob", ".ps", ".m2p", ".mod", ".evo")),
    "hikvision-ps": frozenset((".mpg", ".mpeg", ".ps")),
    "mpeg-ts": frozenset((".ts", ".m2ts", ".mts", ".m2t", ".tsv", ".trp", ".tp")),
    "dhav": frozenset((".dav",)),
    "matroska": frozenset((".mkv", ".webm", ".mk3d")),
    "avi": frozenset((".avi", ".divx")),
    "flv": frozenset((".flv",)),
    "asf": frozenset((".asf", ".wmv")),
    "ogg": frozenset((".ogv", ".ogg", ".ogm")),
    "h264": frozenset((".h264", ".264", ".avc", ".26l", ".h26l")),
    "hevc": frozenset((".h265", ".265", ".hevc")),
    "mpeg-video": frozenset((".m2v", ".m1v", ".mpv")),
    "mpeg4-video": frozenset((".m4v",)),
}
_VIDEO_SUFFIXES = frozenset().union(*_SUFFIXES.values())

_OPEN_FLAGS = getattr(os, "O_NONBLOCK", 0)  # a pipe must not hold us up
_KINDS_OF_FILE = (
    (stat.S_ISDIR, "folder"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)


def probe(path: Path | str, size_bytes: int | None = None) -> MediaFacts:
    """Say what the content of one file is. Never raises for what is wrong with the file: that is in the answer.

    size_bytes is the size the caller saw, if it did: of an MP4, what was written behind it since is left out. state is
    one of ok, truncated, no_index, empty, unreadable. The Problems carry no path and no camera; the caller adds them.
    """
    facts = _opened(path, size_bytes, with_libav=True)
    assert facts is not None  # noqa: S101 - only an answer without libav can be missing
    return facts


def probe_light(path: Path | str, size_bytes: int | None = None) -> MediaFacts | None:
    """Do the same where libav is not needed (MP4, and what is no video); return None where it is."""
    return _opened(path, size_bytes, with_libav=False)


def _opened(path: Path | str, size_bytes: int | None, with_libav: bool) -> MediaFacts | None:
    try:
        fd = opened(path, _OPEN_FLAGS)
    except OSError as error:
        return unreadable(reason(error))
    except ValueError as error:  # a name that no file can have
        return unreadable(str(error))
    try:
        return _probe(path, fd, size_bytes, with_libav)
    except OSError as error:
        return unreadable(reason(error))
    finally:
        os.close(fd)


def _probe(path: Path | str, fd: int, size_bytes: int | None, with_libav: bool) -> MediaFacts | None:
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        found = next((name for matches, name in _KINDS_OF_FILE if matches(status.st_mode)), "device")
        return not_a_file(found)
    size_bytes = status.st_size if size_bytes is None else min(size_bytes, status.st_size)
    if size_bytes == 0:
        return MediaFacts(State.EMPTY, playable_us=0, problems=(Problem(ProblemKind.EMPTY),))
    head = os.read(fd, min(WINDOW_BYTES, size_bytes))
    content = sniff(head[:HEAD_BYTES])
    mismatch = _mismatch(path, content)
    if content == "mp4":
        return mp4_facts(read_mp4(BoxSource(fd, size_bytes, head)), size_bytes, mismatch)
    if content in UNKNOWN_TO_US:
        return unreadable(mark("a recorder's own format that cannot be read here"), content, mismatch)
    if content is not None and content not in VIDEO:
        return not_video(content)
    if not with_libav:
        return None
    from camtool.media.demuxed import read_demuxed  # loads libav: 40 ms and 30 MB that MP4 has no need of

    return read_demuxed(path, Source(fd, size_bytes, head), content, mismatch)


def mp4_facts(mp4: Mp4, size_bytes: int, problems: tuple[Problem, ...] = ()) -> MediaFacts:
    """Turn what the box walk found into facts; problems are those known already."""
    video, audio = mp4.video, mp4.audio
    if mp4.endless:
        return unreadable(mark("it has more boxes than any recording"), "mp4", problems)
    if mp4.movie is None:
        return _without_index(mp4, problems)
    if video is None and mp4.expected_bytes is not None:  # cut inside moov, before the picture's part of it
        problems += (truncated(size_bytes, mp4.expected_bytes),)
        return MediaFacts(State.TRUNCATED, container="mp4", playable_us=0, problems=problems)
    if video is None:
        detail = mark("its index (moov) names no picture") if audio else mark("its index (moov) is empty")
        return unreadable(detail, "mp4", problems)
    if not mp4.frames and mp4.expected_bytes is None:
        return unreadable(mark("its index (moov) holds no picture"), "mp4", problems)
    if mp4.expected_bytes is None and (video.contradicts or (audio is not None and audio.contradicts)):
        return unreadable(mark("its index (moov) contradicts itself"), "mp4", problems)
    broken = mp4.expected_bytes is not None
    if mp4.expected_bytes is not None:
        problems += (truncated(size_bytes if mp4.broken_at is None else mp4.broken_at, mp4.expected_bytes),)
    created_s = mp4.movie.created_unix_s
    return MediaFacts(
        State.TRUNCATED if broken else State.OK,
        container="mp4",
        media_us=mp4.media_us,
        playable_us=mp4.playable_us,
        container_start_us=None if created_s is None else created_s * 1_000_000,
        video_codec=video.codec,
        width_px=video.width_px,
        height_px=video.height_px,
        frames=mp4.frames,
        rate=mp4.rate,
        audio_codec=audio.codec if audio else None,
        problems=problems,
    )


def _without_index(mp4: Mp4, problems: tuple[Problem, ...]) -> MediaFacts:
    if mp4.broken_at is not None and not mp4.has_data and not mp4.fragments:
        return unreadable(mark("its boxes end in noise before the index (moov)"), "mp4", problems)
    problems += (Problem(ProblemKind.NO_INDEX),)
    return MediaFacts(State.NO_INDEX, container="mp4", playable_us=0, problems=problems)


def _mismatch(path: Path | str, content: str | None) -> tuple[Problem, ...]:
    """Say where a video's ending is that of another kind of video; an ending that says nothing is no contradiction."""
    suffix = PurePath(path).suffix
    if content is None or content not in _SUFFIXES:
        return ()
    if suffix.lower() in _SUFFIXES[content] or suffix.lower() not in _VIDEO_SUFFIXES:
        return ()
    return (content_mismatch(suffix, content),)
