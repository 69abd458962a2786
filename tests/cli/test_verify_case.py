"""`verify CASE`: what was edited, removed, exchanged, cut short, planted or lost is named."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from camtool.core.custody import hash_of
from tests.cli.conftest import CASE, Camtool
from tests.cli.test_case_exhibits import CUT, rows


@pytest.fixture
def full(camtool: Camtool, site: Path, case: Path) -> Path:
    """A case with a clip, a still, a paper and a note: rows 1 to 5."""
    assert camtool("--site", site, *CUT, "--case", CASE).code == 0
    assert camtool("--site", site, "still", "-c", "3", "--at", "23/11/2026 18:00:10", "--case", CASE).code == 0
    paper = site.parent / "bien-nhan.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    assert camtool("--site", site, "case", "add", CASE, paper).code == 0
    assert camtool("--site", site, "case", "note", CASE, "đủ").code == 0
    return case


def found(camtool, site, *more) -> tuple[int, set[tuple[str, str]]]:
    answer = camtool("--site", site, "--json", "verify", CASE, *more)
    return answer.code, {(each["kind"], each["path"]) for each in answer.json["problems"]}


def log_lines(case: Path) -> list[bytes]:
    return (case / "custody.jsonl").read_bytes().splitlines(keepends=True)


def test_a_sound_case_passes_by_number_and_by_path_and_each_check_is_a_row(camtool, site, full, monkeypatch):
    answer = camtool("--site", site, "--json", "verify", CASE)
    assert (answer.code, answer.json["ok"], answer.json["problems"], answer.json["remarks"]) == (0, True, [], [])
    assert answer.json["checked"] > 5 + 6 + 220
    assert (answer.json["entries"], answer.json["logged"]) == (6, True)
    assert answer.json["head"] == hash_of(log_lines(full)[-1])
    monkeypatch.chdir(full.parent)
    by_path = camtool("verify", CASE)
    assert (by_path.code, by_path.out.splitlines()[-1]) == (0, "PASSED")
    assert [row["act"] for row in rows(full)[-2:]] == ["verify", "verify"]
    head = camtool("--json", "verify", full).json["head"]
    grouped = " ".join(head[at : at + 4] for at in range(0, 64, 4)).upper()
    assert found(camtool, site, "--head", grouped)[0] == 0, "as it stands on paper"
    assert camtool("--site", site, "verify", CASE, "--head", "abc").code == 2


def test_nobody_verifies_a_case_unnamed(camtool, site, full, monkeypatch):
    monkeypatch.delenv("CAMTOOL_OFFICER")
    assert camtool("--site", site, "verify", CASE).code == 2
    assert camtool("--site", site, "verify", CASE, "--officer", "Đại úy C").code == 0


def test_a_row_that_was_edited_is_named_by_its_line(camtool, site, full):
    log = full / "custody.jsonl"
    log.write_bytes(log.read_bytes().replace("Trộm xe".encode(), "Trộm gà".encode()))
    code, kinds = found(camtool, site)
    assert (code, kinds) == (40, {("edited", "custody.jsonl:1")})
    assert len(log_lines(full)) == 5, "a damaged log takes no row"
    said = camtool("--site", site, "verify", CASE)
    assert said.out.splitlines()[-1] == "FAILED"
    assert "custody.jsonl:1: the line was edited" in said.out


@pytest.mark.parametrize(
    ("keep", "kind"),
    [
        ((1, 2, 4, 5), "removed"),
        ((1, 3, 2, 4, 5), "reordered"),
        ((2, 3, 4, 5), "removed"),
        ((1, 2, 2, 3, 4, 5), "twice"),
    ],
)
def test_rows_removed_exchanged_or_doubled(camtool, site, full, keep, kind):
    held = log_lines(full)
    (full / "custody.jsonl").write_bytes(b"".join(held[number - 1] for number in keep))
    code, kinds = found(camtool, site)
    assert code == 40
    assert kind in {each for each, _ in kinds}


def test_a_log_that_was_cut_short_shows_by_its_files_and_by_a_head_on_paper(camtool, site, full):
    head = hash_of(log_lines(full)[-1])
    (full / "custody.jsonl").write_bytes(b"".join(log_lines(full)[:3]))
    assert found(camtool, site) == (40, {("file_extra", "giay_to/bien-nhan.pdf")})
    code, kinds = found(camtool, site, "--head", head)
    assert (code, ("other_head", "custody.jsonl") in kinds) == (40, True)


def test_a_log_that_was_hashed_anew_shows_by_a_head_that_a_row_recorded(camtool, site, full):
    """As sealing leaves it: a row names head and count of the log in the package."""
    from camtool.core.custody import Draft, Entry, line_of, read_chain
    from camtool.evidence.custody_log import CustodyLog

    log = CustodyLog(full / "custody.jsonl")
    chain = log.read()
    facts = {"custody_head": chain.head, "custody_entries": chain.count}
    log.append(Draft(case=CASE, who="A", account="a@b", act="seal", facts=facts))
    assert found(camtool, site)[0] == 0
    entries, prev, out = read_chain(log_lines(full)).entries, "0" * 64, []
    for entry in entries:
        values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
        if entry.n == 5:
            values["facts"] = {"text": "không đủ"}
        line = line_of(Entry(**(values | {"prev": prev})))
        prev = hash_of(line)
        out.append(line)
    (full / "custody.jsonl").write_bytes(b"".join(out))
    assert found(camtool, site) == (40, {("other_head", "custody.jsonl:5")})


def test_files_changed_lost_planted_and_linked(camtool, site, full):
    clip, still = full / "trich/cam03_20261123-180051.mp4", full / "anh/cam03_20261123-180010.png"
    still.unlink()
    still.symlink_to(clip)
    (full / "giay_to/bien-nhan.pdf").unlink()
    (full / "trich/thêm.txt").write_text("x")
    listed = clip.with_name(f"{clip.name}.packets.csv")
    listed.write_text(listed.read_text().replace("250", "251", 1))
    code, kinds = found(camtool, site)
    assert code == 40
    assert kinds == {
        ("file_link", "anh/cam03_20261123-180010.png"),
        ("file_missing", "giay_to/bien-nhan.pdf"),
        ("file_extra", "trich/thêm.txt"),
        ("file_changed", "trich/cam03_20261123-180051.mp4.packets.csv"),
    }
    row = rows(full)[-1]
    assert (row["act"], row["result"][:16]) == ("verify", "failed: 4 faults")
    assert "verified · 4 faults found" in camtool("--site", site, "case", "show", CASE).out


def test_a_byte_of_a_clip(camtool, site, full):
    clip = full / "trich/cam03_20261123-180051.mp4"
    content = bytearray(clip.read_bytes())
    content[len(content) // 2] ^= 1
    clip.write_bytes(content)
    code, kinds = found(camtool, site)
    assert (code, {kind for kind, _ in kinds}) == (40, {"file_changed", "clip_changed", "packet_changed"})


def test_a_lost_proof(camtool, site, full):
    (full / "trich/cam03_20261123-180051.mp4.proof.json").unlink()
    code, kinds = found(camtool, site)
    assert code == 40
    assert {kind for kind, _ in kinds} == {"file_missing", "proof_unreadable"}


def test_recordings_that_are_overwritten_are_a_remark(camtool, site, full):
    for each in (site.parent / "footage" / "cam3").iterdir():
        each.unlink()
    answer = camtool("--site", site, "--json", "verify", CASE)
    assert (answer.code, answer.json["problems"]) == (0, [])
    assert [remark["kind"] for remark in answer.json["remarks"]] == ["source_missing"] * 2


def test_a_copy_of_a_case_outside_its_site_is_only_read(camtool, full, tmp_path, monkeypatch):
    monkeypatch.delenv("CAMTOOL_OFFICER")
    away = tmp_path / "mang đi" / CASE
    shutil.copytree(full, away)
    before = hashlib.sha256((away / "custody.jsonl").read_bytes()).hexdigest()
    answer = camtool("--json", "verify", away)
    assert (answer.code, answer.json["logged"]) == (0, False)
    assert hashlib.sha256((away / "custody.jsonl").read_bytes()).hexdigest() == before
    log = away / "custody.jsonl"
    log.write_bytes(log.read_bytes()[:-5])
    torn = camtool("--json", "verify", away)
    assert (torn.code, [each["kind"] for each in torn.json["problems"]]) == (40, ["unfinished"])


def test_a_log_that_is_gone_or_is_none(camtool, site, full):
    (full / "custody.jsonl").write_bytes(b"")
    assert found(camtool, site)[0] == 40
    (full / "custody.jsonl").write_text(json.dumps({"a": 1}) + "\n")
    assert ("not_a_row", "custody.jsonl:1") in found(camtool, site)[1]
    (full / "custody.jsonl").unlink()
    answer = camtool("--site", site, "verify", CASE)
    assert (answer.code, "it is not there" in answer.err) == (40, True)


def test_a_redacted_package_has_a_log_of_its_own(camtool, site, full):
    from camtool.core.custody import Draft
    from camtool.evidence.custody_log import CustodyLog

    facts = {"custody_head": "a" * 64, "custody_entries": 3, "package": f"{CASE}_CHE_4"}
    CustodyLog(full / "custody.jsonl").append(Draft(case=CASE, who="A", account="a@b", act="seal", facts=facts))
    assert found(camtool, site)[0] == 0


def test_a_disk_that_may_only_be_read(camtool, site, full, tmp_path):
    """On it nothing can be logged, so nothing is read out; a copy of the case is checked and not logged."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("cannot mount a disk here")
    try:
        shutil.copytree(full, disk / CASE)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        answer = camtool("--json", "verify", disk / CASE)
        assert (answer.code, answer.json["ok"], answer.json["logged"]) == (0, True, False), answer
        shutil.rmtree(full)
        full.symlink_to(disk / CASE)
        for words in (("case", "show", CASE), ("case", "note", CASE, "a"), (*CUT, "--case", CASE), ("verify", full)):
            answer = camtool("--site", site, *words)
            assert (answer.code, "not allowed" in answer.err) == (50, True), (words, answer)
        assert camtool("--site", site, "case", "list").code == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)
