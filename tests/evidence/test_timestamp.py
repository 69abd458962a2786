"""Time-stamps, by an authority of our own: `openssl ts` stamps, `openssl ts` and rfc3161-client judge."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import rfc3161_client
from cryptography.x509 import load_pem_x509_certificate

from camtool.errors import NoSuchFile, StampUnfit, StampUnreachable
from camtool.evidence.timestamp import BadStamp, check_reply, roots_of
from camtool.evidence.timestamp_faults import StampFault
from camtool.jobs.stamp import stamper
from camtool.media.timestamp_program import openssl_reply
from tests.makers.authority import POLICY, Authority, authority

DATA = b"0" * 64 + b"  bagit.txt\n"
REFUSED = bytes.fromhex("30053003020102")  # PKIStatus 2, rejection: RFC 3161, 2.4.2


@dataclass
class Stamped:
    authority: Authority
    reply: bytes

    @property
    def roots(self):
        return roots_of(self.authority.root.read_bytes())


@pytest.fixture(scope="module")
def stamped(tmp_path_factory: pytest.TempPathFactory) -> Stamped:
    made = authority(tmp_path_factory.mktemp("tsa") / "a")
    return Stamped(made, stamper(str(made.config), roots_of(made.root.read_bytes()))(DATA))


def fault_of(reply: bytes, data: bytes = DATA, roots=(), **more) -> StampFault:
    with pytest.raises(BadStamp) as caught:
        check_reply(reply, data, roots, **more)
    return caught.value.fault


def test_openssl_verifies_it(stamped, tmp_path):
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "reply").write_bytes(stamped.reply)
    command = ["openssl", "ts", "-verify", "-data", tmp_path / "data", "-in", tmp_path / "reply"]
    done = subprocess.run([*command, "-CAfile", stamped.authority.root], capture_output=True, check=False)
    assert done.stdout.strip() == b"Verification: OK"
    (tmp_path / "data").write_bytes(DATA + b"x")
    done = subprocess.run([*command, "-CAfile", stamped.authority.root], capture_output=True, check=False)
    assert done.returncode != 0


def test_rfc3161_client_verifies_it(stamped):
    root = load_pem_x509_certificate(stamped.authority.root.read_bytes())
    verifier = rfc3161_client.VerifierBuilder().add_root_certificate(root).build()
    assert verifier.verify_message(rfc3161_client.decode_timestamp_response(stamped.reply), DATA)


def test_what_it_says(stamped):
    stamp = check_reply(stamped.reply, DATA, stamped.roots)
    assert (stamp.policy, stamp.authority, stamp.trusted) == (POLICY, "CN=Test TSA", True)
    assert stamp.time_us % 1_000_000 == 0
    assert not check_reply(stamped.reply, DATA).trusted


def test_of_something_else(stamped):
    assert fault_of(stamped.reply, DATA + b"x") is StampFault.OTHER_BYTES


def test_an_answer_to_another_request(stamped):
    assert fault_of(stamped.reply, nonce=1) is StampFault.OTHER_REQUEST


def test_refused():
    assert fault_of(REFUSED) is StampFault.REFUSED


@pytest.mark.parametrize("reply", [b"", b"no", b"<html>", bytes.fromhex("30053003020100")])
def test_not_a_reply(reply):
    assert fault_of(reply) is StampFault.UNREADABLE


def test_an_authority_that_nobody_named(stamped, tmp_path):
    other = authority(tmp_path / "b", name="Other")
    assert fault_of(stamped.reply, DATA, roots_of(other.root.read_bytes())) is StampFault.UNTRUSTED


def test_an_authority_whose_certificate_had_expired(tmp_path):
    old = authority(tmp_path / "old", root_ended=True)
    roots = roots_of(old.root.read_bytes())
    reply = stamper(str(old.config))(DATA)
    assert fault_of(reply, DATA, roots) is StampFault.EXPIRED
    with pytest.raises(StampUnfit, match="not valid at the time"):
        stamper(str(old.config), roots)(DATA)


def test_every_changed_byte_is_found(stamped):
    roots = stamped.roots
    for at in range(len(stamped.reply)):
        for by in (0x01, 0x80, 0xFF):
            changed = bytearray(stamped.reply)
            changed[at] ^= by
            with pytest.raises(BadStamp):
                check_reply(bytes(changed), DATA, roots)
    for changed in (stamped.reply + b"\0", stamped.reply[:-1]):
        with pytest.raises(BadStamp):
            check_reply(changed, DATA, roots)


def test_a_configuration_that_is_not_there_or_does_not_work(tmp_path):
    with pytest.raises(NoSuchFile):
        stamper(str(tmp_path / "none.cnf"))
    (tmp_path / "bad.cnf").write_text("[tsa]\n")
    with pytest.raises(StampUnreachable):
        stamper(str(tmp_path / "bad.cnf"))(DATA)


def test_certificates_that_are_none():
    for content in (b"", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever the parser says
            roots_of(content)


@contextmanager
def served(answer, kind: str = "application/timestamp-reply", status: int = 200) -> Iterator[str]:
    """An authority on a loopback port; answer is bytes, or what makes them of a request."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            request = self.rfile.read(int(self.headers["Content-Length"]))
            reply = answer(request) if callable(answer) else answer
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/tsr"
        finally:
            server.shutdown()
            thread.join()


def test_over_http(stamped):
    with served(lambda request: openssl_reply(stamped.authority.config, request)) as url:
        reply = stamper(url, stamped.roots)(DATA)
    assert check_reply(reply, DATA, stamped.roots).trusted


def test_a_stale_reply_over_http_is_refused(stamped):
    with served(stamped.reply) as url, pytest.raises(StampUnfit, match="another request"):
        stamper(url)(DATA)
    with served(stamped.reply) as url, pytest.raises(StampUnfit, match="something else"):
        stamper(url)(DATA + b"x")
    with served(REFUSED) as url, pytest.raises(StampUnfit, match="refused"):
        stamper(url)(DATA)


def test_an_address_that_does_not_answer_as_an_authority(tmp_path):
    with served(b"<html>", kind="text/html") as url, pytest.raises(StampUnreachable, match="text/html"):
        stamper(url)(DATA)
    with served(b"", status=500) as url, pytest.raises(StampUnreachable):
        stamper(url)(DATA)
    for url in ("http://127.0.0.1:1/", "file:///etc/passwd", "ftp://127.0.0.1/", "http://[/"):
        with pytest.raises(StampUnreachable):
            stamper(url)(DATA)
    assert not list(Path(tmp_path).iterdir())
