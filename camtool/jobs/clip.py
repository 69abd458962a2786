"""`cut`: a span of one camera's recordings as a clip, bitstream untouched, with its proof beside it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool import __version__
from camtool.core.ledger import Compared
from camtool.core.model import Camera, Recording, Span
from camtool.core.pathtext import from_text, to_text
from camtool.core.problem import Problem, ProblemKind
from camtool.core.settle import mismatch
from camtool.core.timeline import NAME_SLACK_US
from camtool.core.timetext import duration_text, for_people, rfc3339
from camtool.errors import NothingRecorded, UnfitContainer
from camtool.evidence.proof import ProofWriter, Stretch, proof_path, stretch_facts
from camtool.jobs.keep_out import keep_out
from camtool.media.cut_made import Made
from camtool.media.cut_plan import Piece, Plan
from camtool.media.cut_track import FORMATS, Track
from camtool.media.cut_way import Way, choose_way
from camtool.media.hash import HashSource
from camtool.media.whole import whole


@dataclass(frozen=True, slots=True)
class CutSource:
    """What of one recording is in the clip: `packets` pictures from number first_packet on (counted from 0)."""

    path: str
    size_bytes: int
    sha256: str
    first_packet: int
    packets: int
    camera_span: Span
    true_span: Span


@dataclass(frozen=True, slots=True)
class CutReport:
    """A clip that was written and proven. requested is true time; start_us and end_us are those of true_span.

    compared says what of the pictures is the same as in the recordings (core.ledger); nothing is reported unless it is.
    """

    path: Path
    proof: Path
    sha256: str
    size_bytes: int
    true_span: Span
    camera_span: Span
    requested: Span
    sources: tuple[CutSource, ...]
    packets_identical: bool
    compared: Compared
    problems: tuple[Problem, ...]

    @property
    def start_us(self) -> int:
        """True time of the first picture that can be shown."""
        return self.true_span.start_us

    @property
    def end_us(self) -> int:
        """True time at which the last picture ends."""
        return self.true_span.end_us


def cut(
    camera: Camera,
    recordings: Sequence[Recording],
    wanted_camera: Span,
    offset_us: int,
    out: Path,
    *,
    zone: ZoneInfo,
    keep_out_of: Sequence[Path] = (),
    progress: Callable[[int], None] | None = None,
    before_final: Callable[[CutReport], None] | None = None,
    hash_source: HashSource | None = None,
) -> CutReport:
    """Write the wanted span (camera time) of a camera's recordings as `out`, and its proof beside it.

    offset_us is what has to be added to camera time to get true time. progress is told whole percents. before_final is
    called when clip and proof are on the disk but have no name yet: what it raises (a custody log that cannot be
    written) fails the cut. In the end both are there, or neither. hash_source knows the hashes of recordings that are
    cut from again and again (media.hash.Remembered).

    Raises UnfitContainer, InsideFootage, OutputExists, NoSuchFolder, DiskFull, NotAllowed; NothingRecorded, NoKeyframe,
    StreamsDiffer, Unplayable, SourceChanged; ProofFailed.
    """
    target = out.absolute()
    if target.suffix.lower() not in FORMATS:
        raise UnfitContainer(suffix=target.suffix)
    keep_out(target, keep_out_of, camera.number)

    def words_of(camera_time_us: int) -> str:
        return for_people(camera_time_us + offset_us, zone)

    def path_of(recording: Recording) -> Path:
        return Path(camera.footage, from_text(recording.path))

    way = choose_way(recordings, path_of, wanted_camera, words_of, target.suffix.lower())
    if way is None:
        start, end = words_of(wanted_camera.start_us), words_of(wanted_camera.end_us)
        raise NothingRecorded(camera=camera.number, start=start, end=end, when=start)
    plan, wrapping = way.plan, way.wrapping
    if wrapping.suffix != target.suffix.lower():
        target = target.with_suffix(wrapping.suffix)
    jumps = _jumps(plan, offset_us, zone)
    problems = (*plan.problems, *jumps, *wrapping.problems, *_short(plan, wanted_camera), *_stretched(plan))
    with whole(proof_path(target), target) as (proof, clip), ProofWriter() as rows:
        made = way.make(clip, rows.add, progress or _silent, hash_source)
        report = _report(target, plan.pieces, made, wanted_camera, offset_us, problems)
        rows.write(proof, _facts(camera, way, made, report, wanted_camera, offset_us, zone))
        if before_final is not None:
            before_final(report)
    return report


def _silent(percent: int) -> None:
    """Tell nobody."""


def _jumps(plan: Plan, offset_us: int, zone: ZoneInfo) -> Iterator[Problem]:
    """Say where the clip leaves time out between two recordings: from when to when, in true time as RFC 3339."""
    for before, piece in pairwise(plan.pieces):
        row, missing = piece.recording, Span(before.camera.end_us, piece.camera.start_us)
        if missing.length_us > NAME_SLACK_US:
            overlaps = row.span is not None and row.span.start_us < missing.start_us
            kind = ProblemKind.OVERLAP_SKIPPED if overlaps else ProblemKind.GAP_IN_CLIP
            start, end = (rfc3339(us + offset_us, zone) for us in (missing.start_us, missing.end_us))
            yield Problem(kind, row.path, row.camera, {"start": start, "end": end})


def _short(plan: Plan, wanted: Span) -> tuple[Problem, ...]:
    """Say where the clip begins later or ends earlier than wanted by more than a recorder's names can tell."""
    first, last = plan.pieces[0], plan.pieces[-1]
    late = first.camera.start_us - wanted.start_us > NAME_SLACK_US
    early = wanted.end_us - last.camera.end_us > NAME_SLACK_US
    broken = next((piece for piece in plan.pieces if not piece.whole), None)
    if not late and not early and broken is None:
        return ()
    covered_us = sum(_overlap_us(piece.camera, wanted) for piece in plan.pieces)
    facts = {"covered": f"{duration_text(_to_ms(covered_us))} / {duration_text(wanted.length_us)}"}
    named = broken or last
    return (Problem(ProblemKind.CLIP_SHORT, named.recording.path, named.recording.camera, facts),)


def _stretched(plan: Plan) -> tuple[Problem, ...]:
    """Say which recordings' pictures run at another pace than their names: times in them are by proportion only.

    A difference that the names' whole seconds explain is none.
    """
    rows = {piece.recording.path: piece.recording for piece in plan.pieces}
    return tuple(
        problem.of(row.path, row.camera)
        for row in rows.values()
        for problem in mismatch(row.wall_us, row.media_us)
        if abs((row.wall_us or 0) - (row.media_us or 0)) > NAME_SLACK_US
    )


def _overlap_us(one: Span, other: Span) -> int:
    return max(0, min(one.end_us, other.end_us) - max(one.start_us, other.start_us))


def _to_ms(us: int) -> int:
    return us // 1000 * 1000


def _report(
    target: Path, pieces: Sequence[Piece], made: Made, wanted: Span, offset_us: int, problems: tuple[Problem, ...]
) -> CutReport:
    span = Span(pieces[0].camera.start_us, pieces[-1].camera.end_us)
    sources = tuple(
        CutSource(
            piece.recording.path,
            piece.source.size_bytes,
            sha256,
            piece.first,
            piece.packets,
            piece.camera,
            piece.camera.shifted(offset_us),
        )
        for piece, sha256 in zip(pieces, made.source_sha256, strict=True)
    )
    return CutReport(
        path=target,
        proof=proof_path(target),
        sha256=made.sha256,
        size_bytes=made.size_bytes,
        true_span=span.shifted(offset_us),
        camera_span=span,
        requested=wanted.shifted(offset_us),
        sources=sources,
        packets_identical=True,
        compared=made.tracks[0].compared,
        problems=problems,
    )


def _facts(
    camera: Camera,
    way: Way,
    made: Made,
    report: CutReport,
    wanted: Span,
    offset_us: int,
    zone: ZoneInfo,
) -> dict[str, object]:
    """Return what the proof says besides the ledger; docs/proof.md explains each of it."""

    def both(span: Span) -> dict[str, object]:
        return {"camera_time": _span(span, zone), "true_time": _span(span.shifted(offset_us), zone)}

    return {
        "made_by": {"camtool": __version__, **way.libraries},
        "clip": {
            "name": to_text(report.path.name),
            "container": FORMATS[way.wrapping.suffix],
            "size_bytes": report.size_bytes,
            "sha256": report.sha256,
        },
        "camera": {"number": camera.number, "name": camera.name, "place": camera.place},
        "true_time_is_camera_time_plus_us": offset_us,
        "requested": both(wanted),
        "shown": both(report.camera_span),
        "problems": [{**asdict(problem), "facts": dict(problem.facts)} for problem in report.problems],
        "streams": [_stream(track) for track in made.tracks],
        "sources": [
            {
                "path": source.path,
                "folder": to_text(str(Path(camera.footage).absolute())),
                "size_bytes": source.size_bytes,
                "sha256": source.sha256,
                "state": piece.recording.state,
                **both(source.camera_span),
                "streams": [
                    stretch_facts(stretch)
                    for stream, track in enumerate(made.tracks)
                    if (stretch := _stretch(track, stream, number)) is not None
                ],
            }
            for number, (piece, source) in enumerate(zip(way.plan.pieces, report.sources, strict=True))
        ],
    }


def _span(span: Span, zone: ZoneInfo) -> dict[str, str]:
    return {"from": rfc3339(span.start_us, zone), "to": rfc3339(span.end_us, zone)}


def _stream(track: Track) -> dict[str, object]:
    return {
        "kind": track.kind,
        "codec": track.codec,
        "packets": len(track),
        "compared": track.compared,
        "retimed": track.retimed,
    }


def _stretch(track: Track, stream: int, source: int) -> Stretch | None:
    """Return which of a source's packets are in a stream of the clip; None where there are none."""
    runs = [run for run in track.runs if run.source == source]
    if not runs:
        return None
    behind = [run.first_row for run in track.runs if run.source > source]
    first_row, end_row = runs[0].first_row, min(behind, default=len(track))
    if end_row == first_row:
        return None
    return Stretch(
        stream,
        runs[0].first_packet,
        end_row - first_row,
        track.pts[first_row],
        track.pts[end_row - 1],
        runs[0].time_base,
        tuple((run.first_packet, run.shift_ticks) for run in runs),
    )
