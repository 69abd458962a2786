"""Run programs as children and read what the system counted of them."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CAMTOOL = (str(Path(sys.executable).with_name("camtool")),)


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
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | environment
    ) as child:
        assert child.stdout is not None
        out = child.stdout.read()
        _pid, status, usage = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, child.returncode, out.decode())


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
