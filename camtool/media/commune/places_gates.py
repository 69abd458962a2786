"""The two ends of the commune: the welcome arch among the fields, and the mouth of the road at the national highway."""

import cv2
import numpy as np

from camtool.media.commune.draw import Daylight
from camtool.media.commune.houses import RED, WHITE, YELLOW, House, Plot, board, cottage, flat, post, tube_house
from camtool.media.commune.lens import Lens, Picture
from camtool.media.commune.letters import lettered
from camtool.media.commune.moves import Way, way
from camtool.media.commune.paint import asphalt, concrete, earth, paddy, paint_on, roof_tiles
from camtool.media.commune.people import Dress
from camtool.media.commune.solid import Colour, placed
from camtool.media.commune.stage import Backdrop, Stage
from camtool.media.commune.street import (
    banner,
    bin_green,
    bushes,
    disc,
    flag,
    heap,
    person,
    pole,
    sign_post,
    stall,
    table,
    tree,
    wires,
    woods,
)
from camtool.media.commune.vehicles import motorbike, truck

HAZE = (210, 208, 204)

# ---- 1: Cổng chào đầu xã ------------------------------------------------------------------------------------------

ARCH_LENS = Lens(x_m=-4.4, height_m=5.6, yaw_deg=12, pitch_deg=12, fov_deg=76)
ARCH_LIGHT = Daylight(sun_deg=275)
ARCH_WAYS: dict[str, Way] = {
    "vào xã": way((-1.5, 150.0), (-1.5, -3.0)),
    "ra khỏi xã": way((1.5, -3.0), (1.6, 150.0)),
    "bộ hành": way((3.4, 1.0), (2.9, 14.0), (2.7, 60.0)),
    "từ đồng về": way((22.0, 33.0), (9.0, 31.0), (2.8, 27.0), (2.9, 12.0), (3.4, 1.0)),
}


def arch() -> Backdrop:
    """Draw the commune's arch over the road, rice fields on both sides."""
    stage = Stage(ARCH_LENS, ARCH_LIGHT, HAZE, 330)
    stage.sky((198, 192, 184), (214, 224, 232), 21, 0.9)
    _hills(stage)
    stage.ground([(-900, -5), (900, -5), (900, 1500), (-900, 1500)], paddy((72, 150, 134), (31.0, 52.0), 43))
    stage.ground([(-5.8, -5), (5.8, -5), (4.6, 500), (-4.6, 500)], earth((112, 136, 152), (74, 122, 100), 0.1, 23))
    stage.ground([(-3.2, -5), (3.2, -5), (3.0, 500), (-3.0, 500)], concrete((156, 160, 162), 5.0, 12))
    stage.ground(
        [(4.0, 30.0), (4.0, 33.5), (60.0, 41.0), (60.0, 38.0)], earth((120, 144, 160), (80, 124, 104), -0.35, 28)
    )
    stage.ground([(5.8, -5), (7.0, -5), (5.6, 500), (4.8, 500)], earth((96, 112, 104), (70, 112, 92), 0.0, 29))
    woods(stage, 230, -300, 340, 12)
    for i, (x, y) in enumerate(((-46, 120), (38, 150), (64, 130), (-80, 160))):
        cottage(
            stage,
            Plot(x, y),
            (11, 7, 3.2),
            (196, 204, 206),
            ((66, 78, 150), (150, 120, 92))[i % 2],
            i,
            iron=bool(i % 2),
        )
    for i, (kind, x, y, h) in enumerate(
        (
            ("palm", -40, 116, 9),
            ("areca", -33, 122, 9),
            ("crown", 33, 148, 9),
            ("crown", 78, 132, 11),
            ("round", -88, 150, 9),
            ("areca", 58, 128, 10),
        )
    ):
        tree(stage, kind, x, y, h, i)
    poles = [pole(stage, 6.2 - y * 0.008, y, 9.0) for y in (104, 72, 40, 9)]
    wires(stage, [*poles, (6.4, -18, 9)], 7, 5)
    _gateway(stage)
    _arch_things(stage)
    return stage.finish()


def _hills(stage: Stage) -> None:
    ridge = np.zeros((120, 900, 4), np.uint8)
    x = np.arange(900)
    top = 60 - 22 * np.sin(x / 97.0) - 13 * np.sin(x / 41.0 + 1) - 5 * np.sin(x / 13.0)
    cv2.fillPoly(
        ridge, [np.stack([np.r_[x, 899, 0], np.r_[top, 119, 119]], axis=1).astype(np.int32)], (150, 132, 118, 255)
    )
    stage.face((-900, 1100, 95), (1800, 0, 0), (0, 0, -95), ridge, 0.8, hides=False)


def _gateway(stage: Stage) -> None:
    """Two pillars faced with tiles, a beam with the commune's name, a smaller roof above it."""
    y, brick = 19.0, (86, 116, 186)
    for x in (-4.5, 4.5):
        stage.shade([(x - 1.4, y - 1.5), (x + 1.4, y - 1.5), (x + 1.4, y + 1.4), (x - 1.4, y + 1.4)], 0.3, 0.9)
        post(stage, (x, y, 0), 6.6, 0.62, (176, 204, 222))
        post(stage, (x, y, 0), 1.3, 0.78, brick)
    sign = board(9.0, 1.9, RED, (("XÃ TÂN LẬP", YELLOW, 0.56), ("KÍNH CHÀO QUÝ KHÁCH", WHITE, 0.30)), (60, 220, 250))
    stage.face((-4.5, y - 0.5, 6.7), (9.0, 0, 0), (0, 0, -1.9), sign, 1.0)
    stage.face((-4.5, y - 0.5, 4.8), (9.0, 0, 0), (0, 1.0, 0), flat((60, 60, 110)), 0.6)
    stage.face((-5.2, y + 0.6, 7.9), (10.4, 0, 0), (0, -1.3, -0.85), roof_tiles(10.4, 1.6, (70, 84, 158), 6), 0.95)
    stage.face((-5.2, y - 0.7, 7.05), (10.4, 0, 0), (0, 0, -0.2), flat((70, 84, 130)), 0.8)
    for x in (-3.0, 3.0):
        flag(stage, x, y, 9.3, 1.1, (0.9, -0.2), 7.4)
    slogan = board(0.8, 3.4, (150, 60, 30), ())
    for x, words in ((-4.5, ("NÔNG", "THÔN", "MỚI")), (4.5, ("VĂN", "MINH", "XANH"))):
        face = slogan.copy()
        for i, word in enumerate(words):
            lettered(face, word, (0.08, 0.12 + 0.27 * i, 0.92, 0.30 + 0.27 * i), YELLOW)
        stage.face((x - 0.4, y - 0.66, 5.0), (0.8, 0, 0), (0, 0, -3.4), face, 1.0)


def _arch_things(stage: Stage) -> None:
    tree(stage, "areca", -8.2, 20.5, 8.5, 4)
    tree(stage, "areca", 8.6, 21.0, 8.0, 6)
    bushes(stage, Plot(-11.5, 17.8), 5.2, 0.9, 1, (90, 90, 220))
    bushes(stage, Plot(6.0, 17.8), 5.0, 0.9, 2, (90, 90, 220))
    sign_post(stage, 4.4, 12.0, disc("limit50"), (0.7, 0.7), 1.8)
    stone = board(0.5, 0.6, (225, 228, 228), (("T.L", (60, 50, 50), 0.4), ("0 KM", (40, 40, 180), 0.35)))
    stage.face((3.7, 9.4, 0.75), (0.55, 0, 0), (0, 0, -0.75), stone)
    heap(stage, 7.8, 13.6, 1.1, (92, 176, 204), 1.0)
    bin_green(stage, -5.4, 15.0)


# ---- 9: Cổng ra quốc lộ -------------------------------------------------------------------------------------------

HIGHWAY_LENS = Lens(x_m=-4.8, height_m=6.2, yaw_deg=10, pitch_deg=15, fov_deg=80)
HIGHWAY_LIGHT = Daylight(sun_deg=225)
HIGHWAY_WAYS: dict[str, Way] = {
    "quốc lộ đông": way((-60.0, 20.0), (80.0, 20.0)),
    "quốc lộ tây": way((80.0, 28.6), (-70.0, 28.6)),
    "làn xe máy đông": way((-40.0, 17.2), (60.0, 17.2)),
    "ra quốc lộ phải": way((1.8, -3.0), (1.8, 9.5), (3.4, 15.0), (12.0, 17.2), (60.0, 17.2)),
    "vào xã": way((-40.0, 17.0), (-8.0, 16.9), (-1.6, 15.0), (-1.7, 8.0), (-1.7, -3.0)),
    "bộ hành": way((20.0, 13.6), (7.0, 13.4), (4.6, 10.0), (4.7, 1.5)),
}


def highway() -> Backdrop:
    """Draw the junction: the commune's road runs into a wide highway with trucks, eating houses beyond."""
    stage = Stage(HIGHWAY_LENS, HIGHWAY_LIGHT, HAZE, 300)
    stage.sky((204, 196, 182), (214, 224, 232), 25)
    stage.ground([(-400, -5), (400, -5), (400, 900), (-400, 900)], earth((120, 140, 152), (78, 116, 98), -0.1, 26))
    stage.ground([(-400, 12.6), (400, 12.6), (400, 38.0), (-400, 38.0)], concrete((150, 154, 156), 2.4, 19))
    stage.ground(
        [(-400, 15.2), (400, 15.2), (400, 33.0), (-400, 33.0)],
        asphalt((108, 109, 109), 9, 90, (-17.2, -20.0, -28.6, -31.5)),
    )
    stage.ground(
        [(-3.6, -3), (3.6, -3), (3.9, 10), (7.5, 15.4), (-7.5, 15.4), (-3.9, 10)],
        asphalt((122, 122, 120), 10, 0, (-1.7, 1.7)),
    )
    _highway_paint(stage)
    woods(stage, 160, -180, 220, 12)
    _across(stage)
    _highway_things(stage)
    return stage.finish()


def _highway_paint(stage: Stage) -> None:
    white, base = (208, 210, 212), (108, 109, 109)
    for y in (15.6, 18.5, 30.2, 32.6):
        solid = y in (15.6, 32.6)
        for x in range(-80, 120, 200 if solid else 8):
            stage.ground(
                [(x, y), (x + (200 if solid else 3), y), (x + (200 if solid else 3), y + 0.14), (x, y + 0.14)],
                paint_on(white, 0.35, base),
            )
    stage.ground([(-200, 23.9), (200, 23.9), (200, 24.6), (-200, 24.6)], concrete((168, 172, 174), 2.0, 20))
    stage.face((-120, 23.9, 0.32), (240, 0, 0), (0, 0, -0.32), _kerb(), 0.95, hides=False)
    for x in np.arange(-3.2, 3.3, 0.9).tolist():
        stage.ground([(x, 10.4), (x + 0.45, 10.4), (x + 0.45, 12.8), (x, 12.8)], paint_on(white, 0.4, (122, 122, 120)))
    for y in (0.5, 4.5):
        stage.ground([(-0.07, y), (0.07, y), (0.07, y + 2.4), (-0.07, y + 2.4)], paint_on(white, 0.4, (122, 122, 120)))


def _kerb() -> Picture:
    kerb = np.empty((12, 2400, 3), np.uint8)
    kerb[:] = (216, 220, 222)
    for x in range(0, 2400, 40):
        kerb[:, x : x + 20] = (56, 56, 176)
    return kerb


def _across(stage: Stage) -> None:
    paints: list[Colour] = [
        (170, 196, 214),
        (200, 206, 184),
        (160, 190, 222),
        (206, 204, 196),
        (150, 186, 220),
        (190, 208, 196),
    ]
    signs = ("CƠM - PHỞ", "", "GARA Ô TÔ", "NHÀ NGHỈ", "", "LỐP - ẮC QUY", "", "CÀ PHÊ VÕNG", "")
    x = -44.0
    for i in range(17):
        wide = 5.0 + (i * 7 % 3) * 0.6
        if i not in (6, 11):
            sign = signs[i % len(signs)]
            tube_house(
                stage,
                Plot(x, 38.5),
                House(
                    paints[i % 6],
                    wide,
                    10,
                    1 + i * 5 % 3,
                    ("shop" if sign else "roller"),
                    sign,
                    (((40, 40, 190), YELLOW), ((150, 60, 30), WHITE), ((60, 110, 40), WHITE))[i % 3],
                    ((60, 60, 200), None, (150, 80, 30))[i % 3],
                    60 + i,
                    "iron" if i % 4 == 1 else "flat",
                    0.7,
                ),
            )
        x += wide + 0.3
    tree(stage, "crown", -9.5, 39, 7.5, 4)
    tree(stage, "crown", 20.0, 40, 8.0, 2)


def _highway_things(stage: Stage) -> None:
    stage.solid(placed(truck((60, 90, 160), (110, 80, 50), False), (30.0, 35.2, 0), 88))
    for x in (-26.0, -8.0, 10.0, 28.0, 46.0):
        bushes(stage, Plot(x, 24.25), 9.0, 0.75, int(x) % 4, (110, 110, 215))
    wires(
        stage,
        [
            (-60, 13.8, 9.5),
            pole(stage, -20, 13.8, 9.5, 0),
            pole(stage, 9.2, 13.6, 9.5, 0, True),
            pole(stage, 42, 13.8, 9.5, 0),
            (80, 13.8, 9.5),
        ],
        3,
        8,
    )
    _direction(stage)
    for i, x in enumerate((-12.8, -9.6)):
        stall(
            stage,
            x,
            12.0,
            10,
            i + 30,
            ((60, 60, 205), (225, 228, 230)) if i == 0 else ((170, 100, 40), (225, 228, 230)),
        )
    table(stage, -7.2, 11.0)
    person(stage, 8.4, 12.4, 300, Dress((200, 150, 90), (60, 52, 48), "cap", (50, 50, 50)), True)
    stage.solid(placed(motorbike((60, 60, 64)), (7.0, 9.9, 0), 280, 8))
    stage.solid(placed(motorbike((150, 90, 50)), (7.3, 8.8, 0), 285, 8))
    bushes(stage, Plot(5.2, 6.2, 80), 6.0, 0.9, 2)
    sign_post(stage, -4.7, 9.6, disc("crossing"), (0.9, 0.85), 2.0)
    banner(stage, (-31.0, 38.0, 4.4), (-24.5, 38.0, 4.4), "ĐÃ UỐNG RƯỢU BIA KHÔNG LÁI XE", 0.8)


def _direction(stage: Stage) -> None:
    sign = np.empty((220, 460, 3), np.uint8)
    sign[:] = (150, 72, 20)
    cv2.rectangle(sign, (6, 6), (453, 213), (240, 240, 240), 5)
    lettered(sign, "QUỐC LỘ", (0.30, 0.10, 0.70, 0.34), WHITE)
    lettered(sign, "HÀ NỘI", (0.10, 0.46, 0.40, 0.66), WHITE)
    lettered(sign, "BẾN PHÀ", (0.60, 0.46, 0.92, 0.66), WHITE)
    for x, s in ((110, -1), (350, 1)):
        cv2.arrowedLine(sign, (x - 50 * s, 176), (x + 50 * s, 176), (240, 240, 240), 9, cv2.LINE_AA, tipLength=0.3)
    sign_post(stage, 5.7, 14.2, sign, (3.0, 1.45), 2.7, -5)
