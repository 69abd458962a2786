"""Catalog rows for test media, and what outside programs say of a clip."""

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import av
import imageio_ffmpeg
import pytest

from camtool.core.model import Camera, Recording, Span, State
from camtool.media.probe import probe
from tests.makers.video import read_number

START_US = 1_795_431_600_000_000  # 2026-11-23T18:00:00+07:00
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
S = 1_000_000
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def row(
    file: Path,
    at_s: float = 0,
    *,
    wall_s: float | None = None,
    state: State = State.OK,
    sha256: str | None = None,
) -> Recording:
    """Make the row of a file that begins at_s after START_US; the span is wall_s long where a name would say so."""
    facts = probe(file)
    media_us = facts.media_us or 0
    wall_us = None if wall_s is None else round(wall_s * S)
    whole_us = media_us if wall_us is None else wall_us
    length_us = whole_us
    if state is State.TRUNCATED and media_us:
        length_us = (facts.playable_us or 0) * whole_us // media_us
    start_us = START_US + round(at_s * S)
    stat = file.stat()
    return Recording(
        id=1,
        camera=3,
        path=file.name,
        state=state,
        span=Span(start_us, start_us + length_us),
        size_bytes=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
        ctime_ns=stat.st_ctime_ns,
        media_us=media_us or None,
        wall_us=wall_us,
        sha256=sha256,
    )


def camera(footage: Path) -> Camera:
    return Camera(3, "Chợ", "Cổng sau", str(footage))


def span(from_s: float, to_s: float) -> Span:
    return Span(START_US + round(from_s * S), START_US + round(to_s * S))


def sha256_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def framehash(file: Path, stream: str = "0:v", *, bsf: str | None = None, options: tuple[str, ...] = ()) -> list[str]:
    """Return the SHA-256 of each packet as `ffmpeg -f framehash` prints them."""
    filters = ["-bsf:v", bsf] if bsf else []
    command = [FFMPEG, "-v", "error", *options, "-i", str(file), "-map", stream, "-c", "copy", *filters]
    done = subprocess.run([*command, "-f", "framehash", "-hash", "sha256", "-"], capture_output=True, check=True)
    lines = done.stdout.decode().splitlines()
    # Columns: stream, dts, pts, duration, size, hash; side data has columns behind them.
    return [line.split(",")[5].strip() for line in lines if not line.startswith("#")]


@dataclass(frozen=True, slots=True)
class Track:
    """What ffprobe says of one stream. times are in seconds, in the order of the file."""

    kind: str
    codec: str
    tag: str
    times: list[float]
    flags: list[str]


def ffprobe(file: Path, *options: str) -> dict[str, Track]:
    """Ask the system's ffprobe for every packet; skips the test where there is none."""
    program = shutil.which("ffprobe")
    if program is None:
        pytest.skip("needs ffprobe as a judge")
    entries = "packet=stream_index,pts_time,flags:stream=index,codec_type,codec_name,codec_tag_string"
    command = [program, "-v", "error", *options, "-show_entries", entries, "-of", "json", str(file)]
    told: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    tracks = {}
    for stream in told["streams"]:
        packets = [packet for packet in told["packets"] if packet["stream_index"] == stream["index"]]
        times, flags = [float(packet["pts_time"]) for packet in packets], [packet["flags"] for packet in packets]
        kind = stream["codec_type"]
        tracks[kind] = Track(kind, stream["codec_name"], stream["codec_tag_string"], times, flags)
    return tracks


def shown_numbers(file: Path) -> list[int]:
    """Decode a file as a player does, and read the number in each picture."""
    with av.open(str(file)) as container:
        return [read_number(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
