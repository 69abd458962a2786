"""The seal of a package: whose key, over these very bytes, good at that time, stamped or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from camtool.core.timetext import from_rfc3339, rfc3339
from camtool.evidence import bag
from camtool.evidence.keys import KeyRecord, fingerprint_of, public_of
from camtool.evidence.package_faults import Findings, PackageFault, Unchecked
from camtool.evidence.package_read import Tree, read_text
from camtool.evidence.sealing import ALLOWED_SIGNERS, IDENTITY, PUBLIC_KEY
from camtool.evidence.sshsig import key_text, read_allowed, sshsig_holds

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from camtool.evidence.timestamp import Stamp

LABELS = (
    "Bag-Software-Agent", "Bagging-Date", "Source-Organization", "External-Identifier", "Payload-Oxum", "Sealed-At",
    "Custody-Head", "Custody-Entries", "Key-Fingerprint", "Time-Stamp",
)  # fmt: skip
STAMPED, UNSTAMPED = "RFC 3161", "none"
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Seal:
    """What the seal says. fingerprint is the key's in the package, sealed_us what bag-info.txt states (None: nothing).

    signed: the raw signature holds.
    """

    fingerprint: str | None
    sealed_us: int | None
    signed: bool


def check_info(info: Mapping[str, str], findings: Findings) -> None:
    """Hold bag-info.txt against what every package's has."""
    for label in LABELS:
        if label not in info:
            findings.fault(PackageFault.BAG_INFO_UNFIT, bag.BAG_INFO, label)
    if info.get("Time-Stamp", UNSTAMPED) not in {STAMPED, UNSTAMPED}:
        findings.fault(PackageFault.BAG_INFO_UNFIT, bag.BAG_INFO, f"Time-Stamp: {UNSTAMPED}", info["Time-Stamp"])


def check_seal(
    tree: Tree,
    tag_manifest: bytes | None,
    info: Mapping[str, str],
    findings: Findings,
    *,
    fingerprint: str | None,
    site_keys: Sequence[KeyRecord] | None,
) -> Seal:
    """Check the key against paper and site, both signatures, and the key's time.

    tag_manifest is None where there is none or it cannot be read: that is told of elsewhere.
    """
    sealed_us = _sealed_us(info, findings)
    public = _public(tree, findings)
    if fingerprint is None:
        findings.skip(Unchecked.NO_FINGERPRINT, PUBLIC_KEY)
    if public is None:
        return Seal(None, sealed_us, signed=False)
    own = fingerprint_of(public)
    if fingerprint is not None and own != fingerprint:
        findings.fault(PackageFault.KEY_OTHER, PUBLIC_KEY, fingerprint, own)
    if "Key-Fingerprint" in info and info["Key-Fingerprint"] != own:
        findings.fault(PackageFault.KEY_NOT_NAMED, PUBLIC_KEY, info["Key-Fingerprint"], own)
    signed = tag_manifest is not None and _signatures(tree, public, tag_manifest, findings)
    _validity(tree, public, sealed_us, findings)
    if site_keys is not None:
        _known(own, site_keys, sealed_us, findings)
    return Seal(own, sealed_us, signed)


def _sealed_us(info: Mapping[str, str], findings: Findings) -> int | None:
    if (stated := info.get("Sealed-At")) is None:
        return None
    try:
        return from_rfc3339(stated)
    except ValueError:
        findings.fault(PackageFault.BAG_INFO_UNFIT, bag.BAG_INFO, "Sealed-At", stated)
        return None


def _public(tree: Tree, findings: Findings) -> Ed25519PublicKey | None:
    if (pem := read_text(tree, PUBLIC_KEY, findings)) is None:
        return None
    try:
        return public_of(pem)
    except ValueError as error:
        findings.fault(PackageFault.KEY_UNREADABLE, PUBLIC_KEY, "Ed25519", str(error)[:200])
        return None


def _signatures(tree: Tree, public: Ed25519PublicKey, tag_manifest: bytes, findings: Findings) -> bool:
    signed = False
    if (raw := read_text(tree, bag.SIGNATURE, findings)) is not None:
        try:
            public.verify(raw, tag_manifest)
            signed = True
        except InvalidSignature:
            findings.fault(PackageFault.SIGNATURE_WRONG, bag.SIGNATURE)
    if (armoured := read_text(tree, bag.SSH_SIGNATURE, findings)) is not None and not sshsig_holds(
        public, tag_manifest, armoured.decode("latin-1")
    ):
        findings.fault(PackageFault.SSHSIG_WRONG, bag.SSH_SIGNATURE)
    return signed


def _validity(tree: Tree, public: Ed25519PublicKey, sealed_us: int | None, findings: Findings) -> None:
    """Hold the time of sealing against allowed_signers, which is sealed itself: from when to when the key is good."""
    if (content := read_text(tree, ALLOWED_SIGNERS, findings)) is None:
        return
    allowed = read_allowed(content.decode("utf-8", "replace"))
    if (
        allowed is None
        or allowed.identity != IDENTITY
        or allowed.key != key_text(public)
        or allowed.from_us is None
        or allowed.to_us is None
    ):
        findings.fault(PackageFault.SIGNERS_UNFIT, ALLOWED_SIGNERS)
    elif sealed_us is not None and not allowed.from_us <= sealed_us < allowed.to_us:
        expected = f"{_told(allowed.from_us)} - {_told(allowed.to_us)}"
        findings.fault(PackageFault.KEY_NOT_GOOD, ALLOWED_SIGNERS, expected, _told(sealed_us))


def _known(own: str, site_keys: Sequence[KeyRecord], sealed_us: int | None, findings: Findings) -> None:
    record = next((each for each in site_keys if each.fingerprint == own), None)
    if record is None:
        findings.fault(PackageFault.KEY_UNKNOWN, PUBLIC_KEY, None, own)
    elif sealed_us is not None and not record.good_at(sealed_us):
        end_us = record.expires_us if record.retired_us is None else min(record.retired_us, record.expires_us)
        expected = f"{_told(record.created_us)} - {_told(end_us)}"
        findings.fault(PackageFault.KEY_NOT_GOOD, PUBLIC_KEY, expected, _told(sealed_us))


def check_stamp(
    tree: Tree, tag_manifest: bytes | None, info: Mapping[str, str], findings: Findings, roots: "Sequence[Certificate]"
) -> "Stamp | None":
    """Check the time-stamp, if bag-info.txt says that there is one; None where there is none that holds."""
    if info.get("Time-Stamp") != STAMPED:
        return None
    if bag.STAMP not in tree.sizes and not tree.is_hidden(bag.STAMP):
        findings.fault(PackageFault.STAMP_MISSING, bag.STAMP)
    if (reply := read_text(tree, bag.STAMP, findings)) is None or tag_manifest is None:
        return None
    from camtool.evidence.timestamp import BadStamp, check_reply

    try:
        stamp = check_reply(reply, tag_manifest, roots)
    except BadStamp as error:
        findings.fault(error.fault, bag.STAMP, None, error.detail[:200] or None)
        return None
    if not stamp.trusted:
        findings.skip(Unchecked.NO_AUTHORITY, bag.STAMP, stamp.authority or None)
    return stamp


def _told(instant_us: int) -> str:
    return rfc3339(instant_us, _UTC).replace("+00:00", "Z")
