"""Look at a folder nobody has described yet and propose its cameras."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool.core.pathtext import from_text
from camtool.jobs.walk import Found, walk
from camtool.layouts import discover as names
from camtool.layouts.registry import layouts


def discover(folder: Path, site_folder: Path, zone: ZoneInfo) -> names.Discovery:
    """Walk a tree and propose cameras from the names in it; raises NoSuchFolder."""
    return names.discover(_paths(folder, site_folder), layouts(), zone)


def _paths(folder: Path, site_folder: Path) -> Iterator[str]:
    for found in walk(folder, site_folder):
        if isinstance(found, Found) and found.problem is None:
            yield from_text(found.path)
