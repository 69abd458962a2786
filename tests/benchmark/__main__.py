"""`python -m tests.benchmark [start] [index] [cut] [package] [batch] [skim]`: run the rows named, or all of them."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmark import rows_batch, rows_cut, rows_index, rows_package, rows_skim, rows_start
from tests.benchmark.table import Line, show

ROWS: dict[str, Callable[[Path], list[Line]]] = {
    "start": rows_start.rows,
    "index": rows_index.rows,
    "cut": rows_cut.rows,
    "package": rows_package.rows,
    "batch": rows_batch.rows,
    "skim": rows_skim.rows,
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
