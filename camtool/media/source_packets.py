"""A recording's own packets as it holds them, for the list that `dd` and `sha256sum` check."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from camtool.core.ledger import Compared, PacketRow
from camtool.errors import Unplayable
from camtool.media.packets import REFUSALS, opened, picture_stream, reason
from camtool.media.reading import opened as opened_unseen
from camtool.media.sameness import read_at


class SourcePacket(NamedTuple):
    """One picture's packet in its recording: offset_bytes is None where it does not lie there in one piece."""

    number: int
    offset_bytes: int | None
    size_bytes: int
    pts: int
    sha256: str


def source_packets(path: Path, rows: Sequence[PacketRow], compared: Compared) -> Iterator[SourcePacket]:
    """Yield the pictures of a recording that rows name, in their order, hashed as the recording holds them.

    Where clip and recording are the same byte for byte, the rows say it all and nothing is read. Raises Unplayable,
    OSError.
    """
    if compared is Compared.BYTES:
        for row in rows:
            yield SourcePacket(row.packet, row.pos_bytes, row.size_bytes, row.pts, row.sha256)
        return
    scattered = _by_number(path, [row.packet for row in rows if row.pos_bytes is None])
    fd = opened_unseen(path)
    try:
        for row in rows:
            if row.pos_bytes is None:
                size_bytes, sha256 = scattered[row.packet]
            else:
                data = read_at(fd, row.source_bytes, row.pos_bytes)
                size_bytes, sha256 = len(data), hashlib.sha256(data).hexdigest()
            yield SourcePacket(row.packet, row.pos_bytes, size_bytes, row.pts, sha256)
    finally:
        os.close(fd)


def _by_number(path: Path, numbers: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Return size and SHA-256 of packets by their numbers, as libav puts them together."""
    wanted = set(numbers)
    found: dict[int, tuple[int, str]] = {}
    if not wanted:
        return found
    with opened(path) as container:
        stream = picture_stream(container)
        number = 0
        try:
            for packet in container.demux(stream):
                if not packet.size:
                    continue
                if number in wanted:
                    found[number] = packet.size, hashlib.sha256(packet).hexdigest()
                number += 1
                if len(found) == len(wanted):
                    return found
        except REFUSALS as error:
            raise Unplayable(path=path, detail=reason(error)) from error
    raise Unplayable(path=path, detail=f"packet {min(wanted - set(found))}")
