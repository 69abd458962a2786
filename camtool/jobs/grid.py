"""`grid`: a picture with a ruler over it, from which a person reads off the box to give to `when`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool.core.model import PLAYABLE, Camera, Recording
from camtool.core.place import camera_us as camera_time_of
from camtool.core.place import place_us
from camtool.core.timetext import for_people
from camtool.errors import NoSuchFile, NotMoment
from camtool.jobs.box import BoxPx, Place
from camtool.jobs.keep_out import keep_out
from camtool.jobs.watched import Say, Wording, file_of, plainly, recording_at
from camtool.media.grid_picture import write_grid
from camtool.media.letters import spelt
from camtool.media.still import picture_at


@dataclass(frozen=True, slots=True)
class GridReport:
    """A picture that was written: camera time of what it shows, the recording, the recorded picture's size."""

    path: Path
    camera_us: int
    true_us: int
    source: str
    width_px: int
    height_px: int
    box_px: BoxPx | None


def grid(
    camera: Camera,
    recordings: Sequence[Recording],
    camera_us: int,
    offset_us: int,
    out: Path,
    *,
    zone: ZoneInfo,
    place: Place | None = None,
    say: Say = plainly,
    keep_out_of: Sequence[Path] = (),
) -> GridReport:
    """Draw pixel rulers on what the camera showed at an instant of camera time, and a box where one is given.

    Raises NotMoment, BoxOutside, UnfitName, InsideFootage, Unplayable, NoKeyframe, NoGlyph, OutputExists, DiskFull,
    NotAllowed, NoSuchFolder, NoSuchFile.
    """
    target = out.absolute()
    keep_out(target, keep_out_of)
    recording = recording_at(recordings, camera_us)
    if recording is None or recording.state not in PLAYABLE:
        raise NotMoment(camera=camera.number, when=for_people(camera_us + offset_us, zone))
    file = file_of(camera, recording)
    try:
        picture = picture_at(file, place_us(recording, camera_us))
    except FileNotFoundError as error:
        raise NoSuchFile(path=file) from error
    height_px, width_px = picture.image.shape[:2]
    box_px = None if place is None else place.in_px(camera.number, (width_px, height_px))
    shown_us = camera_time_of(recording, picture.place_us)
    wording = Wording(zone, say)
    head = (
        f"{camera.number} {camera.name} · {wording.true_time(shown_us + offset_us)} · {wording.camera_time(shown_us)}"
    )
    write_grid(picture.image, target, caption=head, source=spelt(recording.path), box_px=box_px)
    return GridReport(target, shown_us, shown_us + offset_us, recording.path, width_px, height_px, box_px)
