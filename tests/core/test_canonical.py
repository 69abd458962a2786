import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.canonical import canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcé", max_size=3), inner),
    max_leaves=20,
)


@given(VALUES)
def test_a_value_has_one_text_and_the_text_is_one_line(value):
    text = canonical(value)
    assert b"\n" not in text
    assert canonical(json.loads(text)) == text


def test_keys_are_sorted_strings_are_nfc_and_nothing_is_spaced():
    assert canonical({"b": [1, True, None], "a": "Tro\u0323\u0302m", "á": ""}) == (
        '{"a":"Trộm","b":[1,true,null],"á":""}'.encode()
    )


@pytest.mark.parametrize("value", [1.0, {"a": 1.5}, {1: "a"}, b"a", {"a"}, object()])
def test_what_has_no_one_text_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", ["\ud800", {"e\u0301": 1, "é": 2}])
def test_what_is_no_text_or_no_one_key(value):
    with pytest.raises(ValueError, match=r"surrogates|two keys"):
        canonical(value)
