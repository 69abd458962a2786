"""The algebra of spans: what is covered, what is missing, what is covered twice.

Every function takes spans sorted by their start, reads them once and holds at most two, so that a year of recordings
streams through. All spans of one call are in the same time, camera or true. A span without length (a recording whose
length is not known) covers nothing. Spans out of order raise ValueError: a silent answer would name false gaps.
"""

from collections.abc import Iterable, Iterator

from camtool.core.model import US_PER_S, Span

# Recorders name their files in whole seconds, and many name the last second rather than the end (18.00.00-18.00.59,
# then 18.01.00), so two names up to one second apart may be one unbroken recording.
NAME_SLACK_US = US_PER_S


def _ordered(spans: Iterable[Span]) -> Iterator[Span]:
    """Pass on the spans that cover something; raise ValueError where their starts go back."""
    last_us: int | None = None
    for span in spans:
        if last_us is not None and span.start_us < last_us:
            raise ValueError(f"spans out of order: {span.start_us} after {last_us}")
        last_us = span.start_us
        if span.length_us > 0:
            yield span


def joined(spans: Iterable[Span], touch_us: int = NAME_SLACK_US) -> Iterator[Span]:
    """Join spans that overlap, touch, or lie at most touch_us apart; yield them sorted and disjoint.

    touch_us is the slack of the times' source; 0 joins only what truly touches.
    """
    start_us = end_us = 0
    begun = False
    for span in _ordered(spans):
        if begun and span.start_us <= end_us + touch_us:
            end_us = max(end_us, span.end_us)
            continue
        if begun:
            yield Span(start_us, end_us)
        start_us, end_us, begun = span.start_us, span.end_us, True
    if begun:
        yield Span(start_us, end_us)


def clipped(span: Span, window: Span) -> Span | None:
    """Return the part of the span that lies in the window, or None where there is none."""
    start_us, end_us = max(span.start_us, window.start_us), min(span.end_us, window.end_us)
    return Span(start_us, end_us) if start_us < end_us else None


def within(spans: Iterable[Span], window: Span) -> Iterator[Span]:
    """Yield what of the spans lies in the window, joined where it truly touches, and stop reading after the window."""
    for span in joined(spans, touch_us=0):
        if span.start_us >= window.end_us:
            return
        part = clipped(span, window)
        if part is not None:
            yield part


def gaps(spans: Iterable[Span], window: Span) -> Iterator[Span]:
    """Yield the parts of the window that no span covers, sorted and disjoint.

    Takes no slack of its own: give it `joined(spans)` where names are slack.
    """
    reached_us = window.start_us
    for span in within(spans, window):
        if span.start_us > reached_us:
            yield Span(reached_us, span.start_us)
        reached_us = span.end_us
    if reached_us < window.end_us:
        yield Span(reached_us, window.end_us)


def overlaps(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the stretches that two or more spans cover, sorted and disjoint."""
    return joined(_doubled(spans), touch_us=0)


def _doubled(spans: Iterable[Span]) -> Iterator[Span]:
    # Starts are sorted, so from a span's start on, what earlier spans cover is one stretch up to the furthest end.
    reached_us: int | None = None
    for span in _ordered(spans):
        if reached_us is not None and span.start_us < reached_us:
            yield Span(span.start_us, min(span.end_us, reached_us))
        reached_us = span.end_us if reached_us is None else max(reached_us, span.end_us)


def covered_us(spans: Iterable[Span], window: Span) -> int:
    """Return how much of the window, in µs, at least one span covers."""
    return sum(span.length_us for span in within(spans, window))
