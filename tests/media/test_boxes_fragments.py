import struct
from fractions import Fraction
from pathlib import Path

import pytest

from tests.makers import boxes as make
from tests.makers.damage import top_boxes
from tests.makers.video import write_mp4
from tests.media.walking import walk, walk_bytes


def test_fragmented(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "a.mp4", seconds=5, fps=10, gop=10, fragmented=True)
    mp4 = walk(path)
    assert (mp4.media_us, mp4.playable_us, mp4.frames, mp4.rate) == (5_000_000, 5_000_000, 50, Fraction(10))
    assert (mp4.fragments, mp4.expected_bytes, mp4.broken_at) == (5, None, None)


def test_fragmented_broken_off(tmp_path: Path) -> None:
    """Cut at every byte: the length is what the fragments named so far say, the whole ones can be played."""
    source = write_mp4(tmp_path / "a.mp4", seconds=3, fps=10, gop=10, fragmented=True)
    boxes = top_boxes(source.read_bytes())
    first_moof = next(at for kind, at, _ in boxes if kind == b"moof")
    ends = {kind: [at + size for found, at, size in boxes if found == kind] for kind in (b"moof", b"mdat")}
    borders = {first_moof, *ends[b"mdat"]}
    for keep_bytes in range(first_moof, source.stat().st_size):
        mp4 = walk(source, keep_bytes)
        named = sum(end <= keep_bytes for end in ends[b"moof"])
        whole = sum(end <= keep_bytes for end in ends[b"mdat"])
        assert (mp4.media_us, mp4.playable_us) == (named * 1_000_000, whole * 1_000_000), keep_bytes
        if keep_bytes in borders:  # nothing shows that more was to come
            assert mp4.expected_bytes is None
        elif keep_bytes - max(border for border in borders if border <= keep_bytes) < 8:
            assert mp4.broken_at in borders
        else:
            assert mp4.expected_bytes is not None
            assert mp4.expected_bytes > keep_bytes


def test_fragmented_with_zeros_where_the_next_fragment_should_be(tmp_path: Path) -> None:
    source = write_mp4(tmp_path / "a.mp4", seconds=3, fragmented=True)
    data = source.read_bytes()
    end = [at + size for kind, at, size in top_boxes(data) if kind == b"mdat"][1]
    path = tmp_path / "b.mp4"
    path.write_bytes(data[:end] + bytes(5000))
    mp4 = walk(path)
    assert (mp4.media_us, mp4.playable_us) == (2_000_000, 2_000_000)
    assert (mp4.broken_at, mp4.expected_bytes) == (end, end + 5000)


def fragment(*, track_id: int = 1, flags: int = 0, head: bytes = b"", runs: tuple[bytes, ...] = ()) -> bytes:
    return make.box(b"moof", make.box(b"traf", make.full(b"tfhd", 0, flags, make.u32s(track_id), head), *runs))


def test_where_durations_may_stand(tmp_path: Path) -> None:
    extends = make.box(b"mvex", make.full(b"trex", 0, 0, make.u32s(1, 1, 40, 0, 0)), make.full(b"trex", 0, 0))
    moov = make.movie(make.track(make.sample_table()), extends)
    data = make.box(b"mdat", bytes(4))

    def length(*parts: bytes) -> tuple[int | None, int | None]:
        mp4 = walk_bytes(tmp_path, make.FTYP, moov, *parts)
        return mp4.media_us, mp4.frames

    plain = make.full(b"trun", 0, 0, make.u32s(10))
    assert length(fragment(runs=(plain,)), data) == (400_000, 10)  # from trex
    assert length(fragment(runs=(plain, plain)), data, fragment(runs=(plain,)), data) == (1_200_000, 30)
    own = fragment(flags=0x8 | 0x2 | 0x1, head=bytes(8) + make.u32s(1, 50), runs=(plain,))
    assert length(own, data) == (500_000, 10)  # from tfhd
    each = make.full(b"trun", 0, 0xF00 | 0x5, make.u32s(2, 0, 0, *(30, 1, 0, 0), *(70, 1, 0, 0)))
    assert length(fragment(runs=(each,)), data) == (100_000, 2)  # from trun
    assert length(fragment(track_id=2, runs=(plain,)), data) == (0, 0)  # another track's
    hostile = make.full(b"trun", 0, 0x100, make.u32s(0xFFFF_FFFF, 5, 6))
    assert length(fragment(runs=(hostile,)), data) == (11_000, 2)
    many = make.full(b"trun", 0, 0, make.u32s(0xFFFF_FFFF))
    assert length(fragment(flags=0x8, head=make.u32s(0xFFFF_FFFF), runs=(many,)), data)[0] is None


@pytest.mark.parametrize(("version", "form"), [(0, ">I"), (1, ">Q")])
def test_length_that_only_mehd_gives(tmp_path: Path, version: int, form: str) -> None:
    mehd = make.full(b"mehd", version, 0, struct.pack(form, 7000))
    mp4 = walk_bytes(tmp_path, make.FTYP, make.movie(make.track(make.sample_table()), make.box(b"mvex", mehd)))
    assert (mp4.media_us, mp4.playable_us) == (7_000_000, 0)


def test_first_fragment_inside_moov(tmp_path: Path) -> None:
    table = make.sample_table(durations=[(5, 100)], chunks=[(1, 5)], sizes=[1] * 5, offsets=[24])
    extends = make.box(b"mvex", make.full(b"trex", 0, 0, make.u32s(1, 1, 100, 0, 0)))
    more = fragment(runs=(make.full(b"trun", 0, 0, make.u32s(3)),))
    data = make.box(b"mdat", bytes(5))
    mp4 = walk_bytes(tmp_path, make.FTYP, data, make.movie(make.track(table), extends), more, data)
    assert (mp4.media_us, mp4.playable_us, mp4.frames) == (800_000, 800_000, 8)
