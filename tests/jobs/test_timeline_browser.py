"""The timeline's page in a real Chromium: what is drawn, said, copied and printed, by mouse and by keys alone."""

import io
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from camtool.core.activity import Cause
from camtool.core.model import State
from camtool.jobs.timeline import Highlight
from camtool.jobs.timeline_data import Lead
from tests.makers.pages import DAY_US, busy, damaged, event, row, span, write

EVIL = "<script>alert(1)</script>"
WINDOW = span(0, 3600)
ROWS = [
    row(
        3,
        EVIL,
        place="<img src=x onerror=alert(2)>",
        offset_s=300,
        covered=[span(0, 1200), span(1800, 3600)],
        gaps=[span(1200, 1800)],
        unskimmed=[span(3000, 3600)],
        broken=[damaged(3, State.TRUNCATED, f"{EVIL}.mp4", 1800, 1900)],
        events=[(11, event(600, 620, 30, offset_s=300)), (12, event(2400, 2410, 2, Cause.UNSURE, 300))],
        unplaced=2,
    ),
    row(5, "Cầu", covered=[span(0, 3600)], events=[(21, event(650, 660, 8))]),
    row(6, "Trạm", gaps=[span(0, 3600)]),
]


@pytest.fixture
def opened(browser, tmp_path):
    """Open the page of ROWS in a context of its own; whatever it asks of a network or throws is an error."""
    contexts = []

    def open_(path: Path | None = None, width: int = 1280, height: int = 900, touch: bool = False, **more: Any) -> Any:
        if path is None:
            path = tmp_path / "t.html"
            write(ROWS, WINDOW, path, **more)
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=touch)
        contexts.append(context)
        page = context.new_page()
        wrong: list[str] = []

        def asked(request: Any) -> None:
            if not request.url.startswith(("data:", "file:")):
                wrong.append(request.url)

        def printed(message: Any) -> None:
            if message.type == "error":
                wrong.append(message.text)

        def alerted(dialog: Any) -> None:
            wrong.append(dialog.message)
            dialog.dismiss()

        page.on("request", asked)
        page.on("console", printed)
        page.on("dialog", alerted)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready]")
        page.wrong = wrong
        return page

    yield open_
    for context in contexts:
        assert [page.wrong for page in context.pages] == [[] for _ in context.pages]
        context.close()


def point(page: Any, at_s: float, line: int, length_s: float = 3600) -> tuple[float, float]:
    """Where an instant of a row is on the screen, the whole window in view."""
    box = page.locator("#marks").bounding_box()
    return box["x"] + box["width"] * at_s / length_s, box["y"] + box["height"] * (line + 0.6) / len(ROWS)


def said(page: Any, words: str) -> None:
    """Wait for the status line to say so. (Playwright's wait_for_function needs eval, which the page forbids.)"""
    page.locator("#status", has_text=words).wait_for()


def clipboard(page: Any) -> str:
    """Read what was copied by pasting it into the command's field, as a person would."""
    page.evaluate(
        "() => { const f = document.createElement('textarea'); f.id = 'paste'; document.body.append(f); f.focus(); }"
    )
    page.keyboard.press("Control+v")
    return str(page.input_value("#paste"))


def test_what_people_wrote_is_text(opened):
    page = opened()
    assert page.inner_text("#names b >> nth=0") == f"3 · {EVIL}"
    assert page.inner_text("#names small >> nth=0") == "<img src=x onerror=alert(2)>"
    assert f"{EVIL}.mp4" in page.inner_text("#wrong")
    page.mouse.move(*point(page, 610, 0))
    assert f"camera 3 · {EVIL}" in page.inner_text("#tip")
    assert page.evaluate("document.scripts.length") == 2
    assert page.evaluate("document.images.length") == 0


def test_hovering_shows_both_clocks_and_what_is_there(opened):
    page = opened()
    page.mouse.move(*point(page, 610, 0))
    told = page.inner_text("#tip")
    assert "event 11" in told
    assert "score 30.0" in told
    assert "True time 23/11/2026 00:10:10" in told
    assert "camera: 23/11/2026 00:05:10" in told
    assert "lasts 0:00:20" in told
    for at_s, line, words in (
        (1500, 0, "no recording"),
        (3300, 0, "recorded, not skimmed yet"),
        (1850, 0, "truncated"),
        (2700, 0, "recorded"),
        (100, 1, "its clock was never compared"),
    ):
        page.mouse.move(*point(page, at_s, line))
        assert words in page.inner_text("#tip")
    page.mouse.move(5, 5)
    assert not page.is_visible("#tip")


def test_a_click_copies_the_cut_command_from_a_file(opened):
    page = opened()
    page.mouse.click(*point(page, 610, 0))
    said(page, "Copied")
    wanted = (
        'camtool cut --camera 3 --from "23/11/2026 00:09:58" --to "23/11/2026 00:10:22" -o cam3-20261123-000958.mp4'
    )
    assert page.input_value("#command") == wanted
    assert "event 11" in page.inner_text("#status")
    assert clipboard(page) == wanted


def test_a_click_beside_events_is_the_minute_around_and_in_a_gap_nothing(opened):
    page = opened()
    page.mouse.click(*point(page, 2700, 1))
    said(page, "the minute around")
    found = re.search(
        r'--camera 5 --from "23/11/2026 00:44:(\d\d)" --to "23/11/2026 00:45:(\d\d)"', page.input_value("#command")
    )
    assert found is not None
    page.mouse.click(*point(page, 1500, 0))
    assert page.input_value("#command") == ""
    assert "no recording" in page.inner_text("#status")


@pytest.mark.parametrize("older", [True, False])
def test_where_the_clipboard_is_closed_the_older_way_is_taken_or_the_command_is_marked(opened, older):
    page = opened()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('closed')); }")
    if not older:
        page.evaluate("() => { document.execCommand = () => false; }")
    page.mouse.click(*point(page, 610, 0))
    start = "Copied" if older else "This browser keeps its clipboard closed"
    said(page, start)
    if older:
        assert clipboard(page).startswith("camtool cut --camera 3 ")
    else:
        assert page.evaluate("getSelection().toString()").startswith("camtool cut")
        assert page.evaluate("document.activeElement.id") == "command"


def shown(page: Any) -> tuple[int, int]:
    """What is in view, seconds of the day, as the page says it."""
    page.wait_for_timeout(60)
    found = re.findall(r"(\d\d):(\d\d):(\d\d)", page.inner_text("#shown"))
    start, end = (int(h) * 3600 + int(m) * 60 + int(s) for h, m, s in found)
    return start, end


def test_the_wheel_zooms_around_the_pointer_and_dragging_pans(opened):
    page = opened()
    assert shown(page) == (0, 3600)
    page.mouse.move(*point(page, 900, 0))
    page.mouse.wheel(0, -400)
    start, end = shown(page)
    assert end - start == pytest.approx(3600 / 2.718, abs=3)
    assert start + (end - start) / 4 == pytest.approx(900, abs=5), "what was under the pointer still is"
    x, y = point(page, 900, 0)
    page.mouse.down()
    page.mouse.move(x - 100, y, steps=4)
    page.mouse.up()
    later = shown(page)
    assert later[0] > start
    assert later[1] - later[0] == pytest.approx(end - start, abs=2)
    assert page.input_value("#command") == "", "a drag is no click"
    page.mouse.wheel(0, 5000)
    page.mouse.wheel(0, 5000)
    page.mouse.wheel(0, 5000)
    page.click("text=whole window")
    assert shown(page) == (0, 3600)


def test_a_window_is_chosen_with_shift(opened):
    page = opened()
    page.keyboard.down("Shift")
    page.mouse.move(*point(page, 300, 1))
    page.mouse.down()
    page.mouse.move(*point(page, 420, 1), steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")
    said(page, "Copied")
    assert re.search(
        r'--camera 5 --from "23/11/2026 00:0[45]:\d\d" --to "23/11/2026 00:0[67]:\d\d"', page.input_value("#command")
    )
    assert shown(page) == (0, 3600)


def test_by_keys_alone(opened):
    page = opened()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "plot":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is seen"
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#status").startswith("event 11 ")
    assert "True time 23/11/2026 00:10:10 · camera: 23/11/2026 00:05:10" in page.inner_text("#status")
    page.keyboard.press("ArrowDown")
    assert page.inner_text("#status").startswith("event 21 ")
    page.keyboard.press("Enter")
    said(page, "Copied")
    assert '--camera 5 --from "23/11/2026 00:10:48" --to "23/11/2026 00:11:02"' in page.input_value("#command")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("[")
    page.keyboard.press("End")
    page.keyboard.press("]")
    page.keyboard.press("Enter")
    assert '--camera 3 --from "23/11/2026 00:10:00" --to "23/11/2026 00:40:10"' in page.input_value("#command")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert "no further event" in page.inner_text("#status")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.inner_text("#status") == "6 · Trạm · no event on this camera"
    page.keyboard.press("+")
    assert shown(page)[1] - shown(page)[0] == 1800
    page.keyboard.press("PageDown")
    page.keyboard.press("0")
    assert shown(page) == (0, 3600)
    assert page.get_attribute("#plot", "aria-label")
    assert page.get_attribute("#status", "aria-live") == "polite"
    unnamed = (
        "[...document.querySelectorAll('button, input')].filter((e) => !e.textContent && !e.getAttribute('aria-label'))"
    )
    assert page.evaluate(f"{unnamed}.length") == 0


def test_lists_say_what_the_picture_shows(opened):
    page = opened()
    assert page.inner_text("#best h2") == "The strongest events in view: 3 of 3"
    rows = page.locator("#best tbody tr")
    assert [rows.nth(place).locator("td").first.inner_text() for place in range(3)] == ["11", "21", "12"]
    assert "camera: 23/11/2026 00:05:00 – 00:05:20" in rows.nth(0).inner_text()
    wrong = page.inner_text("#wrong")
    assert "00:20:00 – 00:30:00" in wrong
    assert "0:10:00" in wrong
    assert "camera 3: 2 files have no known time" in wrong
    rows.nth(1).locator("button").press("Enter")
    said(page, "Copied")
    assert "--camera 5" in page.input_value("#command")


def test_thumbnails_only_where_they_were_asked_for(opened):
    kept = io.BytesIO()
    Image.new("RGB", (24, 16), (200, 30, 30)).save(kept, format="JPEG")
    page = opened(pictures={11: kept.getvalue()})
    page.mouse.move(*point(page, 610, 0))
    page.wait_for_selector("#tip img")
    page.wait_for_timeout(100)
    assert page.evaluate("document.querySelector('#tip img').naturalWidth") == 24
    page.mouse.move(*point(page, 655, 1))
    assert page.locator("#tip img").count() == 0
    assert page.locator("#best img").count() == 1


def test_what_is_followed_is_marked_and_never_called_by_a_name(opened):
    lead = Lead(ROWS[1].camera, span(620, 900), "1", "from camera 3", "1 event", "copy reel", "camtool reel --camera 5")
    page = opened(highlight=Highlight(11, 3, span(600, 620), (lead,)))
    assert "Where to look next" in page.inner_text("#caution")
    assert "says nothing about who it was" in page.inner_text("#caution")
    assert page.locator("#labels span").all_inner_texts() == ["1", "★"]
    assert "1 event" in page.inner_text("#leads")
    page.click("#leads button")
    said(page, "Copied")
    assert page.input_value("#command") == "camtool reel --camera 5"
    assert page.inner_text("#best h2") == "The strongest events in the windows: 2 of 2"


def test_repeated_hours_are_told_apart(opened, tmp_path):
    at_us = 1_792_889_400 * 1_000_000  # 25/10/2026 00:50 UTC, 02:50 in Berlin, for the first time
    shift_s = (at_us - DAY_US) / 1e6
    events = [(1, event(shift_s, shift_s + 10)), (2, event(shift_s + 3600, shift_s + 3610))]
    window = span(shift_s - 600, shift_s + 4200)
    write([row(1, covered=[window], events=events)], window, tmp_path / "z.html", zone=ZoneInfo("Europe/Berlin"))
    page = opened(tmp_path / "z.html")
    cells = page.locator("#best tbody tr").all_inner_texts()
    assert "02:50:00 UTC+02:00" in cells[0]
    assert "02:50:00 UTC+01:00" in cells[1]


@pytest.mark.parametrize("width", [400, 800, 1920])
def test_nothing_runs_over_the_side(opened, width):
    page = opened(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#plot").bounding_box()["width"] > 190


def test_on_a_phone_a_row_of_a_list_is_a_few_lines(opened):
    page = opened(width=390, height=844)
    for each in page.locator("#best tbody tr").all():
        box = each.bounding_box()
        assert box["height"] < 150
        assert box["x"] + box["width"] <= 390
        assert each.locator("button").is_visible()
    score = "getComputedStyle(document.querySelector('#best tbody td:nth-child(4)'), '::before').content"
    assert page.evaluate(score).startswith('"score'), "without the head, each value says what it is"


def test_a_finger_that_taps_sees_what_a_mouse_sees_hovering(opened):
    kept = io.BytesIO()
    Image.new("RGB", (24, 16), (200, 30, 30)).save(kept, format="JPEG")
    page = opened(width=390, height=844, touch=True, pictures={11: kept.getvalue()})
    page.touchscreen.tap(*point(page, 610, 0))
    said(page, "Copied")
    assert "True time 23/11/2026 00:10:10" in page.inner_text("#tip")
    assert page.is_visible("#tip img")
    page.touchscreen.tap(*point(page, 1500, 0))
    assert "no recording" in page.inner_text("#tip")


def test_the_strongest_events_stand_by_their_starts(opened, tmp_path):
    long_before = [(1, event(100, 900)), (2, event(200, 220)), (3, event(300, 500))]
    write([row(1, covered=[WINDOW], events=long_before)], WINDOW, tmp_path / "o.html")
    rows = opened(tmp_path / "o.html").locator("#best tbody tr")
    assert [rows.nth(place).locator("td").first.inner_text() for place in range(3)] == ["1", "2", "3"]


def test_it_prints_on_a4_across(opened):
    import pypdfium2

    page = opened()
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as document:
        width, height = document[0].get_size()
        assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (297, 210)
        paper = document[0]
        text = paper.get_textpage()
        words = text.get_text_range()
        picture = paper.render(scale=1).to_pil().convert("RGB")
        text.close()
        paper.close()
    assert "5 · Cầu" in words
    assert "Copied" not in words
    assert "whole window" not in words, "buttons are not printed"
    colours = {colour for _, colour in picture.getcolors(1 << 20)}
    assert (63, 149, 98) in colours, "what is recorded"
    assert (11, 87, 208) in colours, "what moved"


def test_a_day_of_nine_cameras_is_all_there_and_light(opened, tmp_path):
    drawn = write(busy(9, 24, 3000), span(0, 86400), tmp_path / "day.html")
    assert drawn.events == 3000
    assert drawn.size_bytes < 5_000_000
    page = opened(tmp_path / "day.html")
    assert page.inner_text("#best h2") == "The strongest events in view: 20 of 3000"
    assert page.locator("#names > div").count() == 9
    assert page.locator("#marks *").count() < 400, "paths of many marks, not a node each"
