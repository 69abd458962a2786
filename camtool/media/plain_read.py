"""Reading plain MP4 recordings by their own index: what `cut` needs of them, without loading a video library."""

import hashlib
import os
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from operator import add
from pathlib import Path

from camtool.media.boxes_codecs import OBJECT_TYPES, PICTURE_ENTRY_BYTES, SOUND_ENTRY_BYTES, behind_length
from camtool.media.boxes_read import BoxSource
from camtool.media.framing import BadFraming, Wrap, framing_of, parameter_sets
from camtool.media.pictures import REORDER_MOST, Audio, Gathering, Group, Source, Video
from camtool.media.plain_movie import PlainMovie, PlainTrack, children, read_plain
from camtool.media.plain_tables import NotPlain
from camtool.media.reading import opened
from camtool.media.sameness import read_at
from camtool.media.source import MOST_BYTES

# What libav calls the demuxer of these files.
_CONTAINER = "mov,mp4,m4a,3gp,3g2,mj2"
# What may stand at the top of a plain file. A fragmented one has others; QuickTime's own files have another brand.
_TOP = frozenset((b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"udta", b"meta"))
_MOST_TOP_BOXES = 1000
_QUICKTIME = b"qt  "
_PICTURES = {b"avc1": ("h264", b"avcC"), b"hvc1": ("hevc", b"hvcC"), b"hev1": ("hevc", b"hvcC")}
# HEVC, table 7-1: video, sequence and picture parameter sets. hvc1 promises that they are in the sample entry.
_HEVC_SETS = {32, 33, 34}
_CONFIG, _INFO = 0x04, 0x05  # tags of DecoderConfigDescriptor and DecoderSpecificInfo
_CONFIG_BYTES = 13


@dataclass(slots=True)
class PlainFile:
    """A plain MP4 and its index."""

    source: Source
    movie: PlainMovie


class PlainReader:
    """Reads plain MP4s (see pictures.Reader). Each method raises NotPlain for everything else."""

    def __init__(self) -> None:
        self._files: dict[Path, PlainFile] = {}

    def file(self, source: Source) -> PlainFile:
        """Return the index of a source that was read."""
        return self._files[source.path]

    def read(self, path: Path) -> Source:
        """Read a recording's index. Raises NotPlain, OSError."""
        if path not in self._files:
            self._files[path] = read_file(path)
        return self._files[path].source

    def groups(self, source: Source, near_pts: int) -> Iterator[Group]:
        """Yield the groups from the one shown at near_pts on, or from the start of the file."""
        track = self._files[source.path].movie.video
        samples, scale = track.samples, source.video.frame_ticks
        number = bisect_right(samples.dts, near_pts, hi=len(samples)) - 1
        while number > 0 and not (samples.key[number] and samples.pts(number, number + 1)[0] <= near_pts):
            number = samples.key.rfind(1, 0, number)
        number = max(0, number)
        while number < len(samples):
            behind = samples.key.find(1, number + 1)
            end = len(samples) if behind < 0 else behind
            times = samples.pts(number, end)
            gathering = Gathering(number, samples.key[number] == 1, times[0], samples.dts[number])
            for at, time in enumerate(times, number):
                gathering.add(time, samples.dts[at + 1] - samples.dts[at])
            yield gathering.done(True, scale)
            number = end

    def digests(self, source: Source, first: int, count: int) -> Iterator[bytes]:
        """Yield SHA-256 of `count` pictures from number `first` on."""
        samples = self._files[source.path].movie.video.samples
        fd = opened(source.path)
        try:
            for number in range(first, first + count):
                yield hashlib.sha256(read_at(fd, samples.size[number], samples.pos[number])).digest()
        finally:
            os.close(fd)


def read_file(path: Path) -> PlainFile:
    """Read a file's index. Raises NotPlain, OSError."""
    fd = opened(path)
    try:
        status = os.fstat(fd)
        try:
            movie = read_plain(_moov(BoxSource(fd, status.st_size)))
            source = _source(path, status, movie)
        except (IndexError, struct.error, BadFraming, OverflowError) as error:
            raise NotPlain(str(error)) from error
    finally:
        os.close(fd)
    return PlainFile(source, movie)


def _moov(source: BoxSource) -> bytes:
    """Find the index among the boxes at the top, which have to fill the file exactly."""
    at, count, moov = 0, 0, b""
    while at < source.size_bytes:
        box = source.box(at, source.size_bytes)
        count += 1
        if box is None or box.kind not in _TOP or box.end > source.size_bytes or count > _MOST_TOP_BOXES:
            raise NotPlain("not the boxes of a plain file")
        if (count == 1) != (box.kind == b"ftyp") or (count == 1 and source.piece(box.body, box.body + 4) == _QUICKTIME):
            raise NotPlain("not a plain MP4")
        if box.kind == b"moov":
            if moov or box.end - box.body > MOST_BYTES:
                raise NotPlain("not one index")
            moov = source.piece(box.body, box.end)
        at = box.end
    if not moov:
        raise NotPlain("no index")
    return moov


def _source(path: Path, status: os.stat_result, movie: PlainMovie) -> Source:
    for track in (movie.video, movie.audio):
        if track is not None and max(map(add, track.samples.pos, track.samples.size)) > status.st_size:
            raise NotPlain("samples behind the end of the file")
    origin = min(movie.video.samples.pts(0, REORDER_MOST + 1))
    video, audio = _video(movie.video), _audio(movie.audio) if movie.audio else None
    return Source(path, status.st_size, status.st_mtime_ns, _CONTAINER, True, origin, video, audio)


def _video(track: PlainTrack) -> Video:
    entry, samples = track.entry, track.samples
    if entry[4:8] not in _PICTURES or len(entry) < PICTURE_ENTRY_BYTES:
        raise NotPlain("pictures that are not read here")
    codec, wanted = _PICTURES[entry[4:8]]
    boxes = list(children(entry, PICTURE_ENTRY_BYTES, len(entry)))
    found = [entry[body:end] for kind, body, end in boxes if kind == wanted]
    if len(found) != 1:
        raise NotPlain("not one configuration of the decoder")
    framing, sets = framing_of(codec, found[0]), parameter_sets(codec, found[0])
    if framing.wrap is not Wrap.LENGTH or not sets:
        raise NotPlain("pictures in another framing")
    if codec == "hevc" and {unit[0] >> 1 & 0x3F for unit in sets} != _HEVC_SETS:
        raise NotPlain("parameter sets that are in the pictures alone")
    width, height = struct.unpack_from(">HH", entry, 32)
    ticks = samples.dts[len(samples)] - samples.dts[0]
    frame_ticks = max(1, round(Fraction(ticks, len(samples))))
    return Video(0, codec, width, height, Fraction(1, track.timescale), frame_ticks, framing, found[0], sets)


def _audio(track: PlainTrack) -> Audio:
    entry = track.entry
    if entry[4:8] != b"mp4a" or len(entry) < SOUND_ENTRY_BYTES or entry[16:18] != b"\0\0" or track.samples.late:
        raise NotPlain("sound that is not read here")
    found = [
        entry[body + 4 : end] for kind, body, end in children(entry, SOUND_ENTRY_BYTES, len(entry)) if kind == b"esds"
    ]
    if len(found) != 1:
        raise NotPlain("not one configuration of the decoder")
    channels, rate = struct.unpack_from(">H", entry, 24)[0], struct.unpack_from(">I", entry, 32)[0] >> 16
    return Audio(1, "aac", rate, channels, Fraction(1, track.timescale), _audio_config(found[0]))


def _audio_config(descriptor: bytes) -> bytes:
    """Return the AudioSpecificConfig in the body of an esds (ISO/IEC 14496-1, 7.2.6.5). Raises NotPlain."""
    at = _inside(descriptor, 0, 0x03) + 3
    if descriptor[at - 1] & 0xE0:  # it depends on another stream, or lies behind a URL
        raise NotPlain("sound that is not read here")
    at = _inside(descriptor, at, _CONFIG)
    if OBJECT_TYPES.get(descriptor[at]) != "aac":
        raise NotPlain("sound that is not AAC")
    at = _inside(descriptor, at + _CONFIG_BYTES, _INFO)
    config = descriptor[at : at + descriptor[at - 1]]
    if len(config) < 2:  # its shortest form, ISO/IEC 14496-3, 1.6.2.1
        raise NotPlain("AAC without its configuration")
    return config


def _inside(descriptor: bytes, at: int, tag: int) -> int:
    """Go behind a descriptor's tag and length (seven bits a byte). Raises NotPlain, IndexError."""
    if descriptor[at] != tag:
        raise NotPlain("another descriptor")
    return behind_length(descriptor, at)
