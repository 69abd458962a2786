"""Walk a footage folder in the catalog's own path order, so that both can be merged without either in memory.

Nothing is opened and nothing is left out: what is not a file is reported as what it is.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from camtool.core.pathtext import to_text
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import NoSuchFolder

# The site's own files, when the recordings lie in the site's folder.
OWN_FILES = ("site.toml", "catalog.")

KINDS = {
    stat.S_IFDIR: "folder",
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFBLK: "block device",
    stat.S_IFCHR: "character device",
}

# Endings a recording may have. A folder called x.mp4 is worth a Problem, one called 2026-11-24 is not.
VIDEO_SUFFIXES = frozenset(
    ".mp4 .m4v .mov .3gp .mkv .webm .avi .ts .m2ts .mts .dav .ps .mpg .mpeg .vob .flv .asf .wmv "
    ".h264 .264 .h265 .265 .hevc".split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of a footage folder. path is its text form below the folder; problem says why it cannot be examined."""

    path: str
    size_bytes: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Shut:
    """A folder that could not be listed: what the catalog has below prefix is left as it is."""

    prefix: str


def walk(root: Path, site_folder: Path) -> Iterator[Found | Shut]:
    """Yield everything below root, sorted by path text; raises NoSuchFolder if root itself cannot be listed.

    Links to folders are followed, but not into a folder they lie in.
    """
    try:
        info = root.stat()
    except OSError as error:
        raise NoSuchFolder(folder=root) from error
    if not stat.S_ISDIR(info.st_mode):
        raise NoSuchFolder(folder=root)
    yield from _folder(os.fspath(root), "", ((info.st_dev, info.st_ino),), os.fspath(site_folder))


def _folder(folder: str, prefix: str, above: tuple[tuple[int, int], ...], site_folder: str) -> Iterator[Found | Shut]:
    try:
        with os.scandir(folder) as listing:
            entries = list(listing)
    except OSError as error:
        if not prefix:
            raise NoSuchFolder(folder=folder) from error
        why = Problem(ProblemKind.FOLDER_UNREADABLE, prefix[:-1], facts={"detail": error.strerror or str(error)})
        yield Found(prefix[:-1], problem=why)
        yield Shut(prefix)
        return
    own = os.path.normpath(folder) == os.path.normpath(site_folder)
    named: list[tuple[str, os.DirEntry[str]]] = []
    for entry in entries:
        if own and entry.name.lstrip(".").startswith(OWN_FILES):
            continue
        name = to_text(entry.name)
        # A folder's files sort as if its name ended in "/": so does the catalog, which compares whole paths.
        named.append((name + "/" if _is_folder(entry) else name, entry))
    named.sort(key=lambda pair: pair[0])
    for name, entry in _with_folders_as_entries(named):
        if name.endswith("/"):
            yield from _below(entry, prefix + name, above, site_folder)
        else:
            yield from _entry(entry, prefix + name)


def _with_folders_as_entries(named: list[tuple[str, os.DirEntry[str]]]) -> list[tuple[str, os.DirEntry[str]]]:
    """Give each folder with a recording's ending a place of its own, as an entry that is not a file."""
    extra = [
        (name[:-1], entry)
        for name, entry in named
        if name.endswith("/") and os.path.splitext(name[:-1])[1].lower() in VIDEO_SUFFIXES  # noqa: PTH122
    ]
    return sorted(named + extra, key=lambda pair: pair[0]) if extra else named


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _below(
    entry: os.DirEntry[str], prefix: str, above: tuple[tuple[int, int], ...], site_folder: str
) -> Iterator[Found | Shut]:
    try:
        info = entry.stat()
    except OSError as error:
        yield Found(prefix[:-1], problem=_unreadable(prefix[:-1], error))
        yield Shut(prefix)
        return
    here = (info.st_dev, info.st_ino)
    if here in above:
        yield Found(prefix[:-1], problem=Problem(ProblemKind.LINK_LOOP, prefix[:-1]))
        return
    yield from _folder(entry.path, prefix, (*above, here), site_folder)


def _entry(entry: os.DirEntry[str], path: str) -> Iterator[Found]:
    try:
        info = entry.stat()
    except FileNotFoundError as error:
        if entry.is_symlink():
            yield Found(path, problem=_unreadable(path, error))
        return  # gone since the folder was listed
    except OSError as error:
        yield Found(path, problem=_unreadable(path, error))
        return
    kind = KINDS.get(stat.S_IFMT(info.st_mode))
    if kind is not None:
        yield Found(path, problem=Problem(ProblemKind.NOT_A_FILE, path, facts={"found": kind}))
        return
    yield Found(path, info.st_size, info.st_mtime_ns, info.st_ctime_ns)


def _unreadable(path: str, error: OSError) -> Problem:
    return Problem(ProblemKind.UNREADABLE, path, facts={"detail": error.strerror or str(error)})


def count_files(root: Path) -> int:
    """Count the files below root quickly, for a progress bar; what cannot be listed counts nothing."""
    return sum(len(files) for _folder, _folders, files in os.walk(root))
