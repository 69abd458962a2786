"""Small promises of the command line, each held by a value."""

import shutil

import pytest

from camtool.cli import index as index_module
from camtool.cli.main import hoisted

WINDOW = ("--from", "23/11/2026 18:00", "--to", "23/11/2026 18:05")


@pytest.fixture
def twice(camtool, site, clip):
    """A second recording of camera 3 from 18:00:30 to 18:01:30: what it shows was recorded already."""
    name = "NVR_ch3_main_20261123180030_20261123180130.mp4"
    shutil.copyfile(clip, site.parent / "footage" / "cam3" / name)
    assert camtool("--site", site, "index").code == 0
    return site


def test_overlaps_are_shown_as_json(camtool, twice):
    (answer,) = camtool("--site", twice, "--json", "find", "-c", "3", *WINDOW).json["cameras"]
    assert answer["overlaps"] == [{"from": "2026-11-23T18:00:30+07:00", "to": "2026-11-23T18:01:30+07:00"}]
    assert answer["covered_s"] == 180.0, "what is recorded twice is covered once"


@pytest.mark.parametrize("shown", [24, 2])
def test_overlaps_are_shown_to_a_person(camtool, twice, shown, monkeypatch):
    monkeypatch.setattr("camtool.cli.find.FILES_SHOWN", shown)
    out = camtool("--site", twice, "find", "-c", "3", *WINDOW).out
    (line,) = [line for line in out.splitlines() if "recorded twice" in line]
    assert "18:00:30 – 18:01:30" in line


@pytest.mark.parametrize(
    ("typed", "given", "rest"),
    [
        (["--json", "find", "-q"], {"json": True, "quiet": True}, ["find"]),
        (["find", "--site=/x", "--lang", "vi"], {"site": "/x", "lang": "vi"}, ["find"]),
        (["verify", "--", "--json"], {}, ["verify", "--", "--json"]),
        (["-v", "verify", "--", "-q", "--site", "x"], {"verbose": True}, ["verify", "--", "-q", "--site", "x"]),
    ],
)
def test_global_options_are_taken_wherever_they_stand_before_the_two_dashes(typed, given, rest):
    assert hoisted(typed) == (given, rest)


@pytest.mark.parametrize("text", ["1-2000", "0-1000", "3,", "1-", "-3", "3;5", "³"])
def test_camera_numbers_that_are_none(camtool, site, text):
    answer = camtool("--site", site, "find", f"--camera={text}", *WINDOW)
    assert (answer.code, answer.out) == (2, "")
    assert f'cannot read "{text}" as camera numbers' in answer.err


def test_the_list_of_problems_in_one_answer_has_an_end_and_its_count_has_none(camtool, site, monkeypatch):
    monkeypatch.setattr(index_module, "PROBLEMS_LISTED", 2)
    for number in range(5):
        (site.parent / "footage" / "cam3" / f"ch03_2026112319000{number}.mp4").write_bytes(b"")
    answer = camtool("--site", site, "--json", "index")
    assert answer.code == 3
    assert (len(answer.json["problems"]), answer.json["problems_total"]) == (2, 5)
    assert len(camtool("--site", site, "--json", "camera", "show", "3").json["problems"]) == 6


def test_a_repeated_hour_is_told_where_one_instant_is_needed(camtool, tmp_path):
    (tmp_path / "footage").mkdir()
    site = tmp_path / "amt"
    assert camtool("init", site, "--name", "Amt", "--timezone", "Europe/Berlin").code == 0
    assert camtool("--site", site, "camera", "add", 1, "--name", "x", "--footage", tmp_path / "footage").code == 0
    noted = camtool(
        *("--site", site, "--json", "clock", "observe", 1),
        *("--shows", "25/10/2026 02:30", "--true", "25/10/2026 04:00"),
    )
    assert noted.code == 0
    assert noted.json["shows"] == "2026-10-25T02:30:00+02:00"
    assert "“25/10/2026 02:30” occurs twice that night (clock change): the first is taken" in noted.err
