"""The cast: looks of the people and vehicles of the commune. None of them is anyone."""

from camtool.media.commune.figures import Figure
from camtool.media.commune.people import Dress
from camtool.media.commune.solid import Colour

WHITE: Colour = (222, 222, 224)
BLACK: Colour = (44, 44, 46)
NAVY: Colour = (96, 58, 36)
GREY: Colour = (128, 126, 124)

# The bike of the story: nobody else rides a red one.
RED: Colour = (34, 34, 196)
STOLEN_PAINT = RED
THIEF_DRESS = Dress((52, 60, 50), (44, 40, 40), "helmet", (36, 36, 38))
OWNER_DRESS = Dress((186, 190, 226), (70, 50, 44), "helmet", (214, 190, 150))
THIEF = Figure("person", THIEF_DRESS)
OWNER = Figure("person", OWNER_DRESS)
STOLEN = Figure("motorbike", THIEF_DRESS, STOLEN_PAINT)
OWNED = Figure("motorbike", OWNER_DRESS, STOLEN_PAINT)

WALKERS = (
    Figure("person", Dress((196, 186, 176), (84, 56, 40), "nón lá")),
    Figure("person", Dress((110, 150, 96), (60, 52, 48), "nón lá", load="bag")),
    Figure("person", Dress((166, 120, 70), (70, 64, 60))),
    Figure("person", Dress((216, 218, 222), (58, 50, 46), load="bag")),
    Figure("person", Dress((90, 96, 168), (48, 44, 44), "cap", (60, 60, 60))),
    Figure("person", Dress((140, 110, 176), (60, 50, 60), skirt=True)),
    Figure("person", Dress((176, 170, 160), (70, 56, 48), "nón lá", load="gánh")),
    Figure("person", Dress((92, 120, 88), (58, 64, 58), "cap", (70, 96, 70))),
)
PUPILS = (
    Figure("person", Dress((226, 226, 228), (110, 62, 36), "cap", (60, 60, 200), "pack", 0.74)),
    Figure("person", Dress((226, 226, 228), (110, 62, 36), "", (170, 90, 50), "pack", 0.70)),
    Figure("person", Dress((228, 226, 226), (90, 54, 40), "cap", (190, 170, 60), "pack", 0.78)),
)
BIKES = (
    Figure("motorbike", Dress((150, 96, 60), (62, 54, 50), "helmet", (190, 190, 60)), (150, 82, 30)),
    Figure("motorbike", Dress((96, 90, 84), (50, 46, 46), "helmet", BLACK), BLACK),
    Figure("motorbike", Dress((210, 206, 200), (80, 56, 44), "helmet", WHITE), (188, 190, 192)),
    Figure("motorbike", Dress((88, 130, 100), (56, 52, 50), "helmet", (90, 90, 210)), GREY, cargo=(96, 140, 170)),
    Figure(
        "motorbike",
        Dress((120, 70, 50), (60, 56, 54), "helmet", WHITE),
        WHITE,
        Dress((130, 110, 190), (70, 60, 60), "helmet", (170, 150, 210)),
    ),
    Figure("motorbike", Dress((170, 150, 90), (52, 48, 46), "helmet", (60, 120, 60)), (62, 84, 50)),
    Figure(
        "motorbike",
        Dress((100, 96, 92), (50, 46, 44), "helmet", GREY),
        NAVY,
        Dress((226, 226, 228), (110, 62, 36), "helmet", (60, 200, 230), "pack", 0.8),
    ),
)
CYCLES = (
    Figure("bicycle", Dress((190, 186, 180), (76, 60, 50), "nón lá"), (130, 80, 40)),
    Figure("bicycle", Dress((228, 226, 226), (100, 60, 40), "cap", (190, 170, 60), "pack", 0.9), (90, 90, 200)),
    Figure("bicycle", Dress((120, 130, 110), (60, 56, 52)), (60, 110, 60)),
)
CARS = (
    Figure("car", paint=(206, 208, 210)),
    Figure("car", paint=(56, 54, 56)),
    Figure("car", paint=(132, 134, 138)),
    Figure("car", paint=(120, 70, 36)),
)
TRUCKS = (
    Figure("truck", paint=(170, 104, 44), cargo=(84, 116, 78)),
    Figure("truck", paint=(206, 208, 210), cargo=(168, 132, 92)),
    Figure("truck", paint=(72, 120, 66), cargo=(104, 116, 128)),
)
