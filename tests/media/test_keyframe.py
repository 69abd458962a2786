from fractions import Fraction

import pytest

from camtool.errors import NoKeyframe, Unplayable
from camtool.media.keyframe import keyframe_at
from tests.makers.damage import cut_fraction
from tests.makers.video import read_number, write_mp4, write_video


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_the_keyframe_at_or_before_a_place(tmp_path, suffix):
    clip = write_video(tmp_path / f"a{suffix}", seconds=4, fps=10, gop=10, bframes=2)
    shown = {at: keyframe_at(clip, Fraction(at)) for at in (-5, 0, 999_999, 1_000_000, 2_500_000, 99_000_000)}
    assert [read_number(each.image) for each in shown.values()] == [0, 0, 0, 10, 20, 30]
    assert [round(each.place_us, -3) for each in shown.values()] == [0, 0, 0, 1_000_000, 2_000_000, 3_000_000]


def test_it_is_shrunk_on_the_way_out_and_never_enlarged(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=1)
    assert keyframe_at(clip, Fraction(0), 160).image.shape == (96, 160, 3)
    assert keyframe_at(clip, Fraction(0), 4000).image.shape == (192, 320, 3)
    assert read_number(keyframe_at(clip, Fraction(0), 160).image) == 0


def test_what_cannot_be_shown(tmp_path):
    clip = write_mp4(tmp_path / "a.mp4", seconds=1)
    with pytest.raises(Unplayable):
        keyframe_at(cut_fraction(clip, tmp_path / "cut.mp4", 0.05), Fraction(0))
    with pytest.raises(FileNotFoundError):
        keyframe_at(tmp_path / "none.mp4", Fraction(0))
    data = bytearray(clip.read_bytes())
    start = data.index(b"mdat") + 4
    data[start : start + 4000] = bytes(4000)
    (tmp_path / "broken.mp4").write_bytes(data)
    with pytest.raises((Unplayable, NoKeyframe)):
        keyframe_at(tmp_path / "broken.mp4", Fraction(0))
