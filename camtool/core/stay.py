"""A stay: a stretch of the window in which the box looks the same; and what lies between two looks of one."""

from dataclasses import dataclass
from typing import Generic

from camtool.core.change import Glance, L
from camtool.core.model import US_PER_S
from camtool.core.turning import Bracket

# What hides the box for less than this and is gone again is somebody who passes or waits, and not worth a line.
PASSING_US = 300 * US_PER_S
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
