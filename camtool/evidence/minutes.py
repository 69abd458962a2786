"""BIEN_BAN.pdf: the minutes of copying, packing and sealing, one A4 page to print, fill in and sign. In Vietnamese.

It names the articles that EVIDENCE asks for and nothing else of law, and concludes nothing: the files are data for
verification. Who takes part, when and where, is left as blanks. The wording needs a lawyer's eye: docs/package.md.
"""

from collections.abc import Sequence

from camtool.core.case import Role
from camtool.core.model import Span
from camtool.core.timetext import for_people, offset_text
from camtool.evidence.content import LOOK_FIRST, Content, Item, in_fours
from camtool.evidence.paper import LEADING, POINT_MM, Page, spelt

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
ROLE_WORDS = {
    Role.ORIGINAL: "Dữ liệu gốc",
    Role.EXTRACT: "Bản trích, giữ nguyên dữ liệu",
    Role.VIEWING: "Bản xem (đã chuyển mã, chỉ để xem)",
    Role.REDACTED: "Bản che (đã làm mờ)",
    Role.STILL: "Ảnh trích từ bản ghi",
    Role.PAPER: "Bản quét giấy tờ",
}
# The lowest place at which the signatures begin; what is above gives way to them.
_SIGN_MM = 250.0
_CLOSE_MM = 36.0
# Sizes of letters in points, of sentences and of the list: the first with which every file of the list goes in.
_SIZES_PT = ((10.5, 8.8), (9.6, 7.6))


def minutes(content: Content) -> bytes:
    """Return the page as PDF; the same bytes for the same content. Raises NoGlyph."""
    for text_pt, small_pt in _SIZES_PT:
        page = Page(f"Biên bản {content.number}", content.sealed_us, margin_mm=18)
        if _Minutes(page, content, text_pt, small_pt).write():
            break
    return page.bytes()


class _Minutes:
    """The page while it is written, at one size of letters."""

    def __init__(self, page: Page, content: Content, text_pt: float, small_pt: float) -> None:
        self.page, self.content = page, content
        self.text_pt, self.small_pt = text_pt, small_pt

    def write(self) -> bool:
        """Write all of it; tell whether every file of the list went in."""
        self._head()
        self._present()
        self._packing()
        complete = self._list()
        self._close()
        return complete

    def _head(self) -> None:
        page, half_mm = self.page, self.page.width_mm / 2
        page.line("." * 44, 9.5, "", "C", width_mm=half_mm - 6, stay=True)
        page.line(STATE, 10, "B", "C", left_mm=half_mm - 4, width_mm=half_mm + 4, fit=True)
        page.line(self.content.unit.upper(), 10, "B", "C", width_mm=half_mm - 6, fit=True, stay=True)
        page.line(MOTTO, 10.5, "B", "C", left_mm=half_mm - 4, width_mm=half_mm + 4)
        page.rule(half_mm + half_mm / 2 - 24, 44, page.y_mm + 0.6)
        page.rule(half_mm / 2 - 14, 22, page.y_mm + 0.6)
        page.down(1.6)
        page.line("Số: ............/BB", 9.5, "", "C", width_mm=half_mm - 6)
        page.down(2)
        page.line("BIÊN BẢN", 14, "B", "C")
        page.line("Về việc sao chép, đóng gói và niêm phong dữ liệu điện tử (dữ liệu camera)", 10.5, "B", "C")
        page.line(f"Hồ sơ số {self.content.number}", 10, "", "C")
        page.down(2)

    def _present(self) -> None:
        page, size_pt = self.page, self.text_pt
        page.line("Hồi ........ giờ ........, ngày ........ tháng ........ năm ............, tại", size_pt, stay=True)
        at_mm = page.length_mm("Hồi ........ giờ ........, ngày ........ tháng ........ năm ............, tại", size_pt)
        page.blank(at_mm + 1.5, page.width_mm - at_mm - 1.5, page.y_mm + 3.8)
        page.down(size_pt * 0.46)
        page.line("Căn cứ Điều 99 và Điều 107 Bộ luật Tố tụng hình sự. Chúng tôi gồm:", size_pt)
        post = "Chức vụ, đơn vị (địa chỉ)"
        post_mm = 96 + page.length_mm(post, size_pt) + 1.5
        for who in ("1. Ông/bà", "2. Ông/bà", "3. Người giao dữ liệu, ông/bà", "4. Người chứng kiến, ông/bà"):
            page.down(0.9)
            y_mm = page.y_mm + 3.8
            label_mm = page.length_mm(who, size_pt) + 1.5
            page.line(who, size_pt, stay=True)
            page.blank(label_mm, 94 - label_mm, y_mm)
            page.line(post, size_pt, left_mm=96)
            page.blank(post_mm, page.width_mm - post_mm, y_mm)
        page.down(1.2)
        page.text("đã lập biên bản về việc sao chép, đóng gói và niêm phong dữ liệu điện tử như sau:", size_pt)

    def _packing(self) -> None:
        page, content, size_pt = self.page, self.content, self.text_pt
        page.down(0.8)
        page.line("1. Vụ việc và việc đóng gói", size_pt, "B")
        subject = "Bản che (đã làm mờ), không kèm dữ liệu khác của hồ sơ" if content.redacted else content.title
        page.text(f"Vụ việc: {subject}.", size_pt, most=2)
        page.text(f"Đóng gói lúc {content.sealed_words}, cán bộ thực hiện: {content.officer}.", size_pt, most=2)
        if content.why:
            page.text(f"Lý do: {content.why}.", size_pt, most=1)

    def _list(self) -> bool:
        page, content, size_pt = self.page, self.content, self.small_pt
        page.down(0.8)
        page.line("2. Danh mục dữ liệu (số đầu dòng là số mục trong hồ sơ)", self.text_pt, "B")
        items = sorted(content.items, key=lambda item: (LOOK_FIRST.index(Role(item.role)), item.id))
        line_mm = size_pt * POINT_MM * LEADING
        end_mm = _SIGN_MM - _CLOSE_MM - line_mm * (2 if content.kept else 0)
        # The case's own numbers, as the viewer and the log have them: of some items of a case they have holes.
        left_mm = max((page.length_mm(f"{item.id}. ", size_pt, "B") for item in items), default=0.0) + 1
        shown = 0
        for item in items:
            lines = _lines(item, content)
            rest_mm = 2 * line_mm if shown + 1 < len(items) else 0
            if page.y_mm + len(lines) * line_mm + rest_mm > end_mm:
                break
            page.line(f"{item.id}.", size_pt, "B", stay=True)
            for place, words in enumerate(lines):
                style = "B" if place == 0 else ""
                fit = page.shortened(words, size_pt, page.width_mm - left_mm, style)
                page.line(fit, size_pt, style, left_mm=left_mm)
            shown += 1
        if shown < len(items):
            left, size = len(items) - shown, sum(item.size_bytes for item in items[shown:])
            page.text(
                f"Và {left} tệp khác ({_bytes(size)}): tên và mã SHA-256 của từng tệp ghi ở nhật ký "
                "data/ho_so/custody.jsonl; mã cuối nhật ký ở mục 3 gắn nhật ký với biên bản này.",
                size_pt,
            )
        if content.kept:
            page.text(
                f"Dữ liệu gốc không nằm trong gói: {len(content.kept)} tệp; tên, mã SHA-256 và nơi lưu ghi ở "
                "data/goc/NOI_LUU.txt.",
                size_pt,
            )
        return shown == len(items)

    def _close(self) -> None:
        page, content, size_pt = self.page, self.content, self.text_pt
        page.down(0.8)
        page.line("3. Niêm phong", size_pt, "B")
        for label, code in (
            ("Dấu vân tay khóa ký (SHA-256):", content.fingerprint),
            (f"Mã cuối nhật ký, dòng {content.custody_entries}:", content.custody_head),
        ):
            page.line(label, self.small_pt, stay=True)
            page.line(in_fours(code), self.small_pt, left_mm=self.small_pt * 5.6)
        page.text(
            "Mã của cả gói (SHA-256 của tagmanifest-sha256.txt) ghi ở Phiếu niêm phong, in và ký cùng biên bản này.",
            size_pt,
        )
        page.text(
            "Gói chứa dữ liệu để xác minh; biên bản này không kết luận về hành vi của bất kỳ ai. Việc xem xét chỉ thực "
            "hiện trên bản sao. Biên bản lập thành ........ bản, lập xong hồi ........ giờ ........ cùng ngày, đã đọc "
            "lại cho những người có mặt nghe, công nhận đúng và cùng ký tên.",
            size_pt,
        )
        page.to(min(page.y_mm + 5, _SIGN_MM))
        quarter_mm = page.width_mm / 4
        signers = ("NGƯỜI CHỨNG KIẾN", "NGƯỜI GIAO DỮ LIỆU", "NGƯỜI LẬP BIÊN BẢN", "ĐẠI DIỆN ĐƠN VỊ")
        for number, who in enumerate(signers):
            page.line(who, 8.8, "B", "C", left_mm=number * quarter_mm, width_mm=quarter_mm, stay=True)
        page.down(4.2)
        for number in range(len(signers)):
            words = "(ký, ghi rõ họ tên, đóng dấu)" if number == 3 else "(ký, ghi rõ họ tên)"
            page.line(words, 7.6, "", "C", left_mm=number * quarter_mm, width_mm=quarter_mm, stay=True)


def _lines(item: Item, content: Content) -> Sequence[str]:
    lines = [f"{spelt(item.path)} - {ROLE_WORDS[Role(item.role)]} - {_bytes(item.size_bytes)}"]
    if item.camera_number is not None:
        place = f", {item.camera_place}" if item.camera_place else ""
        lines.append(f"Camera {item.camera_number}: {item.camera_name}{place}{_clock(item)}")
    true = _span(item.true_span, item.true_at_us, content)
    camera = _span(item.camera_span, item.camera_at_us, content)
    if true:
        lines.append(f"Giờ thật {true}; giờ camera hiện {camera}" if camera else f"Giờ thật {true}")
    lines.append(f"SHA-256: {in_fours(item.sha256)}")
    return lines


def _clock(item: Item) -> str:
    if item.offset_us is None:
        return ""
    if not item.observed:
        return "; chưa đối chiếu đồng hồ camera với giờ thật"
    return f"; giờ thật = giờ camera {offset_text(item.offset_us)}"


def _span(span: Span | None, at_us: int | None, content: Content) -> str:
    if span is not None:
        return f"{_second(span.start_us, content)} - {_second(span.end_us, content)}"
    return _second(at_us, content) if at_us is not None else ""


def _second(us: int, content: Content) -> str:
    return for_people(us // 1000 * 1000, content.zone)


def _bytes(size_bytes: int) -> str:
    return f"{size_bytes:,} byte".replace(",", ".")
