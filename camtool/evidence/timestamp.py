"""Time-stamps by RFC 3161: a request for bytes, the reply of an authority, and what a reply is worth.

Reading replies and checking their chain of certificates is rfc3161-client's, which is OpenSSL's code underneath: see
docs/parts.md. A chain is checked at the time that is stamped: a certificate may expire later.

An authority (TSA) is trusted because of its root certificate, which has to come from the authority itself. Without it a
reply still shows whether it is of these bytes, but not whose word it is.
"""

import hashlib
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Protocol

from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import TimeStampRequest, TimeStampResponse, TimeStampTokenInfo

from camtool.errors import StampUnfit, StampUnreachable, mark
from camtool.evidence.timestamp_faults import STAMP_FAULTS, StampFault
from camtool.evidence.timestamp_frame import well_framed

QUERY_TYPE, REPLY_TYPE = "application/timestamp-query", "application/timestamp-reply"  # RFC 3161, 3.4
_PATIENCE_S = 30
# Replies have a few kilobytes, with the authority's certificates.
_REPLY_MOST_BYTES = 1 << 20
_GRANTED = 0


class BadStamp(Exception):
    """A time-stamp that does not hold; detail is the library's word for it."""

    def __init__(self, fault: StampFault, detail: str = "") -> None:
        super().__init__(fault, detail)
        self.fault, self.detail = fault, detail


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a reply says. time_us is the stamped time, UTC µs; authority is the name in its certificate, or "".

    trusted: the chain ends at one of the roots that were given.
    """

    time_us: int
    serial: int
    policy: str
    authority: str
    trusted: bool


class Ask(Protocol):
    """What brings a request (DER) to an authority and returns its reply (DER)."""

    def __call__(self, request: bytes, /) -> bytes:
        """Return the reply; raises StampUnreachable, ProgramMissing."""


def stamp(data: bytes, ask: Ask, roots: Sequence[Certificate] = ()) -> bytes:
    """Have data stamped and return the reply, checked. Raises StampUnfit, and what ask raises."""
    request = _request(data)
    reply = ask(request.as_bytes())
    try:
        check_reply(reply, data, roots, nonce=request.nonce)
    except BadStamp as error:
        detail = STAMP_FAULTS[error.fault]
        raise StampUnfit(detail=detail, more=error.detail) from error
    return reply


def _request(data: bytes) -> TimeStampRequest:
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()  # nonce and certificate


def check_reply(reply: bytes, data: bytes, roots: Sequence[Certificate] = (), *, nonce: int | None = None) -> Stamp:
    """Return what a reply says of data. Raises BadStamp for one that is refused, of something else, or not sound.

    Without roots nobody's word is checked: the stamp is not trusted, whatever it says.
    """
    read = _read(reply)
    info = _info(read)
    imprint = info.message_imprint.message
    if imprint not in _digests(data):
        raise BadStamp(StampFault.OTHER_BYTES, imprint.hex())
    if nonce is not None and info.nonce != nonce:
        raise BadStamp(StampFault.OTHER_REQUEST, str(info.nonce))
    if not well_framed(reply):
        raise BadStamp(StampFault.UNSOUND)
    if roots:
        _check_chain(reply, data, roots)
    return Stamp(
        time_us=int(info.gen_time.timestamp()) * 1_000_000 + info.gen_time.microsecond,
        serial=info.serial_number,
        policy=info.policy.dotted_string,
        authority=_authority(read),
        trusted=bool(roots),
    )


def roots_of(pem: bytes) -> tuple[Certificate, ...]:
    """Read the certificates of an authority, PEM or DER. Raises ValueError."""
    try:
        if b"-----BEGIN" in pem:
            return tuple(load_pem_x509_certificates(pem))
        return (load_der_x509_certificate(pem),)
    except Exception as error:  # the parser of damaged certificates raises what it likes
        raise ValueError(str(error)) from error


def post(url: str, request: bytes, *, patience_s: int = _PATIENCE_S) -> bytes:
    """Bring a request to an authority over HTTP (RFC 3161, 3.4). Raises StampUnreachable."""
    if not url.lower().startswith(("http://", "https://")):
        raise StampUnreachable(where=url, detail=_NO_HTTP)
    try:
        call = urllib.request.Request(url, request, {"Content-Type": QUERY_TYPE, "Accept": REPLY_TYPE})  # noqa: S310
        with urllib.request.urlopen(call, timeout=patience_s) as answer:  # noqa: S310 - http only, see above
            kind, reply = answer.headers.get_content_type(), answer.read(_REPLY_MOST_BYTES)
    except (urllib.error.URLError, OSError, HTTPException, ValueError) as error:
        raise StampUnreachable(where=url, detail=str(getattr(error, "reason", "") or error)) from error
    if kind != REPLY_TYPE:
        raise StampUnreachable(where=url, detail=f"{kind}, {len(reply)} byte")
    return bytes(reply)


_NO_HTTP = mark("it begins neither with http:// nor with https://")


def _read(reply: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(reply)
    except ValueError as error:
        raise BadStamp(StampFault.UNREADABLE, str(error)) from error


def _info(read: TimeStampResponse) -> TimeStampTokenInfo:
    if read.status != _GRANTED:
        raise BadStamp(StampFault.REFUSED, " ".join([str(read.status), *read.status_string]))
    try:
        return read.tst_info
    except ValueError as error:
        raise BadStamp(StampFault.UNREADABLE, str(error)) from error


def _digests(data: bytes) -> tuple[bytes, ...]:
    return tuple(hashlib.new(name, data).digest() for name in ("sha256", "sha384", "sha512"))


def _check_chain(reply: bytes, data: bytes, roots: Sequence[Certificate]) -> None:
    builder = VerifierBuilder(roots=list(roots))
    try:
        # Read anew: checking takes a reply's parts out of it.
        builder.build().verify_message(decode_timestamp_response(reply), data)
    except (VerificationError, ValueError) as error:
        text = str(error)
        if "has expired" in text or "not yet valid" in text:
            raise BadStamp(StampFault.EXPIRED, text) from error
        unknown = "certificate verify error" in text
        raise BadStamp(StampFault.UNTRUSTED if unknown else StampFault.UNSOUND, text) from error


def _authority(read: TimeStampResponse) -> str:
    """Return the name of the certificate that signed; "" where none is sent along."""
    try:
        held = [load_der_x509_certificate(each) for each in read.signed_data.certificates]
        signers = {(each.issuer, each.serial_number) for each in read.signed_data.signer_infos}
        return next(
            (each.subject.rfc4514_string() for each in held if (each.issuer, each.serial_number) in signers), ""
        )
    except ValueError:
        return ""
