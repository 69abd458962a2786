"""The clock model: from what a camera's clock showed to the true time, and back.

Today a model is one constant offset, taken from the newest observation: true time = camera time + offset. Drift and
steps will make the offset depend on the instant, so convert with `to_true_us`, `to_camera_us` and their span forms,
never by adding `offset_us`: that one is for showing what was last observed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from camtool.core.model import Span


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at a camera's clock beside a true one.

    The camera's clock showed shows_us at the instant true_us (both UTC µs, shows_us by the site's time zone). photo
    is the path of a picture that proves it; noted_us is when it was written down.
    """

    camera: int
    shows_us: int
    true_us: int
    photo: str | None
    noted_us: int

    @property
    def offset_us(self) -> int:
        """What has to be added to the camera's time to get the true time."""
        return self.true_us - self.shows_us


@dataclass(frozen=True, slots=True)
class ClockModel:
    """One camera's clock. Build it with `from_observations`; without arguments it is a clock nobody has checked."""

    observations: tuple[Observation, ...] = field(default=())

    @classmethod
    def from_observations(cls, observations: Iterable[Observation]) -> Self:
        """Make the model of one camera from its observations, in any order.

        The newest (greatest true_us; of equals the one noted later, then the one given later) counts. Raises
        ValueError where they are of more than one camera.
        """
        kept = tuple(sorted(observations, key=lambda seen: (seen.true_us, seen.noted_us)))
        if len({seen.camera for seen in kept}) > 1:
            raise ValueError("observations of more than one camera")
        return cls(kept)

    @property
    def newest(self) -> Observation | None:
        """The observation that counts, if there is one."""
        return self.observations[-1] if self.observations else None

    @property
    def observed(self) -> bool:
        """Whether anyone has checked this clock; if not, true time is camera time taken on trust."""
        return bool(self.observations)

    @property
    def offset_us(self) -> int:
        """The offset as last observed, to be shown; 0 where nothing was. To convert, use the methods below."""
        return self.observations[-1].offset_us if self.observations else 0

    def to_true_us(self, camera_us: int) -> int:
        """Return the true instant at which the camera's clock showed camera_us."""
        return camera_us + self.offset_us

    def to_camera_us(self, true_us: int) -> int:
        """Return what the camera's clock showed at the true instant true_us."""
        return true_us - self.offset_us

    def span_to_true(self, span: Span) -> Span:
        """Return a span in camera time as a span in true time."""
        return Span(self.to_true_us(span.start_us), self.to_true_us(span.end_us))

    def span_to_camera(self, span: Span) -> Span:
        """Return a span in true time as a span in camera time."""
        return Span(self.to_camera_us(span.start_us), self.to_camera_us(span.end_us))
