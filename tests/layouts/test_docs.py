"""The two pages that people read about layouts say what the code does."""

import datetime as dt
import re
from pathlib import Path

import pytest

from camtool.core.claim import Layout
from camtool.layouts.generic import template_layout
from camtool.layouts.registry import claim_with, layouts

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def _rows(text: str) -> list[list[str]]:
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines if set(line[0].strip()) != {"-"}]


def test_the_table_names_every_layout_and_its_names_are_read() -> None:
    layout, read = "", []
    for first, _, names, _ in _rows(_section("What is known"))[1:]:
        layout = first.strip("`") or layout
        for name in re.findall("`([^`]+)`", names):
            claim = claim_with(name, layouts())
            assert claim is not None, name
            assert claim.layout == layout
            read.append(name)
    assert len(read) == 18
    assert {row[0].strip("`") for row in _rows(_section("What is known"))[1:]} - {""} == {one.name for one in layouts()}


def test_what_it_says_is_not_read_is_not() -> None:
    names = re.findall("`([^`]+)`", PAGE.partition("**Not read**")[2].partition("For the first")[0])
    assert names == ["2021-08/01/11/cam/30.10.mp4", "hiv00012.mp4"]
    assert [claim_with(name, layouts()) for name in names] == [None, None]


def test_its_templates_are_templates() -> None:
    section = _section("A template for any other recorder")
    templates = re.findall('template = "([^"]+)"', section)
    templates += [row[1].strip("`") for row in _rows(section.partition("been of use")[2])[1:]]
    assert len(templates) == 4
    for template in templates:
        template_layout(template)


@pytest.mark.parametrize(
    ("template", "path", "start"),
    [
        ("utc:%YY%mM%dD%HH/%*%MM%SS%*.mp4", "2016Y10M24D15H/E123M45S67.mp4", "2016-10-24T15:23:45+00:00"),
        ("%Y-%m/%d/%H/%c/%M.%S.mp4", "2021-08/01/11/cam/30.10.mp4", "2021-08-01T11:30:10"),
        ("%Y-%m-%d_%H-%M-%S.mkv", "cam3/2026-11-24_11-30-10.mkv", "2026-11-24T11:30:10"),
    ],
)
def test_its_templates_read_what_they_are_for(template: str, path: str, start: str) -> None:
    assert f"`{template}`" in PAGE
    claim = template_layout(template).claim(path)
    assert claim is not None
    assert (claim.start_local or claim.start_utc) == dt.datetime.fromisoformat(start)


def test_the_example_for_contributors_works() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    exec(page.partition("```python\n")[2].partition("```")[0], names)
    layout = names["LAYOUT"]
    assert isinstance(layout, Layout)
    for sample in layout.samples:
        claim = layout.claim(sample.path)
        assert claim is not None
        assert claim.start_local == dt.datetime.fromisoformat(sample.start)
        assert claim.channel == sample.channel
        assert claim_with(sample.path, layouts()) is None
    assert [layout.claim(name) for name in layout.foreign] == [None] * 5
