"""What a clip brings along when it enters a case, and what the case's log then knows of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from camtool.core.clock import ClockModel
from camtool.core.ledger import PacketRow
from camtool.core.pathtext import to_text
from camtool.core.timetext import from_rfc3339, rfc3339
from camtool.errors import NoSuchFile
from camtool.evidence.packets_csv import FRAMEHASH_SUFFIX, PACKETS_SUFFIX, SourceRow, write_packets
from camtool.evidence.proof import Proof, ProofSource, read_proof
from camtool.media.framehash import WriteFramehash, framehash_by_ffmpeg
from camtool.media.source_packets import source_packets
from camtool.media.streamhash import stream_hash

Locate = Callable[[ProofSource], Path | None]

# Half an hour at 25 a second: about 20 MB.
_MOST_ROWS = 45_000


def beside(clip: Path, suffix: str) -> Path:
    """Return the file that belongs to a clip, its name with a suffix behind."""
    return clip.with_name(clip.name + suffix)


class HandedOn:
    """The rows of a clip's pictures as its cutting hands them on, so that they need not be read from its proof again.

    Only while they are few: the rows of a day would fill the memory.
    """

    def __init__(self) -> None:
        self._rows: list[PacketRow] | None = []

    def add(self, rows: Iterable[PacketRow]) -> None:
        """Take rows of the ledger."""
        if self._rows is not None:
            self._rows += [row for row in rows if row.stream == 0]
            if len(self._rows) > _MOST_ROWS:
                self._rows = None

    def rows(self, proof: Proof) -> Iterable[PacketRow]:
        """Return the rows of the pictures, of the proof where they were too many."""
        return (row for row in proof.rows() if row.stream == 0) if self._rows is None else self._rows


def complete_clip(
    clip: Path, locate: Locate, framehash: WriteFramehash = framehash_by_ffmpeg, handed_on: HandedOn | None = None
) -> dict[str, Any]:
    """Write CLIP.packets.csv and CLIP.framehash beside a clip that has its proof; return the facts for the log.

    Raises BadProof, NoSuchFile for a recording that locate does not find, Unplayable, ProgramMissing, ProgramFailed.
    """
    proof = read_proof(clip)
    pictures = handed_on.rows(proof) if handed_on else (row for row in proof.rows() if row.stream == 0)
    write_packets(beside(clip, PACKETS_SUFFIX), _source_rows(proof, pictures, locate))
    listed = framehash(clip, beside(clip, FRAMEHASH_SUFFIX))
    hashed = listed.pictures
    if hashed is None or hashed.packets != proof.streams[0].packets:  # or an edit list hides some of them
        hashed = stream_hash(clip)
    return clip_facts(proof) | {
        "stream_hash": {"sha256": hashed.sha256, "codec": hashed.codec, "filter": hashed.filter},
        "packets": hashed.packets,
        "framehash_command": list(listed.command),
        "framehash_by": "ffmpeg" if listed.by_ffmpeg else "camtool",
    }


def _source_rows(proof: Proof, pictures: Iterable[PacketRow], locate: Locate) -> Iterator[SourceRow]:
    """Yield the pictures of the clip, in its order, as the recordings hold them."""
    rows: list[list[PacketRow]] = [[] for _ in proof.sources]
    for row in pictures:
        rows[row.source].append(row)
    for source, wanted in zip(proof.sources, rows, strict=True):
        path = locate(source)
        if path is None:
            raise NoSuchFile(path=source.path)
        for packet in source_packets(path, wanted, proof.streams[0].compared):
            yield SourceRow(
                source.path, packet.number, packet.offset_bytes, packet.size_bytes, packet.pts, packet.sha256
            )


def clip_facts(proof: Proof) -> dict[str, Any]:
    """Return what a proof says of a clip, as the log holds it: camera, both times, sources, what was compared."""
    facts = proof.facts
    requested, shown = facts["requested"]["true_time"], facts["shown"]
    lead_us = from_rfc3339(requested["from"]) - from_rfc3339(shown["true_time"]["from"])
    return {
        "camera": dict(facts["camera"]),
        "camera_span": shown["camera_time"],
        "true_span": shown["true_time"],
        "requested": requested,
        "requested_camera": facts["requested"]["camera_time"],
        "lead_in_us": max(0, lead_us),
        "clock": {"offset_us": facts["true_time_is_camera_time_plus_us"]},
        "parents": [source.sha256 for source in proof.sources],
        "sources": [
            {
                "path": source.path,
                "sha256": source.sha256,
                "size_bytes": source.size_bytes,
                "first_packet": next((part.first_packet for part in source.stretches if part.stream == 0), None),
                "packets": sum(part.packets for part in source.stretches if part.stream == 0),
            }
            for source in proof.sources
        ],
        "packets_identical": True,
        "compared": str(proof.streams[0].compared),
        "problems": [str(problem["kind"]) for problem in facts.get("problems", ())],
    }


def clock_facts(clock: ClockModel, zone: ZoneInfo) -> dict[str, Any]:
    """Return a camera's clock as the log holds it: the offset, and the observation it comes from.

    Without an observation true time is camera time, taken on trust: observed is false.
    """
    facts: dict[str, Any] = {"offset_us": clock.offset_us, "observed": clock.observed, "note": ""}
    if (seen := clock.newest) is not None:
        facts |= {"showed": rfc3339(seen.shows_us, zone), "true_time": rfc3339(seen.true_us, zone)}
        facts["photo"] = seen.photo and to_text(seen.photo)
        facts["note"] = f"{facts['true_time']} = {facts['showed']}"
    return facts


def with_clock(facts: Mapping[str, Any], clock: Mapping[str, Any]) -> dict[str, Any]:
    """Return a clip's facts with what is known of its camera's clock."""
    return dict(facts) | {"clock": dict(clock)}
