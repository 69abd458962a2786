"""What a package says: the case, its files and their times, as plain values. Every document in the bag is made of them.

Nothing here knows where the files lie on this computer; paths are those inside the bag, with `/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from camtool.core.case import Role
from camtool.core.model import US_PER_S, Span
from camtool.core.timetext import for_people

# The order in which the minutes list a case's files, so that what matters most is named where not all of it goes in.
LOOK_FIRST = (Role.EXTRACT, Role.STILL, Role.ORIGINAL, Role.REDACTED, Role.VIEWING, Role.PAPER)
# What a package is, in the documents that machines read; they have no language of their own.
IS_DATA = "dữ liệu để xác minh / data for verification"


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file under data/. path is relative to data/, size and hash are those of the bytes in the bag."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the case: a file, its role, and what is known of it. path is relative to data/.

    id is its number in the case, role one of core.case.Role. Spans and (a still's) instants are None where the item
    has none; camera time and true time as their names say. offset_us is what was added to camera time to get
    true time; observed says that a person held the clock against the true time. packets counts the clip's pictures,
    frame numbers a still's picture in its file. parents are the SHA-256 of what it was made from; command, tools: how.
    play is what a browser can play (relative to data/): the file itself, or its viewing copy, or None.
    """

    id: int
    role: str
    path: str
    sha256: str
    size_bytes: int
    added_us: int
    media: str
    camera_number: int | None = None
    camera_name: str = ""
    camera_place: str = ""
    camera_span: Span | None = None
    true_span: Span | None = None
    requested: Span | None = None
    camera_at_us: int | None = None
    true_at_us: int | None = None
    offset_us: int | None = None
    observed: bool = False
    clock_note: str = ""
    packets: int | None = None
    frame: int | None = None
    parents: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    play: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An original that is not in the bag: its hash, and where it was kept when the clip or still was made.

    size_bytes is None where the log does not say it.
    """

    path: str
    folder: str
    sha256: str
    size_bytes: int | None
    camera_number: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A package, before it is sealed.

    sealed_us is the instant of packing (true time, UTC µs); officer packs it. custody_head is the hash of the last of
    custody_entries lines of the log in the bag. redacted: the package holds redacted copies and nothing else of the
    case; its log is its own. fingerprint is the key's, hex.
    """

    number: str
    title: str
    kind: str
    case_officer: str
    opened_us: int
    unit: str
    zone: ZoneInfo
    sealed_us: int
    officer: str
    why: str
    fingerprint: str
    custody_head: str
    custody_entries: int
    items: tuple[Item, ...]
    kept: tuple[Kept, ...] = ()
    redacted: bool = False
    stamped: bool = False

    @property
    def sealed_words(self) -> str:
        """When it was packed, for people: to the second, with the zone's name."""
        return f"{for_people(self.sealed_us // US_PER_S * US_PER_S, self.zone)} ({self.zone.key})"


def in_fours(text: str) -> str:
    """Return hexadecimal digits in groups of four, as they are read out and compared on paper."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
