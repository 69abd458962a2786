"""Chains: what is sound, and that each change is found and named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camtool.core.case import case_of
from camtool.core.custody import (
    FIRST_PREV,
    Anchor,
    FaultKind,
    FileObject,
    RemarkKind,
    hash_of,
    read_chain,
    read_entry,
)
from tests.makers.chain import draft, lines, log


def faults(held: list[bytes], *anchors: Anchor) -> list[tuple[str, int]]:
    return [(fault.kind.value, fault.line) for fault in read_chain(held, anchors).faults]


def test_a_sound_chain():
    held = log(5)
    chain = read_chain(held)
    assert (chain.faults, chain.remarks, chain.count) == ((), (), 5)
    assert chain.head == hash_of(held[-1])
    assert [entry.n for entry in chain.entries] == [1, 2, 3, 4, 5]
    assert read_chain(held, [Anchor(chain.head, 5), Anchor(chain.hashes[2])]).faults == ()


def test_an_empty_log():
    chain = read_chain([])
    assert (chain.entries, chain.head, chain.count) == ((), FIRST_PREV, 0)


def test_an_edited_row_is_named_by_its_line():
    held = log(5)
    held[2] = held[2].replace("ghi chú 1".encode(), "ghi chú 7".encode())
    assert faults(held) == [("edited", 3)]


def test_an_edited_last_row_needs_a_head_from_elsewhere():
    held = log(5)
    head = read_chain(held).head
    held[4] = held[4].replace("ghi chú 3".encode(), "ghi chú 7".encode())
    assert faults(held) == []
    assert faults(held, Anchor(head, 5)) == [("other_head", 5)]
    assert faults(held, Anchor(head)) == [("other_head", 0)]


def test_a_removed_row():
    held = log(6)
    assert faults(held[:2] + held[3:]) == [("removed", 3)]
    assert faults(held[1:]) == [("removed", 1)]
    removed = read_chain(held[:1] + held[4:]).faults[0]
    assert removed.expected == "2-4"


def test_two_rows_that_changed_places():
    held = log(5)
    held[2], held[3] = held[3], held[2]
    assert {kind for kind, _ in faults(held)} == {"reordered"}


def test_a_row_that_is_there_twice():
    held = log(4)
    assert ("twice", 4) in faults([*held[:3], held[2], held[3]])


def test_a_truncated_log():
    held = log(6)
    whole = read_chain(held)
    assert faults(held[:4], Anchor(whole.head, 6)) == [("truncated", 4)]
    assert faults(held[:4], Anchor(whole.head)) == [("other_head", 0)]
    assert faults([*held[:4], *lines(*[draft()] * 6)[4:]], Anchor(whole.head)) != []


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.replace(b'"act":', b'"act": '),
        lambda line: line.replace(b'"act":"note"', b'"act":1'),
        lambda line: line.replace(b'"command":[]', b'"command":[1]'),
        lambda line: line.replace(b'"object":null', b'"object":{}'),
        lambda line: line.replace(b'"tools":{}', b'"tools":{"a":1}'),
        lambda line: line.replace(b'"why":""', b'"more":"","why":""'),
        lambda line: line.replace(b'"n":3', b'"n":true'),
        lambda line: line.replace(b'"time_utc":"2026', b'"time_utc":"x026'),
        lambda _: b"\n",
        lambda _: b"\xff\xfe\n",
        lambda _: b"[" * 100_000 + b"\n",
    ],
)
def test_a_line_that_is_no_row(change):
    held = log(5)
    held[2] = change(held[2])
    assert ("not_a_row", 3) in faults(held)
    assert len(read_chain(held).entries) == 4


def test_a_row_of_another_case():
    held = lines(draft("open"), draft(case="HS-2026-0002"))
    assert faults(held) == [("other_case", 2)]
    assert [fault.kind for fault in read_chain(log(2), case="HS-2026-0009").faults] == ["other_case"] * 2


def test_a_last_line_left_half_written():
    held = log(4)
    held[3] = held[3][:-40]
    chain = read_chain(held)
    assert [(fault.kind, fault.line) for fault in chain.faults] == [(FaultKind.UNFINISHED, 4)]
    assert (chain.unfinished, chain.damaged) == (True, False)
    assert chain.head == hash_of(held[3])
    assert len(chain.entries) == 3


def test_a_line_left_half_written_that_was_resumed():
    from dataclasses import fields

    from camtool.core.custody import Draft, Entry, line_of

    held = log(4)
    for torn in (held[3][:-40], held[3][:-1]):
        values = {each.name: getattr(draft("resume", facts={"line": 4}), each.name) for each in fields(Draft)}
        row = Entry(
            n=5, prev=hash_of(torn), time_utc="2026-11-24T09:00:00Z", time_local="2026-11-24T09:00:00Z", **values
        )
        chain = read_chain([*held[:3], torn + b"\n", line_of(row)])
        assert chain.faults == ()
        assert [(remark.kind, remark.line) for remark in chain.remarks] == [(RemarkKind.RESUMED, 4)]
        assert [entry.n for entry in chain.entries] == [1, 2, 3, 5], "what the line was to say was not done"


def test_a_clock_that_was_set_back_is_worth_a_look_and_no_fault():
    held = lines(draft("open"), draft(), draft(), step_us=-3_600_000_000)
    chain = read_chain(held)
    assert chain.faults == ()
    assert [(remark.kind, remark.line) for remark in chain.remarks] == [
        (RemarkKind.CLOCK_BACK, 2),
        (RemarkKind.CLOCK_BACK, 3),
    ]


def test_a_row_reads_back_as_it_was_written():
    held = FileObject("trich/a.mp4", "a" * 64, 7)
    (line,) = lines(draft("add", role="trich", object=held, command=("camtool", "case"), tools={"camtool": "1"}))
    entry = read_entry(line)
    assert (entry.object, entry.command, entry.tools, entry.role) == (
        held,
        ("camtool", "case"),
        {"camtool": "1"},
        "trich",
    )


@settings(max_examples=300)
@given(st.data())
def test_any_one_changed_byte_is_found(data):
    held = log(4)
    head = read_chain(held).head
    text = bytearray(b"".join(held))
    at = data.draw(st.integers(0, len(text) - 1))
    text[at] ^= data.draw(st.integers(1, 255))
    changed = [line + b"\n" for line in bytes(text).split(b"\n")[:-1]] + (
        [bytes(text).split(b"\n")[-1]] if bytes(text).split(b"\n")[-1] else []
    )
    assert read_chain(changed, [Anchor(head, 4)]).faults != ()


def test_a_log_that_does_not_begin_with_an_opening():
    with pytest.raises(ValueError, match="opening"):
        case_of(read_chain(lines(draft())).entries)
