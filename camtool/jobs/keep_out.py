"""Keeping what is written out of the cameras' footage folders; loads nothing that reads video."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from camtool.core.model import Camera
from camtool.errors import InsideFootage


def keep_out(target: Path, folders: Sequence[Path], camera: int) -> None:
    """Raise InsideFootage where a target lies in one of the folders, however either is spelt or linked."""
    _keep_out(target, [(folder, camera) for folder in folders])


def keep_out_of_all(target: Path, cameras: Iterable[Camera]) -> None:
    """Raise InsideFootage where a target lies in the footage folder of one of the cameras."""
    _keep_out(target, [(Path(camera.footage), camera.number) for camera in cameras])


def _keep_out(target: Path, folders: Iterable[tuple[Path, int]]) -> None:
    inside = target.parent.resolve()
    above = {_inode(parent) for parent in (inside, *inside.parents)} - {None}
    for folder, camera in folders:
        real = folder.resolve()
        if inside.is_relative_to(real) or _inode(real) in above:
            raise InsideFootage(path=target, camera=camera)


def _inode(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
