"""cut, still, verify through the command line: the contract's JSON, the outside judges, and what goes wrong."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

CUT = ("cut", "--camera", "3", "--from", "23/11/2026 18:00:51", "--to", "23/11/2026 18:01:11")


def sha256sum(path: Path) -> str:
    return subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_cut_answers_as_the_contract_says(camtool, site, tmp_path):
    out = tmp_path / "lấy xe.mp4"
    answer = camtool("--site", site, "--json", *CUT, "-o", out)
    assert (answer.code, answer.err) == (0, "")
    told = answer.json
    assert told["path"] == str(out)
    assert told["sha256"] == sha256sum(out)
    assert told["requested"] == {"from": "2026-11-23T18:00:51+07:00", "to": "2026-11-23T18:01:11+07:00"}
    assert told["start"] == "2026-11-23T18:00:50+07:00", "the last keyframe before it: one every two seconds"
    assert told["end"] == "2026-11-23T18:01:12+07:00", "the end of the last group"
    first, second = told["sources"]
    assert first["path"] == "NVR_ch3_main_20261123180000_20261123180100.mp4"
    assert (first["first_packet"], first["packets"]) == (250, 50)
    assert (second["first_packet"], second["packets"]) == (0, 60)
    footage = site.parent / "footage" / "cam3"
    assert [each["sha256"] for each in told["sources"]] == [
        sha256sum(footage / each["path"]) for each in told["sources"]
    ]
    assert told["packets_identical"] is True
    assert told["problems"] == []
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["lấy xe.mp4", "lấy xe.mp4.proof.json"]


def test_cut_tells_a_person_where_it_begins_and_why(camtool, site, tmp_path):
    camtool("--site", site, "clock", "observe", "3", "--shows", "24/11 09:55", "--true", "24/11 10:00")
    answer = camtool(
        "--site", site, "cut", "-c", "3", "--from", "23/11 18:05:51", "--to", "23/11 18:05:53", "-o", tmp_path / "a.mp4"
    )
    assert answer.code == 0
    assert answer.out.splitlines()[0].startswith("From 23/11/2026 18:05:51 to ")
    assert "true time 23/11/2026 18:05:50 to" in answer.out
    assert "camera time 23/11/2026 18:00:50 to" in answer.out
    assert "begins 0:00:01 before the time asked for, at the last keyframe before it" in answer.out
    assert "identical" in answer.out


def test_a_gap_inside_the_clip_is_a_problem(camtool, site, tmp_path):
    answer = camtool(
        "--site", site, "--json", "cut", "-c", "3", "--from", "23/11 18:01:50", "--to", "23/11 18:03:10", "-o",
        tmp_path / "a.mp4",
    )  # fmt: skip
    assert answer.code == 3
    (problem,) = answer.json["problems"]
    assert problem["kind"] == "gap_in_clip"
    assert problem["facts"] == {"start": "2026-11-23T18:02:00+07:00", "end": "2026-11-23T18:03:00+07:00"}
    assert "23/11/2026 18:02:00" in problem["message"]
    assert "23/11/2026 18:03:00" in problem["message"]


def test_packets_are_those_that_ffmpeg_reads_in_the_recording(camtool, site, tmp_path):
    ffmpeg = shutil.which("ffmpeg") or pytest.importorskip("imageio_ffmpeg").get_ffmpeg_exe()

    def packets(path: Path) -> list[str]:
        command = [
            ffmpeg,
            "-v",
            "error",
            "-i",
            path,
            "-map",
            "0:v",
            "-c",
            "copy",
            "-f",
            "framehash",
            "-hash",
            "sha256",
            "-",
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return [line.split(",")[-1].strip() for line in told.splitlines() if not line.startswith("#")]

    out = tmp_path / "a.mp4"
    told = camtool("--site", site, "--json", *CUT, "-o", out).json
    footage = site.parent / "footage" / "cam3"
    wanted = []
    for source in told["sources"]:
        whole = packets(footage / source["path"])
        wanted += whole[source["first_packet"] : source["first_packet"] + source["packets"]]
    assert packets(out) == wanted


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("cut", "-c", "3", "--from", "23/11 18:00", "--to", "23/11 18:01", "-o", "x.avi"), 2, ".mp4 or .mkv"),
        (("cut", "-c", "3", "--from", "23/11 18:02:10", "--to", "23/11 18:02:20", "-o", "x.mp4"), 10, "no recording"),
        (("cut", "-c", "5", "--from", "23/11 18:00", "--to", "23/11 18:01", "-o", "x.mp4"), 10, "camera 5 has no"),
        (("cut", "-c", "3", "--from", "23/11 18:00", "--to", "23/11 18:01", "-o", "no/such/x.mp4"), 10, "not a folder"),
        (
            ("cut", "-c", "3", "--from", "23/11 18:01", "--to", "23/11 18:00", "-o", "x.mp4"),
            2,
            "at or before its start",
        ),
        (("still", "-c", "3", "--at", "23/11 18:00", "-o", "x.jpg"), 2, "PNG"),
        (("still", "-c", "3", "--at", "23/11 18:02:30", "-o", "x.png"), 10, "no picture"),
        (("verify",), 2, "nothing was named"),
        (("verify", "nothing.mp4"), 10, "nothing.mp4"),
    ],
)
def test_what_cannot_be_made_leaves_nothing(camtool, site, tmp_path, monkeypatch, arguments, code, told):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    answer = camtool("--site", site, *arguments)
    assert answer.code == code, answer
    assert told in answer.err
    assert "hint: " in answer.err
    assert list((tmp_path / "here").iterdir()) == []


def test_nothing_is_overwritten_and_nothing_written_into_footage(camtool, site, tmp_path):
    out = tmp_path / "a.mp4"
    out.write_bytes(b"kept")
    assert camtool("--site", site, *CUT, "-o", out).code == 10
    assert out.read_bytes() == b"kept"
    footage = site.parent / "footage" / "cam3"
    before = sorted(footage.iterdir())
    answer = camtool("--site", site, *CUT, "-o", footage / "a.mp4")
    assert answer.code == 10
    assert f"lies in the footage folder {footage}" in answer.err, "the folder, whichever camera was asked for"
    assert sorted(footage.iterdir()) == before


def test_a_recording_that_is_not_what_was_hashed_is_refused(camtool, site, tmp_path):
    assert camtool("--site", site, "index", "--hash", "new").code == 0
    flip(site.parent / "footage" / "cam3" / "NVR_ch3_main_20261123180000_20261123180100.mp4", -100)
    answer = camtool("--site", site, *CUT, "-o", tmp_path / "a.mp4")
    assert answer.code == 40
    assert not (tmp_path / "a.mp4").exists()


def test_a_still_is_lossless_and_names_both_times(camtool, site, tmp_path):
    answer = camtool("--site", site, "--json", "still", "-c", "3", "--at", "23/11 18:00:10", "-o", tmp_path / "a.png")
    assert answer.code == 0
    told = answer.json
    assert told["sha256"] == sha256sum(tmp_path / "a.png")
    assert (told["at"], told["camera_at"]) == ("2026-11-23T18:00:10+07:00", "2026-11-23T18:00:10+07:00")
    assert told["size_px"] == [160, 96]


def test_verify_passes_then_names_every_change(camtool, site, tmp_path):
    out = tmp_path / "a.mp4"
    camtool("--site", site, *CUT, "-o", out)
    good = camtool("--json", "verify", out)
    assert (good.code, good.json["ok"], good.json["problems"]) == (0, True, [])
    assert good.json["checked"] > 110
    assert camtool("verify", out).out.splitlines()[-1] == "PASSED"

    flip(out, out.stat().st_size // 2)
    bad = camtool("--json", "verify", out)
    assert (bad.code, bad.json["ok"]) == (40, False)
    kinds = {problem["kind"] for problem in bad.json["problems"]}
    assert {"clip_changed", "packet_changed"} <= kinds
    (changed,) = [problem for problem in bad.json["problems"] if problem["kind"] == "clip_changed"]
    assert changed["found"] == sha256sum(out)
    said = camtool("verify", out)
    assert said.code == 40
    assert said.out.splitlines()[-1] == "FAILED"


def test_verify_names_a_changed_and_a_missing_source(camtool, site, tmp_path):
    out = tmp_path / "a.mp4"
    told = camtool("--site", site, "--json", *CUT, "-o", out).json
    first, second = (site.parent / "footage" / "cam3" / each["path"] for each in told["sources"])
    flip(first, first.stat().st_size - 50)
    second.unlink()
    bad = camtool("--site", site, "--json", "verify", out)
    assert bad.code == 40
    found = {(problem["kind"], Path(problem["path"]).name) for problem in bad.json["problems"]}
    assert ("source_changed", first.name) in found
    assert ("source_missing", second.name) in found


def test_verify_without_its_proof(camtool, site, tmp_path):
    out = tmp_path / "a.mp4"
    camtool("--site", site, *CUT, "-o", out)
    proof = tmp_path / "a.mp4.proof.json"
    proof.write_text(json.dumps({"format": "else"}))
    assert camtool("verify", out).code == 10
    proof.unlink()
    answer = camtool("verify", out)
    assert answer.code == 10
    assert "no proof beside it" in answer.err


def test_verify_catalog_checks_every_hashed_recording(camtool, site):
    camtool("--site", site, "index", "--hash", "new")
    good = camtool("--site", site, "--json", "verify", "--catalog")
    assert (good.code, good.json) == (0, {"ok": True, "checked": 4, "problems": []})
    changed = site.parent / "footage" / "cam3" / "NVR_ch3_main_20261123180100_20261123180200.mp4"
    flip(changed, 3000)
    bad = camtool("--site", site, "--json", "verify", "--catalog")
    assert bad.code == 40
    (problem,) = bad.json["problems"]
    assert (problem["kind"], problem["path"], problem["found"]) == (
        "recording_changed",
        str(changed),
        sha256sum(changed),
    )


def test_a_recording_that_went_missing_is_not_passed_over_in_silence(camtool, site, tmp_path):
    camtool("--site", site, "index", "--hash", "new")
    gone = site.parent / "footage" / "cam3" / "NVR_ch3_main_20261123180100_20261123180200.mp4"
    gone.unlink()
    cut = ("cut", "-c", "3", "--from", "23/11 18:01:10", "--to", "23/11 18:01:20")
    answer = camtool("--site", site, *cut, "-o", tmp_path / "a.mp4")
    assert answer.code == 10
    assert f"{gone}: there is no such file" in answer.err
    still = camtool("--site", site, "still", "-c", "3", "--at", "23/11 18:01:10", "-o", tmp_path / "a.png")
    assert (still.code, f"{gone}: there is no such file" in still.err) == (10, True)
    before = camtool("--site", site, "--json", "verify", "--catalog")
    assert [problem["kind"] for problem in before.json["problems"]] == ["recording_missing"]
    camtool("--site", site, "index")
    after = camtool("--site", site, "verify", "--catalog")
    assert after.code == 0
    assert "1 recording that was hashed is gone since" in after.err


def test_a_picture_of_another_pace_than_its_name_is_a_problem_of_the_cut(camtool, site, tmp_path, clip):
    shutil.copyfile(clip, site.parent / "footage" / "cam3" / "NVR_ch3_main_20261123190000_20261123190200.mp4")
    camtool("--site", site, "index")
    cut = ("cut", "-c", "3", "--from", "23/11 19:00:10", "--to", "23/11 19:00:20")
    answer = camtool("--site", site, "--json", *cut, "-o", tmp_path / "a.mp4")
    assert answer.code == 3
    (problem,) = answer.json["problems"]
    assert (problem["kind"], problem["facts"]) == ("duration_mismatch", {"media_s": "60.0", "wall_s": "120.0"})


def test_a_ruined_clip_is_told_in_few_lines_unless_all_are_wanted(camtool, site, tmp_path):
    out = tmp_path / "a.mp4"
    camtool("--site", site, *CUT, "-o", out)
    content = bytearray(out.read_bytes())
    start = content.index(b"mdat") + 4
    content[start : start + len(content) * 3 // 4] = bytes(len(content) * 3 // 4)
    out.write_bytes(content)
    few, all_ = camtool("verify", out), camtool("-v", "verify", out)
    assert (few.code, all_.code) == (40, 40)
    assert len(few.out.splitlines()) < 70 < len(all_.out.splitlines())
    assert "more of the kind (-v lists all)" in few.out


def test_a_full_disk_during_cut(camtool, site, tmp_path):
    """A real disk of 16 KiB; needs the right to mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk here: {mounted.stderr.strip()}")
    try:
        answer = camtool("--site", site, *CUT, "-o", disk / "a.mp4")
        assert answer.code == 50
        assert "no room left" in answer.err
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
