"""`verify`: a clip against its proof and its sources, and recordings against their hashes in the catalog."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path, PurePath

from camtool.core.ledger import PacketRow
from camtool.core.model import Camera, State
from camtool.core.pathtext import from_text, to_text
from camtool.errors import NoProof, NoSuchFile, NotAFile, Unplayable, mark
from camtool.evidence.proof import Proof, ProofSource, read_proof
from camtool.media.clip_read import (
    ClipPacket,
    clip_packets,
    hidden_pictures,
    shown_pictures,
    stored_pictures,
    unlike_source,
)
from camtool.media.hash import sha256_of

# How far a picture may be shown from its time: Matroska rounds to 1 ms (twice, where two tracks are set against each
# other); .mp4 keeps pictures exactly and sound within a tick of its own clock.
_TIME_SLACK_S = Fraction(2, 1000)


class FindingKind(StrEnum):
    """What can be found; the words are in FINDINGS."""

    PROOF_CHANGED = "proof_changed"
    LEDGER_BROKEN = "ledger_broken"
    CLIP_CHANGED = "clip_changed"
    CLIP_UNREADABLE = "clip_unreadable"
    HIDDEN_FRAMES = "hidden_frames"
    PACKET_CHANGED = "packet_changed"
    PACKET_MISSING = "packet_missing"
    PACKET_EXTRA = "packet_extra"
    PACKET_MOVED = "packet_moved"
    PACKET_TIME = "packet_time"
    SOURCE_MISSING = "source_missing"
    SOURCE_CHANGED = "source_changed"
    SOURCE_UNREADABLE = "source_unreadable"
    SOURCE_PACKET_CHANGED = "source_packet_changed"
    RECORDING_MISSING = "recording_missing"
    RECORDING_CHANGED = "recording_changed"
    RECORDING_UNREADABLE = "recording_unreadable"


FINDINGS: Mapping[FindingKind, str] = {
    FindingKind.PROOF_CHANGED: mark("the proof was changed after it was written"),
    FindingKind.LEDGER_BROKEN: mark("the proof's list of packets does not agree with itself"),
    FindingKind.CLIP_CHANGED: mark("the clip is not the file that was written"),
    FindingKind.CLIP_UNREADABLE: mark("the clip cannot be read as video"),
    FindingKind.HIDDEN_FRAMES: mark("pictures are hidden in the clip"),
    FindingKind.PACKET_CHANGED: mark("a packet of the clip was changed"),
    FindingKind.PACKET_MISSING: mark("a packet of the clip is missing"),
    FindingKind.PACKET_EXTRA: mark("the clip holds a packet that it should not"),
    FindingKind.PACKET_MOVED: mark("a packet of the clip stands in another place"),
    FindingKind.PACKET_TIME: mark("the clip shows a packet at another time"),
    FindingKind.SOURCE_MISSING: mark("a recording that the clip was cut from is not here"),
    FindingKind.SOURCE_CHANGED: mark("a recording that the clip was cut from was changed"),
    FindingKind.SOURCE_UNREADABLE: mark("a recording that the clip was cut from cannot be read"),
    FindingKind.SOURCE_PACKET_CHANGED: mark("a packet is not the same in the recording"),
    FindingKind.RECORDING_MISSING: mark("the recording is not here"),
    FindingKind.RECORDING_CHANGED: mark("the recording is not what was hashed"),
    FindingKind.RECORDING_UNREADABLE: mark("the recording cannot be read"),
}
# What leaves something unproven without showing that anything was changed.
_UNPROVEN = frozenset({FindingKind.SOURCE_MISSING, FindingKind.SOURCE_UNREADABLE})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. path is of the file; expected and found name packets by number."""

    kind: FindingKind
    path: str
    expected: str | None = None
    found: str | None = None

    def __str__(self) -> str:
        return FINDINGS[self.kind]


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """ok: nothing was found at all. checked counts files and packets that were compared."""

    checked: int
    problems: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether everything could be checked and is as it was."""
        return not self.problems

    @property
    def broken(self) -> bool:
        """Whether something is not as it was; without it, findings only say what could not be checked."""
        return any(problem.kind not in _UNPROVEN for problem in self.problems)


Locate = Callable[[ProofSource], Path | None]


def locator(cameras: Iterable[Camera]) -> Locate:
    """Return what finds a source: in the site's footage folder of its camera, else in the folder the proof names."""
    folders = {camera.number: camera.footage for camera in cameras}

    def locate(source: ProofSource) -> Path | None:
        try:
            path, stated = from_text(source.path), from_text(source.folder)
        except ValueError:
            return None
        if PurePath(path).is_absolute() or ".." in PurePath(path).parts:
            return None
        places = [Path(folder, path) for folder in (folders.get(source.camera), stated) if folder]
        return next((place for place in places if place.is_file()), None)

    return locate


def verify_clip(clip: Path, *, locate: Locate) -> VerifyReport:
    """Check a clip: its hash, each packet against the ledger, and each source that locate finds, whole and by packet.

    A clip without a proof is checked for pictures that an edit list hides; one that hides none has no more to check.
    Raises NoSuchFile, NotAFile, NoProof, BadProof, and OSError where the clip cannot be read.
    """
    if not clip.is_file():
        raise (NotAFile if clip.is_dir() else NoSuchFile)(path=clip)
    try:
        proof = read_proof(clip)
    except NoProof:
        hidden = _hidden(clip)
        if hidden is None:
            raise
        return VerifyReport(1, (hidden,))
    check = _Check(clip, proof)
    return VerifyReport(problems=tuple(check.findings(locate)), checked=check.checked)


def _hidden(clip: Path) -> Finding | None:
    """Say that an edit list hides pictures of a clip: a copy by `ffmpeg -ss … -c copy` stores more than it plays."""
    try:
        stored, hidden = stored_pictures(clip), hidden_pictures(clip)
    except Unplayable:
        return None
    if stored is None or not hidden:
        return None
    return _hidden_frames(to_text(str(clip)), stored, stored - hidden)


def _hidden_frames(name: str, stored: int, shown: int) -> Finding:
    return Finding(FindingKind.HIDDEN_FRAMES, name, f"{stored} pictures are stored", f"{shown} pictures are shown")


def verify_recordings(rows: Iterable[tuple[Path, str]]) -> Iterator[Finding]:
    """Hash recordings again, one after another in the order given; yield those that are not what their SHA-256 says."""
    for path, expected in rows:
        name = to_text(str(path))
        try:
            found = sha256_of(path)
        except FileNotFoundError:
            yield Finding(FindingKind.RECORDING_MISSING, name, expected)
        except OSError as error:
            yield Finding(FindingKind.RECORDING_UNREADABLE, name, expected, error.strerror)
        else:
            if found != expected:
                yield Finding(FindingKind.RECORDING_CHANGED, name, expected, found)


class _Check:
    """One clip being checked."""

    def __init__(self, clip: Path, proof: Proof) -> None:
        self.clip, self.proof, self.checked = clip, proof, 0
        self.name = to_text(str(clip))
        self.kinds = {number: stream.kind for number, stream in enumerate(proof.streams)}

    def findings(self, locate: Locate) -> Iterator[Finding]:
        proof = self.proof
        self.checked += 1
        if not proof.sealed:
            yield Finding(FindingKind.PROOF_CHANGED, to_text(str(proof.path)))
        sha256 = sha256_of(self.clip, keep_cached=True)  # its packets are read next
        self.checked += 1
        if sha256 != proof.clip_sha256:
            yield Finding(FindingKind.CLIP_CHANGED, self.name, proof.clip_sha256, sha256)
        ledger: list[list[PacketRow]] = [[] for _ in proof.streams]
        for row in proof.rows():
            ledger[row.stream].append(row)
        yield from self._ledger(ledger)
        yield from self._packets(ledger)
        rows_of: list[list[PacketRow]] = [[] for _ in proof.sources]
        for rows in ledger:
            for row in rows:
                rows_of[row.source].append(row)
        for source, rows in zip(proof.sources, rows_of, strict=True):
            yield from self._source(source, rows, locate(source))

    def _ledger(self, ledger: list[list[PacketRow]]) -> Iterator[Finding]:
        """Hold the rows against the facts: how many there are, and that each source's follow each other."""
        name = to_text(str(self.proof.path))
        for number, stream in enumerate(self.proof.streams):
            if len(ledger[number]) != stream.packets:
                yield Finding(
                    FindingKind.LEDGER_BROKEN,
                    name,
                    f"{stream.kind}: {stream.packets} packets",
                    f"{len(ledger[number])} packets",
                )
        for number, rows in enumerate(ledger):
            numbers = [(row.source, row.packet) for row in rows]
            stated = [
                (source, packet)
                for source, facts in enumerate(self.proof.sources)
                for stretch in facts.stretches
                if stretch.stream == number
                for packet in range(stretch.first_packet, stretch.first_packet + stretch.packets)
            ]
            if numbers != stated:
                at = next((at for at, pair in enumerate(zip(numbers, stated, strict=False)) if pair[0] != pair[1]), -1)
                words = [
                    f"{self.kinds[number]} row {at}: source {each[at][0]}, packet {each[at][1]}"
                    for each in (stated, numbers)
                ]
                yield Finding(FindingKind.LEDGER_BROKEN, name, *(words if at >= 0 else ()))

    def _packets(self, ledger: list[list[PacketRow]]) -> Iterator[Finding]:
        """Hold the clip's packets against the rows."""
        there: dict[str, list[ClipPacket]] = {stream.kind: [] for stream in self.proof.streams}
        unread = None
        try:
            for packet in clip_packets(self.clip):
                there.setdefault(packet.kind, []).append(packet)
            shown, pictures = shown_pictures(self.clip), len(there["video"])
        except Unplayable as error:
            unread = Finding(FindingKind.CLIP_UNREADABLE, self.name, None, str(error.facts["detail"]))
            shown = pictures = 0
        if unread is not None:
            yield unread
        if shown != pictures:
            yield _hidden_frames(self.name, pictures, shown)
        for number, rows in enumerate(ledger):
            packets = there[self.kinds[number]]
            self.checked += len(packets)
            yield from self._unlike(number, rows, packets)
        yield from self._times(ledger, there)

    def _unlike(self, stream: int, rows: list[PacketRow], packets: list[ClipPacket]) -> Iterator[Finding]:
        """Name what differs. What is alike at both ends is left out, so that one lost packet is one finding."""
        start, end, end_here = 0, len(rows), len(packets)
        while start < min(end, end_here) and _alike(rows[start], packets[start]):
            start += 1
        while end > start and end_here > start and _alike(rows[end - 1], packets[end_here - 1]):
            end, end_here = end - 1, end_here - 1
        known = {row.sha256: number for number, row in enumerate(rows)}
        if end == end_here:
            for number in range(start, end):
                if not _alike(rows[number], packets[number]):
                    yield self._changed(stream, number, rows[number], packets[number], known)
            return
        here = {packet.sha256 for packet in packets[start:end_here]}
        wanted = {row.sha256 for row in rows[start:end]}
        for number in range(start, end):
            if rows[number].sha256 not in here:
                yield Finding(FindingKind.PACKET_MISSING, self.name, self._words(stream, number, rows[number]))
        for number in range(start, end_here):
            if packets[number].sha256 not in wanted:
                found = f"{self.kinds[stream]} packet {number}: {packets[number].sha256}"
                yield Finding(FindingKind.PACKET_EXTRA, self.name, None, found)

    def _changed(
        self, stream: int, number: int, row: PacketRow, packet: ClipPacket, known: Mapping[str, int]
    ) -> Finding:
        expected = self._words(stream, number, row)
        if packet.sha256 == row.sha256:
            found = f"{packet.size_bytes} bytes, {'a' if packet.key else 'no'} keyframe"
            expected = f"{expected}, {row.size_bytes} bytes, {'a' if row.key else 'no'} keyframe"
        elif packet.sha256 in known:
            found = f"{self.kinds[stream]} packet {known[packet.sha256]}"
            return Finding(FindingKind.PACKET_MOVED, self.name, expected, found)
        else:
            found = packet.sha256
        return Finding(FindingKind.PACKET_CHANGED, self.name, expected, found)

    def _words(self, stream: int, number: int, row: PacketRow) -> str:
        source = self.proof.sources[row.source].path
        return f"{self.kinds[stream]} packet {number} ({source}, packet {row.packet}): {row.sha256}"

    def _times(self, ledger: list[list[PacketRow]], there: Mapping[str, list[ClipPacket]]) -> Iterator[Finding]:
        """Hold the times the clip states against the sources'; name the first of each stream that is off."""
        start: Fraction | None = None
        for number, rows in enumerate(ledger):
            packets = there[self.kinds[number]]
            if len(packets) != len(rows) or self.proof.streams[number].retimed:
                continue
            for place, (row, packet, expected) in enumerate(zip(rows, packets, self._expected(rows), strict=True)):
                if expected is None or packet.time_s is None:
                    continue
                off = packet.time_s - expected
                start = off if start is None else start
                if abs(off - start) > _TIME_SLACK_S:
                    found = f"{float(off - start):+.6f} s off"
                    yield Finding(FindingKind.PACKET_TIME, self.name, self._words(number, place, row), found)
                    break

    def _expected(self, rows: list[PacketRow]) -> Iterator[Fraction | None]:
        """Yield when each packet should be shown, from a start that the whole clip has in common."""
        stretches = {
            (number, stretch.stream): stretch
            for number, source in enumerate(self.proof.sources)
            for stretch in source.stretches
        }
        for row in rows:
            stretch = stretches.get((row.source, row.stream))
            shift = None
            if stretch is not None:
                shift = next((shift for first, shift in reversed(stretch.runs) if first <= row.packet), None)
            yield None if stretch is None or shift is None else (row.pts + shift) * stretch.time_base_s

    def _source(self, source: ProofSource, rows: list[PacketRow], path: Path | None) -> Iterator[Finding]:
        """Hold one recording against its hash, and its packets against the rows."""
        if path is None:
            yield Finding(FindingKind.SOURCE_MISSING, source.path, source.sha256)
            return
        streams = {number: (stream.kind, stream.compared) for number, stream in enumerate(self.proof.streams)}
        self.checked += 1
        try:
            upto_bytes = source.size_bytes if source.state == State.GROWING else None
            sha256 = sha256_of(path, upto_bytes=upto_bytes, keep_cached=True)
            if sha256 != source.sha256:
                yield Finding(FindingKind.SOURCE_CHANGED, source.path, source.sha256, sha256)
            self.checked += len(rows)
            for unlike in unlike_source(path, rows, streams):
                row = unlike.row
                where = "" if row.pos_bytes is None else f", bytes from {row.pos_bytes} on"
                expected = f"{self.kinds[row.stream]} packet {row.packet}{where}: {row.common_sha256}"
                yield Finding(FindingKind.SOURCE_PACKET_CHANGED, source.path, expected, unlike.found)
        except Unplayable as error:
            yield Finding(FindingKind.SOURCE_UNREADABLE, source.path, source.sha256, str(error.facts["detail"]))
        except OSError as error:
            yield Finding(FindingKind.SOURCE_UNREADABLE, source.path, source.sha256, error.strerror or str(error))


def _alike(row: PacketRow, packet: ClipPacket) -> bool:
    return (row.sha256, row.size_bytes, row.key) == (packet.sha256, packet.size_bytes, packet.key)
