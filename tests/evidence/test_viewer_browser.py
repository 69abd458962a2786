"""The viewer in a real Chromium, opened from disk: it plays, shows, checks, and runs nobody's text."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page

from camtool.evidence.viewer import page_of
from tests.makers import sealed
from tests.makers.sealed import CLIP, EXTRACT, SCAN, STILL, TEXTS, Sealed, canonical, seal_by_hand, sha256

OWN_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ROWS = ("page", "manifest", "tag", "custody", "key", "signature", "stamp", "paper")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return seal_by_hand(tmp_path_factory.mktemp("made") / "HS-2026-0001")


@pytest.fixture
def package(made: Sealed, tmp_path: Path) -> Sealed:
    """A copy of the package that a test may damage."""
    folder = tmp_path / "HS-2026-0001"
    shutil.copytree(made.folder, folder)
    return Sealed(folder, made.fingerprint, made.package, made.custody_head, made.data)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A small laptop's window; anything that fails in the page, or leaves the disk, fails the test."""
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    opened.on(
        "request", lambda request: None if request.url.startswith(("file:", "blob:")) else wrong.append(request.url)
    )
    yield opened
    opened.close()
    assert wrong == []


def check(page: Page, folder: Path) -> dict[str, str]:
    """Choose a folder, wait for the end, and return each row's state."""
    page.locator("#folder").set_input_files(str(folder))
    page.locator("#choose:enabled").wait_for(state="attached")
    states = page.locator("#result table td:nth-child(2)").evaluate_all(
        "cells => cells.map(c => c.className.split(' ')[1])"
    )
    return dict(zip(ROWS, states, strict=True)) if states else {}


def until(page: Page, expression: str) -> None:
    """Wait for an expression to hold; Playwright's own way needs eval, which the page's policy forbids."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {expression}")


def faults(page: Page) -> list[str]:
    found: list[str] = page.locator("#faults > li").evaluate_all(
        "all => all.map(li => `${li.children[0].textContent}: ${li.children[1].textContent}`)"
    )
    return found


def verdict(page: Page) -> str:
    return (page.locator("#verdicts > p").first.get_attribute("class") or "").split()[1]


def badges(page: Page) -> list[str]:
    found: list[str] = page.locator(".item .badge").evaluate_all("all => all.map(b => b.className.split(' ')[1])")
    return found


ALL_GOOD = dict.fromkeys(ROWS, "good") | {"stamp": "none", "paper": "open"}


def test_it_plays_shows_and_checks_green_only_what_was_checked(page, package):
    page.goto(package.page.as_uri())
    assert badges(page) == ["open"] * 4
    assert page.locator(".good").count() == 0
    video = page.locator("#item-1 video")
    video.evaluate("v => v.play()")
    until(page, "document.querySelector('#item-1 video').currentTime > 0.3")
    assert video.evaluate("v => [v.videoWidth, v.videoHeight, v.error]") == [320, 192, None]
    assert page.locator("#item-2 img").evaluate("i => [i.complete, i.naturalWidth]") == [True, 320]
    assert check(page, package.folder) == ALL_GOOD
    assert verdict(page) == "good"
    assert badges(page) == ["good"] * 4
    assert "1" in page.locator("#verdicts .open").inner_text()
    # What plays from now on is the very file that was hashed.
    assert video.evaluate("v => v.src").startswith("blob:")
    until(page, "document.querySelector('#item-1 video').readyState >= 2")
    assert page.locator("#item-3 .viewing").inner_text() == "BẢN XEM, không phải bản trích"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (CLIP, {"page", "manifest"}),
        (EXTRACT, {"page", "manifest"}),
        (STILL, {"page", "manifest"}),
        (SCAN, {"page", "manifest"}),
        ("data/ho_so/custody.jsonl", {"page", "manifest", "custody"}),
        ("data/index.html", {"manifest"}),
        ("manifest-sha256.txt", {"manifest", "tag", "page"}),
        ("tagmanifest-sha256.txt", {"tag", "signature"}),
        ("bag-info.txt", {"tag", "custody"}),
        ("signer.pub.pem", {"tag", "key", "signature"}),
        ("tagmanifest-sha256.txt.sig", {"signature"}),
        ("verify.sh", {"tag"}),
    ],
)
def test_one_changed_byte_is_red_and_named(page, package, name, rows):
    page.goto(package.page.as_uri())
    changed = package.folder / name
    content = bytearray(changed.read_bytes())
    at = len(content) // 2
    content[at] ^= 1
    changed.write_bytes(content)
    states = check(page, package.folder)
    bad = {row for row, state in states.items() if state == "bad"}
    assert bad
    assert bad <= rows
    assert verdict(page) == "bad"
    if name not in ("tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig"):
        assert f"Bị thay đổi: {name}" in faults(page)
    for number, path in enumerate((CLIP, STILL, EXTRACT, SCAN)):
        if path == name:
            assert badges(page)[number] == "bad"


def test_planted_missing_and_renamed_files_are_named(page, package):
    page.goto(package.page.as_uri())
    (package.folder / "data" / "trich" / "la.mp4").write_bytes(b"x")
    (package.folder / "beside.txt").write_text("x", encoding="utf-8")
    (package.folder / "data" / "Thumbs.db").write_bytes(b"x")
    (package.folder / STILL).rename(package.folder / "data" / "anh" / "khac.png")
    (package.folder / "tagmanifest-sha256.txt.sshsig").unlink()
    states = check(page, package.folder)
    assert {row for row, state in states.items() if state == "bad"} == {"page", "manifest", "tag"}
    assert sorted(faults(page)) == [
        "Bị thiếu: data/anh/HS-2026-0001_02_cam3.png",
        "Bị thiếu: tagmanifest-sha256.txt.sshsig",
        "Tệp lạ, không có trong danh sách: beside.txt",
        "Tệp lạ, không có trong danh sách: data/Thumbs.db",
        "Tệp lạ, không có trong danh sách: data/anh/khac.png",
        "Tệp lạ, không có trong danh sách: data/trich/la.mp4",
    ]
    assert "thường do máy tính tự tạo" in page.locator("#faults").inner_text()
    assert badges(page) == ["good", "bad", "good", "good"]


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig"])
def test_a_package_without_its_lists_or_signature_is_red(page, package, name):
    page.goto(package.page.as_uri())
    (package.folder / name).unlink()
    check(page, package.folder)
    assert verdict(page) == "bad"
    assert f"Bị thiếu: {name}" in faults(page)


def reseal(package: Sealed, key: Ed25519PrivateKey) -> None:
    """Hash everything again, as anyone can, and sign with a key."""
    payload = sorted(path for path in (package.folder / "data").rglob("*") if path.is_file())
    rows = (f"{sha256(path.read_bytes())}  {path.relative_to(package.folder).as_posix()}\n" for path in payload)
    (package.folder / "manifest-sha256.txt").write_text("".join(rows), encoding="utf-8")
    sealed.seal_again(package.folder, key)


def test_hashed_again_is_red_by_the_page_and_by_the_signature(page, package):
    (package.folder / CLIP).write_bytes((package.folder / CLIP).read_bytes() + b"x")
    signature = (package.folder / "tagmanifest-sha256.txt.sig").read_bytes()
    reseal(package, OWN_KEY)
    (package.folder / "tagmanifest-sha256.txt.sig").write_bytes(signature)
    page.goto(package.page.as_uri())
    states = check(page, package.folder)
    assert {row for row, state in states.items() if state == "bad"} == {"page", "signature"}
    assert faults(page) == [f"Bị thay đổi: {CLIP}"]


def test_only_the_paper_tells_a_package_that_was_made_anew_throughout(page, package):
    """A page can lie too: everything in the folder agrees, and the number on paper does not."""
    forged = seal_by_hand(package.folder.parent / "forged" / "HS-2026-0001", texts=TEXTS | {"title": "Chuyện khác"})
    page.goto(forged.page.as_uri())
    assert check(page, forged.folder) == ALL_GOOD
    page.locator("#typed").fill(package.package)
    assert "KHÔNG KHỚP" in page.locator("#typed-answer").inner_text()
    assert "bad" in page.locator("#typed-answer").get_attribute("class")
    assert page.locator("#verdicts .open").count() == 1


def test_the_numbers_of_the_paper_are_taken_as_printed(page, package):
    page.goto(package.page.as_uri())
    assert check(page, package.folder)["paper"] == "open"
    printed = " ".join(package.fingerprint[at : at + 4] for at in range(0, 64, 4)).upper()
    page.locator("#typed").fill(printed[:20])
    assert "48" in page.locator("#typed-answer").inner_text()
    page.locator("#typed").fill(package.custody_head)
    assert page.locator("#verdicts .open").count() == 1  # the log's head vouches for the log alone
    page.locator("#typed").fill(printed)
    assert page.locator("#typed-answer").inner_text() == "Khớp: Dấu vân tay khóa ký."
    assert page.locator("#verdicts .open").count() == 0
    page.locator("#typed").fill("xyz")
    assert "64" in page.locator("#typed-answer").inner_text()


def test_another_key_is_red(page, package):
    reseal(package, OTHER_KEY)
    page.goto(package.page.as_uri())
    states = check(page, package.folder)
    assert {row for row, state in states.items() if state == "bad"} == {"signature"}


ATTACKS = (
    "<script>window.ran=1</script>",
    "</script><script>window.ran=1</script>",
    "<img src=x onerror='window.ran=1'>",
    "<!--<script>",
    '"><svg onload=window.ran=1>',
    "{{script}}",
    "javascript:window.ran=1",
    "anh\u202egnp.exe",
)


@pytest.mark.parametrize("attack", ["tệp lạ <script>window.ran=1</script>", "{result} \u202e"])
def test_what_was_not_done_is_told_in_the_pages_language(page, package, attack):
    data = json.loads(json.dumps(package.data))
    for row, words in zip(data["custody"], ("failed: a stranger", "failed: of an older camtool", "ok"), strict=True):
        row["result"] = words
    data["outcomes"] = {"1": {"vi": f"không thực hiện được: {attack}", "en": f"not done: {attack}"}}
    package.page.write_text(page_of(data), encoding="utf-8")
    page.goto(package.page.as_uri())
    shown = attack.replace("\u202e", "⟨U+202E⟩")
    assert page.locator("#custody .bad").all_inner_texts() == [
        f"không thực hiện được: {shown}", "nhật ký ghi: failed: of an older camtool",
    ]  # fmt: skip
    assert "failed: a stranger" in page.locator("#custody details").first.text_content()
    page.locator("#language").click()
    assert page.locator("#custody .bad").all_inner_texts() == [
        f"not done: {shown}", "the log says: failed: of an older camtool",
    ]  # fmt: skip
    assert page.evaluate("window.ran") is None


def test_a_note_stands_in_the_log_as_text(page, package):
    data = json.loads(json.dumps(package.data))
    text = "Ông A nhận ra xe\n<script>window.ran=1</script>"
    data["custody"][1] |= {"act": "note", "facts": {"text": text}}
    package.page.write_text(page_of(data), encoding="utf-8")
    page.goto(package.page.as_uri())
    assert page.locator("#custody .note").all_inner_texts() == [text]
    assert page.evaluate("window.ran") is None


BROKEN_DATES = """() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  return [...document.querySelectorAll("#custody td.clock")].filter((cell) => {
    const range = document.createRange();
    range.setStart(cell.firstChild, 0);
    range.setEnd(cell.firstChild, "24/11/2026".length);
    return range.getClientRects().length > 1;
  }).length;
}"""


def test_no_date_of_the_log_is_broken_on_paper(page, package):
    data = json.loads(json.dumps(package.data))
    for row in data["custody"]:
        row["facts"] = {"sources": [{"path": "x" * 400, "sha256": "0" * 64}]}
        row["command"] = ["camtool", "case", "open", "Trộm xe máy nhà ông A " * 8]
    package.page.write_text(page_of(data), encoding="utf-8")
    page.set_viewport_size({"width": 740, "height": 960})  # near A4, at 96 dots an inch
    page.goto(package.page.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate(BROKEN_DATES) == 0


def test_when_the_clock_was_read_is_said_day_first(page, package):
    data = json.loads(json.dumps(package.data))
    data["items"][0]["clock"] = {
        "offset_us": 300_000_000, "observed": True, "note": "",
        "true": "2026-11-23T17:05:00+07:00", "showed": "2026-11-23T17:00:00+07:00",
    }  # fmt: skip
    package.page.write_text(page_of(data), encoding="utf-8")
    page.goto(package.page.as_uri())
    words = "lúc giờ thật 23/11/2026 17:05:00 (UTC+07:00), đồng hồ camera chỉ 23/11/2026 17:00:00 (UTC+07:00)"
    assert f"chậm 0:05:00 (đã đối chiếu); {words}" in page.locator("#item-1 dl").inner_text()


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_strangers_text_is_shown_and_does_not_run(page, tmp_path, attack):
    texts = dict.fromkeys(TEXTS, attack)
    made = seal_by_hand(tmp_path / "HS-2026-0001", texts=texts)
    shown = attack.replace("\u202e", "⟨U+202E⟩")
    page.goto(made.page.as_uri())
    assert page.locator("h1").inner_text() == shown
    assert shown in page.locator("#item-1 dl").inner_text()
    assert shown in page.locator("#custody").inner_text()
    assert page.title() == f"HS-2026-0001 · {shown}"
    page.locator("#language").click()
    assert check(page, made.folder) == ALL_GOOD
    assert page.evaluate("window.ran") is None
    assert page.locator("body script, body img, body iframe").count() == 4  # ours: two of JSON, one script, one still


def test_a_path_that_leads_elsewhere_is_not_followed(browser, package):
    page = browser.new_page()
    data = json.loads(json.dumps(package.data))
    for item, path in zip(data["items"], ("../../x.mp4", "javascript:1", "", "a//b"), strict=True):
        item["play"] = path
    package.page.write_text(page_of(data), encoding="utf-8")
    page.goto(package.page.as_uri())
    assert page.locator("video").count() == 0
    assert page.locator("#items img").get_attribute("src") == "./javascript%3A1"
    check(page, package.folder)
    assert verdict(page) == "bad"
    page.close()


def test_the_policy_stops_a_script_that_was_not_there_when_the_page_was_made(browser, package):
    page = browser.new_page()
    page.goto(package.page.as_uri())
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = 1";
            const div = document.createElement("div");
            div.innerHTML = "<img src=x onerror='window.ran=2'>";
            document.body.append(script, div);
        }"""
    )
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("fetch('https://example.invalid/').then(() => 'sent', () => 'stopped')") == "stopped"
    page.close()


def test_the_language_changes_everywhere_and_back(page, package):
    page.goto(package.page.as_uri())
    check(page, package.folder)
    vietnamese = page.locator("body").inner_text()
    page.locator("#language").click()
    english = page.locator("body").inner_text()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Data for verification." in english
    assert "✓ hash matches" in english
    assert "Dữ liệu để xác minh." not in english
    page.locator("#language").click()
    assert page.locator("body").inner_text() == vietnamese
    assert "Dữ liệu để xác minh." in vietnamese


def test_an_english_package_opens_in_english(page, tmp_path):
    made = seal_by_hand(tmp_path / "HS-2026-0001", language="en")
    page.goto(made.page.as_uri())
    assert page.locator("#language").inner_text() == "Tiếng Việt"
    assert page.locator("#item-1 .lead").inner_text() == "LEAD-IN, before the time asked for"


def test_the_keyboard_alone_does_it_all(page, package):
    page.on("filechooser", lambda chooser: chooser.set_files(str(package.folder)))
    page.goto(package.page.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(40):
        if page.evaluate("document.activeElement.id") == "choose":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#verdicts .good").wait_for()
    assert page.evaluate("document.activeElement.id") == "result"
    for _ in range(80):
        if page.evaluate("document.activeElement.tagName") == "VIDEO":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    until(page, "document.activeElement.currentTime > 0.2")
    page.locator("#language").focus()
    page.keyboard.press("Enter")
    assert page.locator("html").get_attribute("lang") == "en"


def test_both_clocks_and_the_lead_in_follow_the_picture(page, package):
    page.goto(package.page.as_uri())
    line = page.locator("#item-1 .clock.screen")
    until(page, "document.querySelector('#item-1 video').readyState >= 1")
    assert page.locator("#item-1 .lead").is_visible()
    page.locator("#item-1").get_by_text("Tới lúc được yêu cầu").click()
    until(page, "document.querySelector('#item-1 .lead').hidden")
    assert "23/11/2026 17:03:01.5 giờ thật · 23/11/2026 17:07:13.5 trên đồng hồ camera" in line.inner_text()
    facts = page.locator("#item-1 dl").inner_text()
    assert "nhanh 0:04:12 (đã đối chiếu)" in facts
    assert "0:00:01.5 đầu tiên nằm trước lúc được yêu cầu" in facts
    assert "không lệch (chưa đối chiếu lần nào, coi như đúng)" in page.locator("#item-3 dl").inner_text()
    assert page.locator("#timeline svg.line rect[fill='url(#lead)']").count() == 1
    assert page.locator("#timeline svg.line a").count() == 3
    assert page.locator("#item-2 dl a").get_attribute("href") == "#item-1"


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 600), (390, 800)])
def test_nothing_is_wider_than_the_screen(page, package, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(package.page.as_uri())
    check(page, package.folder)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#choose").is_visible()


def test_it_prints_on_a4_with_every_detail(page, package, tmp_path):
    page.goto(package.page.as_uri())
    check(page, package.folder)
    page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "page.pdf")
    sizes = {tuple(round(side) for side in document[number].get_size()) for number in range(len(document))}
    assert sizes == {(595, 842)}
    text = " ".join("".join(one.get_textpage().get_text_bounded() for one in document).split())
    document.close()
    for wanted in ("Dữ liệu để xác minh.", "Trộm xe máy nhà ông A", "data/ho_so/custody.jsonl", "camtool cut --case"):
        assert wanted in text
    assert "Chọn thư mục của gói…" not in text
    assert "trước khi" not in text
    assert page.locator("details[open]").count() == 0


def test_a_print_before_any_check_says_so(page, package, tmp_path):
    page.goto(package.page.as_uri())
    page.emulate_media(media="print")
    assert page.locator("#check .paper").is_visible()
    check(page, package.folder)
    assert not page.locator("#check > .paper").is_visible()


def test_the_folder_may_be_dropped(page, package):
    page.goto(package.page.as_uri())
    wire = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(package.folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        wire.send("Input.dispatchDragEvent", {"type": kind, "x": 400, "y": 400, "data": data})
    page.locator("#verdicts .good").wait_for()
    assert badges(page) == ["good"] * 4


def test_of_the_data_folder_alone_only_data_is_checked(page, package):
    page.goto(package.page.as_uri())
    states = check(page, package.folder / "data")
    assert {row for row, state in states.items() if state == "good"} == {"page", "custody"}
    assert {row for row, state in states.items() if state == "bad"} == set()
    assert badges(page) == ["good"] * 4


def test_the_package_is_found_in_the_folder_above_it_and_a_wrong_folder_is_refused(page, package, tmp_path):
    page.goto(package.page.as_uri())
    (tmp_path / "HS-2026-0001_NIEM_PHONG.pdf").write_bytes(b"%PDF")
    assert check(page, tmp_path) == ALL_GOOD
    shutil.copytree(package.folder, tmp_path / "HS-2026-0002")
    assert check(page, tmp_path) == {}
    assert "nhiều hơn một" in page.locator("#status").inner_text()
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.txt").write_text("x", encoding="utf-8")
    assert check(page, other) == {}
    assert "không phải là một gói" in page.locator("#status").inner_text()
    assert badges(page) == ["open"] * 4


def test_a_large_file_is_hashed_in_pieces(page, package):
    large = package.folder / "data" / "goc" / "lon.mp4"
    large.parent.mkdir()
    content = bytes(range(251)) * 140_000 + b"end"  # 35 MB: more than is given to the browser's own SHA-256 at once
    large.write_bytes(content)
    entry = {"path": "data/goc/lon.mp4", "sha256": sha256(content), "size_bytes": len(content)}
    package.page.write_text(page_of(package.data | {"files": [*package.data["files"], entry]}), encoding="utf-8")
    reseal(package, OWN_KEY)
    page.goto(package.page.as_uri())
    assert check(page, package.folder) == ALL_GOOD
    content = content[:-1] + b"x"
    large.write_bytes(content)
    check(page, package.folder)
    assert faults(page) == ["Bị thay đổi: data/goc/lon.mp4"]
    assert sha256(content) in page.locator("#faults").inner_text()


def rewrite_log(package: Sealed, lines: list[bytes], shown: list[bytes]) -> None:
    """Give the package another log, and a page that shows those rows, all hashed and signed as it should be."""
    log = package.folder / "data" / "ho_so" / "custody.jsonl"
    log.write_bytes(b"".join(line + b"\n" for line in lines))
    head = sha256(lines[-1])
    files = [
        entry | {"sha256": sha256(log.read_bytes()), "size_bytes": log.stat().st_size}
        if "custody" in entry["path"]
        else entry
        for entry in package.data["files"]
    ]
    data = package.data | {"files": files, "custody_head": head, "custody": [json.loads(line) for line in shown]}
    package.page.write_text(page_of(data), encoding="utf-8")
    info = f"External-Identifier: HS-2026-0001\nCustody-Head: {head}\nCustody-Entries: {len(lines)}\n"
    (package.folder / "bag-info.txt").write_text(info, encoding="utf-8")
    reseal(package, OWN_KEY)


def chained(drafts: list[dict[str, object] | bytes]) -> list[bytes]:
    lines: list[bytes] = []
    for number, draft in enumerate(drafts, 1):
        prev = sha256(lines[-1]) if lines else "0" * 64
        lines.append(draft if isinstance(draft, bytes) else canonical(draft | {"n": number, "prev": prev}))
    return lines


def test_a_line_left_half_written_is_no_fault_where_the_next_row_says_so(page, package):
    rows = package.data["custody"]
    resume = rows[0] | {"act": "resume", "facts": {"line": 2}}
    lines = chained([rows[0], b'{"account":"canbo', resume, rows[1], rows[2]])
    rewrite_log(package, lines, [lines[0], *lines[2:]])
    page.goto(package.page.as_uri())
    assert check(page, package.folder) == ALL_GOOD
    lines = chained([rows[0], b'{"account":"canbo', rows[1], rows[2]])
    rewrite_log(package, lines, [lines[0], *lines[2:]])
    page.goto(package.page.as_uri())
    assert check(page, package.folder)["custody"] == "bad"
    assert "dòng 2" in page.locator("#result table").inner_text()


@pytest.mark.parametrize("how", ["edited", "removed", "reordered", "truncated", "hidden"])
def test_a_log_that_was_tampered_with_is_red_even_when_all_else_was_made_to_fit(page, package, how):
    lines = [canonical(row) for row in package.data["custody"]]
    if how == "edited":
        lines[0] = lines[0].replace(b"canbo", b"kheo!")
    elif how == "removed":
        del lines[1]
    elif how == "reordered":
        lines[1], lines[2] = lines[2], lines[1]
    elif how == "truncated":
        lines.pop()
    shown = lines if how != "hidden" else [lines[0], lines[2]]
    if how == "truncated":
        shown = [canonical(row) for row in package.data["custody"]]
    rewrite_log(package, lines, shown)
    page.goto(package.page.as_uri())
    states = check(page, package.folder)
    assert {row for row, state in states.items() if state == "bad"} == {"custody"}
