"""`verify CASE`: a case against its log: the chain, every file by its hash, the set of files both ways, every clip."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from camtool.core.case import Act, Case, Role, case_of
from camtool.core.custody import FAULTS, REMARKS, Anchor, Chain, FileObject
from camtool.core.model import Site
from camtool.core.pathtext import from_text, to_text
from camtool.errors import BadProof, CamtoolError, LogDamaged, NoProof, mark
from camtool.evidence.custody_log import LOCK_FILE, LOG_FILE, CustodyLog
from camtool.jobs.case import Doer, acting, cases_folder, read_case
from camtool.jobs.case_add import case_locator
from camtool.jobs.verify import FINDINGS, FindingKind, verify_clip
from camtool.media.hash import sha256_of


class CaseFaultKind(StrEnum):
    """What can be wrong with a case's files; the words are in CASE_FAULTS."""

    FILE_MISSING = "file_missing"
    FILE_CHANGED = "file_changed"
    FILE_EXTRA = "file_extra"
    FILE_LINK = "file_link"
    FILE_UNREADABLE = "file_unreadable"
    PROOF_UNREADABLE = "proof_unreadable"
    LOG_UNREADABLE = "log_unreadable"


CASE_FAULTS = {
    CaseFaultKind.FILE_MISSING: mark("a file of the case is gone"),
    CaseFaultKind.FILE_CHANGED: mark("a file of the case was changed"),
    CaseFaultKind.FILE_EXTRA: mark("the log knows nothing of this file"),
    CaseFaultKind.FILE_LINK: mark("this is a link, not a file"),
    CaseFaultKind.FILE_UNREADABLE: mark("a file of the case cannot be read"),
    CaseFaultKind.PROOF_UNREADABLE: mark("the clip's proof cannot be read"),
    CaseFaultKind.LOG_UNREADABLE: mark("the log cannot be read as that of a case"),
}
_NOT_AT_HAND = frozenset({FindingKind.SOURCE_MISSING})


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """One thing found. kind is a key, words the English message id for it; path names the file, or `file:line`."""

    kind: str
    words: str
    path: str
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What verifying a case came to. remarks are worth a look and no fault; logged: it is a row of the case's log.

    head and entries are the log's when everything was said, the row of this verifying included.
    """

    number: str
    checked: int
    problems: tuple[CaseFinding, ...]
    remarks: tuple[CaseFinding, ...]
    head: str
    entries: int
    logged: bool

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def is_case(folder: Path) -> bool:
    """Whether a folder is a case's: it has a custody log, or had one and lies among the cases."""
    return folder.is_dir() and (folder / LOG_FILE).exists()


def verify_case(folder: Path, anchors: Sequence[Anchor] = (), *, site: Site | None, doer: Doer | None) -> CaseReport:
    """Check a case. anchors are heads from paper or packages. Inside its site it is logged, so there is a doer.

    A log that is damaged takes no row; a copy of a case outside a site is only read. Raises NoOfficer by way of the
    caller, CaseBusy, NotAllowed; LogDamaged where there is no log at all.
    """
    number = folder.name
    at_home = site is not None and doer is not None and lies_in(folder, site)
    if at_home and site is not None:
        try:
            read_case(site, number)  # finishes what a killed run left
        except LogDamaged:
            at_home = False
    check = _Check(folder, site, anchors)
    if not at_home or site is None or doer is None:
        check.run()
        return check.report(logged=False)
    with acting(site, number, Act.VERIFY, doer, on_closed=True) as doing:
        check.run()
        kinds = sorted({problem.kind for problem in check.problems})
        result = "ok" if not kinds else f"failed: {len(check.problems)} faults ({', '.join(kinds)})"
        doing.write(result=result, facts={"checked": check.checked, "faults": len(check.problems)})
    check.reread()
    return check.report(logged=True)


def lies_in(folder: Path, site: Site) -> bool:
    """Whether a folder is that of a case of a site, by its own path or behind a link."""
    try:
        home = cases_folder(site).resolve()
        return home in {folder.absolute().parent.resolve(), folder.resolve().parent}
    except OSError:
        return False


class _Check:
    """One case being checked."""

    def __init__(self, folder: Path, site: Site | None, anchors: Sequence[Anchor]) -> None:
        self.folder, self.site, self.anchors = folder, site, tuple(anchors)
        self.log = CustodyLog(folder / LOG_FILE)
        self.problems: list[CaseFinding] = []
        self.remarks: list[CaseFinding] = []
        self.checked = 0
        self.chain = Chain((), (), ())

    def run(self) -> None:
        chain = self.log.read()
        self.chain = self.log.read((*self.anchors, *_recorded(chain)))
        self.checked += self.chain.count
        self.problems += (
            CaseFinding(fault.kind, FAULTS[fault.kind], _at(fault.line), fault.expected, fault.found)
            for fault in self.chain.faults
        )
        self.remarks += (
            CaseFinding(remark.kind, REMARKS[remark.kind], _at(remark.line), None, remark.detail or None)
            for remark in self.chain.remarks
        )
        try:
            case = case_of(self.chain.entries)
        except (ValueError, KeyError, TypeError) as error:
            self._fault(CaseFaultKind.LOG_UNREADABLE, LOG_FILE, None, str(error))
            return
        self._files(case)
        self._clips(case)

    def reread(self) -> None:
        """Read the log again, behind the row of this verifying."""
        self.chain = self.log.read()

    def report(self, *, logged: bool) -> CaseReport:
        return CaseReport(
            self.folder.name,
            self.checked,
            tuple(self.problems),
            tuple(self.remarks),
            self.chain.head,
            self.chain.count,
            logged,
        )

    def _fault(self, kind: CaseFaultKind, path: str, expected: str | None = None, found: str | None = None) -> None:
        self.problems.append(CaseFinding(kind, CASE_FAULTS[kind], path, expected, found))

    def _files(self, case: Case) -> None:
        """Hold every file that the log names against its hash, and every file that is there against the log."""
        named = {held.path: held for item in case.items for held in (item.object, *item.parts)}
        there = dict(_walk(self.folder))
        for path, held in named.items():
            self.checked += 1
            if path not in there:
                self._fault(CaseFaultKind.FILE_MISSING, path, held.sha256)
            elif there[path].is_symlink():
                self._fault(CaseFaultKind.FILE_LINK, path, held.sha256)
            else:
                self._content(there[path], held)
        for path in sorted(there.keys() - named.keys()):
            kind = CaseFaultKind.FILE_LINK if there[path].is_symlink() else CaseFaultKind.FILE_EXTRA
            self._fault(kind, path)

    def _content(self, file: Path, held: FileObject) -> None:
        try:
            found = sha256_of(file)
        except OSError as error:
            self._fault(CaseFaultKind.FILE_UNREADABLE, held.path, held.sha256, error.strerror)
            return
        if found != held.sha256:
            self._fault(CaseFaultKind.FILE_CHANGED, held.path, held.sha256, found)

    def _clips(self, case: Case) -> None:
        """Hold every clip against its proof, and against its recordings where they are still at hand."""
        cameras = self.site if self.site is not None else Site(str(self.folder), "", "UTC", "en")
        locate = case_locator(cameras, case, self.folder)
        for item in case.items:
            clip = self.folder / from_text(item.object.path)
            if item.role is not Role.EXTRACT or not clip.is_file():
                continue
            try:
                report = verify_clip(clip, locate=locate)
            except (NoProof, BadProof) as error:
                self._fault(CaseFaultKind.PROOF_UNREADABLE, item.object.path, None, str(error))
                continue
            except (CamtoolError, OSError) as error:
                self._fault(CaseFaultKind.FILE_UNREADABLE, item.object.path, None, str(error))
                continue
            self.checked += report.checked
            for each in report.problems:
                kept = self.remarks if each.kind in _NOT_AT_HAND else self.problems
                path = item.object.path if each.path == to_text(str(clip)) else each.path
                kept.append(CaseFinding(each.kind, FINDINGS[each.kind], path, each.expected, each.found))


def _at(line: int) -> str:
    return f"{LOG_FILE}:{line}" if line else LOG_FILE


def _recorded(chain: Chain) -> Iterator[Anchor]:
    """Yield the heads that rows of sealing recorded: whoever hashes a log anew has to know of them.

    A redacted package holds a short log of its own, whose head is none of this one.
    """
    for row in chain.entries:
        head, count = row.facts.get("custody_head"), row.facts.get("custody_entries")
        own = row.facts.get("redacted") or "_CHE_" in str(row.facts.get("package", ""))
        if isinstance(head, str) and type(count) is int and not own:
            yield Anchor(head, count)


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file and link of a case's folder but the log and its lock, by its path in the case."""
    for inside, folders, files in os.walk(folder):
        links = [name for name in folders if Path(inside, name).is_symlink()]
        for name in (*files, *links):
            path = Path(inside, name)
            place = to_text(path.relative_to(folder).as_posix())
            if place not in {LOG_FILE, LOCK_FILE}:
                yield place, path
