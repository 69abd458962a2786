"""Frames into H.264 MP4 as a consumer recorder writes it: main profile, keyframes at fixed steps, index in front."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]

# One thread and nothing looked ahead: the same frames give the same bytes, and a frame's buffer is free again at once.
# CABAC lifts the ultrafast preset to main profile. A constant quantiser, for at five frames a second CRF would spend
# several times the bits; with these dead zones a still frame costs 60-150 bytes, a keyframe 12-18 kB at 640x360.
X264 = (
    "cabac=1:scenecut=0:bframes=0:rc-lookahead=0:sync-lookahead=0:mbtree=0:weightp=0:aq-mode=0"
    ":ipratio=1.0:deadzone-inter=21:deadzone-intra=11"
)


class Mp4Writer:
    """Writes one file; use it in a with statement. Fill luma, chroma_u and chroma_v (views of one frame), then write().

    Raises OSError where the file cannot be written: at the first frame that the encoder hands on, or at the end.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], rate: int, gop: int, quantiser: int = 31) -> None:
        self._width, self._height = size_px
        self._container = av.open(str(path), "w", format="mp4", options={"movflags": "faststart"})
        stream = self._container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = self._width, self._height, "yuv420p"
        stream.codec_context.thread_count = 1
        stream.codec_context.gop_size = gop
        stream.options = {
            "preset": "ultrafast",
            "profile": "main",
            "qp": str(quantiser),
            "x264-params": f"keyint={gop}:min-keyint={gop}:{X264}",
        }
        self._stream = stream
        self._frame = av.VideoFrame(self._width, self._height, "yuv420p")
        self._frame.time_base = Fraction(1, rate)
        self._count = 0
        self.luma, self.chroma_u, self.chroma_v = (self._view(i) for i in range(3))

    def _view(self, index: int) -> Plane:
        plane = self._frame.planes[index]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        return np.asarray(rows[: plane.height, : plane.width])

    def write(self) -> None:
        """Encode the planes as they are now."""
        self._frame.pts = self._count
        self._count += 1
        self._container.mux(self._stream.encode(self._frame))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._container.mux(self._stream.encode(None))
        self._container.close()
