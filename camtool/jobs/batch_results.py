"""results.csv: what became of each request, for people and for the next run, which skips what is done.

A request is known again by its content (core.request), whatever row it stands in. The file is rewritten whole after
every package, under a temporary name, so that a killed run leaves the one before or the one after.
"""

import csv
import hashlib
import io
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from camtool.core.canonical import canonical
from camtool.core.request import Request
from camtool.errors import NotATable, mark

NAME = "results.csv"
COLUMNS = ("row", "case", "package", "sha256", "status", "message", "request")
_BROKEN = mark("it is not the results of an earlier run")
# What makes a spreadsheet take a text for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Status(StrEnum):
    """What became of a request. begun is what a killed run leaves."""

    DONE = "done"
    FAILED = "failed"
    BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of results.csv. package is a folder's name; sha256 is the package hash, "" where there is none."""

    row: int
    case: str
    package: str
    sha256: str
    status: Status
    message: str
    request: str


def mark_of(request: Request) -> str:
    """Return what a request is known again by: the SHA-256 of its content."""
    return hashlib.sha256(canonical(request.content)).hexdigest()


def read_results(folder: Path) -> dict[str, Result]:
    """Return the results of earlier runs into a folder, by request. Raises NotATable for a file that is not that."""
    path = folder / NAME
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise NotATable(path=path, detail=_BROKEN) from error
    head, *rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))) or [[]]
    try:
        if tuple(head) != COLUMNS:
            raise ValueError(head)
        found = [_result(dict(zip(COLUMNS, map(_bare, row), strict=True))) for row in rows if any(row)]
    except ValueError as error:
        raise NotATable(path=path, detail=_BROKEN) from error
    return {each.request: each for each in found}


def _separator(text: str) -> str:
    # A spreadsheet that saved the file may have put its own between the columns.
    return max(",;\t", key=text.partition("\n")[0].count)


def _result(row: dict[str, str]) -> Result:
    return Result(
        int(row["row"]),
        row["case"],
        row["package"],
        row["sha256"],
        Status(row["status"]),
        row["message"],
        row["request"],
    )


def write_results(folder: Path, results: Iterable[Result], *, settled: bool = False) -> None:
    """Write results.csv anew, in the order of the rows; settled: to the disk as well. Raises OSError."""
    path = folder / NAME
    draft = path.with_name(f".{NAME}-{secrets.token_hex(4)}")
    try:
        # With a mark in front, or Excel reads Vietnamese letters as something else.
        with draft.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerow(COLUMNS)
            file.writelines(map(_line, sorted(results, key=lambda result: (result.row, result.request))))
            if settled:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@lru_cache(maxsize=4096)
def _line(each: Result) -> str:
    """Return a line of the file; every line is written after every package, and all but one are the same again."""
    cells = (str(each.row), each.case, each.package, each.sha256, each.status, each.message, each.request)
    line = io.StringIO(newline="")
    csv.writer(line).writerow(map(safe, cells))
    return line.getvalue()


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe in front, as Excel itself puts it."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def _bare(text: str) -> str:
    return text.removeprefix("'")
