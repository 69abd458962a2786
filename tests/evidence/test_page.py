"""A page out of its parts: what people wrote stays text, and the page lets nothing else in."""

import base64
import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.evidence.inline import embedded
from camtool.evidence.page import PAGES, page
from camtool.jobs.timeline_data import SCRIPTS, STYLE, TEMPLATE

ROOT = Path(__file__).parents[2]


def made(data: dict[str, object], title: str = "t") -> str:
    return page(TEMPLATE, STYLE, SCRIPTS, data, title=title, language="en", noscript="n")


@given(st.recursive(st.text() | st.integers() | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=3)))
def test_what_goes_in_comes_out_and_no_sign_of_markup_is_in_between(value):
    text = embedded({"a": value})
    assert json.loads(text) == {"a": value}
    assert not set("<>&") & set(text)


def test_a_surrogate_and_a_number_that_is_none():
    assert embedded({"a": "\udc80"}).encode() == b'{"a":"\\udc80"}'
    with pytest.raises(ValueError, match="JSON compliant"):
        embedded({"a": float("nan")})


def test_markup_in_a_title_is_text():
    text = made({"x": "</script><script>alert(1)</script>"}, title="<script>alert(2)</script>")
    assert "alert(1)</script>" not in text
    assert "<title>&lt;script&gt;alert(2)&lt;/script&gt;</title>" in text


def test_the_policy_names_the_one_script_and_the_one_style_and_nothing_else():
    text = made({})
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (script, style)]
    assert policy[1].replace("&#x27;", "'") == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), "an address is asked for by nobody"
    assert "@import" not in text
    assert "innerHTML" not in text


@pytest.mark.parametrize("name", [TEMPLATE, STYLE, *SCRIPTS])
def test_the_parts_are_in_the_package_and_short(name):
    lines = (PAGES / name).read_text(encoding="utf-8").splitlines()
    assert 10 < len(lines) <= 400
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert hatch["targets"]["wheel"]["packages"] == ["camtool"], "all that lies in camtool/ goes into the wheel"
