"""Ctrl-C in a place where Python forgets it: the command ends all the same."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from camtool.cli.interrupt import AGAIN_S
from tests.signals import listening

LOST = """
import sys, time
import camtool.cli.find as find
from camtool.cli.main import main

class Forgetful:
    def __del__(self):  # what is raised in a finalizer is printed and forgotten
        print("ready", flush=True)
        time.sleep(2)

def slow(*_):
    {body}

find.search = slow
sys.argv = ["camtool", "--site", sys.argv[1], "find", "-c", "3", "--from", "23/11/2026 18:00", "--to", "18:00"]
main()
"""
SWALLOWED = "kept = Forgetful(); del kept; time.sleep(60)"
CHANGED = """
    try:
        print("ready", flush=True); time.sleep(60)
    except KeyboardInterrupt:
        raise RuntimeError("a library's own words for it")"""


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
@pytest.mark.parametrize("body", [SWALLOWED, CHANGED])
def test_an_interrupt_that_is_swallowed_or_changed_ends_the_command_all_the_same(site, tmp_path: Path, body: str):
    script = tmp_path / "lost.py"
    script.write_text(textwrap.dedent(LOST).replace("{body}", body))
    with subprocess.Popen(
        [sys.executable, str(script), str(site)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"CAMTOOL_LANG": "en"},
        text=True,
        preexec_fn=listening,
    ) as child:
        assert child.stdout is not None
        while "ready" not in child.stdout.readline():
            assert child.poll() is None
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        _out, err = child.communicate(timeout=55)
    assert child.returncode == 130, err
    assert err.splitlines()[-1] == "interrupted: what was finished is kept, nothing is left half written"
    assert time.monotonic() - began < 10 * AGAIN_S


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_run_that_a_script_put_in_the_background_is_not_ended_by_the_scripts_ctrl_c(site, tmp_path: Path):
    script = tmp_path / "slow.py"
    body = 'print("ready", flush=True); time.sleep(1); raise SystemExit'
    script.write_text(textwrap.dedent(LOST).replace("{body}", body))
    with subprocess.Popen(
        [sys.executable, str(script), str(site)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        text=True,
    ) as child:
        assert child.stdout is not None
        while "ready" not in child.stdout.readline():
            assert child.poll() is None
        child.send_signal(signal.SIGINT)
        _out, err = child.communicate(timeout=55)
    assert (child.returncode, "interrupted" in err) == (0, False)
