"""The parts of a time-stamp reply that no signature covers, held to the one form that RFC 3161 and RFC 5652 give them.

OpenSSL reads past three of them: the version of the signed data, that of the signer's part, and the name of the
signature algorithm. Whoever changes one of these bytes changes nothing that counts, but a package with a changed byte
is not the package that was sealed, so the change has to be found.
"""

from collections.abc import Iterator

_INTEGER, _OBJECT, _SEQUENCE, _SET, _CONTENT = 0x02, 0x06, 0x30, 0x31, 0xA0
# Signature algorithms by their OIDs (RFC 5754, 5758, 8017), and the digest that each one's name holds (none: any).
_DIGESTS = {
    "608648016503040201": "sha256",
    "608648016503040202": "sha384",
    "608648016503040203": "sha512",
}
_SIGNATURES = {
    "2a8648ce3d040302": "sha256",
    "2a8648ce3d040303": "sha384",
    "2a8648ce3d040304": "sha512",
    "2a864886f70d01010b": "sha256",
    "2a864886f70d01010c": "sha384",
    "2a864886f70d01010d": "sha512",
    "2a864886f70d010101": None,
    "2a864886f70d01010a": None,
}


def well_framed(reply: bytes) -> bool:
    """Whether a reply's unsigned parts have the values that they have to have. False for what is no reply at all."""
    try:
        _, token = _children(_only(reply, _SEQUENCE))
        _, content = _children(token[1])
        signed = list(_children(_only(content[1], _SEQUENCE)))
        signer = list(_children(_only(signed[-1][1], _SEQUENCE)))
        version, own_version = signed[0], signer[0]
        digest, signature = signer[2], next(each for each in signer[3:] if each[0] == _SEQUENCE)
        # Versions: 3, because the content is no plain data; 1, because the signer is named by issuer and serial number.
        if version != (_INTEGER, b"\x03") or own_version != (_INTEGER, b"\x01"):
            return False
        if signed[-1][0] != _SET or content[0] != _CONTENT:
            return False
        hashed = _DIGESTS.get(_oid(digest[1]), "")
        return _SIGNATURES.get(_oid(signature[1]), "") in {hashed, None} and hashed != ""
    except (ValueError, IndexError, StopIteration):
        return False


def _only(data: bytes, tag: int) -> bytes:
    found = list(_children(data))
    if len(found) != 1 or found[0][0] != tag:
        raise ValueError(tag)
    return found[0][1]


def _oid(algorithm: bytes) -> str:
    tag, content = next(_children(algorithm))
    if tag != _OBJECT:
        raise ValueError(tag)
    return content.hex()


def _children(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of each DER element in data. Raises ValueError, IndexError."""
    at = 0
    while at < len(data):
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + size > len(data):
            raise ValueError("too long")
        yield tag, data[at : at + size]
        at += size
