"""Events as people are shown them: one piece over the borders of files, ranked, with what is left to watch."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from camtool.core.activity import JOIN_US, Event, merged
from camtool.core.model import Camera
from camtool.core.zone import Zone
from camtool.errors import UnknownZoneName

Numbered = tuple[int, Event]

# What the detector is: a change of it that finds other events gets another number, and files are looked at again.
DETECTOR = 2


def settings_of(zones: Sequence[Zone], masks: Sequence[Zone]) -> str:
    """Return what an answer depends on beside the file, as text: equal texts give equal answers."""
    areas = {"zones": [asdict(zone) for zone in zones], "masks": [asdict(mask) for mask in masks]}
    return json.dumps({"detector": DETECTOR} | areas, sort_keys=True, ensure_ascii=False)


def zones_named(camera: Camera, name: str | None) -> tuple[Zone, ...]:
    """Return a camera's zones, or the one that is named; raises UnknownZoneName."""
    if name is None:
        return camera.zones
    chosen = tuple(zone for zone in camera.zones if zone.name == name)
    if not chosen:
        raise UnknownZoneName(zone=name, camera=camera.number, known=", ".join(z.name for z in camera.zones) or "-")
    return chosen


def joined_over_files(events: Sequence[Numbered], join_us: int = JOIN_US) -> list[Numbered]:
    """Join what was cut in two by the end of a file; the number is the first part's.

    Only an event that reaches its file's last picture goes on in one that reaches its own file's first one, no more
    than join_us later, and only a listed one in a listed one or a cause in the same. Events come, and go, by start.
    """
    out: list[Numbered] = []
    for number, event in events:
        place = _goes_on_from(out, event, join_us)
        if place is None:
            out.append((number, event))
        else:
            first, before = out[place]
            whole = merged(before, event)
            whole = replace(whole, touches_start=before.touches_start, touches_end=event.touches_end)
            out[place] = first, whole
    return out


def _goes_on_from(events: Sequence[Numbered], event: Event, join_us: int) -> int | None:
    if not event.touches_start:
        return None
    for place in range(len(events) - 1, -1, -1):
        before = events[place][1]
        alike = (before.listed and event.listed) or before.cause is event.cause
        if before.touches_end and alike and abs(event.start_us - before.end_us) <= join_us:
            return place
    return None
