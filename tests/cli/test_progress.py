"""The bar of long jobs: files a second and time left on a terminal, nothing anywhere else."""

import io

import pytest
from rich.console import Console

from camtool.cli.progress import Bar
from camtool.cli.screen import Globals
from camtool.cli.session import Session


def session(terminal: bool, json: bool = False, quiet: bool = False) -> tuple[Session, io.StringIO]:
    said = io.StringIO()
    err = Console(file=said, force_terminal=terminal, width=100, legacy_windows=False)
    return Session(Globals(json=json, quiet=quiet), err=err), said


def test_a_terminal_sees_how_many_how_fast_and_how_long_still(monkeypatch):
    seconds = iter(range(10_000))
    run, said = session(terminal=True)
    with Bar(run, "indexing", 2592) as bar:
        monkeypatch.setattr(bar.progress, "get_time", lambda: float(next(seconds)))
        for _ in range(300):
            bar.step()
        assert bar.progress is not None
        task = bar.progress.tasks[0]
        assert (task.completed, task.total) == (300, 2592)
        assert task.fields["rate"].endswith("/s")
        assert float(task.fields["rate"].removesuffix("/s")) > 0
        assert task.time_remaining is not None
        assert task.time_remaining > 0
        bar.progress.refresh()
    assert "indexing" in said.getvalue()
    assert "300/2592" in said.getvalue()
    assert bar.progress.finished is False
    assert bar.progress.live.is_started is False


def test_reaching_a_total_that_becomes_known():
    run, _said = session(terminal=True)
    with Bar(run, "drawing", 1) as bar:
        bar.reach(3, 38)
        assert bar.progress is not None
        assert (bar.progress.tasks[0].completed, bar.progress.tasks[0].total) == (3, 38)
        bar.reach(4)
        assert bar.progress.tasks[0].completed == 4


@pytest.mark.parametrize(("terminal", "options"), [(False, {}), (True, {"json": True}), (True, {"quiet": True})])
def test_where_nobody_looks_nothing_is_drawn(terminal, options):
    run, said = session(terminal, **options)
    assert not Bar.wanted(run)
    with Bar(run, "indexing", 3) as bar:
        bar.step()
        bar.reach(2)
    assert bar.progress is None
    assert said.getvalue() == ""


def test_the_bar_goes_when_the_job_breaks():
    run, _said = session(terminal=True)
    bar = Bar(run, "indexing", 3)
    with pytest.raises(KeyboardInterrupt), bar:
        raise KeyboardInterrupt
    assert bar.progress is not None
    assert bar.progress.live.is_started is False
