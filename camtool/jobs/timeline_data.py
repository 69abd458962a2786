"""What a timeline's page is told, as the JSON that its scripts read (camtool/evidence/pages/timeline_data.js).

Instants are whole milliseconds after `base`, true time, to keep the page small; an event is a list, not an object.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from camtool.core.activity import Event
from camtool.core.clock import ClockModel
from camtool.core.model import Camera, Span, State
from camtool.core.offsets import offsets_ms
from camtool.core.pathtext import printable
from camtool.jobs.timeline_words import CAUTION, KEYS, NEVER_COMPARED, UNPLACED, WORDS
from camtool.jobs.watched import CAUSE_WORDS

if TYPE_CHECKING:
    from camtool.jobs.timeline import Highlight, Row

TEMPLATE, STYLE = "timeline.html", "timeline.css"
SCRIPTS = ("timeline_data.js", "timeline_draw.js", "timeline_lists.js", "timeline_act.js")
# Cut around an event: one sees it come and go. The same as a reel's.
PAD_US = 2_000_000


@dataclass(frozen=True, slots=True)
class Tongue:
    """How the page speaks: the language's code, and the words for texts, states and clocks in it."""

    language: str
    say: Callable[[str], str]
    state: Callable[[State], str]
    clock: Callable[[ClockModel], str]


@dataclass(frozen=True, slots=True)
class Lead:
    """A window that `follow` marks, true time, in words: its label, the way there, what is known, what to do next."""

    camera: Camera
    window: Span
    label: str
    way: str
    found: str
    does: str
    command: str


def document(
    rows: "Sequence[Row]",
    window: Span,
    *,
    title: str,
    made: str,
    command: str,
    zone: ZoneInfo,
    tongue: Tongue,
    every_cause: bool,
    highlight: "Highlight | None",
    pictures: Mapping[int, bytes],
) -> dict[str, Any]:
    """Return all that the page shows. Names and paths are one line of text each, without control characters."""
    scale = _Scale(window.start_us // 1000)
    say = tongue.say
    words: dict[str, Any] = {key: say(text) for key, text in WORDS.items()}
    words["causes"] = {cause: say(text) for cause, text in CAUSE_WORDS.items()}
    if highlight is not None:
        words["caution"] = say(CAUTION)
    offsets = [row.clock.offset_us for row in rows]
    # Half a window more on either side can be seen, in every camera's time.
    margin_us = window.length_us
    reach = Span(window.start_us - margin_us - max([0, *offsets]), window.end_us + margin_us - min([0, *offsets]))
    return {
        "title": printable(title),
        "made": printable(made),
        "command": command,
        "zone": zone.key,
        "base": scale.base_ms,
        "offsets": [[at_ms - scale.base_ms, offset_ms] for at_ms, offset_ms in offsets_ms(reach, zone)],
        "window": scale.span(window),
        "pad": PAD_US // 1000,
        "every_cause": every_cause,
        "rows": [_row(row, window, scale, tongue) for row in rows],
        "leads": [_lead(lead, scale) for lead in highlight.leads] if highlight else [],
        "origin": _origin(highlight, scale) if highlight else None,
        "thumbs": {str(number): base64.b64encode(jpeg).decode("ascii") for number, jpeg in pictures.items()},
        "notes": [say(UNPLACED).format(camera=row.camera.number, count=row.unplaced) for row in rows if row.unplaced],
        "words": words,
        "keys": [[[say(key) for key in keys], say(does)] for keys, does in KEYS],
    }


@dataclass(frozen=True, slots=True)
class _Scale:
    """From µs UTC to the page's milliseconds. Starts are rounded down, ends up: nothing is made shorter."""

    base_ms: int

    def at(self, us: int) -> int:
        return us // 1000 - self.base_ms

    def span(self, span: Span) -> list[int]:
        return [self.at(span.start_us), -(-span.end_us // 1000) - self.base_ms]

    def spans(self, spans: Iterable[Span]) -> list[list[int]]:
        return [self.span(span) for span in spans]


def _row(row: "Row", window: Span, scale: _Scale, tongue: Tongue) -> dict[str, Any]:
    camera, clock = row.camera, row.clock
    return {
        "n": camera.number,
        "name": printable(camera.name),
        "place": printable(camera.place),
        "clock": tongue.clock(clock) if clock.observed else tongue.say(NEVER_COMPARED),
        "observed": clock.observed,
        "offset": clock.offset_us // 1000,
        "covered": scale.spans(row.covered),
        "gaps": scale.spans(row.gaps),
        "unseen": scale.spans(row.unskimmed),
        "damaged": [
            [*scale.span(seen.true_span), tongue.state(seen.recording.state), printable(seen.recording.path)]
            for seen in row.damaged
        ],
        "events": sorted(
            (_event(number, event, row, scale) for number, event in row.events), key=lambda each: each[1:3]
        ),
    }


def _event(number: int, event: Event, row: "Row", scale: _Scale) -> list[Any]:
    """Return [number, start, peak, end, score, cause]."""
    start_ms, end_ms = scale.span(row.clock.span_to_true(event.span))
    peak_ms = scale.at(row.clock.to_true_us(event.peak_us))
    return [number, start_ms, peak_ms, end_ms, round(event.score, 1), event.cause.value]


def _lead(lead: Lead, scale: _Scale) -> dict[str, Any]:
    start_ms, end_ms = scale.span(lead.window)
    return {
        "camera": lead.camera.number,
        "from": start_ms,
        "to": end_ms,
        "label": lead.label,
        "way": lead.way,
        "found": lead.found,
        "does": lead.does,
        "command": lead.command,
    }


def _origin(highlight: "Highlight", scale: _Scale) -> dict[str, Any]:
    start_ms, end_ms = scale.span(highlight.span)
    return {"event": highlight.event, "camera": highlight.camera, "from": start_ms, "to": end_ms}
