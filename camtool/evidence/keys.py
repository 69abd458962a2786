"""The site's signing key: one Ed25519 key, encrypted on the disk, and the history of those before it.

    keys/site.key        the private key: PKCS#8 in PEM, encrypted with the passphrase, mode 600
    keys/site.pub.pem    its public key
    keys/keys.json       every key the site has had: public key, fingerprint, from when to when, when it was retired

A key is known by its fingerprint, the SHA-256 of its public key's DER in hex; it is what the paper seal sheet holds.

Making or replacing a key is all or nothing. The new private key is written as site.key.FINGERPRINT; then keys.json is
replaced, which is the moment that counts; then the two other files get their names. Whoever reads next finishes what a
killed run left undone: it knows the private key that keys.json names by its file's name.
"""

import hashlib
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from filelock import FileLock

from camtool.core.canonical import nfc
from camtool.core.model import US_PER_S
from camtool.core.timetext import for_people, from_rfc3339, rfc3339
from camtool.errors import KeyDamaged, KeyExists, KeyExpired, NoKey, WeakPassphrase, WrongPassphrase, mark
from camtool.evidence import pkcs8, sshsig

KEYS_FOLDER = "keys"
PRIVATE, PUBLIC, HISTORY = "site.key", "site.pub.pem", "keys.json"
_LOCK = "keys.lock"
FORMAT, VERSION = "camtool-keys", 1
VALID_DAYS = 5 * 365
_DAY_US = 86_400_000_000
_UTC = ZoneInfo("UTC")

# A stolen key file is attacked at leisure. NIST SP 800-63B-4 (3.1.1.2) asks for 15 characters where a password is the
# only protection; the count of different ones shuts out "aaaaaaaaaaaaaaaa" and "123123123123123".
LEAST_LETTERS, LEAST_DIFFERENT = 15, 6
_SHORT = mark("it has fewer than 15 characters")
_ALIKE = mark("it has fewer than 6 different characters")
_DIGITS = mark("it has no letter")


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """One key of the history. Times are UTC µs; retired_us is None for the key in use."""

    fingerprint: str
    public_pem: str
    created_us: int
    expires_us: int
    retired_us: int | None = None

    @property
    def public(self) -> Ed25519PublicKey:
        """The public key."""
        return public_of(self.public_pem.encode())

    def good_at(self, instant_us: int) -> bool:
        """Whether the key was one to sign with, then."""
        end_us = self.expires_us if self.retired_us is None else min(self.expires_us, self.retired_us)
        return self.created_us <= instant_us < end_us


@dataclass(frozen=True, slots=True)
class SiteKey:
    """The site's key, opened: what evidence.sealing.Signer asks for."""

    record: KeyRecord
    private: Ed25519PrivateKey

    @property
    def public_pem(self) -> str:
        """The public key, PEM."""
        return self.record.public_pem

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key's DER, hex."""
        return self.record.fingerprint

    def sign(self, data: bytes) -> bytes:
        """Return a raw Ed25519 signature, 64 bytes: `openssl pkeyutl -verify -rawin` checks it."""
        return self.private.sign(data)

    def sshsig(self, data: bytes) -> str:
        """Return an armoured SSHSIG: `ssh-keygen -Y verify -n camtool-package` checks it."""
        return sshsig.sshsig(self.private.public_key(), self.private.sign, data)

    def allowed_signers(self, identity: str) -> str:
        """Return the line by which ssh-keygen knows the key, and from when to when."""
        public = self.private.public_key()
        return sshsig.allowed_signers(public, identity, self.record.created_us, self.record.expires_us)


def fingerprint_of(public: Ed25519PublicKey) -> str:
    """Return the SHA-256 of a public key's DER (SubjectPublicKeyInfo), hex."""
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def public_of(pem: bytes) -> Ed25519PublicKey:
    """Read a public key. Raises ValueError for anything but Ed25519 in PEM."""
    try:
        public = load_pem_public_key(pem)
    except Exception as error:  # the reader of damaged keys raises whatever its parser does
        raise ValueError(str(error)) from error
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")
    return public


def check_passphrase(passphrase: str) -> None:
    """Raise WeakPassphrase for one that would not protect a stolen key."""
    text = nfc(passphrase)
    if len(text.strip()) < LEAST_LETTERS:
        raise WeakPassphrase(reason=_SHORT)
    if len(set(text.lower())) < LEAST_DIFFERENT:
        raise WeakPassphrase(reason=_ALIKE)
    if not any(letter.isalpha() for letter in text):
        raise WeakPassphrase(reason=_DIGITS)


def refuse_second(folder: Path) -> None:
    """Raise KeyExists where the site has a key, before anybody is asked for a passphrase."""
    if records := history(folder):
        raise KeyExists(fingerprint=in_fours(records[-1].fingerprint))


def create_key(folder: Path, passphrase: str, *, now_us: int, valid_days: int = VALID_DAYS) -> SiteKey:
    """Make the site's first key; folder is the site's keys/. Raises WeakPassphrase, KeyExists, KeyDamaged, OSError."""
    check_passphrase(passphrase)
    folder.mkdir(mode=0o700, exist_ok=True)
    with FileLock(folder / _LOCK):
        _finish(folder)
        refuse_second(folder)
        if (folder / PRIVATE).exists():
            raise KeyDamaged(path=folder / PRIVATE, detail=_LONE)
        return _make(folder, (), passphrase, now_us, valid_days)


def rotate_key(folder: Path, passphrase: str, *, now_us: int, valid_days: int = VALID_DAYS) -> SiteKey:
    """Replace the key. The old one is retired at now_us and stays in the history; its private half is gone.

    passphrase is the new key's. Raises WeakPassphrase, NoKey, KeyDamaged, OSError.
    """
    check_passphrase(passphrase)
    if not (folder / HISTORY).exists():
        raise NoKey
    with FileLock(folder / _LOCK):
        _finish(folder)
        *before, last = history(folder)
        retired = replace(last, retired_us=max(now_us, last.created_us))
        return _make(folder, (*before, retired), passphrase, now_us, valid_days)


def open_key(folder: Path, passphrase: str, *, now_us: int) -> SiteKey:
    """Open the key to sign with it now. Raises NoKey, WrongPassphrase, KeyExpired, KeyDamaged, OSError."""
    record = current(folder)
    path = folder / PRIVATE
    try:
        pem = path.read_bytes()
    except FileNotFoundError as error:
        raise KeyDamaged(path=path, detail=_GONE) from error
    try:
        private = load_pem_private_key(pem, nfc(passphrase).encode())
    except Exception as error:
        if b"BEGIN ENCRYPTED PRIVATE KEY" in pem:
            raise WrongPassphrase from error
        raise KeyDamaged(path=path, detail=_UNREADABLE) from error
    if not isinstance(private, Ed25519PrivateKey) or fingerprint_of(private.public_key()) != record.fingerprint:
        raise KeyDamaged(path=path, detail=_OTHER)
    if not record.good_at(now_us):
        raise KeyExpired(start=_said(record.created_us), end=_said(record.expires_us), now=_said(now_us))
    return SiteKey(record, private)


def current(folder: Path) -> KeyRecord:
    """Return the key in use. Raises NoKey, KeyDamaged, OSError."""
    if not (folder / HISTORY).exists():
        raise NoKey
    if _unfinished(folder):
        with FileLock(folder / _LOCK):
            _finish(folder)
    return history(folder)[-1]


def history(folder: Path) -> tuple[KeyRecord, ...]:
    """Return every key the site has had, the one in use last; none where there is no key. Raises KeyDamaged."""
    path = folder / HISTORY
    try:
        told = json.loads(path.read_bytes())
        records = tuple(_record(each) for each in told["keys"])
        if told["format"] != FORMAT or told["version"] != VERSION or not records:
            raise ValueError(FORMAT)
        if records[-1].retired_us is not None or any(record.retired_us is None for record in records[:-1]):
            raise ValueError("retired")
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyDamaged(path=path, detail=f"{type(error).__name__}: {error}") from error
    return records


def in_fours(digits: str) -> str:
    """Return hexadecimal digits in groups of four, as they stand on paper."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


_LONE = mark("a private key without its history lies here")
_GONE = mark("the private key is gone")
_UNREADABLE = mark("it is not an encrypted private key")
_OTHER = mark("it is not the key that keys.json names")


def _make(folder: Path, before: tuple[KeyRecord, ...], passphrase: str, now_us: int, valid_days: int) -> SiteKey:
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    start_us = now_us // 1_000_000 * 1_000_000  # allowed_signers counts whole seconds
    record = KeyRecord(fingerprint_of(public), pem, start_us, start_us + valid_days * _DAY_US)
    for left in folder.glob(f"{PRIVATE}.*"):  # of a run that was killed before its key counted
        left.unlink()
    _put(_pending(folder, record), pkcs8.encrypted_pem(private, nfc(passphrase).encode()), 0o600)
    told = {"format": FORMAT, "version": VERSION, "keys": [_facts(each) for each in (*before, record)]}
    _put(folder / HISTORY, (json.dumps(told, indent=1) + "\n").encode(), 0o644)
    _finish(folder)
    return SiteKey(record, private)


def _unfinished(folder: Path) -> bool:
    """Whether a killed run named a new key in keys.json and got no further."""
    records = history(folder)
    try:
        return bool(records) and (folder / PUBLIC).read_text(encoding="ascii") != records[-1].public_pem
    except (FileNotFoundError, ValueError):
        return True


def _pending(folder: Path, record: KeyRecord) -> Path:
    return folder / f"{PRIVATE}.{record.fingerprint[:16]}"


def _finish(folder: Path) -> None:
    """Give the files of the key that keys.json names their names; the caller holds the lock."""
    if not _unfinished(folder):
        return
    if not (records := history(folder)):
        return
    with suppress(FileNotFoundError):
        _pending(folder, records[-1]).replace(folder / PRIVATE)
    _put(folder / PUBLIC, records[-1].public_pem.encode(), 0o644)


def _put(path: Path, content: bytes, mode: int) -> None:
    """Write or replace a file, all or nothing, to the disk."""
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}.part")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    if os.name == "nt":  # Windows opens no folders
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network shares cannot
            os.fsync(fd)
    finally:
        os.close(fd)


def _said(instant_us: int) -> str:
    """Write an instant for an error; UTC, since a key knows nothing of an office's time zone."""
    return f"{for_people(instant_us // US_PER_S * US_PER_S, _UTC)} UTC"


def _facts(record: KeyRecord) -> dict[str, str | None]:
    return {
        "fingerprint": record.fingerprint,
        "public_key": record.public_pem,
        "created": _told(record.created_us),
        "expires": _told(record.expires_us),
        "retired": None if record.retired_us is None else _told(record.retired_us),
    }


def _record(facts: dict[str, Any]) -> KeyRecord:
    pem = cast(str, facts["public_key"])
    fingerprint = fingerprint_of(public_of(pem.encode()))
    if facts["fingerprint"] != fingerprint:
        raise ValueError(f"fingerprint {facts['fingerprint']}")
    retired = facts["retired"]
    created_us, expires_us = from_rfc3339(facts["created"]), from_rfc3339(facts["expires"])
    return KeyRecord(fingerprint, pem, created_us, expires_us, None if retired is None else from_rfc3339(retired))


def _told(instant_us: int) -> str:
    return rfc3339(instant_us, _UTC).replace("+00:00", "Z")
