import threading
import time
from collections.abc import Generator
from typing import cast

import pytest

from camtool.engines.threaded import in_order


def test_answers_come_in_the_order_of_the_items():
    def task(item):
        time.sleep(0.01 if item % 2 else 0)
        return item * 10

    assert list(in_order(task, range(20), 4)) == [item * 10 for item in range(20)]


def test_no_more_is_begun_than_can_wait():
    begun: list[int] = []

    def task(item: int) -> int:
        begun.append(item)
        return item

    answers = cast(Generator[int, None, None], in_order(task, iter(range(1000)), 2))
    assert next(answers) == 0
    assert len(begun) <= 6
    answers.close()


def test_what_a_task_raises_comes_in_its_turn_and_ends_the_threads():
    def task(item):
        if item == 3:
            raise ValueError(item)
        return item

    answers = in_order(task, range(10), 2)
    assert [next(answers) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="3"):
        next(answers)
    assert threading.active_count() < 10
