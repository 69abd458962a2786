"""A signing key for tests of what is signed, not of how keys are kept: Ed25519 from fixed bytes."""

import hashlib
import subprocess
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


class TestSigner:
    """What evidence.sealing.Signer asks for."""

    __test__ = False

    def __init__(self, seed: int = 7) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self._public = self._key.public_key()

    @property
    def public_pem(self) -> str:
        return self._public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self._public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)

    def sshsig(self, data: bytes) -> str:
        with tempfile.TemporaryDirectory() as folder:
            key = Path(folder, "key")
            key.write_bytes(self._key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
            key.chmod(0o600)
            command = ["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", "camtool-package"]
            return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()

    def allowed_signers(self, identity: str) -> str:
        line = self._public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        return f'{identity} namespaces="camtool-package" {line}\n'
