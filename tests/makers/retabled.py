"""Copies of an MP4 whose index lies behind its data, with other boxes in the index: what no muxer here writes."""

import struct
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.makers.boxes import box
from tests.makers.damage import box_at

PARENTS = frozenset((b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts"))
# What becomes of a box: the bytes of its body in, whole boxes out (none: it is left out).
Change = Callable[[bytes], bytes]


def boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """List the boxes in a body as (type, body)."""
    found, at = [], 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        found.append((kind, data[at + 8 : at + size]))
        at += size
    return found


def retabled(source: Path, out: Path, changes: Mapping[bytes, Change], handler: bytes = b"vide") -> Path:
    """Change boxes of one kind of track (and of moov itself) by type; the file must end with its moov."""
    data = source.read_bytes()
    at, size = box_at(data, b"moov")
    assert at + size == len(data)
    out.write_bytes(data[:at] + _changed(b"moov", data[at + 8 :], changes, handler, active=True))
    return out


def _changed(kind: bytes, body: bytes, changes: Mapping[bytes, Change], handler: bytes, *, active: bool) -> bytes:
    if kind == b"trak":
        active = handler in body
    if active and kind in changes:
        return changes[kind](body)
    if kind not in PARENTS:
        return box(kind, body)
    return box(kind, *(_changed(one, inner, changes, handler, active=active) for one, inner in boxes(body)))


def u32s_of(body: bytes, skip: int = 8) -> list[int]:
    """Return the u32s of a table behind its count."""
    return [number for (number,) in struct.iter_unpack(">I", body[skip:])]


def co64(body: bytes) -> bytes:
    """Make a co64 of a stco."""
    places = u32s_of(body)
    return box(b"co64", body[:8], struct.pack(f">{len(places)}Q", *places))


def stz2(body: bytes) -> bytes:
    """Make a stz2 of 16 bits of a stsz."""
    sizes = u32s_of(body, 12)
    return box(b"stz2", bytes(7), b"\x10", body[8:12], struct.pack(f">{len(sizes)}H", *sizes))


def signed(by: int) -> Change:
    """Make a ctts of version 1 whose times are lower by `by` ticks."""

    def change(body: bytes) -> bytes:
        pairs = u32s_of(body)
        moved = [n if place % 2 == 0 else n - by for place, n in enumerate(pairs)]
        return box(b"ctts", b"\1", body[1:8], struct.pack(">" + "Ii" * (len(pairs) // 2), *moved))

    return change


def without(body: bytes) -> bytes:
    """Leave a box out."""
    return b""


def always(new: bytes) -> Change:
    """Put other boxes in the place of one."""
    return lambda body: new


def twice(kind: bytes) -> Change:
    """Put a box there two times."""
    return lambda body: box(kind, body) * 2


def replaced(kind: bytes, at: int, new: bytes) -> Change:
    """Overwrite bytes of a body."""
    return lambda body: box(kind, body[:at], new, body[at + len(new) :])
