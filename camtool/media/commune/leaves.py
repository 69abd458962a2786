"""Trees and bushes as cut-outs: many strokes of leaf, lit from above, dark inside."""

from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np

from camtool.media.commune.lens import Floats, Picture
from camtool.media.commune.solid import Colour

SIDE_PX = 320


@lru_cache(maxsize=24)
def crown(seed: int, green: Colour = (58, 104, 84), trunk: float = 0.35, wide: float = 1.0) -> Picture:
    """Return a broad-leaved tree, BGRA: the trunk takes that share of the height."""
    rng = np.random.default_rng(seed)
    h, w = SIDE_PX, round(SIDE_PX * wide)
    tree = np.zeros((h, w, 4), np.uint8)
    fork = round(h * (1 - trunk))
    _boughs(tree, rng, fork, trunk)
    count = 26
    blobs = np.stack(
        [rng.normal(0.5, 0.17, count), rng.uniform(0.13, 1 - trunk * 0.9, count), rng.uniform(0.09, 0.17, count)],
        axis=1,
    )
    blobs[:, 0] = 0.5 + (blobs[:, 0] - 0.5) * (0.55 + 0.9 * np.sin(np.clip(blobs[:, 1] / (1 - trunk), 0, 1) * np.pi))
    for x, y, r in blobs[np.argsort(blobs[:, 1])[::-1]]:
        _cluster(tree, rng, (x * w, y * h, r * h), green, lift=1 - y)
    return tree


def _boughs(tree: Picture, rng: np.random.Generator, fork: int, trunk: float) -> None:
    h, w = tree.shape[:2]
    bark = (72, 84, 92, 255)
    thick = max(5, round(h * 0.035))
    cv2.line(tree, (w // 2, h), (w // 2 + round(w * 0.01), fork), bark, thick)
    for _ in range(6):
        end = round(w * rng.uniform(0.25, 0.75)), round(h * rng.uniform(0.15, 0.5 * (1 - trunk) + 0.2))
        cv2.line(tree, (w // 2, fork), end, bark, max(2, thick // 3), cv2.LINE_AA)


def _cluster(
    tree: Picture, rng: np.random.Generator, blob: tuple[float, float, float], green: Colour, lift: float
) -> None:
    """Set one ball of leaves; higher ones are lighter."""
    x, y, r = blob
    ball = _ball(int(rng.integers(6)), green)
    side = max(4, int(r * 3.2))
    ball = np.asarray(cv2.resize(ball, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
    ball = ball[:, :: int(rng.choice((-1, 1)))]
    x0, y0 = int(x - side / 2), int(y - side / 2)
    part = tree[max(0, y0) : y0 + side, max(0, x0) : x0 + side]
    ball = ball[max(0, -y0) :, max(0, -x0) :][: part.shape[0], : part.shape[1]]
    tone = (0.80 + 0.35 * lift) * rng.uniform(0.88, 1.12)
    there = ball[..., 3] > 127
    part[there] = np.clip(ball[there] * (tone, tone, tone, 1.0), 0, 255).astype(np.uint8)


@lru_cache(maxsize=64)
def _ball(seed: int, green: Colour) -> Picture:
    """Return a ball of leaves, BGRA: dark strokes first, light ones on its upper side last."""
    rng = np.random.default_rng(seed + 900)
    ball = np.zeros((96, 96, 4), np.uint8)
    r = 30.0
    for layer, share in enumerate((0.62, 0.80, 1.0, 1.22)):
        for _ in range(46 - 6 * layer):
            angle, reach = rng.uniform(0, 2 * np.pi), r * np.sqrt(rng.random())
            # Lighter layers sit higher and a little to the left, where the light is.
            at = (
                int(50 + np.cos(angle) * reach - r * 0.08 * layer),
                int(56 + np.sin(angle) * reach * 0.8 - r * 0.14 * layer),
            )
            tone = share * rng.uniform(0.85, 1.15)
            size = max(2, int(r * rng.uniform(0.10, 0.20))), max(1, int(r * rng.uniform(0.05, 0.11)))
            colour = [min(255.0, c * tone) for c in green]
            cv2.ellipse(ball, at, size, rng.uniform(0, 180), 0, 360, (*colour, 255), -1)
    return ball


@lru_cache(maxsize=12)
def palm(seed: int, fronds: int = 13, drooping: float = 1.0, slender: bool = False) -> Picture:
    """Return a coconut palm, or a slender areca, BGRA."""
    rng = np.random.default_rng(seed)
    h, w = SIDE_PX, SIDE_PX * (1 if not slender else 2) // (1 if not slender else 3)
    tree = np.zeros((h, w, 4), np.uint8)
    top = np.array([w / 2 + rng.uniform(-8, 8), h * (0.28 if not slender else 0.16)])
    curve = [(w / 2 + (top[0] - w / 2) * t**2, h + (top[1] - h) * t) for t in np.linspace(0, 1, 8)]
    thick = 8 if not slender else 5
    for a, b in pairwise(curve):
        cv2.line(tree, _px(a), _px(b), (96, 108, 116, 255), thick)
    for i in rng.permutation(fronds):
        angle = np.pi * (-0.12 + 1.24 * i / (fronds - 1)) + rng.uniform(-0.09, 0.09)
        _frond(
            tree,
            rng,
            top,
            angle,
            h * (0.34 if not slender else 0.15) * rng.uniform(0.8, 1.05),
            drooping * rng.uniform(0.6, 1.1),
        )
    return tree


def _frond(tree: Picture, rng: np.random.Generator, top: Floats, angle: float, reach: float, drooping: float) -> None:
    """One feather: a spine that bends down under its weight, thin leaflets hanging from it."""
    tone = rng.uniform(0.65, 1.3)
    colour = (54 * tone, 108 * tone, 86 * tone, 255)
    last = top
    for t in np.linspace(0.05, 1, 22):
        out = np.array([np.cos(angle), -np.sin(angle)]) * reach * t + np.array([0, drooping * reach * 0.62 * t**2.2])
        here = top + out
        cv2.line(tree, _px(last), _px(here), colour, 2)
        along = (here - last) / (np.linalg.norm(here - last) + 1e-6)
        aside = np.array([-along[1], along[0]])
        leaf = reach * 0.24 * np.sin(np.pi * min(1.0, t * 0.85 + 0.13))
        for sign in (-1, 1):
            tip = here + (aside * sign * 0.62 + along * 0.55 + np.array([0, 0.30])) * leaf
            cv2.line(tree, _px(here), _px(tip), colour, 1, cv2.LINE_AA)
        last = here


@lru_cache(maxsize=8)
def banana(seed: int) -> Picture:
    """Return a clump of banana plants, BGRA."""
    rng = np.random.default_rng(seed)
    h = w = SIDE_PX
    tree = np.zeros((h, w, 4), np.uint8)
    for root in rng.uniform(0.32, 0.68, 4):
        foot = np.array([root * w, float(h)])
        top = foot + np.array([rng.uniform(-20, 20), -h * rng.uniform(0.40, 0.55)])
        cv2.line(tree, _px(foot), _px(top), (70, 120, 120, 255), 11)
        for _ in range(8):
            angle, reach = rng.uniform(0.12, 0.88) * np.pi, h * rng.uniform(0.25, 0.42)
            tone = rng.uniform(0.75, 1.3)
            spine = [
                top + np.array([np.cos(angle), -np.sin(angle)]) * reach * t + (0, reach * 0.7 * t**2)
                for t in np.linspace(0, 1, 9)
            ]
            width = [reach * 0.15 * np.sin(np.pi * min(0.97, 0.06 + t)) for t in np.linspace(0, 1, 9)]
            side = np.array([np.sin(angle), np.cos(angle)])
            outline = [p + side * k for p, k in zip(spine, width, strict=True)] + [
                p - side * k for p, k in zip(spine[::-1], width[::-1], strict=True)
            ]
            cv2.fillPoly(tree, [np.array(outline).astype(np.int32)], (62 * tone, 132 * tone, 96 * tone, 255))
            cv2.polylines(
                tree,
                [np.array(spine).astype(np.int32)],
                False,
                (90 * tone, 158 * tone, 128 * tone, 255),
                2,
                cv2.LINE_AA,
            )
    return tree


@lru_cache(maxsize=12)
def hedge(seed: int, green: Colour = (56, 104, 82), flowers: Colour | None = None, ragged: float = 0.35) -> Picture:
    """Return a strip of bushes four times as wide as high, BGRA, ragged at its top; also far woods."""
    rng = np.random.default_rng(seed)
    h, w = SIDE_PX // 2, SIDE_PX * 2
    strip = np.zeros((h, w, 4), np.uint8)
    for x in range(0, w, 14):
        tall = h * (1 - ragged * rng.random())
        for y in range(h - 8, int(h - tall), -20):
            _cluster(strip, rng, (x, y, h * 0.13), green, lift=1 - y / h)
    if flowers is not None:
        for _ in range(260):
            centre = int(rng.integers(0, w)), int(rng.integers(h // 6, h))
            if strip[centre[1], centre[0], 3]:
                cv2.circle(strip, centre, int(rng.integers(2, 4)), (*flowers, 255), -1)
    return strip


def _px(point: "Floats | tuple[float, float]") -> tuple[int, int]:
    return int(point[0]), int(point[1])
