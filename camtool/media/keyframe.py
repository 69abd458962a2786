"""The keyframe at or before a place of a recording, alone: one packet decoded, shrunk on the way out."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream
from numpy.typing import NDArray

from camtool.errors import NoKeyframe, Unplayable
from camtool.media.packets import (
    NO_PICTURE,
    REFUSALS,
    groups,
    opened,
    picture_stream,
    read_source,
    reason,
    seek_to_keyframe,
    video_packets,
)


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A decoded keyframe: uint8 RGB (height, width, 3), its place in µs, a pixel's stated width to its height."""

    image: NDArray[np.uint8]
    place_us: Fraction
    pixel_aspect: Fraction


def keyframe_at(path: Path, place_us: Fraction, width_px: int | None = None) -> Keyframe:
    """Decode the keyframe at or before a place (µs from the first picture), or the first one for a place before it.

    width_px: shrink it to at most this width. Raises Unplayable, NoKeyframe, or OSError where there is no file.
    """
    source = read_source(path)
    wanted_pts = max(source.pts_at(place_us), source.origin_pts)
    first = 0
    if not source.indexed:
        group = next((group for group in groups(source, wanted_pts) if group.key), None)
        if group is None:
            raise NoKeyframe(path=path, when=f"{float(place_us) / 1e6:.3f} s")
        first = group.first
    with opened(path) as container:
        stream = picture_stream(container)
        if stream is None:
            raise Unplayable(path=path, detail=NO_PICTURE)
        stream.thread_type = "NONE"
        if source.indexed:
            seek_to_keyframe(container, stream, source, wanted_pts)
        try:
            for packet in islice(video_packets(container, stream), first, None):
                if packet.is_keyframe:
                    frame = _frame(packet, stream)
                    pts = frame.pts if frame.pts is not None else wanted_pts
                    aspect = stream.sample_aspect_ratio or Fraction(1)
                    return Keyframe(_rgb(frame, width_px), source.place_us(pts), aspect)
        except REFUSALS as error:
            raise Unplayable(path=path, detail=reason(error)) from error
    raise NoKeyframe(path=path, when=f"{float(place_us) / 1e6:.3f} s")


def _frame(packet: "Packet[VideoStream]", stream: VideoStream) -> VideoFrame:
    frames = packet.decode() or stream.codec_context.decode(None)
    if not frames:
        raise ValueError(NO_PICTURE)
    return frames[0]


def _rgb(frame: VideoFrame, width_px: int | None) -> NDArray[np.uint8]:
    """Convert by the matrix and range that the stream states, as `still` does; shrinking in the same step."""
    width = min(width_px or frame.width, frame.width)
    height = max(1, round(frame.height * width / frame.width))
    image = frame.to_ndarray(
        format="rgb24", width=width, height=height, interpolation="AREA", dst_color_range=ColorRange.JPEG
    )
    return image.astype(np.uint8, copy=False)
