"""The builders themselves: every frame is there, in order, in each container."""

import datetime as dt
from pathlib import Path
from typing import Any

import av
import pytest

from tests.makers.damage import cut_bytes, cut_fraction, top_boxes, with_64bit_mdat, with_box_size, without_box
from tests.makers.dhav import write_dav
from tests.makers.program_stream import IMKH, write_mpeg_ps
from tests.makers.video import annexb_packets, picture, read_number, write_mp4, write_video


def numbers(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [read_number(frame.to_ndarray(format="bgr24")) for frame in container.decode(container.streams.video[0])]


@pytest.mark.parametrize("number", [0, 1, 77, 0xAAAA, 0xFFFF])
def test_picture_says_its_number(number: int) -> None:
    assert read_number(picture(number)) == number


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp4", {}),
        ("end.mp4", {"audio": "aac", "container_options": {"movflags": "+negative_cts_offsets"}}),
        ("b.mp4", {"bframes": 2}),
        ("h.mp4", {"codec": "libx265"}),
        ("a.mov", {"audio": "pcm_alaw"}),
        ("a.mkv", {"audio": "pcm_s16le"}),
        ("a.ts", {"audio": "aac"}),
        ("a.avi", {"audio": "pcm_mulaw"}),
        ("a.flv", {"audio": "aac"}),
        ("a.mpg", {"codec": "mpeg2video", "audio": "mp2"}),
    ],
)
def test_every_frame_of_each_container(tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    assert numbers(write_video(tmp_path / name, first=100, **options)) == list(range(100, 120))


def test_layouts_of_mp4(tmp_path: Path) -> None:
    def kinds(path: Path) -> list[bytes]:
        return [kind for kind, _, _ in top_boxes(path.read_bytes())]

    assert kinds(write_mp4(tmp_path / "a.mp4")) == [b"ftyp", b"moov", b"free", b"mdat"]
    assert kinds(write_mp4(tmp_path / "b.mp4", faststart=False)) == [b"ftyp", b"free", b"mdat", b"moov"]
    parts = kinds(write_mp4(tmp_path / "c.mp4", seconds=3, fragmented=True))
    assert parts == [b"ftyp", b"moov", *[b"moof", b"mdat"] * 3, b"mfra"]


def test_packets_are_annexb_and_keyed(tmp_path: Path) -> None:
    packets = annexb_packets(write_mp4(tmp_path / "a.mp4", seconds=2, fps=10, gop=5))
    assert [packet.pts_us for packet in packets] == list(range(0, 2_000_000, 100_000))
    assert [i for i, packet in enumerate(packets) if packet.key] == [0, 5, 10, 15]
    assert all(packet.data.startswith((b"\0\0\0\1", b"\0\0\1")) for packet in packets)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("sound", [False, True])
def test_recorder_containers(tmp_path: Path, codec: str, sound: bool) -> None:
    source = write_mp4(tmp_path / "a.mp4", codec="libx264" if codec == "h264" else "libx265")
    start = dt.datetime(2026, 11, 23, 18, 30, 5)
    plain = write_dav(tmp_path / "a.dav", source, start, codec=codec, sound=sound)
    exported = write_dav(tmp_path / "b.dav", source, start, codec=codec, sound=sound, preamble=True)
    stream = write_mpeg_ps(tmp_path / "a.mpg", source, codec=codec, sound=sound, end_code=True)
    hikvision = write_mpeg_ps(tmp_path / "hik.mp4", source, codec=codec, sound=sound, imkh=True)
    assert hikvision.read_bytes().startswith(IMKH)
    for path in (plain, exported, stream, hikvision):
        assert numbers(path) == list(range(20)), path.name
        with av.open(str(path)) as container:
            assert [s.codec_context.name for s in container.streams.audio] == (["pcm_alaw"] if sound else [])


def test_damage(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", faststart=False)
    size = source.stat().st_size
    assert cut_fraction(source, tmp_path / "b", 0.5).stat().st_size == size // 2
    assert cut_bytes(source, tmp_path / "b", -7).stat().st_size == size - 7
    assert [b[0] for b in top_boxes(without_box(source, tmp_path / "b", b"moov").read_bytes())] == [
        b"ftyp",
        b"free",
        b"mdat",
    ]
    assert top_boxes(with_box_size(source, tmp_path / "b", b"mdat", 0).read_bytes())[-1][0] == b"mdat"
    wide = with_64bit_mdat(source, tmp_path / "c.mp4")
    assert [b[0] for b in top_boxes(wide.read_bytes())] == [b"ftyp", b"mdat", b"moov"]
    assert numbers(wide) == list(range(20))
