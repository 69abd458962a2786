"""Looking at the box within a budget: what was looked at, how many pictures are left, whether neighbours agree."""

from dataclasses import dataclass, field
from typing import Generic

from camtool.core.change import Axis, Eye, Glance, L
from camtool.core.model import US_PER_S
from camtool.core.stay import Stay
from camtool.core.turning import Sameness, Turning

DAY_US = 86_400 * US_PER_S
# The budget for 24 hours.
LIMIT = 60
# What is left of the budget goes into looks between those of the grid, as long as so many stay for what they find.
SPARE = 12
# Looks of a grid are no closer than this; keyframes hardly are.
STEP_US = US_PER_S
# A look that differs is compared with its neighbours so far away, the farthest passers-by first.
ASIDE_US = tuple(s * US_PER_S for s in (97, -41, 211, -151))
# In windows of minutes those distances shrink with the grid, but not below this for the nearest.
NEAREST_US = 3 * US_PER_S
# Two looks a minute apart that are less alike than this are not the same thing in the same place.
AGREE = 0.6


@dataclass(slots=True)
class Looking(Generic[L]):
    """Who looks, where, and at what was looked. every_us: look so often (`--watch`); None: within the budget.

    steps is how many parts the looks of the grid cut the window into; unsettled counts looks that no neighbour settled.
    """

    eye: Eye[L]
    axis: Axis
    every_us: int | None = None
    sameness: Sameness = field(default_factory=Sameness)
    looked: set[int] = field(default_factory=set)
    unsettled: int = 0
    steps: int = 1

    @property
    def limit(self) -> int:
        """How many pictures may be decoded before the final second."""
        if self.every_us is not None:
            return 1 << 60
        return LIMIT * max(1, -(-self.axis.length_us // DAY_US))

    def turning(self) -> Turning[L]:
        """Return the search of one transition."""
        return Turning(self.eye, self.axis, self.sameness, self.limit, self.looked)

    def near(self, position_us: int) -> Glance[L] | None:
        """Look at the keyframe near a position of the axis, and keep in mind that it was looked at."""
        glance = self.eye.near(self.axis.time_us(position_us))
        if glance is not None:
            self.looked.add(glance.at_us)
        return glance

    def agreed(self, glance: Glance[L], stay: Stay[L]) -> bool:
        """Whether neighbours show the same as a look that differs; False where it was somebody in front for a while."""
        length_us, at_us = self.axis.length_us, self.axis.position_us(glance.at_us)
        reach = min(1.0, length_us / self.steps / (2.2 * ASIDE_US[2]))
        reach = max(reach, min(NEAREST_US / -ASIDE_US[1], length_us / (8 * ASIDE_US[2])))
        for away_us in ASIDE_US:
            if self.eye.decoded >= self.limit:
                break
            seen = self.near(at_us + round(away_us * reach))
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
