import errno
import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from camtool.errors import DiskFull, NoSuchFolder, NotAllowed, OutputExists
from camtool.media import whole_folder as whole_folder_module
from camtool.media.whole import draft_stem
from camtool.media.whole_folder import whole_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fill(bag: Path, sheet: Path) -> None:
    (bag / "data").mkdir()
    (bag / "data" / "a").write_bytes(b"1")
    sheet.write_bytes(b"2")


@pytest.fixture(params=["links", "no links"])
def disk(request, monkeypatch):
    if request.param == "no links":
        monkeypatch.setattr(os, "link", no_links)


def no_links(source: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "no hard links on FAT", str(source))


@pytest.mark.usefixtures("disk")
def test_both_or_neither(tmp_path):
    with whole_folder(tmp_path / "bag", tmp_path / "bag.pdf") as (bag, sheet):
        fill(bag, sheet)
        assert not (tmp_path / "bag").exists()
    assert names(tmp_path) == ["bag", "bag.pdf"]
    assert (tmp_path / "bag" / "data" / "a").read_bytes() == b"1"
    assert (tmp_path / "bag.pdf").read_bytes() == b"2"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_nothing_after_an_exception(tmp_path, error):
    def write() -> None:
        with whole_folder(tmp_path / "bag", tmp_path / "bag.pdf") as (bag, sheet):
            fill(bag, sheet)
            raise error

    with pytest.raises(error):
        write()
    assert names(tmp_path) == []


def interrupted(at: int, write: Callable[[], None]) -> bool:
    """Do it, with Ctrl-C before the line of this number that media.whole_folder comes to; whether it came to that."""
    left = at

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename != whole_folder_module.__file__:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        write()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


def test_ctrl_c_at_every_line(tmp_path):
    """Both or neither, and no draft, wherever it comes; what is there is whole."""

    def write() -> None:
        with whole_folder(folder / "bag", folder / "bag.pdf") as (bag, sheet):
            fill(bag, sheet)

    outcomes = []
    for at in itertools.count(1):
        folder = tmp_path / str(at)
        folder.mkdir()
        struck = interrupted(at, write)
        outcomes.append(names(folder))
        assert outcomes[-1] in ([], ["bag", "bag.pdf"])
        if outcomes[-1]:
            assert (folder / "bag.pdf").read_bytes() == b"2"
            assert len(list((folder / "bag").iterdir())) == 1
        if not struck:
            break
    assert outcomes[0] == []
    assert outcomes[-1] == ["bag", "bag.pdf"]
    assert 25 < len(outcomes) < 100


def test_a_full_disk_and_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(DiskFull), whole_folder(tmp_path / "bag", tmp_path / "bag.pdf"):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(NoSuchFolder), whole_folder(tmp_path / "none" / "bag", tmp_path / "none" / "bag.pdf"):
        pass
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that is there and takes no new names")
def test_a_folder_that_takes_nothing_new():
    with pytest.raises(NotAllowed), whole_folder(Path("/proc/bag"), Path("/proc/bag.pdf")):
        pass


@pytest.mark.parametrize("taken", ["bag", "bag.pdf"])
def test_nothing_is_overwritten(tmp_path, taken):
    (tmp_path / taken).mkdir()
    with pytest.raises(OutputExists) as raised, whole_folder(tmp_path / "bag", tmp_path / "bag.pdf"):
        pytest.fail("the block was entered")
    assert raised.value.facts == {"path": tmp_path / taken}
    assert names(tmp_path) == [taken]


@pytest.mark.usefixtures("disk")
@pytest.mark.parametrize("taken", ["bag", "bag.pdf"])
def test_a_name_taken_meanwhile(tmp_path, taken):
    def write() -> None:
        with whole_folder(tmp_path / "bag", tmp_path / "bag.pdf") as (bag, sheet):
            fill(bag, sheet)
            (tmp_path / taken).mkdir()

    with pytest.raises(OutputExists):
        write()
    assert names(tmp_path) == [taken]
    assert names(tmp_path / taken) == []


STOPS_AT = """
import os, sys
from pathlib import Path
from camtool.media import whole_folder as module
folder, links, stop = Path(sys.argv[1]), sys.argv[2] == "1", sys.argv[3]
if not links:
    def link(source, target):
        raise PermissionError(1, "no")
    os.link = link
def die():
    os.kill(os.getpid(), 9)
named, renamed = module.name_draft, Path.rename
def name(draft, target):
    if stop == "before the sheet":
        die()
    named(draft, target)
    if stop == "between":
        die()
def rename(self, target):
    done = renamed(self, target)
    if stop == "behind" and self.name == "bag":
        die()
    return done
module.name_draft, Path.rename = name, rename
with module.whole_folder(folder / "bag", folder / "bag.pdf") as (bag, sheet):
    (bag / "data").mkdir()
    if stop == "inside":
        die()
    (bag / "data" / "a").write_bytes(b"1")
    sheet.write_bytes(b"2")
"""


@pytest.mark.parametrize("links", ["1", "0"])
@pytest.mark.parametrize("stop", ["inside", "before the sheet", "between", "behind"])
def test_killed_at_each_step(tmp_path, stop, links):
    done = subprocess.run([sys.executable, "-c", STOPS_AT, str(tmp_path), links, stop], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "bag").exists() == (stop == "behind")
    if stop == "behind":
        assert (tmp_path / "bag" / "data" / "a").read_bytes() == b"1"
        with pytest.raises(OutputExists), whole_folder(tmp_path / "bag", tmp_path / "bag.pdf"):
            pass
    else:
        with whole_folder(tmp_path / "bag", tmp_path / "bag.pdf") as (bag, sheet):
            fill(bag, sheet)
    assert names(tmp_path) == ["bag", "bag.pdf"]


def test_what_is_not_a_dead_runs_stays(tmp_path):
    """A sheet whose package was carried away is not a killed run's: it is not removed."""
    subprocess.run([sys.executable, "-c", STOPS_AT, str(tmp_path), "1", "inside"], check=False)
    (tmp_path / "bag.pdf").write_bytes(b"kept")
    with pytest.raises(OutputExists), whole_folder(tmp_path / "bag", tmp_path / "bag.pdf"):
        pass
    assert names(tmp_path) == ["bag.pdf"]


LIVES = """
import sys
from pathlib import Path
from camtool.media.whole_folder import whole_folder
folder = Path(sys.argv[1])
with whole_folder(folder / "bag", folder / "bag.pdf") as (bag, sheet):
    sheet.write_bytes(b"theirs")
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_live_run_keeps_its_draft(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", LIVES, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "open\n"
        with whole_folder(tmp_path / "bag", tmp_path / "bag.pdf") as (bag, sheet):
            fill(bag, sheet)
            assert len(names(tmp_path)) == 2
        other.stdin.close()
        assert other.wait() != 0  # it finds the name taken
    assert names(tmp_path) == ["bag", "bag.pdf"]
    assert (tmp_path / "bag.pdf").read_bytes() == b"2"


def test_a_draft_just_begun_is_left_alone(tmp_path):
    draft = tmp_path / f"{draft_stem(tmp_path / 'bag')}00000000.draft"
    draft.mkdir()
    with whole_folder(tmp_path / "bag", tmp_path / "bag.pdf") as (bag, sheet):
        fill(bag, sheet)
    assert draft.is_dir()
    os.utime(draft, (0, 0))
    with pytest.raises(OutputExists), whole_folder(tmp_path / "bag", tmp_path / "bag.pdf"):
        pass
    assert not draft.exists()
