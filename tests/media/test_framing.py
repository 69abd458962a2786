import hashlib

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.media.framing import (
    BadFraming,
    Framing,
    Wrap,
    canonical_parts,
    canonical_sha256,
    framing_of,
    in_band_sets,
    nal_units,
    parameter_sets,
    reframe,
    unit_type,
)
from tests.makers.rows import framehash
from tests.makers.video import annexb_packets, write_video

LENGTH = Framing("h264", Wrap.LENGTH, 4)
ANNEX_B = Framing("h264", Wrap.ANNEX_B)
AVCC = bytes([1, 0x64, 0, 0x1E, 0xFF, 0xE1, 0, 4, 0x67, 1, 2, 3, 1, 0, 3, 0x68, 4, 5])
HVCC = bytes([1]) + bytes(20) + bytes([0xFF, 2, 0xA0, 0, 1, 0, 3, 0x40, 1, 7, 0xA7, 0, 1, 0, 3, 0x4E, 1, 9])


def units(packet: bytes, framing: Framing) -> list[bytes]:
    return [bytes(unit) for unit in nal_units(packet, framing)]


@pytest.mark.parametrize(
    ("codec", "extradata", "expected"),
    [
        ("h264", AVCC, Framing("h264", Wrap.LENGTH, 4)),
        ("h264", AVCC[:4] + b"\xfd" + AVCC[5:], Framing("h264", Wrap.LENGTH, 2)),
        ("hevc", HVCC, Framing("hevc", Wrap.LENGTH, 4)),
        ("h264", b"\0\0\0\1\x67\1", Framing("h264", Wrap.ANNEX_B)),
        ("hevc", b"\0\0\1\x40\1", Framing("hevc", Wrap.ANNEX_B)),
        ("h264", b"", Framing("h264", Wrap.ANNEX_B)),
        ("mjpeg", b"\1\2\3", Framing("mjpeg", Wrap.WHOLE)),
        ("aac", b"\x11\x88", Framing("aac", Wrap.WHOLE)),
    ],
)
def test_the_framing_is_read_from_the_extradata(codec, extradata, expected):
    assert framing_of(codec, extradata) == expected


@pytest.mark.parametrize(("codec", "extradata"), [("h264", b"\1\x64\0"), ("hevc", b"\1" + bytes(20))])
def test_a_configuration_that_breaks_off(codec, extradata):
    with pytest.raises(BadFraming):
        framing_of(codec, extradata)


@pytest.mark.parametrize("size", [256, 257, 300, 511])
def test_a_length_that_looks_like_a_start_code(size):
    """A unit of 256 to 511 bytes begins 00 00 01 xx: guessing from the bytes misreads it, the extradata does not."""
    unit = b"\x41" + b"\xaa" * (size - 1)
    packet = size.to_bytes(4) + unit
    assert packet[:3] == b"\0\0\1"
    assert units(packet, LENGTH) == [unit]
    assert units(packet, ANNEX_B) != [unit]


def test_both_framings_give_the_same_units():
    first, second = b"\x67\1\2", b"\x65" + b"\7" * 300
    assert units(b"\0\0\0\3" + first + len(second).to_bytes(4) + second, LENGTH) == [first, second]
    assert units(b"\0\0\0\1" + first + b"\0\0\1" + second, ANNEX_B) == [first, second]
    # Zeros behind a unit belong to the byte stream (H.264, B.1), and empty units are nothing.
    assert units(b"\0\0\0\0\1" + first + b"\0\0\0\0\0\1" + second + b"\0\0\0", ANNEX_B) == [first, second]
    assert units(b"\0\0\0\0" + b"\0\0\0\4" + first + b"\0", LENGTH) == [first]
    assert units(b"no start code", ANNEX_B) == []
    assert units(b"\xff\xd8 a JPEG", Framing("mjpeg", Wrap.WHOLE)) == [b"\xff\xd8 a JPEG"]


@pytest.mark.parametrize("packet", [b"\0\0\0\5\x65\1", b"\0\0", b"\0\0\0\1\x65\0\0\0"])
def test_a_packet_that_breaks_off(packet):
    with pytest.raises(BadFraming):
        units(packet, LENGTH)


def test_the_canonical_form():
    packet = b"".join(
        len(unit).to_bytes(4) + unit for unit in (b"\x09\xf0", b"\x67\1", b"\x68\2", b"\x06\3", b"\x65\4")
    )
    expected = b"\0\0\0\1\x06\3\0\0\1\x65\4"
    assert b"".join(canonical_parts(packet, LENGTH)) == expected
    assert canonical_sha256(packet, LENGTH) == hashlib.sha256(expected).hexdigest()
    assert b"".join(canonical_parts(b"\0\0\0\2\x67\1", LENGTH)) == b""
    hevc = b"".join(b"\0\0\1" + bytes([kind << 1, 1, 5]) for kind in (32, 33, 34, 35, 39, 19))
    assert b"".join(canonical_parts(hevc, Framing("hevc", Wrap.ANNEX_B))) == b"\0\0\0\1\x4e\1\5\0\0\1\x26\1\5"
    assert canonical_parts(b"whole", Framing("mjpeg", Wrap.WHOLE)) == [b"whole"]


def test_parameter_sets_whichever_way_they_are_wrapped():
    assert parameter_sets("h264", AVCC) == {b"\x67\1\2\3", b"\x68\4\5"}
    assert parameter_sets("h264", b"\0\0\0\1\x67\1\2\3\0\0\1\x68\4\5\0\0\1\x09\xf0") == {b"\x67\1\2\3", b"\x68\4\5"}
    assert parameter_sets("hevc", HVCC) == {b"\x40\1\7"}  # the other is an SEI message
    assert parameter_sets("mjpeg", b"\1") == frozenset()
    for short in (AVCC[:8], AVCC[:12], AVCC[:14], AVCC[:-1]):
        with pytest.raises(BadFraming):
            parameter_sets("h264", short)
    with pytest.raises(BadFraming):
        parameter_sets("hevc", HVCC[:-1])
    assert in_band_sets(b"\0\0\0\2\x67\1\0\0\0\2\x65\2", LENGTH) == {b"\x67\1"}
    assert in_band_sets(b"abc", Framing("mjpeg", Wrap.WHOLE)) == frozenset()


nal = st.binary(min_size=1, max_size=600).map(
    lambda data: b"\x41" + data.replace(b"\0\0\0", b"\0\3\0").replace(b"\0\0\1", b"\0\3\1") + b"\x80"
)


@given(st.lists(nal, min_size=1, max_size=5), st.sampled_from([2, 4]))
def test_reframing_there_and_back_changes_no_unit(nals, width):
    sized = Framing("h264", Wrap.LENGTH, width)
    packet = b"".join(len(unit).to_bytes(width) + unit for unit in nals)
    there = reframe(packet, sized, ANNEX_B)
    assert units(there, ANNEX_B) == nals
    assert reframe(there, ANNEX_B, sized) == packet
    assert canonical_sha256(there, ANNEX_B) == canonical_sha256(packet, sized)


@pytest.mark.parametrize(("codec", "types"), [("libx264", "7-9"), ("libx265", "32-35")])
def test_real_packets_against_ffmpegs_own_filters(tmp_path, codec, types):
    """The ffmpeg command that EVIDENCE names prints our digests, packet by packet, from either framing.

    Without x265's info message: it stands in hvcC, from where ffmpeg's filter puts it before each keyframe, and is of
    a type (SEI) that the command does not take out again.
    """
    more = {"x265-params": "log-level=none:info=0:scenecut=0:min-keyint=10:pools=none:frame-threads=1"}
    clip = write_video(
        tmp_path / "a.mp4",
        seconds=3,
        fps=10,
        gop=10,
        bframes=2,
        codec=codec,
        codec_options=more if codec == "libx265" else None,
    )
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        name = stream.codec_context.name
        framing = framing_of(name, stream.codec_context.extradata or b"")
        packets = [bytes(packet) for packet in container.demux(stream) if packet.size]
        sets = parameter_sets(name, stream.codec_context.extradata or b"")
    ours = [canonical_sha256(packet, framing) for packet in packets]
    assert ours == framehash(clip, bsf=f"{name}_mp4toannexb,filter_units=remove_types={types}")
    annexb = annexb_packets(clip)
    assert ours == [canonical_sha256(packet.data, Framing(name, Wrap.ANNEX_B)) for packet in annexb]
    assert in_band_sets(annexb[0].data, Framing(name, Wrap.ANNEX_B)) == sets
    assert len(sets) == (2 if name == "h264" else 3)


def test_the_type_is_where_the_standard_says():
    assert unit_type(memoryview(b"\x67"), "h264") == 7
    assert unit_type(memoryview(b"\x40\1"), "hevc") == 32
