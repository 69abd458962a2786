"""`batch` through the door: what is refused, what is made, what a second run does."""

import csv
import datetime as dt
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import bagit
import pytest
from openpyxl import Workbook

from camtool.core.request import HEADINGS
from camtool.errors import EXIT_INPUT, EXIT_PROBLEMS, EXIT_USAGE
from camtool.evidence.keys import create_key, current
from camtool.jobs.batch_results import COLUMNS, safe
from camtool.jobs.batch_row import package_name
from camtool.jobs.case import read_case
from camtool.store.site import load_site
from tests.cli.conftest import Camtool
from tests.cli.test_package import authority
from tests.makers.video import write_mp4

PASSPHRASE = "mot cum tu that dai 2026"
HEAD = ["Hồ sơ", "Camera", "Từ", "Đến", "Lý do", "Cán bộ"]


@pytest.fixture
def keyed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site with a key, and its passphrase in the environment."""
    create_key(site / "keys", PASSPHRASE, now_us=1_700_000_000_000_000, valid_days=3650)
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", PASSPHRASE)
    return site


def listed(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEAD, *rows])
    return path


def asked(title: str, start: str, end: str, camera: str = "3", reason: str = "đơn của ông A") -> list[str]:
    return [title, camera, f"23/11/2026 {start}", f"23/11/2026 {end}", reason, "Nguyễn Văn B"]


def results(out: Path) -> list[dict[str, str]]:
    with (out / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def snapshot(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256(path) for path in folder.rglob("*") if path.is_file()}


def test_each_row_is_a_package_and_rows_of_a_title_share_a_case(camtool: Camtool, keyed: Path, tmp_path: Path):
    path = listed(
        tmp_path / "a.csv",
        asked("Trộm xe", "18:00:10", "18:00:30"),
        asked("Mất chó", "18:03:00", "18:03:20"),
        asked("Trộm xe", "18:01:10", "18:01:30"),
    )
    footage = snapshot(tmp_path / "footage")
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", tmp_path / "out")
    assert answer.code == 0, answer.err
    out = tmp_path / "out"
    rows = answer.json["rows"]
    assert [(row["row"], row["status"], row["package"]) for row in rows] == [
        (2, "done", "HS-2026-0001_002"),
        (3, "done", "HS-2026-0002_003"),
        (4, "done", "HS-2026-0001_004"),
    ]
    assert answer.json["results"] == str(out / "results.csv")
    kept = results(out)
    assert list(kept[0]) == list(COLUMNS)
    assert [row["sha256"] for row in kept] == [row["sha256"] for row in rows]
    for row in rows:
        folder = out / row["package"]
        assert bagit.Bag(str(folder)).is_valid()
        assert sha256(folder / "tagmanifest-sha256.txt") == row["sha256"]
        assert (out / f"{row['package']}_NIEM_PHONG.pdf").is_file()
        clips = [path for path in (folder / "data" / "trich").iterdir() if path.suffix == ".mp4"]
        assert len(clips) == 1  # that row's clip, though the case has two
    first = read_case(load_site(keyed), "HS-2026-0001")
    assert (first.case.title, first.case.officer) == ("Trộm xe", "Nguyễn Văn B")
    assert [row.act for row in first.entries] == ["open", "cut", "package", "seal", "cut", "package", "seal"]
    assert {row.why for row in first.entries} == {"đơn của ông A"}
    assert snapshot(tmp_path / "footage") == footage
    fingerprint = current(keyed / "keys").fingerprint
    for row in rows:
        checked = camtool("--site", keyed, "verify", out / row["package"], "--fingerprint", fingerprint)
        assert checked.code == 0, checked.out


def test_a_folder_in_a_folder_that_is_not_there_is_refused(camtool: Camtool, keyed: Path, tmp_path: Path):
    path = listed(tmp_path / "a.csv", asked("Trộm xe", "18:00:10", "18:00:30"))
    answer = camtool("--site", keyed, "batch", path, "-o", tmp_path / "usb" / "out")
    assert answer.code == EXIT_INPUT
    assert f"{tmp_path / 'usb'}" in answer.err
    assert not (tmp_path / "usb").exists()
    assert not (keyed / "cases").exists()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl as authority and judge")
def test_each_package_has_its_own_time_stamp(camtool: Camtool, keyed: Path, tmp_path: Path):
    config = authority(tmp_path)
    rows = [asked(f"Vụ {n}", f"18:00:{10 + n}", f"18:00:{30 + n}") for n in range(7)]
    path = listed(tmp_path / "a.csv", *rows)
    missing = camtool("--site", keyed, "batch", path, "-o", tmp_path / "out", "--timestamp", tmp_path / "none.cnf")
    assert (missing.code, (tmp_path / "out").exists()) == (EXIT_INPUT, False)
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", tmp_path / "out", "--timestamp", config)
    assert answer.code == 0, answer.err
    done = answer.json["rows"]
    assert len(done) == 7
    for row in done:
        manifest = tmp_path / "out" / row["package"] / "tagmanifest-sha256.txt"
        words = (
            "openssl",
            "ts",
            "-verify",
            "-data",
            manifest,
            "-in",
            f"{manifest}.tsr",
            "-CAfile",
            tmp_path / "tsa.pem",
        )
        judged = subprocess.run(words, capture_output=True, text=True, check=False)
        assert judged.stdout.strip() == "Verification: OK", judged.stderr
    assert (tmp_path / "serial").read_text().strip() == "08", "seven stamps, each with a number of its own"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl as authority and judge")
def test_without_its_time_stamp_no_row_is_done(camtool: Camtool, keyed: Path, tmp_path: Path):
    path = listed(tmp_path / "a.csv", *(asked(f"Vụ {n}", f"18:00:{10 + n}", "18:00:40") for n in range(6)))
    address = "http://127.0.0.1:9/tsa"
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", tmp_path / "out", "--timestamp", address)
    assert answer.code == EXIT_PROBLEMS
    assert {row["status"] for row in answer.json["rows"]} == {"failed"}
    assert all("127.0.0.1:9" in row["messages"][0] for row in answer.json["rows"]), answer.json
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["results.csv"]


def test_running_again_skips_what_is_done_and_does_what_is_new(camtool: Camtool, keyed: Path, tmp_path: Path):
    rows = [asked("Trộm xe", "18:00:10", "18:00:30"), asked("Mất chó", "18:03:00", "18:03:20")]
    path = listed(tmp_path / "a.csv", *rows)
    assert camtool("--site", keyed, "batch", path, "-o", tmp_path / "out").code == 0
    before = snapshot(tmp_path / "out")
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", tmp_path / "out")
    assert answer.code == 0
    assert [row["kept"] for row in answer.json["rows"]] == [True, True]
    assert snapshot(tmp_path / "out") == before
    # Another row in front, and a third of the same title: the case is the one that was opened.
    listed(path, asked("Khác", "18:00:00", "18:00:05"), *rows, asked("Trộm xe", "18:01:10", "18:01:30"))
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", tmp_path / "out")
    assert [(row["row"], row["kept"], row["package"]) for row in answer.json["rows"]] == [
        (2, False, "HS-2026-0003_002"),
        (3, True, "HS-2026-0001_002"),
        (4, True, "HS-2026-0002_003"),
        (5, False, "HS-2026-0001_005"),
    ]
    assert len(results(tmp_path / "out")) == 4


def test_a_package_that_was_taken_away_is_made_again_and_a_changed_one_is_left(
    camtool: Camtool, keyed: Path, tmp_path: Path
):
    path = listed(
        tmp_path / "a.csv", asked("Trộm xe", "18:00:10", "18:00:30"), asked("Mất chó", "18:03:00", "18:03:20")
    )
    out = tmp_path / "out"
    assert camtool("--site", keyed, "batch", path, "-o", out).code == 0
    shutil.rmtree(out / "HS-2026-0001_002")
    (out / "HS-2026-0001_002_NIEM_PHONG.pdf").unlink()
    tags = out / "HS-2026-0002_003" / "tagmanifest-sha256.txt"
    whole = tags.read_bytes()
    tags.write_bytes(b"x" + whole[1:])
    for _ in range(2):
        answer = camtool("--site", keyed, "--json", "batch", path, "-o", out)
        assert answer.code == EXIT_PROBLEMS
        first, second = answer.json["rows"]
        assert (first["status"], first["package"]) == ("done", "HS-2026-0001_002")
        assert second["status"] == "failed"
        assert "is not the package that was made" in second["messages"][0]
        assert tags.read_bytes()[:1] == b"x"
    tags.write_bytes(whole)
    assert camtool("--site", keyed, "batch", path, "-o", out).code == 0
    clips = read_case(load_site(keyed), "HS-2026-0001").case.items
    assert len(clips) == 1  # the clip was in the case already


def test_every_fault_is_told_and_nothing_is_written(camtool: Camtool, keyed: Path, tmp_path: Path):
    path = listed(
        tmp_path / "a.csv",
        asked("Trộm xe", "18:00:10", "18:00:30"),
        asked("", "18:00:10", "25:00", camera="9"),
        asked("HS-2026-0007", "18:00:30", "18:00:10"),
    )
    before = snapshot(keyed)
    answer = camtool("--site", keyed, "batch", path, "-o", tmp_path / "out")
    assert answer.code == EXIT_USAGE
    lines = [line for line in answer.err.splitlines() if line.startswith("!")]
    assert [line.split(":")[0] for line in lines] == [
        "! row 3, Case",
        "! row 3, Camera",
        "! row 3, To",
        "! row 4, Case",
        "! row 4, To",
    ]
    assert "5" in next(line for line in answer.err.splitlines() if line.startswith("error:"))
    assert not (tmp_path / "out").exists()
    assert {name for name in snapshot(keyed) if "catalog" not in name} == {n for n in before if "catalog" not in n}


def test_a_row_that_fails_leaves_nothing_and_does_not_stop_the_others(camtool: Camtool, keyed: Path, tmp_path: Path):
    broken = tmp_path / "footage" / "cam3" / "NVR_ch3_main_20261123180100_20261123180200.mp4"
    content = broken.read_bytes()
    path = listed(
        tmp_path / "a.csv",
        asked("Không có hình", "09:00", "09:01"),
        asked("Hỏng", "18:01:10", "18:01:30"),
        asked("Trộm xe", "18:00:10", "18:00:30", camera="3,5"),
    )
    broken.write_bytes(content[: len(content) // 9])
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", tmp_path / "out")
    assert answer.code == EXIT_PROBLEMS
    nothing, hurt, done = answer.json["rows"]
    assert (nothing["status"], nothing["case"]) == ("failed", None)
    assert "no recording" in nothing["messages"][0]
    assert hurt["status"] == "failed"
    assert done["status"] == "done"
    assert "camera 5 has no recording" in done["messages"][0]
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [done["package"], f"{done['package']}_NIEM_PHONG.pdf", "results.csv"]
    case = read_case(load_site(keyed), hurt["case"])
    assert case.case.items == ()
    assert not any(path.suffix == ".mp4" for path in case.folder.rglob("*"))
    assert [(row.act, row.ok) for row in case.entries] == [("open", True), ("cut", False)]
    broken.write_bytes(content)
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", tmp_path / "out")
    assert [row["status"] for row in answer.json["rows"]] == ["failed", "done", "done"]
    assert answer.json["rows"][1]["case"] == hurt["case"]


@pytest.mark.parametrize("in_a_case", [False, True])
def test_a_row_whose_second_camera_fails_leaves_nothing_of_the_first(
    camtool: Camtool, keyed: Path, tmp_path: Path, in_a_case: bool
):
    """Camera 3's clip is cut, then camera 5's recording turns out to be broken."""
    second = tmp_path / "footage" / "cam5" / "NVR_ch5_main_20261123180000_20261123180100.mp4"
    write_mp4(second, seconds=60, fps=5, gop=10, size=(176, 96))  # unlike camera 3's: a content is in a case once
    assert camtool("--site", keyed, "index").code == 0
    content = second.read_bytes()
    second.write_bytes(content[: len(content) // 9])
    title = "Trộm xe"
    if in_a_case:
        camtool("--site", keyed, "case", "open", title, "--kind", "theft", "--officer", "B")
        title = "HS-2026-0001"
    rows = [asked(title, "18:00:10", "18:00:30", camera="3,5"), asked(title, "18:01:20", "18:01:40")]
    path, out = listed(tmp_path / "a.csv", *rows), tmp_path / "out"
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", out)
    assert answer.code == EXIT_PROBLEMS
    hurt, done = answer.json["rows"]
    assert [(row["status"], row["case"]) for row in (hurt, done)] == [
        ("failed", "HS-2026-0001"), ("done", "HS-2026-0001"),
    ]  # fmt: skip
    assert sorted(each.name for each in out.iterdir()) == [
        "HS-2026-0001_003", "HS-2026-0001_003_NIEM_PHONG.pdf", "results.csv",
    ]  # fmt: skip
    case = read_case(load_site(keyed), "HS-2026-0001")
    assert [item.object.path for item in case.case.items] == ["trich/cam03_20261123-180120.mp4"], "the second row's"
    assert [(row.act, row.ok) for row in case.entries] == [
        ("open", True), ("cut", False), ("cut", False), ("cut", True), ("package", True), ("seal", True),
    ]  # fmt: skip
    assert [each.name for each in case.folder.rglob("*.mp4")] == ["cam03_20261123-180120.mp4"]
    assert not list(case.folder.glob(".nhap-*"))
    second.write_bytes(content)
    again = camtool("--site", keyed, "--json", "batch", path, "-o", out)
    assert again.code == 0, again.err
    assert [(row["status"], row["kept"], row["package"]) for row in again.json["rows"]] == [
        ("done", False, "HS-2026-0001_002"), ("done", True, "HS-2026-0001_003"),
    ]  # fmt: skip
    clips = {each.name for each in (out / "HS-2026-0001_002/data/trich").iterdir() if each.suffix == ".mp4"}
    assert clips == {"cam03_20261123-180010.mp4", "cam05_20261123-180010.mp4"}
    assert read_case(load_site(keyed), "HS-2026-0001").chain.faults == ()


def test_a_clip_that_another_span_gave_already_is_used_again(camtool: Camtool, keyed: Path, tmp_path: Path):
    """Two spans within the same groups of pictures give one clip, which is in the case once."""
    path = listed(
        tmp_path / "a.csv",
        asked("Trộm xe", "18:00:10.2", "18:00:29.2"),
        asked("Trộm xe", "18:00:10.4", "18:00:29.4"),
    )
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", tmp_path / "out")
    assert answer.code == 0, answer.err
    case = read_case(load_site(keyed), "HS-2026-0001")
    assert len(case.case.items) == 1
    assert [(row.act, row.ok) for row in case.entries] == [
        ("open", True), ("cut", True), ("package", True), ("seal", True),
        ("cut", False), ("package", True), ("seal", True),
    ]  # fmt: skip


def test_an_existing_case_takes_rows_and_a_closed_one_does_not(camtool: Camtool, keyed: Path, tmp_path: Path):
    camtool("--site", keyed, "case", "open", "Cũ", "--kind", "theft", "--officer", "B")
    path = listed(tmp_path / "a.csv", asked("hs-2026-0001", "18:00:10", "18:00:30", camera="all"))
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", tmp_path / "out")
    assert answer.json["rows"][0]["package"] == "HS-2026-0001_002"
    camtool("--site", keyed, "case", "close", "HS-2026-0001", "--officer", "B")
    listed(path, asked("HS-2026-0001", "18:01:10", "18:01:30"))
    assert camtool("--site", keyed, "batch", path, "-o", tmp_path / "out").code == EXIT_USAGE


def test_an_excel_list_with_real_dates(camtool: Camtool, keyed: Path, tmp_path: Path):
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Officer", "Reason", "To", "From", "Cameras", "Case", "Note"])
    moments = [dt.datetime(2026, 11, 23, 18, 0, 30), dt.datetime(2026, 11, 23, 18, 0, 10)]
    sheet.append(["B", "r", *moments, 3, "Theft", "x"])
    book.save(tmp_path / "a.xlsx")
    answer = camtool("--site", keyed, "--json", "batch", tmp_path / "a.xlsx", "-o", tmp_path / "out")
    assert answer.code == 0
    row = answer.json["rows"][0]
    assert (row["from"], row["to"]) == ("2026-11-23T18:00:10+07:00", "2026-11-23T18:00:30+07:00")
    assert "not used: Note" in answer.err


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_template_can_be_filled_in_and_is_in_the_language_spoken(camtool, keyed, tmp_path, name, language):
    answer = camtool("--lang", language, "batch", "--template", tmp_path / name)
    assert answer.code == 0
    from camtool.jobs.batch_table import read_table

    heads = [cell.text for cell in read_table(tmp_path / name)[0].cells]
    assert heads == [texts[language != "vi"] for texts in HEADINGS.values()]


def test_the_example_is_read(camtool: Camtool, keyed: Path, tmp_path: Path):
    example = Path(__file__).parents[2] / "examples" / "batch" / "requests.csv"
    text = example.read_text(encoding="utf-8-sig")
    answer = camtool("--site", keyed, "--json", "batch", example, "-o", tmp_path / "out")
    assert answer.code == EXIT_PROBLEMS, answer.err  # camera 5 has no recordings here
    assert [row["status"] for row in answer.json["rows"]] == ["done"] * 4
    assert len(text.strip().splitlines()) == 5


def test_what_the_command_needs(camtool: Camtool, keyed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert camtool("--site", keyed, "batch").code == EXIT_USAGE
    assert camtool("--site", keyed, "batch", tmp_path / "no.csv", "-o", tmp_path / "out").code == EXIT_INPUT
    path = listed(tmp_path / "a.csv", asked("Trộm xe", "18:00:10", "18:00:30"))
    inside = tmp_path / "footage" / "cam3" / "out"
    assert camtool("--site", keyed, "batch", path, "-o", inside).code == EXIT_INPUT
    lost = camtool("--site", keyed, "batch", path, "-o", keyed / "cases" / "HS-2026-0001")
    assert (lost.code, "lies in the folder of case HS-2026-0001" in lost.err) == (EXIT_INPUT, True)
    monkeypatch.setenv("CAMTOOL_KEY_PASSPHRASE", "another passphrase 1")
    answer = camtool("--site", keyed, "batch", path, "-o", tmp_path / "out")
    assert answer.code not in {0, EXIT_PROBLEMS}
    assert not (tmp_path / "out").exists()
    assert not (keyed / "cases").exists()


def test_results_that_are_none_are_not_overwritten(camtool: Camtool, keyed: Path, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "results.csv").write_text("mine\n1\n", encoding="utf-8")
    path = listed(tmp_path / "a.csv", asked("Trộm xe", "18:00:10", "18:00:30"))
    assert camtool("--site", keyed, "batch", path, "-o", tmp_path / "out").code == EXIT_INPUT
    assert (tmp_path / "out" / "results.csv").read_text(encoding="utf-8") == "mine\n1\n"


def test_no_value_of_results_is_a_formula(camtool: Camtool, keyed: Path, tmp_path: Path):
    assert [safe(text) for text in ("=1", "+1", "-1", "@a", "\t=1", "'x", "a=1", "")] == [
        "'=1", "'+1", "'-1", "'@a", "'\t=1", "''x", "a=1", "",
    ]  # fmt: skip
    path = listed(tmp_path / "a.csv", asked("=HYPERLINK(1)", "18:00:10", "18:00:30", reason="@SUM(1)"))
    assert camtool("--site", keyed, "batch", path, "-o", tmp_path / "out").code == 0
    assert all(not value.startswith(("=", "+", "-", "@")) for value in results(tmp_path / "out")[0].values())
    assert read_case(load_site(keyed), "HS-2026-0001").case.title == "=HYPERLINK(1)"


def test_many_cases_run_beside_each_other_and_each_log_holds(camtool: Camtool, keyed: Path, tmp_path: Path):
    rows = [asked(f"Việc {number}", f"18:00:{number:02d}", "18:00:50") for number in range(6)]
    rows.append(asked("Việc 0", "18:01:00", "18:01:50"))
    answer = camtool("--site", keyed, "--json", "batch", listed(tmp_path / "a.csv", *rows), "-o", tmp_path / "out")
    assert answer.code == 0, answer.err
    assert [row["status"] for row in answer.json["rows"]] == ["done"] * 7
    site = load_site(keyed)
    for number in range(1, 7):
        assert read_case(site, f"HS-2026-{number:04d}").chain.faults == ()
    assert len({row["package"] for row in answer.json["rows"]}) == 7


def waiting(done: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL])
def test_whatever_ends_a_run_keeps_what_was_finished(keyed: Path, tmp_path: Path, camtool: Camtool, blow: int):
    many = range(20)  # so that it cannot be done before it is struck
    rows = [asked("Trộm xe", f"18:00:{number:02d}", "18:00:50") for number in many]
    path, out = listed(tmp_path / "a.csv", *rows), tmp_path / "out"
    command = [sys.executable, "-m", "camtool", "--site", str(keyed), "batch", str(path), "-o", str(out)]
    process = subprocess.Popen(
        command,
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    waiting(lambda: len([path for path in out.glob("HS-*") if path.is_dir()]) >= 2)
    process.send_signal(blow)
    code = process.wait(60)
    assert code == (130 if blow == signal.SIGINT else -blow)
    whole = {path.name.removesuffix("_NIEM_PHONG.pdf") for path in out.glob("HS-*_NIEM_PHONG.pdf")}
    bags = sorted(name for name in whole if (out / name).is_dir())
    assert 2 <= len(bags) < len(rows)
    for name in bags:
        assert bagit.Bag(str(out / name)).is_valid()
    hashes = {name: sha256(out / name / "tagmanifest-sha256.txt") for name in bags}
    answer = camtool("--site", keyed, "--json", "batch", path, "-o", out)
    assert answer.code == 0, answer.err
    kept = {row["package"] for row in answer.json["rows"] if row["kept"]}
    assert kept == set(bags)
    assert {name: sha256(out / name / "tagmanifest-sha256.txt") for name in bags} == hashes
    if blow == signal.SIGINT:  # what kill -9 leaves of a package that was just named is a hidden draft
        assert not [path for path in out.iterdir() if path.name.startswith(".")]
    assert len({json.dumps(row["package"]) for row in answer.json["rows"]}) == len(rows)


def test_a_name_has_three_digits_or_as_many_as_it_takes():
    from types import SimpleNamespace

    names = [package_name("HS-2026-0001", SimpleNamespace(row=row)) for row in (2, 101, 1234)]  # type: ignore[arg-type]
    assert names == ["HS-2026-0001_002", "HS-2026-0001_101", "HS-2026-0001_1234"]
