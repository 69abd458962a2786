"""The contact sheet, page by page: which pictures, which words, where the box; and what leaves nothing behind."""

import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from camtool.core.activity import Box
from camtool.errors import NoGlyph, NoSuchFolder, NothingToShow, OutputExists, UnfitName
from camtool.media.sheet import GAP_PX, HEAD_PX, MARGIN_PX, NOTICE, PAGE_PX, Cell, _grid, page_path, write_sheet
from camtool.media.sheet_picture import AROUND, EMPTY, MARK, pictured, wrapped
from tests.makers.video import picture, read_number

LINES = ("Giờ thật 23/11/2026 18:05:01", "Giờ máy quay 23/11/2026 18:00:01", "có vật chuyển động", "điểm 3.4")


def cell(drawn: int, **more) -> Cell:
    return replace(Cell(picture(drawn, (640, 360)), str(drawn), "3 Chợ", LINES), **more)


def page(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def cut_out(sheet: np.ndarray, place: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture and the words of a cell."""
    grid = _grid(columns)
    row, column = divmod(place, columns)
    x, y = MARGIN_PX + column * (grid.width_px + GAP_PX), MARGIN_PX + HEAD_PX + row * (grid.height_px + GAP_PX)
    whole = sheet[y : y + grid.height_px, x : x + grid.width_px]
    return whole[: grid.picture_px], whole[grid.picture_px :]


def near(image: np.ndarray, colour: tuple[int, int, int], by: int = 40) -> np.ndarray:
    return np.asarray(np.abs(image.astype(int) - colour).max(axis=-1) < by)


def test_every_event_has_its_cell_in_order(tmp_path):
    given = [3, 141, 59, 265, 358, 979, 323]
    (path,) = write_sheet((cell(n) for n in given), tmp_path / "a.jpg", columns=3, title="Công an xã Tân Lập")
    sheet = page(path)
    assert [read_number(cut_out(sheet, place, 3)[0]) for place in range(7)] == given
    for place in (7, 8):
        assert cut_out(sheet, place, 3)[0].min() > 250
    with Image.open(path) as image:
        assert image.format == "JPEG"
        assert image.width == PAGE_PX[0]
        assert image.height < PAGE_PX[1]
        assert image.info["dpi"] == (200, 200)
        assert image.info["comment"].decode() == NOTICE


def test_many_events_go_on_to_further_pages(tmp_path):
    room = _grid(4).cells
    assert room == 20
    paths = write_sheet((cell(n) for n in range(45)), tmp_path / "a.png", title="Chợ", total=45)
    assert [path.name for path in paths] == ["a.png", "a-2.png", "a-3.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)
    seen = []
    for number, path in enumerate(paths):
        sheet = page(path)
        assert sheet.shape[0] <= PAGE_PX[1]
        count = min(room, 45 - number * room)
        seen += [read_number(cut_out(sheet, place, 4)[0]) for place in range(count)]
    assert seen == list(range(45))


def test_few_events_are_shown_large(tmp_path):
    for total, columns in ((1, 1), (2, 2), (6, 2), (7, 3), (12, 3), (13, 4)):
        out = tmp_path / f"{total}.jpg"
        assert write_sheet((cell(n) for n in range(total)), out, title="x", total=total) == (out,)
        sheet = page(out)
        assert [read_number(cut_out(sheet, place, columns)[0]) for place in range(total)] == list(range(total))


def test_the_box_is_drawn_where_it_is(tmp_path):
    box = Box(0.25, 0.5, 0.5, 0.4)
    grey = np.full((360, 640, 3), 90, np.uint8)
    (path,) = write_sheet([cell(1, image=grey, box=box), cell(1, image=grey)], tmp_path / "a.png", columns=2, title="x")
    sheet = page(path)
    shown, _ = cut_out(sheet, 0, 2)
    rows, columns = np.nonzero(near(shown, MARK, 8))
    height, width = shown.shape[:2]
    assert abs(rows.min() - height * 0.5) < 6
    assert abs(rows.max() - height * 0.9) < 6
    assert abs(columns.min() - width * 0.25) < 6
    assert abs(columns.max() - width * 0.75) < 6
    assert not near(cut_out(sheet, 1, 2)[0], MARK, 8).any()


def test_what_is_small_is_shown_once_more_enlarged():
    image = np.full((720, 1280, 3), 90, np.uint8)
    image[300:340, 200:220] = (250, 250, 250)
    box = Box(200 / 1280, 300 / 720, 20 / 1280, 40 / 720)
    drawn = np.asarray(pictured(image, box, Fraction(1), "", (400, 225), 18))
    plain = np.asarray(pictured(image, None, Fraction(1), "", (400, 225), 18))
    # Far from the box, at the right, its white once more, and larger.
    assert near(plain[:, 250:], (250, 250, 250)).sum() == 0
    assert near(drawn[:, 250:], (250, 250, 250)).sum() > 2 * near(plain, (250, 250, 250)).sum()
    large = np.asarray(pictured(image, Box(0.1, 0.1, 0.8, 0.8), Fraction(1), "", (400, 225), 18))
    assert near(large[30:200, 60:340], MARK, 8).sum() == 0


@pytest.mark.parametrize("place", range(4))
def test_other_words_are_other_pixels(tmp_path, place):
    other = list(LINES)
    other[place] = other[place][:-1] + "7"
    given = [cell(1), cell(1, lines=tuple(other)), cell(1)]
    (path,) = write_sheet(given, tmp_path / "a.png", columns=3, title="x")
    words = [cut_out(page(path), each, 3)[1] for each in range(3)]
    assert np.array_equal(words[0], words[2])
    changed = np.flatnonzero((words[0] != words[1]).any(axis=(1, 2)))
    assert 5 < changed.size < 40  # one line and no other


def test_number_camera_source_and_title_are_written(tmp_path):
    def drawn(name: str, title: str = "x", **more) -> np.ndarray:
        return page(write_sheet([cell(1, **more)], tmp_path / f"{name}.png", columns=1, title=title)[0])

    plain = drawn("plain")
    assert np.array_equal(plain, drawn("again"))
    for name, more in (("n", {"number": "2"}), ("c", {"camera": "3 Chớ"}), ("s", {"source": "a.mp4"}), ("t", {})):
        other = drawn(name, title="x" if more else "y", **more)
        assert not np.array_equal(plain, other), name


def test_an_event_without_picture_says_why(tmp_path):
    note = "tệp đã có trong danh mục, nay không còn nữa ở chỗ cũ"
    (path,) = write_sheet([cell(1, image=None, note=note)], tmp_path / "a.png", columns=4, title="x")
    shown, words = cut_out(page(path), 0, 4)
    assert near(shown, EMPTY, 3).mean() > 0.8
    assert (shown.mean(axis=2) < 150).sum() > 300  # letters
    assert (words.mean(axis=2) < 100).sum() > 300  # and its caption stands
    assert wrapped(note, 20, 200)[0] == "tệp đã có trong danh"
    assert " ".join(wrapped(note, 20, 200)) == note


@pytest.mark.parametrize(
    ("size", "aspect", "wide", "tall"),
    [
        ((640, 360), 1, 400, 225),
        ((640, 480), 1, 300, 225),
        ((704, 576), Fraction(12, 11), 300, 225),
        ((96, 96), 1, 225, 225),
    ],
)
def test_pictures_keep_their_proportions(size, aspect, wide, tall):
    image = np.full((size[1], size[0], 3), 40, np.uint8)
    drawn = np.asarray(pictured(image, None, Fraction(aspect), "", (400, 225), 18))
    inside = ~near(drawn, AROUND, 60)
    assert drawn.shape == (225, 400, 3)
    assert abs(inside.any(axis=0).sum() - wide) <= 1
    assert abs(inside.any(axis=1).sum() - tall) <= 1


def test_what_cannot_be_done_leaves_nothing(tmp_path):
    with pytest.raises(UnfitName):
        write_sheet([cell(1)], tmp_path / "a.pdf", title="x")
    with pytest.raises(NothingToShow):
        write_sheet([], tmp_path / "a.jpg", title="x")
    with pytest.raises(NoGlyph):
        write_sheet([cell(1), cell(1, camera="市场")], tmp_path / "a.jpg", title="x")
    with pytest.raises(NoSuchFolder):
        write_sheet([cell(1)], tmp_path / "no" / "a.jpg", title="x")
    assert list(tmp_path.iterdir()) == []
    page_path(tmp_path / "a.jpg", 2).write_bytes(b"kept")
    with pytest.raises(OutputExists):
        write_sheet((cell(n) for n in range(21)), tmp_path / "a.jpg", title="x")
    assert [path.name for path in tmp_path.iterdir()] == ["a-2.jpg"]
    assert (tmp_path / "a-2.jpg").read_bytes() == b"kept"


def test_columns_are_as_many_as_can_be_read(tmp_path):
    for columns in (1, 2, 3, 4, 5, 6):
        grid = _grid(columns)
        assert grid.text_px >= 18
        assert MARGIN_PX + HEAD_PX + grid.rows * (grid.height_px + GAP_PX) < PAGE_PX[1] - MARGIN_PX
    assert _grid(99) == _grid(6)
    assert math.isclose(_grid(4).width_px / _grid(4).picture_px, 16 / 9, rel_tol=0.01)
