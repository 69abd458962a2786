"""What a camera's clock showed, noted against the true time."""

from pathlib import Path

from camtool.core.clock import Observation
from camtool.core.model import Camera, Site
from camtool.errors import NoSuchFile, NotAFile
from camtool.media.hash import sha256_of
from camtool.store.catalog import Catalog


def observe(site: Site, camera: Camera, shows_us: int, true_us: int, photo: Path | None, now_us: int) -> Observation:
    """Add an observation; the photo of both clocks is named and hashed, never copied. Raises NoSuchFile, NotAFile."""
    if photo is not None and not photo.is_file():
        raise (NotAFile if photo.is_dir() else NoSuchFile)(path=photo)
    noted = Observation(camera.number, shows_us, true_us, str(photo.absolute()) if photo else None, now_us)
    catalog = Catalog.open(site)
    try:
        catalog.observe(noted, sha256_of(photo) if photo else None)
    finally:
        catalog.close()
    return noted
