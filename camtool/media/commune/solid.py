"""Small solids made of flat faces: tubes, boxes, lofts; what people and vehicles are built of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from camtool.media.commune.lens import Floats

Colour = tuple[float, float, float]
Point = tuple[float, float, float]
Faces = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Solid:
    """Points in metres (n, 3), four-cornered faces (m, 4) anticlockwise as seen from outside, a BGR colour each (m, 3).

    normals (m, 3) are the faces' unit normals, outward. glow (m,) is 1 for a face that shines by itself (lamps) and 0
    for one that the daylight lights. base (4, 3) are the corners of the ground it covers.
    """

    points: Floats
    faces: Faces
    normals: Floats
    colours: Floats
    glow: Floats
    base: Floats


def _cross(a: Floats, b: Floats) -> Floats:
    """Return the cross products along the last axis; NumPy's own takes ten times as long for a few vectors."""
    x = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
    y = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    z = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return np.stack([x, y, z], axis=-1)


def _base(points: Floats) -> Floats:
    (x0, y0), (x1, y1) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return np.array([(x0, y0, 0), (x1, y0, 0), (x1, y1, 0), (x0, y1, 0)], float)


def _faced(points: Floats, faces: Faces, colours: Floats, glow: Floats) -> Solid:
    corner = points[faces]
    across = _cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1])
    normals = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    return Solid(points, faces, normals, colours, glow, _base(points))


@dataclass(frozen=True, slots=True)
class Tube:
    """A straight piece from start to end, with an elliptic ring at each: half-widths sideways and across, in metres."""

    start: Point
    end: Point
    ring0: tuple[float, float]
    ring1: tuple[float, float]
    colour: Colour
    sides: int = 7
    glow: float = 0.0


def rod(start: Point, end: Point, radius_m: float, colour: Colour, sides: int = 5) -> Tube:
    """Return a round tube of one thickness."""
    return Tube(start, end, (radius_m, radius_m), (radius_m, radius_m), colour, sides)


def box(centre: Point, half: Point, colour: Colour, glow: float = 0.0) -> Tube:
    """Return an upright box by its centre and half sizes (x, y, z)."""
    x, y, z = centre
    ring = half[0], half[1]
    return Tube((x, y, z - half[2]), (x, y, z + half[2]), ring, ring, colour, 4, glow)


def built(tubes: Sequence[Tube]) -> Solid:
    """Make one solid of many tubes, both ends closed."""
    points, faces, colours, glow = zip(*(_tube(tube) for tube in tubes), strict=True)
    base = np.cumsum([0] + [len(part) for part in points[:-1]])
    faces = tuple(part + b for part, b in zip(faces, base, strict=True))
    return _faced(np.concatenate(points), np.concatenate(faces), np.concatenate(colours), np.concatenate(glow))


def _tube(tube: Tube) -> tuple[Floats, Faces, Floats, Floats]:
    start, end = np.array(tube.start, float), np.array(tube.end, float)
    along = end - start
    along /= np.sqrt(along @ along)
    aside = np.array([1.0, 0, 0]) if abs(along[0]) < 0.9 else np.array([0, 1.0, 0])
    aside = aside - (aside @ along) * along
    aside /= np.sqrt(aside @ aside)
    across = _cross(along, aside)
    n = tube.sides
    # A four-sided tube is a box: its corners lie on the diagonals, so that the half-widths are those of its sides.
    angle = (np.arange(n) + (0.5 if n == 4 else 0.0)) * 2 * np.pi / n
    reach = np.sqrt(2) if n == 4 else 1.0
    rings = [
        centre + reach * (np.cos(angle)[:, None] * aside * wide + np.sin(angle)[:, None] * across * deep)
        for centre, (wide, deep) in ((start, tube.ring0), (end, tube.ring1))
    ]
    k = np.arange(n)
    mantle = np.stack([k, (k + 1) % n, n + (k + 1) % n, n + k], axis=1)
    cap = np.array([[0, i, i + 1, min(i + 2, n - 1)] for i in range(1, n - 1, 2)])
    faces = np.concatenate([mantle, cap[:, ::-1], n + cap])
    m = len(faces)
    return np.concatenate(rings), faces, np.tile(np.array(tube.colour, float), (m, 1)), np.full(m, tube.glow)


def loft(sections: Sequence[Sequence[Point]], colours: Sequence[Colour], ends: tuple[Colour, Colour]) -> Solid:
    """Skin over sections of equally many points; colours[i] is that of the strip from point i to point i + 1."""
    k = len(sections[0])
    points = np.array(sections, float).reshape(-1, 3)
    faces, paint = [], []
    for s in range(len(sections) - 1):
        for i in range(k):
            j = (i + 1) % k
            faces.append([s * k + i, s * k + j, (s + 1) * k + j, (s + 1) * k + i])
            paint.append(colours[i])
    last = (len(sections) - 1) * k
    for i in range(1, k - 1, 2):
        corner = [0, i, i + 1, min(i + 2, k - 1)]
        faces += [corner[::-1], [last + c for c in corner]]
        paint += [ends[0], ends[1]]
    return _faced(points, np.array(faces), np.array(paint, float), np.zeros(len(faces)))


def joined(solids: Iterable[Solid]) -> Solid:
    """Put several solids into one."""
    parts = list(solids)
    base = np.cumsum([0] + [len(part.points) for part in parts[:-1]])
    return Solid(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.faces + b for part, b in zip(parts, base, strict=True)]),
        np.concatenate([part.normals for part in parts]),
        np.concatenate([part.colours for part in parts]),
        np.concatenate([part.glow for part in parts]),
        _base(np.concatenate([part.points for part in parts])),
    )


def placed(solid: Solid, at: Point, heading_deg: float = 0.0, lean_deg: float = 0.0, size: float = 1.0) -> Solid:
    """Return the solid moved to a place, turned clockwise from north and leaning to its left."""
    turn, lean = np.radians(heading_deg), np.radians(lean_deg)
    tip = np.array([[np.cos(lean), 0, -np.sin(lean)], [0, 1, 0], [np.sin(lean), 0, np.cos(lean)]])
    spin = np.array([[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    turned = (spin @ tip).T
    points = (solid.points * size) @ turned + np.array(at)
    base = (solid.base * size) @ spin.T + np.array(at)
    return Solid(points, solid.faces, solid.normals @ turned, solid.colours, solid.glow, base)
