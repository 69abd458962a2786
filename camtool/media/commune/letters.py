"""Letters: signboards, and the recorder's own writing on the picture."""

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np

from camtool.media.commune.grain import Map
from camtool.media.commune.lens import Picture
from camtool.media.letters import coverage

CLOCK_PX = 17
RIM_PX = 2


def lettered(
    board: Picture, text: str, box: tuple[float, float, float, float], colour: tuple[int, int, int], bold: bool = True
) -> None:
    """Write one line into a board (BGR, changed in place), centred in a box given as shares of it: x0, y0, x1, y1."""
    h, w = board.shape[:2]
    x0, y0, x1, y1 = round(box[0] * w), round(box[1] * h), round(box[2] * w), round(box[3] * h)
    ink = coverage(text, 64, bold)
    rows = np.flatnonzero(ink.max(axis=1))
    ink = ink[rows[0] : rows[-1] + 1]
    k = min((x1 - x0) / ink.shape[1], (y1 - y0) / ink.shape[0])
    size = max(1, int(ink.shape[1] * k)), max(1, int(ink.shape[0] * k))
    ink = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)
    x, y = (x0 + x1 - size[0]) // 2, (y0 + y1 - size[1]) // 2
    part = board[y : y + size[1], x : x + size[0], :3]
    alpha = ink[: part.shape[0], : part.shape[1], None].astype(np.float32) / 255
    part[:] = np.rint(part * (1 - alpha) + np.array(colour, np.float32) * alpha).astype(np.uint8)


def outlined(text: str, size_px: int) -> tuple[Map, Map]:
    """Return white letters with a dark rim, as the luma to add and the share of the picture to keep, both (h, w)."""
    ink = np.pad(coverage(text, size_px), RIM_PX)
    rim = cv2.dilate(ink, np.ones((3, 3), np.uint8)).astype(np.float32) / 255
    alpha = ink.astype(np.float32) / 255
    kept = 1 - np.maximum(rim * 0.85, alpha)
    # 235 and 16 are video's white and black.
    return (235 * alpha + 16 * np.clip(rim * 0.85 - alpha, 0, 1)).astype(np.float32), kept.astype(np.float32)


@lru_cache(maxsize=64)
def _glyph(sign: str) -> tuple[Map, Map]:
    """Return one sign of the clock, digits all equally wide so that the clock does not jitter."""
    light, kept = outlined(sign, CLOCK_PX)
    width = CLOCK_PX * 10 // 16 + 4 if sign.isdigit() else light.shape[1] + (3 if sign == " " else 0)
    light, kept = light[:, :width], kept[:, :width]
    spare = width - light.shape[1]
    ends = (0, 0), (spare // 2, spare - spare // 2)
    return np.pad(light, ends), np.pad(kept, ends, constant_values=1.0)


def clock(text: str) -> tuple[Map, Map]:
    """Return a clock's line: luma to add, share to keep. Its last two signs, the seconds, are kept by themselves."""
    light, kept = _set([_line(text[:-2]), _line(text[-2:])])
    spare = (0, 0), (0, light.shape[1] % 2)
    return np.pad(light, spare), np.pad(kept, spare, constant_values=1.0)


@lru_cache(maxsize=256)
def _line(text: str) -> tuple[Map, Map]:
    return _set([_glyph(sign) for sign in text])


def _set(pieces: Sequence[tuple[Map, Map]]) -> tuple[Map, Map]:
    """Put pieces side by side; each carries RIM_PX of rim on either side, which overlap."""
    width = sum(light.shape[1] - 2 * RIM_PX for light, _ in pieces) + 2 * RIM_PX
    light = np.zeros((pieces[0][0].shape[0], width), np.float32)
    kept = np.ones_like(light)
    x = 0
    for shine, keep in pieces:
        w = shine.shape[1]
        light[:, x : x + w] = np.maximum(light[:, x : x + w], shine)
        kept[:, x : x + w] = np.minimum(kept[:, x : x + w], keep)
        x += w - 2 * RIM_PX
    return light, kept
