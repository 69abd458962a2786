"""An annotated copy: a clip or a still with notes drawn in, above a margin that says what it is and what it is made of.

A derivative, never evidence. The picture keeps its size and stays free of everything but the notes; all that camtool
says stands in the margin below it. Pictures are decoded here, each keeps its own time (a recorder's rate wavers), and
ffmpeg encodes them: H.264, 4:2:0, index in front, as every player takes it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Self

import av
import ffmpeg
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from camtool.core.model import US_PER_S
from camtool.core.notes import Note
from camtool.errors import Unplayable
from camtool.media.film import film_command
from camtool.media.letters import fitted, length_px, put
from camtool.media.note_draw import Picture, draw_notes
from camtool.media.packets import NO_PICTURE, opened, read_source, sound_stream
from camtool.media.program import Feed, feeding
from camtool.media.reel_read import Shown, pictures

NOTICE = "BẢN SAO CÓ CHÚ THÍCH / ANNOTATED COPY"
# Words of the margin: grey on dark, the notice in white.
_PAPER, _DIM, _WHITE = (24, 28, 34), (175, 182, 192), (255, 255, 255)
# Of the width: a letter of the notice; what a phone still shows, and what does not shout on 4K.
_LETTER_SHARE, _LEAST_PX, _MOST_PX = 1 / 42, 10, 44
# MPEG's own clock: 15, 25 and 30 pictures a second, milliseconds and 90 kHz itself all fit without rounding.
_TICKS_PER_S = 90_000
_WRITTEN = Fraction(1, _TICKS_PER_S)


@dataclass(frozen=True, slots=True)
class Origin:
    """What the margin says of the parent: name and SHA-256; clocks gives both clocks' words at a place, if known."""

    name: str
    sha256: str
    clocks: Callable[[int], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Made:
    """An annotated film: its pictures, its size with the margin, and the margin's height.

    broken are the places (µs, None where unknown) of packets that could not be decoded, and so are not in it.
    """

    frames: int
    width_px: int
    height_px: int
    margin_px: int
    broken: tuple[Fraction | None, ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """What is to be annotated: a picture's size and a pixel's width to its height, both as it is shown.

    length_us is that of the clip, 0 where it does not say; sound the codec of what is to be heard, None without any;
    first_us is how long after the file's start the first picture is shown.
    """

    path: Path
    width_px: int
    height_px: int
    pixel_aspect: Fraction
    length_us: int
    first_us: Fraction
    sound: str | None


def look_at(path: Path) -> Clip:
    """Return what a clip is, as a player shows it.

    Raises Unplayable, NoKeyframe, or OSError where the file is not to be had.
    """
    source = read_source(path)
    shown = next(pictures(path, Fraction(0)), None)
    if shown is None:
        raise Unplayable(path=path, detail=NO_PICTURE)
    width_px, height_px = source.video.width_px, source.video.height_px
    if _quarters(shown.frame) % 2:
        width_px, height_px = height_px, width_px
    with opened(path) as container:
        heard = sound_stream(container)
        return Clip(
            path,
            width_px,
            height_px,
            _upright_aspect(shown),
            container.duration or 0,
            source.origin_pts * source.video.time_base * US_PER_S - (container.start_time or 0),
            heard.codec_context.name if heard is not None else None,
        )


def write_film(
    clip: Clip, draft: Path, out: Path, notes: Sequence[Note], origin: Origin, progress: Callable[[int], None]
) -> Made:
    """Write the annotated copy of a clip to `draft` (out is the name for errors). progress is told whole percents.

    Raises Unplayable, NoKeyframe, NoGlyph, ProgramMissing, ProgramFailed, DiskFull, or OSError for the clip.
    """
    canvas = _Canvas(clip.width_px, clip.height_px)
    video = read_source(clip.path).video
    frames, percent = 0, -1
    broken: list[Fraction | None] = []
    with (
        feeding(_command(clip, draft, origin), out) as feed,
        _Pipe(feed, canvas.size_px, 1 / (video.frame_ticks * video.time_base)) as pipe,
    ):
        for shown in pictures(clip.path, Fraction(0), broken=broken.append):
            at_us = int(shown.place_us)
            canvas.show(shown, notes, at_us, origin)
            pipe.write(canvas.frame(), clip.first_us + shown.place_us)
            frames += 1
            reached = min(100, at_us * 100 // clip.length_us) if clip.length_us else 0
            if reached != percent:
                percent = reached
                progress(percent)
    if frames == 0:
        raise Unplayable(path=clip.path, detail=NO_PICTURE)
    return Made(frames, *canvas.size_px, canvas.margin_px, tuple(broken))


def picture_of(clip: Path, at_us: int) -> tuple[Picture, int]:
    """Return the picture of a clip that is shown at a time, RGB and upright, and its own time in µs."""
    shown = next(iter(pictures(clip, Fraction(at_us))), None)
    if shown is None:
        raise Unplayable(path=clip, detail=NO_PICTURE)
    return _upright(shown), int(shown.place_us)


def read_picture(path: Path) -> Picture:
    """Read a still as RGB. Raises Unplayable, or OSError where the file is not to be had."""
    path.stat()
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert("RGB"), np.uint8).copy()
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Unplayable(path=path, detail=str(error)) from error


def annotated_picture(image: Picture, notes: Sequence[Note], at_us: int, origin: Origin) -> Picture:
    """Return a picture with its notes and its margin. Raises NoGlyph."""
    canvas = _Canvas(image.shape[1], image.shape[0], even=False)
    canvas.draw(image.copy(), Fraction(1), notes, at_us, origin)  # viewers of PNG know square pixels only
    return canvas.image


class _Canvas:
    """The picture, and the margin below it; H.264 in 4:2:0 wants even sides, so a film's are filled up to that."""

    def __init__(self, width_px: int, height_px: int, even: bool = True) -> None:
        self.picture_px = (width_px, height_px)
        size = max(_LEAST_PX, min(_MOST_PX, round(width_px * _LETTER_SHARE)))
        self.margin_px = size * 4
        wide, high = width_px, height_px + self.margin_px
        if even:
            wide, high = wide + wide % 2, high + high % 2
        self.size_px = (wide, high)
        self.image: Picture = np.empty((high, wide, 3), np.uint8)
        self.image[:] = _PAPER

    def show(self, shown: Shown, notes: Sequence[Note], at_us: int, origin: Origin) -> None:
        """Draw a decoded picture; one of another size than the first is brought to that."""
        image = _upright(shown, self.picture_px)
        self.draw(image, _upright_aspect(shown), notes, at_us, origin)

    def draw(self, image: Picture, aspect: Fraction, notes: Sequence[Note], at_us: int, origin: Origin) -> None:
        """Draw a picture of the right size, its notes and the margin. image is used up."""
        draw_notes(image, notes, at_us)
        width, height = self.picture_px
        self.image[:height, :width] = image
        both = origin.clocks(at_us) or ("", "")
        margin = _margin(self.size_px[0], self.margin_px, aspect, origin.name, origin.sha256, *both)
        self.image[height : height + self.margin_px] = margin

    def frame(self) -> VideoFrame:
        """Return the drawn picture as libav takes it, 4:2:0 with BT.709's matrix."""
        frame = VideoFrame.from_ndarray(self.image, format="rgb24")
        return frame.reformat(
            format="yuv420p",
            src_color_range=ColorRange.JPEG,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )


def _quarters(frame: VideoFrame) -> int:
    """Return by how many quarters of a circle, against the clock, a picture is turned to be shown: telephones do."""
    return round(frame.rotation / 90) % 4


def _upright_aspect(shown: Shown) -> Fraction:
    return 1 / shown.pixel_aspect if _quarters(shown.frame) % 2 else shown.pixel_aspect


def _upright(shown: Shown, size_px: tuple[int, int] | None = None) -> Picture:
    """Return a picture as players show it, of the size that is wanted of it then."""
    quarters = _quarters(shown.frame)
    stored_px = size_px[::-1] if size_px is not None and quarters % 2 else size_px
    image = _rgb(shown.frame, stored_px)
    return np.ascontiguousarray(np.rot90(image, quarters)) if quarters else image


def _rgb(frame: VideoFrame, size_px: tuple[int, int] | None = None) -> Picture:
    width, height = size_px or (frame.width, frame.height)
    image = frame.to_ndarray(format="rgb24", width=width, height=height, dst_color_range=ColorRange.JPEG)
    return np.ascontiguousarray(image.astype(np.uint8, copy=False))


# The words change once a second; the pictures of that second share them.
@lru_cache(maxsize=4)
def _margin(
    width_px: int, margin_px: int, aspect: Fraction, name: str, sha256: str, true_time: str, camera_time: str
) -> NDArray[np.uint8]:
    """Draw the margin: what this is, what it is made from, and both clocks; one line each where it is narrow."""
    shown_px = max(1, round(width_px * aspect))
    image = Image.new("RGB", (shown_px, margin_px), _PAPER)
    draw = ImageDraw.Draw(image)
    size = margin_px // 4
    small, air = size * 4 // 5, size * 3 // 5
    room = shown_px - 2 * air
    rows = [round(margin_px * share) for share in (0.31, 0.60, 0.88)]
    put(draw, (air, rows[0]), fitted(NOTICE, size, room), size, _WHITE)
    clocks = [text for text in (true_time, camera_time) if text]
    beside = sum(length_px(text, small, bold=False) for text in clocks) + 2 * small * len(clocks)
    hashed = f"SHA-256 {' '.join(sha256[i : i + 4] for i in range(0, 16, 4))}…"
    parent = f"{name}  ·  {hashed}"
    put(draw, (air, rows[1]), _kept(name, hashed, parent, small, room), small, _DIM, bold=False)
    if clocks:
        text = "   ".join(clocks) if beside <= room else clocks[0]
        put(draw, (air, rows[2]), fitted(text, small, room, bold=False), small, _DIM, bold=False)
    if shown_px != width_px:
        image = image.resize((width_px, margin_px), Image.Resampling.LANCZOS)
    return np.asarray(image, np.uint8)


def _kept(name: str, hashed: str, parent: str, size_px: int, room_px: int) -> str:
    """Shorten the name, never the hash."""
    if length_px(parent, size_px, bold=False) <= room_px:
        return parent
    left = room_px - length_px(f"  ·  {hashed}", size_px, bold=False)
    if left < size_px * 3:
        return fitted(hashed, size_px, room_px, bold=False)
    return f"{fitted(name, size_px, left, bold=False)}  ·  {hashed}"


class _Pipe:
    """Raw pictures with their times into the program: NUT carries both, as no raw format does."""

    def __init__(self, feed: Feed, size_px: tuple[int, int], rate: Fraction) -> None:
        """Begin; rate, in pictures a second, says how long the last picture stands: the others have their times."""
        self._container = av.open(feed.file, "w", format="nut")
        stream = self._container.add_stream("rawvideo", rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size_px, "yuv420p"
        stream.codec_context.time_base = _WRITTEN
        stream.time_base = _WRITTEN
        self._stream = stream
        self._last = -1

    def __enter__(self) -> Self:
        return self

    def write(self, frame: VideoFrame, at_us: Fraction) -> None:
        """Hand over a picture; a time that does not rise is moved on by one tick."""
        pts = max(round(at_us * _TICKS_PER_S / US_PER_S), self._last + 1)
        self._last = pts
        frame.pts, frame.time_base = pts, _WRITTEN
        self._container.mux(self._stream.encode(frame))

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._container.mux(self._stream.encode(None))
            self._container.close()


def _command(clip: Clip, out: Path, origin: Origin) -> list[str]:
    """Return ffmpeg's command line: pictures from the pipe, sound from the clip."""
    film = [ffmpeg.input("pipe:0", format="nut")["v:0"]]
    if clip.pixel_aspect != 1:  # an analogue camera's picture is wider than its pixels are many
        film = [film[0].filter("setsar", f"{clip.pixel_aspect.numerator}/{clip.pixel_aspect.denominator}")]
    heard: dict[str, object] = {}
    if clip.sound is not None:
        film.append(ffmpeg.input(f"file:{clip.path}")["a:0"])
        heard = {"acodec": "copy"} if clip.sound == "aac" else {"acodec": "aac", "ac": 1}
    # CRF 18: what was seen in the clip is still seen. Times pass as they are; a keyframe at least every 2 s at 25/s.
    return film_command(
        film,
        str(out),
        crf=18,
        keyframe_every=50,
        title=NOTICE,
        comment=f"{NOTICE} · {origin.name} · SHA-256 {origin.sha256}",
        fps_mode="passthrough",
        enc_time_base=f"1:{_TICKS_PER_S}",
        video_track_timescale=_TICKS_PER_S,
        **heard,
    )
