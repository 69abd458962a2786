"""Skimming one file: which stages look at what, and what comes out. No catalog here: it can run on any machine."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from camtool.core.activity import Cause, Event, FoundBy, joined, without_covered
from camtool.core.model import US_PER_S
from camtool.core.noise import CameraNoise
from camtool.core.problem import Problem, ProblemKind
from camtool.core.zone import Zone
from camtool.errors import Unplayable
from camtool.media.luma import Film, Read
from camtool.media.motion_frames import Frames
from camtool.media.motion_keyframes import LONGEST_US, Keyframes
from camtool.media.motion_packets import Packets, likely_gaps, read_index
from camtool.media.motion_stage import Finding, Scene

# The part of all gaps between keyframes that is decoded although both keyframes show nothing: what the budget of
# `normal` (a twenty-fifth of DVR-Scan's CPU) leaves.
GAPS_ANYWAY = 0.08
# A run of light or weather of this many keyframes is what it is; a shorter one may hide an object.
SURE_US = 20 * US_PER_S
# A nuisance that was looked at closely is the same again within five minutes, if its box is by half.
KNOWN_US, ALIKE = 300 * US_PER_S, 0.5
# A file may be stated longer than its pictures are by the rounding of its clocks and one late picture.
SHORT_BY_US = 2 * US_PER_S


class Effort(StrEnum):
    """How much of a file is decoded."""

    INDEX = "index"
    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class ScanStats:
    """What was looked at. longest_keyframe_us is the longest stretch without one: what `quick` cannot see into."""

    footage_us: int = 0
    wall_us: int = 0
    packets: int = 0
    frames_decoded: int = 0
    longest_keyframe_us: int = 0
    keyframes: int = 0


@dataclass(frozen=True, slots=True)
class FileScan:
    """The answer for one file: times are µs from its first picture. Problems carry neither path nor camera."""

    events: tuple[Event, ...]
    noise: CameraNoise
    stats: ScanStats
    problems: tuple[Problem, ...] = ()
    size_px: tuple[int, int] | None = None


def skim_file(
    path: Path | str,
    *,
    effort: Effort = Effort.NORMAL,
    zones: Iterable[Zone] = (),
    masks: Iterable[Zone] = (),
    carry: CameraNoise | None = None,
) -> FileScan:
    """Look for events in one file. Never raises for what is wrong with the file: that is in the answer's Problems.

    carry is the camera's noise as the file before left it; the answer's noise is to be carried on. With effort index
    the events are whole minutes, all of them, ranked by score, and say nothing about motion.
    """
    began = time.perf_counter()
    scene = Scene(tuple(zones), tuple(masks), carry or CameraNoise())
    try:
        film = Film(path)
    except Unplayable as error:
        detail = str(error.facts["detail"])
        return FileScan((), scene.noise, ScanStats(), (Problem(ProblemKind.UNREADABLE, facts={"detail": detail}),))
    try:
        scan = _RUNS[effort](film, scene)
    finally:
        film.close()
    wall_us = round((time.perf_counter() - began) * US_PER_S)
    width, height = film.size_px
    events = tuple(replace(event, box_px=event.box.px(width, height)) for event in scan.events)
    return replace(scan, events=events, stats=replace(scan.stats, wall_us=wall_us), size_px=film.size_px)


def _index(film: Film, scene: Scene) -> FileScan:
    events = [each.event for each in Packets().findings(film, scene) if each.event]
    read = film.read
    read.reached_us = events[-1].end_us if events else 0
    problems = (each for each in _problems(film, read, None) if each.kind is not ProblemKind.NOTHING_TO_COMPARE)
    return FileScan(tuple(events), scene.noise, _stats(read, None), tuple(problems))


def _quick(film: Film, scene: Scene) -> FileScan:
    stage = Keyframes()
    events = [finding.event for finding in stage.findings(film, scene) if finding.event]
    found = without_covered(joined(events))
    return FileScan(tuple(found), stage.noise, _stats(film.read, stage), _problems(film, film.read, stage))


def _normal(film: Film, scene: Scene) -> FileScan:
    gaps = likely_gaps(read_index(film), GAPS_ANYWAY)
    stage = Keyframes(look_anyway=gaps)
    second = Film(film.path)
    closer = _Closer(Frames(every=False, sway=stage.sway), second, scene)
    events: list[Event] = []
    try:
        for finding in stage.findings(film, scene):
            events += closer.events(finding)
    finally:
        second.close()
    film.read.frames_decoded += second.read.frames_decoded
    film.read.damaged += second.read.damaged
    found = without_covered(joined(events))
    return FileScan(tuple(found), stage.noise, _stats(film.read, stage), _problems(film, film.read, stage))


class _Closer:
    """Has the stretches that keyframes leave open looked at frame by frame, none twice."""

    def __init__(self, stage: Frames, film: Film, scene: Scene) -> None:
        self._stage, self._film, self._scene = stage, film, scene
        self._looked_us = 0
        self._settled: list[Event] = []

    def events(self, finding: Finding) -> list[Event]:
        """Return what a finding comes to."""
        told, stretch = finding.event, finding.stretch
        if told is not None and not told.listed:
            if stretch.end_us <= self._looked_us:
                return []
            if stretch.length_us > SURE_US or self._known(told):
                return [told]
        elif told is None and stretch.start_us < self._looked_us:
            return []
        seen = [each.event for each in self._stage.findings(self._film, self._scene, [finding]) if each.event]
        self._looked_us = max(self._looked_us, stretch.end_us)
        if told is None:
            return [event for event in seen if event.listed]
        if not told.listed and not any(event.listed for event in seen):
            self._settled.append(told)
            return seen or [told]
        if not seen:  # nothing moved between the pictures: the keyframes differ for another reason
            return [replace(told, cause=Cause.LIGHT, found_by=FoundBy.FRAMES)]
        return seen

    def _known(self, told: Event) -> bool:
        """Say whether the same nuisance in the same place was looked at closely not long ago."""
        self._settled = [each for each in self._settled if told.start_us - each.end_us < KNOWN_US]
        return any(each.cause is told.cause and each.box.overlap(told.box) >= ALIKE for each in self._settled)


def _thorough(film: Film, scene: Scene) -> FileScan:
    stage = Frames(every=True)
    events = [finding.event for finding in stage.findings(film, scene) if finding.event]
    found = without_covered(joined(events))
    return FileScan(tuple(found), stage.noise, _stats(film.read, None), _problems(film, film.read, None, stage.dark_us))


_RUNS = {Effort.INDEX: _index, Effort.QUICK: _quick, Effort.NORMAL: _normal, Effort.THOROUGH: _thorough}


def _stats(read: Read, stage: Keyframes | None) -> ScanStats:
    return ScanStats(
        footage_us=read.reached_us,
        packets=read.packets,
        frames_decoded=read.frames_decoded,
        longest_keyframe_us=stage.longest_us if stage else read.longest_key_us,
        keyframes=stage.keyframes if stage else 0,
    )


def _problems(film: Film, read: Read, stage: Keyframes | None, dark_us: int = 0) -> tuple[Problem, ...]:
    found = read.problems()
    facts: dict[str, str | int]
    stated_us = film.stated_us
    if stated_us is not None and read.jumped_us is None and stated_us - read.reached_us > SHORT_BY_US:
        facts = {"read_s": read.reached_us // US_PER_S, "stated_s": stated_us // US_PER_S}
        found.append(Problem(ProblemKind.PICTURES_MISSING, facts=facts))
    longest_us = stage.longest_us if stage else read.longest_key_us
    if longest_us > LONGEST_US:
        found.append(Problem(ProblemKind.NO_KEYFRAMES, facts={"longest_s": longest_us // US_PER_S}))
    if missing_bytes := film.broken_off_bytes():
        size_bytes = Path(film.path).stat().st_size
        facts = {"present_bytes": size_bytes, "expected_bytes": size_bytes + missing_bytes}
        found.append(Problem(ProblemKind.TRUNCATED, facts=facts))
    if read.packets <= 1 or read.frames_decoded == 1:
        found.append(Problem(ProblemKind.NOTHING_TO_COMPARE))
    dark_us = dark_us or (stage.dark_us if stage else 0)
    if dark_us:
        found.append(Problem(ProblemKind.NO_LIGHT, facts={"dark_s": dark_us // US_PER_S}))
    return tuple(found)
