"""Find, probe and record the files of cameras: incremental, restartable, no row dropped.

Folder and catalog are merged in path order (jobs.walk, Catalog.known), so memory does not grow with the number of
files. Results are stored in batches; after a run that was killed the next finds the stored files unchanged.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize
from zoneinfo import ZoneInfo

from camtool.core.claim import Claim, Layout
from camtool.core.model import US_PER_S, Camera, MediaFacts, Site, State
from camtool.core.pathtext import from_text
from camtool.core.problem import Problem, ProblemKind
from camtool.engines import Runner
from camtool.errors import NoSuchFolder
from camtool.jobs.entry import Candidate, Fate, Seen, entry_of
from camtool.jobs.walk import Found, Shut, walk
from camtool.layouts.registry import choice_for, claim_with
from camtool.media.hash import sha256_of
from camtool.media.probe import probe, probe_light
from camtool.store.catalog import Catalog, Entry, Known

# What a killed run loses at most is one batch, so it holds no more than a second of work. 500 rows take about 5 ms to
# store (113,710 rows/s, docs/speed.md).
BATCH_FILES = 500
BATCH_S = 1.0

# A file that looks broken off but was written to in the last minute may be one that the recorder still writes. It is
# looked at twice, this far apart: recorders flush about once a second.
FRESH_S = 60
SECOND_LOOK_S = 1.5
# Nine cameras write nine files at a time. A folder of hundreds that are fresh and broken is a copy that was broken off,
# and must not be kept waiting in memory.
SECOND_LOOKS_AT_MOST = 200

# When a broken-off file grew, and had been written to within this time before it was indexed, the recorder was at work:
# twice the five minutes that recorders put into a file.
WRITING_US = 600 * US_PER_S

INCOMPLETE = (State.TRUNCATED, State.NO_INDEX, State.UNREADABLE, State.EMPTY)


Report = Callable[[Seen], None]


def index(site: Site, catalog: Catalog, cameras: Sequence[Camera], runner: Runner, report: Report, now_us: int) -> None:
    """Bring the catalog up to date with the footage folders of some cameras."""
    for camera in cameras:
        CameraIndex(site, catalog, camera, report, now_us).run(runner)


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """The cameras that have one footage folder: the first one's number, and the channels that are somebody's (NFC)."""

    first: int
    channels: frozenset[str]

    @classmethod
    def of(cls, site: Site, camera: Camera) -> "SharedFolder":
        """Look them up in the site."""
        beside = [each for each in (*site.cameras, camera) if each.footage == camera.footage]
        channels = frozenset(normalize("NFC", each.channel) for each in beside if each.channel is not None)
        return cls(min(each.number for each in beside), channels)


@dataclass(slots=True)
class CameraIndex:
    """One camera's run: merges the folder with the catalog, examines what is new, stores in batches."""

    site: Site
    catalog: Catalog
    camera: Camera
    report: Report
    now_us: int
    zone: ZoneInfo = field(init=False)
    shared: "SharedFolder" = field(init=False)
    strangers: Counter[str] = field(init=False, default_factory=Counter)
    choice: tuple[Layout, ...] = field(init=False)
    read_anew: bool = field(init=False, default=False)
    batch: list[tuple[Entry, Seen]] = field(init=False, default_factory=list)
    batch_since: float = field(init=False, default=0.0)
    second_looks: list[tuple[Candidate, MediaFacts, float]] = field(init=False, default_factory=list)
    gone: list[Known] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.site.timezone)
        self.choice = choice_for(self.camera)
        self.shared = SharedFolder.of(self.site, self.camera)

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
            self.report(Seen(self.camera.number, self.camera.footage, None, None, (problem,)))
            return
        self._flush()
        self._report_strangers()
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
        if self.camera.channel is not None and not self._is_mine(claim):
            return None
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
        changes = self.catalog.changes(known.id) if same and known.state in (State.CHANGED, State.MISSING) else ()
        return Candidate(self.camera.number, found, file, claim, known, fate, changes)

    def _is_mine(self, claim: Claim | None) -> bool:
        """Tell whether a file of a shared folder is this camera's; one that names no channel is the first camera's."""
        if claim is None or claim.channel is None:
            return self.shared.first == self.camera.number
        if claim.channel == normalize("NFC", self.camera.channel or ""):
            return True
        if claim.channel not in self.shared.channels:
            self.strangers[claim.channel] += 1
        return False

    def _report_strangers(self) -> None:
        """Say which channels of a shared folder belong to no camera; once, by its first camera."""
        for channel, count in self.strangers.items() if self.shared.first == self.camera.number else ():
            facts: dict[str, str | int] = {"channel": channel, "count": count}
            problem = Problem(ProblemKind.CHANNEL_UNASSIGNED, self.camera.footage, self.camera.number, facts)
            self.report(Seen(self.camera.number, self.camera.footage, None, None, (problem,)))

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
        self.batch.append(entry_of(candidate, facts, self.zone, self.now_us))
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


def _was_being_written(known: Known, found: Found) -> bool:
    """Tell growth under the recorder's hand from a change of something finished."""
    if known.sha256 is not None:
        return False
    if known.state in (State.GROWING, State.EMPTY):
        return True
    if known.state is State.MISSING:  # it was away and is back: copied there and here again, if its size is the same
        return found.size_bytes == known.size_bytes
    unfinished = known.state in INCOMPLETE or known.container not in (None, "mp4")
    was_fresh = known.indexed_us - known.mtime_ns // 1000 < WRITING_US
    return unfinished and was_fresh and found.size_bytes > known.size_bytes


def _still_hashes_to(file: str, sha256: str) -> bool:
    try:
        return sha256_of(file) == sha256
    except OSError:
        return False
