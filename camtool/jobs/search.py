"""Find what was recorded: windows, instants and gaps, asked in true time, answered in both times.

Everything streams, in order of start; asking again for another view of the same window costs one more indexed query.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from camtool.core import timeline
from camtool.core.clock import ClockModel
from camtool.core.model import PLAYABLE, Camera, Recording, Span
from camtool.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Sighting:
    """A recording with its span in true time beside the camera time it carries; None where it has no time."""

    recording: Recording
    true_span: Span


@dataclass(frozen=True, slots=True)
class CameraSearch:
    """One camera's answer about one window of true time."""

    camera: Camera
    clock: ClockModel
    window: Span
    reader: Reader

    def recordings(self) -> Iterator[Sighting]:
        """Yield every recording with a part in the window, whatever its state."""
        for recording in self.reader.overlapping(self.camera.number, self.clock.span_to_camera(self.window)):
            if recording.span is not None:
                yield Sighting(recording, self.clock.span_to_true(recording.span))

    def _covering(self) -> Iterator[Span]:
        return (seen.true_span for seen in self.recordings() if seen.recording.state in PLAYABLE)

    def stretches(self) -> Iterator[Span]:
        """Yield the covered stretches of the window in true time; touching recordings are one stretch."""
        return timeline.within(timeline.joined(self._covering()), self.window)

    def gaps(self) -> Iterator[Span]:
        """Yield the parts of the window that no playable recording covers."""
        return timeline.gaps(timeline.joined(self._covering()), self.window)

    def overlaps(self) -> Iterator[Span]:
        """Yield the stretches that more than one recording covers."""
        return timeline.overlaps(self._covering())

    def covered_us(self) -> int:
        """Return how much of the window is covered, µs."""
        return timeline.covered_us(timeline.joined(self._covering()), self.window)


@dataclass(frozen=True, slots=True)
class Instant:
    """What one camera was doing at one instant of true time: the recordings that show it, or the nearest ones."""

    camera: Camera
    clock: ClockModel
    true_us: int
    covering: tuple[Sighting, ...]
    before: Sighting | None
    after: Sighting | None


def clock_of(reader: Reader, camera: Camera) -> ClockModel:
    """Return a camera's clock as its observations say."""
    return ClockModel.from_observations(reader.observations(camera.number))


def search(reader: Reader, camera: Camera, window: Span) -> CameraSearch:
    """Ask one camera about a window of true time."""
    return CameraSearch(camera, clock_of(reader, camera), window, reader)


def at(reader: Reader, camera: Camera, true_us: int) -> Instant:
    """Ask one camera about an instant of true time."""
    clock = clock_of(reader, camera)
    here = CameraSearch(camera, clock, Span(true_us, true_us + 1), reader)
    covering = tuple(seen for seen in here.recordings() if seen.recording.state in PLAYABLE)
    camera_us = clock.to_camera_us(true_us)
    before = None if covering else _sighting(clock, reader.before(camera.number, camera_us))
    after = None if covering else _sighting(clock, reader.after(camera.number, camera_us + 1))
    return Instant(camera, clock, true_us, covering, before, after)


def _sighting(clock: ClockModel, recording: Recording | None) -> Sighting | None:
    if recording is None or recording.span is None:
        return None
    return Sighting(recording, clock.span_to_true(recording.span))
