"""`camtool package` as it is typed: what it says, what it asks for, what it refuses."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import bagit
import pytest

from camtool.evidence.content import as_on_paper
from tests.cli.conftest import CASE, NOW, Camtool

CUT = ("cut", "--camera", "3", "--from", "23/11/2026 18:00:51", "--to", "23/11/2026 18:01:11", "--case", CASE)
WORDS = "năm con mèo leo cây cau"
TSA = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""


@pytest.fixture
def sealable(camtool: Camtool, site: Path, case: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A case with one clip and one still, a key, and a folder to pack into."""
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", WORDS)
    assert case.name == CASE
    assert camtool("--site", site, "key", "create").code == 0
    assert camtool("--site", site, *CUT).code in {0, 3}
    still = ("still", "--camera", "3", "--at", "23/11/2026 18:00:59", "--case", CASE)
    assert camtool("--site", site, *still).code == 0
    (tmp_path / "usb").mkdir()
    return tmp_path / "usb"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_tells_the_three_codes_and_where_the_sheet_is(camtool, site, sealable):
    answer = camtool("--site", site, "package", CASE.lower(), "-o", sealable, "--why", "chuyển hồ sơ")
    assert answer.code == 0, answer.err
    assert names(sealable) == [CASE, f"{CASE}_NIEM_PHONG.pdf"]
    bag = bagit.Bag(str(sealable / CASE))
    bag.validate()
    for title, label in (("2. key's fingerprint", "Key-Fingerprint"), ("3. custody head", "Custody-Head")):
        one, two = as_on_paper(bag.info[label])
        assert f"  {title}\n     {one}\n     {two}\n" in answer.out
        assert (one + two).replace(" ", "") == bag.info[label]
    assert f"handed over apart: {sealable / CASE}_NIEM_PHONG.pdf" in answer.out
    assert "not time-stamped" in answer.out
    assert f"camtool verify {sealable / CASE} --fingerprint CODE" in answer.err, "as it can be typed anywhere"
    assert {f"cam03_20261123-180051.mp4{ending}" for ending in ("", ".framehash", ".packets.csv", ".proof.json")} == {
        path.name for path in (sealable / CASE / "data/trich").iterdir()
    }


def test_json_is_one_document(camtool, site, sealable):
    told = camtool("--site", site, "--json", "package", CASE, "-o", sealable).json
    assert set(told) == {
        "case", "path", "seal_sheet", "sha256", "fingerprint", "custody_head", "custody_entries", "files", "size_bytes",
        "stamped", "items", "problems",
    }  # fmt: skip
    assert told["case"] == CASE
    assert told["path"] == str(sealable / CASE)
    assert told["stamped"] is False
    assert [item["role"] for item in told["items"]] == ["trich", "anh"]
    assert told["problems"] == []


def test_one_item_and_what_is_not_there(camtool, site, sealable):
    answer = camtool("--site", site, "package", CASE, "-o", sealable, "--item", "7")
    assert (answer.code, names(sealable)) == (2, [])
    answer = camtool("--site", site, "package", CASE, "-o", sealable, "--redacted")
    assert (answer.code, names(sealable)) == (10, [])
    answer = camtool("--site", site, "package", "HS-2026-0009", "-o", sealable)
    assert (answer.code, names(sealable)) == (2, [])
    assert camtool("--site", site, "package", CASE, "-o", sealable, "--item", "2").code == 0
    assert names(sealable / CASE / "data/anh") == ["cam03_20261123-180059.png"]
    assert not (sealable / CASE / "data/trich").exists()
    answer = camtool("--site", site, "package", CASE, "-o", sealable)
    assert (answer.code, "exists already" in answer.err) == (10, True)


def test_without_a_key_that_is_good_and_opened_nothing_is_sealed(camtool, site, sealable, monkeypatch):
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", "con mèo khác leo cây cau")
    wrong = camtool("--site", site, "package", CASE, "-o", sealable)
    assert wrong.code == 10
    assert "passphrase" in wrong.err
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", WORDS)
    monkeypatch.setenv("CAMTOOL_NOW", NOW.replace("2026", "2036"))
    expired = camtool("--site", site, "package", CASE, "-o", sealable)
    assert "to 23/11/2031" in expired.err
    monkeypatch.setenv("CAMTOOL_NOW", NOW)
    shutil.rmtree(site / "keys")
    missing = camtool("--site", site, "package", CASE, "-o", sealable)
    assert "key create" in missing.err
    assert all(each.code == 10 for each in (wrong, expired, missing)), (wrong, expired, missing)
    assert names(sealable) == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl as authority and judge")
def test_a_time_stamp_belongs_to_the_package(camtool, site, sealable, tmp_path):
    config = authority(tmp_path)
    answer = camtool("--site", site, "--json", "package", CASE, "-o", sealable, "--timestamp", config)
    assert answer.code == 0, answer.err
    assert answer.json["stamped"] is True
    bag = sealable / CASE
    judged = subprocess.run(
        [
            *("openssl", "ts", "-verify", "-data", bag / "tagmanifest-sha256.txt"),
            *("-in", bag / "tagmanifest-sha256.txt.tsr", "-CAfile", tmp_path / "tsa.pem"),
        ],
        capture_output=True,
        check=False,
    )
    assert judged.stdout.decode().strip() == "Verification: OK", judged.stderr
    page = (bag / "DOC_TRUOC.txt").read_text(encoding="utf-8")
    assert "openssl ts -verify" in page
    assert "not stamped" not in page
    assert len(page.splitlines()) <= 62
    bagit.Bag(str(bag)).validate()


def test_a_time_stamp_that_cannot_be_had_leaves_nothing(camtool, site, sealable, tmp_path):
    answer = camtool("--site", site, "package", CASE, "-o", sealable, "--timestamp", "http://127.0.0.1:9/tsa")
    assert answer.code not in {0, 3, 70}
    assert names(sealable) == []
    answer = camtool("--site", site, "package", CASE, "-o", sealable, "--timestamp", tmp_path / "none.cnf")
    assert (answer.code, names(sealable)) == (10, [])


def test_the_viewer_tells_what_was_not_done_in_both_languages(camtool, site, sealable, tmp_path):
    (tmp_path / "ghi.txt").write_text("chữ")
    assert camtool("--site", site, "case", "add", CASE, tmp_path / "ghi.txt").code == 10
    assert camtool("--site", site, "package", CASE, "-o", sealable).code == 0
    page = (sealable / CASE / "data/index.html").read_text(encoding="utf-8")
    found = re.search(r'<script[^>]* id="data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None
    told = json.loads(found[1])
    (row,) = (row for row in told["custody"] if row["result"] != "ok")
    assert row["result"] == "failed: ghi.txt cannot be added: what it is does not show; say --role"
    assert told["outcomes"] == {
        str(row["n"]): {
            "vi": "không thực hiện được: không thêm được ghi.txt: không rõ là loại gì; hãy ghi --role",
            "en": "not done: ghi.txt cannot be added: what it is does not show; say --role",
        }
    }


def test_the_viewer_gets_the_two_times_of_a_clock_that_was_read(camtool, site, sealable):
    seen = ("--shows", "23/11/2026 17:55", "--true", "23/11/2026 18:00")
    assert camtool("--site", site, "clock", "observe", "3", *seen).code == 0
    still = ("still", "--camera", "3", "--at", "23/11/2026 18:05:59", "--case", CASE)
    assert camtool("--site", site, *still).code == 0
    assert camtool("--site", site, "package", CASE, "-o", sealable).code == 0
    page = (sealable / CASE / "data/index.html").read_text(encoding="utf-8")
    found = re.search(r'<script[^>]* id="data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert json.loads(found[1])["items"][-1]["clock"] == {
        "offset_us": 300_000_000, "observed": True, "note": "",
        "true": "2026-11-23T18:00:00+07:00", "showed": "2026-11-23T17:55:00+07:00",
    }  # fmt: skip


def test_a_folder_to_pack_into_is_made_where_only_it_is_missing(camtool, site, sealable):
    answer = camtool("--site", site, "package", CASE, "-o", sealable / "vks" / "hs1")
    assert (answer.code, names(sealable)) == (10, []), "a folder in a folder that is not there is a slip of the pen"
    assert str(sealable / "vks") in answer.err
    unstamped = ("--timestamp", "http://127.0.0.1:9/tsa")
    assert camtool("--site", site, "package", CASE, "-o", sealable / "vks", *unstamped).code not in {0, 3, 70}
    assert names(sealable) == [], "what failed leaves no folder either"
    answer = camtool("--site", site, "package", CASE, "-o", sealable / "vks")
    assert answer.code == 0, answer.err
    assert names(sealable / "vks") == [CASE, f"{CASE}_NIEM_PHONG.pdf"]
    footage = site.parent / "footage" / "cam3" / "new"
    assert camtool("--site", site, "package", CASE, "-o", footage).code == 10
    assert not footage.exists()


def authority(folder: Path) -> Path:
    """Make a time-stamping authority of one certificate; return openssl's configuration for it."""
    (folder / "serial").write_text("01\n")
    config = folder / "tsa.cnf"
    config.write_text(TSA.format(folder=folder))
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", folder / "tsa.key", "-out", folder / "tsa.pem", "-days", "30", "-subj", "/CN=Test TSA"),
            *("-addext", "extendedKeyUsage=critical,timeStamping"),
        ],
        capture_output=True,
        check=True,
    )
    return config
