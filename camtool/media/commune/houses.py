"""Buildings: tube houses, cottages, sheds, walls and gates, each on a plot of its own with u along its front."""

from dataclasses import dataclass

import cv2
import numpy as np

from camtool.media.commune.grain import Map, clouds
from camtool.media.commune.lens import Picture
from camtool.media.commune.letters import lettered
from camtool.media.commune.paint import (
    DENSE,
    corrugated,
    plaster,
    rect,
    roof_tiles,
    shop,
    shutter,
    solid_texture,
    window,
)
from camtool.media.commune.solid import Colour, Point, Tube, built, placed, rod
from camtool.media.commune.stage import Stage

WHITE: tuple[int, int, int] = (240, 242, 242)
YELLOW: tuple[int, int, int] = (60, 220, 250)
RED: Colour = (44, 40, 190)


@dataclass(frozen=True, slots=True)
class Plot:
    """A place with axes of its own: u runs along the front, left to right as seen from the street, v goes back.

    front_deg is the bearing of u, clockwise from east turned to north: 0 is a front that faces south.
    """

    x_m: float
    y_m: float
    front_deg: float = 0.0

    def at(self, u: float, v: float, z: float = 0.0) -> Point:
        """Return the world place of (u, v, z)."""
        c, s = np.cos(np.radians(self.front_deg)), np.sin(np.radians(self.front_deg))
        return float(self.x_m + c * u - s * v), float(self.y_m + s * u + c * v), z

    def inside(self, x: float, y: float) -> tuple[float, float]:
        """Return u and v of a place on the ground."""
        c, s = np.cos(np.radians(self.front_deg)), np.sin(np.radians(self.front_deg))
        dx, dy = x - self.x_m, y - self.y_m
        return float(c * dx + s * dy), float(c * dy - s * dx)

    def way(self, u: float, v: float, z: float = 0.0) -> Point:
        """Return the world direction of (u, v, z)."""
        here, there = self.at(0, 0), self.at(u, v)
        return there[0] - here[0], there[1] - here[1], z

    def corners(self, u0: float, v0: float, u1: float, v1: float) -> list[tuple[float, float]]:
        """Return the four corners of a piece of ground."""
        return [self.at(u, v)[:2] for u, v in ((u0, v0), (u1, v0), (u1, v1), (u0, v1))]


def block(
    stage: Stage,
    plot: Plot,
    span: tuple[float, float, float, float, float, float],
    front: Picture,
    side: Picture,
    top: Picture | None = None,
) -> None:
    """Set a box u0, v0, z0, u1, v1, z1; only the walls that the camera can see are hung."""
    u0, v0, z0, u1, v1, z1 = span
    down = (0.0, 0.0, z0 - z1)
    u, v = plot.inside(stage.lens.x_m, stage.lens.y_m)
    if v < v0:
        stage.face(plot.at(u0, v0, z1), plot.way(u1 - u0, 0), down, front)
    if u > u1:
        stage.face(plot.at(u1, v0, z1), plot.way(0, v1 - v0), down, side)
    if u < u0:
        stage.face(plot.at(u0, v1, z1), plot.way(0, v0 - v1), down, side)
    if v > v1:
        stage.face(plot.at(u1, v1, z1), plot.way(u0 - u1, 0), down, side)
    if top is not None and stage.lens.height_m > z1:
        stage.face(plot.at(u0, v1, z1), plot.way(u1 - u0, 0), plot.way(0, v0 - v1), top)


def flat(colour: Colour, seed: int = 0, size: tuple[int, int] = (48, 48), strength: float = 0.03) -> Picture:
    """Return a plain, slightly uneven texture."""
    rng = np.random.default_rng(seed)
    noise = 1 + np.float32(strength) * rng.standard_normal((*size, 1), np.float32)
    return solid_texture(np.array(colour, np.float32) * noise)


def board(
    width_m: float,
    height_m: float,
    ground: Colour,
    lines: tuple[tuple[str, tuple[int, int, int], float], ...],
    rim: Colour | None = None,
) -> Picture:
    """Return a signboard; each line is its text, its colour and its share of the height."""
    dense = 90
    sign = np.empty((round(height_m * dense), round(width_m * dense), 3), np.uint8)
    sign[:] = np.array(ground, np.uint8)
    if rim is not None:
        cv2.rectangle(sign, (3, 3), (sign.shape[1] - 4, sign.shape[0] - 4), rim, 3)
    at = (1 - sum(share for _, _, share in lines)) / 2
    for text, colour, share in lines:
        lettered(sign, text, (0.04, at + 0.08 * share, 0.96, at + 0.94 * share), colour)
        at += share
    return sign


@dataclass(frozen=True, slots=True)
class House:
    """A tube house: one room wide, several floors. ground is 'shop', 'roller', 'gate' or 'door'."""

    paint: Colour
    width_m: float = 4.5
    depth_m: float = 12.0
    floors: int = 2
    ground: str = "shop"
    sign: str = ""
    sign_colours: tuple[Colour, tuple[int, int, int]] = ((150, 60, 30), WHITE)
    awning: Colour | None = None
    seed: int = 1
    roof: str = "flat"
    lamp: float = 0.3


STOREY_M = 3.3


def tube_house(stage: Stage, plot: Plot, house: House) -> None:
    """Build one."""
    w, d = house.width_m, house.depth_m
    high = house.floors * STOREY_M + 0.9
    front = _front(house, high)
    side_paint = house.paint if house.seed % 3 == 0 else (142.0, 148.0, 150.0)
    side = solid_texture(plaster(min(d, 12) / 2, high / 2, side_paint, house.seed + 7, 1.0))
    stage.shade(plot.corners(-0.5, -1.6, w + 0.5, 1.0), 0.28, 1.2)
    block(stage, plot, (0, 0, 0, w, d, high), front, side, flat((150, 155, 158), house.seed))
    for floor in range(1, house.floors):
        _balcony(stage, plot, house, floor * STOREY_M + 0.25)
    if house.roof == "iron":
        sheet = corrugated(w + 0.6, 5.0, (150, 120, 90) if house.seed % 2 else (92, 96, 150), house.seed)
        stage.face(plot.at(-0.3, 3.6, high + 1.1), plot.way(w + 0.6, 0), plot.way(0, -4.0, -0.5), sheet)
        stage.face(plot.at(-0.3, -0.4, high + 0.6), plot.way(w + 0.6, 0), (0, 0, -0.14), flat((120, 110, 100)))
    elif house.seed % 2:
        _tank(stage, plot.at(w * 0.5, 2.2, high), plot.front_deg)
    if house.awning is not None:
        _awning(stage, plot, w, house.awning, house.seed)
    if house.sign:
        sign = board(w * 0.94, 0.85, house.sign_colours[0], ((house.sign, house.sign_colours[1], 0.9),))
        out = 1.0 if house.floors > 1 else 0.22  # on the balcony's edge, where there is one
        stage.face(plot.at(w * 0.03, -out, STOREY_M + 0.45), plot.way(w * 0.94, 0), (0, 0, -0.85), sign)
        stage.face(plot.at(w * 0.03, -out, STOREY_M + 0.45), plot.way(0, out), (0, 0, -0.85), flat((90, 90, 90)))


def _front(house: House, high: float) -> Picture:
    w = house.width_m
    wall = plaster(w, high, house.paint, house.seed, 0.6)
    trim = tuple(min(255.0, c * 1.16 + 8) for c in house.paint)
    bright: Colour = (trim[0], trim[1], trim[2])
    rng = np.random.default_rng(house.seed + 50)
    for x in (0.0, w - 0.28):
        rect(wall, (x, 0, 0.28, high), bright)
    rect(wall, (0, 0, w, 0.14), bright)
    rect(wall, (0, 0.14, w, 0.05), _dim(house.paint, 0.7))
    for floor in range(1, house.floors):
        y = high - floor * STOREY_M - 0.35
        rect(wall, (0, y, w, 0.28), bright)
        rect(wall, (0, y + 0.28, w, 0.06), _dim(house.paint, 0.68))
        _upper(wall, w, high - (floor + 1) * STOREY_M, house, rng)
    opening = (0.42, high - 2.85, w - 0.84, 2.85)
    _street_level(wall, opening, house)
    return solid_texture(wall)


def _upper(wall: Map, w: float, top: float, house: House, rng: np.random.Generator) -> None:
    wood = ((60, 84, 118), (150, 150, 150), (110, 90, 60))[house.seed % 3]
    y = max(top, 0.0) + 0.65
    if w > 4.2:
        window(wall, (0.55, y + 0.25, 1.15, 1.35), wood, 2)
        window(wall, (w - 1.75, y + 0.25, 1.15, 1.35), wood, 2)
        window(wall, (w / 2 - 0.5, y, 1.0, 2.25), wood, 2, 0.8)
    else:
        window(wall, (w / 2 - 0.85, y, 1.7, 2.2), wood, 3, 0.85)
    if rng.random() < 0.5:  # the outdoor part of an air conditioner
        x = w - 1.15 if w > 4.2 else 0.4
        rect(wall, (x, y - 0.42, 0.72, 0.42), (196, 200, 200))
        cv2.circle(wall, (round((x + 0.28) * DENSE), round((y - 0.21) * DENSE)), 8, (120, 122, 122), -1)


def _street_level(wall: Map, opening: tuple[float, float, float, float], house: House) -> None:
    x, y, w, h = opening
    if house.ground == "shop":
        shop(wall, (x, y + 0.25, w, h - 0.25), house.seed, house.lamp)
        shutter(wall, (x, y, w, 0.28), (150, 140, 120), rows=True)
    elif house.ground == "roller":
        shutter(wall, opening, ((150, 128, 92), (140, 150, 152), (96, 120, 90))[house.seed % 3], rows=True)
    elif house.ground == "gate":
        shutter(wall, opening, ((128, 92, 48), (120, 130, 128))[house.seed % 2], rows=False, pitch_m=0.11)
    else:
        window(wall, (x + 0.2, y + 0.7, 1.0, 1.3), (70, 92, 120), 2)
        rect(wall, (x + w / 2 - 0.1, y + 0.25, 1.25, 2.6), (58, 84, 122))
        rect(wall, (x + w / 2 + 0.5, y + 0.25, 0.04, 2.6), (38, 60, 92))


def _dim(colour: Colour, k: float) -> Colour:
    return colour[0] * k, colour[1] * k, colour[2] * k


def _balcony(stage: Stage, plot: Plot, house: House, z: float) -> None:
    w, out = house.width_m, 0.95
    slab = flat(_dim(house.paint, 1.05), house.seed)
    stage.face(plot.at(0, -out, z), plot.way(w, 0), (0, 0, -0.22), slab)
    stage.face(plot.at(0, 0, z - 0.22), plot.way(w, 0), plot.way(0, -out), slab, 0.5)
    rail = railing(w, 0.9, ((190, 196, 200), (70, 74, 80))[house.seed % 2])
    stage.face(plot.at(0, -out, z + 0.9), plot.way(w, 0), (0, 0, -0.9), rail)
    for u in (0.0, w):
        stage.face(plot.at(u, 0, z + 0.9), plot.way(0, -out), (0, 0, -0.9), railing(out, 0.9, (160, 166, 170)))
        stage.face(plot.at(u, 0, z), plot.way(0, -out), (0, 0, -0.22), slab)
    rng = np.random.default_rng(house.seed)
    if rng.random() < 0.3:  # washing
        for u in np.arange(0.5, w - 0.6, 0.42):
            cloth = flat(_dim((150, 150, 155), float(rng.uniform(0.5, 1.35))), int(u * 10))
            stage.face(
                plot.at(float(u), -out + 0.3, z + 1.9),
                plot.way(0.34, 0),
                (0, 0, -float(rng.uniform(0.5, 0.85))),
                cloth,
                hides=False,
            )


def stencilled(width_m: float, height_m: float, text: str, ink: tuple[int, int, int]) -> Picture:
    """Return words sprayed on a wall, BGRA: clear between the letters, thin in places."""
    plate = np.zeros((round(height_m * 60), round(width_m * 60), 3), np.uint8)
    lettered(plate, text, (0.02, 0.1, 0.98, 0.9), (255, 255, 255))
    worn = cv2.resize(clouds(3, 32), plate.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    cover = np.clip(plate[..., 0] * (0.72 + 0.16 * worn), 0, 255).astype(np.uint8)
    return np.dstack([np.full_like(plate, 1) * np.array(ink, np.uint8), cover])


def railing(width_m: float, height_m: float, colour: Colour, pitch_m: float = 0.12, dense: int = 40) -> Picture:
    """Return upright bars between two rails, BGRA."""
    h, w = max(4, round(height_m * dense)), max(4, round(width_m * dense))
    bars = np.zeros((h, w, 4), np.uint8)
    paint = (*colour, 255)
    for x in np.arange(0, w, pitch_m * dense):
        cv2.line(bars, (int(x), 0), (int(x), h), paint, 2)
    cv2.rectangle(bars, (0, 0), (w, 3), paint, -1)
    cv2.rectangle(bars, (0, h - 4), (w, h), paint, -1)
    return bars


def _tank(stage: Stage, at: Point, front_deg: float) -> None:
    steel: Colour = (205, 205, 202)
    tubes = [Tube((-0.75, 0, 1.25), (0.75, 0, 1.25), (0.5, 0.5), (0.5, 0.5), steel, 12)]
    tubes += [rod((x, y, 0), (x, y, 0.8), 0.03, (120, 120, 120), 4) for x in (-0.6, 0.6) for y in (-0.3, 0.3)]
    stage.solid(placed(built(tubes), at, -front_deg))


def _awning(stage: Stage, plot: Plot, w: float, colour: Colour, seed: int) -> None:
    cloth = flat(colour, seed, (40, 120))
    if seed % 2:
        cloth[:, ::24] = np.clip(cloth[:, ::24].astype(int) + 40, 0, 255).astype(np.uint8)
        for i in range(0, 120, 24):
            cloth[:, i : i + 12] = (225, 228, 230)
    stage.face(plot.at(0, -0.02, 3.05), plot.way(w, 0), plot.way(0, -1.9, -0.55), cloth)
    stage.face(plot.at(0, -1.92, 2.5), plot.way(w, 0), (0, 0, -0.2), cloth, 0.75)
    stage.shade(plot.corners(0, -2.1, w, 0), 0.30, 0.5)


def cottage(
    stage: Stage,
    plot: Plot,
    size_m: tuple[float, float, float],
    paint: Colour,
    roof: Colour,
    seed: int = 1,
    iron: bool = False,
    bays: int = 3,
) -> None:
    """Build a long, low house, its ridge along u: size is width, depth and height of the eaves."""
    w, d, eaves = size_m
    wall = plaster(w, eaves, paint, seed, 0.8)
    bay = w / bays
    for i in range(bays):
        x = i * bay
        if i == bays // 2:
            rect(wall, (x + bay / 2 - 0.75, eaves - 2.35, 1.5, 2.35), (54, 82, 118))
            rect(wall, (x + bay / 2 - 0.02, eaves - 2.35, 0.05, 2.35), (34, 56, 84))
        else:
            window(wall, (x + bay / 2 - 0.6, eaves - 2.1, 1.2, 1.2), (64, 104, 74), 2)
        rect(wall, (x - 0.12, 0, 0.24, eaves), _dim(paint, 1.12))
    stage.shade(plot.corners(-0.8, -1.6, w + 0.8, d), 0.3, 1.3)
    side = solid_texture(plaster(d, eaves, paint, seed + 3, 1.0))
    block(stage, plot, (0, 0, 0, w, d, eaves), solid_texture(wall), side)
    rise, over = d * 0.24, 0.7
    gable(stage, plot, w, d, eaves, rise, paint)
    skin = corrugated(w + 1, d * 0.6, roof, seed) if iron else roof_tiles(w + 1, d * 0.6, roof, seed)
    slope = rise * (d / 2 + over) / (d / 2)
    stage.face(plot.at(-0.5, d / 2, eaves + rise), plot.way(w + 1, 0), plot.way(0, -d / 2 - over, -slope), skin)
    stage.face(plot.at(w + 0.5, d / 2, eaves + rise), plot.way(-w - 1, 0), plot.way(0, d / 2 + over, -slope), skin)
    stage.face(plot.at(-0.5, -over, eaves + rise - slope), plot.way(w + 1, 0), (0, 0, -0.12), flat(_dim(roof, 0.6)))


def gable(stage: Stage, plot: Plot, w: float, d: float, eaves: float, rise: float, paint: Colour) -> None:
    """Close both ends under the roof with triangles."""
    texture = np.zeros((64, 96, 4), np.uint8)
    cv2.fillPoly(texture, [np.array([(0, 63), (48, 0), (95, 63)], np.int32)], (*_dim(paint, 0.97), 255))
    for u in (0.0, w):
        stage.face(plot.at(u, 0, eaves + rise), plot.way(0, d), (0, 0, -rise), texture)


def fence(
    stage: Stage,
    plot: Plot,
    length_m: float,
    height_m: float,
    paint: Colour,
    pillar: Colour,
    seed: int = 1,
    open_top: bool = True,
) -> None:
    """Build a garden wall along u: a plastered foot, pillars, and iron bars on top where open_top."""
    foot = height_m * (0.45 if open_top else 1.0)
    wall = solid_texture(plaster(min(length_m, 14), foot, paint, seed, 1.0))
    stage.shade(plot.corners(-0.2, -0.7, length_m + 0.2, 0.3), 0.25, 0.6)
    stage.face(plot.at(0, 0, foot), plot.way(length_m, 0), (0, 0, -foot), wall)
    stage.face(plot.at(0, 0.15, foot), plot.way(length_m, 0), plot.way(0, -0.15), flat(_dim(paint, 1.05)))
    if open_top:
        bars = railing(length_m, height_m - foot, (88, 96, 100), 0.16)
        stage.face(plot.at(0, 0.08, height_m), plot.way(length_m, 0), (0, 0, foot - height_m), bars)
    for u in np.arange(0, length_m + 0.1, 3.0):
        post(stage, plot.at(float(u), 0.05), height_m + 0.15, 0.17, pillar, -plot.front_deg)


def post(stage: Stage, at: Point, height_m: float, half_m: float, paint: Colour, turn_deg: float = 0.0) -> None:
    """Set a square pillar with its cap."""
    z = height_m
    tubes = [
        Tube((0, 0, 0), (0, 0, z), (half_m, half_m), (half_m, half_m), paint, 4),
        Tube(
            (0, 0, z), (0, 0, z + 0.12), (half_m * 1.3, half_m * 1.3), (half_m * 1.3, half_m * 1.3), _dim(paint, 1.1), 4
        ),
    ]
    stage.solid(placed(built(tubes), at, turn_deg))
