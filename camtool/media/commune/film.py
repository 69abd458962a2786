"""A stretch of one camera's footage into a file: backdrop, daylight, what moves, sensor noise, the recorder's clock."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sin, tau
from pathlib import Path

import cv2
import numpy as np

from camtool.media.commune.draw import Patch, cut_out, smeared
from camtool.media.commune.figures import Move, shape
from camtool.media.commune.grain import SHIFT_PX, Map, sensor_tiles
from camtool.media.commune.lens import HEIGHT_PX, WIDTH_PX, Floats, Picture
from camtool.media.commune.letters import clock, outlined
from camtool.media.commune.moves import US_PER_S, Way, eased
from camtool.media.commune.places import PLACES
from camtool.media.commune.solid import placed
from camtool.media.commune.stage import TONE, Backdrop
from camtool.media.encode import Mp4Writer

NOISE = 2.4
TITLE_PX = 16
CLOCK_AT = (12, 6)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# A camera at dusk exposes for about 1/30 s.
EXPOSURE_S = 1 / 30
STILL = ("parked", "stand")


@dataclass(frozen=True, slots=True)
class Take:
    """One file to be written. Times are true time in µs; the burnt-in clock shows them plus offset_us, at utc_offset_s.

    clock_format is strftime's; dusk_us is when the light begins to fail and when it has (see daylight).
    """

    place: str
    start_us: int
    frames: int
    rate: int
    gop: int
    moves: tuple[Move, ...]
    title: str
    clock_format: str
    offset_us: int
    utc_offset_s: int
    dusk_us: tuple[int, int]


def draw(place: str) -> Backdrop:
    """Draw what stands still at a place: well under a second, the same for all of its files."""
    return PLACES[place].draw()


def shoot(take: Take, backdrop: Backdrop, path: Path) -> None:
    """Write the file of a take at path. Raises OSError where it cannot be written."""
    scene = _Scene(take, backdrop)
    with Mp4Writer(path, (WIDTH_PX, HEIGHT_PX), take.rate, take.gop) as out:
        planes = out.luma, out.chroma_u, out.chroma_v
        for number in range(take.frames):
            scene.render(number, planes)
            out.write()


def frame(take: Take, backdrop: Backdrop, number: int) -> Picture:
    """Return one frame of a take as it goes into the encoder, BGR."""
    planes = (
        np.empty((HEIGHT_PX, WIDTH_PX), np.uint8),
        np.empty((HEIGHT_PX // 2, WIDTH_PX // 2), np.uint8),
        np.empty((HEIGHT_PX // 2, WIDTH_PX // 2), np.uint8),
    )
    _Scene(take, backdrop).render(number, planes)
    stacked = np.concatenate([plane.reshape(-1) for plane in planes]).reshape(HEIGHT_PX * 3 // 2, WIDTH_PX)
    return np.asarray(cv2.cvtColor(stacked, cv2.COLOR_YUV2BGR_I420), np.uint8)


def daylight(at_us: int, dusk_us: tuple[int, int]) -> tuple[float, float]:
    """Return how bright it is (1 at first) and how far dusk has come (0 to 1); thin clouds pass as it falls."""
    far = min(1.0, max(0.0, (at_us - dusk_us[0]) / (dusk_us[1] - dusk_us[0])))
    seconds = (at_us - dusk_us[0]) / US_PER_S
    cloud = 0.018 * sin(tau * seconds / 430) + 0.010 * sin(tau * seconds / 171 + 1)
    return 1 - 0.24 * far**1.6 + cloud, far


Planes = tuple[Picture, Picture, Picture]


class _Scene:
    """Renders the frames of one take, in order or not."""

    def __init__(self, take: Take, backdrop: Backdrop) -> None:
        self.take, self.hiding = take, backdrop.hiding
        place = PLACES[take.place]
        self.lens, self.light, self.ways = place.lens, place.light, place.ways
        flat = np.asarray(cv2.cvtColor(backdrop.bgr, cv2.COLOR_BGR2YUV_I420), np.uint8).reshape(-1)
        n = HEIGHT_PX * WIDTH_PX
        half = HEIGHT_PX // 2, WIDTH_PX // 2
        self.still: Planes = (
            flat[:n].reshape(HEIGHT_PX, WIDTH_PX),
            flat[n : n * 5 // 4].reshape(half),
            flat[n * 5 // 4 :].reshape(half),
        )
        self.tiles = sensor_tiles(NOISE)
        self.title = outlined(take.title, TITLE_PX)
        self.lit, self.ready, self.gain = self.still, self.still, 1.0
        self.ready_for: tuple[int, int, tuple[Move, ...]] = (-1, -1, ())
        self.clock = self.title
        # Cut-outs of what does not move, until the light changes.
        self.kept: dict[Move, tuple[Patch, Floats] | None] = {}

    def render(self, number: int, planes: Planes) -> None:
        take = self.take
        at_us = take.start_us + number * US_PER_S // take.rate
        there = [move for move in take.moves if move.start_us <= at_us < move.end_us]
        stays = tuple(move for move in there if move.gait in STILL)
        self._prepare(number // take.gop, (at_us + take.offset_us) // US_PER_S, stays)
        moving = len(stays) < len(there)
        for plane, start in zip(planes, self.lit if moving else self.ready, strict=True):
            plane[:] = start
        if moving:
            self._stage(there, at_us, planes)
        tile = self.tiles[number * 5 % len(self.tiles)]
        y, x = number * 13 % SHIFT_PX, number * 29 % SHIFT_PX
        np.add(planes[0], tile[y : y + HEIGHT_PX, x : x + WIDTH_PX], out=planes[0])

    def _stage(self, moves: Sequence[Move], at_us: int, planes: Planes) -> None:
        """Draw everyone from far to near, and the writing over them."""
        drawn = [one for one in (self._mover(move, at_us) for move in moves) if one is not None]
        for patch, shadow in sorted(drawn, key=lambda one: -one[0].depth_m):
            self._shadow(shadow, patch.depth_m, planes[0])
            self._paste(patch, planes)
        _written(planes, self.clock, *CLOCK_AT)
        light = self.title[0]
        _written(planes, self.title, WIDTH_PX - light.shape[1] - 10, HEIGHT_PX - light.shape[0] - 4)

    def _prepare(self, group: int, second: int, stays: tuple[Move, ...]) -> None:
        """Keep ready what most frames are: the picture in its light, with who stays, and with this second's clock."""
        now = group, second, stays
        if now == self.ready_for:
            return
        if group != self.ready_for[0]:
            self._light(group)
        if second != self.ready_for[1]:
            local = dt.datetime.fromtimestamp(second + self.take.utc_offset_s, dt.UTC)
            # A recorder writes English weekdays; strftime's own would follow the computer's locale.
            form = self.take.clock_format.replace("%a", WEEKDAYS[local.weekday()])
            self.clock = clock(local.strftime(form))
        self.ready_for = now
        self.ready = self.lit[0].copy(), self.lit[1].copy(), self.lit[2].copy()
        self._stage(stays, 0, self.ready)

    def _light(self, group: int) -> None:
        """Change the light only where a group of pictures begins, so that nothing in between has to be sent for it."""
        take = self.take
        gain, far = daylight(take.start_us + group * take.gop * US_PER_S // take.rate, take.dusk_us)
        steps = np.arange(256, dtype=np.float32)
        luma = np.clip(np.rint(26 + (steps - 26) * gain), 26, 226)
        blue, red = np.rint(steps + 3.0 * far), np.rint(steps - 2.0 * far)
        y, u, v = (np.clip(t, 0, 255).astype(np.uint8) for t in (luma, blue, red))
        lit = [np.asarray(cv2.LUT(p, t), np.uint8) for p, t in zip(self.still, (y, u, v), strict=True)]
        self.lit = lit[0], lit[1], lit[2]
        self.gain = gain
        self.kept.clear()

    def _mover(self, move: Move, at_us: int) -> tuple[Patch, Floats] | None:
        if move in self.kept:
            return self.kept[move]
        length_us = move.end_us - move.start_us
        share = (at_us - move.start_us) / length_us
        x, y, heading, gone = _whereabouts(move, self.ways[move.way], share)
        solid = placed(shape(move, gone, share), (x, y, 0.0), heading)
        patch = cut_out(solid, self.lens.project, self.light, (WIDTH_PX, HEIGHT_PX), 3, TONE, self.gain)
        if patch is None:
            return None
        outline, _ = self.lens.project(solid.base)
        if move.gait == "go":
            later = _whereabouts(move, self.ways[move.way], share + EXPOSURE_S * US_PER_S / length_us)
            ends, _ = self.lens.project(np.array([(x, y, 0.8), (*later[:2], 0.8)]))
            patch = smeared(patch, *(ends[1] - ends[0]).tolist())
        soft = cv2.GaussianBlur(patch.bgra, (3, 3), 0.65, borderType=cv2.BORDER_CONSTANT)
        drawn = replace(patch, bgra=np.asarray(soft, np.uint8)), outline
        if move.gait in STILL:
            self.kept[move] = drawn
        return drawn

    def _shadow(self, outline: Floats, depth_m: float, luma: Picture) -> None:
        """Darken the ground under what stands on it: hazy light leaves no sharper shadow than this."""
        spread = max(1.5, 0.16 * self.lens.focal_px / max(depth_m, 1.0))
        low = np.maximum(np.floor(outline.min(axis=0) - 3 * spread), 0).astype(int)
        high = np.minimum(np.ceil(outline.max(axis=0) + 3 * spread), (WIDTH_PX, HEIGHT_PX)).astype(int)
        if (low >= high).any():
            return
        mask = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
        cv2.fillConvexPoly(mask, np.rint((outline - low) * 8).astype(np.int32), 110, cv2.LINE_8, 3)
        side = int(spread * 2) | 1
        mask = cv2.blur(cv2.blur(mask, (side, side)), (side, side))
        window = slice(low[1], high[1]), slice(low[0], high[0])
        mask[self.hiding[window] > 1 / max(depth_m - 0.5, 0.5)] = 0
        part = luma[window]
        cv2.subtract(part, cv2.multiply(part, mask, scale=1 / 255), dst=part)

    def _paste(self, patch: Patch, planes: Planes) -> None:
        bgra, (h, w) = patch.bgra, patch.bgra.shape[:2]
        y, x = patch.y_px, patch.x_px
        hidden = self.hiding[y : y + h, x : x + w] > 1 / max(patch.depth_m - 0.15, 0.5)
        if hidden.any():
            bgra = bgra.copy()
            bgra[hidden] = 0
        flat = cv2.cvtColor(bgra[..., :3], cv2.COLOR_BGR2YUV_I420).reshape(-1)
        alpha = bgra[..., 3].astype(np.float32) * np.float32(1 / 255)
        luma = planes[0][y : y + h, x : x + w]
        # The colours are multiplied by coverage already; 16 and 128 are video's black and grey, which stay out of it.
        luma[:] = (luma.astype(np.float32) - 16) * (1 - alpha) + flat[: h * w].reshape(h, w)
        left = 1 - cv2.resize(alpha, (w // 2, h // 2), interpolation=cv2.INTER_AREA)
        quarter = h * w // 4
        for i, plane in enumerate(planes[1:]):
            part = plane[y // 2 : (y + h) // 2, x // 2 : (x + w) // 2]
            colour = flat[h * w + i * quarter : h * w + (i + 1) * quarter].reshape(h // 2, w // 2)
            part[:] = (part.astype(np.float32) - 128) * left + colour


def _whereabouts(move: Move, path: Way, share: float) -> tuple[float, float, float, float]:
    length = path.length_m
    gone = length * (move.last - move.first) * eased(share, move.ease)
    x, y, heading = path.at(length * move.first + gone)
    return x, y, heading if move.heading_deg is None else move.heading_deg, gone


def _written(planes: Planes, writing: tuple[Map, Map], x: int, y: int) -> None:
    light, kept = writing
    h, w = light.shape
    part = planes[0][y : y + h, x : x + w]
    part[:] = part * kept + light
    half = cv2.resize(kept, (w // 2, h // 2), interpolation=cv2.INTER_AREA)
    for plane in planes[1:]:
        part = plane[y // 2 : y // 2 + h // 2, x // 2 : x // 2 + w // 2]
        part[:] = (part.astype(np.float32) - 128) * half + 128
