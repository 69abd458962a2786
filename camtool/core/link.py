"""From which camera the way leads to which, and how long it takes: what site.toml says, and what distance says.

A link is one-way: who was seen on one camera can be on the other next, so many seconds later. The seconds are stated
by people who know the road; without them they are worked out from where both cameras stand.
"""

import math
from dataclasses import dataclass

US_PER_S = 1_000_000

# Between a person on foot and a vehicle at the limit in a built-up area. 5 km/h: comfortable walking, 1.27 to 1.46 m/s
# by age and sex (Bohannon 1997, Age and Ageing 26, 15-19). 60 km/h: the highest limit of a built-up area in Vietnam, on
# roads with separate carriageways (Circular 38/2024/TT-BGTVT, article 6; 31/2019 before it). Who flees may be faster:
# then say so with --speed.
DEFAULT_KMH = (5.0, 60.0)
# A way by road to the straight line. That a commune's roads are like this is an assumption of ours; it was made after
# US ways to hospitals (Boscoe, Henry, Zdeb 2012, Professional Geographer 64(2)). It makes the latest arrival later;
# the earliest one supposes a straight road.
DETOUR = 1.417
# Mean radius of the Earth, metres (IUGG: R1 of GRS 80).
EARTH_M = 6_371_008.8

LatLon = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Link:
    """The way to camera `to`. seconds is the shortest and longest time it takes, kmh the slowest and fastest speed.

    At most one of the two is stated; neither means DEFAULT_KMH.
    """

    to: int
    seconds: tuple[float, float] | None = None
    kmh: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Travel:
    """How long a way takes, µs: at least, at most; and how long it is in a straight line, where that is known."""

    least_us: int
    most_us: int
    distance_m: float | None


def travel(link: Link, start: LatLon | None, end: LatLon | None) -> Travel | None:
    """Return how long a link takes from place to place, degrees; None where neither seconds nor both places say."""
    length_m = None if start is None or end is None else distance_m(start, end)
    if link.seconds is not None:
        least_s, most_s = link.seconds
        return Travel(round(least_s * US_PER_S), round(most_s * US_PER_S), length_m)
    if length_m is None:
        return None
    slow, fast = link.kmh or DEFAULT_KMH
    least_s, most_s = length_m / (fast / 3.6), length_m * DETOUR / (slow / 3.6)
    return Travel(math.floor(least_s * US_PER_S), math.ceil(most_s * US_PER_S), length_m)


def distance_m(start: LatLon, end: LatLon) -> float:
    """Return the length of the great circle between two places in degrees, metres (haversine)."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (start, end))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))
