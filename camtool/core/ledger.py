"""The ledger of a clip: one row for each packet in it, and what kind of sameness each row states.

A packet is one coded picture or one piece of sound, as a container holds it.
"""

from enum import StrEnum
from typing import NamedTuple


class Compared(StrEnum):
    """What of a packet is the same in the source and in the clip.

    BYTES: every byte. NAL_UNITS: every NAL unit but parameter sets and delimiters, in order; only what stands between
    them differs (start codes in the one file, lengths in the other). ADTS_PAYLOAD: every byte behind the 7 or 9 byte
    ADTS header, which .mp4 and .mkv do not have.
    """

    BYTES = "bytes"
    NAL_UNITS = "nal_units"
    ADTS_PAYLOAD = "adts_payload"


class PacketRow(NamedTuple):
    """One packet of a clip and where it came from; size_bytes and sha256 are of the packet as the clip holds it.

    stream and source are numbers of the proof's lists. packet counts the source's packets of that stream from 0, in the
    order of the file. pos_bytes is where the packet's source_bytes bytes begin in the source file, or None where they
    do not lie there in one piece. pts is the source's, in ticks of the source's stream. common_sha256 is over what the
    two have in common (see Compared): the packet itself, its canonical form (media.framing), or its payload.
    """

    stream: int
    source: int
    packet: int
    pos_bytes: int | None
    size_bytes: int
    pts: int
    key: bool
    sha256: str
    source_bytes: int
    common_sha256: str
