"""Zones on a picture: each where its corners say, named, told from masks; and rulers to read corners off."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from camtool.core.zone import Zone
from camtool.errors import NoGlyph, OutputExists, UnfitName
from camtool.media.zones_picture import FOOT_PX, MASK_COLOUR, RULER_PX, ZONE_COLOURS, write_zones

GREY = np.full((360, 640, 3), 100, np.uint8)
YARD = Zone("Sân", ((0.1, 0.5), (0.4, 0.5), (0.4, 0.9), (0.1, 0.9)))
ROAD = Zone("Lòng đường", ((0.5, 0.6), (1.0, 0.6), (1.0, 1.0), (0.5, 1.0)))
TREE = Zone("Cây", ((0.6, 0.1), (0.9, 0.1), (0.75, 0.45)))


def drawn(out: Path, zones=(), masks=(), image=GREY, **more) -> np.ndarray:
    write_zones(image, zones, masks, out, **more)
    with Image.open(out) as page:
        assert page.format == "PNG"
        return np.asarray(page)


def inside(page: np.ndarray) -> np.ndarray:
    return np.asarray(page[RULER_PX : -RULER_PX - FOOT_PX, RULER_PX:-RULER_PX], int)


def at(picture: np.ndarray, x: float, y: float) -> np.ndarray:
    height, width = picture.shape[:2]
    return np.asarray(picture[round(y * (height - 1)), round(x * (width - 1))])


def test_a_zone_is_tinted_in_its_colour_and_nothing_else_is(tmp_path):
    before, after = inside(drawn(tmp_path / "a.png")), inside(drawn(tmp_path / "b.png", [YARD, ROAD]))
    assert before.shape == after.shape == (720, 1280, 3)
    for (x, y), colour in (((0.15, 0.55), ZONE_COLOURS[0]), ((0.93, 0.65), ZONE_COLOURS[1])):
        share = (at(after, x, y) - at(before, x, y)) / (np.array(colour) - at(before, x, y))
        assert share == pytest.approx([70 / 255] * 3, abs=0.03)
    for x, y in ((0.05, 0.55), (0.45, 0.7), (0.7, 0.3), (0.93, 0.55)):
        assert (at(after, x, y) == at(before, x, y)).all()


def test_a_mask_is_hatched_in_red_in_its_own_shape(tmp_path):
    before, after = inside(drawn(tmp_path / "a.png")), inside(drawn(tmp_path / "b.png", masks=[TREE]))
    changed = (np.abs(after - before).sum(axis=2) > 8).astype(float)
    area = 0.3 * 0.35 / 2
    assert changed.mean() == pytest.approx(area, rel=0.2)
    rows, columns = np.nonzero(changed)
    assert columns.min() / 1280 == pytest.approx(0.6, abs=0.01)
    assert columns.max() / 1280 == pytest.approx(0.9, abs=0.01)
    assert rows.max() / 720 == pytest.approx(0.45, abs=0.02)
    part = after[90:130, 830:870].reshape(-1, 3)
    assert len(np.unique(part, axis=0)) == 2  # lines and gaps
    assert (np.abs(after - MASK_COLOUR).sum(axis=2) < 12).any()


def test_other_names_are_other_pixels_and_lie_within_the_picture(tmp_path):
    one = inside(drawn(tmp_path / "a.png", [YARD]))
    other = inside(drawn(tmp_path / "b.png", [Zone("Sấn", YARD.corners)]))
    rows, columns = np.nonzero((one != other).any(axis=2))
    assert 0.2 < columns.mean() / 1280 < 0.3
    assert 0.65 < rows.mean() / 720 < 0.75
    edge = Zone("Cổng sau trường tiểu học", ((0.99, 0.0), (1.0, 0.0), (1.0, 0.01)))
    assert (inside(drawn(tmp_path / "c.png", [edge]))[2:40].min(axis=2) > 240).sum() > 400


def test_names_do_not_lie_on_each_other(tmp_path):
    twice = drawn(tmp_path / "a.png", [YARD, Zone("Cổng", YARD.corners)])
    white = (inside(twice).min(axis=2)[330:720, 100:520] > 235).sum()
    single = (inside(drawn(tmp_path / "b.png", [YARD])).min(axis=2)[330:720, 100:520] > 235).sum()
    assert white > 1.6 * single


def test_rulers_have_a_stroke_at_every_hundredth(tmp_path):
    page = drawn(tmp_path / "a.png")
    height, width = 720, 1280
    top = (page[RULER_PX - 3, RULER_PX : RULER_PX + width] < 100).all(axis=1)
    assert np.flatnonzero(top).tolist() == [min(width * step // 100, width - 1) for step in range(101)]
    left = (page[RULER_PX : RULER_PX + height, RULER_PX - 13] < 100).all(axis=1)
    assert np.flatnonzero(left).tolist() == [min(height * step // 10, height - 1) for step in range(11)]
    for stripe in (page[:RULER_PX, RULER_PX:-RULER_PX], page[RULER_PX:-RULER_PX, :RULER_PX]):
        assert (stripe < 100).all(axis=2).sum() > 800  # numbers


@pytest.mark.parametrize(
    ("size", "aspect", "wanted"),
    [((320, 240), 1, (1280, 960)), ((704, 576), Fraction(12, 11), (1280, 960)), ((3840, 2160), 1, (1920, 1080))],
)
def test_any_size_comes_out_readable_and_undistorted(tmp_path, size, aspect, wanted):
    image = np.full((size[1], size[0], 3), 90, np.uint8)
    page = drawn(tmp_path / "a.png", [YARD], image=image, pixel_aspect=Fraction(aspect))
    assert inside(page).shape == (wanted[1], wanted[0], 3)


def test_corners_outside_are_no_matter(tmp_path):
    wild = Zone("x", ((-0.5, -0.5), (2.0, 0.1), (0.5, 3.0)))
    assert inside(drawn(tmp_path / "a.png", [wild], [wild])).shape == (720, 1280, 3)


def test_what_cannot_be_done_leaves_nothing(tmp_path):
    with pytest.raises(UnfitName):
        write_zones(GREY, [YARD], [], tmp_path / "a.jpg")
    with pytest.raises(NoGlyph):
        write_zones(GREY, [Zone("市", YARD.corners)], [], tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "a.png").write_bytes(b"kept")
    with pytest.raises(OutputExists):
        write_zones(GREY, [YARD], [], tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == b"kept"
