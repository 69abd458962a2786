"""What came of an act that a row of a custody log does not call "ok", in words: for the screen, and for the viewer."""

from camtool import errors
from camtool.cli.i18n import LANGUAGES, _, filled, ngettext, spoken
from camtool.core.case import Act
from camtool.core.custody import FAILED, Entry
from camtool.core.pathtext import printable
from camtool.errors import CamtoolError


def outcome(entry: Entry) -> str:
    """Say what a row says that is not "ok": an act that was not done, or one that found something."""
    count = entry.facts.get("faults")
    if entry.act == Act.VERIFY and type(count) is int:
        return ngettext("{count} fault found", "{count} faults found", count).format(count=count)
    if entry.act == Act.AGAIN and "error" not in entry.facts:
        return _("it came out otherwise")
    return _("not done: {reason}").format(reason=_reason(entry))


def in_every_language(entry: Entry) -> dict[str, str]:
    """Return the same by language: a package's viewer speaks them all, whatever language it was packed in."""
    told = {}
    for language in LANGUAGES:
        with spoken(language):
            told[language] = outcome(entry)
    return told


def _reason(entry: Entry) -> str:
    """Say in the chosen language why an act was not done, where its error is still known; else as the row says it."""
    told = entry.facts.get("error")
    kind = getattr(errors, str(told.get("kind")), None) if isinstance(told, dict) else None
    if isinstance(told, dict) and isinstance(kind, type) and issubclass(kind, CamtoolError):
        try:
            return printable(filled(kind.message, dict(told["facts"])))
        except (KeyError, TypeError, ValueError, IndexError):
            pass  # the row is of another version, whose error had other facts
    return printable(entry.result.removeprefix(FAILED))
