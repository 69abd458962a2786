"""skim and events through the command line, on made scenes in which a block walks at known times."""

import csv
import io
import os
import shutil
from pathlib import Path

import pytest

from camtool.core.model import Camera
from camtool.store.site import add_camera, create_site
from tests.makers.scene import walker, write_scene

SIZE = (320, 192)
WINDOW = ("--camera", "3", "--from", "23/11/2026 18:00", "--to", "23/11/2026 18:03")


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three files of a minute: one walk in the middle; a walk over the border of the second and third."""
    folder = tmp_path_factory.mktemp("scenes")
    moves = {"middle": (20, 30), "end": (54, 60), "start": (0, 6)}
    return {
        name: write_scene(folder / f"{name}.mp4", 60, [walker(*span, height=48)], size=SIZE)
        for name, span in moves.items()
    }


@pytest.fixture
def watched(tmp_path: Path, scenes: dict[str, Path], camtool) -> Path:
    footage = tmp_path / "footage"
    footage.mkdir()
    for minute, name in enumerate(("middle", "end", "start")):
        shutil.copyfile(
            scenes[name], footage / f"NVR_ch3_main_2026112318{minute:02d}00_2026112318{minute + 1:02d}00.mp4"
        )
    create_site(tmp_path / "xa", "x", "Asia/Ho_Chi_Minh", "en")
    add_camera(tmp_path / "xa", Camera(3, "Chợ", "", str(footage)))
    assert camtool("--site", tmp_path / "xa", "index").code == 0
    return tmp_path / "xa"


def seconds(text: str) -> float:
    clock = text[11:].split("+")[0]
    hours, minutes, rest = clock.split(":")
    return (int(hours) - 18) * 3600 + int(minutes) * 60 + float(rest)


def spans(answer) -> list[tuple[float, float]]:
    return [(seconds(each["start"]), seconds(each["end"])) for each in answer.json["events"]]


@pytest.mark.parametrize(("effort", "slack_s"), [("quick", 2.1), ("normal", 0.6), ("thorough", 0.6)])
def test_the_walks_are_found_where_they_were_and_the_border_is_no_cut(camtool, watched, effort, slack_s):
    answer = camtool("--site", watched, "--json", "skim", *WINDOW, "--effort", effort)
    assert answer.code == 0, answer.err
    first, second = spans(answer)
    assert first == pytest.approx((20, 30), abs=slack_s)
    assert second == pytest.approx((114, 126), abs=slack_s)
    stats = answer.json["stats"]
    assert stats["files"] == 3
    assert stats["footage_s"] == pytest.approx(180, abs=1)
    assert stats["effort"] == effort
    if effort == "quick":
        assert stats["frames_decoded"] == 90
        assert stats["longest_keyframe_s"] == 2
    elif effort == "thorough":
        assert stats["frames_decoded"] >= 1800
    for each in answer.json["events"]:
        assert each["cause"] == "object"
        assert set(each) >= {"id", "camera", "start", "end", "peak", "score", "box_px"}
        x, y, w, h = each["box_px"]
        assert 0 <= x < x + w <= 320
        assert 0 <= y < y + h <= 192


def test_what_is_wrong_with_a_file_is_said_again_when_it_is_not_looked_at_again(camtool, watched):
    damaged = watched.parent / "footage" / "NVR_ch3_main_20261123180000_20261123180100.mp4"
    data = bytearray(damaged.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20_000] = bytes(20_000)
    damaged.write_bytes(data)
    camtool("--site", watched, "index")
    answers = [camtool("--site", watched, "--json", "skim", *WINDOW, "--effort", "thorough") for _ in range(2)]
    first, again = (answer.json["problems"] for answer in answers)
    assert [problem["kind"] for problem in first] == ["pictures_damaged"]
    assert first[0]["path"] == damaged.name
    assert again == first
    assert [answer.code for answer in answers] == [3, 3]
    assert answers[1].json["stats"]["files_looked_at_before"] == 3
    told = camtool("--site", watched, "skim", *WINDOW, "--effort", "thorough")
    assert told.code == 3
    assert told.err.count(damaged.name) == 1


def test_a_second_skim_looks_at_nothing_and_answers_the_same(camtool, watched):
    first = camtool("--site", watched, "--json", "skim", *WINDOW)
    again = camtool("--site", watched, "--json", "skim", *WINDOW)
    assert again.json["events"] == first.json["events"]
    assert again.json["stats"]["files_looked_at_before"] == 3
    listed = camtool("--site", watched, "--json", "events", *WINDOW)
    assert listed.json["events"] == first.json["events"]


def test_a_quick_skim_after_a_closer_one_is_not_needed(camtool, watched):
    closer = camtool("--site", watched, "--json", "skim", *WINDOW)
    quick = camtool("--site", watched, "--json", "skim", *WINDOW, "--effort", "quick")
    assert quick.json["stats"]["files_looked_at_before"] == 3
    assert quick.json["events"] == closer.json["events"]


def test_a_closer_skim_replaces_what_the_quick_one_said(camtool, watched):
    camtool("--site", watched, "skim", *WINDOW, "--effort", "quick")
    camtool("--site", watched, "skim", *WINDOW, "--effort", "thorough")
    listed = camtool("--site", watched, "--json", "events", *WINDOW)
    assert {each["found_by"] for each in listed.json["events"]} == {"frames"}
    assert len(listed.json["events"]) == 2


def test_a_file_that_changed_is_looked_at_again(camtool, watched, scenes):
    camtool("--site", watched, "skim", *WINDOW)
    changed = watched.parent / "footage" / "NVR_ch3_main_20261123180000_20261123180100.mp4"
    shutil.copyfile(scenes["end"], changed)
    os.utime(changed, (1, 1))
    camtool("--site", watched, "index")
    answer = camtool("--site", watched, "--json", "skim", *WINDOW)
    assert answer.json["stats"]["files_looked_at_before"] == 2
    assert spans(answer)[0] == pytest.approx((54, 60), abs=0.6)


def test_a_clock_that_is_wrong_moves_events_to_true_time(camtool, watched):
    camtool("--site", watched, "clock", "observe", "3", "--shows", "24/11 09:55", "--true", "24/11 10:00")
    answer = camtool(
        "--site", watched, "--json", "skim", "-c", "3", "--from", "23/11/2026 18:05", "--to", "23/11/2026 18:08"
    )
    first = answer.json["events"][0]
    assert seconds(first["start"]) == pytest.approx(320, abs=0.6)
    assert seconds(first["camera_start"]) == pytest.approx(20, abs=0.6)


def test_index_says_where_to_look_first_and_claims_nothing(camtool, watched):
    answer = camtool("--site", watched, "skim", *WINDOW, "--effort", "index")
    assert answer.code == 0
    assert "packet sizes only, no picture" in answer.out
    told = camtool("--site", watched, "--json", "skim", *WINDOW, "--effort", "index")
    assert told.json["stats"]["frames_decoded"] == 0


@pytest.mark.parametrize("effort", ["quick", "normal"])
def test_below_thorough_nothing_found_is_not_nothing_happened(camtool, tmp_path, effort):
    footage = tmp_path / "footage"
    footage.mkdir()
    write_scene(footage / "ch03_20261123180000.mp4", 20, size=SIZE)
    create_site(tmp_path / "xa", "x", "Asia/Ho_Chi_Minh", "en")
    add_camera(tmp_path / "xa", Camera(3, "Chợ", "", str(footage)))
    camtool("--site", tmp_path / "xa", "index")
    said = camtool("--site", tmp_path / "xa", "skim", *WINDOW, "--effort", effort).out
    assert f"nothing found at this effort ({effort})" in said
    assert "0 events, 0:00:00 to watch" in said.splitlines()[-1]
    if effort == "quick":
        assert "an event shorter than 2.0 s can hide" in said


def test_masks_and_zones_hold(camtool, watched):
    text = (watched / "site.toml").read_text()
    half = "[[0, 0], [0.5, 0], [0.5, 1], [0, 1]]"
    (watched / "site.toml").write_text(text + f'\n[[camera.zone]]\nname = "trái"\ncorners = {half}\n')
    left = camtool("--site", watched, "--json", "skim", *WINDOW, "--zone", "trái", "--effort", "thorough")
    first = spans(left)[0]
    assert first == pytest.approx((20, 25), abs=1.2), "the block is in the left half for five of its ten seconds"
    unknown = camtool("--site", watched, "skim", *WINDOW, "--zone", "phải")
    assert unknown.code == 2
    assert "trái" in unknown.err
    (watched / "site.toml").write_text(text + "\n[[camera.mask]]\ncorners = [[0, 0], [1, 0], [1, 1], [0, 1]]\n")
    masked = camtool("--site", watched, "--json", "skim", *WINDOW)
    assert masked.json["events"] == []
    (watched / "site.toml").write_text(text + "\n[[camera.mask]]\ncorners = [[0, 0], [2, 0], [1, 1]]\n")
    assert camtool("--site", watched, "skim", *WINDOW).code == 10


def test_damage_is_said_and_the_rest_is_looked_at(camtool, watched):
    footage = watched.parent / "footage"
    (footage / "NVR_ch3_main_20261123180300_20261123180400.mp4").write_bytes(b"")
    whole = footage / "NVR_ch3_main_20261123180100_20261123180200.mp4"
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    camtool("--site", watched, "index")
    answer = camtool("--site", watched, "skim", *WINDOW)
    assert answer.code == 3
    assert whole.name in answer.err
    assert "2 events" in answer.out


def test_events_as_csv(camtool, watched):
    camtool("--site", watched, "skim", *WINDOW)
    answer = camtool("--site", watched, "events", *WINDOW, "--csv")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert [row["camera"] for row in rows] == ["3", "3"]
    assert rows[0]["name"] == "Chợ"
    assert seconds(rows[0]["start"]) == pytest.approx(20, abs=0.6)


def test_the_answer_ends_with_what_is_left_to_watch(camtool, watched):
    said = camtool("--site", watched, "skim", *WINDOW).out.splitlines()
    assert said[-1].startswith("2 events, 0:00:2")
    assert said[-1].endswith(" to watch")


def test_an_effort_that_is_none(camtool, watched):
    assert camtool("--site", watched, "skim", *WINDOW, "--effort", "hard").code == 2


def test_without_a_camera_every_camera_is_looked_at_and_all_lists_every_cause(camtool, watched):
    answer = camtool("--site", watched, "--json", "skim", *WINDOW[2:], "--effort", "quick", "--all")
    assert (answer.code, answer.json["stats"]["files"]) == (0, 3)
    assert len(answer.json["events"]) >= 2
