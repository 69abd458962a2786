"""A box cut out of a decoded picture, plane by plane, at a size of one's own."""

from typing import cast

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from camtool.media.luma import luma_plane

Array = NDArray[np.float32]
BoxPx = tuple[int, int, int, int]


def cropped(plane: NDArray[np.uint8], box_px: BoxPx, size: tuple[int, int], border: int) -> Array:
    """Shrink a box with a border around it; beyond the picture's edge its last line is repeated."""
    x, y, w, h = box_px
    across, down = -(-border * w // size[0]), -(-border * h // size[1])
    rows, columns = plane.shape
    left, top = max(0, x - across), max(0, y - down)
    right, bottom = min(columns, x + w + across), min(rows, y + h + down)
    part = plane[top:bottom, left:right]
    lacking = top - (y - down), (y + h + down) - bottom, left - (x - across), (x + w + across) - right
    if any(lacking):
        part = cast("NDArray[np.uint8]", cv2.copyMakeBorder(part, *lacking, cv2.BORDER_REPLICATE))
    wanted = size[0] + 2 * border, size[1] + 2 * border
    shrinks = part.shape[1] > wanted[0]
    small = cv2.resize(part, wanted, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return cast(Array, small.astype(np.float32))


def planes_of(frame: VideoFrame, box_px: BoxPx) -> list[tuple[NDArray[np.uint8], BoxPx]]:
    """Return luma and, where the picture is planar with 8 bits, both chroma planes, each with the box in its pixels."""
    planes = [(luma_plane(frame), box_px)]
    if len(frame.planes) < 3 or frame.format.components[0].bits != 8:
        return planes
    for plane in frame.planes[1:3]:
        if plane.line_size < plane.width:
            return planes[:1]
        whole = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        along, down = plane.width / frame.width, plane.height / frame.height
        x, y, w, h = box_px
        planes.append((whole, (int(x * along), int(y * down), max(1, int(w * along)), max(1, int(h * down)))))
    return planes
