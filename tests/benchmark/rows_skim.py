"""Skimming the long recordings, each effort, against DVR-Scan at its default and at its fastest usable setting.

CAMTOOL_BENCH_RECORDINGS names a folder with recordings and their truth: NAME.mp4 and NAME.json as make_recordings.py
writes them (`hall`, `yard`, any other); without it nothing is compared. CAMTOOL_DVR_SCAN names the program, else it is
the one of .venv-bench (`make bench` makes it). Every program runs on one core, one after the other on the same files in
the same run; then all cores once more, DVR-Scan with its own threads and camtool with a process a file.
"""

import json
import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from camtool.media.luma import Film
from camtool.media.motion_packets import read_index
from camtool.media.skim import Effort
from tests.benchmark import skim_day
from tests.benchmark.measure import Run, run
from tests.benchmark.skim_score import Score, Span, median, score
from tests.benchmark.table import Line

FASTEST = ("-b", "CNT", "-fs", "1", "-df", "2", "-t", "0.2")
HOUR_S = 3600
PEER, PEER_FASTEST = "dvr-scan", "dvr-scan fastest"
ONE_CORE = ("taskset", "-c", "0")


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording and its truth."""

    path: Path
    seconds: float
    events: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One program over all recordings, one core: CPU and wall seconds, peak MB, and a score for each recording."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    scores: dict[str, Score]
    said: dict[str, list[Span]]
    tops: dict[int, tuple[int, int]]

    @property
    def score(self) -> Score:
        """All recordings together."""
        return sum(list(self.scores.values())[1:], start=next(iter(self.scores.values())))


def rows(folder: Path) -> list[Line]:
    """Measure, print the fuller table to stderr, and return each target with what was reached."""
    recordings = _recordings()
    if not recordings:
        return [Line("skim", "no CAMTOOL_BENCH_RECORDINGS", "-", "-", "-", None)]
    hours = sum(one.seconds for one in recordings) / HOUR_S
    peer = _dvr_scan()
    measured: dict[str, Measured] = {}
    if peer:
        measured[PEER] = _peer(recordings, [peer])
        measured[PEER_FASTEST] = _peer(recordings, [peer, *FASTEST])
    for effort in Effort:
        measured[effort] = _ours(recordings, effort)
    walls = {effort.value: _all_cores(recordings, effort) for effort in Effort}
    if peer:
        walls[PEER] = sum(run(_scan([peer], one.path)).wall_s for one in recordings)
        walls[PEER_FASTEST] = sum(run(_scan([peer, *FASTEST], one.path)).wall_s for one in recordings)
        print(f"dvr-scan {_version(peer)}", file=sys.stderr)
    _print(measured, walls, hours)
    return _lines(measured, hours, recordings) + skim_day.rows(folder, recordings[0].path)


def _recordings() -> list[Recording]:
    folder = os.environ.get("CAMTOOL_BENCH_RECORDINGS")
    found = []
    for path in sorted(Path(folder).glob("*.mp4")) if folder else []:
        truth = json.loads(path.with_suffix(".json").read_text())
        found.append(Recording(path, truth["seconds"], tuple((start, end) for start, end, _ in truth["events"])))
    return found


def _dvr_scan() -> str | None:
    named = os.environ.get("CAMTOOL_DVR_SCAN")
    own = Path(".venv-bench/bin/dvr-scan")
    return named or (str(own) if own.exists() else shutil.which("dvr-scan"))


def _version(program: str) -> str:
    """Return the version that is installed beside the program, in the environment of its own."""
    python = Path(program).with_name("python")
    asked = "import importlib.metadata as m; print(m.version('dvr-scan-headless'))"
    return run([str(python), "-c", asked]).out.strip() if python.exists() else "of unknown version"


def _scan(program: list[str], path: Path) -> list[str]:
    return [program[0], "-i", str(path), "--scan-only", "-q", "--ignore-user-config", *program[1:]]


def _peer(recordings: list[Recording], program: list[str]) -> Measured:
    runs, said = [], {}
    for one in recordings:
        runs.append(run([*ONE_CORE, *_scan(program, one.path)]))
        assert runs[-1].code == 0
        said[one.path.stem] = _timecodes(runs[-1].out)
    return _measured(runs, recordings, said, {})


def _timecodes(out: str) -> list[Span]:
    """Read `00:01:58.667,00:02:08.067,…`: starts and ends in turn; nothing at all where nothing was found."""
    line = next((line for line in reversed(out.splitlines()) if line.count(":") >= 4), "")
    seconds = [
        sum(float(part) * unit for part, unit in zip(stamp.split(":"), (3600, 60, 1), strict=True))
        for stamp in line.split(",")
        if stamp
    ]
    return list(zip(seconds[::2], seconds[1::2], strict=True))


def _ours(recordings: list[Recording], effort: Effort) -> Measured:
    runs, said = [], {}
    tops: dict[int, tuple[int, int]] = {10: (0, 0), 30: (0, 0)}
    for one in recordings:
        runs.append(run([*ONE_CORE, *_skim(effort, one.path)]))
        assert runs[-1].code == 0, runs[-1].out
        events = json.loads(runs[-1].out)["events"]
        said[one.path.stem] = [(event["start_s"], event["end_s"]) for event in events if event["listed"]]
        if effort is Effort.INDEX:
            ranked = sorted(events, key=lambda event: -event["score"])
            for percent, (inside, all_) in tops.items():
                best = ranked[: max(1, len(ranked) * percent // 100)]
                hit = sum(any(e["start_s"] < end and start < e["end_s"] for e in best) for start, end in one.events)
                tops[percent] = inside + hit, all_ + len(one.events)
    return _measured(runs, recordings, said, tops if effort is Effort.INDEX else {})


def _skim(effort: Effort, path: Path) -> list[str]:
    return [sys.executable, "-m", "tests.benchmark.skim_one", effort.value, str(path)]


def _measured(
    runs: list[Run], recordings: list[Recording], said: dict[str, list[Span]], tops: dict[int, tuple[int, int]]
) -> Measured:
    return Measured(
        sum(each.cpu_s for each in runs),
        sum(each.wall_s for each in runs),
        max(each.peak_mb for each in runs),
        {one.path.stem: score(said[one.path.stem], one.events) for one in recordings},
        said,
        tops,
    )


def _all_cores(recordings: list[Recording], effort: Effort) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda one: run(_skim(effort, one.path)), recordings))
    return time.perf_counter() - began


def _print(measured: dict[str, Measured], walls: dict[str, float], hours: float) -> None:
    headings = "program,× real time,CPU s/h,peak MB,found,false,start s,end s,to watch,all cores ×".split(",")
    table = Table(*headings, title=f"{hours:.2f} h of footage, one core")
    for name, one in measured.items():
        speed = f"{hours * HOUR_S / one.wall_s:,.0f}"
        all_cores = f"{hours * HOUR_S / walls[name]:,.0f}" if name in walls else "-"
        cost = f"{one.cpu_s / hours:,.1f}", f"{one.peak_mb:.0f}"
        if one.tops:
            found = ", ".join(f"{a} of {b} in the top {percent} %" for percent, (a, b) in one.tops.items())
            table.add_row(name, speed, *cost, found, "-", "-", "-", "-", all_cores)
            continue
        total = one.score
        watch = ", ".join(f"{stem} {each.to_watch:.2f}" for stem, each in one.scores.items())
        errors = f"{median(total.starts_s):.2f}", f"{median(total.ends_s):.2f}"
        table.add_row(name, speed, *cost, f"{total.found}/{total.true}", str(total.false), *errors, watch, all_cores)
    Console(stderr=True, width=170).print(table)


def _lines(measured: dict[str, Measured], hours: float, recordings: list[Recording]) -> list[Line]:
    lines = _cost_lines(measured, hours) + _recall_lines(measured, recordings)
    for effort, indoors, outdoors in ((Effort.NORMAL, 1.4, 2.0), (Effort.THOROUGH, 1.2, 1.6)):
        for stem, each in measured[effort].scores.items():
            most = indoors if stem.startswith("hall") else outdoors
            theirs = f"{measured[PEER].scores[stem].to_watch:.2f}" if PEER in measured else "-"
            what, ours = f"skim {effort}, to watch, {stem}", f"{each.to_watch:.2f}"
            lines.append(Line(what, ours, theirs, "-", f"<= {most}", each.to_watch <= most))
    for effort, most in ((Effort.NORMAL, 0.5), (Effort.THOROUGH, 0.15)):
        total = measured[effort].score
        start, end = median(total.starts_s), median(total.ends_s)
        ours = f"{start:.2f} s, {end:.2f} s"
        lines.append(Line(f"skim {effort}, start, end", ours, "-", "-", f"<= {most} s", max(start, end) <= most))
    peak_mb = max(one.peak_mb for name, one in measured.items() if not name.startswith("dvr"))
    lines.append(Line("skim, peak memory", f"{peak_mb:.0f} MB", "-", "-", "<= 150 MB", peak_mb <= 150))
    return lines


def _cost_lines(measured: dict[str, Measured], hours: float) -> list[Line]:
    """Say what each effort costs: CPU against CPU, but for `index`, which is promised faster: wall against wall."""
    lines = []
    targets = ((Effort.INDEX, 1000, None), (Effort.QUICK, 80, 15), (Effort.NORMAL, 25, 5), (Effort.THOROUGH, 6, None))
    for effort, times, of_fastest in targets:
        mine = measured[effort]
        ours = f"{mine.cpu_s / hours:,.1f} CPU s/h"
        for name, target in ((PEER, times), (PEER_FASTEST, of_fastest)):
            if target is None:
                continue
            peer, what = measured.get(name), f"skim {effort} against {name}"
            if peer is None:
                lines.append(Line(what, ours, "no dvr-scan", "-", f">= {target}", None))
                continue
            ratio = peer.wall_s / mine.wall_s if effort is Effort.INDEX else peer.cpu_s / mine.cpu_s
            theirs = f"{peer.cpu_s / hours:,.0f} CPU s/h"
            lines.append(Line(what, ours, theirs, f"{ratio:,.0f}", f">= {target}", ratio >= target))
    quick = measured[Effort.QUICK].cpu_s / hours
    lines.append(Line("skim quick, CPU", f"{quick:,.1f} CPU s/h", "-", "-", "<= 25", quick <= 25))
    return lines


def _recall_lines(measured: dict[str, Measured], recordings: list[Recording]) -> list[Line]:
    """Say what was found: `quick` of the events that span a keyframe, `normal` of those of 3 s or longer."""
    peer = measured.get(PEER)
    keys_s = {one.path.stem: _keyframes_s(one.path) for one in recordings}
    lines = []
    for effort, recall in ((Effort.QUICK, 0.95), (Effort.NORMAL, 0.95), (Effort.THOROUGH, 0.98)):
        counted: list[bool] = []
        for one in recordings:
            said = measured[effort].said[one.path.stem]
            for start, end in one.events:
                if effort is Effort.QUICK and not any(start <= key < end for key in keys_s[one.path.stem]):
                    continue
                if effort is Effort.NORMAL and end - start < 3:
                    continue
                counted.append(any(begin < end and start < until for begin, until in said))
        reached = sum(counted) / max(1, len(counted))
        theirs = f"{peer.score.found}/{peer.score.true}" if peer else "-"
        least = max(recall, peer.score.found / peer.score.true) if peer and effort is Effort.NORMAL else recall
        ours = f"{sum(counted)}/{len(counted)}"
        lines.append(
            Line(f"skim {effort}, recall", ours, theirs, f"{reached:.2f}", f">= {least:.2f}", reached >= least)
        )
    if peer:
        false, quarter = measured[Effort.NORMAL].score.false, peer.score.false / 4
        lines.append(Line("skim normal, false", str(false), str(peer.score.false), "-", "<= 1/4", false <= quarter))
    return lines


def _keyframes_s(path: Path) -> list[float]:
    film = Film(path)
    try:
        index = read_index(film)
    finally:
        film.close()
    return [int(index.at_us[place]) / 1e6 for place in index.keys]
