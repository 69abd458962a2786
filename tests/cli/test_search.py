"""find, at, gaps, clock through the command line: the contract's JSON, both clocks, and what a person reads."""

import pytest

FIND = ("find", "--camera", "3", "--from", "23/11/2026 18:00", "--to", "23/11/2026 18:05")


def test_find_answers_as_the_contract_says(camtool, site):
    answer = camtool("--site", site, "--json", *FIND)
    assert (answer.code, answer.err) == (0, "")
    assert answer.json["window"] == {"from": "2026-11-23T18:00:00+07:00", "to": "2026-11-23T18:05:00+07:00"}
    (camera,) = answer.json["cameras"]
    assert (camera["camera"], camera["name"], camera["covered_s"]) == (3, "Chợ", 180)
    assert camera["recordings"][0] == {
        "path": "NVR_ch3_main_20261123180000_20261123180100.mp4",
        "start": "2026-11-23T18:00:00+07:00",
        "end": "2026-11-23T18:01:00+07:00",
        "camera_start": "2026-11-23T18:00:00+07:00",
        "camera_end": "2026-11-23T18:01:00+07:00",
        "state": "ok",
        "sha256": None,
    }
    assert len(camera["recordings"]) == 3
    assert camera["gaps"] == [
        {"from": "2026-11-23T18:02:00+07:00", "to": "2026-11-23T18:03:00+07:00"},
        {"from": "2026-11-23T18:04:00+07:00", "to": "2026-11-23T18:05:00+07:00"},
    ]
    assert camera["unplaced"] == 1
    assert camera["clock"] == {"observed": False, "offset_s": 0.0}


def test_global_options_may_stand_behind_the_command(camtool, site):
    assert camtool(*FIND, "--json", f"--site={site}").json == camtool("--site", site, "--json", *FIND).json


def test_the_answer_begins_with_the_window_as_understood(camtool, site):
    answer = camtool("--site", site, "find", "-c", "3", "--from", "hôm qua 18h", "--to", "hom qua 18h05")
    assert answer.out.splitlines()[0] == "From 23/11/2026 18:00:00 to 23/11/2026 18:05:00 (Asia/Ho_Chi_Minh)"
    assert "0:03:00 of 0:05:00 recorded" in answer.out
    assert "18:02:00 – 18:03:00" in answer.out
    assert "1 file of this camera has no known time" in answer.out


def test_a_phrase_without_a_year_says_which_it_took(camtool, site):
    answer = camtool("--site", site, "find", "--all", "--from", "23/11 18:00", "--to", "23/11 18:05")
    assert "names no year: taken as 2026" in answer.err
    assert "No recording of camera 5 was found between 23/11/2026 18:00:00 and 23/11/2026 18:05:00." in answer.out


def test_nothing_found_in_vietnamese(camtool, site):
    answer = camtool("--site", site, "--lang", "vi", "find", "-c", "5", "--from", "hôm qua 18h", "--to", "hôm qua 19h")
    assert answer.code == 0
    assert "Không tìm thấy bản ghi nào của camera 5 trong khoảng" in answer.out


def test_many_files_are_told_as_stretches_unless_all_are_wanted(camtool, site, monkeypatch):
    import camtool.cli.find as module

    monkeypatch.setattr(module, "FILES_SHOWN", 2)
    assert "NVR_ch3_main" not in camtool("--site", site, *FIND).out
    assert camtool("--site", site, "-v", *FIND).out.count("NVR_ch3_main") == 3


@pytest.mark.parametrize(("language", "nothing"), [("en", "no recording"), ("vi", "không có bản ghi")])
def test_a_table_of_80_columns_keeps_times_in_one_piece(camtool, site, monkeypatch, language, nothing):
    monkeypatch.setenv("COLUMNS", "80")
    lines = camtool("--site", site, "--lang", language, *FIND).out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split("  ")[1] for line in lines if " – " in line] == [
        "18:00:00 – 18:01:00",
        "18:01:00 – 18:02:00",
        "18:02:00 – 18:03:00",
        "18:03:00 – 18:04:00",
        "18:04:00 – 18:05:00",
    ]
    assert sum(line.rstrip().endswith(nothing) for line in lines) == 2


def test_a_day_named_in_a_table_leaves_room_for_the_path(camtool, site, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = camtool("--site", site, "find", "-c", "3", "--from", "23/11/2026", "--to", "24/11/2026").out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-3].split() == ["18:04:00", "–", "no", "recording"]
    assert lines[-2].split() == ["24/11/2026", "00:00:00"]
    assert "NVR_ch3_main_20261123180000" in "\n".join(lines)


def test_an_observation_older_than_the_newest_says_which_counts(camtool, site):
    at = ("--site", site, "clock", "observe", 3)
    assert camtool(*at, "--shows", "23/11/2026 17:05", "--true", "23/11/2026 17:03:30").err == ""
    answer = camtool(*at, "--shows", "22/11/2026 10:00", "--true", "22/11/2026 10:05")
    assert answer.out.splitlines()[1] == "camera 3: true time = camera time -0:01:30"
    assert answer.err == "the newest observation counts, of 23/11/2026 17:03:30\n"


def test_a_true_time_that_is_still_to_come_is_questioned(camtool, site):
    """It would count as the newest for as long as it lies ahead."""
    answer = camtool("--site", site, "clock", "observe", 3, "--shows", "24/11/2027 9:00", "--true", "24/11/2027 9:05")
    assert (answer.code, "still to come" in answer.err) == (0, True)


def test_true_time_is_camera_time_and_the_observed_offset(camtool, site):
    noted = camtool(
        "--site", site, "clock", "observe", "3", "--shows", "24/11 09:55", "--true", "24/11 10:00", "--json"
    )
    assert noted.json["offset_s"] == 300
    answer = camtool("--site", site, "--json", "find", "-c", "3", "--from", "23/11 18:05", "--to", "23/11 18:06")
    (recording,) = answer.json["cameras"][0]["recordings"]
    assert (recording["start"], recording["camera_start"]) == ("2026-11-23T18:05:00+07:00", "2026-11-23T18:00:00+07:00")
    assert answer.json["cameras"][0]["clock"] == {"observed": True, "offset_s": 300.0}
    shown = camtool("--site", site, "find", "-c", "3", "--from", "23/11 18:05", "--to", "23/11 18:06").out
    assert "18:05:00 – 18:06:00" in shown
    assert "18:00:00 – 18:01:00" in shown
    assert "true time = camera time +0:05:00" in shown


def test_the_newest_observation_is_in_force(camtool, site):
    for shows, true in (("24/11 09:00", "24/11 09:03"), ("24/11 08:00", "24/11 08:01")):
        assert camtool("--site", site, "clock", "observe", "3", "--shows", shows, "--true", true).code == 0
    known = camtool("--site", site, "--json", "clock", "show", "3").json
    assert known["offset_s"] == 180
    assert [each["offset_s"] for each in known["observations"]] == [60, 180]


def test_a_camera_without_an_observation_says_so(camtool, site):
    assert "clock never compared" in camtool("--site", site, *FIND).out
    assert camtool("--site", site, "clock", "show", "3").out == "camera 3 has no observation of its clock yet\n"
    assert camtool("--site", site, "--json", "clock", "show", "3").json["observed"] is False


def test_an_observation_names_and_hashes_its_photo(camtool, site, tmp_path):
    photo = tmp_path / "anh.jpg"
    photo.write_bytes(b"two clocks")
    told = camtool(
        "--site", site, "--json", "clock", "observe", 3, "--shows", "9:55", "--true", "10:00", "--photo", photo
    )
    assert told.json["photo"] == str(photo)
    missing = camtool("--site", site, "clock", "observe", 3, "--shows", "9:55", "--true", "10:00", "--photo", "no.jpg")
    assert missing.code == 10
    assert len(camtool("--site", site, "--json", "clock", "show", 3).json["observations"]) == 1


def test_at_shows_the_recording_or_its_neighbours(camtool, site):
    third, fifth = camtool("--site", site, "--json", "at", "23/11/2026 18:01:30").json["cameras"]
    assert [each["path"] for each in third["recordings"]] == ["NVR_ch3_main_20261123180100_20261123180200.mp4"]
    assert (third["before"], third["after"]) == (None, None)
    assert (fifth["recordings"], fifth["before"], fifth["after"]) == ([], None, None)
    (third,) = camtool("--site", site, "--json", "at", "23/11/2026 18:02:30", "--camera", "3").json["cameras"]
    assert third["recordings"] == []
    assert third["before"]["end"] == "2026-11-23T18:02:00+07:00"
    assert third["after"]["start"] == "2026-11-23T18:03:00+07:00"
    shown = camtool("--site", site, "at", "23/11/2026 18:01:30").out
    assert "NVR_ch3_main_20261123180100_20261123180200.mp4, 0:00:30 after its start" in shown
    assert "no recording" in shown


def test_at_a_border_belongs_to_the_later_recording(camtool, site):
    (third,) = camtool("--site", site, "--json", "at", "23/11/2026 18:01", "-c", "3").json["cameras"]
    assert [each["path"] for each in third["recordings"]] == ["NVR_ch3_main_20261123180100_20261123180200.mp4"]


def test_gaps(camtool, site):
    answer = camtool("--site", site, "--json", "gaps", "--from", "23/11/2026 18:00", "--to", "23/11/2026 18:04")
    third, fifth = answer.json["cameras"]
    assert third["gaps"] == [{"from": "2026-11-23T18:02:00+07:00", "to": "2026-11-23T18:03:00+07:00"}]
    assert (third["covered_s"], third["missing_s"]) == (180, 60)
    assert (fifth["covered_s"], fifth["missing_s"]) == (0, 240)
    shown = camtool("--site", site, "gaps", "--from", "23/11/2026 18:00", "--to", "23/11/2026 18:02").out
    assert "3 · Chợ: no gap" in shown
    assert "5 · Cầu: 0:02:00 missing" in shown


def test_an_hour_that_occurs_twice_is_searched_whole(camtool, tmp_path):
    camtool("init", tmp_path / "b", "--name", "Berlin", "--timezone", "Europe/Berlin")
    answer = camtool(
        "--site", tmp_path / "b", "find", "-c", "1", "--from", "25/10/2026 2:30", "--to", "25/10/2026 2:30"
    )
    assert answer.code == 2  # no camera 1 yet
    (tmp_path / "footage").mkdir()
    camtool("--site", tmp_path / "b", "camera", "add", 1, "--name", "x", "--footage", tmp_path / "footage")
    camtool("--site", tmp_path / "b", "index")
    answer = camtool(
        "--site", tmp_path / "b", "--json", "find", "-c", "1", "--from", "25/10/2026 2:30", "--to", "25/10/2026 2:31"
    )
    assert answer.json["window"] == {"from": "2026-10-25T02:30:00+02:00", "to": "2026-10-25T02:31:00+01:00"}
    assert answer.err.count("occurs twice that night") == 2
