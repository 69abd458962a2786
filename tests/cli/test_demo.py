"""`camtool demo`, whole: what it draws is what it finds, and the evidence it makes stands up to outside judges."""

import datetime as dt
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from camtool.jobs.commune import STORY, plan

PROGRAM = [sys.executable, "-m", "camtool"]


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def commune(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "xa"
    done = command("--json", "--lang", "vi", "demo", folder)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["verified"]["ok"] is True
    assert told["cameras"] == 9
    assert told["files"] == len(plan().files)
    return folder


def test_every_file_is_indexed_under_its_layout_and_one_is_broken_off(commune):
    site = json.loads(command("--site", commune, "--json", "camera", "list").stdout)["cameras"]
    assert len({camera["layout"] for camera in site}) >= 4
    states: dict[str, int] = {}
    for camera in site:
        shown = json.loads(command("--site", commune, "--json", "camera", "show", camera["camera"]).stdout)
        for state, counted in shown["states"].items():
            states[state] = states.get(state, 0) + counted["files"]
        if camera["camera"] == STORY.truncated.camera:
            assert [problem["kind"] for problem in shown["problems"]] == ["truncated"]
    assert states == {"ok": len(plan().files) - 1, "truncated": 1}


def test_the_gap_is_found(commune):
    from camtool.core.timetext import from_rfc3339

    window = ("--from", "23/11/2026 16:50", "--to", "23/11/2026 17:00")
    found = json.loads(command("--site", commune, "--json", "gaps", *window, "--camera", STORY.gap.camera).stdout)
    ((gap,),) = [camera["gaps"] for camera in found["cameras"]]
    assert (from_rfc3339(gap["from"]), from_rfc3339(gap["to"])) == (STORY.gap.start_us, STORY.gap.end_us)


def test_the_wrong_clock_is_corrected_and_shown(commune):
    wrong = STORY.wrong_clock
    known = json.loads(command("--site", commune, "--json", "clock", "show", wrong.camera).stdout)
    assert known["offset_s"] == (wrong.true_us - wrong.shows_us) / 1e6 == 300
    window = ("--from", "23/11/2026 17:00", "--to", "23/11/2026 17:05")
    found = json.loads(command("--site", commune, "--json", "find", "--camera", wrong.camera, *window).stdout)
    (recording,) = found["cameras"][0]["recordings"]
    assert recording["start"] == "2026-11-23T17:00:00+07:00"
    assert recording["camera_start"] == "2026-11-23T16:55:00+07:00"


def test_the_clip_is_what_stock_tools_say_it_is(commune):
    clip = commune / "chung-cu" / "lay-xe.mp4"
    checked = json.loads(command("--json", "verify", clip).stdout)
    assert (checked["ok"], checked["problems"]) == (True, [])
    told = subprocess.run(["sha256sum", clip], capture_output=True, text=True, check=True).stdout.split()[0]
    assert told == hashlib.sha256(clip.read_bytes()).hexdigest()
    assert told in clip.with_name("lay-xe.mp4.proof.json").read_text(encoding="utf-8")


def looked(commune: Path, cameras: str, start: str, end: str) -> None:
    """Skim, as an officer would before following."""
    window = ("--from", f"23/11/2026 {start}", "--to", f"23/11/2026 {end}")
    done = command("--site", commune, "skim", "--camera", cameras, *window)
    assert done.returncode == 0, done.stderr


def event_at(commune: Path, camera: int, at_us: int) -> int:
    """Return the number of what moved on a camera at a true instant."""
    at = dt.datetime.fromtimestamp(at_us / 1e6, dt.UTC)
    window = ("--from", at.isoformat(), "--to", (at + dt.timedelta(seconds=1)).isoformat())
    found = json.loads(command("--site", commune, "--json", "events", "--camera", camera, *window).stdout)
    (event,) = found["events"]
    return int(event["id"])


def windows(commune: Path, event: int) -> list[dict[str, Any]]:
    return list(json.loads(command("--site", commune, "--json", "follow", "--event", event).stdout)["windows"])


def test_following_the_theft_looks_first_where_the_motorbike_went(commune):
    looked(commune, "2,3,6-8", "17:03:30", "17:04:59")
    following = windows(commune, event_at(commune, STORY.theft.camera, STORY.theft.taken_us))
    assert {each["camera"] for each in following} == {2, 6, 7, 8}
    first, next_seen = following[0], STORY.sightings[0]
    assert first["camera"] == next_seen.camera == STORY.wrong_clock.camera
    middle_us = (next_seen.start_us + next_seen.end_us) // 2
    assert event_at(commune, next_seen.camera, middle_us) in [each["id"] for each in first["events"]]
    seen = next(each for each in first["events"] if each["id"] == event_at(commune, next_seen.camera, middle_us))
    assert (seen["start"][11:16], seen["camera_start"][11:16]) == ("17:04", "16:59")
    assert first["not_skimmed"], "what lies after 17:05 was not looked at, and that is said"


@pytest.mark.slow
def test_the_whole_way_is_followed_camera_by_camera(commune):
    looked(commune, "2,3,5-9", "17:03:30", "17:09:59")
    at_us, camera = STORY.theft.taken_us, STORY.theft.camera
    for sighting in STORY.sightings:
        following = windows(commune, event_at(commune, camera, at_us))
        assert following[0]["camera"] == sighting.camera
        at_us, camera = (sighting.start_us + sighting.end_us) // 2, sighting.camera


def test_the_case_is_sealed_and_a_stranger_can_check_it(commune):
    bag = commune / "chung-cu" / "HS-2026-0001"
    info = dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines())
    done = subprocess.run(["sh", "verify.sh", info["Key-Fingerprint"]], cwd=bag, capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode().splitlines()[-1]) == (0, "ĐẠT")
    assert bag.with_name("HS-2026-0001_NIEM_PHONG.pdf").read_bytes().startswith(b"%PDF-")
    checked = command("verify", bag, "--fingerprint", info["Key-Fingerprint"], "--against", commune)
    assert checked.returncode == 0, checked.stdout


def test_run_again_it_draws_nothing_and_ends_the_same(commune):
    before = {path: path.stat().st_mtime_ns for path in (commune / "footage").rglob("*.mp4")}
    clip = (commune / "chung-cu" / "lay-xe.mp4").read_bytes()
    done = command("--lang", "en", "demo", commune)
    assert done.returncode == 0, done.stderr
    assert "PASSED" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (commune / "footage").rglob("*.mp4")} == before
    assert (commune / "chung-cu" / "lay-xe.mp4").read_bytes() == clip


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    done = command("--lang", "en", "demo", tmp_path)
    assert done.returncode == 10
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
