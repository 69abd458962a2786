"""The box walk over a file, or over bytes put into one."""

import os
from pathlib import Path

from camtool.media.boxes import Mp4, read_mp4
from camtool.media.boxes_read import BoxSource


def walk(path: Path, size_bytes: int | None = None) -> Mp4:
    fd = os.open(path, os.O_RDONLY)
    try:
        return read_mp4(BoxSource(fd, path.stat().st_size if size_bytes is None else size_bytes))
    finally:
        os.close(fd)


def walk_bytes(tmp_path: Path, *parts: bytes) -> Mp4:
    path = tmp_path / "made.mp4"
    path.write_bytes(b"".join(parts))
    return walk(path)
