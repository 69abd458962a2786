r"""File paths as text that a database, JSON and a terminal can hold.

Linux names are bytes. Python reads a byte that is not UTF-8 as a lone surrogate, which neither SQLite, PostgreSQL nor
JSON can store. The catalog's text form writes that byte as `\xNN` and keeps every other path as it is.
"""

import re
import unicodedata

# os.fsdecode maps a byte 0x80-0xFF that is not UTF-8 to U+DC80-U+DCFF (PEP 383). Other lone surrogates are Windows'.
_TO_ESCAPE = re.compile("[\\\\\ud800-\udfff]")
_ESCAPED = re.compile(r"\\(?:(\\)|x([89a-f][0-9a-f])|u(d[89a-f][0-9a-f]{2})|)")
# Characters of category Cf that pictures and scripts are made of: the joiners, and the tags of flag emoji.
_HARMLESS = frozenset({"\u200c", "\u200d", *map(chr, range(0xE0020, 0xE0080))})
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def to_text(path: str) -> str:
    r"""Return the catalog's text form of a path as os.fsdecode gives it; it can always be encoded as UTF-8.

    A path without backslash and without lone surrogate is its own text. In every other one each backslash is doubled
    and each undecodable byte becomes `\xNN` (a lone surrogate of a Windows name: `\uNNNN`), so that no two paths share
    a text.
    """
    return _TO_ESCAPE.sub(_escape, path)


def from_text(text: str) -> str:
    """Return the path of a text made by to_text. Raises ValueError for a text that to_text does not make."""
    return _ESCAPED.sub(_unescape, text) if "\\" in text else text


def printable(text: str) -> str:
    r"""Return a text as one line that does to a terminal nothing but show: no controls, no new lines, no reversal.

    Such characters become `\n`, `\x1b`, `\u202e` and the like; letters with any accents and emoji stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _shows(char) else _escape_char(char) for char in text)


def _escape(match: re.Match[str]) -> str:
    return "\\\\" if match[0] == "\\" else _escape_char(match[0])


def _unescape(match: re.Match[str]) -> str:
    backslash, byte, unit = match.groups()
    if backslash:
        return "\\"
    if byte:
        return chr(0xDC00 + int(byte, 16))
    if unit and not "dc80" <= unit <= "dcff":
        return chr(int(unit, 16))
    raise ValueError(f"not a path's text: {match.string!r}")


def _shows(char: str) -> bool:
    # Cc controls; Cs surrogates; Zl, Zp line ends; Cf holds the bidi overrides, the zero-width space, the soft hyphen.
    return unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp", "Cf"} or char in _HARMLESS


def _escape_char(char: str) -> str:
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
