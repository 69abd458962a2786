"""The framehash of many clips against ffmpeg's own, byte for byte."""

import os
import subprocess
from pathlib import Path

import pytest

from camtool.media.framehash import LikeFfmpeg, framehash_by_ffmpeg
from camtool.media.streamhash import write_framehash
from tests.makers.rows import FFMPEG
from tests.makers.video import write_mp4, write_video


def judged(clip: Path) -> bytes:
    words = (FFMPEG, "-v", "error", "-i", clip, *"-map 0:v -c copy -f framehash -hash sha256 -".split())
    return subprocess.run(words, capture_output=True, check=True).stdout


@pytest.mark.parametrize("bframes", [0, 2])
@pytest.mark.parametrize("codec", ["libx264", "libx265", "mpeg4"])
def test_the_second_clip_of_a_kind_is_worked_out_and_is_what_ffmpeg_writes(tmp_path, codec, bframes):
    quiet = {"x265-params": "log-level=none:pools=none:frame-threads=1"} if codec == "libx265" else {}
    listing, made = LikeFfmpeg(), []
    for number in range(3):
        clip = write_video(
            tmp_path / f"lạ [{number}] %d.mp4", seconds=2 + number, first=7 * number, gop=10, bframes=bframes,
            codec=codec, codec_options=quiet,
        )  # fmt: skip
        out = tmp_path / f"{clip.name}.framehash"
        made.append(listing(clip, out))
        assert out.read_bytes() == judged(clip), clip
        assert made[-1].command == write_framehash(clip, out)
    assert [each.by_ffmpeg for each in made] == [True, False, False]


def test_another_kind_is_left_to_ffmpeg_first(tmp_path):
    listing = LikeFfmpeg()
    for size, fps in (((160, 96), 10), ((160, 96), 12), ((320, 192), 10)):
        clip = write_mp4(tmp_path / f"{size[0]}-{fps}.mp4", seconds=1, size=size, fps=fps)
        out = tmp_path / f"{clip.name}.framehash"
        assert listing(clip, out).by_ffmpeg
        assert out.read_bytes() == judged(clip)


@pytest.mark.parametrize("suffix", [".mkv", ".ts", ".avi"])
def test_what_is_not_mp4_is_left_to_ffmpeg(tmp_path, suffix):
    mp4, clip, listing = write_mp4(tmp_path / "a.mp4", seconds=2), tmp_path / f"a{suffix}", LikeFfmpeg()
    subprocess.run((FFMPEG, "-v", "error", "-i", mp4, "-c", "copy", clip), check=True)
    assert [listing(clip, tmp_path / "a").by_ffmpeg for _ in range(2)] == [True, True]
    assert (tmp_path / "a").read_bytes() == judged(clip)


def test_a_clip_with_hidden_pictures_or_a_late_start_is_left_to_ffmpeg(tmp_path):
    mp4, listing = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10), LikeFfmpeg()
    for name, words in (("hidden.mp4", ("-ss", "1.5")), ("late.mp4", ("-itsoffset", "2"))):
        clip = tmp_path / name
        subprocess.run((FFMPEG, "-v", "error", *words, "-i", mp4, "-c", "copy", clip), check=True)
        out = tmp_path / f"{name}.framehash"
        for _ in range(2):
            listing(clip, out)
            assert out.read_bytes() == judged(clip), name


def test_where_ffmpeg_writes_something_else_it_writes_all(tmp_path, monkeypatch):
    """A stand-in for an ffmpeg of another day, whose columns are wider."""
    program = tmp_path / "ffmpeg.sh"
    program.write_text(
        f'#!/bin/sh\n"{FFMPEG}" "$@" || exit\nfor out; do :; done\nsed -i "s/, /,   /" "${{out#file:}}"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("CAMTOOL_FFMPEG", str(program))
    listing = LikeFfmpeg()
    for number in range(3):
        clip, out = write_mp4(tmp_path / f"{number}.mp4", seconds=1, first=number), tmp_path / f"{number}"
        assert listing(clip, out).by_ffmpeg
        assert b"0,   " in out.read_bytes()


@pytest.mark.skipif("CAMTOOL_TEST_FOOTAGE" not in os.environ, reason="needs the footage named by CAMTOOL_TEST_FOOTAGE")
def test_real_footage(tmp_path):
    listing = LikeFfmpeg()
    for clip in sorted(Path(os.environ["CAMTOOL_TEST_FOOTAGE"]).glob("*.mp4"), key=lambda path: path.stat().st_size)[
        :6
    ]:
        for _ in range(2):
            listing(clip, tmp_path / "a")
            framehash_by_ffmpeg(clip, tmp_path / "b")
            assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes(), clip
