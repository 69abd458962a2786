"""Which packets of which recordings make up a clip.

A clip begins with the last keyframe at or before the wanted start and ends with the whole group of pictures that holds
the last wanted picture, so it plays without anything that is not in it. Where recordings overlap, the first one is
followed to its end and the next taken up at its first keyframe from there on: no picture is in the clip twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from camtool.core.model import US_PER_S, Recording, Span
from camtool.core.place import camera_us, place_us
from camtool.core.problem import Problem, ProblemKind
from camtool.core.timeline import NAME_SLACK_US
from camtool.errors import NoKeyframe, NoSuchFile, StreamsDiffer, Unplayable
from camtool.media.pictures import Group, Reader, Source
from camtool.media.reading import reason

# How far before its end a recording is searched for the pictures the next one begins with: twice the slack.
_TAIL_US = 2 * NAME_SLACK_US


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one recording's packets in the clip: `packets` from number `first` on.

    Times are ticks of the source's video: key_pts is the first keyframe, low_pts the earliest picture, end_pts the end
    of the last. camera is the piece's span in camera time. whole is False where the recording breaks off in it.
    """

    recording: Recording
    source: Source
    first: int
    packets: int
    key_pts: int
    low_pts: int
    first_dts: int
    end_pts: int
    camera: Span
    whole: bool


@dataclass(slots=True)
class Plan:
    """The pieces in order, and what is to be said of them. refused: recordings that could not be read, and why."""

    reader: Reader
    pieces: list[Piece] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: list[Unplayable | NoSuchFile] = field(default_factory=list)
    keyless: list[Source] = field(default_factory=list)

    @property
    def reached_us(self) -> int | None:
        """The camera time up to which the pieces go."""
        return self.pieces[-1].camera.end_us if self.pieces else None


def plan_clip(
    recordings: Sequence[Recording],
    path_of: Callable[[Recording], Path],
    wanted: Span,
    words_of: Callable[[int], str],
    reader: Reader | None = None,
) -> Plan:
    """Choose the packets for a span of camera time.

    path_of says where a recording's file is, words_of writes a camera time for people (in errors), reader reads the
    recordings (libav, unless told otherwise). A recording that cannot be read becomes a Problem, and its time a gap.
    Raises StreamsDiffer; Unplayable, NoSuchFile or NoKeyframe where no piece is left because of it. A plan without
    pieces: nothing was recorded.
    """
    plan = Plan(reader or _libav())
    for recording in sorted(recordings, key=_order):
        if recording.span is None or recording.span.end_us <= wanted.start_us:
            continue
        reached_us = plan.reached_us
        if recording.span.start_us >= wanted.end_us or (reached_us is not None and reached_us >= wanted.end_us):
            break
        if reached_us is not None and recording.span.end_us <= reached_us:
            continue
        try:
            piece = _piece(plan, recording, plan.reader.read(path_of(recording)), wanted)
        except (Unplayable, OSError) as error:
            _refuse(plan, recording, path_of(recording), error)
            continue
        if piece is not None:
            _join(plan, piece, words_of)
    if not plan.pieces and plan.refused:
        raise plan.refused[0]
    if not plan.pieces and plan.keyless:
        raise NoKeyframe(path=plan.keyless[0].path, when=words_of(wanted.start_us))
    return plan


def _libav() -> Reader:
    from camtool.media.packets import ByLibav  # loads libav, which a plain MP4 has no need of

    return ByLibav()


def _order(recording: Recording) -> tuple[int, int, str]:
    start_us, end_us = (recording.span.start_us, recording.span.end_us) if recording.span else (0, 0)
    return start_us, -end_us, recording.path


def _piece(plan: Plan, recording: Recording, source: Source, wanted: Span) -> Piece | None:
    """Return the recording's part of the clip; None where it adds nothing."""
    reached_us = plan.reached_us
    last_pts = source.pts_at(place_us(recording, wanted.end_us - 1))
    if reached_us is None:
        first = _shown_at(plan.reader, source, source.pts_at(place_us(recording, wanted.start_us)))
    else:
        first = _following(plan, recording, source, reached_us)
    if first is None or first.low_pts > last_pts:
        if reached_us is None and source.origin_pts <= last_pts:
            plan.keyless.append(source)
        return None
    last = _last_group(plan.reader, source, first, last_pts)
    start_us = camera_us(recording, source.place_us(first.key_pts))
    end_us = camera_us(recording, source.place_us(last.end_pts))
    if end_us <= (wanted.start_us if reached_us is None else reached_us):
        return None
    packets = last.first + last.packets - first.first
    low_pts, span = min(first.low_pts, first.key_pts), Span(start_us, end_us)
    return Piece(
        recording, source, first.first, packets, first.key_pts, low_pts, first.first_dts, last.end_pts, span, last.whole
    )


def _shown_at(reader: Reader, source: Source, pts: int) -> Group | None:
    """Return the group shown at a time; the first with a keyframe where that time is before it."""
    return next((group for group in reader.groups(source, pts) if group.key), None)


def _following(plan: Plan, recording: Recording, source: Source, reached_us: int) -> Group | None:
    """Return the group with which a recording goes on after the pieces before it."""
    before, span = plan.pieces[-1], recording.span
    overlap_us = reached_us - span.start_us if span else 0
    adjoining = abs(overlap_us) <= NAME_SLACK_US
    from_pts = source.origin_pts
    if not adjoining and overlap_us > 0:
        # The last tick before the wanted instant is still before it: the first keyframe from the next tick on.
        from_pts = source.pts_at(place_us(recording, reached_us - 1)) + 1
    repeated = _tail(plan.reader, before) if overlap_us > 0 else frozenset()
    for group in plan.reader.groups(source, from_pts):
        if not group.key and not (adjoining and group.first == 0 and _is_to_its_end(plan.reader, before)):
            continue
        if group.key and group.key_pts < from_pts:
            continue
        if repeated and group.key and _first_packet(plan.reader, source, group) in repeated:
            continue
        return group
    return None


def _last_group(reader: Reader, source: Source, first: Group, last_pts: int) -> Group:
    """Return the last group from `first` on that holds a picture at or before last_pts."""
    last = first
    for group in reader.groups(source, max(last_pts, first.key_pts)):
        if group.first > first.first and group.low_pts > last_pts:
            break
        if group.first >= last.first:
            last = group
    return last


def _is_to_its_end(reader: Reader, piece: Piece) -> bool:
    """Whether a piece takes in the last picture of its recording."""
    *_, last = reader.groups(piece.source, piece.end_pts)
    return last.first + last.packets == piece.first + piece.packets


def _tail(reader: Reader, piece: Piece) -> frozenset[bytes]:
    """Return the digests of a piece's last pictures, to know them again at the start of the next recording."""
    source = piece.source
    near_pts = piece.end_pts - int(_TAIL_US / (source.video.time_base * US_PER_S))
    group = next(reader.groups(source, max(near_pts, piece.key_pts)))
    count = piece.first + piece.packets - group.first
    return frozenset(reader.digests(source, group.first, count))


def _first_packet(reader: Reader, source: Source, group: Group) -> bytes:
    return next(reader.digests(source, group.first, 1))


def _join(plan: Plan, piece: Piece, words_of: Callable[[int], str]) -> None:
    """Put a piece behind the others. Raises StreamsDiffer where it cannot share their track."""
    if plan.pieces:
        before = plan.pieces[0].source.video
        here = piece.source.video
        if (before.codec, before.width_px, before.height_px) != (here.codec, here.width_px, here.height_px):
            _differ(before.words, here.words, piece, words_of)
        if before.sets != here.sets or (not before.sets and before.extradata != here.extradata):
            _differ(before.words, f"{here.words}, other SPS/PPS", piece, words_of)
    plan.pieces.append(piece)


def _differ(before: str, after: str, piece: Piece, words_of: Callable[[int], str]) -> None:
    raise StreamsDiffer(when=words_of(piece.camera.start_us), before=before, after=after)


def _refuse(plan: Plan, recording: Recording, path: Path, error: Unplayable | OSError) -> None:
    if isinstance(error, FileNotFoundError):
        plan.refused.append(NoSuchFile(path=path))
        plan.problems.append(Problem(ProblemKind.MISSING, recording.path, recording.camera))
        return
    refused = error if isinstance(error, Unplayable) else Unplayable(path=path, detail=reason(error))
    plan.refused.append(refused)
    facts = {"detail": str(refused.facts["detail"])}
    plan.problems.append(Problem(ProblemKind.UNREADABLE, recording.path, recording.camera, facts))
