"""How a packet of H.264 or HEVC is cut into NAL units, and the one form that any container's packets can be brought to.

Two framings exist. Length-prefixed (MP4, Matroska, FLV): each unit stands behind its length. Annex B (program and
transport streams, DHAV, AVI): each stands behind the start code 00 00 01. Which one it is, is read from the stream's
extradata alone: `avcC` and `hvcC` records begin with the version 1, Annex B extradata with a zero. It is never guessed
from a packet: a unit of 256 to 511 bytes behind a length begins 00 00 01 xx (EVIDENCE: 55 of 576 packets misread so).

Sources: ISO/IEC 14496-15, 5.3.3.1.2 (avcC) and 8.3.3.1.2 (hvcC); ITU-T H.264 and H.265, Annex B and tables 7-1.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

Bytes = bytes | memoryview

_START_CODE = b"\0\0\1"
_NONE: frozenset[int] = frozenset()
# Left out of the canonical form, because muxers add, move and drop them (H.264: SPS 7, PPS 8, delimiter 9; HEVC: VPS,
# SPS, PPS 32 to 34, delimiter 35). The same numbers stand in EVIDENCE's ffmpeg commands.
_LEFT_OUT = {"h264": frozenset((7, 8, 9)), "hevc": frozenset((32, 33, 34, 35))}
_PARAMETER_SETS = {"h264": frozenset((7, 8)), "hevc": frozenset((32, 33, 34))}
_AVCC_LENGTH_AT, _AVCC_SETS_AT = 4, 5
_HVCC_LENGTH_AT, _HVCC_ARRAYS_AT = 21, 22


class Wrap(StrEnum):
    """How a stream's packets hold their NAL units; WHOLE: the codec has none, a packet is taken as it is."""

    LENGTH = "length_prefixed"
    ANNEX_B = "annex_b"
    WHOLE = "whole"


class BadFraming(ValueError):
    """A packet or extradata that does not follow its framing: damaged, or cut off."""


@dataclass(frozen=True, slots=True)
class Framing:
    """A stream's framing. codec is libav's name; length_bytes is 1, 2 or 4 where wrap is LENGTH, else 0."""

    codec: str
    wrap: Wrap
    length_bytes: int = 0


def framing_of(codec: str, extradata: bytes) -> Framing:
    """Read a stream's framing from its extradata. Raises BadFraming for an avcC or hvcC that breaks off."""
    if codec not in _LEFT_OUT:
        return Framing(codec, Wrap.WHOLE)
    if extradata[:1] != b"\1":
        return Framing(codec, Wrap.ANNEX_B)
    at = _AVCC_LENGTH_AT if codec == "h264" else _HVCC_LENGTH_AT
    if len(extradata) <= at:
        raise BadFraming(f"an {codec} configuration of {len(extradata)} bytes")
    return Framing(codec, Wrap.LENGTH, (extradata[at] & 3) + 1)


def nal_units(packet: Bytes, framing: Framing) -> Iterator[memoryview]:
    """Yield the NAL units of a packet, without start codes, lengths and trailing zero bytes.

    A NAL unit never ends in a zero byte (H.264 and H.265, 7.4.1), so zeros behind one belong to the framing. Empty
    units are left out. A packet of a codec without NAL units is one unit. Raises BadFraming for a length that runs out
    of the packet.
    """
    data = memoryview(packet)
    if framing.wrap is Wrap.WHOLE:
        yield data
        return
    spans = _by_length(data, framing.length_bytes) if framing.wrap is Wrap.LENGTH else _by_start_code(data)
    for start, end in spans:
        while end > start and data[end - 1] == 0:
            end -= 1
        if end > start:
            yield data[start:end]


def unit_type(unit: memoryview, codec: str) -> int:
    """Return nal_unit_type: H.264 holds it in the low 5 bits of the first byte, HEVC in bits 1 to 6."""
    return unit[0] & 0x1F if codec == "h264" else unit[0] >> 1 & 0x3F


def canonical_parts(packet: Bytes, framing: Framing) -> list[Bytes]:
    """Return the pieces whose concatenation is a packet's canonical form.

    That is Annex B without parameter sets and delimiters, the start code 00 00 00 01 before the first unit that is left
    and 00 00 01 before each further one: exactly what ffmpeg writes behind `-bsf:v h264_mp4toannexb,filter_units=...`
    (libavcodec/cbs_h2645.c puts the extra zero before the first unit of a packet; compared with ffmpeg 5.1 and 9.0).
    A packet of nothing else has an empty one. Raises BadFraming.
    """
    if framing.wrap is Wrap.WHOLE:
        return [packet]
    left_out = _LEFT_OUT[framing.codec]
    parts: list[Bytes] = []
    for unit in nal_units(packet, framing):
        if unit_type(unit, framing.codec) not in left_out:
            parts += (_START_CODE if parts else b"\0" + _START_CODE, unit)
    return parts


def canonical_sha256(packet: Bytes, framing: Framing) -> str:
    """Return the SHA-256 of a packet's canonical form, in hex.

    It is what `ffmpeg … -f framehash -hash sha256 -` prints behind the same filter. Raises BadFraming.
    """
    digest = hashlib.sha256()
    for part in canonical_parts(packet, framing):
        digest.update(part)
    return digest.hexdigest()


def parameter_sets(codec: str, extradata: bytes) -> frozenset[bytes]:
    """Return the parameter sets in a stream's extradata, whichever way it is framed; none for other codecs.

    Raises BadFraming.
    """
    framing = framing_of(codec, extradata)
    if framing.wrap is Wrap.WHOLE:
        return frozenset()
    if framing.wrap is Wrap.ANNEX_B:
        return in_band_sets(extradata, framing)
    try:
        found = _avcc_sets(extradata) if codec == "h264" else _hvcc_sets(extradata)
        return frozenset(unit for unit in found if unit_type(memoryview(unit), codec) in _PARAMETER_SETS[codec])
    except IndexError as error:
        raise BadFraming(f"an {codec} configuration that breaks off") from error


def in_band_sets(packet: Bytes, framing: Framing) -> frozenset[bytes]:
    """Return the parameter sets that a packet itself carries. Raises BadFraming."""
    wanted = _PARAMETER_SETS.get(framing.codec, _NONE)
    if not wanted:
        return frozenset()
    return frozenset(bytes(unit) for unit in nal_units(packet, framing) if unit_type(unit, framing.codec) in wanted)


def reframe(packet: Bytes, source: Framing, target: Framing) -> bytes:
    """Return a packet in another framing of the same codec, every NAL unit as it is. Raises BadFraming."""
    if target.wrap is Wrap.ANNEX_B:
        return b"".join(b"\0" + _START_CODE + bytes(unit) for unit in nal_units(packet, source))
    width = target.length_bytes
    return b"".join(len(unit).to_bytes(width) + bytes(unit) for unit in nal_units(packet, source))


def _by_length(data: memoryview, length_bytes: int) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(data):
        start = at + length_bytes
        at = start + int.from_bytes(data[at:start])
        if start > len(data) or at > len(data):
            raise BadFraming(f"a NAL unit runs {at - len(data)} bytes past the end of its packet")
        yield start, at


def _by_start_code(data: memoryview) -> Iterator[tuple[int, int]]:
    held = bytes(data)
    found = held.find(_START_CODE)
    while found >= 0:
        start = found + len(_START_CODE)
        found = held.find(_START_CODE, start)
        yield start, found if found >= 0 else len(held)


def _avcc_sets(extradata: bytes) -> Iterator[bytes]:
    at = _AVCC_SETS_AT
    for mask in (0x1F, 0xFF):  # the count of SPS has three reserved bits, that of PPS none
        count, at = extradata[at] & mask, at + 1
        for _ in range(count):
            unit, at = _sized(extradata, at)
            yield unit


def _hvcc_sets(extradata: bytes) -> Iterator[bytes]:
    arrays, at = extradata[_HVCC_ARRAYS_AT], _HVCC_ARRAYS_AT + 1
    for _ in range(arrays):
        count, at = int.from_bytes(extradata[at + 1 : at + 3]), at + 3
        for _ in range(count):
            unit, at = _sized(extradata, at)
            yield unit


def _sized(extradata: bytes, at: int) -> tuple[bytes, int]:
    """Read a 16-bit length and as many bytes; raise IndexError where they are not there."""
    start = at + 2
    end = start + int.from_bytes(extradata[at:start])
    if end > len(extradata) or end == start:
        raise IndexError
    return extradata[start:end].rstrip(b"\0"), end
