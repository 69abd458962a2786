"""The words of the design as types. Times are int64 microseconds since 1970 UTC (`_us`) unless the name says otherwise.

Camera time is what the camera's clock showed; true time is camera time corrected by the camera's clock model. A `Span`
does not know which of the two it is in: the name of the variable that holds it does.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from camtool.core.link import Link
from camtool.core.problem import Problem
from camtool.core.zone import Zone

US_PER_S = 1_000_000


class State(StrEnum):
    """What a recording's file is like (DESIGN, invariant 2)."""

    OK = "ok"
    GROWING = "growing"
    TRUNCATED = "truncated"
    NO_INDEX = "no_index"
    EMPTY = "empty"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    CHANGED = "changed"


# The states in which a recording covers its span: there are pictures to be seen. A recording without an index or that
# cannot be read may be repaired by an expert, so it is listed, but it covers nothing.
PLAYABLE = (State.OK, State.GROWING, State.TRUNCATED, State.FOREIGN, State.CHANGED)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time, [start_us, end_us)."""

    start_us: int
    end_us: int

    @property
    def length_us(self) -> int:
        """Length in µs; 0 for an instant."""
        return self.end_us - self.start_us

    def shifted(self, by_us: int) -> "Span":
        """Return the same length of time, by_us later."""
        return Span(self.start_us + by_us, self.end_us + by_us)


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera of site.toml. footage is the folder's path as text, absolute."""

    number: int
    name: str
    place: str
    footage: str
    layout: str = "auto"
    channel: str | None = None
    template: str | None = None
    lat: float | None = None
    lon: float | None = None
    zones: tuple[Zone, ...] = ()
    masks: tuple[Zone, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """One office: the folder (absolute path as text) and what its site.toml says.

    catalog_url is an SQLAlchemy URL where the catalog is on a server; None means catalog.db in the folder. officer is
    who answers for acts on a case where nobody else is named.
    """

    folder: str
    name: str
    timezone: str
    language: str
    cameras: tuple[Camera, ...] = ()
    catalog_url: str | None = None
    officer: str | None = None


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What the content of a file says, apart from what its name claims.

    container is a short name (mp4, mpeg-ps, mpeg-ts, dhav, hikvision-ps, matroska, avi, flv, asf) or None. media_us is
    the duration the container states; playable_us what can be read of it (less, where the file breaks off).
    container_start_us is the instant the container states, in UTC µs; container_start_local the same as a naive ISO
    text where the container knows no zone (DHAV: the camera's own clock).
    """

    state: State
    container: str | None = None
    media_us: int | None = None
    playable_us: int | None = None
    container_start_us: int | None = None
    container_start_local: str | None = None
    video_codec: str | None = None
    width_px: int | None = None
    height_px: int | None = None
    frames: int | None = None
    rate: Fraction | None = None
    audio_codec: str | None = None
    problems: tuple[Problem, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Scan:
    """How a recording was skimmed, as the catalog has it: by what effort and settings, and what was looked at."""

    recording: int
    effort: str
    settings: str
    size_bytes: int
    mtime_ns: int
    footage_us: int
    wall_us: int
    packets: int
    frames_decoded: int
    longest_keyframe_us: int


@dataclass(frozen=True, slots=True)
class Recording:
    """One row of the catalog: one span of one camera in one file.

    path is relative to the camera's footage folder, in the catalog's text form (core.pathtext). span is in camera
    time; None where neither name nor content gives a time. media_us is the length of the content's own timeline, which
    may differ from the span's: a place in the file is found by proportion.
    """

    id: int
    camera: int
    path: str
    state: State
    span: Span | None
    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    layout: str | None = None
    media_us: int | None = None
    wall_us: int | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    width_px: int | None = None
    height_px: int | None = None
    sha256: str | None = None
