"""Recordings to measure on: real clips of CAMTOOL_TEST_FOOTAGE, looped, or drawn ones where that folder is not set."""

import os
from pathlib import Path

from tests.benchmark.measure import ffmpeg, run

CLIPS = ("traffic_camera.mp4", "car-detection.mp4", "one-by-one-person-detection.mp4", "traffic_camera_vfr.mp4")


def five_minutes(folder: Path) -> list[Path]:
    """Write four recordings of 300 s, as a recorder's sub-stream has them (640x360, 10 a second, H.264)."""
    folder.mkdir(parents=True)
    made = []
    for number, source in enumerate(_sources()):
        out = folder / f"{number}.mp4"
        scale = [
            "-vf",
            "scale=640:360,fps=10",
            "-an",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-g",
            "20",
            "-bf",
            "0",
        ]
        done = run([ffmpeg(), "-v", "error", "-y", *source, "-t", "300", *scale, "-movflags", "+faststart", str(out)])
        assert done.code == 0
        made.append(out)
    return made


def hour(folder: Path) -> Path:
    """Write one recording of 3,600 s at about 2 Mbit/s, 0.9 GB."""
    folder.mkdir(parents=True, exist_ok=True)
    part, out = folder / "part.mp4", folder / "hour.mp4"
    encode = ["-an", "-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-bf", "0", "-b:v", "2M", "-minrate", "2M"]
    encode += ["-maxrate", "2M", "-bufsize", "2M", "-x264-params", "nal-hrd=cbr", "-vf", "scale=1280:720,fps=15"]
    assert run([ffmpeg(), "-v", "error", "-y", *_sources()[0], "-t", "60", *encode, str(part)]).code == 0
    loop = ["-stream_loop", "59", "-i", str(part), "-c", "copy", "-movflags", "+faststart"]
    assert run([ffmpeg(), "-v", "error", "-y", *loop, str(out)]).code == 0
    return out


def full_hd(folder: Path, cameras: int, minutes: int) -> list[Path]:
    """Write a recording for each camera as a recorder has them: 1080p, 15 a second, a keyframe every 4 s, 2 Mbit/s."""
    folder.mkdir(parents=True, exist_ok=True)
    encode = ["-an", "-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-bf", "0", "-b:v", "2M", "-maxrate", "2M"]
    encode += ["-bufsize", "4M", "-vf", "scale=1920:1080,fps=15"]
    made = []
    for number, source in enumerate((_sources() * cameras)[:cameras]):
        part, out = folder / f"part{number}.mp4", folder / f"{number}.mp4"
        assert run([ffmpeg(), "-v", "error", "-y", *source, "-t", "60", *encode, str(part)]).code == 0
        loop = ["-stream_loop", str(minutes - 1), "-i", str(part), "-c", "copy", "-movflags", "+faststart"]
        assert run([ffmpeg(), "-v", "error", "-y", *loop, str(out)]).code == 0
        part.unlink()
        made.append(out)
    return made


def _sources() -> list[list[str]]:
    real = os.environ.get("CAMTOOL_TEST_FOOTAGE")
    if real:
        return [["-stream_loop", "-1", "-i", str(Path(real, name))] for name in CLIPS]
    return [["-f", "lavfi", "-i", f"testsrc2=size=1280x720:rate={rate}"] for rate in (25, 15, 12, 10)]
