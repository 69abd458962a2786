"""DOC_TRUOC.txt at its longest is still one page of lines that print unbroken."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from camtool.evidence.content import Content, Item
from camtool.evidence.read_first import LINE_LETTERS, PAGE_LINES, read_first
from camtool.media.streamhash import FILTERS

CLIP = Item(1, "trich", "trich/cam03_20261123-170320.mp4", "0" * 64, 900, 0, "video/mp4")
CONTENT = Content(
    number="HS-2026-0001",
    title="Trộm xe máy",
    kind="theft",
    case_officer="A",
    opened_us=0,
    unit="Cơ quan Cảnh sát điều tra Công an thành phố Thủ Dầu Một - Đội điều tra tổng hợp số 2, tổ công tác",
    zone=ZoneInfo("Asia/Ho_Chi_Minh"),
    sealed_us=1_795_544_546_000_000,
    officer="A",
    why="",
    fingerprint="0" * 64,
    custody_head="0" * 64,
    custody_entries=3,
    items=(CLIP,),
)


@pytest.mark.parametrize("stamped", [False, True])
@pytest.mark.parametrize("filters", ["", *FILTERS.values()])
def test_it_is_one_page_whatever_it_has_to_say(stamped, filters):
    page = read_first(replace(CONTENT, stamped=stamped, items=(replace(CLIP, filters=filters),)), "HS-2026-0001_0100")
    lines = page.rstrip("\n").split("\n")
    assert len(lines) <= PAGE_LINES
    assert max(map(len, lines)) <= LINE_LETTERS
    assert filters in page
    assert [number for number, line in enumerate(lines) if line.endswith("…")] == [1], "only the office's name is cut"
    assert "Đóng gói lúc 25/11/2026 01:22:26 (Asia/Ho_Chi_Minh)." in lines


def test_a_container_without_edit_lists_is_not_asked_for_them():
    page = read_first(replace(CONTENT, items=(replace(CLIP, path="trich/cam03.mkv"),)), "HS-2026-0001")
    assert "ffprobe" not in page
    assert "data/trich/cam03.mkv" in page
