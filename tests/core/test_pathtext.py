"""Paths as text: reversible, without collision, storable, and harmless on a terminal."""

import json
import os
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.pathtext import from_text, printable, to_text

PATHS = st.binary(max_size=60).map(lambda raw: os.fsdecode(raw.replace(b"\0", b"\\")))
ANY_PATH = st.one_of(PATHS, st.text(alphabet=st.sampled_from("a\\x8u0dc\udc80\udcff\ud83d\ude00é🎥/"), max_size=12))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"camera1/ch01_20211114061218.mp4", "camera1/ch01_20211114061218.mp4"),
        ("Cổng chào/🎥.mp4".encode(), "Cổng chào/🎥.mp4"),
        (b"c\xe9.mp4", "c\\xe9.mp4"),
        (b"a\\b.mp4", "a\\\\b.mp4"),
        (b"a\\xe9.mp4", "a\\\\xe9.mp4"),
        (b"\\\xff\\", "\\\\\\xff\\\\"),
        (b"new\nline", "new\nline"),
        (b"", ""),
    ],
)
def test_text_form(raw: bytes, text: str) -> None:
    path = os.fsdecode(raw)
    assert to_text(path) == text
    assert from_text(text) == path
    assert os.fsencode(from_text(text)) == raw


def test_lone_surrogates_of_windows_names() -> None:
    assert to_text("a\ud83db\udc7f") == "a\\ud83db\\udc7f"
    assert from_text("a\\ud83db\\udc7f") == "a\ud83db\udc7f"


@pytest.mark.parametrize("text", ["\\", "a\\q", "\\x4", "\\x41", "\\XE9", "\\xE9", "\\ue000", "\\udc80", "\\\\\\"])
def test_texts_that_no_path_has(text: str) -> None:
    with pytest.raises(ValueError, match="not a path's text"):
        from_text(text)


@given(ANY_PATH)
def test_there_and_back(path: str) -> None:
    text = to_text(path)
    assert from_text(text) == path
    assert text.encode("utf-8").decode("utf-8") == text


@given(ANY_PATH, ANY_PATH)
def test_no_two_paths_share_a_text(one: str, other: str) -> None:
    assert (to_text(one) == to_text(other)) == (one == other)


@given(PATHS)
def test_a_path_that_can_be_stored_is_left_alone(path: str) -> None:
    if "\\" not in path and not any("\ud800" <= char <= "\udfff" for char in path):
        assert to_text(path) == path


@given(PATHS)
def test_json_and_sqlite_hold_it(path: str) -> None:
    text = to_text(path)
    assert json.loads(json.dumps(text)) == text
    connection = sqlite3.connect(":memory:")
    assert connection.execute("select ?", (text,)).fetchone() == (text,)
    connection.close()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("camera1/ch01.mp4", "camera1/ch01.mp4"),
        ("Đường Nguyễn Thị Minh Khai, ngõ 5", "Đường Nguyễn Thị Minh Khai, ngõ 5"),
        ("Co\u0302\u0309ng", "Co\u0302\u0309ng"),  # NFD
        ("👨‍👩‍👧 🏴\U000e0067\U000e0062\U000e007f ❤\ufe0f 🇻🇳", "👨‍👩‍👧 🏴\U000e0067\U000e0062\U000e007f ❤\ufe0f 🇻🇳"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x1b[31mred\x07\x7f", "\\x1b[31mred\\x07\\x7f"),
        ("\u0085\u009b", "\\u0085\\u009b"),
        ("one\u2028two\u2029", "one\\u2028two\\u2029"),
        ("gpj.\u202e4pm", "gpj.\\u202e4pm"),
        ("\u2066\u2069\u200e\u200f\u061c", "\\u2066\\u2069\\u200e\\u200f\\u061c"),
        ("zero\u200bwidth\ufeff\u00ad", "zero\\u200bwidth\\ufeff\\u00ad"),
        ("\U000e0001", "\\U000e0001"),
        ("raw\udce9", "raw\\xe9"),
        ("a\\\\b", "a\\\\b"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(max_size=40))
def test_printable_is_one_line_that_can_be_written(text: str) -> None:
    shown = printable(text)
    assert shown.splitlines() in ([], [shown])
    assert shown.encode("utf-8") or not text
    assert not set(shown) & {chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F))}
    assert printable(shown) == shown
