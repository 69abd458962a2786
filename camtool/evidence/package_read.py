"""Reading a package as a stranger's folder: what lies in it, what its manifests list, what bag-info.txt says.

Nothing here believes the folder: links are not followed, names are bytes until they are found fit, and a list of files
is read as strictly as it is written, so that no two readers can understand it in two ways.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from camtool.core.pathtext import to_text
from camtool.errors import UnsealableName
from camtool.evidence import bag
from camtool.evidence.package_faults import Findings, PackageFault, Unchecked
from camtool.evidence.sealing import ALLOWED_SIGNERS, PUBLIC_KEY, READ_FIRST, SCRIPTS

LOG = f"{bag.PAYLOAD}/ho_so/custody.jsonl"
# What every package has besides the tag manifest and its seals.
TAGS = (bag.BAGIT, bag.BAG_INFO, bag.MANIFEST, READ_FIRST, PUBLIC_KEY, ALLOWED_SIGNERS, *SCRIPTS)
# The text files of a bag and its lists; a list of a million files has 130 MB.
MOST_BYTES = 256 << 20

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_INFO_LINE = re.compile(r"([A-Za-z][A-Za-z-]*): (.+)")


@dataclass(frozen=True, slots=True)
class Tree:
    """What lies in the folder: files with their sizes, and folders, by their paths with `/`, in text form.

    shut are the folders that could not be listed (the package's own is ".") and the names in a folder of which the
    system tells no more than the name.
    """

    folder: Path
    sizes: Mapping[str, int]
    folders: frozenset[str]
    shut: frozenset[str]

    def path(self, name: str) -> Path:
        """Return where a file lies."""
        return self.folder / name

    def is_hidden(self, name: str) -> bool:
        """Whether it cannot be said if a file is there: it would lie in something that is shut."""
        return "." in self.shut or name in self.shut or not self.shut.isdisjoint(_around(name))

    @property
    def payload_hidden(self) -> bool:
        """Whether there may be more under data/ than was found."""
        return any(name == "." or _list_of(name) == bag.MANIFEST for name in self.shut)


@dataclass(slots=True)
class _Found:
    sizes: dict[str, int] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    shut: set[str] = field(default_factory=set)


def read_tree(folder: Path, findings: Findings) -> Tree:
    """Walk the folder. Links and special files are faults; a folder that cannot be read is unchecked."""
    found = _Found()
    _walk(os.fspath(folder), "", found, findings)
    return Tree(folder, found.sizes, frozenset(found.folders), frozenset(found.shut))


def _walk(inside: str, prefix: str, found: _Found, findings: Findings) -> None:
    try:
        with os.scandir(inside) as entries:
            held = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        name = to_text(prefix.rstrip("/")) or "."
        found.shut.add(name)
        findings.skip(Unchecked.FOLDER_UNREADABLE, name, error.strerror)
        return
    for entry in held:
        name = to_text(f"{prefix}{entry.name}")
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            found.shut.add(name)
            findings.skip(Unchecked.FILE_UNREADABLE, name, error.strerror)
            continue
        if stat.S_ISLNK(status.st_mode) or _is_reparse_point(status):
            findings.fault(PackageFault.FILE_LINK, name)
        elif stat.S_ISDIR(status.st_mode):
            found.folders.add(name)
            _walk(entry.path, f"{prefix}{entry.name}/", found, findings)
        elif stat.S_ISREG(status.st_mode):
            found.sizes[name] = status.st_size
            _check_name(name, entry.name, findings)
        else:
            findings.fault(PackageFault.FILE_SPECIAL, name)


def _is_reparse_point(status: os.stat_result) -> bool:
    """Whether Windows leads elsewhere from here: a junction is a folder to lstat."""
    return bool(getattr(status, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_REPARSE_POINT)


def _check_name(path: str, name: str, findings: Findings) -> None:
    try:
        bag.check_name(name)
    except UnsealableName as error:
        findings.fault(PackageFault.NAME_UNFIT, path, None, str(error.facts["sign"]))


def read_text(tree: Tree, name: str, findings: Findings) -> bytes | None:
    """Return a small file's bytes. None: it is missing (a fault elsewhere), too large, or cannot be read."""
    if name not in tree.sizes:
        return None
    if tree.sizes[name] > MOST_BYTES:
        findings.fault(PackageFault.FILE_CHANGED, name, None, f"{tree.sizes[name]} byte")
        return None
    try:
        return tree.path(name).read_bytes()
    except OSError as error:
        findings.skip(Unchecked.FILE_UNREADABLE, name, error.strerror)
        return None


def read_manifest(name: str, content: bytes, findings: Findings) -> dict[str, str]:
    """Read a list of files: path to SHA-256. What is not one line a file, as camtool writes it, is a fault."""
    listed: dict[str, str] = {}
    payload = name == bag.MANIFEST
    for number, line in _lines(name, content, findings):
        found = _LINE.fullmatch(line)
        path = found[2] if found else ""
        fit = found is not None and path.startswith(f"{bag.PAYLOAD}/") is payload and _fits(path)
        if found is None or not fit or path in listed:
            findings.fault(PackageFault.MANIFEST_UNREADABLE, f"{name}:{number}", None, to_text(line)[:200])
        else:
            listed[path] = found[1]
    return listed


def _fits(path: str) -> bool:
    try:
        bag.check_name(path)
    except UnsealableName:
        return False
    return True


def read_info(content: bytes, findings: Findings) -> dict[str, str]:
    """Read bag-info.txt: label to value, each label once."""
    info: dict[str, str] = {}
    for number, line in _lines(bag.BAG_INFO, content, findings):
        found = _INFO_LINE.fullmatch(line)
        if found is None or found[1] in info:
            findings.fault(PackageFault.BAG_INFO_UNFIT, f"{bag.BAG_INFO}:{number}", None, to_text(line)[:200])
        else:
            info[found[1]] = found[2]
    return info


def _lines(name: str, content: bytes, findings: Findings) -> Iterator[tuple[int, str]]:
    kind = PackageFault.BAG_INFO_UNFIT if name == bag.BAG_INFO else PackageFault.MANIFEST_UNREADABLE
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        findings.fault(kind, name, "UTF-8", f"byte {error.start}")
        return
    if not text.endswith("\n"):
        findings.fault(kind, name, None, "…")
    yield from enumerate(text.removesuffix("\n").split("\n"), 1)


def compare_sets(tree: Tree, listed: Mapping[str, str], stamped: bool, findings: Findings) -> None:
    """Hold what lies there against what was sealed, both ways, folders too.

    What cannot be seen is not missing, and beside a list that cannot be read nothing is planted: that it is unchecked
    has been found where it was read.
    """
    seals = set(bag.SEALS) - {bag.STAMP}
    required = {*listed, *TAGS, *seals, LOG}
    for name in sorted(required - tree.sizes.keys()):
        if not tree.is_hidden(name):
            findings.fault(PackageFault.FILE_MISSING, name, listed.get(name))
    unread = {each.path for each in findings.unchecked}
    allowed = {*listed, *seals, *((bag.STAMP,) if stamped or bag.BAG_INFO in unread else ())}
    needed = {folder for path in listed for folder in _around(path)}
    for names, known, kind in (
        (tree.sizes.keys(), allowed, PackageFault.FILE_EXTRA),
        (tree.folders, needed, PackageFault.FOLDER_EXTRA),
        (tree.shut - tree.folders - {"."}, allowed | needed, PackageFault.FILE_EXTRA),
    ):
        for name in sorted(names - known):
            if _list_of(name) not in unread:
                findings.fault(kind, name)


def _around(path: str) -> Iterator[str]:
    """Yield the folders in which a file lies."""
    return (path[:at] for at, sign in enumerate(path) if sign == "/")


def _list_of(name: str) -> str:
    """Return the list of files in which a file, or what is in a folder, must stand."""
    return bag.MANIFEST if f"{name}/".startswith(f"{bag.PAYLOAD}/") else bag.TAG_MANIFEST
