"""Custody logs for tests, made row by row."""

from dataclasses import fields

from camtool.core.custody import FIRST_PREV, Draft, Entry, hash_of, line_of
from camtool.evidence.custody_log import utc_text

START_US = 1_795_507_407_123_456  # 2026-11-24T08:03:27.123456Z


def draft(act: str = "note", **more: object) -> Draft:
    """Return a row of a case that says little."""
    values: dict[str, object] = {"case": "HS-2026-0001", "who": "Trung úy Nam", "account": "nam@ban-truc", "act": act}
    return Draft(**(values | more))  # type: ignore[arg-type]


def lines(*drafts: Draft, step_us: int = 1_000_000) -> list[bytes]:
    """Chain drafts, one second apart."""
    out: list[bytes] = []
    prev = FIRST_PREV
    for number, each in enumerate(drafts, 1):
        at = utc_text(START_US + number * step_us)
        values = {name.name: getattr(each, name.name) for name in fields(Draft)}
        line = line_of(Entry(n=number, prev=prev, time_utc=at, time_local=at, **values))
        prev = hash_of(line)
        out.append(line)
    return out


def log(rows: int) -> list[bytes]:
    """Return the lines of a sound log."""
    opened = draft("open", facts={"title": "Trộm xe", "kind": "theft"})
    return lines(opened, *(draft(facts={"text": f"ghi chú {number}"}) for number in range(rows - 1)))
