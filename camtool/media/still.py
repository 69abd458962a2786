"""One picture out of a recording: decoded from its keyframe, at its true size, written as PNG with what is known of it.

Nothing is burnt into the picture; what a person needs to know stands in the PNG's text chunks (iTXt: UTF-8), where
exiftool, ImageMagick's identify and any picture viewer show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from camtool.errors import NoKeyframe, Unplayable
from camtool.media.packets import (
    NO_PICTURE,
    REFUSALS,
    Group,
    Source,
    groups,
    opened,
    picture_stream,
    read_source,
    reason,
    seek_to,
    time_of,
    video_packets,
)
from camtool.media.whole import whole


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture. image is uint8 RGB (height, width, 3); place_us is where in the file it is shown.

    pixel_aspect is the stated width of a pixel to its height, 1 where nothing is stated: the picture is written as it
    is stored, never stretched. packet is the number of the packet it was coded in, counted from 0 in the order of the
    file, as in a clip's proof.
    """

    image: NDArray[np.uint8]
    packet: int
    pts: int
    time_base: Fraction
    place_us: Fraction
    pixel_aspect: Fraction
    kind: str


def picture_at(path: Path, place_us: Fraction) -> Picture:
    """Decode the picture that is shown at a place of a recording (µs from its first picture).

    That is the last one whose time is at or before the place; the first one for a place before it.
    Raises Unplayable, NoKeyframe, or OSError where the file is not to be had.
    """
    source = read_source(path)
    wanted_pts = max(source.pts_at(place_us), source.origin_pts)
    group = next((group for group in groups(source, wanted_pts) if group.key), None)
    if group is None:
        raise NoKeyframe(path=path, when=f"{float(place_us) / 1e6:.3f} s")
    numbers: dict[int, int] = {}
    frame, aspect = _decoded(source, group, wanted_pts, numbers)
    if frame is None or frame.pts is None:
        raise Unplayable(path=path, detail=NO_PICTURE)
    return Picture(
        image=_rgb(frame),
        packet=numbers.get(frame.pts, group.first),
        pts=frame.pts,
        time_base=source.video.time_base,
        place_us=source.place_us(frame.pts),
        pixel_aspect=aspect,
        kind=PictureType(frame.pict_type).name,
    )


def _decoded(
    source: Source, group: Group, wanted_pts: int, numbers: dict[int, int]
) -> tuple[VideoFrame | None, Fraction]:
    """Decode a group from its keyframe on; return the last picture at or before the wanted time, and a pixel's aspect.

    numbers is filled with the packets' numbers by their times. Pictures come out of the decoder in the order they are
    shown, so the first one behind the wanted time ends the work.
    """
    best: VideoFrame | None = None
    with opened(source.path) as container:
        stream = picture_stream(container)
        if stream is None:
            return None, Fraction(1)
        aspect = stream.sample_aspect_ratio or Fraction(1)
        stream.thread_type = "NONE"
        try:
            if source.indexed:
                seek_to(container, stream, group.first)
            for number, packet in enumerate(video_packets(container, stream), group.first if source.indexed else 0):
                if number < group.first:
                    continue
                numbers[time_of(packet) or 0] = number
                for frame in packet.decode():
                    if frame.pts is None:
                        continue
                    if frame.pts > wanted_pts:
                        return frame if best is None else best, aspect
                    best = frame
            for frame in stream.codec_context.decode(None):
                if frame.pts is not None and frame.pts <= wanted_pts:
                    best = frame
        except REFUSALS as error:
            if best is None:
                raise Unplayable(path=source.path, detail=reason(error)) from error
    return best, aspect


def _rgb(frame: VideoFrame) -> NDArray[np.uint8]:
    """Convert by the matrix and range that the stream states (libswscale reads them off the frame); full range out."""
    return frame.to_ndarray(format="rgb24", dst_color_range=ColorRange.JPEG).astype(np.uint8, copy=False)


def write_png(out: Path, image: NDArray[np.uint8], facts: Mapping[str, str]) -> None:
    """Write a picture as PNG, all or nothing, with facts as its text chunks.

    Raises OutputExists, DiskFull, NotAllowed, NoSuchFolder.
    """
    info = PngInfo()
    for name, text in facts.items():
        info.add_itxt(name, text)
    with whole(out) as (draft,):
        Image.fromarray(image).save(draft, format="PNG", pnginfo=info)


def read_facts(path: Path) -> dict[str, Any]:
    """Return the text chunks of a PNG."""
    with Image.open(path) as picture:
        picture.load()
        return dict(getattr(picture, "text", {}))


def same_picture(one: Path, other: Path) -> bool:
    """Whether two pictures show the same, pixel by pixel, whatever else their files hold."""
    with Image.open(one) as first, Image.open(other) as second:
        return (first.mode, first.size, first.tobytes()) == (second.mode, second.size, second.tobytes())
