"""The market, and the bridge."""

import numpy as np

from camtool.media.commune.draw import Daylight
from camtool.media.commune.grain import Map
from camtool.media.commune.houses import (
    RED,
    WHITE,
    YELLOW,
    House,
    Plot,
    board,
    cottage,
    flat,
    post,
    railing,
    tube_house,
)
from camtool.media.commune.lens import Lens
from camtool.media.commune.moves import Way, way
from camtool.media.commune.paint import (
    asphalt,
    concrete,
    corrugated,
    earth,
    paddy,
    paint_on,
    plaster,
    solid_texture,
    water,
)
from camtool.media.commune.people import Dress
from camtool.media.commune.solid import Colour, built, placed, rod
from camtool.media.commune.stage import Backdrop, Stage
from camtool.media.commune.street import (
    bin_green,
    bushes,
    disc,
    flag,
    heap,
    person,
    pole,
    sign_post,
    stall,
    tree,
    wires,
    woods,
)
from camtool.media.commune.vehicles import bicycle, motorbike

HAZE = (208, 210, 206)

# ---- 3: Chợ -------------------------------------------------------------------------------------------------------

MARKET_LENS = Lens(height_m=5.4, yaw_deg=0, pitch_deg=17, fov_deg=78)
MARKET_LIGHT = Daylight(sun_deg=240)
# Where the bike of the story is parked: x, y, heading.
SPOT = (3.1, 9.6, 60.0)
# Where one gets on and off it: figures.BESIDE, turned by that heading.
BESIDE_SPOT = (2.72, 10.02)
MARKET_WAYS: dict[str, Way] = {
    "tây sang đông": way((-14.0, 4.6), (15.0, 4.6)),
    "đông sang tây": way((15.0, 6.6), (-14.0, 6.6)),
    "vào chợ": way((-12.0, 8.0), (-4.0, 8.6), (-0.5, 12.5), (-0.3, 30.0)),
    "ra chợ": way((0.5, 30.0), (0.2, 13.0), (-3.0, 8.9), (-12.0, 8.3)),
    "dọc hàng": way((13.0, 12.9), (6.5, 12.6), (2.4, 13.6), (0.2, 17.0), (0.1, 30.0)),
    "chủ xe đến": way((-14.0, 4.8), (-4.0, 5.0), (-0.8, 7.35), (1.0, 8.39), SPOT[:2]),
    "chủ xe vào chợ": way(BESIDE_SPOT, (1.6, 12.2), (0.3, 16.0), (0.2, 30.0)),
    "kẻ trộm đến": way((-12.0, 8.2), (-5.0, 8.8), (0.4, 10.6), BESIDE_SPOT),
    "kẻ trộm đi": way(SPOT[:2], (5.4, 10.92), (7.4, 9.6), (8.6, 6.2), (16.0, 4.9)),
}


def market() -> Backdrop:
    """Draw the market: an open hall, stalls under umbrellas, parked bikes, the road in front."""
    stage = Stage(MARKET_LENS, MARKET_LIGHT, HAZE, 300)
    stage.sky((206, 198, 186), (214, 224, 232), 12)
    stage.ground([(-200, -5), (200, -5), (200, 900), (-200, 900)], earth((122, 140, 150), (80, 116, 100), -0.3, 24))
    stage.ground([(-40, 7.6), (40, 7.6), (40, 40), (-40, 40)], concrete((150, 156, 160), 3.0, 15))
    stage.ground([(-60, -2), (60, -2), (60, 7.6), (-60, 7.6)], asphalt((120, 120, 119), 7, 90, (-3.0, -5.8)))
    stage.ground([(-60, 7.45), (60, 7.45), (60, 7.6), (-60, 7.6)], paint_on((190, 194, 196), 0.5, (140, 144, 146)))
    woods(stage, 120, -120, 120, 12)
    _behind_market(stage)
    _hall(stage, Plot(-11.0, 21.0), 22.0, 15.0)
    _market_gate(stage)
    _stalls(stage)
    _market_things(stage)
    return stage.finish()


def _behind_market(stage: Stage) -> None:
    for i, x in enumerate((-36, -31, -25.5, -20.8)):
        tube_house(
            stage,
            Plot(x, 27),
            House(
                ((168, 196, 214), (200, 206, 184), (160, 190, 222), (206, 204, 196))[i],
                4.7,
                floors=2 + i % 2,
                ground="gate",
                seed=i + 31,
            ),
        )
    for i, x in enumerate((15.5, 20.3, 25.2, 30.0)):
        tube_house(
            stage,
            Plot(x, 25),
            House(
                ((196, 206, 186), (160, 192, 224), (176, 206, 216), (200, 200, 196))[i],
                4.7,
                floors=3 - i % 2,
                ground=("shop", "gate")[i % 2],
                sign=("TẠP HÓA", "", "MAY MẶC", "")[i],
                awning=((60, 60, 200), None, (150, 80, 30), None)[i],
                seed=i + 41,
            ),
        )
    tree(stage, "crown", -15.0, 30, 9.0, 1)
    tree(stage, "dark", 13.2, 33, 9.5, 2)
    tree(stage, "areca", -17.0, 26, 8.0, 3)


def _hall(stage: Stage, plot: Plot, w: float, d: float) -> None:
    """Build an open hall: posts, a long iron roof with a lantern, dim stalls inside."""
    stage.shade(plot.corners(-0.5, -0.8, w + 0.5, d), 0.55, 1.5)
    dim = solid_texture(_inside(w))
    stage.face(plot.at(0, d * 0.75, 3.4), plot.way(w, 0), (0, 0, -3.4), dim, 0.9)
    for row, v in enumerate((5.0, 1.8)):
        for i, u in enumerate(np.arange(1.5, w - 1, 3.2).tolist()):
            if abs(u - w / 2) > 1.6:
                at = plot.at(u, v)
                stall(stage, at[0], at[1], 0, i + 7 * row, None, seller=i % 2 == row)
    for u in np.linspace(0.1, w - 0.1, 7).tolist():
        for v in (7.0, 0.0):
            post(stage, plot.at(u, v), 3.5, 0.13, (150, 158, 160))
    sheet = corrugated(w + 1.6, 5.0, (168, 128, 92), 5, 0.5)
    stage.face(plot.at(-0.8, 4.6, 5.6), plot.way(w + 1.6, 0), plot.way(0, -5.6, -2.15), sheet)
    stage.face(plot.at(-0.8, -1.0, 3.45), plot.way(w + 1.6, 0), (0, 0, -0.22), flat((120, 110, 96)), 0.9)
    lantern = corrugated(w * 0.8, 2.0, (150, 116, 88), 6, 0.6)
    stage.face(plot.at(w * 0.1, 7.0, 6.6), plot.way(w * 0.8, 0), plot.way(0, -2.6, -0.8), lantern)
    stage.face(plot.at(w * 0.1, 4.5, 5.9), plot.way(w * 0.8, 0), (0, 0, -0.5), flat((88, 92, 92)), 0.8)


def _inside(w: float) -> Map:
    wall = plaster(w, 3.4, (92, 96, 98), 3, 1.0)
    rng = np.random.default_rng(8)
    for x in np.arange(0.2, w - 1.2, 1.35).tolist():  # shelves and hung goods, out of focus
        colour = rng.uniform(60, 170, 3)
        x0, y0 = round(x * 48), round(float(rng.uniform(0.6, 1.2)) * 48)
        wall[y0 : y0 + round(float(rng.uniform(0.8, 1.6)) * 48), x0 : x0 + 52] = colour * 0.7
    return wall


def _market_gate(stage: Stage) -> None:
    for x in (-3.2, 3.2):
        post(stage, (x, 17.5, 0), 4.2, 0.28, (120, 190, 214))
    sign = board(7.2, 1.15, RED, (("CHỢ TÂN LẬP", YELLOW, 0.9),), (60, 220, 250))
    stage.face((-3.6, 17.2, 5.2), (7.2, 0, 0), (0, 0, -1.15), sign, 1.0)
    stage.face((-3.6, 17.9, 5.2), (7.2, 0, 0), (0, -0.7, 0), flat((70, 70, 160)), 0.9)
    for x in (-3.2, 3.2):
        flag(stage, x, 17.5, 6.7, 0.9, (0.85, -0.3), 5.1)


def _stalls(stage: Stage) -> None:
    red, blue, green = (
        ((60, 60, 205), (225, 228, 230)),
        ((170, 100, 40), (225, 228, 230)),
        ((80, 140, 70), (60, 205, 235)),
    )
    for i, (x, y, turn, cover) in enumerate(
        (
            (-11.8, 15.6, 12, blue),
            (-8.4, 15.2, 4, red),
            (-5.6, 16.0, -6, green),
            (6.8, 15.6, 4, red),
            (9.9, 15.2, -8, green),
            (13.2, 14.6, -14, blue),
        )
    ):
        stall(stage, x, y, turn, i + 3, cover)
    stall(stage, 10.4, 12.0, -12, 21, None)
    for x, y, colour in ((5.2, 14.0, (60, 120, 200)), (-7.0, 13.4, (70, 150, 80)), (-6.3, 13.2, (50, 100, 205))):
        heap(stage, x, y, 0.42, colour, 0.35)


def _market_things(stage: Stage) -> None:
    paints: list[Colour] = [(52, 52, 56), (150, 90, 40), (60, 60, 64), (196, 198, 200), (46, 50, 120), (90, 86, 80)]
    for i, paint in enumerate(paints):
        stage.solid(placed(motorbike(paint), (-9.6 + 1.02 * i, 10.9 - 0.05 * i, 0), 18 + 3 * (i % 3), 8))
    stage.solid(placed(bicycle((120, 70, 40), None), (-3.2, 10.5, 0), 24, 6))
    person(stage, -10.8, 11.8, 130, Dress((120, 150, 110), (60, 52, 48), "cap", (60, 60, 60)), True)
    wires(
        stage,
        [(-46, 9.5, 9.0), pole(stage, -13.0, 12.6, 9.0, 150, True), pole(stage, 14.6, 12.0, 9.0, 200), (46, 10, 9.0)],
        8,
        9,
    )
    bin_green(stage, 9.0, 11.0, 10)
    price = board(1.6, 0.9, (235, 238, 238), (("TRÔNG XE", (160, 50, 30), 0.5), ("5.000 Đ", (40, 40, 190), 0.42)))
    sign_post(stage, -11.3, 10.6, price, (1.1, 0.62), 1.3)


# ---- 5: Cầu -------------------------------------------------------------------------------------------------------

BRIDGE_LENS = Lens(x_m=-3.6, height_m=6.0, yaw_deg=9, pitch_deg=15, fov_deg=80)
BRIDGE_LIGHT = Daylight(sun_deg=265)
BRIDGE_WAYS: dict[str, Way] = {
    "đi ra": way((1.7, -3.0), (1.7, 120.0)),
    "đi vào": way((-1.3, 120.0), (-1.3, -3.0)),
    "bộ hành ra": way((3.0, 0.5), (2.75, 14.0), (2.7, 75.0)),
    "bộ hành vào": way((-2.5, 75.0), (-2.4, 16.0), (-2.6, 3.0)),
}
BANK_M, FAR_BANK_M, WATER_M = 12.0, 46.0, -3.2


def bridge() -> Backdrop:
    """Draw the bridge: a narrow concrete deck over a silty river, fields and palms beyond."""
    stage = Stage(BRIDGE_LENS, BRIDGE_LIGHT, HAZE, 320)
    stage.sky((200, 196, 188), (214, 224, 232), 17, 0.8)
    stage.ground([(-900, FAR_BANK_M), (900, FAR_BANK_M), (900, 1500), (-900, 1500)], paddy())
    stage.ground(
        [(-300, -5), (300, -5), (300, BANK_M), (-300, BANK_M)], earth((116, 138, 152), (72, 122, 100), 0.2, 27)
    )
    stage.ground(
        [(-500, BANK_M + 4), (500, BANK_M + 4), (500, FAR_BANK_M + 2), (-500, FAR_BANK_M + 2)], water(), WATER_M
    )
    _banks(stage)
    woods(stage, 190, -240, 280, 12)
    _far_side(stage)
    _deck(stage)
    _bridge_things(stage)
    return stage.finish()


def _banks(stage: Stage) -> None:
    rng = np.random.default_rng(4)
    slope = solid_texture(
        np.clip(
            np.array((84, 120, 112), np.float32) * (1 + 0.12 * rng.standard_normal((60, 900, 1), np.float32)), 0, 255
        )
    )
    stage.face((-300, FAR_BANK_M, 0), (600, 0, 0), (0, -4, WATER_M), slope, 0.85, hides=False)
    stage.face((-300, BANK_M, 0), (600, 0, 0), (0, 4, WATER_M), slope, 0.8, hides=False)
    for i, x in enumerate(np.arange(-90, 110, 9).tolist()):
        if abs(x) > 6:
            bushes(stage, Plot(x, FAR_BANK_M + 0.5), 8.0, 1.8, i % 4)


def _far_side(stage: Stage) -> None:
    cottage(stage, Plot(18, 66), (11, 7, 3.2), (196, 208, 206), (66, 78, 150), 3)
    cottage(stage, Plot(-34, 72), (12, 7, 3.2), (180, 204, 220), (150, 120, 92), 4, iron=True)
    for i, (kind, x, y, h) in enumerate(
        (
            ("palm", 14, 56, 9),
            ("palm", 31, 60, 10),
            ("crown", 34, 70, 9),
            ("palm", -12, 54, 9.5),
            ("crown", -18, 64, 8),
            ("banana", 12, 60, 4),
            ("areca", -24, 60, 9),
            ("round", -42, 66, 7),
            ("crown", 52, 80, 10),
            ("palm", -58, 70, 10),
        )
    ):
        tree(stage, kind, x, y, h, i % 5)


def _deck(stage: Stage) -> None:
    stage.ground(
        [(-3.6, FAR_BANK_M), (3.6, FAR_BANK_M), (2.6, 400), (-2.6, 400)], asphalt((126, 126, 124), 5, 0, (-1.3, 1.7))
    )
    stage.ground([(-4.6, -3), (4.6, -3), (3.6, BANK_M), (-3.6, BANK_M)], asphalt((120, 121, 120), 6, 0, (-1.3, 1.7)))
    side = solid_texture(plaster(12, 0.9, (150, 154, 154), 4, 1.4))
    for x in (-3.5, 3.5):
        stage.face((x, BANK_M - 1, 0), (0, FAR_BANK_M - BANK_M + 2, 0), (0, 0, -0.9), side)
    for y in (20.0, 29.0, 38.0):
        for x in (-2.6, 2.6):
            stage.face((x - 0.4, y, -0.8), (0.8, 0, 0), (0, 0, WATER_M + 0.8), flat((120, 126, 128)), 0.8)
    stage.ground(
        [(-3.5, BANK_M - 1), (3.5, BANK_M - 1), (3.5, FAR_BANK_M + 1), (-3.5, FAR_BANK_M + 1)],
        concrete((150, 154, 156), 5.7, 17),
    )
    for x in (-3.5, 3.05):
        stage.ground(
            [(x, BANK_M - 1), (x + 0.45, BANK_M - 1), (x + 0.45, FAR_BANK_M + 1), (x, FAR_BANK_M + 1)],
            concrete((172, 176, 178), 2.8, 18),
            0.15,
        )
    for y in np.arange(14, 44, 5).tolist():
        stage.ground(
            [(0.14, y), (0.26, y), (0.26, y + 2), (0.14, y + 2)], paint_on((200, 204, 206), 0.5, (150, 154, 156))
        )
    bars = railing(FAR_BANK_M - BANK_M + 2, 0.85, (196, 200, 204), 0.22, 26)
    for x in (-3.4, 3.4):
        stage.face((x, BANK_M - 1, 1.05), (0, FAR_BANK_M - BANK_M + 2, 0), (0, 0, -0.9), bars)
        for i, y in enumerate(np.arange(FAR_BANK_M + 1, BANK_M - 1.5, -3.5).tolist()):
            post(stage, (x, y, 0.0), 1.1, 0.13, (60, 60, 190) if i % 2 else (222, 226, 228))


def _bridge_things(stage: Stage) -> None:
    name = board(2.4, 0.8, (150, 70, 20), (("CẦU TÂN LẬP", WHITE, 0.7),), (240, 240, 240))
    sign_post(stage, 4.9, 11.0, name, (2.0, 0.66), 1.7, -4)
    sign_post(stage, -4.5, 11.5, disc("limit50"), (0.7, 0.7), 1.7)
    wires(
        stage,
        [
            (7.5, -16, 9),
            pole(stage, 7.2, 9.0, 9.0, 270),
            pole(stage, 6.4, 49, 9.0),
            pole(stage, 5.6, 86, 9.0),
            (5.2, 125, 9),
        ],
        5,
        5,
    )
    bushes(stage, Plot(5.4, 10.6), 9.0, 0.9, 2)
    bushes(stage, Plot(-14.0, 10.4), 8.5, 0.9, 3)
    tree(stage, "banana", 10.2, 9.4, 3.2, 3)
    tree(stage, "crown", -9.5, 10.8, 5.6, 3)
    boat = built(
        [
            rod((-1.6, 0, 0.2), (1.6, 0, 0.2), 0.28, (70, 86, 100), 6),
            rod((-1.4, 0, 0.42), (1.4, 0, 0.42), 0.20, (40, 46, 52), 6),
        ]
    )
    stage.solid(placed(boat, (13.5, 33.0, WATER_M), 20))
    stage.solid(placed(boat, (-12.0, 37.0, WATER_M), -30))
