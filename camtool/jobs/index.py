"""Find, probe and record the files of cameras: incremental, restartable, no row dropped.

Folder and catalog are merged in path order (jobs.walk, Catalog.known), so memory does not grow with the number of files.
Results are stored in batches; a run that is killed is picked up by the next, which finds the stored files unchanged.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from camtool.core.claim import Claim, Layout, place
from camtool.core.model import US_PER_S, Camera, MediaFacts, Site, State
from camtool.core.pathtext import from_text
from camtool.core.problem import Problem, ProblemKind
from camtool.core.settle import settle
from camtool.engines import Runner
from camtool.errors import NoSuchFolder
from camtool.jobs.walk import VIDEO_SUFFIXES, Found, Shut, walk
from camtool.layouts.registry import claim_with, layouts_for
from camtool.media.hash import sha256_of
from camtool.media.probe import probe, probe_light
from camtool.store.catalog import Catalog, Entry, Known

BATCH_FILES = 500
BATCH_S = 1.0

# A file that looks broken off but was written to in the last minute may be one that the recorder still writes. It is
# looked at twice, this far apart: recorders flush about once a second.
FRESH_S = 60
SECOND_LOOK_S = 1.5
SECOND_LOOKS_AT_MOST = 200

# When a broken-off file grew, and had been written to within this time before it was indexed, the recorder was at work.
WRITING_US = 600 * US_PER_S

INCOMPLETE = (State.TRUNCATED, State.NO_INDEX, State.UNREADABLE, State.EMPTY)


class Fate(StrEnum):
    """What became of one file in this run."""

    NEW = "new"
    SAME = "same"
    AGAIN = "again"
    CHANGED = "changed"
    MISSING = "missing"
    HASHED = "hashed"


@dataclass(frozen=True, slots=True)
class Seen:
    """One file of the run, for a progress bar and a list of Problems; state and Problems as stored."""

    camera: int
    path: str
    fate: Fate
    state: State | None = None
    problems: tuple[Problem, ...] = ()
    size_bytes: int = 0


Report = Callable[[Seen], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to be examined, with what the catalog knew of it."""

    camera: int
    found: Found
    file: str
    claim: Claim | None
    known: Known | None = None
    fate: Fate = Fate.NEW


def index(site: Site, catalog: Catalog, cameras: Sequence[Camera], runner: Runner, report: Report, now_us: int) -> None:
    """Bring the catalog up to date with the footage folders of some cameras."""
    for camera in cameras:
        CameraIndex(site, catalog, camera, report, now_us).run(runner)


@dataclass(slots=True)
class CameraIndex:
    """One camera's run: merges the folder with the catalog, examines what is new, stores in batches."""

    site: Site
    catalog: Catalog
    camera: Camera
    report: Report
    now_us: int
    zone: ZoneInfo = field(init=False)
    choice: tuple[Layout, ...] = field(init=False)
    read_anew: bool = field(init=False, default=False)
    batch: list[tuple[Entry, Seen]] = field(init=False, default_factory=list)
    batch_since: float = field(init=False, default=0.0)
    second_looks: list[tuple[Candidate, MediaFacts, float]] = field(init=False, default_factory=list)
    gone: list[Known] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.site.timezone)
        self.choice = layouts_for(self.camera.layout, self.camera.template)

    @property
    def root(self) -> Path:
        """The camera's footage folder."""
        return Path(self.camera.footage)

    def run(self, runner: Runner) -> None:
        """Do it all; a footage folder that is not there is a Problem and leaves the rows as they are."""
        settings = f"{self.camera.layout}|{self.camera.channel}|{self.camera.template}|{self.site.timezone}"
        self.read_anew = self.catalog.settings(self.camera.number) not in (None, settings)
        try:
            for candidate, outcome in runner.map(examine, self._heavy()):
                self._examined(candidate, outcome)
            self._look_again()
            self._mark_missing()
        except NoSuchFolder:
            self._flush()
            problem = Problem(ProblemKind.FOLDER_MISSING, self.camera.footage, self.camera.number)
            self.report(Seen(self.camera.number, self.camera.footage, Fate.SAME, None, (problem,)))
            return
        self._flush()
        self.catalog.set_settings(self.camera.number, settings)

    def _heavy(self) -> Iterator[Candidate]:
        """Examine here what needs no video library; yield the rest, for the runner's processes."""
        for candidate in self._candidates():
            if candidate.found.problem is not None:
                self._examined(candidate, MediaFacts(State.UNREADABLE, problems=(candidate.found.problem,)))
                continue
            facts = probe_light(candidate.file, candidate.found.size_bytes)
            if facts is None:
                yield candidate
            else:
                self._examined(candidate, facts)

    def _candidates(self) -> Iterator[Candidate]:
        known = self.catalog.known(self.camera.number)
        row = next(known, None)
        shut: str | None = None
        for found in walk(self.root, Path(self.site.folder)):
            if isinstance(found, Shut):
                shut = found.prefix
                continue
            while row is not None and row.path < found.path:
                self._not_found(row, shut)
                row = next(known, None)
            mine = row is not None and row.path == found.path
            candidate = self._candidate(found, row if mine else None)
            if candidate is not None:
                yield candidate
            if mine:
                row = next(known, None)
        while row is not None:
            self._not_found(row, shut)
            row = next(known, None)

    def _candidate(self, found: Found, known: Known | None) -> Candidate | None:
        path = from_text(found.path)
        claim = claim_with(path, self.choice)
        if self.camera.channel is not None and claim is not None and claim.channel not in (None, self.camera.channel):
            return None  # another camera's file in a shared folder
        file = f"{self.camera.footage}/{path}"
        if known is None:
            return Candidate(self.camera.number, found, file, claim)
        same = (known.size_bytes, known.mtime_ns, known.ctime_ns) == (found.size_bytes, found.mtime_ns, found.ctime_ns)
        if same and not self.read_anew and known.state not in (State.GROWING, State.MISSING):
            self.report(Seen(self.camera.number, found.path, Fate.SAME, known.state, size_bytes=found.size_bytes))
            return None
        fate = Fate.AGAIN if same or _was_being_written(known, found) else Fate.CHANGED
        if fate is Fate.CHANGED and known.sha256 is not None and _still_hashes_to(file, known.sha256):
            fate = Fate.AGAIN  # copied, touched or linked: other times, the same bytes
        return Candidate(self.camera.number, found, file, claim, known, fate)

    def _examined(self, candidate: Candidate, outcome: MediaFacts | Exception) -> None:
        if isinstance(outcome, Exception):
            why = Problem(ProblemKind.UNREADABLE, facts={"detail": str(outcome) or type(outcome).__name__})
            outcome = MediaFacts(State.UNREADABLE, problems=(why,))
        fresh = candidate.found.mtime_ns > time.time_ns() - FRESH_S * 1_000_000_000
        may_grow = outcome.state in INCOMPLETE or outcome.container not in (None, "mp4")
        if fresh and may_grow and candidate.found.problem is None and len(self.second_looks) < SECOND_LOOKS_AT_MOST:
            self.second_looks.append((candidate, outcome, time.monotonic()))
        else:
            self._keep(candidate, outcome)

    def _look_again(self) -> None:
        """Tell a file that is still being written from one that broke off: only the first changes while we wait."""
        for candidate, facts, seen_at in self.second_looks:
            time.sleep(max(0.0, seen_at + SECOND_LOOK_S - time.monotonic()))
            try:
                info = Path(candidate.file).stat()
            except OSError:
                self._keep(candidate, facts)
                continue
            if (info.st_size, info.st_mtime_ns) != (candidate.found.size_bytes, candidate.found.mtime_ns):
                facts = MediaFacts(State.GROWING, facts.container, problems=(Problem(ProblemKind.GROWING),))
            self._keep(candidate, facts)
        self.second_looks.clear()

    def _keep(self, candidate: Candidate, facts: MediaFacts) -> None:
        entry, seen = self._entry(candidate, facts)
        self.batch.append((entry, seen))
        now = time.monotonic()
        self.batch_since = self.batch_since or now
        if len(self.batch) >= BATCH_FILES or now - self.batch_since > BATCH_S:
            self._flush()

    def _flush(self) -> None:
        if self.batch:
            self.catalog.store([entry for entry, _seen in self.batch])
            for _entry, seen in self.batch:
                self.report(seen)
            self.batch.clear()
        self.batch_since = 0.0

    def _entry(self, candidate: Candidate, facts: MediaFacts) -> tuple[Entry, Seen]:
        found, claim = candidate.found, candidate.claim
        placed = None if claim is None else place(claim, self.zone)
        start_us = placed.start_us if placed else container_start_us(facts, self.zone)
        settled = settle(start_us, placed.end_us if placed else None, facts)
        problems = (*facts.problems, *(placed.problems if placed else ()), *settled.problems)
        state = facts.state
        if candidate.found.problem is None and claim is None:
            state, problems = self._unknown_name(found.path, facts, problems)
        if candidate.fate is Fate.CHANGED and candidate.known is not None:
            state = State.CHANGED
            sizes = {"was_bytes": candidate.known.size_bytes, "is_bytes": found.size_bytes}
            problems = (Problem(ProblemKind.CHANGED, facts=sizes), *problems)
        values: dict[str, Any] = {
            "camera": self.camera.number,
            "path": found.path,
            "size_bytes": found.size_bytes,
            "mtime_ns": found.mtime_ns,
            "ctime_ns": found.ctime_ns,
            "state": state,
            "layout": claim.layout if claim else None,
            "channel": claim.channel if claim else None,
            "claim_start_us": placed.start_us if placed else None,
            "claim_end_us": placed.end_us if placed else None,
            "container": facts.container,
            "container_start_us": facts.container_start_us,
            "container_start_local": facts.container_start_local,
            "media_us": facts.media_us,
            "playable_us": facts.playable_us,
            "wall_us": settled.wall_us,
            "start_us": settled.span.start_us if settled.span else None,
            "end_us": settled.span.end_us if settled.span else None,
            "video_codec": facts.video_codec,
            "width_px": facts.width_px,
            "height_px": facts.height_px,
            "frames": facts.frames,
            "rate_num": facts.rate.numerator if facts.rate else None,
            "rate_den": facts.rate.denominator if facts.rate else None,
            "audio_codec": facts.audio_codec,
            "indexed_us": self.now_us,
        }
        replaces = candidate.known.id if candidate.known else None
        seen = Seen(self.camera.number, found.path, candidate.fate, state, problems, found.size_bytes)
        return Entry(values, problems, replaces), seen

    def _unknown_name(
        self, path: str, facts: MediaFacts, problems: tuple[Problem, ...]
    ) -> tuple[State, tuple[Problem, ...]]:
        """Name a file that no layout knows foreign; where its content is damaged too, the damage is the graver state."""
        foreign = Problem(ProblemKind.FOREIGN)
        if facts.state is State.OK:
            return State.FOREIGN, (*problems, foreign)
        not_video = any(problem.kind is ProblemKind.NOT_VIDEO for problem in problems)
        if not_video and Path(path).suffix.lower() not in VIDEO_SUFFIXES:
            return State.FOREIGN, (foreign,)
        return facts.state, (*problems, foreign)

    def _not_found(self, row: Known, shut: str | None) -> None:
        if row.state is not State.MISSING and not (shut is not None and row.path.startswith(shut)):
            self.gone.append(row)
            if len(self.gone) >= BATCH_FILES:
                self._mark_missing()

    def _mark_missing(self) -> None:
        """Mark what is gone, unless the whole folder went away meanwhile; raises NoSuchFolder then."""
        if self.gone and not self.root.is_dir():
            raise NoSuchFolder(folder=self.root)
        why = Problem(ProblemKind.MISSING)
        self.catalog.mark_missing([(row.id, why) for row in self.gone])
        for row in self.gone:
            self.report(Seen(self.camera.number, row.path, Fate.MISSING, State.MISSING, (why,)))
        self.gone.clear()


def examine(candidate: Candidate) -> MediaFacts:
    """Probe one file: the task the runner's processes do."""
    return probe(candidate.file, candidate.found.size_bytes)


def container_start_us(facts: MediaFacts, zone: ZoneInfo) -> int | None:
    """Return the start that a container states by the camera's own clock (DHAV), µs; None where it states none.

    An MP4's creation_time is kept in the catalog but not believed: recorders write the end, the local time as if it
    were UTC, or the day the firmware was made.
    """
    if facts.container_start_local is None:
        return None
    from datetime import datetime  # only here: names usually say it

    return place(Claim("container", start_local=datetime.fromisoformat(facts.container_start_local)), zone).start_us


def _was_being_written(known: Known, found: Found) -> bool:
    """Tell growth under the recorder's hand from a change of something finished."""
    if known.state in (State.GROWING, State.EMPTY, State.MISSING) and known.sha256 is None:
        return True
    unfinished = known.state in INCOMPLETE or known.container not in (None, "mp4")
    was_fresh = known.indexed_us - known.mtime_ns // 1000 < WRITING_US
    return unfinished and was_fresh and known.sha256 is None and found.size_bytes > known.size_bytes


def _still_hashes_to(file: str, sha256: str) -> bool:
    try:
        return sha256_of(file) == sha256
    except OSError:
        return False
