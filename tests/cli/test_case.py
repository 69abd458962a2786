"""Cases through the command line: opened, noted, shown, closed; who answers; what is refused; two at once."""

import gettext
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from camtool.cli import i18n
from camtool.core.case import KINDS
from camtool.core.request import kind_of

OFFICER = "Trung úy Nguyễn Văn B"


@pytest.fixture
def case(camtool, site):
    """An open case with an officer set in site.toml."""
    title = "Trộm xe máy nhà ông A"
    answer = camtool("--site", site, "--json", "case", "open", title, "--kind", "theft", "--officer", OFFICER)
    assert (answer.code, answer.json) == (0, {"case": "HS-2026-0001"})
    return "HS-2026-0001"


def rows(site: Path, case: str = "HS-2026-0001") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (site / "cases" / case / "custody.jsonl").read_bytes().splitlines()]


def test_a_case_is_opened_noted_read_closed_and_opened_again_and_each_is_a_row(camtool, site, case):
    by = ("--officer", OFFICER)
    assert camtool("--site", site, "case", "note", case, "Chủ xe báo mất lúc 17h", *by).code == 0
    shown = camtool("--site", site, "--json", "case", "show", case, *by, "--why", "giao ban sáng").json
    assert shown["title"] == "Trộm xe máy nhà ông A"
    assert shown["notes"][0]["text"] == "Chủ xe báo mất lúc 17h"
    assert [row["act"] for row in shown["custody"]] == ["open", "note", "show"]
    assert camtool("--site", site, "case", "close", case, *by).code == 0
    refused = camtool("--site", site, "case", "note", case, "muộn", *by)
    assert (refused.code, "is closed" in refused.err) == (10, True)
    assert camtool("--site", site, "case", "show", case, *by).code == 0, "a closed case can be read"
    assert camtool("--site", site, "case", "reopen", case, *by).code == 0
    assert camtool("--site", site, "case", "reopen", case, *by).code == 10
    held = rows(site)
    assert [(row["act"], row["result"]) for row in held] == [
        ("open", "ok"), ("note", "ok"), ("show", "ok"), ("close", "ok"), ("note", f"failed: case {case} is closed"),
        ("show", "ok"), ("reopen", "ok"), ("reopen", f"failed: case {case} is open"),
    ]  # fmt: skip
    assert held[2]["why"] == "giao ban sáng"
    assert held[2]["who"] == OFFICER
    assert held[2]["command"][0].startswith("CAMTOOL_NOW=")
    assert held[2]["command"][1:3] == ["camtool", "--site"]
    assert set(held[2]["tools"]) == {"camtool", "ffmpeg", "pyav"}
    assert held[2]["time_local"] == "2026-11-24T10:00:00+07:00"
    assert held[2]["time_utc"] == "2026-11-24T03:00:00.000000Z"
    listed = camtool("--site", site, "--json", "case", "list").json
    assert (listed["cases"][0]["entries"], listed["missing"]) == (8, [])
    assert len(rows(site)) == 8, "a list is not a reading"


def test_case_show_tells_a_person_everything(camtool, site, case):
    camtool("--site", site, "case", "note", case, "dòng một\ndòng hai", "--officer", OFFICER)
    answer = camtool("--site", site, "case", "show", case, "--officer", OFFICER)
    assert answer.code == 0
    assert f"{case} · Trộm xe máy nhà ông A" in answer.out
    assert "dòng hai" in answer.out
    assert "3 rows; head " in answer.out


def test_nobody_is_guessed(camtool, site, monkeypatch):
    monkeypatch.delenv("CAMTOOL_OFFICER", raising=False)
    answer = camtool("--site", site, "case", "open", "Trộm", "--kind", "theft")
    assert (answer.code, "--officer" in answer.err) == (2, True)
    assert not (site / "cases").exists()
    monkeypatch.setenv("CAMTOOL_OFFICER", "Đại úy Lê C")
    assert camtool("--site", site, "case", "open", "Trộm", "--kind", "theft").code == 0
    assert rows(site)[0]["who"] == "Đại úy Lê C"
    monkeypatch.delenv("CAMTOOL_OFFICER")
    text = (site / "site.toml").read_text(encoding="utf-8")
    (site / "site.toml").write_text(text.replace("[site]", '[site]\nofficer = "Thượng úy D"'), encoding="utf-8")
    assert camtool("--site", site, "case", "open", "Trộm", "--kind", "theft").code == 0
    assert rows(site, "HS-2026-0002")[0]["who"] == "Thượng úy D"
    assert camtool("--site", site, "case", "open", "Trộm", "--kind", "theft", "--officer", " ").code == 2


@pytest.mark.parametrize("said", ["trộm", "TRỘM CẮP", "trom cap", "theft"])
def test_a_kind_is_said_in_the_offices_own_words(camtool, site, said):
    assert camtool("--site", site, "case", "open", "Mất xe", "--kind", said, "--officer", OFFICER).code == 0
    assert rows(site)[0]["facts"]["kind"] == "theft"


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_of_a_kind_that_is_shown_is_also_understood(kind):
    assert kind_of(kind) == kind_of(KINDS[kind]) == kind
    vietnamese = gettext.translation("camtool", Path(i18n.__file__).parents[1] / "locale", ["vi"])
    assert kind_of(vietnamese.gettext(KINDS[kind])) == kind


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("", 2),
        ("   ", 2),
        ("x" * 10_000, 2),
        ("hai\ndòng", 2),
        ("chuông\a", 2),
        ("đảo \u202egnơưn", 2),
        ("\u2067phải\u2069", 2),
        ("hỏng \udcff", 2),
        ("<script>alert(1)</script>", 0),
        ("Tro\u0323\u0302m xe", 0),
        ("Vụ 🛵 \"trộm\" & 'cướp' \\n", 0),
        ("سرقة", 0),
    ],
)
def test_titles(camtool, site, title, code):
    answer = camtool("--site", site, "--json", "case", "open", title, "--kind", "theft", "--officer", OFFICER)
    assert answer.code == code, answer
    if code:
        assert "the title cannot be kept" in answer.err
        assert list((site / "cases").glob("HS-*")) == []
    else:
        kept = rows(site)[0]["facts"]["title"]
        assert kept == ("Trộm xe" if title.startswith("Tro") else title)
        assert camtool("--site", site, "case", "show", "HS-2026-0001", "--officer", OFFICER).code == 0


@pytest.mark.parametrize("text", ["", " \n ", "x" * 10_001, "a\x1b[2J"])
def test_notes_that_cannot_be_kept(camtool, site, case, text):
    assert camtool("--site", site, "case", "note", case, text, "--officer", OFFICER).code == 2
    assert rows(site)[-1]["result"].startswith("failed: the note cannot be kept")


@pytest.mark.parametrize("number", ["HS-2026-0002", "HS-2026-1", "../..", "", "hs", "HS-2026-0001/.."])
def test_unknown_cases(camtool, site, case, number):
    answer = camtool("--site", site, "case", "note", number, "a", "--officer", OFFICER)
    assert (answer.code, "there is no case" in answer.err) == (2, True)


def test_a_kind_that_is_none(camtool, site):
    answer = camtool("--site", site, "case", "open", "a", "--kind", "xyz", "--officer", OFFICER)
    assert (answer.code, "theft" in answer.err) == (2, True)


def test_a_number_is_read_in_small_letters_too(camtool, site, case):
    assert camtool("--site", site, "case", "note", case.lower(), "a", "--officer", OFFICER).code == 0


def test_cases_opened_at_once_get_numbers_of_their_own(site):
    command = [sys.executable, "-m", "camtool", "--site", site, "--json", "case", "open", "Trộm", "--kind", "theft"]
    environment = os.environ | {"CAMTOOL_OFFICER": OFFICER, "CAMTOOL_NOW": "2026-11-24T10:00:00+07:00"}
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(6)]
    told = {json.loads(run.communicate()[0])["case"] for run in runs}
    assert told == {f"HS-2026-{number:04d}" for number in range(1, 7)}
    assert sorted(path.name for path in (site / "cases").iterdir() if path.is_dir()) == sorted(told)


def test_a_case_that_was_taken_away_is_missed(camtool, site, case):
    camtool("--site", site, "case", "open", "Hai", "--kind", "fire", "--officer", OFFICER)
    (site / "cases" / case).rename(site / "elsewhere")
    answer = camtool("--site", site, "--json", "case", "list")
    assert (answer.code, answer.json["missing"]) == (3, [case])
    said = camtool("--site", site, "case", "list")
    assert f"case {case} is gone" in said.err


def test_the_list_breaks_no_date_and_fits_a_terminal(camtool, site, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    title = "Trộm xe máy nhà ông A, ấp 3, xã Tân Hòa, đêm mưa"
    camtool("--site", site, "case", "open", title, "--kind", "theft", "--officer", "Trung úy Nguyễn Văn Bình")
    said = camtool("--lang", "vi", "--site", site, "case", "list").out
    assert re.search(r"\b24/11/2026\b", said)
    assert max(map(len, said.splitlines())) <= 80


def test_a_log_edited_by_hand_takes_no_more_rows(camtool, site, case):
    camtool("--site", site, "case", "note", case, "một", "--officer", OFFICER)
    camtool("--site", site, "case", "note", case, "hai", "--officer", OFFICER)
    log = site / "cases" / case / "custody.jsonl"
    text = log.read_text(encoding="utf-8").replace("một", "mốt")
    log.write_text(text, encoding="utf-8")
    answer = camtool("--site", site, "case", "note", case, "ba", "--officer", OFFICER)
    assert (answer.code, "line 2" in answer.err) == (40, True)
    assert log.read_text(encoding="utf-8") == text
    assert camtool("--site", site, "case", "list").code == 3


def test_a_line_left_half_written_is_told(camtool, site, case):
    log = site / "cases" / case / "custody.jsonl"
    with log.open("ab") as file:
        file.write(b'{"account":"x')
    camtool("--site", site, "case", "note", case, "sau", "--officer", OFFICER)
    shown = camtool("--site", site, "case", "show", case, "--officer", OFFICER)
    assert "line 2: the line was left half written by a power cut" in shown.out
    assert "power cut found" in shown.out


def test_a_clock_that_was_set_back_is_told(camtool, site, case, monkeypatch):
    monkeypatch.setenv("CAMTOOL_NOW", "2026-11-24T09:00:00+07:00")
    shown = camtool("--site", site, "--json", "case", "show", case, "--officer", OFFICER)
    assert [remark["kind"] for remark in shown.json["remarks"]] == ["clock_back"]


def test_a_cases_folder_that_cannot_be_written(camtool, site):
    (site / "cases").write_text("not a folder")
    answer = camtool("--site", site, "case", "open", "a", "--kind", "theft", "--officer", OFFICER)
    assert (answer.code, "is not a folder that can be read" in answer.err) == (10, True)
    (site / "cases").unlink()
    (site / "cases").symlink_to(site / "nowhere")
    assert camtool("--site", site, "case", "open", "a", "--kind", "theft", "--officer", OFFICER).code == 10
