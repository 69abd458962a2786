"""Who and what moves: one description for each figure, and its shape at a moment of its way."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from camtool.media.commune.people import STEPS, STRIDE_M, Dress, between, clothed, riding, standing, walker
from camtool.media.commune.solid import Colour, Solid, joined, placed
from camtool.media.commune.vehicles import bicycle, car, motorbike, ridden, truck

# Metres that a bicycle rolls in one turn of its crank.
CRANK_M = 4.0
# Where one stands to get on a bike: left of it, a little behind its middle, in the bike's own axes.
BESIDE = (-0.55, -0.12)
MOUNT_STEPS = 16
LEAN_DEG = 8.0

PLAIN = Dress()


@dataclass(frozen=True, slots=True)
class Figure:
    """kind is 'person', 'motorbike', 'bicycle', 'car' or 'truck'; dress is the person's, or the rider's."""

    kind: str
    dress: Dress = PLAIN
    paint: Colour = (60, 60, 60)
    passenger: Dress | None = None
    cargo: Colour | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One figure on one way of a place, for [start_us, end_us) of true time.

    gait is 'go', 'stand', 'parked' (a bike without its rider), 'mount' or 'dismount'. It goes from the share first of
    the way to the share last; heading_deg replaces the way's own direction. ease: see moves.eased.
    """

    figure: Figure
    way: str
    start_us: int
    end_us: int
    gait: str = "go"
    first: float = 0.0
    last: float = 1.0
    ease: str = ""
    heading_deg: float | None = None


def shape(move: Move, gone_m: float, share: float) -> Solid:
    """Return the figure, looking north at (0, 0, 0), after gone_m metres and at a share of the move's time."""
    figure = move.figure
    if move.gait == "parked":
        return placed(motorbike(figure.paint), (0, 0, 0), 0, LEAN_DEG)
    if move.gait in ("mount", "dismount"):
        return _mounting(figure, round((share if move.gait == "mount" else 1 - share) * MOUNT_STEPS))
    if figure.kind == "person":
        step = int(gone_m / (STRIDE_M * figure.dress.size) * STEPS) % STEPS if move.gait == "go" else -1
        return walker(figure.dress, step) if step >= 0 else _stander(figure.dress)
    return _rolling(figure, gone_m)


def _rolling(figure: Figure, gone_m: float) -> Solid:
    if figure.kind == "motorbike":
        return ridden(figure.paint, figure.dress, figure.passenger, figure.cargo)
    if figure.kind == "bicycle":
        return bicycle(figure.paint, figure.dress, int(gone_m / CRANK_M * STEPS) % STEPS)
    return car(figure.paint) if figure.kind == "car" else truck(figure.paint, figure.cargo or (70, 110, 80))


@lru_cache(maxsize=64)
def _stander(dress: Dress) -> Solid:
    return clothed(standing(), dress)


@lru_cache(maxsize=64)
def _mounting(figure: Figure, step: int) -> Solid:
    share = step / MOUNT_STEPS
    beside = standing() + np.array([*BESIDE, 0.0])
    pose = between(beside, riding(), share)
    upright = placed(motorbike(figure.paint), (0, 0, 0), 0, LEAN_DEG * (1 - share))
    return joined([upright, clothed(pose, figure.dress)])
