"""A still scene with sensor noise, in which a block walks across at known times: what skimming has to find."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray


def pictures(
    seconds: float, moves: Iterable[tuple[float, float]], fps: int, size: tuple[int, int], seed: int = 7
) -> Iterator[NDArray[np.uint8]]:
    """Draw grey pictures (height, width) uint8: textured ground, fresh noise, and a block that walks during moves."""
    rng = np.random.default_rng(seed)
    width, height = size
    ground = cv2.GaussianBlur(rng.integers(40, 200, (height, width), dtype=np.uint8), (0, 0), 6).astype(np.int16)
    spans = list(moves)
    for number in range(round(seconds * fps)):
        at = number / fps
        picture = ground + np.rint(rng.normal(0, 2, (height, width))).astype(np.int16)
        for start, end in spans:
            if start <= at < end:
                side, way = height // 6, (at - start) / (end - start)
                x, y = round((width - side) * way), height // 2
                picture[y : y + 2 * side, x : x + side] = 240
        yield np.clip(picture, 0, 255).astype(np.uint8)


def write_scene(
    path: Path,
    *,
    seconds: float = 30,
    moves: Iterable[tuple[float, float]] = (),
    fps: int = 10,
    gop: int = 20,
    size: tuple[int, int] = (320, 192),
    seed: int = 7,
) -> Path:
    """Write the scene as H.264 in MP4, a keyframe every gop pictures. moves are seconds from the start."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = Fraction(1, fps)
        stream.options = {
            "g": str(gop),
            "keyint_min": str(gop),
            "sc_threshold": "0",
            "bf": "0",
            "crf": "26",
            "preset": "veryfast",
        }
        for number, grey in enumerate(pictures(seconds, moves, fps, size, seed)):
            frame: Any = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
