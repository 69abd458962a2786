"""Tasks in threads, answered in order, with no more answers waiting than the threads can make ready.

For work that lets go of the interpreter (decoding, hashing) on small answers; a process for each would take longer to
start than the work does.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Answers that wait for each thread: enough that none stands idle while one answer is drawn.
_AHEAD = 2


def in_order(task: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
    """Yield task(item) for each item, in the order of the items; what a task raises is raised here in its turn."""
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(task, item))
                if len(waiting) > threads * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
