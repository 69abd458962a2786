"""Whether what came into the box is a thing that stays, or may be somebody who stands in front of it."""

from collections.abc import Iterable
from itertools import combinations

from camtool.core.change import Change, Glance, L
from camtool.core.looking import Looking
from camtool.core.stay import PASSING_US

# So many looks before the change and so many after it are compared, each with each.
LOOKS = 8
# Whoever stands is stiller at some times than at others, so of what came the quieter quarter of the pairs counts. Before
# the change somebody may have passed, so of the box at rest it is the quietest tenth.
STANDING_PART, RESTING_PART = 4, 10
# What came may differ from itself by so many times what the box did at rest. Measured: bottles that were put down 0.6 to
# 1.25; people who stood at a table for 2 to 17 s 1.4 to 9, all but one 2 and more (docs/when.md).
STILL = 1.6
# A box that hardly differs at rest is taken to differ by this: a still box of clean footage does (0.04 to 0.06).
QUIET = 0.05


def stands(looking: Looking[L], change: Change[L]) -> bool:
    """Return whether what came stays for long, or else until the window's end and as still as the box was before."""
    axis = looking.axis
    after_us, end_us = axis.position_us(change.clear_after_us), axis.length_us - 1
    if end_us - after_us >= PASSING_US:
        return True
    before_us = axis.position_us(change.clear_before_us)
    rest = _unrest(looking, max(0, before_us - PASSING_US), before_us, change.first)
    came = _unrest(looking, after_us, end_us, change.last)
    if not came or not rest:
        return False
    return came[len(came) // STANDING_PART] <= STILL * max(QUIET, rest[len(rest) // RESTING_PART])


def _unrest(looking: Looking[L], start_us: int, end_us: int, of: Glance[L]) -> list[float]:
    """Return by how much looks from here to there (positions) differ from each other, least first; in one light."""
    asked = (start_us + (end_us - start_us) * part // (LOOKS - 1) for part in range(LOOKS))
    looks = [glance.look for glance in _once(map(looking.near, asked)) if glance.night == of.night]
    return sorted(looking.eye.unrest(one, other) for one, other in combinations(looks, 2))


def _once(glances: Iterable[Glance[L] | None]) -> list[Glance[L]]:
    return list({glance.at_us: glance for glance in glances if glance is not None}.values())
