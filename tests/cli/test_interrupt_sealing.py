"""Ctrl-C at each step of `package` and `batch`: nothing half written, exit 130, and a second run works."""

import os
import subprocess
import sys
from pathlib import Path

import bagit
import pytest

from camtool.jobs.case import read_case
from camtool.store.site import load_site
from tests.cli.conftest import CASE, NOW, Camtool
from tests.cli.test_batch import asked, keyed, listed, results
from tests.cli.test_package import sealable
from tests.signals import listening

__all__ = ["keyed", "sealable"]  # fixtures

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")

# Runs a command line in which the given call of a function is answered by SIGINT, before or behind it.
INTERRUPTED = """
import importlib, os, signal, sys
from camtool.cli.main import main

where, name, call, behind, *arguments = sys.argv[1:]
holder = importlib.import_module(where)
*inside, name = name.split(".")
for each in inside:
    holder = getattr(holder, each)
real, left = getattr(holder, name), int(call)

def interrupted(*positional, **named):
    global left
    left -= 1
    if left == 0 and behind == "before":
        os.kill(os.getpid(), signal.SIGINT)
    result = real(*positional, **named)
    if left == 0 and behind == "behind":
        os.kill(os.getpid(), signal.SIGINT)
    return result

setattr(holder, name, interrupted)
sys.argv = ["camtool", *arguments]
main()
"""
PACKING = [
    ("camtool.jobs.package", "_Packing.check", 1, "before"),
    ("camtool.jobs.package", "_Packing.copy", 1, "before"),
    ("camtool.evidence.copying", "Copier.copy", 1, "behind"),
    ("camtool.jobs.package", "_Packing.copy", 1, "behind"),
    ("camtool.jobs.package", "_Packing._write_documents", 1, "before"),
    ("camtool.jobs.package", "page_of", 1, "behind"),
    ("camtool.jobs.package", "seal", 1, "before"),
    ("camtool.jobs.package", "seal", 1, "behind"),
    ("camtool.jobs.package", "seal_sheet", 1, "before"),
    ("camtool.jobs.package", "_Packing.seal", 1, "behind"),
    ("camtool.media.whole_folder", "name_draft", 1, "before"),
    ("camtool.media.whole_folder", "name_draft", 1, "behind"),
]
CUTTING = [
    ("camtool.jobs.case_cut", "cut", 1, "before"),
    ("camtool.jobs.case_cut", "cut", 1, "behind"),
    ("camtool.jobs.case_cut", "complete_clip", 1, "behind"),
    ("camtool.jobs.case_cut", "enter", 1, "before"),
    ("camtool.evidence.custody_log", "_write", 2, "before"),
    ("camtool.evidence.stage", "Stage.publish", 1, "before"),
    ("camtool.jobs.case_cut", "enter", 1, "behind"),
    ("camtool.jobs.case_cut", "cut", 2, "behind"),
    ("camtool.jobs.package", "package", 2, "before"),
    ("camtool.jobs.package", "package", 1, "behind"),
    ("camtool.jobs.batch", "write_results", 2, "before"),
]


def interrupted(how: tuple[str, str, int, str], *arguments: object) -> str:
    """Run a command line that is interrupted there; return what it said."""
    words = [str(word) for word in (*how, *arguments)]
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *words],
        env=os.environ | {"CAMTOOL_LANG": "en", "CAMTOOL_NOW": NOW},
        preexec_fn=listening,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def nothing_half_written(site: Path, out: Path) -> None:
    """Whatever has a name is whole, and nothing else lies about."""
    found = {path.name for path in out.iterdir()} if out.is_dir() else set()
    packages = {name for name in found if (out / name).is_dir()}
    assert found - {"results.csv"} == packages | {f"{name}_NIEM_PHONG.pdf" for name in packages}
    for name in packages:
        assert bagit.Bag(str(out / name)).is_valid()
    for folder in (site / "cases").glob("HS-*"):
        case = read_case(load_site(site), folder.name)
        assert case.chain.faults == ()
        assert not list(folder.glob(".nhap-*"))
        clips = {path.relative_to(folder).as_posix() for path in folder.rglob("*.mp4")}
        assert clips == {item.object.path for item in case.case.items if item.object.path.endswith(".mp4")}


@pytest.mark.parametrize("how", PACKING, ids=lambda how: f"{how[1]}-{how[3]}")
def test_package(camtool: Camtool, site: Path, sealable: Path, how: tuple[str, str, int, str]):
    said = interrupted(how, "--site", site, "package", CASE, "-o", sealable)
    assert said.splitlines()[-1] == "interrupted: what was finished is kept, nothing is left half written"
    assert list(sealable.iterdir()) == []
    nothing_half_written(site, sealable)
    log = read_case(load_site(site), CASE).entries
    assert [(row.act, row.ok) for row in log][-1] == ("package", False), "the log does not tell of a package nobody has"
    assert camtool("--site", site, "package", CASE, "-o", sealable).code == 0
    nothing_half_written(site, sealable)
    assert (sealable / CASE).is_dir()


@pytest.mark.parametrize("how", [*CUTTING, *PACKING[3::3]], ids=lambda how: f"{how[1]}-{how[2]}-{how[3]}")
def test_batch(camtool: Camtool, keyed: Path, tmp_path: Path, how: tuple[str, str, int, str]):
    rows = [asked("Trộm xe", "18:00:10", "18:00:30"), asked("Trộm xe", "18:01:20", "18:01:40")]
    path, out = listed(tmp_path / "a.csv", *rows), tmp_path / "out"
    interrupted(how, "--site", keyed, "batch", path, "-o", out)
    nothing_half_written(keyed, out)
    before = sorted(each.name for each in out.glob("HS-*") if each.is_dir())
    again = camtool("--site", keyed, "--json", "batch", path, "-o", out)
    assert again.code == 0, again.err
    assert [row["status"] for row in again.json["rows"]] == ["done", "done"]
    assert sorted(row["package"] for row in again.json["rows"] if row["kept"]) == before
    assert [row["status"] for row in results(out)] == ["done", "done"]
    nothing_half_written(keyed, out)
    case = read_case(load_site(keyed), "HS-2026-0001")
    assert len(case.case.items) == 2, "no clip is in the case twice"
    assert len(list((keyed / "cases").glob("HS-*"))) == 1
