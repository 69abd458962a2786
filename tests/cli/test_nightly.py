"""examples/nightly: what runs unattended has to be right the first time."""

import configparser
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from camtool.store.lock import only_writer
from camtool.store.site import load_site

FOLDER = Path(__file__).parents[2] / "examples" / "nightly"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"

Night = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def night(site: Path, tmp_path: Path) -> Night:
    """Run the script on the site, as cron would: one answer in site/nightly."""
    shim = tmp_path / "camtool"
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m camtool "$@"\n')
    shim.chmod(0o755)

    def run(**environment: str) -> "subprocess.CompletedProcess[str]":
        own = {"CAMTOOL_SITE": str(site), "CAMTOOL": str(shim), "CAMTOOL_LANG": "en"}
        return subprocess.run(
            [str(FOLDER / "camtool-nightly.sh")],
            env=os.environ | own | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_night_with_problems_says_so_and_counts_as_done(site, night):
    shutil.copy(site.parent / "footage" / "cam3" / "lạ.mp4", site.parent / "footage" / "cam3" / "lạ2.mp4")
    done = night()
    assert (done.returncode, done.stdout) == (0, "")
    assert "problems listed" in done.stderr
    (answer,) = (site / "nightly").glob("*.json")
    document = json.loads(answer.read_text())
    assert document["fates"] == {"same": 4, "new": 1, "hashed": 5}
    assert [(each["kind"], each["path"], each["camera"]) for each in document["problems"]] == [
        ("foreign", "lạ2.mp4", 3)
    ]


def test_a_night_without_problems_is_quiet(site, night):
    done = night()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (answer,) = (site / "nightly").glob("*.json")
    assert json.loads(answer.read_text())["problems"] == []


def test_beside_another_run_it_says_who_is_at_work_and_ends_with_30(site, night):
    with only_writer(load_site(site), "index"):
        done = night()
    assert done.returncode == 30
    assert f"process {os.getpid()}" in done.stderr
    assert "nothing was changed by this run" in done.stderr


@pytest.mark.parametrize(("environment", "code"), [({"CAMTOOL": "/nowhere/camtool"}, 127), ({"CAMTOOL_LANG": "fr"}, 2)])
def test_what_could_not_be_done_keeps_its_own_code(night, environment, code):
    done = night(**environment)
    assert done.returncode == code
    assert f"failed with code {code}" in done.stderr


def test_it_needs_a_site(night):
    assert night(CAMTOOL_SITE="").returncode != 0


def test_sixty_nights_are_kept_and_nothing_else_is_touched(site, night):
    folder = site / "nightly"
    folder.mkdir()
    for number in range(70):
        for ending in ("json", "log"):
            (folder / f"2026-{1 + number // 28:02d}-{1 + number % 28:02d}_013000.{ending}").write_text("{}")
    (folder / "ghi chú.txt").write_text("of a person")
    assert night().returncode == 0
    answers = sorted(path.name for path in folder.glob("*.json"))
    assert len(answers) == len(list(folder.glob("*.log"))) == 60
    assert answers[0] == "2026-01-12_013000.json"
    assert (folder / "ghi chú.txt").exists()


def test_the_windows_task_is_whole():
    root = ET.parse(FOLDER / "camtool-nightly.xml").getroot()
    assert root.tag == f"{TASK}Task"
    assert [child.tag.removeprefix(TASK) for child in root] == [
        "RegistrationInfo",
        "Triggers",
        "Principals",
        "Settings",
        "Actions",
    ]
    assert root.findtext(f".//{TASK}MultipleInstancesPolicy") == "IgnoreNew"
    arguments = root.findtext(f".//{TASK}Arguments") or ""
    assert r"\camtool-nightly.ps1 -Site " in arguments


def test_the_systemd_units_fit_each_other():
    units = {}
    for name in ("service", "timer"):
        units[name] = configparser.ConfigParser(strict=False)
        units[name].read(FOLDER / f"camtool-nightly.{name}", encoding="utf-8")
    service = units["service"]["Service"]
    assert service["Type"] == "oneshot"
    assert service["ExecStart"].endswith("/examples/nightly/camtool-nightly.sh")
    assert service["ReadWritePaths"] == "/srv/camtool/xa"
    assert units["timer"]["Timer"]["Persistent"] == "true"


def test_the_readme_names_every_file():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.iterdir():
        assert path.name == "README.md" or f"`{path.name}`" in text
