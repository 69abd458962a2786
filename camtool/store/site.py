"""site.toml: read by everyone, written by `init`, `camera add` and `camera link` (store.links), edited by people.

Reading is on the light path, so it uses the standard library's tomllib; writing uses tomlkit, which keeps people's
comments and order. docs/site.md describes every line.
"""

import errno
import os
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from camtool.core.link import Link
from camtool.core.model import Camera, Site
from camtool.core.zone import Zone
from camtool.errors import (
    BadSiteFile,
    CameraExists,
    DiskFull,
    NoSite,
    NoSuchFolder,
    NotAllowed,
    SiteExists,
    UnfitForSite,
    UnknownCamera,
    UnknownZone,
)
from camtool.store.where import SITE_FILE

LANGUAGES = ("vi", "en")
# A way of 10,000,000 s takes four months: such a number is a slip of the pen, and so is such a speed.
UNTHINKABLE = 10_000_000


def load_site(folder: Path) -> Site:
    """Read a site; raises NoSite, BadSiteFile with the line or the key that is wrong."""
    path = folder.absolute() / SITE_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoSite(folder=folder.absolute()) from error
    except PermissionError as error:
        raise NotAllowed(path=path, detail=error.strerror) from error
    except UnicodeDecodeError as error:
        raise BadSiteFile(path=path, detail=error) from error
    return _site_of(text, folder, path)


def _site_of(text: str, folder: Path, path: Path) -> Site:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSiteFile(path=path, detail=error) from error
    read = _Reader(path, folder.absolute())
    site = read.table(document, "site")
    cameras = tuple(sorted(read.cameras(document), key=lambda camera: camera.number))
    seen: set[int] = set()
    for camera in cameras:
        if camera.number in seen:
            raise BadSiteFile(path=path, detail=f"camera {camera.number} is there twice")
        seen.add(camera.number)
    timezone = read.text(site, "timezone")
    try:
        zone_of(timezone)
    except UnknownZone as error:
        raise BadSiteFile(path=path, detail=error) from error
    language = read.text(site, "language", "vi")
    if language not in LANGUAGES:
        raise BadSiteFile(path=path, detail=f'language = "{language}": vi or en')
    return Site(
        folder=str(folder.absolute()),
        name=read.text(site, "name"),
        timezone=timezone,
        language=language,
        cameras=cameras,
        catalog_url=read.optional(site, "catalog", str),
        officer=read.optional(site, "officer", str),
    )


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its tz database name; raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone(zone=name) from error


def camera_of(site: Site, number: int) -> Camera:
    """Return a site's camera; raises UnknownCamera with those it has."""
    for camera in site.cameras:
        if camera.number == number:
            return camera
    known = ", ".join(str(camera.number) for camera in site.cameras) or "-"
    raise UnknownCamera(camera=number, known=known)


class _Reader:
    """Takes values out of the parsed file and says which key is wrong when one is."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path, self.folder = path, folder

    def table(self, document: dict[str, Any], key: str) -> dict[str, Any]:
        value = document.get(key)
        if not isinstance(value, dict):
            raise BadSiteFile(path=self.path, detail=f"[{key}] is missing")
        return value

    def optional(self, table: dict[str, Any], key: str, kind: type[Any] | tuple[type[Any], ...]) -> Any:  # noqa: ANN401
        value = table.get(key)
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            raise BadSiteFile(path=self.path, detail=f"{key} = {value!r}")
        return value

    def text(self, table: dict[str, Any], key: str, default: str | None = None) -> str:
        value = self.optional(table, key, str)
        value = default if value is None else value
        if not value:
            raise BadSiteFile(path=self.path, detail=f"{key} is missing")
        return str(value)

    def degrees(self, table: dict[str, Any], key: str, most: int) -> float | None:
        value: float | None = self.optional(table, key, (int, float))
        if value is not None and not -most <= value <= most:  # true of nan as well, which JSON cannot hold
            raise BadSiteFile(path=self.path, detail=f"{key} = {value!r}")
        return value

    def cameras(self, document: dict[str, Any]) -> Iterator[Camera]:
        tables = document.get("camera", [])
        if not isinstance(tables, list):
            raise BadSiteFile(path=self.path, detail="cameras are written as [[camera]], with two brackets")
        for table in tables:
            number = self.optional(table, "number", int)
            if number is None or number < 0:
                raise BadSiteFile(path=self.path, detail="a [[camera]] without a number")
            yield Camera(
                number=number,
                name=self.text(table, "name"),
                place=self.optional(table, "place", str) or "",
                footage=os.path.normpath(self.folder / self.text(table, "footage")),
                layout=self.text(table, "layout", "auto"),
                channel=self.optional(table, "channel", str),
                template=self.optional(table, "template", str),
                lat=self.degrees(table, "lat", 90),
                lon=self.degrees(table, "lon", 180),
                zones=tuple(self.polygons(table, "zone")),
                masks=tuple(self.polygons(table, "mask")),
                links=tuple(self.links(table, number)),
            )

    def links(self, camera: dict[str, Any], number: int) -> Iterator[Link]:
        """Yield a camera's [[camera.link]] tables: to, and seconds or kmh as [least, most]."""
        seen: set[int] = set()
        for table in self.optional(camera, "link", list) or []:
            to = self.optional(table, "to", int) if isinstance(table, dict) else None
            if to is None or to == number or to in seen:
                detail = f"camera {number}: each [[camera.link]] needs to = the number of another camera, once"
                raise BadSiteFile(path=self.path, detail=detail)
            seen.add(to)
            seconds, kmh = (self.range(table, key, number) for key in ("seconds", "kmh"))
            if seconds is not None and kmh is not None:
                detail = f"camera {number}, link to {to}: seconds or kmh, not both"
                raise BadSiteFile(path=self.path, detail=detail)
            yield Link(to, seconds, kmh)

    def range(self, link: dict[str, Any], key: str, number: int) -> tuple[float, float] | None:
        """Return [least, most]: not negative, in order, most above 0; a speed has no least of 0: nobody arrives."""
        stated = link.get(key)
        if stated is None:
            return None
        numbers = isinstance(stated, list) and all(type(each) in (int, float) for each in stated)
        if (
            not numbers
            or len(stated) != 2
            or not 0 <= stated[0] <= stated[1] < UNTHINKABLE
            or not stated[key == "seconds"] > 0
        ):
            detail = f"camera {number}: {key} = [least, most], not {stated!r}"
            raise BadSiteFile(path=self.path, detail=detail)
        return stated[0], stated[1]

    def polygons(self, camera: dict[str, Any], key: str) -> Iterator[Zone]:
        """Yield a camera's [[camera.zone]] or [[camera.mask]] polygons: a name, and corners in fractions."""
        for table in camera.get(key, []):
            name = self.text(table, "name", "mask" if key == "mask" else None)
            corners = self.optional(table, "corners", list) or []
            try:
                points = tuple((float(x), float(y)) for x, y in corners)
            except (TypeError, ValueError) as error:
                raise BadSiteFile(path=self.path, detail=f"{key} {name}: corners = [[x, y], …]") from error
            if len(points) < 3 or not all(0 <= x <= 1 and 0 <= y <= 1 for x, y in points):
                detail = f"{key} {name}: three corners or more, each from 0 to 1 across and down the picture"
                raise BadSiteFile(path=self.path, detail=detail)
            yield Zone(name, points)


def create_site(folder: Path, name: str, timezone: str, language: str) -> Site:
    """Make a folder into a site.

    Raises SiteExists, UnknownZone, UnfitForSite, NoSuchFolder, NotAllowed, DiskFull.
    """
    import tomlkit

    zone_of(timezone)
    path = folder / SITE_FILE
    if path.exists():
        raise SiteExists(folder=folder.absolute())
    document = tomlkit.document()
    for line in (
        "camtool: one office and its cameras. People edit this file; camtool keeps these comments.",
        "Each camera is a [[camera]] with number, name, place and footage (its folder of recordings).",
    ):
        document.add(tomlkit.comment(line))
    site = tomlkit.table()
    site.add("name", name)
    site.add("timezone", tomlkit.string(timezone))
    site.add("language", language)
    document.add(tomlkit.nl())
    document.add("site", site)
    text = checked(tomlkit.dumps(document), folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise NoSuchFolder(folder=folder) from error
    except OSError as error:
        raise NotAllowed(path=folder, detail=error.strerror or error) from error
    replace(path, text)
    return load_site(folder)


def add_camera(folder: Path, camera: Camera) -> Site:
    """Write one more [[camera]] into site.toml, all else kept; raises CameraExists, UnfitForSite.

    Also BadSiteFile, NotAllowed, DiskFull.
    """
    import tomlkit

    for known in load_site(folder).cameras:
        if known.number == camera.number:
            raise CameraExists(camera=camera.number, name=known.name)
    path = folder / SITE_FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    table = tomlkit.table()
    values = {name: getattr(camera, name) for name in Camera.__slots__}
    for key, value in values.items():
        if value not in (None, ()) and not (key == "layout" and value == "auto"):
            table.add(key, value)
    cameras = document.get("camera")
    if cameras is None:
        cameras = tomlkit.aot()
        cameras.append(table)
        document.add(tomlkit.nl())
        document.add("camera", cameras)
    else:
        cameras.append(table)
    replace(path, checked(tomlkit.dumps(document), folder))
    return load_site(folder)


def checked(text: str, folder: Path) -> str:
    """Return the text of a site.toml that can be read back; else it would lock everyone out. Raises UnfitForSite."""
    try:
        text.encode("utf-8")
        _site_of(text, folder, folder.absolute() / SITE_FILE)
    except UnicodeEncodeError as error:
        raise UnfitForSite(detail=repr(error.object[error.start : error.end])) from error
    except BadSiteFile as error:
        raise UnfitForSite(detail=error.facts["detail"]) from error
    return text


def replace(path: Path, text: str) -> None:
    """Write beside the file, flush to the disk, then rename: site.toml is the old one or the new one, never half.

    Raises NotAllowed, DiskFull.
    """
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        if error.errno == errno.ENOSPC:
            raise DiskFull(path=path) from error
        raise NotAllowed(path=path, detail=error.strerror or error) from error
