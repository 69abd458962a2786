import datetime as dt
import struct
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camtool.core.model import MediaFacts, State
from camtool.media.probe import probe
from tests.makers.damage import cut_bytes, cut_fraction
from tests.makers.dhav import DELTA, KEY, OTHER, SOUND, frame, write_dav
from tests.makers.program_stream import CLOCK, WRAP, write_mpeg_ps
from tests.makers.video import EncodedPacket, annexb_packets, write_mp4, write_video

START = dt.datetime(2026, 11, 23, 18, 30, 5)
ENTRY = struct.pack("<BBBBHH", 0x82, 0, 0, 0, 320, 192) + struct.pack("<BBBB", 0x81, 0, 4, 10)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mp4(tmp_path_factory.mktemp("source") / "a.mp4", seconds=5)


@pytest.fixture(scope="module")
def hevc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mp4(tmp_path_factory.mktemp("source") / "h.mp4", seconds=5, codec="libx265")


def problems(facts: MediaFacts) -> list[tuple[str, dict[str, str | int]]]:
    assert all(str(problem) for problem in facts.problems)
    return [(problem.kind.value, dict(problem.facts)) for problem in facts.problems]


def picture(facts: MediaFacts) -> tuple[object, ...]:
    return facts.video_codec, facts.width_px, facts.height_px, facts.rate, facts.audio_codec


def keyframes(key: EncodedPacket, times_s: Sequence[int]) -> list[EncodedPacket]:
    return [replace(key, pts_us=second * 1_000_000, dts_us=second * 1_000_000) for second in times_s]


# ---- DHAV -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sound", [False, True])
@pytest.mark.parametrize("preamble", [False, True])
def test_dav(tmp_path: Path, source: Path, sound: bool, preamble: bool) -> None:
    start = START + dt.timedelta(milliseconds=700)
    facts = probe(write_dav(tmp_path / "a.dav", source, start, sound=sound, preamble=preamble))
    assert (facts.state, facts.container, problems(facts)) == (State.OK, "dhav", [])
    assert picture(facts) == ("h264", 320, 192, Fraction(10), "pcm_alaw" if sound else None)
    assert (facts.container_start_local, facts.container_start_us) == ("2026-11-23T18:30:05", None)
    assert (facts.media_us, facts.playable_us) == (5_000_000, 5_000_000)


def test_dav_with_hevc_behind_mp4(tmp_path: Path, hevc: Path) -> None:
    facts = probe(write_dav(tmp_path / "a.MP4", hevc, START, codec="hevc"))
    assert (facts.state, facts.media_us, facts.video_codec) == (State.OK, 5_000_000, "hevc")
    assert problems(facts) == [("content_mismatch", {"suffix": ".MP4", "found": "dhav"})]


def test_dav_longer_than_its_counter(tmp_path: Path, source: Path) -> None:
    """The milliseconds are 16 bits: they come round every 65.5 s."""
    packets = keyframes(annexb_packets(source)[0], range(601))
    facts = probe(write_dav(tmp_path / "a.dav", packets, dt.datetime(2026, 12, 31, 23, 55), fps=1))
    assert (facts.media_us, facts.container_start_local) == (601_000_000, "2026-12-31T23:55:00")


def test_dav_with_a_counter_that_means_nothing(tmp_path: Path, source: Path) -> None:
    data = annexb_packets(source)[0].data
    frames = [frame(KEY, n, START + dt.timedelta(seconds=n), 31_000 * n, ENTRY, data) for n in range(8)]
    (tmp_path / "a.dav").write_bytes(b"".join(frames))
    assert probe(tmp_path / "a.dav").media_us == 7_100_000  # by the dates


def test_dav_whose_clock_was_set_back(tmp_path: Path, source: Path) -> None:
    data = annexb_packets(source)[0].data
    frames = [frame(KEY, n, START - dt.timedelta(hours=n), 0, ENTRY, data) for n in range(3)]
    (tmp_path / "a.dav").write_bytes(b"".join(frames))
    facts = probe(tmp_path / "a.dav")
    assert (facts.state, facts.media_us, facts.container_start_local) == (State.OK, None, "2026-11-23T18:30:05")


def test_dav_with_a_date_that_is_none(tmp_path: Path, source: Path) -> None:
    path = write_dav(tmp_path / "a.dav", source, START)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, 16, 0)  # month 0
    path.write_bytes(data)
    facts = probe(path)
    assert (facts.state, facts.container_start_local, facts.media_us) == (State.OK, None, None)


def test_dav_begins_and_ends_with_other_frames(tmp_path: Path, source: Path) -> None:
    path = write_dav(tmp_path / "a.dav", source, START)
    other = frame(OTHER, 0, START - dt.timedelta(hours=1), 0, b"", bytes(40))
    late = frame(SOUND, 0, START + dt.timedelta(hours=1), 0, struct.pack("<BBBB", 0x83, 1, 0x0E, 0), bytes(40))
    path.write_bytes(other + path.read_bytes() + late + other)
    facts = probe(path)
    assert (facts.media_us, facts.container_start_local) == (5_000_000, "2026-11-23T18:30:05")


def test_dav_broken_off_anywhere(tmp_path: Path, source: Path) -> None:
    packets = annexb_packets(source)[:20]
    path = write_dav(tmp_path / "a.dav", packets, START)
    sizes = [len(frame(DELTA, 0, START, 0, ENTRY, packet.data)) for packet in packets]
    ends = [sum(sizes[: n + 1]) for n in range(20)]
    assert ends[-1] == path.stat().st_size
    for keep_bytes in (*range(ends[9] - 40, ends[9] + 40), *ends[5:8]):
        facts = probe(cut_bytes(path, tmp_path / "cut.dav", keep_bytes))
        whole = sum(end <= keep_bytes for end in ends)
        assert facts.playable_us == facts.media_us == whole * 100_000, keep_bytes
        if keep_bytes in ends:
            assert (facts.state, problems(facts)) == (State.OK, [])
            continue
        begun = keep_bytes - ends[whole - 1]
        end = ends[whole] if begun >= 22 else ends[whole - 1] + 32  # its header says how long it is
        assert facts.state == State.TRUNCATED
        assert problems(facts) == [("truncated", {"present_bytes": keep_bytes, "expected_bytes": end})]


def test_dav_broken_off_in_its_first_frame(tmp_path: Path, source: Path) -> None:
    for preamble in (False, True):
        path = write_dav(tmp_path / "a.dav", source, START, preamble=preamble)
        keep_bytes = 200 + 1024 * preamble
        facts = probe(cut_bytes(path, tmp_path / "cut.dav", keep_bytes))
        assert facts.state in (State.TRUNCATED, State.UNREADABLE)
        assert facts.problems


def test_dav_broken_off_in_a_large_frame(tmp_path: Path, source: Path) -> None:
    """More is left of the broken frame than is looked at first, and it looks like a trailer in places."""
    path = write_dav(tmp_path / "a.dav", source, START)
    size = path.stat().st_size
    large = frame(KEY, 99, START + dt.timedelta(seconds=60), 0, ENTRY, b"dhav\x40\0\0\0".ljust(1000, b"\xa5") * 300)
    path.write_bytes(path.read_bytes() + large[:-1000])
    facts = probe(path)
    assert (facts.state, facts.media_us) == (State.TRUNCATED, 5_000_000)
    assert problems(facts) == [
        ("truncated", {"present_bytes": size + len(large) - 1000, "expected_bytes": size + len(large)})
    ]


def test_dav_without_a_picture(tmp_path: Path) -> None:
    heard = struct.pack("<BBBB", 0x83, 1, 0x0E, 0)
    frames = [frame(SOUND, n, START, 40 * n, heard, b"\xd5" * 320) for n in range(1200)]
    (tmp_path / "a.dav").write_bytes(b"".join(frames))
    facts = probe(tmp_path / "a.dav")
    assert (facts.state, problems(facts)) == (
        State.UNREADABLE,
        [("unreadable", {"detail": "no picture was found in it"})],
    )


def test_dav_with_room_behind_it(tmp_path: Path, source: Path) -> None:
    path = write_dav(tmp_path / "a.dav", source, START)
    path.write_bytes(path.read_bytes() + bytes(100_000))
    facts = probe(path)
    assert (facts.state, facts.media_us, problems(facts)) == (State.OK, 5_000_000, [])


# ---- program and transport streams ----------------------------------------------------------------------------


@pytest.mark.parametrize("imkh", [False, True])
@pytest.mark.parametrize("sound", [False, True])
def test_program_stream_behind_mp4(tmp_path: Path, source: Path, imkh: bool, sound: bool) -> None:
    facts = probe(write_mpeg_ps(tmp_path / "a.mp4", source, imkh=imkh, sound=sound))
    name = "hikvision-ps" if imkh else "mpeg-ps"
    assert (facts.state, facts.container) == (State.OK, name)
    assert problems(facts) == [("content_mismatch", {"suffix": ".mp4", "found": name})]
    assert picture(facts) == ("h264", 320, 192, Fraction(10), "pcm_alaw" if sound else None)
    assert (facts.media_us, facts.playable_us) == (5_000_000, 5_000_000)


@pytest.mark.parametrize("first_90k", [0, CLOCK, WRAP - CLOCK, WRAP // 2])
def test_program_stream_whose_clock_wraps(tmp_path: Path, hevc: Path, first_90k: int) -> None:
    facts = probe(write_mpeg_ps(tmp_path / "a.mpg", hevc, codec="hevc", first_90k=first_90k, end_code=True))
    assert (facts.state, facts.media_us, facts.video_codec, problems(facts)) == (State.OK, 5_000_000, "hevc", [])


def test_program_stream_broken_off(tmp_path: Path, source: Path) -> None:
    path = write_mpeg_ps(tmp_path / "a.mpg", source, sound=True)
    size = path.stat().st_size  # ends with 14 bytes of header and 320 of sound
    for dropped in (1, 100, 319, 331, 335):
        facts = probe(cut_bytes(path, tmp_path / "cut.mpg", size - dropped))
        assert facts.state == State.TRUNCATED, dropped
        (_, stated) = problems(facts)[0]
        assert stated["present_bytes"] == size - dropped
        assert size - dropped < int(stated["expected_bytes"]) <= size
    assert probe(cut_bytes(path, tmp_path / "cut.mpg", size - 334)).state == State.OK  # between two packets
    path.write_bytes(path.read_bytes() + bytes(2000))
    assert probe(path).state == State.OK


def test_program_stream_behind_an_unknown_header(tmp_path: Path, source: Path) -> None:
    path = write_mpeg_ps(tmp_path / "a.mp4", source)
    path.write_bytes(b"\xfeVENDOR\x01".ljust(256, b"\x01") + path.read_bytes())
    facts = probe(path)
    assert (facts.state, facts.container, facts.media_us, problems(facts)) == (State.OK, "mpeg-ps", 5_000_000, [])


def test_program_stream_of_mpeg1(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mpg", seconds=5, fps=25, codec="mpeg1video", audio="mp2")
    facts = probe(path)
    assert (facts.state, facts.container, problems(facts)) == (State.OK, "mpeg-ps", [])
    assert picture(facts) == ("mpeg1video", 320, 192, Fraction(25), "mp2")
    assert probe(cut_bytes(path, tmp_path / "cut.mpg", 20_000)).state == State.TRUNCATED


@pytest.mark.parametrize(("options", "packet_bytes"), [({}, 188), ({"mpegts_m2ts_mode": "1"}, 192)])
def test_transport_stream(tmp_path: Path, options: dict[str, str], packet_bytes: int) -> None:
    path = write_video(tmp_path / "a.ts", seconds=5, container_options=options)
    facts = probe(path)
    assert (facts.state, facts.container, facts.media_us, problems(facts)) == (State.OK, "mpeg-ts", 5_000_000, [])
    size = path.stat().st_size
    facts = probe(cut_bytes(path, tmp_path / "cut.ts", size - 100))
    assert (facts.state, problems(facts)) == (
        State.TRUNCATED,
        [("truncated", {"present_bytes": size - 100, "expected_bytes": size})],
    )
    facts = probe(cut_bytes(path, tmp_path / "cut.ts", 20 * packet_bytes))
    assert (facts.state, problems(facts)) == (State.OK, [])


# ---- files and other containers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options", "container", "codec", "sound", "frames"),
    [
        ("a.mkv", {"audio": "pcm_s16le"}, "matroska", "h264", "pcm_s16le", None),
        ("a.webm", {"codec": "libvpx-vp9"}, "matroska", "vp9", None, None),
        ("a.avi", {"audio": "pcm_mulaw"}, "avi", "h264", "pcm_mulaw", 50),
        ("a.flv", {}, "flv", "h264", None, None),
    ],
)
def test_other_containers(
    tmp_path: Path,
    name: str,
    options: dict[str, Any],
    container: str,
    codec: str,
    sound: str | None,
    frames: int | None,
) -> None:
    path = write_video(tmp_path / name, seconds=5, **options)
    facts = probe(path)
    assert (facts.state, facts.container, facts.frames, problems(facts)) == (State.OK, container, frames, [])
    assert picture(facts) == (codec, 320, 192, Fraction(10), sound)
    assert facts.media_us is not None
    assert abs(facts.media_us - 5_000_000) <= 100_000  # FLV times the last frame's start
    cut = cut_fraction(path, tmp_path / f"cut{path.suffix}", 0.6)
    facts = probe(cut)
    assert facts.state == State.TRUNCATED
    assert facts.playable_us is not None
    assert 1_500_000 < facts.playable_us < 4_500_000
    (kind, stated), *rest = problems(facts)
    assert (kind, rest, stated["present_bytes"]) == ("truncated", [], cut.stat().st_size)
    if container != "flv":
        assert stated["expected_bytes"] == path.stat().st_size


def test_asf(tmp_path: Path) -> None:
    facts = probe(write_video(tmp_path / "a.asf", codec="mpeg4"))
    assert (facts.state, facts.container, facts.media_us, facts.video_codec) == (State.OK, "asf", 2_000_000, "mpeg4")


def test_the_date_of_matroska(tmp_path: Path) -> None:
    created = dt.datetime(2026, 11, 23, 1, 2, 3, tzinfo=dt.UTC)
    facts = probe(write_video(tmp_path / "a.mkv", created=created))
    assert facts.container_start_us == int(created.timestamp()) * 1_000_000


def test_riff_that_was_never_closed_or_not_padded(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.avi")
    data = bytearray(path.read_bytes())
    for length in (0, len(data) - 8 + 1, len(data) - 8 - 1):
        struct.pack_into("<I", data, 4, length)
        path.write_bytes(data)
        assert (probe(path).state == State.TRUNCATED) == (length > len(data) - 8)


def test_matroska_written_live(tmp_path: Path) -> None:
    """Its header has no length: what is there has to be read."""
    path = write_video(tmp_path / "a.mkv", seconds=5, container_options={"live": "1"})
    facts = probe(path)
    assert (facts.state, facts.media_us, facts.playable_us) == (State.OK, 5_000_000, 5_000_000)


@pytest.mark.parametrize(
    ("name", "codec", "container", "libav_name"),
    [
        ("a.264", "libx264", "h264", "h264"),
        ("a.265", "libx265", "hevc", "hevc"),
        ("a.m2v", "mpeg2video", "mpeg-video", "mpeg2video"),
    ],
)
def test_pictures_without_a_clock(tmp_path: Path, name: str, codec: str, container: str, libav_name: str) -> None:
    facts = probe(write_video(tmp_path / name, codec=codec))
    assert (facts.state, facts.container, facts.video_codec, facts.width_px) == (State.OK, container, libav_name, 320)
    assert (facts.media_us, facts.rate) == (None, None)


def test_texts_that_are_not_utf8(tmp_path: Path) -> None:
    for name in ("a.mkv", "a.avi", "a.ts"):
        path = write_video(tmp_path / name)
        data = path.read_bytes()
        assert b"Lavf" in data or b"FFmpeg" in data
        path.write_bytes(data.replace(b"Lavf", b"L\xffvf").replace(b"FFmpeg", b"\xff\xfempeg"))
        facts = probe(path)
        assert (facts.state, facts.media_us, problems(facts)) == (State.OK, 2_000_000, []), name


def test_sound_alone_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    write_video(path, seconds=1, audio="pcm_s16le")
    import av

    with av.open(str(path)) as full, av.open(str(tmp_path / "b.mkv"), "w") as out:
        stream = out.add_stream_from_template(full.streams.audio[0])
        for packet in full.demux(full.streams.audio[0]):
            if packet.size:
                packet.stream = stream
                out.mux(packet)
    facts = probe(tmp_path / "b.mkv")
    assert (facts.state, problems(facts)) == (
        State.UNREADABLE,
        [("unreadable", {"detail": "no picture was found in it"})],
    )


def test_a_head_without_a_body(tmp_path: Path) -> None:
    for name, head in (
        ("a.mkv", b"\x1a\x45\xdf\xa3"),
        ("a.avi", b"RIFF\x10\0\0\0AVI LIST"),
        ("a.mpg", b"\0\0\1\xba\x44\0\4"),
        ("a.dav", b"DHAV\xfd\0\0\0"),
        ("a.flv", b"FLV\x01\x05\0\0\0\x09"),
        ("a.asf", bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")),
    ):
        (tmp_path / name).write_bytes(head)
        facts = probe(tmp_path / name)
        assert facts.state == State.UNREADABLE, name
        assert [kind for kind, _ in problems(facts)] == ["unreadable"], name


def test_libav_stays_silent(tmp_path: Path, source: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for path in (write_dav(tmp_path / "a.dav", source, START), write_mpeg_ps(tmp_path / "a.mpg", source)):
        data = bytearray(path.read_bytes())
        data[300:900] = b"\xa5" * 600
        path.write_bytes(data)
        probe(path)
    assert capfd.readouterr() == ("", "")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory, source: Path) -> list[bytes]:
    folder = tmp_path_factory.mktemp("seeds")
    paths = [write_dav(folder / "a.dav", source, START, sound=True), write_mpeg_ps(folder / "a.mpg", source, imkh=True)]
    paths += [write_video(folder / name, seconds=1) for name in ("a.mkv", "a.avi", "a.ts", "a.flv")]
    return [path.read_bytes() for path in paths]


@settings(max_examples=120)
@given(data=st.data())
def test_mutated_files_never_raise(
    tmp_path_factory: pytest.TempPathFactory, seeds: list[bytes], data: st.DataObject
) -> None:
    content = bytearray(data.draw(st.sampled_from(seeds)))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, 400) | st.integers(0, len(content) - 4))
        struct.pack_into(">I", content, at, data.draw(st.integers(0, 2**32 - 1)))
    path = tmp_path_factory.getbasetemp() / "mutated.bin"
    path.write_bytes(content[: data.draw(st.just(len(content)) | st.integers(1, len(content)))])
    facts = probe(path)
    assert facts.problems or facts.state == State.OK
    for number in (facts.media_us, facts.playable_us, facts.container_start_us, facts.frames, facts.width_px):
        assert number is None or abs(number) < 2**63
