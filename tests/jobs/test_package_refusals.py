"""What may not be sealed, and what is left when sealing ends half way: nothing, or the whole."""

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from camtool.core.case import Role
from camtool.errors import (
    BadProof,
    CamtoolError,
    DiskFull,
    FileNotAsLogged,
    HiddenPictures,
    InsideCase,
    InsideFootage,
    LogDamaged,
    MixedPackage,
    NoGlyph,
    NoProof,
    NoSuchFile,
    NoSuchFolder,
    NothingToPackage,
    OutputExists,
    ProofNotSound,
    UnknownCase,
    UnknownItem,
    UnsealableName,
)
from camtool.jobs.case import read_case
from camtool.jobs.package import PackageReport, package
from tests.makers.filled_case import Filled, filled_case
from tests.makers.rows import FFMPEG
from tests.makers.signer import TestSigner

CLIP = "trich/cam3-180002.mp4"
PROOF = f"{CLIP}.proof.json"


@pytest.fixture
def filled(tmp_path: Path) -> Filled:
    (tmp_path / "out").mkdir()
    return filled_case(tmp_path / "case")


def seal(filled: Filled, out: Path, **options: object) -> PackageReport:
    return package(filled.site, filled.number, out, TestSigner(), filled.doer, **options)  # type: ignore[arg-type]


def refused(filled: Filled, out: Path, kind: type[CamtoolError], **options: object) -> CamtoolError:
    """The package is refused, nothing is left, and the log says that it was tried."""
    before = sorted(path.name for path in out.iterdir()) if out.is_dir() else None
    with pytest.raises(kind) as raised:
        seal(filled, out, **options)
    assert (sorted(path.name for path in out.iterdir()) if out.is_dir() else None) == before
    return raised.value


def last(filled: Filled) -> tuple[str, str]:
    row = read_case(filled.site, filled.number).entries[-1]
    return row.act, row.result


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_a_case_that_is_not_there(filled, tmp_path):
    filled.number = "HS-2026-0002"
    refused(filled, tmp_path / "out", UnknownCase)


def test_a_damaged_chain(filled, tmp_path):
    flip(filled.folder / "custody.jsonl", 300)
    refused(filled, tmp_path / "out", LogDamaged)


@pytest.mark.parametrize("path", [CLIP, PROOF, "anh/cam3-180003.png", "giay_to/bien-nhan.pdf"])
def test_a_byte_changed_in_any_file(filled, tmp_path, path):
    flip(filled.folder / path, -2)
    error = refused(filled, tmp_path / "out", CamtoolError)
    assert isinstance(error, FileNotAsLogged | ProofNotSound | BadProof)
    act, result = last(filled)
    assert act == "package"
    assert result.startswith("failed: ")


def test_a_file_of_another_length_is_refused_before_anything_is_copied(filled, tmp_path):
    with (filled.folder / "anh/cam3-180003.png").open("ab") as file:
        file.write(b"x")
    error = refused(filled, tmp_path / "out", FileNotAsLogged)
    assert error.facts == {"path": "anh/cam3-180003.png", "found": "696 byte", "expected": "695 byte"}


def test_not_into_a_case_of_the_site_where_no_log_would_know_of_it(filled, tmp_path):
    other = filled.folder.with_name("HS-2026-0002")
    shutil.copytree(filled.folder, other)
    for out in (filled.folder, filled.folder / "trich", other):
        error = refused(filled, out, InsideCase)
        assert error.facts["case"] == ("HS-2026-0002" if out == other else filled.number)
    linked = tmp_path / "linked"
    linked.symlink_to(filled.folder)
    refused(filled, linked, InsideCase)
    assert last(filled)[0] == "package"


def test_beside_footage_is_not_inside_it(filled):
    """The folder around the camera's own holds no recordings: nothing of an original's folder is written."""
    around = filled.recording.parent.parent
    before = sorted(filled.recording.parent.iterdir())
    assert seal(filled, around).path == around / filled.number
    assert sorted(filled.recording.parent.iterdir()) == before


def test_a_file_that_is_gone_and_one_that_is_a_link(filled, tmp_path):
    file = filled.folder / "giay_to/bien-nhan.pdf"
    file.rename(tmp_path / "elsewhere.pdf")
    refused(filled, tmp_path / "out", NoSuchFile)
    file.symlink_to(tmp_path / "elsewhere.pdf")
    refused(filled, tmp_path / "out", FileNotAsLogged)


def test_a_clip_with_hidden_pictures(filled, tmp_path):
    clip, hidden = filled.folder / CLIP, tmp_path / "hidden.mp4"
    cut = [FFMPEG, "-v", "error", "-ss", "0.5", "-i", str(clip), "-c", "copy", str(hidden)]
    subprocess.run(cut, check=True)
    shutil.copyfile(filled.folder / PROOF, tmp_path / "hidden.mp4.proof.json")
    filled.put(Role.EXTRACT, "hidden.mp4", hidden, parts=(".proof.json",))
    error = refused(filled, tmp_path / "out", HiddenPictures)
    assert error.facts == {"path": "trich/hidden.mp4", "count": 5}


def test_a_clip_without_its_proof_and_with_anothers(filled, tmp_path):
    other = tmp_path / "other.mp4"
    shutil.copyfile(filled.folder / CLIP, other)
    with other.open("ab") as file:
        file.write(b"\0\0\0\x08free")
    filled.put(Role.EXTRACT, "other.mp4", other)
    refused(filled, tmp_path / "out", NoProof)
    shutil.copyfile(filled.folder / PROOF, filled.folder / "trich/other.mp4.proof.json")
    error = refused(filled, tmp_path / "out", ProofNotSound)
    assert "another clip" in str(error)


def test_a_proof_that_was_edited_and_logged_as_such(filled, tmp_path):
    clip, proof = tmp_path / "b.mp4", tmp_path / "b.mp4.proof.json"
    shutil.copyfile(filled.folder / CLIP, clip)
    proof.write_text((filled.folder / PROOF).read_text(encoding="utf-8").replace('"Chợ"', '"Chơ"'), encoding="utf-8")
    filled.put(Role.EXTRACT, "b.mp4", clip, parts=(".proof.json",))
    error = refused(filled, tmp_path / "out", ProofNotSound)
    assert error.facts["path"] == "trich/b.mp4"


@pytest.mark.parametrize("taken", ["HS-2026-0001", "HS-2026-0001_NIEM_PHONG.pdf"])
def test_a_target_that_is_there(filled, tmp_path, taken):
    (tmp_path / "out" / taken).mkdir()
    refused(filled, tmp_path / "out", OutputExists)


def test_a_target_inside_footage_and_one_in_no_folder(filled, tmp_path):
    refused(filled, filled.recording.parent, InsideFootage)
    (tmp_path / "way").symlink_to(filled.recording.parent)
    refused(filled, tmp_path / "way", InsideFootage)
    refused(filled, tmp_path / "none" / "none", NoSuchFolder)


def test_items_that_are_not_there_or_do_not_travel_together(filled, tmp_path):
    refused(filled, tmp_path / "out", UnknownItem, items=[9])
    refused(filled, tmp_path / "out", NothingToPackage, redacted=True)
    refused(filled, tmp_path / "out", NothingToPackage, items=[1], redacted=True)
    film = tmp_path / "che.mp4"
    shutil.copyfile(filled.folder / CLIP, film)
    filled.put(Role.REDACTED, "che.mp4", film)
    error = refused(filled, tmp_path / "out", MixedPackage, items=[1, 4])
    assert error.facts == {"items": "4"}
    report = seal(filled, tmp_path / "out", items=[1])
    assert sorted(path.name for path in (report.path / "data").iterdir()) == [
        "BIEN_BAN.pdf", "goc", "ho_so", "index.html", "trich",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["100%.pdf", "a\\b.pdf", "a\nb.pdf", "wh?.pdf", "end. "])
def test_names_that_not_every_checker_reads_the_same_way(filled, tmp_path, name):
    scan = tmp_path / "scan"
    scan.write_bytes(b"scan")
    filled.put(Role.PAPER, name, scan)
    refused(filled, tmp_path / "out", UnsealableName)


def test_a_title_that_the_page_cannot_show(tmp_path):
    (tmp_path / "out").mkdir()
    filled = filled_case(tmp_path / "case", title="Trộm 市 xe")
    error = refused(filled, tmp_path / "out", NoGlyph)
    assert error.facts["sign"] == "市"
    assert last(filled)[1].startswith("failed: ")


def stamp_that(act: Callable[[], object]) -> Callable[[bytes], bytes]:
    def stamp(_data: bytes) -> bytes:
        act()
        return b""

    return stamp


def test_a_full_disk_leaves_nothing(filled, tmp_path):
    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    refused(filled, tmp_path / "out", DiskFull, stamp=stamp_that(full))
    act, result = last(filled)
    assert act == "package"
    assert result.startswith("failed: no room left")
    told = read_case(filled.site, filled.number).entries[-1].facts["error"]
    assert told["kind"] == "DiskFull", "behind the row of the act too, so that it can be told in another language"


def test_a_log_that_cannot_take_the_seal_fails_the_package(filled, tmp_path):
    def damage() -> None:
        with (filled.folder / "custody.jsonl").open("ab") as file:
            file.write(b"{}\n")

    refused(filled, tmp_path / "out", LogDamaged, stamp=stamp_that(damage))


def test_an_interrupt_leaves_nothing(filled, tmp_path):
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal(filled, tmp_path / "out", stamp=stamp_that(interrupt))
    assert list((tmp_path / "out").iterdir()) == []


def test_no_room_for_a_large_file(filled, tmp_path):
    """The system refuses to write beyond a size, in the middle of a copy (EFBIG: a stick formatted as FAT32)."""
    big = tmp_path / "big.dav"
    big.write_bytes(b"x" * (5 << 20))
    filled.put(Role.ORIGINAL, "big.dav", big)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, hard))
        with pytest.raises((CamtoolError, OSError)):
            seal(filled, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handled)
    assert list((tmp_path / "out").iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from camtool.evidence import copying
from camtool.jobs import package as job
from camtool.jobs.case import Doer
from camtool.store.site import load_site
from tests.makers.signer import TestSigner
site, number, out, stop = sys.argv[1:]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if stop == "copying":
    copying._write = die
elif stop == "documents":
    job.case_jsonld = die
elif stop == "sheet":
    job.seal_sheet = die
stamp = die if stop == "sealing" else None
job.package(load_site(Path(site)), number, Path(out), TestSigner(), Doer("x"), stamp=stamp)
"""


@pytest.mark.parametrize("stop", ["copying", "documents", "sealing", "sheet"])
def test_killed_at_any_step_leaves_no_package_and_the_next_run_clears_up(filled, tmp_path, stop):
    words = [sys.executable, "-c", KILLED, filled.site.folder, filled.number, str(tmp_path / "out"), stop]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
    assert not any(path.name.startswith("HS-") for path in (tmp_path / "out").iterdir())
    report = seal(filled, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [report.path.name, report.seal_sheet.name]


def test_originals_are_never_touched(filled, tmp_path):
    stat = filled.recording.stat()
    filled.recording.parent.chmod(0o555)
    try:
        seal(filled, tmp_path / "out")
    finally:
        filled.recording.parent.chmod(0o755)
    after = filled.recording.stat()
    assert (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size) == (after.st_mtime_ns, after.st_ctime_ns, after.st_size)


def test_a_recorders_own_names_stay_as_they_are(filled, tmp_path):
    names = ["NVR_ch3_main_20261123180000_20261123181000.dav", "cổng chợ (1).mp4"]
    for name in names:
        source = tmp_path / "source"
        source.write_bytes(name.encode())
        filled.put(Role.ORIGINAL, name, source)
    report = seal(filled, tmp_path / "out")
    assert {path.name for path in (report.path / "data/goc").iterdir()} == {*names, "NOI_LUU.txt"}
    told = json.loads((report.path / "data/ho_so/derivations.json").read_text(encoding="utf-8"))
    assert {f"goc/{name}" for name in names} <= {each["path"] for each in told["files"]}
