"""A camera on its pole: from metres in the world to pixels in the picture, and back to rays.

The world: x east, y north, z up, in metres; the ground is z = 0. The picture: x right, y down, in pixels.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Picture = npt.NDArray[np.uint8]

WIDTH_PX, HEIGHT_PX = 640, 360
NEAR_M = 0.3


@dataclass(frozen=True)
class Lens:
    """Where a camera hangs and how it looks.

    yaw_deg turns it clockwise from north, pitch_deg tips it down, fov_deg is the horizontal angle of view. bend is the
    barrel distortion that cheap 2.8-4 mm lenses have: a radius r (in focal lengths) appears at r / (1 + bend r²).
    """

    x_m: float = 0.0
    y_m: float = 0.0
    height_m: float = 5.5
    yaw_deg: float = 0.0
    pitch_deg: float = 14.0
    fov_deg: float = 76.0
    bend: float = 0.07

    @cached_property
    def focal_px(self) -> float:
        """Focal length in pixels of the picture."""
        return float(WIDTH_PX / 2 / np.tan(np.radians(self.fov_deg) / 2))

    @cached_property
    def place(self) -> Floats:
        """The eye, in metres."""
        return np.array([self.x_m, self.y_m, self.height_m])

    @cached_property
    def axes(self) -> Floats:
        """Rows: right, down, forward, as unit vectors of the world."""
        yaw, pitch = np.radians(self.yaw_deg), np.radians(self.pitch_deg)
        right = np.array([np.cos(yaw), -np.sin(yaw), 0.0])
        forward = np.array([np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), -np.sin(pitch)])
        return np.array([right, np.cross(forward, right), forward])

    def seen(self, points_m: Floats) -> Floats:
        """World points (…, 3) in the camera's own axes: right, down, depth, in metres."""
        return np.asarray((points_m - self.place) @ self.axes.T)

    def project(self, points_m: Floats) -> tuple[Floats, Floats]:
        """Pixels (…, 2) and depth (…) of world points; points nearer than NEAR_M are drawn as if at NEAR_M."""
        seen = self.seen(points_m)
        depth = np.maximum(seen[..., 2], NEAR_M)
        flat = seen[..., :2] / depth[..., None]
        bent = flat / (1 + self.bend * (flat**2).sum(axis=-1, keepdims=True))
        return bent * self.focal_px + (WIDTH_PX / 2, HEIGHT_PX / 2), seen[..., 2]

    def unbent(self, bent: Floats) -> Floats:
        """Undo the distortion: offsets from the centre (…, 2), in focal lengths."""
        if not self.bend:
            return bent
        radius = np.sqrt((bent**2).sum(axis=-1, keepdims=True))
        root = np.sqrt(np.maximum(1 - 4 * self.bend * radius**2, 0))
        return np.asarray(bent * (2 / (1 + root)))
