"""What may not be read is not checkable: never green, never a fault of its own, and never hides a real one.

Root may read everything, so the judges run without the two capabilities by which it does (capabilities(7)).
"""

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.test_attacks import KINDS
from tests.makers.packaged import CLIP, FAILED, LOG, NOT_CHECKABLE, PAYLOAD, TAG, Packaged, packaged

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's prctl and its rights on files")

# linux/prctl.h and linux/capability.h
_CAPBSET_DROP, _DAC_OVERRIDE, _DAC_READ_SEARCH = 24, 1, 2
FOLDERS = ["data", "data/anh", "data/giay_to", "data/goc", "data/ho_so", "data/trich"]
# Verifies each name's package with the name shut, one after another, and prints exit code and answer of each.
JUDGE = """
import contextlib, io, json, sys
from pathlib import Path
from camtool.cli.main import run

bag, mode, fingerprint, *names = sys.argv[1:]
told = []
for name in names:
    path = Path(bag, name)
    before = path.stat().st_mode
    path.chmod(int(mode, 8))
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = run(["--json", "verify", bag, "--fingerprint", fingerprint])
    path.chmod(before)
    told.append([code, json.loads(said.getvalue())])
print(json.dumps(told))
"""


def without_rights() -> None:
    """Take from root what lets it read everything, as preexec_fn; another user has none of it to lose."""
    libc = ctypes.CDLL(None)
    for right in (_DAC_OVERRIDE, _DAC_READ_SEARCH):
        libc.prctl(_CAPBSET_DROP, right, 0, 0, 0)


def output(command: Sequence[object], *, check: bool = True) -> tuple[int, str]:
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if not check else None,
        check=False,
        preexec_fn=without_rights,
        text=True,
        encoding="utf-8",
        env=os.environ | {"CAMTOOL_LANG": "en"},
    )
    assert not check or done.returncode == 0, done.stdout
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    made = packaged(tmp_path_factory.mktemp("unreadable"))
    probe = made.bag.parent / "probe"
    probe.write_text("x")
    probe.chmod(0)
    if output(["cat", probe], check=False)[0] == 0:
        pytest.skip("everything can be read here, whatever its rights are")
    return made


@pytest.fixture
def bag(real: Packaged, tmp_path: Path) -> Path:
    return Path(shutil.copytree(real.bag, tmp_path / "goi"))


def by_camtool(real: Packaged, bag: Path, names: Sequence[str], mode: str = "000") -> dict[str, tuple[int, Any]]:
    told = json.loads(output([sys.executable, "-c", JUDGE, bag, mode, real.key.fingerprint, *names])[1])
    return {name: (code, answer) for name, (code, answer) in zip(names, told, strict=True)}


def by_script(real: Packaged, bag: Path, name: str, mode: int = 0) -> tuple[int, str, str]:
    """Run a trusted copy of verify.sh: the bag's own may be what cannot be read."""
    path = bag / name
    before = path.stat().st_mode
    path.chmod(mode)
    shell = "dash" if shutil.which("dash") else "sh"
    words = [shell, real.bag / "verify.sh", real.key.fingerprint, "--package", bag]
    code, said = output(words, check=False)
    path.chmod(before)
    return code, said.rstrip("\n").rsplit("\n", 1)[-1], said


def test_no_file_that_may_not_be_read_is_a_fault_or_green_in_camtool(real, bag):
    for name, (code, answer) in by_camtool(real, bag, KINDS).items():
        assert (name, code, answer["verdict"], answer["problems"]) == (name, 50, "not_checkable", [])
        kinds = [(each["kind"], each["path"]) for each in answer["unchecked"]]
        assert kinds.count(("file_unreadable", name)) == 1, kinds


@pytest.mark.parametrize("name", KINDS)
def test_no_file_that_may_not_be_read_is_a_fault_or_green_in_the_script(real, bag, name):
    code, last, said = by_script(real, bag, name)
    assert (code, last) == (2, NOT_CHECKABLE), said
    assert [line.split(":")[0] for line in said.splitlines() if line[:1] in "!?" and line] == [f"? {name}"], said
    assert ("✓ tệp" in said) is name.startswith(f"{TAG}."), "only the signatures have no hash in a list"
    assert ("✓ nhật ký" in said) is (name not in {LOG, "bag-info.txt"}), said


@pytest.mark.parametrize("mode", ["000", "444", "111"])
def test_no_folder_that_may_not_be_looked_into_is_a_fault_or_green(real, bag, mode):
    for name, (code, answer) in by_camtool(real, bag, FOLDERS, mode).items():
        assert (name, code, answer["verdict"], answer["problems"]) == (name, 50, "not_checkable", [])
        assert any(each["path"].startswith(name) for each in answer["unchecked"])
    for name in FOLDERS:
        code, last, said = by_script(real, bag, name, int(mode, 8))
        assert (name, code, last) == (name, 2, NOT_CHECKABLE), said
        assert not [line for line in said.splitlines() if line.startswith("!")], said
        assert f"? {name}" in said
        assert "✓ tệp" not in said
        assert ("✓ nhật ký" in said) is (name not in {"data", "data/ho_so"}), said


def test_a_package_that_may_not_be_looked_into_at_all(real, bag):
    for mode in ("000", "444", "111"):
        ((code, answer),) = by_camtool(real, bag, ["."], mode).values()
        assert (code, answer["verdict"], answer["problems"]) == (50, "not_checkable", [])
        assert by_script(real, bag, ".", int(mode, 8))[:2] == (2, NOT_CHECKABLE)


def test_no_line_of_camtool_is_green_about_what_it_could_not_see(real, bag):
    lines = {"data/ho_so": "custody log", "data/trich": "clips", "signer.pub.pem": "seal", f"{TAG}.sig": "seal"}
    for name, line in lines.items():
        mode = (bag / name).stat().st_mode
        (bag / name).chmod(0)
        said = output(
            [sys.executable, "-m", "camtool", "verify", bag, "--fingerprint", real.key.fingerprint], check=False
        )[1]
        (bag / name).chmod(mode)
        assert f"? {line}: not fully checked, see below" in said, said
        assert said.rstrip().endswith(NOT_CHECKABLE)


@pytest.mark.parametrize("shut", ["data/anh", TAG, PAYLOAD, "bag-info.txt", "data/ho_so"])
def test_a_real_fault_beside_it_is_a_fault_all_the_same(real, bag, shut):
    """One that can be told without what is shut: a file that is gone, another whose signature or log row is not."""
    if shut in {PAYLOAD, "data/ho_so"}:
        (bag / "bagit.txt").write_bytes(b"x")
        path = "bagit.txt"
    else:
        path = CLIP
        (bag / CLIP).unlink()
    ((code, answer),) = by_camtool(real, bag, [shut]).values()
    assert (code, answer["verdict"]) == (40, "failed")
    assert path in {each["path"] for each in answer["problems"]}
    code, last, said = by_script(real, bag, shut)
    assert (code, last) == (1, FAILED), said
    assert f"! {path}: " in said


def test_a_planted_name_is_seen_in_a_folder_whose_files_are_out_of_reach(real, bag):
    (bag / "data/anh/la.png").write_bytes(b"x")
    ((code, answer),) = by_camtool(real, bag, ["data/anh"], "444").values()
    assert (code, [(each["kind"], each["path"]) for each in answer["problems"]]) == (
        40,
        [("file_extra", "data/anh/la.png")],
    )
