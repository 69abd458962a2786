"""A private key on the disk: PKCS#8, encrypted by PBES2 as RFC 8018 has it, so that openssl reads it too.

cryptography's own PKCS#8 writer stretches a passphrase 2,048 times, which a stolen file does not withstand: OWASP's
Password Storage Cheat Sheet asks for 600,000 rounds of PBKDF2-HMAC-SHA256. So the envelope is written here; the cipher
and the reading are cryptography's.
"""

import base64
import hashlib
import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ROUNDS = 600_000
_SALT_BYTES = _BLOCK_BYTES = 16
_KEY_BYTES = 32

# RFC 8018, appendix C; NIST's for AES-256-CBC.
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("06082a864886f70d0209")
_AES_256_CBC = bytes.fromhex("060960864801650304012a")
_NULL = b"\x05\x00"
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30


def encrypted_pem(key: Ed25519PrivateKey, passphrase: bytes) -> bytes:
    """Return a private key as PEM, encrypted."""
    rounds = ROUNDS
    salt, start = os.urandom(_SALT_BYTES), os.urandom(_BLOCK_BYTES)
    secret = hashlib.pbkdf2_hmac("sha256", passphrase, salt, rounds, _KEY_BYTES)
    pad = PKCS7(_BLOCK_BYTES * 8).padder()
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    cipher = Cipher(algorithms.AES(secret), modes.CBC(start)).encryptor()
    hidden = cipher.update(pad.update(plain) + pad.finalize()) + cipher.finalize()
    count = _der(_INTEGER, rounds.to_bytes(rounds.bit_length() // 8 + 1, "big"))
    stretch = _sequence(_PBKDF2, _sequence(_der(_OCTETS, salt), count, _sequence(_HMAC_SHA256, _NULL)))
    scheme = _sequence(_PBES2, _sequence(stretch, _sequence(_AES_256_CBC, _der(_OCTETS, start))))
    text = base64.b64encode(_sequence(scheme, _der(_OCTETS, hidden)))
    lines = b"\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + lines + b"\n-----END ENCRYPTED PRIVATE KEY-----\n"


def _sequence(*parts: bytes) -> bytes:
    return _der(_SEQUENCE, b"".join(parts))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
