"""Notes drawn into a picture: what hides first, then what enlarges, then lines, and words last.

In this order a magnifier shows what was blurred as blurred, and no line lies over a word. Lines come from OpenCV, which
draws them smooth; words from Pillow and Roboto, because OpenCV's own letters are wrong in Vietnamese.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from camtool.core.notes import Colour, Kind, Note
from camtool.media.letters import composed, length_px, put

Picture = NDArray[np.uint8]
Corners = tuple[int, int, int, int]

RIM: Colour = (20, 20, 20)
PLATE: Colour = (24, 28, 34)
# Around a spotlight a third of the light stays: dark enough to lead the eye, light enough to see what else is there.
DIMMED = 0.33
# A blurred part keeps this many blocks along its longer side: no face or plate can be read out of 6 x 6 grey values.
BLOCKS = 6
# Of the picture's height: the line of a shape, and the letters of a label (38 pixels of 1080).
LINE_SHARE, LETTER_SHARE = 1 / 270, 1 / 28
LEAST_LINE_PX, LEAST_LETTER_PX = 2, 13
# A magnifier's copy takes at most this share of the picture each way.
COPY_SHARE = 0.45

_FIRST = (Kind.BLUR, Kind.SPOTLIGHT, Kind.MAGNIFIER)


def draw_notes(image: Picture, notes: Sequence[Note], at_us: int) -> None:
    """Draw what is shown at an instant of the clip into image, uint8 RGB (height, width, 3), in place.

    Raises NoGlyph for a label that the font cannot draw.
    """
    shown = [(note, note.numbers_at(at_us)) for note in notes if note.shown_at(at_us)]
    for note, place in shown:
        if note.kind is Kind.BLUR:
            _blur(image, _corners(place, image))
    spots = [(note, place) for note, place in shown if note.kind is Kind.SPOTLIGHT]
    if spots:
        _spotlights(image, [place for _, place in spots])
    labels: list[tuple[Note, Corners]] = []
    for note, place in shown:
        if note.kind is Kind.MAGNIFIER:
            labels.append((note, _magnify(image, note, place)))
    for note, place in shown:
        if note.kind not in _FIRST:
            _shape(image, note, place)
        if note.kind is not Kind.MAGNIFIER:
            labels.append((note, _around(note, place)))
    _write(image, labels)


def line_px(image: Picture) -> int:
    """Return how thick a line is in a picture of this height."""
    return max(LEAST_LINE_PX, round(int(image.shape[0]) * LINE_SHARE))


def _letter_px(image: Picture) -> int:
    return max(LEAST_LETTER_PX, round(int(image.shape[0]) * LETTER_SHARE))


def _corners(place: Sequence[float], image: Picture) -> Corners:
    """Return x, y, w, h as left, top, right, bottom, as far as it lies in the picture."""
    height, width = image.shape[:2]
    x, y, w, h = place
    left, top = max(0, round(x)), max(0, round(y))
    return left, top, max(left, min(width, round(x + w))), max(top, min(height, round(y + h)))


def _blur(image: Picture, corners: Corners) -> None:
    left, top, right, bottom = corners
    if right <= left or bottom <= top:
        return
    part = image[top:bottom, left:right]
    longer = max(part.shape[:2])
    few = tuple(max(1, round(side * BLOCKS / longer)) for side in (part.shape[1], part.shape[0]))
    coarse = cv2.resize(np.ascontiguousarray(part), few, interpolation=cv2.INTER_AREA)
    part[:] = cv2.resize(coarse, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_NEAREST)


def _spotlights(image: Picture, places: Sequence[Sequence[float]]) -> None:
    """Darken everything but the ellipses in the boxes."""
    light = np.zeros(image.shape[:2], np.uint8)
    for place in places:
        _ellipse(light, place, 255, -1)
    light = cv2.GaussianBlur(light, (0, 0), max(1.0, image.shape[0] / 180)).astype(np.uint8)
    share = DIMMED + (1 - DIMMED) * (light.astype(np.float32) / 255)
    image[:] = (image * share[..., None]).astype(np.uint8)


def _ellipse(image: Picture, place: Sequence[float], colour: Colour | int, thick: int) -> None:
    x, y, w, h = place
    # OpenCV takes sixteenths of a pixel with shift=4, so that a slow note does not jump.
    middle = round((x + w / 2) * 16), round((y + h / 2) * 16)
    axes = max(1, round(w * 8)), max(1, round(h * 8))
    cv2.ellipse(image, middle, axes, 0, 0, 360, colour, thick, cv2.LINE_AA, 4)


def _shape(image: Picture, note: Note, place: Sequence[float]) -> None:
    """Draw a shape's line over a dark rim, so that it shows on light and on dark."""
    thick = line_px(image)
    for colour, width in ((RIM, thick + 2), (note.colour, thick)):
        if note.kind is Kind.BOX:
            _polyline(image, _box_points(place), True, colour, width)
        elif note.kind is Kind.ELLIPSE:
            _ellipse(image, place, colour, width)
        elif note.kind is Kind.POLYGON:
            points = list(zip(place[::2], place[1::2], strict=True))
            _polyline(image, points, note.closed, colour, width)
        elif note.kind is Kind.ARROW:
            _arrow(image, place, colour, width, thick)


def _box_points(place: Sequence[float]) -> list[tuple[float, float]]:
    x, y, w, h = place
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def _polyline(image: Picture, points: Sequence[tuple[float, float]], closed: bool, colour: Colour, thick: int) -> None:
    scaled = np.rint(np.asarray(points, np.float64) * 16).astype(np.int32)
    cv2.polylines(image, [scaled.reshape(-1, 1, 2)], closed, colour, thick, cv2.LINE_AA, 4)


def _arrow(image: Picture, place: Sequence[float], colour: Colour, width: int, thick: int) -> None:
    """Draw a shaft and two barbs; barbs are no longer than a third of the shaft."""
    tail, tip = np.asarray(place[:2], np.float64), np.asarray(place[2:], np.float64)
    shaft = tip - tail
    length = float(np.hypot(*shaft))
    along = shaft / length
    barb = min(length / 3, 7.0 * thick)
    across = np.asarray((-along[1], along[0]))
    _polyline(image, [tuple(tail), tuple(tip)], False, colour, width)
    ends = [tip - along * barb + across * barb * 0.6, tip - along * barb - across * barb * 0.6]
    _polyline(image, [tuple(ends[0]), tuple(tip), tuple(ends[1])], False, colour, width)


def _magnify(image: Picture, note: Note, place: Sequence[float]) -> Corners:
    """Show a part once more, larger, in the corner that lies farthest from it; return where the copy is."""
    height, width = image.shape[:2]
    left, top, right, bottom = _corners(place, image)
    if right <= left or bottom <= top:
        return 0, 0, 0, 0
    part = np.ascontiguousarray(image[top:bottom, left:right])
    zoom = min(note.zoom, width * COPY_SHARE / part.shape[1], height * COPY_SHARE / part.shape[0])
    size = max(2, round(part.shape[1] * zoom)), max(2, round(part.shape[0] * zoom))
    # Cubic, without sharpening: a copy is made larger, never clearer than it is.
    copy = cv2.resize(part, size, interpolation=cv2.INTER_CUBIC)
    thick = line_px(image)
    gap = 2 * thick
    middle = (left + right) / 2, (top + bottom) / 2
    places = [(x, y) for x in (gap, width - size[0] - gap) for y in (gap, height - size[1] - gap)]
    x, y = max(places, key=lambda at: abs(at[0] + size[0] / 2 - middle[0]) + abs(at[1] + size[1] / 2 - middle[1]))
    x, y = max(0, x), max(0, y)
    image[y : y + size[1], x : x + size[0]] = copy[: height - y, : width - x]
    copied: Corners = (x, y, min(width, x + size[0]), min(height, y + size[1]))
    for colour, wide in ((RIM, thick + 2), (note.colour, thick)):
        _polyline(image, _box_points((left, top, right - left, bottom - top)), True, colour, wide)
        _polyline(image, _link((left, top, right, bottom), copied), False, colour, max(1, wide // 2))
        _polyline(image, _box_points((x, y, copied[2] - x, copied[3] - y)), True, colour, wide)
    return copied


def _link(one: Corners, other: Corners) -> list[tuple[float, float]]:
    """Return the shortest line between a side's middle of one box and one of the other."""

    def middles(corners: Corners) -> list[tuple[float, float]]:
        left, top, right, bottom = corners
        across, down = (left + right) / 2, (top + bottom) / 2
        return [(left, down), (right, down), (across, top), (across, bottom)]

    pairs = [[a, b] for a in middles(one) for b in middles(other)]
    return min(pairs, key=lambda pair: abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1]))


def _around(note: Note, place: Sequence[float]) -> Corners:
    """Return the box around a shape: where its label belongs."""
    if note.kind in (Kind.ARROW, Kind.POLYGON):
        xs, ys = place[::2], place[1::2]
        if note.kind is Kind.ARROW:  # its words stand where it comes from, not over what it points at
            return round(xs[0]), round(ys[0]), round(xs[0]), round(ys[0])
        return round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))
    if note.kind is Kind.TEXT:
        return round(place[0]), round(place[1]), round(place[0]), round(place[1])
    x, y, w, h = place
    return round(x), round(y), round(x + w), round(y + h)


def _write(image: Picture, labels: Sequence[tuple[Note, Corners]]) -> None:
    """Write the labels on dark plates: above their shapes, below where there is no room, inside the picture always."""
    taken: list[Corners] = []
    for note, around in labels:
        if not note.label:
            continue
        plate = _plate(note.label, note.colour, _letter_px(image), image.shape[1])
        x, y = _free(around, plate.size, image, taken)
        taken.append((x, y, x + plate.size[0], y + plate.size[1]))
        room = image[y : y + plate.size[1], x : x + plate.size[0]]
        room[:] = np.asarray(plate)[: room.shape[0], : room.shape[1]]


def _plate(label: str, colour: Colour, size_px: int, width_px: int) -> Image.Image:
    lines = _broken(label, size_px, width_px - size_px)
    step, air = round(size_px * 1.3), size_px // 3
    width = max(length_px(line, size_px) for line in lines) + 2 * air
    image = Image.new("RGB", (width, step * len(lines) + air), PLATE)
    draw = ImageDraw.Draw(image)
    # A dark colour would be lost on the plate: then the words are white.
    fill = colour if sum(colour) > 250 else (255, 255, 255)
    for place, line in enumerate(lines, 1):
        put(draw, (air, step * place - size_px // 8), line, size_px, fill)
    return image


def _broken(label: str, size_px: int, width_px: int) -> list[str]:
    """Break a label into lines that fit, between words where there are any."""
    lines: list[str] = []
    for word in composed(label).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and length_px(longer, size_px) <= width_px:
            lines[-1] = longer
            continue
        while length_px(word, size_px) > width_px and len(word) > 1:
            keep = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or length_px(word[:n], size_px) <= width_px)
            lines.append(word[:keep])
            word = word[keep:]
        lines.append(word)
    return lines


def _free(around: Corners, size: tuple[int, int], image: Picture, taken: Sequence[Corners]) -> tuple[int, int]:
    """Return where a plate covers neither its shape nor another plate, if there is such a place."""
    height, width = image.shape[:2]
    left, top, _right, bottom = around
    gap = line_px(image) * 2

    def inside(x: int, y: int) -> tuple[int, int]:
        return max(0, min(x, width - size[0])), max(0, min(y, height - size[1]))

    above, below = top - size[1] - gap, bottom + gap
    steps = [inside(left, above - place * (size[1] + gap)) for place in range(4)]
    steps += [inside(left, below + place * (size[1] + gap)) for place in range(4)]
    # Where the shape fills the picture from top to bottom, within its upper edge.
    steps.append(inside(left + gap, top + gap))

    def apart(at: tuple[int, int]) -> bool:
        box = (at[0], at[1], at[0] + size[0], at[1] + size[1])
        return not any(_meet(box, other) for other in (*taken, around))

    return next((at for at in steps if apart(at)), steps[-1])


def _meet(one: Corners, other: Corners) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def outside(note: Note, size_px: tuple[int, int]) -> bool:
    """Whether a note lies wholly outside a picture (width, height) at every one of its positions."""
    width, height = size_px
    for position in note.positions:
        left, top, right, bottom = _around(note, position.numbers)
        if note.kind is Kind.ARROW:
            (x0, x1), (y0, y1) = sorted(position.numbers[::2]), sorted(position.numbers[1::2])
            left, top, right, bottom = round(x0), round(y0), round(x1), round(y1)
        if left < width and top < height and right >= 0 and bottom >= 0:
            return False
    return True
