"""From two looks that differ to the moment between: halve, vote where something stands in front, end frame by frame.

The box is compared with how it looked on either side, and with what of it was seen last on either side: where light
drifts, the reference drifts along. A picture that is like both sides tells that nothing happened but light.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Generic

from camtool.core.change import Axis, Change, Eye, Glance, Kind, L, Reason, Shares
from camtool.core.model import US_PER_S
from camtool.core.stirring import RESTED, quietest, stood_until

# Two looks are the same from here on, unless the box was seen to look less the same with itself (Sameness).
SAME_MOST, SAME_LEAST = 0.85, 0.5
# A side is told where so much of what tells them apart is seen of it, and so much more than of the other. A person in
# front of a parked car left a quarter of it to be seen, and a third of a motorbike (measured; docs/when.md).
SEEN, LEAD = 0.2, 0.15
# Whoever stands in front is gone some seconds or minutes before or after; the distances are no multiples of each other,
# because traffic lights, sweepers and recorders have their periods.
NEIGHBOURS_US = tuple(s * US_PER_S for s in (3, 11, 29, 67, 151))
# Here halving ends and every picture is decoded: "the final second".
FINAL_US = US_PER_S
# So long is decoded frame by frame at most: a group of pictures of 10 s (25 frames/s, a keyframe every 250) and who
# stands in front of it. Longer than that, the answer stays as wide as it is.
FRAMES_US = 24 * US_PER_S
# By so much the parts of a thing that are left fall in likeness from one picture to the next when it moves (measured:
# 0.08 to 0.6 as it rolls off; 0.03 at most while somebody walks in front of it).
MOVES = 0.05
# And so much less of it is seen two pictures later; a keyframe after blurred inter pictures changes less (0.86).
FALLS = 0.8
# Where it may have begun to move before the pictures that were looked at, so many more are looked at beside them.
BESIDE_US = (0, 2 * US_PER_S)
# And compared with how it stood so many pictures before, so that who stood in front is gone as far as may be.
QUIET = 10
# A thing is looked after so long, to be sure that it is really gone, or there.
LATER_US = (17 * US_PER_S, 61 * US_PER_S)
# Without a sight of either side for so long, the thing was hidden when it went.
HIDDEN_US = 3 * US_PER_S

# Numbers of pictures: after, before, clear_before, clear_after (as in Change); whether it was hidden.
Told = tuple[int, int, int, int, bool]


class Side(Enum):
    """What a picture shows: the first state, the last, both (nothing happened), or neither (something in front)."""

    FIRST = 1
    LAST = 2
    BOTH = 3
    NEITHER = 4


@dataclass(slots=True)
class Sameness:
    """From which likeness on two looks are the same: learnt from how much the box is like itself."""

    same: float = SAME_MOST

    def learn(self, likeness: float) -> None:
        """Take in how alike two pictures were that show the same; three times the shortfall is allowed."""
        self.same = max(SAME_LEAST, min(self.same, 1 - 3 * (1 - likeness), likeness - 0.04))


@dataclass(frozen=True, slots=True)
class Bracket(Generic[L]):
    """The two neighbouring looks between which the change lies, and the clean ones that they were told by."""

    before: Glance[L]
    after: Glance[L]
    first: tuple[Glance[L], ...]
    last: tuple[Glance[L], ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(slots=True)
class Turning(Generic[L]):
    """Searches one transition. limit is how many pictures may have been decoded in all before halving ends."""

    eye: Eye[L]
    axis: Axis
    sameness: Sameness
    limit: int
    looked: set[int] = field(default_factory=set)

    def near(self, at_us: int) -> Glance[L] | None:
        """Look near an instant, and keep in mind that it was looked at."""
        seen = self.eye.near(at_us)
        if seen is not None:
            self.looked.add(seen.at_us)
        return seen

    def narrow(self, first: Glance[L], last: Glance[L]) -> Bracket[L] | None:
        """Return the transition between two looks that differ; None where the box changed with the light alone."""
        firsts, lasts = [first], [last]
        low, high, hidden, spent = first, last, False, False
        while high.at_us - low.at_us > FINAL_US:
            if self.eye.decoded >= self.limit:
                spent = True
                break
            found = self._told(low, high, firsts, lasts)
            if found is None:
                break
            glance, side = found
            if side is Side.BOTH:
                return None
            if side is Side.NEITHER:
                hidden = True
                break
            if side is Side.FIRST:
                low = glance
                self._keep(firsts, glance, at_end=True)
            else:
                high = glance
                self._keep(lasts, glance, at_end=False)
        if self.eye.likeness(firsts[-1].look, lasts[0].look) >= self.sameness.same:
            return None
        reasons = [Reason.HIDDEN] * hidden + [Reason.BUDGET] * spent
        if self.axis.gap_within(low.at_us, high.at_us):
            reasons.append(Reason.GAP)
        return Bracket(low, high, tuple(firsts), tuple(lasts), tuple(reasons))

    def _keep(self, glances: list[Glance[L]], glance: Glance[L], *, at_end: bool) -> None:
        """Take a look as the nearest reference of its side if nothing stands in front: the outermost stays as well."""
        near = glances[-1] if at_end else glances[0]
        if self.eye.likeness(near.look, glance.look) < self.sameness.same:
            return
        if len(glances) > 1:
            glances.pop(-1 if at_end else 0)
        glances.insert(len(glances) if at_end else 0, glance)

    def side(self, glance: Glance[L], firsts: Sequence[Glance[L]], lasts: Sequence[Glance[L]]) -> Side:
        """Tell what a picture shows."""
        to_first = max(self.eye.likeness(each.look, glance.look) for each in firsts)
        to_last = max(self.eye.likeness(each.look, glance.look) for each in lasts)
        same = self.sameness.same
        if to_first >= same and to_last >= same:
            return Side.BOTH
        seen = self.eye.shares(glance.look, [each.look for each in firsts], [each.look for each in lasts])
        if seen.first >= SEEN and seen.first >= seen.last + LEAD:
            return Side.FIRST
        if seen.last >= SEEN and seen.last >= seen.first + LEAD:
            return Side.LAST
        return Side.NEITHER

    def _told(
        self, low: Glance[L], high: Glance[L], firsts: list[Glance[L]], lasts: list[Glance[L]]
    ) -> tuple[Glance[L], Side] | None:
        """Look in the middle; where neither side is seen, ask the neighbours. None: nothing lies between."""
        glance: Glance[L] | None = None
        for asked_us in self._asked(low, high):
            if self.eye.decoded >= self.limit and glance is not None:
                break
            seen = self.near(asked_us)
            if seen is None or not low.at_us < seen.at_us < high.at_us:
                if glance is None and asked_us == high.at_us - 1:
                    return None
                continue
            if glance is not None and seen.at_us == glance.at_us:
                continue
            glance = seen
            side = self.side(seen, firsts, lasts)
            if side is not Side.NEITHER:
                return seen, side
        return None if glance is None else (glance, Side.NEITHER)

    def _asked(self, low: Glance[L], high: Glance[L]) -> Iterator[int]:
        """Yield the middle, or what comes just before the end (keyframes are sparse), then neighbours of the middle."""
        start_us, end_us = self.axis.position_us(low.at_us), self.axis.position_us(high.at_us)
        middle_us = (start_us + end_us) // 2
        middle = self.near(self.axis.time_us(middle_us))
        if middle is not None and low.at_us < middle.at_us < high.at_us:
            yield self.axis.time_us(middle_us)
        else:
            yield high.at_us - 1
        room_us = (end_us - start_us) // 2
        for away_us in NEIGHBOURS_US:
            if away_us < room_us:
                yield self.axis.time_us(middle_us - away_us)
                yield self.axis.time_us(middle_us + away_us)
        if room_us <= NEIGHBOURS_US[-1]:
            yield self.axis.time_us(start_us + room_us // 8)
            yield self.axis.time_us(end_us - room_us // 8)

    def confirmed(self, first: Glance[L], last: Glance[L]) -> Bracket[L] | None:
        """Narrow, then look a little before and after; where one shows the other side, a vote went wrong: again."""
        found = self.narrow(first, last)
        for _ in range(3):
            if found is None or Reason.BUDGET in found.reasons:
                return found
            again = self._doubted(found, first, last)
            if again is None:
                return found
            found = self.narrow(*again)
        return found

    def _doubted(self, found: Bracket[L], first: Glance[L], last: Glance[L]) -> tuple[Glance[L], Glance[L]] | None:
        for away_us in LATER_US:
            later = self._away(found.after, away_us, last)
            if later is not None and self.side(later, found.first, found.last) is Side.FIRST:
                return later, last
        earlier = self._away(found.before, -LATER_US[0], first)
        if earlier is not None and self.side(earlier, found.first, found.last) is Side.LAST:
            return first, earlier
        return None

    def _away(self, glance: Glance[L], away_us: int, bound: Glance[L]) -> Glance[L] | None:
        """Look so far from a look, on the way to the bound."""
        at_us = self.axis.time_us(self.axis.position_us(glance.at_us) + away_us)
        seen = self.near(at_us)
        low_us, high_us = sorted((glance.at_us, bound.at_us))
        return seen if seen is not None and low_us < seen.at_us < high_us else None


def finished(eye: Eye[L], found: Bracket[L], kind: Kind) -> Change[L]:
    """Look at every picture of a bracket and say when it happened; wide ones stay as they are.

    Where it may have begun to move before the bracket (or still moves after it), pictures beside it are looked at, too.
    """
    low, high, reasons = found.before, found.after, list(found.reasons)
    wide = Change(kind, low.at_us, high.at_us, low.at_us, high.at_us, found.first[-1], found.last[0], found.reasons)
    if high.at_us - low.at_us > FRAMES_US or Reason.GAP in reasons:
        return wide
    glances = list(eye.every(low.at_us, high.at_us))
    if len(glances) < 2:
        return wide
    seen = eye.series([glance.look for glance in glances], found.first[-1].look, found.last[0].look)
    times_us = [glance.at_us for glance in glances]
    after, before, clear_before, clear_after, hidden = moment(times_us, seen, kind)
    reasons = [reason for reason in reasons if reason is not Reason.HIDDEN] + [Reason.HIDDEN] * hidden
    sharp = Change(
        kind,
        times_us[after],
        times_us[before],
        times_us[clear_before],
        times_us[clear_after],
        found.first[-1],
        found.last[0],
        tuple(reasons),
    )
    return sharp if hidden else _with_slow_start(eye, sharp, glances)


def _with_slow_start(eye: Eye[L], sharp: Change[L], glances: Sequence[Glance[L]]) -> Change[L]:
    """Widen a change by the pictures in which the thing may have moved already (of one that came: still) within noise.

    Where too few pictures before show it at rest, more are looked at.
    """
    came = sharp.kind is Kind.APPEARED
    film = list(reversed(glances)) if came else list(glances)
    moved_us = sharp.after_us if came else sharp.before_us
    for beside_us in BESIDE_US:
        edge_us = film[0].at_us
        if beside_us:
            more = list(eye.every(*sorted((edge_us, edge_us + (beside_us if came else -beside_us)))))
            film = [each for each in (reversed(more) if came else more) if each.at_us != edge_us] + film
        moved = next(at for at, each in enumerate(film) if each.at_us == moved_us)
        looks, gone = [each.look for each in film[: moved + 2]], film[-1].look
        rest = quietest(eye.calm(looks, looks[max(0, moved - QUIET)], gone), moved)
        stood = -1
        if rest is not None:
            stood = stood_until(eye.calm(looks, looks[rest[len(rest) // 2]], gone), moved, rest)
        if stood >= 0 and moved >= 2 * RESTED:  # else all that is known may be the start itself
            break
    if rest is None:
        return sharp
    stood_us = film[max(stood, 0)].at_us
    if came:
        return replace(
            sharp, before_us=max(sharp.before_us, stood_us), clear_after_us=max(sharp.clear_after_us, stood_us)
        )
    return replace(sharp, after_us=min(sharp.after_us, stood_us), clear_before_us=min(sharp.clear_before_us, stood_us))


def moment(times_us: Sequence[int], seen: Sequence[Shares], kind: Kind) -> Told:
    """Return which pictures the change lies between, which show it clearly before and after, and whether it was hidden.

    For a thing that came, the film is read backwards: then it goes.
    """
    if kind is not Kind.APPEARED:
        return _went(times_us, seen)
    top = len(seen) - 1
    back = [Shares(each.last, each.first, each.won, each.lost) for each in reversed(seen)]
    after, before, clear_before, clear_after, hidden = _went([-us for us in reversed(times_us)], back)
    return top - before, top - after, top - clear_after, top - clear_before, hidden


def _went(times_us: Sequence[int], seen: Sequence[Shares]) -> Told:
    top = len(seen) - 1
    last_seen = max((i for i, each in enumerate(seen[:-1]) if each.first >= SEEN and each.first > each.last), default=0)
    whole = max(each.first for each in seen[: last_seen + 1])
    clear_before = max((i for i in range(last_seen + 1) if seen[i].first >= 0.9 * whole), default=0)
    empty = max(each.last for each in seen[last_seen + 1 :])
    clear_after = next((i for i in range(last_seen + 1, top) if _stays(seen, i, 0.9 * empty)), top)
    # From the first picture in which all that is left of it falls, and does not come back, it moves.
    moves = next((i for i in range(1, min(last_seen + 2, top + 1)) if _moves(seen, i)), None)
    gone_from = last_seen + 1 if moves is None else moves
    # The place without it has to come into sight soon; else somebody stepped in front who covers all at once.
    sight = next((i for i in range(gone_from, top) if seen[i].last >= SEEN), top)
    after = gone_from - 1
    clear_before = min(clear_before, after)
    if sight > gone_from and times_us[sight] - times_us[max(after, last_seen)] > HIDDEN_US:
        return max(after, last_seen), sight, clear_before, clear_after, True
    return after, gone_from, clear_before, clear_after, False


def _moves(seen: Sequence[Shares], i: int) -> bool:
    shown = seen[i - 1].first
    soon = min(each.first for each in seen[i : i + 2])
    return seen[i].lost > MOVES and soon <= FALLS * shown and all(each.first < 0.9 * shown for each in seen[i:])


def _stays(seen: Sequence[Shares], start: int, least: float) -> bool:
    """Whether from here on the last is seen in two pictures running."""
    return all(each.last >= least for each in seen[start : start + 2])
