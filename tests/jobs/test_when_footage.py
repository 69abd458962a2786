"""`when` on real footage: bottles on a table that a hand takes away and puts back (its keyframes are 8.3 s apart)."""

import os
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from camtool.core.change import Kind, Reason
from camtool.core.clock import ClockModel
from camtool.core.model import Camera, Span
from camtool.jobs.box import Place
from camtool.jobs.when import WhenReport, when
from tests.makers.rows import START_US, S, row

FOOTAGE = os.environ.get("CAMTOOL_TEST_FOOTAGE")
pytestmark = pytest.mark.skipif(not FOOTAGE, reason="needs real clips: set CAMTOOL_TEST_FOOTAGE to their folder")
LEFT, MIDDLE, RIGHT, WALL = (52, 100, 76, 215), (285, 100, 70, 215), (505, 100, 70, 215), (400, 20, 60, 60)
LABELS = {name: name for name in ("with", "without", "before", "after")}


def asked(tmp_path: Path, clip: str, box: tuple[int, int, int, int], from_s: float, to_s: float) -> WhenReport:
    footage, out = tmp_path / "footage", tmp_path / "out"
    footage.mkdir()
    out.mkdir()
    source = Path(shutil.copyfile(Path(FOOTAGE or "", clip), footage / "a.mp4"))
    window = Span(START_US + round(from_s * S), START_US + round(to_s * S))
    camera = Camera(3, "bàn", "", str(footage))
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    return when(camera, [row(source)], window, ClockModel(), Place(box), out, zone=zone, labels=LABELS)


# When a hand takes a bottle from its place or leaves it there, to half a second, as seen frame by frame.
@pytest.mark.parametrize(
    ("box", "from_s", "to_s", "kind", "at_s"),
    [
        (LEFT, 0, 10, Kind.VANISHED, 6.65),
        (LEFT, 8, 15, Kind.APPEARED, 11.95),
        (LEFT, 20, 38, Kind.APPEARED, 28.05),
        (RIGHT, 30, 35, Kind.VANISHED, 31.65),
        (RIGHT, 34, 39.5, Kind.APPEARED, 36.1),  # in place sideways at 35.6, lowered until it touches the table
        (MIDDLE, 0, 22, Kind.VANISHED, 17.3),
        (RIGHT, 0, 30, Kind.UNCHANGED, None),
        (WALL, 0, 39, Kind.UNCLEAR, None),
    ],
)
def test_bottles(tmp_path, box, from_s, to_s, kind, at_s):
    told = asked(tmp_path, "bottle-detection.mp4", box, from_s, to_s)
    out = tmp_path / "out"
    assert told.verdict.kind is kind
    assert (Reason.BRIEF in told.verdict.reasons) is (kind is Kind.APPEARED), "the window ends some seconds later"
    change = told.verdict.change
    assert (change is None) is (at_s is None)
    assert len(told.stills) == len(list(out.iterdir())) == (0 if change is None else 2)
    if change is not None:
        assert abs(change.before_us - START_US - at_s * S) <= S // 2
        assert change.before_us - change.after_us <= 0.55 * S, "the hand takes hold of it before it lifts it"


# Where the table stands, its foot, a part of whoever stands there; and the windows in which somebody comes and is there
# to the end, or is there from the start and goes. The same man stands for 20 s as still as a bottle.
@pytest.mark.parametrize("box", [(384, 75, 144, 255), (400, 180, 100, 120)])
@pytest.mark.parametrize(
    ("from_s", "to_s"), [(0, 10), (0, 18), (0, 26), (0, 30), (0, 40), (0, 60), (12, 22), (26, 48), (60, 75), (95, 120)]
)
def test_somebody_in_front_neither_appeared_nor_vanished(tmp_path, box, from_s, to_s):
    told = asked(tmp_path, "one-by-one-person-detection.mp4", box, from_s, to_s)
    assert told.verdict.kind is Kind.UNCLEAR
    assert told.verdict.reasons == (Reason.IN_FRONT,)
    assert [still.shows for still in told.stills] == ["before", "after"]


def test_somebody_who_fits_into_the_box_is_told_with_a_warning(tmp_path):
    told = asked(tmp_path, "one-by-one-person-detection.mp4", (380, 5, 150, 390), 0, 30)
    assert (told.verdict.kind, told.verdict.reasons) == (Kind.APPEARED, (Reason.BRIEF,))
