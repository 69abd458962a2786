"""Look at a folder nobody has described yet and propose its cameras."""

from collections.abc import Iterator
from pathlib import Path

from camtool.core.pathtext import from_text
from camtool.jobs.walk import Found, walk
from camtool.layouts.discover import Discovery, propose
from camtool.layouts.registry import layouts


def discover(folder: Path, site_folder: Path) -> Discovery:
    """Walk a tree and propose cameras from the names in it; raises NoSuchFolder."""
    return propose(_paths(folder, site_folder), layouts())


def _paths(folder: Path, site_folder: Path) -> Iterator[str]:
    return (
        from_text(found.path)
        for found in walk(folder, site_folder)
        if isinstance(found, Found) and found.problem is None
    )
