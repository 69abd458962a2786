"""Vehicles at (0, 0, 0), looking north, in metres; the sizes are a common underbone's, small car's, light truck's."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from camtool.media.commune.people import Dress, behind, clothed, pedalling, riding
from camtool.media.commune.solid import Colour, Point, Solid, Tube, box, built, joined, loft, rod

TYRE: Colour = (30, 30, 32)
STEEL: Colour = (150, 150, 152)
DARK: Colour = (40, 40, 42)
GLASS: Colour = (70, 62, 54)
LAMP: Colour = (235, 245, 250)
TAIL: Colour = (40, 40, 200)
PLATE: Colour = (215, 220, 222)


def _wheel(y: float, radius: float, half_width: float, x: float = 0.0, hub: Colour = (120, 120, 124)) -> list[Tube]:
    return [
        Tube((x - half_width, y, radius), (x + half_width, y, radius), (radius, radius), (radius, radius), TYRE, 14),
        Tube(
            (x - half_width - 0.012, y, radius),
            (x + half_width + 0.012, y, radius),
            (radius * 0.62, radius * 0.62),
            (radius * 0.62, radius * 0.62),
            hub,
            12,
        ),
    ]


@lru_cache(maxsize=64)
def motorbike(paint: Colour, shade: Colour = (52, 52, 56)) -> Solid:
    """Return an underbone of the kind most people ride: 1.9 m long, wheels of 17 inches."""
    tubes = [
        *_wheel(0.61, 0.285, 0.045),
        *_wheel(-0.61, 0.285, 0.05),
        Tube((0, 0.80, 0.50), (0, 0.50, 0.62), (0.06, 0.025), (0.075, 0.04), paint, 6),
        Tube((0, 0.45, 0.70), (0, 0.36, 1.00), (0.11, 0.09), (0.13, 0.07), paint, 7),
        Tube((0, 0.50, 0.86), (0, 0.535, 0.86), (0.085, 0.065), (0.06, 0.05), LAMP, 8, 1.0),
        Tube((0, 0.38, 0.84), (0, 0.22, 0.36), (0.20, 0.03), (0.13, 0.03), paint, 6),
        Tube((0, 0.26, 0.50), (0, -0.10, 0.62), (0.07, 0.10), (0.09, 0.10), paint, 6),
        Tube((0, -0.05, 0.58), (0, -0.70, 0.74), (0.10, 0.12), (0.09, 0.075), paint, 6),
        Tube((0, -0.70, 0.74), (0, -0.90, 0.80), (0.09, 0.07), (0.05, 0.03), paint, 6),
        Tube((0, 0.12, 0.76), (0, -0.28, 0.80), (0.10, 0.045), (0.135, 0.055), DARK, 6),
        Tube((0, -0.28, 0.80), (0, -0.72, 0.86), (0.135, 0.055), (0.10, 0.04), DARK, 6),
        Tube((0, 0.30, 0.34), (0, -0.16, 0.34), (0.10, 0.10), (0.11, 0.11), (95, 95, 98), 6),
        Tube((0.15, 0.10, 0.27), (0.17, -0.30, 0.30), (0.03, 0.03), (0.045, 0.045), STEEL, 6),
        Tube((0.17, -0.30, 0.30), (0.18, -0.82, 0.40), (0.05, 0.05), (0.05, 0.05), STEEL, 6),
        Tube((0, -0.72, 0.62), (0, -0.93, 0.46), (0.06, 0.02), (0.07, 0.015), shade, 5),
        Tube((0, -0.90, 0.74), (0, -0.93, 0.70), (0.06, 0.03), (0.05, 0.02), TAIL, 6, 0.6),
        box((0, -0.94, 0.56), (0.095, 0.008, 0.065), PLATE),
        rod((-0.30, 0.33, 1.03), (0.30, 0.33, 1.03), 0.02, DARK),
    ]
    for x in (-1, 1):
        tubes += [
            rod((0.075 * x, 0.61, 0.285), (0.06 * x, 0.42, 0.86), 0.025, STEEL),
            rod((0.08 * x, -0.61, 0.285), (0.09 * x, -0.05, 0.36), 0.022, DARK),
            rod((0.09 * x, -0.60, 0.30), (0.09 * x, -0.50, 0.66), 0.025, STEEL),
            rod((0.27 * x, 0.34, 1.03), (0.34 * x, 0.33, 1.19), 0.008, DARK, 3),
            Tube((0.35 * x, 0.34, 1.20), (0.35 * x, 0.315, 1.20), (0.06, 0.04), (0.05, 0.035), (120, 116, 110), 7),
            rod((0.10 * x, 0.12, 0.27), (0.26 * x, 0.12, 0.27), 0.015, DARK, 4),
        ]
    tubes.append(Tube((-0.10, 0.02, 0.25), (-0.20, -0.06, 0.01), (0.012, 0.012), (0.012, 0.012), DARK, 4))
    return built(tubes)


@lru_cache(maxsize=64)
def ridden(paint: Colour, rider: Dress, passenger: Dress | None = None, cargo: Colour | None = None) -> Solid:
    """Return a motorbike with its rider, and with whom or what it carries behind."""
    parts = [motorbike(paint), clothed(riding(), rider)]
    if passenger is not None:
        parts.append(clothed(behind(), passenger))
    if cargo is not None:
        parts.append(
            built([box((0, -0.72, 1.08), (0.33, 0.26, 0.24), cargo), box((0, -0.72, 1.34), (0.30, 0.22, 0.03), DARK)])
        )
    return joined(parts)


@lru_cache(maxsize=128)
def bicycle(paint: Colour, rider: Dress | None, step: int = 0) -> Solid:
    """Return a city bicycle, ridden at one of the crank's steps, or standing."""
    tubes: list[Tube] = []
    for y in (0.55, -0.55):
        ring = [(0.0, y + 0.33 * np.cos(a), 0.33 + 0.33 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 13)]
        tubes += [rod(ring[i], ring[i + 1], 0.018, TYRE, 3) for i in range(12)]
        tubes += [rod(ring[i], ring[i + 6], 0.004, STEEL, 3) for i in range(0, 6, 2)]
    frame: list[tuple[Point, Point]] = [
        ((0, 0.55, 0.33), (0, 0.40, 0.95)),
        ((0, 0.42, 0.85), (0, 0.05, 0.32)),
        ((0, 0.05, 0.32), (0, -0.15, 0.85)),
        ((0, -0.55, 0.33), (0, 0.05, 0.32)),
        ((0, -0.55, 0.33), (0, -0.12, 0.72)),
    ]
    tubes += [rod(a, b, 0.018, paint, 4) for a, b in frame]
    tubes += [
        rod((-0.26, 0.34, 1.02), (0.26, 0.34, 1.02), 0.015, STEEL, 4),
        rod((0, 0.40, 0.95), (0, 0.36, 1.02), 0.015, STEEL, 4),
        Tube((0, -0.02, 0.88), (0, -0.28, 0.89), (0.04, 0.03), (0.09, 0.03), DARK, 5),
        Tube((0, 0.58, 0.78), (0, 0.58, 0.98), (0.12, 0.09), (0.17, 0.13), (105, 110, 112), 8),
        Tube((0, -0.30, 0.74), (0, -0.78, 0.74), (0.07, 0.01), (0.07, 0.01), STEEL, 4),
    ]
    bare = built(tubes)
    return bare if rider is None else joined([bare, clothed(pedalling(step), rider)])


@lru_cache(maxsize=16)
def car(paint: Colour) -> Solid:
    """Return a small hatchback: 3.9 x 1.68 x 1.50 m."""
    body = _hull(
        (
            (-1.95, 0.35, 0.80, 0.74, 0.70),
            (-1.80, 0.26, 0.94, 0.82, 0.78),
            (-0.90, 0.24, 0.96, 0.84, 0.80),
            (0.75, 0.24, 0.93, 0.84, 0.80),
            (1.55, 0.26, 0.80, 0.82, 0.74),
            (1.92, 0.32, 0.62, 0.72, 0.66),
        ),
        paint,
        paint,
    )
    cabin = _hull(
        (
            (-1.84, 0.92, 0.98, 0.76, 0.72),
            (-1.42, 0.92, 1.45, 0.77, 0.60),
            (0.02, 0.92, 1.49, 0.78, 0.60),
            (0.95, 0.90, 0.95, 0.78, 0.72),
        ),
        GLASS,
        paint,
    )
    tubes: list[Tube] = []
    for y in (1.20, -1.22):
        tubes += [t for x in (-0.78, 0.78) for t in _wheel(y, 0.30, 0.09, x, (140, 140, 142))]
    for x in (-1, 1):
        tubes += [
            box((0.58 * x, 1.86, 0.60), (0.15, 0.06, 0.07), LAMP, 0.9),
            box((0.66 * x, -1.90, 0.80), (0.10, 0.06, 0.09), TAIL, 0.4),
            rod((0.66 * x, -0.62, 1.44), (0.80 * x, -0.62, 0.94), 0.045, paint, 4),
            rod((0.64 * x, 0.06, 1.46), (0.78 * x, 0.92, 0.95), 0.03, paint, 4),
            rod((0.63 * x, -1.40, 1.43), (0.76 * x, -1.80, 0.96), 0.05, paint, 4),
            box((0.90 * x, 0.62, 0.98), (0.08, 0.05, 0.06), paint),
            rod((0.835 * x, -0.60, 0.90), (0.845 * x, -0.62, 0.36), 0.008, (30, 30, 30), 3),
        ]
    tubes += [
        box((0, 1.93, 0.42), (0.50, 0.03, 0.08), DARK),
        box((0, 1.95, 0.46), (0.25, 0.012, 0.055), PLATE),
        box((0, -1.97, 0.62), (0.25, 0.012, 0.06), PLATE),
    ]
    return joined([body, cabin, built(tubes)])


def _hull(sections: tuple[tuple[float, float, float, float, float], ...], side: Colour, top: Colour) -> Solid:
    """Skin over sections given as y, floor, roof, half-width at the floor, half-width at the roof."""
    rings = [[(-low, y, z0), (low, y, z0), (high, y, z1), (-high, y, z1)] for y, z0, z1, low, high in sections]
    # Going north through sections drawn from below leftwards turns the faces inside out, so the rings are turned round.
    return (
        loft([ring[::-1] for ring in rings], (side, side, DARK, side), (side, side))
        if side == top
        else _glazed(rings, side, top)
    )


def _glazed(rings: list[list[Point]], side: Colour, top: Colour) -> Solid:
    skin = loft([ring[::-1] for ring in rings], (top, side, DARK, side), (side, side))
    colours = skin.colours.copy()
    for strip in (0, len(rings) - 2):  # windscreen and rear window are the sloping ends of the roof
        colours[strip * 4] = side
    return replace(skin, colours=colours)


@lru_cache(maxsize=16)
def truck(cab: Colour, bed: Colour, covered: bool = True) -> Solid:
    """Return a light truck: 5.8 x 1.9 x 2.7 m, with a tarpaulin or with an open bed of sand."""
    front = _hull(
        (
            (1.20, 0.55, 2.05, 0.90, 0.86),
            (2.55, 0.50, 2.08, 0.92, 0.84),
            (2.90, 0.48, 1.25, 0.90, 0.86),
            (2.95, 0.48, 1.00, 0.88, 0.86),
        ),
        cab,
        cab,
    )
    tubes: list[Tube] = [box((0, -0.6, 0.62), (0.42, 2.4, 0.10), DARK)]
    for y in (2.05, -1.75):
        tubes += [t for x in (-0.80, 0.80) for t in _wheel(y, 0.40, 0.13, x, (110, 110, 112))]
    tubes += [
        box((0, 2.80, 1.62), (0.76, 0.10, 0.28), GLASS),
        box((-0.90, 2.00, 1.62), (0.02, 0.40, 0.24), GLASS),
        box((0.90, 2.00, 1.62), (0.02, 0.40, 0.24), GLASS),
        box((0, 2.97, 0.62), (0.86, 0.04, 0.12), DARK),
        box((0, 3.01, 0.62), (0.25, 0.01, 0.06), PLATE),
    ]
    for x in (-1, 1):
        tubes += [
            box((0.68 * x, 2.97, 0.92), (0.14, 0.03, 0.09), LAMP, 0.9),
            box((0.80 * x, -3.02, 0.80), (0.10, 0.02, 0.07), TAIL, 0.4),
            box((1.05 * x, 2.75, 1.60), (0.08, 0.03, 0.18), DARK),
        ]
    if covered:
        tubes += [
            box((0, -0.95, 1.70), (0.95, 2.05, 0.90), bed),
            Tube((0, -3.0, 2.58), (0, 1.1, 2.58), (0.95, 0.18), (0.95, 0.18), bed, 8),
        ]
    else:
        tubes += [
            box((0, -0.95, 1.10), (0.95, 2.05, 0.34), bed),
            Tube((0, -2.8, 1.42), (0, 0.9, 1.42), (0.80, 0.32), (0.80, 0.25), (120, 150, 170), 8),
        ]
    return joined([front, built(tubes)])
