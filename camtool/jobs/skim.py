"""Skim recordings for motion: which files have to be looked at, the looking, and what is kept of it.

The unit of work is one file. A task carries paths and settings, never the catalog, so it runs in any process; what is
done is stored file by file, so a run that is stopped goes on where it was. Files that were skimmed with the same
settings, at this effort or a closer one, are not looked at again.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace

from camtool.core.activity import Event
from camtool.core.events import settings_of, zones_named
from camtool.core.model import PLAYABLE, Camera, Recording, Scan, Span
from camtool.core.noise import CameraNoise
from camtool.core.pathtext import from_text
from camtool.core.place import camera_us
from camtool.core.problem import Problem, ProblemKind
from camtool.core.timeline import gaps, joined
from camtool.core.zone import Zone
from camtool.engines import Runner
from camtool.media.skim import Effort, FileScan, skim_file
from camtool.store.catalog import Catalog
from camtool.store.reader import Reader

RANKS = {Effort.INDEX: 0, Effort.QUICK: 1, Effort.NORMAL: 2, Effort.THOROUGH: 3}

# From this many files on, the packets of all of them are looked at first, to begin with those that promise most. That
# costs 0.5 CPU s an hour of footage (docs/skimming.md), so only an order that two processes would not get through at
# once is worth it.
ORDER_FROM_FILES = 4


@dataclass(frozen=True, slots=True)
class Task:
    """One file to be looked at, by whatever process."""

    camera: Camera
    recording: Recording
    file: str
    effort: Effort
    zones: tuple[Zone, ...]
    noise: CameraNoise | None
    settings: str


@dataclass(frozen=True, slots=True)
class Looked:
    """One file that was looked at: how much footage, how many listed events, what is wrong."""

    camera: int
    path: str
    footage_us: int
    events: int
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Stats:
    """What was looked at for an answer, in this run and before, and what was not.

    files_unplayable counts files of the window that no picture can be read from, unrecorded_us the camera time in it
    that no file covers. problems are what is wrong with the files that were looked at; of these, known were found
    before; files_failed counts those of which nothing could be read.
    """

    footage_us: int = 0
    wall_us: int = 0
    files: int = 0
    packets: int = 0
    frames_decoded: int = 0
    longest_keyframe_us: int = 0
    files_before: int = 0
    files_unplayable: int = 0
    unrecorded_us: int = 0
    files_failed: int = 0
    known: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, scan: Scan) -> None:
        """Count one file's scan."""
        self.footage_us += scan.footage_us
        self.packets += scan.packets
        self.frames_decoded += scan.frames_decoded
        self.files += 1
        self.longest_keyframe_us = max(self.longest_keyframe_us, scan.longest_keyframe_us)


Report = Callable[[Looked], None]


def footage_of(reader: Reader, camera: Camera, window: Span) -> list[Recording]:
    """Return the recordings of a window of camera time that can be looked at."""
    return [row for row in reader.overlapping(camera.number, window) if row.state in PLAYABLE and row.span is not None]


def skim(
    reader: Reader,
    catalog: Catalog,
    windows: Sequence[tuple[Camera, Span]],
    effort: Effort,
    zone: str | None,
    runner: Runner,
    report: Report,
    now_us: int,
) -> Stats:
    """Look at what was not looked at yet in each camera's window (camera time), and keep what is found."""
    stats = Stats()
    todo: list[Task] = []
    promise: dict[int, float] = {}
    for camera, window in windows:
        zones = zones_named(camera, zone)
        settings = settings_of(zones, camera.masks)
        done = {(scan.recording, scan.effort): scan for scan in reader.scans(camera.number, window, settings)}
        wrong = reader.scan_problems(camera.number, window, settings)
        noise = reader.noise(camera.number)
        waiting: list[Recording] = []
        rows = footage_of(reader, camera, window)
        stats.files_unplayable += sum(row.state not in PLAYABLE for row in reader.overlapping(camera.number, window))
        stats.unrecorded_us += _unrecorded_us(rows, window)
        for row in rows:
            before = _done_before(done, row, effort)
            if before is not None:
                stats.add(before)
                stats.files_before += 1
                known = wrong.get((row.id, before.effort), [])
                stats.known += known
                stats.files_failed += _failed(known)
                continue
            waiting.append(row)
            file = f"{camera.footage}/{from_text(row.path)}"
            todo.append(Task(camera, row, file, effort, zones, noise, settings))
        promise |= _promise(reader, camera, window, settings, [row for row in waiting if _any_look(done, row)])
    stats.problems += stats.known
    if effort is not Effort.INDEX and len(todo) >= ORDER_FROM_FILES:
        todo = _most_promising_first(todo, promise, runner, catalog, now_us)
    for task, outcome in runner.map(look, todo):
        looked = _keep(catalog, task, outcome, stats, now_us)
        report(looked)
    return stats


def _unrecorded_us(rows: Sequence[Recording], window: Span) -> int:
    return sum(gap.length_us for gap in gaps(joined(row.span for row in rows if row.span is not None), window))


def look(task: Task) -> FileScan:
    """Look at one file: the task the runner's processes do."""
    return skim_file(task.file, effort=task.effort, zones=task.zones, masks=task.camera.masks, carry=task.noise)


def _done_before(done: dict[tuple[int, str], Scan], row: Recording, effort: Effort) -> Scan | None:
    for closer in sorted(Effort, key=RANKS.__getitem__, reverse=True):
        scan = done.get((row.id, closer))
        if scan is None or RANKS[closer] < RANKS[effort] or (closer is Effort.INDEX) != (effort is Effort.INDEX):
            continue
        if _still_so(scan, row):
            return scan
    return None


def _any_look(done: dict[tuple[int, str], Scan], row: Recording) -> bool:
    """Tell whether anything is known of a file as it is now: a look too superficial to do, but enough to order by."""
    return any((scan := done.get((row.id, effort))) is not None and _still_so(scan, row) for effort in Effort)


def _still_so(scan: Scan, row: Recording) -> bool:
    return (scan.size_bytes, scan.mtime_ns) == (row.size_bytes, row.mtime_ns)


def _promise(
    reader: Reader, camera: Camera, window: Span, settings: str, rows: Sequence[Recording]
) -> dict[int, float]:
    """Return what the catalog promises of files that were looked at less closely: the best score in each one's time."""
    if not rows:
        return {}
    spans = [row.span for row in rows if row.span is not None]
    whole = Span(min(span.start_us for span in spans), max(span.end_us for span in spans))
    known = [event for _, event in reader.events(camera.number, whole, settings, minutes=True) if event.listed]
    starts_us = [event.start_us for event in known]  # in order of time
    promise: dict[int, float] = {}
    for row, span in zip(rows, spans, strict=True):
        inside = known[bisect_left(starts_us, span.start_us) : bisect_left(starts_us, span.end_us)]
        promise[row.id] = max((event.score for event in inside), default=0.0)
    return promise


def _most_promising_first(
    todo: Sequence[Task], promise: dict[int, float], runner: Runner, catalog: Catalog, now_us: int
) -> list[Task]:
    """Order files by what their packets' sizes promise; nothing is left out, and what the packets say is kept.

    promise has the files of which the catalog says something already: their packets are not read again.
    """
    index_tasks = [replace(task, effort=Effort.INDEX) for task in todo if task.recording.id not in promise]
    for task, outcome in runner.map(look, index_tasks):
        if isinstance(outcome, FileScan):
            promise[task.recording.id] = max((event.score for event in outcome.events), default=0.0)
            _store(catalog, task, outcome, now_us)
    return sorted(todo, key=lambda task: -promise.get(task.recording.id, 0.0))


def _keep(catalog: Catalog, task: Task, outcome: FileScan | Exception, stats: Stats, now_us: int) -> Looked:
    path, number = task.recording.path, task.camera.number
    if isinstance(outcome, Exception):
        why = Problem(ProblemKind.UNREADABLE, path, number, {"detail": str(outcome) or type(outcome).__name__})
        stats.files_failed += 1
        stats.problems.append(why)
        return Looked(number, path, 0, 0, (why,))
    scan = _store(catalog, task, outcome, now_us)
    stats.add(scan)
    if task.effort is not Effort.INDEX:
        catalog.set_noise(number, outcome.noise)
    problems = tuple(problem.of(path, number) for problem in outcome.problems)
    stats.problems += problems
    stats.files_failed += _failed(problems)
    listed = sum(event.listed for event in outcome.events)
    return Looked(number, path, outcome.stats.footage_us, listed, problems)


def _failed(problems: Iterable[Problem]) -> bool:
    return any(problem.kind is ProblemKind.UNREADABLE for problem in problems)


def _store(catalog: Catalog, task: Task, outcome: FileScan, now_us: int) -> Scan:
    row, told = task.recording, outcome.stats
    scan = Scan(
        row.id,
        task.effort,
        task.settings,
        row.size_bytes,
        row.mtime_ns,
        told.footage_us,
        told.wall_us,
        told.packets,
        told.frames_decoded,
        told.longest_keyframe_us,
    )
    values = asdict(scan) | {"rank": RANKS[task.effort], "scanned_us": now_us}
    del values["recording"]
    events = [(task.camera.number, _in_camera_time(row, event)) for event in outcome.events]
    catalog.store_scan(row.id, values, events, outcome.problems)
    return scan


def _in_camera_time(row: Recording, event: Event) -> Event:
    """Move an event from its file's timeline to the camera's, which may run at another pace (core.place)."""
    return replace(
        event,
        start_us=camera_us(row, event.start_us),
        end_us=max(camera_us(row, event.end_us), camera_us(row, event.start_us) + 1),
        peak_us=camera_us(row, event.peak_us),
    )
