"""Where people gather: the primary school, the health station, the hamlet's house of culture."""

import cv2
import numpy as np

from camtool.media.commune.draw import Daylight
from camtool.media.commune.houses import (
    RED,
    WHITE,
    YELLOW,
    House,
    Plot,
    block,
    board,
    cottage,
    fence,
    flat,
    post,
    railing,
    tube_house,
)
from camtool.media.commune.lens import Lens, Picture
from camtool.media.commune.letters import lettered
from camtool.media.commune.moves import Way, way
from camtool.media.commune.paint import (
    asphalt,
    concrete,
    corrugated,
    earth,
    paint_on,
    plaster,
    rect,
    roof_tiles,
    solid_texture,
    tiles,
    window,
)
from camtool.media.commune.people import Dress
from camtool.media.commune.solid import Colour, Tube, box, built, placed, rod
from camtool.media.commune.stage import Backdrop, Stage
from camtool.media.commune.street import (
    banner,
    bench,
    bin_green,
    bushes,
    flag,
    person,
    pole,
    pot,
    sign_post,
    stall,
    tree,
    wires,
    woods,
)
from camtool.media.commune.vehicles import bicycle, car, motorbike

HAZE = (208, 208, 204)

# ---- 4: Trường tiểu học -------------------------------------------------------------------------------------------

SCHOOL_LENS = Lens(x_m=1.0, height_m=5.6, yaw_deg=-3, pitch_deg=14, fov_deg=78)
SCHOOL_LIGHT = Daylight(sun_deg=230)
SCHOOL_WAYS: dict[str, Way] = {
    "tây sang đông": way((-18.0, 6.6), (19.0, 6.6)),
    "đông sang tây": way((19.0, 9.0), (-18.0, 9.0)),
    "tan học trái": way((0.3, 30.0), (0.2, 14.0), (-2.0, 11.6), (-18.0, 11.4)),
    "tan học phải": way((0.8, 30.0), (0.9, 15.0), (3.5, 11.8), (19.0, 11.5)),
    "đón con": way((-18.0, 9.2), (-6.0, 9.8), (-0.5, 10.6), (6.0, 9.6), (19.0, 9.2)),
}


def school() -> Backdrop:
    """Draw the primary school: wall, gate, yard, a long yellow building."""
    stage = Stage(SCHOOL_LENS, SCHOOL_LIGHT, HAZE, 300)
    stage.sky((206, 196, 180), (214, 224, 232), 31)
    stage.ground([(-200, -5), (200, -5), (200, 900), (-200, 900)], earth((122, 140, 150), (80, 116, 100), -0.2, 30))
    stage.ground([(-60, -3), (60, -3), (60, 13.4), (-60, 13.4)], concrete((154, 158, 160), 2.0, 21))
    stage.ground([(-60, 4.6), (60, 4.6), (60, 10.6), (-60, 10.6)], asphalt((120, 121, 120), 12, 90, (-6.6, -9.0)))
    stage.ground([(-24, 13.4), (26, 13.4), (26, 33), (-24, 33)], tiles((128, 140, 176), (142, 152, 182), 0.5))
    for x in np.arange(-2.4, 3.6, 0.9).tolist():
        stage.ground(
            [(x, 5.2), (x + 0.45, 5.2), (x + 0.45, 10.2), (x, 10.2)], paint_on((206, 208, 210), 0.35, (120, 121, 120))
        )
    woods(stage, 120, -120, 120, 12)
    _school_building(stage)
    _school_front(stage)
    return stage.finish()


def _school_building(stage: Stage) -> None:
    cream, w, high = (150, 206, 232), 38.0, 7.4
    wall = plaster(w, high, cream, 6, 0.5)
    for floor in (0, 1):
        y = high - (floor + 1) * 3.5 + 0.5
        rect(wall, (0, y + 2.9 - 0.5, w, 0.22), (200, 226, 238))
        rect(wall, (0, y + 0.1 - 0.5, w, 2.4), (104, 150, 176))  # the open corridor lies in shade
        for i in range(11):
            x = i * w / 11
            window(wall, (x + 0.55, y + 0.15, 1.0, 1.25), (74, 120, 70), 2)
            rect(wall, (x + 2.0, y - 0.15, 0.9, 2.1), (66, 104, 60))
            rect(wall, (x - 0.16, y - 0.5, 0.32, 3.0), (176, 218, 238))
        rect(wall, (0, y + 1.55, w, 0.5), (156, 208, 232))
    plot = Plot(-19, 34)
    stage.shade(plot.corners(-1, -2, w + 1, 1), 0.3, 1.5)
    block(stage, plot, (0, 0, 0, w, 8, high), solid_texture(wall), solid_texture(plaster(8, high, cream, 8, 0.8)))
    stage.face((-20, 38, high + 2.2), (w + 2, 0, 0), (0, -4.9, -2.3), roof_tiles(w + 2, 5.6, (70, 84, 158), 5), 0.95)
    title = board(9, 0.9, (150, 206, 232), (("TIÊN HỌC LỄ - HẬU HỌC VĂN", (40, 40, 190), 0.8),))
    stage.face((-4.5, 33.9, 5.0), (9, 0, 0), (0, 0, -0.7), title, 0.95)
    cottage(stage, Plot(20, 30, -60), (10, 6, 3.2), (160, 206, 230), (70, 84, 158), 7)
    flag(stage, 0.5, 27.0, 8.4, 1.6)
    block(
        stage,
        Plot(-0.9, 26.2),
        (0, 0, 0, 2.8, 1.8, 0.5),
        flat((150, 170, 196)),
        flat((140, 160, 186)),
        flat((160, 176, 200)),
    )
    for i, (x, y, h) in enumerate(((-15, 24, 7.0), (-8.5, 25, 6.0), (9, 25, 6.4), (15.5, 23, 7.2))):
        tree(stage, ("crown", "dark", "crown", "crown")[i], x, y, h, i + 1)


def _school_front(stage: Stage) -> None:
    cream: Colour = (156, 206, 230)
    fence(stage, Plot(-26, 13.6), 23.2, 2.0, cream, (110, 150, 205), 3)
    fence(stage, Plot(4.2, 13.6), 22.0, 2.0, cream, (110, 150, 205), 5)
    for x in (-2.8, 4.2):
        post(stage, (x, 13.6, 0), 4.0, 0.42, (110, 150, 205))
    sign = board(
        7.6,
        1.25,
        (150, 60, 30),
        (("TRƯỜNG TIỂU HỌC TÂN LẬP", WHITE, 0.62), ("NGÀN HOA VIỆC TỐT DÂNG LÊN THẦY CÔ", YELLOW, 0.30)),
        (240, 240, 240),
    )
    stage.face((-3.2, 13.2, 5.2), (7.8, 0, 0), (0, 0, -1.25), sign, 1.0)
    stage.face((-3.2, 14.0, 5.2), (7.8, 0, 0), (0, -0.8, 0), flat((80, 80, 130)), 0.9)
    gate = railing(2.6, 2.0, (150, 96, 50), 0.14, 60)
    stage.face((-2.4, 13.6, 2.1), (-0.5, 2.3, 0), (0, 0, -2.0), gate, hides=False)
    stage.face((3.8, 13.6, 2.1), (0.5, 2.3, 0), (0, 0, -2.0), gate, hides=False)
    banner(stage, (-14, 13.4, 2.0), (-6.5, 13.4, 2.0), "CỔNG TRƯỜNG AN TOÀN GIAO THÔNG", 0.75, (150, 70, 20), WHITE)
    banner(stage, (7.0, 13.4, 2.0), (14.5, 13.4, 2.0), "CHÀO MỪNG NGÀY NHÀ GIÁO VIỆT NAM 20-11", 0.75)
    wires(
        stage,
        [(-46, 12.2, 9.0), pole(stage, -12.5, 12.4, 9.0, 180), pole(stage, 16.0, 12.2, 9.0, 180, True), (52, 12, 9)],
        4,
        6,
    )
    for i, (x, paint) in enumerate(((6.4, (60, 60, 64)), (7.5, (46, 46, 140)), (8.6, (190, 192, 196)))):
        stage.solid(placed(motorbike(paint), (x, 12.3, 0), 20 + 4 * i, 8))
    stage.solid(placed(bicycle((140, 80, 40), None), (-5.0, 12.6, 0), 80, 6))
    stall(stage, -9.2, 12.2, 6, 14, ((60, 60, 205), (225, 228, 230)))
    bin_green(stage, 5.2, 12.8)
    person(stage, 2.9, 12.7, 190, Dress((170, 120, 60), (70, 50, 40), "cap", (120, 60, 30)))
    for i, x in enumerate((-3.9, 5.4)):
        pot(stage, x, 13.0, i + 2, 1.1)


# ---- 7: Trạm y tế -------------------------------------------------------------------------------------------------

CLINIC_LENS = Lens(x_m=-5.0, height_m=4.6, yaw_deg=14, pitch_deg=15, fov_deg=78)
CLINIC_LIGHT = Daylight(sun_deg=250)
CLINIC_WAYS: dict[str, Way] = {
    "tây sang đông": way((-20.0, 5.6), (16.0, 5.6)),
    "đông sang tây": way((18.0, 7.4), (-20.0, 7.4)),
    "vào trạm": way((-16.0, 8.2), (-3.5, 8.4), (-0.8, 10.5), (0.2, 15.0), (0.5, 24.6)),
    "ra trạm": way((0.9, 24.6), (0.6, 15.0), (1.0, 10.4), (4.0, 8.2), (18.0, 7.9)),
    "trong sân": way((12.0, 21.0), (6.0, 19.0), (0.8, 20.0), (-10.0, 21.5), (-17.0, 21.5)),
}


def clinic() -> Backdrop:
    """Draw the health station: a low white building with a red cross, a yard with a herb garden."""
    stage = Stage(CLINIC_LENS, CLINIC_LIGHT, HAZE, 280)
    stage.sky((204, 196, 182), (214, 224, 232), 35)
    stage.ground([(-200, -5), (200, -5), (200, 900), (-200, 900)], earth((118, 138, 148), (74, 116, 98), 0.2, 32))
    stage.ground([(-60, 4.0), (60, 4.0), (60, 8.9), (-60, 8.9)], concrete((152, 156, 158), 4.4, 23))
    stage.ground([(-10, 10.4), (15, 10.4), (15, 25), (-10, 25)], concrete((160, 164, 166), 2.5, 24))
    for i, x in enumerate((-9.0, 5.4)):
        stage.ground(
            [(x, 13.0), (x + 7.6, 13.0), (x + 7.6, 18.0), (x, 18.0)], earth((86, 104, 116), (66, 120, 92), 0.25, 33 + i)
        )
    woods(stage, 90, -100, 120, 11)
    for i, (x, y) in enumerate(((-32, 34), (26, 32))):
        cottage(stage, Plot(x, y), (11, 7, 3.2), (186, 206, 214), (66, 78, 150), i + 11)
    tree(stage, "crown", -17, 30, 9, 2)
    tree(stage, "palm", 20, 31, 9.5, 2)
    tree(stage, "areca", 17.5, 28, 8.5, 4)
    _station(stage)
    _clinic_front(stage)
    return stage.finish()


def _station(stage: Stage) -> None:
    plot, w, d, high = Plot(-11, 26), 24.0, 8.0, 4.0
    white: Colour = (204, 216, 218)
    wall = plaster(w, high, white, 9, 0.5)
    rect(wall, (0, high - 1.0, w, 1.0), (150, 172, 130))
    for i in range(8):
        x = i * 3.0
        if i in (3, 6):
            rect(wall, (x + 0.7, high - 2.4, 1.5, 2.4), (110, 130, 120))
            rect(wall, (x + 0.8, high - 2.3, 0.62, 2.2), (92, 100, 96))
            rect(wall, (x + 1.5, high - 2.3, 0.62, 2.2), (84, 92, 88))
        else:
            window(wall, (x + 0.7, high - 2.4, 1.5, 1.3), (190, 198, 200), 3)
    stage.shade(plot.corners(-1, -2.5, w + 1, 1), 0.3, 1.2)
    block(stage, plot, (0, 0, 0, w, d, high), solid_texture(wall), solid_texture(plaster(d, high, white, 10, 0.8)))
    roof = corrugated(w + 1.6, 6, (120, 112, 66), 9, 0.1)
    stage.face(plot.at(-0.8, 4, high + 1.9), plot.way(w + 1.6, 0), plot.way(0, -6.2, -2.1), roof)
    stage.face(plot.at(-0.8, -2.2, high - 0.2), plot.way(w + 1.6, 0), (0, 0, -0.2), flat((110, 104, 70)), 0.9)
    for u in np.linspace(0.4, w - 0.4, 8).tolist():
        post(stage, plot.at(u, -1.9), high - 0.35, 0.13, (210, 216, 218))
    sign = board(9.5, 1.2, (110, 130, 20), (("TRẠM Y TẾ XÃ TÂN LẬP", WHITE, 0.8),), (240, 240, 240))
    stage.face(plot.at(7.0, -2.35, high + 1.15), plot.way(9.5, 0), (0, 0, -1.2), sign, 1.0)
    cross = np.full((80, 80, 3), 240, np.uint8)
    cv2.rectangle(cross, (30, 10), (50, 70), (40, 40, 210), -1)
    cv2.rectangle(cross, (10, 30), (70, 50), (40, 40, 210), -1)
    stage.face(plot.at(5.4, -2.35, high + 1.25), plot.way(1.4, 0), (0, 0, -1.4), cross, 1.0)
    flag(stage, -6.2, 22.0, 6.8, 1.2)


def _clinic_front(stage: Stage) -> None:
    fence(stage, Plot(-26, 10.0), 24.2, 1.5, (196, 210, 214), (150, 176, 130), 6)
    fence(stage, Plot(2.6, 10.0), 18.0, 1.5, (196, 210, 214), (150, 176, 130), 7)
    for x in (-1.8, 2.6):
        post(stage, (x, 10.0, 0), 2.7, 0.32, (150, 176, 130))
    plate = board(
        2.2,
        1.2,
        (235, 238, 238),
        (("TRẠM Y TẾ", (40, 40, 190), 0.42), ("Cấp cứu: 115", (110, 60, 20), 0.34)),
        (40, 40, 190),
    )
    stage.face((-5.6, 9.9, 1.95), (2.0, 0, 0), (0, 0, -1.1), plate, 1.0)
    rng = np.random.default_rng(12)
    for x0 in (-8.6, 5.8):
        for y in (17.4, 16.2, 15.0, 13.8):
            bushes(stage, Plot(x0, y), 6.6, 0.45 + 0.25 * float(rng.random()), int(y) % 4, None)
    stage.solid(placed(car((214, 218, 220)), (10.6, 21.4, 0), 262))
    for i, (x, paint) in enumerate(((-8.2, (60, 60, 64)), (-7.2, (150, 90, 40)), (-6.2, (196, 198, 200)))):
        stage.solid(placed(motorbike(paint), (x, 21.8, 0), 170 + 4 * i, 8))
    bench(stage, Plot(-3.6, 22.6))
    person(stage, -2.6, 22.75, 180, Dress((150, 120, 160), (70, 56, 50)), True)
    bench(stage, Plot(4.2, 22.6))
    bin_green(stage, 3.6, 9.2)
    wires(
        stage,
        [(-44, 9.4, 8.5), pole(stage, -13.5, 9.3, 8.5, 180), pole(stage, 13.5, 9.3, 8.5, 180), (44, 9.4, 8.5)],
        6,
        6,
    )
    tree(stage, "round", -11.5, 13.5, 4.6, 3)
    tree(stage, "round", 14.5, 14.0, 4.8, 4)
    pot(stage, -1.3, 23.6, 2, 1.1)
    pot(stage, 2.6, 23.6, 4, 1.1)
    banner(stage, (-9.6, 25.0, 3.4), (-4.4, 25.0, 3.4), "VÌ SỨC KHỎE NHÂN DÂN", 0.6)


# ---- 8: Nhà văn hóa thôn ------------------------------------------------------------------------------------------

HALL_LENS = Lens(x_m=6.0, height_m=5.4, yaw_deg=-16, pitch_deg=16, fov_deg=80)
HALL_LIGHT = Daylight(sun_deg=245)
HALL_WAYS: dict[str, Way] = {
    "qua sân": way((16.0, 9.0), (6.0, 11.0), (-4.0, 15.0), (-9.0, 24.6)),
    "ra về": way((-6.4, 24.6), (-3.0, 17.0), (4.0, 11.0), (16.0, 7.6)),
    "đường thôn": way((-22.0, 6.2), (19.0, 5.4)),
    "đường thôn về": way((19.0, 7.0), (-22.0, 7.8)),
    "đi dạo": way((13.0, 24.0), (6.0, 22.0), (0.0, 20.5), (-8.0, 21.5), (-26.0, 22.0)),
}


def hall() -> Backdrop:
    """Draw the house of culture: five bays under red tiles, a wide paved yard, an old tree, a net."""
    stage = Stage(HALL_LENS, HALL_LIGHT, HAZE, 280)
    stage.sky((202, 194, 182), (214, 224, 232), 39, 0.8)
    stage.ground([(-200, -5), (200, -5), (200, 900), (-200, 900)], earth((118, 138, 148), (76, 118, 100), 0.05, 34))
    stage.ground([(-60, 3.4), (60, 3.4), (60, 8.6), (-60, 8.6)], concrete((154, 158, 160), 4.0, 25))
    stage.ground([(-22, 9.0), (14, 9.0), (14, 27), (-22, 27)], tiles((104, 124, 178), (116, 136, 186), 0.6, 35))
    white = paint_on((210, 214, 214), 0.45, (110, 130, 182))
    for x0, y0, x1, y1 in (
        (-13, 12, 4, 12.08),
        (-13, 20, 4, 20.08),
        (-13, 12, -12.92, 20),
        (3.92, 12, 4, 20),
        (-4.54, 12, -4.46, 20),
    ):
        stage.ground([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], white)
    woods(stage, 100, -130, 110, 12)
    cottage(stage, Plot(16, 27, -30), (10, 7, 3.2), (190, 204, 206), (66, 78, 150), 13)
    tube_house(stage, Plot(-44, 30), House((176, 200, 216), 5, floors=2, ground="gate", seed=15))
    tree(stage, "palm", -33, 31, 10, 1)
    tree(stage, "crown", -27.5, 33, 9, 3)
    _culture(stage)
    _hall_yard(stage)
    return stage.finish()


def _culture(stage: Stage) -> None:
    plot, w, d, high = Plot(-20.0, 27.5), 22.0, 9.0, 4.4
    cream: Colour = (160, 206, 228)
    wall = plaster(w, high, cream, 14, 0.5)
    for i in range(7):
        x = i * w / 7
        if i in (2, 3, 4):
            rect(wall, (x + 0.55, high - 3.0, 2.0, 3.0), (52, 78, 116))
            for k in range(4):
                rect(wall, (x + 0.6 + 0.49 * k, high - 2.9, 0.42, 2.7), (62, 92, 132))
        else:
            window(wall, (x + 0.7, high - 2.7, 1.7, 1.6), (58, 88, 128), 3)
        rect(wall, (x - 0.18, 0, 0.36, high), (180, 216, 232))
    stage.shade(plot.corners(-1, -2.6, w + 1, 1), 0.32, 1.3)
    block(stage, plot, (0, 0, 0, w, d, high), solid_texture(wall), solid_texture(plaster(d, high, cream, 15, 0.8)))
    tile = roof_tiles(w + 1.6, 7, (62, 78, 162), 15)
    stage.face(plot.at(-0.8, 4.5, high + 2.5), plot.way(w + 1.6, 0), plot.way(0, -6.2, -2.8), tile)
    stage.face(plot.at(-0.8, -1.7, high - 0.3), plot.way(w + 1.6, 0), (0, 0, -0.16), flat((70, 84, 120)), 0.8)
    for u in np.linspace(0.3, w - 0.3, 8).tolist():
        post(stage, plot.at(u, -1.4), high - 0.4, 0.17, (186, 218, 232))
    gable_sign = board(9.4, 1.35, RED, (("NHÀ VĂN HÓA THÔN ĐÔNG", YELLOW, 0.8),), (60, 220, 250))
    stage.face(plot.at(6.3, -1.9, high + 1.2), plot.way(9.4, 0), (0, 0, -1.35), gable_sign, 1.0)
    for u in (5.8, 16.2):
        at = plot.at(u, -1.9)
        flag(stage, at[0], at[1], high + 2.6, 1.0, foot_m=high)
    banner(stage, plot.at(0.6, -1.7, 3.7), plot.at(5.8, -1.7, 3.7), "ĐẢNG CỘNG SẢN VIỆT NAM QUANG VINH MUÔN NĂM", 0.6)
    banner(stage, plot.at(16.2, -1.7, 3.7), plot.at(21.4, -1.7, 3.7), "NƯỚC CHXHCN VIỆT NAM MUÔN NĂM", 0.6)


def _hall_yard(stage: Stage) -> None:
    for x in (-4.5, -4.5):
        stage.line([(x, 11.4, 0), (x, 11.4, 2.4)], 0.07, (150, 154, 156))
    net = np.zeros((40, 300, 4), np.uint8)
    net[::5], net[:, ::5] = (230, 232, 232, 210), (230, 232, 232, 210)
    stage.line([(-4.5, 20.6, 0), (-4.5, 20.6, 2.4)], 0.07, (150, 154, 156))
    stage.face((-4.5, 20.6, 2.35), (0, -9.2, 0), (0, 0, -0.9), net, 0.9, hides=False)
    tree(stage, "dark", 10.5, 20.0, 9.5, 6)
    ring = [Tube((10.5, 20.0, 0), (10.5, 20.0, 0.5), (1.5, 1.5), (1.5, 1.5), (150, 160, 170), 12)]
    stage.solid(placed(built(ring), (0, 0, 0)))
    _exercise(stage)
    for x, y, turn in ((-16.0, 24.4, 0.0), (-19.5, 24.4, 0.0), (7.6, 24.6, 0.0)):
        bench(stage, Plot(x, y, turn))
    person(stage, 8.6, 24.7, 185, Dress((120, 110, 90), (60, 56, 52), "cap", (60, 70, 60)), True)
    fence(stage, Plot(-40, 9.0), 15.0, 1.4, (190, 206, 212), (120, 150, 190), 8)
    bushes(stage, Plot(-24.0, 9.2), 10.0, 0.8, 1, (90, 90, 225))
    sign_post(stage, 8.6, 10.4, _notice(), (2.0, 1.2), 1.0, -24)
    for i, (x, paint) in enumerate(((-13.6, (60, 60, 64)), (-12.6, (46, 46, 130)), (-11.6, (150, 96, 50)))):
        stage.solid(placed(motorbike(paint), (x, 23.8, 0), 165 + 5 * i, 8))
    wires(
        stage,
        [(-48, 8.8, 8.6), pole(stage, -14.5, 8.9, 8.6, 180, True), pole(stage, 11.5, 8.8, 8.6, 180), (46, 8.8, 8.6)],
        2,
        6,
    )
    bin_green(stage, 5.6, 9.4)


def _notice() -> Picture:
    notice = np.full((120, 200, 3), (226, 230, 230), np.uint8)
    notice[:34] = (150, 70, 20)
    lettered(notice, "BẢNG TIN THÔN", (0.06, 0.05, 0.94, 0.26), YELLOW)
    for i in range(4):
        x = 12 + 46 * i
        notice[46:108, x : x + 38] = (248, 248, 246)
        for y in range(54, 102, 6):
            notice[y : y + 2, x + 5 : x + 33 - (y * 7 + i * 5) % 11] = (150, 150, 150)
    return notice


def _exercise(stage: Stage) -> None:
    blue, yellow = (170, 110, 30), (50, 200, 240)
    tubes: list[Tube] = []
    for x in (-9.0, -6.8):
        tubes += [
            rod((x, 24.6, 0), (x, 24.6, 2.3), 0.05, blue),
            rod((x + 1.2, 24.6, 0), (x + 1.2, 24.6, 2.3), 0.05, blue),
            rod((x, 24.6, 2.25), (x + 1.2, 24.6, 2.25), 0.04, yellow),
        ]
    tubes.append(box((-4.2, 24.6, 0.5), (0.35, 0.1, 0.04), yellow))
    tubes.append(rod((-4.2, 24.6, 0), (-4.2, 24.6, 1.3), 0.05, blue))
    stage.solid(built(tubes))
