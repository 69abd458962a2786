import datetime as dt
import os
import struct
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camtool.media.boxes import Mp4, read_mp4
from camtool.media.boxes_read import MOST_BOXES, BoxSource
from tests.makers import boxes as make
from tests.makers.damage import box_at, cut_bytes, cut_fraction, with_64bit_mdat, with_box_size
from tests.makers.video import write_mp4
from tests.media.walking import walk, walk_bytes


def facts(mp4: Mp4) -> tuple[object, ...]:
    video, audio = mp4.video, mp4.audio
    assert video is not None
    return (
        video.codec,
        video.width_px,
        video.height_px,
        audio.codec if audio else None,
        mp4.media_us,
        mp4.playable_us,
        mp4.frames,
        mp4.rate,
        mp4.expected_bytes,
        mp4.broken_at,
    )


@pytest.mark.parametrize("faststart", [True, False])
@pytest.mark.parametrize("bframes", [0, 2])
@pytest.mark.parametrize("codec", ["libx264", "libx265", "mpeg4", "mjpeg"])
def test_whole_file(tmp_path: Path, faststart: bool, bframes: int, codec: str) -> None:
    bframes = 0 if codec == "mjpeg" else bframes
    path = write_mp4(
        tmp_path / "a.mp4", seconds=3, fps=8, size=(160, 96), faststart=faststart, bframes=bframes, codec=codec
    )
    name = {"libx264": "h264", "libx265": "hevc"}.get(codec, codec)
    assert facts(walk(path)) == (name, 160, 96, None, 3_000_000, 3_000_000, 24, Fraction(8), None, None)


@pytest.mark.parametrize(
    ("sound", "name", "suffix"),
    [
        ("aac", "aac", ".mp4"),
        ("ac3", "ac3", ".mp4"),
        ("mp2", "mp3", ".mp4"),  # MP4 has one object type for MPEG layers 1 to 3
        ("aac", "aac", ".mov"),
        ("pcm_alaw", "pcm_alaw", ".mov"),
        ("pcm_mulaw", "pcm_mulaw", ".mov"),
        ("pcm_s16le", "pcm_s16le", ".mov"),
    ],
)
def test_sound(tmp_path: Path, sound: str, name: str, suffix: str) -> None:
    mp4 = walk(write_mp4(tmp_path / f"a{suffix}", seconds=1, audio=sound))
    assert mp4.audio is not None
    assert mp4.audio.codec == name


def test_odd_rates_stay_exact(tmp_path: Path) -> None:
    mp4 = walk(write_mp4(tmp_path / "a.mp4", seconds=2, fps=Fraction(30000, 1001)))
    assert (mp4.frames, mp4.rate, mp4.media_us) == (60, Fraction(30000, 1001), 2_002_000)


def test_created(tmp_path: Path) -> None:
    when = dt.datetime(2026, 11, 23, 18, 30, tzinfo=dt.UTC)
    mp4 = walk(write_mp4(tmp_path / "a.mp4", created=when))
    assert mp4.movie is not None
    assert mp4.movie.created_unix_s == when.timestamp()


@pytest.mark.parametrize(
    ("created", "version", "expected"),
    [
        (0, 0, None),
        (0, 1, None),
        (2_082_844_800 + 5, 0, 5),
        (1_700_000_000, 0, 1_700_000_000),  # counted from 1970
        (2_082_844_800 + 1_700_000_000, 1, 1_700_000_000),
        (1 << 60, 1, None),
    ],
)
def test_created_of_other_writers(tmp_path: Path, created: int, version: int, expected: int | None) -> None:
    table = make.sample_table(durations=[(4, 250)], chunks=[(1, 4)], sizes=[1, 1, 1, 1], offsets=[20])
    mp4 = walk_bytes(tmp_path, make.FTYP, make.movie(make.track(table), version=version, created=created))
    assert mp4.movie is not None
    assert mp4.movie.created_unix_s == expected


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize(
    ("stated", "durations", "media_us"),
    [
        (1000, [(4, 250)], 1_000_000),
        (0, [(3, 250), (1, 300)], 1_050_000),
        (None, [(4, 250)], 1_000_000),  # all bits set: not known
        (1080, [(4, 250)], 1_000_000),  # more than there is, as in some variable-rate files
        (900, [(4, 250)], 900_000),
        (800, [], 800_000),
    ],
)
def test_lengths(
    tmp_path: Path, version: int, stated: int | None, durations: list[tuple[int, int]], media_us: int
) -> None:
    ticks = (1 << (64 if version else 32)) - 1 if stated is None else stated
    table = make.sample_table(durations=durations, chunks=[(1, 4)], sizes=[1, 1, 1, 1], offsets=[20])
    mp4 = walk_bytes(tmp_path, make.FTYP, make.movie(make.track(table, version=version, ticks=ticks)))
    assert mp4.media_us == mp4.playable_us == media_us
    assert mp4.rate == Fraction(4_000_000, media_us)


def test_absurd_length_is_none(tmp_path: Path) -> None:
    table = make.sample_table(chunks=[(1, 4)], sizes=[1, 1, 1, 1], offsets=[20])
    mp4 = walk_bytes(tmp_path, make.FTYP, make.movie(make.track(table, version=1, ticks=1 << 62)))
    assert (mp4.media_us, mp4.rate, mp4.frames) == (None, None, 4)


@pytest.mark.parametrize(
    ("entry", "codec"),
    [
        (make.picture_entry(b"avc3"), "h264"),
        (make.picture_entry(b"hev1"), "hevc"),
        (make.picture_entry(b"av01"), "av1"),
        (make.picture_entry(b"vp09"), "vp9"),
        (make.picture_entry(b"jpeg"), "mjpeg"),
        (make.picture_entry(b"mp4v"), "mpeg4"),
        (make.picture_entry(b"mp4v", extra=make.esds(0x6C)), "mjpeg"),
        (make.picture_entry(b"mp4v", extra=make.esds(0x61, flags=0xE0)), "mpeg2video"),
        (make.picture_entry(b"mp4v", extra=make.box(b"wave", make.esds(0x6A))), "mpeg1video"),
        (make.picture_entry(b"mp4v", extra=make.full(b"esds", 0, 0, b"\x03\x80\x80")), "mpeg4"),
        (make.picture_entry(b"mp4v", extra=make.full(b"esds", 0, 0)), "mpeg4"),
        (make.picture_entry(b"wxyz"), "wxyz"),
    ],
)
def test_codecs(tmp_path: Path, entry: bytes, codec: str) -> None:
    table = make.sample_table(entry=entry, durations=[(4, 250)], chunks=[(1, 4)], sizes=[1] * 4, offsets=[20])
    mp4 = walk_bytes(tmp_path, make.FTYP, make.movie(make.track(table)))
    assert mp4.video is not None
    assert (mp4.video.codec, mp4.video.width_px, mp4.video.height_px) == (codec, 640, 360)


def test_edit_list_and_first_track_of_a_kind(tmp_path: Path) -> None:
    assert [t.edited for t in _movie(walk(write_mp4(tmp_path / "b.mp4", bframes=2))).tracks] == [True]
    table = make.sample_table(durations=[(4, 250)], chunks=[(1, 4)], sizes=[1] * 4, offsets=[20])
    sound = make.track(make.sample_table(entry=make.sound_entry(b"alaw")), handler=b"soun", track_id=1)
    mp4 = walk_bytes(
        tmp_path, make.FTYP, make.movie(sound, make.track(table, track_id=2), make.track(table, track_id=3))
    )
    assert mp4.video is not None
    assert mp4.audio is not None
    assert (mp4.video.id, mp4.audio.codec) == (2, "pcm_alaw")


def _movie(mp4: Mp4):
    assert mp4.movie is not None
    return mp4.movie


# ---- breaks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bframes", [0, 2])
def test_cut_at_60_percent_with_the_index_in_front(tmp_path: Path, bframes: int) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=6, fps=10, bframes=bframes, audio="aac")
    cut = cut_fraction(source, tmp_path / "cut.mp4", 0.6)
    present_bytes = cut.stat().st_size
    mp4 = walk(cut)
    assert mp4.expected_bytes == source.stat().st_size
    assert mp4.media_us == 6_000_000
    with av.open(str(source)) as container:
        entries = container.streams.video[0].index_entries
        ends = [entries[i].pos + entries[i].size for i in range(len(entries))]
    whole = next(i for i, end in enumerate(ends) if end > present_bytes)
    assert 0 < whole < 60
    assert mp4.playable_us == whole * 100_000


def test_cut_in_the_last_byte(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=2)
    mp4 = walk(cut_bytes(source, tmp_path / "cut.mp4", -1))
    assert (mp4.expected_bytes, mp4.playable_us) == (source.stat().st_size, 1_900_000)


def test_cut_with_the_index_at_the_end(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", faststart=False, seconds=4)
    mp4 = walk(cut_fraction(source, tmp_path / "cut.mp4", 0.6))
    assert mp4.movie is None
    assert mp4.has_data


def test_cut_between_index_and_data(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=2)
    at, size = box_at(source.read_bytes(), b"moov")
    for keep_bytes in (at + size, at + size + 3, at + size + 8, at + size + 14):
        mp4 = walk(cut_bytes(source, tmp_path / "cut.mp4", keep_bytes))
        assert mp4.expected_bytes is not None
        assert mp4.expected_bytes > keep_bytes
        assert (mp4.media_us, mp4.playable_us) == (2_000_000, 0)


def test_cut_inside_the_index(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=2, faststart=False)
    size = source.stat().st_size
    mp4 = walk(cut_bytes(source, tmp_path / "cut.mp4", -150))  # the tables are lost, the head of moov is there
    assert mp4.expected_bytes == size
    assert mp4.video is not None
    assert (mp4.media_us, mp4.playable_us) == (2_000_000, 0)
    mp4 = walk(cut_bytes(source, tmp_path / "cut.mp4", -10))  # only the metadata behind the tables is lost
    assert (mp4.expected_bytes, mp4.playable_us) == (size, 2_000_000)
    with av.open(str(tmp_path / "cut.mp4")) as container:
        assert sum(packet.size > 0 for packet in container.demux(video=0)) == 20


@pytest.mark.parametrize("wide_offsets", [False, True])
@pytest.mark.parametrize(
    ("sizes", "each_bytes"), [([10, 20, 30, 40, 50, 60], 0), ([], 35)], ids=["sizes of their own", "one size"]
)
def test_samples_that_are_there(tmp_path: Path, wide_offsets: bool, sizes: list[int], each_bytes: int) -> None:
    """Chunks of 2, 2, 1 and 1 samples, one behind the other."""
    lengths = sizes or [each_bytes] * 6

    def moov(start: int) -> bytes:
        firsts = [0, sum(lengths[:2]), sum(lengths[:4]), sum(lengths[:5])]
        table = make.sample_table(
            durations=[(2, 100), (4, 200)],
            chunks=[(1, 2), (3, 1)],
            sizes=sizes,
            each_bytes=each_bytes,
            count=6,
            offsets=[start + first for first in firsts],
            wide_offsets=wide_offsets,
        )
        return make.FTYP + make.movie(make.track(table, ticks=1000))

    start = len(moov(0)) + 8
    path = tmp_path / "a.mp4"
    path.write_bytes(moov(start) + make.box(b"mdat", bytes(210)))
    assert walk(path).playable_us == 1_000_000
    for kept in range(210):
        whole = sum(sum(lengths[: n + 1]) <= kept for n in range(6))
        mp4 = walk(path, start + kept)
        assert mp4.playable_us == [0, 100_000, 200_000, 400_000, 600_000, 800_000][whole], kept
        assert mp4.expected_bytes == start + 210


def test_chunk_behind_the_end_of_the_file(tmp_path: Path) -> None:
    """Every box is whole, but the index names data that no box holds."""
    table = make.sample_table(
        durations=[(2, 100)], chunks=[(1, 1)], sizes=[10, 10], offsets=[0, 5000], wide_offsets=True
    )
    mp4 = walk_bytes(tmp_path, make.FTYP, make.movie(make.track(table)), make.box(b"mdat", bytes(10)))
    assert (mp4.expected_bytes, mp4.playable_us) == (5010, 100_000)
    table = make.sample_table(durations=[(2, 100)], chunks=[(1, 1)], count=2, offsets=[0, 5000])
    mp4 = walk_bytes(tmp_path, make.FTYP, make.movie(make.track(table)), make.box(b"mdat", bytes(10)))
    assert (mp4.expected_bytes, mp4.playable_us) == (5001, 100_000)


def test_nothing_damaged_plays_longer_than_the_whole(tmp_path: Path) -> None:
    table = make.sample_table(durations=[(2, 10**9)], chunks=[(1, 1)], sizes=[10, 10], offsets=[0, 5000])
    mp4 = walk_bytes(tmp_path, make.FTYP, make.movie(make.track(table, ticks=900)), make.box(b"mdat", bytes(10)))
    assert (mp4.media_us, mp4.playable_us) == (900_000, 900_000)


def test_sizes_of_boxes(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=2, faststart=False)
    good = facts(walk(source))
    assert facts(walk(with_64bit_mdat(source, tmp_path / "b.mp4"))) == good
    front = write_mp4(tmp_path / "f.mp4", seconds=2)
    assert facts(walk(with_box_size(front, tmp_path / "b.mp4", b"mdat", 0))) == good  # to the end of the file
    for kind, size in ((b"mdat", 0), (b"mdat", 40), (b"mdat", 7), (b"mdat", 0x7FFF_FFFF), (b"ftyp", 0xFFFF_FFFF)):
        assert walk(with_box_size(source, tmp_path / "b.mp4", kind, size)).movie is None, (kind, size)


def test_data_beyond_4_gib(tmp_path: Path) -> None:
    data_bytes = 5 << 30
    start = len(make.FTYP) + 16
    table = make.sample_table(
        durations=[(2, 500)], chunks=[(1, 1)], sizes=[9, 9], offsets=[start, start + data_bytes - 9], wide_offsets=True
    )
    path = tmp_path / "big.mp4"
    with path.open("wb") as file:
        file.write(make.FTYP + struct.pack(">I4sQ", 1, b"mdat", data_bytes + 16))
        file.seek(data_bytes, os.SEEK_CUR)  # a hole: takes no room
        file.write(make.movie(make.track(table, ticks=1000)))
    mp4 = walk(path)
    assert (mp4.media_us, mp4.playable_us, mp4.expected_bytes) == (1_000_000, 1_000_000, None)
    assert walk(path, data_bytes).movie is None


@pytest.mark.parametrize("rest", [b"\0" * 4096, b"\0" * 5, b"noise" * 20, b"xyz"])
def test_what_stands_behind_a_whole_file_does_not_matter(tmp_path: Path, rest: bytes) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=1)
    path = tmp_path / "b.mp4"
    path.write_bytes(source.read_bytes() + rest)
    mp4 = walk(path)
    assert (mp4.media_us, mp4.playable_us, mp4.expected_bytes) == (1_000_000, 1_000_000, None)


# ---- nothing hangs --------------------------------------------------------------------------------------------


def test_endless_boxes(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(make.FTYP + make.box(b"free") * (MOST_BOXES + 1))
    assert walk(path).endless


def test_a_file_that_shrank_since_its_size_was_seen(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "a.mp4", faststart=False)
    size = path.stat().st_size
    cut = cut_bytes(path, tmp_path / "cut.mp4", -100)
    assert walk(cut, size).video is not None  # what is there of the index
    assert walk(cut_fraction(path, tmp_path / "cut.mp4", 0.5), size).movie is None


def test_header_of_16_bytes_cut_in_two(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", faststart=False)
    wide = with_64bit_mdat(source, tmp_path / "b.mp4")
    at, _ = box_at(wide.read_bytes(), b"mdat")
    for keep_bytes in range(at + 8, at + 16):
        assert walk(wide, keep_bytes).expected_bytes == at + 16
    (tmp_path / "c.mp4").write_bytes(make.FTYP + struct.pack(">I4sQ", 1, b"mdat", 15) + bytes(40))
    assert walk(tmp_path / "c.mp4").broken_at == len(make.FTYP)


def test_tables_that_lie(tmp_path: Path) -> None:
    """Runs of chunks that go back, counts beyond their boxes, billions of samples."""
    for table in (
        make.sample_table(durations=[(2**32 - 1, 1)], chunks=[(1, 0)] * 50, count=2**32 - 1, offsets=[9999] * 50),
        make.sample_table(chunks=[(1, 2**32 - 1), (1, 1)], each_bytes=1, count=2**32 - 1, offsets=[20, 9999]),
        make.sample_table(chunks=[(0, 1), (2**32 - 1, 1)], sizes=[2**32 - 1] * 3, offsets=[1, 2**32 - 1]),
        make.sample_table(chunks=[(1, 4)], sizes=[1], count=9, offsets=[30]),
        make.sample_table(chunks=[(1, 0)], sizes=[1], offsets=[30, 9999]),
    ):
        mp4 = walk_bytes(tmp_path, make.FTYP, make.movie(make.track(table)), make.box(b"mdat", bytes(50)))
        assert mp4.playable_us is not None
        assert mp4.playable_us >= 0


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("seeds")
    paths = (
        write_mp4(folder / "a.mp4", seconds=1, audio="aac"),
        write_mp4(folder / "b.mp4", seconds=1, faststart=False, codec="mpeg4"),
        write_mp4(folder / "c.mp4", seconds=2, fragmented=True, audio="aac"),
    )
    return [path.read_bytes() for path in paths]


@settings(max_examples=400)
@given(data=st.data())
def test_mutated_files_never_raise(seeds: list[bytes], data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(seeds)))
    headers = [at - 4 for at in range(4, len(content) - 4) if content[at : at + 4].isalpha()]
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.sampled_from(headers) | st.integers(0, len(content) - 4))
        number = data.draw(st.sampled_from([0, 1, 7, 8, 9, 16, 2**31, 2**32 - 1]) | st.integers(0, 2**32 - 1))
        struct.pack_into(">I", content, at, number)
    kept = bytes(content[: data.draw(st.just(len(content)) | st.integers(0, len(content)))])
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(kept)
        mp4 = read_mp4(BoxSource(file.fileno(), len(kept)))
    for number_of in (mp4.media_us, mp4.playable_us, mp4.frames, mp4.expected_bytes):
        assert number_of is None or 0 <= number_of < 2**63
    if mp4.expected_bytes is not None:
        assert mp4.expected_bytes >= len(kept)
