"""`python -m tests.benchmark [start] [index] [cut] [skim] [when]`: run the rows named, or all, and print the table."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmark import rows_cut, rows_index, rows_skim, rows_start, rows_when
from tests.benchmark.table import Line, show

ROWS: dict[str, Callable[[Path], list[Line]]] = {
    "start": rows_start.rows,
    "index": rows_index.rows,
    "cut": rows_cut.rows,
    "skim": rows_skim.rows,
    "when": rows_when.rows,
}


def main() -> None:
    names = sys.argv[1:] or list(ROWS)
    lines: list[Line] = []
    for name in names:
        with tempfile.TemporaryDirectory(prefix=f"camtool-bench-{name}-") as folder:
            print(f"measuring {name} …", file=sys.stderr)
            lines += ROWS[name](Path(folder))
    show(lines)


if __name__ == "__main__":
    main()
