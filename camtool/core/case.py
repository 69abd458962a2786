"""A case: what its custody log says, folded. There is no other state: who holds the log holds the case.

A file has one role for good, and each role has a folder of its own:

    goc      original: a recorder's own file, as it came
    trich    extract: a clip whose every packet is an original's, with its proof
    xem      viewing copy: made to be played, never evidence by itself
    che      redacted copy: made to be shown to others
    anh      still: one picture of an original or an extract
    giay_to  paper: a scan or photograph of a document
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from camtool.core.custody import Entry, FileObject
from camtool.errors import mark

# A case's number: the year, and its place in the year.
NUMBER = re.compile(r"HS-([0-9]{4})-([0-9]{4,})")


class Role(StrEnum):
    """What a file is in a case; also the name of its folder."""

    ORIGINAL = "goc"
    EXTRACT = "trich"
    VIEWING = "xem"
    REDACTED = "che"
    STILL = "anh"
    PAPER = "giay_to"


ROLES: Mapping[Role, str] = {
    Role.ORIGINAL: mark("original"),
    Role.EXTRACT: mark("extract, bitstream untouched"),
    Role.VIEWING: mark("viewing copy"),
    Role.REDACTED: mark("redacted copy"),
    Role.STILL: mark("still"),
    Role.PAPER: mark("paper"),
}

KINDS: Mapping[str, str] = {
    "theft": mark("theft"),
    "robbery": mark("robbery"),
    "assault": mark("assault"),
    "damage": mark("damage to property"),
    "disorder": mark("public disorder"),
    "traffic": mark("traffic accident or violation"),
    "fire": mark("fire"),
    "missing": mark("missing person"),
    "other": mark("other"),
}


class Act(StrEnum):
    """What can be done with a case. Every one is a row of its log; so is every one that failed."""

    OPEN = "open"
    ADD = "add"
    CUT = "cut"
    STILL = "still"
    NOTE = "note"
    SHOW = "show"
    PACKAGE = "package"
    SEAL = "seal"
    VERIFY = "verify"
    CLOSE = "close"
    REOPEN = "reopen"
    AGAIN = "again"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a case. id counts from 1 in the order of the log; parts are the files that belong to it.

    parents are the SHA-256 of what it was made from; the row that brought it in holds command, versions and facts.
    """

    id: int
    role: Role
    object: FileObject
    parts: tuple[FileObject, ...]
    parents: tuple[str, ...]
    entry: Entry

    @property
    def facts(self) -> Mapping[str, Any]:
        """What is known of it: camera, spans, clock, where it came from."""
        return self.entry.facts


@dataclass(frozen=True, slots=True)
class Note:
    """One note, and the row that holds it."""

    text: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Case:
    """One incident as its log tells it. opened is the first row."""

    number: str
    title: str
    kind: str
    officer: str
    is_open: bool
    opened: Entry
    items: tuple[Item, ...]
    notes: tuple[Note, ...]

    def item_of(self, text: str) -> Item | None:
        """Return the item meant by its number, its path in the case, or its SHA-256 (8 digits or more)."""
        for item in self.items:
            sha256 = item.object.sha256
            if text in {str(item.id), item.object.path} or (len(text) >= 8 and sha256.startswith(text.lower())):
                return item
        return None


def case_of(entries: Iterable[Entry]) -> Case:
    """Fold a log's rows into the case. Raises ValueError for rows that do not begin with the opening of one."""
    rows = list(entries)
    if not rows or rows[0].act != Act.OPEN or not rows[0].ok:
        raise ValueError("the log does not begin with the opening of a case")
    opened = rows[0]
    items: list[Item] = []
    notes: list[Note] = []
    is_open = True
    for row in rows:
        if not row.ok:
            continue
        if row.act in {Act.CLOSE, Act.REOPEN}:
            is_open = row.act == Act.REOPEN
        elif row.act == Act.NOTE:
            notes.append(Note(str(row.facts.get("text", "")), row))
        elif row.act in {Act.ADD, Act.CUT, Act.STILL} and row.object is not None and row.role is not None:
            items.append(_item(len(items) + 1, row, row.object, Role(row.role)))
    return Case(
        number=opened.case,
        title=str(opened.facts.get("title", "")),
        kind=str(opened.facts.get("kind", "")),
        officer=opened.who,
        is_open=is_open,
        opened=opened,
        items=tuple(items),
        notes=tuple(notes),
    )


def _item(number: int, row: Entry, held: FileObject, role: Role) -> Item:
    parts = tuple(
        FileObject(str(part["path"]), str(part["sha256"]), int(part["size_bytes"]))
        for part in row.facts.get("parts", ())
    )
    parents = tuple(str(parent) for parent in row.facts.get("parents", ()))
    return Item(number, role, held, parts, parents, row)
