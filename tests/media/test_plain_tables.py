"""The tables and the header of a plain clip: what is written is read back the same, whatever it is."""

import struct
from array import array
from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.media.plain_boxes import ClipTrack, header
from camtool.media.plain_movie import PlainTrack, children, read_plain
from camtool.media.plain_tables import NotPlain, Samples, read_samples, write_places, write_samples
from tests.makers.boxes import picture_entry, sound_entry

MATRIX, SIZE = bytes(range(36)), bytes(8)


@st.composite
def samples_and_counts(draw: st.DrawFn) -> tuple[Samples, list[int], list[int]]:
    """Draw samples in chunks: (samples, how many in each chunk, where each begins)."""
    counts = draw(st.lists(st.integers(1, 9), min_size=1, max_size=12))
    number = sum(counts)
    sizes = draw(
        st.lists(st.integers(1, 1 << 25), min_size=number, max_size=number)
        | st.integers(1, 1 << 25).map(lambda size: [size] * number)
    )
    deltas = draw(st.lists(st.integers(1, 1 << 31).map(lambda n: n - 1 or 1), min_size=number, max_size=number))
    lates = draw(st.lists(st.integers(0, 2**31 - 1), min_size=number, max_size=number) | st.just([]))
    keys = draw(st.lists(st.integers(0, 1), min_size=number, max_size=number))
    keys[draw(st.integers(0, number - 1))] = 1
    gaps = draw(st.lists(st.integers(0, 1 << 33), min_size=len(counts), max_size=len(counts)))
    at, row, pos, places = 0, 0, array("q"), []
    for count, gap in zip(counts, gaps, strict=True):
        at += gap
        places.append(at)
        for size in sizes[row : row + count]:
            pos.append(at)
            at += size
        row += count
    late = array("I", lates) if any(lates) else array("I")
    dts = array("q", accumulate(deltas, initial=0))
    return Samples(pos, array("I", sizes), dts, late, bytes(keys)), counts, places


@given(samples_and_counts(), st.booleans())
def test_tables_come_back_as_they_were(drawn, list_keys):
    samples, counts, places = drawn
    written = dict(write_samples(samples, counts, list_keys=list_keys))
    assert (b"stss" in written) == (list_keys or 0 in samples.key)
    wide = places[-1] >= 1 << 32
    kind, body = write_places(places, wide)
    assert kind == (b"co64" if wide else b"stco")
    assert read_samples({**written, kind: body}) == samples


@given(samples_and_counts(), st.data())
def test_tables_that_were_changed_are_read_or_refused(drawn, data):
    """No byte of a table makes it raise anything but NotPlain, and what is read hangs together."""
    samples, counts, places = drawn
    tables = {**dict(write_samples(samples, counts, list_keys=True)), **dict([write_places(places, True)])}
    for _ in range(data.draw(st.integers(1, 3))):
        kind = data.draw(st.sampled_from(sorted(tables)))
        body = bytearray(tables[kind])
        at = data.draw(st.integers(0, max(0, len(body) - 4)))
        number = data.draw(st.sampled_from([0, 1, 2, 2**31 - 1, 2**31, 2**32 - 1]) | st.integers(0, 2**32 - 1))
        body[at : at + 4] = struct.pack(">I", number)
        tables[kind] = bytes(body[: data.draw(st.just(len(body)) | st.integers(0, len(body)))])
    try:
        read = read_samples(tables)
    except NotPlain:
        return
    assert len(read.pos) == len(read.size) == len(read.dts) - 1 == len(read.key) == len(samples)
    assert read.late == array("I") or len(read.late) == len(samples)
    assert min(read.size) > 0


def clip_track(samples: Samples, begins_s: Fraction = Fraction(0), *, sound: bool = False) -> ClipTrack:
    entry = sound_entry() if sound else picture_entry()
    handler = b"soun" if sound else b"vide"
    timescale = 16_000 if sound else 90_000
    return ClipTrack(PlainTrack(handler, timescale, entry, MATRIX, SIZE, samples), timescale, begins_s, samples)


@given(samples_and_counts(), samples_and_counts(), st.integers(0, 10**6))
def test_headers_come_back_as_they_were(picture, sound, delay):
    """Whatever is in a clip, its header leads to it, however long it lasts and however large it is."""
    tracks = [clip_track(picture[0]), clip_track(sound[0], Fraction(delay, 1000), sound=True)]
    data_bytes = max(samples.pos[-1] + samples.size[-1] for samples, _, _ in (picture, sound))
    head = header(tracks, data_bytes)
    top = list(children(head, 0, head.index(b"mdat") - 4))
    assert [kind for kind, _, _ in top] == [b"ftyp", b"moov"]
    movie = read_plain(head[top[1][1] : top[1][2]])
    assert movie.audio is not None
    for track, found in zip(tracks, (movie.video, movie.audio), strict=True):
        samples = track.samples
        assert [at - len(head) for at in found.samples.pos] == list(samples.pos)
        assert (found.samples.size, found.samples.late, found.samples.key) == (samples.size, samples.late, samples.key)
        begins = found.samples.dts[0]
        assert abs(begins - track.begins_s * track.timescale) <= 1
        assert [time - begins for time in found.samples.dts] == list(samples.dts)
        assert (found.entry, found.matrix, found.size_fixed) == (track.entry, MATRIX, SIZE)
        assert found.timescale == track.timescale
    size, kind = struct.unpack_from(">I4s", head, top[1][2])
    assert kind == b"mdat"
    if size == 1:
        (size,) = struct.unpack_from(">Q", head, top[1][2] + 8)
    assert top[1][2] + size == len(head) + data_bytes
    assert b"co64" in head or len(head) + data_bytes < 1 << 32
    assert b"stco" in head or len(head) + data_bytes + 4 * 24 >= 1 << 32


def test_times_that_no_table_holds():
    def samples(dts: list[int], late: list[int]) -> Samples:
        return Samples(array("q", [0, 9]), array("I", [9, 9]), array("q", dts), array("I", late), b"\1\0")

    for bad in (samples([0, 0, 1], []), samples([0, 2**31, 2**31 + 1], [])):
        with pytest.raises(NotPlain, match="do not grow"):
            write_samples(bad, [2], list_keys=True)
    with pytest.raises(NotPlain, match="later than"):
        write_samples(samples([0, 1, 2], [0, 2**31]), [2], list_keys=True)


def test_hev1_becomes_hvc1_and_nothing_else_changes():
    samples = Samples(array("q", [0]), array("I", [9]), array("q", [0, 1]), array("I"), b"\1")
    track = clip_track(samples)
    assert track.entry == track.template.entry
    track.template.entry = picture_entry(b"hev1", extra=b"hvcC")
    assert track.entry == picture_entry(b"hvc1", extra=b"hvcC")


@given(st.binary(max_size=60))
def test_boxes_of_any_bytes(data):
    try:
        found = list(children(data, 0, len(data)))
    except NotPlain:
        return
    assert all(8 <= start <= end <= len(data) for _, start, end in found)
    assert [end for _, _, end in found][-1:] == ([len(data)] if data else [])
