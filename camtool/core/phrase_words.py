"""The words of the time grammar: any way of typing them, turned into one plain spelling.

A Vietnamese word counts when its marks are all right or all left out, so `hom qua` and `hôm qua` are the same and
`hôm kìa` (three days ago) is never taken for `hôm kia` (two days ago).
"""

import re
import unicodedata

_VIETNAMESE = (
    "bây giờ hôm nay qua kia sáng trưa chiều tối đêm ngày tháng năm lúc vào rưỡi tiếng phút giây trước"
    # The English words, units and ISO 8601 letters; `g` is how Vietnamese newspapers shorten giờ (18g30).
    " now today yesterday at on ago am pm utc t z"
    " d day days h g hour hours m min minute minutes s sec second seconds"
)
# Short names first, in the calendar's order, then the full ones in the same order.
_MONTHS = "january february march april may june july august september october november december"
MONTHS = (*(name[:3] for name in _MONTHS.split()), *_MONTHS.split())


def _bare(word: str) -> str:
    kept = (letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    return "".join(kept).replace("đ", "d")


_PLAIN = {word: _bare(word) for word in _VIETNAMESE.split()}
_PLAIN.update({bare: bare for bare in _PLAIN.values()})
_PLAIN.update({name: name for name in MONTHS})

_WORD = re.compile(r"[^\W\d_]+")


def tidied(text: str) -> str:
    """Return the text in NFC with single spaces: the phrase as it is shown and kept."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def unknown_word(phrase: str) -> str | None:
    """Return the first word of a tidied phrase that the grammar does not have."""
    words: list[str] = _WORD.findall(phrase)
    return next((word for word in words if _lower(word) not in _PLAIN), None)


def plain(phrase: str) -> str:
    """Return a tidied phrase with each known word in its plain ASCII spelling, letter for letter in the same place."""
    return _WORD.sub(lambda found: _PLAIN.get(_lower(found[0]), found[0]), phrase)


def _lower(word: str) -> str:
    return unicodedata.normalize("NFC", word.lower())
