"""`camtool key`: made, shown, replaced; the passphrase from a descriptor, the environment, or a terminal."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from camtool.evidence import pkcs8
from camtool.evidence.keys import in_fours

WORDS, OTHER = "năm con mèo leo cây cau", "bảy chiếc xe đạp màu xanh"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pkcs8, "ROUNDS", 1000)
    monkeypatch.delenv("CAMTOOL_KEY_PASSPHRASE", raising=False)


def descriptor(text: bytes) -> int:
    reader, writer = os.pipe()
    os.write(writer, text)
    os.close(writer)
    return reader


def test_made_shown_replaced(camtool, site, monkeypatch):
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", WORDS)
    made = camtool("--site", site, "--json", "key", "create", "--valid-days", 30).json
    assert made["history"] == []
    assert made["retired"] is None
    shown = camtool("--site", site, "--json", "key", "show").json
    assert shown == made
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", OTHER)
    replaced = camtool("--site", site, "--json", "key", "rotate").json
    assert replaced["fingerprint"] != made["fingerprint"]
    assert [each["fingerprint"] for each in replaced["history"]] == [made["fingerprint"]]
    assert replaced["history"][0]["retired"] is not None
    said = camtool("--site", site, "key", "show").out
    assert f"Before: {in_fours(made['fingerprint'])}" in said


def test_show_has_groups_of_four_and_a_code_that_reads_back(camtool, site, monkeypatch):
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", WORDS)
    fingerprint = camtool("--site", site, "--json", "key", "create").json["fingerprint"]
    said = camtool("--site", site, "key", "show").out
    digits = in_fours(fingerprint)
    assert f"  {digits[:39]}\n  {digits[40:]}\n" in said
    rows = [line for line in said.splitlines() if set(line) & set("█▀▄") and set(line) <= set(" ▀▄█")]
    assert {len(row) for row in rows} == {37}  # 33 modules and a quiet border of two
    assert read_code(rows) == fingerprint.upper()


def read_code(rows: list[str]) -> str:
    """Read the QR code on the screen as a telephone does."""
    import cv2
    import numpy as np

    light = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    pixels = [[light[sign][half] * 255 for sign in row] for row in rows for half in (0, 1)]
    picture: Any = np.kron(np.array(pixels, np.uint8), np.ones((8, 8), np.uint8))
    picture = cv2.copyMakeBorder(picture, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=[255])
    return str(cv2.QRCodeDetector().detectAndDecode(picture)[0])


def test_public_prints_the_key_alone(camtool, site, monkeypatch):
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", WORDS)
    camtool("--site", site, "key", "create")
    assert camtool("--site", site, "key", "show", "--public").out == (site / "keys/site.pub.pem").read_text()


def test_the_passphrase_from_a_descriptor(camtool, site):
    reader = descriptor(f"{WORDS}\nmore\n".encode())
    try:
        assert camtool("--site", site, "key", "create", "--passphrase-fd", reader).code == 0
    finally:
        os.close(reader)
    from camtool.evidence.keys import current, open_key

    record = current(site / "keys")
    assert open_key(site / "keys", WORDS, now_us=record.created_us).fingerprint == record.fingerprint


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xff\xff\n"])
def test_a_descriptor_that_holds_none(camtool, site, content):
    reader = descriptor(content)
    try:
        assert camtool("--site", site, "key", "create", "--passphrase-fd", reader).code == 2
    finally:
        os.close(reader)
    assert camtool("--site", site, "key", "create", "--passphrase-fd", 977).code == 2
    assert not (site / "keys").exists()


def test_refused(camtool, site, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    answer = camtool("--site", site, "key", "create")
    assert (answer.code, "--passphrase-fd" in answer.err) == (2, True)
    for command in (("show",), ("rotate",)):
        answer = camtool("--site", site, "key", *command)
        assert (answer.code, "camtool key create" in answer.err) == (10, True)
    for weak in ("short", "aaaaaaaaaaaaaaaaaaaaaaaa", "1234567890123456"):
        monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", weak)
        answer = camtool("--site", site, "key", "create")
        assert (answer.code, "too weak" in answer.err) == (2, True)
        assert weak not in answer.err + answer.out
    assert not (site / "keys").exists()
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", WORDS)
    assert camtool("--site", site, "key", "create").code == 0
    answer = camtool("--site", site, "key", "create")
    assert (answer.code, "has a key already" in answer.err) == (10, True)


def typed(site: Path, *answers: str) -> tuple[int, str]:
    """Run `camtool key create` in a terminal of its own and type the answers; return exit code and what was shown."""
    here, there = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CAMTOOL_")}
    environment |= {"CAMTOOL_LANG": "en", "TERM": "dumb", "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "camtool", "--site", str(site), "key", "create"]
    process = subprocess.Popen(
        command, stdin=there, stdout=there, stderr=there, env=environment, start_new_session=True, close_fds=True
    )
    os.close(there)
    shown, asked = b"", 0
    end_s = time.monotonic() + 60
    while time.monotonic() < end_s:
        if not select.select([here], [], [], 0.2)[0]:
            if process.poll() is not None:
                break
            continue
        try:
            part = os.read(here, 4096)
        except OSError:  # so Linux says that nobody holds the other end any more
            break
        shown += part
        if shown.count(b"key: ") + shown.count(b"again: ") > asked and asked < len(answers):
            os.write(here, f"{answers[asked]}\n".encode())
            asked += 1
    os.close(here)
    return process.wait(timeout=10), shown.decode("utf-8", "replace")


def test_typed_twice_and_never_shown(site):
    code, shown = typed(site, WORDS, OTHER)
    assert (code, "not the same" in shown) == (2, True)
    assert not (site / "keys").exists()
    code, shown = typed(site, WORDS, WORDS)
    assert code == 0, shown
    assert "Fingerprint" in shown
    assert WORDS not in shown
    assert (site / "keys/site.key").exists()
