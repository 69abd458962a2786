"""What a sheet and a reel are made from: a camera's events and recordings; and where an instant is recorded."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool.core.activity import Cause, Event
from camtool.core.model import PLAYABLE, US_PER_S, Camera, Recording, Span, State
from camtool.core.pathtext import from_text
from camtool.core.problem import WORDS, Problem, ProblemKind
from camtool.core.timeline import clipped
from camtool.core.timetext import duration_text, for_people
from camtool.errors import CamtoolError, mark

# An event and its number in the catalog.
Numbered = tuple[int, Event]
# Fills a template with facts, in the language of whoever looks at it: camtool.cli.i18n.filled.
Say = Callable[[str, Mapping[str, object]], str]

CAUSE_WORDS: Mapping[Cause, str] = {
    Cause.OBJECT: mark("something moved"),
    Cause.UNSURE: mark("perhaps something moved"),
    Cause.LIGHT: mark("light"),
    Cause.CAMERA: mark("the camera itself"),
    Cause.WEATHER: mark("weather"),
}
TRUE_TIME, CAMERA_TIME = mark("True time {time}"), mark("Camera time {time}")
SCORE, LENGTH = mark("score {score}"), mark("length {length}")

# A peak in the last instant of a file may be rounded past its end.
_SLACK_US = US_PER_S


@dataclass(frozen=True, slots=True)
class Watched:
    """One camera's events and recordings, all in camera time. True time is camera time plus offset_us."""

    camera: Camera
    recordings: Sequence[Recording]
    offset_us: int
    events: Sequence[Numbered]


@dataclass(frozen=True, slots=True)
class Wording:
    """How times and causes are written: in which zone, in which language."""

    zone: ZoneInfo
    say: Say

    def true_time(self, true_us: int) -> str:
        """Return a true instant, day first, to the second."""
        return self.say(TRUE_TIME, {"time": self.instant(true_us)})

    def camera_time(self, camera_us: int) -> str:
        """Return what the camera's clock showed, day first, to the second."""
        return self.say(CAMERA_TIME, {"time": self.instant(camera_us)})

    def cause(self, event: Event) -> str:
        """Return what an event looks like."""
        return self.say(CAUSE_WORDS[event.cause], {})

    def score(self, event: Event) -> str:
        """Return an event's score, to a tenth."""
        return self.say(SCORE, {"score": f"{event.score:.1f}"})

    def length(self, event: Event) -> str:
        """Return how long an event is, in whole seconds, at least one."""
        seconds = max(1, round(event.span.length_us / US_PER_S))
        return self.say(LENGTH, {"length": duration_text(seconds * US_PER_S)})

    def problem(self, problem: Problem) -> str:
        """Return a Problem's words."""
        return self.say(WORDS[problem.kind], problem.facts)

    def instant(self, us: int) -> str:
        """Return an instant, day first, to the second."""
        return for_people(us // US_PER_S * US_PER_S, self.zone)


def plainly(template: str, facts: Mapping[str, object]) -> str:
    """Fill a template in English."""
    return template.format(**facts)


def file_of(camera: Camera, recording: Recording) -> Path:
    """Return where a recording lies."""
    return Path(camera.footage, from_text(recording.path))


def recording_at(recordings: Sequence[Recording], camera_us: int) -> Recording | None:
    """Return the recording that shows an instant: one that can be played, if there is one; else one that covers it."""
    slack: Recording | None = None
    unplayable: Recording | None = None
    for recording in recordings:
        span = recording.span
        if span is None or not span.start_us <= camera_us < span.end_us + _SLACK_US:
            continue
        if recording.state not in PLAYABLE:
            unplayable = unplayable or recording
        elif camera_us < span.end_us:
            return recording
        else:
            slack = slack or recording
    return slack or unplayable


def pieces(recordings: Sequence[Recording], wanted: Span) -> Iterator[tuple[Recording, Span]]:
    """Yield which part of a span is to be seen in which playable recording, in time order, nothing twice."""
    reached_us = wanted.start_us
    playable = ((each, each.span) for each in recordings if each.span is not None and each.state in PLAYABLE)
    for recording, span in sorted(playable, key=lambda pair: pair[1]):
        part = clipped(span, Span(reached_us, wanted.end_us)) if reached_us < wanted.end_us else None
        if part is not None:
            reached_us = part.end_us
            yield recording, part


def unplayable(number: int, recording: Recording | None, camera: Camera) -> Problem:
    """Return what is wrong where the recording of an event cannot be played, by what the catalog knows."""
    if recording is not None and recording.state is State.MISSING:
        return Problem(ProblemKind.MISSING, recording.path, camera.number)
    path = None if recording is None else recording.path
    return Problem(ProblemKind.EVENT_UNRECORDED, path, camera.number, {"event": number})


def refused(error: Exception, recording: Recording, camera: Camera) -> Problem:
    """Return what is wrong with a recording that was found gone or unreadable. error: CamtoolError or OSError."""
    if isinstance(error, FileNotFoundError):
        return Problem(ProblemKind.MISSING, recording.path, camera.number)
    if isinstance(error, CamtoolError):
        detail = str(error.facts.get("detail", error))
    else:
        detail = getattr(error, "strerror", None) or str(error)
    return Problem(ProblemKind.UNREADABLE, recording.path, camera.number, {"detail": detail})


def without_repeats(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return each Problem once: many events may lie in one recording that is gone."""
    kept: list[Problem] = []
    for problem in problems:
        if problem not in kept:
            kept.append(problem)
    return tuple(kept)
