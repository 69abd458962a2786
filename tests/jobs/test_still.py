import subprocess
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import numpy as np
import pytest
from PIL import Image

from camtool.core.model import Camera, Recording, Span, State
from camtool.errors import InsideFootage, NotAPicture, NotMoment, OutputExists, Unplayable
from camtool.jobs.still import still
from camtool.media.hash import sha256_of
from camtool.media.still import picture_at, read_facts
from tests.makers.program_stream import write_mpeg_ps
from tests.makers.rows import FFMPEG
from tests.makers.video import read_number, write_mp4

START_US = 1_795_431_600_000_000  # 2026-11-23T18:00:00+07:00
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def recording(path: Path, length_us: int, state: State = State.OK, media_us: int | None = None) -> Recording:
    span = Span(START_US, START_US + length_us)
    return Recording(1, 3, path.name, state, span, 1, 1, 1, media_us=media_us or length_us, wall_us=length_us)


@pytest.mark.parametrize("bframes", [0, 2])
def test_the_picture_shown_at_the_instant(tmp_path, bframes):
    clip = write_mp4(tmp_path / "a.mp4", seconds=6, fps=10, gop=20, bframes=bframes)
    camera = Camera(3, "Chợ", "Cổng sau", str(tmp_path))
    for wanted_us, number in ((0, 0), (99_999, 0), (100_000, 1), (3_950_000, 39), (5_999_999, 59)):
        out = tmp_path / f"{wanted_us}.png"
        told = still(camera, [recording(clip, 6_000_000)], START_US + wanted_us, 300_000_000, out, zone=ZONE)
        with Image.open(out) as picture:
            assert read_number(np.asarray(picture)) == number
            assert picture.size == (told.width_px, told.height_px) == (320, 192)
        assert told.camera_us == START_US + number * 100_000
        assert told.true_us == told.camera_us + 300_000_000
        assert told.sha256 == sha256_of(out)


def test_both_times_and_the_source_are_in_its_metadata(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=2)
    told = still(
        Camera(3, "Chợ", "Cổng sau", str(tmp_path)),
        [recording(clip, 2_000_000)],
        START_US + 1_050_000,
        300_000_000,
        tmp_path / "a.png",
        zone=ZONE,
    )
    facts = read_facts(told.path)
    assert facts["Camera"] == "3 Chợ"
    assert facts["Camera time"] == "2026-11-23T18:00:01+07:00"
    assert facts["True time"] == "2026-11-23T18:05:01+07:00"
    assert facts["Source"] == "a.mp4"
    assert facts["Source SHA-256"] == sha256_of(clip) == told.source_sha256


def test_a_recorder_that_stamps_another_pace(tmp_path):
    """Two seconds of media for four of wall: the middle of the wall time is the middle of the media."""
    clip = write_mp4(tmp_path / "a.mp4", seconds=2, fps=10)
    row = recording(clip, 4_000_000, media_us=2_000_000)
    told = still(Camera(3, "x", "", str(tmp_path)), [row], START_US + 2_000_000, 0, tmp_path / "a.png", zone=ZONE)
    with Image.open(told.path) as picture:
        assert read_number(np.asarray(picture)) == 10


def test_a_program_stream_and_a_later_picture_of_it(tmp_path):
    clip = write_mpeg_ps(tmp_path / "a.mpg", write_mp4(tmp_path / "a.mp4", seconds=4, fps=10, gop=20))
    assert read_number(picture_at(clip, Fraction(3_300_000)).image) == 33


def test_what_cannot_be_done_leaves_nothing(tmp_path):
    footage = tmp_path / "footage"
    footage.mkdir()
    clip = write_mp4(footage / "a.mp4", seconds=2)
    camera, row = Camera(3, "x", "", str(footage)), recording(clip, 2_000_000)
    out = tmp_path / "a.png"
    with pytest.raises(NotAPicture):
        still(camera, [row], START_US, 0, tmp_path / "a.jpg", zone=ZONE)
    with pytest.raises(NotMoment):
        still(camera, [row], START_US + 2_000_000, 0, out, zone=ZONE)
    with pytest.raises(InsideFootage):
        still(camera, [row], START_US, 0, footage / "a.png", zone=ZONE, keep_out_of=[footage])
    (footage / "text.mp4").write_text("không phải video")
    with pytest.raises(Unplayable):
        still(camera, [recording(footage / "text.mp4", 1_000_000)], START_US, 0, out, zone=ZONE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["footage"]
    out.write_bytes(b"kept")
    with pytest.raises(OutputExists):
        still(camera, [row], START_US, 0, out, zone=ZONE)
    assert out.read_bytes() == b"kept"


@pytest.mark.parametrize(
    ("matrix", "wide"), [("bt601", "tv"), ("bt709", "tv"), ("bt601", "pc"), ("bt709", "pc")], ids=str
)
def test_colours_are_what_ffmpeg_makes_of_them(tmp_path, matrix, wide):
    """By the matrix and the range that the stream states."""
    clip, judge = tmp_path / "a.mp4", tmp_path / "judge.png"
    scale = f"scale=out_color_matrix={matrix}:out_range={wide},format=yuv420p"
    stated = ["-colorspace", "bt709" if matrix == "bt709" else "smpte170m", "-color_range", wide]
    bars = ["-f", "lavfi", "-i", "smptehdbars=s=320x192:r=5:d=1"]
    subprocess.run([FFMPEG, "-v", "error", *bars, "-vf", scale, "-c:v", "libx264", *stated, str(clip)], check=True)
    subprocess.run([FFMPEG, "-v", "error", "-i", str(clip), "-frames:v", "1", str(judge)], check=True)
    with Image.open(judge) as picture:
        theirs = np.asarray(picture.convert("RGB")).astype(int)
    assert np.abs(picture_at(clip, Fraction(0)).image.astype(int) - theirs).max() <= 2


def test_the_packet_it_came_from(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=4, fps=10, gop=20, bframes=3)
    with av.open(str(clip)) as container:
        times = [packet.pts for packet in container.demux(container.streams.video[0]) if packet.size]
    for place_us in (0, 500_000, 2_700_000, 3_999_000):
        picture = picture_at(clip, Fraction(place_us))
        assert times[picture.packet] == picture.pts
