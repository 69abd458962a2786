import json
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from camtool.core.model import Camera
from camtool.errors import BadProof, NoProof, NoSuchFile
from camtool.evidence.proof import proof_path, read_proof
from camtool.jobs.clip import CutReport, cut
from camtool.jobs.verify import FINDINGS, Finding, FindingKind, VerifyReport, locator, verify_clip, verify_recordings
from tests.makers.program_stream import write_mpeg_ps
from tests.makers.rows import FFMPEG, ZONE, camera, row, sha256_of, span
from tests.makers.video import write_mp4


@pytest.fixture
def made(tmp_path: Path) -> CutReport:
    """A clip with sound out of two recordings."""
    footage = tmp_path / "footage"
    rows = [
        row(write_mp4(footage / f"{n}.mp4", seconds=3, fps=10, gop=10, bframes=2, audio="aac", first=30 * n), 3 * n)
        for n in range(2)
    ]
    return cut(camera(footage), rows, span(1, 5), 0, tmp_path / "c.mp4", zone=ZONE, keep_out_of=[footage])


def verified(made: CutReport) -> VerifyReport:
    return verify_clip(made.path, locate=locator([camera(made.path.parent / "footage")]))


def kinds(made: CutReport) -> list[FindingKind]:
    return [finding.kind for finding in verified(made).problems]


def change(file: Path, at: int, by: Callable[[int], int] = lambda byte: byte ^ 1) -> None:
    data = bytearray(file.read_bytes())
    data[at] = by(data[at])
    file.write_bytes(data)


def clip_positions(clip: Path) -> list[tuple[int, int]]:
    """Where the clip's pictures lie in it."""
    with av.open(str(clip)) as container:
        packets = [packet for packet in container.demux(container.streams.video[0]) if packet.size]
        return [(packet.pos or 0, packet.size) for packet in packets]


def test_a_clip_as_it_was_made(made):
    told = verified(made)
    assert told.ok
    assert not told.broken
    rows = list(read_proof(made.path).rows())
    # The proof, the clip, its packets; two sources, and their packets.
    assert told.checked == 2 + len(rows) + 2 + len(rows)


def test_a_byte_of_a_picture(made):
    pos, size = clip_positions(made.path)[12]
    change(made.path, pos + size - 1)
    told = verified(made)
    assert [finding.kind for finding in told.problems] == [FindingKind.CLIP_CHANGED, FindingKind.PACKET_CHANGED]
    assert told.broken
    whole, packet = told.problems
    assert (whole.expected, whole.found) == (made.sha256, sha256_of(made.path))
    row_12 = [each for each in read_proof(made.path).rows() if each.stream == 0][12]
    assert packet.expected == f"video packet 12 (0.mp4, packet 22): {row_12.sha256}"
    assert packet.found is not None
    assert packet.found != row_12.sha256


def test_a_byte_of_the_clips_header(made):
    data = made.path.read_bytes()
    change(made.path, data.index(b"vmhd") + 8)  # graphics mode: nothing that a packet depends on
    assert kinds(made) == [FindingKind.CLIP_CHANGED]


def test_a_time_in_the_clips_header(made):
    data = made.path.read_bytes()
    stts = data.index(b"stts")
    change(made.path, stts + 4 + 8 + 4 + 2)  # the length of the pictures, in ticks
    assert FindingKind.PACKET_TIME in kinds(made)


def test_a_clip_that_is_no_video_any_more(made):
    data = bytearray(made.path.read_bytes())
    at = data.index(b"moov")
    data[at : at + 4] = b"void"  # libav sees through a moov renamed to free
    made.path.write_bytes(data)
    found = kinds(made)
    assert found[:2] == [FindingKind.CLIP_CHANGED, FindingKind.CLIP_UNREADABLE]
    assert set(found[2:]) == {FindingKind.PACKET_MISSING}


def test_an_edit_list_that_hides_pictures(made):
    with av.open(str(made.path)) as container, av.open(str(made.path.with_name("d.mp4")), "w") as target:
        tracks = {stream.index: target.add_stream_from_template(stream, opaque=True) for stream in container.streams}
        for packet in container.demux():
            if packet.size:
                packet.stream = tracks[packet.stream_index]
                target.mux(packet)
    data = bytearray(made.path.with_name("d.mp4").read_bytes())
    at = data.index(b"elst") + 4  # version and flags, count, then duration, media time, rate
    number = struct.unpack_from(">I", data, at + 4)[0] - 1  # the last: one of nothing may stand before it
    duration, media_time = struct.unpack_from(">II", data, at + 8 + 12 * number)
    struct.pack_into(">II", data, at + 8 + 12 * number, duration // 2, media_time + 12800)
    made.path.write_bytes(data)
    told = verified(made)
    (hidden,) = [finding for finding in told.problems if finding.kind is FindingKind.HIDDEN_FRAMES]
    assert hidden.expected == "40 pictures are stored"
    assert hidden.found is not None
    assert int(hidden.found.split()[0]) < 40


def test_where_there_is_no_picture_none_is_hidden(made):
    """libav reads every stream where it is given none: a packet of sound is no picture that is shown."""
    sound = made.path.with_name("sound.mp4")
    subprocess.run([FFMPEG, "-v", "error", "-i", made.path, "-map", "0:a", "-c", "copy", sound], check=True)
    with pytest.raises(NoProof):
        verify_clip(sound, locate=lambda source: None)
    sound.replace(made.path)
    found = kinds(made)
    assert found[0] is FindingKind.CLIP_CHANGED
    assert set(found[1:]) == {FindingKind.PACKET_MISSING}


def test_two_packets_that_changed_places(made):
    positions = clip_positions(made.path)
    same = {}
    for number, (pos, size) in enumerate(positions):
        if size in same:
            break
        same[size] = number, pos
    else:
        pytest.skip("no two pictures of one size")
    data = bytearray(made.path.read_bytes())
    other, there = same[size]
    data[pos : pos + size], data[there : there + size] = data[there : there + size], data[pos : pos + size]
    made.path.write_bytes(data)
    moved = [finding for finding in verified(made).problems if finding.kind is FindingKind.PACKET_MOVED]
    assert [finding.found for finding in moved] == [f"video packet {number}", f"video packet {other}"]


@pytest.mark.parametrize(("keep", "kind"), [(-1, FindingKind.PACKET_MISSING), (1, FindingKind.PACKET_EXTRA)])
def test_a_packet_too_few_or_too_many(made, tmp_path, keep, kind):
    """Another clip of one picture more or less under the same proof."""
    other = tmp_path / "other.mp4"
    with av.open(str(made.path)) as container, av.open(str(other), "w") as target:
        track = target.add_stream_from_template(container.streams.video[0], opaque=True)
        packets = [packet for packet in container.demux(container.streams.video[0]) if packet.size]
        if keep < 0:
            del packets[20]
        for number, packet in enumerate(packets):
            packet.stream = track
            packet.pts = packet.dts = number * 1280
            target.mux(packet)
        if keep > 0:
            more = av.Packet(bytes(packets[-1])[:-1] + b"\x7f")
            more.stream, more.time_base, more.is_keyframe = track, packets[-1].time_base, False
            more.pts = more.dts = (packets[-1].pts or 0) * 40 // 39
            target.mux(more)
    other.replace(made.path)
    video = [finding for finding in verified(made).problems if "video" in f"{finding.expected}{finding.found}"]
    assert [finding.kind for finding in video] == [kind]
    text = video[0].expected if keep < 0 else video[0].found
    assert text is not None
    assert text.startswith(f"video packet {20 if keep < 0 else 40}")


def test_a_byte_of_a_source(made, tmp_path):
    rows = [each for each in read_proof(made.path).rows() if each.source == 1 and each.stream == 0]
    assert rows[5].pos_bytes is not None
    source = tmp_path / "footage" / "1.mp4"
    change(source, rows[5].pos_bytes + 7)
    changed, packet = verified(made).problems
    assert (changed.kind, changed.path) == (FindingKind.SOURCE_CHANGED, "1.mp4")
    assert changed.found == sha256_of(source)
    assert (packet.kind, packet.path) == (FindingKind.SOURCE_PACKET_CHANGED, "1.mp4")
    assert packet.expected == f"video packet 5, bytes from {rows[5].pos_bytes} on: {rows[5].sha256}"


def test_a_source_changed_outside_the_clip(made, tmp_path):
    source = tmp_path / "footage" / "0.mp4"
    change(source, source.read_bytes().index(b"mdat") + 40)  # the clip begins a second later
    assert kinds(made) == [FindingKind.SOURCE_CHANGED]


def test_a_source_cut_short(made, tmp_path):
    source = tmp_path / "footage" / "1.mp4"
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    found = verified(made).problems
    assert [finding.kind for finding in found][:2] == [FindingKind.SOURCE_CHANGED, FindingKind.SOURCE_PACKET_CHANGED]
    assert found[-1].found is None


def test_a_source_that_is_not_here(made, tmp_path):
    (tmp_path / "footage" / "0.mp4").unlink()
    told = verified(made)
    assert told.problems == (Finding(FindingKind.SOURCE_MISSING, "0.mp4", made.sources[0].sha256),)
    assert not told.ok
    assert not told.broken  # nothing was changed; it just cannot all be shown


def test_sources_are_found_in_the_sites_folder_or_where_they_were(made, tmp_path):
    moved = tmp_path / "moved"
    shutil.copytree(tmp_path / "footage", moved)
    change(moved / "0.mp4", (moved / "0.mp4").read_bytes().index(b"mdat") + 40)
    assert verify_clip(made.path, locate=locator([])).ok
    found = verify_clip(made.path, locate=locator([Camera(3, "x", "", str(moved))])).problems
    assert [finding.kind for finding in found] == [FindingKind.SOURCE_CHANGED]
    assert verify_clip(made.path, locate=locator([Camera(4, "x", "", str(moved))])).ok


def edited(proof: Path, old: str, new: str) -> None:
    text = proof.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    proof.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_rows_of_the_proof(made, tmp_path):
    proof = made.proof
    kept = proof.read_text(encoding="utf-8")
    row_3 = [each for each in read_proof(made.path).rows() if each.stream == 0][3]
    other = row_3.sha256[:-1] + ("0" if row_3.sha256[-1] != "0" else "1")
    edited(proof, row_3.sha256, other)
    assert kinds(made) == [FindingKind.PROOF_CHANGED, FindingKind.PACKET_CHANGED, FindingKind.SOURCE_PACKET_CHANGED]
    for old, new, kind in (
        (
            f",{row_3.packet},{row_3.pos_bytes},",
            f",{row_3.packet},{(row_3.pos_bytes or 0) + 1},",
            "source_packet_changed",
        ),
        (f",{row_3.packet},{row_3.pos_bytes},", f",{row_3.packet + 50},{row_3.pos_bytes},", "ledger_broken"),
        (f",{row_3.pts},0,", f",{row_3.pts + 700},0,", "packet_time"),
        (f",{row_3.size_bytes},{row_3.pts},0,", f",{row_3.size_bytes},{row_3.pts},1,", "packet_changed"),
    ):
        proof.write_text(kept, encoding="utf-8")
        edited(proof, old, new)
        assert kinds(made) == [FindingKind.PROOF_CHANGED, FindingKind(kind)]


def test_facts_of_the_proof(made):
    edited(made.proof, '"place": "Cổng sau"', '"place": "Cổng trước"')
    assert kinds(made) == [FindingKind.PROOF_CHANGED]


def test_a_row_taken_out(made):
    lines = made.proof.read_text(encoding="utf-8").splitlines(keepends=True)
    del lines[lines.index('"packets": [\n') + 5]
    made.proof.write_text("".join(lines), encoding="utf-8")
    found = kinds(made)
    assert found[0] is FindingKind.PROOF_CHANGED
    assert FindingKind.LEDGER_BROKEN in found
    assert FindingKind.PACKET_EXTRA in found


def test_a_proof_laid_out_anew_is_read_but_no_longer_sealed(made):
    made.proof.write_text(json.dumps(json.loads(made.proof.read_text(encoding="utf-8")), indent=4), encoding="utf-8")
    assert kinds(made) == [FindingKind.PROOF_CHANGED]


def test_without_a_proof(made, tmp_path):
    with pytest.raises(NoSuchFile):
        verify_clip(tmp_path / "none.mp4", locate=locator([]))
    made.proof.write_text("{}")
    with pytest.raises(BadProof):
        verified(made)
    made.proof.unlink()
    with pytest.raises(NoProof) as raised:
        verified(made)
    assert raised.value.facts == {"path": made.path, "proof": "c.mp4.proof.json"}


def test_clip_and_proof_under_another_name(made, tmp_path):
    made.proof.rename(proof_path(tmp_path / "d.mp4"))
    assert verify_clip(made.path.rename(tmp_path / "d.mp4"), locate=locator([])).ok


def test_packets_in_pieces_are_found_by_number(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.makers.program_stream.PES_DATA_BYTES", 60)
    footage = tmp_path / "footage"
    clip = write_mpeg_ps(footage / "a.mpg", write_mp4(tmp_path / "plain.mp4", seconds=4, fps=10, gop=10))
    made = cut(camera(footage), [row(clip)], span(1, 3), 0, tmp_path / "c.mp4", zone=ZONE)
    assert verified(made).ok
    pieces = [each for each in read_proof(made.path).rows() if each.pos_bytes is None]
    assert pieces
    change(clip, clip.stat().st_size // 2)
    found = verified(made).problems
    assert [finding.kind for finding in found] == [FindingKind.SOURCE_CHANGED, FindingKind.SOURCE_PACKET_CHANGED]
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    assert {finding.found for finding in verified(made).problems[1:]} >= {None}
    clip.write_bytes(b"nothing")
    assert FindingKind.SOURCE_UNREADABLE in {finding.kind for finding in verified(made).problems}


def test_recordings_against_their_hashes(tmp_path):
    good, bad, gone = (tmp_path / name for name in ("a", "b", "c"))
    good.write_bytes(b"a")
    bad.write_bytes(b"b")
    rows = [(good, sha256_of(good)), (bad, "0" * 64), (gone, "1" * 64), (tmp_path, "2" * 64)]
    found = list(verify_recordings(rows))
    assert found[:2] == [
        Finding(FindingKind.RECORDING_CHANGED, str(bad), "0" * 64, sha256_of(bad)),
        Finding(FindingKind.RECORDING_MISSING, str(gone), "1" * 64),
    ]
    assert [finding.kind for finding in found[2:]] == [FindingKind.RECORDING_UNREADABLE]


def test_every_kind_has_words():
    assert set(FINDINGS) == set(FindingKind)
    assert str(Finding(FindingKind.SOURCE_MISSING, "a")) == "a recording that the clip was cut from is not here"
