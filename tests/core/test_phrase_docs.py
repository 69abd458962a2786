"""docs/time.md is held to what it says."""

import re
from pathlib import Path

import pytest

from camtool.core.timetext import for_people
from camtool.errors import UnreadableTime
from tests.core.test_phrase import HCM, read

TEXT = (Path(__file__).parents[2] / "docs" / "time.md").read_text(encoding="utf-8")
ROWS: list[tuple[str, str]] = re.findall(r"^\| `([^`]+)` \| (.+) \|$", TEXT, re.MULTILINE)
READ = [(phrase, meaning) for phrase, meaning in ROWS if re.match(r"\d\d/\d\d/\d{4} ", meaning)]
REFUSED = [row for row in ROWS if row not in READ]


def test_the_tables_are_found():
    assert len(READ) >= 45
    assert len(REFUSED) >= 15


@pytest.mark.parametrize(("phrase", "meaning"), READ)
def test_documented_phrases(phrase, meaning):
    assert for_people(read(phrase).start_us, HCM) == meaning


@pytest.mark.parametrize(("phrase", "why"), REFUSED)
def test_documented_refusals(phrase, why):
    with pytest.raises(UnreadableTime) as caught:
        read(phrase)
    assert str(caught.value.facts["reason"]) == why
