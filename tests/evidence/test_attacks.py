"""Attacks on a package: each has to fail loudly in camtool and in the package's own verify.sh."""

import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from camtool.evidence.keys import create_key
from camtool.jobs.stamp import stamper
from tests.makers.authority import authority
from tests.makers.packaged import (
    CLIP,
    FAILED,
    LOG,
    NOT_CHECKABLE,
    PASSED,
    PASSPHRASE,
    PAYLOAD,
    SHELLS,
    TAG,
    WHOLE,
    Packaged,
    by_camtool,
    by_script,
    files_of,
    hashed_again,
    packaged,
)

Attack = Callable[[Path], object]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    return packaged(tmp_path_factory.mktemp("real"))


@pytest.fixture
def bag(real: Packaged, tmp_path: Path) -> Path:
    """A copy to be attacked, under its own name."""
    copy = tmp_path / real.bag.name
    shutil.copytree(real.bag, copy)
    return copy


def fails(capsys, real: Packaged, bag: Path, kind: str | None, path: str | None = None, *more: object) -> str:
    """Assert that both judges fail a package, with the file named by both; return what camtool said."""
    code, last, said = by_camtool(capsys, bag, "--fingerprint", real.key.fingerprint, *more)
    assert (code, last) == (40, FAILED), said
    scripted, script_last, script_said = by_script(bag, real.key.fingerprint, script=real.bag / "verify.sh")
    assert (scripted, script_last) == (1, FAILED), script_said
    if path is not None:
        assert f"! {path}" in said
        assert f"! {path}" in script_said
    if kind is not None:
        assert kind in said
    return said


def edited(path: Path, change: Callable[[bytes], bytes]) -> None:
    before = path.read_bytes()
    after = change(before)
    assert after != before
    path.write_bytes(after)


def flipped(content: bytes) -> bytes:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 0x20]) + content[at + 1 :]


# ---- what is sound --------------------------------------------------------------------------------------------------


def test_a_sound_package_passes_in_both(capsys, real, bag):
    code, last, said = by_camtool(capsys, bag, "--fingerprint", real.key.fingerprint)
    assert (code, last) == (0, PASSED), said
    assert "not stamped" in said
    for shell in SHELLS:
        code, last, said = by_script(bag, real.key.fingerprint, shell=shell)
        assert (code, last) == (0, PASSED), said


def test_the_fingerprint_may_be_typed_in_groups_and_capitals(capsys, real, bag):
    digits = real.key.fingerprint.upper()
    groups = [digits[at : at + 4] for at in range(0, 64, 4)]
    assert by_camtool(capsys, bag, "--fingerprint", " ".join(groups))[0] == 0
    assert by_script(bag, *groups)[0] == 0


def test_without_the_fingerprint_from_paper_the_verdict_is_the_third(capsys, bag):
    code, last, said = by_camtool(capsys, bag)
    assert (code, last) == (50, NOT_CHECKABLE)
    assert "✗" not in said
    assert by_script(bag)[:2] == (2, NOT_CHECKABLE)


def test_a_fingerprint_that_is_none_is_refused(capsys, bag):
    assert by_camtool(capsys, bag, "--fingerprint", "12ab")[0] == 2
    assert by_script(bag, "12ab")[:2] == (2, NOT_CHECKABLE)
    assert by_script(bag, "z" * 64)[:2] == (2, NOT_CHECKABLE)


def test_a_script_without_its_programs_says_so_and_is_not_green(real, bag, tmp_path):
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("dash", "sh", "find", "sort", "comm", "awk", "sed", "grep", "tr", "od", "cmp", "tail", "head", "wc"):
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    code, last, said = by_script(bag, real.key.fingerprint, path=str(tools))
    assert (code, last) == (2, NOT_CHECKABLE)
    assert "? sha256sum: " in said


@pytest.mark.parametrize("broken", ["awk", "sha256sum", "find", "sort", "openssl", "sed", "tr", "cmp", "wc"])
def test_a_program_that_does_not_work_never_makes_it_green(real, bag, tmp_path, broken):
    """A package with a planted file, on a computer where one of the programs ends with an error."""
    plant("planted")(bag)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / broken).write_text("#!/bin/sh\nexit 1\n")
    (tools / broken).chmod(0o755)
    code, last, said = by_script(bag, real.key.fingerprint, path=f"{tools}:{os.environ['PATH']}")
    assert (code, last) in {(1, FAILED), (2, NOT_CHECKABLE)}, said


# ---- one byte in every kind of file ---------------------------------------------------------------------------------


KINDS = [
    "DOC_TRUOC.txt", "allowed_signers", "bag-info.txt", "bagit.txt", PAYLOAD, "signer.pub.pem", TAG, f"{TAG}.sig",
    f"{TAG}.sshsig", "verify.sh", "verify.ps1", "data/BIEN_BAN.pdf", "data/index.html", "data/goc/NOI_LUU.txt", CLIP,
    f"{CLIP}.proof.json", WHOLE, f"{WHOLE}.proof.json", f"{WHOLE}.packets.csv", f"{WHOLE}.framehash",
    "data/anh/cam3-180003.png", "data/giay_to/bien-nhan.pdf", LOG, "data/ho_so/derivations.json",
    "data/ho_so/case.jsonld", "data/ho_so/tools.json",
]  # fmt: skip


def test_every_kind_of_file_is_tried(real):
    assert sorted(KINDS) == files_of(real.bag)


@pytest.mark.parametrize("name", KINDS)
def test_one_byte_changed(capsys, real, bag, name):
    edited(bag / name, flipped)
    fails(capsys, real, bag, None)


@pytest.mark.parametrize("name", KINDS)
def test_removed(capsys, real, bag, name):
    (bag / name).unlink()
    fails(capsys, real, bag, None, name)


# ---- the set of files -----------------------------------------------------------------------------------------------


def plant(name: str, content: bytes = b"planted\n") -> Attack:
    def attack(bag: Path) -> None:
        path = Path(os.fsdecode(os.fsencode(bag) + b"/" + os.fsencode(name)))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return attack


def rename(old: str, new: str) -> Attack:
    return lambda bag: (bag / old).rename(bag / new)


def swap(bag: Path) -> None:
    one, two = bag / "data/anh/cam3-180003.png", bag / CLIP
    held = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(held)


def link(bag: Path) -> None:
    path = bag / CLIP
    path.rename(bag.parent / "elsewhere.mp4")
    path.symlink_to(bag.parent / "elsewhere.mp4")


def link_folder(bag: Path) -> None:
    (bag / "data/trich").rename(bag.parent / "trich")
    (bag / "data/trich").symlink_to(bag.parent / "trich", target_is_directory=True)


def pipe(bag: Path) -> None:
    os.mkfifo(bag / "data/fifo")


SETS: dict[str, tuple[Attack, str, str]] = {
    "planted beside data": (plant("planted.txt"), "not in the package when", "planted.txt"),
    "planted in data": (plant("data/trich/cam3-190000.mp4"), "not in the package when", "data/trich/cam3-190000.mp4"),
    "planted, hidden": (plant("data/.hidden"), "not in the package when", "data/.hidden"),
    "planted, a time-stamp": (plant(f"{TAG}.tsr"), "not in the package when", f"{TAG}.tsr"),
    "planted, another list": (plant("manifest-md5.txt"), "not in the package when", "manifest-md5.txt"),
    "planted, a folder": (lambda bag: (bag / "data/them").mkdir(), "folder was not in", "data/them"),
    "renamed": (rename(CLIP, "data/trich/cam3-180003.mp4"), "missing", CLIP),
    "renamed, a capital": (rename("DOC_TRUOC.txt", "DOC_TRUOC.TXT"), "missing", "DOC_TRUOC.txt"),
    "moved": (rename(CLIP, "data/anh/cam3-180002.mp4"), "missing", CLIP),
    "swapped": (swap, "was changed", CLIP),
    "a link": (link, "a link, not a file", CLIP),
    "a linked folder": (link_folder, "a link, not a file", "data/trich"),
    "a pipe": (pipe, "neither a file", "data/fifo"),
}


@pytest.mark.parametrize("name", SETS)
def test_the_set_of_files(capsys, real, bag, name):
    attack, words, path = SETS[name]
    attack(bag)
    assert words in fails(capsys, real, bag, None, path)


HASH = "0" * 64
NOT_UTF8 = os.fsdecode(b"data/\xff\xfe")
ODD_NAMES = [
    f"data/x\n{HASH}  data/trich/y", "data/x\r", "data/x\t", "data/ x", "data/x ", "data/x\x1b[2K\x1b[1A",
    "data/a\\nb", "data/a%0Ab", "x\n✓ tệp: 22", "data/\n\nĐẠT", "data/-c", "-rf", "data/$(touch pwned)",
    "data/`touch pwned`", "data/x: OK", f"{TAG} ", "data/trich/cam3-180002.mp4\n", "data/\x7f", "\ndata/x",
    "data/x\n/y", NOT_UTF8, "data/\u202egnp.exe", "data/*", "data/?",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD_NAMES)
def test_planted_names_fool_nobody(capsys, real, bag, name):
    plant(name)(bag)
    said = fails(capsys, real, bag, None)
    _, _, script_said = by_script(bag, real.key.fingerprint, script=real.bag / "verify.sh")
    # The verdict stands once, at the end, and nothing of the name reached the terminal as more than text.
    for text in (said, script_said):
        assert text.split("\n").count(PASSED) == 0
        assert text.split("\n").count(FAILED) == 1
        assert "\x1b" not in text
    assert not list(bag.rglob("pwned"))
    assert not list(bag.parent.glob("pwned"))


def test_a_file_renamed_to_nfd(capsys, real, bag, tmp_path):
    name = unicodedata.normalize("NFD", "data/goc/ảnh.txt")
    plant(name)(bag)
    assert "NFD" in fails(capsys, real, bag, None)


def test_nfd_names_in_the_sealed_lists(capsys, real, bag):
    """Sealed by the office's own key, by a tool that is not camtool."""
    name = unicodedata.normalize("NFD", "data/goc/ảnh.txt")
    plant(name)(bag)
    with (bag / PAYLOAD).open("a", encoding="utf-8") as file:
        file.write(f"{HASH}  {name}\n")
    hashed_again(bag, key=real.key)
    fails(capsys, real, bag, None)


def test_a_list_that_names_what_lies_outside(capsys, real, bag):
    (bag.parent / "outside").write_bytes(b"x")
    for line in (f"{HASH}  data/../../outside\n", f"{HASH}  /etc/passwd\n", f"{HASH} *data/x\n", f"{HASH}  data//x\n"):
        copy = bag.parent / "copy"
        shutil.copytree(bag, copy)
        with (copy / PAYLOAD).open("a", encoding="utf-8") as file:
            file.write(line)
        hashed_again(copy, lists=(TAG,), key=real.key)
        assert "list of files cannot be read" in fails(capsys, real, copy, None, f"{PAYLOAD}:")
        shutil.rmtree(copy)


# ---- hashed again, signed again -------------------------------------------------------------------------------------


def test_hashed_again(capsys, real, bag):
    edited(bag / CLIP, flipped)
    hashed_again(bag)
    assert "signature is not this key's" in fails(capsys, real, bag, None, f"{TAG}.sig")


def test_hashed_again_and_signed_with_another_key(capsys, real, bag, tmp_path):
    forger = create_key(tmp_path / "forger", PASSPHRASE, now_us=real.key.record.created_us)
    edited(bag / "data/BIEN_BAN.pdf", flipped)
    (bag / "signer.pub.pem").write_text(forger.public_pem)
    (bag / "allowed_signers").write_text(forger.allowed_signers("camtool"))
    info = (bag / "bag-info.txt").read_text(encoding="utf-8")
    (bag / "bag-info.txt").write_text(info.replace(real.key.fingerprint, forger.fingerprint), encoding="utf-8")
    hashed_again(bag, key=forger)
    said = fails(capsys, real, bag, None, "signer.pub.pem")
    assert "another key than that of the paper seal sheet" in said
    assert said.count("\n! ") == 1, "the key on paper is the only thing that tells"
    # Without the paper it cannot be told from the real one: that is why this is no pass.
    assert by_camtool(capsys, bag)[:2] == (50, NOT_CHECKABLE)
    assert by_script(bag)[:2] == (2, NOT_CHECKABLE)
    assert by_camtool(capsys, bag, "--fingerprint", forger.fingerprint)[0] == 0
    code, _, said = by_camtool(capsys, bag, "--fingerprint", forger.fingerprint, "--against", real.site)
    assert code == 40
    assert "the site never had this key" in said


def test_another_public_key_alone(capsys, real, bag, tmp_path):
    forger = create_key(tmp_path / "forger", PASSPHRASE, now_us=real.key.record.created_us)
    (bag / "signer.pub.pem").write_text(forger.public_pem)
    fails(capsys, real, bag, None, "signer.pub.pem")


@pytest.mark.parametrize("pem", ["", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_a_public_key_that_is_none(capsys, real, bag, pem):
    (bag / "signer.pub.pem").write_text(pem)
    fails(capsys, real, bag, "the public key cannot be read", "signer.pub.pem")


def test_an_expired_key(capsys, tmp_path, real):
    made = packaged(tmp_path / "expired")
    text = made.key.allowed_signers("camtool")
    end = text.split('valid-before="')[1][:15]
    (made.bag / "allowed_signers").write_text(text.replace(end, "20261120000000Z"))
    hashed_again(made.bag, key=made.key, lists=(TAG,))
    said = fails(capsys, made, made.bag, "expired, retired or not yet made", "allowed_signers")
    assert "2026-11-20T00:00:00Z" in said


def test_a_key_that_was_retired_before_it_sealed(capsys, tmp_path):
    from camtool.evidence.keys import rotate_key

    made = packaged(tmp_path / "retired")
    rotate_key(made.site / "keys", PASSPHRASE, now_us=made.key.record.created_us + 1_000_000)
    code, last, said = by_camtool(capsys, made.bag, "--fingerprint", made.key.fingerprint, "--against", made.site)
    assert (code, last) == (40, FAILED)
    assert "expired, retired or not yet made" in said


def test_allowed_signers_of_another_shape(capsys, real, bag):
    (bag / "allowed_signers").write_text(real.key.allowed_signers("camtool") + real.key.allowed_signers("other"))
    hashed_again(bag, key=real.key, lists=(TAG,))
    fails(capsys, real, bag, "from when to when it is good", "allowed_signers")


# ---- the custody log ------------------------------------------------------------------------------------------------


def row_edited(lines: list[bytes]) -> list[bytes]:
    return [lines[0].replace(b"theft", b"other"), *lines[1:]]


LOGS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "edited": row_edited,
    "last edited": lambda lines: [*lines[:-1], lines[-1].replace(b'"why":"', b'"why":"x')],
    "removed": lambda lines: lines[:2] + lines[3:],
    "first removed": lambda lines: lines[1:],
    "reordered": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "truncated": lambda lines: lines[:-1],
    "cut in a line": lambda lines: [*lines[:-1], lines[-1][:-30]],
    "emptied": lambda lines: [],
    "a row behind": lambda lines: [*lines, lines[-1]],
    "line end removed": lambda lines: [*lines[:-1], lines[-1].rstrip(b"\n")],
}


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("resealed", [False, True])
def test_the_custody_log(capsys, real, bag, name, resealed):
    """resealed: even with the office's own key the log does not fit the head in bag-info.txt."""
    path = bag / LOG
    lines = path.read_bytes().splitlines(keepends=True)
    after = LOGS[name](lines)
    assert after != lines
    path.write_bytes(b"".join(after))
    if resealed:
        size = sum(each.stat().st_size for each in (bag / "data").rglob("*") if each.is_file())
        info = (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines()
        count = len([each for each in (bag / "data").rglob("*") if each.is_file()])
        info = [f"Payload-Oxum: {size}.{count}" if line.startswith("Payload-Oxum") else line for line in info]
        (bag / "bag-info.txt").write_text("\n".join(info) + "\n", encoding="utf-8")
        hashed_again(bag, key=real.key)
    fails(capsys, real, bag, None, LOG)


def test_a_file_that_the_log_does_not_know(capsys, real, bag):
    """Sealed by the office's own key: the log tells what was packed. verify.sh says that it does not look at this."""
    plant("data/trich/cam3-190000.mp4")(bag)
    with (bag / PAYLOAD).open("a", encoding="utf-8") as file:
        file.write(f"{HASH}  data/trich/cam3-190000.mp4\n")
    edited(bag / "data/giay_to/bien-nhan.pdf", lambda content: content + b"more")
    hashed_again(bag, key=real.key)
    code, last, said = by_camtool(capsys, bag, "--fingerprint", real.key.fingerprint)
    assert (code, last) == (40, FAILED)
    assert "! data/trich/cam3-190000.mp4: the custody log knows nothing of this file" in said
    assert "! data/giay_to/bien-nhan.pdf: it is not the file that the custody log names" in said


# ---- bag-info and bagit ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Payload-Oxum: ", "Payload-Oxum: 1"),
        ("Custody-Head: ", "Custody-Head: 0"),
        ("Custody-Entries: 6", "Custody-Entries: 5"),
        ("Key-Fingerprint: ", "Key-Fingerprint: 0"),
        ("Sealed-At: 20", "Sealed-At: x20"),
        ("Sealed-At: 20", "Sealed-At: 19"),
        ("Time-Stamp: none", "Time-Stamp: RFC 3161"),
        ("Time-Stamp: none\n", ""),
        ("Time-Stamp: none", "Time-Stamp: none\nTime-Stamp: none"),
    ],
)
def test_what_bag_info_states_is_held_against_the_package(capsys, real, bag, old, new):
    edited(bag / "bag-info.txt", lambda content: content.replace(old.encode(), new.encode()))
    hashed_again(bag, key=real.key, lists=(TAG,))
    fails(capsys, real, bag, None)


def test_a_bag_of_another_version(capsys, real, bag):
    edited(bag / "bagit.txt", lambda content: content.replace(b"1.0", b"0.97"))
    hashed_again(bag, key=real.key, lists=(TAG,))
    fails(capsys, real, bag, "BagIt 1.0", "bagit.txt")


def test_no_green_line_about_what_was_changed(capsys, real, bag):
    edited(bag / CLIP, flipped)
    said = fails(capsys, real, bag, None, CLIP)
    assert "✗ files: " in said
    assert "✗ custody log: " in said
    assert "✗ clips: " in said
    assert "✓ seal: " in said


@pytest.mark.parametrize("name", ["signer.pub.pem", TAG, f"{TAG}.sig", f"{TAG}.sshsig", "allowed_signers"])
def test_no_green_line_about_a_seal_of_which_a_part_is_gone(capsys, real, bag, name):
    (bag / name).unlink()
    said = fails(capsys, real, bag, None, name)
    assert "✗ seal: " in said
    assert "✓ seal" not in said
    assert "✓ niêm phong" not in by_script(bag, real.key.fingerprint)[2]


def test_a_row_of_a_proof_that_names_a_recording_it_has_not(capsys, real, bag):
    def next_recording(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        at = next(number for number, line in enumerate(lines) if line.lstrip().startswith(b"[0,0,"))
        lines[at] = lines[at].replace(b"[0,0,", b"[0,7,", 1)
        return b"".join(lines)

    edited(bag / f"{WHOLE}.proof.json", next_recording)
    for more in ((), ("--against", real.site)):
        code, last, said = by_camtool(capsys, bag, "--fingerprint", real.key.fingerprint, *more)
        assert (code, last) == (40, FAILED), said
        assert f"! {WHOLE}.packets.csv: the list of packets cannot be read" in said


def test_json_names_every_fault(capsys, real, bag):
    import json

    from camtool.cli.main import run

    edited(bag / CLIP, flipped)
    plant("planted")(bag)
    capsys.readouterr()
    assert run(["--json", "verify", str(bag), "--fingerprint", real.key.fingerprint]) == 40
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["verdict"]) == (False, "failed")
    found = {(each["kind"], each["path"]) for each in told["problems"]}
    assert {("file_extra", "planted"), ("file_changed", CLIP)} <= found
    assert told["fingerprint"] == real.key.fingerprint
    assert told["signed"] is True
    assert told["stamp"] is None


# ---- time-stamps ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stamped(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    return packaged(tmp_path_factory.mktemp("stamped"), stamped=True)


@pytest.fixture
def stamped_bag(stamped: Packaged, tmp_path: Path) -> Path:
    copy = tmp_path / stamped.bag.name
    shutil.copytree(stamped.bag, copy)
    return copy


def judged(capsys, made: Packaged, bag: Path, ca: Path | None) -> tuple[tuple[int, str], tuple[int, str], str, str]:
    more = () if ca is None else ("--tsa-ca", ca)
    own = by_camtool(capsys, bag, "--fingerprint", made.key.fingerprint, *more)
    script = by_script(bag, made.key.fingerprint, *more)
    return own[:2], script[:2], own[2], script[2]


def test_a_stamped_package_passes_with_the_authoritys_certificate(capsys, stamped, stamped_bag):
    assert stamped.authority is not None
    own, script, said, script_said = judged(capsys, stamped, stamped_bag, stamped.authority.root)
    assert (own, script) == ((0, PASSED), (0, PASSED)), said + script_said
    assert "of this package" in said
    assert "CN=Test TSA" in said


def test_without_the_authoritys_certificate_it_is_not_checkable(capsys, stamped, stamped_bag):
    own, script, said, script_said = judged(capsys, stamped, stamped_bag, None)
    assert (own, script) == ((50, NOT_CHECKABLE), (2, NOT_CHECKABLE)), script_said
    assert "--tsa-ca FILE" in said


def test_the_stamp_of_another_package(capsys, stamped, stamped_bag, tmp_path):
    other = packaged(tmp_path / "other", stamped=True)
    assert stamped.authority is not None
    shutil.copyfile(other.bag / f"{TAG}.tsr", stamped_bag / f"{TAG}.tsr")
    for ca in (stamped.authority.root, None):
        own, script, said, script_said = judged(capsys, stamped, stamped_bag, ca)
        assert (own, script) == ((40, FAILED), (1, FAILED))
        assert f"! {TAG}.tsr: it is the time-stamp of something else" in said
        assert f"! {TAG}.tsr: " in script_said


def test_no_green_line_about_a_stamp_of_a_list_that_is_gone(capsys, stamped, stamped_bag):
    (stamped_bag / TAG).unlink()
    assert stamped.authority is not None
    one, two, said, script_said = judged(capsys, stamped, stamped_bag, stamped.authority.root)
    assert (one[0], two[0]) == (40, 1)
    assert "? time-stamp (RFC 3161): not fully checked" in said
    assert "✓ dấu thời gian" not in script_said


def test_a_stamp_by_another_authority_and_by_one_that_had_expired(capsys, stamped, stamped_bag, tmp_path):
    other = authority(tmp_path / "b", name="Other")
    own, script, said, _ = judged(capsys, stamped, stamped_bag, other.root)
    assert (own, script) == ((40, FAILED), (1, FAILED))
    assert "not of the authority whose certificate was given" in said
    old = authority(tmp_path / "old", root_ended=True)
    content = (stamped_bag / TAG).read_bytes()
    (stamped_bag / f"{TAG}.tsr").write_bytes(stamper(str(old.config))(content))
    own, script, said, script_said = judged(capsys, stamped, stamped_bag, old.root)
    assert (own, script) == ((40, FAILED), (1, FAILED))
    assert "was not valid at the time that is stamped" in said
    assert "expired" in script_said


@pytest.mark.parametrize("content", [None, b"", b"x", bytes.fromhex("30053003020102")])
def test_a_stamp_that_is_gone_refused_or_none(capsys, stamped, stamped_bag, content):
    assert stamped.authority is not None
    path = stamped_bag / f"{TAG}.tsr"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    own, script, said, script_said = judged(capsys, stamped, stamped_bag, stamped.authority.root)
    assert (own, script) == ((40, FAILED), (1, FAILED))
    assert f"! {TAG}.tsr: " in said
    assert f"! {TAG}.tsr: " in script_said


def test_every_byte_of_the_stamp_that_the_script_could_read_past(capsys, stamped, stamped_bag):
    """openssl ts reads past both versions and the signature algorithm: see evidence.timestamp_frame."""
    assert stamped.authority is not None
    path = stamped_bag / f"{TAG}.tsr"
    good = path.read_bytes()
    signer = good.rindex(bytes.fromhex("06082a8648ce3d040302"))
    version = good.index(bytes.fromhex("020103310f"))
    own_version = good.rindex(bytes.fromhex("020101"))
    for at in (signer + 2, signer + 8, signer + 9, version + 2, own_version + 2):
        for by in (0x01, 0x40):
            changed = bytearray(good)
            changed[at] ^= by
            path.write_bytes(changed)
            own, script, _, script_said = judged(capsys, stamped, stamped_bag, stamped.authority.root)
            assert (own, script) == ((40, FAILED), (1, FAILED)), (at, by, script_said)
