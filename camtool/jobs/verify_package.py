"""`verify PACKAGE`: a sealed folder, checked as a stranger's: files, seal, custody, clips, and the recordings if asked.

Each file is read once to be hashed, by two threads beside everything else. Only small files and the clips' own lists
are read again. With `against`, clips and recordings are read packet by packet.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from camtool.core.case import ROLES, Case, Role
from camtool.core.custody import Chain
from camtool.core.model import Site
from camtool.core.pathtext import from_text
from camtool.errors import BadProof, NoProof, NoSuchFolder, Unplayable, mark
from camtool.evidence import bag
from camtool.evidence.keys import KEYS_FOLDER, KeyRecord, history
from camtool.evidence.ledger_check import first_unlike
from camtool.evidence.package_faults import (
    PACKAGE_FAULTS,
    UNCHECKED,
    Findings,
    PackageFault,
    PackageFinding,
    Unchecked,
    Verdict,
)
from camtool.evidence.package_log import check_items, check_log
from camtool.evidence.package_read import LOG, TAGS, compare_sets, read_info, read_manifest, read_text, read_tree
from camtool.evidence.package_seal import STAMPED, UNSTAMPED, Seal, check_info, check_seal, check_stamp
from camtool.evidence.packets_csv import PACKETS_SUFFIX
from camtool.evidence.proof import SUFFIX as PROOF_SUFFIX
from camtool.evidence.proof import Proof, read_proof
from camtool.evidence.sealing import ALLOWED_SIGNERS, PUBLIC_KEY
from camtool.jobs.verify import FINDINGS, FindingKind
from camtool.jobs.verify_against import against_recordings
from camtool.media.clip_read import hidden_pictures, stored_pictures
from camtool.media.hash import sha256_of

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from camtool.evidence.timestamp import Stamp

# One thread hashes 1.5 GB/s where the processor has SHA instructions; two keep both cores of an office PC at work.
_THREADS = 2
# A large block spares a spinning disk the way to and fro between the two files being read.
_BLOCK_BYTES = 4 << 20
# What the green line about the seal rests on, besides the key; the time-stamp has a line of its own.
_SEALS = frozenset(bag.SEALS) - {bag.STAMP}
# Endings of the containers in which an edit list can hide pictures, or that say how many there are.
_WITH_INDEX = frozenset({".mp4", ".mov", ".mkv"})


class CheckState(StrEnum):
    """How one check came out. absent: there was nothing of the kind, or it was not asked for."""

    OK = "ok"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its words (an English message id), how it came out, and the facts that fill the words."""

    words: str
    state: CheckState
    facts: Mapping[str, Any]


@dataclass(slots=True)
class PackageCheck:
    """What verifying a package came to. Texts and hashes are what the package says; None where it says nothing."""

    folder: Path
    findings: Findings = field(default_factory=Findings)
    checks: list[Check] = field(default_factory=list)
    checked: int = 0
    files: int = 0
    size_bytes: int = 0
    package_sha256: str | None = None
    seal: Seal | None = None
    info: Mapping[str, str] = field(default_factory=dict)
    chain: Chain = field(default_factory=lambda: Chain((), (), ()))
    stamp: "Stamp | None" = None

    @property
    def verdict(self) -> Verdict:
        """The one that counts."""
        return self.findings.verdict

    @property
    def faults(self) -> Sequence[PackageFinding]:
        """What is wrong."""
        return self.findings.faults

    @property
    def unchecked(self) -> Sequence[PackageFinding]:
        """What could not be checked."""
        return self.findings.unchecked


def verify_package(
    folder: Path,
    *,
    fingerprint: str | None = None,
    roots: "Sequence[Certificate]" = (),
    against: Site | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PackageCheck:
    """Check a package. fingerprint (64 hex digits) is from paper, roots from the time-stamp authority itself.

    progress is told bytes hashed of bytes to hash. Raises NoSuchFolder, KeyDamaged of the site in against.
    """
    if not folder.is_dir():
        raise NoSuchFolder(folder=folder)
    site_keys = None if against is None else history(Path(against.folder, KEYS_FOLDER)) or None
    ask = Asked(fingerprint, site_keys, tuple(roots), against, progress or (lambda done, total: None))
    return _Checking(PackageCheck(folder), ask).run()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a package is held against."""

    fingerprint: str | None
    site_keys: Sequence[KeyRecord] | None
    roots: "Sequence[Certificate]"
    against: Site | None
    progress: Callable[[int, int], None]


FILES = mark("files: {count}, {size}; none missing, none planted, none changed")
SEAL = mark("seal: signed by the key of the paper seal sheet, {when}")
STAMP = mark("time-stamp (RFC 3161): of this package, {when}, {authority}")
NO_STAMP = mark("time-stamp (RFC 3161): not stamped")
LOG_HOLDS = mark("custody log: {count} rows, unbroken up to the sealed head; every file is one it names")
CLIPS = mark("clips: {count}; each is the one its proof names, and hides no picture")
NO_CLIPS = mark("clips: none in this package")
AGAINST = mark("recordings: {count} packets read again and compared")
NONE_AGAINST = mark("recordings: there is no clip to compare with them")
NOT_AGAINST = mark("recordings: not compared; --against SITE does, where they are kept")


class _Checking:
    """One package being checked."""

    def __init__(self, report: PackageCheck, ask: Asked) -> None:
        self.report, self.ask = report, ask
        self.files, self.findings = Findings(), Findings()
        self.tree = read_tree(report.folder, self.files)
        self.listed: dict[str, str] = {}
        self.checks: list[Check] = []
        self.proofs: dict[str, Proof] = {}
        self.clips: dict[str, Role] = {}

    def run(self) -> PackageCheck:
        report = self.report
        tag_manifest = self._lists()
        report.info = info = self._info()
        compare_sets(self.tree, self.listed, info.get("Time-Stamp") == STAMPED, self.files)
        with ThreadPoolExecutor(_THREADS) as pool:
            hashing = self._hashing(pool)
            self._seal(tag_manifest, info)
            self._log(info)
            self._hashed(hashing)
        oxum = info.get("Payload-Oxum")
        if oxum is not None and not self.tree.payload_hidden and oxum != self._oxum():
            self.files.fault(PackageFault.OXUM_WRONG, bag.BAG_INFO, oxum, self._oxum())
        self._taint()
        files = Check(FILES, _state(self.files), {"count": report.files, "size_bytes": report.size_bytes})
        report.checks = [files, *self.checks]
        report.findings.faults = [*self.files.faults, *self.findings.faults]
        # A file that cannot be read is so to each check that reads it.
        report.findings.unchecked = list(dict.fromkeys([*self.files.unchecked, *self.findings.unchecked]))
        return report

    @contextmanager
    def _step(self, words: str, facts: Mapping[str, Any], *, absent: bool = False) -> Iterator[Findings]:
        """Give a step a list of its own, and take down how it came out."""
        found = Findings()
        yield found
        state = _state(found)
        self.checks.append(Check(words, CheckState.ABSENT if absent and state is CheckState.OK else state, facts))
        self.findings.faults += found.faults
        self.findings.unchecked += found.unchecked

    def _unknown(self, words: str) -> None:
        """Take down a step that has nothing to go by; why is among the findings of what it would have gone by."""
        self.checks.append(Check(words, CheckState.UNCHECKED, {}))

    def _taint(self) -> None:
        """No green line about a file that turned out not to be the one that was sealed, or that could not be read."""
        bad = {each.path for each in self.files.faults}
        sealed = {*self.listed, *TAGS, *bag.SEALS, LOG}
        dark = {each.path for each in self.files.unchecked} | {name for name in sealed if self.tree.is_hidden(name)}
        roles = tuple(f"{bag.PAYLOAD}/{role}/" for role in ROLES)
        about = {
            SEAL: lambda path: path in {PUBLIC_KEY, ALLOWED_SIGNERS, bag.BAG_INFO, *_SEALS},
            LOG_HOLDS: lambda path: path in {LOG, bag.BAG_INFO, bag.MANIFEST} or path.startswith(roles),
            CLIPS: lambda path: path.startswith(tuple(self.clips)),
            AGAINST: lambda path: path.startswith(tuple(self.clips)),
        }
        for at, check in enumerate(self.checks):
            if check.state is not CheckState.OK or check.words not in about:
                continue
            for paths, state in ((bad, CheckState.FAILED), (dark, CheckState.UNCHECKED)):
                if any(map(about[check.words], paths)):
                    self.checks[at] = replace(check, state=state)
                    break

    def _lists(self) -> bytes | None:
        """Read both lists of files and return the tag manifest, None where there is none to read."""
        tag_manifest = read_text(self.tree, bag.TAG_MANIFEST, self.files)
        if tag_manifest is not None:
            self.report.package_sha256 = hashlib.sha256(tag_manifest).hexdigest()
            self.listed |= read_manifest(bag.TAG_MANIFEST, tag_manifest, self.files)
        if (manifest := read_text(self.tree, bag.MANIFEST, self.files)) is not None:
            self.listed |= read_manifest(bag.MANIFEST, manifest, self.files)
        declared = read_text(self.tree, bag.BAGIT, self.files)
        if declared is not None and declared != bag.DECLARATION.encode():
            self.files.fault(PackageFault.BAG_UNFIT, bag.BAGIT)
        return tag_manifest

    def _info(self) -> Mapping[str, str]:
        content = read_text(self.tree, bag.BAG_INFO, self.files)
        if content is None:
            return {}
        info = read_info(content, self.files)
        check_info(info, self.files)
        return info

    def _hashing(self, pool: ThreadPoolExecutor) -> dict[str, Future[str]]:
        """Have every listed file hashed, the largest first, so that no thread is left alone with it at the end."""
        names = sorted(self.listed.keys() & self.tree.sizes.keys(), key=lambda name: -self.tree.sizes[name])
        return {name: pool.submit(sha256_of, self.tree.path(name), block_bytes=_BLOCK_BYTES) for name in names}

    def _hashed(self, hashing: Mapping[str, Future[str]]) -> None:
        """Hold the hashes against the lists."""
        total, done = sum(self.tree.sizes[name] for name in hashing), 0
        unlike: dict[str, str] = {}
        for name, future in hashing.items():
            try:
                found = future.result()
            except OSError as error:
                self.files.skip(Unchecked.FILE_UNREADABLE, name, error.strerror)
                continue
            self.report.files += 1
            self.report.checked += 1
            self.report.size_bytes += self.tree.sizes[name]
            done += self.tree.sizes[name]
            self.ask.progress(done, total)
            if found != self.listed[name]:
                unlike[name] = found
        for name in self.listed:
            if name in unlike:
                self.files.fault(PackageFault.FILE_CHANGED, name, self.listed[name], unlike[name])

    def _oxum(self) -> str:
        sizes = [size for name, size in self.tree.sizes.items() if name.startswith(f"{bag.PAYLOAD}/")]
        return f"{sum(sizes)}.{len(sizes)}"

    def _seal(self, tag_manifest: bytes | None, info: Mapping[str, str]) -> None:
        ask, facts = self.ask, dict[str, Any]()
        with self._step(SEAL, facts) as found:
            self.report.seal = seal = check_seal(
                self.tree, tag_manifest, info, found, fingerprint=ask.fingerprint, site_keys=ask.site_keys
            )
            facts |= {"sealed_us": seal.sealed_us}
        if info.get("Time-Stamp") not in {STAMPED, UNSTAMPED}:
            self._unknown(STAMP)
            return
        stamped = info["Time-Stamp"] == STAMPED
        facts = {}
        with self._step(STAMP if stamped else NO_STAMP, facts, absent=not stamped) as found:
            self.report.stamp = stamp = check_stamp(self.tree, tag_manifest, info, found, ask.roots)
            if stamp is not None:
                facts |= {"time_us": stamp.time_us, "authority": stamp.authority}
        if stamped and stamp is None and self.checks[-1].state is CheckState.OK:
            # Nothing to check it against, or it is out of sight: told of where the files are.
            self.checks[-1] = replace(self.checks[-1], state=CheckState.UNCHECKED)

    def _log(self, info: Mapping[str, str]) -> None:
        with self._step(LOG_HOLDS, facts := dict[str, Any]()) as found:
            self.report.chain, case = check_log(self.tree, info, found)
            self.report.checked += self.report.chain.count
            facts["count"] = self.report.chain.count
            if case is not None and not self._is_unread(bag.MANIFEST):
                check_items(case, self.report.chain, self.listed, found)
        if case is None:
            self._unknown(CLIPS)
        else:
            self._case(case)

    def _is_unread(self, name: str) -> bool:
        """Whether a file is there, as far as can be seen, and could not be read."""
        return self.tree.is_hidden(name) or any(each.path == name for each in self.files.unchecked)

    def _case(self, case: Case) -> None:
        """Check the clips of the case that the log tells, and the recordings if asked."""
        clips = self.clips = self._clips_of(case)
        with self._step(CLIPS if clips else NO_CLIPS, {"count": len(clips)}, absent=not clips) as found:
            for clip, role in clips.items():
                self._clip(clip, role, found)
        against = self.ask.against
        words = NOT_AGAINST if against is None else AGAINST if self.proofs else NONE_AGAINST
        with self._step(words, facts := dict[str, Any](), absent=words is not AGAINST) as found:
            if against is not None:
                # Each packet once, though it is read by the proof and again by packets.csv; green means all of them.
                facts["count"] = sum(stream.packets for proof in self.proofs.values() for stream in proof.streams)
                self.report.checked += against_recordings(self.report.folder, self.proofs, case, against, found)

    def _clips_of(self, case: Case) -> dict[str, Role]:
        """Return the clips in which nothing may be hidden, by their paths in the package."""
        roles = {Role.EXTRACT, Role.REDACTED}
        held = {f"{bag.PAYLOAD}/{item.object.path}": item.role for item in case.items if item.role in roles}
        return {path: role for path, role in held.items() if path in self.tree.sizes or self.tree.is_hidden(path)}

    def _clip(self, clip: str, role: Role, found: Findings) -> None:
        """Hold a clip's index and its lists against each other; its bytes are hashed elsewhere."""
        path = self.tree.path(from_text(clip))
        try:
            with path.open("rb") as file:
                file.read(1)
        except OSError as error:  # libav's own word for it would be that of a clip that cannot be played
            found.skip(Unchecked.FILE_UNREADABLE, clip, error.strerror)
            return
        stored: int | None = None
        if path.suffix.lower() in _WITH_INDEX:
            try:
                hidden = hidden_pictures(path)
                stored = stored_pictures(path)
                self.report.checked += 1
                if hidden:
                    found.fault(PackageFault.HIDDEN_FRAMES, clip, "0", str(hidden))
            except Unplayable as error:
                found.fault(PackageFault.CLIP_UNREADABLE, clip, None, str(error.facts["detail"]))
            except OSError as error:
                found.skip(Unchecked.FILE_UNREADABLE, clip, error.strerror)
        if role is Role.EXTRACT:
            self._proof(clip, path, stored, found)

    def _proof(self, clip: str, path: Path, stored: int | None, found: Findings) -> None:
        name = f"{clip}{PROOF_SUFFIX}"
        try:
            proof = read_proof(path)
        except (NoProof, BadProof) as error:
            if isinstance(error, BadProof) and isinstance(error.__cause__, OSError):
                found.skip(Unchecked.FILE_UNREADABLE, name, error.__cause__.strerror)
            else:
                found.fault(PackageFault.PROOF_UNREADABLE, name, None, str(error.facts.get("detail", "")) or None)
            return
        self.proofs[clip] = proof
        if not proof.sealed:
            found.fault(PackageFault.PROOF_UNREADABLE, name)
        if proof.clip_sha256 != self.listed.get(clip) and not self._is_unread(bag.MANIFEST):
            found.fault(PackageFault.PROOF_OTHER, name, self.listed.get(clip), proof.clip_sha256)
        packets = sum(stream.packets for stream in proof.streams if stream.kind == "video")
        if stored is not None and stored != packets:
            found.fault(PackageFault.CLIP_COUNT, clip, str(packets), str(stored))
        self._packets(clip, proof, found)

    def _packets(self, clip: str, proof: Proof, found: Findings) -> None:
        name = f"{clip}{PACKETS_SUFFIX}"
        if name not in self.tree.sizes:  # missing is told of where the sets are compared
            return
        try:
            unlike = first_unlike(proof, self.tree.path(name))
        except (BadProof, ValueError, IndexError) as error:  # IndexError: of a recording that the proof has not
            self.proofs.pop(clip)
            found.fault(PackageFault.PACKETS_UNREADABLE, name, None, str(error))
            return
        except OSError as error:
            found.skip(Unchecked.FILE_UNREADABLE, name, error.strerror)
            return
        self.report.checked += sum(stream.packets for stream in proof.streams)
        if unlike is not None:
            line, expected, there = unlike
            found.fault(PackageFault.PACKETS_WRONG, f"{name}:{line}", expected, there)


def words_of(finding: PackageFinding) -> str:
    """Return the English message id of a finding."""
    for words in (PACKAGE_FAULTS, UNCHECKED):
        if finding.kind in words:
            return words[finding.kind]
    return FINDINGS[FindingKind(finding.kind)]


def _state(found: Findings) -> CheckState:
    if found.faults:
        return CheckState.FAILED
    return CheckState.UNCHECKED if found.unchecked else CheckState.OK
