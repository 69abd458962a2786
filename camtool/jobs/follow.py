"""`follow`: from an event, the windows on the cameras that the way leads to, and what is known of each.

It says where to look next, never who or what was seen.
"""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from camtool.core.activity import Event
from camtool.core.clock import ClockModel
from camtool.core.events import Numbered
from camtool.core.follow import Broken, Found, Step, fit, order, steps
from camtool.core.model import US_PER_S, Camera, Site, Span
from camtool.core.timetext import for_people
from camtool.errors import LeftElsewhen, NoDistance, NoSuchEvent, NowhereToFollow
from camtool.jobs.search import CameraSearch, clock_of, search
from camtool.jobs.seen import settings_now, unskimmed
from camtool.store.reader import Reader
from camtool.store.site import camera_of

# An event may go on in the files that follow; so far is looked for them.
LONGEST_US = 3600 * US_PER_S
# Somebody who stands still makes no event; but a time of another day, or of a clock an hour off, is a slip of the pen.
LEFT_WITHIN_US = 3600 * US_PER_S


@dataclass(frozen=True, slots=True)
class Origin:
    """The event that is followed: its own times are camera time; seen is when it may have left, true time."""

    number: int
    camera: Camera
    clock: ClockModel
    event: Event
    seen: Span


@dataclass(frozen=True, slots=True)
class Lead:
    """One window on one camera, true time, and what is known of it. The events' own times are camera time."""

    step: Step
    search: CameraSearch
    events: tuple[Numbered, ...]
    covered_us: int
    gaps: tuple[Span, ...]
    unskimmed: tuple[Span, ...]

    @property
    def camera(self) -> Camera:
        """The camera to look at."""
        return self.step.camera

    @property
    def window(self) -> Span:
        """When to look, true time."""
        return self.step.window

    def fit(self, event: Event) -> float:
        """Return how well one of the events suits the way, 0 to 1."""
        return fit(self.step, self.search.clock.span_to_true(event.span))

    @property
    def by_weight(self) -> list[Numbered]:
        """The events, those that count most first: by score times fit."""
        return sorted(self.events, key=lambda each: -each[1].score * self.fit(each[1]))


@dataclass(frozen=True, slots=True)
class Trail:
    """The answer: from where, the windows in the order to look at them, and links that cannot be followed."""

    origin: Origin
    leads: tuple[Lead, ...]
    broken: tuple[Broken, ...]

    @property
    def span(self) -> Span:
        """The time from the first to the last instant that is spoken of, true time."""
        spans = [self.origin.seen, self.origin.clock.span_to_true(self.origin.event.span)]
        spans += [lead.window for lead in self.leads]
        return Span(min(span.start_us for span in spans), max(span.end_us for span in spans))


def origin_of(reader: Reader, site: Site, number: int) -> Origin:
    """Return an event by its number, whole over the borders of files; it left at any time of the event.

    Raises NoSuchEvent; UnknownCamera where site.toml has lost its camera.
    """
    kept = reader.event(number)
    if kept is None:
        raise NoSuchEvent(event=number)
    camera, event = camera_of(site, kept[0]), kept[1]
    clock = clock_of(reader, camera)
    around = Span(event.start_us, event.end_us + LONGEST_US)
    for first, whole in reader.events(camera.number, around, settings_now(camera)):
        if first == number:
            event = whole
    return Origin(number, camera, clock, event, clock.span_to_true(event.span))


def may_have_left(origin: Origin) -> Span:
    """Return the true time within which a time somebody gives for its leaving is believed."""
    seen = origin.clock.span_to_true(origin.event.span)
    return Span(seen.start_us - LEFT_WITHIN_US, seen.end_us + LEFT_WITHIN_US)


def left_at(origin: Origin, left_us: int, zone: ZoneInfo) -> Origin:
    """Return the event as one that was left at an instant of true time. Raises LeftElsewhen for one far from it."""
    within, seen = may_have_left(origin), origin.clock.span_to_true(origin.event.span)
    if not within.start_us <= left_us < within.end_us:
        start, end, left = (for_people(us, zone) for us in (seen.start_us, seen.end_us, left_us))
        raise LeftElsewhen(event=origin.number, start=start, end=end, left=left)
    return replace(origin, seen=Span(left_us, left_us))


def follow(reader: Reader, site: Site, origin: Origin, hops: int = 1) -> Trail:
    """Follow an event over up to `hops` links.

    Raises NowhereToFollow where no link leads on, NoDistance where none of them says how long it takes.
    """
    cameras = {camera.number: camera for camera in site.cameras}
    found, broken = steps(cameras, origin.camera.number, origin.seen, hops)
    if not found:
        unmeasured = next((each for each in broken if each.known), None)
        if unmeasured is not None:
            raise NoDistance(start=unmeasured.start, end=unmeasured.end)
        raise NowhereToFollow(camera=origin.camera.number)
    leads = sorted((_lead(reader, step) for step in found), key=_order)
    return Trail(origin, tuple(leads), tuple(broken))


def _lead(reader: Reader, step: Step) -> Lead:
    found = search(reader, step.camera, step.window)
    window = found.clock.span_to_camera(step.window)
    events = tuple(
        (number, event)
        for number, event in reader.events(step.camera.number, window, settings_now(step.camera))
        if event.listed
    )
    return Lead(step, found, events, found.covered_us(), tuple(found.gaps()), tuple(unskimmed(found)))


def _order(lead: Lead) -> tuple[object, ...]:
    weights = tuple(event.score * lead.fit(event) for _, event in lead.events)
    lengths = [sum(span.length_us for span in spans) for spans in (lead.unskimmed, lead.gaps)]
    return order(lead.step, Found(weights, *lengths))
