"""SSHSIG: the signature that `ssh-keygen -Y verify` checks, and the line by which it knows the key.

The format is OpenSSH's PROTOCOL.sshsig; allowed_signers is described in ssh-keygen(1).
"""

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from camtool.core.timetext import from_rfc3339

NAMESPACE = "camtool-package"
_MAGIC, _VERSION, _HASH = b"SSHSIG", 1, b"sha512"
_KEY_TYPE = b"ssh-ed25519"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_LINE_LETTERS = 70
_ALLOWED = re.compile(
    r'(?P<who>\S+) (?:valid-after="(?P<after>\d{14}Z)",valid-before="(?P<before>\d{14}Z)",)?'
    rf'namespaces="{NAMESPACE}" ssh-ed25519 (?P<key>[A-Za-z0-9+/=]+)\n'
)


def sshsig(public: Ed25519PublicKey, sign: Callable[[bytes], bytes], data: bytes) -> str:
    """Return an armoured SSHSIG over data in our namespace, by SHA-512; sign makes a raw Ed25519 signature."""
    signature = _string(_KEY_TYPE) + _string(sign(_signed(data)))
    return _armoured(_head(public) + _string(signature))


def _armoured(blob: bytes) -> str:
    text = base64.b64encode(blob).decode()
    lines = "\n".join(text[at : at + _LINE_LETTERS] for at in range(0, len(text), _LINE_LETTERS))
    return f"{_BEGIN}\n{lines}\n{_END}\n"


def sshsig_holds(public: Ed25519PublicKey, data: bytes, armoured: str) -> bool:
    """Whether an armoured SSHSIG is this key's, over data, in our namespace, laid out as ssh-keygen lays it out."""
    try:
        blob = base64.b64decode("".join(armoured.split("\n")[1:-2]), validate=True)
    except ValueError:
        return False
    # Base64 has spare bits, and more than one way to break lines: one signature has one text here.
    if _armoured(blob) != armoured:
        return False
    front = _head(public) + (len(_string(_KEY_TYPE)) + 4 + 64).to_bytes(4, "big") + _string(_KEY_TYPE)
    front += (64).to_bytes(4, "big")
    if blob[:-64] != front:
        return False
    try:
        public.verify(blob[-64:], _signed(data))
    except InvalidSignature:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Allowed:
    """A line of allowed_signers: whose key it is and from when to when it is good, UTC µs (None: not stated)."""

    identity: str
    key: str
    from_us: int | None
    to_us: int | None


def allowed_signers(public: Ed25519PublicKey, identity: str, from_us: int, to_us: int) -> str:
    """Return the line that lets a key sign in our namespace from from_us to to_us, whole seconds UTC."""
    span = f'valid-after="{_stamp(from_us)}",valid-before="{_stamp(to_us)}"'
    return f'{identity} {span},namespaces="{NAMESPACE}" ssh-ed25519 {key_text(public)}\n'


def read_allowed(text: str) -> Allowed | None:
    """Read an allowed_signers of one line, as `allowed_signers` writes it; None for anything else."""
    found = _ALLOWED.fullmatch(text)
    if found is None:
        return None
    try:
        span = [None if found[name] is None else _unstamp(found[name]) for name in ("after", "before")]
    except ValueError:
        return None
    return Allowed(found["who"], found["key"], *span)


def key_text(public: Ed25519PublicKey) -> str:
    """Return a public key as the base64 of OpenSSH's one-line form."""
    return base64.b64encode(_key(public)).decode()


def _stamp(instant_us: int) -> str:
    return dt.datetime.fromtimestamp(instant_us // 1_000_000, dt.UTC).strftime("%Y%m%d%H%M%SZ")


def _unstamp(text: str) -> int:
    day, clock = text[:8], text[8:14]
    return from_rfc3339(f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z")


def _key(public: Ed25519PublicKey) -> bytes:
    return _string(_KEY_TYPE) + _string(public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def _head(public: Ed25519PublicKey) -> bytes:
    version = _VERSION.to_bytes(4, "big")
    return _MAGIC + version + _string(_key(public)) + _string(NAMESPACE.encode()) + _string(b"") + _string(_HASH)


def _signed(data: bytes) -> bytes:
    digest = hashlib.sha512(data).digest()
    return _MAGIC + _string(NAMESPACE.encode()) + _string(b"") + _string(_HASH) + _string(digest)


def _string(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content
