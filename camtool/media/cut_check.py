"""Reading a finished clip back: every packet in it is compared with the recording it came from.

The clip is opened as any player opens it. Each packet must be there, in order, shown at its time, and the same as its
source's, which is read again from where the ledger says it lies.
"""

import hashlib
import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from camtool.core.ledger import Compared, PacketRow
from camtool.errors import ProofFailed
from camtool.media.cut_made import Rows
from camtool.media.cut_track import MOVIE_TICKS, Track
from camtool.media.framing import Framing, framing_of
from camtool.media.packets import REFUSALS, picture_stream, sound_stream
from camtool.media.pictures import Source
from camtool.media.reading import opened, reason
from camtool.media.sameness import common_parts, common_sha256, read_at

# A batch is read from its source in one go.
_BATCH_PACKETS, _BATCH_BYTES = 64, 2 << 20
_TOGETHER_MOST_BYTES = 2 * _BATCH_BYTES
# Matroska's clock (libavformat/matroskaenc.c); two tracks may be rounded apart from each other by one tick each.
_MATROSKA_TICK = Fraction(1, 1000)


@dataclass(slots=True)
class _Read:
    """How far one track has been read back, and how far its times lie from those it was given (least and most, in s).

    Inside a run times are compared as whole numbers: both sides times `unit`, the least common clock of the two.
    """

    track: Track
    stream: Stream
    framing: Framing
    number: int
    row: int = 0
    run: int = -1
    next_at: int = 0
    unit: int = 1
    clip_unit: int = 1
    run_unit: int = 1
    early: int | None = None
    late: int = 0
    least: list[Fraction] = field(default_factory=list)
    most: list[Fraction] = field(default_factory=list)

    def begin_run(self) -> None:
        """Go to the run of the row at hand."""
        self.end_run()
        runs = self.track.runs
        while self.run + 1 < len(runs) and runs[self.run + 1].first_row <= self.row:
            self.run += 1
        self.next_at = runs[self.run + 1].first_row if self.run + 1 < len(runs) else len(self.track)
        tick, base = runs[self.run].time_base, self.stream.time_base or Fraction(1)
        self.unit = math.lcm(tick.denominator, base.denominator)
        self.run_unit, self.clip_unit = int(tick * self.unit), int(base * self.unit)

    def time(self, pts: int) -> None:
        """Take note of how far a time is from the one that was given."""
        off = pts * self.clip_unit - self.track.shown[self.row] * self.run_unit
        if self.early is None:
            self.early = self.late = off
        elif off < self.early:
            self.early = off
        elif off > self.late:
            self.late = off

    def end_run(self) -> None:
        """Put the run's distances to the others."""
        if self.early is not None:
            self.least.append(Fraction(self.early, self.unit))
            self.most.append(Fraction(self.late, self.unit))
        self.early = None


@dataclass(slots=True)
class _Batch:
    """Packets of one run of one track, from a row on, on their way to be compared."""

    read: _Read
    row: int
    run: int
    packets: "list[Packet[Any]]" = field(default_factory=list)
    size_bytes: int = 0


def read_back(
    clip: Path,
    tracks: Sequence[Track],
    sources: Sequence[Source],
    rows: Rows,
    step: Callable[[int], None] = lambda packets: None,
) -> None:
    """Compare a clip with its sources; hand over a row for each packet, each stream's in order.

    step is told of pictures read. Raises ProofFailed at the first thing that is not as it was written, and OSError.
    """
    try:
        with av.open(f"file:{clip}", metadata_errors="replace") as container, _Files(sources) as files:
            reads = _reads(container, tracks)
            _demux(container, reads, lambda batch: rows(files.compared(batch)), step)
    except REFUSALS as error:
        if isinstance(error, OSError) and not isinstance(error, av.FFmpegError):
            raise
        raise ProofFailed(detail=reason(error)) from error
    _check_counts(reads.values())
    _check_times(list(reads.values()))


def _reads(container: InputContainer, tracks: Sequence[Track]) -> dict[int, _Read]:
    """Find the clip's stream of each track."""
    found: dict[str, Stream | None] = {"video": picture_stream(container), "audio": sound_stream(container)}
    reads: dict[int, _Read] = {}
    for number, track in enumerate(tracks):
        stream = found[track.kind]
        if stream is None or stream.codec_context.codec.canonical_name != track.codec:
            raise ProofFailed(detail=f"the {track.codec} stream did not come back")
        extradata = getattr(stream.codec_context, "extradata", None) or b""
        reads[stream.index] = _Read(track, stream, framing_of(track.codec, extradata), number)
    return reads


def _demux(
    container: InputContainer,
    reads: dict[int, _Read],
    compare: Callable[[_Batch], None],
    step: Callable[[int], None],
) -> None:
    """Read every packet, check what is not in its bytes, and have it compared in batches."""
    batches: dict[int, _Batch] = {}
    for packet in container.demux([read.stream for read in reads.values()]):
        if not packet.size:
            continue
        index = packet.stream_index
        read = reads[index]
        if read.row == read.next_at:
            _pass_on(batches.pop(index, None), compare, step)
            if read.row == len(read.track):
                raise ProofFailed(detail=f"more than the {read.row} {read.track.kind} packets that were written")
            read.begin_run()
        batch = batches.get(index)
        if batch is None:
            batch = batches[index] = _Batch(read, read.row, read.run)
        _check(read, packet)
        batch.packets.append(packet)
        batch.size_bytes += packet.size
        if len(batch.packets) >= _BATCH_PACKETS or batch.size_bytes >= _BATCH_BYTES:
            _pass_on(batches.pop(index), compare, step)
    for batch in batches.values():
        _pass_on(batch, compare, step)


def _pass_on(batch: _Batch | None, compare: Callable[[_Batch], None], step: Callable[[int], None]) -> None:
    if batch is None:
        return
    compare(batch)
    if batch.read.number == 0:
        step(len(batch.packets))


def _check(read: _Read, packet: "Packet[Any]") -> None:
    """Check that a packet is shown, when, and whether one can begin with it. Raises ProofFailed."""
    kind, row = read.track.kind, read.row
    if packet.is_discard or packet.is_corrupt:
        raise ProofFailed(detail=f"{kind} packet {row} is hidden or broken")
    if packet.is_keyframe != read.track.key[row] and kind == "video":
        raise ProofFailed(detail=f"{kind} packet {row} changed its keyframe mark")
    if packet.pts is None:
        raise ProofFailed(detail=f"{kind} packet {row} has no time")
    read.time(packet.pts)
    read.row += 1


class _Files:
    """The sources, open for reading again; two at a time, because the runs of two tracks end at different packets."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._open: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for fd in self._open.values():
            os.close(fd)

    def _fd(self, number: int) -> int:
        if number not in self._open:
            while len(self._open) > 1:
                os.close(self._open.pop(min(self._open)))
            self._open[number] = opened(self._sources[number].path)
        return self._open[number]

    def compared(self, batch: _Batch) -> list[PacketRow]:
        """Compare a batch with its source, byte for byte where it lies there in one piece; return its rows."""
        read, track = batch.read, batch.read.track
        run = track.runs[batch.run]
        as_is = track.compared is Compared.BYTES
        framing = self._sources[run.source].video.framing if track.kind == "video" else track.framing
        end_row = batch.row + len(batch.packets)
        originals = _originals(self._fd(run.source), track.pos[batch.row : end_row], track.size[batch.row : end_row])
        rows = []
        for row, packet, original in zip(range(batch.row, end_row), batch.packets, originals, strict=True):
            data, pos, size_bytes, common = bytes(packet), track.pos[row], track.size[row], track.common[row]
            if original is not None:
                same = data == original if as_is else _is_same(data, original, read, framing)
            else:
                same = common_sha256(data, track.compared, read.framing) == common
            if not same:
                raise ProofFailed(detail=f"{track.kind} packet {row} is not what its source holds")
            hex_common = common.hex()
            sha256 = hex_common if as_is else hashlib.sha256(data).hexdigest()
            number = run.first_packet + row - run.first_row
            known_pos, key = pos if pos >= 0 else None, bool(track.key[row])
            rows.append(
                PacketRow(
                    read.number,
                    run.source,
                    number,
                    known_pos,
                    len(data),
                    track.pts[row],
                    key,
                    sha256,
                    size_bytes,
                    hex_common,
                )
            )
        return rows


def _originals(fd: int, places: Sequence[int], sizes: Sequence[int]) -> Iterator[bytes | None]:
    """Read packets from their places in a source, in one go where little lies between; None for one without a place."""
    known = [(pos, pos + size) for pos, size in zip(places, sizes, strict=True) if pos >= 0]
    start, end = min(known, default=(0, 0))[0], max((end for _, end in known), default=0)
    together = end - start <= _TOGETHER_MOST_BYTES
    held = read_at(fd, end - start, start) if together else b""
    for pos, size in zip(places, sizes, strict=True):
        if pos < 0:
            yield None
        elif together:
            yield held[pos - start : pos - start + size]
        else:
            yield read_at(fd, size, pos)


def _is_same(data: bytes, original: bytes, read: _Read, framing: Framing) -> bool:
    compared = read.track.compared
    here = b"".join(common_parts(data, compared, read.framing))
    return here == b"".join(common_parts(original, compared, framing))


def _check_counts(reads: Iterable[_Read]) -> None:
    for read in reads:
        if read.row != len(read.track):
            detail = f"{read.row} of {len(read.track)} {read.track.kind} packets are shown"
            raise ProofFailed(detail=detail)


def _check_times(reads: Sequence[_Read]) -> None:
    """Check that every packet is shown when it should be, and sound with its picture."""
    for read in reads:
        read.end_run()
    start = min(reads[0].least)
    for read in reads:
        slack = _slack(read, reads[0])
        least, most = min(read.least, default=start), max(read.most, default=start)
        if most - least > slack or abs(least - start) > slack:
            off_s = float(max(most - start, start - least))
            raise ProofFailed(detail=f"{read.track.kind} is shown {off_s:.6f} s off its time")


def _slack(read: _Read, video: _Read) -> Fraction:
    """Return how far a track's times may be rounded: not at all where its clock divides the sources'."""
    base = read.stream.time_base or Fraction(1)
    if base == _MATROSKA_TICK:
        return 2 * _MATROSKA_TICK if read is not video else _MATROSKA_TICK
    if read is not video:
        return base + (video.stream.time_base or Fraction(0)) + Fraction(1, MOVIE_TICKS)
    return Fraction(0) if all((run.time_base / base).denominator == 1 for run in read.track.runs) else base
