"""docs/custody.md: its commands are run as they stand there."""

import re
import subprocess
from pathlib import Path

from tests.cli.conftest import CASE

PAGE = (Path(__file__).parents[2] / "docs" / "custody.md").read_text(encoding="utf-8")


def shell(script: str, folder: Path) -> str:
    done = subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_log_is_checked_by_hand(camtool, site, case):
    for number in range(3):
        camtool("--site", site, "case", "note", CASE, f"một \\ {number} $HOME `x` %s")
    loop = re.search(r"(?m)^    prev=.*\n(?:      .*\n)*", PAGE)
    assert loop is not None
    assert shell(loop[0], case).split() == ["ok"] * 4
    (third,) = re.findall(r"(?m)^    (sed -n 3p.*)$", PAGE)
    assert shell(third, case).split()[0] in (case / "custody.jsonl").read_text(encoding="utf-8").splitlines()[3]
    (head,) = re.findall(r"(?m)^    (tail -n 1 custody.*)$", PAGE)
    assert shell(head, case).split()[0] == camtool("--site", site, "--json", "case", "list").json["cases"][0]["head"]
    text = (case / "custody.jsonl").read_text(encoding="utf-8")
    (case / "custody.jsonl").write_text(text.replace("một", "hai", 1), encoding="utf-8")
    assert "BROKEN" in shell(loop[0], case)


def test_every_key_of_a_row_and_every_act_is_named(camtool, site, case):
    import json

    from camtool.core.case import KINDS, Act, Role

    row = json.loads((case / "custody.jsonl").read_bytes())
    for word in (*row, *KINDS, *Act, *(f"{role}/" for role in Role)):
        assert re.search(rf"\b{re.escape(word)}", PAGE), word
