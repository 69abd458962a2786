"""What was looked at of a camera's recordings, and what nobody has skimmed yet."""

from collections.abc import Iterator

from camtool.core.events import settings_of, zones_named
from camtool.core.model import PLAYABLE, Camera, Recording, Span
from camtool.core.timeline import joined, within
from camtool.jobs.search import CameraSearch

# An index skim looks at no picture, so it leaves a recording unseen.
NO_PICTURES = "index"


def unskimmed(found: CameraSearch) -> list[Span]:
    """Return the recorded stretches of a window (true time) that were not skimmed, as the camera's settings are now."""
    spans = (found.clock.span_to_true(row.span) for row in _unseen(found) if row.span is not None)
    return list(within(joined(spans), found.window))


def _unseen(found: CameraSearch) -> Iterator[Recording]:
    window = found.clock.span_to_camera(found.window)
    scans = found.reader.scans(found.camera.number, window, settings_now(found.camera))
    seen = {(scan.recording, scan.size_bytes, scan.mtime_ns) for scan in scans if scan.effort != NO_PICTURES}
    for row in found.reader.overlapping(found.camera.number, window):
        if row.state in PLAYABLE and (row.id, row.size_bytes, row.mtime_ns) not in seen:
            yield row


def settings_now(camera: Camera) -> str:
    """Return the settings with which a whole picture of the camera is skimmed today."""
    return settings_of(zones_named(camera, None), camera.masks)
