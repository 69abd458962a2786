"""From the words of a notes file to notes: strict, because a wrong box on a picture accuses the wrong person. Pure.

What comes in is what a YAML reader makes of the file when it leaves every value as the text that was typed: nothing is
taken for a number, a time or a yes before it is known what it should be.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from camtool.core.model import US_PER_S
from camtool.core.notes import NUMBERS, Colour, Kind, Note, Position
from camtool.errors import mark

# Bright ones, which show on asphalt, on a white wall and in the grey of an infrared lamp; amber is the box of `sheet`.
COLOURS: Mapping[str, Colour] = {
    "amber": (255, 176, 0),
    "yellow": (255, 230, 0),
    "red": (255, 59, 48),
    "green": (52, 199, 89),
    "blue": (64, 156, 255),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "magenta": (255, 64, 200),
    "cyan": (0, 220, 230),
}
_VIETNAMESE = {
    "vàng": "yellow",
    "đỏ": "red",
    "xanh lá": "green",
    "xanh dương": "blue",
    "trắng": "white",
    "đen": "black",
    "hổ phách": "amber",
    "hồng": "magenta",
    "xanh ngọc": "cyan",
}
USUAL = "amber"
# More than anyone writes by hand; each is drawn into every picture.
MOST_NOTES, MOST_POSITIONS, MOST_LABEL = 500, 10_000, 200
# Eight times is where a pixel of a 1080p camera becomes a block.
ZOOM_LEAST, ZOOM_MOST = 1, 8
# A recorder's file is a day at most.
MOST_US = 48 * 3600 * US_PER_S

_KEYS = frozenset({"kind", "from", "to", "at", "place", "colour", "color", "label", "closed", "zoom"})
_CLOCK = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,6})?)")
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?")
_HEX = re.compile(r"#([0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Why:
    """What is wrong, as a template and its facts, so that it can be said in both languages."""

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.facts)


class Unread(Exception):
    """Something in a notes file cannot be read: number counts the notes from 1, 0 is the file as a whole."""

    def __init__(self, number: int, why: Why) -> None:
        super().__init__(number, why)
        self.number, self.why = number, why


def notes_of(document: object) -> tuple[Note, ...]:
    """Return the notes of a file. Raises Unread for the first thing in it that is not understood."""
    listed = document.get("notes") if isinstance(document, Mapping) else document
    if isinstance(document, Mapping) and (unknown := sorted(set(map(str, document)) - {"notes"})):
        raise Unread(0, Why(mark('the word "{word}" is not one it knows'), {"word": unknown[0]}))
    if not isinstance(listed, list) or not listed:
        raise Unread(0, Why(mark("it holds no list of notes")))
    if len(listed) > MOST_NOTES:
        raise Unread(0, Why(mark("more than {most} notes"), {"most": MOST_NOTES}))
    return tuple(_Reader(number).note(each) for number, each in enumerate(listed, 1))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one note, and says in which one something is wrong."""

    number: int

    def wrong(self, template: str, **facts: object) -> Unread:
        return Unread(self.number, Why(template, facts))

    def note(self, raw: object) -> Note:
        if not isinstance(raw, Mapping):
            raise self.wrong(mark("it is not a list of `word: value`"))
        if unknown := sorted(set(map(str, raw)) - _KEYS):
            raise self.wrong(mark('the word "{word}" is not one it knows'), word=unknown[0])
        kind = self.kind(raw)
        positions = tuple(self.positions(raw, kind))
        start_us = self.time(raw["from"]) if "from" in raw else 0
        end_us = self.time(raw["to"]) if "to" in raw else None
        if end_us is not None and end_us <= start_us:
            raise self.wrong(mark("it ends at or before its start"))
        label = self.text(raw, "label")
        if kind is Kind.TEXT and not label:
            raise self.wrong(mark("`{key}` is missing"), key="label")
        return Note(
            kind,
            start_us,
            end_us,
            positions,
            self.colour(raw),
            label,
            closed=self.yes(raw, "closed", kind is Kind.POLYGON),
            zoom=self.zoom(raw),
        )

    def kind(self, raw: Mapping[object, object]) -> Kind:
        said = self.text(raw, "kind")
        try:
            return Kind(said)
        except ValueError:
            known = ", ".join(Kind)
            raise self.wrong(mark("kind: {said} is none of {known}"), said=said or "-", known=known) from None

    def positions(self, raw: Mapping[object, object], kind: Kind) -> Iterator[Position]:
        """Yield one place (`place`), or a place for each of several times (`at`)."""
        if ("at" in raw) == ("place" in raw):
            raise self.wrong(mark("it needs either `place`, or `at` with a place for each time"))
        if "place" in raw:
            yield Position(0, self.numbers(raw["place"], kind))
            return
        table = raw["at"]
        if not isinstance(table, Mapping) or not table or len(table) > MOST_POSITIONS:
            raise self.wrong(mark("`at` holds no times with their places, such as `1.5: [10, 20, 30, 40]`"))
        placed = sorted(((self.time(time), place) for time, place in table.items()), key=lambda pair: pair[0])
        last_us, corners = -1, 0
        for at_us, place in placed:
            numbers = self.numbers(place, kind)
            if at_us == last_us:
                raise self.wrong(mark("the same time stands twice in `at`"))
            if corners and len(numbers) != corners:
                raise self.wrong(mark("a polygon keeps its number of corners while it moves"))
            last_us, corners = at_us, len(numbers)
            yield Position(at_us, numbers)

    def numbers(self, raw: object, kind: Kind) -> tuple[float, ...]:
        """Return the numbers of a place; a polygon's corners may be written as pairs."""
        listed = raw if isinstance(raw, list) else str(raw).split(",")
        if kind is Kind.POLYGON and listed and all(isinstance(corner, list) for corner in listed):
            if any(len(corner) != 2 for corner in listed):
                raise self.wrong(mark("a corner is a pair of numbers, [x, y]"))
            listed = [number for corner in listed for number in corner]
        values = tuple(self.pixel(number) for number in listed)
        if kind is Kind.POLYGON:
            # Two corners are a line, which an open polygon may be.
            if len(values) % 2 or not 4 <= len(values) <= 2000:
                raise self.wrong(mark("a polygon is 2 to 1000 corners, [[x, y], [x, y], …]"))
        elif len(values) != NUMBERS[kind]:
            text = mark("a place of kind {kind} is {count} numbers, not {found}")
            raise self.wrong(text, kind=kind, count=NUMBERS[kind], found=len(values))
        elif NUMBERS[kind] == 4 and kind is not Kind.ARROW and min(values[2:]) < 1:
            raise self.wrong(mark("width and height are one pixel or more"))
        elif kind is Kind.ARROW and values[:2] == values[2:]:
            raise self.wrong(mark("an arrow begins and ends at different points"))
        return values

    def pixel(self, raw: object) -> float:
        text = str(raw).strip()
        if not isinstance(raw, str) or not _NUMBER.fullmatch(text):
            raise self.wrong(mark('"{text}" is not a number of pixels'), text=text)
        return float(text)

    def time(self, raw: object) -> int:
        """Read seconds from the start of the clip, 12.5, or 1:30, or 1:02:03.5."""
        found = _CLOCK.fullmatch(str(raw).strip())
        if found is None:
            raise self.wrong(mark('"{text}" is not a time in the clip, such as 12.5 or 1:30'), text=str(raw))
        hours, minutes, seconds = int(found[1] or 0), int(found[2] or 0), Decimal(found[3])
        if (found[2] is not None and seconds >= 60) or (found[1] is not None and minutes >= 60):
            raise self.wrong(mark('"{text}" is not a time in the clip, such as 12.5 or 1:30'), text=str(raw))
        us = (hours * 3600 + minutes * 60) * US_PER_S + int(seconds * US_PER_S)
        if us > MOST_US:
            raise self.wrong(mark('"{text}" is not a time in the clip, such as 12.5 or 1:30'), text=str(raw))
        return us

    def text(self, raw: Mapping[object, object], key: str) -> str:
        value = raw.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(mark("`{key}` is not one line of text"), key=key)
        if len(value) > MOST_LABEL:
            raise self.wrong(mark("`{key}` is longer than {most} letters"), key=key, most=MOST_LABEL)
        return unicodedata.normalize("NFC", value).strip()  # some editors put accents beside their letters

    def colour(self, raw: Mapping[object, object]) -> Colour:
        if "colour" in raw and "color" in raw:
            raise self.wrong(mark("a colour is named twice"))
        said = self.text(raw, "colour") or self.text(raw, "color") or USUAL
        name = said.casefold()
        if found := _HEX.fullmatch(said):
            return int(found[1][:2], 16), int(found[1][2:4], 16), int(found[1][4:], 16)
        try:
            return COLOURS[_VIETNAMESE.get(name, name)]
        except KeyError:
            text = mark('the colour "{said}" is neither #RRGGBB nor one of {known}')
            raise self.wrong(text, said=said, known=", ".join((*COLOURS, *_VIETNAMESE))) from None

    def yes(self, raw: Mapping[object, object], key: str, usual: bool) -> bool:
        said = self.text(raw, key).casefold()
        if said not in {"", "true", "false", "yes", "no", "có", "không"}:
            raise self.wrong(mark("`{key}` is yes or no"), key=key)
        return usual if not said else said in {"true", "yes", "có"}

    def zoom(self, raw: Mapping[object, object]) -> float:
        said = self.text(raw, "zoom")
        if not said:
            return 2.0
        if not _NUMBER.fullmatch(said) or not ZOOM_LEAST < float(said) <= ZOOM_MOST:
            raise self.wrong(mark("zoom is a number above {least} and up to {most}"), least=ZOOM_LEAST, most=ZOOM_MOST)
        return float(said)


def plain(note: Note) -> dict[str, object]:
    """Return a note as JSON can hold it, times in µs and places in pixels, for the record beside the copy."""
    colour = "#{:02x}{:02x}{:02x}".format(*note.colour)
    told: dict[str, object] = {
        "kind": note.kind,
        "from_us": note.start_us,
        "to_us": note.end_us,
        "positions": [{"at_us": each.at_us, "px": list(each.numbers)} for each in note.positions],
        "colour": colour,
        "label": note.label,
    }
    if note.kind is Kind.POLYGON:
        told["closed"] = note.closed
    if note.kind is Kind.MAGNIFIER:
        told["zoom"] = note.zoom
    return told
