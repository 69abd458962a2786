"""What each kind of note does to a picture, in pixels."""

from collections.abc import Sequence

import numpy as np
import pytest

from camtool.core.notes import Colour, Kind, Note, Position
from camtool.core.notes_text import notes_of
from camtool.errors import NoGlyph
from camtool.media.note_draw import DIMMED, Picture, draw_notes, line_px, outside
from tests.makers.video import picture, read_number

RED = (255, 59, 48)


def grey(value: int = 120, size: tuple[int, int] = (640, 360)) -> Picture:
    return np.full((size[1], size[0], 3), value, np.uint8)


def note(
    kind: Kind, place: Sequence[float], label: str = "", colour: Colour = RED, closed: bool = True, zoom: float = 2.0
) -> Note:
    return Note(kind, 0, None, (Position(0, tuple(map(float, place))),), colour, label, closed, zoom)


def drawn(image: Picture, *notes: Note, at_us: int = 0) -> Picture:
    image = image.copy()
    draw_notes(image, notes, at_us)
    return image


def touched(before: Picture, after: Picture) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is not as it was."""
    rows, columns = np.nonzero((before != after).any(axis=2))
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def test_a_box_is_a_line_on_its_border_and_leaves_what_is_in_it():
    image = drawn(grey(), note(Kind.BOX, (100, 80, 200, 120)))
    reach = line_px(image) // 2 + 3
    left, top, right, bottom = touched(grey(), image)
    assert (100 - reach <= left <= 100, 80 - reach <= top <= 80) == (True, True)
    assert (300 <= right <= 300 + reach, 200 <= bottom <= 200 + reach) == (True, True)
    assert tuple(image[140, 100]) == RED
    assert (image[80 + reach : 200 - reach, 100 + reach : 300 - reach] == 120).all()


def test_an_ellipse_touches_the_middles_of_its_box_and_not_its_corners():
    image = drawn(grey(), note(Kind.ELLIPSE, (100, 80, 200, 120)))
    assert [tuple(image[y, x]) for x, y in ((100, 140), (299, 140), (200, 80), (200, 199))] == [RED] * 4
    assert (image[80:90, 100:120] == 120).all()
    assert (image[140, 200] == 120).all()


def test_an_arrow_has_its_barbs_at_its_second_end():
    image = drawn(grey(), note(Kind.ARROW, (100, 180, 400, 180)))
    changed = (image != 120).any(axis=2)
    assert changed[150:180, 380:400].any(), "barbs at the tip"
    assert not changed[150:172, 100:200].any(), "none at the tail"
    assert tuple(image[180, 250]) == RED


def test_a_polygon_closed_and_open():
    corners = (100, 100, 300, 100, 300, 250)
    closed = drawn(grey(), note(Kind.POLYGON, corners))
    opened = drawn(grey(), note(Kind.POLYGON, corners, closed=False))
    middle = (175, 200)  # of the side that leads back
    assert tuple(closed[middle]) == RED
    assert (opened[middle] == 120).all()
    assert tuple(opened[100, 200]) == RED


def test_a_moving_note_is_drawn_where_it_is_at_that_time():
    (moving,) = notes_of([{"kind": "box", "at": {"0": ["0", "0", "50", "50"], "10": ["400", "200", "50", "50"]}}])
    left, top, *_ = touched(grey(), drawn(grey(), moving, at_us=5_000_000))
    assert (abs(left - 200) < 5, abs(top - 100) < 5) == (True, True)


def test_outside_its_span_nothing_is_drawn():
    late = Note(Kind.BOX, 1_000_000, 2_000_000, (Position(0, (10.0, 10.0, 20.0, 20.0)),), RED)
    assert (drawn(grey(), late, at_us=999_999) == 120).all()
    assert not (drawn(grey(), late, at_us=1_000_000) == 120).all()
    assert (drawn(grey(), late, at_us=2_000_000) == 120).all()


def test_what_is_blurred_cannot_be_read_and_the_rest_is_untouched():
    image = picture(0b1010110011, (640, 360))
    assert read_number(image) == 0b1010110011
    blurred = drawn(image, note(Kind.BLUR, (0, 0, 640, 90)))
    assert read_number(blurred) != 0b1010110011
    assert len(np.unique(blurred[:90].reshape(-1, 3), axis=0)) <= 6, "six blocks along the longer side"
    assert (blurred[90:] == image[90:]).all()


def test_a_magnifier_shows_blurred_what_was_blurred():
    image = picture(0b1010110011, (640, 360))
    part = (0, 0, 160, 80)
    both = drawn(image, note(Kind.MAGNIFIER, part, zoom=2.0), note(Kind.BLUR, (0, 0, 640, 90)))
    plain = drawn(image, note(Kind.MAGNIFIER, part, zoom=2.0))
    copy = (slice(190, 340), slice(320, 620))  # the corner that lies farthest
    assert plain[copy].std() > 2 * both[copy].std()


def test_a_magnifier_enlarges_by_its_zoom_and_sharpens_nothing():
    image = grey()
    image[100:120, 100:130] = 200
    large = drawn(image, note(Kind.MAGNIFIER, (90, 90, 50, 40), zoom=3.0))
    bright = (large[170:, 300:] > 160).all(axis=2)
    assert bright.sum() == pytest.approx(20 * 30 * 9, rel=0.05)
    assert large.max() <= 255
    assert (large[100:120, 100:130] == 200).all(), "the place itself stays"


def test_a_spotlight_dims_what_lies_around_it():
    image = drawn(grey(), note(Kind.SPOTLIGHT, (200, 100, 200, 160)))
    assert tuple(image[180, 300]) == (120, 120, 120)
    assert abs(int(image[10, 10, 0]) - round(120 * DIMMED)) <= 1
    two = drawn(grey(), note(Kind.SPOTLIGHT, (0, 0, 100, 100)), note(Kind.SPOTLIGHT, (500, 200, 100, 100)))
    assert (tuple(two[50, 50]), tuple(two[250, 550])) == ((120,) * 3, (120,) * 3), "neither darkens the other"


def test_labels_stand_above_their_shapes_inside_the_picture_and_not_on_each_other():
    names = "Xe máy của ông A", "Người mặc áo sẫm", "Ngưỡng cửa Ễ ỡ ờ"
    alone = [drawn(grey(), note(Kind.BOX, (300, 150, 60, 60), name)) for name in names]
    for image in alone:
        left, top, right, bottom = touched(grey(), image)
        assert (left >= 0, top < 145, right <= 640, bottom < 220) == (True,) * 4
    together = drawn(grey(), *(note(Kind.BOX, (300, 150, 60, 60), name) for name in names))
    plates = [(image[..., 0] == 24).sum() for image in (*alone, together)]
    assert plates[3] == pytest.approx(sum(plates[:3]), rel=0.1), "three plates, none covered"
    edge = drawn(grey(), note(Kind.BOX, (0, 0, 640, 360), names[0]), note(Kind.TEXT, (5000, 5000), names[1]))
    assert edge.shape == (360, 640, 3)


def test_a_long_label_is_broken_into_lines_and_a_long_word_too():
    for label in ("biển số chưa rõ " * 12, "x" * 190):
        left, top, right, bottom = touched(grey(), drawn(grey(), note(Kind.TEXT, (300, 300), label.strip())))
        assert (left >= 0, top >= 0, right <= 640, bottom <= 360, bottom - top > 30) == (True,) * 5


def test_a_letter_that_the_font_lacks_is_an_error_not_a_box():
    with pytest.raises(NoGlyph):
        drawn(grey(), note(Kind.BOX, (10, 10, 50, 50), "xe 🛵"))


@pytest.mark.parametrize("kind", [Kind.BOX, Kind.ELLIPSE, Kind.BLUR, Kind.SPOTLIGHT, Kind.MAGNIFIER])
def test_what_lies_partly_or_wholly_outside_is_no_trouble(kind):
    for place in ((-30, -30, 60, 60), (620, 340, 90, 90), (-500, 10, 50, 50), (900, 900, 50, 50), (-5, -5, 9000, 9000)):
        assert drawn(grey(), note(kind, place)).shape == (360, 640, 3)
    assert outside(note(kind, (900, 900, 50, 50)), (640, 360))
    assert not outside(note(kind, (620, 340, 90, 90)), (640, 360))


def test_an_arrow_across_the_picture_is_not_outside():
    assert not outside(note(Kind.ARROW, (-10, 180, 700, 180)), (640, 360))
    assert outside(note(Kind.ARROW, (-90, 180, -10, 200)), (640, 360))


def test_a_dark_colour_still_gives_words_that_show():
    image = drawn(grey(), note(Kind.TEXT, (50, 50), "Bóng tối", colour=(0, 0, 0)))
    assert (image == 255).all(axis=2).any()
