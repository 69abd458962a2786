"""What a packet of a recording and the same packet in a clip have in common, and where it lies in the recording."""

import hashlib
import os
from typing import TYPE_CHECKING, Any

from camtool.core.ledger import Compared
from camtool.media.framing import Bytes, Framing, canonical_parts

if TYPE_CHECKING:  # loads libav, which a plain MP4 has no need of
    from av.packet import Packet

# Between where libav says a packet begins and its data stands a header: DHAV's of 24 bytes and up to 255 of extensions
# (libavformat/dhav.c), Matroska's of up to 16 (RFC 9559: element, size, track, time, flags), AVI's of 8.
_HEADER_MOST_BYTES = 24 + 255
_KNOWN_BY_BYTES = 32
# ISO/IEC 13818-7, 6.2 (ADTS): a sync word of twelve ones and two zeros for the layer; without the protection bit a CRC
# of 2 bytes follows the 7.
_ADTS_BYTES, _ADTS_CRC_BYTES = 7, 2


def read_at(fd: int, size_bytes: int, pos_bytes: int) -> bytes:
    """Read from a place in a file; fewer bytes where the file ends. The file is used by one thread at a time."""
    if hasattr(os, "pread"):
        return os.pread(fd, size_bytes, pos_bytes)
    os.lseek(fd, pos_bytes, os.SEEK_SET)
    return os.read(fd, size_bytes)


def find_in_file(fd: int, packet: "Packet[Any]") -> int | None:
    """Return where a packet's bytes lie in its file in one piece, or None where they do not (program streams, TS)."""
    if packet.pos is None or packet.pos < 0:
        return None
    data = bytes(memoryview(packet))
    known = data[:_KNOWN_BY_BYTES]
    window = read_at(fd, _HEADER_MOST_BYTES + len(known), packet.pos)
    at = window.find(known)
    if at < 0 or read_at(fd, len(data), packet.pos + at) != data:
        return None
    return int(packet.pos + at)


def common_parts(packet: Bytes, compared: Compared, framing: Framing) -> list[Bytes]:
    """Return the pieces of a packet that are the same in the source and in the clip. framing is that of the packet."""
    if compared is Compared.NAL_UNITS:
        return canonical_parts(packet, framing)
    if compared is Compared.ADTS_PAYLOAD:
        return [without_adts(packet)]
    return [packet]


def common_sha256(packet: Bytes, compared: Compared, framing: Framing) -> bytes:
    """Return the SHA-256 of what a packet has in common with its twin."""
    digest = hashlib.sha256()
    for part in common_parts(packet, compared, framing):
        digest.update(part)
    return digest.digest()


def without_adts(packet: Bytes) -> Bytes:
    """Return a packet of AAC without its ADTS header; as it is where it has none."""
    if len(packet) < _ADTS_BYTES or packet[0] != 0xFF or packet[1] & 0xF6 != 0xF0:
        return packet
    return packet[_ADTS_BYTES if packet[1] & 1 else _ADTS_BYTES + _ADTS_CRC_BYTES :]
