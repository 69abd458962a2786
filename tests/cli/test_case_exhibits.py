"""What enters a case, made in it or brought to it, and what is refused; judged by outside tools."""

import csv
import datetime as dt
import hashlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from camtool.core.model import Camera
from camtool.media.streamhash import FILTERS, stream_hash
from camtool.store.site import add_camera
from tests.cli.conftest import CASE, Answer, Camtool
from tests.makers import program_stream
from tests.makers.dhav import write_dav
from tests.makers.rows import FFMPEG, framehash
from tests.makers.video import write_mp4

CUT = ("cut", "--camera", "3", "--from", "23/11/2026 18:00:51", "--to", "23/11/2026 18:01:11")


def rows(case: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (case / "custody.jsonl").read_bytes().splitlines()]


def files(case: Path) -> list[str]:
    return sorted(path.relative_to(case).as_posix() for path in case.rglob("*") if path.is_file())


def by_dd(source: Path, offset: int, size: int) -> str:
    """Cut a piece out of a file with dd, hash it with sha256sum."""
    command = f"dd if='{source}' bs=1 skip={offset} count={size} 2>/dev/null | sha256sum"
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout.split()[0]


def packets(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_clip_cut_into_a_case_brings_its_proof_its_packets_and_its_framehash(camtool, site, case):
    answer = camtool("--site", site, "--json", *CUT, "--case", CASE, "--why", "lấy xe lúc 18h01")
    assert answer.code == 0, answer
    told = answer.json
    name = "trich/cam03_20261123-180051.mp4"
    assert (told["case"], told["item"], told["case_path"], told["entry"]) == (CASE, 1, name, 2)
    assert files(case) == [
        "custody.jsonl", "custody.lock", name, f"{name}.framehash", f"{name}.packets.csv", f"{name}.proof.json",
    ]  # fmt: skip
    clip = case / name
    row = rows(case)[-1]
    assert (row["act"], row["role"], row["result"], row["why"]) == ("cut", "trich", "ok", "lấy xe lúc 18h01")
    assert row["object"] == {"path": name, "sha256": sha256(clip), "size_bytes": clip.stat().st_size}
    assert {part["path"]: part["sha256"] for part in row["facts"]["parts"]} == {
        f"{name}{suffix}": sha256(case / f"{name}{suffix}") for suffix in (".proof.json", ".packets.csv", ".framehash")
    }
    facts = row["facts"]
    assert facts["camera"] == {"number": 3, "name": "Chợ", "place": "Cổng sau"}
    assert facts["requested"] == {"from": "2026-11-23T18:00:51+07:00", "to": "2026-11-23T18:01:11+07:00"}
    assert facts["true_span"]["from"] == "2026-11-23T18:00:50+07:00"
    assert (facts["lead_in_us"], facts["packets"], facts["compared"]) == (1_000_000, 110, "bytes")
    assert facts["clock"] == {"offset_us": 0, "observed": False, "note": ""}
    assert facts["stream_hash"]["sha256"] == stream_hash(clip).sha256
    assert facts["parents"] == [source["sha256"] for source in told["sources"]]
    assert row["command"][-4:] == ["--case", CASE, "--why", "lấy xe lúc 18h01"]
    assert camtool("--site", site, "verify", clip).code == 0
    again = subprocess.run([FFMPEG, "-v", "error", "-i", clip, "-map", "0:v", "-c", "copy", "-f", "framehash", "-hash", "sha256", "-"], capture_output=True, text=True, check=True)  # noqa: E501 # fmt: skip
    assert (case / f"{name}.framehash").read_text() == again.stdout


def test_every_packet_of_a_clip_of_two_files_is_found_with_dd_and_sha256sum(camtool, site, case):
    told = camtool("--site", site, "--json", *CUT, "--case", CASE).json
    footage = site.parent / "footage" / "cam3"
    held = packets(case / f"{told['case_path']}.packets.csv")
    assert list(held[0]) == ["source_file", "source_index", "byte_offset", "size_bytes", "pts", "sha256"]
    assert [row["source_index"] for row in held] == [str(n) for n in (*range(250, 300), *range(60))]
    assert len({row["source_file"] for row in held}) == 2
    for row in held:
        found = by_dd(footage / row["source_file"], int(row["byte_offset"]), int(row["size_bytes"]))
        assert found == row["sha256"]
    assert [row["sha256"] for row in held] == framehash(case / told["case_path"])


@pytest.mark.parametrize("kind", ["dav", "mpg", "ts"])
def test_recorders_own_containers(camtool, site, case, tmp_path, clip, kind, monkeypatch):
    """A .dav holds each packet in one piece; a program or transport stream does not, and the list says so."""
    footage = tmp_path / "footage" / "cam7"
    footage.mkdir()
    source = footage / f"20261123190000.{kind}"
    if kind == "dav":
        write_dav(source, clip, dt.datetime(2026, 11, 23, 19), fps=5, size=(160, 96))
    elif kind == "mpg":
        monkeypatch.setattr(program_stream, "PES_DATA_BYTES", 400)
        program_stream.write_mpeg_ps(source, clip)
    else:
        subprocess.run([FFMPEG, "-v", "error", "-i", clip, "-c", "copy", source], check=True)
    add_camera(site, Camera(7, "Cầu", "", str(footage), "template", template="%Y%m%d%H%M%S.%*"))
    indexed = camtool("--site", site, "index", "--camera", "7")
    assert indexed.code in {0, 3}, indexed
    found = camtool("--site", site, "--json", "find", "--camera", "7", "--from", "23/11/2026", "--to", "24/11/2026")
    assert found.json["cameras"][0]["recordings"], (found, camtool("--site", site, "camera", "show", "7"))
    (recording,) = found.json["cameras"][0]["recordings"]
    start = recording["start"]
    answer = camtool("--site", site, "--json", "cut", "-c", "7", "--from", start, "--to", recording["end"], "--case", CASE)  # noqa: E501 # fmt: skip
    assert answer.code in (0, 3), answer
    held = packets(case / f"{answer.json['case_path']}.packets.csv")
    assert len(held) == 300
    native = framehash(source)
    scattered = sum(row["byte_offset"] == "" for row in held)
    assert (scattered == 0) if kind == "dav" else (0 < scattered < 300), "a small picture may lie in one piece anywhere"
    for row in held[::23]:
        if row["byte_offset"]:
            assert by_dd(source, int(row["byte_offset"]), int(row["size_bytes"])) == row["sha256"]
    assert [native[int(row["source_index"])] for row in held] == [row["sha256"] for row in held]
    assert rows(case)[-1]["facts"]["stream_hash"]["sha256"] == stream_hash(source).sha256, "clip and native export"


def test_a_copy_elsewhere_is_the_same_clip_with_its_proof(camtool, site, case, tmp_path):
    out = tmp_path / "lấy xe.mp4"
    told = camtool("--site", site, "--json", *CUT, "--case", CASE, "-o", out).json
    assert told["path"] == str(out)
    assert sha256(out) == sha256(case / told["case_path"])
    assert camtool("--site", site, "verify", out).code == 0
    assert rows(case)[-1]["facts"]["copy"] == str(out)


def test_a_copy_that_cannot_be_written_leaves_nothing_but_a_row(camtool, site, case, tmp_path):
    out = tmp_path / "a.mp4"
    out.write_bytes(b"kept")
    before = files(case)
    assert camtool("--site", site, *CUT, "--case", CASE, "-o", out).code == 10
    assert (out.read_bytes(), files(case)) == (b"kept", before)
    assert sorted(path.name for path in case.iterdir()) == ["custody.jsonl", "custody.lock"], "no empty folder either"
    assert rows(case)[-1]["result"] == f"failed: {out} exists already"
    footage = site.parent / "footage" / "cam3"
    assert camtool("--site", site, *CUT, "--case", CASE, "-o", footage / "a.mp4").code == 10
    assert not (footage / "a.mp4").exists()
    (case / "trich").mkdir()
    for place in (case / "a.mp4", case / "trich" / "a.mp4"):
        inside = camtool("--site", site, *CUT, "--case", CASE, "-o", place)
        assert (inside.code, "lies in the folder of case" in inside.err) == (10, True)
    assert files(case) == before


def test_what_cannot_be_cut_is_a_row_too(camtool, site, case):
    cut = ("cut", "-c", "3", "--from", "23/11/2026 18:02:10", "--to", "23/11/2026 18:02:20")
    assert camtool("--site", site, *cut, "--case", CASE).code == 10
    row = rows(case)[-1]
    assert (row["act"], row["object"]) == ("cut", None)
    assert row["result"].startswith("failed: camera 3 has no recording between")
    assert camtool("--site", site, *CUT).code == 2, "neither -o nor --case"
    assert camtool("--site", site, *CUT, "--case", "HS-2026-0009").code == 2


def test_the_same_clip_twice_is_in_the_case_once(camtool, site, case):
    camtool("--site", site, *CUT, "--case", CASE)
    answer = camtool("--site", site, *CUT, "--case", CASE)
    assert (answer.code, "already: item 1" in answer.err) == (10, True)
    assert len([row for row in rows(case) if row["act"] == "cut" and row["result"] == "ok"]) == 1


def test_a_closed_or_damaged_case_takes_no_clip(camtool, site, case):
    camtool("--site", site, "case", "close", CASE)
    before = files(case)
    assert camtool("--site", site, *CUT, "--case", CASE).code == 10
    camtool("--site", site, "case", "reopen", CASE)
    log = case / "custody.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"act":"close"', b'"act":"shoot"'))
    assert camtool("--site", site, *CUT, "--case", CASE).code == 40
    assert files(case) == before


def test_a_still_in_a_case(camtool, site, case, tmp_path):
    out = tmp_path / "a.png"
    answer = camtool("--site", site, "--json", "still", "-c", "3", "--at", "23/11/2026 18:00:10", "--case", CASE, "-o", out)  # noqa: E501 # fmt: skip
    assert answer.code == 0, answer
    assert answer.json["case_path"] == "anh/cam03_20261123-180010.png"
    assert sha256(out) == sha256(case / answer.json["case_path"])
    row = rows(case)[-1]
    assert (row["act"], row["role"], row["facts"]["frame"]) == ("still", "anh", 50)
    assert row["facts"]["parents"] == [answer.json["source"]["sha256"]]
    again = camtool("--site", site, "still", "-c", "3", "--at", "23/11/2026 18:00:20", "--case", CASE)
    assert again.code == 0
    assert camtool("--site", site, "still", "-c", "3", "--at", "23/11/2026 18:00:20").code == 2
    shown = camtool("--site", site, "case", "show", CASE).out
    assert "1. anh (still) · anh/cam03_20261123-180010.png" in shown
    assert "made from NVR_ch3_main_20261123180000_20261123180100.mp4" in shown
    assert "made by: CAMTOOL_NOW=" in shown
    assert "--at" in shown


# ---- case add ---------------------------------------------------------------------------------------------------


@pytest.fixture
def proven(camtool: Camtool, site: Path, tmp_path: Path) -> Path:
    """A clip with its proof, outside the case."""
    out = tmp_path / "ra" / "Lấy xe.mp4"
    out.parent.mkdir()
    assert camtool("--site", site, *CUT, "-o", out).code == 0
    return out


def add(camtool: Camtool, site: Path, *words: object) -> Answer:
    return camtool("--site", site, "--json", "case", "add", CASE, *words)


def test_a_clip_with_its_proof_is_an_extract(camtool, site, case, proven):
    answer = add(camtool, site, proven)
    assert answer.code == 0, answer
    assert (answer.json["role"], answer.json["path"]) == ("trich", "trich/Lay-xe.mp4")
    assert len(packets(case / "trich/Lay-xe.mp4.packets.csv")) == 110
    facts = rows(case)[-1]["facts"]
    assert (facts["name"], facts["origin"]) == ("Lấy xe.mp4", str(proven))
    assert camtool("--site", site, "verify", case / "trich/Lay-xe.mp4").code == 0
    twice = add(camtool, site, proven)
    assert (twice.code, "already: item 1 (trich)" in twice.err) == (10, True)
    assert add(camtool, site, proven, "--role", "goc").code == 10, "a clip is no original"


def test_a_clip_whose_recording_is_gone_or_changed_is_no_extract(camtool, site, case, proven):
    footage = site.parent / "footage" / "cam3"
    source = footage / "NVR_ch3_main_20261123180000_20261123180100.mp4"
    source.rename(footage.parent / "away.mp4")
    answer = add(camtool, site, proven)
    assert (answer.code, "is not here" in answer.err) == (40, True)
    content = bytearray((footage.parent / "away.mp4").read_bytes())
    content[-2000] ^= 1
    source.write_bytes(content)
    assert add(camtool, site, proven).code == 40
    assert not (case / "trich").exists()
    assert [row["result"][:7] for row in rows(case)[1:]] == ["failed:"] * 2


def test_a_proof_that_names_a_folder_of_its_own_is_not_believed(camtool, site, case, tmp_path):
    """Cut out of a file that is no recording of the site: the proof holds, and names its own folder as the source."""
    other = tmp_path / "khác"
    shutil.copytree(site.parent / "footage" / "cam3", other / "footage")
    for minute in (0, 1):
        name = f"NVR_ch3_main_2026112318{minute:02d}00_2026112318{minute + 1:02d}00.mp4"
        (other / "footage" / name).unlink()
        write_mp4(other / "footage" / name, seconds=60, fps=5, gop=10, first=7, size=(160, 96))
    from camtool.store.site import create_site

    create_site(other / "xa", "Khác", "Asia/Ho_Chi_Minh", "vi")
    add_camera(other / "xa", Camera(3, "Chợ", "", str(other / "footage")))
    camtool("--site", other / "xa", "index")
    clip = other / "a.mp4"
    assert camtool("--site", other / "xa", *CUT, "-o", clip).code == 0
    assert camtool("--site", other / "xa", "verify", clip).code == 0
    answer = add(camtool, site, clip)
    assert (answer.code, "was changed" in answer.err) == (40, True)


def test_a_clip_cut_from_an_original_of_the_case_is_an_extract(camtool, site, case, proven):
    footage = site.parent / "footage" / "cam3"
    for minute in (0, 1):
        source = footage / f"NVR_ch3_main_2026112318{minute:02d}00_2026112318{minute + 1:02d}00.mp4"
        moved = footage.parent / source.name
        source.rename(moved)
        if minute == 0:
            assert add(camtool, site, moved, "--role", "goc").code == 0
    # Both recordings hold the same pictures here, so one original serves both: what counts is the SHA-256.
    assert add(camtool, site, proven).code == 0


@pytest.mark.parametrize("how", ["without proof", "forged proof"])
def test_a_clip_that_mixes_original_and_re_encoded_pictures_is_refused(camtool, site, case, proven, tmp_path, how):
    """A smart cut: the first second is encoded anew so that it can begin anywhere, the rest is copied."""
    head, rest, smart = tmp_path / "h.mp4", tmp_path / "r.mp4", tmp_path / "smart.mp4"
    run = [FFMPEG, "-v", "error", "-y"]
    subprocess.run([*run, "-i", proven, "-frames:v", "10", "-c:v", "libx264", "-qp", "20", head], check=True)
    subprocess.run([*run, "-ss", "2.1", "-i", proven, "-c", "copy", rest], check=True)
    listed = tmp_path / "list.txt"
    listed.write_text(f"file '{head}'\nfile '{rest}'\n")
    subprocess.run([*run, "-f", "concat", "-safe", "0", "-i", listed, "-c", "copy", smart], check=True)
    original, mixed = (framehash(path, bsf=FILTERS["h264"]) for path in (proven, smart))
    assert mixed[10:] == original[10:]
    assert set(mixed[:10]).isdisjoint(original)
    if how == "forged proof":
        forge(proven, smart)
    answer = add(camtool, site, smart, "--role", "trich")
    assert answer.code == (10 if how == "without proof" else 40), answer
    if how == "without proof":
        assert "no proof" in answer.err
    else:
        kinds = {problem["kind"] for problem in camtool("--site", site, "--json", "verify", smart).json["problems"]}
        assert "source_packet_changed" in kinds, "whatever the proof says, the recording holds other pictures"
        assert "clip_changed" not in kinds
    assert not (case / "trich").exists()
    assert rows(case)[-1]["result"].startswith("failed: smart.mp4 cannot be")


def forge(proven: Path, smart: Path) -> None:
    """Write a proof that fits the mixed clip in everything but the recordings."""
    lines = (proven.parent / f"{proven.name}.proof.json").read_text(encoding="utf-8").splitlines()
    start = lines.index('"packets": [') + 1
    sizes, hashes = [], framehash(smart)
    told = subprocess.run([FFMPEG, "-v", "error", "-i", smart, "-map", "0:v", "-c", "copy", "-f", "framehash", "-hash", "sha256", "-"], capture_output=True, text=True, check=True)  # noqa: E501 # fmt: skip
    sizes = [int(line.split(",")[4]) for line in told.stdout.splitlines() if not line.startswith("#")]
    for number in range(len(hashes)):
        row = json.loads(lines[start + number].rstrip(","))
        row[4], row[6], row[7] = sizes[number], row[6], hashes[number]
        end = "" if lines[start + number].endswith("]") else ","
        lines[start + number] = json.dumps(row[:8], separators=(",", ":")) + end
    text = "\n".join(lines[:-1]) + "\n"
    text = text.replace(sha256(proven), sha256(smart)).replace(proven.name, smart.name)
    seal = hashlib.sha256(text.encode()).hexdigest()
    Path(f"{smart}.proof.json").write_text(f'{text}"sha256_above": "{seal}"}}\n', encoding="utf-8")


def test_pictures_that_an_edit_list_hides(camtool, site, case, tmp_path):
    """EVIDENCE: `ffmpeg -ss 12 -to 17 -c copy` plays 126 pictures and stores 170."""
    footage = os.environ.get("CAMTOOL_TEST_FOOTAGE")
    if not footage:
        pytest.skip("needs the footage named by CAMTOOL_TEST_FOOTAGE")
    hidden = tmp_path / "hidden.mp4"
    source = Path(footage, "traffic_camera.mp4")
    subprocess.run([FFMPEG, "-v", "error", "-ss", "12", "-to", "17", "-i", source, "-c", "copy", hidden], check=True)
    answer = camtool("--json", "verify", hidden)
    assert answer.code == 40
    (problem,) = answer.json["problems"]
    assert (problem["kind"], problem["expected"], problem["found"]) == (
        "hidden_frames", "170 pictures are stored", "126 pictures are shown",
    )  # fmt: skip
    said = camtool("verify", hidden)
    assert said.out.splitlines()[-1] == "FAILED"
    assert "pictures are hidden in the clip" in said.out
    assert add(camtool, site, hidden, "--role", "trich").code == 10


ROLES = ("goc", "trich", "xem", "che", "anh", "giay_to")


def test_which_file_can_have_which_role(camtool, site, case, tmp_path, clip):
    made = {
        "video": shutil.copy(clip, tmp_path / "v.mp4"),
        "picture": tmp_path / "p.png",
        "scan": tmp_path / "s.pdf",
        "text": tmp_path / "t.txt",
    }
    camtool("--site", site, "still", "-c", "3", "--at", "23/11/2026 18:00:10", "-o", tmp_path / "p.png")
    (tmp_path / "s.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    (tmp_path / "t.txt").write_text("chữ")
    allowed = set()
    for kind, file in made.items():
        for role in ROLES:
            answer = add(camtool, site, file, "--role", role)
            if answer.code == 0:
                allowed.add((kind, role))
            elif "already" in answer.err:
                allowed.add((kind, role))
                assert answer.code == 10
            else:
                assert answer.code == 10, (kind, role, answer)
    assert allowed == {("video", "goc"), ("picture", "anh"), ("picture", "giay_to"), ("scan", "giay_to")}
    assert [row["role"] for row in rows(case) if row["act"] == "add" and row["result"] == "ok"] == [
        "goc", "anh", "giay_to",
    ]  # fmt: skip
    assert add(camtool, site, tmp_path / "v.mp4", "--role", "zzz").code == 2


def test_what_shows_what_it_is_needs_no_role(camtool, site, case, tmp_path, clip):
    (tmp_path / "Biên nhận.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    camtool("--site", site, "still", "-c", "3", "--at", "23/11/2026 18:00:10", "-o", tmp_path / "p.png")
    assert add(camtool, site, tmp_path / "Biên nhận.pdf").json["path"] == "giay_to/Bien-nhan.pdf"
    assert add(camtool, site, tmp_path / "p.png").json["path"] == "anh/p.png"
    written = rows(case)[-1]["facts"]["written_in_it"]
    assert written["True time"] == "2026-11-23T18:00:10+07:00"
    source = site.parent / "footage" / "cam3" / written["Source"]
    assert rows(case)[-1]["facts"]["parents"] == [sha256(source)]
    answer = add(camtool, site, clip)
    assert (answer.code, "say --role" in answer.err) == (10, True)


def test_a_derivative_names_its_parent_and_its_command(camtool, site, case, tmp_path):
    camtool("--site", site, *CUT, "--case", CASE)
    parent = rows(case)[-1]["object"]
    view = tmp_path / "xem.mp4"
    subprocess.run([FFMPEG, "-v", "error", "-i", case / parent["path"], "-vf", "scale=80:48", view], check=True)
    for words in ((), ("--parent", "1"), ("--made-by", "ffmpeg"), ("--parent", "1", "--made-by", " ")):
        assert add(camtool, site, view, "--role", "xem", *words).code == 10
    command = "ffmpeg -i {1} -vf scale=80:48 xem.mp4"
    assert add(camtool, site, view, "--role", "xem", "--parent", "9", "--made-by", command).code == 2
    answer = add(camtool, site, view, "--role", "xem", "--parent", parent["sha256"][:12], "--made-by", command)
    assert answer.code == 0, answer
    assert (answer.json["parents"], answer.json["command"]) == ([parent["sha256"]], command)
    shown = camtool("--site", site, "case", "show", CASE).out
    assert "made from item 1" in shown
    assert f"made by: {command}" in shown


NOTES = "notes:\n  - {kind: box, from: 0, to: 2, place: [10, 10, 40, 20], label: xe}\n"


def annotated(camtool, site, clip: Path, out: Path, *words: str) -> Path:
    out.with_suffix(".yaml").write_text(NOTES, encoding="utf-8")
    answer = camtool("--site", site, "annotate", clip, "--notes", out.with_suffix(".yaml"), *words, "-o", out)
    assert answer.code == 0, answer
    return out


def test_a_copy_with_notes_brings_its_record_and_needs_nothing_to_be_said(camtool, site, case, tmp_path):
    camtool("--site", site, *CUT, "--case", CASE)
    parent = rows(case)[-1]["object"]
    film = annotated(camtool, site, case / parent["path"], tmp_path / "chú thích.mp4")
    picture = annotated(camtool, site, case / parent["path"], tmp_path / "a.png", "--still")
    for copy, place in ((film, "xem/chu-thich.mp4"), (picture, "xem/a.png")):
        answer = add(camtool, site, copy)
        assert answer.code == 0, answer
        record = json.loads(copy.with_name(f"{copy.name}.derived.json").read_text(encoding="utf-8"))
        assert (answer.json["path"], answer.json["parents"]) == (place, [parent["sha256"]])
        assert answer.json["command"] == shlex.join(record["command"])
        row = rows(case)[-1]
        assert row["facts"]["record"] == "annotated"
        (part,) = row["facts"]["parts"]
        assert part["path"] == f"{place}.derived.json"
        assert sha256(case / part["path"]) == part["sha256"] == sha256(copy.with_name(f"{copy.name}.derived.json"))
    assert camtool("--site", site, "verify", CASE).code == 0


def test_a_picture_with_notes_is_never_a_still(camtool, site, case, tmp_path):
    camtool("--site", site, *CUT, "--case", CASE)
    parent = case / rows(case)[-1]["object"]["path"]
    picture = annotated(camtool, site, parent, tmp_path / "a.png", "--still")
    alone = Path(shutil.copy(picture, tmp_path / "alone.png"))
    for file, role in ((picture, "anh"), (picture, "goc"), (picture, "giay_to"), (alone, "anh")):
        answer = add(camtool, site, file, "--role", role)
        assert (answer.code, "camtool made it as a copy" in answer.err) == (10, True), (file, role, answer)
    assert (add(camtool, site, alone).code, add(camtool, site, alone, "--role", "xem").code) == (10, 10)
    (tmp_path / "a.png").write_bytes(alone.read_bytes() + b"x")
    answer = add(camtool, site, picture)
    assert (answer.code, "of another file" in answer.err) == (10, True)
    assert not list(case.glob("xem/*"))
    picture.with_name("a.png.derived.json").write_text("{}")
    assert "say --role" in add(camtool, site, picture).err


def test_an_original_keeps_its_recorders_name_where_every_disk_can_hold_it(camtool, site, case, tmp_path):
    def video(name: str | bytes, first: int) -> Path:
        path = Path(tmp_path, os.fsdecode(name))
        shutil.move(write_mp4(tmp_path / "made.mp4", seconds=0.4, first=first), path)
        return path

    names: dict[str | bytes, str] = {
        "11.00.00-11.30.00[R][0@0][0].dav": "goc/11.00.00-11.30.00[R][0@0][0].dav",
        "Cổng chính 🎥.mp4": "goc/Cổng chính 🎥.mp4",
        "hai\ndòng.mp4": "goc/hai-dong.mp4",
        b"\xff\xfe lat\xed.mp4": "goc/lat-.mp4",
        "Co\u0302\u0309ng.mp4": "goc/Cong.mp4",
        "-rf.mp4": "goc/rf.mp4",
        "CON.mp4": "goc/CON.mp4",
        "x" * 240 + ".mp4": "goc/" + "x" * 120,
        "...": "goc/khong-ten",
    }
    got = {}
    for number, name in enumerate(names):
        answer = add(camtool, site, video(name, number * 5), "--role", "goc")
        assert answer.code == 0, answer
        got[name] = answer.json["path"]
    names["CON.mp4"] = got["CON.mp4"]
    assert got == names
    assert camtool("--site", site, "case", "show", CASE).code == 0
    same = tmp_path / "khác"
    same.mkdir()
    shutil.move(write_mp4(tmp_path / "made.mp4", seconds=0.4, first=90), same / "hai-dong.mp4")
    assert add(camtool, site, same / "hai-dong.mp4", "--role", "goc").json["path"] == "goc/hai-dong-2.mp4"


def test_a_recording_of_a_camera_is_only_read(camtool, site, case):
    source = site.parent / "footage" / "cam3" / "NVR_ch3_main_20261123180000_20261123180100.mp4"
    before = (sha256(source), source.stat().st_mtime_ns, sorted(source.parent.iterdir()))
    assert add(camtool, site, source, "--role", "goc").code == 0
    assert (sha256(source), source.stat().st_mtime_ns, sorted(source.parent.iterdir())) == before
    assert sha256(case / "goc" / source.name) == before[0]


def test_what_is_no_file(camtool, site, case, tmp_path, clip):
    (tmp_path / "link.mp4").symlink_to(clip)
    (tmp_path / "empty.mp4").touch()
    os.mkfifo(tmp_path / "pipe")
    for name, word in (
        ("link.mp4", "it is a link"),
        ("empty.mp4", "it is empty"),
        ("pipe", "this is a folder or a device, not a file"),
        (".", "this is a folder"),
        ("none.mp4", "no such file"),
        ("v.mp4/none.mp4", "no such file"),
    ):
        answer = add(camtool, site, tmp_path / name, "--role", "goc")
        assert (answer.code, word in answer.err) == (10, True), answer
        assert "cannot be -" not in answer.err
    assert len(rows(case)) == 7, "each is a row"


def test_a_full_disk_leaves_nothing_in_the_case(camtool, site, case, tmp_path, clip):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("cannot mount a small disk here")
    try:
        shutil.copytree(case.parent, disk / "cases")
        shutil.rmtree(case.parent)
        case.parent.symlink_to(disk / "cases")
        big = tmp_path / "big.mp4"
        big.write_bytes(clip.read_bytes() + os.urandom(1 << 20))
        answer = add(camtool, site, big, "--role", "goc")
        assert (answer.code, "no room left" in answer.err) == (50, True), answer
        assert sorted(path.name for path in (disk / "cases" / CASE).iterdir()) == ["custody.jsonl", "custody.lock"]
        assert rows(disk / "cases" / CASE)[-1]["result"].startswith("failed: no room left")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# ---- killed at any instant ----------------------------------------------------------------------------------------


def test_killed_at_any_instant_leaves_nothing_or_the_whole(camtool, site, case):
    """kill -9 after so many milliseconds; then the case is read, and what it says is there, whole, and nothing else."""
    environment = os.environ | {"CAMTOOL_NOW": "2026-11-24T10:00:00+07:00"}
    counts = []
    for at, stop in enumerate(("staged", "before row", "after row", "between moves", "moved")):
        end = f"23/11/2026 18:00:{20 + 2 * at}"
        words = ["cut", "-c", "3", "--from", "23/11/2026 18:00:10", "--to", end, "--case", CASE]
        done = subprocess.run([sys.executable, "-m", "tests.cli.kill_cut", stop, "--site", site, *words], env=environment, check=False, capture_output=True)  # noqa: E501 # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        before = len([row for row in rows(case) if row["act"] == "cut"])
        shown = camtool("--site", site, "--json", "case", "show", CASE)
        assert shown.code == 0, shown
        there = {name for name in files(case) if "/" in name}
        wanted = {part["path"] for item in shown.json["items"] for part in (item, *item["parts"])}
        assert there == wanted
        assert [path.name for path in case.iterdir() if path.name.startswith(".")] == []
        counts.append(before)
        assert camtool("--site", site, "--json", "verify", case).code == 0
    assert counts == [0, 0, 1, 2, 3], "killed before its row: nothing; behind it: the whole"


def test_killed_at_a_random_instant(camtool, site, case):
    command = [sys.executable, "-m", "camtool", "--site", site, *CUT, "--case", CASE]
    for wait_s in (0.25, 0.4, 0.5, 0.6, 0.7):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait_s)
        run.kill()
        run.wait()
        shown = camtool("--site", site, "--json", "case", "show", CASE)
        assert shown.code == 0
        there = {name for name in files(case) if "/" in name}
        assert there == {part["path"] for item in shown.json["items"] for part in (item, *item["parts"])}


# ---- made again ---------------------------------------------------------------------------------------------------


def test_clips_and_stills_can_be_made_again_after_the_clock_was_set_right(camtool, site, case, tmp_path):
    clock = ("clock", "observe", "3", "--shows", "24/11 09:55", "--true")
    camtool("--site", site, *clock, "24/11 10:00")
    cut = ("cut", "-c", "3", "--from", "23/11 18:05:51", "--to", "23/11 18:06:11")
    assert camtool("--site", site, *cut, "--case", CASE).code == 0
    assert rows(case)[-1]["facts"]["clock"] == {
        "offset_us": 300_000_000, "observed": True, "photo": None, "showed": "2026-11-24T09:55:00+07:00",
        "true_time": "2026-11-24T10:00:00+07:00", "note": "2026-11-24T10:00:00+07:00 = 2026-11-24T09:55:00+07:00",
    }  # fmt: skip
    assert camtool("--site", site, "still", "-c", "3", "--at", "23/11 18:05:10", "--case", CASE).code == 0
    camtool("--site", site, *clock, "24/11 10:07")
    for item in ("1", "2"):
        answer = camtool("--site", site, "--json", "case", "again", CASE, item)
        assert (answer.code, answer.json["identical"], answer.json["path"]) == (0, True, None), answer
    out = tmp_path / "lại.mp4"
    assert camtool("--site", site, "case", "again", CASE, "trich/cam03_20261123-180551.mp4", "-o", out).code == 0
    assert sha256(out) == rows(case)[1]["object"]["sha256"]
    assert [row["act"] for row in rows(case)[-3:]] == ["again"] * 3


def test_what_comes_out_otherwise_is_told(camtool, site, case, monkeypatch):
    assert camtool("--site", site, *CUT, "--case", CASE).code == 0
    assert camtool("--site", site, "still", "-c", "3", "--at", "23/11 18:00:10", "--case", CASE).code == 0
    monkeypatch.setattr("camtool.jobs.still.__version__", "0")
    answer = camtool("--site", site, "--json", "case", "again", CASE, "2")
    assert (answer.code, answer.json["identical"], answer.json["pictures_identical"]) == (3, False, True)
    footage = site.parent / "footage" / "cam3"
    for minute in (0, 1):
        name = f"NVR_ch3_main_2026112318{minute:02d}00_2026112318{minute + 1:02d}00.mp4"
        write_mp4(footage / name, seconds=60, fps=5, gop=10, first=7, size=(160, 96))
    for item in ("1", "2"):
        answer = camtool("--site", site, "case", "again", CASE, item)
        assert (answer.code, "came out otherwise" in answer.out) == (40, True)
    assert rows(case)[-1]["result"] == "failed: it came out otherwise"


def test_what_camtool_did_not_make_is_not_made_again(camtool, site, case, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    add(camtool, site, tmp_path / "a.pdf")
    answer = camtool("--site", site, "case", "again", CASE, "1")
    assert (answer.code, "was not made by camtool" in answer.err) == (10, True)
    assert camtool("--site", site, "case", "again", CASE, "7").code == 2


# ---- several at once, and interrupted -----------------------------------------------------------------------------


def test_files_added_by_several_at_once(camtool, site, case, tmp_path):
    environment = os.environ | {"CAMTOOL_NOW": "2026-11-24T10:00:00+07:00"}
    runs = []
    for number in range(6):
        paper = tmp_path / str(number) / "bien-nhan.pdf"
        paper.parent.mkdir()
        paper.write_bytes(b"%PDF-1.4\n%%EOF\n" + bytes([number]))
        command = [sys.executable, "-m", "camtool", "--site", site, "case", "add", CASE, paper]
        runs.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
    told = [(run.communicate()[1].decode(), run.returncode) for run in runs]
    done = [code for _, code in told if code == 0]
    assert all(code in {0, 10} for _, code in told), told
    assert all("exists already" in said for said, code in told if code), "the same name at the same instant"
    held = camtool("--site", site, "--json", "case", "show", CASE).json["items"]
    assert len(held) == len(done) >= 1
    assert {item["path"] for item in held} == {name for name in files(case) if "/" in name}
    assert camtool("--site", site, "verify", CASE).code == 0


def test_a_case_that_is_closed_meanwhile_takes_no_clip(camtool, site, case, monkeypatch):
    from camtool.jobs import case_cut, exhibit

    complete = exhibit.complete_clip

    def closed_meanwhile(*words: Any) -> Any:
        command = [sys.executable, "-m", "camtool", "--site", str(site), "case", "close", CASE]
        subprocess.run(command, check=True, capture_output=True)
        return complete(*words)

    monkeypatch.setattr(case_cut, "complete_clip", closed_meanwhile)
    before = files(case)
    answer = camtool("--site", site, *CUT, "--case", CASE)
    assert (answer.code, "is closed" in answer.err, files(case)) == (10, True, before)
    assert [row["act"] for row in rows(case)] == ["open", "close", "cut"]


def test_an_interrupted_cut_is_a_row_and_nothing_else(camtool, site, case, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("camtool.jobs.case_cut.complete_clip", interrupted)
    before = files(case)
    assert camtool("--site", site, *CUT, "--case", CASE).code == 130
    assert files(case) == before
    assert (rows(case)[-1]["act"], rows(case)[-1]["result"]) == ("cut", "failed: KeyboardInterrupt")


def test_a_log_that_cannot_be_written_fails_the_export(camtool, site, case, tmp_path, monkeypatch):
    """The custody step is the last before the names: where it fails, neither the case nor -o has anything."""
    from camtool.errors import DiskFull
    from camtool.evidence import custody_log

    write, asked = custody_log._write, []

    def full(path: Path, text: bytes, more_flags: int = 0) -> None:
        asked.append(text)
        raise DiskFull(path=path)

    monkeypatch.setattr(custody_log, "_write", full)
    before = files(case)
    out = tmp_path / "ra.mp4"
    answer = camtool("--site", site, *CUT, "--case", CASE, "-o", out)
    assert (answer.code, len(asked)) == (50, 1), answer
    assert (files(case), out.exists(), list(tmp_path.glob("ra*"))) == (before, False, [])
    monkeypatch.setattr(custody_log, "_write", write)
    assert camtool("--site", site, *CUT, "--case", CASE, "-o", out).code == 0
