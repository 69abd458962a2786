"""Work done in a second thread while the first goes on, its results taken up in order."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Batches that wait or are worked on; with those of cut_check and cut_write this stays far below 200 MB.
_WAITING_MOST = 4


class Beside(Generic[Item, Result]):
    """Gives each item to `work` in another thread and hands the results to `take` in this one, in the items' order.

    Leaving the block normally waits for all; leaving it by an exception drops what has not begun. What `work` raises is
    raised by `put` or on leaving.
    """

    def __init__(self, work: Callable[[Item], Result], take: Callable[[Result], None]) -> None:
        self._work, self._take = work, take
        self._pool = ThreadPoolExecutor(1, "beside")
        self._waiting: deque[Future[Result]] = deque()

    def put(self, item: Item) -> None:
        """Give an item; wait where too many wait already."""
        self._waiting.append(self._pool.submit(self._work, item))
        while len(self._waiting) > _WAITING_MOST:
            self._take(self._waiting.popleft().result())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            while kind is None and self._waiting:
                self._take(self._waiting.popleft().result())
        finally:
            self._pool.shutdown(cancel_futures=True)
