"""Solids onto pictures: lit, sorted from far to near, filled at several times the size and brought down smoothly."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from camtool.media.commune.lens import NEAR_M, Floats, Picture
from camtool.media.commune.solid import Solid

Project = Callable[[Floats], tuple[Floats, Floats]]

# Corners are given to OpenCV in 1/16 px.
SHIFT = 4
# Above so many pixels a finer edge is not seen and costs time.
LARGE_PX = 20_000
# A face below this area, in pixels of the picture, is left out.
SPECK_PX = 0.12


@dataclass(frozen=True, slots=True)
class Daylight:
    """Where the light comes from: a hazy afternoon has a bright side (towards the sun) and no hard shadows.

    sun_deg is the sun's bearing, clockwise from north; sky and sun are the BGR strengths of the two lights.
    """

    sun_deg: float = 250.0
    sky: tuple[float, float, float] = (0.66, 0.64, 0.62)
    sun: tuple[float, float, float] = (0.34, 0.40, 0.46)

    def on(self, normals: Floats) -> Floats:
        """Return the BGR factors (m, 3) by which faces with these normals are lit."""
        bearing = np.radians(self.sun_deg)
        toward = np.array([np.sin(bearing) * 0.92, np.cos(bearing) * 0.92, 0.38])
        above = 0.5 + 0.5 * normals[:, 2:3]
        facing = np.clip(0.35 + 0.65 * (normals @ toward), 0.0, 1.0)[:, None]
        return np.asarray((0.35 + 0.65 * above) * np.array(self.sky) + facing * np.array(self.sun))


@dataclass(frozen=True, slots=True)
class Patch:
    """A cut-out: BGRA with its colours already multiplied by coverage, its left top corner, its depth in metres."""

    bgra: Picture
    x_px: int
    y_px: int
    depth_m: float


def cut_out(
    solid: Solid,
    project: Project,
    light: Daylight,
    size_px: tuple[int, int],
    fine: int = 3,
    tone: float = 1.0,
    gain: float = 1.0,
) -> Patch | None:
    """Draw a solid; None where it lies outside a picture of size_px (w, h). Patches begin and end at even pixels.

    Its edges are drawn at fine times the size (less where it is large). tone is the exponent of a tone curve; gain is
    how bright the daylight is.
    """
    pixels, depth = project(solid.points)
    if depth.max() < 2 * NEAR_M or depth.min() < NEAR_M:
        return None
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    # Even borders, so that the half-sized chroma planes have borders at the same places.
    x0, y0 = (max(0, int(v) // 2 * 2 - 2) for v in low)
    x1, y1 = (min(limit, int(v) // 2 * 2 + 4) for v, limit in zip(high, size_px, strict=True))
    if x0 >= x1 or y0 >= y1:
        return None
    if (x1 - x0) * (y1 - y0) > LARGE_PX:
        fine = min(fine, 2)
    canvas: Picture = np.zeros(((y1 - y0) * fine, (x1 - x0) * fine, 4), np.uint8)
    corners, paint = _shown(solid, pixels, depth, light, tone, gain)
    points = np.rint((corners - (x0, y0)) * (fine << SHIFT)).astype(np.int32)
    for polygon, colour in zip(points, paint, strict=True):
        cv2.fillConvexPoly(canvas, polygon, colour, cv2.LINE_8, SHIFT)
    if fine > 1:
        canvas = np.asarray(cv2.resize(canvas, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA), np.uint8)
    return Patch(canvas, x0, y0, float(np.median(depth)))


def _shown(
    solid: Solid, pixels: Floats, depth: Floats, light: Daylight, tone: float, gain: float
) -> tuple[Floats, list[tuple[float, float, float, float]]]:
    """Return the faces turned towards the eye and large enough to be seen, farthest first, and their colours."""
    corner = pixels[solid.faces]
    first, second = corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1]
    # Twice the face's area; anticlockwise is negative, for y runs down.
    turned = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    front = np.flatnonzero(turned < -2 * SPECK_PX)
    front = front[np.argsort(-depth[solid.faces[front]].sum(axis=1), kind="stable")]
    glow = solid.glow[front, None]
    lit = solid.colours[front] * np.where(glow > 0, 0.6 + 0.5 * glow, light.on(solid.normals[front]) * gain)
    lit = 255 * np.clip(lit / 255, 0, 1) ** tone
    return corner[front], [(b, g, r, 255.0) for b, g, r in lit.tolist()]


def smeared(patch: Patch, dx_px: float, dy_px: float) -> Patch:
    """Blur a cut-out along its way during one exposure."""
    length = round(max(abs(dx_px), abs(dy_px)))
    if length < 2:
        return patch
    side = length | 1
    kernel = np.zeros((side, side), np.float32)
    half = side // 2
    k = half / max(abs(dx_px), abs(dy_px))
    cv2.line(
        kernel,
        (round(half - dx_px * k), round(half - dy_px * k)),
        (round(half + dx_px * k), round(half + dy_px * k)),
        1.0,
    )
    kernel /= kernel.sum()
    blurred = cv2.filter2D(patch.bgra, -1, kernel, borderType=cv2.BORDER_CONSTANT)
    return replace(patch, bgra=np.asarray(blurred, np.uint8))
