import datetime as dt
import struct
import threading
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from camtool.core.ledger import Compared, PacketRow
from camtool.core.model import Span
from camtool.errors import ProofFailed, SourceChanged, Unplayable
from camtool.media.cut import make_clip
from camtool.media.cut_check import read_back
from camtool.media.cut_plan import Piece, plan_clip
from camtool.media.cut_sink import Sink, takes
from camtool.media.cut_sound import choose_wrapping
from camtool.media.cut_track import DecodingOrder, Track
from camtool.media.cut_write import write_clip
from camtool.media.hash import Stopped, sha256_of
from camtool.media.packets import Group, groups, read_source
from camtool.media.sameness import common_sha256, find_in_file, read_at, without_adts
from tests.makers.damage import cut_fraction
from tests.makers.dhav import write_dav
from tests.makers.program_stream import write_mpeg_ps
from tests.makers.rows import framehash, row, span
from tests.makers.rows import sha256_of as judge_sha256
from tests.makers.video import write_mp4, write_video


def pieces(file: Path, wanted: Span, **more) -> list[Piece]:
    return plan_clip([row(file, **more)], lambda recording: file, wanted, str).pieces


class Cut:
    """A clip that was written but not yet read back."""

    def __init__(self, folder: Path, **more) -> None:
        self.source = write_mp4(folder / "a.mp4", seconds=4, fps=10, gop=10, **more)
        self.pieces = pieces(self.source, span(1, 3))
        self.clip = folder / "c.mp4"
        self.clip.touch()
        self.tracks: list[Track] = write_clip(self.pieces, choose_wrapping(self.pieces, ".mp4"), self.clip)

    def rows(self) -> list[PacketRow]:
        found: list[PacketRow] = []
        read_back(self.clip, self.tracks, [piece.source for piece in self.pieces], found.extend)
        return found

    def fails(self, words: str) -> None:
        with pytest.raises(ProofFailed) as raised:
            self.rows()
        assert words in str(raised.value)


@pytest.fixture
def made(tmp_path: Path) -> Cut:
    return Cut(tmp_path, bframes=2, audio="aac")


def test_rows_are_what_ffmpeg_says_of_the_clip(made):
    rows = made.rows()
    for number, stream in enumerate(("0:v", "0:a")):
        assert [each.sha256 for each in rows if each.stream == number] == framehash(made.clip, stream)
    video = [each for each in rows if each.stream == 0]
    assert [each.packet for each in video] == list(range(10, 30))
    data = made.source.read_bytes()
    for each in rows:
        assert each.pos_bytes is not None
        here = data[each.pos_bytes : each.pos_bytes + each.source_bytes]
        assert common_sha256(here, Compared.BYTES, made.tracks[0].framing).hex() == each.sha256 == each.common_sha256


def test_a_byte_that_did_not_come_back(made):
    with av.open(str(made.clip)) as container:
        pos = [packet.pos for packet in container.demux(container.streams.video[0]) if packet.size][7]
    data = bytearray(made.clip.read_bytes())
    data[(pos or 0) + 9] ^= 1
    made.clip.write_bytes(data)
    made.fails("video packet 7 is not what its source holds")


def test_a_source_that_changed_meanwhile(made):
    data = bytearray(made.source.read_bytes())
    data[made.tracks[0].pos[3] + 9] ^= 1
    made.source.write_bytes(data)
    made.fails("video packet 3 is not what its source holds")


def test_packets_that_did_not_come_back(made):
    for column in ("pos", "size", "pts", "shown"):
        getattr(made.tracks[0], column).append(0)
    made.tracks[0].key.append(0)
    made.tracks[0].common.append(b"")
    made.fails("20 of 21 video packets are shown")


def test_packets_too_many(made):
    for column in ("pos", "size", "pts", "shown", "key", "common"):
        getattr(made.tracks[1], column).pop()
    made.fails("more than the")


def test_a_keyframe_mark(made):
    made.tracks[0].key[4] ^= 1
    made.fails("video packet 4 changed its keyframe mark")


def test_pictures_hidden_by_an_edit_list(made):
    data = bytearray(made.clip.read_bytes())
    at = data.index(b"elst") + 12
    duration, media_time = struct.unpack_from(">II", data, at)
    struct.pack_into(">II", data, at, duration // 2, media_time + 6400)
    made.clip.write_bytes(data)
    made.fails("")


def test_pictures_and_sound_at_other_times(made):
    shown = made.tracks[0].shown[5]
    made.tracks[0].shown[5] = shown + 1
    made.fails("video is shown")
    made.tracks[0].shown[5] = shown
    for number in range(len(made.tracks[1])):
        made.tracks[1].shown[number] += 16
    made.fails("audio is shown")


def test_a_stream_that_did_not_come_back(made):
    made.tracks[1].codec = "mp3"
    made.fails("the mp3 stream did not come back")


def test_a_clip_that_cannot_be_opened(made):
    made.clip.write_bytes(b"nothing")
    made.fails("")


def test_a_recording_that_lost_pictures_since_it_was_planned(tmp_path):
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, fps=10, gop=10)
    clip = write_dav(tmp_path / "a.dav", plain, dt.datetime(2026, 11, 23, 18))
    planned = pieces(clip, span(0, 4))
    cut_fraction(clip, clip, 0.5)
    target = tmp_path / "c.mp4"
    target.touch()
    with pytest.raises(Unplayable, match="fewer pictures"):
        write_clip(planned, choose_wrapping(planned, ".mp4"), target)


def test_a_picture_format_that_changes_inside_a_file(tmp_path):
    plain = write_mp4(tmp_path / "a.mp4", seconds=2, fps=10, gop=10)
    other = write_mp4(tmp_path / "b.mp4", seconds=2, fps=10, gop=10, bframes=3)
    first = write_dav(tmp_path / "a.dav", plain, dt.datetime(2026, 11, 23, 18))
    second = write_dav(tmp_path / "b.dav", other, dt.datetime(2026, 11, 23, 18, 0, 2))
    first.write_bytes(first.read_bytes() + second.read_bytes())
    planned = pieces(first, span(0, 4))
    target = tmp_path / "c.mp4"
    target.touch()
    with pytest.raises(Unplayable, match="changes inside the file"):
        write_clip(planned, choose_wrapping(planned, ".mp4"), target)


def test_a_source_touched_while_it_was_read(tmp_path, made):
    target = tmp_path / "d.mp4"
    target.touch()
    stale = [replace(piece, source=replace(piece.source, mtime_ns=1)) for piece in made.pieces]
    with pytest.raises(SourceChanged) as raised:
        make_clip(stale, choose_wrapping(stale, ".mp4"), target, lambda rows: None)
    assert str(raised.value.facts["expected"]).endswith("mtime 1 ns")


def numbers(found: list[Group]) -> list[tuple[int, int]]:
    return [(group.first, group.packets) for group in found]


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".ts", ".avi", ".dav", ".mpg"])
def test_groups_from_anywhere(tmp_path, suffix):
    plain = write_mp4(tmp_path / "plain.mp4", seconds=4, fps=10, gop=10)
    if suffix == ".dav":
        clip = write_dav(tmp_path / "a.dav", plain, dt.datetime(2026, 11, 23, 18))
    elif suffix == ".mpg":
        clip = write_mpeg_ps(tmp_path / "a.mpg", plain)
    else:
        clip = write_video(tmp_path / f"a{suffix}", seconds=4, fps=10, gop=10)
    source = read_source(clip)
    assert source.indexed == (suffix in {".mp4", ".mov"})
    every = list(groups(source, source.origin_pts))
    assert numbers(every) == [(0, 10), (10, 10), (20, 10), (30, 10)]
    for number, group in enumerate(every):
        assert group.key
        assert group.whole
        assert group.reorder == 0
        assert source.place_us(group.key_pts) == pytest.approx(number * 1_000_000, abs=1000)
        assert source.place_us(group.end_pts) == pytest.approx((number + 1) * 1_000_000, abs=41_000)
        assert list(groups(source, group.key_pts)) == every[number:]
        assert list(groups(source, group.key_pts - 1)) == every[max(0, number - 1) :]
    assert list(groups(source, every[-1].end_pts * 2)) == every[-1:]


@pytest.mark.parametrize(("codec", "leading"), [("libx264", False), ("libx265", True)])
def test_pictures_that_lead_their_keyframe(tmp_path, codec, leading):
    source = read_source(write_mp4(tmp_path / "a.mp4", seconds=6, fps=10, gop=10, bframes=3, codec=codec))
    every = list(groups(source, source.origin_pts))
    assert sum(group.packets for group in every) == 60
    assert every[0].low_pts == every[0].key_pts
    assert any(group.low_pts < group.key_pts for group in every[1:]) == leading
    assert max(group.reorder for group in every) >= 1
    for group in every:
        assert next(groups(source, group.key_pts)) == group


def test_a_hidden_beginning_is_seen(tmp_path):
    """A source whose edit list hides pictures: they are in it, so they can be cut."""
    clip = write_mp4(tmp_path / "a.mp4", seconds=4, fps=10, gop=10, bframes=2)
    data = bytearray(clip.read_bytes())
    at = data.index(b"elst") + 12
    duration, media_time = struct.unpack_from(">II", data, at)
    ticks = 12_800 if duration > 4000 else 10_240
    struct.pack_into(">II", data, at, duration - 1500, media_time + ticks * 3 // 2)
    clip.write_bytes(data)
    with av.open(str(clip)) as container:
        assert sum(1 for packet in container.demux(container.streams.video[0]) if packet.size) < 40
    source = read_source(clip)
    assert sum(group.packets for group in groups(source, source.origin_pts)) == 40


def test_a_file_that_breaks_off(tmp_path):
    clip = cut_fraction(write_mp4(tmp_path / "b.mp4", seconds=8, fps=10, gop=10), tmp_path / "a.mp4", 0.6)
    source = read_source(clip)
    every = list(groups(source, source.origin_pts))
    assert [group.whole for group in every] == [*[True] * (len(every) - 1), False]
    assert list(groups(source, every[-1].end_pts * 5)) == every[-1:]


@pytest.mark.parametrize("content", [b"", b"text", b"\0" * 5000, b"#EXTM3U\nfile:///etc/passwd\n"])
def test_no_recording(tmp_path, content):
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(Unplayable):
        read_source(tmp_path / "a.mp4")


def test_a_recording_of_sound_alone(tmp_path):
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        sound = container.add_stream("aac", rate=16000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 16000, 0
        container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    with pytest.raises(Unplayable, match="no picture"):
        read_source(tmp_path / "a.mp4")


def test_decoding_times_for_pictures_without():
    """Decoded I0 P4 b2 B1 B3: two are held back, so decoding runs two pictures ahead of showing."""
    order = DecodingOrder(2, 0, 1)
    shown = [0, 4, 2, 1, 3, 8, 6, 5, 7]
    decoded = [order.dts(pts) for pts in shown]
    assert decoded == [-2, -1, 0, 1, 2, 3, 4, 5, 6]
    assert all(dts <= pts for dts, pts in zip(decoded, shown, strict=True))


def test_adts_headers():
    assert without_adts(b"\xff\xf1\x50\x80\x02\x1f\xfc" + b"data") == b"data"
    assert without_adts(b"\xff\xf0\x50\x80\x02\x1f\xfc\1\2" + b"data") == b"data"
    assert without_adts(b"raw data of AAC") == b"raw data of AAC"
    assert without_adts(b"\xff") == b"\xff"


def test_where_a_packet_lies(tmp_path):
    import os

    clip = write_video(tmp_path / "a.mkv", seconds=2, fps=10, audio="aac")
    fd = os.open(clip, os.O_RDONLY)
    with av.open(str(clip)) as container:
        for packet in container.demux():
            if packet.size:
                at = find_in_file(fd, packet)
                assert at is not None
                assert read_at(fd, packet.size, at) == bytes(packet)
        loose = av.Packet(b"not in the file")
        assert find_in_file(fd, loose) is None
    os.close(fd)


def test_what_fits_into_what(tmp_path):
    clip = write_video(tmp_path / "a.mov", seconds=1, audio="pcm_alaw")
    with av.open(str(clip)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert [takes("mp4", picture), takes("matroska", picture)] == [True, True]
        assert [takes("mp4", sound), takes("matroska", sound)] == [False, True]


def test_a_sink_keeps_the_first_error(tmp_path, monkeypatch):
    import os

    (tmp_path / "a").touch()
    sink = Sink(tmp_path / "a")
    assert sink.write(b"123") == 3
    assert (sink.tell(), sink.seek(1)) == (3, 1)

    def full(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        sink.write(b"4")
    monkeypatch.undo()
    with pytest.raises(OSError, match="No space"):
        sink.write(b"5")
    with pytest.raises(OSError, match="No space"):
        sink.close()
    assert (tmp_path / "a").read_bytes() == b"123"


def test_hashing_a_part_and_being_called_off(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(b"x" * 3_000_000)
    assert sha256_of(file) == judge_sha256(file)
    part = tmp_path / "b"
    part.write_bytes(b"x" * 1_500_000)
    assert sha256_of(file, upto_bytes=1_500_000) == judge_sha256(part)
    assert sha256_of(part, upto_bytes=9_999_999) == judge_sha256(part)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        sha256_of(file, stop=stop)
