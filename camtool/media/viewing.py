"""Viewing copies: a film that any browser plays, marked as a copy in every picture. Never evidence by itself."""

import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from camtool.errors import Unplayable
from camtool.media.letters import coverage
from camtool.media.packets import NO_PICTURE, opened, picture_stream, sound_stream
from camtool.media.program import ffmpeg_program, run

MARK = "BẢN XEM / VIEWING COPY"
# What the browsers of all makers play in MP4 (MDN, "Web video codec guide"): H.264 with 8 bits and 4:2:0, and AAC.
_PIXELS = frozenset({"yuv420p", "yuvj420p"})
_SOUND = frozenset({"aac", "mp3"})


def plays_in_browsers(path: Path) -> bool:
    """Tell whether any browser plays a clip as it is. Raises Unplayable, OSError."""
    status = path.stat()
    return _plays(path, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _plays(path: Path, _inode: int, _size_bytes: int, _mtime_ns: int) -> bool:
    """Look into a file; packing asks twice, for the copies it lacks and for the page."""
    with opened(path) as container:
        if "mp4" not in container.format.name.split(","):
            return False
        picture, sound = picture_stream(container), sound_stream(container)
        if picture is None:
            raise Unplayable(path=path, detail=NO_PICTURE)
        codec = picture.codec_context
        plays = codec.codec.canonical_name == "h264" and getattr(codec, "pix_fmt", None) in _PIXELS
        return plays and (sound is None or sound.codec_context.codec.canonical_name in _SOUND)


def viewing_command(source: str, mark: str, out: str) -> list[str]:
    """Return the ffmpeg arguments that make a viewing copy; for the log too, with names instead of paths.

    Every picture keeps its time. CRF 20 is hardly told from its source by eye (trac.ffmpeg.org/wiki/Encode/H.264).
    """
    return [
        *("-nostdin", "-v", "error", "-y", "-i", source, "-i", mark),
        *("-filter_complex", "[0:v][1:v]overlay=8:8:format=auto,pad=ceil(iw/2)*2:ceil(ih/2)*2,format=yuv420p[v]"),
        *("-map", "[v]", "-map", "0:a:0?", "-fps_mode", "passthrough"),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-c:a", "aac", "-b:a", "64k"),
        *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
        *("-movflags", "+faststart", "-f", "mp4", out),
    ]


def make_viewing_copy(clip: Path, out: Path) -> None:
    """Write a viewing copy of a clip. Raises ProgramMissing, ProgramFailed, DiskFull, Unplayable."""
    with opened(clip) as container:
        picture = picture_stream(container)
        if picture is None:
            raise Unplayable(path=clip, detail=NO_PICTURE)
        height_px = picture.codec_context.height
    with tempfile.TemporaryDirectory(prefix="camtool-") as folder:
        mark = Path(folder, "mark.png")
        _mark(max(10, min(32, height_px // 24))).save(mark)
        run([ffmpeg_program(), *viewing_command(str(clip), str(mark), str(out))], out)


@lru_cache(maxsize=4)
def _mark(size_px: int) -> Image.Image:
    """Draw the mark: white letters on a dark plate."""
    letters = coverage(MARK, size_px)
    edge_px = max(2, size_px // 4)
    plate = np.zeros((letters.shape[0] + 2 * edge_px, letters.shape[1] + 2 * edge_px, 4), np.uint8)
    plate[..., 3] = 190
    inside = plate[edge_px:-edge_px, edge_px:-edge_px]
    inside[..., :3] = letters[..., None]
    inside[..., 3] = np.maximum(190, letters)
    return Image.fromarray(plate)
