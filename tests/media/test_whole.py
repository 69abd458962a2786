import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from camtool.errors import DiskFull, NoSuchFolder, NotAllowed, OutputExists
from camtool.media import whole as module
from camtool.media.whole import whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_both_or_neither(tmp_path):
    first, last = tmp_path / "a.json", tmp_path / "a.mp4"
    with whole(first, last) as (draft_first, draft_last):
        draft_first.write_bytes(b"1")
        draft_last.write_bytes(b"2")
        assert not first.exists()
        assert not last.exists()
    assert (first.read_bytes(), last.read_bytes()) == (b"1", b"2")
    assert names(tmp_path) == ["a.json", "a.mp4"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_nothing_after_an_exception(tmp_path, error):
    with pytest.raises(error), whole(tmp_path / "a"):
        raise error
    assert names(tmp_path) == []


@pytest.mark.parametrize("taken", ["a.json", "a.mp4"])
def test_nothing_is_overwritten(tmp_path, taken):
    (tmp_path / taken).write_bytes(b"kept")
    with pytest.raises(OutputExists) as raised, whole(tmp_path / "a.json", tmp_path / "a.mp4"):
        pytest.fail("the block was entered")
    assert raised.value.facts == {"path": tmp_path / taken}
    assert names(tmp_path) == [taken]


@pytest.mark.parametrize("taken", ["a.json", "a.mp4"])
@pytest.mark.parametrize("links", [True, False])
def test_a_name_taken_meanwhile(tmp_path, taken, links, monkeypatch):
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(OutputExists), whole(tmp_path / "a.json", tmp_path / "a.mp4"):
        (tmp_path / taken).write_bytes(b"kept")
    assert names(tmp_path) == [taken]
    assert (tmp_path / taken).read_bytes() == b"kept"


def no_links(source: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "no hard links on FAT", str(source))


def test_a_disk_without_hard_links(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", no_links)
    with whole(tmp_path / "a.json", tmp_path / "a.mp4") as (draft_first, draft_last):
        draft_first.write_bytes(b"1")
        draft_last.write_bytes(b"2")
    assert names(tmp_path) == ["a.json", "a.mp4"]
    assert (tmp_path / "a.mp4").read_bytes() == b"2"


def test_an_interrupt_between_the_two_names(tmp_path, monkeypatch):
    synced = []

    def interrupt(folder: Path) -> None:
        synced.append(folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "sync_folder", interrupt)
    with pytest.raises(KeyboardInterrupt), whole(tmp_path / "a.json", tmp_path / "a.mp4"):
        pass
    assert synced == [tmp_path]
    assert names(tmp_path) == []


def test_a_name_of_255_bytes(tmp_path):
    target = tmp_path / ("ờ" * 84 + "a")
    with whole(target) as (draft,):
        draft.write_bytes(b"1")
    assert target.read_bytes() == b"1"


def test_the_systems_words_become_ours(tmp_path):
    with pytest.raises(NoSuchFolder) as raised, whole(tmp_path / "none" / "a"):
        pass
    assert raised.value.facts == {"folder": tmp_path / "none"}
    with pytest.raises(DiskFull), whole(tmp_path / "a"):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(NotAllowed), whole(tmp_path / "a"):
        raise OSError(errno.EFBIG, "File too large")
    with pytest.raises(PermissionError), whole(tmp_path / "a"):
        raise PermissionError(errno.EACCES, "Permission denied", "/elsewhere/b")
    assert names(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(NotAllowed), whole(tmp_path / "a"):
        pass


STOPS_AT = """
import os, sys
from pathlib import Path
from camtool.media import whole as module
folder, links, stop = Path(sys.argv[1]), sys.argv[2] == "1", sys.argv[3]
if not links:
    def link(source, target):
        raise PermissionError(1, "no")
    os.link = link
def die():
    os.kill(os.getpid(), 9)
named = module.name_draft
def name(draft, target):
    if stop == "before-" + target.suffix:
        die()
    named(draft, target)
    if stop == "behind-" + target.suffix:
        die()
module.name_draft = name
with module.whole(folder / "a.json", folder / "a.mp4") as (first, last):
    first.write_bytes(b"1")
    last.write_bytes(b"2")
    if stop == "inside":
        die()
"""


@pytest.mark.parametrize("links", ["1", "0"])
@pytest.mark.parametrize("stop", ["inside", "before-.json", "behind-.json", "before-.mp4", "behind-.mp4"])
def test_killed_at_each_step(tmp_path, stop, links):
    done = subprocess.run([sys.executable, "-c", STOPS_AT, str(tmp_path), links, stop], check=False)
    assert done.returncode == -signal.SIGKILL
    whole_there = (tmp_path / "a.mp4").exists()
    assert whole_there == (stop == "behind-.mp4")
    if whole_there:
        assert (tmp_path / "a.json").read_bytes() == b"1"
        with pytest.raises(OutputExists), whole(tmp_path / "a.json", tmp_path / "a.mp4"):
            pass
    else:
        with whole(tmp_path / "a.json", tmp_path / "a.mp4"):
            pass
    assert names(tmp_path) == ["a.json", "a.mp4"]


def test_what_is_not_a_dead_runs_stays(tmp_path):
    """A proof whose clip was taken away is not a killed run's: it is not removed."""
    subprocess.run([sys.executable, "-c", STOPS_AT, str(tmp_path), "1", "inside"], check=False)
    assert len(names(tmp_path)) == 2
    (tmp_path / "a.json").write_bytes(b"kept")
    with pytest.raises(OutputExists), whole(tmp_path / "a.json", tmp_path / "a.mp4"):
        pass
    assert names(tmp_path) == ["a.json"]


LIVES = """
import sys, time
from pathlib import Path
from camtool.media.whole import whole
with whole(Path(sys.argv[1]) / "a") as (draft,):
    draft.write_bytes(b"theirs")
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
        with whole(tmp_path / "a") as (draft,):
            draft.write_bytes(b"ours")
            assert len(names(tmp_path)) == 2
        other.stdin.close()
        assert other.wait() != 0  # it finds the name taken
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"ours"


CUTS = """
import sys
from pathlib import Path
from camtool.jobs.clip import cut
from tests.makers.rows import ZONE, camera, row, span
footage, out = Path(sys.argv[1]), Path(sys.argv[2])
print("cut", flush=True)
cut(camera(footage), [row(footage / "a.mp4")], span(0, 3000), 0, out, zone=ZONE)
"""


def test_killed_at_any_moment_there_is_a_whole_clip_or_none(tmp_path):
    from camtool.evidence.proof import proof_path
    from camtool.jobs.clip import cut
    from camtool.jobs.verify import locator, verify_clip
    from tests.makers.rows import ZONE, camera, row, span
    from tests.makers.video import write_mp4

    clip = write_mp4(tmp_path / "footage" / "a.mp4", seconds=600, fps=10, size=(64, 48))
    outcomes = []
    for number in range(12):
        out = tmp_path / "out" / f"{number}.mp4"
        out.parent.mkdir(exist_ok=True)
        command = [sys.executable, "-c", CUTS, str(clip.parent), str(out)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.03 * number)
            process.kill()
        outcomes.append(out.exists())
        if not out.exists():
            cut(camera(clip.parent), [row(clip)], span(0, 3000), 0, out, zone=ZONE)
        assert verify_clip(out, locate=locator([])).ok
        assert names(out.parent) == [out.name, proof_path(out).name] or outcomes[-1]
        for file in out.parent.iterdir():
            file.unlink()
    assert not outcomes[0]


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 1 MB; needs the right to mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("may not mount a small disk here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("filled_kb", [0, 1000])
def test_a_full_disk_leaves_nothing(tmp_path, small_disk, suffix, filled_kb):
    from camtool.jobs.clip import cut
    from tests.makers.rows import ZONE, camera, row, span
    from tests.makers.video import write_mp4

    clip = write_mp4(tmp_path / "footage" / "a.mp4", seconds=120, fps=10, audio="ac3")
    assert clip.stat().st_size > 1_100_000
    (small_disk / "other").write_bytes(b"x" * 1024 * filled_kb)
    with pytest.raises(DiskFull) as raised:
        cut(camera(clip.parent), [row(clip)], span(0, 120), 0, small_disk / f"c{suffix}", zone=ZONE)
    assert raised.value.facts == {"path": small_disk / f"c{suffix}"}
    assert names(small_disk) == ["other"]


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
def test_a_disk_with_room_for_the_clip_but_not_for_its_proof(tmp_path, small_disk):
    from camtool.jobs.clip import cut
    from tests.makers.rows import ZONE, camera, row, span
    from tests.makers.video import write_mp4

    clip = write_mp4(tmp_path / "footage" / "a.mp4", seconds=60, fps=10, audio="aac")
    (small_disk / "other").write_bytes(b"x" * ((1 << 20) - clip.stat().st_size - 80_000))
    with pytest.raises(DiskFull):
        cut(camera(clip.parent), [row(clip)], span(0, 60), 0, small_disk / "c.mp4", zone=ZONE)
    assert names(small_disk) == ["other"]
