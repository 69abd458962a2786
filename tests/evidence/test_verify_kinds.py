"""Every kind of package that camtool seals passes in both judges: redacted, with viewing copies, by the command."""

import json
import shutil
from pathlib import Path

import pytest

from camtool.cli.main import run
from camtool.core.case import Role
from camtool.evidence.keys import KEYS_FOLDER, SiteKey, create_key
from camtool.jobs.package import PackageReport, package
from tests.makers.filled_case import NOW_US, filled_case
from tests.makers.packaged import CLIP, PASSED, PASSPHRASE, by_camtool, by_script
from tests.makers.rows import sha256_of


def sealed(folder: Path, *, redacted: bool = False, **how: str) -> tuple[PackageReport, SiteKey]:
    filled = filled_case(folder / "case", **how)
    key = create_key(Path(filled.site.folder, KEYS_FOLDER), PASSPHRASE, now_us=NOW_US, valid_days=365)
    if redacted:
        film = folder / "che.mp4"
        shutil.copyfile(filled.folder / "trich/cam3-180002.mp4", film)
        with film.open("ab") as file:
            file.write(b"\0\0\0\x08free")
        facts = {"parents": [sha256_of(filled.folder / "trich/cam3-180002.mp4")]}
        filled.put(Role.REDACTED, "cam3-che.mp4", film, facts)
    report = package(filled.site, filled.number, folder, key, filled.doer, redacted=redacted)
    return report, key


def passes(capsys: pytest.CaptureFixture[str], bag: Path, fingerprint: str) -> str:
    code, last, said = by_camtool(capsys, bag, "--fingerprint", fingerprint)
    assert (code, last) == (0, PASSED), said
    code, last, script_said = by_script(bag, fingerprint)
    assert (code, last) == (0, PASSED), script_said
    return said


def test_a_redacted_copy(capsys, tmp_path):
    report, key = sealed(tmp_path, redacted=True)
    assert "_CHE_" in report.path.name
    assert "✓ clips: 1;" in passes(capsys, report.path, key.fingerprint)


def test_a_redacted_copy_that_the_log_does_not_know(capsys, tmp_path):
    report, key = sealed(tmp_path, redacted=True)
    with (report.path / "data/che/cam3-che.mp4").open("ab") as file:
        file.write(b"x")
    assert by_camtool(capsys, report.path, "--fingerprint", key.fingerprint)[0] == 40
    assert by_script(report.path, key.fingerprint)[0] == 1


def test_a_clip_with_a_viewing_copy(capsys, tmp_path):
    report, key = sealed(tmp_path, suffix=".mkv")
    assert any(path.parent.name == "xem" for path in report.path.rglob("*")), "a viewing copy was made"
    passes(capsys, report.path, key.fingerprint)


def test_from_the_command_line(capsys, tmp_path, monkeypatch):
    """key create, package, verify, as an officer types them."""
    filled = filled_case(tmp_path / "case")
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("CAMTOOL_NOW", "2026-11-30T10:00:00+07:00")
    site = ["--site", filled.site.folder, "--json"]
    assert run([*site, "key", "create"]) == 0
    capsys.readouterr()
    assert run([*site, "package", filled.number, "-o", str(tmp_path), "--officer", "Trung úy Nam"]) in {0, 3}
    told = json.loads(capsys.readouterr().out)
    said = passes(capsys, tmp_path / filled.number, told["fingerprint"])
    assert "30/11/2026 03:00:00 UTC" in said
    capsys.readouterr()
    assert run(["--json", "verify", told["path"], "--fingerprint", told["fingerprint"]]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["sha256"] == told["sha256"]
    assert answer["custody_head"] == told["custody_head"]
    assert (answer["ok"], answer["problems"], answer["unchecked"], answer["files"]) == (True, [], [], told["files"] + 8)
    assert (tmp_path / filled.number / CLIP).exists()


def test_a_folder_that_is_no_package_at_all(capsys, tmp_path):
    (tmp_path / "x").mkdir()
    code, last, said = by_camtool(capsys, tmp_path / "x", "--fingerprint", "0" * 64)
    assert (code, last) == (40, "KHÔNG ĐẠT"), said
    assert "! tagmanifest-sha256.txt: the file is missing" in said
    assert by_camtool(capsys, tmp_path / "none", "--fingerprint", "0" * 64)[0] == 10


@pytest.mark.parametrize("name", ["bagit.txt", "tagmanifest-sha256.txt"])
def test_a_package_under_a_cases_name_is_never_taken_for_a_case(capsys, tmp_path, name):
    report, _ = sealed(tmp_path)
    (report.path / name).unlink()
    code, last, said = by_camtool(capsys, report.path)
    assert (code, last) == (40, "KHÔNG ĐẠT")
    assert f"! {name}: the file is missing" in said
