"""Cameras side by side in one film, on one clock of true time: 2 to 9 tiles, each with its camera's name and clocks.

A derivative, never evidence: it says so in every picture. Pictures are decoded here, each tile at its own rate, drawn
into the planes of one picture and encoded by ffmpeg.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from camtool.core.model import US_PER_S, Span
from camtool.errors import NoKeyframe, Unplayable
from camtool.media.letters import fitted, put
from camtool.media.planes import Area, Planes, video_range
from camtool.media.program import Feed, feeding
from camtool.media.reel import Clocks, encoder
from camtool.media.reel_read import Shown, pictures, rate_of
from camtool.media.sheet import NOTICE
from camtool.media.sheet_picture import wrapped

LEAST_TILES, MOST_TILES = 2, 9
# Full HD across; below each picture its words, below all of them what this is.
WIDTH_PX = 1920
FOOT_PX = 36
_BAR_GREY, _FOOT_GREY, _DIM, _WHITE = 30, 16, 165, 255
# A recording that shows nothing new for so long after its last picture ends there, whatever it claims.
_ENDED_US = 2 * US_PER_S
# The clocks of nine tiles and their neighbours in time.
_KEPT_BARS = 32


@dataclass(frozen=True, slots=True)
class TilePiece:
    """A stretch of one recording. span is true time; start is the place (µs from the first picture) of its beginning.

    pace is the µs of true time that pass in one µs of the file's timeline.
    """

    path: Path
    span: Span
    start: Fraction
    pace: Fraction

    def place_us(self, true_us: Fraction) -> Fraction:
        """Return the place of an instant of true time."""
        return self.start + (true_us - self.span.start_us) / self.pace


@dataclass(frozen=True, slots=True)
class Tile:
    """One camera: its name, its pieces in order, and its clock: true time is camera time plus offset_us."""

    camera: str
    offset_us: int
    pieces: tuple[TilePiece, ...]


@dataclass(frozen=True, slots=True)
class Unshown:
    """A piece that could not be shown, or not to its end (error None); counted from 0."""

    tile: int
    piece: int
    error: Unplayable | NoKeyframe | OSError | None


@dataclass(frozen=True, slots=True)
class MosaicMade:
    """A film that was written: pictures, pictures a second, its size, and what could not be shown."""

    frames: int
    rate: int
    width_px: int
    height_px: int
    unshown: tuple[Unshown, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where tiles lie: columns and rows, a tile's picture, the bar below it; all even, in pixels."""

    columns: int
    rows: int
    width_px: int
    picture_px: int
    bar_px: int

    @property
    def size_px(self) -> tuple[int, int]:
        """The film's size."""
        return self.columns * self.width_px, self.rows * (self.picture_px + self.bar_px) + FOOT_PX

    def picture(self, tile: int) -> Area:
        """Return where a tile's picture is."""
        row, column = divmod(tile, self.columns)
        return column * self.width_px, row * (self.picture_px + self.bar_px), self.width_px, self.picture_px


def plan_of(tiles: int) -> Plan:
    """Return where 2 to 9 tiles lie: two beside each other up to four, then three."""
    columns = 2 if tiles <= 4 else 3
    width = WIDTH_PX // columns // 2 * 2
    return Plan(columns, math.ceil(tiles / columns), width, width * 9 // 16 // 2 * 2, width // 24 * 2)


def write_mosaic(
    tiles: Sequence[Tile],
    window: Span,
    draft: Path,
    out: Path,
    *,
    clocks: Clocks,
    empty: str,
    title: str,
    sound: Path | None = None,
    progress: Callable[[int], None],
) -> MosaicMade:
    """Write a window of true time into `draft` (out is the name for errors).

    empty is what stands in a tile where there is no recording. sound is a file of raw samples (media.mosaic_sound).
    progress is told whole percents. Raises NoGlyph, ProgramMissing, ProgramFailed, DiskFull.
    """
    plan = plan_of(len(tiles))
    rate = max((rate_of(tile.pieces[0].path) for tile in tiles if tile.pieces), default=10)
    total = max(1, math.ceil(Fraction(window.length_us * rate, US_PER_S)))
    film = _Film(plan, [_Stream(tile, number) for number, tile in enumerate(tiles)], clocks, empty, title)
    percent = -1
    with feeding(encoder(draft.absolute(), rate, title, plan.size_px, sound), out) as feed:
        for number in range(total):
            # The middle of the picture's time, so that a time stamp rounded to the millisecond changes nothing.
            film.write(feed, window.start_us + Fraction(2 * number + 1, 2 * rate) * US_PER_S)
            if (number + 1) * 100 // total != percent:
                percent = (number + 1) * 100 // total
                progress(percent)
    return MosaicMade(total, rate, *plan.size_px, tuple(each for stream in film.streams for each in stream.unshown))


@dataclass(slots=True)
class _Stream:
    """One tile's pictures, asked for at rising instants of true time."""

    tile: Tile
    number: int
    piece: int = 0
    coming: Iterator[Shown] | None = None
    current: Shown | None = None
    after: Shown | None = None
    ended: bool = False
    unshown: list[Unshown] = field(default_factory=list)

    def at(self, true_us: Fraction) -> Shown | None:
        """Return the picture that is shown at an instant; None where there is none."""
        while self.piece < len(self.tile.pieces) and true_us >= self.tile.pieces[self.piece].span.end_us:
            self.piece += 1
            self.coming = self.current = self.after = None
            self.ended = False
        if self.piece == len(self.tile.pieces) or self.ended:
            return None
        piece = self.tile.pieces[self.piece]
        if true_us < piece.span.start_us:
            return None
        place = piece.place_us(true_us)
        try:
            if self.coming is None:
                self.coming = pictures(piece.path, place)
                self.current, self.after = next(self.coming, None), next(self.coming, None)
            while self.after is not None and self.after.place_us <= place:
                self.current, self.after = self.after, next(self.coming, None)
        except (Unplayable, NoKeyframe, OSError) as error:
            self._end(error)
            return None
        if self.current is None or (self.after is None and place - self.current.place_us > _ENDED_US):
            self._end(None)
            return None
        return self.current

    def _end(self, error: Unplayable | NoKeyframe | OSError | None) -> None:
        self.ended = True
        self.current = self.after = None
        self.unshown.append(Unshown(self.number, self.piece, error))


class _Film:
    """The picture that is being drawn; a tile is drawn anew where its picture or its clock changed."""

    def __init__(self, plan: Plan, streams: list[_Stream], clocks: Clocks, empty: str, title: str) -> None:
        self.plan, self.streams, self.clocks, self.empty = plan, streams, clocks, empty
        self.planes = Planes(*plan.size_px)
        self.drawn: list[Shown | None] = [None] * len(streams)
        self.second = -1
        self.planes.put(_foot(plan.size_px[0], f"{NOTICE}  ·  {title}"), 0, plan.size_px[1] - FOOT_PX)
        for tile in range(len(streams)):
            self._no_picture(tile)

    def write(self, feed: Feed, true_us: Fraction) -> None:
        """Draw what is shown at an instant of true time, and hand it over."""
        second = int(true_us) // US_PER_S
        for number, stream in enumerate(self.streams):
            shown = stream.at(true_us)
            if shown is not self.drawn[number]:
                if shown is None:
                    self._no_picture(number)
                else:
                    self.planes.fit(shown.frame, shown.pixel_aspect, self.plan.picture(number))
                self.drawn[number] = shown
            if second != self.second:
                self._bar(number, stream.tile, second * US_PER_S)
        self.second = second
        feed.write(self.planes.all)

    def _no_picture(self, tile: int) -> None:
        area = self.plan.picture(tile)
        self.planes.clear(area)
        self.planes.put(_note(self.empty, area[2], area[3]), area[0], area[1])

    def _bar(self, number: int, tile: Tile, true_us: int) -> None:
        x, y, width, height = self.plan.picture(number)
        camera_us = true_us - tile.offset_us
        words = self.clocks.true_time(true_us), self.clocks.camera_time(camera_us)
        self.planes.put(_bar(width, self.plan.bar_px, tile.camera, *words), x, y + height)


@lru_cache(maxsize=_KEPT_BARS)
def _bar(width_px: int, bar_px: int, camera: str, true_time: str, camera_time: str) -> NDArray[np.uint8]:
    """Draw a tile's words: the camera above, both clocks below."""
    image = Image.new("L", (width_px, bar_px), _BAR_GREY)
    draw = ImageDraw.Draw(image)
    size, air = bar_px * 2 // 5, bar_px // 5
    put(draw, (air, bar_px * 2 // 5), fitted(camera, size, width_px - 2 * air), size, _WHITE)
    small = size * 4 // 5
    text = f"{true_time}   ·   {camera_time}"
    put(draw, (air, bar_px * 5 // 6), fitted(text, small, width_px - 2 * air, bold=False), small, _DIM, bold=False)
    return video_range(image)


@lru_cache(maxsize=2)
def _note(text: str, width_px: int, height_px: int) -> NDArray[np.uint8]:
    image = Image.new("L", (width_px, height_px), 0)
    draw = ImageDraw.Draw(image)
    size = max(16, width_px // 26)
    lines = wrapped(text, size, width_px * 3 // 4)
    for place, line in enumerate(lines):
        y = height_px // 2 + size * 4 // 3 * place - size * 2 // 3 * (len(lines) - 1)
        put(draw, (width_px // 2, y), line, size, _DIM, bold=False, anchor="ms")
    return video_range(image)


def _foot(width_px: int, text: str) -> NDArray[np.uint8]:
    image = Image.new("L", (width_px, FOOT_PX), _FOOT_GREY)
    draw = ImageDraw.Draw(image)
    put(draw, (16, FOOT_PX * 2 // 3), fitted(text, 20, width_px - 32, bold=False), 20, _DIM, bold=False)
    return video_range(image)
