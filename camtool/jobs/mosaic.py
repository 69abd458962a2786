"""`mosaic`: several cameras side by side in one film, on one clock of true time."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool.core.model import US_PER_S, Recording, Span
from camtool.core.place import pace, place_us
from camtool.core.problem import Problem, ProblemKind
from camtool.core.timetext import rfc3339
from camtool.errors import CameraNotAmong, CamerasBeside, NothingRecorded, OutputExists, UnfitName
from camtool.evidence.derivative import record_path, write_record
from camtool.jobs.keep_out import keep_out
from camtool.jobs.reel import UNSEEN
from camtool.jobs.sheet_time import NO_RECORDING
from camtool.jobs.watched import Say, Watched, Wording, file_of, pieces, plainly, refused, without_repeats
from camtool.media.hash import sha256_of
from camtool.media.mosaic import LEAST_TILES, MOST_TILES, MosaicMade, Tile, TilePiece, Unshown, write_mosaic
from camtool.media.mosaic_sound import write_sound
from camtool.media.program import ffmpeg_version
from camtool.media.reel import Clocks
from camtool.media.whole import whole


@dataclass(frozen=True, slots=True)
class MosaicReport:
    """A mosaic that was written: its record, size and length, whether it has sound, and what could not be shown."""

    path: Path
    record: Path
    sha256: str
    length_us: int
    frames: int
    rate: int
    width_px: int
    height_px: int
    sound: bool
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A camera's tile, and the recording that each of its pieces is from."""

    watched: Watched
    tile: Tile
    recordings: tuple[Recording, ...]


def mosaic(
    footage: Sequence[Watched],
    window: Span,
    out: Path,
    *,
    zone: ZoneInfo,
    title: str,
    audio: int | None = None,
    say: Say = plainly,
    keep_out_of: Sequence[Path] = (),
    command: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> MosaicReport:
    """Write a window of true time of 2 to 9 cameras as one film, and its record beside it; both or neither.

    audio is the number of the camera that is heard. Where a camera has no recording its tile is black and says so.
    Raises CamerasBeside, CameraNotAmong, UnfitName, InsideFootage, NothingRecorded, NoGlyph, ProgramMissing,
    ProgramFailed, OutputExists, NoSuchFolder, DiskFull, NotAllowed.
    """
    target = out.absolute()
    if not LEAST_TILES <= len(footage) <= MOST_TILES:
        raise CamerasBeside(count=len(footage), least=LEAST_TILES, most=MOST_TILES)
    if target.suffix.lower() != ".mp4":
        raise UnfitName(suffix=out.suffix, known=".mp4")
    keep_out(target, keep_out_of)
    if target.exists():
        raise OutputExists(path=target)
    wording = Wording(zone, say)
    shown = [_tile(watched, window) for watched in footage]
    if not any(each.tile.pieces for each in shown):
        start, end = wording.instant(window.start_us), wording.instant(window.end_us)
        raise NothingRecorded(camera=footage[0].camera.number, start=start, end=end, when=start)
    heard = next((each for each in shown if each.watched.camera.number == audio), None)
    if audio is not None and heard is None:
        raise CameraNotAmong(camera=audio)
    with whole(record_path(target), target) as (record, draft), tempfile.TemporaryDirectory() as folder:
        sound: Path | None = Path(folder, "sound.s16le")
        if heard is None or sound is None or not write_sound(heard.tile.pieces, window, sound):
            sound = None
        made = write_mosaic(
            [each.tile for each in shown],
            window,
            draft,
            target,
            clocks=Clocks(wording.true_time, wording.camera_time),
            empty=say(NO_RECORDING, {}),
            lost=say(UNSEEN, {}),
            title=title,
            sound=sound,
            progress=progress or _silent,
        )
        sha256 = sha256_of(draft)
        _record(record, target, sha256, shown, window, zone, made, audio if sound else None, command)
    problems = without_repeats(_problem(shown, each) for each in made.unshown)
    if heard is not None and sound is None:
        problems = (*problems, Problem(ProblemKind.NO_SOUND, None, audio))
    return MosaicReport(
        target,
        record_path(target),
        sha256,
        made.frames * US_PER_S // made.rate,
        made.frames,
        made.rate,
        made.width_px,
        made.height_px,
        sound is not None,
        problems,
    )


def _silent(percent: int) -> None:
    """Tell nobody."""


def _tile(watched: Watched, window: Span) -> _Shown:
    found = list(pieces(watched.recordings, window.shifted(-watched.offset_us)))
    return _Shown(
        watched,
        Tile(
            f"{watched.camera.number} {watched.camera.name}",
            watched.offset_us,
            tuple(
                TilePiece(
                    file_of(watched.camera, recording),
                    span.shifted(watched.offset_us),
                    place_us(recording, span.start_us),
                    pace(recording),
                )
                for recording, span in found
            ),
        ),
        tuple(recording for recording, _ in found),
    )


def _problem(shown: Sequence[_Shown], unshown: Unshown) -> Problem:
    each = shown[unshown.tile]
    recording = each.recordings[unshown.piece]
    if unshown.error is not None:
        return refused(unshown.error, recording, each.watched.camera)
    return Problem(ProblemKind.PICTURE_DAMAGED, recording.path, each.watched.camera.number)


def _record(
    path: Path,
    out: Path,
    sha256: str,
    shown: Sequence[_Shown],
    window: Span,
    zone: ZoneInfo,
    made: MosaicMade,
    audio: int | None,
    command: Sequence[str],
) -> None:
    parents = [
        {
            "camera": each.watched.camera.number,
            "path": recording.path,
            "sha256": _hash(piece.path),
            "true_time": {"from": rfc3339(piece.span.start_us, zone), "to": rfc3339(piece.span.end_us, zone)},
        }
        for each in shown
        for recording, piece in zip(each.recordings, each.tile.pieces, strict=True)
    ]
    facts: dict[str, object] = {
        "window": {"from": rfc3339(window.start_us, zone), "to": rfc3339(window.end_us, zone)},
        "cameras": [
            {"number": each.watched.camera.number, "true_time_is_camera_time_plus_us": each.watched.offset_us}
            for each in shown
        ],
        "sound_of_camera": audio,
        "size_px": [made.width_px, made.height_px],
        "frames": made.frames,
        "rate": made.rate,
    }
    write_record(
        path,
        kind="mosaic",
        name=out.name,
        sha256=sha256,
        parents=parents,
        ffmpeg=ffmpeg_version(),
        command=command,
        facts=facts,
    )


def _hash(path: Path) -> str | None:
    """Hash a recording; None where it cannot be read (its tile says so)."""
    try:
        return sha256_of(path)
    except OSError:
        return None
