"""One JSON document, written piece by piece, held to the standard library's own writer and reader."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.cli import jsonout
from camtool.core.model import State

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def streamed(value: Any) -> Any:
    """Return the same value with an iterator for every list, so that nothing is there before it is asked for."""
    if isinstance(value, dict):
        return {key: streamed(inner) for key, inner in value.items()}
    return map(streamed, value) if isinstance(value, list) else value


def written(content: Mapping[str, Any]) -> str:
    stream = io.StringIO()
    jsonout.write(stream, content)
    return stream.getvalue()


@given(st.dictionaries(st.text(), values))
def test_any_document_reads_back(content):
    text = written(content)
    assert text.endswith("}\n")
    assert text.count("\n") == 1, "a line break inside a text is written as an escape"
    assert json.loads(text) == json.loads(json.dumps(content))


@given(st.dictionaries(st.text(), values))
def test_an_iterator_is_written_like_a_list(content):
    assert written(streamed(content)) == written(content)


def test_words_stay_readable_and_states_are_texts():
    text = written({"tên": "Cổng chợ 🛵", "state": State.NO_INDEX, "end": None, "ok": True})
    assert text == '{"t\\u00ean": "Cổng chợ 🛵", "state": "no_index", "end": null, "ok": true}\n'


def test_items_leave_as_they_come():
    """A million recordings are never in memory: each piece is out before the next item is asked for."""
    asked = 0

    def items() -> Iterator[int]:
        nonlocal asked
        for number in range(1000):
            asked = number + 1
            yield number

    seen = ""
    for piece in jsonout.pieces({"recordings": items()}):
        seen += piece
        assert asked <= seen.count(",") + 1
    assert asked == 1000
    assert json.loads(seen) == {"recordings": list(range(1000))}


def test_what_json_cannot_hold_is_an_error():
    with pytest.raises(TypeError):
        written({"what": {1, 2}})
