"""`python -m tests.benchmark [start] [index] …`: run the rows named, or all of them, and print the table."""

import sys
import tempfile
from importlib import import_module
from pathlib import Path

from tests.benchmark.table import Line, show

# Each is tests/benchmark/rows_NAME.py, with rows(folder) -> lines; the slowest last.
ROWS = ("start", "index", "cut", "package", "batch", "pictures", "timeline", "when", "skim")


def main() -> None:
    names = sys.argv[1:] or ROWS
    lines: list[Line] = []
    for name in names:
        rows = import_module(f"tests.benchmark.rows_{name}").rows
        with tempfile.TemporaryDirectory(prefix=f"camtool-bench-{name}-") as folder:
            print(f"measuring {name} …", file=sys.stderr)
            lines += rows(Path(folder))
    show(lines)


if __name__ == "__main__":
    main()
