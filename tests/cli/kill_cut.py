"""Runs camtool and kills it at a named instant: kill_cut.py INSTANT ARGUMENTS…"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from camtool.cli.main import run
from camtool.evidence import custody_log, stage


def die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def after(done: Callable[..., Any]) -> Callable[..., Any]:
    def both(*words: Any, **more: Any) -> None:
        done(*words, **more)
        die()

    return both


def after_one_move() -> Callable[..., Any]:
    rename = Path.rename
    moved: list[Path] = []

    def once(self: Path, target: Path) -> Path:
        if stage.PREFIX in str(self):
            if moved:
                die()
            moved.append(target)
        return rename(self, target)

    return once


instant, *words = sys.argv[1:]
if instant == "staged":
    stage.Stage.sync = die  # type: ignore[method-assign]
elif instant == "before row":
    custody_log._write = die
elif instant == "after row":
    custody_log._write = after(custody_log._write)
elif instant == "between moves":
    Path.rename = after_one_move()  # type: ignore[method-assign]
else:
    stage.Stage.clear = die  # type: ignore[method-assign]
sys.exit(run(words))
