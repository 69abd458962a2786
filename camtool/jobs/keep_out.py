"""Keeping what is written out of the cameras' footage folders; loads nothing that reads video."""

from collections.abc import Sequence
from pathlib import Path

from camtool.errors import InsideFootage


def keep_out(target: Path, folders: Sequence[Path]) -> None:
    """Raise InsideFootage where a target lies in one of the cameras' folders, however either is spelt or linked."""
    inside = target.parent.resolve()
    above = {_inode(parent) for parent in (inside, *inside.parents)} - {None}
    for folder in folders:
        real = folder.resolve()
        if inside.is_relative_to(real) or _inode(real) in above:
            raise InsideFootage(path=target, folder=folder)


def _inode(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
