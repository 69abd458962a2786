import datetime as dt
import json
import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from camtool.core.ledger import Compared
from camtool.core.model import Recording, Span, State
from camtool.core.problem import ProblemKind
from camtool.errors import (
    InsideFootage,
    NoKeyframe,
    NothingRecorded,
    OutputExists,
    SourceChanged,
    StreamsDiffer,
    UnfitContainer,
    Unplayable,
)
from camtool.evidence.proof import read_proof
from camtool.jobs.clip import CutReport, cut
from camtool.jobs.verify import locator, verify_clip
from tests.makers.damage import cut_fraction
from tests.makers.dhav import write_dav
from tests.makers.program_stream import write_mpeg_ps
from tests.makers.retimed import retimed
from tests.makers.rows import (
    START_US,
    ZONE,
    S,
    camera,
    ffprobe,
    framehash,
    row,
    sha256_of,
    shown_numbers,
    span,
)
from tests.makers.video import annexb_packets, write_mp4, write_video

CANONICAL = {
    "h264": "h264_mp4toannexb,filter_units=remove_types=7-9",
    "hevc": "hevc_mp4toannexb,filter_units=remove_types=32-35",
}


@pytest.fixture
def footage(tmp_path: Path) -> Path:
    folder = tmp_path / "footage"
    folder.mkdir()
    return folder


def run(footage: Path, rows: list[Recording], wanted: Span, out: Path, offset_us: int = 0, **more) -> CutReport:
    return cut(camera(footage), rows, wanted, offset_us, out, zone=ZONE, keep_out_of=[footage], **more)


def proven(footage: Path, report: CutReport) -> None:
    """Hold a clip against every outside judge there is: hashes, counts with and without edit lists, our own verify."""
    assert report.packets_identical
    assert report.sha256 == sha256_of(report.path)
    assert report.size_bytes == report.path.stat().st_size
    proof = read_proof(report.path)
    assert proof.sealed
    assert proof.clip_sha256 == report.sha256
    rows = list(proof.rows())
    for number, stream in enumerate(proof.streams):
        here = [each.sha256 for each in rows if each.stream == number]
        assert len(here) == stream.packets
        assert framehash(report.path, f"0:{stream.kind[0]}") == here
    shown, stored = ffprobe(report.path), ffprobe(report.path, "-ignore_editlist", "1")
    for kind, track in shown.items():
        assert len(track.times) == len(stored[kind].times) == next(s.packets for s in proof.streams if s.kind == kind)
        assert not [flags for flags in track.flags if "D" in flags]
    checked = verify_clip(report.path, locate=locator([camera(footage)]))
    assert checked.ok, checked.problems
    assert checked.checked > len(rows)
    for source in report.sources:
        assert source.sha256 == sha256_of(footage / source.path)


def test_a_clip_begins_with_the_keyframe_before_and_ends_with_the_whole_group(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=10, fps=10, gop=10)
    told = run(footage, [row(clip)], span(3.45, 5.05), tmp_path / "c.mp4", offset_us=300 * S)
    assert told.path == tmp_path / "c.mp4"
    assert told.camera_span == span(3, 6)
    assert told.true_span == Span(told.start_us, told.end_us) == span(303, 306)
    assert told.requested == span(303.45, 305.05)
    assert [(s.path, s.first_packet, s.packets) for s in told.sources] == [("a.mp4", 30, 30)]
    assert told.compared is Compared.BYTES
    assert told.problems == ()
    assert shown_numbers(told.path) == list(range(30, 60))
    assert framehash(told.path) == framehash(clip)[30:60]
    proven(footage, told)


@pytest.mark.parametrize(("wanted", "numbers"), [((3, 4), (30, 40)), ((3, 4.0001), (30, 50)), ((0, 99), (0, 100))])
def test_the_window_is_half_open(footage, tmp_path, wanted, numbers):
    clip = write_mp4(footage / "a.mp4", seconds=10, fps=10, gop=10)
    told = run(footage, [row(clip)], span(*wanted), tmp_path / "c.mp4")
    assert shown_numbers(told.path) == list(range(*numbers))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_b_frames_and_sound_stay_whole_and_together(footage, tmp_path, codec, suffix):
    """libx265 makes open groups: pictures that lead a keyframe are stored behind it, and no edit list may hide them."""
    clip = write_mp4(footage / "a.mp4", seconds=10, fps=10, gop=10, bframes=3, audio="aac", codec=codec)
    told = run(footage, [row(clip)], span(4.45, 6.95), tmp_path / f"c{suffix}")
    assert told.path.suffix == suffix
    assert told.problems == ()
    source, here = ffprobe(clip), ffprobe(told.path)
    first, packets = told.sources[0].first_packet, told.sources[0].packets
    times = source["video"].times[first : first + packets]
    shift = here["video"].times[0] - times[0]
    slack_s = 0.0011 if suffix == ".mkv" else 0.00001
    assert [time - shift for time in here["video"].times] == pytest.approx(times, abs=slack_s)
    heard = next(each.packet for each in read_proof(told.path).rows() if each.stream == 1)
    sound = source["audio"].times[heard : heard + len(here["audio"].times)]
    assert [time - shift for time in here["audio"].times] == pytest.approx(
        sound, abs=0.0021 if suffix == ".mkv" else 0.0002
    )
    if codec == "libx265" and suffix == ".mp4":
        assert here["video"].tag == "hvc1"
        assert min(times) < times[0]
    proven(footage, told)


def test_a_variable_frame_rate_keeps_every_distance(footage, tmp_path):
    plain = write_mp4(tmp_path / "plain.mp4", seconds=4, fps=10, gop=10)
    times = [0]
    for number in range(39):
        times.append(times[-1] + 3003 + 1001 * (number * 7 % 5) + number)
    clip = retimed(plain, footage / "a.mp4", times)
    told = run(footage, [row(clip)], span(0.9, 1.2), tmp_path / "c.mp4")
    first, packets = told.sources[0].first_packet, told.sources[0].packets
    here = [round(time * 90_000) for time in ffprobe(told.path)["video"].times]
    expected = times[first : first + packets]
    assert [time - here[0] for time in here] == [time - expected[0] for time in expected]
    proven(footage, told)


@pytest.mark.parametrize("audio", ["pcm_alaw", "pcm_mulaw"])
def test_sound_that_mp4_cannot_hold_makes_it_an_mkv(footage, tmp_path, audio):
    clip = write_video(footage / "a.mov", seconds=4, fps=10, audio=audio)
    told = run(footage, [row(clip)], span(1.5, 2.5), tmp_path / "c.mp4")
    assert told.path == tmp_path / "c.mkv"
    assert not (tmp_path / "c.mp4").exists()
    assert [(p.kind, p.facts["codec"], p.facts["written"]) for p in told.problems] == [
        (ProblemKind.CONTAINER_CHANGED, audio, ".mkv")
    ]
    assert str(told.problems[0]) == f"written as .mkv, because .mp4 cannot hold its {audio} sound"
    assert ffprobe(told.path)["audio"].codec == audio
    proven(footage, told)
    again = run(footage, [row(clip)], span(1.5, 2.5), tmp_path / "d.mkv")
    assert again.problems == ()
    assert again.sha256 == told.sha256  # the same cut gives the same bytes


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_sound_that_no_container_holds_is_left_out_and_said(footage, tmp_path, suffix):
    clip = write_video(footage / "a.mov", seconds=4, fps=10, audio="adpcm_ima_qt")
    told = run(footage, [row(clip)], span(1, 3), tmp_path / f"c{suffix}")
    assert told.path == tmp_path / f"c{suffix}"
    (problem,) = told.problems
    assert (problem.kind, problem.path, problem.camera) == (ProblemKind.AUDIO_LEFT_OUT, "a.mov", 3)
    assert problem.facts == {"codec": "adpcm_ima_qt", "detail": "no container that camtool writes can hold it"}
    assert set(ffprobe(told.path)) == {"video"}
    assert shown_numbers(told.path) == list(range(10, 30))
    proven(footage, told)


def test_sound_of_another_kind_than_the_clips_first_is_left_out_and_said(footage, tmp_path):
    rows = [
        row(write_mp4(footage / f"{n}.mp4", seconds=3, fps=10, first=30 * n, audio=audio), 3 * n)
        for n, audio in enumerate(("aac", "ac3"))
    ]
    told = run(footage, rows, span(0, 6), tmp_path / "c.mp4")
    (problem,) = told.problems
    assert (problem.kind, problem.path, problem.camera) == (ProblemKind.AUDIO_LEFT_OUT, "1.mp4", 3)
    assert problem.facts == {"codec": "ac3", "detail": "it is of another kind than the sound before it"}
    heard = ffprobe(told.path)["audio"]
    assert heard.codec == "aac"
    assert 0 < len(heard.times) < 3 * 16000 / 1024 + 3, "the first file's three seconds, and no more"
    assert shown_numbers(told.path) == list(range(60))
    proven(footage, told)


def test_across_file_borders_without_a_seam(footage, tmp_path):
    rows = [
        row(write_mp4(footage / f"{n}.mp4", seconds=3, fps=10, gop=10, first=30 * n, bframes=2), 3 * n)
        for n in range(4)
    ]
    told = run(footage, rows[::-1], span(2.5, 9.5), tmp_path / "c.mp4")
    assert [(s.path, s.first_packet, s.packets) for s in told.sources] == [
        ("0.mp4", 20, 10),
        ("1.mp4", 0, 30),
        ("2.mp4", 0, 30),
        ("3.mp4", 0, 10),
    ]
    assert shown_numbers(told.path) == list(range(20, 100))
    assert told.problems == ()
    times = sorted(ffprobe(told.path)["video"].times)
    assert [later - time for time, later in pairwise(times)] == pytest.approx([0.1] * 79, abs=1e-5)
    proven(footage, told)


def test_a_gap_is_closed_and_told(footage, tmp_path):
    rows = [row(write_mp4(footage / f"{n}.mp4", seconds=3, fps=10, first=30 * n), 10 * n) for n in range(2)]
    told = run(footage, rows, span(1, 12), tmp_path / "c.mp4", offset_us=60 * S)
    assert shown_numbers(told.path) == [*range(10, 30), *range(30, 50)]
    (gap,) = told.problems
    assert gap.kind is ProblemKind.GAP_IN_CLIP
    assert gap.facts == {"start": "2026-11-23T18:01:03+07:00", "end": "2026-11-23T18:01:10+07:00"}
    assert [s.camera_span for s in told.sources] == [span(1, 3), span(10, 12)]
    assert ffprobe(told.path)["video"].times[20] == pytest.approx(2.0)
    proven(footage, told)


def test_overlapping_recordings_show_no_picture_twice(footage, tmp_path):
    write_mp4(tmp_path / "long.mp4", seconds=20, fps=10, gop=10)
    first = write_mp4(footage / "a.mp4", seconds=8, fps=10, gop=10)
    inside = write_mp4(footage / "b.mp4", seconds=2, fps=10, gop=10, first=20)
    second = write_mp4(footage / "c.mp4", seconds=10, fps=10, gop=10, first=55)
    told = run(footage, [row(first), row(inside, 2), row(second, 5.5)], span(1, 14), tmp_path / "c.mp4")
    assert [s.path for s in told.sources] == ["a.mp4", "c.mp4"]
    assert shown_numbers(told.path) == [*range(10, 80), *range(85, 145)]
    assert told.problems == ()  # half a second until the next keyframe: within what recorders' names can tell
    proven(footage, told)


def test_an_overlap_that_no_keyframe_joins_is_told(footage, tmp_path):
    first = write_mp4(footage / "a.mp4", seconds=8, fps=10, gop=10)
    second = write_mp4(footage / "c.mp4", seconds=12, fps=10, gop=50, first=60)
    told = run(footage, [row(first), row(second, 6)], span(1, 14), tmp_path / "c.mp4")
    assert shown_numbers(told.path) == [*range(10, 80), *range(110, 160)]
    (lost,) = told.problems
    assert lost.kind is ProblemKind.OVERLAP_SKIPPED
    assert lost.facts == {"start": "2026-11-23T18:00:08+07:00", "end": "2026-11-23T18:00:11+07:00"}
    proven(footage, told)


def test_names_that_overlap_by_a_second_lose_nothing(footage, tmp_path):
    """A recorder that writes 18.00.00-18.00.06 and then 18.00.05 has not filmed that second twice."""
    rows = [
        row(write_mp4(footage / f"{n}.mp4", seconds=5, fps=10, gop=50, first=50 * n), 5 * n, wall_s=6) for n in (0, 1)
    ]
    told = run(footage, rows, span(0, 11), tmp_path / "c.mp4")
    assert shown_numbers(told.path) == list(range(100))
    assert told.problems == ()
    proven(footage, told)


def test_a_second_that_really_was_written_twice_is_shown_once(footage, tmp_path):
    long = write_mp4(tmp_path / "long.mp4", seconds=10, fps=10, gop=10)
    packets = annexb_packets(long)
    first = write_dav(footage / "a.dav", packets[:50], dt.datetime(2026, 11, 23, 18))
    second = write_dav(footage / "b.dav", packets[40:], dt.datetime(2026, 11, 23, 18))
    told = run(footage, [row(first), row(second, 4)], span(0, 10), tmp_path / "c.mp4")
    assert shown_numbers(told.path) == list(range(100))
    proven(footage, told)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("kind", ["dav", "mpg", "ts"])
def test_annex_b_is_reframed_and_proven_by_nal_units(footage, tmp_path, kind, suffix, codec, monkeypatch):
    monkeypatch.setattr("tests.makers.program_stream.PES_DATA_BYTES", 60)  # so that pictures lie in several pieces
    plain = write_mp4(
        tmp_path / "plain.mp4", seconds=5, fps=10, gop=10, codec={"h264": "libx264", "hevc": "libx265"}[codec]
    )
    packets = annexb_packets(plain)
    if kind == "dav":
        clip = write_dav(footage / "a.dav", packets, dt.datetime(2026, 11, 23, 18), codec=codec)
    elif kind == "mpg":
        clip = write_mpeg_ps(footage / "a.mpg", packets, codec=codec, imkh=True)
    else:
        clip = remuxed(plain, footage / "a.ts")
    told = run(footage, [row(clip)], span(1.5, 3.5), tmp_path / f"c{suffix}")
    assert told.compared is Compared.NAL_UNITS
    assert [(s.first_packet, s.packets) for s in told.sources] == [(10, 30)]
    assert shown_numbers(told.path) == list(range(10, 40))
    canonical = framehash(told.path, bsf=CANONICAL[codec])
    assert canonical == framehash(plain, bsf=CANONICAL[codec])[10:40]
    rows = [each for each in read_proof(told.path).rows() if each.stream == 0]
    assert [each.common_sha256 for each in rows] == canonical
    assert {each.pos_bytes is None for each in rows} == ({False} if kind == "dav" else {False, True})
    if codec == "hevc" and suffix == ".mp4":
        assert ffprobe(told.path)["video"].tag == "hvc1"
    proven(footage, told)


def remuxed(source: Path, out: Path) -> Path:
    import av

    with av.open(str(source)) as container, av.open(str(out), "w") as target:
        tracks = {s.index: target.add_stream_from_template(s, opaque=True) for s in container.streams}
        for packet in container.demux():
            if packet.size:
                packet.stream = tracks[packet.stream_index]
                target.mux(packet)
    return out


@pytest.mark.parametrize("suffix", [".ts", ".mkv", ".flv"])
def test_other_containers_with_b_frames_and_sound(footage, tmp_path, suffix):
    plain = write_mp4(tmp_path / "plain.mp4", seconds=5, fps=10, gop=10, bframes=3, audio="aac")
    clip = remuxed(plain, footage / f"a{suffix}")
    told = run(footage, [row(clip)], span(1.5, 3.5), tmp_path / "c.mp4")
    assert shown_numbers(told.path) == list(range(10, 40))
    streams = read_proof(told.path).streams
    assert [stream.retimed for stream in streams] == [0, 0]
    assert streams[1].compared is (Compared.ADTS_PAYLOAD if suffix == ".ts" else Compared.BYTES)
    heard = framehash(told.path, "0:a")
    first = next(each.packet for each in read_proof(told.path).rows() if each.stream == 1)
    assert heard == framehash(plain, "0:a")[first : first + len(heard)]
    proven(footage, told)


def test_an_avi(footage, tmp_path):
    clip = write_video(footage / "a.avi", seconds=5, fps=10, gop=10)
    told = run(footage, [row(clip)], span(1.5, 3.5), tmp_path / "c.mp4")
    assert shown_numbers(told.path) == list(range(10, 40))
    proven(footage, told)


def test_sound_of_a_dav_goes_to_mkv(footage, tmp_path):
    plain = write_mp4(tmp_path / "plain.mp4", seconds=5, fps=10, gop=10)
    clip = write_dav(footage / "a.dav", plain, dt.datetime(2026, 11, 23, 18), sound=True)
    told = run(footage, [row(clip)], span(1.5, 3.5), tmp_path / "c.mp4")
    assert told.path.name == "c.mkv"
    assert [p.kind for p in told.problems] == [ProblemKind.CONTAINER_CHANGED]
    assert read_proof(told.path).streams[1].packets == 30
    proven(footage, told)


def test_containers_of_two_kinds_share_a_track_where_only_the_framing_differs(footage, tmp_path):
    plain = write_mp4(footage / "a.mp4", seconds=3, fps=10, gop=10)
    dav = write_dav(footage / "b.dav", plain, dt.datetime(2026, 11, 23, 18))
    for name, rows in (("c", [row(plain), row(dav, 3)]), ("d", [row(dav), row(plain, 3)])):
        told = run(footage, rows, span(1, 5), tmp_path / f"{name}.mp4")
        assert told.compared is Compared.NAL_UNITS
        assert shown_numbers(told.path) == [*range(10, 30), *range(20)]
        proven(footage, told)


def test_one_picture(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=0.1, fps=10)
    told = run(footage, [row(clip)], span(0, 1), tmp_path / "c.mp4")
    assert shown_numbers(told.path) == [0]
    assert told.camera_span == span(0, 0.1)
    proven(footage, told)


def test_a_broken_off_recording_gives_what_is_there(footage, tmp_path):
    plain = write_mp4(tmp_path / "plain.mp4", seconds=10, fps=10, gop=10, audio="aac")
    clip = cut_fraction(plain, footage / "a.mp4", 0.6)
    broken = row(clip, state=State.TRUNCATED)
    assert broken.span is not None
    told = run(footage, [broken], span(1.5, 9), tmp_path / "c.mp4")
    numbers = shown_numbers(told.path)
    assert numbers == list(range(10, 10 + len(numbers)))
    assert 40 <= len(numbers) < 60
    assert told.camera_span.end_us == broken.span.end_us  # the playable part, to the picture
    (short,) = told.problems
    assert short.kind is ProblemKind.CLIP_SHORT
    assert short.path == "a.mp4"
    assert framehash(told.path) == framehash(plain)[10 : 10 + len(numbers)]
    proven(footage, told)


def test_a_window_wider_than_what_was_recorded(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=3, fps=10, gop=10)
    told = run(footage, [row(clip, 10)], span(5, 20), tmp_path / "c.mp4")
    assert shown_numbers(told.path) == list(range(30))
    assert [(p.kind, p.facts) for p in told.problems] == [(ProblemKind.CLIP_SHORT, {"covered": "0:00:03 / 0:00:15"})]


def test_a_recorder_whose_media_runs_slower_than_the_wall(footage, tmp_path):
    """60 s of media for 72 s of wall: places are found by proportion, and the report's times follow."""
    clip = write_mp4(footage / "a.mp4", seconds=60, fps=5, gop=10, size=(64, 48))
    told = run(footage, [row(clip, wall_s=72)], span(36, 36.1), tmp_path / "c.mp4")
    assert [(s.first_packet, s.packets) for s in told.sources] == [(150, 10)]
    assert told.camera_span == span(36, 38.4)


def test_an_unreadable_recording_between_two_becomes_a_gap(footage, tmp_path):
    rows = [row(write_mp4(footage / f"{n}.mp4", seconds=3, fps=10, first=30 * n), 3 * n) for n in range(4)]
    (footage / "1.mp4").write_bytes(b"power cut")
    (footage / "2.mp4").unlink()
    told = run(footage, rows, span(0, 12), tmp_path / "c.mp4")
    assert [(p.kind, p.path) for p in told.problems] == [
        (ProblemKind.UNREADABLE, "1.mp4"),
        (ProblemKind.MISSING, "2.mp4"),
        (ProblemKind.GAP_IN_CLIP, "3.mp4"),
    ]
    assert shown_numbers(told.path) == [*range(30), *range(90, 120)]


def test_the_same_cut_gives_the_same_bytes(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=3, fps=10, audio="aac")
    told = [run(footage, [row(clip)], span(1, 2), tmp_path / name) for name in ("a.mp4", "b.mp4", "a.mkv", "b.mkv")]
    assert told[0].sha256 == told[1].sha256
    assert told[2].sha256 == told[3].sha256


def test_originals_are_only_read(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=3, fps=10)
    before = clip.read_bytes(), clip.stat().st_mtime_ns, sorted(path.name for path in footage.iterdir())
    clip.chmod(0o400)
    footage.chmod(0o500)
    try:
        run(footage, [row(clip)], span(1, 2), tmp_path / "c.mp4")
    finally:
        footage.chmod(0o700)
    assert (clip.read_bytes(), clip.stat().st_mtime_ns, sorted(path.name for path in footage.iterdir())) == before


def left(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.iterdir() if path.name not in {"footage", "plain.mp4"})


def test_a_source_that_is_not_what_was_hashed(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=3, fps=10)
    good = row(clip, sha256=sha256_of(clip))
    assert run(footage, [good], span(1, 2), tmp_path / "good.mp4").sources[0].sha256 == good.sha256
    data = bytearray(clip.read_bytes())
    data[-20] ^= 1
    clip.write_bytes(data)
    with pytest.raises(SourceChanged) as raised:
        run(footage, [good], span(1, 2), tmp_path / "c.mp4")
    assert raised.value.facts == {"path": clip, "found": sha256_of(clip), "expected": good.sha256}
    assert left(tmp_path) == ["good.mp4", "good.mp4.proof.json"]


def test_what_cannot_be_cut_leaves_nothing(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=3, fps=10)
    out = tmp_path / "c.mp4"
    with pytest.raises(UnfitContainer):
        run(footage, [row(clip)], span(1, 2), tmp_path / "c.avi")
    with pytest.raises(NothingRecorded):
        run(footage, [row(clip)], span(3, 4), out)
    with pytest.raises(NothingRecorded):
        run(footage, [replace(row(clip), span=None)], span(0, 1), out)
    with pytest.raises(InsideFootage):
        run(footage, [row(clip)], span(1, 2), footage / "c.mp4")
    (tmp_path / "link").symlink_to(footage)
    with pytest.raises(InsideFootage):
        run(footage, [row(clip)], span(1, 2), tmp_path / "link" / "c.mp4")
    (tmp_path / "link").unlink()
    (footage / "b.mp4").write_text("không phải video")
    with pytest.raises(Unplayable):
        run(footage, [replace(row(clip), path="b.mp4")], span(1, 2), out)
    assert left(tmp_path) == []
    out.write_bytes(b"kept")
    with pytest.raises(OutputExists):
        run(footage, [row(clip)], span(1, 2), out)
    assert out.read_bytes() == b"kept"
    out.rename(tmp_path / "c.mp4.proof.json")
    with pytest.raises(OutputExists):
        run(footage, [row(clip)], span(1, 2), out)
    assert left(tmp_path) == ["c.mp4.proof.json"]


def test_pictures_of_two_formats(footage, tmp_path):
    first = write_mp4(footage / "a.mp4", seconds=3, fps=10)
    larger = write_mp4(footage / "b.mp4", seconds=3, fps=10, size=(640, 360))
    with pytest.raises(StreamsDiffer) as raised:
        run(footage, [row(first), row(larger, 3)], span(1, 5), tmp_path / "c.mp4", offset_us=S)
    assert raised.value.facts == {
        "when": "23/11/2026 18:00:04",
        "before": "h264 320x192",
        "after": "h264 640x360",
    }
    other = write_mp4(footage / "c.mp4", seconds=3, fps=10, bframes=3)
    with pytest.raises(StreamsDiffer) as raised:
        run(footage, [row(first), row(other, 3)], span(1, 5), tmp_path / "c.mp4")
    assert raised.value.facts["after"] == "h264 320x192, other SPS/PPS"
    assert left(tmp_path) == []


def test_no_keyframe_before(footage, tmp_path):
    packets = annexb_packets(write_mp4(tmp_path / "plain.mp4", seconds=6, fps=10, gop=30))
    clip = write_dav(footage / "a.dav", [*packets[:1], *packets[5:]], dt.datetime(2026, 11, 23, 18))
    headless = write_mpeg_ps(footage / "b.mpg", packets[10:])
    assert run(footage, [row(clip)], span(0, 1), tmp_path / "a.mp4").sources[0].packets == 26
    late = run(footage, [row(headless)], span(0.5, 4), tmp_path / "b.mp4")
    assert late.sources[0].first_packet == 20
    assert [p.kind for p in late.problems] == [ProblemKind.CLIP_SHORT]
    with pytest.raises(NoKeyframe):
        run(footage, [row(headless)], span(0.5, 1), tmp_path / "c.mp4")


def test_a_clock_put_back_inside_a_recording(footage, tmp_path):
    packets = annexb_packets(write_mp4(tmp_path / "plain.mp4", seconds=6, fps=10, gop=10))
    moved = [
        p if n < 30 else replace(p, pts_us=p.pts_us - 2 * S, dts_us=p.dts_us - 2 * S) for n, p in enumerate(packets)
    ]
    clip = write_dav(footage / "a.dav", moved, dt.datetime(2026, 11, 23, 18))
    told = run(footage, [replace(row(clip), span=span(0, 10))], span(0, 9), tmp_path / "c.mp4")
    assert shown_numbers(told.path) == list(range(60))
    proof = read_proof(told.path)
    assert proof.streams[0].retimed == 0
    assert [first for first, _ in proof.sources[0].stretches[0].runs] == [0, 30]
    proven(footage, told)


def test_the_proof_says_what_the_report_says(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=3, fps=10)
    told = run(footage, [row(clip)], span(1.5, 2), tmp_path / "lấy xe.mp4", offset_us=300 * S)
    facts = json.loads(told.proof.read_text(encoding="utf-8"))
    assert facts["clip"]["name"] == "lấy xe.mp4"
    assert facts["camera"] == {"number": 3, "name": "Chợ", "place": "Cổng sau"}
    assert facts["true_time_is_camera_time_plus_us"] == 300_000_000
    assert facts["requested"]["camera_time"] == {
        "from": "2026-11-23T18:00:01.500+07:00",
        "to": "2026-11-23T18:00:02+07:00",
    }
    assert facts["shown"]["true_time"] == {"from": "2026-11-23T18:05:01+07:00", "to": "2026-11-23T18:05:02+07:00"}
    assert facts["sources"][0]["path"] == "a.mp4"
    assert facts["sources"][0]["folder"] == str(footage)
    assert list(facts["made_by"]) == ["camtool"], "libav took no part in it"
    assert len(facts["packets"]) == 10
    through_libav = run(footage, [row(clip)], span(1.5, 2), tmp_path / "c.mkv")
    facts = json.loads(through_libav.proof.read_text(encoding="utf-8"))
    assert facts["made_by"]["camtool"]
    assert facts["made_by"]["libavformat"]


def test_a_failing_custody_step_fails_the_cut(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=3, fps=10)
    seen = []

    def refuse(report: CutReport) -> None:
        seen.append((report.sha256, report.path.exists()))
        message = "no custody"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="no custody"):
        run(footage, [row(clip)], span(1, 2), tmp_path / "c.mp4", before_final=refuse)
    assert left(tmp_path) == []
    told = run(footage, [row(clip)], span(1, 2), tmp_path / "c.mp4")
    assert seen == [(told.sha256, False)]


def test_an_interrupt_leaves_nothing(footage, tmp_path):
    clip = write_mp4(footage / "a.mp4", seconds=60, fps=10, size=(64, 48))
    told: list[int] = []

    def interrupt(percent: int) -> None:
        told.append(percent)
        if percent > 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(footage, [row(clip)], span(0, 60), tmp_path / "c.mp4", progress=interrupt)
    assert left(tmp_path) == []
    percents: list[int] = []
    run(footage, [row(clip)], span(0, 60), tmp_path / "c.mp4", progress=percents.append)
    assert percents == sorted(set(percents))
    assert percents[-1] == 100


FOOTAGE = os.environ.get("CAMTOOL_TEST_FOOTAGE")


@pytest.mark.skipif(not FOOTAGE, reason="CAMTOOL_TEST_FOOTAGE names no folder of real clips")
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("traffic_camera.mp4", (6, 14)),
        ("traffic_camera_vfr.mp4", (10, 20)),
        ("car-detection.mp4", (9, 17)),
        ("one-by-one-person-detection.mp4", (30.3, 61)),
        ("street-walkers.mp4", (1, 2)),
        ("bottle-detection.mp4", (3, 30)),
    ],
)
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_real_clips(tmp_path, name, wanted, suffix):
    folder = Path(FOOTAGE or "")
    told = run(folder, [row(folder / name)], span(*wanted), tmp_path / f"c{suffix}")
    first, packets = told.sources[0].first_packet, told.sources[0].packets
    assert framehash(told.path) == framehash(folder / name)[first : first + packets]
    assert told.camera_span.start_us <= START_US + wanted[0] * S
    assert told.camera_span.end_us >= START_US + wanted[1] * S
    proven(folder, told)
