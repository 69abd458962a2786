"""A writer of MPEG program streams as recorders write them, plain or behind Hikvision's `IMKH` header.

Each picture: a pack header (with a system header and a stream map in front of keyframes), then PES packets. Sources:
ISO/IEC 13818-1, 2.5 (program stream), 2.4.3.7 (PES), table 2-34 (stream types); G.711 as type 0x90 is GB/T 28181's.
The 40 bytes of `IMKH` carry the magic and are otherwise not documented: zeros here.
"""

import struct
from collections.abc import Sequence
from pathlib import Path

from tests.makers.video import EncodedPacket, annexb_packets

VIDEO_ID, SOUND_ID = 0xE0, 0xC0
STREAM_TYPES = {"h264": 0x1B, "hevc": 0x24}
G711_ALAW = 0x90
CLOCK = 90_000
WRAP = 1 << 33
PES_DATA_BYTES = 65_000
IMKH = b"IMKH\x01\x01\x02\x00".ljust(40, b"\0")
PROGRAM_END = b"\0\0\1\xb9"


def pack_header(scr: int) -> bytes:
    """Build a pack header; scr in 90 kHz ticks."""
    scr %= WRAP
    bits = 0b01 << 46 | (scr >> 30 & 7) << 43 | 1 << 42 | (scr >> 15 & 0x7FFF) << 27 | 1 << 26
    bits |= (scr & 0x7FFF) << 11 | 1 << 10 | 1
    rate = (20_000 << 2 | 0b11).to_bytes(3, "big")
    return b"\0\0\1\xba" + bits.to_bytes(6, "big") + rate + b"\xf8"


def pes(stream_id: int, pts: int | None, data: bytes) -> bytes:
    """Build one PES packet; pts in 90 kHz ticks, or None for a continuation."""
    header = b"\x80\x00\x00"
    if pts is not None:
        pts %= WRAP
        stamp = bytes(
            [
                0x21 | (pts >> 30 & 7) << 1,
                pts >> 22 & 0xFF,
                1 | (pts >> 15 & 0x7F) << 1,
                pts >> 7 & 0xFF,
                1 | (pts & 0x7F) << 1,
            ]
        )
        header = b"\x80\x80\x05" + stamp
    return b"\0\0\1" + bytes([stream_id]) + struct.pack(">H", len(header) + len(data)) + header + data


def stream_map(codec: str, sound: bool) -> bytes:
    """Build the program stream map that names the codecs; its CRC is left 0, which no reader here checks."""
    entries = struct.pack(">BBH", STREAM_TYPES[codec], VIDEO_ID, 0)
    if sound:
        entries += struct.pack(">BBH", G711_ALAW, SOUND_ID, 0)
    body = struct.pack(">BBHH", 0xE0, 0xFF, 0, len(entries)) + entries + b"\0\0\0\0"
    return b"\0\0\1\xbc" + struct.pack(">H", len(body)) + body


def write_mpeg_ps(
    path: Path,
    source: Path | Sequence[EncodedPacket],
    *,
    imkh: bool = False,
    codec: str = "h264",
    sound: bool = False,
    first_90k: int = CLOCK,
    end_code: bool = False,
) -> Path:
    """Write a program stream of source (a file of H.264 or HEVC without B-frames, or its packets).

    imkh puts Hikvision's header in front. first_90k is the clock of the first picture (near 2**33 to make it wrap).
    sound adds 40 ms of G.711 A-law after each picture. end_code closes with MPEG_program_end_code.
    """
    packets = annexb_packets(source) if isinstance(source, Path) else source
    system = b"\0\0\1\xbb" + struct.pack(">H", 6) + b"\x80\x9c\x41\x04\x21\xff"
    parts = [IMKH] if imkh else []
    for packet in packets:
        clock = first_90k + packet.pts_us * CLOCK // 1_000_000
        parts.append(pack_header(clock))
        if packet.key:
            parts += [system, stream_map(codec, sound)]
        for at in range(0, len(packet.data), PES_DATA_BYTES):
            parts.append(pes(VIDEO_ID, None if at else clock, packet.data[at : at + PES_DATA_BYTES]))
        if sound:
            parts.append(pes(SOUND_ID, clock, b"\xd5" * 320))
    if end_code:
        parts.append(PROGRAM_END)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(parts))
    return path
