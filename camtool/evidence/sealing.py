"""Sealing: what stands around the payload of a bag, and the signature over all of it."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from camtool import __version__
from camtool.core.timetext import rfc3339
from camtool.evidence import bag
from camtool.evidence.content import IS_DATA, Content, PackedFile
from camtool.evidence.read_first import read_first

READ_FIRST = "DOC_TRUOC.txt"
PUBLIC_KEY = "signer.pub.pem"
ALLOWED_SIGNERS = "allowed_signers"
SCRIPTS = ("verify.sh", "verify.ps1")
# The name under which `ssh-keygen -Y verify -I` looks the key up in allowed_signers.
IDENTITY = "camtool"
_UTC = ZoneInfo("UTC")

# Bytes in, an RFC 3161 reply over them out (DER).
Stamp = Callable[[bytes], bytes]


class Signer(Protocol):
    """The site's key, opened: evidence.keys."""

    @property
    def public_pem(self) -> str:
        """The public key, PEM."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key's DER, hex."""

    def sign(self, data: bytes) -> bytes:
        """Return a raw Ed25519 signature, 64 bytes."""

    def sshsig(self, data: bytes) -> str:
        """Return an armoured SSHSIG."""

    def allowed_signers(self, identity: str) -> str:
        """Return the line by which ssh-keygen knows the key."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What sealing made. The package hash is the SHA-256 of tagmanifest-sha256.txt; files, bytes: the payload's."""

    package_sha256: str
    tag_manifest_bytes: int
    files: int
    size_bytes: int


def put(path: Path, content: bytes | str) -> tuple[str, int]:
    """Write a small file that is not there yet; return its SHA-256 and size. evidence.copying.to_disk comes after."""
    data = content.encode() if isinstance(content, str) else content
    with path.open("xb") as file:
        file.write(data)
    return hashlib.sha256(data).hexdigest(), len(data)


def seal(
    folder: Path, content: Content, name: str, payload: Iterable[PackedFile], key: Signer, stamp: Stamp | None
) -> Sealed:
    """Write everything of a bag but its payload into folder; name is the package's. The payload is there already.

    Raises what the stamp raises, and OSError.
    """
    held = list(payload)
    public = key.public_pem
    tags: dict[str, bytes | str] = {
        bag.BAGIT: bag.DECLARATION,
        bag.BAG_INFO: bag.bag_info(_info(content, held, stamp is not None)),
        bag.MANIFEST: bag.manifest(held, f"{bag.PAYLOAD}/"),
        READ_FIRST: read_first(content, name),
        PUBLIC_KEY: public,
        ALLOWED_SIGNERS: key.allowed_signers(IDENTITY),
        **_scripts(),
    }
    listed = []
    for tag, text in tags.items():
        sha256, size_bytes = put(folder / tag, text)
        listed.append(PackedFile(tag, size_bytes, sha256))
    tag_manifest = bag.manifest(listed).encode()
    package_sha256, _ = put(folder / bag.TAG_MANIFEST, tag_manifest)
    put(folder / bag.SIGNATURE, key.sign(tag_manifest))
    put(folder / bag.SSH_SIGNATURE, key.sshsig(tag_manifest))
    if stamp is not None:
        put(folder / bag.STAMP, stamp(tag_manifest))
    return Sealed(package_sha256, len(tag_manifest), len(held), sum(file.size_bytes for file in held))


def _info(content: Content, payload: list[PackedFile], stamped: bool) -> Mapping[str, str]:
    day = rfc3339(content.sealed_us, content.zone)[:10]
    return {
        "Bag-Software-Agent": f"camtool {__version__}",
        "Bagging-Date": day,
        "Source-Organization": content.unit,
        "External-Identifier": content.number,
        "External-Description": IS_DATA,
        "Payload-Oxum": bag.payload_oxum(payload),
        "Sealed-At": rfc3339(content.sealed_us, _UTC).replace("+00:00", "Z"),
        "Custody-Head": content.custody_head,
        "Custody-Entries": str(content.custody_entries),
        "Key-Fingerprint": content.fingerprint,
        "Time-Stamp": "RFC 3161" if stamped else "none",
    }


def _scripts() -> dict[str, bytes]:
    """Return the scripts that check a package: the same text in every one."""
    folder = files("camtool.evidence").joinpath("resources")
    return {name: script.read_bytes() for name in SCRIPTS if (script := folder.joinpath(name)).is_file()}
