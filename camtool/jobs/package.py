"""`package`: a case sealed into a folder that anyone can check without us, and the sheet that goes with it on paper.

The order is what makes it sound: everything that can be refused is refused before the first byte is copied; the files
are copied and held against the log; then the act is logged, the log is copied into the bag, the bag is sealed, the seal
is logged, and only then folder and sheet get their names. A custody step that fails fails the package.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from camtool.core.case import Act, Role
from camtool.core.case import Item as CaseItem
from camtool.core.custody import FIRST_PREV, Entry, FileObject, hash_of, line_of, row_of
from camtool.core.model import Site
from camtool.core.pathtext import to_text
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import CamtoolError, FileNotAsLogged, HiddenPictures, NoSuchFile, ProofNotSound
from camtool.evidence import bag
from camtool.evidence.bag import check_name
from camtool.evidence.case_jsonld import case_jsonld
from camtool.evidence.content import Content, Item, PackedFile
from camtool.evidence.copying import Copier, to_disk
from camtool.evidence.custody_log import LOG_FILE
from camtool.evidence.minutes import minutes
from camtool.evidence.papers import KEPT_NOTE, derivations, kept_note, tools, viewer_data
from camtool.evidence.proof import Proof
from camtool.evidence.seal_sheet import seal_sheet
from camtool.evidence.sealing import Signer, Stamp, put, seal
from camtool.evidence.viewer import page_of
from camtool.jobs.case import Acting, CaseFile, Doer, acting, keep_out_of_cases, tools_used
from camtool.jobs.keep_out import keep_out
from camtool.jobs.package_items import bare, chosen, kept_elsewhere, proofs_of, told, viewing_copies
from camtool.jobs.viewing import add_viewing_copies
from camtool.media.clip_read import hidden_pictures
from camtool.media.packets import libraries
from camtool.media.viewing import plays_in_browsers
from camtool.media.whole_folder import made_folder, whole_folder
from camtool.store.site import zone_of

SHEET_ENDING = "_NIEM_PHONG.pdf"
REDACTED_ENDING = "_CHE_"
RECORDS = "ho_so"


@dataclass(frozen=True, slots=True)
class PackageReport:
    """A package that was sealed. sha256 is the package hash, files and size_bytes are those of the payload."""

    path: Path
    seal_sheet: Path
    sha256: str
    fingerprint: str
    custody_head: str
    entries: int
    files: int
    size_bytes: int
    stamped: bool
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]


def package(
    site: Site,
    number: str,
    out_dir: Path,
    key: Signer,
    doer: Doer,
    *,
    items: Sequence[int] | None = None,
    redacted: bool = False,
    name: str | None = None,
    viewing: bool = True,
    stamp: Stamp | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PackageReport:
    """Seal a case, or some items of it, as out_dir/NUMBER, with its sheet beside it: both, or neither.

    out_dir is made where it is not there but the folder around it is.
    name is the folder's own, where one case has several packages; else the case's number. Clips that no browser plays
    get a viewing copy first, in the case, unless viewing says otherwise.
    progress is told bytes copied of bytes to copy. Raises UnknownCase, LogDamaged, UnknownItem, MixedPackage,
    NothingToPackage; InsideFootage, InsideCase, OutputExists, NoSuchFolder, NotAllowed, DiskFull; NoSuchFile,
    FileNotAsLogged, NoProof, BadProof, ProofNotSound, HiddenPictures, UnsealableName, NoGlyph; and what the stamp
    raises.
    """
    if viewing and not redacted:
        add_viewing_copies(site, number, doer, items)
    with acting(site, number, Act.PACKAGE, doer, on_closed=True) as doing:
        packing = _Packing(site, doing, key, stamp, chosen(doing.case, items, redacted), name)
        target = (out_dir / packing.name).absolute()
        for camera in site.cameras:
            keep_out(target, (Path(camera.footage),), camera.number)
        keep_out_of_cases(site, target)
        packing.check()
        sheet_target = target.with_name(f"{target.name}{SHEET_ENDING}")
        made = made_folder(target.parent)
        with _failure_logged(doing), made, whole_folder(target, sheet_target) as (folder, sheet):
            packing.copy(folder, progress)
            return packing.seal(folder, sheet, target)


@contextmanager
def _failure_logged(doing: Acting) -> Iterator[None]:
    """Log a failure behind the row of the act: else the log would tell of a package that nobody has."""
    try:
        yield
    except BaseException as error:
        if doing.tried:
            doing.failed(error)
        raise


class _Packing:
    """One package in the making."""

    def __init__(
        self,
        site: Site,
        doing: Acting,
        key: Signer,
        stamp: Stamp | None,
        items: tuple[CaseItem, ...],
        named: str | None,
    ) -> None:
        self.site, self.doing, self.key, self.stamp, self.items = site, doing, key, stamp, items
        self.named = named
        self.zone: ZoneInfo = zone_of(site.timezone)
        self.case, self.home = doing.case, doing.file.folder
        self.redacted = any(item.role is Role.REDACTED for item in items)
        self.proofs: dict[int, Proof] = {}
        self.clips: dict[str, str | None] = {}
        self.payload: list[PackedFile] = []
        self.problems: list[Problem] = []

    @property
    def name(self) -> str:
        """The package's name."""
        if self.named is not None:
            return self.named
        return f"{self.case.number}{REDACTED_ENDING}{self.items[0].id}" if self.redacted else self.case.number

    def files(self) -> Iterator[FileObject]:
        """Yield every file of the case that goes into the package."""
        for item in self.items:
            yield item.object
            if not self.redacted:
                yield from item.parts

    def check(self) -> None:
        """Refuse what may not be sealed, before anything is written: names, sizes, proofs, hidden pictures."""
        for held in self.files():
            check_name(held.path)
            try:
                size_bytes = (self.home / held.path).lstat().st_size
            except OSError as error:
                raise NoSuchFile(path=self.home / held.path) from error
            if size_bytes != held.size_bytes:
                raise FileNotAsLogged(path=held.path, found=f"{size_bytes} byte", expected=f"{held.size_bytes} byte")
        self.proofs = proofs_of(self.items, self.home)
        copies = {parent: item for item in viewing_copies(self.case, self.items) for parent in item.parents}
        for item in self.items:
            if item.role in {Role.EXTRACT, Role.REDACTED}:
                self._check_clip(item)
            if item.role in {Role.EXTRACT, Role.REDACTED, Role.ORIGINAL}:
                copy = copies.get(item.object.sha256)
                self.clips[item.object.sha256] = copy.object.path if copy else self._playable(item)

    def _check_clip(self, item: CaseItem) -> None:
        path = self.home / item.object.path
        hidden = hidden_pictures(path) if path.suffix.lower() in {".mp4", ".mov", ".mkv"} else 0
        if hidden:
            raise HiddenPictures(path=item.object.path, count=hidden)
        if item.role is not Role.EXTRACT:
            return
        proof = self.proofs[item.id]
        if not proof.sealed:
            raise ProofNotSound(path=item.object.path, detail="its list of packets was changed after it was written")
        if proof.clip_sha256 != item.object.sha256:
            raise ProofNotSound(path=item.object.path, detail=f"it is the proof of another clip, {proof.clip_sha256}")

    def _playable(self, item: CaseItem) -> str | None:
        path = self.home / item.object.path
        try:
            plays = plays_in_browsers(path)
        except CamtoolError:
            plays = False
        if not plays and item.role is Role.EXTRACT:
            self.problems.append(Problem(ProblemKind.NOT_IN_BROWSERS, item.object.path))
        return item.object.path if plays else None

    def copy(self, folder: Path, progress: Callable[[int, int], None] | None) -> None:
        """Copy the files into the bag; each must be what the log says. Raises FileNotAsLogged, OSError."""
        data = folder / bag.PAYLOAD
        data.mkdir()
        total = sum(held.size_bytes for held in self.files())
        done = 0

        def step(size_bytes: int) -> None:
            nonlocal done
            done += size_bytes
            if progress is not None:
                progress(done, total)

        with Copier(step) as copier:
            for held in self.files():
                target = data / held.path
                target.parent.mkdir(exist_ok=True)
                sha256, size_bytes = copier.copy(self.home / held.path, target)
                if sha256 != held.sha256:
                    raise FileNotAsLogged(path=held.path, found=sha256, expected=held.sha256)
                self.payload.append(PackedFile(held.path, size_bytes, sha256))

    def seal(self, folder: Path, sheet: Path, target: Path) -> PackageReport:
        """Log the act, write the documents, seal, log the seal, write the sheet."""
        entry = self.doing.write(facts=self._act_facts())
        lines, rows = self._log(entry)
        content = self._content(entry, hash_of(lines[-1]), len(lines))
        self._write_documents(folder / bag.PAYLOAD, content, lines, rows)
        sealed = seal(folder, content, self.name, self.payload, self.key, self.stamp)
        to_disk(path for path in folder.rglob("*") if path.is_file())  # before the log says that it was sealed
        with acting(self.site, self.case.number, Act.SEAL, self.doing.doer, on_closed=True) as sealing:
            where = FileObject(f"{self.name}/{bag.TAG_MANIFEST}", sealed.package_sha256, sealed.tag_manifest_bytes)
            facts = {
                "package": self.name,
                "fingerprint": self.key.fingerprint,
                "custody_head": content.custody_head,
                "custody_entries": content.custody_entries,
                "stamped": self.stamp is not None,
                **({"redacted": True} if self.redacted else {}),
            }
            sealing.write(object=where, facts=facts)
        put(sheet, seal_sheet(content, self.name, sealed.package_sha256, sealed.files, sealed.size_bytes))
        to_disk((sheet,))
        return PackageReport(
            path=target,
            seal_sheet=target.with_name(f"{target.name}{SHEET_ENDING}"),
            sha256=sealed.package_sha256,
            fingerprint=self.key.fingerprint,
            custody_head=content.custody_head,
            entries=content.custody_entries,
            files=sealed.files,
            size_bytes=sealed.size_bytes,
            stamped=self.stamp is not None,
            items=content.items,
            problems=tuple(self.problems),
        )

    def _act_facts(self) -> dict[str, Any]:
        return {
            "package": self.name,
            "items": [item.id for item in self.items],
            "files": len(self.payload),
            "fingerprint": self.key.fingerprint,
        }

    def _log(self, entry: Entry) -> tuple[list[bytes], list[Entry]]:
        """Return the log that goes into the bag, as lines and as rows: up to the act of packing, which is the last."""
        if self.redacted:
            rows = own_log(self.doing.file, self.items[0], entry)
            return [line_of(row) for row in rows], rows
        with (self.home / LOG_FILE).open("rb") as file:
            lines = list(islice(file, entry.n))
        return lines, [*(row for row in self.doing.file.entries if row.n < entry.n), entry]

    def _content(self, entry: Entry, head: str, count: int) -> Content:
        case = self.case
        items = tuple(told(item, clips=self.clips) for item in self.items)
        return Content(
            number=case.number,
            title="" if self.redacted else case.title,
            kind=case.kind,
            case_officer=entry.who if self.redacted else case.officer,
            opened_us=case.opened.time_us,
            unit=self.site.name,
            zone=self.zone,
            sealed_us=entry.time_us,
            officer=entry.who,
            why="" if self.redacted else entry.why,
            fingerprint=self.key.fingerprint,
            custody_head=head,
            custody_entries=count,
            items=tuple(bare(item) for item in items) if self.redacted else items,
            kept=() if self.redacted else kept_elsewhere(self.items, self.proofs, self._footage()),
            redacted=self.redacted,
            stamped=self.stamp is not None,
        )

    def _footage(self) -> dict[int, str]:
        return {camera.number: to_text(camera.footage) for camera in self.site.cameras}

    def _write_documents(self, data: Path, content: Content, lines: Sequence[bytes], rows: Sequence[Entry]) -> None:
        documents: dict[str, bytes | str] = {
            "BIEN_BAN.pdf": minutes(content),
            f"{RECORDS}/{LOG_FILE}": b"".join(lines),
            f"{RECORDS}/derivations.json": derivations(content),
            f"{RECORDS}/case.jsonld": case_jsonld(content),
            f"{RECORDS}/tools.json": tools(tools_used() | libraries()),
        }
        if content.kept:
            documents[KEPT_NOTE] = kept_note(content.kept)
        for path, text in documents.items():
            self._document(data, path, text)
        page = page_of(viewer_data(content, map(row_of, rows), self.payload, self.site.language))
        self._document(data, "index.html", page)

    def _document(self, data: Path, path: str, text: bytes | str) -> None:
        (data / path).parent.mkdir(exist_ok=True)
        sha256, size_bytes = put(data / path, text)
        self.payload.append(PackedFile(path, size_bytes, sha256))


def own_log(file: CaseFile, item: CaseItem, packed: Entry) -> list[Entry]:
    """Return the log of a package that holds a redacted copy: a chain of its own, of what was done to this one file.

    It has no title, no notes and no reasons: what the blurred faces hide must not stand beside them in words.
    """
    opened, added = file.case.opened, item.entry
    facts = {"title": "", "kind": file.case.kind, "of": "package"}
    rows = (
        replace(opened, why="", command=(), facts=facts),
        replace(added, why="", command=(), facts={"parents": list(item.parents)}),
        replace(packed, why="", command=()),
    )
    chained: list[Entry] = []
    prev = FIRST_PREV
    for number, row in enumerate(rows, 1):
        chained.append(replace(row, n=number, prev=prev))
        prev = hash_of(line_of(chained[-1]))
    return chained
