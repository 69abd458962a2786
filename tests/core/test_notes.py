import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.notes import Kind, Note, Position
from camtool.core.notes_text import Unread, notes_of, plain

BOX = {"kind": "box", "place": ["10", "20", "30", "40"]}


def one(**words: Any) -> Note:
    (note,) = notes_of({"notes": [words]})
    return note


def test_a_note_that_stands_still():
    note = one(
        kind="box", place=["10", "20.5", "30", "40"], colour="đỏ", label="  Xe máy ", **{"from": "2", "to": "1:02.5"}
    )
    assert note == Note(
        Kind.BOX, 2_000_000, 62_500_000, (Position(0, (10.0, 20.5, 30.0, 40.0)),), (255, 59, 48), "Xe máy", closed=False
    )


def test_a_note_that_moves_goes_straight_and_evenly_and_stays_at_its_ends():
    note = one(kind="ellipse", at={"4": ["100", "0", "10", "10"], "2": ["0", "50", "20", "10"]})
    assert [note.numbers_at(us)[:3] for us in (0, 2_000_000, 2_500_000, 4_000_000, 9_000_000)] == [
        (0, 50, 20),
        (0, 50, 20),
        (25, 37.5, 17.5),
        (100, 0, 10),
        (100, 0, 10),
    ]


def test_a_span_is_half_open():
    note = one(**BOX, **{"from": "1", "to": "2"})
    assert [note.shown_at(us) for us in (999_999, 1_000_000, 1_999_999, 2_000_000)] == [False, True, True, False]
    assert one(**BOX).shown_at(10**12)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(-500, 5000)), min_size=1, max_size=8, unique_by=lambda p: p[0]
    ),
    st.integers(0, 10**9),
)
def test_a_place_lies_between_its_neighbours(raw, us):
    positions = tuple(Position(at, (float(x), 0.0)) for at, x in sorted(raw))
    x = Note(Kind.TEXT, 0, None, positions, (0, 0, 0), "a").numbers_at(us)[0]
    before = [p.numbers[0] for p in positions if p.at_us <= us][-1:] or [positions[0].numbers[0]]
    after = [p.numbers[0] for p in positions if p.at_us >= us][:1] or [positions[-1].numbers[0]]
    assert min(*before, *after) - 1e-6 <= x <= max(*before, *after) + 1e-6


@pytest.mark.parametrize(
    ("kind", "place", "numbers"),
    [
        ("arrow", ["1", "2", "3", "4"], (1, 2, 3, 4)),
        ("text", ["5", "6"], (5, 6)),
        ("polygon", [["1", "2"], ["3", "4"], ["5", "6"]], (1, 2, 3, 4, 5, 6)),
        ("polygon", ["1", "2", "3", "4"], (1, 2, 3, 4)),
        ("spotlight", "1, 2, 3, 4", (1, 2, 3, 4)),
        ("blur", ["-5", "2", "30", "4"], (-5, 2, 30, 4)),
        ("magnifier", ["1", "2", "3", "4"], (1, 2, 3, 4)),
    ],
)
def test_each_kind_has_its_place(kind, place, numbers):
    assert one(kind=kind, place=place, label="chữ").positions[0].numbers == numbers


@pytest.mark.parametrize(
    ("said", "colour"),
    [("", (255, 176, 0)), ("#0A10ff", (10, 16, 255)), ("RED", (255, 59, 48)), ("Xanh Lá", (52, 199, 89))],
)
def test_colours_in_both_languages(said, colour):
    assert one(**BOX, colour=said).colour == colour


def test_a_colour_and_a_label_may_be_typed_with_accents_of_their_own():
    note = one(**BOX, colour=unicodedata.normalize("NFD", "đỏ"), label=unicodedata.normalize("NFD", "Xe bị mất"))
    assert (note.colour, note.label) == ((255, 59, 48), "Xe bị mất")


def test_the_colours_that_are_known_are_told_in_both_languages():
    with pytest.raises(Unread, match="tím than") as caught:
        one(**BOX, colour="tím than")
    assert "magenta" in str(caught.value.why)
    assert "xanh lá" in str(caught.value.why)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({}, "kind: - is none of box, ellipse, arrow, polygon, text, spotlight, blur, magnifier"),
        ({"kind": "circle", "place": ["1", "2"]}, "kind: circle is none of"),
        ({"kind": "box"}, "it needs either `place`"),
        ({**BOX, "at": {"1": ["1", "2", "3", "4"]}}, "it needs either `place`"),
        ({"kind": "box", "at": {}}, "`at` holds no times"),
        ({"kind": "box", "at": ["1"]}, "`at` holds no times"),
        ({"kind": "box", "at": {"1": BOX["place"], "1.0": BOX["place"]}}, "the same time stands twice"),
        ({"kind": "box", "place": ["1", "2", "3"]}, "a place of kind box is 4 numbers, not 3"),
        ({"kind": "box", "place": ["1", "2", "0", "4"]}, "width and height are one pixel or more"),
        ({"kind": "box", "place": ["1", "2", "x", "4"]}, '"x" is not a number of pixels'),
        ({"kind": "box", "place": ["1", "2", "1e9", "4"]}, '"1e9" is not a number of pixels'),
        ({"kind": "box", "place": [["1"], "2", "3", "4"]}, "is not a number of pixels"),
        ({"kind": "arrow", "place": ["1", "2", "1", "2"]}, "an arrow begins and ends at different points"),
        ({"kind": "polygon", "place": [["1", "2"], ["3"]]}, "a corner is a pair"),
        ({"kind": "polygon", "place": ["1", "2", "3"]}, "a polygon is 2 to 1000 corners"),
        (
            {"kind": "polygon", "at": {"0": ["1", "2", "3", "4"], "1": ["1", "2", "3", "4", "5", "6"]}},
            "a polygon keeps its number of corners",
        ),
        ({"kind": "text", "place": ["1", "2"]}, "`label` is missing"),
        ({**BOX, "from": "soon"}, '"soon" is not a time in the clip'),
        ({**BOX, "from": "1:75"}, '"1:75" is not a time in the clip'),
        ({**BOX, "from": "-1"}, '"-1" is not a time in the clip'),
        ({**BOX, "from": "999999"}, '"999999" is not a time in the clip'),
        ({**BOX, "from": "3", "to": "3"}, "it ends at or before its start"),
        ({**BOX, "label": ["a"]}, "`label` is not one line of text"),
        ({**BOX, "label": "a" * 201}, "`label` is longer than 200 letters"),
        ({**BOX, "colour": "tím than"}, 'the colour "tím than" is neither'),
        ({**BOX, "colour": "red", "color": "red"}, "a colour is named twice"),
        ({**BOX, "closed": "maybe"}, "`closed` is yes or no"),
        ({**BOX, "zoom": "9"}, "zoom is a number above 1 and up to 8"),
        ({**BOX, "colr": "red"}, 'the word "colr" is not one it knows'),
    ],
)
def test_what_is_not_understood_is_named_with_its_note(words, why):
    with pytest.raises(Unread) as raised:
        notes_of([BOX, words])
    assert raised.value.number == 2
    assert str(raised.value.why).startswith(why) or why in str(raised.value.why)


@pytest.mark.parametrize("document", [None, "", [], {}, {"notes": []}, {"notes": "box"}])
def test_a_file_without_notes(document):
    with pytest.raises(Unread) as raised:
        notes_of(document)
    assert (raised.value.number, str(raised.value.why)) == (0, "it holds no list of notes")


def test_a_note_that_is_no_mapping_and_words_beside_the_list():
    with pytest.raises(Unread, match="2"):
        notes_of([BOX, "box"])
    with pytest.raises(Unread) as raised:
        notes_of({"notes": [BOX], "camera": "3"})
    assert str(raised.value.why) == 'the word "camera" is not one it knows'
    with pytest.raises(Unread) as raised:
        notes_of([BOX] * 501)
    assert str(raised.value.why) == "more than 500 notes"


def test_a_note_as_the_record_holds_it():
    assert plain(one(kind="polygon", place=["1", "2", "3", "4.5"], closed="no", label="hàng rào")) == {
        "kind": "polygon",
        "from_us": 0,
        "to_us": None,
        "positions": [{"at_us": 0, "px": [1, 2, 3, 4.5]}],
        "colour": "#ffb000",
        "label": "hàng rào",
        "closed": False,
    }
    assert plain(one(kind="magnifier", place=["1", "2", "3", "4"], zoom="4"))["zoom"] == 4
