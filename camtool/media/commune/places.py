"""The nine places: how each is seen, how it looks, and the ways through it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from camtool.media.commune import places_gates, places_roads, places_town, places_yards
from camtool.media.commune.draw import Daylight
from camtool.media.commune.lens import Lens
from camtool.media.commune.moves import Way
from camtool.media.commune.stage import Backdrop


@dataclass(frozen=True, slots=True)
class Place:
    """One camera's place."""

    lens: Lens
    light: Daylight
    draw: Callable[[], Backdrop]
    ways: Mapping[str, Way]


def _place(module: object, name: str) -> Place:
    return Place(
        getattr(module, f"{name}_LENS"),
        getattr(module, f"{name}_LIGHT"),
        getattr(module, name.lower()),
        getattr(module, f"{name}_WAYS"),
    )


PLACES: Mapping[str, Place] = {
    "arch": _place(places_gates, "ARCH"),
    "cross": _place(places_roads, "CROSS"),
    "market": _place(places_town, "MARKET"),
    "school": _place(places_yards, "SCHOOL"),
    "bridge": _place(places_town, "BRIDGE"),
    "main": _place(places_roads, "MAIN"),
    "clinic": _place(places_yards, "CLINIC"),
    "hall": _place(places_yards, "HALL"),
    "highway": _place(places_gates, "HIGHWAY"),
}
