import re
import unicodedata

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.errors import NoGlyph, UnsealableName
from camtool.evidence.bag import check_name
from camtool.evidence.content import in_fours
from camtool.evidence.paper import Page, composed, spelt

# Every letter of the Vietnamese alphabet with every tone.
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = (
    "".join(unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in TONES) + "đĐ"
)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return str(text)


def test_every_vietnamese_letter_comes_back_whole():
    page = Page("thử", 0)
    for at in range(0, len(LETTERS), 24):
        page.line(f"{at}: {LETTERS[at : at + 24]}", 12, "B" if at % 48 else "")
    assert "".join(re.sub(r"[0-9]+: ", "", text_of(page.bytes())).split()) == LETTERS


def test_letters_in_parts_are_put_together():
    page = Page("thử", 0)
    page.line(unicodedata.normalize("NFD", "Trộm xe ở chợ Tân Hòa"))
    assert text_of(page.bytes()).strip() == "Trộm xe ở chợ Tân Hòa"


@pytest.mark.parametrize("sign", ["市", "\u0336", "🚗", "\u2028", "ﷺ"])
def test_a_sign_without_a_glyph_is_an_error_and_never_a_box(sign):
    page = Page("thử", 0)
    if sign == "\u2028":  # a line end is written out, so that it cannot break a line
        assert composed(f"a{sign}b") == r"a\u2028b"
        return
    with pytest.raises(NoGlyph):
        page.line(f"a{sign}b")
    assert spelt(f"a{sign}b") == rf"a\u{ord(sign):04x}b"


def test_the_same_content_gives_the_same_bytes():
    def made(us: int) -> bytes:
        page = Page("thử", us)
        page.text("Công an xã Tân Hòa " * 20, 11)
        page.squares([[True, False], [False, True]], 0, 100, 20)
        return page.bytes()

    assert made(1_795_431_600_000_000) == made(1_795_431_600_000_000)
    assert made(1_795_431_600_000_000) != made(1_795_431_601_000_000)
    assert re.search(rb"/CreationDate \(D:20261123110000Z", made(1_795_431_600_000_000))


@given(st.text(st.sampled_from("abc xyz ĐđƠơ.-"), max_size=300), st.integers(20, 150))
def test_broken_lines_fit_and_lose_nothing(text, width_mm):
    page = _PAGE
    lines = page.lines_of(text, 9, width_mm)
    assert all(page.length_mm(line, 9) <= width_mm for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    short = page.shortened(text, 9, width_mm)
    assert page.length_mm(short, 9) <= width_mm
    assert short == text or text.startswith(short.removesuffix("…"))


_PAGE = Page("thử", 0)


def test_the_page_is_a4_and_codes_stand_in_fours():
    with pypdfium2.PdfDocument(Page("thử", 0).bytes()) as document:
        assert [round(side_pt * 25.4 / 72) for side_pt in document[0].get_size()] == [210, 297]
    assert in_fours("0123456789abcdef") == "0123 4567 89ab cdef"


@pytest.mark.parametrize("path", ["trich/a.mp4", "goc/cổng chợ (1).mp4", "goc/NVR_ch1-2026.dav", "ho_so/a b.json"])
def test_names_that_a_package_can_hold(path):
    check_name(path)


@pytest.mark.parametrize(
    "path",
    [
        *("a%b", "a\\b", "a\nb", "a\rb", "a:b", "a*b", "../a", "a//b"),
        *("a/./b", " a", "a ", "a.", "a/b /c", "a\u202eb"),
    ],
)
def test_names_that_it_cannot(path):
    with pytest.raises(UnsealableName):
        check_name(path)
