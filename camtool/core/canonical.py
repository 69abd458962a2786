"""Canonical JSON: one value has one text, so that a hash of the text is a hash of the value.

Keys are sorted by code point, there are no spaces, strings are NFC and written as themselves, not escaped (but for what
JSON must escape: quotes, backslashes, control characters). It never holds a line end, so a value is one line of a file.
"""

import json
import unicodedata


def canonical(value: object) -> bytes:
    """Return a value's canonical JSON as UTF-8.

    dict (keys: str), list, tuple, str, int, bool and None only: a float has more than one text, so it is a TypeError.
    Raises ValueError for two keys that are one in NFC, and UnicodeEncodeError (a ValueError) for a lone surrogate.
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def nfc(text: str) -> str:
    """Return a text in NFC, the form in which everything is kept."""
    return unicodedata.normalize("NFC", text)


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return _plain_keys(value)
    raise TypeError(f"canonical JSON has no {type(value).__name__}")


def _plain_keys(value: dict[object, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, each in value.items():
        if not isinstance(key, str):
            raise TypeError(f"a key of canonical JSON is a text, not {type(key).__name__}")
        name = nfc(key)
        if name in plain:
            raise ValueError(f"two keys are one: {name!r}")
        plain[name] = _plain(each)
    return plain
