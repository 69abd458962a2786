"""Where the answer goes: readers that leave, disks that are full, streams that are closed. The exit code stays true."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "camtool"]
MONTH = ("--all", "--from", "2026-11-01", "--to", "2026-12-01")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and /dev are POSIX")


def code_without_a_reader(*arguments: object, leaving: str = "stdout") -> tuple[int, bytes]:
    """Run a command line whose reader has left before it began; return the exit code and the other stream."""
    reader, writer = os.pipe()
    os.close(reader)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        env=environment,
        stdout=writer if leaving == "stdout" else subprocess.PIPE,
        stderr=writer if leaving == "stderr" else subprocess.PIPE,
    ) as child:
        os.close(writer)
        out, err = child.communicate(timeout=60)
    return child.returncode, err if leaving == "stdout" else out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("find", "--help"), 0),
        (("--version",), 0),
        (("find", *MONTH), 0),
        (("--json", "find", *MONTH), 0),
        (("camera", "list"), 0),
        (("--json", "index"), 0),
    ],
)
def test_a_reader_that_left_changes_no_exit_code(site, arguments, code):
    assert code_without_a_reader("--site", site, *arguments) == (code, b"")


def test_a_verdict_stands_whether_or_not_it_is_read(camtool, site):
    """`camtool verify … | head -1` must not pass what has failed."""
    assert camtool("--site", site, "index", "--hash", "new").code in (0, 3)
    recording = next(site.parent.glob("footage/cam3/NVR*"))
    recording.write_bytes(recording.read_bytes()[:-1] + b"x")
    for flags in ((), ("--json",)):
        assert code_without_a_reader("--site", site, *flags, "verify", "--catalog")[0] == 40


def test_an_index_goes_on_when_nobody_reads_its_problems(site, clip):
    for number in range(30):
        os.link(clip, site.parent / "footage" / "cam3" / f"ch03_202611220000{number:02d}_x.mp4")
    code, out = code_without_a_reader("--site", site, "--lang", "en", "index", leaving="stderr")
    assert (code, out.splitlines()[0][:9]) == (3, b"34 files ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [("--help",), ("find", *MONTH), ("--json", "find", *MONTH)])
def test_an_answer_that_finds_no_room(site, arguments):
    for unbuffered in ("", "1"):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [*PROGRAM, "--lang", "en", "--site", str(site), *arguments],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            )
        assert done.returncode == 50
        assert done.stderr == (
            "error: the computer refused: No space left on device\n"
            "hint: look whether a disk is full, gone or read-only, then run it again; the recordings are untouched\n"
        )


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams(site, closed):
    command = f"{sys.executable} -m camtool --site {site} index {closed}"
    assert subprocess.run(["sh", "-c", command], check=False).returncode == 0


def test_a_name_no_disk_can_hold(camtool, site, tmp_path):
    window = ("--from", "23/11/2026 18:00", "--to", "23/11/2026 18:01")
    answer = camtool("--site", site, "cut", "-c", "3", *window, "-o", tmp_path / ("a" * 300 + ".mp4"))
    assert answer.code == 50
    assert "error: the computer refused: " in answer.err
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == []
