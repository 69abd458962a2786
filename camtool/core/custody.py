"""The custody log: what a row holds, how rows are chained, and what is wrong with a chain.

One row is one line of canonical JSON. A line's hash is the SHA-256 of its bytes without the line end; each row holds
the hash of the line before it, the first one 64 zeros. The hash of the last line is the head. docs/custody.md shows how
to check all of it with sed and sha256sum.

A line that a power cut left half written stays where it is. The next writer ends it and writes a `resume` row behind
it, chained to it like to any other line: nothing is taken out of the file, and the number of a row is always its
line's.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from camtool.core.canonical import canonical
from camtool.core.timetext import from_rfc3339
from camtool.errors import mark

FIRST_PREV = "0" * 64
# The row that a writer puts behind a line that was left half written.
RESUME = "resume"
OK = "ok"
# How the result of an act begins that was not done.
FAILED = "failed: "

_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileObject:
    """A file as the log knows it. path is relative to the case's folder, with `/` between its parts."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A row before it has its place and its time. result is "ok", or what went wrong, in English."""

    case: str
    who: str
    account: str
    act: str
    why: str = ""
    role: str | None = None
    object: FileObject | None = None
    command: tuple[str, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    result: str = OK
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Draft):
    """A row of the log: number n from 1, the hash of the line before, and its time (RFC 3339, UTC and local)."""

    n: int
    prev: str
    time_utc: str
    time_local: str

    @property
    def ok(self) -> bool:
        """Whether the act was done."""
        return self.result == OK

    @property
    def time_us(self) -> int:
        """The time of the row, UTC µs."""
        return from_rfc3339(self.time_utc)


class FaultKind(StrEnum):
    """What can be wrong with a chain; the words are in FAULTS."""

    NOT_A_ROW = "not_a_row"
    EDITED = "edited"
    REMOVED = "removed"
    REORDERED = "reordered"
    TWICE = "twice"
    OTHER_CASE = "other_case"
    UNFINISHED = "unfinished"
    TRUNCATED = "truncated"
    OTHER_HEAD = "other_head"


FAULTS: Mapping[FaultKind, str] = {
    FaultKind.NOT_A_ROW: mark("the line is not a row as camtool writes it"),
    FaultKind.EDITED: mark("the line was edited, or rows behind it were exchanged: the next line names another hash"),
    FaultKind.REMOVED: mark("rows were removed before this line"),
    FaultKind.REORDERED: mark("the row stands in another place than its number says"),
    FaultKind.TWICE: mark("the row's number is there twice"),
    FaultKind.OTHER_CASE: mark("the row is of another case"),
    FaultKind.UNFINISHED: mark("the last line is half written, as after a power cut"),
    FaultKind.TRUNCATED: mark("rows at the end are missing"),
    FaultKind.OTHER_HEAD: mark("the head that was recorded is not in this log: it was edited or cut short"),
}


class RemarkKind(StrEnum):
    """What is worth a look in a chain that holds; the words are in REMARKS."""

    RESUMED = "resumed"
    CLOCK_BACK = "clock_back"


REMARKS: Mapping[RemarkKind, str] = {
    RemarkKind.RESUMED: mark("the line was left half written by a power cut; what it was to say was not done"),
    RemarkKind.CLOCK_BACK: mark("this computer's clock was set back: the row is stamped earlier than the one before"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and at which line of the file (from 1; 0: not at one line)."""

    kind: FaultKind
    line: int
    expected: str | None = None
    found: str | None = None

    def __str__(self) -> str:
        return FAULTS[self.kind]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing worth a look, and at which line of the file (from 1)."""

    kind: RemarkKind
    line: int
    detail: str = ""

    def __str__(self) -> str:
        return REMARKS[self.kind]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was recorded outside this log, on paper or in a package; count is the row it was the head at."""

    head: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """A log as it was read. hashes holds every line's; head is the last one's, or 64 zeros where there is none.

    entries are the rows that could be read, but for lines left half written, whether or not a row behind them says so.
    """

    entries: tuple[Entry, ...]
    hashes: tuple[str, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def head(self) -> str:
        """The hash of the last line."""
        return self.hashes[-1] if self.hashes else FIRST_PREV

    @property
    def count(self) -> int:
        """How many lines the log has; the number of its last row."""
        return len(self.hashes)

    @property
    def unfinished(self) -> bool:
        """Whether the last line is half written, and nothing says so yet."""
        return any(fault.kind is FaultKind.UNFINISHED for fault in self.faults)

    @property
    def damaged(self) -> bool:
        """Whether something is wrong that no power cut explains."""
        return any(fault.kind is not FaultKind.UNFINISHED for fault in self.faults)


def line_of(entry: Entry) -> bytes:
    """Return a row as its line, with the line end."""
    return canonical(row_of(entry)) + b"\n"


def row_of(entry: Entry) -> dict[str, Any]:
    """Return a row as the JSON object that its line holds."""
    value: dict[str, Any] = {name: getattr(entry, name) for name in _KEYS}
    value["command"] = list(entry.command)
    value["tools"], value["facts"] = dict(entry.tools), dict(entry.facts)
    held = entry.object
    value["object"] = held and {"path": held.path, "sha256": held.sha256, "size_bytes": held.size_bytes}
    return value


def hash_of(line: bytes) -> str:
    """Return a line's hash: the SHA-256 of its bytes without the line end, in hex."""
    return hashlib.sha256(line.removesuffix(b"\n")).hexdigest()


def read_entry(line: bytes) -> Entry:
    """Read one line. Raises ValueError for anything but a row exactly as `line_of` writes it."""
    try:
        value = json.loads(line)
        entry = _entry(value)
        if line_of(entry) != line.removesuffix(b"\n") + b"\n":
            raise ValueError("not written canonically")
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return entry


def read_chain(lines: Iterable[bytes], anchors: Sequence[Anchor] = (), case: str | None = None) -> Chain:
    """Read a log's lines (bytes, each with its line end) and say everything that is wrong with their chain.

    anchors are heads that were recorded elsewhere: each has to be the hash of a row of this log. case is the number
    that every row has to be of; without it, that of the first row.
    """
    held = list(lines)
    hashes = tuple(hash_of(line) for line in held)
    found, faults = _rows(held)
    faults += _links(found, hashes)
    resumed = [
        row.n - 1
        for row in found
        if row is not None
        and row.act == RESUME
        and row.facts.get("line") == row.n - 1
        and 2 <= row.n <= len(found)
        and hashes[row.n - 2] == row.prev
    ]
    faults = [fault for fault in faults if not (fault.kind is FaultKind.NOT_A_ROW and fault.line in resumed)]
    entries = tuple(row for line, row in enumerate(found, 1) if row is not None and line not in resumed)
    named = case or (entries[0].case if entries else None)
    faults += [
        Fault(FaultKind.OTHER_CASE, line, named, row.case)
        for line, row in enumerate(found, 1)
        if row is not None and row.case != named
    ]
    faults += _unanchored(hashes, anchors)
    remarks = [Remark(RemarkKind.RESUMED, line) for line in resumed]
    remarks += [
        Remark(RemarkKind.CLOCK_BACK, row.n, f"{before.time_utc} > {row.time_utc}")
        for before, row in pairwise(entries)
        if row.time_us < before.time_us
    ]
    faults.sort(key=lambda fault: fault.line)
    remarks.sort(key=lambda remark: remark.line)
    return Chain(entries, hashes, tuple(faults), tuple(remarks))


def _rows(lines: Sequence[bytes]) -> tuple[list[Entry | None], list[Fault]]:
    rows: list[Entry | None] = []
    faults = []
    for number, line in enumerate(lines, 1):
        entry = None
        if not line.endswith(b"\n"):  # only the last line of a file can lack it
            faults.append(Fault(FaultKind.UNFINISHED, number, found=f"{len(line)} bytes"))
        else:
            try:
                entry = read_entry(line)
            except ValueError as error:
                faults.append(Fault(FaultKind.NOT_A_ROW, number, found=str(error)))
        rows.append(entry)
    return rows, faults


def _links(rows: Sequence[Entry | None], hashes: Sequence[str]) -> list[Fault]:
    """Hold each row's number and previous hash against the line before it."""
    faults = []
    numbers = {row.n for row in rows if row is not None}
    seen: set[int] = set()
    before = 0
    for line, row in enumerate(rows, 1):
        if row is None:
            before += 1
            continue
        if row.n in seen:
            faults.append(Fault(FaultKind.TWICE, line, str(before + 1), str(row.n)))
        elif row.n != before + 1:
            gone = [number for number in range(before + 1, row.n) if number not in numbers]
            if gone:
                faults.append(Fault(FaultKind.REMOVED, line, _span(gone), None))
            else:
                faults.append(Fault(FaultKind.REORDERED, line, str(before + 1), str(row.n)))
        elif row.prev != (hashes[line - 2] if line > 1 else FIRST_PREV):
            at = max(1, line - 1)
            faults.append(Fault(FaultKind.EDITED, at, row.prev, hashes[line - 2] if line > 1 else FIRST_PREV))
        seen.add(row.n)
        before = row.n
    return faults


def _span(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"


def _unanchored(hashes: Sequence[str], anchors: Iterable[Anchor]) -> list[Fault]:
    faults = []
    for anchor in anchors:
        if anchor.count is not None and anchor.count > len(hashes):
            faults.append(Fault(FaultKind.TRUNCATED, len(hashes), str(anchor.count), str(len(hashes))))
        elif anchor.count is not None and (anchor.count < 1 or hashes[anchor.count - 1] != anchor.head):
            found = hashes[anchor.count - 1] if anchor.count >= 1 else None
            faults.append(Fault(FaultKind.OTHER_HEAD, max(anchor.count, 0), anchor.head, found))
        elif anchor.head not in hashes:
            faults.append(Fault(FaultKind.OTHER_HEAD, 0, anchor.head, hashes[-1] if hashes else None))
    return faults


_KEYS = (
    "n", "prev", "case", "time_utc", "time_local", "who", "account", "act", "why", "role", "object", "command", "tools",
    "result", "facts",
)  # fmt: skip
_TEXTS = ("prev", "case", "time_utc", "time_local", "who", "account", "act", "why", "result")


def _entry(value: Any) -> Entry:  # noqa: ANN401
    if not isinstance(value, dict) or set(value) != set(_KEYS):
        raise ValueError("not the keys of a row")
    for name in _TEXTS:
        if not isinstance(value[name], str):
            raise TypeError(name)
    if type(value["n"]) is not int or not _SHA256.fullmatch(value["prev"]):
        raise ValueError("n, prev")
    if value["role"] is not None and not isinstance(value["role"], str):
        raise TypeError("role")
    command, tools, facts = value["command"], value["tools"], value["facts"]
    if not isinstance(command, list) or not all(isinstance(word, str) for word in command):
        raise TypeError("command")
    if not isinstance(tools, dict) or not all(isinstance(text, str) for text in tools.values()):
        raise TypeError("tools")
    if not isinstance(facts, dict):
        raise TypeError("facts")
    from_rfc3339(value["time_utc"])
    return Entry(**(value | {"object": _object(value["object"]), "command": tuple(command)}))


def _object(value: Any) -> FileObject | None:  # noqa: ANN401
    if value is None:
        return None
    path, sha256, size = value["path"], value["sha256"], value["size_bytes"]
    if set(value) != {"path", "sha256", "size_bytes"} or not isinstance(path, str) or type(size) is not int:
        raise TypeError("object")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise TypeError("object")
    return FileObject(path, sha256, size)
