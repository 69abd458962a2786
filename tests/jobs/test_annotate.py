"""Annotated copies as files: every picture at its time, the margin, the record, sound, damage."""

import hashlib
import json
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from camtool.core.model import Camera
from camtool.core.problem import ProblemKind
from camtool.errors import (
    AfterTheEnd,
    BadNotes,
    InsideFootage,
    NoGlyph,
    NoSuchFile,
    NotAFile,
    OutputExists,
    UnfitName,
    Unplayable,
)
from camtool.evidence.derivative import record_path
from camtool.jobs.annotate import annotate
from camtool.jobs.clip import cut
from camtool.jobs.still import still
from tests.makers.damage import cut_fraction
from tests.makers.retimed import retimed
from tests.makers.rows import START_US, ZONE, S, camera, row, span
from tests.makers.video import read_number, write_mp4, write_video

NOTES = """
notes:
  - kind: box
    from: 0.5
    to: 1.5
    at: {0.5: [20, 90, 40, 30], 1.5: [120, 90, 40, 30]}
    colour: xanh lá
    label: Xe máy của ông A
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.yaml"
    path.write_text(NOTES, encoding="utf-8")
    return path


def frames(path: Path) -> list[tuple[Fraction, NDArray[np.uint8]]]:
    with av.open(str(path)) as container:
        base = container.streams.video[0].time_base or Fraction(1)
        return [
            ((frame.pts or 0) * base, np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
            for frame in container.decode(video=0)
        ]


def kept(said: list[str], text: str) -> str:
    said.append(text)
    return text


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def greenish(image: NDArray[np.uint8]) -> NDArray[np.bool_]:
    red, green, blue = (image[..., i].astype(int) for i in range(3))
    return (green > 140) & (red < 120) & (blue < 140)


def test_every_picture_is_there_at_its_time_with_its_note_and_nothing_else_is_changed(tmp_path, notes):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=2, fps=10)
    report = annotate(clip, notes, tmp_path / "a.mp4", zone=ZONE)
    given, made = frames(clip), frames(tmp_path / "a.mp4")
    assert [at for at, _ in made] == [at for at, _ in given]
    assert (report.frames, len(made), report.notes, report.problems) == (20, 20, 1, ())
    assert made[0][1].shape == (report.height_px, report.width_px, 3) == (192 + 40, 320, 3)
    assert [read_number(image[:192]) for _, image in made] == list(range(20))
    shown = [bool(greenish(image[85:125, :170]).sum() > 40) and at >= Fraction(1, 2) for at, image in made]
    assert [i for i, here in enumerate(shown) if here] == list(range(5, 15))
    for number in (0, 19):  # without a note the picture is the clip's own, but for the encoder's rounding
        difference = np.abs(made[number][1][:192].astype(int) - given[number][1].astype(int))
        assert difference.mean() < 2.5
    assert (made[0][1][195:] > 200).any(), "words in the margin"


def test_the_record_names_the_parent_and_holds_the_notes(tmp_path, notes):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=1)
    report = annotate(clip, notes, tmp_path / "a.mp4", zone=ZONE, command=("camtool", "annotate", "clip.mp4"))
    record = json.loads(record_path(tmp_path / "a.mp4").read_text(encoding="utf-8"))
    assert (record["format"], record["kind"]) == ("camtool-derivative", "annotated")
    assert record["sha256"] == report.sha256 == sha256(tmp_path / "a.mp4")
    assert record["parents"] == [{"name": "clip.mp4", "sha256": sha256(clip)}]
    assert record["notes_sha256"] == sha256(notes)
    assert (record["command"], record["frames"]) == (["camtool", "annotate", "clip.mp4"], 10)
    assert (record["size_px"], record["margin_px"]) == ([320, 232], 40)
    assert record["made_by"].keys() == {"camtool", "ffmpeg"}
    assert record["notes"][0]["positions"][1] == {"at_us": 1_500_000, "px": [120, 90, 40, 30]}
    with av.open(str(tmp_path / "a.mp4")) as made:
        assert sha256(clip) in made.metadata["comment"]
        assert made.metadata["title"] == "BẢN SAO CÓ CHÚ THÍCH / ANNOTATED COPY"
        picture = made.streams.video[0].codec_context
        assert (picture.name, picture.pix_fmt) == ("h264", "yuv420p")


def test_a_wavering_rate_keeps_its_times(tmp_path, notes):
    even = write_mp4(tmp_path / "even.mp4", seconds=1, fps=10)
    times = [0, 9_000, 12_000, 30_000, 31_500, 60_000, 61_000, 90_000, 130_000, 131_000]
    clip = retimed(even, tmp_path / "vfr.mp4", times)
    annotate(clip, notes, tmp_path / "a.mp4", zone=None)
    assert [at for at, _ in frames(tmp_path / "a.mp4")] == [Fraction(time, 90_000) for time in times]


@pytest.mark.parametrize("fps", [4, 10, 30])
def test_the_last_picture_stands_as_long_as_the_others(tmp_path, notes, fps):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=2, fps=fps)
    annotate(clip, notes, tmp_path / "a.mp4", zone=None)
    with av.open(str(clip)) as given, av.open(str(tmp_path / "a.mp4")) as made:
        assert given.duration is not None
        assert made.duration == given.duration == 2_000_000


@pytest.mark.parametrize(("audio", "suffix"), [("aac", ".mp4"), ("pcm_alaw", ".mov")])
def test_sound_goes_along_as_players_take_it(tmp_path, notes, audio, suffix):
    clip = write_video(tmp_path / f"clip{suffix}", seconds=2, audio=audio)
    annotate(clip, notes, tmp_path / "a.mp4", zone=None)
    with av.open(str(tmp_path / "a.mp4")) as made:
        assert made.streams.audio[0].codec_context.name == "aac"
        heard = sum(frame.samples for frame in made.decode(audio=0)) / made.streams.audio[0].rate
    assert heard == pytest.approx(2, abs=0.15)


@pytest.mark.parametrize(("codec", "size"), [("libx265", (320, 192)), ("mpeg4", (322, 190)), ("libx264", (176, 144))])
def test_other_codecs_and_sizes(tmp_path, notes, codec, size):
    clip = write_video(tmp_path / "clip.mp4", seconds=1, codec=codec, size=size)
    report = annotate(clip, notes, tmp_path / "a.mp4", zone=None)
    made = frames(tmp_path / "a.mp4")
    assert len(made) == 10
    assert made[0][1].shape[:2] == (report.height_px, report.width_px)
    assert report.width_px == size[0]


def turned(clip: Path, quarters: int) -> Path:
    """Make a clip one that is shown turned, as a telephone writes it: by the matrix of its track header."""
    one, minus = 1 << 16, (1 << 32) - (1 << 16)
    turns = {1: (0, minus, one, 0), 2: (minus, 0, 0, minus), 3: (0, one, minus, 0)}
    a, b, c, d = turns[quarters]
    matrix = struct.pack(">9I", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    data = clip.read_bytes()
    place = data.index(b"tkhd") + 44
    clip.write_bytes(data[:place] + matrix + data[place + 36 :])
    return clip


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_telephones_clip_stands_upright_and_its_notes_where_they_are_seen(tmp_path, quarters):
    clip = turned(write_mp4(tmp_path / "clip.mp4", seconds=1, fps=10), quarters)
    wide, high = (192, 320) if quarters % 2 else (320, 192)
    where = "notes: [{kind: box, place: [10, 150, 60, 30], colour: xanh lá}]"
    (tmp_path / "n.yaml").write_text(where, encoding="utf-8")
    report = annotate(clip, tmp_path / "n.yaml", tmp_path / "a.mp4", zone=None)
    made = frames(tmp_path / "a.mp4")
    assert (made[0][1].shape[1], report.width_px) == (wide, wide)
    shown = [image[:high] for _, image in made]
    assert [read_number(np.rot90(image, -quarters)) for image in shown] == list(range(10))
    assert greenish(shown[0][145:185, 5:75]).sum() > 100
    annotate(clip, tmp_path / "n.yaml", tmp_path / "a.png", zone=None, still=True)
    with Image.open(tmp_path / "a.png") as still_picture:
        assert read_number(np.rot90(np.asarray(still_picture)[:high], -quarters)) == 0


def test_pixels_that_are_not_square_stay_as_they_are_shown(tmp_path, notes):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=1, fps=10, size=(352, 288), pixel_aspect=Fraction(16, 11))
    annotate(clip, notes, tmp_path / "a.mp4", zone=None)
    with av.open(str(tmp_path / "a.mp4")) as made:
        assert made.streams.video[0].sample_aspect_ratio == Fraction(16, 11)


def test_a_picture_after_the_end_of_the_clip_is_not_there(tmp_path, notes):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=2, fps=10)
    with pytest.raises(AfterTheEnd):
        annotate(clip, notes, tmp_path / "a.png", zone=None, still=True, at_us=2_000_000)
    assert not (tmp_path / "a.png").exists()
    assert annotate(clip, notes, tmp_path / "a.png", zone=None, still=True, at_us=1_999_999).at_us == 1_900_000


def test_both_clocks_of_a_clip_stand_in_the_margin(tmp_path, notes):
    footage = tmp_path / "footage"
    write_mp4(footage / "r.mp4", seconds=6)
    clip = tmp_path / "clip.mp4"
    offset_us = 300 * S
    cut(camera(footage), [row(footage / "r.mp4")], span(2, 4), offset_us, clip, zone=ZONE)
    said = []

    def say(template, facts):
        said.append(template.format(**facts))
        return said[-1]

    annotate(clip, notes, tmp_path / "a.mp4", zone=ZONE, say=say)
    # The clip begins with the keyframe at 18:00:02; the clock was five minutes slow.
    assert said[:2] == ["True time 23/11/2026 18:05:02", "Camera time 23/11/2026 18:00:02"]
    assert "Camera time 23/11/2026 18:00:03" in said


def test_a_still_of_a_clip_and_its_record(tmp_path, notes):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=2)
    report = annotate(clip, notes, tmp_path / "a.png", zone=None, still=True, at_us=1_000_000)
    with Image.open(tmp_path / "a.png") as picture:
        assert (picture.size, picture.info["Parent SHA-256"]) == ((320, 232), sha256(clip))
        image = np.asarray(picture.convert("RGB"))
    assert read_number(image[:192]) == 10
    assert greenish(image[85:125, 60:120]).sum() > 40, "halfway between its two places"
    record = json.loads(record_path(tmp_path / "a.png").read_text(encoding="utf-8"))
    assert (record["at_us"], record["frames"], report.at_us) == (1_000_000, 1, 1_000_000)


def test_a_still_without_a_time_is_where_the_first_note_begins(tmp_path, notes):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=2)
    assert annotate(clip, notes, tmp_path / "a.png", zone=None, still=True).at_us == 500_000


def test_a_picture_is_annotated_as_it_is_with_its_clocks(tmp_path):
    footage = tmp_path / "footage"
    write_mp4(footage / "r.mp4", seconds=2)
    still(camera(footage), [row(footage / "r.mp4")], START_US + S, 60 * S, tmp_path / "s.png", zone=ZONE)
    notes = tmp_path / "n.yaml"
    notes.write_text("- {kind: ellipse, place: [20, 90, 40, 30], label: Đây}", encoding="utf-8")
    said: list[str] = []
    annotate(
        tmp_path / "s.png",
        notes,
        tmp_path / "a.png",
        zone=ZONE,
        say=lambda t, f: kept(said, t.format(**f)),
    )
    assert said == ["True time 23/11/2026 18:01:01", "Camera time 23/11/2026 18:00:01"]
    with Image.open(tmp_path / "a.png") as made, Image.open(tmp_path / "s.png") as given:
        part = (0, 130, 320, 192)  # below the note: the picture to the last bit
        assert made.crop(part).tobytes() == given.crop(part).tobytes()


def test_a_preview_writes_one_picture_and_no_record(tmp_path, notes):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=2)
    report = annotate(clip, notes, tmp_path / "p.png", zone=None, preview=True)
    assert (report.record, report.frames) == (None, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "notes.yaml", "p.png"]
    with Image.open(tmp_path / "p.png") as picture:
        assert read_number(np.asarray(picture.convert("RGB"))[:192]) == 5


def test_a_damaged_clip_is_annotated_as_far_as_it_can_be_seen_and_says_so(tmp_path, notes):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=4, gop=5, bframes=0)
    data = bytearray(clip.read_bytes())
    with av.open(str(clip)) as container:
        packets = [(packet.pos or 0, packet.size) for packet in container.demux(video=0) if packet.size]
    for at, size in packets[10:12]:
        data[at + 4 : at + size] = bytes(size - 4)
    clip.write_bytes(data)
    report = annotate(clip, notes, tmp_path / "a.mp4", zone=None)
    assert [problem.kind for problem in report.problems] == [ProblemKind.PICTURES_DAMAGED]
    # A decoder with several threads names a broken packet a few pictures late.
    assert report.problems[0].facts["count"] == 2
    assert 1.0 <= float(report.problems[0].facts["at_s"]) <= 1.5
    assert 34 <= report.frames <= 38
    assert report.frames == len(frames(tmp_path / "a.mp4"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("notes: [{kind: box, place: [900, 10, 5, 5]}]", "note 1: it lies outside the picture, which is 320×192"),
        ("notes: [{kind: box, place: [9, 10, 5, 5], from: 7}]", "note 1: it begins after the end of the clip"),
        ("notes: [{kind: box, place: [9, 10, 5]}]", "note 1: a place of kind box is 4 numbers, not 3"),
        ("notes: [{kind: box, kind: box, place: [9, 10, 5, 5]}]", 'line 1: the word "kind" stands twice'),
        ("a: &x [1]\nnotes: *x", "line 2: anchors"),
        ("notes:\n - [\n", "line 3: "),
        ("", "it holds no list of notes"),
        ("[" * 3000, "line 1: "),
    ],
)
def test_notes_that_cannot_be_used_leave_nothing(tmp_path, text, why):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=2)
    notes = tmp_path / "notes.yaml"
    notes.write_text(text, encoding="utf-8")
    with pytest.raises(BadNotes) as raised:
        annotate(clip, notes, tmp_path / "a.mp4", zone=None)
    assert str(raised.value.facts["why"]).startswith(why)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "notes.yaml"]


def test_what_is_refused(tmp_path, notes):
    clip = write_mp4(tmp_path / "clip.mp4", seconds=1)
    out = tmp_path / "a.mp4"
    with pytest.raises(UnfitName):
        annotate(clip, notes, tmp_path / "a.png", zone=None)
    with pytest.raises(UnfitName):
        annotate(clip, notes, out, zone=None, still=True)
    with pytest.raises(NoSuchFile):
        annotate(tmp_path / "none.mp4", notes, out, zone=None)
    with pytest.raises(NotAFile):
        annotate(tmp_path, notes, out, zone=None)
    with pytest.raises(NoSuchFile):
        annotate(clip, tmp_path / "none.yaml", out, zone=None)
    with pytest.raises(NotAFile):
        annotate(clip, tmp_path, out, zone=None)
    with pytest.raises(Unplayable):
        annotate(notes, notes, out, zone=None)
    with pytest.raises(Unplayable):
        annotate(cut_fraction(clip, tmp_path / "cut.mp4", 0.1), notes, out, zone=None)
    (tmp_path / "latin.yaml").write_bytes("- {kind: text, label: é}".encode("latin-1"))
    with pytest.raises(BadNotes, match="UTF-8"):
        annotate(clip, tmp_path / "latin.yaml", out, zone=None)
    (tmp_path / "emoji.yaml").write_text("- {kind: text, place: [1, 1], label: 🛵}", encoding="utf-8")
    with pytest.raises(NoGlyph):
        annotate(clip, tmp_path / "emoji.yaml", out, zone=None)
    with pytest.raises(InsideFootage):
        annotate(clip, notes, out, zone=None, cameras=[Camera(3, "Chợ", "", str(tmp_path))])
    assert not out.exists()
    out.write_bytes(b"")
    with pytest.raises(OutputExists):
        annotate(clip, notes, out, zone=None)
    assert not record_path(out).exists()
