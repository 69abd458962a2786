"""Claims: what a file's name or folder says about its time, and how a claim becomes camera time."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from camtool.core.problem import Problem, ProblemKind

# Names are cut to whole seconds, so two of their times that differ by less than one more second may be the same.
CONFLICT_US = 1_000_000

_EPOCH_LOCAL = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - the origin of naive times
_EPOCH_UTC = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one path says. Local times are naive, as the camera's clock showed them; UTC times are aware.

    Where a recorder writes both (Xiaomi), both are given and have to agree. dst is what the name says about daylight
    saving time, where it says anything (Reolink). channel is the recorder's own name for the camera, as text (NFC).
    tail is how many trailing parts of the path the layout owns: what stands before them is the footage folder.

    A claim is what stands there, not what is likely: end_local may lie before start_local where a clock was set back
    while recording. Where the name gives the end as a time of day only, end_clock_only says so, and end_local is the
    next time after start_local that a clock shows it.
    """

    layout: str
    start_local: dt.datetime | None = None
    end_local: dt.datetime | None = None
    start_utc: dt.datetime | None = None
    end_utc: dt.datetime | None = None
    dst: bool | None = None
    channel: str | None = None
    tail: int = 1
    end_clock_only: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """A name that a layout must read, and what it must read there (ISO texts; with an offset where the name is UTC)."""

    path: str
    start: str
    end: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One vendor's way of naming files.

    name is what site.toml holds; title is for people; source says where the pattern was learnt. claim reads a path with
    `/` between its parts, relative or not, and returns None for a name that is not this vendor's. samples and foreign
    are the names the tests hold it to.
    """

    name: str
    title: str
    source: str
    claim: Callable[[str], Claim | None]
    samples: tuple[Sample, ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A claim in camera time, UTC µs. end_us is after start_us, or None where the name gives no end that can be so.

    problems carry neither path nor camera: whoever knows them adds them.
    """

    start_us: int
    end_us: int | None
    problems: tuple[Problem, ...] = ()


def place(claim: Claim, zone: ZoneInfo) -> Placed:
    """Place a claim in camera time: naive times are read on the site's clock, zone.

    A local time that occurs twice is the one the name's dst or epoch number says, else the first, with a REPEATED_HOUR
    Problem. One that the clocks skipped is placed by the offset before the jump, with CLAIM_IMPOSSIBLE. Local and UTC
    more than a second apart give CLAIM_CONFLICT, and local wins: it is what the camera's clock showed. An end before
    its start gives CLAIM_IMPOSSIBLE and no end. Raises ValueError for a claim without a start.
    """
    problems: list[Problem] = []
    start_us = _start_us(claim, zone, problems)
    return Placed(start_us, _end_us(claim, start_us, zone, problems), tuple(problems))


def _start_us(claim: Claim, zone: ZoneInfo, problems: list[Problem]) -> int:
    local, utc = claim.start_local, claim.start_utc
    if local is None:
        if utc is None:
            raise ValueError(claim)
        return _utc_us(utc)
    readings_us = _readings_us(local, zone, problems)
    if utc is not None:
        stated_us = _utc_us(utc)
        nearest_us = min(readings_us, key=lambda us: abs(us - stated_us))
        if abs(nearest_us - stated_us) <= CONFLICT_US:
            return nearest_us
    start_us = _chosen_us(readings_us, claim.dst, problems)
    if utc is not None:
        shown = local.replace(tzinfo=zone, fold=readings_us.index(start_us))
        facts = {"local": shown.isoformat(), "utc": utc.isoformat()}
        problems.append(Problem(ProblemKind.CLAIM_CONFLICT, facts=facts))
    return start_us


def _chosen_us(readings_us: tuple[int, ...], dst: bool | None, problems: list[Problem]) -> int:
    if len(readings_us) == 1:
        return readings_us[0]
    if dst is None:
        problems.append(Problem(ProblemKind.REPEATED_HOUR))
    return readings_us[1] if dst is False else readings_us[0]  # the first of the two is on summer time


def _end_us(claim: Claim, start_us: int, zone: ZoneInfo, problems: list[Problem]) -> int | None:
    """Return the earliest instant after the start that the name's end can mean; one in the start's second says nothing.

    An end that is only a time of day was put on the day after its start where it is earlier on the clock's face. If
    the clocks were put back in between (02:50 to 02:10), it can mean twenty minutes: that is tried too.
    """
    start = claim.start_local or claim.start_utc
    if claim.end_local is not None:
        said = claim.end_local
        readings_us = _readings_us(said, zone, problems)
        if claim.end_clock_only and start is not None and said.date() != start.date():
            readings_us += _readings_us(said - _DAY, zone, [])[1:]
    elif claim.end_utc is not None:
        said = claim.end_utc
        readings_us = (_utc_us(said),)
    else:
        return None
    end_us = min((us for us in readings_us if us > start_us), default=None)
    if end_us is None and start_us - max(readings_us) >= CONFLICT_US:
        problems.append(_impossible(f"{start.isoformat() if start else ''} → {said.isoformat()}"))
    return end_us


def _readings_us(local: dt.datetime, zone: ZoneInfo, problems: list[Problem]) -> tuple[int, ...]:
    """Return the instants at which the site's clock showed a naive time, UTC µs: one, or two in a repeated hour.

    For a time that no clock showed it is one too, by the offset before the jump, and a Problem. (PEP 495: in a gap
    fold=0 counts by the offset before it and comes out later than fold=1; in a repeated hour it comes out earlier.)
    """
    wall_us = (local - _EPOCH_LOCAL) // _MICROSECOND
    first_us, second_us = (wall_us - _offset_us(local.replace(fold=fold), zone) for fold in (0, 1))
    if first_us < second_us:
        return first_us, second_us
    if first_us > second_us:
        problems.append(_impossible(f"{local.isoformat()} {zone.key}"))
    return (first_us,)


def _offset_us(local: dt.datetime, zone: ZoneInfo) -> int:
    offset = zone.utcoffset(local)
    return 0 if offset is None else offset // _MICROSECOND


def _utc_us(moment: dt.datetime) -> int:
    return (moment - _EPOCH_UTC) // _MICROSECOND


def _impossible(detail: str) -> Problem:
    return Problem(ProblemKind.CLAIM_IMPOSSIBLE, facts={"detail": detail})
