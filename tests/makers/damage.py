"""Damaged copies of good files, as power cuts, full disks and bad sectors leave them."""

import struct
from pathlib import Path


def cut_fraction(source: Path, out: Path, fraction: float = 0.6) -> Path:
    """Keep only the first part of the bytes."""
    data = source.read_bytes()
    return cut_bytes(source, out, int(len(data) * fraction))


def cut_bytes(source: Path, out: Path, keep_bytes: int) -> Path:
    """Keep only the first keep_bytes bytes (negative: drop that many from the end)."""
    out.write_bytes(source.read_bytes()[:keep_bytes])
    return out


def top_boxes(data: bytes) -> list[tuple[bytes, int, int]]:
    """List the top-level boxes of a sound MP4 as (type, offset, size in bytes)."""
    boxes, at = [], 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
        elif size == 0:
            size = len(data) - at
        boxes.append((kind, at, size))
        at += size
    return boxes


def box_at(data: bytes, kind: bytes) -> tuple[int, int]:
    """Find the first top-level box of a type: (offset, size)."""
    return next((at, size) for found, at, size in top_boxes(data) if found == kind)


def without_box(source: Path, out: Path, kind: bytes) -> Path:
    """Leave out every top-level box of a type (what was behind it moves forward)."""
    data = source.read_bytes()
    out.write_bytes(b"".join(data[at : at + size] for found, at, size in top_boxes(data) if found != kind))
    return out


def with_box_size(source: Path, out: Path, kind: bytes, size: int) -> Path:
    """Overwrite the 32-bit size of the first top-level box of a type."""
    data = bytearray(source.read_bytes())
    struct.pack_into(">I", data, box_at(bytes(data), kind)[0], size)
    out.write_bytes(data)
    return out


def with_64bit_mdat(source: Path, out: Path) -> Path:
    """Give mdat a 64-bit size in the place of the 8-byte free box that libav leaves in front of it."""
    data = bytearray(source.read_bytes())
    boxes = top_boxes(bytes(data))
    index = next(i for i, box in enumerate(boxes) if box[0] == b"mdat")
    _, at, size = boxes[index]
    if boxes[index - 1][0] != b"free" or boxes[index - 1][2] != 8:
        message = "there is no 8-byte free box in front of mdat"
        raise ValueError(message)
    struct.pack_into(">I4sQ", data, at - 8, 1, b"mdat", size + 8)
    out.write_bytes(data)
    return out
