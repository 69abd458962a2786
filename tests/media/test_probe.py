import datetime as dt
import json
import os
import shutil
import stat
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camtool.core.model import MediaFacts, State
from camtool.errors import Unplayable
from camtool.media.packets import read_source
from camtool.media.probe import probe
from tests.makers import boxes as make
from tests.makers.damage import cut_bytes, cut_fraction, with_box_size, without_box
from tests.makers.retabled import always, replaced, retabled
from tests.makers.video import write_mp4, write_video

FOOTAGE = os.environ.get("CAMTOOL_TEST_FOOTAGE")


def problems(facts: MediaFacts) -> list[tuple[str, dict[str, str | int]]]:
    assert all(problem.path is None and problem.camera is None for problem in facts.problems)
    assert all(str(problem) for problem in facts.problems)  # the facts fill the words
    return [(problem.kind.value, dict(problem.facts)) for problem in facts.problems]


def picture(facts: MediaFacts) -> tuple[object, ...]:
    return facts.video_codec, facts.width_px, facts.height_px, facts.rate, facts.audio_codec


def broken(path: Path, expected_bytes: int) -> tuple[str, dict[str, str | int]]:
    return "truncated", {"present_bytes": path.stat().st_size, "expected_bytes": expected_bytes}


# ---- MP4 ------------------------------------------------------------------------------------------------------


def test_whole_mp4(tmp_path: Path) -> None:
    created = dt.datetime(2026, 11, 23, 11, 30, tzinfo=dt.UTC)
    facts = probe(write_mp4(tmp_path / "a.mp4", seconds=3, fps=8, audio="aac", created=created))
    assert facts == MediaFacts(
        State.OK,
        container="mp4",
        media_us=3_000_000,
        playable_us=3_000_000,
        container_start_us=int(created.timestamp()) * 1_000_000,
        video_codec="h264",
        width_px=320,
        height_px=192,
        frames=24,
        rate=Fraction(8),
        audio_codec="aac",
    )


def test_mp4_needs_no_video_library(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "a.mp4")
    code = (
        "import sys; from camtool.media.probe import probe; from pathlib import Path\n"
        f"assert probe(Path({str(path)!r})).state == 'ok'\n"
        "print(sorted({'av', 'cv2', 'numpy', 'PIL', 'skimage'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_paths_as_text_and_with_strange_names(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4")
    stream = write_video(tmp_path / "a.ts")
    for name in ("Cổng số 1%d [R].mp4", "-.mp4", "a\nb.mp4", "http:x.mp4", os.fsdecode(b"\xff\xfe.mp4")):
        try:
            shutil.copy(source, tmp_path / name)
            shutil.copy(stream, tmp_path / f"{name}.ts")
        except (OSError, ValueError):  # a file system that takes no such names
            continue
        assert probe(str(tmp_path / name)).frames == 20
        assert probe(tmp_path / f"{name}.ts").media_us == 2_000_000


def test_empty(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"")
    facts = probe(tmp_path / "a.mp4")
    assert (facts.state, facts.media_us, facts.playable_us, problems(facts)) == (State.EMPTY, None, 0, [("empty", {})])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.dav", [("content_mismatch", {"suffix": ".dav", "found": "mp4"})]),
        ("a.AVI", [("content_mismatch", {"suffix": ".AVI", "found": "mp4"})]),
        ("a.MOV", []),
        ("a", []),
        ("a.tmp", []),  # says nothing of the content
    ],
)
def test_endings(tmp_path: Path, name: str, expected: list[tuple[str, dict[str, str | int]]]) -> None:
    shutil.copy(write_mp4(tmp_path / "source.mp4"), tmp_path / name)
    facts = probe(tmp_path / name)
    assert (facts.state, problems(facts)) == (State.OK, expected)


def test_cut_with_the_index_in_front(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=6)
    cut = cut_fraction(source, tmp_path / "cut.mp4", 0.6)
    facts = probe(cut)
    assert (facts.state, facts.media_us) == (State.TRUNCATED, 6_000_000)
    assert facts.playable_us is not None
    assert 2_000_000 < facts.playable_us < 5_000_000
    assert problems(facts) == [broken(cut, source.stat().st_size)]
    assert picture(facts) == ("h264", 320, 192, Fraction(10), None)
    assert probe(source, cut.stat().st_size) == facts  # the size the caller saw counts


@pytest.mark.parametrize("fragmented", [False, True])
def test_no_index(tmp_path: Path, fragmented: bool) -> None:
    source = write_mp4(tmp_path / "a.mp4", faststart=False, fragmented=fragmented, seconds=4)
    for path in (without_box(source, tmp_path / "b.mp4", b"moov"), cut_fraction(source, tmp_path / "c.mp4", 0.6)):
        if path.name == "c.mp4" and fragmented:
            continue
        facts = probe(path)
        assert (facts.state, facts.container) == (State.NO_INDEX, "mp4")
        assert (facts.media_us, facts.playable_us, facts.video_codec) == (None, 0, None)
        assert problems(facts) == [("no_index", {})]


def test_fragmented_broken_off(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=4, fragmented=True)
    assert probe(source).state == State.OK
    facts = probe(cut_fraction(source, tmp_path / "cut.mp4", 0.6))
    assert (facts.state, facts.media_us, facts.playable_us) == (State.TRUNCATED, 2_000_000, 1_000_000)
    (kind, stated), *rest = problems(facts)
    assert (kind, rest) == ("truncated", [])
    assert int(stated["expected_bytes"]) > int(stated["present_bytes"])


def test_cut_before_the_picture_is_described(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4")
    cut = cut_bytes(source, tmp_path / "cut.mp4", 60)
    facts = probe(cut)
    assert (facts.state, facts.playable_us, facts.video_codec) == (State.TRUNCATED, 0, None)
    assert [kind for kind, _ in problems(facts)] == ["truncated"]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (make.FTYP + b"\xa5\x5a" * 3000, "its boxes end in noise before the index (moov)"),
        (make.FTYP + make.box(b"moov"), "its index (moov) is empty"),
        (
            make.FTYP + make.movie(make.track(make.sample_table(), handler=b"soun")),
            "its index (moov) names no picture",
        ),
        (make.FTYP + make.movie(make.track(make.sample_table())), "its index (moov) holds no picture"),
        (make.FTYP + make.box(b"free") * 1_000_001, "it has more boxes than any recording"),
    ],
)
def test_unusable_mp4(tmp_path: Path, content: bytes, detail: str) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    facts = probe(tmp_path / "a.mp4")
    assert (facts.state, facts.container) == (State.UNREADABLE, "mp4")
    assert problems(facts) == [("unreadable", {"detail": detail})]


@pytest.mark.parametrize("number", [2**32 - 1, 2**31 - 1, 100_000])
@pytest.mark.parametrize(
    ("kind", "table"),
    [
        *((b"vide", table) for table in (b"stsz", b"stts", b"stsc", b"stss", b"ctts")),
        *((b"soun", table) for table in (b"stts", b"stsc")),
    ],
)
def test_an_index_that_contradicts_itself(tmp_path: Path, kind: bytes, table: bytes, number: int) -> None:
    """A table with more entries than there is room for: libav refuses it, so `ok` would be refused by `cut`."""
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, bframes=2, audio="aac", faststart=False)
    change = replaced(table, 8 if table == b"stsz" else 4, struct.pack(">I", number))
    path = retabled(plain, tmp_path / "b.mp4", {table: change}, kind)
    found = probe(path)
    assert (found.state, found.frames, found.media_us) == (State.UNREADABLE, None, None)
    assert problems(found) == [("unreadable", {"detail": "its index (moov) contradicts itself"})]
    with pytest.raises(Unplayable):
        read_source(path)


def test_more_sizes_of_sound_than_libav_takes(tmp_path: Path) -> None:
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, audio="aac", faststart=False)
    change = replaced(b"stsz", 8, struct.pack(">I", 2**32 - 1))
    path = retabled(plain, tmp_path / "b.mp4", {b"stsz": change}, b"soun")
    assert probe(path).state is State.UNREADABLE
    with pytest.raises(Unplayable):
        read_source(path)


@pytest.mark.parametrize("table", [b"stts", b"stsc", b"stco"])
def test_an_index_without_what_its_samples_need(tmp_path: Path, table: bytes) -> None:
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, faststart=False)
    path = retabled(plain, tmp_path / "b.mp4", {table: always(make.full(table, 0, 0, bytes(4)))})
    assert problems(probe(path)) == [("unreadable", {"detail": "its index (moov) contradicts itself"})]
    with pytest.raises(Unplayable):
        read_source(path)


def test_sound_that_cannot_be_found_takes_nothing_from_the_picture(tmp_path: Path) -> None:
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, audio="aac", faststart=False)
    change = replaced(b"stsz", 8, struct.pack(">I", 100_000))
    path = retabled(plain, tmp_path / "b.mp4", {b"stsz": change}, b"soun")
    assert (probe(path).state, probe(path).frames) == (State.OK, 40)
    assert read_source(path).indexed


def test_a_count_that_is_off_by_one_is_played_all_the_same(tmp_path: Path) -> None:
    """libav reads the entry that is not there out of the next box, and shows every picture."""
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, bframes=2, faststart=False)
    path = retabled(plain, tmp_path / "b.mp4", {b"stss": replaced(b"stss", 4, struct.pack(">I", 5))})
    assert probe(path).state is State.OK
    assert read_source(path).indexed


def test_a_broken_off_index_is_truncated_first_of_all(tmp_path: Path) -> None:
    plain = write_mp4(tmp_path / "a.mp4", seconds=4, gop=10, faststart=False)
    path = retabled(plain, tmp_path / "b.mp4", {b"stsz": replaced(b"stsz", 8, struct.pack(">I", 2**32 - 1))})
    assert probe(cut_bytes(path, tmp_path / "c.mp4", -10)).state is State.TRUNCATED


def test_wrong_box_sizes(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", faststart=False)
    for kind, size, state in (
        (b"mdat", 0x7000_0000, State.NO_INDEX),
        (b"mdat", 9, State.NO_INDEX),
        (b"moov", 9, State.UNREADABLE),
        (b"moov", 0x7000_0000, State.TRUNCATED),
        (b"ftyp", 0x7000_0000, State.UNREADABLE),
    ):
        assert probe(with_box_size(source, tmp_path / "b.mp4", kind, size)).state == state, (kind, size)


@pytest.mark.parametrize("faststart", [True, False])
def test_no_part_of_a_file_passes_for_the_whole(tmp_path: Path, faststart: bool) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=1, faststart=faststart, audio="aac", size=(64, 64))
    size = source.stat().st_size
    for keep_bytes in range(8, size):
        facts = probe(source, keep_bytes)
        assert facts.state in (State.TRUNCATED, State.NO_INDEX, State.UNREADABLE), keep_bytes
        assert facts.problems
    assert probe(source, size + 1).state == State.OK  # no more than there is


# ---- not video ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"hello\n" * 100, "text"),
        (b"#EXTM3U\n#EXTINF:10,\nother.mp4\n", "text"),
        (b"PK\x03\x04" + bytes(100), "zip"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "jpeg"),
        (bytes(100_000), "zeros"),
        (b"\x01", "unknown"),
        (b"\xa5\x5a\x01\x02" * 5000, "unknown"),
    ],
)
def test_not_video(tmp_path: Path, content: bytes, found: str) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    facts = probe(tmp_path / "a.mp4")
    assert (facts.state, facts.container) == (State.UNREADABLE, None)
    assert problems(facts) == [("not_video", {"found": found})]


def test_a_list_of_files_opens_nothing(tmp_path: Path) -> None:
    """libav would follow these; only content that is video reaches it."""
    write_mp4(tmp_path / "other.mp4")
    for content in (
        b"ffconcat version 1.0\nfile other.mp4\n",
        b"\xef\xbb\xbf#EXTM3U\nother.mp4\n",
        b"\x02#EXTM3U\nother.mp4",
    ):
        (tmp_path / "a.mp4").write_bytes(content)
        assert probe(tmp_path / "a.mp4").state == State.UNREADABLE


@pytest.mark.parametrize("content", [b"HXVS\0\5\0\0" + bytes(100), b"4HKH" + bytes(100)])
def test_formats_nobody_reads(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.264").write_bytes(content)
    facts = probe(tmp_path / "a.264")
    assert problems(facts) == [("unreadable", {"detail": "a recorder's own format that cannot be read here"})]


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    assert problems(probe(tmp_path / "folder.mp4")) == [("not_a_file", {"found": "folder"})]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.mp4")
        assert problems(probe(tmp_path / "pipe.mp4")) == [("not_a_file", {"found": "pipe"})]
    if Path("/dev/null").is_char_device():
        assert problems(probe("/dev/null")) == [("not_a_file", {"found": "device"})]


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    for name in ("missing.mp4", "x" * 5000, "nul\0.mp4"):
        facts = probe(str(tmp_path / name))
        assert facts.state == State.UNREADABLE
        assert [kind for kind, _ in problems(facts)] == ["unreadable"]


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="modes of files are POSIX")
def test_without_the_right_to_read(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "a.mp4")
    path.chmod(0)
    was_root = os.geteuid() == 0
    if was_root:  # who may read anything
        os.seteuid(65534)
    try:
        facts = probe(path)
    finally:
        if was_root:
            os.seteuid(0)
    assert (facts.state, problems(facts)) == (State.UNREADABLE, [("unreadable", {"detail": "Permission denied"})])


@pytest.mark.skipif(not os.access("/proc/self/mem", os.R_OK), reason="needs Linux: a file that opens and fails to read")
def test_a_file_that_fails_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """/proc/self/mem is a regular file whose first page nobody may read, root included: as a bad sector."""
    assert stat.S_ISREG(Path("/proc/self/mem").stat().st_mode)
    assert probe("/proc/self/mem").state == State.EMPTY  # it gives no size of its own
    sized = os.stat_result((stat.S_IFREG | 0o600, 0, 0, 1, 0, 0, 4096, 0, 0, 0))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fstat", lambda fd: sized)
        facts = probe("/proc/self/mem")
    assert (facts.state, problems(facts)) == (State.UNREADABLE, [("unreadable", {"detail": "Input/output error"})])


# ---- real clips -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(not FOOTAGE, reason="CAMTOOL_TEST_FOOTAGE names no folder of real clips")
@pytest.mark.skipif(not shutil.which("ffprobe"), reason="ffprobe, the judge, is not installed")
def test_real_clips_as_ffprobe_sees_them() -> None:
    clips = sorted(Path(FOOTAGE or "").glob("*.mp4"))
    assert clips
    for clip in clips:
        command = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(clip)]
        said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        video = next(stream for stream in said["streams"] if stream["codec_type"] == "video")
        audio = next((stream["codec_name"] for stream in said["streams"] if stream["codec_type"] == "audio"), None)
        length = Fraction(video["time_base"]) * video["duration_ts"] * 1_000_000
        created = said["format"].get("tags", {}).get("creation_time")
        expected = MediaFacts(
            State.OK,
            container="mp4",
            media_us=int(length + Fraction(1, 2)),
            playable_us=int(length + Fraction(1, 2)),
            container_start_us=round(dt.datetime.fromisoformat(created).timestamp()) * 1_000_000 if created else None,
            video_codec=video["codec_name"],
            width_px=video["width"],
            height_px=video["height"],
            frames=int(video["nb_frames"]),
            rate=Fraction(video["avg_frame_rate"]),
            audio_codec=audio,
        )
        assert probe(clip) == expected, clip.name


@pytest.mark.skipif(not FOOTAGE, reason="CAMTOOL_TEST_FOOTAGE names no folder of real clips")
def test_real_clips_cut(tmp_path: Path) -> None:
    for clip in sorted(Path(FOOTAGE or "").glob("*.mp4")):
        whole = probe(clip)
        facts = probe(cut_fraction(clip, tmp_path / "cut.mp4", 0.6))
        assert facts.state in (State.TRUNCATED, State.NO_INDEX), clip.name
        if facts.state == State.TRUNCATED:
            assert (facts.media_us, problems(facts)) == (
                whole.media_us,
                [broken(tmp_path / "cut.mp4", clip.stat().st_size)],
            )


# ---- nothing raises -------------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(content=st.binary(max_size=300), head=st.sampled_from([b"", make.FTYP, b"\0\0\1\xba\x44", b"DHAV\xfd", b"IMKH"]))
def test_any_bytes_get_an_answer(tmp_path_factory: pytest.TempPathFactory, content: bytes, head: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.mp4"
    path.write_bytes(head + content)
    facts = probe(path)
    assert facts.problems or facts.state == State.OK
