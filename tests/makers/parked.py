"""Drawings for tests of `when`: a thing that stands somewhere, and what stands in front of it."""

from tests.makers.scene import Drawing, Grey

BOX = (120, 60, 40, 30)


def parked(start_s: float, end_s: float, box_px: tuple[int, int, int, int] = BOX, speed_px: float = 0) -> Drawing:
    """Draw a thing with wheels, a seat and a lamp; from end_s on it is gone, or rolls off by so many px a picture."""
    x, y, w, h = box_px

    def draw(picture: Grey, at_s: float) -> Grey:
        left = x
        if at_s >= end_s:
            if not speed_px:
                return picture
            left = x + round((at_s - end_s) * 10 * speed_px)
        if at_s < start_s or left + w > picture.shape[1]:
            return picture
        picture[y + h // 3 : y + h, left + 2 : left + w - 2] = 40
        picture[y + h // 2 : y + h - 4, left + 6 : left + 14] = 200
        picture[y + h // 2 : y + h - 4, left + w - 14 : left + w - 6] = 210
        picture[y : y + h // 3, left + w // 3 : left + w // 2] = 230
        picture[y + 4 : y + 8, left + 4 : left + w - 8] = 20
        return picture

    return draw


def person(start_s: float, end_s: float, left: int = 110, width: int = 30, top: int = 20) -> Drawing:
    """Draw somebody who stands there for a while."""

    def draw(picture: Grey, at_s: float) -> Grey:
        if start_s <= at_s < end_s:
            picture[top : top + 25, left + 8 : left + width - 8] = 170
            picture[top + 25 : top + 90, left : left + width] = 70
            picture[top + 40 : top + 44, left : left + width] = 140
        return picture

    return draw


def infrared(picture: Grey, _at_s: float) -> Grey:
    """Make it as dark and flat as under an infrared lamp; with write_scene(black=True) it is grey, too."""
    return picture * 0.6 + 5
