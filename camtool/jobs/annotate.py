"""`annotate`: notes drawn into a copy of a clip or of a still, with a record beside it of what it was made from."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool import __version__
from camtool.core.clipclock import ClipStretch, camera_us_at
from camtool.core.model import US_PER_S, Camera
from camtool.core.notes import Note
from camtool.core.notes_text import Why, plain
from camtool.core.pathtext import to_text
from camtool.core.problem import Problem, ProblemKind
from camtool.core.timetext import for_people, from_rfc3339
from camtool.errors import AfterTheEnd, BadNotes, BadProof, NoProof, NoSuchFile, NotAFile, UnfitName, mark
from camtool.evidence.derivative import record_path, write_record
from camtool.evidence.proof import Proof, read_proof
from camtool.jobs.keep_out import keep_out
from camtool.jobs.notes_file import read_notes
from camtool.jobs.watched import CAMERA_TIME, TRUE_TIME, Say, plainly
from camtool.media.annotated import Origin, annotated_picture, look_at, picture_of, read_picture, write_film
from camtool.media.hash import sha256_of
from camtool.media.letters import composed, spelt
from camtool.media.note_draw import Picture, outside
from camtool.media.program import ffmpeg_version
from camtool.media.still import read_facts, save_png, write_png
from camtool.media.whole import whole

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class AnnotateReport:
    """A copy that was written. record lies beside it, None of a preview; at_us is a still's place in its clip."""

    path: Path
    record: Path | None
    sha256: str
    parent: Path
    parent_sha256: str
    frames: int
    width_px: int
    height_px: int
    notes: int
    at_us: int | None
    problems: tuple[Problem, ...]


def annotate(
    parent: Path,
    notes_file: Path,
    out: Path,
    *,
    zone: ZoneInfo | None,
    still: bool = False,
    preview: bool = False,
    at_us: int | None = None,
    cameras: Sequence[Camera] = (),
    command: Sequence[str] = (),
    say: Say = plainly,
    progress: Callable[[int], None] | None = None,
) -> AnnotateReport:
    """Write a copy of `parent` with notes as `out`, and its record beside it; all or nothing.

    still: one picture as PNG, of a clip the one at at_us (by default where the first note begins). preview: the first
    picture that shows a note, as PNG, without a record. zone is the one in which the margin's clocks are written; None
    leaves them out. Raises BadNotes, UnfitName, InsideFootage, NoSuchFile, NotAFile, Unplayable, NoKeyframe, NoGlyph,
    ProgramMissing, ProgramFailed, OutputExists, NoSuchFolder, DiskFull, NotAllowed.
    """
    target = out.absolute()
    one = still or preview or parent.suffix.lower() in PICTURES
    known = ".png" if one else ".mp4"
    if target.suffix.lower() != known:
        raise UnfitName(suffix=out.suffix, known=known)
    if parent.is_dir():
        raise NotAFile(path=parent)
    if not parent.exists():
        raise NoSuchFile(path=parent)
    for camera in cameras:
        keep_out(target, [Path(camera.footage)], camera.number)
    notes = read_notes(notes_file)
    for note in notes:
        composed(note.label)  # raises NoGlyph before the work begins, not after an hour of it
    sha256 = sha256_of(parent)
    job = _Job(parent, sha256, notes_file, notes, target, zone, tuple(command), say)
    return job.picture(preview, at_us) if one else job.film(progress or _silent)


def _silent(percent: int) -> None:
    """Tell nobody."""


def _check_places(path: Path, notes: Sequence[Note], size_px: tuple[int, int], length_us: int) -> None:
    """Raise BadNotes for a note that would never be seen; length_us 0: not known, or of a picture."""
    for number, note in enumerate(notes, 1):
        why: Why | None = None
        if outside(note, size_px):
            facts = {"size": f"{size_px[0]}×{size_px[1]}"}
            why = Why(mark("it lies outside the picture, which is {size}"), facts)
        elif length_us and note.start_us >= length_us:
            text = mark("it begins after the end of the clip, which is {length} s long")
            why = Why(text, {"length": f"{length_us / US_PER_S:.2f}"})
        if why is not None:
            raise BadNotes(path=path, why=Why(mark("note {number}: {why}"), {"number": number, "why": why}))


@dataclass(frozen=True, slots=True)
class _Job:
    parent: Path
    sha256: str
    notes_file: Path
    notes: tuple[Note, ...]
    out: Path
    zone: ZoneInfo | None
    command: tuple[str, ...]
    say: Say

    def film(self, progress: Callable[[int], None]) -> AnnotateReport:
        clip = look_at(self.parent)
        _check_places(self.notes_file, self.notes, (clip.width_px, clip.height_px), clip.length_us)
        with whole(record_path(self.out), self.out) as (record, draft):
            made = write_film(clip, draft, self.out, self.notes, self.origin(), progress)
            sha256 = sha256_of(draft)
            self.record(record, sha256, (made.width_px, made.height_px), made.margin_px, made.frames, None)
        return self.report(sha256, (made.width_px, made.height_px), made.frames, None, _damage(made.broken))

    def picture(self, preview: bool, at_us: int | None) -> AnnotateReport:
        wanted_us = at_us if at_us is not None else min(note.start_us for note in self.notes)
        if self.parent.suffix.lower() in PICTURES:
            image, shown_us, length_us = read_picture(self.parent), 0, 0
        else:
            length_us = look_at(self.parent).length_us
            if at_us is not None and length_us and at_us >= length_us:
                raise AfterTheEnd(path=self.parent, at=f"{at_us / US_PER_S:g}", length=f"{length_us / US_PER_S:.2f}")
            image, shown_us = picture_of(self.parent, wanted_us)
        _check_places(self.notes_file, self.notes, (image.shape[1], image.shape[0]), length_us)
        drawn = annotated_picture(image, self.notes, max(wanted_us, shown_us), self.origin(shown_us))
        shape = (drawn.shape[1], drawn.shape[0])
        facts = {
            "Software": f"camtool {__version__}",
            "Parent": to_text(self.parent.name),
            "Parent SHA-256": self.sha256,
        }
        write_png(self.out, drawn, facts) if preview else self.still(drawn, facts, shape, image.shape[0], shown_us)
        return self.report(sha256_of(self.out), shape, 1, None if preview else shown_us, (), preview)

    def still(
        self, drawn: Picture, facts: dict[str, str], shape: tuple[int, int], picture_px: int, shown_us: int
    ) -> None:
        """Write the picture and its record, both or neither."""
        with whole(record_path(self.out), self.out) as (record, draft):
            save_png(draft, drawn, facts)
            self.record(record, sha256_of(draft), shape, shape[1] - picture_px, 1, shown_us)

    def origin(self, at_us: int | None = None) -> Origin:
        """Return what the margin says; at_us is the time that a single picture was taken at."""
        clocks = _clocks_of(self.parent) if self.zone is not None else None

        def words(us: int) -> tuple[str, str] | None:
            both = clocks(us if at_us is None else at_us) if clocks is not None else None
            if both is None or self.zone is None:
                return None
            true_time, camera_time = (for_people(each // US_PER_S * US_PER_S, self.zone) for each in both)
            return self.say(TRUE_TIME, {"time": true_time}), self.say(CAMERA_TIME, {"time": camera_time})

        return Origin(spelt(self.parent.name), self.sha256, words)

    def record(
        self, path: Path, sha256: str, size_px: tuple[int, int], margin_px: int, frames: int, at_us: int | None
    ) -> None:
        write_record(
            path,
            kind="annotated",
            name=to_text(self.out.name),
            sha256=sha256,
            parents=[{"name": to_text(self.parent.name), "sha256": self.sha256}],
            ffmpeg=ffmpeg_version(),
            command=self.command,
            facts={
                "size_px": list(size_px),
                "margin_px": margin_px,
                "frames": frames,
                "at_us": at_us,
                "notes_sha256": sha256_of(self.notes_file),
                "notes": [plain(note) for note in self.notes],
            },
        )

    def report(
        self,
        sha256: str,
        size_px: tuple[int, int],
        frames: int,
        at_us: int | None,
        problems: tuple[Problem, ...],
        preview: bool = False,
    ) -> AnnotateReport:
        record = None if preview else record_path(self.out)
        return AnnotateReport(
            self.out, record, sha256, self.parent, self.sha256, frames, *size_px, len(self.notes), at_us, problems
        )


def _damage(broken: Sequence[Fraction | None]) -> tuple[Problem, ...]:
    if not broken:
        return ()
    first = next((place for place in broken if place is not None), Fraction(0))
    facts: dict[str, str | int] = {"count": len(broken), "at_s": f"{float(first) / US_PER_S:.1f}"}
    return (Problem(ProblemKind.PICTURES_DAMAGED, None, None, facts),)


Clocks = Callable[[int], tuple[int, int] | None]


def _clocks_of(parent: Path) -> Clocks | None:
    """Return true time and camera time of a place in a clip, from its proof, or of a still, from its own words."""
    if parent.suffix.lower() == ".png":
        return _still_clocks(parent)
    try:
        proof = read_proof(parent)
    except (NoProof, BadProof):
        return None
    stretches, offset_us = _stretches(proof), proof.facts.get("true_time_is_camera_time_plus_us")

    def both(at_us: int) -> tuple[int, int] | None:
        camera_us = camera_us_at(stretches, at_us)
        if camera_us is None or type(offset_us) is not int:
            return None
        return camera_us + offset_us, camera_us

    return both


def _still_clocks(picture: Path) -> Clocks | None:
    facts = read_facts(picture)
    try:
        both = from_rfc3339(facts["True time"]), from_rfc3339(facts["Camera time"])
    except (KeyError, ValueError):
        return None
    return lambda at_us: both


def _stretches(proof: Proof) -> list[ClipStretch]:
    """Return the parts of a clip by recording, as its proof lays them out."""
    found: list[ClipStretch] = []
    for source, facts in zip(proof.sources, proof.facts["sources"], strict=True):
        part = next((each for each in source.stretches if each.stream == 0), None)
        if part is None or not part.runs:
            continue
        (_, first_shift), (_, last_shift) = part.runs[0], part.runs[-1]
        step = Fraction(part.last_pts - part.first_pts, max(1, part.packets - 1))
        start = (part.first_pts + first_shift) * part.time_base_s
        end = (part.last_pts + step + last_shift) * part.time_base_s
        try:
            span = facts["camera_time"]
            camera = from_rfc3339(span["from"]), from_rfc3339(span["to"])
        except (KeyError, TypeError, ValueError):
            continue
        found.append(ClipStretch(math.ceil(start * US_PER_S), math.ceil(end * US_PER_S), *camera))
    return sorted(found, key=lambda stretch: stretch.start_us)
