"""A length of time as people type it: 10 (minutes), 10m, 90s, 1h30m, 10 phút, 30 giây, 2 giờ. Pure."""

import re
import unicodedata

from camtool.core.model import US_PER_S

# A day is the longest that a step or a span of a search is given in; more is a slip of the hand.
MOST_US = 24 * 3600 * US_PER_S
_SECONDS = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "giây": 1, "g": 1,
    "m": 60, "min": 60, "minute": 60, "minutes": 60, "p": 60, "ph": 60, "phút": 60,
    "h": 3600, "hour": 3600, "hours": 3600, "giờ": 3600,
}  # fmt: skip
_PART = re.compile(r"\s*(\d{1,5})\s*([^\W\d_]*)", re.UNICODE)


def read_length(text: str) -> int | None:
    """Return a length in µs, above 0 and at most a day; None for what cannot be read for sure.

    A number alone counts minutes. Parts go from large to small, each unit once: 1h30m, and 1h30 as it is spoken.
    """
    left = unicodedata.normalize("NFC", text).strip().lower()
    total, last = 0, 0
    while left:
        found = _PART.match(left)
        if found is None:
            return None
        unit = _unit(found[2], last)
        if unit is None or (last and unit >= last):
            return None
        total, last, left = total + int(found[1]) * unit, unit, left[found.end() :].strip()
    us = total * US_PER_S
    return us if 0 < us <= MOST_US else None


def _unit(word: str, before: int) -> int | None:
    """Return a unit in seconds; without a word it is minutes at first, and the next smaller one behind another."""
    if word:
        return _SECONDS.get(word)
    return {0: 60, 3600: 60, 60: 1}.get(before)
