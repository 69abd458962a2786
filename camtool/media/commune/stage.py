"""The part of a picture that stands still, drawn once: ground, textured faces with a depth buffer, air and glass.

A Stage is a canvas of FINE times the picture's size, in BGR float32 0-255, without the lens's bend; finish() bends it,
brings it down and hands back a Backdrop.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from camtool.media.commune.draw import Daylight, cut_out
from camtool.media.commune.grain import Map, clouds
from camtool.media.commune.lens import HEIGHT_PX, NEAR_M, WIDTH_PX, Floats, Lens, Picture
from camtool.media.commune.solid import Point, Solid

FINE = 2
# The unbent canvas has to reach beyond the picture's corners; 1.12 covers a bend of 0.08 at 80 degrees.
MARGIN = 1.12
# The camera's own tone curve, which lifts the dark; what moves gets the same.
TONE = 0.86

Material = Callable[[Map, Map, Map], Map]


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What stands still: BGR (360, 640, 3), and the inverse depth (360, 640) of what can hide a person; 0 is free."""

    bgr: Picture
    hiding: Map


class Stage:
    """A picture in the making."""

    def __init__(self, lens: Lens, light: Daylight, haze: tuple[float, float, float], haze_m: float = 300.0) -> None:
        self.lens, self.light, self.haze, self.haze_m = lens, light, np.array(haze, np.float32), haze_m
        self.w, self.h = (int(v * FINE * MARGIN) // 2 * 2 for v in (WIDTH_PX, HEIGHT_PX))
        self.focal = lens.focal_px * FINE
        self.colour = np.zeros((self.h, self.w, 3), np.float32)
        self.near = np.zeros((self.h, self.w), np.float32)
        self.hiding = np.zeros((self.h, self.w), np.float32)

    # ---- places -----------------------------------------------------------------------------------------------

    def pixels(self, seen: Floats) -> Floats:
        """Canvas pixels of points in the camera's axes."""
        return np.asarray(seen[..., :2] / seen[..., 2:3] * self.focal + (self.w / 2, self.h / 2))

    def project(self, points_m: Floats) -> tuple[Floats, Floats]:
        """Canvas pixels and depth of world points."""
        seen = self.lens.seen(points_m)
        front = seen.copy()
        front[..., 2] = np.maximum(front[..., 2], NEAR_M)
        return self.pixels(front), seen[..., 2]

    def _outline(self, corners_m: Floats) -> Floats | None:
        """Cut a flat polygon at the near plane; its canvas pixels, or None where nothing is left."""
        seen = self.lens.seen(corners_m)
        kept = []
        for a, b in zip(seen, np.roll(seen, -1, axis=0), strict=True):
            if a[2] >= NEAR_M:
                kept.append(a)
            if (a[2] >= NEAR_M) != (b[2] >= NEAR_M):
                kept.append(a + (b - a) * (NEAR_M - a[2]) / (b[2] - a[2]))
        return self.pixels(np.array(kept)) if len(kept) > 2 else None

    def _window(self, outline: Floats) -> tuple[slice, slice] | None:
        x0, y0 = np.maximum(np.floor(outline.min(axis=0)).astype(int), 0)
        x1, y1 = np.minimum(np.ceil(outline.max(axis=0)).astype(int) + 1, (self.w, self.h))
        return (slice(y0, y1), slice(x0, x1)) if x0 < x1 and y0 < y1 else None

    # ---- sky and ground ---------------------------------------------------------------------------------------

    def sky(self, top: Sequence[float], horizon: Sequence[float], seed: int, cloudy: float = 0.5) -> None:
        """Fill the canvas with a sky: a slope of colour and flat clouds. Draw it first."""
        level = self.h / 2 - np.tan(np.radians(self.lens.pitch_deg)) * self.focal
        rows = np.clip(np.arange(self.h, dtype=np.float32) / max(level, 1), 0, 1)[:, None, None]
        slope = np.array(top, np.float32) * (1 - rows) + np.array(horizon, np.float32) * rows
        self.colour[:] = slope
        texture = cv2.resize(clouds(seed, 4, 6, 0.55), (self.w, max(int(level), 8) * 2), interpolation=cv2.INTER_LINEAR)
        texture = texture[: self.h, :, None]
        self.colour[: len(texture)] += np.float32(9 * cloudy) * texture * (1 - rows[: len(texture)]) ** 0.5

    def ground(self, corners: Sequence[tuple[float, float]], material: Material, height_m: float = 0.0) -> None:
        """Lay a flat polygon on the ground; the material gets x, y and the size of a pixel there, all in metres."""
        outline = self._outline(np.array([(x, y, height_m) for x, y in corners], float))
        window = None if outline is None else self._window(outline)
        if outline is None or window is None:
            return
        rows, columns = window
        mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
        corner = np.rint((outline - (columns.start, rows.start)) * 16)
        cv2.fillPoly(mask, [np.clip(corner, -(2**26), 2**26).astype(np.int32)], 255, cv2.LINE_AA, 4)
        x, y, inverse, size = self._on_ground(rows, columns, height_m)
        # A surface has no detail that half the canvas's fineness would lose, and a quarter of the work.
        skin = cv2.resize(material(x, y, size), mask.shape[::-1], interpolation=cv2.INTER_LINEAR)
        alpha = mask.astype(np.float32) * np.float32(1 / 255) * (inverse > 1 / 900)
        part = self.colour[rows, columns]
        part += alpha[..., None] * (skin - part)
        keep = alpha > 0.5
        self.near[rows, columns][keep] = np.broadcast_to(inverse, keep.shape)[keep]

    def _on_ground(self, rows: slice, columns: slice, height_m: float) -> tuple[Map, Map, Map, Map]:
        right, down, forward = self.lens.axes
        fall = self.lens.height_m - height_m
        every = (np.arange(rows.start, rows.stop) + 0.5 - self.h / 2) / self.focal
        inverse = (-(every * down[2] + forward[2]) / fall)[:, None]
        half = (rows.stop - rows.start + 1) // 2, (columns.stop - columns.start + 1) // 2
        ys = (np.linspace(rows.start + 0.5, rows.stop - 0.5, half[0]) - self.h / 2) / self.focal
        xs = (np.linspace(columns.start + 0.5, columns.stop - 0.5, half[1]) - self.w / 2) / self.focal
        reach = 1 / np.maximum(-(ys * down[2] + forward[2]) / fall, 1 / 2000)[:, None]
        x = self.lens.x_m + reach * (xs[None] * right[0] + (ys * down[0])[:, None] + forward[0])
        y = self.lens.y_m + reach * (xs[None] * right[1] + (ys * down[1])[:, None] + forward[1])
        size = np.broadcast_to(reach / self.focal, x.shape)
        return x.astype(np.float32), y.astype(np.float32), inverse.astype(np.float32), size.astype(np.float32)

    def shade(
        self, corners: Sequence[tuple[float, float]], strength: float, soft_m: float, height_m: float = 0.0
    ) -> None:
        """Darken the ground inside a polygon, with a soft edge: what stands there takes the sky's light away."""
        points = np.array([(x, y, height_m) for x, y in corners], float)
        outline = self._outline(points)
        if outline is None:
            return
        middle = float(np.median(np.maximum(self.lens.seen(points)[:, 2], 1.0)))
        soft = max(1.0, soft_m * self.focal / middle * 0.5)
        outline = np.clip(outline, -4000, 6000)
        window = self._window(np.concatenate([outline - 3 * soft, outline + 3 * soft]))
        if window is None:
            return
        rows, columns = window
        mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.float32)
        cv2.fillPoly(mask, [np.rint(outline - (columns.start, rows.start)).astype(np.int32)], 1.0)
        small = cv2.resize(mask, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), soft / 4 + 0.3)
        mask = cv2.resize(small, (mask.shape[1], mask.shape[0]), interpolation=cv2.INTER_LINEAR)
        flat = self.hiding[rows, columns] < self.near[rows, columns]
        self.colour[rows, columns] *= 1 - np.float32(strength) * (mask * flat)[..., None]

    # ---- what stands ------------------------------------------------------------------------------------------

    def face(
        self,
        origin: Point,
        across: Point,
        downward: Point,
        texture: Picture,
        lit: float | None = None,
        hides: bool = True,
    ) -> None:
        """Hang a texture (BGR or BGRA) on a parallelogram: its left top corner and its two edges, in metres.

        lit replaces the daylight by one factor (1 is the texture as painted). hides says whether people vanish behind.
        """
        o, a, d = (np.array(v, float) for v in (origin, across, downward))
        outline = self._outline(np.array([o, o + a, o + a + d, o + d]))
        window = None if outline is None else self._window(outline)
        if outline is None or window is None:
            return
        texture = self._shrunk(texture, outline)
        th, tw = texture.shape[:2]
        e1, e2, e0 = self.lens.axes @ a / tw, self.lens.axes @ d / th, self.lens.seen(o)
        normal = np.cross(e1, e2)
        away = float(normal @ e0)
        if abs(away) < 1e-12:
            return
        rows, columns = window
        lens = np.array(
            [[self.focal, 0, self.w / 2 - columns.start], [0, self.focal, self.h / 2 - rows.start], [0, 0, 1]]
        )
        size = columns.stop - columns.start, rows.stop - rows.start
        warp = lens @ np.stack([e1, e2, e0], axis=1)
        warped = np.asarray(cv2.warpPerspective(texture, warp, size, flags=cv2.INTER_LINEAR), np.uint8)
        xs = (np.arange(columns.start, columns.stop) + 0.5 - self.w / 2) / self.focal
        ys = (np.arange(rows.start, rows.stop) + 0.5 - self.h / 2) / self.focal
        inverse = ((normal[0] * xs[None] + normal[1] * ys[:, None] + normal[2]) / away).astype(np.float32)
        factor = np.full(3, lit) if lit is not None else self._daylight(a, d, away)
        lit_up = np.asarray(warped[..., :3] * factor.astype(np.float32), np.float32)
        self._put(window, lit_up, warped[..., 3], inverse, hides)

    def _shrunk(self, texture: Picture, outline: Floats) -> Picture:
        if texture.shape[2] == 3:
            texture = np.asarray(cv2.cvtColor(texture, cv2.COLOR_BGR2BGRA), np.uint8)
        else:  # colours times coverage, so that no edge mixes in what is not there
            b, g, r, a = cv2.split(texture)
            colours = [cv2.multiply(c, a, scale=1 / 255) for c in (b, g, r)]
            texture = np.asarray(cv2.merge([*colours, a]), np.uint8)
        span = outline.max(axis=0) - outline.min(axis=0)
        k = np.minimum(1.0, span * 1.1 / (texture.shape[1], texture.shape[0]))
        if k.min() < 0.75:
            size = max(2, int(texture.shape[1] * k[0])), max(2, int(texture.shape[0] * k[1]))
            texture = np.asarray(cv2.resize(texture, size, interpolation=cv2.INTER_AREA), np.uint8)
        return texture

    def _daylight(self, across: Floats, downward: Floats, away: float) -> Floats:
        normal = np.cross(across, downward)
        normal = normal / np.linalg.norm(normal)
        if away > 0:  # the texture's right-handed normal looks away from the eye
            normal = -normal
        return np.asarray(self.light.on(normal[None])[0])

    def _put(
        self,
        window: tuple[slice, slice],
        bgr: Map,
        coverage: Picture,
        inverse: Map,
        hides: bool,
        before: Map | None = None,
    ) -> None:
        free = inverse > (self.near[window] if before is None else before)
        alpha = (coverage.astype(np.float32) / 255) * free
        part = self.colour[window]
        part += bgr * free[..., None] - alpha[..., None] * part
        solid = alpha > 0.5
        self.near[window][solid] = inverse[solid]
        if hides:
            self.hiding[window][solid] = inverse[solid]

    def card(
        self,
        x_m: float,
        y_m: float,
        width_m: float,
        height_m: float,
        texture: Picture,
        lit: float = 0.95,
        base_m: float = 0.0,
    ) -> None:
        """Stand a texture upright at a place, turned to the camera: trees, bushes, far things."""
        right = self.lens.axes[0] * width_m
        left = np.array([x_m, y_m, base_m + height_m]) - right / 2
        self.face(_xyz(left), _xyz(right), (0.0, 0.0, -height_m), texture, lit)

    def solid(self, solid: Solid, hides: bool = True) -> None:
        """Stand a solid that never moves."""
        patch = cut_out(solid, self.project, self.light, (self.w, self.h), fine=2)
        if patch is None:
            return
        h, w = patch.bgra.shape[:2]
        window = slice(patch.y_px, patch.y_px + h), slice(patch.x_px, patch.x_px + w)
        inverse = np.full((h, w), 1 / patch.depth_m, np.float32)
        # Its own ground is nearer than its middle and must not hide its feet: only what stands is asked.
        self._put(
            window, patch.bgra[..., :3].astype(np.float32), patch.bgra[..., 3], inverse, hides, self.hiding[window]
        )

    def line(self, points: Sequence[Point], thick_m: float, colour: Sequence[float]) -> None:
        """Stretch a wire, a rail or a rope through points; it hides nothing."""
        pixels, depth = self.project(np.array(points, float))
        for i in range(len(pixels) - 1):
            if min(depth[i], depth[i + 1]) > 2 * NEAR_M:
                middle = float(depth[i] + depth[i + 1]) / 2
                self._stroke(pixels[i], pixels[i + 1], middle, thick_m, colour)

    def _stroke(self, a: Floats, b: Floats, depth: float, thick_m: float, colour: Sequence[float]) -> None:
        width = thick_m * self.focal / depth
        window = self._window(np.array([np.minimum(a, b) - width - 2, np.maximum(a, b) + width + 2]))
        if window is None:
            return
        rows, columns = window
        mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
        ends = [tuple(int(v) for v in np.rint((p - (columns.start, rows.start)) * 16)) for p in (a, b)]
        cv2.line(mask, ends[0], ends[1], round(255 * min(1.0, width)), max(1, round(width)), cv2.LINE_AA, 4)
        inverse = np.full(mask.shape, 1 / depth, np.float32)
        free = inverse > self.hiding[window]
        alpha = (mask.astype(np.float32) / 255 * free)[..., None]
        part = self.colour[window]
        part += alpha * (np.array(colour, np.float32) - part)

    # ---- the end ----------------------------------------------------------------------------------------------

    def finish(self, vignette: float = 0.16) -> Backdrop:
        """Add corners' darkness, air and the lens; return the picture."""
        self._darken_corners()
        depth = 1 / np.maximum(self.near, 1 / 4000)
        air = np.exp(-depth / np.float32(self.haze_m))[..., None]
        drawn = (self.near > 0)[..., None]
        colour = np.where(drawn, self.colour * air + self.haze * (1 - air), self.colour)
        x, y = self._bent(FINE)
        bent = cv2.remap(colour, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        small = cv2.resize(bent, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(small, (0, 0), 1.1)
        small = small + np.float32(0.30) * (small - soft)  # the camera's own sharpening, with its faint halos
        small = 255 * np.clip(small / 255, 0, 1) ** np.float32(TONE) * self._falloff(vignette)
        x, y = self._bent(1)
        hiding = cv2.remap(self.hiding, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)
        return Backdrop(np.clip(np.rint(small), 0, 255).astype(np.uint8), np.asarray(hiding, np.float32))

    def _darken_corners(self) -> None:
        """Take light out of nooks: where the neighbourhood is nearer than the place itself (an unsharp depth mask)."""
        small = cv2.resize(self.near, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        depth = np.log(1 / np.maximum(small, 1 / 90))
        lost = np.zeros_like(depth)
        for sigma, strength in ((3.0, 0.8), (9.0, 0.45)):
            lost += np.float32(strength) * np.clip(depth - cv2.GaussianBlur(depth, (0, 0), sigma), 0, 0.3)
        lost *= small > 1 / 90  # the sky and what is far loses nothing
        self.colour *= 1 - cv2.resize(lost, (self.w, self.h), interpolation=cv2.INTER_LINEAR)[..., None]

    def _bent(self, fine: int) -> tuple[Map, Map]:
        """Return for each pixel of the picture (times fine) where on the canvas it is."""
        ys, xs = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX].astype(np.float32)
        bent = np.stack([xs + 0.5 - WIDTH_PX / 2, ys + 0.5 - HEIGHT_PX / 2], axis=-1) / self.lens.focal_px
        flat = self.lens.unbent(bent) * self.focal + (self.w / 2 - 0.5, self.h / 2 - 0.5)
        if fine > 1:  # the bend is smooth: in between, the mean will do
            flat = np.asarray(cv2.resize(flat, (WIDTH_PX * fine, HEIGHT_PX * fine), interpolation=cv2.INTER_LINEAR))
        return flat[..., 0].astype(np.float32), flat[..., 1].astype(np.float32)

    def _falloff(self, vignette: float) -> Map:
        ys, xs = np.mgrid[-1 : 1 : HEIGHT_PX * 1j, -1 : 1 : WIDTH_PX * 1j]
        return np.asarray((1 - vignette * ((xs**2 + ys**2) / 2) ** 1.5)[..., None], np.float32)


def _xyz(v: Floats) -> Point:
    return float(v[0]), float(v[1]), float(v[2])
