"""Random single changes to a sealed, stamped package: each one tried has to be found, by camtool and by verify.sh."""

import io
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camtool.cli.main import run
from tests.makers.packaged import FAILED, PASSED, Packaged, by_script, files_of, packaged

ACTS = (
    "flip", "insert", "delete", "cut", "append", "zero", "remove", "rename", "swap", "copy", "plant", "folder", "link",
    "overwrite",
)  # fmt: skip


@dataclass
class Tally:
    """What was tried, and what was not found."""

    tried: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    return packaged(tmp_path_factory.mktemp("random"), stamped=True)


def changed(content: bytes, act: str, at: int, by: int) -> bytes:
    """One change to a file's bytes; at and by are any numbers, by from 1 to 255."""
    place = at % len(content)
    if act == "flip":
        return content[:place] + bytes([content[place] ^ by]) + content[place + 1 :]
    if act == "insert":
        return content[:place] + bytes([by]) + content[place:]
    if act == "delete":
        return content[:place] + content[place + 1 :]
    if act == "cut":
        return content[:place]
    if act == "append":
        return content + bytes([by])
    return bytes(len(content))


@contextmanager
def attacked(bag: Path, act: str, which: int, at: int, by: int) -> Iterator[bool]:
    """Change one thing, and put it back afterwards. Yields whether anything is another than before."""
    names = files_of(bag)
    path, other = bag / names[which % len(names)], bag / names[(which + 1 + at % (len(names) - 1)) % len(names)]
    beside = path.with_name(f"{path.name}.{by}")
    held, others = path.read_bytes(), other.read_bytes()
    try:
        if act == "remove":
            path.unlink()
        elif act == "rename":
            path.rename(beside)
        elif act == "swap":
            path.write_bytes(others)
            other.write_bytes(held)
        elif act == "overwrite":
            path.write_bytes(others)
        elif act in {"copy", "plant"}:
            beside.write_bytes(held if act == "copy" else bytes([by]))
        elif act == "folder":
            beside.mkdir()
        elif act == "link":
            path.unlink()
            path.symlink_to(other)
        else:
            path.write_bytes(changed(held, act, at, by))
        yield act not in {"swap", "overwrite"} or held != others
    finally:
        if beside.is_dir():
            beside.rmdir()
        beside.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(held)
        other.write_bytes(others)


def found_by_camtool(real: Packaged, bag: Path) -> tuple[int, str]:
    assert real.authority is not None
    said = io.StringIO()
    words = ["-q", "verify", str(bag), "--fingerprint", real.key.fingerprint, "--tsa-ca", str(real.authority.root)]
    with redirect_stdout(said):
        code = run(words)
    return code, said.getvalue().rstrip("\n").rsplit("\n", 1)[-1]


def hunt(real: Packaged, bag: Path, examples: int) -> Tally:
    assert real.authority is not None
    root, script = real.authority.root, real.bag / "verify.sh"
    tally = Tally()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        act=st.sampled_from(ACTS),
        which=st.integers(0, 10_000),
        at=st.integers(0, 10_000_000),
        by=st.integers(1, 255),
    )
    def one(act: str, which: int, at: int, by: int) -> None:
        if tally.tried >= examples:
            return
        with attacked(bag, act, which, at, by) as different:
            if not different:
                return
            tally.tried += 1
            tally.kinds[act] += 1
            own = found_by_camtool(real, bag)
            scripted = by_script(bag, real.key.fingerprint, "--tsa-ca", root, script=script)[:2]
            if own != (40, FAILED) or scripted != (1, FAILED):
                tally.missed.append(f"{act} {which} {at} {by}: {own} {scripted}")

    while tally.tried < examples:
        one()
    return tally


def judged(real: Packaged, tmp_path: Path, examples: int) -> Tally:
    bag = tmp_path / real.bag.name
    shutil.copytree(real.bag, bag)
    assert found_by_camtool(real, bag) == (0, PASSED)
    tally = hunt(real, bag, examples)
    assert found_by_camtool(real, bag) == (0, PASSED), "every change was put back"
    return tally


def test_fifty_tried_fifty_found(real, tmp_path):
    tally = judged(real, tmp_path, 50)
    assert tally.missed == []
    assert tally.tried == 50


@pytest.mark.slow
def test_a_thousand_tried_a_thousand_found(real, tmp_path):
    tally = judged(real, tmp_path, 1000)
    assert tally.missed == []
    assert tally.tried == 1000
    assert set(tally.kinds) == set(ACTS), tally.kinds
