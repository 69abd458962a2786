"""From what was found out about one file to its row in the catalog and its Problems."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from camtool.core.claim import Claim, Placed, place
from camtool.core.model import MediaFacts, State
from camtool.core.problem import Problem, ProblemKind
from camtool.core.settle import settle
from camtool.jobs.walk import VIDEO_SUFFIXES, Found
from camtool.store.catalog import Entry, Known


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
    """One file of the run, for a progress bar and a list of Problems; state and Problems as stored.

    fate is None for what is said of the whole folder.
    """

    camera: int
    path: str
    fate: Fate | None
    state: State | None = None
    problems: tuple[Problem, ...] = ()
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to be examined, with what the catalog knew of it. file is where it lies, as the system names it.

    changes are what an earlier run found changed in it, where nothing speaks for its old bytes being back.
    """

    camera: int
    found: Found
    file: str
    claim: Claim | None
    known: Known | None = None
    fate: Fate = Fate.NEW
    changes: tuple[Problem, ...] = ()


def entry_of(candidate: Candidate, facts: MediaFacts, zone: ZoneInfo, now_us: int) -> tuple[Entry, Seen]:
    """Return the row to be stored for a file, and what to tell about it."""
    found, claim, known = candidate.found, candidate.claim, candidate.known
    placed = place(claim, zone) if claim else _container_start(facts, zone)
    settled = settle(placed.start_us if placed else None, placed.end_us if placed else None, facts)
    problems = (*facts.problems, *(placed.problems if placed else ()), *settled.problems)
    state = facts.state
    if claim is None and found.problem is None:
        state, problems = _unknown_name(found.path, facts, problems)
    if candidate.fate is Fate.CHANGED and known is not None:
        sizes = {"was_bytes": known.size_bytes, "is_bytes": found.size_bytes}
        state, problems = State.CHANGED, (Problem(ProblemKind.CHANGED, facts=sizes), *problems)
    elif candidate.changes:
        state, problems = State.CHANGED, (*candidate.changes, *problems)
    values = {
        "camera": candidate.camera,
        "path": found.path,
        "size_bytes": found.size_bytes,
        "mtime_ns": found.mtime_ns,
        "ctime_ns": found.ctime_ns,
        "state": state,
        "layout": claim.layout if claim else None,
        "channel": claim.channel if claim else None,
        "claim_start_us": placed.start_us if placed and claim else None,
        "claim_end_us": placed.end_us if placed and claim else None,
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
        "indexed_us": now_us,
    }
    seen = Seen(candidate.camera, found.path, candidate.fate, state, problems, found.size_bytes)
    return Entry(values, problems, known.id if known else None), seen


def _container_start(facts: MediaFacts, zone: ZoneInfo) -> Placed | None:
    """Place a recording by the start its container states by the camera's own clock (DHAV), if its name says none.

    An MP4's creation_time is kept in the catalog but not believed: recorders write the end, the local time as if it
    were UTC, or the day the firmware was made.
    """
    if facts.container_start_local is None:
        return None
    return place(Claim("container", start_local=dt.datetime.fromisoformat(facts.container_start_local)), zone)


def _unknown_name(path: str, facts: MediaFacts, problems: tuple[Problem, ...]) -> tuple[State, tuple[Problem, ...]]:
    """Call a file that no layout knows foreign; where its content is damaged too, the damage is the graver state."""
    foreign = Problem(ProblemKind.FOREIGN)
    if facts.state is State.OK:
        return State.FOREIGN, (*problems, foreign)
    not_video = any(problem.kind is ProblemKind.NOT_VIDEO for problem in problems)
    if not_video and PurePosixPath(path).suffix.lower() not in VIDEO_SUFFIXES:
        return State.FOREIGN, (foreign,)
    return facts.state, (*problems, foreign)
