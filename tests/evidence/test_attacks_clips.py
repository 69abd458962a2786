"""Attacks on what a clip is: hidden frames, edited ledgers, and recordings that are no longer what they were."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from camtool.evidence.proof import read_proof
from tests.makers.packaged import (
    CLIP,
    FAILED,
    LOG,
    NOT_CHECKABLE,
    PASSED,
    PAYLOAD,
    WHOLE,
    Packaged,
    by_camtool,
    by_script,
    hashed_again,
    packaged,
)
from tests.makers.rows import FFMPEG

CSV, PROOF = f"{WHOLE}.packets.csv", f"{WHOLE}.proof.json"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    return packaged(tmp_path_factory.mktemp("real"))


@pytest.fixture
def bag(real: Packaged, tmp_path: Path) -> Path:
    copy = tmp_path / real.bag.name
    shutil.copytree(real.bag, copy)
    return copy


def seen(capsys, real: Packaged, bag: Path, *more: object) -> str:
    code, last, said = by_camtool(capsys, bag, "--fingerprint", real.key.fingerprint, *more)
    assert (code, last) == (40, FAILED), said
    return said


def with_hidden_frames(clip: Path) -> None:
    """Do as `ffmpeg -ss … -c copy` does: an edit list that hides the first pictures."""
    out = clip.with_name("hidden.mp4")
    command = [FFMPEG, "-v", "error", "-ss", "0.5", "-i", clip, "-c", "copy", "-map", "0:v", out]
    subprocess.run([str(word) for word in command], check=True)
    out.replace(clip)


def test_hidden_frames_put_in_after_sealing(capsys, real, bag):
    with_hidden_frames(bag / WHOLE)
    said = seen(capsys, real, bag)
    assert f"! {WHOLE}: the file was changed" in said
    assert f"! {WHOLE}: pictures are hidden in the clip: a player does not show them" in said
    code, last, script_said = by_script(bag, real.key.fingerprint)
    assert (code, last) == (1, FAILED)
    assert f"! {WHOLE}: " in script_said


def test_hidden_frames_sealed_by_the_office_itself(capsys, real, bag):
    """verify.sh says that it does not look at this; camtool refuses to seal such a clip."""
    with_hidden_frames(bag / WHOLE)
    hashed_again(bag, key=real.key)
    said = seen(capsys, real, bag)
    assert f"! {WHOLE}: pictures are hidden in the clip" in said
    assert f"! {PROOF}: it is the proof of another clip" in said
    _, _, script_said = by_script(bag, real.key.fingerprint)
    assert "not looked at here: pictures hidden in a clip" in script_said


def lines_of(change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    def act(path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        after = change(lines)
        assert after != lines
        path.write_text("".join(after), encoding="utf-8", newline="\n")

    return act


def column(number: int, value: str, row: int = 3) -> Callable[[list[str]], list[str]]:
    def change(lines: list[str]) -> list[str]:
        parts = lines[row].rstrip("\n").split(",")
        parts[number] = value
        return [*lines[:row], ",".join(parts) + "\n", *lines[row + 1 :]]

    return change


LEDGERS: dict[str, Callable[[list[str]], list[str]]] = {
    "another file": column(0, "other.mp4"),
    "another number": column(1, "7777"),
    "another place": column(2, "1"),
    "no place": column(2, ""),
    "another size": column(3, "1"),
    "another time": column(4, "1"),
    "another hash": column(5, "0" * 64),
    "a row removed": lambda lines: lines[:3] + lines[4:],
    "the last row removed": lambda lines: lines[:-1],
    "a row twice": lambda lines: [*lines, lines[-1]],
    "rows exchanged": lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]],
    "other columns": lambda lines: ["a,b\n", *lines[1:]],
    "emptied": lambda lines: [],
}


@pytest.mark.parametrize("name", LEDGERS)
def test_a_row_of_the_ledger_edited(capsys, real, bag, name):
    """In camtool even when the list was hashed and sealed again: it no longer says what the proof says."""
    lines_of(LEDGERS[name])(bag / CSV)
    assert f"! {CSV}: the file was changed" in seen(capsys, real, bag)
    assert by_script(bag, real.key.fingerprint)[:2] == (1, FAILED)
    hashed_again(bag, key=real.key)
    said = seen(capsys, real, bag)
    assert f"! {CSV}:" in said
    assert "the list of packets" in said


def test_a_row_of_the_proof_edited(capsys, real, bag):
    path = bag / PROOF
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[0,0,", "[0,0,1", 1), encoding="utf-8", newline="\n")
    assert by_script(bag, real.key.fingerprint)[:2] == (1, FAILED)
    hashed_again(bag, key=real.key)
    said = seen(capsys, real, bag)
    assert f"! {PROOF}: the clip's proof cannot be read, or was changed after it was written" in said


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": "camtool-proof", "version": 1}', "\x00"])
def test_a_proof_that_is_none(capsys, real, bag, content):
    (bag / PROOF).write_text(content)
    hashed_again(bag, key=real.key)
    assert f"! {PROOF}: the clip's proof cannot be read" in seen(capsys, real, bag)


@pytest.mark.parametrize("content", [b"", b"not a film", b"\0" * 5000])
def test_a_clip_that_is_none(capsys, real, bag, content):
    (bag / WHOLE).write_bytes(content)
    hashed_again(bag, key=real.key)
    said = seen(capsys, real, bag)
    assert f"! {WHOLE}: the clip cannot be read as video" in said


# ---- against the recordings -----------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Packaged:
    """A package and a site of its own, whose recordings may be harmed."""
    return packaged(tmp_path / "own")


def against(capsys, own: Packaged) -> tuple[int, str, str]:
    return by_camtool(capsys, own.bag, "--fingerprint", own.key.fingerprint, "--against", own.site)


def test_against_recordings_that_are_as_they_were(capsys, own):
    code, last, said = against(capsys, own)
    assert (code, last) == (0, PASSED), said
    proofs = [read_proof(path) for path in (own.bag / CLIP, own.bag / WHOLE)]
    packets = sum(stream.packets for proof in proofs for stream in proof.streams)
    assert packets == 60
    assert f"✓ recordings: {packets} packets read again and compared\n" in said


def test_a_recording_that_was_moved_is_found_by_its_hash(capsys, own):
    deeper = own.filled.recording.parent / "2026" / "11"
    deeper.mkdir(parents=True)
    own.filled.recording.rename(deeper / "moved.mp4")
    code, last, said = against(capsys, own)
    assert (code, last) == (0, PASSED), said


def test_a_recording_that_is_no_longer_there_cannot_be_checked(capsys, own):
    own.filled.recording.unlink()
    code, last, said = against(capsys, own)
    assert (code, last) == (50, NOT_CHECKABLE)
    assert "? rec.mp4: the recording is no longer there" in said
    assert "✓ recordings" not in said


def test_the_first_bytes_of_a_recording_that_differ_are_named(capsys, own):
    rows = (own.bag / CSV).read_text().splitlines()[1:]
    _, _, offset, size, _, _ = rows[5].split(",")
    at = int(offset) + int(size) // 2
    content = bytearray(own.filled.recording.read_bytes())
    content[at] ^= 0xFF
    own.filled.recording.write_bytes(content)
    code, last, said = against(capsys, own)
    assert (code, last) == (40, FAILED)
    assert f"! rec.mp4:{at}: the recording does not hold these bytes" in said
    assert f"! {CSV}:7: the recording does not hold these bytes" in said
    assert "! rec.mp4: a recording that the clip was cut from was changed" in said


def test_a_recording_cut_short(capsys, own):
    content = own.filled.recording.read_bytes()
    own.filled.recording.write_bytes(content[: len(content) // 2])
    code, last, _ = against(capsys, own)
    assert (code, last) == (40, FAILED)


def test_json_tells_what_could_not_be_checked(capsys, own):
    from camtool.cli.main import run

    own.filled.recording.unlink()
    capsys.readouterr()
    words = ["--json", "verify", str(own.bag), "--fingerprint", own.key.fingerprint, "--against", str(own.site)]
    assert run(words) == 50
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["verdict"], told["problems"]) == (False, "not_checkable", [])
    assert {(each["kind"], each["path"]) for each in told["unchecked"]} == {("source_missing", "rec.mp4")}
    assert (own.bag / LOG).exists()
    assert (own.bag / PAYLOAD).exists()
