"""MP4 files put together box by box, for what no muxer writes."""

import struct
from collections.abc import Sequence


def box(kind: bytes, *parts: bytes, wide: bool = False) -> bytes:
    """Build a box; wide gives it a 64-bit size."""
    body = b"".join(parts)
    if wide:
        return struct.pack(">I4sQ", 1, kind, len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """Build a full box: version and flags in front."""
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def times(kind: bytes, version: int, created: int, timescale: int, ticks: int) -> bytes:
    """Build mvhd or mdhd (of mvhd only what a reader of times needs)."""
    return full(kind, version, 0, struct.pack(">QQIQ" if version else ">IIII", created, created, timescale, ticks))


def picture_entry(kind: bytes = b"avc1", width: int = 640, height: int = 360, extra: bytes = b"") -> bytes:
    """Build a sample entry for pictures."""
    return box(kind, bytes(6), struct.pack(">H", 1), bytes(16), struct.pack(">HH", width, height), bytes(50), extra)


def sound_entry(kind: bytes = b"mp4a", extra: bytes = b"") -> bytes:
    """Build a sample entry for sound."""
    return box(kind, bytes(6), struct.pack(">H", 1), bytes(20), extra)


def esds(object_type: int, flags: int = 0) -> bytes:
    """Build an esds with the given object type; flags as ES_Descriptor has them."""
    extra = (
        (b"\0\1" if flags & 0x80 else b"") + (b"\3abc" if flags & 0x40 else b"") + (b"\0\2" if flags & 0x20 else b"")
    )
    config = b"\x04\x80\x80\x80\x0d" + bytes([object_type]) + bytes(12)
    descriptor = b"\0\1" + bytes([flags]) + extra + config
    return full(b"esds", 0, 0, b"\x03\x80\x80\x80" + bytes([len(descriptor)]) + descriptor)


def u32s(*numbers: int) -> bytes:
    """Pack big-endian u32s."""
    return struct.pack(f">{len(numbers)}I", *numbers)


def sample_table(
    *,
    entry: bytes = b"",
    durations: Sequence[tuple[int, int]] = (),
    chunks: Sequence[tuple[int, int]] = (),
    sizes: Sequence[int] = (),
    each_bytes: int = 0,
    count: int | None = None,
    offsets: Sequence[int] = (),
    wide_offsets: bool = False,
) -> bytes:
    """Build stbl. durations: (count, ticks); chunks: (first chunk, samples in each); offsets: first byte of each."""
    parts = [full(b"stsd", 0, 0, u32s(1), entry or picture_entry())]
    parts.append(full(b"stts", 0, 0, u32s(len(durations), *(n for pair in durations for n in pair))))
    parts.append(full(b"stsc", 0, 0, u32s(len(chunks), *(n for first, each in chunks for n in (first, each, 1)))))
    parts.append(full(b"stsz", 0, 0, u32s(each_bytes, len(sizes) if count is None else count, *sizes)))
    if wide_offsets:
        parts.append(full(b"co64", 0, 0, u32s(len(offsets)), struct.pack(f">{len(offsets)}Q", *offsets)))
    else:
        parts.append(full(b"stco", 0, 0, u32s(len(offsets), *offsets)))
    return box(b"stbl", *parts)


def track(
    table: bytes,
    *,
    handler: bytes = b"vide",
    track_id: int = 1,
    timescale: int = 1000,
    ticks: int = 0,
    version: int = 0,
    created: int = 0,
) -> bytes:
    """Build trak around an stbl."""
    head = struct.pack(">QQI" if version else ">III", created, created, track_id)
    return box(
        b"trak",
        full(b"tkhd", version, 3, head, bytes(60)),
        box(
            b"mdia",
            times(b"mdhd", version, created, timescale, ticks),
            full(b"hdlr", 0, 0, bytes(4), handler, bytes(13)),
            box(b"minf", table),
        ),
    )


def movie(*tracks: bytes, version: int = 0, created: int = 0, timescale: int = 1000, ticks: int = 0) -> bytes:
    """Build moov; tracks may hold an mvex too."""
    return box(b"moov", times(b"mvhd", version, created, timescale, ticks), *tracks)


FTYP = box(b"ftyp", b"isom", bytes(4), b"isom")
