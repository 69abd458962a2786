"""Plain MP4s read by their own index: the same numbers as libav gives, and a refusal of everything else."""

import os
import struct
from fractions import Fraction
from pathlib import Path

import av
import pytest

from camtool.media.packets import OPTIONS, ByLibav, picture_stream, read_source, sound_stream
from camtool.media.plain_read import PlainReader, read_file
from camtool.media.plain_tables import NotPlain
from tests.makers.boxes import box, full, u32s
from tests.makers.damage import box_at, cut_bytes, with_64bit_mdat
from tests.makers.retabled import boxes, co64, replaced, retabled, signed, stz2, twice, without
from tests.makers.retimed import retimed
from tests.makers.video import write_mp4, write_video

FOOTAGE = os.environ.get("CAMTOOL_TEST_FOOTAGE")
CLIPS = (
    "traffic_camera.mp4",
    "traffic_camera_vfr.mp4",
    "car-detection.mp4",
    "one-by-one-person-detection.mp4",
    "street-walkers.mp4",
    "bottle-detection.mp4",
)


def edited(*entries: tuple[int, int], version: int = 0) -> bytes:
    """Build edts: pairs of (length in movie ticks, first tick)."""
    form = ">QqI" if version else ">IiI"
    return box(
        b"edts", full(b"elst", version, 0, u32s(len(entries)), *(struct.pack(form, *e, 0x10000) for e in entries))
    )


def same_as_libav(path: Path) -> None:
    """Hold sources, groups and every packet against what libav says."""
    reader = PlainReader()
    ours, theirs = reader.read(path), read_source(path)
    for name in ("size_bytes", "mtime_ns", "container", "indexed", "origin_pts"):
        assert getattr(ours, name) == getattr(theirs, name), name
    for name in ("codec", "width_px", "height_px", "time_base", "framing", "extradata", "sets"):
        assert getattr(ours.video, name) == getattr(theirs.video, name), name
    assert (ours.audio is None) == (theirs.audio is None)
    if ours.audio and theirs.audio:
        for name in ("codec", "rate", "time_base", "extradata"):
            assert getattr(ours.audio, name) == getattr(theirs.audio, name), name
    every = list(ByLibav().groups(theirs, theirs.origin_pts))
    assert list(reader.groups(ours, ours.origin_pts)) == every
    for group in every[::7]:
        for near in (group.key_pts - 1, group.key_pts, group.low_pts, group.end_pts):
            assert next(reader.groups(ours, near)) == next(ByLibav().groups(theirs, near)), near
    first, count = every[-1].first, min(3, every[-1].packets)
    assert list(reader.digests(ours, first, count)) == list(ByLibav().digests(theirs, first, count))
    movie = reader.file(ours).movie
    for track, stream_of in ((movie.video, picture_stream), (movie.audio, sound_stream)):
        if track is None:
            continue
        samples = track.samples
        with av.open(str(path), container_options=OPTIONS) as container:
            packets = [packet for packet in container.demux(stream_of(container)) if packet.size]
        assert [packet.pos for packet in packets] == list(samples.pos)
        assert [packet.size for packet in packets] == list(samples.size)
        assert [packet.dts for packet in packets] == list(samples.dts[:-1])
        assert [packet.pts for packet in packets] == samples.pts(0, len(samples))
        assert [packet.is_keyframe for packet in packets] == [key == 1 for key in samples.key]


@pytest.mark.parametrize("faststart", [True, False])
@pytest.mark.parametrize("audio", [None, "aac"])
@pytest.mark.parametrize(("codec", "bframes"), [("libx264", 0), ("libx264", 3), ("libx265", 3)])
def test_what_recorders_write(tmp_path, codec, bframes, audio, faststart):
    same_as_libav(
        write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, codec=codec, bframes=bframes, audio=audio, faststart=faststart)
    )


@pytest.mark.parametrize(
    "changes",
    [
        {b"stco": co64},
        {b"stsz": stz2},
        {b"ctts": signed(1024)},
        {b"ctts": without},
        {b"edts": without},
        {b"edts": lambda body: edited((500, -1), (3000, 1024))},
        {b"edts": lambda body: edited((333, -1), (3000, 0), version=1)},
        {b"edts": lambda body: edited((3000, 15360))},
        {b"edts": lambda body: box(b"edts")},
    ],
    ids=[
        "co64",
        "stz2",
        "signed ctts",
        "no ctts",
        "no edit list",
        "empty, then some hidden",
        "64 bits",
        "hidden beginning",
        "edts without elst",
    ],
)
def test_tables_that_other_muxers_write(tmp_path, changes):
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, bframes=2, audio="aac", faststart=False)
    same_as_libav(retabled(plain, tmp_path / "b.mp4", changes))


def test_variable_times_and_wide_data(tmp_path):
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, faststart=False)
    same_as_libav(with_64bit_mdat(plain, tmp_path / "b.mp4"))
    same_as_libav(retimed(plain, tmp_path / "c.mp4", [n * 3003 + n * n % 7 * 100 for n in range(40)]))


def test_one_size_for_all_sound(tmp_path):
    """Sound of constant size, as some recorders' own muxers write it: stsz with one size and no table."""
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, audio="aac", faststart=False)
    path = retabled(
        plain, tmp_path / "b.mp4", {b"stsz": lambda body: full(b"stsz", 0, 0, u32s(40), body[8:12])}, b"soun"
    )
    same_as_libav(path)
    sound = read_file(path).movie.audio
    assert sound is not None
    assert set(sound.samples.size) == {40}


def read(path: Path):
    return PlainReader().read(path)


@pytest.mark.skipif(not FOOTAGE, reason="CAMTOOL_TEST_FOOTAGE names no folder of real clips")
@pytest.mark.parametrize("name", CLIPS)
def test_real_clips(name):
    same_as_libav(Path(FOOTAGE or "", name))


LIES = {
    "a count of 4 billion sizes": {b"stsz": replaced(b"stsz", 8, u32s(2**32 - 1))},
    "one size too many": {b"stsz": replaced(b"stsz", 8, u32s(41))},
    "one size, another number": {b"stsz": lambda body: full(b"stsz", 0, 0, u32s(100, 41))},
    "a size of nothing": {b"stsz": replaced(b"stsz", 12, u32s(0))},
    "a size of 4 GB": {b"stsz": replaced(b"stsz", 12, u32s(2**32 - 1))},
    "two tables of sizes": {b"stsz": twice(b"stsz")},
    "no table of sizes": {b"stsz": without},
    "a table of sizes that breaks off": {b"stsz": lambda body: box(b"stsz", body[:10])},
    "stz2 of 12 bits": {b"stsz": lambda body: box(b"stz2", bytes(7), b"\x0c", u32s(40), bytes(60))},
    "stz2 that breaks off": {b"stsz": lambda body: box(b"stz2", bytes(7))},
    "too many durations": {b"stts": lambda body: full(b"stts", 0, 0, u32s(1, 41, 1000))},
    "a duration of nothing": {b"stts": lambda body: full(b"stts", 0, 0, u32s(1, 40, 0))},
    "a negative duration": {b"stts": lambda body: full(b"stts", 0, 0, u32s(1, 40, 2**32 - 5))},
    "durations without their count": {b"stts": lambda body: box(b"stts", bytes(4))},
    "a ctts too short": {b"ctts": lambda body: full(b"ctts", 0, 0, u32s(1, 39, 0))},
    "shown before it is decoded": {b"ctts": lambda body: full(b"ctts", 1, 0, u32s(2, 39, 0, 1, 2**32 - 9))},
    "negative times of showing": {b"ctts": signed(2048)},
    "keyframes out of order": {b"stss": lambda body: full(b"stss", 0, 0, u32s(3, 1, 21, 11))},
    "a keyframe behind the end": {b"stss": lambda body: full(b"stss", 0, 0, u32s(2, 1, 41))},
    "no list of keyframes": {b"stss": without},
    "no keyframe": {b"stss": lambda body: full(b"stss", 0, 0, u32s(0))},
    "chunks from 0": {b"stsc": lambda body: full(b"stsc", 0, 0, u32s(1, 0, 40, 1))},
    "chunks of no sample": {b"stsc": lambda body: full(b"stsc", 0, 0, u32s(1, 1, 0, 1))},
    "chunks of too many": {b"stsc": lambda body: full(b"stsc", 0, 0, u32s(1, 1, 2**31, 1))},
    "chunks of too few": {b"stsc": lambda body: full(b"stsc", 0, 0, u32s(1, 1, 1, 1))},
    "another description": {b"stsc": lambda body: full(b"stsc", 0, 0, u32s(1, 1, 40, 2))},
    "chunks behind the end": {b"stco": lambda body: full(b"stco", 0, 0, u32s(1, 2**31))},
    "chunks behind any end": {b"stco": lambda body: box(b"co64", body[:4], u32s(1, 2**32 - 1, 0))},
    "two tables of chunks": {b"stco": lambda body: box(b"stco", body) + co64(body)},
    "two of one table": {b"stts": twice(b"stts")},
    "no description": {b"stsd": lambda body: box(b"stsd", bytes(4))},
    "two descriptions": {b"stsd": lambda body: full(b"stsd", 0, 0, u32s(2), body[8:], body[8:])},
    "data in another file": {b"dref": replaced(b"dref", 16, u32s(0))},
    "no dref": {b"dref": without},
    "no dinf": {b"dinf": without},
    "data of another description": {b"stsd": replaced(b"stsd", 22, b"\0\2")},
    "another codec": {b"stsd": replaced(b"stsd", 12, b"mp4v")},
    "no configuration": {b"stsd": lambda body: box(b"stsd", body.replace(b"avcC", b"avcX"))},
    "an encrypted picture": {b"stsd": replaced(b"stsd", 12, b"encv")},
    "parameter sets that break off": {b"stsd": lambda body: box(b"stsd", body.replace(b"avcC\1", b"avcC\0"))},
    "partial keyframes": {b"stss": lambda body: box(b"stss", body) + full(b"stps", 0, 0, u32s(0))},
    "random access groups": {b"stss": lambda body: box(b"stss", body) + full(b"sgpd", 1, 0, b"rap ", bytes(8))},
    "an edit list of pieces": {b"edts": lambda body: edited((500, 0), (500, 20000))},
    "three edits": {b"edts": lambda body: edited((500, -1), (500, 0), (500, 20000))},
    "half the pace": {b"elst": lambda body: full(b"elst", 0, 0, u32s(1, 500, 0, 0x8000))},
    "an elst that breaks off": {b"elst": lambda body: full(b"elst", 0, 0, u32s(1, 500))},
    "no clock": {b"mdhd": replaced(b"mdhd", 12, u32s(0))},
    "no tables": {b"stbl": without},
    "no media": {b"minf": without},
    "no header": {b"tkhd": without},
    "a header that breaks off": {b"tkhd": lambda body: box(b"tkhd", body[:50])},
    "an mdhd that breaks off": {b"mdhd": lambda body: box(b"mdhd", body[:10])},
    "an empty mdhd": {b"mdhd": lambda body: box(b"mdhd")},
    "fragments": {b"mvhd": lambda body: box(b"mvhd", body) + box(b"mvex")},
    "an empty edit without a clock": {
        b"mvhd": replaced(b"mvhd", 12, u32s(0)),
        b"edts": lambda body: edited((5, -1), (5, 0)),
    },
    "a box that does not fit": {b"stsd": lambda body: box(b"stsd", body[:8], u32s(9999), body[12:])},
    "less than a box": {b"stsd": lambda body: box(b"stsd", body, b"\0\0\0")},
    "no picture": {b"hdlr": replaced(b"hdlr", 8, b"text")},
}


@pytest.mark.parametrize("changes", LIES.values(), ids=LIES)
def test_what_is_not_plain_is_refused(tmp_path, changes):
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, bframes=2, faststart=False)
    assert read(plain).indexed
    with pytest.raises(NotPlain):
        read(retabled(plain, tmp_path / "b.mp4", changes))


SOUND_LIES = {
    "another codec": {b"stsd": replaced(b"stsd", 12, b"alaw")},
    "QuickTime's description": {b"stsd": replaced(b"stsd", 24, b"\0\1")},
    "MP3": {b"stsd": lambda body: box(b"stsd", body.replace(b"\x40\x15", b"\x6b\x15"))},
    "no configuration": {b"stsd": lambda body: box(b"stsd", body.replace(b"esds", b"esdX"))},
    "another descriptor": {b"stsd": lambda body: box(b"stsd", body.replace(b"esds\0\0\0\0\3", b"esds\0\0\0\0\7"))},
    "out of time": {b"stsz": lambda body: box(b"stsz", body) + full(b"ctts", 0, 0, u32s(1, _count(body), 5))},
    "a lying table": {b"stsz": replaced(b"stsz", 8, u32s(2**32 - 1))},
}


def _count(stsz: bytes) -> int:
    number: int = struct.unpack_from(">I", stsz, 8)[0]
    return number


@pytest.mark.parametrize("changes", SOUND_LIES.values(), ids=SOUND_LIES)
def test_sound_that_is_not_plain_is_refused(tmp_path, changes):
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, audio="aac", faststart=False)
    assert read(plain).audio is not None
    with pytest.raises(NotPlain):
        read(retabled(plain, tmp_path / "b.mp4", changes, b"soun"))


def test_other_files_are_refused(tmp_path):
    plain = write_mp4(tmp_path / "a.mp4", seconds=2)
    data = plain.read_bytes()
    for name, content in {
        "behind.mp4": data + b"xyz",
        "noise.mp4": data + b"\0" * 64,
        "empty.mp4": b"",
        "text.mp4": b"text, and not little of it",
        "quicktime.mp4": data[:8] + b"qt  " + data[12:],
        "no_ftyp.mp4": data[struct.unpack_from(">I", data)[0] :],
        "two.mp4": data + data,
        "many.mp4": data + box(b"free") * 1001,
        "ftyp.mp4": data[: struct.unpack_from(">I", data)[0]],
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NotPlain):
            read(tmp_path / name)
    for other in (
        write_mp4(tmp_path / "f.mp4", seconds=2, fragmented=True),
        write_video(tmp_path / "m.mp4", seconds=2, codec="mpeg4"),
        write_video(tmp_path / "q.mov", seconds=2),
        write_video(tmp_path / "k.mkv", seconds=2),
        cut_bytes(plain, tmp_path / "cut.mp4", -100),
    ):
        with pytest.raises(NotPlain):
            read(other)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nothing.mp4")


def test_two_tracks_of_a_kind_are_refused(tmp_path):
    plain = write_mp4(tmp_path / "a.mp4", seconds=2, faststart=False)
    data = plain.read_bytes()
    at, _ = box_at(data, b"moov")
    inside = boxes(data[at + 8 :])
    traks = [box(kind, body) for kind, body in inside if kind == b"trak"]
    (tmp_path / "b.mp4").write_bytes(data[:at] + box(b"moov", *(box(*each) for each in inside), *traks))
    with pytest.raises(NotPlain, match="two tracks"):
        read(tmp_path / "b.mp4")


def test_hev1_without_its_sets_is_refused(tmp_path):
    plain = write_mp4(tmp_path / "a.mp4", seconds=2, codec="libx265", faststart=False)

    def one_set(body: bytes) -> bytes:
        at = body.index(b"hvcC") + 4
        entry = body[8 : at - 8] + box(b"hvcC", body[at : at + 22], b"\0")
        return full(b"stsd", 0, 0, u32s(1), struct.pack(">I", len(entry)), entry[4:])

    with pytest.raises(NotPlain):
        read(retabled(plain, tmp_path / "b.mp4", {b"stsd": one_set}))
    hev1 = retabled(plain, tmp_path / "c.mp4", {b"stsd": replaced(b"stsd", 12, b"hev1")})
    assert read(hev1).video.codec == "hevc"
    assert read(hev1).video.time_base == Fraction(1, 10240)
