"""Words in Vietnamese and English: gettext catalogs under camtool/locale, chosen once, before anything is printed.

The message ids are English. `_` translates; `errors.mark` marks a text that is translated where it is printed. An error
or a Problem is a template and facts, so it is translated first and filled in afterwards.
"""

import gettext
import locale
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LANGUAGES = ("vi", "en")
FOLDER = Path(__file__).parent.parent / "locale"

_catalog: gettext.NullTranslations = gettext.NullTranslations()
_chosen = "en"


def language() -> str:
    """Return the language in use: vi or en."""
    return _chosen


def use(language: str) -> None:
    """Choose the language of everything printed from now on."""
    global _catalog, _chosen
    _chosen = language
    _catalog = gettext.translation("camtool", FOLDER, languages=[language], fallback=True)


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Speak a language for a while: for what is written down in more than one."""
    before = _catalog, _chosen
    use(language)
    try:
        yield
    finally:
        _restore(*before)


def _restore(catalog: gettext.NullTranslations, chosen: str) -> None:
    global _catalog, _chosen
    _catalog, _chosen = catalog, chosen


def _(text: str) -> str:
    """Return text in the chosen language."""
    return _catalog.gettext(text) if text else text


def ngettext(one: str, many: str, count: int) -> str:
    """Return the wording for a count, in the chosen language, not yet filled in."""
    return _catalog.ngettext(one, many, count)


def filled(template: str, facts: Mapping[str, object]) -> str:
    """Return a template in the chosen language with its facts; a fact that is a text of ours is translated too."""
    return _(template).format(**{name: _fact(value) for name, value in facts.items()})


def _fact(value: object) -> str:
    template, facts = getattr(value, "template", None), getattr(value, "facts", None)
    if isinstance(template, str) and isinstance(facts, Mapping):
        return filled(template, facts)
    return _(value) if isinstance(value, str) else str(value)


def language_of_system() -> str:
    """Return vi where the system speaks Vietnamese, else en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "vi" if value.lower().startswith("vi") else "en"
    spoken = locale.getlocale()[0] or ""
    return "vi" if spoken.lower().startswith(("vi", "vietnam")) else "en"
