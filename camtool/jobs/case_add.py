"""`case add`: a file into a case, as what it can be shown to be and as nothing else."""

import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from camtool.core.case import Act, Case, Item, Role
from camtool.core.custody import FileObject
from camtool.core.diskword import disk_error
from camtool.core.model import Site
from camtool.core.pathtext import to_text
from camtool.core.plaintext import ascii_name, own_name_travels
from camtool.errors import (
    AlreadyInCase,
    NoProof,
    NoSuchFile,
    NotAFile,
    NotAllowed,
    NotAnExtract,
    NotOneOf,
    SourceChanged,
    UnfitFile,
    UnfitRole,
    UnknownItem,
    mark,
)
from camtool.evidence.copying import Copier
from camtool.evidence.packets_csv import FRAMEHASH_SUFFIX, PACKETS_SUFFIX
from camtool.evidence.proof import SUFFIX as PROOF_SUFFIX
from camtool.evidence.proof import ProofSource, proof_path
from camtool.evidence.stage import Stage, staged
from camtool.jobs.case import Acting, Doer, acting, read_case
from camtool.jobs.exhibit import Locate, beside, complete_clip
from camtool.jobs.verify import locator, verify_clip
from camtool.media.hash import sha256_of
from camtool.media.sniff import HEAD_BYTES, UNKNOWN_TO_US, VIDEO, sniff

_PICTURES = frozenset({"png", "jpeg"})
# What a scanner or a telephone makes of paper. libtiff, HEIF and WebP are pictures too, of the same use here.
_PAPERS = frozenset({"pdf", "png", "jpeg", "tiff", "heif", "webp"})

NO_PROOF = mark("it has no proof beside it, so nothing shows that its pictures are an original's")
HAS_PROOF = mark("it is a clip with a proof: that is trich")
NO_VIDEO = mark("it is not video")
NO_PICTURE = mark("it is not a picture (PNG or JPEG)")
NO_PAPER = mark("it is not a scan (PDF, PNG, JPEG, TIFF)")
NO_PARENT = mark("what it was made from is not named (--parent) or the command that made it (--made-by)")
NOT_MADE = mark("it cannot have a parent: it is not made from anything in the case")
WHICH_ROLE = mark("what it is does not show; say --role")
A_LINK = mark("it is a link: give the file itself")
EMPTY = mark("it is empty")


def add_item(
    site: Site,
    number: str,
    file: Path,
    doer: Doer,
    *,
    role: str | None = None,
    parents: Sequence[str] = (),
    made_by: str | None = None,
) -> Item:
    """Copy a file into a case, with the row that says so; the file itself is only read.

    Without a role: trich for a clip with its proof, giay_to for a PDF, anh for a PNG made by camtool; else it has to be
    said. parents are items of the case (number, path or SHA-256), made_by the command that made the file from them.

    Raises UnknownCase, CaseClosed, NoSuchFile, NotAFile, UnfitRole, NotAnExtract, UnknownItem, AlreadyInCase,
    SourceChanged, DiskFull, NotAllowed, LogDamaged, CaseBusy.
    """
    with acting(site, number, Act.ADD, doer) as doing:
        kind = _kind_of(file)
        fit = _role(file, kind, role, bool(parents), made_by)
        named = [_named(doing.case, parent) for parent in parents]
        with staged(doing.file.folder) as stage, Copier() as copier:
            try:
                held, parts, facts = _bring(site, doing, stage, copier, file, fit)
            except OSError as error:
                if (told := disk_error(error, to_text(str(error.filename or doing.file.folder)))) is not None:
                    raise told from error
                raise
            facts |= {"origin": to_text(str(file.absolute())), "name": to_text(file.name), "media": kind or "?"}
            if named:
                facts |= {"parents": [item.object.sha256 for item in named], "command": made_by or ""}
            enter(doing, stage, fit, held, parts, facts)
    return read_case(site, number).case.items[-1]


def enter(
    doing: Acting, stage: Stage, role: Role, held: FileObject, parts: Sequence[FileObject], facts: dict[str, Any]
) -> None:
    """Write the row and move the files, while nobody else writes. Raises AlreadyInCase, OutputExists and the log's."""
    facts |= {"stage": stage.token, "parts": [_part(part) for part in parts]}
    with doing.log.held():
        _refuse_twice(doing.case_now(), held)
        stage.commit(lambda: doing.write(role=role, object=held, facts=facts))


def _refuse_twice(case: Case, held: FileObject) -> None:
    """Raise AlreadyInCase where a content is in the case, in whatever role."""
    for item in case.items:
        if item.object.sha256 == held.sha256:
            raise AlreadyInCase(path=held.path, case=case.number, item=item.id, role=str(item.role))


def file_object(stage: Stage, path: Path, sha256: str) -> FileObject:
    """Return a staged file as the log will know it."""
    place = path.relative_to(stage.path).as_posix()
    return FileObject(to_text(place), sha256, path.stat().st_size)


def case_locator(site: Site, case: Case, folder: Path) -> Locate:
    """Return what finds a clip's recording: in the site's footage folder of its camera, or among the case's originals.

    Never in a folder that only the proof names: whoever can write a proof can name any.
    """
    in_footage = locator(site.cameras)
    originals = {item.object.sha256: item.object.path for item in case.items if item.role is Role.ORIGINAL}

    def locate(source: ProofSource) -> Path | None:
        found = in_footage(replace(source, folder=""))
        if found is None and source.sha256 in originals:
            return folder / originals[source.sha256]
        return found

    return locate


def _kind_of(file: Path) -> str | None:
    """Say what a file is by its first bytes. Raises NoSuchFile, NotAFile, UnfitFile, NotAllowed."""
    try:
        status = file.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise UnfitFile(path=to_text(str(file)), reason=A_LINK)
        if not stat.S_ISREG(status.st_mode):
            raise NotAFile(path=to_text(str(file)))
        if not status.st_size:
            raise UnfitFile(path=to_text(str(file)), reason=EMPTY)
        with file.open("rb") as content:
            return sniff(content.read(HEAD_BYTES))
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise NoSuchFile(path=to_text(str(file))) from error
    except PermissionError as error:
        raise NotAllowed(path=to_text(str(file)), detail=error.strerror) from error


def _role(file: Path, kind: str | None, stated: str | None, has_parent: bool, made_by: str | None) -> Role:
    """Return the role a file gets, or refuse the one it is said to have. Raises UnfitFile, UnfitRole, NotOneOf."""
    proven = os.path.lexists(proof_path(file))
    if stated is None:
        known = Role.EXTRACT if proven else {"pdf": Role.PAPER}.get(kind or "")
        if known is None and kind == "png" and _made_by_camtool(file):
            known = Role.STILL
        if known is None:
            raise UnfitFile(path=to_text(file.name), reason=WHICH_ROLE)
        role = known
    elif stated in set(Role):
        role = Role(stated)
    else:
        raise NotOneOf(command="camtool case add", parameter="--role", value=stated, known=", ".join(Role))
    reason = _unfit(role, kind, proven, has_parent and bool((made_by or "").strip()), has_parent or bool(made_by))
    if reason is not None:
        raise UnfitRole(path=to_text(file.name), role=str(role), reason=reason)
    return role


def _unfit(role: Role, kind: str | None, proven: bool, derived: bool, said_derived: bool) -> str | None:
    """Return why a file cannot have a role, or None."""
    video = kind in VIDEO
    if role is Role.EXTRACT:
        return NO_PROOF if not proven else NOT_MADE if said_derived else None
    if proven:
        return HAS_PROOF
    if role is Role.ORIGINAL:
        return NOT_MADE if said_derived else None if video or kind in UNKNOWN_TO_US else NO_VIDEO
    if role in {Role.VIEWING, Role.REDACTED}:
        if not video and kind not in _PICTURES:
            return NO_VIDEO
        return None if derived else NO_PARENT
    if role is Role.STILL:
        return None if kind in _PICTURES else NO_PICTURE
    return None if kind in _PAPERS else NO_PAPER


def _made_by_camtool(file: Path) -> bool:
    from camtool.media.still import read_facts

    try:
        return str(read_facts(file).get("Software", "")).startswith("camtool ")
    except (OSError, ValueError, SyntaxError):  # what Pillow raises for a broken PNG
        return False


def _named(case: Case, text: str) -> Item:
    item = case.item_of(text)
    if item is None:
        raise UnknownItem(case=case.number, item=text)
    return item


def _bring(
    site: Site, doing: Acting, stage: Stage, copier: Copier, file: Path, role: Role
) -> tuple[FileObject, list[FileObject], dict[str, Any]]:
    """Copy the file, and what belongs to it, into the stage; return them and what is known of them."""
    if role is not Role.EXTRACT:
        place = free_place(doing, role, file.name)
        target = stage.file(place)
        held = file_object(stage, target, _copied(copier, file, target))
        _refuse_twice(doing.case, held)
        return held, [], _still_facts(target) if role is Role.STILL else {}
    locate = case_locator(site, doing.case, doing.file.folder)
    _check_proof(file, locate)
    target = stage.file(free_place(doing, role, file.name))
    held = file_object(stage, target, _copied(copier, file, target))
    _refuse_twice(doing.case, held)
    _copied(copier, proof_path(file), proof_path(target))
    copier.settle()
    _check_proof(target, locate)  # the copy, not what lay there a moment ago
    facts = complete_clip(target, locate)
    return held, clip_parts(stage, target), facts


def clip_parts(stage: Stage, clip: Path) -> list[FileObject]:
    """Return the files that belong to a staged clip."""
    parts = [beside(clip, suffix) for suffix in (PROOF_SUFFIX, PACKETS_SUFFIX, FRAMEHASH_SUFFIX)]
    return [file_object(stage, part, sha256_of(part, keep_cached=True)) for part in parts]


def _check_proof(clip: Path, locate: Locate) -> None:
    """Raise NotAnExtract for a clip whose proof does not hold, recordings included; UnfitRole where it has none."""
    try:
        report = verify_clip(clip, locate=locate)
    except NoProof as error:
        raise UnfitRole(path=to_text(clip.name), role=str(Role.EXTRACT), reason=NO_PROOF) from error
    if not report.ok:
        first = report.problems[0]
        raise NotAnExtract(path=to_text(clip.name), reason=str(first), where=first.path)


def free_place(doing: Acting, role: Role, name: str) -> str:
    """Return where in the case a file goes: its role's folder, an ASCII name that is not taken.

    An original keeps its recorder's own name where every disk can hold it.
    """
    kept = name if role is Role.ORIGINAL and own_name_travels(name) else ascii_name(name) or "khong-ten"
    stem, dot, suffix = kept.rpartition(".")
    if not dot:
        stem, suffix = kept, ""
    folder = doing.file.folder / role
    # FAT and Windows do not tell capitals from small letters.
    taken = {each.name.lower() for each in folder.iterdir()} if folder.is_dir() else set()
    place, count = kept, 1
    while place.lower() in taken:
        count += 1
        place = f"{stem}-{count}{dot}{suffix}"
    return f"{role}/{place}"


def _copied(copier: Copier, file: Path, target: Path) -> str:
    """Copy a file and return its SHA-256. Raises SourceChanged where it changed meanwhile, OSError."""
    before = file.stat()
    sha256, size_bytes = copier.copy(file, target)
    after = file.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size_bytes != after.st_size:
        raise SourceChanged(path=to_text(str(file)), found=f"{after.st_size} B", expected=f"{before.st_size} B")
    return sha256


def _still_facts(path: Path) -> dict[str, Any]:
    """Return what camtool wrote into a still when it made it; nothing for another picture."""
    if not _made_by_camtool(path):
        return {}
    from camtool.media.still import read_facts

    told = {str(name): str(text) for name, text in read_facts(path).items()}
    facts: dict[str, Any] = {"written_in_it": told}
    if (parent := told.get("Source SHA-256")) is not None:
        facts |= {"parents": [parent], "sources": [{"path": told.get("Source", "?"), "sha256": parent}]}
    return facts


def _part(part: FileObject) -> dict[str, Any]:
    return {"path": part.path, "sha256": part.sha256, "size_bytes": part.size_bytes}
