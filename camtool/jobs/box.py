"""A box of a camera's picture, as it is typed: four numbers in pixels, or the name of a zone."""

import re
from dataclasses import dataclass

from camtool.core.model import Camera
from camtool.errors import BoxOutside, UnknownZoneName, UnreadableBox

BoxPx = tuple[int, int, int, int]

# As people type it: commas, semicolons, x or blanks between, in brackets or not.
_FOUR = re.compile(
    r"\s*[\[(]?\s*(-?\d{1,6})\s*(?:[,;x×]|\s)\s*(-?\d{1,6})\s*(?:[,;x×]|\s)\s*(-?\d{1,6})\s*(?:[,;x×]|\s)\s*(-?\d{1,6})\s*[\])]?\s*"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A box in pixels, or a zone's corners in fractions of the picture."""

    box_px: BoxPx | None = None
    zone: str | None = None
    corners: tuple[tuple[float, float], ...] = ()

    def in_px(self, camera: int, size_px: tuple[int, int]) -> BoxPx:
        """Return the box in pixels of a picture of a size. Raises BoxOutside."""
        width, height = size_px
        if self.box_px is not None:
            x, y, w, h = self.box_px
            if x < 0 or y < 0 or w < 1 or h < 1 or x + w > width or y + h > height:
                raise BoxOutside(box=",".join(map(str, self.box_px)), camera=camera, width=width, height=height)
            return self.box_px
        across = [min(max(x, 0.0), 1.0) * width for x, _ in self.corners]
        down = [min(max(y, 0.0), 1.0) * height for _, y in self.corners]
        left, top = int(min(across)), int(min(down))
        right, bottom = min(width, int(max(across) + 1)), min(height, int(max(down) + 1))
        if right <= left or bottom <= top:
            raise BoxOutside(box=self.zone or "", camera=camera, width=width, height=height)
        return left, top, right - left, bottom - top


def read_box(camera: Camera, text: str) -> Place:
    """Read four numbers, or a zone's name. Raises UnreadableBox."""
    four = _FOUR.fullmatch(text)
    if four is not None:
        x, y, w, h = (int(number) for number in four.groups())
        return Place(box_px=(x, y, w, h))
    zone = _zone(camera, text)
    if zone is None:
        known = ", ".join(each.name for each in camera.zones) or "-"
        raise UnreadableBox(text=text, camera=camera.number, known=known)
    return zone


def read_zone(camera: Camera, name: str) -> Place:
    """Find a zone by its name. Raises UnknownZoneName."""
    zone = _zone(camera, name)
    if zone is None:
        known = ", ".join(each.name for each in camera.zones) or "-"
        raise UnknownZoneName(zone=name, camera=camera.number, known=known)
    return zone


def _zone(camera: Camera, name: str) -> Place | None:
    found = next((each for each in camera.zones if each.name == name.strip()), None)
    return None if found is None else Place(zone=found.name, corners=found.corners)
