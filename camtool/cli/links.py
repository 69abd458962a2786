"""The words and options of links between cameras: `camtool camera link` and `unlink`, and how a way is told."""

import re

from camtool.cli.i18n import _
from camtool.core.link import DEFAULT_KMH, DETOUR, Link, Travel
from camtool.core.model import US_PER_S
from camtool.core.timetext import duration_text
from camtool.errors import UnreadableRange

_RANGE = re.compile(r"(\d{1,7}(?:\.\d{1,3})?)\.\.(\d{1,7}(?:\.\d{1,3})?)")


def limits(parameter: str, text: str, example: str) -> tuple[float, float]:
    """Read `40..180`; raises UnreadableRange."""
    found = _RANGE.fullmatch(text.replace(" ", ""))
    if found is None or not 0 <= float(found[1]) <= float(found[2]) or not float(found[2]):
        raise UnreadableRange(text=text, parameter=parameter, example=example)
    return float(found[1]), float(found[2])


def number(value: float) -> str:
    """Return a number without a needless .0."""
    return f"{value:g}"


def stated(link: Link) -> str:
    """Return what site.toml says of a link's way."""
    if link.seconds is not None:
        return _("{least}..{most} s").format(least=number(link.seconds[0]), most=number(link.seconds[1]))
    slow, fast = link.kmh or DEFAULT_KMH
    text = _("{slow}..{fast} km/h") if link.kmh else _("{slow}..{fast} km/h, the default")
    return text.format(slow=number(slow), fast=number(fast))


def way(link: Link, takes: Travel) -> str:
    """Return how long a way takes and why."""
    least, most = (
        duration_text(takes.least_us // US_PER_S * US_PER_S),
        duration_text(-(-takes.most_us // US_PER_S) * US_PER_S),
    )
    text = _("{least} to {most}").format(least=least, most=most)
    if takes.distance_m is not None:
        text += _(", {distance} m in a straight line").format(distance=f"{takes.distance_m:,.0f}")
    if link.seconds is None:
        text += _(" at {speed}, up to {detour} times as long by road").format(speed=stated(link), detour=number(DETOUR))
    return text
