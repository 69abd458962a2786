"""Whether a clip keeps its sound, and in which container it can be written."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from av.packet import Packet
from av.stream import Stream

from camtool.core.problem import Problem, ProblemKind
from camtool.errors import mark
from camtool.media.cut_plan import Piece
from camtool.media.cut_sink import takes
from camtool.media.cut_track import FORMATS, Wrapping
from camtool.media.packets import opened, picture_stream, sound_stream, time_of
from camtool.media.pictures import Audio, Source

# What players take from an .mp4 everywhere (ISO/IEC 14496-12 and 14496-14; ETSI TS 102 366 for AC-3). libav would write
# some others, and refuses G.711.
_SOUND_IN_MP4 = frozenset({"aac", "mp3", "mp2", "ac3", "eac3"})


def choose_wrapping(pieces: Sequence[Piece], asked: str) -> Wrapping:
    """Choose the container: the one asked for (.mp4 or .mkv), or .mkv where .mp4 cannot hold what is in the pieces.

    Sound is left out where no container takes it, or where it is of another kind than the clip's first.
    """
    problems: list[Problem] = []
    suffix, first = asked, next((piece for piece in pieces if piece.source.audio), None)
    sound = first.source.audio if first else None
    picture = pieces[0].source.video
    if suffix == ".mp4" and not _fits(pieces[0], suffix, sound=False):
        suffix = ".mkv"
        problems.append(_changed(asked, suffix, picture.codec, mark("picture")))
    if sound is not None and first is not None:
        if suffix == ".mp4" and sound.codec not in _SOUND_IN_MP4 and _fits(first, ".mkv", sound=True):
            suffix = ".mkv"
            problems.append(_changed(asked, suffix, sound.codec, mark("sound")))
        elif not _fits(first, suffix, sound=True) or (suffix == ".mp4" and sound.codec not in _SOUND_IN_MP4):
            problems.append(_left_out(first, sound, mark("no container that camtool writes can hold it")))
            sound = None
    if suffix == ".mp4" and sound is not None and _leads(pieces[0]) and sound_due(pieces[0]) is None:
        suffix = ".mkv"
        problems.append(_changed(asked, suffix, sound.codec, mark("sound in step with its first pictures")))
    heard = tuple(sound is not None and _same(piece.source.audio, sound) for piece in pieces)
    for piece, kept in zip(pieces, heard, strict=True):
        if sound is not None and piece.source.audio is not None and not kept:
            problems.append(
                _left_out(piece, piece.source.audio, mark("it is of another kind than the sound before it"))
            )
    return Wrapping(suffix, sound, heard, tuple(problems))


def _same(one: Audio | None, other: Audio) -> bool:
    return one is not None and (one.codec, one.rate, one.channels, one.extradata) == (
        other.codec,
        other.rate,
        other.channels,
        other.extradata,
    )


def _fits(piece: Piece, suffix: str, *, sound: bool) -> bool:
    """Ask libav whether a container takes a piece's picture or sound."""
    with opened(piece.source.path) as container:
        stream: Stream | None = sound_stream(container) if sound else picture_stream(container)
        return stream is not None and takes(FORMATS[suffix], stream)


def _changed(asked: str, written: str, codec: str, part: str) -> Problem:
    facts = {"written": written, "asked": asked, "codec": codec, "part": part}
    return Problem(ProblemKind.CONTAINER_CHANGED, facts=facts)


def _left_out(piece: Piece, sound: Audio, detail: str) -> Problem:
    facts = {"codec": sound.codec, "detail": detail}
    return Problem(ProblemKind.AUDIO_LEFT_OUT, piece.recording.path, piece.recording.camera, facts)


def sound_due(piece: Piece) -> int | None:
    """Return the time, in ticks of the sound, of the last packet at or before decoding begins; None: there is none."""
    source = piece.source
    if source.audio is None:
        return None
    tick = math.floor(piece.first_dts * source.video.time_base / source.audio.time_base)
    return max((time for time in _times_of_sound(source, tick) if time <= tick), default=None)


def number_in_index(stream: Stream, packet: "Packet[Any]") -> int:
    """Return the number of a packet of an indexed recording, by where it lies. Raises ValueError if it is not there."""
    index = stream.index_entries
    guess: int = index.search_timestamp(packet.dts or 0, backward=True, any_frame=True)
    numbers: Iterable[int] = (guess, *range(len(index)))
    for number in numbers:
        if number >= 0 and index[number].pos == packet.pos:
            return number
    raise ValueError(mark("its index does not lead to its sound"))


def _leads(piece: Piece) -> bool:
    return piece.low_pts < piece.key_pts


def _times_of_sound(source: Source, until: int) -> Iterator[int]:
    """Yield the times of a recording's packets of sound up to the first behind a tick."""
    with opened(source.path) as container:
        stream = sound_stream(container)
        if stream is None:
            return
        if source.indexed:
            yield from (entry.timestamp for entry in stream.index_entries)
            return
        for packet in container.demux(stream):
            time = time_of(packet)
            if packet.size and time is not None:
                yield time
                if time > until:
                    return
