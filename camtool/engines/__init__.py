"""Where work runs: one small protocol, and the machines behind it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Runner(Protocol):
    """Runs one pure task over many items. A task holds no catalog handle, so it may run in any process."""

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result | Exception]]:
        """Yield (item, result) as results come, in no order; an item whose task failed brings its exception."""
        ...
