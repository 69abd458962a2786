"""The words for what the catalog names by a key."""

from camtool.cli.i18n import _
from camtool.core.clock import ClockModel
from camtool.core.model import State
from camtool.core.timetext import offset_text
from camtool.errors import mark

STATES = {
    State.OK: mark("good"),
    State.GROWING: mark("still being written"),
    State.TRUNCATED: mark("broken off"),
    State.NO_INDEX: mark("without index"),
    State.EMPTY: mark("empty"),
    State.FOREIGN: mark("unknown name"),
    State.UNREADABLE: mark("unreadable"),
    State.MISSING: mark("gone"),
    State.CHANGED: mark("CHANGED since indexed"),
}


FATES = {
    "new": mark("new"),
    "same": mark("unchanged"),
    "again": mark("examined again"),
    "changed": mark("changed"),
    "missing": mark("gone"),
    "hashed": mark("hashed"),
}


def fate(value: str) -> str:
    """Return the word for what became of a file in a run of the index."""
    return _(FATES[value])


def state(value: State) -> str:
    """Return the word for a recording's state."""
    return _(STATES[value])


def clock(model: ClockModel) -> str:
    """Return what is known of a camera's clock, in one phrase."""
    if not model.observed:
        return _("clock never compared: true time taken as camera time")
    return _("true time = camera time {offset}").format(offset=offset_text(model.offset_us))


# What a file turned out to be and what the system says of it reach us as facts of an error or a Problem, and facts are
# translated where they are printed (i18n.filled). These come from camtool.media, the C library and libav, in English.
FACTS = (
    mark("folder"),
    mark("pipe"),
    mark("socket"),
    mark("device"),
    mark("text"),
    mark("zeros"),
    mark("unknown"),
    mark("No such file or directory"),
    mark("Permission denied"),
    mark("No space left on device"),
    mark("Read-only file system"),
    mark("Input/output error"),
    mark("Invalid data found when processing input"),
)
