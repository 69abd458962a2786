"""The house itself: what the documents promise is there, and nothing of the machine it was built on is."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from camtool.core.problem import WORDS, ProblemKind

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/**/*.md")])


def kept() -> list[Path]:
    """Every file that belongs to the project."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a clone of the repository")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target.partition("#")[0]).exists(), target


def test_two_commands_do_it_all_and_ci_runs_the_same():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^    (make \w+)", readme, re.MULTILINE) == ["make demo", "make test"]
    rules = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"demo", "test", "lint", "bench"} <= set(rules)
    run = ROOT / ".ci" / "run"
    assert run.stat().st_mode & 0o111
    assert run.read_text(encoding="utf-8").rstrip().splitlines()[-1] == "exec make lint test"


def test_the_project_says_what_it_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == ">=3.11"
    assert set(project["project"]["optional-dependencies"]) == {"postgres", "cluster", "redact", "dev"}
    layers = next(each for each in project["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    assert layers["exhaustive"] is True
    assert project["tool"]["mypy"]["strict"] is True


def test_versions_are_pinned_by_hash_and_no_registry_is_named():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.findall(
        r"^([a-z0-9-]+(?:\[[a-z,]+\])?)==\S+.*\\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n?)+)", text, re.MULTILINE
    )
    assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 30


def test_nothing_of_a_machine_is_in_the_tree():
    # Written apart, so that this file may be one of those that are looked through.
    named = re.compile(
        "|".join(
            ("/ho" + "me/[a-z]", "/wo" + "rk/", "/tm" + "p/w", "index" + "-url", "pypi" + r"\.", "python" + "hosted")
        )
    )
    found = []
    for path in kept():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {line.strip()[:80]}" for line in text.splitlines() if named.search(line)]
    assert found == []


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_kind_of_problem_has_words_and_is_found_by_something(kind):
    assert WORDS[kind]
    code = [path for path in (ROOT / "camtool").rglob("*.py") if path.name != "problem.py"]
    assert any(re.search(rf"ProblemKind\.{kind.name}\b", path.read_text(encoding="utf-8")) for path in code)
