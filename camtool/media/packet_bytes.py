"""One packet's bytes, to say where two packets part ways."""

import os
from pathlib import Path

from camtool.errors import Unplayable
from camtool.media.packets import REFUSALS, opened, picture_stream, reason, sound_stream
from camtool.media.reading import opened as opened_unseen
from camtool.media.sameness import read_at


def clip_packet_bytes(clip: Path, kind: str, number: int) -> bytes | None:
    """Return packet number `number` (from 0) of a clip's video or audio; None where it has none. Raises Unplayable."""
    with opened(clip) as container:
        stream = picture_stream(container) if kind == "video" else sound_stream(container)
        if stream is None:
            return None
        at = 0
        try:
            for packet in container.demux(stream):
                if not packet.size:
                    continue
                if at == number:
                    return bytes(packet)
                at += 1
        except REFUSALS as error:
            raise Unplayable(path=clip, detail=reason(error)) from error
    return None


def file_bytes(path: Path, size_bytes: int, pos_bytes: int) -> bytes:
    """Return bytes of a file, fewer where it ends. Raises OSError."""
    fd = opened_unseen(path)
    try:
        return read_at(fd, size_bytes, pos_bytes)
    finally:
        os.close(fd)
