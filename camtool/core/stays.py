"""Over a window: look here and there, and tell light and passers-by from changes (core.outcome narrows them down).

A grid of looks over the whole window comes first, each compared with the one before: so slow light is followed, and a
thing that left and came back is seen if it was away for longer than the grid's step. A look that differs is asked
about at its neighbours before anything is made of it. Across a day/night switch the last look by day and the first by
night, some seconds apart, are taken for the same state.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from camtool.core.change import Glance, Kind, L, Reason, Verdict
from camtool.core.looking import AGREE, DAY_US, SPARE, STEP_US, Looking
from camtool.core.model import US_PER_S, Span
from camtool.core.outcome import Outcome, answered
from camtool.core.stay import Stay
from camtool.core.turning import Side

# Looks of the grid for 24 hours: a third of the budget; halving 90 minutes to a second needs 13.
GRID = 16
# So many looks tell at once whether it was only light.
ROUGH = 2
# In windows up to this the pictures at both ends are decoded from their keyframes on, which costs up to 250 each.
SHORT_US = 600 * US_PER_S
# How the box looks at an end is what two of these looks agree on.
END_US = tuple(s * US_PER_S for s in (0, 53, 131, 29, 199))
# The switch to infrared light and back is narrowed to this: the lamp, the filter and the exposure take a few seconds.
SWITCH_US = 30 * US_PER_S


@dataclass(slots=True)
class Search(Looking[L]):
    """One search. stays are what was found so far, switches between which looks the camera changed its light."""

    stays: list[Stay[L]] = field(default_factory=list)
    switches: list[Span] = field(default_factory=list)
    progress: Callable[[int, int], None] | None = None

    def run(self) -> Verdict[L]:
        """Search; see Verdict."""
        grid = self._grid()
        self.steps = len(grid) + 1
        if self.every_us is None:
            self.eye.ahead([self.axis.time_us(at) for at in (0, *grid)])
        first = self._end(1)
        last = self._end(-1)
        if first is None or last is None or first.at_us >= last.at_us:
            return answered(self, self.switches, Kind.UNCLEAR, Reason.ONE_PICTURE)
        self.stays = [Stay([first])]
        settled = 0
        for done, position_us in enumerate(grid):
            if self.progress is not None:
                self.progress(done, len(grid))
            glance = self.near(position_us)
            if glance is not None and self.stays[-1].looks[-1].at_us < glance.at_us < last.at_us:
                settled += 1
                self._take(glance, last)
        if last.at_us > self.stays[-1].looks[-1].at_us:
            self._take(last, last, known=True)
        if settled >= 4 and self.unsettled > settled // 2:
            return answered(self, self.switches, Kind.UNCLEAR, Reason.RESTLESS)
        return Outcome(self, self.stays, self.switches).verdict()

    def _grid(self) -> list[int]:
        length_us = self.axis.length_us
        if self.every_us is not None:
            steps = max(2, length_us // self.every_us)
        else:
            steps = min(GRID * max(1, -(-length_us // DAY_US)), max(2, length_us // STEP_US))
        # Off the beat: recorders begin files, and people take breaks, at full minutes and hours.
        return [length_us * (16 * i + (i * 5) % 7 - 3) // (16 * steps) for i in range(1, steps)]

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
            glance = self.near(away_us if direction > 0 else length_us - 1 - away_us)
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
        if not known and not self.agreed(glance, stay):
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

    def _cross(self, stay: Stay[L], glance: Glance[L], end: Glance[L], *, known: bool) -> None:
        """Follow the box over a day/night switch, then take the look in by the new light."""
        low, high = stay.looks[-1], glance
        while high.at_us - low.at_us > SWITCH_US and self.eye.decoded < self.limit - SPARE:
            low_us, high_us = self.axis.position_us(low.at_us), self.axis.position_us(high.at_us)
            middle = self.near((low_us + high_us) // 2)
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
