"""Words on pictures: every Vietnamese letter as itself, and nothing drawn as an empty box."""

import unicodedata

import numpy as np
import pytest
from PIL import Image, ImageDraw

from camtool.errors import NoGlyph
from camtool.media import letters

LOWER = "aăâbcdđeêghiklmnoôơpqrstuưvxyàằầèềìòồờùừỳáắấéếíóốớúứýảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹạặậẹệịọộợụựỵ"


@pytest.mark.parametrize("bold", [True, False])
def test_every_vietnamese_letter_is_drawn_as_itself(bold):
    missing = bytes(letters.font(40, bold).getmask(letters.NO_SIGN))
    drawn = {sign: bytes(letters.font(40, bold).getmask(sign)) for sign in LOWER + LOWER.upper()}
    assert missing not in drawn.values()
    assert len(set(drawn.values())) == len(drawn) == 178  # no two alike: ờ is not ớ
    assert all(letters.coverage(sign, 40, bold).max() == 255 for sign in drawn)


@pytest.mark.parametrize("text", ["Chợ 市", "a\u0301\u0301", "hai\ndòng", "\u202eđảo", "🚓"])
def test_a_sign_without_a_glyph_is_an_error(text):
    with pytest.raises(NoGlyph):
        letters.coverage(text, 20)
    with pytest.raises(NoGlyph):
        letters.fitted(text, 20, 500)
    with pytest.raises(NoGlyph):
        letters.put(ImageDraw.Draw(Image.new("L", (9, 9))), (0, 9), text, 20, 255)


def test_composed_and_decomposed_names_look_the_same():
    name = "Chợ Tân Lập"
    assert unicodedata.normalize("NFD", name) != name
    assert np.array_equal(letters.coverage(unicodedata.normalize("NFD", name), 20), letters.coverage(name, 20))


@pytest.mark.parametrize("size", [13, 15, 18, 20])
@pytest.mark.parametrize("bold", [True, False])
def test_every_space_between_words_is_seen(size, bold):
    def room_px(text: str) -> int:
        """The widest empty stretch in a line."""
        inked = (letters.coverage(text, size, bold) > 64).any(axis=0)
        places = np.flatnonzero(inked)
        return int(np.diff(places).max()) - 1

    assert min(room_px("thật 23"), room_px("not evidence"), room_px("dắt xe")) >= size // 5


def test_stacked_accents_are_not_cut_off():
    for sign in "ẪẾỖ":
        ink = letters.coverage(sign, 40)
        assert not ink[0].any()
        assert not ink[-1].any()


def test_a_file_name_that_nobody_chose_is_spelt_out():
    assert letters.spelt("camera3/市场\n1.mp4") == r"camera3/\u5e02\u573a\n1.mp4"
    assert letters.spelt(unicodedata.normalize("NFD", "Chợ.mp4")) == "Chợ.mp4"
    letters.coverage(letters.spelt("🚓.mp4"), 20)


def test_a_long_line_is_cut_to_its_place():
    name = "Ngã ba đường liên xã, phía trước Ủy ban nhân dân"
    assert letters.fitted(name, 20, 2000) == name
    short = letters.fitted(name, 20, 200)
    assert short.endswith("…")
    assert name.startswith(short[:-1])
    assert 150 < letters.length_px(short, 20) <= 200
    assert letters.fitted(name, 20, 0) == "…"


def test_digits_are_equally_wide_so_that_a_running_clock_stands_still():
    assert len({letters.length_px(f"17:04:{second:02d}", 30) for second in range(60)}) == 1
