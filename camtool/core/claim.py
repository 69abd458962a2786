"""Claims: what a file's name or folder says about its time, and how a claim becomes camera time."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """What one path says. Local times are naive, as the camera's clock showed them; UTC times are aware.

    Where a recorder writes both (Xiaomi), both are given and have to agree. dst is what the name says about daylight
    saving time, where it says anything (Reolink). channel is the recorder's own name for the camera, as text. tail is
    how many trailing parts of the path the layout owns: what stands before them is the footage folder.
    """

    layout: str
    start_local: dt.datetime | None = None
    end_local: dt.datetime | None = None
    start_utc: dt.datetime | None = None
    end_utc: dt.datetime | None = None
    dst: bool | None = None
    channel: str | None = None
    tail: int = 1


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
