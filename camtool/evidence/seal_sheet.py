"""NIEM_PHONG.pdf: the seal sheet, printed and kept apart from the package. One A4 page, Vietnamese and English.

Whoever can write to the package can also re-hash and re-sign it. So the three codes that decide travel on paper: the
key's fingerprint, the package's hash, the head of the custody log; in groups of four, and as QR codes.
"""

from functools import lru_cache

import segno

from camtool.evidence.bag import TAG_MANIFEST
from camtool.evidence.content import Content, in_fours
from camtool.evidence.minutes import MOTTO, STATE
from camtool.evidence.paper import Page

_QR_MM = 35.0
_CODE_MM = 42.0
_MASK = 7


def seal_sheet(content: Content, package_name: str, package_sha256: str, files: int, size_bytes: int) -> bytes:
    """Return the page as PDF; the same bytes for the same package. Raises NoGlyph."""
    page = Page(f"Phiếu niêm phong {content.number}", content.sealed_us, margin_mm=18)
    half_mm = page.width_mm / 2
    page.line(content.unit.upper(), 10, "B", "C", width_mm=half_mm - 6, fit=True, stay=True)
    page.line(STATE, 10, "B", "C", left_mm=half_mm - 4, width_mm=half_mm + 4, fit=True)
    page.line(MOTTO, 10.5, "B", "C", left_mm=half_mm - 4, width_mm=half_mm + 4)
    page.rule(half_mm + half_mm / 2 - 24, 44, page.y_mm + 0.6)
    page.down(6)
    page.line("PHIẾU NIÊM PHONG DỮ LIỆU ĐIỆN TỬ", 15, "B", "C")
    page.line("Seal sheet of a data package - keep it apart from the package", 9, "", "C")
    page.down(3)
    _facts(page, content, package_name, files, size_bytes)
    _codes(page, content, package_sha256)
    _how(page)
    _sign(page)
    return page.bytes()


def _facts(page: Page, content: Content, package_name: str, files: int, size_bytes: int) -> None:
    subject = "Bản che (đã làm mờ)" if content.redacted else content.title
    stamp = "có (tệp .tsr) / stamped" if content.stamped else "không có / not stamped"
    size = f"{size_bytes:,}".replace(",", ".")
    for label, value in (
        ("Hồ sơ / Case", f"{content.number} - {subject}"),
        ("Gói / Package", f"{package_name} - {files} tệp trong data/, {size} byte"),
        ("Đóng gói / Sealed", f"{content.sealed_words}, cán bộ / officer: {content.officer}"),
        ("Dấu thời gian / RFC 3161", stamp),
    ):
        page.line(label, 9.5, height_mm=5.4, stay=True)
        page.line(page.shortened(value, 9.5, page.width_mm - 46, "B"), 9.5, "B", left_mm=46, height_mm=5.4)


def _codes(page: Page, content: Content, package_sha256: str) -> None:
    codes = (
        ("1. Mã gói", f"Package hash: SHA-256 of {TAG_MANIFEST}", package_sha256),
        ("2. Dấu vân tay khóa ký", "Key fingerprint: SHA-256 of the public key (DER)", content.fingerprint),
        (
            f"3. Mã cuối nhật ký, dòng {content.custody_entries}",
            f"Custody head: SHA-256 of line {content.custody_entries} of data/ho_so/custody.jsonl",
            content.custody_head,
        ),
    )
    first_mm = page.y_mm + 5
    for number, (vietnamese, english, code) in enumerate(codes):
        top_mm = first_mm + number * _CODE_MM
        page.box(0, top_mm - 2, page.width_mm, _CODE_MM - 2)
        page.to(top_mm + 1)
        page.line(vietnamese, 12, "B", left_mm=4)
        page.line(english, 8.5, left_mm=4)
        page.down(2)
        groups = in_fours(code).split(" ")
        for start in (0, 8):
            for place, group in enumerate(groups[start : start + 8]):
                page.line(group, 13, "B", "C", left_mm=4 + place * 15.2, width_mm=15.2, stay=True)
            page.down(7.5)
        page.squares(_modules(code), page.width_mm - _QR_MM - 2.5, top_mm + 0.5, _QR_MM)
    page.to(first_mm + 3 * _CODE_MM)


@lru_cache(maxsize=16)
def _modules(code: str) -> list[list[bool]]:
    """Return a QR code's squares, row by row. The mask is fixed: to try all eight takes segno 8 ms a code.

    The standard takes the mask with the fewest lookalikes of a finder pattern (ISO/IEC 18004, 7.8.3). A hash has no
    pattern that one mask would leave standing: of 400 codes OpenCV read 394 with this one, 390 with the standard's.
    """
    return [[bool(module) for module in row] for row in segno.make(code, error="m", micro=False, mask=_MASK).matrix]


def _how(page: Page) -> None:
    page.text(
        "Người nhận tự tính lại ba mã trên từ gói (cách gõ lệnh: tệp DOC_TRUOC.txt) và so với phiếu này, không so với "
        "bản nào nằm trong gói. Khác một ký tự là gói đã bị thay đổi. Gói chứa dữ liệu để xác minh.",
        9,
    )
    page.text(
        "Compute the three codes from the package yourself (the commands are in DOC_TRUOC.txt) and compare them with "
        "this sheet. One digit that differs means that the package was changed. It holds data for verification.",
        9,
    )


def _sign(page: Page) -> None:
    third_mm = page.width_mm / 3
    page.down(3)
    page.line("Hồi ........ giờ ........, ngày ........ tháng ........ năm ............", 9.5, "", "C")
    page.down(2)
    top_mm = page.y_mm
    for number, who in enumerate(("NGƯỜI NHẬN / RECEIVED BY", "NGƯỜI NIÊM PHONG / SEALED BY", "ĐÓNG DẤU / STAMP")):
        page.line(who, 9.5, "B", "C", left_mm=number * third_mm, width_mm=third_mm, stay=True)
    page.down(4.6)
    for number in range(2):
        page.line("(ký, ghi rõ họ tên)", 8, "", "C", left_mm=number * third_mm, width_mm=third_mm, stay=True)
    page.box(2 * third_mm + 6, top_mm + 6, third_mm - 8, 38)
