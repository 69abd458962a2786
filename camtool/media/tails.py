"""Whether a recording that is neither MP4 nor DHAV breaks off, as far as its format shows it.

Seen: a PES packet cut in two at the end of a program stream; a transport stream that ends inside a packet; an FLV tag
cut in two; an AVI or a Matroska file shorter than its header says. Not seen: a program stream, transport stream or FLV
that ends between two packets, Matroska with a Segment of unknown size (written live), ASF, Ogg, streams without a
container.
"""

from struct import Struct

from camtool.media.source import Source

_PACK = b"\0\0\1\xba"
_PROGRAM_END = 0xB9
# A pack holds one picture or less; PES packets hold 64 KiB at the most (ISO/IEC 13818-1, 2.4.3.7: PES_packet_length).
_TAIL_BYTES = 1_048_576
_PACK_HEADER_BYTES, _PACK_HEADER_BYTES_MPEG1 = 14, 12
_FLV_FIRST_TAG = 13  # behind the header and the first PreviousTagSize, which is 0: FLV 10.1, E.2 and E.3
_MOST_TAGS = 10_000_000  # a day of 25 pictures and 43 pieces of sound a second is 6 million
_U32_LITTLE = Struct("<I")
# EBML: an element of unknown size has all bits of its size set; RFC 8794, 6.2.
_SEGMENT = b"\x18\x53\x80\x67"


def expected_bytes(source: Source, container: str) -> int | None:
    """Return the size an open file has to have at least, where it has less; None where nothing shows that it does."""
    if container in ("mpeg-ps", "hikvision-ps"):
        found = _program_stream(source)
    elif container == "mpeg-ts":
        found = _transport_stream(source)
    elif container == "flv":
        found = _flv(source)
    elif container == "avi":
        found = _avi(source)
    elif container == "matroska":
        found = _matroska(source)
    else:
        return None
    return found if found is not None and found > source.size_bytes else None


def _program_stream(source: Source) -> int | None:
    start = max(0, source.size_bytes - _TAIL_BYTES)
    tail = source.piece(start, source.size_bytes)
    at = tail.rfind(_PACK)
    while at >= 0 and tail[at : at + 3] == b"\0\0\1":
        head = tail[at : at + 6]
        if head[:4] == _PACK:
            length = _pack_header(tail, at)
        elif head[3:4] == bytes([_PROGRAM_END]):
            return None
        else:
            length = 6 + int.from_bytes(head[4:]) if len(head) == 6 else 6
        if at + length > len(tail):
            return start + at + length
        at += length
    return None


def _pack_header(tail: bytes, at: int) -> int:
    """Return the length of a pack header; of MPEG-2's with its stuffing (ISO/IEC 13818-1, 2.5.3.3)."""
    if tail[at + 4 : at + 5] and tail[at + 4] & 0xF0 == 0x20:
        return _PACK_HEADER_BYTES_MPEG1
    last = tail[at + _PACK_HEADER_BYTES - 1 : at + _PACK_HEADER_BYTES]
    return _PACK_HEADER_BYTES + (last[0] & 7 if last else 0)


def _transport_stream(source: Source) -> int:
    packet_bytes = 188 if source.piece(0, 1) == b"\x47" else 192
    return -(-source.size_bytes // packet_bytes) * packet_bytes


def _flv(source: Source) -> int | None:
    """Check that the last tag is whole; only where it is not, walk the tags to see where the last one should end."""
    size = source.size_bytes
    back = int.from_bytes(source.piece(size - 4, size))
    if source.piece(size - 4 - back, size - back) and _flv_tag(source, size - 4 - back) == back:
        return None
    at = _FLV_FIRST_TAG
    for _ in range(_MOST_TAGS):
        if at >= size:
            return at
        at += _flv_tag(source, at) + 4
    return None


def _flv_tag(source: Source, at: int) -> int:
    """Return the length of the tag at a byte: type u8, length of the data u24, seven more bytes, the data."""
    return 11 + int.from_bytes(source.piece(at + 1, at + 4))


def _avi(source: Source) -> int | None:
    """Follow the RIFF chunks: `AVI `, then `AVIX` in files above 1 GB (OpenDML). 0 stands for a header left open."""
    at = end = 0
    while at + 12 <= source.size_bytes:
        head = source.piece(at, at + 8)
        length = _U32_LITTLE.unpack_from(head, 4)[0] if head[:4] == b"RIFF" else 0
        if not length:
            return None
        end = at + 8 + length
        at = end + length % 2  # an odd chunk is padded, but not every writer pads the last
    return end


def _matroska(source: Source) -> int | None:
    head = source.piece(0, min(source.size_bytes, 4096))
    length, width = _ebml_size(head, 4)
    at = 4 + width + (length or 0)
    if length is None or head[at : at + 4] != _SEGMENT:
        return None
    length, width = _ebml_size(head, at + 4)
    return None if length is None else at + 4 + width + length


def _ebml_size(data: bytes, at: int) -> tuple[int | None, int]:
    """Read an EBML size: its value (None where unknown) and how many bytes it takes."""
    first = data[at] if at < len(data) else 0
    width = 9 - first.bit_length()
    value = int.from_bytes(data[at : at + width]) & (1 << 7 * width) - 1
    return (None if not first or value == (1 << 7 * width) - 1 else value), width
