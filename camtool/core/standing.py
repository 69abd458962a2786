"""Whether what changed in the box is a thing that came or went, or may be somebody who stands in front of it.

Whoever stands still looks like a thing: people who read at a table were as still as the bottles of another clip
(docs/when.md). What tells them apart is time, and that the box is drawn around the thing, while whoever stands between
it and the camera is not cut out along the box.
"""

from camtool.core.change import Change, Glance, Kind, L, Reason
from camtool.core.looking import AGREE, Looking
from camtool.core.stay import PASSING_US, Stay

# So many looks before the change and so many after it are compared, each with each; and the quieter quarter counts,
# because the hand that puts a thing down reaches beyond the box, too, but is soon gone.
LOOKS, QUIETER = 5, 4
# From this share of a side on the change is no shadow or corner of the thing. Measured (docs/when.md): bottles put down
# or taken 0 to 0.16, those who stand at a table and do not fit into the box 0.3 to 1.
ALONG = 0.2


def doubts(looking: Looking[L], change: Change[L], before: Stay[L], after: Stay[L]) -> tuple[Reason, ...]:
    """Return IN_FRONT where it may have been somebody in front, BRIEF where what came has not been there for long."""
    axis = looking.axis
    before_us, after_us = axis.position_us(change.clear_before_us), axis.position_us(change.clear_after_us)
    end_us = axis.length_us - 1
    if min(before_us, end_us - after_us) >= PASSING_US or change.kind is Kind.UNCLEAR:
        return ()
    firsts = _looks(looking, max(0, before_us - PASSING_US), before_us, before)
    lasts = _looks(looking, after_us, min(end_us, after_us + PASSING_US), after)
    beyond = sorted(looking.eye.beyond(a.look, b.look) for a in firsts for b in lasts if a.night == b.night)
    if beyond and beyond[len(beyond) // QUIETER] >= ALONG:
        return (Reason.IN_FRONT,)
    return (Reason.BRIEF,) if change.kind is Kind.APPEARED and end_us - after_us < PASSING_US else ()


def _looks(looking: Looking[L], start_us: int, end_us: int, stay: Stay[L]) -> list[Glance[L]]:
    """Return looks of a stay from here to there (positions), and more as far as the budget goes, without passers-by."""
    asked = (start_us + (end_us - start_us) * part // (LOOKS - 1) for part in range(LOOKS))
    more = [looking.near(at) for at in asked if looking.eye.decoded < looking.limit]
    known = [each for each in stay.looks if start_us <= looking.axis.position_us(each.at_us) <= end_us]
    seen = {each.at_us: each for each in (*known, *more) if each is not None}.values()

    def alike(one: Glance[L]) -> list[float]:
        return [looking.eye.likeness(one.look, each.look) for each in seen]

    nearest = max(map(alike, seen), key=sum, default=[])
    return [each for each, likeness in zip(seen, nearest, strict=True) if likeness >= AGREE]
