"""The site's key: judged by openssl and ssh-keygen; killed at every step of a change; weak and wrong passphrases."""

import json
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_ssh_public_key
from hypothesis import given
from hypothesis import strategies as st

from camtool.errors import KeyDamaged, KeyExists, KeyExpired, NoKey, WeakPassphrase, WrongPassphrase
from camtool.evidence import keys, pkcs8, sshsig
from camtool.evidence.keys import create_key, current, history, in_fours, open_key, rotate_key

NOW_US = 1_795_500_000_000_000
DAY_US = 86_400_000_000
WORDS, OTHER = "năm con mèo leo cây cau", "bảy chiếc xe đạp màu xanh"
DATA = b"0" * 64 + b"  bagit.txt\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture(autouse=True)
def quickly(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases less, but where the stretching itself is looked at."""
    if "encrypted" not in request.node.name:
        monkeypatch.setattr(pkcs8, "ROUNDS", 1000)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> keys.SiteKey:
    return create_key(tmp_path_factory.mktemp("key") / "keys", WORDS, now_us=NOW_US)


def ran(*command: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(word) for word in command], input=stdin, capture_output=True, check=False)


def test_openssl_verifies_the_raw_signature(folder, tmp_path):
    key = create_key(folder, WORDS, now_us=NOW_US)
    data, signature = tmp_path / "data", tmp_path / "data.sig"
    data.write_bytes(DATA)
    signature.write_bytes(key.sign(DATA))
    assert signature.stat().st_size == 64
    command = ("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", folder / "site.pub.pem", "-rawin", "-in", data)
    assert ran(*command, "-sigfile", signature).stdout.strip() == b"Signature Verified Successfully"
    data.write_bytes(DATA.replace(b"bagit", b"bagir"))
    assert ran(*command, "-sigfile", signature).returncode == 1


def test_the_fingerprint_is_what_openssl_and_sha256sum_say(folder):
    key = create_key(folder, WORDS, now_us=NOW_US)
    der = ran("openssl", "pkey", "-pubin", "-in", folder / "site.pub.pem", "-outform", "DER").stdout
    assert ran("sha256sum", stdin=der).stdout.split()[0].decode() == key.fingerprint
    assert in_fours(key.fingerprint).split(" ") == [key.fingerprint[at : at + 4] for at in range(0, 64, 4)]


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen as a judge")
def test_ssh_keygen_verifies_the_sshsig(folder, tmp_path):
    key = create_key(folder, WORDS, now_us=NOW_US, valid_days=10)
    (tmp_path / "data.sshsig").write_text(key.sshsig(DATA))
    (tmp_path / "allowed").write_text(key.allowed_signers("camtool"))

    def judged(data: bytes, when: str, namespace: str = "camtool-package") -> tuple[int, bytes]:
        command = ("ssh-keygen", "-Y", "verify", "-f", tmp_path / "allowed", "-I", "camtool", "-n", namespace)
        done = ran(*command, "-s", tmp_path / "data.sshsig", f"-Overify-time={when}", stdin=data)
        return done.returncode, done.stdout

    start, end = (key.allowed_signers("x").split('"')[at][:8] for at in (1, 3))
    assert (start, end) == ("20261124", "20261204")
    code, said = judged(DATA, "20261130")
    assert code == 0
    assert said.startswith(b'Good "camtool-package" signature for camtool with ED25519 key SHA256:')
    assert judged(DATA + b"x", "20261130")[0] != 0
    assert judged(DATA, "20261130", "file")[0] != 0
    assert judged(DATA, "20261101")[0] != 0
    assert judged(DATA, "20261231")[0] != 0


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen as a judge")
def test_we_read_what_ssh_keygen_signs(tmp_path):
    assert ran("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key").returncode == 0
    signed = ran(
        "ssh-keygen", "-Y", "sign", "-f", tmp_path / "key", "-n", "camtool-package", stdin=DATA
    ).stdout.decode()
    public = load_ssh_public_key((tmp_path / "key.pub").read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    assert sshsig.sshsig_holds(public, DATA, signed)
    assert not sshsig.sshsig_holds(public, DATA + b" ", signed)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_sshsig_never_holds(shared, at, by):
    key = shared
    good = key.sshsig(DATA)
    changed = bytearray(good.encode())
    changed[at % len(changed)] ^= by
    text = changed.decode("latin-1")
    assert not sshsig.sshsig_holds(key.private.public_key(), DATA, text)
    assert sshsig.sshsig_holds(key.private.public_key(), DATA, good)


def test_allowed_signers_reads_back(folder):
    key = create_key(folder, WORDS, now_us=NOW_US + 999_999)
    allowed = sshsig.read_allowed(key.allowed_signers("camtool"))
    assert allowed == sshsig.Allowed(
        "camtool", sshsig.key_text(key.private.public_key()), NOW_US, NOW_US + keys.VALID_DAYS * DAY_US
    )
    for text in ("", "camtool ssh-ed25519 AAAA\n", key.allowed_signers("a") * 2, key.allowed_signers("a")[:-1]):
        assert sshsig.read_allowed(text) is None


def test_the_private_key_is_encrypted_and_for_its_owner_alone(folder):
    create_key(folder, WORDS, now_us=NOW_US)
    path = folder / "site.key"
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert ran("openssl", "pkey", "-in", path, "-noout", "-passin", f"pass:{WORDS}").returncode == 0
    assert ran("openssl", "pkey", "-in", path, "-noout", "-passin", "pass:wrong").returncode != 0
    assert b":0927C0" in ran("openssl", "asn1parse", "-in", path).stdout  # 600,000 rounds
    assert sorted(each.name for each in folder.iterdir()) == ["keys.json", "keys.lock", "site.key", "site.pub.pem"]


def test_it_opens_with_its_passphrase_alone(folder):
    made = create_key(folder, WORDS, now_us=NOW_US)
    opened = open_key(folder, WORDS, now_us=NOW_US)
    assert opened.fingerprint == made.fingerprint
    assert opened.sign(DATA) == made.sign(DATA)
    with pytest.raises(WrongPassphrase):
        open_key(folder, OTHER, now_us=NOW_US)
    with pytest.raises(WrongPassphrase):
        open_key(folder, "", now_us=NOW_US)


def test_a_passphrase_typed_in_the_other_unicode_form_is_the_same(folder):
    import unicodedata

    create_key(folder, WORDS, now_us=NOW_US)
    open_key(folder, unicodedata.normalize("NFD", WORDS), now_us=NOW_US)


@pytest.mark.parametrize(
    "passphrase",
    ["", " ", "short", "mười bốn kýtự", "aaaaaaaaaaaaaaaaaaaaaaaa", "123123123123123123", "1234567890123456", " " * 40],
)
def test_a_weak_passphrase_is_refused_and_nothing_is_made(folder, passphrase):
    with pytest.raises(WeakPassphrase):
        create_key(folder, passphrase, now_us=NOW_US)
    assert not folder.exists()


def test_a_second_key_is_refused(folder):
    made = create_key(folder, WORDS, now_us=NOW_US)
    with pytest.raises(KeyExists):
        create_key(folder, OTHER, now_us=NOW_US)
    assert open_key(folder, WORDS, now_us=NOW_US).fingerprint == made.fingerprint


def test_rotation_keeps_the_old_public_key_and_when_it_was_retired(folder):
    first = create_key(folder, WORDS, now_us=NOW_US)
    second = rotate_key(folder, OTHER, now_us=NOW_US + DAY_US)
    old, new = history(folder)
    assert (old.fingerprint, old.retired_us) == (first.fingerprint, NOW_US + DAY_US)
    assert (new.fingerprint, new.retired_us) == (second.fingerprint, None)
    assert old.public_pem == first.public_pem
    assert (folder / "site.pub.pem").read_text() == second.public_pem
    assert [old.good_at(NOW_US + us) for us in (-1, 0, DAY_US - 1, DAY_US)] == [False, True, True, False]
    assert open_key(folder, OTHER, now_us=NOW_US + DAY_US).fingerprint == second.fingerprint
    with pytest.raises(WrongPassphrase):
        open_key(folder, WORDS, now_us=NOW_US + DAY_US)
    old.public.verify(first.sign(DATA), DATA)


def test_a_key_signs_neither_before_nor_after_its_time(folder):
    create_key(folder, WORDS, now_us=NOW_US, valid_days=30)
    open_key(folder, WORDS, now_us=NOW_US + 30 * DAY_US - 1)
    for now_us in (NOW_US - 1, NOW_US + 30 * DAY_US):
        with pytest.raises(KeyExpired) as refused:
            open_key(folder, WORDS, now_us=now_us)
        assert re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d UTC", str(refused.value.facts["now"]))


def test_without_a_key(folder):
    with pytest.raises(NoKey):
        current(folder)
    with pytest.raises(NoKey):
        rotate_key(folder, WORDS, now_us=NOW_US)
    with pytest.raises(NoKey):
        open_key(folder, WORDS, now_us=NOW_US)
    assert history(folder) == ()


class Killed(BaseException):
    """The process ended here."""


@pytest.mark.parametrize("step", range(12))
def test_killed_at_any_step_of_rotation_leaves_one_whole_key(folder, monkeypatch, step):
    """Every rename and unlink is a step; what is on the disk then has to open with one passphrase or the other."""
    first = create_key(folder, WORDS, now_us=NOW_US)
    left = step

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def act(self: Path, *arguments: Any, **named: Any) -> Any:
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            return real(self, *arguments, **named)

        return act

    with monkeypatch.context() as patch:
        for name in ("replace", "unlink"):
            patch.setattr(Path, name, counted(getattr(Path, name)))
        try:
            rotate_key(folder, OTHER, now_us=NOW_US + DAY_US)
            killed = False
        except Killed:
            killed = True
    kept = current(folder)
    if kept.fingerprint == first.fingerprint:
        assert killed
        assert open_key(folder, WORDS, now_us=NOW_US + DAY_US).fingerprint == first.fingerprint
        assert len(history(folder)) == 1
    else:
        opened = open_key(folder, OTHER, now_us=NOW_US + DAY_US)
        assert opened.fingerprint == kept.fingerprint == history(folder)[1].fingerprint
        assert history(folder)[0].fingerprint == first.fingerprint
        assert (folder / "site.pub.pem").read_text() == opened.public_pem
    rotate_key(folder, WORDS, now_us=NOW_US + 2 * DAY_US)
    open_key(folder, WORDS, now_us=NOW_US + 2 * DAY_US)
    assert not list(folder.glob("site.key.*"))


def damaged(text: str, change: str) -> str:
    told = json.loads(text)
    if change == "format":
        told["format"] = "x"
    elif change == "none":
        told["keys"] = []
    elif change == "fingerprint":
        told["keys"][0]["fingerprint"] = "0" * 64
    elif change == "retired":
        told["keys"][0]["retired"] = told["keys"][0]["created"]
    elif change == "list":
        return "[]"
    else:
        return text[:-20]
    return json.dumps(told)


@pytest.mark.parametrize("change", ["format", "none", "fingerprint", "retired", "list", "cut"])
def test_a_damaged_history_is_named(folder, change):
    create_key(folder, WORDS, now_us=NOW_US)
    path = folder / "keys.json"
    path.write_text(damaged(path.read_text(), change))
    with pytest.raises(KeyDamaged):
        open_key(folder, WORDS, now_us=NOW_US)


def test_a_private_key_that_is_gone_damaged_or_anothers_is_named(folder, tmp_path):
    create_key(folder, WORDS, now_us=NOW_US)
    create_key(tmp_path / "other", WORDS, now_us=NOW_US)
    path = folder / "site.key"
    shutil.copyfile(tmp_path / "other/site.key", path)
    with pytest.raises(KeyDamaged, match=r"keys\.json"):
        open_key(folder, WORDS, now_us=NOW_US)
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(KeyDamaged, match="encrypted"):
        open_key(folder, WORDS, now_us=NOW_US)
    path.unlink()
    with pytest.raises(KeyDamaged, match="gone"):
        open_key(folder, WORDS, now_us=NOW_US)
    (folder / "keys.json").unlink()
    path.write_bytes(b"a key")
    with pytest.raises(KeyDamaged, match="history"):
        create_key(folder, WORDS, now_us=NOW_US)
    assert path.read_bytes() == b"a key"
