"""The printed page: the same bytes for the same content, every letter there, QR codes that are read back."""

import hashlib
import subprocess
import sys

import cv2
import numpy as np
import pypdfium2
import pytest

from camtool.errors import NoGlyph
from camtool.evidence.lettering import lettering
from camtool.evidence.paper import Page, composed, spelt
from camtool.evidence.seal_sheet import _modules

VIETNAMESE = "ạảãàáâậấầẩẫăắằặẳẵóòọõỏôộổỗồốơờớợởỡéèẻẹẽêếềệểễúùụủũưựữửừứíìịỉĩýỳỷỵỹđ"
MADE_US = 1_795_000_000_000_000


def page_of(title: str, *lines: str) -> bytes:
    page = Page(title, MADE_US)
    for style in ("", "B"):
        for align in ("L", "C", "R"):
            for line in lines:
                page.line(line, 11, style, align)
    return page.bytes()


def shown(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[0].get_textpage().get_text_range())


def test_every_vietnamese_letter_is_drawn_and_can_be_read_out_again():
    lines = (VIETNAMESE, VIETNAMESE.upper(), "“Đ. 5 – 7”, 100 €, 50 ₫ …")
    words = shown(page_of("a", *lines))
    for line in lines:
        assert words.count(line) == 6


def test_a_page_has_the_same_bytes_whatever_was_printed_before_it():
    first = page_of("một", "Hồ sơ số 1")
    page_of("hai", "Ngõ 5, phố Huế: €")
    assert page_of("một", "Hồ sơ số 1") == first
    program = (
        "import hashlib, sys; from tests.evidence.test_lettering import page_of;"
        "sys.stdout.write(hashlib.sha256(page_of('một', 'Hồ sơ số 1')).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == hashlib.sha256(first).hexdigest(), "another process, the same page"
    assert len(first) < 70_000


def test_a_sign_without_a_glyph_is_an_error_and_a_file_name_is_spelt():
    with pytest.raises(NoGlyph):
        composed("市")
    assert composed("a\u0302") == "â"
    assert spelt("市.mp4") == r"\u5e02.mp4"


def test_a_line_is_as_wide_as_it_is_said_to_be():
    page = Page("a", MADE_US)
    assert page.length_mm("", 10) == 0
    # Roboto's digits are 1,150 of 2,048 units wide each: 561.5 thousandths, as fpdf2 rounds them.
    assert page.length_mm("0123456789", 10) == pytest.approx(10 * 0.562 * 10 * 25.4 / 72)
    assert set(lettering().widths["B"]) >= set(VIETNAMESE)


def test_qr_codes_are_read_back_from_the_page():
    page = Page("a", MADE_US)
    codes = [hashlib.sha256(bytes([number])).hexdigest() for number in range(5)]
    for number, code in enumerate(codes):
        page.squares(_modules(code), 10, 15 + number * 50, 40)
    with pypdfium2.PdfDocument(page.bytes()) as document:
        drawn = document[0].render(scale=300 / 72, grayscale=True).to_numpy()
        picture = np.ascontiguousarray(drawn.reshape(drawn.shape[:2]))
    mm = 300 / 25.4
    read = []
    for number in range(5):
        top, left = int((15 + number * 50 - 4) * mm), int((20 + 10 - 4) * mm)
        read.append(
            cv2.QRCodeDetector().detectAndDecode(picture[top : top + int(48 * mm), left : left + int(48 * mm)])[0]
        )
    assert read == codes
