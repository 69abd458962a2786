"""Writing a clip: packets copied whole from their recordings, and a column of figures kept for each of them.

Times. Within one recording every picture keeps its distance to the others exactly; the next recording goes on where the
last picture before it ends. No picture is hidden by an edit list, and sound stays with its picture:

- without sound, and in .mkv, nothing but the times is written (`use_editlist=0`): the first picture may stand a few
  frames behind zero, the time its decoder needs to put pictures in order;
- an .mp4 with sound has edit lists that say how much later one track begins than the other, and hide nothing;
- except where pictures that lead the first keyframe are stored behind it (open groups): libav's edit list would begin
  at the keyframe and hide them. Then there is none, and sound begins with the packet due when decoding begins.

All found by trial with PyAV 18 (libavformat 62) and compared with `ffprobe -ignore_editlist 1`.
"""

import hashlib
import math
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from camtool.core.ledger import Compared
from camtool.errors import Unplayable, mark
from camtool.media.cut_plan import Piece
from camtool.media.cut_sink import BUFFER_BYTES, Sink, add_track
from camtool.media.cut_sound import number_in_index, sound_due
from camtool.media.cut_track import FORMATS, MOVIE_TICKS, DecodingOrder, Lane, Track, Wrapping
from camtool.media.framing import Framing, Wrap, in_band_sets, reframe
from camtool.media.packets import REFUSALS, opened, picture_stream, reorder_of, seek_to, sound_stream, time_of
from camtool.media.pictures import NO_PICTURE
from camtool.media.reading import opened as opened_unseen
from camtool.media.reading import reason
from camtool.media.sameness import common_sha256, find_in_file

# ISO/IEC 14496-12, 8.4.2: a track's timescale has 32 bits; libav's is a signed int.
_TIMESCALE_MOST = 2**31 - 1
# How far behind its picture sound may be stored: recorders put them within one GOP's second or two (ISO/IEC 13818-1,
# 2.7.4: data stays in the decoder's buffers for at most one second).
_SOUND_BEHIND_S = 2


def write_clip(
    pieces: Sequence[Piece], wrapping: Wrapping, target: Path, step: Callable[[int], None] = lambda packets: None
) -> list[Track]:
    """Write the pieces into an empty file; return its tracks, the pictures first. step is told of packets written.

    Raises Unplayable where a recording does not hold what was planned, and OSError.
    """
    sink = Sink(target)
    try:
        with opened(pieces[0].source.path) as template:
            writer = _Writer(sink, pieces, wrapping, template, step)
            with writer:
                for number in range(len(pieces)):
                    writer.copy(number)
    except av.FFmpegError as error:
        raise sink.error or error from error
    finally:
        sink.close()
    return writer.tracks


class _Writer:
    def __init__(
        self,
        sink: Sink,
        pieces: Sequence[Piece],
        wrapping: Wrapping,
        template: InputContainer,
        step: Callable[[int], None],
    ) -> None:
        self.sink, self.pieces, self.wrapping, self.step = sink, pieces, wrapping, step
        first = pieces[0]
        self.leading = wrapping.suffix == ".mp4" and wrapping.sound is not None and first.low_pts < first.key_pts
        edits = wrapping.suffix == ".mp4" and wrapping.sound is not None and not self.leading
        options = {"flush_packets": "0", "fflags": "+bitexact"}
        if wrapping.suffix == ".mp4":
            options |= {"movie_timescale": str(MOVIE_TICKS), "use_editlist": "1" if edits else "0"}
        self.edits = edits
        self.target = av.open(sink, "w", format=FORMATS[wrapping.suffix], options=options, buffer_size=BUFFER_BYTES)
        picture = picture_stream(template)
        if picture is None:
            raise Unplayable(path=first.source.path, detail=NO_PICTURE)
        self.video = self._video_lane(picture)
        self.audio = self._audio_lane() if wrapping.sound else None
        self.end = Fraction(0)
        self.target.start_encoding()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.target.close()
            return
        self.sink.give_up()
        with suppress(av.FFmpegError, OSError):
            self.target.close()

    @property
    def tracks(self) -> list[Track]:
        return [lane.track for lane in (self.video, self.audio) if lane is not None]

    def _video_lane(self, picture: VideoStream) -> Lane:
        video = self.pieces[0].source.video
        stream = add_track(self.target, picture)
        scale = math.lcm(*(piece.source.video.time_base.denominator for piece in self.pieces))
        stream.time_base = Fraction(1, scale) if scale <= _TIMESCALE_MOST else video.time_base
        if video.codec == "hevc" and self.wrapping.suffix == ".mp4":
            stream.codec_context.codec_tag = "hvc1"
        framings = {piece.source.video.framing for piece in self.pieces}
        as_is = len(framings) == 1 and video.framing.wrap is not Wrap.ANNEX_B
        compared = Compared.BYTES if as_is else Compared.NAL_UNITS
        return Lane(stream, Track("video", video.codec, video.framing, compared))

    def _audio_lane(self) -> Lane:
        number = self.wrapping.heard.index(True)
        sound = self.wrapping.sound
        with opened(self.pieces[number].source.path) as container:
            stream = sound_stream(container)
            if stream is None or sound is None:
                raise Unplayable(path=self.pieces[number].source.path, detail=mark("no sound was found in it"))
            lane_stream = add_track(self.target, stream)
        compared = Compared.ADTS_PAYLOAD if sound.adts else Compared.BYTES
        return Lane(lane_stream, Track("audio", sound.codec, Framing(sound.codec, Wrap.WHOLE), compared))

    def copy(self, number: int) -> None:
        """Copy one piece's packets."""
        piece = self.pieces[number]
        fd = opened_unseen(piece.source.path)
        try:
            with opened(piece.source.path) as container:
                _Copying(self, number, container, fd).run()
        except REFUSALS as error:
            if self.sink.error is not None:
                raise self.sink.error from error
            if isinstance(error, OSError) and not isinstance(error, av.FFmpegError):
                raise
            raise Unplayable(path=piece.source.path, detail=reason(error)) from error
        finally:
            os.close(fd)


class _Copying:
    """One piece on its way into the clip."""

    def __init__(self, writer: _Writer, number: int, container: InputContainer, fd: int) -> None:
        self.writer, self.number, self.container, self.fd = writer, number, container, fd
        self.piece = writer.pieces[number]
        self.source, self.video = self.piece.source, self.piece.source.video
        self.heard = writer.audio if writer.wrapping.heard[number] else None
        picture = picture_stream(container)
        if picture is None:
            raise ValueError(NO_PICTURE)
        self.picture = picture
        self.sound = sound_stream(container) if self.heard else None
        self.contiguous = self.source.container.startswith("mov")
        # Matroska states no decoding times; what libav makes up for them has holes where pictures are out of order.
        reorder = reorder_of(self.source) if self.source.container.startswith("matroska") else 0
        self.order = DecodingOrder(reorder, self.piece.low_pts, self.video.frame_ticks) if reorder else None
        self.first_dts = self.order.first_dts if self.order else min(self.piece.first_dts, self.piece.key_pts)
        self.high = self.piece.low_pts
        self.last_dts: int | None = None
        self.sound_from, self.sound_to = self._sound_span()
        self.shift_known: int | None = None
        # Looked up once: these are asked for tens of thousands of pictures.
        self.lane, self.frame_ticks, self.mux = writer.video, self.video.frame_ticks, writer.target.mux_one
        self.reframes = self.video.framing != self.lane.track.framing
        self.by_nal_units = self.lane.track.compared is Compared.NAL_UNITS

    def _sound_span(self) -> tuple[int, int]:
        """Return from which tick of sound on, and to before which, sound belongs to the piece's pictures."""
        audio, video = self.source.audio, self.video
        if audio is None or self.heard is None:
            return 0, 0
        ratio = video.time_base / audio.time_base
        first, end = math.ceil(self.piece.key_pts * ratio), math.ceil(self.piece.end_pts * ratio)
        if self.number == 0 and self.writer.leading:
            due = sound_due(self.piece)
            first = first if due is None else due
        return first, end

    def run(self) -> None:
        piece, lane = self.piece, self.lane
        shift, decode_shift = self._shifts()
        lane.start(self.number, piece.first, shift, decode_shift, self.video.time_base)
        if self.source.indexed:
            seek_to(self.container, self.picture, piece.first)
        number, first, stop = piece.first if self.source.indexed else 0, piece.first, piece.first + piece.packets
        sound_number = None if self.source.indexed else -1
        late = self.video.time_base.denominator * _SOUND_BEHIND_S // self.video.time_base.numerator + piece.end_pts
        streams: list[Stream] = [self.picture] if self.sound is None else [self.picture, self.sound]
        picture_index = self.picture.index
        for packet in self.container.demux(streams):
            if not packet.size:
                continue
            if packet.stream_index == picture_index:
                if first <= number < stop:
                    self._picture(packet, number)
                elif number >= stop and (self.sound is None or (time_of(packet) or 0) > late):
                    break
                number += 1
            else:
                sound_number = None if sound_number is None else sound_number + 1
                if self._sound(packet, sound_number) and number >= stop:
                    break
        if number < stop:
            raise ValueError(mark("it holds fewer pictures than when it was first read"))
        self.writer.end = (piece.end_pts + lane.shift) * self.video.time_base

    def _shifts(self) -> tuple[int, int]:
        """Return what is added to the piece's times of showing and of decoding."""
        piece, lane = self.piece, self.writer.video
        if self.number:
            shift = math.ceil(self.writer.end / self.video.time_base) - piece.low_pts
            before = lane.track.runs[-1].time_base
            return shift, shift + math.floor((lane.decode_shift - lane.shift) * before / self.video.time_base)
        if self.writer.edits:
            return -piece.key_pts, -piece.key_pts
        if self.writer.leading and self.source.audio is not None:
            shift = -math.floor(self.sound_from * self.source.audio.time_base / self.video.time_base)
            return shift, -self.first_dts
        origin = min(piece.low_pts, self.first_dts)
        return -origin, -origin

    def _picture(self, packet: "Packet[Any]", number: int) -> None:
        lane, pts, dts = self.lane, packet.pts, packet.dts
        if pts is None:
            pts = self.high + self.frame_ticks if dts is None else dts
        if self.order is not None:
            dts = self.order.dts(pts)
        elif dts is None:
            dts = pts
        if self.last_dts is not None and dts < self.last_dts - self.frame_ticks:
            self._clock_went_back(pts, number)
        self.last_dts = dts
        if pts > self.high:
            self.high = pts
        if (packet.duration or 0) <= 1:  # DHAV states one tick for every picture
            packet.duration = self.frame_ticks
        if self.by_nal_units and packet.is_keyframe:
            self._check_sets(packet)
        self._note(lane.track, self.video.framing, packet, pts)
        if self.reframes:
            packet = _reframed(packet, self.video.framing, lane.track.framing)
        lane.track.shown.append(lane.stamp(packet, pts, dts))
        packet.stream = lane.stream
        self.mux(packet)
        if not number & 0xFF:
            self.writer.step(0x100)

    def _clock_went_back(self, pts: int, number: int) -> None:
        """Go on right after the latest picture: the recorder's clock was put back in the middle of the file."""
        lane = self.writer.video
        shift = self.high + lane.shift + self.video.frame_ticks - pts
        lane.start(self.number, number, shift, shift + lane.decode_shift - lane.shift, self.video.time_base)
        self.high = pts

    def _note(self, track: Track, framing: Framing, packet: "Packet[Any]", pts: int) -> None:
        """Write down where a packet came from, and hash it, before it is changed."""
        pos = packet.pos if self.contiguous else find_in_file(self.fd, packet)
        track.pos.append(-1 if pos is None else pos)
        track.size.append(packet.size)
        track.pts.append(pts)
        track.key.append(packet.is_keyframe)
        if track.compared is Compared.BYTES:
            track.common.append(hashlib.sha256(packet).digest())
        else:
            track.common.append(common_sha256(memoryview(packet), track.compared, framing))

    def _check_sets(self, packet: "Packet[Any]") -> None:
        """Refuse a recording that changes its picture format: muxers move the sets in a packet into the header."""
        if not in_band_sets(memoryview(packet), self.video.framing) <= self.video.sets:
            raise ValueError(mark("its picture format changes inside the file"))

    def _sound(self, packet: "Packet[Any]", number: int | None) -> bool:
        """Copy a packet of sound if it belongs to the piece; return whether it lies behind the piece."""
        lane, audio = self.heard, self.source.audio
        time = time_of(packet)
        if lane is None or audio is None or time is None or time < self.sound_from:
            return False
        if time >= self.sound_to:
            return True
        if self.shift_known != self.writer.video.shift:
            self._sound_run(lane, packet, number, audio.time_base)
        self._note(lane.track, lane.track.framing, packet, time)
        lane.track.shown.append(lane.stamp(packet, time, time))
        packet.stream = lane.stream
        self.mux(packet)
        return False

    def _sound_run(self, lane: Lane, packet: "Packet[Any]", number: int | None, time_base: Fraction) -> None:
        """Begin a run of sound where the piece begins, or where its pictures began one."""
        self.shift_known = self.writer.video.shift
        shift = round(self.writer.video.shift * self.video.time_base / time_base)
        if self.number == 0 and self.writer.leading:
            shift = -self.sound_from
        runs = lane.track.runs
        fresh = not runs or runs[-1].source != self.number
        if not fresh and lane.shift == shift:
            return
        if number is None and self.sound is not None:
            known = runs[-1].first_packet + len(lane.track) - runs[-1].first_row if not fresh else None
            number = number_in_index(self.sound, packet) if known is None else known
        lane.start(self.number, number or 0, shift, shift, time_base)


def _reframed(packet: "Packet[Any]", framing: Framing, wanted: Framing) -> "Packet[Any]":
    copy: Packet[Any] = Packet(reframe(memoryview(packet), framing, wanted))
    copy.duration, copy.time_base, copy.is_keyframe = packet.duration, packet.time_base, packet.is_keyframe
    return copy
