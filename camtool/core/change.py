"""The words of `when`: looks, changes, answers. All times are µs of one clock; `when` searches in camera time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from camtool.core.model import Span
from camtool.errors import mark

L = TypeVar("L")


class Kind(StrEnum):
    """What became of the box over the window; the value is what JSON holds."""

    VANISHED = "vanished"
    APPEARED = "appeared"
    UNCHANGED = "unchanged"
    UNCLEAR = "unclear"


class Reason(StrEnum):
    """Why an answer is unclear, or what limits it; the value is what JSON holds, the words are in REASONS."""

    TINY = "tiny"
    FLAT = "flat"
    RESTLESS = "restless"
    ONE_PICTURE = "one_picture"
    EITHER_WAY = "either_way"
    IN_FRONT = "in_front"
    BRIEF = "brief"
    HIDDEN = "hidden"
    GAP = "gap"
    BUDGET = "budget"


REASONS = {
    Reason.TINY: mark("the box is too small to recognise anything in it"),
    Reason.FLAT: mark("there is nothing in the box to recognise: it is one flat surface"),
    Reason.RESTLESS: mark("the box never looks the same twice: nothing in it stands still"),
    Reason.ONE_PICTURE: mark("only one picture could be looked at, so there is nothing to compare it with"),
    Reason.EITHER_WAY: mark("the box changed, but whether a thing came or went cannot be told: look at the pictures"),
    Reason.IN_FRONT: mark(
        "what came or went is larger than the box and is seen for less than five minutes: it may be somebody who "
        "stands in front; ask for a longer window, or draw the box around the whole thing"
    ),
    Reason.BRIEF: mark(
        "it is there for less than five minutes when the window ends: a later end tells whether it stays"
    ),
    Reason.HIDDEN: mark("something stood in front of the box just then, so the change is only known to lie within"),
    Reason.GAP: mark("nothing can be seen of the time between: the change lies in a gap of the recordings"),
    Reason.BUDGET: mark("the search ended at its limit of pictures: the change lies within, look closer there"),
}


@dataclass(frozen=True, slots=True)
class Glance(Generic[L]):
    """One look at the box: when the picture is from, whether it is an infrared one, and the look itself."""

    at_us: int
    night: bool
    look: L


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of what tells two looks apart is seen of the first and of the last, 0 to 1.

    In a series, lost is how much the parts of the first that the picture before still showed fall in likeness, in the
    middle of them: a thing that moves takes all its parts along, somebody who steps in front covers some and leaves the
    others as they are. won is the same backwards: from the next picture to this one, for the last.
    """

    first: float
    last: float
    lost: float = 0.0
    won: float = 0.0


class Eye(Protocol[L]):
    """Who looks. decoded counts the pictures that were decoded so far."""

    decoded: int

    def near(self, at_us: int) -> Glance[L] | None:
        """Return the box at the keyframe at or before an instant, or at the nearest that can be read; None: nothing."""
        ...

    def ahead(self, at_us: Sequence[int]) -> None:
        """Hear of instants that will be asked for, to look at several at once."""
        ...

    def at(self, at_us: int) -> Glance[L] | None:
        """Return the box in the very picture that is shown at an instant; None where it cannot be had."""
        ...

    def every(self, after_us: int, before_us: int) -> Iterator[Glance[L]]:
        """Yield the box in every picture of [after_us, before_us], in order."""
        ...

    def likeness(self, one: L, other: L) -> float:
        """Return how much two looks are alike, 0 to 1."""
        ...

    def shares(self, look: L, first: Sequence[L], last: Sequence[L]) -> Shares:
        """Return how much is seen of first and of last, the looks before and after a change."""
        ...

    def series(self, looks: Sequence[L], first: L, last: L) -> list[Shares]:
        """Return the same for the pictures of a stretch, one after the other, with what each lost and won."""
        ...

    def calm(self, looks: Sequence[L], stood: L, gone: L) -> list[float | None]:
        """Return how alike what is seen of the thing that stood is to how it stood, of each look; None where hidden."""
        ...

    def substance(self, look: L) -> float:
        """Return how much there is to recognise, 0 (a flat wall) to 1 (structure all over)."""
        ...

    def where(self, one: L, other: L) -> float:
        """Say in which of two looks a thing stands: > 0 in one, < 0 in other, 0 cannot be told."""
        ...

    def beyond(self, one: L, other: L) -> float:
        """Return along how much of a side of the box (0 to 1) what tells two looks apart goes on well beyond it."""
        ...


@dataclass(frozen=True, slots=True)
class Change(Generic[L]):
    """One change: the box looked as `first` up to after_us and no more from before_us on.

    clear_before_us is the last picture that wholly shows the box as it was, clear_after_us the first that wholly shows
    it as it is afterwards; between them the thing moves, or somebody stands in front.
    """

    kind: Kind
    after_us: int
    before_us: int
    clear_before_us: int
    clear_after_us: int
    first: Glance[L]
    last: Glance[L]
    reasons: tuple[Reason, ...] = ()

    @property
    def last_shown_us(self) -> int:
        """The picture that shows how it was: the last with, or without."""
        return self.after_us if self.kind is not Kind.APPEARED else self.clear_before_us

    @property
    def first_shown_us(self) -> int:
        """The picture that shows how it is then: the first without, or with."""
        return self.clear_after_us if self.kind is not Kind.APPEARED else self.before_us


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch in which the box looked otherwise and then as before again.

    It began in [after_us, before_us) and ended in [back_after_us, back_before_us). empty: as if nothing stood there,
    or the box as it is at the other end of the window; else something stood in front, or it cannot be told.
    """

    after_us: int
    before_us: int
    back_after_us: int
    back_before_us: int
    empty: bool


@dataclass(frozen=True, slots=True)
class Verdict(Generic[L]):
    """The answer about one window: what became of the box, every change that was seen, and what was looked at."""

    kind: Kind
    change: Change[L] | None = None
    changes: tuple[Change[L], ...] = ()
    absences: tuple[Absence, ...] = ()
    reasons: tuple[Reason, ...] = ()
    switches: tuple[Span, ...] = ()
    keyframes: int = 0
    frames: int = 0
    looks: int = 0
    longest_unseen_us: int = 0


@dataclass(frozen=True, slots=True)
class Axis:
    """The recorded parts of a window laid end to end, so that a search never asks about a gap.

    spans are sorted, disjoint and not empty.
    """

    spans: tuple[Span, ...]
    starts_us: tuple[int, ...] = field(default=())

    @classmethod
    def of(cls, spans: Sequence[Span]) -> "Axis":
        """Lay spans end to end."""
        starts, reached_us = [], 0
        for span in spans:
            starts.append(reached_us)
            reached_us += span.length_us
        return cls(tuple(spans), tuple(starts))

    @property
    def length_us(self) -> int:
        """How much is recorded."""
        return sum(span.length_us for span in self.spans)

    def time_us(self, position_us: int) -> int:
        """Return the instant at a position; positions outside are brought to the ends."""
        position_us = min(max(position_us, 0), self.length_us - 1)
        for span, start_us in zip(reversed(self.spans), reversed(self.starts_us), strict=True):
            if position_us >= start_us:
                return span.start_us + position_us - start_us
        return self.spans[0].start_us

    def position_us(self, time_us: int) -> int:
        """Return the position of an instant; one in a gap has that of the gap."""
        reached_us = 0
        for span, start_us in zip(self.spans, self.starts_us, strict=True):
            if time_us < span.start_us:
                return reached_us
            reached_us = start_us + min(time_us - span.start_us, span.length_us)
        return reached_us

    def gap_within(self, after_us: int, before_us: int) -> bool:
        """Say whether there is a gap of more than a second between two instants that are recorded."""
        edges = [span.end_us for span in self.spans[:-1]]
        starts = [span.start_us for span in self.spans[1:]]
        return any(
            end_us > after_us and start_us <= before_us and start_us - end_us > 1_000_000
            for end_us, start_us in zip(edges, starts, strict=True)
        )
