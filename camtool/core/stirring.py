"""From when on a thing may have moved: the first pictures of a slow start look as at rest, within the camera's noise.

What is seen of a thing falls in likeness with the square of a small way (its structure is alike up to half an edge). So
the pictures before the first that surely moved say how early it can have begun at an even pace: no earlier than that
the loss of each picture between would have shown.
"""

from collections.abc import Sequence
from statistics import median

# So many pictures at rest tell how much the box differs from itself: five at least, twenty at most.
REST, RESTED = 5, 20
# The latest stretch that is hardly less quiet than the quietest: before it somebody may have passed.
HARDLY = 3
# Likeness is not told apart below this: the trace that an encoder leaves in a still box (measured: 0.002 to 0.01).
LEAST_NOISE = 0.01
# Three standard deviations from the median deviation (1.4826 times it is one, for normal noise). More than that of a
# cheap sensor at night (measured: 0.02) is no noise but a hand or a camera that shakes, and says nothing of a start.
NOISES, MOST_NOISE = 3 * 1.4826, 0.03
POWER = 2
# From picture to picture noise outweighs what a slow thing loses; over three it does not.
PACE = 3
# So many pictures show less than noise at a quarter of a pixel a picture, the slowest start that is promised
# (docs/when.md); a hand that rests on a thing it has put down loses more, and for other reasons.
UNSEEN = 4


def quietest(calm: Sequence[float | None], moved: int) -> range | None:
    """Return the pictures before `moved` in which the thing is seen and at rest; None where there are too few."""
    length = min(RESTED, moved)
    stretches = [range(start, start + length) for start in range(moved - length, -1, -REST)]
    seen = [(each, _known(calm[each.start : each.stop])) for each in stretches]
    noises = [(_noise(values), each) for each, values in seen if len(values) >= REST]
    least = min((noise for noise, _ in noises), default=0.0)
    return next((each for noise, each in noises if noise <= HARDLY * least), None)


def stood_until(calm: Sequence[float | None], moved: int, rest: range) -> int:
    """Return the last picture before `moved` in which the thing surely stands; -1: none.

    calm is how alike what is seen of the thing is to how it stood, of each picture; None where it is hidden. moved is
    the first picture in which it has surely moved, calm may go on for one more; rest is quietest().
    """
    known = _known(calm[rest.start : rest.stop])
    level, noise = median(known), min(MOST_NOISE, _noise(known))
    losses = [None if each is None else max(0.0, level - each) for each in calm]
    most = [None if each is None else each + noise for each in losses]
    ends = [(moved, 1.0 if losses[moved] is None else losses[moved])]
    ends += [(at, losses[at]) for at in range(moved + 1, len(losses))]
    begun = max(_earliest(most[:at], loss, moved) for at, loss in ends if loss is not None)
    shows = _showing(losses, noise, moved)
    # At an even pace the loss shows after a third of the way to where it has surely moved (the root of noise to loss,
    # at most): half as many pictures before it as since; and one, because less than noise is nothing.
    unseen = min(UNSEEN, 1 + (moved - shows) // 2) * (shows < moved)
    return max(-1, min(begun - (begun < moved), shows - unseen) - 1)


def _showing(losses: Sequence[float | None], noise: float, moved: int) -> int:
    """Return the earliest picture of those up to moved whose loss shows, and grows: what only passes stays the same."""
    begun = moved
    while begun > 0 and (now := losses[begun - 1]) is not None and now > noise:
        later = losses[min(moved, begun - 1 + PACE)]
        if later is not None and now > later - LEAST_NOISE:
            break
        begun -= 1
    return begun


def _known(values: Sequence[float | None]) -> list[float]:
    return [each for each in values if each is not None]


def _noise(values: Sequence[float]) -> float:
    level = median(values)
    return max(LEAST_NOISE, NOISES * median(abs(each - level) for each in values))


def _earliest(most: Sequence[float | None], loss: float, begun: int) -> int:
    """Return the earliest picture that may show it moved; most is what each may have lost, loss what the next lost."""

    def fits(first: int) -> bool:
        pace = loss / (len(most) - first + 1) ** POWER
        shown = enumerate(most[first:], 1)
        return all(each is None or pace * way**POWER <= each for way, each in shown)

    while begun > 0 and fits(begun - 1):
        begun -= 1
    return begun
