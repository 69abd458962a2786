"""`still`: one picture of one camera at one instant, as lossless PNG."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool import __version__
from camtool.core.model import PLAYABLE, Camera, Recording
from camtool.core.pathtext import from_text
from camtool.core.place import camera_us as camera_time_of
from camtool.core.place import place_us
from camtool.core.timetext import for_people, rfc3339
from camtool.errors import NoSuchFile, NotAPicture, NotMoment
from camtool.jobs.keep_out import keep_out
from camtool.media.hash import sha256_of
from camtool.media.still import Picture, picture_at, write_png


@dataclass(frozen=True, slots=True)
class StillReport:
    """A picture that was written. Times are the picture's own, µs; requested_us is the true time asked for."""

    path: Path
    sha256: str
    camera_us: int
    true_us: int
    requested_us: int
    source: str
    source_sha256: str
    packet: int
    pts: int
    width_px: int
    height_px: int


def still(
    camera: Camera,
    recordings: Sequence[Recording],
    camera_us: int,
    offset_us: int,
    out: Path,
    *,
    zone: ZoneInfo,
    keep_out_of: Sequence[Path] = (),
) -> StillReport:
    """Write the picture that the camera showed at an instant of camera time.

    recordings are those that cover it; the first playable one is taken. The source is hashed anew, so that the picture
    names the bytes it was made from. Raises NotMoment, NotAPicture, InsideFootage, Unplayable, NoKeyframe,
    OutputExists, DiskFull, NotAllowed, NoSuchFolder.
    """
    if out.suffix.lower() != ".png":
        raise NotAPicture(suffix=out.suffix)
    keep_out(out, keep_out_of)
    chosen = next((each for each in recordings if each.state in PLAYABLE and _covers(each, camera_us)), None)
    if chosen is None:
        raise NotMoment(camera=camera.number, when=for_people(camera_us + offset_us, zone))
    file = Path(camera.footage, from_text(chosen.path))
    try:
        picture = picture_at(file, place_us(chosen, camera_us))
    except FileNotFoundError as error:
        raise NoSuchFile(path=file) from error
    source_sha256 = sha256_of(file)
    shown_us = camera_time_of(chosen, picture.place_us)
    facts = facts_of(camera, chosen, picture, zone, shown_us, shown_us + offset_us) | {"Source SHA-256": source_sha256}
    write_png(out, picture.image, facts)
    height_px, width_px = picture.image.shape[:2]
    return StillReport(
        path=out,
        sha256=sha256_of(out),
        camera_us=shown_us,
        true_us=shown_us + offset_us,
        requested_us=camera_us + offset_us,
        source=chosen.path,
        source_sha256=source_sha256,
        packet=picture.packet,
        pts=picture.pts,
        width_px=width_px,
        height_px=height_px,
    )


def _covers(recording: Recording, camera_us: int) -> bool:
    return recording.span is not None and recording.span.start_us <= camera_us < recording.span.end_us


def facts_of(
    camera: Camera, recording: Recording, picture: Picture, zone: ZoneInfo, camera_us: int, true_us: int
) -> dict[str, str]:
    """Return what stands in a still's text chunks, both clocks among it."""
    return {
        "Software": f"camtool {__version__}",
        "Camera": f"{camera.number} {camera.name}",
        "Place": camera.place,
        "Camera time": rfc3339(camera_us, zone),
        "True time": rfc3339(true_us, zone),
        "Source": recording.path,
        "Picture": f"packet {picture.packet}, pts {picture.pts} of time base {picture.time_base}, type {picture.kind}",
        "Pixel aspect": str(picture.pixel_aspect),
    }
