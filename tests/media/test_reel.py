"""The reel, picture by picture: which frames, at what pace, with which words and box; and damage."""

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from camtool.core.activity import Box
from camtool.errors import (
    DiskFull,
    NoGlyph,
    NoKeyframe,
    NothingToShow,
    OutputExists,
    ProgramFailed,
    ProgramMissing,
    UnfitName,
    Unplayable,
)
from camtool.media.planes import BLACK
from camtool.media.program import feeding, ffmpeg_program
from camtool.media.reel import Clocks, Made, Mark, ReelPart, write_reel
from camtool.media.reel_canvas import BAR_H, HEIGHT, PICTURE_H, WIDTH, Words, _bar_luma
from camtool.media.sheet import NOTICE
from tests.makers.damage import cut_fraction, top_boxes
from tests.makers.program_stream import write_mpeg_ps
from tests.makers.rows import ffprobe
from tests.makers.video import read_number, write_mp4, write_video

S = 1_000_000
BOX = Box(0.25, 0.55, 0.5, 0.4)
CLOCKS = Clocks(lambda us: f"Giờ thật {us // S}", lambda us: f"Giờ máy quay {us // S}")
SIDE_PX = 40  # 320x192 in 1280x720 is 1200x720


def mark(from_s: float = 0, to_s: float = 1000, box: Box = BOX, number: str = "7") -> Mark:
    start_us, end_us = round(from_s * S), round(to_s * S)
    return Mark(number, "có vật chuyển động", start_us, end_us, (start_us + end_us) // 2, box)


def part(path: Path | None, from_s: float, to_s: float, *marks: Mark, **more) -> ReelPart:
    start, end = Fraction(round(from_s * S)), Fraction(round(to_s * S))
    plain = ReelPart(path, start, end, "3 Chợ", int(start), Fraction(1), 300 * S, marks, note="hỏng")
    return replace(plain, **more)


def make(parts: list[ReelPart], out: Path, **more) -> Made:
    return write_reel(parts, out, clocks=CLOCKS, **more)


def frames(path: Path, form: str = "rgb24") -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format=form) for frame in container.decode(video=0)]


def numbers(path: Path) -> list[int]:
    return [read_number(image[:PICTURE_H, SIDE_PX:-SIDE_PX]) for image in frames(path)]


def amber(image: np.ndarray) -> int:
    red, green, blue = (image[:PICTURE_H, :, each].astype(int) for each in range(3))
    return int(((red > 140) & (green > 90) & (green < 210) & (blue < 90)).sum())


def bar_of(image: np.ndarray, words: Words) -> float:
    """Return how far a picture's bar is from the bar with these words, in levels of luma."""
    wanted = (_bar_luma(words).astype(int) - BLACK) * 255 // 219  # "gray" is full range
    return float(np.abs(image[PICTURE_H:HEIGHT] - wanted).mean())


@pytest.mark.parametrize("bframes", [0, 2])
def test_the_frames_of_every_event_and_no_others(tmp_path, bframes):
    clip = write_mp4(tmp_path / "a.mp4", seconds=8, gop=20, bframes=bframes)
    parts = [part(clip, 1.5, 2.5, mark()), part(clip, 2.5, 6), part(clip, 6, 7.2, mark())]
    told: list[int] = []
    made = make(parts, tmp_path / "r.mp4", progress=told.append)
    assert numbers(tmp_path / "r.mp4") == [*range(15, 25), *range(60, 72)]
    assert made == Made(22, 10, ())
    assert made.length_us == 2_200_000
    assert told == sorted(set(told))
    assert told[-1] == 100


def test_it_plays_everywhere(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=2)
    make([part(clip, 0, 2, mark())], tmp_path / "r.mp4", title="Chợ")
    with av.open(str(tmp_path / "r.mp4")) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt, context.width, context.height) == ("h264", "yuv420p", WIDTH, HEIGHT)
        assert stream.average_rate == 10
        assert container.duration == 2_000_000
        assert container.metadata["title"] == "Chợ"
        assert container.metadata["comment"] == NOTICE
    kinds = [kind for kind, _, _ in top_boxes((tmp_path / "r.mp4").read_bytes())]
    assert kinds.index(b"moov") < kinds.index(b"mdat")


def test_an_outside_judge_counts_the_same(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=2)
    make([part(clip, 0, 2, mark())], tmp_path / "r.mp4")
    track = ffprobe(tmp_path / "r.mp4")["video"]
    assert track.codec == "h264"
    assert sorted(track.times) == pytest.approx([number / 10 for number in range(20)], abs=1e-4)


def test_both_clocks_run_with_the_pictures(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=4)
    make([part(clip, 0, 4, mark(), source="a.mp4")], tmp_path / "r.mp4")
    seen = frames(tmp_path / "r.mp4", "gray")
    small = f"{NOTICE}  ·  a.mp4"
    for second in range(4):
        words = [
            Words("7", "3 Chợ", "có vật chuyển động", f"Giờ thật {true_s}", f"Giờ máy quay {camera_s}", small)
            for true_s, camera_s in ((second + 300, second), (second + 301, second), (second + 300, second + 1))
        ]
        for each in (second * 10, second * 10 + 9):
            right, *wrong = (bar_of(seen[each], words_of) for words_of in words)
            assert right < 1.5
            assert right < min(wrong)


def test_clocks_run_at_the_camera_s_pace(tmp_path):
    """A recorder that stamps two seconds of media for four of wall: the film runs as life did."""
    clip = write_mp4(tmp_path / "a.mp4", seconds=2)
    made = make([part(clip, 0, 2, mark(), pace=Fraction(2))], tmp_path / "r.mp4")
    assert made.length_us == 4_000_000
    assert numbers(tmp_path / "r.mp4") == [number // 2 for number in range(40)]


def test_a_lapse_is_fast_where_it_is_still(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=40, gop=10)
    parts = [part(clip, 0, 20), part(clip, 20, 21, mark()), part(clip, 21, 40)]
    made = make(parts, tmp_path / "r.mp4", lapse=True)
    seen = numbers(tmp_path / "r.mp4")
    assert made.frames == len(seen) == 10 + 10 + 10  # 20 s and 19 s at 20 times, 1 s as it was
    assert seen[:10] == [10, 30, 50, 70, 90, 110, 130, 150, 170, 190]  # keyframes alone
    assert seen[10:20] == list(range(200, 210))
    assert all(number % 10 == 0 for number in seen[20:])
    assert seen[20:] == sorted(seen[20:])
    still, moving = frames(tmp_path / "r.mp4", "gray")[5], frames(tmp_path / "r.mp4", "gray")[15]
    fast = Words("20×", "3 Chợ", "", "Giờ thật 311", "Giờ máy quay 11", NOTICE)
    slow = Words("7", "3 Chợ", "có vật chuyển động", "Giờ thật 320", "Giờ máy quay 20", NOTICE)
    assert bar_of(still, fast) < 1.5
    assert bar_of(moving, slow) < 1.5
    assert bar_of(moving, fast) > 3


def test_the_box_is_there_while_the_event_is(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=9)
    make([part(clip, 0, 9, mark(2, 7))], tmp_path / "r.mp4")
    seen = [amber(image) for image in frames(tmp_path / "r.mp4")]
    assert max(seen[:20]) < 200
    assert max(seen[70:]) < 200
    assert min(seen[36:54]) > 1500  # within a second of the peak it is bright
    weak = frames(tmp_path / "r.mp4")[25].astype(int)
    none = frames(tmp_path / "r.mp4")[10].astype(int)
    top = round(PICTURE_H * BOX.y) - 4
    assert np.abs(weak[top : top + 3, 400:800] - none[top : top + 3, 400:800]).mean() > 15


def test_two_events_at_once_are_both_named(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=2)
    make([part(clip, 0, 2, mark(number="7"), mark(number="9"))], tmp_path / "r.mp4")
    words = Words("7 9", "3 Chợ", "có vật chuyển động", "Giờ thật 300", "Giờ máy quay 0", NOTICE)
    assert bar_of(frames(tmp_path / "r.mp4", "gray")[5], words) < 1.5


def test_sources_of_other_sizes_are_letterboxed_into_one(tmp_path):
    wide = write_mp4(tmp_path / "a.mp4", seconds=1, size=(640, 256))
    tall = write_mp4(tmp_path / "b.mp4", seconds=1, size=(192, 320))
    make([part(wide, 0, 1, mark(box=Box(0, 0, 1, 1))), part(tall, 0, 1, mark(box=Box(0, 0, 1, 1)))], tmp_path / "r.mp4")
    seen = frames(tmp_path / "r.mp4")
    assert {image.shape for image in seen} == {(HEIGHT, WIDTH, 3)}
    lit = [image[:PICTURE_H].max(axis=2) > 60 for image in (seen[5], seen[15])]
    assert abs(lit[0].any(axis=1).sum() - 512) < 6
    assert lit[0].any(axis=0).sum() == WIDTH
    assert lit[1].any(axis=1).sum() == PICTURE_H
    assert abs(lit[1].any(axis=0).sum() - 432) < 6
    assert read_number(seen[15][:PICTURE_H, 424:856]) == 5


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_colours_stay_what_they_were(tmp_path, codec):
    """The block of `picture` is (200, 60, 40); it comes through two conversions."""
    clip = write_mp4(tmp_path / "a.mp4", seconds=1, codec=codec, size=(320, 192))
    make([part(clip, 0, 1, mark(box=Box(0, 0, 1, 1)))], tmp_path / "r.mp4")
    with av.open(str(tmp_path / "r.mp4")) as container:
        frame = next(container.decode(video=0))
        seen = frame.to_ndarray(format="rgb24", src_colorspace="ITU709")[:PICTURE_H, SIDE_PX:-SIDE_PX]
    assert np.abs(seen[310:350, 30:90].reshape(-1, 3).mean(axis=0) - (200, 60, 40)).max() < 14


def test_any_container_from_any_place(tmp_path):
    source = write_mp4(tmp_path / "a.mp4", seconds=4, gop=20)
    stream = write_mpeg_ps(tmp_path / "a.mpg", source)
    other = write_video(tmp_path / "a.mkv", seconds=4, gop=20, first=500)
    make([part(stream, 3, 4, mark()), part(other, 1, 2, mark())], tmp_path / "r.mp4")
    assert numbers(tmp_path / "r.mp4") == [*range(30, 40), *range(510, 520)]


def test_a_file_that_breaks_off_is_shown_as_far_as_it_goes(tmp_path):
    whole = write_mp4(tmp_path / "a.mp4", seconds=20, gop=10)
    broken = cut_fraction(whole, tmp_path / "b.mp4", 0.5)
    parts = [part(broken, 5, 18, mark()), part(broken, 17, 18, mark()), part(whole, 1, 2, mark())]
    made = make(parts, tmp_path / "r.mp4")
    assert [(each.part, each.error) for each in made.unseen] == [(0, None), (1, None)]
    seen = numbers(tmp_path / "r.mp4")
    # What is there, its last picture for two seconds, the note for two seconds, and the sound file.
    assert seen[:30] == list(range(50, 80))
    assert seen[-10:] == list(range(10, 20))
    assert made.frames == len(seen) < 130


def test_a_file_that_is_gone_or_no_video_has_a_note_in_its_place(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=2)
    (tmp_path / "text.mp4").write_text("không phải video")
    parts = [
        part(tmp_path / "gone.mp4", 0, 5, mark()),
        part(tmp_path / "text.mp4", 0, 5, mark()),
        part(None, 0, 0, mark()),
        part(clip, 0, 1, mark()),
    ]
    made = make(parts, tmp_path / "r.mp4")
    assert [(each.part, type(each.error)) for each in made.unseen] == [(0, FileNotFoundError), (1, Unplayable)]
    assert made.frames == 3 * 20 + 10
    assert numbers(tmp_path / "r.mp4")[60:] == list(range(10))
    noted = frames(tmp_path / "r.mp4", "gray")[10]
    assert noted[:300].max() < 60  # dark but for the words
    assert (noted[320:400] > 120).sum() > 200


def test_a_file_without_a_keyframe_is_a_note_too(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=4, gop=40)
    packets = write_video(tmp_path / "a.ts", seconds=4, gop=40).read_bytes()
    (tmp_path / "b.ts").write_bytes(packets[len(packets) // 2 // 188 * 188 :])
    made = make([part(tmp_path / "b.ts", 0, 1, mark()), part(clip, 0, 1, mark())], tmp_path / "r.mp4")
    assert [type(each.error) for each in made.unseen] in ([NoKeyframe], [Unplayable])
    assert numbers(tmp_path / "r.mp4")[20:] == list(range(10))


def test_a_packet_that_cannot_be_decoded_is_left_out(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10)
    data = bytearray(clip.read_bytes())
    with av.open(str(clip)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        spoilt = packets[15]
        at = spoilt.pos or 0
        data[at : at + spoilt.size] = bytes(spoilt.size)
    (tmp_path / "b.mp4").write_bytes(data)
    make([part(tmp_path / "b.mp4", 0, 4, mark())], tmp_path / "r.mp4")
    seen = numbers(tmp_path / "r.mp4")
    assert len(seen) == 40
    assert seen[:15] == list(range(15))
    assert seen[20:] == list(range(20, 40))


def test_a_program_that_is_not_there(tmp_path, monkeypatch):
    clip = write_mp4(tmp_path / "a.mp4", seconds=1)
    monkeypatch.setenv("CAMTOOL_FFMPEG", str(tmp_path / "no-ffmpeg"))
    with pytest.raises(ProgramMissing) as caught:
        make([part(clip, 0, 1, mark())], tmp_path / "r.mp4")
    assert caught.value.facts["program"] == str(tmp_path / "no-ffmpeg")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def feed_all(command: list[str], out: Path, raw: np.ndarray, count: int) -> None:
    with feeding(command, out) as feed:
        for _ in range(count):
            feed.write(raw)


def test_a_program_that_gives_up(tmp_path):
    command = [ffmpeg_program(), "-loglevel", "error", "-f", "no-such-format", "-i", "pipe:0", "-f", "null", "-"]
    with pytest.raises(ProgramFailed, match="no-such-format"):
        feed_all(command, tmp_path / "r.mp4", np.zeros(1_000_000, np.uint8), 50)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk(tmp_path):
    raw = ["-f", "rawvideo", "-pixel_format", "gray", "-video_size", "100x100", "-i", "pipe:0"]
    command = [ffmpeg_program(), "-y", "-loglevel", "error", *raw, "-f", "rawvideo", "file:/dev/full"]
    with pytest.raises(DiskFull):
        feed_all(command, tmp_path / "r.mp4", np.zeros(10_000, np.uint8), 2000)


def test_what_cannot_be_done_leaves_nothing(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=2)
    good = part(clip, 0, 1, mark())
    with pytest.raises(UnfitName):
        make([good], tmp_path / "r.avi")
    for parts in ([], [part(clip, 0, 1)], [part(None, 0, 0, mark())]):
        with pytest.raises(NothingToShow):
            make(parts, tmp_path / "r.mp4")
    with pytest.raises(NoGlyph):
        make([good, part(clip, 0, 1, mark(), camera="市场")], tmp_path / "r.mp4")

    def stop(percent: int) -> None:
        if percent >= 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make([good], tmp_path / "r.mp4", progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    (tmp_path / "r.mp4").write_bytes(b"kept")
    with pytest.raises(OutputExists):
        make([good], tmp_path / "r.mp4")
    assert (tmp_path / "r.mp4").read_bytes() == b"kept"


def test_real_recordings(tmp_path):
    folder = os.environ.get("CAMTOOL_TEST_FOOTAGE")
    if not folder:
        pytest.skip("CAMTOOL_TEST_FOOTAGE names no folder of real clips")
    clips = sorted(Path(folder).glob("*.mp4"))
    parts = [part(clip, 1, 3, mark()) for clip in clips]
    made = make(parts, tmp_path / "r.mp4")
    assert made.unseen == ()
    assert made.frames == 2 * made.rate * len(clips)
    seen = frames(tmp_path / "r.mp4", "gray")
    assert len(seen) == made.frames
    assert all(image[: HEIGHT - BAR_H].std() > 10 for image in seen)
