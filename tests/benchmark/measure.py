"""Run programs as children and read what the system counted of them."""

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CAMTOOL = (str(Path(sys.executable).with_name("camtool")),)


# Starts the command from a process that is small itself: Linux counts what the starting process held at that moment as
# a peak of the started one (getrusage, ru_maxrss), and this one may just have read a million recordings.
LAUNCHER = """
import os, sys, time
started = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
wall_s = time.perf_counter() - started
figures = (wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
os.write(int(sys.argv[1]), " ".join(map(repr, figures)).encode())
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One child: wall and CPU seconds, peak memory in MB of the largest process of it, exit code."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    code: int
    out: str = ""


def run(command: Sequence[str], **environment: str) -> Run:
    """Run a command to its end; its stdout is kept, its stderr thrown away."""
    reading, writing = os.pipe()
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCHER, str(writing), *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | environment,
        pass_fds=[writing],
        check=True,
    )
    os.close(writing)
    with os.fdopen(reading, encoding="ascii") as figures:
        wall_s, cpu_s, peak_kb, code = figures.read().split()
    return Run(float(wall_s), float(cpu_s), int(peak_kb) / 1024, int(code), done.stdout.decode())


def alternating(commands: Sequence[Sequence[str]], times: int, **environment: str) -> list[float]:
    """Run commands in turn, several times, and return each one's median wall seconds: drift hits all alike."""
    walls: list[list[float]] = [[] for _ in commands]
    for _ in range(times):
        for number, command in enumerate(commands):
            walls[number].append(run(command, **environment).wall_s)
    return [statistics.median(each) for each in walls]


def ffmpeg() -> str:
    """Return the ffmpeg that camtool itself would use."""
    if named := os.environ.get("CAMTOOL_FFMPEG"):
        return named
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def ffprobe() -> str | None:
    """Return the system's ffprobe, if it has one."""
    return shutil.which("ffprobe")
