"""The table that `make bench` prints: each line a measured ratio beside its target."""

import os
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmark.measure import ffmpeg, run


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison. ok is None where the peer is not on this machine, so nothing was compared."""

    what: str
    ours: str
    peer: str
    ratio: str
    target: str
    ok: bool | None


def show(lines: list[Line]) -> None:
    """Print the machine, the versions and the lines."""
    out = Console(width=170, highlight=False)
    cpu = next((line.split(":")[1].strip() for line in _cpuinfo() if line.startswith("model name")), platform.machine())
    out.print(
        f"{cpu}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    )
    names = ("av", "sqlalchemy", "typer", "rich", "opencv-python-headless", "numpy")
    out.print(", ".join(f"{name} {version(name)}" for name in names))
    out.print(run([ffmpeg(), "-version"]).out.splitlines()[0])
    table = Table()
    for heading in ("what", "camtool", "peer", "ratio", "target", "reached"):
        table.add_column(heading, overflow="fold")
    for line in lines:
        reached = {True: "yes", False: "NO", None: "not compared"}[line.ok]
        table.add_row(line.what, line.ours, line.peer, line.ratio, line.target, reached)
    out.print(table)


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return [f"model name: {sys.platform}"]
