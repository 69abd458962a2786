"""Small surveillance scenes by PyAV: a textured, slightly noisy place in which things happen at known times.

write_scene(tmp_path / "a.mp4", seconds=40, drawn=[walker(12, 18)])
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Drawing = Callable[[Grey, float], Grey]

FPS = 10
SIZE = (640, 360)


def place(size: tuple[int, int] = SIZE) -> Grey:
    """Draw the empty place: smooth blotches and some edges, always the same."""
    rng = np.random.default_rng(1)
    width, height = size
    blotches = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 6)
    picture = (118 + 160 * blotches).astype(np.float32)
    picture[height // 2 :, width // 3 : width // 3 + 8] -= 40
    return picture


def walker(start_s: float, end_s: float, height: int = 60, level: float = 200, row: float = 0.5) -> Drawing:
    """Draw somebody who crosses the picture from left to right; row is where his head is, in heights."""

    def draw(picture: Grey, at_s: float) -> Grey:
        if start_s <= at_s < end_s:
            rows, columns = picture.shape
            x = int((0.05 + 0.85 * (at_s - start_s) / (end_s - start_s)) * columns)
            top = int(row * rows)
            picture[top : top + height, x : x + height // 3] = level
            picture[top + height // 3 : top + height // 2, x : x + height // 3] = level / 3
        return picture

    return draw


def light(start_s: float, end_s: float, gain: float) -> Drawing:
    """Multiply the brightness for a while."""
    return lambda picture, at_s: picture * gain if start_s <= at_s < end_s else picture


def clock(picture: Grey, at_s: float) -> Grey:
    """Draw the seconds, white on black, in the upper left corner."""
    shown = np.zeros((24, 72), np.uint8)
    cv2.putText(shown, f"{int(at_s) % 100:02d}:{int(at_s) % 60:02d}", (2, 19), 0, 0.7, 255, 2)
    picture[8:32, 8:80] = shown
    return picture


def write_scene(
    path: Path,
    seconds: float,
    drawn: Sequence[Drawing] = (),
    *,
    fps: int = FPS,
    gop: int = 20,
    size: tuple[int, int] = SIZE,
    codec: str = "libx264",
    moment_of: Callable[[int], float] | None = None,
    black: bool = False,
    b_frames: int = 0,
) -> Path:
    """Write a scene. moment_of gives the time of frame n in seconds, where it is not n / fps.

    b_frames is how many pictures in a row may refer to later ones.
    """
    rng = np.random.default_rng(2)
    empty = place(size)
    grain = [rng.normal(0, 1.5, empty.shape).astype(np.float32) for _ in range(7)]
    options = {"g": str(gop), "bf": str(b_frames), "threads": "1"}
    if codec in ("libx264", "libx265"):
        options |= {"preset": "ultrafast", "keyint_min": str(gop), "sc_threshold": "0", "crf": "26"}
    if codec == "libx265":
        options["x265-params"] = (
            f"log-level=none:scenecut=0:min-keyint={gop}:pools=none:frame-threads=1:bframes={b_frames}"
        )
    with av.open(str(path), "w") as container:
        stream = cast(VideoStream, container.add_stream(codec, rate=fps, options=options))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        base = stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(max(1, round(seconds * fps))):
            at_s = moment_of(number) if moment_of else number / fps
            picture = np.zeros_like(empty) + 16 if black else empty.copy()
            for draw in drawn:
                picture = draw(picture, at_s)
            luma = np.clip(picture if black else picture + grain[number % len(grain)], 0, 255).astype(np.uint8)
            planes = np.vstack([luma, np.full((size[1] // 2, size[0]), 128 if black else 110, np.uint8)])
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = round(at_s * 1000), base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def shaken(start_s: float, end_s: float, across_px: float, *, for_good: bool = False) -> Drawing:
    """Move the whole picture: to and fro as wind does, or once and for good, by across_px to the side."""

    def draw(picture: Grey, at_s: float) -> Grey:
        if not start_s <= at_s < end_s:
            return picture
        dx = across_px if for_good else across_px * float(np.sin(7 * at_s))
        where = np.array([[1, 0, dx], [0, 1, dx / 3]], np.float32)
        height, width = picture.shape
        moved = cv2.warpAffine(picture, where, (width, height), borderMode=cv2.BORDER_REPLICATE)
        return cast(Grey, moved)

    return draw


def branch(start_s: float, end_s: float, sway_px: float = 5) -> Drawing:
    """Draw a thing full of leaves that hangs there all the time, and sways for a while."""
    leaves = np.random.default_rng(4).uniform(20, 220, (18, 24)).astype(np.float32)
    drawn = cv2.resize(leaves, (120, 90), interpolation=cv2.INTER_CUBIC)

    def draw(picture: Grey, at_s: float) -> Grey:
        dx = int(sway_px * np.sin(2.1 * at_s)) if start_s <= at_s < end_s else 0
        picture[20:110, 460 + dx : 580 + dx] = drawn
        return picture

    return draw
