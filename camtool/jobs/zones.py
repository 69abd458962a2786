"""`camera zones`: a camera's zones and masks, drawn on a real picture of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool.core.model import PLAYABLE, Camera, Recording
from camtool.core.place import camera_us as camera_time_of
from camtool.core.place import place_us
from camtool.core.timetext import for_people
from camtool.core.zone import Zone
from camtool.errors import NotMoment
from camtool.jobs.keep_out import keep_out
from camtool.jobs.watched import Say, Wording, file_of, plainly, recording_at
from camtool.media.letters import spelt
from camtool.media.still import picture_at
from camtool.media.zones_picture import write_zones


@dataclass(frozen=True, slots=True)
class ZonesReport:
    """A picture that was written: camera time of what it shows, the recording, the recorded picture's size."""

    path: Path
    camera_us: int
    true_us: int
    source: str
    width_px: int
    height_px: int


def draw_zones(
    camera: Camera,
    recordings: Sequence[Recording],
    camera_us: int,
    offset_us: int,
    out: Path,
    *,
    zones: Sequence[Zone],
    masks: Sequence[Zone],
    zone: ZoneInfo,
    say: Say = plainly,
    keep_out_of: Sequence[Path] = (),
) -> ZonesReport:
    """Draw zones and masks on what the camera showed at an instant of camera time; zone is the site's time zone.

    Raises NotMoment, UnfitName, InsideFootage, Unplayable, NoKeyframe, NoGlyph, OutputExists, DiskFull, NotAllowed,
    NoSuchFolder.
    """
    target = out.absolute()
    keep_out(target, keep_out_of)
    recording = recording_at(recordings, camera_us)
    if recording is None or recording.state not in PLAYABLE:
        raise NotMoment(camera=camera.number, when=for_people(camera_us + offset_us, zone))
    picture = picture_at(file_of(camera, recording), place_us(recording, camera_us))
    shown_us = camera_time_of(recording, picture.place_us)
    wording = Wording(zone, say)
    caption = f"{camera.number} {camera.name} · {wording.true_time(shown_us + offset_us)} · {spelt(recording.path)}"
    write_zones(picture.image, zones, masks, target, pixel_aspect=picture.pixel_aspect, caption=caption)
    height_px, width_px = picture.image.shape[:2]
    return ZonesReport(target, shown_us, shown_us + offset_us, recording.path, width_px, height_px)
