"""The stream hash against ffmpeg's own, in every container; framing by extradata alone."""

import os
import subprocess
from pathlib import Path

import pytest

from camtool.errors import Unplayable
from camtool.media.framing import Framing, Wrap, canonical_sha256, framing_of, nal_units
from camtool.media.streamhash import FILTERS, stream_hash, write_framehash
from tests.makers.program_stream import write_mpeg_ps
from tests.makers.rows import FFMPEG, framehash
from tests.makers.video import write_mp4, write_video


def ffmpeg(*words: object) -> str:
    command = [FFMPEG, "-v", "error", "-y", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def judged(path: Path, codec: str) -> str:
    out = ("-f", "streamhash", "-hash", "sha256", "-")
    told = ffmpeg("-i", path, "-map", "0:v", "-c", "copy", "-bsf:v", FILTERS[codec], *out)
    return told.strip().split("=")[1]


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_one_hash_in_every_container_and_it_is_ffmpegs(tmp_path, codec):
    # Without x265's own SEI in the header, which ffmpeg's filter writes again before each keyframe: docs/proof.md.
    plain = {"x265-params": "log-level=none:scenecut=0:min-keyint=10:pools=none:frame-threads=1:info=0"}
    mp4 = write_video(
        tmp_path / "a.mp4",
        seconds=3,
        gop=10,
        bframes=2,
        codec="libx264" if codec == "h264" else "libx265",
        codec_options={} if codec == "h264" else plain,
    )
    copies = [mp4]
    for suffix in (".mkv", ".ts", ".flv", ".avi") if codec == "h264" else (".mkv", ".ts"):
        copies.append(tmp_path / f"a{suffix}")
        tag = ("-bsf:v", "h264_mp4toannexb") if suffix == ".avi" else ()
        ffmpeg("-i", mp4, "-map", "0:v", "-c", "copy", *tag, copies[-1])
    told = {path.suffix: stream_hash(path).sha256 for path in copies}
    assert set(told.values()) == {stream_hash(copies[0]).sha256}
    assert {path.suffix: judged(path, codec) for path in copies} == told
    assert stream_hash(copies[0]).packets == 30


def test_the_native_export_and_the_clip_have_one_hash(tmp_path):
    mp4 = write_mp4(tmp_path / "a.mp4", seconds=3, gop=10)
    native = write_mpeg_ps(tmp_path / "a.mpg", mp4)
    assert stream_hash(native).sha256 == stream_hash(mp4).sha256 == judged(native, "h264") == judged(mp4, "h264")


@pytest.mark.skipif("CAMTOOL_TEST_FOOTAGE" not in os.environ, reason="needs the footage named by CAMTOOL_TEST_FOOTAGE")
def test_real_footage(tmp_path):
    footage = Path(os.environ["CAMTOOL_TEST_FOOTAGE"])
    for name in ("traffic_camera.mp4", "street-walkers.mp4"):
        mkv, ts = tmp_path / "a.mkv", tmp_path / "a.ts"
        for out in (mkv, ts):
            ffmpeg("-i", footage / name, "-map", "0:v", "-c", "copy", out)
        whole = stream_hash(footage / name).sha256
        assert {stream_hash(mkv).sha256, stream_hash(ts).sha256, judged(ts, "h264")} == {whole}


def test_another_picture_is_another_hash(tmp_path):
    one = write_mp4(tmp_path / "a.mp4", seconds=1)
    two = write_mp4(tmp_path / "b.mp4", seconds=1, first=1)
    assert stream_hash(one).sha256 != stream_hash(two).sha256


def test_mpeg_video_has_no_canonical_form_and_is_hashed_as_it_is(tmp_path):
    told = stream_hash(write_mp4(tmp_path / "a.mp4", seconds=1, codec="mpeg4"))
    assert (told.codec, told.filter, told.packets) == ("mpeg4", "", 10)


def test_no_pictures(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"nothing")
    with pytest.raises(Unplayable):
        stream_hash(tmp_path / "a.mp4")


@pytest.mark.parametrize("size", [256, 257, 300, 384, 511])
def test_a_length_that_looks_like_a_start_code_is_a_length(size):
    """256 to 511 as a length of four bytes is 00 00 01 xx: whoever guesses from bytes misreads it."""
    avcc = b"\x01\x64\x00\x1f\xff\xe1\x00\x04\x67\x64\x00\x1f\x01\x00\x04\x68\xee\x3c\x80"
    unit = b"\x65" + bytes(range(1, 200)) * 3
    unit = unit[: size - 1] + b"\x80"
    packet = len(unit).to_bytes(4, "big") + unit
    assert packet[:3] == b"\0\0\1"
    framing = framing_of("h264", avcc)
    assert (framing.wrap, framing.length_bytes) == (Wrap.LENGTH, 4)
    assert [bytes(each) for each in nal_units(packet, framing)] == [unit]
    as_annex_b = Framing("h264", Wrap.ANNEX_B)
    assert canonical_sha256(packet, framing) == canonical_sha256(b"\0\0\0\1" + unit, as_annex_b)
    assert canonical_sha256(packet, framing) != canonical_sha256(packet, as_annex_b), "a guess would be another hash"


def test_the_framehash_is_what_ffmpeg_says_and_can_be_compared_line_by_line(tmp_path):
    clip = write_mp4(tmp_path / "lạ [1] %d.mp4", seconds=2)
    out = tmp_path / "lạ [1] %d.mp4.framehash"
    command = write_framehash(clip, out)
    assert command == ("ffmpeg", "-i", f"file:{clip.name}", "-map", "0:v", "-c", "copy", "-f", "framehash", "-hash",
                       "sha256", f"file:{out.name}")  # fmt: skip
    again = ffmpeg("-i", clip, "-map", "0:v", "-c", "copy", "-f", "framehash", "-hash", "sha256", "-")
    assert out.read_text() == again
    rows = [line.split(",")[5].strip() for line in again.splitlines() if not line.startswith("#")]
    assert rows == framehash(clip)
