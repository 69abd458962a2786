"""Texts that people give and others will read: titles, names, notes. Kept as NFC, refused where they could deceive."""

import unicodedata

from camtool.core.canonical import nfc
from camtool.core.pathtext import printable
from camtool.errors import UnfitText, mark

# A title stands in one line of a list and on a seal sheet; a note may tell a story.
TITLE_MOST, NAME_MOST, WHY_MOST, NOTE_MOST = 200, 100, 500, 10_000

TITLE, OFFICER, WHY, NOTE = mark("the title"), mark("the officer's name"), mark("the reason"), mark("the note")
_EMPTY = mark("it is empty")
_LONG = mark("it is too long")
_UNSEEN = mark("it holds line ends or signs that cannot be seen or that turn the text around")


def one_line(text: str, what: str, most: int, *, empty: bool = False) -> str:
    """Return a text in NFC, without spaces at its ends. Raises UnfitText for one that is not one visible line.

    Refused are controls, line ends, lone surrogates and format characters such as the bidi overrides (Unicode, UAX 9):
    with them a title can show something else than it says. Any other text is kept as it is, `<script>` too: whoever
    shows it shows it as text. The length is in characters.
    """
    plain = nfc(text).strip()
    if not plain and not empty:
        raise UnfitText(what=what, reason=_EMPTY)
    if len(plain) > most:
        raise UnfitText(what=what, reason=_LONG)
    if printable(plain) != plain:
        raise UnfitText(what=what, reason=_UNSEEN)
    return plain


def lines(text: str, what: str, most: int) -> str:
    """Return a text of one or more lines, as `one_line` does; every line end is one newline, a tab is a space."""
    plain = nfc(text).replace("\r\n", "\n").replace("\t", " ").strip()
    for line in plain.split("\n"):
        one_line(line, what, most, empty=True)
    if not plain:
        raise UnfitText(what=what, reason=_EMPTY)
    if len(plain) > most:
        raise UnfitText(what=what, reason=_LONG)
    return plain


def unmarked(text: str) -> str:
    """Return a text without the marks of its letters; đ is d."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def ascii_name(text: str) -> str:
    """Return a name for a file on any disk: ASCII letters, digits, `.`, `-` and `_`; "" where nothing is left.

    Vietnamese letters lose their marks, đ becomes d; anything else becomes `-`.
    """
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "._") else "-" for char in unmarked(text))
    while "--" in safe:
        safe = safe.replace("--", "-")
    return safe.strip("-.")[:_NAME_MOST]


# Room for the longest ending that is put behind (.packets.csv), a number, and for FAT's and ext4's 255.
_NAME_MOST = 120
# Windows' devices: no file can have their names (Microsoft, "Naming Files, Paths, and Namespaces").
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def own_name_travels(name: str) -> bool:
    """Whether a recorder's own file name can be kept: it is the same on every disk and in every list of files."""
    return (
        0 < len(name) <= _NAME_MOST
        and nfc(name) == name
        and printable(name) == name
        and name[0] not in ".-~ "
        and name[-1] not in ". "
        and not any(char in '<>:"/\\|?*%' for char in name)
        and name.split(".")[0].lower() not in _DEVICES
    )
