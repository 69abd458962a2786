"""Every layout against its own samples, its near misses, and everybody else's."""

import datetime as dt
import importlib
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool import layouts as package
from camtool.core.claim import Layout, Sample
from camtool.core.model import Camera
from camtool.errors import BadTemplate, UnknownLayout
from camtool.layouts.registry import choice_for, claim_with, layout_named, layouts

NAMES = (
    "blueiris",
    "dahua",
    "frigate",
    "hikvision",
    "motion",
    "reolink",
    "shinobi",
    "tapo",
    "unifi",
    "xiaomi",
    "yi",
)
SAMPLES = [pytest.param(layout, sample, id=sample.path) for layout in layouts() for sample in layout.samples]
FOREIGN = [pytest.param(layout, name, id=f"{layout.name}:{name}") for layout in layouts() for name in layout.foreign]


def camera(layout: str, template: str | None = None) -> Camera:
    return Camera(number=1, name="n", place="p", footage="/f", layout=layout, template=template)


def test_these_layouts_are_there() -> None:
    assert tuple(layout.name for layout in layouts()) == NAMES


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_a_layout_is_whole(layout: Layout) -> None:
    assert importlib.import_module(f"camtool.layouts.{layout.name}").LAYOUT is layout
    assert layout.title
    assert layout.source
    assert len(layout.samples) >= 2
    assert len(layout.foreign) >= 5
    assert len({sample.path for sample in layout.samples}) == len(layout.samples)


@pytest.mark.parametrize(("layout", "sample"), SAMPLES)
def test_a_sample_is_read_exactly(layout: Layout, sample: Sample) -> None:
    claim = layout.claim(sample.path)
    assert claim is not None
    assert claim.layout == layout.name
    start, end = dt.datetime.fromisoformat(sample.start), sample.end and dt.datetime.fromisoformat(sample.end)
    if start.tzinfo:
        assert (claim.start_utc, claim.start_local) == (start, None)
        assert (claim.end_utc, claim.end_local) == (end or None, None)
    else:
        assert claim.start_local == start
        assert (claim.end_local, claim.end_utc) == (end or None, None)
    assert claim.channel == sample.channel
    assert 1 <= claim.tail <= sample.path.count("/") + 1


@pytest.mark.parametrize(("layout", "name"), FOREIGN)
def test_a_near_miss_is_foreign(layout: Layout, name: str) -> None:
    assert layout.claim(name) is None
    assert layout.claim(f"/mnt/disk/{name}") is None


@pytest.mark.parametrize(("layout", "sample"), SAMPLES)
def test_a_sample_is_read_by_its_own_layout_only(layout: Layout, sample: Sample) -> None:
    readers = [other.name for other in layouts() if other.claim(sample.path)]
    assert readers == [layout.name]
    assert claim_with(sample.path, layouts()) == layout.claim(sample.path)


@pytest.mark.parametrize(("layout", "sample"), SAMPLES)
def test_anything_may_stand_before_the_part_that_is_owned(layout: Layout, sample: Sample) -> None:
    claim = layout.claim(sample.path)
    for before in ("/", "x/", "/media/ổ đĩa/2026-02-30/99/", "line\nbreak/\udcff/"):
        assert layout.claim(before + sample.path) == claim
    assert claim is not None
    owned = "/".join(sample.path.split("/")[-claim.tail :])
    assert layout.claim(owned) == claim
    if claim.tail > 1:
        assert layout.claim(owned.partition("/")[2]) is None


@pytest.mark.parametrize(("layout", "sample"), SAMPLES)
def test_suffixes_in_either_case_and_nothing_after_them(layout: Layout, sample: Sample) -> None:
    stem, _, suffix = sample.path.rpartition(".")
    for cased in (suffix.lower(), suffix.upper()):
        assert layout.claim(f"{stem}.{cased}") == layout.claim(sample.path)
    for after in (".part", ".tmp", " ", "\n", ".jpg", "x"):
        assert layout.claim(sample.path + after) is None
    assert layout.claim(f"{stem}.jpg") is None
    assert layout.claim(stem) is None


@pytest.mark.parametrize(("layout", "sample"), SAMPLES)
def test_nfd_names_say_the_same(layout: Layout, sample: Sample) -> None:
    assert layout.claim(unicodedata.normalize("NFD", sample.path)) == layout.claim(sample.path)


@pytest.mark.parametrize(("layout", "sample"), SAMPLES)
def test_digits_are_ascii(layout: Layout, sample: Sample) -> None:
    """Python's \\d and int() take Arabic digits too; no recorder writes them."""
    assert layout.claim(sample.path.translate({ord(digit): ord("٠") + int(digit) for digit in "0123456789"})) is None


@given(st.text(max_size=60))
def test_no_name_makes_a_layout_fail(text: str) -> None:
    for layout in layouts():
        layout.claim(text)


@given(st.sampled_from([sample.path for layout in layouts() for sample in layout.samples]), st.data())
def test_no_digit_makes_a_layout_fail(path: str, data: st.DataObject) -> None:
    """Changed digits give another time or a foreign name, never an error and never two readers."""
    digits = [at for at, char in enumerate(path) if char.isdigit()]
    for at in data.draw(st.lists(st.sampled_from(digits), max_size=8)):
        path = path[:at] + data.draw(st.sampled_from("0123456789")) + path[at + 1 :]
    assert len([layout for layout in layouts() if layout.claim(path)]) <= 1


# ---- choosing -------------------------------------------------------------------------------------------------


def test_layout_named() -> None:
    assert layout_named("dahua").title == "Dahua, KBVision, Amcrest (card, FTP, export)"
    with pytest.raises(UnknownLayout) as caught:
        layout_named("dahau")
    assert caught.value.facts["layout"] == "dahau"
    assert caught.value.facts["known"] == f"auto, {', '.join(NAMES)}, template"


def test_choice_for_a_camera() -> None:
    assert choice_for(camera("auto")) == layouts()
    assert [layout.name for layout in choice_for(camera("yi"))] == ["yi"]
    own = choice_for(camera("template", "%Y%m%d_%H%M.mp4"))
    assert [(layout.name, layout.title) for layout in own] == [("template", "%Y%m%d_%H%M.mp4")]
    both = choice_for(camera("auto", "%Y%m%d_%H%M.mp4"))
    assert [layout.name for layout in both] == ["template", *NAMES]
    with pytest.raises(UnknownLayout):
        choice_for(camera("nest"))
    with pytest.raises(BadTemplate):
        choice_for(camera("template"))


def test_claim_with_takes_the_first_that_knows_the_name() -> None:
    path = "ch01_20211114061218.mp4"
    own = choice_for(camera("auto", "ch%c_%Y%m%d%H%M%S.mp4"))
    claim = claim_with(path, own)
    assert claim is not None
    assert claim.layout == "template"
    assert claim_with(path, (layout_named("yi"),)) is None
    assert claim_with(path, ()) is None


def test_a_new_module_is_a_new_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CONTRIBUTING promises it: one file, nothing to register."""
    tmp_path.joinpath("acme.py").write_text(
        "from camtool.core.claim import Layout\nLAYOUT = Layout('acme', 'Acme', 'nowhere', lambda path: None, (), ())\n"
    )
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    layouts.cache_clear()
    try:
        assert [layout.name for layout in layouts()] == ["acme", *NAMES]
    finally:
        monkeypatch.undo()
        sys.modules.pop("camtool.layouts.acme", None)
        if hasattr(package, "acme"):
            del package.acme
        layouts.cache_clear()
    assert [layout.name for layout in layouts()] == list(NAMES)
