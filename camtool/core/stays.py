"""Over a window: look here and there, tell light and passers-by from changes, and narrow each change down.

A grid of looks over the whole window comes first, each compared with the one before: so slow light is followed, and a
thing that left and came back is seen if it was away for longer than the grid's step. A look that differs is asked
about at its neighbours before anything is made of it. Across a day/night switch the last look by day and the first by
night, some seconds apart, are taken for the same state.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic

from camtool.core.change import Absence, Axis, Change, Eye, Glance, Kind, L, Reason, Verdict
from camtool.core.model import US_PER_S, Span
from camtool.core.turning import Bracket, Sameness, Side, Turning, finished

DAY_US = 86_400 * US_PER_S
# The budget for 24 hours; the grid takes a third of it, and halving 90 minutes to a second needs 13.
LIMIT, GRID = 60, 16
# What is left of the budget goes into looks between those of the grid, as long as so many stay for what they find.
SPARE = 12
# So many looks tell at once whether it was only light.
ROUGH = 2
# Looks of a grid are no closer than this; keyframes hardly are.
STEP_US = US_PER_S
# A look that differs is compared with its neighbours so far away, the farthest passers-by first.
ASIDE_US = tuple(s * US_PER_S for s in (97, -41, 211, -151))
# In windows up to this the pictures at both ends are decoded from their keyframes on, which costs up to 250 each.
SHORT_US = 600 * US_PER_S
# In windows of minutes those distances shrink with the grid, but not below this for the nearest.
NEAREST_US = 3 * US_PER_S
# How the box looks at an end is what two of these looks agree on.
END_US = tuple(s * US_PER_S for s in (0, 53, 131, 29, 199))
# The switch to infrared light and back is narrowed to this: the lamp, the filter and the exposure take a few seconds.
SWITCH_US = 30 * US_PER_S
# A state that lasts less than this at an end of a window with others in it is somebody in front, not the state.
BRIEF_US = 150 * US_PER_S
# What hides the box for less than this and is gone again is somebody who passes or waits, and not worth a line.
PASSING_US = 300 * US_PER_S
# From this share of the box on there is something to recognise.
SUBSTANCE = 0.04
# So many changes are looked at frame by frame without --watch.
MOST_TOLD = 4
# Two looks a minute apart that are less alike than this are not the same thing in the same place.
AGREE = 0.6


# A look is 60 kB; a day has 1,440 minutes.
MOST_LOOKS = 200


@dataclass(slots=True)
class Stay(Generic[L]):
    """A stretch in which the box looks the same but for light and passers-by; looks are in time order."""

    looks: list[Glance[L]]
    began: Bracket[L] | None = None

    @property
    def length_us(self) -> int:
        """From the first look to the last."""
        return self.looks[-1].at_us - self.looks[0].at_us

    def keep(self, glance: Glance[L]) -> None:
        """Take a look in; of very many the first and the last stay."""
        self.looks.append(glance)
        if len(self.looks) > MOST_LOOKS:
            del self.looks[MOST_LOOKS // 4]

    def nearest(self, glance: Glance[L]) -> list[Glance[L]]:
        """Return the last look before an instant, and the last of the same light."""
        earlier = [each for each in self.looks if each.at_us <= glance.at_us] or self.looks[:1]
        alike = [each for each in earlier if each.night == glance.night]
        return [*alike[-1:], *(earlier[-1:] if not alike or alike[-1] is not earlier[-1] else [])]


@dataclass(frozen=True, slots=True)
class While(Generic[L]):
    """A stretch between two looks of one stay that shows something else, away."""

    going: Bracket[L]
    coming: Bracket[L]
    away: Glance[L]


@dataclass(slots=True)
class Search(Generic[L]):
    """One search. every_us: look so often, and narrow every change (`--watch`); None: within the budget."""

    eye: Eye[L]
    axis: Axis
    every_us: int | None = None
    sameness: Sameness = field(default_factory=Sameness)
    stays: list[Stay[L]] = field(default_factory=list)
    switches: list[Span] = field(default_factory=list)
    looked: set[int] = field(default_factory=set)
    unsettled: int = 0
    steps: int = 1
    progress: Callable[[int, int], None] | None = None

    @property
    def limit(self) -> int:
        """How many pictures may be decoded before the final second."""
        if self.every_us is not None:
            return 1 << 60
        return LIMIT * max(1, -(-self.axis.length_us // DAY_US))

    def turning(self) -> Turning[L]:
        """Return the search of one transition."""
        return Turning(self.eye, self.axis, self.sameness, self.limit, self.looked)

    def run(self) -> Verdict[L]:
        """Search; see Verdict."""
        grid = self._grid()
        self.steps = len(grid) + 1
        if self.every_us is None:
            self.eye.ahead([self.axis.time_us(at) for at in (0, *grid)])
        first = self._end(1)
        last = self._end(-1)
        if first is None or last is None or first.at_us >= last.at_us:
            return self._verdict(Kind.UNCLEAR, Reason.ONE_PICTURE)
        self.stays = [Stay([first])]
        settled = 0
        for done, position_us in enumerate(grid):
            if self.progress is not None:
                self.progress(done, len(grid))
            glance = self._near(position_us)
            if glance is not None and self.stays[-1].looks[-1].at_us < glance.at_us < last.at_us:
                settled += 1
                self._take(glance, last)
        if last.at_us > self.stays[-1].looks[-1].at_us:
            self._take(last, last, known=True)
        if settled >= 4 and self.unsettled > settled // 2:
            return self._verdict(Kind.UNCLEAR, Reason.RESTLESS)
        return self._concluded()

    def _grid(self) -> list[int]:
        length_us = self.axis.length_us
        if self.every_us is not None:
            steps = max(2, length_us // self.every_us)
        else:
            steps = min(GRID * max(1, -(-length_us // DAY_US)), max(2, length_us // STEP_US))
        # Off the beat: recorders begin files, and people take breaks, at full minutes and hours.
        return [length_us * (16 * i + (i * 5) % 7 - 3) // (16 * steps) for i in range(1, steps)]

    def _near(self, position_us: int) -> Glance[L] | None:
        glance = self.eye.near(self.axis.time_us(position_us))
        if glance is not None:
            self.looked.add(glance.at_us)
        return glance

    def _end(self, direction: int) -> Glance[L] | None:
        """Return how the box looks at an end of the window: what two looks agree on, or the most agreed on.

        In a short window the very first and last pictures are looked at: its keyframes may lie far inside it.
        """
        length_us = self.axis.length_us
        seen: list[Glance[L]] = []
        if length_us <= SHORT_US:
            edge = self.eye.at(self.axis.time_us(0 if direction > 0 else length_us - 1))
            if edge is not None:
                self.looked.add(edge.at_us)
                seen.append(edge)
        for away_us in END_US:
            away_us = min(away_us, length_us * away_us // (END_US[2] * 24))
            glance = self._near(away_us if direction > 0 else length_us - 1 - away_us)
            if glance is None or any(glance.at_us == each.at_us for each in seen):
                continue
            if seen and glance.at_us < self.axis.spans[0].start_us:
                continue  # the keyframe before the window is of before the window
            for each in seen:
                likeness = self.eye.likeness(each.look, glance.look)
                if likeness >= AGREE:
                    self.sameness.learn(likeness)
                    return each
            seen.append(glance)
        if not seen:
            return None
        return max(seen, key=lambda one: sum(self.eye.likeness(one.look, other.look) for other in seen))

    def _take(self, glance: Glance[L], end: Glance[L], *, known: bool = False) -> None:
        """Take in the next look of the grid. end is the state at the window's end; known looks need no second look."""
        stay = self.stays[-1]
        near = stay.nearest(glance)
        if max(self.eye.likeness(each.look, glance.look) for each in near) >= self.sameness.same:
            stay.keep(glance)
            return
        if near[0].night != glance.night:
            self._cross(stay, glance, end, known=known)
            return
        if not known and self.turning().side(glance, near, [end]) is Side.FIRST:
            return  # somebody stands in front of a part of it
        if not known and not self._agreed(glance, stay):
            return
        before = max((each for each in near if each.night == glance.night), key=lambda each: each.at_us)
        turning = self.turning()
        if self.every_us is None:
            # Enough to tell the light from a change; where the change is comes when all stays are known.
            turning.limit = min(turning.limit, self.eye.decoded + ROUGH)
        found = turning.narrow(before, glance)
        if found is None:
            stay.keep(glance)
        else:
            self.stays.append(Stay([found.last[0], glance] if found.last[0] is not glance else [glance], found))

    def _third(self, found: Bracket[L], stay: Stay[L]) -> Glance[L] | None:
        """Return a look at what is neither side for long between two looks: a state of its own, not a passer-by."""
        if Reason.HIDDEN not in found.reasons or found.after.at_us - found.before.at_us < BRIEF_US:
            return None
        low_us, high_us = self.axis.position_us(found.before.at_us), self.axis.position_us(found.after.at_us)
        middle = self._near((low_us + high_us) // 2)
        if middle is None or not found.before.at_us < middle.at_us < found.after.at_us:
            return None
        return middle if self._agreed(middle, stay) else None

    def _agreed(self, glance: Glance[L], stay: Stay[L]) -> bool:
        """Whether neighbours show the same as a look that differs; False where it was somebody in front for a while."""
        length_us, at_us = self.axis.length_us, self.axis.position_us(glance.at_us)
        reach = min(1.0, length_us / self.steps / (2.2 * ASIDE_US[2]))
        reach = max(reach, min(NEAREST_US / -ASIDE_US[1], length_us / (8 * ASIDE_US[2])))
        for away_us in ASIDE_US:
            if self.eye.decoded >= self.limit:
                break
            seen = self._near(at_us + round(away_us * reach))
            if seen is None or seen.at_us in (glance.at_us, stay.looks[-1].at_us):
                continue
            likeness = self.eye.likeness(seen.look, glance.look)
            if likeness >= max(AGREE, self.sameness.same - 0.1):
                return True
            near = stay.nearest(seen)
            if max(self.eye.likeness(each.look, seen.look) for each in near) >= self.sameness.same:
                if stay.looks[-1].at_us < seen.at_us <= glance.at_us:
                    stay.keep(seen)
                return False
        self.unsettled += 1
        return False

    def _cross(self, stay: Stay[L], glance: Glance[L], end: Glance[L], *, known: bool) -> None:
        """Follow the box over a day/night switch, then take the look in by the new light."""
        low, high = stay.looks[-1], glance
        while high.at_us - low.at_us > SWITCH_US and self.eye.decoded < self.limit - SPARE:
            low_us, high_us = self.axis.position_us(low.at_us), self.axis.position_us(high.at_us)
            middle = self._near((low_us + high_us) // 2)
            if middle is None or not low.at_us < middle.at_us < high.at_us:
                break
            if middle.night == glance.night:
                high = middle
            else:
                low = middle
        if low is not stay.looks[-1]:
            self._take(low, end)
        if high.at_us - low.at_us > max(SWITCH_US, stay.length_us // 8) and high is glance:
            # Nothing lies between: a gap, or the end of the budget. Then the two have to be compared as they are.
            found = self.turning().confirmed(low, glance)
            if found is not None:
                self.stays.append(Stay([glance], found))
            else:
                self.stays[-1].keep(glance)
            return
        self.switches.append(Span(low.at_us, high.at_us))
        self.stays[-1].keep(high)
        if high is not glance:
            self._take(glance, end, known=known)

    def _look_between(self, stays: Sequence[Stay[L]], known: list[While[L]]) -> Iterator[While[L]]:
        """Spend what is left of the budget on looks between the others: it may have been away for a while."""
        while self.eye.decoded < self.limit - SPARE:
            looked = sorted(self.looked)
            places = [self.axis.position_us(us) for us in looked]
            widths = [after - before for before, after in pairwise(places)]
            if not widths or max(widths) < 2 * STEP_US:
                return
            at = widths.index(max(widths))
            glance = self._near((places[at] + places[at + 1]) // 2)
            if glance is None or glance.at_us in looked:
                return
            if any(one.going.before.at_us < glance.at_us < one.coming.after.at_us for one in known):
                continue
            found = list(self._away(glance, stays))
            known += found
            yield from found

    def _away(self, glance: Glance[L], stays: Sequence[Stay[L]]) -> Iterator[While[L]]:
        """Say where a look within a stay is not of it, and for how long."""
        for stay in stays:
            if not stay.looks[0].at_us < glance.at_us < stay.looks[-1].at_us:
                continue
            near = stay.nearest(glance)
            after = next(each for each in stay.looks if each.at_us > glance.at_us)
            likeness = max(self.eye.likeness(each.look, glance.look) for each in (*near, after))
            if likeness >= self.sameness.same or glance.night not in (near[0].night, after.night):
                return
            if near[0].night != after.night or not self._agreed(glance, stay):
                return
            going = self.turning().narrow(near[-1], glance)
            coming = self.turning().narrow(glance, after)
            if going is not None and coming is not None:
                yield While(going, coming, glance)
            return

    def _absence(self, one: While[L]) -> Absence:
        going, coming = one.going, one.coming
        return Absence(
            going.before.at_us,
            going.after.at_us,
            coming.before.at_us,
            coming.after.at_us,
            self.eye.where(going.first[-1].look, one.away.look) > 0,
        )

    def _alike(self, one: Stay[L], other: Stay[L]) -> bool:
        """Whether two stays show the same: the nearest looks of each, and those of the same light."""
        pairs = [(one.looks[-1], other.looks[0]), (one.looks[0], other.looks[-1])]
        pairs += [(a, b) for a in one.looks[-3:] for b in other.looks[:3] if a.night == b.night]
        return max(self.eye.likeness(a.look, b.look) for a, b in pairs) >= self.sameness.same - 0.05

    def _concluded(self) -> Verdict[L]:
        stays, whiles = self._sharpened(list(self.stays))
        if self.every_us is None:
            whiles += list(self._look_between(stays, list(whiles)))
        keyframes = self.eye.decoded
        whiles = [one for one in whiles if self._worth_telling(one)]
        told = [stay.began for stay in stays[1:]] + [found for one in whiles for found in (one.going, one.coming)]
        sharp = [found for found in told if found is not None and Reason.BUDGET not in found.reasons]
        main = stays[1].began if len(stays) > 1 else None
        sharp = sorted(sharp, key=lambda found: found.before.at_us)
        if self.every_us is None:
            sharp = sharp[-MOST_TOLD:]
        kinds = {id(found): kind for one in whiles for found, kind in self._kinds(one)}
        changes = {id(found): finished(self.eye, found, kinds.get(id(found)) or self._kind(found)) for found in sharp}
        if main is not None and id(main) not in changes:
            changes[id(main)] = finished(self.eye, main, self._kind(main))
        change = None if main is None else changes[id(main)]
        listed = sorted(changes.values(), key=lambda each: each.after_us)
        absences = sorted(map(self._absence, whiles), key=lambda each: each.after_us)
        kind, reasons = Kind.UNCHANGED, list[Reason]()
        if change is not None:
            kind, reasons = change.kind, [Reason.EITHER_WAY] * (change.kind is Kind.UNCLEAR) + list(change.reasons)
        elif not absences and max(self.eye.substance(stays[0].looks[at].look) for at in (0, -1)) < SUBSTANCE:
            kind, reasons = Kind.UNCLEAR, [Reason.FLAT]
        return self._verdict(kind, *reasons, change=change, changes=listed, absences=absences, keyframes=keyframes)

    def _sharpened(self, stays: list[Stay[L]]) -> tuple[list[Stay[L]], list[While[L]]]:
        """Narrow the changes down: first those that stay, then those that were undone, as far as the budget goes."""
        whiles: list[While[L]] = []
        done: list[Bracket[L]] = []
        stays = self._without_returns(stays, whiles)
        at = 1
        while at < len(stays):
            found = stays[at].began
            if found is None or any(found is each for each in done):
                at += 1
                continue
            sharp = self.turning().confirmed(found.first[-1], found.last[0])
            third = None if sharp is None else self._third(sharp, stays[at - 1])
            if sharp is None:
                stays[at - 1 : at + 1] = [Stay([*stays[at - 1].looks, *stays[at].looks], stays[at - 1].began)]
            elif third is not None:
                into = Bracket(sharp.before, third, sharp.first, (third,), (Reason.BUDGET,))
                out = Bracket(third, sharp.after, (third,), sharp.last, (Reason.BUDGET,))
                stays[at : at + 1] = [Stay([third], into), Stay(stays[at].looks, out)]
            else:
                stays[at] = Stay(stays[at].looks, sharp)
                done.append(sharp)
            stays = self._without_returns(stays, whiles)
            at = 1
        if len(stays) > 2 and stays[0].length_us < BRIEF_US and stays[1].length_us > 10 * BRIEF_US:
            stays = stays[1:]
        stays = self._without_returns(self._without_passers_by(stays), whiles)
        # A thing that was away tells more than somebody who stood in front.
        for one in sorted(whiles, key=lambda each: not self._absence(each).empty):
            whiles[whiles.index(one)] = self._sharp_while(one)
        return stays, whiles

    def _sharp_while(self, one: While[L]) -> While[L]:
        ends = []
        for found in (one.going, one.coming):
            sharp: Bracket[L] | None = found
            if Reason.BUDGET in found.reasons and self.eye.decoded < self.limit:
                sharp = self.turning().narrow(found.first[-1], found.last[0])
            ends.append(found if sharp is None else sharp)
        return While(ends[0], ends[1], one.away)

    def _worth_telling(self, one: While[L]) -> bool:
        lasted_us = one.coming.before.at_us - one.going.after.at_us
        return lasted_us >= PASSING_US or self._absence(one).empty

    def _without_returns(self, stays: list[Stay[L]], whiles: list[While[L]]) -> list[Stay[L]]:
        """Join what looks the same again after a while; the whiles are kept."""
        while absent := self._came_back(stays):
            start, end = absent
            going, coming = stays[start].began, stays[end].began
            if going is not None and coming is not None:
                whiles.append(While(going, coming, stays[start].looks[-1]))
            merged = Stay([*stays[start - 1].looks, *stays[end].looks], stays[start - 1].began)
            stays = [*stays[: start - 1], merged, *stays[end + 1 :]]
        return stays

    def _without_passers_by(self, stays: Sequence[Stay[L]]) -> list[Stay[L]]:
        """Join a change that was seen as two, because somebody stood in front for a while just then.

        What is in between looks like neither side, and one of them is the empty place: so it is not the thing gone.
        """
        kept = list(stays[:1])
        for stay in stays[1:]:
            going, coming = kept[-1].began, stay.began
            if (
                len(kept) < 2
                or going is None
                or coming is None
                or coming.before.at_us - going.after.at_us >= BRIEF_US
                or self.eye.where(going.first[-1].look, coming.last[0].look) == 0
            ):
                kept.append(stay)
                continue
            joined = Bracket(going.before, coming.after, going.first, coming.last, (Reason.HIDDEN,))
            kept[-1] = Stay(stay.looks, joined)
        return kept

    def _kind(self, found: Bracket[L]) -> Kind:
        where = self.eye.where(found.first[-1].look, found.last[0].look)
        return Kind.VANISHED if where > 0 else Kind.APPEARED if where < 0 else Kind.UNCLEAR

    def _kinds(self, one: While[L]) -> list[tuple[Bracket[L], Kind]]:
        """Return what the two changes of a stretch were: one undoes the other, so the surer of the two is believed."""
        going, coming = (self.eye.where(found.first[-1].look, found.last[0].look) for found in (one.going, one.coming))
        sure = going if abs(going) >= abs(coming) else -coming
        kinds = (Kind.VANISHED, Kind.APPEARED) if sure > 0 else (Kind.APPEARED, Kind.VANISHED)
        return [] if sure == 0 else list(zip((one.going, one.coming), kinds, strict=True))

    def _came_back(self, stays: Sequence[Stay[L]]) -> tuple[int, int] | None:
        """Return the first stay that is not like the one before it, and the next later one that is like that again."""
        for start in range(len(stays) - 2):
            for end in range(start + 2, len(stays)):
                if self._alike(stays[start], stays[end]):
                    return start + 1, end
        return None

    def _verdict(
        self,
        kind: Kind,
        *reasons: Reason,
        change: Change[L] | None = None,
        changes: Sequence[Change[L]] = (),
        absences: Sequence[Absence] = (),
        keyframes: int | None = None,
    ) -> Verdict[L]:
        places = sorted(self.axis.position_us(us) for us in self.looked)
        places = [0, *places, self.axis.length_us]
        decoded = self.eye.decoded
        before_end = decoded if keyframes is None else keyframes
        return Verdict(
            kind,
            change,
            tuple(changes),
            tuple(absences),
            tuple(dict.fromkeys(reasons)),
            tuple(self.switches),
            before_end,
            decoded - before_end,
            len(self.looked),
            max(after - before for before, after in pairwise(places)),
        )
