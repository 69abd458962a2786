"""The main road through the village, and the crossroads with the road to the next communes."""

import numpy as np

from camtool.media.commune.draw import Daylight
from camtool.media.commune.houses import RED, WHITE, YELLOW, House, Plot, board, stencilled, tube_house
from camtool.media.commune.lens import Lens
from camtool.media.commune.moves import Way, way
from camtool.media.commune.paint import asphalt, concrete, earth, paint_on
from camtool.media.commune.people import Dress
from camtool.media.commune.solid import Colour, placed
from camtool.media.commune.stage import Backdrop, Stage
from camtool.media.commune.street import (
    banner,
    bench,
    bin_green,
    bushes,
    disc,
    flag,
    mirror,
    person,
    pole,
    pot,
    sign_post,
    table,
    tree,
    wires,
    woods,
)
from camtool.media.commune.vehicles import motorbike

HAZE = (208, 208, 204)
SIGNS: tuple[tuple[Colour, tuple[int, int, int]], ...] = (
    ((150, 60, 30), WHITE),
    ((40, 40, 190), YELLOW),
    ((60, 110, 40), WHITE),
    ((50, 205, 240), (40, 40, 160)),
    ((225, 228, 228), (150, 50, 30)),
)

# ---- 6: Đường trục chính ------------------------------------------------------------------------------------------

MAIN_LENS = Lens(x_m=4.6, height_m=5.6, yaw_deg=-13, pitch_deg=15, fov_deg=80)
MAIN_LIGHT = Daylight(sun_deg=235)
MAIN_WAYS: dict[str, Way] = {
    "đi ra": way((-1.9, 110.0), (-2.0, -3.0)),
    "đi vào": way((1.9, -3.0), (2.0, 110.0)),
    "vỉa hè trái": way((-5.0, -1.0), (-5.0, 24.0), (-5.1, 60.0)),
    "vỉa hè phải": way((5.0, 62.0), (4.9, 30.0), (5.2, 3.0)),
    "sang đường": way((-6.9, 17.0), (-4.5, 16.0), (0.0, 17.5), (4.8, 20.0), (5.2, 44.0)),
}


def main() -> Backdrop:
    """Draw the main road: shops and tube houses on both sides."""
    stage = Stage(MAIN_LENS, MAIN_LIGHT, HAZE, 260)
    stage.sky((204, 194, 180), (214, 224, 232), 5)
    stage.ground([(-200, -5), (200, -5), (200, 900), (-200, 900)], earth((120, 140, 150), (80, 116, 100), -0.1))
    stage.ground([(-7.2, -2), (7.2, -2), (7.2, 150), (-7.2, 150)], concrete((152, 158, 162), 1.2))
    stage.ground([(-4.2, -2), (4.2, -2), (4.2, 400), (-4.2, 400)], asphalt((122, 122, 120), 1, 0, (-2.0, 2.0)))
    for y in range(2, 90, 6):
        stage.ground([(-0.06, y), (0.06, y), (0.06, y + 2.6), (-0.06, y + 2.6)], paint_on((200, 204, 206), 0.4))
    for x in (-3.9, 3.9):
        stage.ground([(x - 0.06, 0), (x + 0.06, 0), (x + 0.06, 200), (x - 0.06, 200)], paint_on((196, 200, 202), 0.55))
    woods(stage, 140, -120, 120, 11)
    _rows(stage)
    _main_things(stage)
    return stage.finish()


def _rows(stage: Stage) -> None:
    left = [
        House((150, 190, 214), 4.6, floors=3, sign="TẠP HÓA", awning=(60, 60, 200), lamp=0.6),
        House((196, 206, 176), 4.2, floors=2, ground="gate"),
        House((176, 200, 212), 5.0, floors=3, sign="CÀ PHÊ GIẢI KHÁT", awning=(70, 110, 60), lamp=0.5),
        House((206, 200, 160), 4.0, floors=1, ground="roller", sign="SỬA XE - RỬA XE", awning=(140, 70, 30)),
        House((180, 214, 222), 4.5, floors=2, sign="THUỐC TÂY"),
        House((214, 206, 196), 4.5, floors=4, ground="roller"),
        House((160, 186, 226), 4.0, floors=2, ground="gate", roof="iron"),
        House((200, 216, 190), 5.0, floors=3, sign="ĐIỆN NƯỚC", awning=(150, 60, 40)),
        House((188, 196, 204), 4.5, floors=2, ground="gate"),
    ]
    right = [
        House((178, 188, 200), 4.5, floors=2, ground="gate", awning=(66, 120, 70)),
        House((200, 208, 180), 5.0, floors=3, sign="PHỞ - BÚN", lamp=0.7),
        House((150, 186, 222), 4.2, floors=2, sign="MAY MẶC", awning=(60, 60, 190)),
        House((214, 206, 196), 4.5, floors=4, ground="roller"),
        House((182, 212, 220), 4.5, floors=2, sign="ĐIỆN THOẠI", awning=(150, 80, 30)),
        House((206, 200, 164), 4.0, floors=1, ground="roller", roof="iron"),
        House((176, 200, 214), 5.0, floors=3, ground="gate"),
    ]
    plots = []
    y = 9.0
    for i, house in enumerate(left):
        plots.append((Plot(-7.4, y, 90), house, i + 1))
        y += house.width_m + (5 if i == 3 else 0.05)
    y = 15.5
    for i, house in enumerate(right):
        plots.append((Plot(7.4, y + house.width_m, -90), house, i + 21))
        y += house.width_m + (6 if i == 2 else 0.05)
    for plot, house, seed in sorted(plots, key=lambda p: -p[0].y_m):
        tube_house(stage, plot, _seeded(house, seed, SIGNS[seed % len(SIGNS)]))


def _seeded(house: House, seed: int, sign: tuple[Colour, tuple[int, int, int]]) -> House:
    return House(
        house.paint,
        house.width_m,
        house.depth_m,
        house.floors,
        house.ground,
        house.sign,
        sign,
        house.awning,
        seed,
        house.roof,
        house.lamp,
    )


def _main_things(stage: Stage) -> None:
    wires(stage, [pole(stage, -5.6, y, 8.6, 90, i == 1) for i, y in enumerate((8, 36, 64, 92))])
    wires(stage, [(6.8, -12, 8.6), *(pole(stage, 5.9, y, 8.6, -90) for y in (24, 52, 80))], 4)
    for i, y in enumerate((70, 44, 29)):
        tree(stage, "round", -6.1, y, 5.5, i)
    for i, y in enumerate((60, 38)):
        tree(stage, "crown", 6.4, y, 5.2, i + 4)
    sprayed = stencilled(3.4, 0.5, "KHOAN CẮT BÊ TÔNG", (96, 74, 60))
    stage.face((8.6, 15.44, 2.7), (3.4, 0, 0), (0, 0, -0.5), sprayed, 0.9, hides=False)
    bushes(stage, Plot(7.6, 13.5, 0), 6.0, 1.1, 5)
    tree(stage, "banana", 9.2, 12.6, 3.4, 2)
    tree(stage, "banana", 11.0, 13.4, 3.0, 5)
    bikes: list[tuple[float, float, Colour]] = [
        (-6.3, 12.0, (60, 60, 60)),
        (-6.3, 13.0, (150, 80, 40)),
        (-6.2, 22.1, (200, 200, 205)),
        (6.5, 21.0, (40, 40, 120)),
        (6.5, 22.0, (70, 70, 75)),
    ]
    for u, v, paint in bikes:
        stage.solid(placed(motorbike(paint), (u, v, 0), 70 if u < 0 else -60, 8))
    table(stage, -6.1, 19.4)
    person(stage, -6.8, 19.8, 100, Dress((120, 130, 90), (60, 50, 50)), True)
    bin_green(stage, -5.2, 27)
    pot(stage, 6.9, 17.0, 3)
    pot(stage, -6.9, 14.2, 4)
    flag(stage, -6.9, 14.6, 4.4, turn=(0.6, -0.8))
    flag(stage, 7.0, 26.0, 4.4, turn=(-0.6, -0.8))
    banner(stage, (-5.6, 36, 6.2), (5.9, 36.3, 6.2), "TOÀN DÂN THAM GIA BẢO VỆ AN NINH TỔ QUỐC", 0.8)


# ---- 2: Ngã tư đường liên xã --------------------------------------------------------------------------------------

CROSS_LENS = Lens(x_m=-3.0, height_m=7.0, yaw_deg=8, pitch_deg=19, fov_deg=84)
CROSS_LIGHT = Daylight(sun_deg=255)
CROSS_WAYS: dict[str, Way] = {
    "tây sang đông": way((-26.0, 14.3), (44.0, 14.3)),
    "đông sang tây": way((44.0, 18.2), (-26.0, 18.2)),
    "nam lên bắc": way((3.2, -2.0), (3.2, 110.0)),
    "bắc xuống nam": way((0.6, 110.0), (0.6, -2.0)),
    "bắc rẽ đông": way((0.6, 110.0), (0.6, 24.0), (0.8, 15.0), (8.0, 14.2), (44.0, 14.2)),
    "đi bộ bắc": way((-26.0, 21.4), (-3.5, 21.3), (5.6, 21.6), (40.0, 21.5)),
    "đi bộ đông": way((5.6, 1.5), (5.5, 10.0), (5.9, 22.0), (5.8, 60.0)),
}


def cross() -> Backdrop:
    """Draw the crossroads: two roads, corner shops, a convex mirror."""
    stage = Stage(CROSS_LENS, CROSS_LIGHT, HAZE, 280)
    stage.sky((202, 194, 182), (214, 224, 232), 9)
    stage.ground([(-300, -5), (300, -5), (300, 900), (-300, 900)], earth((118, 138, 150), (78, 118, 100), 0.05, 25))
    for corners in (((-60, 8.5), (80, 8.5), (80, 24), (-60, 24)), ((-3.4, -2), (7.2, -2), (7.2, 120), (-3.4, 120))):
        stage.ground(corners, concrete((154, 158, 160), 1.5, 13))
    road = asphalt((120, 121, 120), 3, 90, (-14.3, -18.2))
    stage.ground([(-120, 12), (160, 12), (160, 20.5), (-120, 20.5)], road)
    stage.ground([(-1.4, -2), (5.2, -2), (5.2, 300), (-1.4, 300)], asphalt((124, 124, 122), 4, 0, (0.5, 3.2)))
    for corner in (((-1.4, 12), (5.2, 12), (5.2, 20.5), (-1.4, 20.5)),):
        stage.ground(corner, asphalt((119, 120, 119), 3))
    _cross_paint(stage)
    woods(stage, 170, -160, 190, 13)
    _cross_houses(stage)
    _cross_things(stage)
    return stage.finish()


def _cross_paint(stage: Stage) -> None:
    white = paint_on((206, 208, 210), 0.35)
    for x in np.arange(-1.2, 5.2, 0.9).tolist():
        stage.ground([(x, 21.0), (x + 0.45, 21.0), (x + 0.45, 23.4), (x, 23.4)], white)
    for y in np.arange(12.3, 20.3, 0.9).tolist():
        stage.ground([(6.0, y), (8.4, y), (8.4, y + 0.45), (6.0, y + 0.45)], white)
    for x in (*range(-60, -4, 5), *range(10, 90, 5)):
        stage.ground([(x, 16.2), (x + 2.4, 16.2), (x + 2.4, 16.32), (x, 16.32)], white)
    for y in range(26, 90, 5):
        stage.ground([(1.85, y), (1.97, y), (1.97, y + 2.2), (1.85, y + 2.2)], white)
    for y in (1, 6):
        stage.ground([(1.85, y), (1.97, y), (1.97, y + 2.6), (1.85, y + 2.6)], white)


def _cross_houses(stage: Stage) -> None:
    back = [
        (Plot(-30.0, 25.5), House((170, 196, 214), 5, floors=2, ground="gate", seed=3)),
        (Plot(-24.9, 25.5), House((196, 204, 180), 5, floors=3, ground="roller", seed=4)),
        (Plot(-19.8, 25.5), House((150, 190, 220), 4.5, floors=2, sign="CẮT TÓC", awning=(150, 80, 30), seed=5)),
        (Plot(-15.2, 25.5), House((206, 206, 196), 4.6, floors=3, ground="gate", seed=6)),
        (
            Plot(-10.5, 25.5),
            House((170, 210, 222), 6.6, 9, 2, sign="VẬT LIỆU XÂY DỰNG", sign_colours=SIGNS[1], seed=7, lamp=0.4),
        ),
        (
            Plot(8.0, 25.5),
            House(
                (160, 192, 224),
                6.0,
                10,
                3,
                sign="CƠM BÌNH DÂN",
                sign_colours=SIGNS[3],
                awning=(60, 60, 200),
                seed=9,
                lamp=0.8,
            ),
        ),
        (Plot(14.1, 25.5), House((196, 208, 190), 4.5, floors=2, sign="ĐIỆN MÁY", sign_colours=SIGNS[0], seed=10)),
        (Plot(18.7, 25.5), House((214, 206, 190), 4.5, floors=2, ground="roller", awning=(70, 120, 70), seed=11)),
        (Plot(29.0, 26.0), House((180, 200, 210), 5.0, floors=3, ground="gate", seed=12)),
        (Plot(34.2, 26.0), House((160, 190, 214), 4.6, floors=1, ground="roller", roof="iron", seed=14)),
    ]
    for plot, house in (
        *((Plot(8.0, y, -90), House((176, 196, 206), 4.5, floors=2, ground="gate", seed=int(y))) for y in (58.0, 50.0)),
        *back,
    ):
        tube_house(stage, plot, house)
    for y in (44.0, 52.0, 61.0):
        tube_house(
            stage, Plot(-4.0, y, 90), House((190, 200, 196), 4.6, floors=2 + int(y) % 2, ground="roller", seed=int(y))
        )


def _cross_things(stage: Stage) -> None:
    north = [pole(stage, 6.4, 24.2, 9.0, 200, True), pole(stage, 6.6, 54, 9.0), pole(stage, 6.6, 84, 9.0)]
    wires(stage, north, 3)
    wires(
        stage,
        [(-48, 24.6, 9), pole(stage, -18, 24.6, 9.0, 180), north[0], pole(stage, 34, 24.6, 9.0, 180), (66, 24.6, 9)],
        6,
        8,
    )
    tree(stage, "crown", 25.8, 26.5, 6.5, 5)
    tree(stage, "round", -3.0, 33, 5.0, 2)
    tree(stage, "areca", 27.5, 28.0, 7.5, 2)
    mirror(stage, -3.0, 23.0)
    sign_post(stage, 6.2, 10.2, disc("crossing"), (0.9, 0.85), 2.0)
    name = board(2.6, 0.7, (150, 70, 20), (("ĐƯỜNG LIÊN XÃ", WHITE, 0.8),), (240, 240, 240))
    sign_post(stage, -4.6, 23.6, name, (2.2, 0.6), 2.2, 6)
    bikes: list[tuple[float, float, Colour]] = [
        (9.6, 24.3, (50, 50, 55)),
        (10.6, 24.3, (150, 90, 40)),
        (11.6, 24.4, (45, 45, 130)),
        (-7.4, 24.3, (190, 190, 195)),
    ]
    for x, y, paint in bikes:
        stage.solid(placed(motorbike(paint), (x, y, 0), 165, 8))
    table(stage, 12.6, 23.4)
    table(stage, 9.4, 22.9, (170, 90, 40))
    person(stage, 13.2, 23.8, 230, Dress((110, 110, 170), (60, 50, 50)), True)
    bin_green(stage, -5.6, 24.4)
    flag(stage, 8.3, 24.6, 4.6)
    bench(stage, Plot(-13.5, 24.4))
    banner(stage, (-24.8, 24.9, 4.0), (-20.2, 24.9, 4.0), "AN TOÀN GIAO THÔNG LÀ HẠNH PHÚC CỦA MỌI NHÀ", 0.7, RED)
