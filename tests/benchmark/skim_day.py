"""Memory of a skim over a day of files: the peak of the command and of its largest worker, for 24 files and for 288.

The files are links to one cut of a given recording, ten seconds of its own packets, named five minutes apart: what
grows with the number of files grows with them, whatever their length.
"""

import datetime as dt
import itertools
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import av

from camtool.core.model import Camera
from camtool.store.site import add_camera, create_site
from tests.benchmark.measure import CAMTOOL, run
from tests.benchmark.table import Line

FEW, DAY = 24, 288
PART_S = 10
# As for `index`: one run differs from the next by so much.
FLAT = 1.1
MOST_MB = 150
LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Peaks:
    """Resident memory at its highest, MB: of the command itself, of the largest process it started."""

    command_mb: float
    worker_mb: float


def rows(folder: Path, recording: Path) -> list[Line]:
    """Measure `quick` and `normal`; Linux only, elsewhere nothing."""
    if not Path("/proc/self/status").exists():
        return []
    part = _part(recording, folder / "part.mp4")
    sites = {files: _site(folder / str(files), part, files) for files in (FEW, DAY)}
    lines = []
    for effort in ("quick", "normal"):
        few, day = (peaks(_skim(sites[files], effort)) for files in (FEW, DAY))
        ours = "; ".join(
            f"{files} files: {each.command_mb:.0f} MB, worker {each.worker_mb:.0f} MB"
            for files, each in ((FEW, few), (DAY, day))
        )
        flat = day.worker_mb <= FLAT * few.worker_mb and day.command_mb <= FLAT * few.command_mb
        reached = flat and day.worker_mb <= MOST_MB
        lines.append(Line(f"skim {effort}, memory over a day", ours, "-", "-", f"<= {MOST_MB} MB, flat", reached))
    return lines


def peaks(command: list[str]) -> Peaks:
    """Run a command to its end, watching it and all it starts."""
    highest: dict[int, int] = {}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        while child.poll() is None:
            for pid in _family(child.pid):
                highest[pid] = max(highest.get(pid, 0), _peak_kb(pid))
            time.sleep(LOOK_EVERY_S)
    assert child.returncode in (0, 3), child.returncode
    return Peaks(
        highest.get(child.pid, 0) / 1024,
        max((kb for pid, kb in highest.items() if pid != child.pid), default=0) / 1024,
    )


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        try:
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
        except (OSError, ValueError):
            continue
    return found


def _peak_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def _part(recording: Path, out: Path) -> Path:
    """Copy the first seconds of a recording, packet by packet."""
    with av.open(str(recording)) as source, av.open(str(out), "w", container_options={"movflags": "faststart"}) as made:
        video = source.streams.video[0]
        stream = made.add_stream_from_template(video)
        limit = PART_S / float(video.time_base or 1)
        wanted = (packet for packet in source.demux(video) if packet.size and packet.pts is not None)
        for packet in itertools.takewhile(lambda packet: (packet.pts or 0) < limit, wanted):
            packet.stream = stream
            made.mux(packet)
    return out


def _site(folder: Path, part: Path, files: int) -> Path:
    footage = folder / "footage"
    footage.mkdir(parents=True)
    create_site(folder, "bench", "Asia/Ho_Chi_Minh", "en")
    for number in range(files):
        start = dt.datetime(2026, 11, 23) + dt.timedelta(minutes=5 * number)
        end = start + dt.timedelta(seconds=PART_S)
        os.link(part, footage / f"NVR_ch1_main_{start:%Y%m%d%H%M%S}_{end:%Y%m%d%H%M%S}.mp4")
    add_camera(folder, Camera(1, "camera 1", "", str(footage)))
    assert run([*CAMTOOL, "--site", str(folder), "--json", "index"]).code == 0
    return folder


def _skim(site: Path, effort: str) -> list[str]:
    window = ["--camera", "1", "--from", "23/11/2026 00:00", "--to", "24/11/2026 00:00"]
    return [*CAMTOOL, "--site", str(site), "--json", "skim", *window, "--effort", effort]
