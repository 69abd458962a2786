"""Reading a clip and its sources for `verify`: what is in the file now, packet by packet, whatever it should be."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Stream

from camtool.core.ledger import Compared, PacketRow
from camtool.errors import Unplayable
from camtool.media.framing import BadFraming, Framing, Wrap
from camtool.media.packets import OPTIONS, REFUSALS, opened, picture_stream, read_source, reason, sound_stream
from camtool.media.reading import opened as opened_unseen
from camtool.media.sameness import common_sha256, read_at

# As a player opens a file: what an edit list hides is not shown.
_AS_PLAYED = {name: value for name, value in OPTIONS.items() if name != "advanced_editlist"}


@dataclass(frozen=True, slots=True)
class ClipPacket:
    """One packet of a clip. kind is video or audio, time_s when it is shown (None: the file does not say)."""

    kind: str
    sha256: str
    size_bytes: int
    key: bool
    time_s: Fraction | None


def clip_packets(clip: Path) -> Iterator[ClipPacket]:
    """Yield every packet of a clip's first picture and sound streams, hidden ones too. Raises Unplayable, OSError."""
    with opened(clip) as container:
        kinds = {
            stream.index: kind
            for kind, stream in (("video", picture_stream(container)), ("audio", sound_stream(container)))
            if stream is not None
        }
        streams: list[Stream] = [container.streams[index] for index in kinds]
        bases = {stream.index: stream.time_base or Fraction(1) for stream in streams}
        try:
            for packet in container.demux(streams):
                if packet.size:
                    index, pts = packet.stream_index, packet.pts
                    time_s = None if pts is None else pts * bases[index]
                    sha256 = hashlib.sha256(packet).hexdigest()
                    yield ClipPacket(kinds[index], sha256, packet.size, packet.is_keyframe, time_s)
        except REFUSALS as error:
            raise Unplayable(path=clip, detail=reason(error)) from error


def shown_pictures(clip: Path) -> int:
    """Count the pictures that a player shows: those that no edit list hides. Raises Unplayable, OSError."""
    with opened(clip, _AS_PLAYED) as container:
        stream = picture_stream(container)
        if stream is None:  # libav would take every stream for it
            return 0
        try:
            return sum(1 for packet in container.demux(stream) if packet.size and not packet.is_discard)
        except REFUSALS as error:
            raise Unplayable(path=clip, detail=reason(error)) from error


def hidden_pictures(clip: Path) -> int:
    """Count the pictures that an edit list hides, from the index alone: not one of them is read.

    Only MP4 and its kin have edit lists; of another container it is 0. Raises Unplayable, OSError.
    """
    stored = stored_pictures(clip)
    if stored is None:
        return 0
    with opened(clip, _AS_PLAYED) as container:
        stream = picture_stream(container)
        return stored - sum(1 for entry in stream.index_entries if not entry.is_discard) if stream else stored


def stored_pictures(clip: Path) -> int | None:
    """Count the pictures in a clip by its index; None for a container that has none to count. Raises Unplayable."""
    with opened(clip) as container:
        stream = picture_stream(container)
        if stream is None or not container.format.name.startswith("mov"):
            return None
        return len(stream.index_entries)


@dataclass(frozen=True, slots=True)
class Unlike:
    """A packet that its source does not hold as the ledger says; found is its digest there, None: nothing is there."""

    row: PacketRow
    found: str | None


def unlike_source(
    path: Path, rows: Iterable[PacketRow], streams: Mapping[int, tuple[str, Compared]]
) -> Iterator[Unlike]:
    """Read a source's packets again and yield those that are not what the ledger says.

    streams says of each stream of the clip whether it is video or audio, and what is compared. A packet that lies in
    the file in one piece is read from its place, without any video library; the others are found by number.
    Raises Unplayable, OSError.
    """
    framings: dict[str, Framing] = {}
    elsewhere: list[PacketRow] = []
    fd = opened_unseen(path)
    try:
        for row in rows:
            kind, compared = streams[row.stream]
            if row.pos_bytes is None:
                elsewhere.append(row)
                continue
            data = read_at(fd, row.source_bytes, row.pos_bytes)
            found = _digest(data, kind, compared, path, framings)
            if found != row.common_sha256:
                yield Unlike(row, found if data else None)
    finally:
        os.close(fd)
    if elsewhere:
        yield from _unlike_by_number(path, elsewhere, streams, framings)


def _digest(data: bytes, kind: str, compared: Compared, path: Path, framings: dict[str, Framing]) -> str:
    if compared is not Compared.NAL_UNITS:
        framing = Framing("", Wrap.WHOLE)
    else:
        framing = framings.get(kind) or framings.setdefault(kind, read_source(path).video.framing)
    try:
        return common_sha256(data, compared, framing).hex()
    except BadFraming:
        return hashlib.sha256(data).hexdigest()


def _unlike_by_number(
    path: Path,
    rows: Iterable[PacketRow],
    streams: Mapping[int, tuple[str, Compared]],
    framings: dict[str, Framing],
) -> Iterator[Unlike]:
    wanted = {(streams[row.stream][0], row.packet): row for row in rows}
    with opened(path) as container:
        kinds = {"video": picture_stream(container), "audio": sound_stream(container)}
        found = {stream.index: kind for kind, stream in kinds.items() if stream is not None}
        counts = dict.fromkeys(kinds, 0)
        try:
            for packet in container.demux([stream for stream in kinds.values() if stream is not None]):
                if not packet.size:
                    continue
                kind = found[packet.stream_index]
                row = wanted.pop((kind, counts[kind]), None)
                counts[kind] += 1
                if row is not None:
                    digest = _digest(bytes(packet), kind, streams[row.stream][1], path, framings)
                    if digest != row.common_sha256:
                        yield Unlike(row, digest)
                if not wanted:
                    return
        except av.FFmpegError:
            pass  # what could not be reached is named below
    for row in wanted.values():
        yield Unlike(row, None)
