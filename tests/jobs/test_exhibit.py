"""What a clip brings along into a case: the same, whether its rows are handed on or read from its proof again."""

from pathlib import Path
from typing import Any

import pytest

from camtool.core.ledger import PacketRow
from camtool.evidence.proof import read_proof
from camtool.jobs import exhibit
from camtool.jobs.clip import cut
from camtool.jobs.exhibit import HandedOn, complete_clip
from camtool.jobs.verify import locator
from camtool.media.framehash import Framehash, LikeFfmpeg, framehash_by_ffmpeg
from camtool.media.streamhash import StreamHash
from tests.makers.filled_case import filled_case
from tests.makers.rows import ZONE, camera, row, span

BESIDE = (".packets.csv", ".framehash")


@pytest.fixture
def cut_clip(tmp_path: Path) -> tuple[Path, HandedOn, Any]:
    filled, handed_on = filled_case(tmp_path), HandedOn()
    recording = filled.recording
    report = cut(
        camera(recording.parent), [row(recording)], span(4.4, 6.6), 0, tmp_path / "cut.mp4", zone=ZONE,
        hand_on=handed_on.add,
    )  # fmt: skip
    return report.path, handed_on, locator(filled.site.cameras)


def written(clip: Path) -> list[bytes]:
    return [exhibit.beside(clip, suffix).read_bytes() for suffix in BESIDE]


def test_rows_handed_on_are_those_of_the_proof(cut_clip):
    clip, handed_on, locate = cut_clip
    proof = read_proof(clip)
    pictures = [row for row in proof.rows() if row.stream == 0]
    assert list(handed_on.rows(proof)) == pictures
    facts, files = complete_clip(clip, locate), written(clip)
    assert (complete_clip(clip, locate, handed_on=handed_on), written(clip)) == (facts, files)
    assert facts["packets"] == len(pictures) == proof.streams[0].packets


def test_too_many_rows_are_read_from_the_proof(cut_clip, monkeypatch):
    clip, _, _ = cut_clip
    monkeypatch.setattr(exhibit, "_MOST_ROWS", 3)
    handed_on, proof = HandedOn(), read_proof(clip)
    rows: list[PacketRow] = list(proof.rows())
    for each in rows:
        handed_on.add([each])
    assert handed_on._rows is None
    assert list(handed_on.rows(proof)) == [each for each in rows if each.stream == 0]


def test_one_reading_of_a_clip_says_what_two_say(cut_clip):
    clip, _, locate = cut_clip
    listing = LikeFfmpeg()
    facts, files = complete_clip(clip, locate), written(clip)
    for by in ("ffmpeg", "camtool"):
        assert complete_clip(clip, locate, listing) == facts | {"framehash_by": by}
        assert written(clip) == files


def test_a_reading_that_saw_fewer_pictures_is_not_the_clips(cut_clip):
    """As where an edit list hides some: ffmpeg's framehash has none of these, the stream hash has them all."""
    clip, _, locate = cut_clip

    def saw_fewer(clip: Path, out: Path) -> Framehash:
        return Framehash(framehash_by_ffmpeg(clip, out).command, False, StreamHash("h264", "0" * 64, 1, ""))

    facts = complete_clip(clip, locate)
    assert complete_clip(clip, locate, saw_fewer) == facts | {"framehash_by": "camtool"}
