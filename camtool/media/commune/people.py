"""People: fourteen joints, clothes over them. A figure stands at (0, 0, 0) and looks north; all in metres."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from camtool.media.commune.lens import Floats
from camtool.media.commune.solid import Colour, Point, Solid, Tube, built, rod

# Joints, in the order of a pose's rows. Left is x < 0.
HEAD, NECK, PELVIS = 0, 1, 2
SHOULDER, ELBOW, HAND = 3, 5, 7
HIP, KNEE, ANKLE = 9, 11, 13
JOINTS = 15

STEPS = 12
STRIDE_M = 1.25
THIGH_M, SHIN_M = 0.42, 0.42

SKIN: Colour = (112, 146, 190)
HAIR: Colour = (26, 26, 30)
STRAW: Colour = (128, 186, 208)


@dataclass(frozen=True, slots=True)
class Dress:
    """What a person wears, in BGR. hat is '', 'nón lá', 'helmet' or 'cap'; load is '', 'gánh', 'bag' or 'pack'."""

    shirt: Colour = (150, 120, 90)
    trousers: Colour = (60, 52, 48)
    hat: str = ""
    hat_colour: Colour = STRAW
    load: str = ""
    size: float = 1.0
    skirt: bool = False


def standing() -> Floats:
    """Return the pose of someone who stands still."""
    return walking(0, 0.0)


def walking(step: int, swing: float = 1.0) -> Floats:
    """Return the pose at one of STEPS steps of the walking cycle; swing 0 is standing."""
    phase = 2 * np.pi * step / STEPS
    pose = np.zeros((JOINTS, 3))
    pose[PELVIS] = 0, 0, 0.88
    pose[NECK] = 0, 0.03 * swing, 1.40
    pose[HEAD] = 0, 0.05 * swing, 1.53
    for side, x in ((0, -1), (1, 1)):
        p = phase + np.pi * side
        thigh = 0.44 * np.sin(p) * swing
        bend = (0.12 + 0.85 * max(0.0, np.cos(p)) ** 1.3) * swing
        pose[HIP + side] = 0.085 * x, 0, 0.87
        pose[KNEE + side] = pose[HIP + side] + THIGH_M * np.array([0, np.sin(thigh), -np.cos(thigh)])
        shin = thigh - bend
        pose[ANKLE + side] = pose[KNEE + side] + SHIN_M * np.array([0, np.sin(shin), -np.cos(shin)])
        arm = -0.42 * np.sin(p) * swing
        pose[SHOULDER + side] = 0.175 * x, 0.02 * swing, 1.35
        pose[ELBOW + side] = pose[SHOULDER + side] + 0.28 * np.array([0.10 * x, np.sin(arm), -np.cos(arm)])
        fore = arm + 0.35
        pose[HAND + side] = pose[ELBOW + side] + 0.26 * np.array([0, np.sin(fore), -np.cos(fore)])
    pose[:, 2] += 0.05 - pose[ANKLE : ANKLE + 2, 2].min()
    return pose


def riding() -> Floats:
    """Return the pose on a motorbike that stands at the same place."""
    pose = np.zeros((JOINTS, 3))
    pose[PELVIS], pose[NECK], pose[HEAD] = (0, -0.20, 0.86), (0, -0.08, 1.36), (0, -0.03, 1.50)
    for side, x in ((0, -1), (1, 1)):
        pose[HIP + side] = 0.10 * x, -0.18, 0.84
        pose[KNEE + side] = 0.17 * x, 0.20, 0.70
        pose[ANKLE + side] = 0.18 * x, 0.10, 0.32
        pose[SHOULDER + side] = 0.18 * x, -0.06, 1.31
        pose[ELBOW + side] = 0.30 * x, 0.10, 1.10
        pose[HAND + side] = 0.30 * x, 0.34, 1.03
    return pose


def behind() -> Floats:
    """Return the pose of the one who sits behind the rider, hands on the own knees."""
    pose = riding()
    pose[:, 1] -= 0.36
    pose[:, 2] += 0.03
    for side, x in ((0, -1), (1, 1)):
        pose[ELBOW + side] = 0.24 * x, -0.36, 1.06
        pose[HAND + side] = 0.15 * x, -0.18, 0.90
        pose[KNEE + side, 1] += 0.06
    return pose


def pedalling(step: int) -> Floats:
    """Return the pose on a bicycle at one of STEPS steps of the crank."""
    pose = riding()
    pose[[HEAD, NECK, PELVIS], 1] += (0.06, 0.06, 0.0)
    pose[[HEAD, NECK, PELVIS], 2] += (0.06, 0.06, 0.06)
    for side, x in ((0, -1), (1, 1)):
        turn = 2 * np.pi * step / STEPS + np.pi * side
        pose[HIP + side] = 0.09 * x, -0.20, 0.90
        pose[ANKLE + side] = 0.11 * x, 0.10 + 0.16 * np.cos(turn), 0.36 + 0.16 * np.sin(turn)
        pose[KNEE + side] = 0.10 * x, 0.20 + 0.04 * np.cos(turn), 0.73 + 0.09 * np.sin(turn)
        pose[SHOULDER + side, 2] += 0.06
        pose[HAND + side] = 0.25 * x, 0.34, 1.02
        pose[ELBOW + side] = 0.26 * x, 0.12, 1.13
    return pose


def sitting(seat_m: float = 0.32) -> Floats:
    """Return the pose on a low stool."""
    pose = standing()
    pose[:, 2] -= 0.88 - seat_m - 0.02
    for side, x in ((0, -1), (1, 1)):
        pose[KNEE + side] = 0.16 * x, 0.38, seat_m + 0.18
        pose[ANKLE + side] = 0.16 * x, 0.40, 0.05
        pose[HAND + side] = 0.14 * x, 0.30, seat_m + 0.28
    return pose


def between(first: Floats, second: Floats, share: float) -> Floats:
    """Return the pose on the way from one pose to another; the feet swing wide of what stands between them."""
    pose = first + (second - first) * share
    pose[ANKLE + 1, 2] += 0.75 * np.sin(np.pi * share)
    pose[KNEE + 1, 2] += 0.45 * np.sin(np.pi * share)
    return np.asarray(pose)


def clothed(pose: Floats, dress: Dress) -> Solid:
    """Return the figure of one pose, in its clothes."""
    at = [_point(row) for row in pose]
    tubes = [*_trunk(at, dress), *_limbs(at, dress), *_head(at, dress), *_load(at, dress)]
    solid = built(tubes)
    return replace(solid, points=solid.points * dress.size, base=solid.base * dress.size)


@lru_cache(maxsize=512)
def walker(dress: Dress, step: int) -> Solid:
    """Return a walking figure; kept, because the same steps come again and again."""
    return clothed(walking(step), dress)


def _point(row: Floats) -> Point:
    return float(row[0]), float(row[1]), float(row[2])


def _mix(a: Point, b: Point, share: float) -> Point:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def _trunk(at: list[Point], dress: Dress) -> list[Tube]:
    pelvis, neck, shirt = at[PELVIS], at[NECK], dress.shirt
    waist, chest, collar = _mix(pelvis, neck, 0.25), _mix(pelvis, neck, 0.72), _mix(pelvis, neck, 0.95)
    low = _mix(pelvis, neck, -0.10)
    tubes = [
        Tube(low, waist, (0.155, 0.105), (0.145, 0.10), dress.trousers, 8),
        Tube(waist, chest, (0.15, 0.105), (0.185, 0.12), shirt, 8),
        Tube(chest, collar, (0.185, 0.12), (0.14, 0.08), shirt, 8),
        Tube(collar, neck, (0.12, 0.075), (0.05, 0.05), shirt, 8),
        rod(_mix(neck, at[HEAD], -0.1), at[HEAD], 0.05, SKIN, 6),
    ]
    if dress.skirt:
        hem = _mix(_mix(at[KNEE], at[KNEE + 1], 0.5), pelvis, 0.15)
        tubes.append(Tube(low, hem, (0.16, 0.12), (0.20, 0.17), shirt, 8))
    return tubes


def _limbs(at: list[Point], dress: Dress) -> list[Tube]:
    tubes = []
    for side in (0, 1):
        hip, knee, ankle = at[HIP + side], at[KNEE + side], at[ANKLE + side]
        shoulder, elbow, hand = at[SHOULDER + side], at[ELBOW + side], at[HAND + side]
        toe = (ankle[0], ankle[1] + 0.15, ankle[2] - 0.02)
        tubes += [
            Tube(hip, knee, (0.085, 0.09), (0.062, 0.065), dress.trousers, 6),
            Tube(knee, ankle, (0.062, 0.065), (0.048, 0.05), dress.trousers, 6),
            Tube(_mix(ankle, toe, -0.35), toe, (0.042, 0.04), (0.04, 0.022), (44, 44, 50), 5),
            Tube(shoulder, elbow, (0.058, 0.06), (0.046, 0.048), dress.shirt, 6),
            Tube(elbow, hand, (0.042, 0.042), (0.032, 0.032), SKIN, 5),
        ]
    return tubes


def _head(at: list[Point], dress: Dress) -> list[Tube]:
    x, y, z = at[HEAD]
    top = dress.hat_colour
    tubes = [
        Tube((x, y + 0.01, z - 0.06), (x, y + 0.015, z + 0.02), (0.055, 0.06), (0.078, 0.09), SKIN, 8),
        Tube((x, y + 0.01, z + 0.02), (x, y, z + 0.09), (0.078, 0.09), (0.07, 0.08), SKIN, 8),
        Tube((x, y - 0.045, z - 0.05), (x, y - 0.03, z + 0.10), (0.072, 0.06), (0.072, 0.075), HAIR, 8),
    ]
    if dress.hat == "nón lá":
        return [*tubes, Tube((x, y, z + 0.06), (x, y, z + 0.25), (0.235, 0.235), (0.012, 0.012), top, 12)]
    if dress.hat == "helmet":
        return [
            *tubes,
            Tube((x, y, z + 0.0), (x, y - 0.01, z + 0.08), (0.105, 0.125), (0.108, 0.13), top, 8),
            Tube((x, y - 0.01, z + 0.08), (x, y - 0.01, z + 0.16), (0.108, 0.13), (0.05, 0.06), top, 8),
        ]
    tubes.append(Tube((x, y - 0.01, z + 0.07), (x, y - 0.01, z + 0.135), (0.08, 0.092), (0.04, 0.045), HAIR, 8))
    if dress.hat == "cap":
        tubes += [
            Tube((x, y, z + 0.075), (x, y - 0.01, z + 0.145), (0.086, 0.098), (0.06, 0.065), top, 8),
            Tube((x, y + 0.06, z + 0.08), (x, y + 0.19, z + 0.07), (0.07, 0.012), (0.05, 0.01), top, 4),
        ]
    return tubes


def _load(at: list[Point], dress: Dress) -> list[Tube]:
    if dress.load == "gánh":  # the shoulder pole with its two baskets
        x, y, z = 0.2, at[NECK][1], at[NECK][2] + 0.02
        tubes = [
            rod((x, y - 0.75, z - 0.07), (x, y, z), 0.016, (70, 110, 150)),
            rod((x, y, z), (x, y + 0.75, z - 0.07), 0.016, (70, 110, 150)),
        ]
        for end, goods in ((-0.72, (60, 140, 70)), (0.72, (60, 120, 200))):
            tubes += [
                rod((x, y + end, z - 0.07), (x, y + end, 0.55), 0.008, (60, 70, 80), 3),
                Tube((x, y + end, 0.30), (x, y + end, 0.50), (0.15, 0.15), (0.23, 0.23), (90, 130, 160), 9),
                Tube((x, y + end, 0.49), (x, y + end, 0.60), (0.21, 0.21), (0.08, 0.08), goods, 9),
            ]
        return tubes
    if dress.load == "bag":
        x, y, z = at[HAND + 1]
        return [Tube((x, y, z - 0.04), (x, y, z - 0.34), (0.02, 0.05), (0.08, 0.13), (60, 60, 190), 6)]
    if dress.load == "pack":
        x, y, z = at[NECK]
        return [
            Tube((x, y - 0.17, z - 0.42), (x, y - 0.15, z - 0.06), (0.13, 0.075), (0.11, 0.06), dress.hat_colour, 6)
        ]
    return []
