"""Stage 1: keyframes only. One picture in sixty is decoded; each is compared with the scene as it was before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from camtool.core.activity import Cause, Event, FoundBy, Sample
from camtool.core.model import US_PER_S, Span
from camtool.core.noise import CameraNoise
from camtool.media.luma import Film, Picture
from camtool.media.motion_memory import Sway
from camtool.media.motion_model import Background
from camtool.media.motion_opening import PICTURES, gather, is_black, learnt, opening
from camtool.media.motion_stage import Finding, Scene
from camtool.media.motion_watch import Pace, Seen, Watcher

# Ten keyframes of a usual recorder: long enough for a passer-by not to be learnt, short enough for the afternoon sun.
LEARN_US = 40 * US_PER_S
# What stands still for so long is furniture: people at a table were seen to stay put for up to eighteen seconds.
STILL_US = 30 * US_PER_S
# Where something was taken away, the very next keyframe shows the same again.
GONE_US = 1
# An automatic exposure takes two or three seconds to settle; the next keyframe of a usual recorder is past that.
SETTLE_US = 3 * US_PER_S
# Without a keyframe for so long, more can hide than a brief event: a closer stage has to decode the gap.
LONGEST_US = 10 * US_PER_S
# From this score on a sample is something: 1 is SEED times the noise over the smallest area.
STAY = 0.7


@dataclass(slots=True)
class _Run:
    """Neighbouring keyframes that show one cause.

    quiet_us is the first keyframe at which nothing moves any more, though the thing still stands there; longest_us the
    longest gap between two of its keyframes; stood_us the last keyframe at which the thing stood, if it then went.
    """

    cause: Cause
    before_us: int
    active: list[Sample]
    quiet_us: int | None
    background: Background | None
    first: bool
    longest_us: int
    stood_us: int | None = None


@dataclass(slots=True)
class Keyframes:
    """The stage. look_anyway are times of keyframes (µs) after whose gap a closer look is asked for in any case.

    After it has run: noise is the camera's as learnt, longest_us the longest stretch without a keyframe, keyframes
    their number, dark_us the time in black.
    """

    look_anyway: frozenset[int] = frozenset()
    sway: Sway = field(default_factory=Sway)
    noise: CameraNoise = field(default_factory=CameraNoise)
    longest_us: int = 0
    keyframes: int = 0
    dark_us: int = 0

    def findings(self, film: Film, scene: Scene, asked: Iterable[Finding] | None = None) -> Iterator[Finding]:
        """Yield the runs of keyframes that show something; asked is not used: the whole file is looked at."""
        pictures = film.keyframes()
        first = gather(pictures)
        self.noise = scene.noise
        if not first:
            return
        start = opening(first, scene)
        self.noise = CameraNoise(scene.noise.day, scene.noise.night, start.clock)
        pace = Pace(LEARN_US, 0, STILL_US, GONE_US, SETTLE_US, overlap=False)
        watcher = Watcher(start.background, pace, self.sway)
        runs: dict[Cause, _Run] = {}
        before_us: int | None = None
        held: list[Finding] = []
        for group in (first, pictures):
            for picture in group:
                if picture.new_size:
                    watcher.restart(picture.luma)
                seen = watcher.look(picture.luma, picture.at_us)
                self._learn(picture, watcher, before_us)
                held += self._step(runs, seen, before_us, watcher)
                if Cause.OBJECT not in runs:  # the nuisances beside an object come after it
                    yield from sorted(held, key=lambda each: each.event is not None and not each.event.listed)
                    held.clear()
                yield from self._gap(before_us, picture.at_us, watcher.background, runs)
                before_us = picture.at_us
        end_us = max(film.read.reached_us, (before_us or 0) + 1)
        if self.keyframes == 1:
            self.longest_us = end_us
            # nothing to compare it with: whoever can has to look at the frames
            yield Finding(None, Span(0, max(film.read.reached_us, 1)))
        elif before_us is not None:
            yield from self._gap(before_us, end_us, watcher.background, runs)
        held += [_finding(run, end_us, watcher.background, last=True) for run in runs.values()]
        yield from sorted(held, key=lambda each: each.event is not None and not each.event.listed)

    def _learn(self, picture: Picture, watcher: Watcher, before_us: int | None) -> None:
        self.keyframes += 1
        if before_us is not None and is_black(picture.luma):
            self.dark_us += picture.at_us - before_us
        if self.keyframes % PICTURES == 0:
            self.noise = learnt(self.noise, watcher.background, picture.night, self.keyframes)

    def _gap(
        self, before_us: int | None, at_us: int, background: Background, runs: dict[Cause, _Run]
    ) -> Iterator[Finding]:
        if before_us is None:
            return
        length_us = at_us - before_us
        self.longest_us = max(self.longest_us, length_us)
        if not runs and (before_us in self.look_anyway or length_us > LONGEST_US):
            yield Finding(None, Span(before_us, at_us), before=background.copy())

    def _step(self, runs: dict[Cause, _Run], seen: Seen, before_us: int | None, watcher: Watcher) -> Iterator[Finding]:
        """Take one keyframe into the runs; yield those that it ends."""
        for cause in list(runs):
            run = runs[cause]
            sample = seen.samples.get(cause)
            going_on = sample is not None and sample.score >= STAY
            if cause is Cause.OBJECT and run.quiet_us is not None:  # it stood still at the last keyframe
                if seen.left:
                    run.quiet_us, run.stood_us = seen.at_us, before_us
                elif going_on and not seen.again:
                    going_on = False
            if before_us is not None:
                run.longest_us = max(run.longest_us, seen.at_us - before_us)
            if seen.cut or not (going_on or (seen.held and not seen.active and cause is Cause.OBJECT)):
                yield _finding(runs.pop(cause), seen.at_us, watcher.background)
            elif not going_on and run.quiet_us is None:
                run.quiet_us = seen.at_us
        for cause, sample in seen.samples.items():
            if sample.score < STAY:
                continue
            if cause in runs:
                runs[cause].active.append(sample)
                runs[cause].quiet_us = None
            else:
                start_us = seen.at_us if before_us is None else before_us
                runs[cause] = _Run(
                    cause,
                    start_us,
                    [sample],
                    None,
                    watcher.background.copy(),
                    self.keyframes <= 2,
                    seen.at_us - start_us,
                )


def _finding(run: _Run, after_us: int, background: Background, last: bool = False) -> Finding:
    after_us = after_us if run.quiet_us is None else run.quiet_us
    peak = max(run.active, key=lambda sample: sample.score)
    cause = Cause.UNSURE if run.cause is Cause.OBJECT and len(run.active) == 1 else run.cause
    event = Event(
        run.before_us,
        after_us,
        peak.at_us,
        round(peak.score, 2),
        peak.box,
        cause,
        FoundBy.KEYFRAMES,
        touches_start=run.first,
        touches_end=last and run.quiet_us is None,
    )
    inner = Span(run.active[0].at_us, run.stood_us or run.active[-1].at_us)
    return Finding(
        event, Span(run.before_us, after_us), inner, run.longest_us < LONGEST_US, run.background, background.copy()
    )
