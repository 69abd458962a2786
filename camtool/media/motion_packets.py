"""Stage 0: packets. Nothing is decoded and, in MP4, nothing but the index is read: sizes and times of coded pictures.

A recorder that holds its bitrate spends its bits all the time, so sizes are a weak sign: they order, they never rule
out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from camtool.core.activity import WHOLE, Cause, Event, FoundBy
from camtool.core.model import US_PER_S, Span
from camtool.media.luma import HOLE_PICTURES, HOLE_US, HOPELESS, REFUSALS, Film
from camtool.media.motion_stage import Finding, Scene

# The unit of "look here first": an event of a quarter of a minute and what is around it.
MINUTE_US = 60 * US_PER_S
# A running median over this many groups of pictures is what the scene usually costs: five minutes at 4 s each.
USUAL_GROUPS = 75
# The shortest stretch inside a group that is looked at as one: an event of about a second.
SHORT_US = US_PER_S


@dataclass(frozen=True, slots=True)
class Index:
    """The coded pictures in the order of the file: times in µs from the first, sizes in bytes, which are keyframes."""

    at_us: NDArray[np.int64]
    size_bytes: NDArray[np.float64]
    key: NDArray[np.bool_]

    @property
    def keys(self) -> NDArray[np.intp]:
        """Places of the keyframes."""
        return np.flatnonzero(self.key)


def read_index(film: Film) -> Index:
    """Read a film's index: from the container's header where it has one, else by reading the packets through."""
    entries = [(e.timestamp, e.size, e.is_keyframe) for e in film.stream.index_entries]
    if len(entries) < 2 or sum(not key for _, _, key in entries) == 0:
        entries = _demuxed(film)
    table = np.array(entries, np.float64).reshape(-1, 3)
    at_us = ((table[:, 0] - (table[0, 0] if len(table) else 0)) * float(film.time_base * US_PER_S)).astype(np.int64)
    return Index(at_us, table[:, 1], table[:, 2] > 0)


def _demuxed(film: Film) -> list[tuple[int, int, bool]]:
    entries: list[tuple[int, int, bool]] = []
    refused = 0
    while refused < HOPELESS:
        try:
            for packet in film.container.demux(film.stream):
                stamp = packet.pts if packet.dts is None else packet.dts
                if packet.size and stamp is not None:
                    entries.append((stamp, packet.size, packet.is_keyframe))
                    refused = 0
            break
        except REFUSALS as error:  # goes on behind what it could not make sense of
            film.read.broken, refused = str(error), refused + 1
    return entries


def gap_scores(index: Index) -> NDArray[np.float64]:
    """Return for each keyframe how much the group that it begins differs from its neighbours, in their own spreads.

    Compared are the sizes of inter pictures at the same place in the group (a rate control has its habits), averaged
    over a second, as logarithms.
    """
    keys = index.keys
    if len(keys) < 3:
        return np.zeros(len(keys))
    length = int(np.median(np.diff(keys)))
    if length < 3:
        return np.zeros(len(keys))
    logs = np.log(np.maximum(index.size_bytes, 1.0))
    rows = np.full((len(keys), length - 1), np.nan)
    for number, key in enumerate(keys):
        end = keys[number + 1] if number + 1 < len(keys) else len(logs)
        part = logs[key + 1 : min(end, key + length)]
        rows[number, : len(part)] = part
    seconds = max((index.at_us[-1] - index.at_us[0]) / US_PER_S, 1.0)
    window = max(2, min(length - 1, round(len(logs) / seconds * SHORT_US / US_PER_S)))
    return _unusual(rows, window)


def _unusual(rows: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    rows = np.where(np.isnan(rows), np.nanmedian(rows), rows)
    usual = np.empty_like(rows)
    half = USUAL_GROUPS // 2
    for number in range(len(rows)):
        usual[number] = np.median(rows[max(0, number - half) : number + half + 1], axis=0)
    rest = rows - usual
    sums = np.cumsum(np.pad(rest, ((0, 0), (1, 0))), axis=1)
    means = (sums[:, window:] - sums[:, :-window]) / window
    spread = 1.4826 * np.median(np.abs(means - np.median(means, axis=0)), axis=0) + 0.01
    scores: NDArray[np.float64] = np.abs(means / spread).max(axis=1)
    return scores


def likely_gaps(index: Index, part: float) -> frozenset[int]:
    """Return the times (µs) of the keyframes that begin the most unusual gaps: `part` of all, 0 to 1."""
    scores = gap_scores(index)
    count = int(len(scores) * part)
    best = np.argsort(-scores, kind="stable")[:count]
    return frozenset(int(index.at_us[index.keys[n]]) for n in best)


def _note_hole(film: Film, index: Index) -> None:
    steps_us = np.diff(index.at_us)
    if not len(steps_us):
        return
    widest = int(np.argmax(steps_us))
    if steps_us[widest] > max(HOLE_US, HOLE_PICTURES * float(np.median(steps_us))):
        film.read.gap_us, film.read.gap_at_us = int(steps_us[widest]), int(index.at_us[widest])


@dataclass(slots=True)
class Packets:
    """The stage alone: every minute of the file with its score; a ranking, which rules nothing out."""

    def findings(self, film: Film, scene: Scene, asked: Iterable[Finding] | None = None) -> Iterator[Finding]:
        """Yield one finding a minute; all minutes of the file are there. Neither zones nor asked are used."""
        index = read_index(film)
        film.read.packets += len(index.at_us)
        if not len(index.at_us):
            return
        _note_hole(film, index)
        keys_us = index.at_us[index.keys]
        scores = gap_scores(index)
        end_us = int(index.at_us.max()) + 1
        for start_us in range(0, end_us, MINUTE_US):
            inside = np.flatnonzero((keys_us >= start_us) & (keys_us < start_us + MINUTE_US))
            if len(inside):
                best = inside[int(np.argmax(scores[inside]))]
                peak_us, score = int(keys_us[best]), round(float(scores[best]), 2)
            else:
                peak_us, score = start_us, 0.0
            span = Span(start_us, min(start_us + MINUTE_US, end_us))
            yield Finding(Event(span.start_us, span.end_us, peak_us, score, WHOLE, Cause.UNSURE, FoundBy.PACKETS), span)
