"""The pictures of a stretch of a recording, in the order of showing, one in memory at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from camtool.errors import NoKeyframe, Unplayable
from camtool.media.packets import REFUSALS, Group, Source, groups, opened, picture_stream, read_source, seek_to
from camtool.media.packets import video_packets as packets_of

# Recorders: 5 to 30 pictures a second. Below 10 a running clock would come late, above 30 nothing more is seen.
_SLOWEST, _FASTEST = 10, 30


@dataclass(frozen=True, slots=True)
class Shown:
    """A decoded picture, its place in the file (µs from the first picture), and a pixel's width to its height."""

    frame: VideoFrame
    place_us: Fraction
    pixel_aspect: Fraction


def rate_of(path: Path) -> int:
    """Return how many pictures a second a film needs to show a recording well, 10 to 30; 10 if it cannot be read."""
    try:
        video = read_source(path).video
    except (Unplayable, OSError):
        return _SLOWEST
    rate = 1 / (video.frame_ticks * video.time_base)
    # 29.97 is 30, and a rate by a time base of milliseconds (66 ms) is meant to be 15.
    return min(max(round(rate), _SLOWEST), _FASTEST)


Broken = Callable[[Fraction | None], None]


def pictures(
    path: Path, from_us: Fraction, *, keyframes_only: bool = False, broken: Broken | None = None
) -> Iterator[Shown]:
    """Yield the picture shown at a place of a recording and all that follow, to the end; keyframes_only: only those.

    A picture that cannot be decoded is left out; broken is told its place, where the packet says it. Raises Unplayable,
    NoKeyframe, or OSError where the file is not to be had, before the first picture.
    """
    source = read_source(path)
    wanted_pts = max(source.pts_at(from_us), source.origin_pts)
    group = next((group for group in groups(source, wanted_pts) if group.key), None)
    if group is None:
        raise NoKeyframe(path=path, when=f"{float(from_us) / 1e6:.3f} s")
    held: Shown | None = None
    for shown in _decoded(source, group, keyframes_only, broken):
        if shown.place_us > from_us and held is not None:
            yield held
            held = None
        if shown.place_us <= from_us:
            held = shown
        else:
            yield shown
    if held is not None:
        yield held


def _decoded(source: Source, group: Group, keyframes_only: bool, broken: Broken | None) -> Iterator[Shown]:
    with opened(source.path) as container:
        stream = picture_stream(container)
        if stream is None:
            return
        aspect = stream.sample_aspect_ratio or Fraction(1)
        # A keyframe each needs no company, and threads would hold pictures back.
        stream.thread_type = "NONE" if keyframes_only else "AUTO"
        first = 0
        if source.indexed:
            try:
                seek_to(container, stream, group.first)
            except REFUSALS as error:
                raise Unplayable(path=source.path, detail=str(error)) from error
            first = group.first
        for number, packet in enumerate(packets_of(container, stream), first):
            if number < group.first or (keyframes_only and not packet.is_keyframe):
                continue
            try:
                frames = packet.decode()
            except REFUSALS:
                if broken is not None:
                    broken(None if packet.pts is None else source.place_us(packet.pts))
                continue  # what is broken is left out, what follows may be whole
            yield from _placed(source, frames, aspect)
            if keyframes_only:
                yield from _placed(source, _drained(stream.codec_context), aspect)
        yield from _placed(source, _drained(stream.codec_context), aspect)


def _placed(source: Source, frames: list[VideoFrame], aspect: Fraction) -> Iterator[Shown]:
    for frame in frames:
        if frame.pts is not None:
            yield Shown(frame, source.place_us(frame.pts), aspect)


def _drained(context: VideoCodecContext) -> list[VideoFrame]:
    """Return the pictures that a decoder still holds; after that it can take the next keyframe."""
    try:
        frames = context.decode(None)
        context.flush_buffers()
    except REFUSALS:
        return []
    return frames
