"""BagIt 1.0 (RFC 8493): the files that make a folder a bag, as text, and the names that such a bag can hold.

A bag's manifests are also read by `sha256sum -c`, so a name that the two would write in different ways is refused
(RFC 8493, 2.1.3: CR, LF and % are percent-encoded; coreutils escapes backslash and newline with a backslash).
"""

from collections.abc import Iterable, Mapping

from camtool.core.canonical import nfc
from camtool.core.pathtext import printable
from camtool.errors import UnsealableName
from camtool.evidence.content import PackedFile

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SIGNATURE = f"{TAG_MANIFEST}.sig"
SSH_SIGNATURE = f"{TAG_MANIFEST}.sshsig"
STAMP = f"{TAG_MANIFEST}.tsr"
# What stands outside data/ and is not in the tag manifest: the manifest itself and what seals it.
SEALS = (TAG_MANIFEST, SIGNATURE, SSH_SIGNATURE, STAMP)
PAYLOAD = "data"

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

_UNFIT = frozenset("%\\\r\n")
# Reserved on Windows, where a package may be copied to (learn.microsoft.com, "Naming Files, Paths, and Namespaces").
_UNFIT_ON_WINDOWS = frozenset('<>:"|?*')


def check_name(path: str) -> None:
    """Raise UnsealableName for a path that BagIt, sha256sum and Windows could not all hold the same way."""
    unfit = next((sign for sign in path if sign in _UNFIT or sign in _UNFIT_ON_WINDOWS or not sign.isprintable()), None)
    if unfit is not None:
        raise UnsealableName(path=printable(path), sign=printable(unfit))
    if nfc(path) != path:
        raise UnsealableName(path=printable(path), sign="NFD")
    parts = path.split("/")
    if any(part in {"", ".", ".."} or part != part.strip() or part.endswith(".") for part in parts):
        raise UnsealableName(path=printable(path), sign=". /")


def manifest(files: Iterable[PackedFile], prefix: str = "") -> str:
    """Return a manifest's text: one line a file, sorted by path, as sha256sum writes and reads it."""
    return "".join(
        f"{sha256}  {path}\n" for path, sha256 in sorted((f"{prefix}{file.path}", file.sha256) for file in files)
    )


def payload_oxum(files: Iterable[PackedFile]) -> str:
    """Return Payload-Oxum: bytes and number of the files under data/."""
    sizes = [file.size_bytes for file in files]
    return f"{sum(sizes)}.{len(sizes)}"


def bag_info(facts: Mapping[str, str]) -> str:
    """Return bag-info.txt: one line a fact, in the order given; a value is one line whatever it holds."""
    return "".join(f"{label}: {nfc(printable(value))}\n" for label, value in facts.items())
