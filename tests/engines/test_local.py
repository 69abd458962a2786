import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.engines import Runner
from camtool.engines.local import LocalRunner, SerialRunner, _Pool
from camtool.errors import NoSuchFile, WorkerDied
from tests.signals import listening

RUNNERS: list[Runner] = [SerialRunner(), LocalRunner(1), LocalRunner(2)]


def double(number: int) -> int:
    return 2 * number


def where(number: int) -> tuple[int, int]:
    time.sleep(0.01)
    return os.getpid(), number


def fail_on_odd(number: int) -> int:
    if number % 4 == 1:
        raise NoSuchFile(path=f"{number}.mp4")
    if number % 4 == 3:
        raise ValueError(number)
    return number


def die_on_one_in_fifty(number: int) -> int:
    if number % 50 == 17:
        os._exit(9)
    return -number


def kill_itself_on_7(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return number


def die_once(marker_and_number: tuple[str, int]) -> str:
    """End the worker the first time only: as when the memory was short for a moment."""
    try:
        Path(marker_and_number[0]).touch(exist_ok=False)
    except FileExistsError:
        return "done"
    os._exit(1)


def always_die(number: int) -> int:
    os._exit(number)


class TwoFacts(Exception):
    """An exception that pickle packs and cannot unpack."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} and {second}")


def bring_what_cannot_travel(number: int) -> Any:
    if number == 1:
        raise TwoFacts("one", "two")
    if number == 2:
        return lambda: number
    if number == 3:
        sys.exit(4)
    return number


def big(number: int) -> bytes:
    return bytes([number]) * 3_000_000


def answers(runner: Runner, task: Any, items: Any) -> dict[Any, Any]:
    found = list(runner.map(task, items))
    assert len(found) == len(dict(found))  # each item once
    return dict(found)


@pytest.mark.parametrize("runner", RUNNERS)
def test_every_item_is_answered_whatever_the_order(runner: Runner) -> None:
    assert answers(runner, double, range(1000)) == {n: 2 * n for n in range(1000)}
    assert answers(runner, double, []) == {}


@pytest.mark.parametrize("jobs", [0, -1])
def test_jobs_are_counted_from_one(jobs: int) -> None:
    with pytest.raises(ValueError, match="jobs must be 1 or more"):
        LocalRunner(jobs)


def test_where_work_runs() -> None:
    assert {pid for _, (pid, _) in LocalRunner(1).map(where, range(5))} == {os.getpid()}  # type: ignore[misc]
    pids = {pid for _, (pid, _) in LocalRunner(2).map(where, range(60))}  # type: ignore[misc]
    assert len(pids) == 2
    assert os.getpid() not in pids


@pytest.mark.parametrize("runner", RUNNERS)
def test_exceptions_come_back_beside_their_items(runner: Runner) -> None:
    found = answers(runner, fail_on_odd, range(40))
    assert [found[n] for n in range(0, 40, 2)] == list(range(0, 40, 2))
    for number in range(1, 40, 4):
        assert isinstance(found[number], NoSuchFile)
        assert str(found[number]) == f"{number}.mp4: there is no such file"
        assert found[number].exit_code == 10
        assert (type(found[number + 2]), found[number + 2].args) == (ValueError, (number + 2,))


def test_the_trace_of_an_exception_travels_with_it() -> None:
    error = answers(LocalRunner(2), fail_on_odd, [3])[3]
    assert "in fail_on_odd" in error.__notes__[0]


def test_what_cannot_travel_spoils_only_itself() -> None:
    found = answers(LocalRunner(2), bring_what_cannot_travel, range(6))
    assert (found[0], found[4], found[5]) == (0, 4, 5)
    assert "TwoFacts: one and two" in str(found[1])
    assert "cannot leave its process" in str(found[2])
    assert "SystemExit(4)" in str(found[3])


def test_items_that_cannot_be_sent_are_answered() -> None:
    items: list[Any] = [1, lambda: 2, 3]
    found = list(LocalRunner(2).map(double, items))
    assert len(found) == 3
    assert {item: result for item, result in found if isinstance(result, int)} == {1: 2, 3: 6}
    assert [isinstance(result, Exception) for item, result in found if callable(item)] == [True]


def test_large_results() -> None:
    assert answers(LocalRunner(2), big, range(8)) == {n: bytes([n]) * 3_000_000 for n in range(8)}


@pytest.mark.parametrize("runner", RUNNERS)
def test_items_are_taken_as_they_are_needed(runner: Runner) -> None:
    taken = 0

    def endless() -> Iterator[int]:
        nonlocal taken
        while True:
            yield taken
            taken += 1

    results = runner.map(double, endless())
    for count in range(1, 301):
        next(results)
        assert taken - count <= 6 * 64  # four chunks under way, two done
    results.close()  # type: ignore[attr-defined]


def test_an_error_of_the_items_is_the_callers() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError(5, "the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(LocalRunner(2).map(double, broken()))


def test_death_of_workers_costs_only_the_guilty() -> None:
    found = answers(LocalRunner(2), die_on_one_in_fifty, range(200))
    guilty = {17, 67, 117, 167}
    assert {n: result for n, result in found.items() if n not in guilty} == {
        n: -n for n in range(200) if n not in guilty
    }
    for number in guilty:
        assert isinstance(found[number], WorkerDied)
        assert found[number].facts == {"item": str(number)}


def test_a_worker_killed_from_outside() -> None:
    found = answers(LocalRunner(2), kill_itself_on_7, range(30))
    assert isinstance(found.pop(7), WorkerDied)
    assert found == {n: n for n in range(30) if n != 7}


def test_a_death_by_chance_is_made_good(tmp_path: Path) -> None:
    items = [(str(tmp_path / "died"), number) for number in range(30)]
    assert answers(LocalRunner(2), die_once, items) == dict.fromkeys(items, "done")
    assert (tmp_path / "died").exists()


def test_nothing_but_deaths_still_ends() -> None:
    found = answers(LocalRunner(2), always_die, range(5))
    assert all(isinstance(result, WorkerDied) for result in found.values())
    assert len(found) == 5


def test_what_cannot_be_sent_beside_a_death() -> None:
    items: list[Any] = [7, lambda: 1, *range(20, 30)]
    found = list(LocalRunner(2).map(kill_itself_on_7, items))
    assert {n: result for n, result in found if isinstance(result, int)} == {n: n for n in range(20, 30)}
    assert [item for item, result in found if isinstance(result, WorkerDied)] == [7]
    assert len(found) == 12


def test_a_pool_that_broke_before_the_next_item() -> None:
    pool = _Pool(1)
    try:
        assert isinstance(pool.submit(always_die, [3]).exception(), BrokenProcessPool)
        assert isinstance(pool.submit(double, [3]).exception(), BrokenProcessPool)
    finally:
        pool.end()


def test_where_no_process_can_be_started_the_work_is_done_here(tmp_path: Path) -> None:
    """A Python that others may read but not start (one in /root, run as another user): no warning, no lost item."""
    (tmp_path / "python").write_text("")
    script = tmp_path / "run.py"
    script.write_text(
        "import multiprocessing, os\n"
        "from camtool.engines.local import LocalRunner\n"
        "from tests.engines.test_local import where\n"
        f"multiprocessing.set_executable({str(tmp_path / 'python')!r})\n"
        "found = list(LocalRunner(2).map(where, range(5)))\n"
        "print(found == [(n, (os.getpid(), n)) for n in range(5)])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


@pytest.mark.parametrize("started", [0, 1, 3])
def test_a_process_that_is_refused_later_loses_no_item(monkeypatch: pytest.MonkeyPatch, started: int) -> None:
    """The system's limit of processes is reached while a pool grows."""
    from multiprocessing.context import ForkServerProcess

    start, begun = ForkServerProcess.start, []

    def limited(self: ForkServerProcess) -> None:
        begun.append(self)
        if len(begun) > started:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        start(self)

    monkeypatch.setattr(ForkServerProcess, "start", limited)
    found = dict(LocalRunner(4).map(double, range(300)))
    assert found == {n: 2 * n for n in range(300)}


def test_our_error_travels() -> None:
    error = pickle.loads(pickle.dumps(WorkerDied(item="a.mp4")))
    assert (type(error), error.facts, error.exit_code) == (WorkerDied, {"item": "a.mp4"}, 20)


@given(numbers=st.lists(st.integers(), max_size=30, unique=True))
def test_serial_keeps_the_order(numbers: list[int]) -> None:
    assert list(SerialRunner().map(double, numbers)) == [(n, 2 * n) for n in numbers]


# ---- ends -----------------------------------------------------------------------------------------------------

SLOW = """
    import os, sys, time
    from pathlib import Path
    from camtool.engines.local import LocalRunner

    def slow(folder):
        Path(folder, str(os.getpid())).touch()
        time.sleep(60)

    if __name__ == "__main__":
        try:
            for _ in LocalRunner(2).map(slow, [sys.argv[1]] * 10):
                pass
        except KeyboardInterrupt:
            sys.exit(130)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGKILL", -9)])
def test_workers_end_with_the_run(tmp_path: Path, number: str, code: int) -> None:
    """Interrupted, or killed so that it cannot say goodbye: the workers are gone within seconds."""
    script, folder = tmp_path / "run.py", tmp_path / "pids"
    script.write_text(textwrap.dedent(SLOW))
    folder.mkdir()
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, str(script), str(folder)],
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=listening,
    ) as run:
        until(lambda: len(list(folder.iterdir())) == 2)
        pids = [int(entry.name) for entry in folder.iterdir()]
        os.kill(run.pid, getattr(signal, number))
        _, said = run.communicate(timeout=120)
        assert run.returncode == code
        assert code < 0 or said == b""
    until(lambda: not any(alive(pid) for pid in pids))


def until(reached: Any, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"  # a dead one nobody waited for


def test_stopping_early_ends_the_workers() -> None:
    results = LocalRunner(2).map(where, range(10_000))
    pids = {next(results)[1][0] for _ in range(40)}  # type: ignore[index]
    results.close()  # type: ignore[attr-defined]
    until(lambda: not any(alive(pid) for pid in pids))


def test_workers_that_were_started_early_do_the_work() -> None:
    runner = LocalRunner(2)
    runner.start(always_die, 0)  # what makes a worker ready may fail in any way: the items tell
    assert answers(runner, double, range(20)) == {number: 2 * number for number in range(20)}
    runner.start(double, 0)
    assert answers(runner, double, range(5)) == {number: 2 * number for number in range(5)}
    assert answers(runner, double, range(5)) == {number: 2 * number for number in range(5)}, "a pool of its own again"


def test_workers_that_were_started_early_and_not_needed_end() -> None:
    runner = LocalRunner(2)
    runner.start(double, 0)
    pool = runner._ready
    assert pool is not None
    workers = list(pool._executor._processes)
    assert len(workers) == 2
    runner.end()
    assert runner._ready is None
    until(lambda: not any(map(alive, workers)))
    runner.end()
