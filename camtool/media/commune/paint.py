"""What surfaces look like: ground materials by place, and textures for walls, roofs, doors and windows."""

import cv2
import numpy as np

from camtool.media.commune.grain import Map, clouds, mottled, sampled
from camtool.media.commune.lens import Picture
from camtool.media.commune.solid import Colour
from camtool.media.commune.stage import Material

# Texture pixels per metre.
DENSE = 48


# ---- ground ---------------------------------------------------------------------------------------------------


def _fine(size: Map, detail_m: float) -> Map:
    """Return how much of a detail of this size is left where a pixel covers that many metres."""
    return np.asarray(np.clip(1.6 - size / np.float32(detail_m), 0, 1), np.float32)


def _mixed(first: Map, second: Map, share: Map) -> Map:
    return np.asarray(first + (second - first) * share[..., None], np.float32)


def _toned(colour: Colour, level: Map) -> Map:
    return np.asarray(np.array(colour, np.float32) * level[..., None], np.float32)


def asphalt(
    colour: Colour = (112, 112, 110), seed: int = 1, along_deg: float | None = None, lanes: tuple[float, ...] = ()
) -> Material:
    """Return old asphalt: patches, grit, and wheel tracks polished darker at the given distances across the road.

    along_deg is the road's bearing; lanes are metres to the right of the line through (0, 0).
    """

    def material(x: Map, y: Map, size: Map) -> Map:
        level = 1 + 0.055 * sampled(clouds(seed), x, y, 23.0) + 0.03 * sampled(clouds(seed + 1, 8), x, y, 5.0)
        level += 0.05 * _fine(size, 0.06) * sampled(clouds(seed + 2, 64, 4, 0.9), x, y, 2.2)
        if along_deg is not None:
            turn = np.radians(along_deg)
            offset = x * np.float32(np.cos(turn)) - y * np.float32(np.sin(turn))
            for lane in lanes:
                for wheel in (-0.75, 0.75):
                    level -= 0.055 * np.exp(-(((offset - np.float32(lane + wheel)) / 0.38) ** 2))
        return _toned(colour, level)

    return material


def concrete(colour: Colour = (150, 156, 158), slab_m: float = 4.0, seed: int = 11, turn_deg: float = 0.0) -> Material:
    """Return a poured concrete road or yard: slabs with tarred joints, stains, unequal tones."""

    def material(x: Map, y: Map, size: Map) -> Map:
        turn = np.radians(turn_deg)
        u = (x * np.float32(np.cos(turn)) - y * np.float32(np.sin(turn))) / slab_m
        v = (x * np.float32(np.sin(turn)) + y * np.float32(np.cos(turn))) / slab_m
        level = 1 + 0.06 * sampled(clouds(seed), x, y, 17.0) + 0.035 * sampled(clouds(seed + 1, 8), x, y, 4.0)
        level += 0.03 * _fine(size, 0.05) * sampled(clouds(seed + 2, 64, 4, 0.9), x, y, 1.9)
        level += 0.035 * np.sin(np.floor(u) * 12.9 + np.floor(v) * 78.2)  # a tone for each slab
        for w in (u, v):
            gap = np.abs(w - np.rint(w)) * slab_m
            wide = np.maximum(np.float32(0.02), size * 0.5)
            level -= 0.30 * np.exp(-((gap / wide) ** 2)) * np.minimum(0.03 / wide * 1.5, 1)
        return _toned(colour, level)

    return material


def tiles(first: Colour, second: Colour, tile_m: float = 0.4, seed: int = 31) -> Material:
    """Return paving in two tones."""

    def material(x: Map, y: Map, size: Map) -> Map:
        odd = (np.floor(x / tile_m) + np.floor(y / tile_m)) % 2
        odd = 0.5 + (odd - 0.5) * _fine(size, tile_m * 0.7)
        level = 1 + 0.05 * sampled(clouds(seed), x, y, 9.0)
        return _mixed(_toned(first, level), _toned(second, level), odd)

    return material


def earth(
    colour: Colour = (104, 134, 152), green: Colour = (62, 108, 92), share: float = 0.0, seed: int = 21
) -> Material:
    """Return trodden earth; share shifts it towards grass (-1 bare, 0 mixed, 1 green)."""

    def material(x: Map, y: Map, size: Map) -> Map:
        grass = np.clip(0.5 + 0.45 * sampled(clouds(seed, 8), x, y, 13.0) + share, 0, 1)
        rough = (
            1
            + 0.07 * sampled(clouds(seed + 1, 16), x, y, 4.0)
            + 0.10 * _fine(size, 0.12) * sampled(clouds(seed + 2, 32, 5, 0.9), x, y, 2.0)
        )
        return _mixed(_toned(colour, rough), _toned(green, rough), grass)

    return material


def paddy(colour: Colour = (70, 150, 128), bund_m: tuple[float, float] = (28.0, 46.0), seed: int = 41) -> Material:
    """Return rice fields with their bunds, young green and ripening."""

    def material(x: Map, y: Map, size: Map) -> Map:
        u, v = x / bund_m[0], y / bund_m[1]
        level = 1 + 0.05 * np.sin(np.floor(u) * 12.9 + np.floor(v) * 78.2) + 0.05 * sampled(clouds(seed), x, y, 40.0)
        level += 0.10 * _fine(size, 0.25) * sampled(clouds(seed + 1, 32, 5, 0.9), x, y, 6.0)
        field = _toned(colour, level)
        field[..., 2] *= 1 + 0.10 * np.sin(np.floor(u) * 5.1 + np.floor(v) * 3.7)
        for w, pitch in ((u, bund_m[0]), (v, bund_m[1])):
            gap = np.abs(w - np.rint(w)) * pitch
            bund = np.exp(-((gap / np.maximum(0.35, size)) ** 2))[..., None]
            field += bund * 0.8 * (np.array((74, 112, 112), np.float32) - field)
        return field

    return material


def water(colour: Colour = (122, 126, 112), seed: int = 51) -> Material:
    """Return still, silty water under a bright sky."""

    def material(x: Map, y: Map, size: Map) -> Map:
        ripple = sampled(clouds(seed, 16), x * 0.35, y, 9.0) * _fine(size, 0.8)
        level = 1 + 0.035 * ripple + 0.05 * sampled(clouds(seed + 1), x, y, 37.0)
        return _toned(colour, level)

    return material


def paint_on(
    colour: Colour = (205, 208, 208), wear: float = 0.5, base: Colour = (116, 116, 114), seed: int = 61
) -> Material:
    """Return road paint, worn through to the road."""

    def material(x: Map, y: Map, size: Map) -> Map:
        worn = np.clip(0.55 + 0.5 * sampled(clouds(seed, 32, 5, 0.9), x, y, 3.0) - wear + 0.5, 0, 1)
        return _mixed(_toned(base, np.ones_like(x)), _toned(colour, np.ones_like(x)), worn)

    return material


# ---- walls ----------------------------------------------------------------------------------------------------


def plaster(width_m: float, height_m: float, colour: Colour, seed: int, grime: float = 0.5) -> Map:
    """Return a painted wall as float BGR: uneven, streaked from above, splashed and mouldy at its foot."""
    h, w = max(8, round(height_m * DENSE)), max(8, round(width_m * DENSE))
    wall = mottled(colour, (h, w), seed, 0.025)
    rng = np.random.default_rng(seed)
    streaks = cv2.GaussianBlur(rng.random((1, w), np.float32), (0, 0), 3.0)
    streaks = np.clip((streaks - streaks.mean()) / (streaks.std() + 1e-6), 0, 2)
    fade = np.linspace(1, 0.25, h, dtype=np.float32)[:, None]
    wall *= 1 - np.float32(0.035 * grime) * (streaks * fade)[..., None]
    foot = np.exp(-np.arange(h, dtype=np.float32)[::-1] / (0.28 * DENSE))[:, None, None]
    wall *= 1 - foot * np.array((0.34, 0.28, 0.24), np.float32) * grime
    return wall


def rect(wall: Map, box_m: tuple[float, float, float, float], colour: Colour, thick: int = -1) -> None:
    """Fill (or outline) a rectangle given in metres from the wall's left top corner: x, y, width, height."""
    x, y, w, h = (round(v * DENSE) for v in box_m)
    cv2.rectangle(wall, (x, y), (x + w - 1, y + h - 1), colour, thick)


def window(
    wall: Map,
    box_m: tuple[float, float, float, float],
    frame: Colour = (190, 195, 198),
    leaves: int = 2,
    dark: float = 1.0,
) -> None:
    """Set a window: reveal, frame, panes that mirror a pale sky at their top, a sill with its shadow."""
    x, y, w, h = box_m
    rect(wall, (x - 0.07, y - 0.07, w + 0.14, h + 0.12), (frame[0] * 0.72, frame[1] * 0.72, frame[2] * 0.72))
    rect(wall, (x, y, w, h), frame)
    pane = (w - 0.05 * (leaves + 1)) / leaves
    for i in range(leaves):
        px, py = x + 0.05 + i * (pane + 0.05), y + 0.05
        rows, columns = max(2, round((h - 0.1) * DENSE)), max(2, round(pane * DENSE))
        slope = np.linspace(118, 52, rows, dtype=np.float32)[:, None] * np.ones((1, columns), np.float32) * dark
        glass = np.dstack([slope * 1.04, slope, slope * 0.94])
        r, c = round(py * DENSE), round(px * DENSE)
        part = wall[r : r + rows, c : c + columns]
        part[:] = glass[: part.shape[0], : part.shape[1]]
    rect(wall, (x - 0.12, y + h + 0.05, w + 0.24, 0.06), (200, 203, 204))
    rect(wall, (x - 0.10, y + h + 0.11, w + 0.20, 0.05), (110, 112, 112))


def shutter(
    wall: Map, box_m: tuple[float, float, float, float], colour: Colour, rows: bool, pitch_m: float = 0.09
) -> None:
    """Close an opening with a roller shutter (rows) or a folding iron gate (columns)."""
    x, y, w, h = box_m
    rect(wall, box_m, colour)
    dark, light = tuple(v * 0.78 for v in colour), tuple(min(255.0, v * 1.12) for v in colour)
    count = int((h if rows else w) / pitch_m)
    for i in range(count):
        at = i * pitch_m
        part = (x, y + at, w, 0.03) if rows else (x + at, y, 0.03, h)
        rect(wall, part, _colour(dark if i % 2 else light))
    rect(wall, (x - 0.06, y - 0.08, w + 0.12, 0.10), _colour(tuple(v * 0.6 for v in colour)))


def shop(wall: Map, box_m: tuple[float, float, float, float], seed: int, lamp: float = 0.0) -> None:
    """Open a shop: a dim room with shelves of goods, brighter where its lamp hangs."""
    x, y, w, h = box_m
    rng = np.random.default_rng(seed)
    rows, columns = round(h * DENSE), round(w * DENSE)
    room = np.full((rows, columns, 3), (58, 64, 70), np.float32)
    for shelf in np.arange(0.35, h - 0.6, 0.52).tolist():
        base, at = round((shelf + 0.44) * DENSE), 0.1
        while at < w - 0.35:
            wide, tall = float(rng.uniform(0.12, 0.42)), float(rng.uniform(0.2, 0.42))
            colour = rng.uniform(70, 200, 3) * rng.uniform(0.45, 1) * 0.7 + 40
            room[base - round(tall * DENSE) : base, round(at * DENSE) : round((at + wide) * DENSE)] = colour
            at += wide * float(rng.choice((1.02, 1.1, 1.8)))
        room[base : base + 3] = (84, 96, 106)
    counter = round((h - 0.95) * DENSE)
    room[counter:, : round(columns * 0.55)] = (76, 96, 116)
    room[counter : counter + 4, : round(columns * 0.55)] = (130, 150, 165)
    ys, xs = np.mgrid[0 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    glow = np.exp(-((xs / 0.8) ** 2 + ((ys - 0.12) / 0.55) ** 2))[..., None].astype(np.float32)
    room = (
        room * (0.5 + (0.5 + 0.8 * lamp) * glow)
        + np.array((110, 140, 155), np.float32) * np.float32(lamp * 0.45) * glow
    )
    room = cv2.GaussianBlur(room, (0, 0), 1.8)
    r, c = round(y * DENSE), round(x * DENSE)
    part = wall[r : r + rows, c : c + columns]
    part[:] = room[: part.shape[0], : part.shape[1]]


def solid_texture(wall: Map) -> Picture:
    """Round a float wall to a texture."""
    return np.clip(np.rint(wall), 0, 255).astype(np.uint8)


def roof_tiles(width_m: float, height_m: float, colour: Colour, seed: int) -> Picture:
    """Return rows of clay tiles, weathered."""
    h, w = max(8, round(height_m * DENSE)), max(8, round(width_m * DENSE))
    roof = mottled(colour, (h, w), seed, 0.06)
    ys, xs = np.arange(h)[:, None], np.arange(w)[None]
    row = (ys % 12) / 12
    roof *= (0.80 + 0.26 * row)[..., None].astype(np.float32)
    roof *= (1 + 0.06 * np.sin(xs * 2 * np.pi / 9 + (ys // 12 % 2) * np.pi))[..., None].astype(np.float32)
    return solid_texture(roof)


def corrugated(width_m: float, height_m: float, colour: Colour, seed: int, rust: float = 0.3) -> Picture:
    """Return sheet iron, its waves running down, rusty along the laps."""
    h, w = max(8, round(height_m * DENSE)), max(8, round(width_m * DENSE))
    sheet = mottled(colour, (h, w), seed, 0.04)
    xs = np.arange(w, dtype=np.float32)[None]
    sheet *= (1 + 0.09 * np.sin(xs * 2 * np.pi / 8))[..., None]
    spots = np.clip(cv2.resize(clouds(seed % 7 + 3, 4), (w, h)) - 0.9, 0, 1)[..., None] * rust
    sheet += spots * (np.array((60, 88, 130), np.float32) - sheet)
    return solid_texture(sheet)


def _colour(values: tuple[float, ...]) -> Colour:
    return values[0], values[1], values[2]
