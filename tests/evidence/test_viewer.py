"""The viewer as a file: what is in it, what cannot be in it, and that an installed camtool has its parts."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.case import KINDS, Act, Role
from camtool.evidence import viewer
from camtool.evidence.inline import embedded
from camtool.evidence.viewer import SCRIPTS, page_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "camtool" / "evidence" / "resources" / "viewer"
TEXTS = json.loads((FOLDER / "texts.json").read_text(encoding="utf-8"))
CODE = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)
BLANK = {"case": {"number": "HS-2026-0001", "title": ""}, "items": [], "custody": [], "files": []}


def parts(page: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}(?: [^>]*)?>(.*?)</{tag}>", page, re.DOTALL)


def test_the_policy_names_the_one_script_and_the_one_style_and_lets_nothing_out():
    page = page_of(BLANK)
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert len(policy) == 1
    rules = dict(rule.split(" ", 1) for rule in policy[0].split("; "))
    run = parts(page, "script")[-1]
    for rule, text in (("script-src", run), ("style-src", parts(page, "style")[0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert rules["default-src"] == rules["connect-src"] == rules["form-action"] == rules["base-uri"] == "'none'"
    assert "http:" not in policy[0]
    assert "unsafe" not in policy[0]
    assert [tag for tag in re.findall(r"<script([^>]*)>", page) if "application/json" not in tag] == [""]


def test_the_page_asks_nobody_for_anything():
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", page_of(BLANK)))
    assert addresses == {"http://www.w3.org/2000/svg"}  # the name of SVG's elements, not a place that is asked
    assert not re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|innerHTML|outerHTML|insertAdjacentHTML", CODE)
    assert not re.search(r"document\.write|\beval\(|new Function|setAttribute\(\"on", CODE)


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_whatever_a_text_is_it_stays_inside_its_element(value):
    text = embedded(value)
    assert not re.search("[<>&\u2028\u2029]", text)
    text.encode("utf-8")
    assert json.loads(text) == value


@pytest.mark.parametrize(
    "title", ["{{script}} {{data}}", "</script><script>alert(1)</script>", "<!--<script>", "\ud800"]
)
def test_a_title_fills_no_place_and_ends_no_element(title):
    page = page_of(BLANK | {"case": {"number": "1", "title": title}})
    assert page.count("</script>") == page_of(BLANK).count("</script>") == 3
    assert json.loads(parts(page, "script")[1])["case"]["title"] == title
    page.encode("utf-8")


def test_the_same_data_give_the_same_bytes():
    assert page_of(BLANK) == page_of(json.loads(json.dumps(BLANK)))


def test_every_text_has_both_languages_with_the_same_places_and_none_is_unused():
    for key, text in TEXTS.items():
        assert set(text) == {"vi", "en"}, key
        assert sorted(re.findall(r"\{\w+\}", text["vi"])) == sorted(re.findall(r"\{\w+\}", text["en"])), key
        assert bool(text["vi"]) == bool(text["en"]), key
    # Keys stand in quotes, or are made of a beginning and a name: `role.${role}`.
    named = set(re.findall(r'"([a-z_]+(?:\.[a-z_0-9]+)+)"', CODE)) - {"image.png"}
    begun = set(re.findall(r"`([a-z_]+\.)\$\{", CODE))
    unknown = {key for key in named if "." in key and key not in TEXTS and not key.endswith((".txt", ".pdf", ".html"))}
    unknown -= {"bagit.txt", "signer.pub.pem", "verify.sh", "custody.jsonl"}
    assert unknown == set()
    unused = {key for key in TEXTS if key not in named and not any(key.startswith(each) for each in begun)}
    assert unused == {"span", "bytes"}
    assert '"span"' in CODE
    assert '"bytes"' in CODE


def test_every_word_of_the_log_has_its_text():
    spoken = {f"act.{act}" for act in Act} | {f"kind.{kind}" for kind in KINDS} | {f"role.{role}" for role in Role}
    assert spoken == {key for key in TEXTS if key.startswith(("act.", "kind.", "role."))}


def test_it_never_prints_a_speed_and_never_calls_itself_proof():
    words = "\n".join(text[language] for text in TEXTS.values() for language in text).lower()
    for never in ("km/h", "tốc độ", "speed", "bằng chứng", "chứng minh", "evidence of", "proof", "phạm tội"):
        assert never not in words
    assert TEXTS["notice.title"]["vi"] == "Dữ liệu để xác minh."


def test_an_installed_camtool_has_every_part_of_the_viewer():
    shipped = {each.relative_path.replace("\\", "/") for each in WheelBuilder(str(ROOT)).recurse_included_files()}
    wanted = {f"camtool/evidence/resources/viewer/{path.name}" for path in FOLDER.iterdir()}
    assert len(wanted) == len(SCRIPTS) + 3
    assert wanted <= shipped
    assert set(SCRIPTS) == {path.name for path in FOLDER.glob("*.js")}
    assert viewer.page_of(BLANK).startswith("<!DOCTYPE html>")
