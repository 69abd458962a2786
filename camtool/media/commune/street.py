"""What stands along a road: poles and their wires, trees, stalls, banners, flags, parked things, people who stay."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from camtool.media.commune import leaves
from camtool.media.commune.houses import RED, YELLOW, Plot, board
from camtool.media.commune.lens import Picture
from camtool.media.commune.letters import lettered
from camtool.media.commune.people import Dress, clothed, sitting, standing
from camtool.media.commune.solid import Colour, Point, Solid, Tube, box, built, joined, placed, rod
from camtool.media.commune.stage import Stage

CEMENT: Colour = (150, 154, 156)
WIRE: Colour = (46, 48, 50)


def pole(
    stage: Stage, x: float, y: float, height_m: float = 8.5, lamp_deg: float | None = None, speakers: bool = False
) -> Point:
    """Set a concrete pole; return where its wires hang."""
    tubes = [Tube((0, 0, 0), (0, 0, height_m), (0.16, 0.16), (0.10, 0.10), CEMENT, 8)]
    tubes.append(box((0, 0.16, height_m - 1.9), (0.16, 0.10, 0.25), (120, 126, 128)))
    tubes += [box((0, 0, height_m - z), (0.75, 0.05, 0.05), (96, 100, 102)) for z in (0.25, 0.9)]
    if speakers:
        mouth, rim, z = (0.07, 0.07), (0.24, 0.24), height_m - 1.35
        tubes += [Tube((0.15 * s, 0.1, z), (0.62 * s, 0.2, z), mouth, rim, (170, 176, 178), 9) for s in (-1, 1)]
    stage.shade([(x - 0.5, y - 0.5), (x + 0.5, y - 0.5), (x + 0.5, y + 0.5), (x - 0.5, y + 0.5)], 0.25, 0.4)
    stage.solid(placed(built(tubes), (x, y, 0)))
    if lamp_deg is not None:
        arm = [
            rod((0, 0, height_m - 0.6), (0, 1.5, height_m + 0.1), 0.035, (130, 134, 136)),
            box((0, 1.7, height_m + 0.1), (0.10, 0.32, 0.05), (190, 194, 196)),
        ]
        stage.solid(placed(built(arm), (x, y, 0), lamp_deg), hides=False)
    return x, y, height_m


def wires(stage: Stage, tops: Sequence[Point], seed: int = 1, count: int = 7) -> None:
    """Hang the usual tangle from pole to pole."""
    rng = np.random.default_rng(seed)
    for a, b in pairwise(tops):
        for i in range(count):
            aside, drop, sag = (
                rng.uniform(-0.65, 0.65),
                0.2 + 1.3 * (i / count) + rng.uniform(0, 0.15),
                rng.uniform(0.25, 0.9),
            )
            t = np.linspace(0, 1, 13)
            across = np.array([b[1] - a[1], a[0] - b[0]]) / (np.hypot(b[0] - a[0], b[1] - a[1]) + 1e-9) * aside
            points = [
                (
                    a[0] + (b[0] - a[0]) * k + across[0],
                    a[1] + (b[1] - a[1]) * k + across[1],
                    a[2] + (b[2] - a[2]) * k - drop - sag * 4 * k * (1 - k),
                )
                for k in t.tolist()
            ]
            stage.line(points, 0.018 if i else 0.035, WIRE)


def tree(stage: Stage, kind: str, x: float, y: float, height_m: float, seed: int = 1, lit: float = 0.92) -> None:
    """Plant a tree: 'crown', 'round', 'dark', 'palm', 'areca' or 'banana'."""
    if kind == "palm":
        texture = leaves.palm(seed)
    elif kind == "areca":
        texture = leaves.palm(seed, 11, 0.7, True)
    elif kind == "banana":
        texture = leaves.banana(seed)
    elif kind == "round":
        texture = leaves.crown(seed, (62, 122, 92), 0.42, 0.9)
    elif kind == "dark":
        texture = leaves.crown(seed, (54, 88, 70), 0.30, 1.0)
    else:
        texture = leaves.crown(seed)
    wide = height_m * texture.shape[1] / texture.shape[0]
    r = wide * 0.36
    stage.shade([(x + r * np.cos(a), y + r * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 10)], 0.30, r * 0.8)
    stage.card(x, y, wide, height_m, texture, lit)


def bushes(
    stage: Stage,
    plot: Plot,
    length_m: float,
    height_m: float,
    seed: int = 1,
    flowers: Colour | None = None,
    lit: float = 0.9,
) -> None:
    """Plant a row of bushes along u."""
    strip = leaves.hedge(seed, flowers=flowers)
    piece = height_m * 4
    stage.shade(plot.corners(0, -0.5, length_m, 0.5), 0.30, 0.5)
    at = 0.0
    while at < length_m:
        wide = min(piece, length_m - at)
        part = strip[:, : max(8, round(strip.shape[1] * wide / piece))]
        stage.face(plot.at(at, 0, height_m), plot.way(wide, 0), (0, 0, -height_m), part, lit, hides=height_m > 0.6)
        at += wide


def woods(stage: Stage, y: float, x0: float, x1: float, height_m: float, seed: int = 3, lit: float = 0.85) -> None:
    """Close the view with far trees, across the picture at a distance y."""
    strip = leaves.hedge(seed, (70, 104, 88), None, 0.55)
    for i, x in enumerate(np.arange(x0, x1, height_m * 4)):
        stage.face(
            (float(x), y, height_m),
            (height_m * 4, 0, 0),
            (0, 0, -height_m),
            strip[:, :: -1 if i % 2 else 1].copy(),
            lit,
        )


def flag(
    stage: Stage,
    x: float,
    y: float,
    height_m: float,
    wide_m: float = 1.2,
    turn: tuple[float, float] = (0.9, -0.25),
    foot_m: float = 0.0,
) -> None:
    """Raise the national flag; it hangs, for there is no wind. foot_m is where the pole stands."""
    cloth = star(120, 80)
    stage.line([(x, y, foot_m), (x, y, height_m)], 0.06, (190, 194, 196))
    stage.face(
        (x, y, height_m - 0.1),
        (turn[0] * wide_m, turn[1] * wide_m, -0.3 * wide_m),
        (0.05, 0, -wide_m * 0.66),
        cloth,
        0.95,
    )


def star(w: int, h: int) -> Picture:
    """Return the national flag: a yellow star on red, its folds shaded."""
    cloth = np.empty((h, w, 3), np.float32)
    cloth[:] = (36, 32, 205)
    points = [
        (w / 2 + h * r * np.sin(a), h / 2 - h * r * np.cos(a))
        for a, r in zip(np.linspace(0, 2 * np.pi, 11)[:10], [0.32, 0.125] * 5, strict=True)
    ]
    cv2.fillPoly(cloth, [np.rint(np.array(points) * 16).astype(np.int32)], (40, 215, 250), cv2.LINE_AA, 4)
    folds = 1 + 0.13 * np.sin(np.linspace(0, 9, w))[None, :, None] + 0.05 * np.sin(np.linspace(0, 4, h))[:, None, None]
    return np.clip(cloth * folds, 0, 255).astype(np.uint8)


def banner(
    stage: Stage,
    left: Point,
    right: Point,
    text: str,
    height_m: float = 0.75,
    ground: Colour = RED,
    ink: tuple[int, int, int] = YELLOW,
) -> None:
    """Stretch a banner of cloth between two places."""
    across = right[0] - left[0], right[1] - left[1], right[2] - left[2]
    width = float(np.hypot(across[0], across[1]))
    cloth = board(width, height_m, ground, ((text, ink, 0.78),))
    stage.face(left, across, (0, 0, -height_m), cloth, 0.95)


def sign_post(
    stage: Stage,
    x: float,
    y: float,
    picture: Picture,
    size_m: tuple[float, float],
    base_m: float = 2.0,
    turn_deg: float = 0.0,
) -> None:
    """Put a sign on its post."""
    stage.line([(x, y, 0), (x, y, base_m + size_m[1])], 0.08, (160, 164, 166))
    c, s = float(np.cos(np.radians(turn_deg))), float(np.sin(np.radians(turn_deg)))
    w = size_m[0]
    stage.face(
        (x - c * w / 2, y - s * w / 2 - 0.05, base_m + size_m[1]),
        (c * w, s * w, 0),
        (0, 0, -size_m[1]),
        picture,
        0.98,
    )


def disc(kind: str) -> Picture:
    """Return a round or three-cornered traffic sign, BGRA: 'crossing', 'limit50', 'noentry'."""
    sign = np.zeros((96, 96, 4), np.uint8)
    if kind == "crossing":
        cv2.fillPoly(sign, [np.array([(48, 4), (94, 88), (2, 88)], np.int32)], (40, 40, 200, 255), cv2.LINE_AA)
        cv2.fillPoly(sign, [np.array([(48, 22), (78, 78), (18, 78)], np.int32)], (60, 215, 245, 255), cv2.LINE_AA)
        cv2.line(sign, (48, 40), (48, 74), (30, 30, 30, 255), 7)
        cv2.line(sign, (34, 60), (62, 60), (30, 30, 30, 255), 7)
    else:
        cv2.circle(sign, (48, 48), 46, (40, 40, 200, 255), -1, cv2.LINE_AA)
        if kind == "limit50":
            cv2.circle(sign, (48, 48), 34, (240, 240, 240, 255), -1, cv2.LINE_AA)
            plain = sign[..., :3].copy()
            lettered(plain, "50", (0.24, 0.3, 0.76, 0.7), (30, 30, 30))
            sign[..., :3] = plain
        else:
            cv2.rectangle(sign, (16, 40), (80, 56), (240, 240, 240, 255), -1)
    return sign


def umbrella(
    x: float, y: float, height_m: float, radius_m: float, colours: tuple[Colour, Colour], turn_deg: float = 0.0
) -> Solid:
    """Return a market umbrella: twelve fields, by turns in two colours, over a stick."""
    stick = built([rod((0, 0, 0), (0, 0, height_m), 0.03, (130, 130, 132), 5)])
    rim, top = (radius_m, radius_m), (radius_m * 0.5, radius_m * 0.5)
    low = built([Tube((0, 0, height_m - 0.45), (0, 0, height_m - 0.16), rim, top, colours[0], 12)])
    high = built([Tube((0, 0, height_m - 0.16), (0, 0, height_m), top, (0.04, 0.04), colours[0], 12)])
    for cone in (low, high):
        cone.colours[[1, 2, 5, 6, 9, 10]] = colours[1]
    return placed(joined([stick, low, high]), (x, y, 0), turn_deg)


def stall(
    stage: Stage,
    x: float,
    y: float,
    heading_deg: float,
    seed: int,
    cover: tuple[Colour, Colour] | None = None,
    seller: bool = True,
) -> None:
    """Set a market stall: a trestle of produce, a seller on a stool behind it, an umbrella."""
    rng = np.random.default_rng(seed)
    tubes = [
        box((0, 0, 0.32), (0.95, 0.5, 0.32), (96, 128, 150)),
        box((0, 0, 0.66), (1.05, 0.6, 0.03), (120, 150, 170)),
    ]
    kinds: list[Colour] = [
        (58, 128, 70),
        (52, 110, 205),
        (60, 60, 190),
        (70, 190, 215),
        (150, 200, 190),
        (90, 150, 110),
        (120, 110, 200),
        (190, 205, 215),
    ]
    for i, u in enumerate((-0.72, -0.24, 0.24, 0.72)):
        for v in (-0.27, 0.27):
            colour = kinds[int(rng.integers(len(kinds)))]
            tubes.append(Tube((u, v, 0.68), (u, v, 0.80), (0.21, 0.22), (0.22, 0.23), (80, 110, 140), 8))
            tubes.append(
                Tube((u, v, 0.79), (u, v, 0.90 + 0.05 * float(rng.random())), (0.19, 0.2), (0.08, 0.09), colour, 8)
            )
            if i % 2:
                tubes.append(
                    box((u * 1.1, -0.85 + v * 0.1, 0.14), (0.22, 0.18, 0.14), kinds[int(rng.integers(len(kinds)))])
                )
    stage.shade(Plot(x, y, -heading_deg).corners(-1.7, -1.5, 1.7, 1.5), 0.35, 0.8)
    stage.solid(placed(built(tubes), (x, y, 0), heading_deg))
    if seller:
        shirt = ((120, 90, 180), (150, 140, 90), (90, 120, 190), (170, 120, 130))[seed % 4]
        person = clothed(sitting(0.35), Dress(shirt, (70, 56, 50), "nón lá" if seed % 3 else ""))
        plot = Plot(x, y, -heading_deg)
        stage.solid(placed(person, plot.at(0.1, 0.95), heading_deg + 180))
    if cover is not None:
        plot = Plot(x, y, -heading_deg)
        at = plot.at(0.5, 0.6)
        stage.solid(umbrella(at[0], at[1], 2.35, 1.45, cover, seed * 17))


def person(stage: Stage, x: float, y: float, heading_deg: float, dress: Dress, seated: bool = False) -> None:
    """Put a person who stays where they are."""
    stage.shade([(x - 0.35, y - 0.35), (x + 0.35, y - 0.35), (x + 0.35, y + 0.35), (x - 0.35, y + 0.35)], 0.35, 0.3)
    if seated:
        stage.solid(built([Tube((x, y, 0), (x, y, 0.30), (0.18, 0.18), (0.15, 0.15), (150, 90, 50), 8)]))
    stage.solid(placed(clothed(sitting() if seated else standing(), dress), (x, y, 0), heading_deg))


def table(stage: Stage, x: float, y: float, colour: Colour = (60, 60, 200)) -> None:
    """Set a low plastic table and stools, as before every tea stall."""
    tubes = [box((0, 0, 0.46), (0.35, 0.35, 0.03), colour), box((0, 0, 0.22), (0.25, 0.25, 0.22), (40, 40, 120))]
    for u, v in ((0.7, 0.1), (-0.7, -0.1), (0.1, -0.75)):
        tubes.append(Tube((u, v, 0), (u, v, 0.28), (0.17, 0.17), (0.13, 0.13), (170, 90, 40), 7))
    stage.solid(placed(built(tubes), (x, y, 0)))


def bin_green(stage: Stage, x: float, y: float, turn_deg: float = 0) -> None:
    """Set a wheeled waste bin."""
    tubes = [
        Tube((0, 0, 0.08), (0, 0, 0.82), (0.20, 0.22), (0.26, 0.29), (66, 120, 60), 4),
        box((0, 0, 0.85), (0.28, 0.32, 0.03), (56, 104, 50)),
    ]
    stage.solid(placed(built(tubes), (x, y, 0), turn_deg))


def heap(stage: Stage, x: float, y: float, radius_m: float, colour: Colour, height_m: float = 0.8) -> None:
    """Tip a heap of sand, straw or rubble."""
    tubes = [
        Tube(
            (x, y, 0), (x, y, height_m * 0.6), (radius_m, radius_m * 0.9), (radius_m * 0.55, radius_m * 0.5), colour, 9
        ),
        Tube((x, y, height_m * 0.6), (x, y, height_m), (radius_m * 0.55, radius_m * 0.5), (0.08, 0.08), colour, 9),
    ]
    stage.shade(
        [(x + radius_m * 1.2 * np.cos(a), y + radius_m * 1.2 * np.sin(a)) for a in np.linspace(0, 6.28, 9)], 0.3, 0.4
    )
    stage.solid(built(tubes))


def pot(stage: Stage, x: float, y: float, seed: int = 1, height_m: float = 0.9) -> None:
    """Set a potted plant."""
    stage.solid(built([Tube((x, y, 0), (x, y, 0.4), (0.18, 0.18), (0.25, 0.25), (70, 90, 160), 8)]))
    stage.card(x, y - 0.02, height_m * 0.9, height_m, leaves.crown(seed, (56, 124, 84), 0.15), 0.95, 0.36)


def mirror(stage: Stage, x: float, y: float) -> None:
    """Set a convex traffic mirror on its orange post."""
    tubes = [
        rod((0, 0, 0), (0, 0, 2.6), 0.05, (40, 110, 235), 6),
        Tube((0, 0.06, 2.3), (0, -0.02, 2.3), (0.46, 0.46), (0.46, 0.46), (40, 110, 235), 16),
        Tube((0, -0.02, 2.3), (0, -0.10, 2.3), (0.38, 0.38), (0.30, 0.30), (196, 190, 182), 16),
    ]
    stage.solid(placed(built(tubes), (x, y, 0), 12))


def bench(stage: Stage, plot: Plot) -> None:
    """Set a stone bench."""
    tubes = [
        box((0.7, 0.2, 0.42), (0.75, 0.22, 0.05), (176, 182, 186)),
        box((0.7, 0.42, 0.68), (0.75, 0.04, 0.22), (170, 176, 180)),
    ]
    tubes += [box((u, 0.2, 0.19), (0.08, 0.18, 0.19), (150, 156, 160)) for u in (0.2, 1.2)]
    stage.solid(placed(built(tubes), plot.at(0, 0), -plot.front_deg))
