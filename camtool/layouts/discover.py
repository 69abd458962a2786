"""Which cameras a heap of recordings holds: paths grouped by folder, naming and channel."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from zoneinfo import ZoneInfo

from camtool.core.claim import Claim, Layout, place
from camtool.layouts.registry import claim_with

# Folders that people and FTP servers sort by: 2026-11-24, 20261124, 2026/11/24, 2026-11/24. They are no camera's.
_WHOLE_DAY = re.compile(r"(?:19|20)[0-9]{2}([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])")
_MONTH = re.compile(r"(?:19|20)[0-9]{2}[-_.]?(?:0[1-9]|1[0-2])")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_TWO = re.compile(r"[0-3]?[0-9]")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One camera that the paths speak of. footage is a folder relative to where they start ("" for that folder itself).

    channel is None where the folder holds one channel only: then every file there is this camera's. first_us and
    last_us are the earliest and the latest start, camera time.
    """

    footage: str
    layout: str
    channel: str | None
    files: int
    first_us: int
    last_us: int


@dataclass(frozen=True, slots=True)
class Discovery:
    """Proposals by folder, layout and channel; and how many paths no layout knows, by top folder ("": none)."""

    proposals: tuple[Proposal, ...]
    unknown: Mapping[str, int]


def discover(paths: Iterable[str], choice: Sequence[Layout], zone: ZoneInfo) -> Discovery:
    """Propose cameras for relative paths with `/` between their parts; zone is the site's.

    Reads paths once and keeps one entry for each proposal and each unknown top folder, however many files there are.
    """
    found: dict[tuple[str, str, str | None], Proposal] = {}
    unknown: dict[str, int] = {}
    for path in paths:
        claim = claim_with(path, choice)
        if claim is None:
            top = path.partition("/")[0] if "/" in path else ""
            unknown[top] = unknown.get(top, 0) + 1
            continue
        footage, start_us = _footage(path, claim), place(claim, zone).start_us
        key = footage, claim.layout, claim.channel
        found[key] = _with(found.get(key), Proposal(footage, claim.layout, claim.channel, 1, start_us, start_us))
    return Discovery(_proposals(found), MappingProxyType(unknown))


def _with(known: Proposal | None, one: Proposal) -> Proposal:
    if known is None:
        return one
    first_us, last_us = min(known.first_us, one.first_us), max(known.last_us, one.last_us)
    return replace(known, files=known.files + 1, first_us=first_us, last_us=last_us)


def _proposals(found: Mapping[tuple[str, str, str | None], Proposal]) -> tuple[Proposal, ...]:
    channels: dict[tuple[str, str], int] = {}
    for footage, layout, _ in found:
        channels[footage, layout] = channels.get((footage, layout), 0) + 1
    alone = (replace(one, channel=None) if channels[one.footage, one.layout] == 1 else one for one in found.values())
    return tuple(sorted(alone, key=lambda one: (one.footage, one.layout, one.channel or "")))


def _footage(path: str, claim: Claim) -> str:
    """Return the folder above what the layout owns, and above folders that only sort by day."""
    parts = path.split("/")[: -claim.tail]
    if parts and _WHOLE_DAY.fullmatch(parts[-1]):
        parts.pop()
    elif len(parts) > 1 and _TWO.fullmatch(parts[-1]) and _MONTH.fullmatch(parts[-2]):
        del parts[-2:]
    elif len(parts) > 2 and _TWO.fullmatch(parts[-1]) and _TWO.fullmatch(parts[-2]) and _YEAR.fullmatch(parts[-3]):
        del parts[-3:]
    return "/".join(parts)
