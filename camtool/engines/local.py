"""Work on this machine: one process, or a pool of them that outlives the death of its workers.

Workers are started afresh (forkserver, or spawn where there is none), never forked from a process that may hold a video
library's threads. Few items are under way at any time, so the items may be an endless iterator.
"""

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import chain, islice
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for_connection
from multiprocessing.spawn import get_executable
from typing import Any

from camtool.engines import Item, Result
from camtool.errors import WorkerDied

# Small items travel together: sending one takes about 0.1 ms, so 50 ms of work at a time leaves that under 1 %, and an
# officer still sees the counter move. More than 64 would make one worker sit on a chunk while the others are done.
_CHUNK_S = 0.05
_MOST_ITEMS = 64
# One chunk in each worker's hands and one waiting for it.
_CHUNKS_PER_JOB = 2
_MOST_WORKERS_ON_WINDOWS = 61  # documented limit of ProcessPoolExecutor

# Longest that a worker takes to hand over what it has done, once it is told to end.
_HANDING_OVER_S = 1
_LONGEST_NAME = 300

_Outcome = tuple[bool, Any]  # (whether it went well, the result or the exception)


class SerialRunner:
    """Runs every item here and now, in order."""

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result | Exception]]:
        """Yield (item, result); an item whose task failed brings its exception."""
        for item in items:
            try:
                result: Result | Exception = task(item)
            except Exception as error:
                result = error
            yield item, result


class LocalRunner:
    """Runs items in `jobs` processes; with one job, in this process.

    A task is a function of a module, without state: an item whose worker died is given to a fresh worker, alone, and
    only if that dies too it comes back with WorkerDied. Whoever stops early should close the iterator: that ends the
    workers at once, as an interruption does.
    """

    def __init__(self, jobs: int) -> None:
        if jobs < 1:
            message = f"jobs must be 1 or more, not {jobs}"
            raise ValueError(message)
        self.jobs = min(jobs, _MOST_WORKERS_ON_WINDOWS) if sys.platform == "win32" else jobs
        self._ready: _Pool | None = None

    def start(self, task: Callable[[Item], object], item: Item) -> None:
        """Start the workers now, each with a first task that makes it ready; `map` goes on with them.

        So they load their libraries while whoever calls prepares the items. What the task returns or raises is not
        asked for. Without a `map` behind it, call `end`.
        """
        if self.jobs == 1 or not _can_start():
            return
        self._ready = _Pool(self.jobs)
        with suppress(OSError, EOFError):  # no more processes: map will see
            for _ in range(self.jobs):
                self._ready.submit(task, [item])

    def end(self) -> None:
        """End workers that were started and got nothing to do."""
        if self._ready is not None:
            self._ready.end()
            self._ready = None

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result | Exception]]:
        """Yield (item, result) as results come, in no order; an item whose task failed brings its exception."""
        if self.jobs == 1 or not _can_start():
            yield from SerialRunner().map(task, items)
            return
        queue, chunk_items = iter(items), 1
        under_way: dict[Future[tuple[bytes, float]], list[Item]] = {}
        pool, self._ready = self._ready or _Pool(self.jobs), None
        try:
            while True:
                while len(under_way) < _CHUNKS_PER_JOB * self.jobs and (chunk := list(islice(queue, chunk_items))):
                    try:
                        under_way[pool.submit(task, chunk)] = chunk
                    except (OSError, EOFError):
                        # No process more may be started, and a pool of fewer is not to be had: go on in this one.
                        pool.end()
                        waiting = [*chain.from_iterable(under_way.values()), *chunk]
                        yield from SerialRunner().map(task, chain(waiting, queue))
                        return
                if not under_way:
                    break
                done = wait(under_way, return_when=FIRST_COMPLETED).done
                if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                    done = wait(under_way).done  # the others are lost with their pool, or were done just before
                suspects: list[Item] = []
                for future in done:
                    chunk, error = under_way.pop(future), future.exception()
                    if error is None:
                        outcomes, seconds = future.result()
                        chunk_items = _fitting(chunk_items, seconds / len(chunk))
                        yield from zip(chunk, _unpacked(outcomes), strict=True)
                    elif isinstance(error, BrokenProcessPool):
                        suspects += chunk
                    else:
                        yield from _refused(chunk, error)
                if suspects:
                    pool.end()
                    yield from _one_at_a_time(task, suspects)
                    pool = _Pool(self.jobs)
            pool.finish()
        finally:
            pool.end()


def _can_start() -> bool:
    """Tell whether Python can be started again: not where another user's home holds it and only this run may enter."""
    executable = os.fsdecode(get_executable() or "")
    return bool(executable) and os.access(executable, os.X_OK)


class _Pool:
    """Processes that end when told, and when this process is no more."""

    def __init__(self, jobs: int) -> None:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        self._leash, self._hold = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(self._leash,))

    def submit(self, task: Callable[[Item], Result], chunk: list[Item]) -> Future[tuple[bytes, float]]:
        try:
            return self._executor.submit(_work, task, chunk)
        except BrokenProcessPool as error:
            failed: Future[tuple[bytes, float]] = Future()
            failed.set_exception(error)
            return failed

    def finish(self) -> None:
        """Let the workers go, who have nothing left to do."""
        self._executor.shutdown(wait=True)

    def end(self) -> None:
        """End the workers, whatever they are doing."""
        self._hold.close()  # each sees its leash fall
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._leash.close()


def _one_at_a_time(
    task: Callable[[Item], Result], suspects: Iterable[Item]
) -> Iterator[tuple[Item, Result | Exception]]:
    """Try the items that were under way when a worker died; the one that kills again is the one."""
    pool = _Pool(1)
    try:
        for item in suspects:
            future = pool.submit(task, [item])
            error = future.exception()
            if error is None:
                yield item, _unpacked(future.result()[0])[0]
            elif isinstance(error, BrokenProcessPool):
                pool.end()
                pool = _Pool(1)
                yield item, WorkerDied(item=str(item)[:_LONGEST_NAME])
            else:
                yield from _refused([item], error)
    finally:
        pool.end()


def _refused(chunk: list[Item], error: BaseException) -> Iterator[tuple[Item, Exception]]:
    """Answer for items that could not be sent to a worker at all."""
    for item in chunk:
        yield item, error if isinstance(error, Exception) else RuntimeError(repr(error))


def _fitting(chunk_items: int, item_s: float) -> int:
    """Choose how many items go together next, at most twice as many as now."""
    return max(1, min(2 * chunk_items, _MOST_ITEMS, int(_CHUNK_S / max(item_s, 1e-6))))


def _unpacked(outcomes: bytes) -> list[Any]:
    return [value for _, value in pickle.loads(outcomes)]  # noqa: S301 (from our own workers)


# ---- in the worker --------------------------------------------------------------------------------------------


class _Worker:
    """What this process is doing: one that ended while handing over would leave the other side waiting for ever."""

    gate = threading.Lock()
    working = False


def _begin(leash: Connection) -> None:
    """Leave interruptions to the process that started us, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    watched: list[Any] = [leash] if parent is None else [leash, parent.sentinel]
    threading.Thread(target=_watch, args=(watched,), name="leash", daemon=True).start()


def _watch(watched: list[Any]) -> None:
    wait_for_connection(watched)
    with _Worker.gate:
        if _Worker.working:
            os._exit(1)
    time.sleep(_HANDING_OVER_S)
    os._exit(1)


def _work(task: Callable[[Item], Result], chunk: list[Item]) -> tuple[bytes, float]:
    """Run one chunk; the outcomes are packed here, so that one that cannot travel spoils only itself."""
    _Worker.working = True
    began_s = time.perf_counter()
    outcomes = [_outcome(task, item) for item in chunk]
    seconds = time.perf_counter() - began_s
    try:
        packed = pickle.dumps(outcomes)
    except Exception:  # pickle raises anything
        packed = pickle.dumps([_fit_to_travel(outcome) for outcome in outcomes])
    with _Worker.gate:
        _Worker.working = False
    return packed, seconds


def _outcome(task: Callable[[Item], Result], item: Item) -> _Outcome:
    try:
        return True, task(item)
    except SystemExit as error:
        return False, RuntimeError(f"the task gave up: SystemExit({error.code!r})")
    except Exception as error:
        error.add_note(traceback.format_exc())
        return _fit_to_travel((False, error))


def _fit_to_travel(outcome: _Outcome) -> _Outcome:
    """Replace what cannot be packed and unpacked by an exception that says what it was."""
    try:
        pickle.loads(pickle.dumps(outcome))  # noqa: S301 (packed on the same line)
    except Exception as error:
        return False, RuntimeError(f"{type(outcome[1]).__name__}: {outcome[1]} (cannot leave its process: {error})")
    return outcome
