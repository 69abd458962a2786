"""How a clip out of plain MP4s is laid out: which bytes of which recording stand where in it, and its index.

The clip keeps the order in which its packets lie in the recordings, so runs of them are copied whole. Everything is
known before the first byte is written, so the index stands in front.

Times: decoding of the first picture is time 0 of the clip. Within one recording every picture keeps its distance to the
others exactly; the next recording goes on where the last picture before it ends. No edit list hides anything: the one
there may be says how much later the sound begins than the picture.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import merge
from itertools import repeat

from camtool.core.ledger import Compared
from camtool.media.cut_plan import Piece
from camtool.media.cut_track import Run, Track
from camtool.media.framing import Framing, Wrap
from camtool.media.plain_boxes import ClipTrack, header
from camtool.media.plain_read import PlainReader
from camtool.media.plain_tables import MOST_LATE, MOST_SAMPLES, NotPlain, Samples

# Read, hashed and written in one go: small enough to stay in a processor's cache from one to the other, large enough to
# make calls of the system and waits of one thread for the other rare (512 KiB to 2 MiB are alike, 4 MiB is slower).
BLOCK_BYTES = 1 << 20
_TIMESCALE_MOST = 2**31 - 1


@dataclass(slots=True)
class Block:
    """Bytes that lie in one piece in a recording and in the clip; packets are (stream, row) in their order."""

    piece: int
    source_at: int
    clip_at: int
    size_bytes: int
    packets: list[tuple[int, int]]


@dataclass(slots=True)
class Layout:
    """A clip before it is written. head is all of it that is not packets.

    starts are the first rows of each piece, a list for each stream. numbers says for each stream and piece what has to
    be added to a row to get the packet's number in its recording.
    """

    tracks: list[Track]
    streams: list[ClipTrack]
    starts: list[list[int]]
    numbers: list[dict[int, int]]
    head: bytes
    size_bytes: int

    @property
    def most_bytes(self) -> int:
        """The size of the largest block there may be."""
        return max(BLOCK_BYTES, *(max(track.size) for track in self.tracks))

    def blocks(self) -> Iterator[Block]:
        """Yield what is to be copied, in the order of the clip."""
        block = Block(-1, 0, len(self.head), 0, [])
        next_at = 0
        for piece in range(len(self.starts[0]) - 1):
            for place, stream, row in _in_order(self.tracks, self.starts, piece):
                size = self.tracks[stream].size[row]
                if place != next_at or piece != block.piece or block.size_bytes + size > BLOCK_BYTES:
                    if block.packets:
                        yield block
                    block = Block(piece, place, block.clip_at + block.size_bytes, 0, [])
                block.packets.append((stream, row))
                block.size_bytes += size
                next_at = place + size
        yield block


def _in_order(tracks: Sequence[Track], starts: Sequence[Sequence[int]], piece: int) -> Iterator[tuple[int, int, int]]:
    """Yield (place, stream, row) of a piece's packets as they lie in its recording."""

    def one(stream: int) -> Iterator[tuple[int, int, int]]:
        start, end = starts[stream][piece : piece + 2]
        return zip(tracks[stream].pos[start:end], repeat(stream), range(start, end), strict=False)

    return one(0) if len(tracks) == 1 else merge(*(one(stream) for stream in range(len(tracks))))


@dataclass(slots=True)
class _Lane:
    """A stream of the clip being laid out. times and scale are the clip's clock for it, dts without the last end."""

    track: Track
    scale: int
    dts: "array[int]" = field(default_factory=lambda: array("q"))
    late: "array[int]" = field(default_factory=lambda: array("q"))
    last_ticks: int = 0

    def add(self, number: int, first: int, end: int, samples: Samples, shift: int, time_base: Fraction) -> None:
        """Put the samples [first, end) of a source behind the others, shown `shift` of its ticks later."""
        track, factor = self.track, self.scale * time_base
        if factor.denominator != 1:
            raise NotPlain("clocks that have none in common")
        times = samples.pts(first, end)
        track.runs.append(Run(number, len(track), first, shift, time_base))
        track.pos.extend(samples.pos[first:end])
        track.size.extend(array("q", samples.size[first:end]))
        track.pts.extend(times)
        track.shown.extend([time + shift for time in times])
        track.key.extend(samples.key[first:end])
        decoded, shown = self._decoded(samples.dts[first:end], shift, int(factor)), int(factor)
        self.late.extend([(time + shift) * shown - at for time, at in zip(times, decoded, strict=True)])
        self.dts.extend(decoded)
        self.last_ticks = (samples.dts[end] - samples.dts[end - 1]) * int(factor)

    def _decoded(self, times: Sequence[int], shift: int, factor: int) -> list[int]:
        """Return times of decoding in the clip, which grow across the border of two recordings too."""
        decoded = [(time + shift) * factor for time in times]
        before = self.dts[-1] if self.dts else -1
        for at, time in enumerate(decoded):
            if time > before:
                break
            before = decoded[at] = before + 1
        return decoded


def lay_out(reader: PlainReader, pieces: Sequence[Piece], heard: Sequence[bool]) -> Layout:
    """Lay out a clip of the pieces; heard says of which the sound is kept. Raises NotPlain."""
    files = [reader.file(piece.source) for piece in pieces]
    first = files[0].source.video
    scale = math.lcm(*(file.movie.video.timescale for file in files))
    if scale > _TIMESCALE_MOST or any(file.source.video.framing != first.framing for file in files):
        raise NotPlain("recordings whose pictures share no track")
    video = _Lane(Track("video", first.codec, first.framing, Compared.BYTES), scale)
    audio = _sound_lane(pieces, heard)
    lanes = [lane for lane in (video, audio) if lane is not None]
    starts: list[list[int]] = [[] for _ in lanes]
    end = Fraction(0)
    for number, (piece, file) in enumerate(zip(pieces, files, strict=True)):
        for lane, rows in zip(lanes, starts, strict=True):
            rows.append(len(lane.track))
        base = file.source.video.time_base
        origin = piece.low_pts if number else min(piece.low_pts, piece.first_dts)
        shift = math.ceil(end / base) - origin
        video.add(number, piece.first, piece.first + piece.packets, file.movie.video.samples, shift, base)
        end = (piece.end_pts + shift) * base
        if audio is not None and heard[number]:
            _add_sound(audio, number, reader, piece, shift)
        if sum(len(lane.track) for lane in lanes) > MOST_SAMPLES:
            raise NotPlain("more packets than are held in memory")
    for lane, rows in zip(lanes, starts, strict=True):
        rows.append(len(lane.track))
    streams = [_clip_track(reader, pieces, heard, lane) for lane in lanes]
    return _placed([lane.track for lane in lanes], streams, starts)


def _sound_lane(pieces: Sequence[Piece], heard: Sequence[bool]) -> _Lane | None:
    scales = [
        round(1 / piece.source.audio.time_base)
        for piece, kept in zip(pieces, heard, strict=True)
        if kept and piece.source.audio
    ]
    if not scales:
        return None
    if math.lcm(*scales) > _TIMESCALE_MOST:
        raise NotPlain("recordings whose sound shares no track")
    return _Lane(Track("audio", "aac", Framing("aac", Wrap.WHOLE), Compared.BYTES), math.lcm(*scales))


def _add_sound(lane: _Lane, number: int, reader: PlainReader, piece: Piece, video_shift: int) -> None:
    """Add the sound that begins while the piece's pictures are shown."""
    track, sound = reader.file(piece.source).movie.audio, piece.source.audio
    if track is None or sound is None:
        return
    ratio = piece.source.video.time_base / sound.time_base
    times = track.samples.dts
    first = bisect_left(times, math.ceil(piece.low_pts * ratio), hi=len(track.samples))
    end = bisect_left(times, math.ceil(piece.end_pts * ratio), hi=len(track.samples))
    if first < end:
        lane.add(number, first, end, track.samples, round(video_shift * ratio), sound.time_base)


def _placed(tracks: list[Track], streams: list[ClipTrack], starts: list[list[int]]) -> Layout:
    """Give every packet its place in the clip, and write the index that says so."""
    places = [stream.samples.pos for stream in streams]
    at = 0
    for piece in range(len(starts[0]) - 1):
        free_at, before = 0, [-1] * len(tracks)
        for place, stream, row in _in_order(tracks, starts, piece):
            if place < free_at or place <= before[stream]:
                raise NotPlain("packets that lie over each other, or out of order")
            size = tracks[stream].size[row]
            places[stream].append(at)
            free_at, before[stream] = place + size, place
            at += size
    head = header(streams, at)
    for stream_track in streams:
        stream_track.samples.pos = array("q", [place + len(head) for place in stream_track.samples.pos])
    numbers = [{run.source: run.first_packet - run.first_row for run in track.runs} for track in tracks]
    return Layout(tracks, streams, starts, numbers, head, len(head) + at)


def _clip_track(reader: PlainReader, pieces: Sequence[Piece], heard: Sequence[bool], lane: _Lane) -> ClipTrack:
    if not lane.dts or min(lane.late) < 0 or max(lane.late) > MOST_LATE:
        raise NotPlain("a track with nothing in it, or shown before it is decoded, or too long after")
    movies = [reader.file(piece.source).movie for piece in pieces]
    begins = lane.dts[0]
    lane.dts.append(lane.dts[-1] + max(1, lane.last_ticks))
    dts = array("q", (time - begins for time in lane.dts))
    late = array("I", lane.late) if any(lane.late) else array("I")
    samples = Samples(array("q"), array("I", lane.track.size), dts, late, bytes(lane.track.key))
    if lane.track.kind == "video":
        return ClipTrack(movies[0].video, lane.scale, Fraction(begins, lane.scale), samples)
    template = next(movie.audio for movie, kept in zip(movies, heard, strict=True) if kept)
    if template is None:
        raise NotPlain("no sound")
    return ClipTrack(template, lane.scale, Fraction(begins, lane.scale), samples)
