import datetime as dt
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from camtool.media.sniff import HEAD_BYTES, UNKNOWN_TO_US, VIDEO, sniff
from tests.makers.dhav import write_dav
from tests.makers.program_stream import write_mpeg_ps
from tests.makers.video import write_mp4, write_video


def head(path: Path) -> bytes:
    return path.read_bytes()[:HEAD_BYTES]


@pytest.mark.parametrize(
    ("name", "codec", "expected"),
    [
        ("a.mp4", "libx264", "mp4"),
        ("a.mov", "libx264", "mp4"),
        ("a.mkv", "libx264", "matroska"),
        ("a.webm", "libvpx-vp9", "matroska"),
        ("a.ts", "libx264", "mpeg-ts"),
        ("a.avi", "libx264", "avi"),
        ("a.flv", "libx264", "flv"),
        ("a.asf", "mpeg4", "asf"),
        ("a.mpg", "mpeg2video", "mpeg-ps"),
        ("a.264", "libx264", "h264"),
        ("a.265", "libx265", "hevc"),
        ("a.m2v", "mpeg2video", "mpeg-video"),
        ("a.m4v", "libx264", "mp4"),
    ],
)
def test_written_by_libav(tmp_path: Path, name: str, codec: str, expected: str) -> None:
    content = head(write_video(tmp_path / name, seconds=1, codec=codec))
    assert sniff(content) == expected
    assert expected in VIDEO
    if expected != "mpeg-ts":
        assert sniff(content[:64]) == expected


def test_m2ts_has_a_stamp_before_each_packet(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.m2ts", container_options={"mpegts_m2ts_mode": "1"})
    assert head(path)[0] != 0x47
    assert sniff(head(path)) == "mpeg-ts"


def test_recorders(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=1)
    start = dt.datetime(2026, 11, 23)
    assert sniff(head(write_dav(tmp_path / "a.dav", source, start))) == "dhav"
    assert sniff(head(write_dav(tmp_path / "b.dav", source, start, preamble=True))) == "dhav"
    assert sniff(head(write_mpeg_ps(tmp_path / "c.mp4", source))) == "mpeg-ps"
    assert sniff(head(write_mpeg_ps(tmp_path / "d.mp4", source, imkh=True))) == "hikvision-ps"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"HXVS\x00\x05\x00\x00", "hxvs"),
        (b"4HKH" + bytes(60), "4hkh"),
        (b"\0\0\1\xbb\0\x0c", "mpeg-ps"),
        (b"\0\0\1\xe0\0\x0c", "mpeg-ps"),
        (b"\0\0\1\xba\x21\0\0\0", "mpeg-ps"),
        (b"\0\0\1\xba\x81\0\0\0", None),
        (b"\0\0\0\1\x67\x64", "h264"),
        (b"\0\0\1\x09\xf0", "h264"),
        (b"\0\0\0\1\x40\x01", "hevc"),
        (b"\0\0\0\1\x46\x01", "hevc"),
        (b"\0\0\0\1\x02\x64", None),
        (b"\0\0\1\xb0\x01\0\0\1\xb5", "mpeg4-video"),
        (b"\0\0\0\1", None),
        (struct.pack(">I4s", 1, b"mdat"), "mp4"),
        (struct.pack(">I4s", 0, b"mdat"), "mp4"),
        (struct.pack(">I4s", 5, b"mdat"), None),
        (struct.pack(">I4s4s", 24, b"ftyp", b"heic"), "heif"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"RIFF\0\0\0\0????", None),
        (b"%PDF-1.7\n", "pdf"),
        (b"SQLite format 3\0", "sqlite"),
        (b"MZ\x90\0", "exe"),
        (b"hello\n", "text"),
        ("Cổng làng, đường chính\r\n".encode(), "text"),
        ("Cổng".encode()[:-3], "text"),
        ("xin chào".encode("utf-16"), "text"),
        (b"caf\xe9 au lait", None),
        (b"\0" * 512, "zeros"),
        (b"\x47" + bytes(187), None),
        (b"\x47" * 3, "text"),
        (b"abc\0def", None),
        (b"", None),
        (b"\x01", None),
    ],
)
def test_signatures(content: bytes, expected: str | None) -> None:
    assert sniff(content) == expected


def test_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.mp4", "w") as archive:
        archive.writestr("a", "b")
    assert sniff(head(tmp_path / "a.mp4")) == "zip"


@given(st.binary(max_size=600) | st.binary(max_size=40).map(lambda tail: b"\0\0\1" + tail))
@example(b"\xf0\x9f\x9a")
@example(b"\xf0\x9f\x9a\x97"[:3] * 2)
def test_any_bytes_get_an_answer(content: bytes) -> None:
    found = sniff(content)
    assert found is None or found.isascii()
    assert not VIDEO & UNKNOWN_TO_US
