"""Stage 2: every frame of the stretches asked for, looked at about eight times a second.

Pictures lie close enough here for an object to overlap itself from one to the next; rain and insects do not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from camtool.core.activity import Cause, Event, FoundBy, Hysteresis, Piece, Rules, Sample
from camtool.core.model import US_PER_S, Span
from camtool.core.noise import CameraNoise
from camtool.media.luma import Film
from camtool.media.motion_memory import Sway
from camtool.media.motion_model import Background
from camtool.media.motion_opening import PICTURES, Opening, gather, is_black, learnt, opening
from camtool.media.motion_stage import Finding, Scene
from camtool.media.motion_watch import Pace, Watcher

# Time between two pictures looked at: half of it is the error of a start or end (0.07 s), and a car at 60 km/h still
# overlaps itself. A little less than two frames at 15 a second, so that jitter does not skip a third.
STEP_US = 130_000
# A thing has moved if it changed within half a second: a slow walker makes half a step in that time.
LAG_US = US_PER_S // 2
# As for keyframes.
LEARN_US, STILL_US = 40 * US_PER_S, 30 * US_PER_S
# Where something was taken away shows within a second.
GONE_US = US_PER_S
# Exposure settles within two seconds of a step.
SETTLE_US = 2 * US_PER_S
# A person of a twenty-fourth of the picture's height scores 18 here; blocks that an encoder leaves, 1 to 2.
OPEN, STAY = 2.0, 1.4
# Pictures after which the noise is noted: half a minute of them.
LEARN_PICTURES = 200
# Shown in three pictures looked at (0.4 s): once could be anything.
CONFIRM = 3
# Those three within a second of each other: in rain, drops fall on each other's places now and then.
CLOSE_US = US_PER_S
# In so long even a slow walker goes on by half of his own width; what does not, and is smaller than a person at the
# table of a room (1.5 % of the picture), is not what anybody looks for.
STAYS_US, STAYS_SIZES, STAYS_AREA = 3 * US_PER_S // 2, 0.5, 0.015
# Whoever comes or goes moves by half of his own size at least, however large. What sways by less, for longer than
# anybody needs to come in, does neither.
SWAYS_US, SWAYS_SIZES = 5 * US_PER_S, 0.15
# Past the last keyframe that shows something, so long without motion is enough to say that it is over.
QUIET_US = 3 * US_PER_S // 2
# Of runs this long only the ends are decoded, since every keyframe in between shows them; of a shorter one nothing much
# would be left out.
WHOLE_US = 4 * US_PER_S
LONG_US = 16 * US_PER_S
# Beyond the first keyframe that shows something, so long is enough to tell a thing from what only sways.
INTO_US = US_PER_S


@dataclass(slots=True)
class Frames:
    """The stage. every: decode also the frames that no other needs."""

    every: bool = True
    sway: Sway = field(default_factory=Sway)
    opened: Opening | None = None
    dark_us: int = 0
    noise: CameraNoise = field(default_factory=CameraNoise)

    def findings(self, film: Film, scene: Scene, asked: Iterable[Finding] | None = None) -> Iterator[Finding]:
        """Yield events to the frame; for a whole file the scene is learnt from its first keyframes."""
        if asked is None:
            self.opened = _open(film, scene)
            if self.opened is not None:
                self.noise = CameraNoise(scene.noise.day, scene.noise.night, self.opened.clock)
                yield from self._stretch(film, None, self.opened.background)
            return
        for finding in asked:
            yield from self._closer(film, scene, finding)

    def _closer(self, film: Film, scene: Scene, finding: Finding) -> Iterator[Finding]:
        inner, told, before = finding.inner, finding.event, finding.before
        if before is None:
            self.opened = self.opened or _open(film, scene)
            if self.opened is None:
                return
            before = self.opened.background.copy()
        if told is not None and told.listed and inner is not None and finding.sure and inner.length_us >= WHOLE_US:
            seen = self._ends(film, finding.stretch, inner, before, finding.after or before)
            if seen:
                event = _set(told, seen, finding.stretch)
                yield Finding(event, event.span)
                return
        until_us = inner.end_us if inner else told.peak_us if told else None
        yield from self._stretch(film, finding.stretch, before, until_us)

    def _ends(self, film: Film, stretch: Span, inner: Span, before: Background, after: Background) -> list[Event]:
        """Return what is seen at both ends of a run of keyframes; nothing unless a thing moves at both.

        The first end is looked at until INTO_US beyond the first keyframe that shows it. The last is looked at from the
        last such keyframe on; if it had stopped by then, from the one before. A long run may go on with something else,
        a branch in a gust, which is only told from a thing by looking for longer.
        """
        head = Span(stretch.start_us, inner.start_us + INTO_US)
        begins = self._listed(film, head, before.copy(), None)
        if not begins:
            return []
        for lead_us in (0, 1) if inner.length_us <= LONG_US else (1,):
            tail = Span(inner.end_us - lead_us, max(inner.end_us + 1, stretch.end_us))
            if ends := self._listed(film, tail, after.copy(), inner.end_us):
                return begins + ends
        return []

    def _listed(self, film: Film, span: Span, background: Background, until_us: int | None) -> list[Event]:
        found = (each.event for each in self._stretch(film, span, background, until_us))
        return [event for event in found if event and event.listed]

    def _stretch(
        self, film: Film, span: Span | None, background: Background, until_us: int | None = None
    ) -> Iterator[Finding]:
        """Look at one stretch, or at all; whatever is in it ends with it.

        until_us is the last keyframe that shows something: once it is past and nothing has moved for QUIET_US, the rest
        is left alone.
        """
        moved_us = 0
        watcher = Watcher(background, Pace(LEARN_US, LAG_US, STILL_US, GONE_US, SETTLE_US, overlap=True), self.sway)
        open_pieces = {cause: Hysteresis(_rules(cause)) for cause in Cause}
        from_us, to_us = (span.start_us, span.end_us) if span else (0, None)
        first_us = last_us = None
        step_us = STEP_US
        for pictures, picture in enumerate(film.frames(from_us, to_us, STEP_US, self.every), 1):
            if picture.new_size:
                watcher.restart(picture.luma)
            if last_us is not None:
                step_us = picture.at_us - last_us
                self.dark_us += step_us if is_black(picture.luma) else 0
            first_us = picture.at_us if first_us is None else first_us
            last_us = picture.at_us
            seen = watcher.look(picture.luma, picture.at_us)
            if seen.active or seen.held:
                moved_us = picture.at_us
            if until_us is not None and picture.at_us - max(until_us, moved_us) > QUIET_US:
                break
            for cause, hysteresis in open_pieces.items():
                sample = seen.samples.get(cause) or Sample(picture.at_us, 0.0, held=seen.held and cause is Cause.OBJECT)
                if cause is Cause.OBJECT and not seen.again:
                    sample = replace(sample, again=False)
                if seen.cut and cause is not Cause.LIGHT:
                    sample = Sample(picture.at_us, 0.0, cut=True)
                if piece := hysteresis.push(sample):
                    yield _finding(cause, piece, step_us, first_us, None)
            if pictures % LEARN_PICTURES == 0 and span is None:
                self.noise = learnt(self.noise, watcher.background, picture.night, pictures)
        for cause, hysteresis in open_pieces.items():
            if (piece := hysteresis.finish()) and first_us is not None:
                yield _finding(cause, piece, step_us, first_us, last_us)


def _set(told: Event, seen: Sequence[Event], stretch: Span) -> Event:
    """Return what keyframes told of, from the first to the last that frames show of it, its peak the best of both."""
    start_us, end_us = seen[0].start_us, seen[-1].end_us
    best = max((told, *seen), key=lambda event: event.score)
    return replace(
        told,
        start_us=start_us,
        end_us=end_us,
        peak_us=best.peak_us,
        score=best.score,
        box=best.box,
        cause=Cause.OBJECT,
        found_by=FoundBy.FRAMES,
        touches_start=told.touches_start and start_us <= stretch.start_us + US_PER_S,
        touches_end=told.touches_end and end_us >= stretch.end_us - US_PER_S,
    )


def _rules(cause: Cause) -> Rules:
    return Rules(OPEN, STAY, 1 if cause is Cause.LIGHT else CONFIRM, CLOSE_US)  # a switch of the light is one picture


def _stays(piece: Piece, early: bool) -> bool:
    """Say whether a thing went nowhere in its time: a twig, a rag, a glint on water, a block of the encoder's, a tree.

    early: it was there when the looking began, so nobody saw it come.
    """
    across, down = piece.travel
    box = piece.peak.box
    long = not early and piece.last_us - piece.first_us >= SWAYS_US
    if long and across < SWAYS_SIZES * box.w and down < SWAYS_SIZES * box.h:
        return True
    sizes = STAYS_SIZES * min(1.0, (piece.last_us - piece.first_us) / STAYS_US)
    return box.w * box.h < STAYS_AREA and across < sizes * box.w and down < sizes * box.h


def _finding(cause: Cause, piece: Piece, step_us: int, first_us: int, last_us: int | None) -> Finding:
    # an object is known by overlapping itself, so its first picture is the one before the first that shows it so
    early_us = step_us * 3 // 2 if cause is Cause.OBJECT else step_us // 2
    start_us = max(first_us, piece.first_us - early_us)
    end_us = piece.last_us + step_us // 2
    if cause is Cause.OBJECT and _stays(piece, early=piece.first_us <= first_us + 2 * step_us):
        cause = Cause.WEATHER
    event = Event(
        start_us,
        end_us,
        piece.peak.at_us,
        round(piece.peak.score, 2),
        piece.peak.box,
        cause,
        FoundBy.FRAMES,
        touches_start=start_us <= first_us + 2 * step_us and first_us < US_PER_S,
        touches_end=last_us is not None and piece.last_us >= last_us - 2 * step_us,
    )
    return Finding(event, Span(start_us, end_us))


def _open(whole: Film, scene: Scene) -> Opening | None:
    film = Film(whole.path)  # with a count of its own: what it reads is read again
    first = gather(film.keyframes())
    if len(first) < PICTURES:  # few keyframes: pictures from between them too, a second and a half apart
        first = list(film.frames(0, 40 * US_PER_S, 3 * US_PER_S // 2, every=True)) or first
    film.close()
    whole.read.frames_decoded += film.read.frames_decoded
    return opening(first, scene) if first else None
