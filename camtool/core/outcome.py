"""From the stays of a window to the answer: sharpen each change, join what came back, say what came or went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic

from camtool.core.change import Absence, Change, Glance, Kind, L, Reason, Verdict
from camtool.core.looking import SPARE, STEP_US, Looking
from camtool.core.model import US_PER_S, Span
from camtool.core.standing import doubts
from camtool.core.stay import PASSING_US, Stay, While
from camtool.core.turning import Bracket, finished

# A state that lasts less than this at an end of a window with others in it is somebody in front, not the state.
BRIEF_US = 150 * US_PER_S
# From this share of the box on there is something to recognise.
SUBSTANCE = 0.04
# So many changes are looked at frame by frame without --watch.
MOST_TOLD = 4


@dataclass(slots=True)
class Outcome(Generic[L]):
    """The stays that a search found, in order, and the camera's switches between day and night."""

    looking: Looking[L]
    stays: list[Stay[L]]
    switches: Sequence[Span]

    def verdict(self) -> Verdict[L]:
        """Sharpen, look between, finish frame by frame, and say what it comes to."""
        stays, whiles = self._sharpened(list(self.stays))
        if self.looking.every_us is None:
            whiles += list(self._look_between(stays, list(whiles)))
        whiles = [one for one in whiles if self._worth_telling(one)]
        main = stays[1].began if len(stays) > 1 else None
        keyframes = self.looking.eye.decoded
        changes = self._changes(stays, whiles, main)
        change = None if main is None else changes[id(main)]
        kind, reasons = Kind.UNCHANGED, list[Reason]()
        if main is not None and change is not None:
            found = doubts(self.looking, change, stays[0], stays[1])
            keyframes = self.looking.eye.decoded
            if Reason.IN_FRONT in found:
                change = changes[id(main)] = replace(change, kind=Kind.UNCLEAR)
            elif change.kind is Kind.UNCLEAR:
                found = (Reason.EITHER_WAY,)
            kind, reasons = change.kind, [*found, *change.reasons]
        elif not whiles and max(self.looking.eye.substance(stays[0].looks[at].look) for at in (0, -1)) < SUBSTANCE:
            kind, reasons = Kind.UNCLEAR, [Reason.FLAT]
        return answered(
            self.looking,
            self.switches,
            kind,
            *reasons,
            change=change,
            changes=sorted(changes.values(), key=lambda each: each.after_us),
            absences=sorted(map(self._absence, whiles), key=lambda each: each.after_us),
            keyframes=keyframes,
        )

    def _changes(
        self, stays: Sequence[Stay[L]], whiles: Sequence[While[L]], main: Bracket[L] | None
    ) -> dict[int, Change[L]]:
        """Return what was narrowed down far enough, and the main change, looked at frame by frame; by id of bracket."""
        told = [stay.began for stay in stays[1:]] + [found for one in whiles for found in (one.going, one.coming)]
        sharp = [found for found in told if found is not None and Reason.BUDGET not in found.reasons]
        sharp = sorted(sharp, key=lambda found: found.before.at_us)
        if self.looking.every_us is None:
            sharp = sharp[-MOST_TOLD:]
        if main is not None and all(found is not main for found in sharp):
            sharp.append(main)
        kinds = {id(found): kind for one in whiles for found, kind in self._kinds(one)}
        return {id(each): finished(self.looking.eye, each, kinds.get(id(each)) or self._kind(each)) for each in sharp}

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
            sharp = self.looking.turning().confirmed(found.first[-1], found.last[0])
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
            if Reason.BUDGET in found.reasons and self.looking.eye.decoded < self.looking.limit:
                sharp = self.looking.turning().narrow(found.first[-1], found.last[0])
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
                or self.looking.eye.where(going.first[-1].look, coming.last[0].look) == 0
            ):
                kept.append(stay)
                continue
            joined = Bracket(going.before, coming.after, going.first, coming.last, (Reason.HIDDEN,))
            kept[-1] = Stay(stay.looks, joined)
        return kept

    def _kind(self, found: Bracket[L]) -> Kind:
        where = self.looking.eye.where(found.first[-1].look, found.last[0].look)
        return Kind.VANISHED if where > 0 else Kind.APPEARED if where < 0 else Kind.UNCLEAR

    def _kinds(self, one: While[L]) -> list[tuple[Bracket[L], Kind]]:
        """Return what the two changes of a stretch were: one undoes the other, so the surer of the two is believed."""
        going, coming = (
            self.looking.eye.where(found.first[-1].look, found.last[0].look) for found in (one.going, one.coming)
        )
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

    def _third(self, found: Bracket[L], stay: Stay[L]) -> Glance[L] | None:
        """Return a look at what is neither side for long between two looks: a state of its own, not a passer-by."""
        if Reason.HIDDEN not in found.reasons or found.after.at_us - found.before.at_us < BRIEF_US:
            return None
        low_us, high_us = (
            self.looking.axis.position_us(found.before.at_us),
            self.looking.axis.position_us(found.after.at_us),
        )
        middle = self.looking.near((low_us + high_us) // 2)
        if middle is None or not found.before.at_us < middle.at_us < found.after.at_us:
            return None
        return middle if self.looking.agreed(middle, stay) else None

    def _look_between(self, stays: Sequence[Stay[L]], known: list[While[L]]) -> Iterator[While[L]]:
        """Spend what is left of the budget on looks between the others: it may have been away for a while."""
        while self.looking.eye.decoded < self.looking.limit - SPARE:
            looked = sorted(self.looking.looked)
            places = [self.looking.axis.position_us(us) for us in looked]
            widths = [after - before for before, after in pairwise(places)]
            if not widths or max(widths) < 2 * STEP_US:
                return
            at = widths.index(max(widths))
            glance = self.looking.near((places[at] + places[at + 1]) // 2)
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
            likeness = max(self.looking.eye.likeness(each.look, glance.look) for each in (*near, after))
            if likeness >= self.looking.sameness.same or glance.night not in (near[0].night, after.night):
                return
            if near[0].night != after.night or not self.looking.agreed(glance, stay):
                return
            going = self.looking.turning().narrow(near[-1], glance)
            coming = self.looking.turning().narrow(glance, after)
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
            self.looking.eye.where(going.first[-1].look, one.away.look) > 0,
        )

    def _alike(self, one: Stay[L], other: Stay[L]) -> bool:
        """Whether two stays show the same: the nearest looks of each, and those of the same light."""
        pairs = [(one.looks[-1], other.looks[0]), (one.looks[0], other.looks[-1])]
        pairs += [(a, b) for a in one.looks[-3:] for b in other.looks[:3] if a.night == b.night]
        return max(self.looking.eye.likeness(a.look, b.look) for a, b in pairs) >= self.looking.sameness.same - 0.05


def answered(
    looking: Looking[L],
    switches: Sequence[Span],
    kind: Kind,
    *reasons: Reason,
    change: Change[L] | None = None,
    changes: Sequence[Change[L]] = (),
    absences: Sequence[Absence] = (),
    keyframes: int | None = None,
) -> Verdict[L]:
    """Return an answer with what was looked at. keyframes: how many pictures that took before the final second."""
    places = sorted(looking.axis.position_us(us) for us in looking.looked)
    places = [0, *places, looking.axis.length_us]
    decoded = looking.eye.decoded
    before_end = decoded if keyframes is None else keyframes
    return Verdict(
        kind,
        change,
        tuple(changes),
        tuple(absences),
        tuple(dict.fromkeys(reasons)),
        tuple(switches),
        before_end,
        decoded - before_end,
        len(looking.looked),
        max(after - before for before, after in pairwise(places)),
    )
