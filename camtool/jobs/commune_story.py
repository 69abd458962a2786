"""The truth about the demo's afternoon as data: cameras, stolen motorbike, wrong clock, gap, broken file.

All instants are true time in µs since 1970 UTC unless a name says camera time. Nobody here is anyone.
"""

import datetime as dt
from dataclasses import dataclass

from camtool.core.model import US_PER_S
from camtool.media.commune.figures import Move

ZONE = "Asia/Ho_Chi_Minh"
UTC_OFFSET_S = 7 * 3600  # Vietnam has kept UTC+7, without daylight saving time, since 1975 (tz database)
FILE_S = 300


def at(clock: str, frame: int = 0, rate: int = 1) -> int:
    """Return the true time of a clock time of the story's day, and so many frames later."""
    day = dt.datetime(2026, 11, 23, tzinfo=dt.UTC) - dt.timedelta(seconds=UTC_OFFSET_S)
    h, m, s = (int(part) for part in clock.split(":"))
    return (int(day.timestamp()) + h * 3600 + m * 60 + s) * US_PER_S + frame * US_PER_S // rate


@dataclass(frozen=True, slots=True)
class CommuneCamera:
    """One camera: what site.toml says of it, and how its recorder writes. layout is the naming in camtool.layouts.

    offset_us is how far its clock is from true time; naming is the recorder's style, a key of NAMINGS.
    """

    number: int
    name: str
    place: str
    scene: str
    naming: str
    lat: float
    lon: float
    clock_format: str
    rate: int = 5
    offset_us: int = 0

    @property
    def footage(self) -> str:
        """The camera's folder below the footage folder."""
        return f"camera{self.number}"

    @property
    def layout(self) -> str:
        """The vendor whose way of naming files this is."""
        return self.naming.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Theft:
    """A motorbike that stands in box_px (x, y, w, h) of its camera from parked_us on, and has left it at gone_us.

    taken_us is the frame in which it begins to roll. From left_alone_us to touched_us (not included) nobody is near it:
    there the box shows a parked bike and nothing else. taken_frame is counted from the file's first frame, 0.
    """

    camera: int
    box_px: tuple[int, int, int, int]
    parked_us: int
    left_alone_us: int
    touched_us: int
    taken_us: int
    gone_us: int
    file_start_us: int
    taken_frame: int


@dataclass(frozen=True, slots=True)
class WrongClock:
    """A clock that is wrong by a fixed time: at true_us it shows shows_us."""

    camera: int
    true_us: int
    shows_us: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A stretch of a camera that has no file."""

    camera: int
    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Truncated:
    """A file that breaks off: its start, and the share of its bytes that is left, in per cent."""

    camera: int
    start_us: int
    kept_percent: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """The stolen bike on another camera, from coming into its way to leaving it."""

    camera: int
    way: str
    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Road:
    """A way between two cameras, there and back, and how long the office says it takes: at least, at most, seconds."""

    start: int
    end: int
    seconds: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Story:
    """The truth about the afternoon."""

    commune: str
    zone: str
    start_us: int
    end_us: int
    cameras: tuple[CommuneCamera, ...]
    roads: tuple[Road, ...]
    theft: Theft
    sightings: tuple[Sighting, ...]
    wrong_clock: WrongClock
    gap: Missing
    truncated: Truncated


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that moves in a camera's picture: who, and for how long. what is the figure's kind."""

    camera: int
    what: str
    start_us: int
    end_us: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One recording to be written. path is relative to the footage folder, with `/`; camera_* is camera time."""

    camera: int
    path: str
    start_us: int
    end_us: int
    camera_start_us: int
    camera_end_us: int
    kept_percent: int = 100

    @property
    def mtime_us(self) -> int:
        """When the recorder touched it last, by its own clock."""
        return self.camera_start_us + (self.camera_end_us - self.camera_start_us) * self.kept_percent // 100


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that build() makes: the files, in the order in which they are begun, and what moves in them."""

    files: tuple[PlannedFile, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class FileDone:
    """A file that is there, whole, under its name."""

    file: PlannedFile
    size_bytes: int


HIKVISION, DAHUA, XIAOMI, FRIGATE = (
    "%d-%m-%Y %a %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
)

STORY = Story(
    commune="xã Tân Lập",
    zone=ZONE,
    start_us=at("16:45:00"),
    end_us=at("17:15:00"),
    cameras=(
        CommuneCamera(1, "Cổng chào đầu xã", "đầu xã, phía bắc", "arch", "hikvision", 20.9431, 105.5612, HIKVISION),
        CommuneCamera(2, "Ngã tư đường liên xã", "thôn Thượng", "cross", "frigate", 20.9387, 105.5598, FRIGATE),
        CommuneCamera(3, "Chợ Tân Lập", "trung tâm xã", "market", "dahua-export", 20.9349, 105.5590, DAHUA, rate=8),
        CommuneCamera(4, "Trường tiểu học Tân Lập", "thôn Thượng", "school", "xiaomi", 20.9372, 105.5551, XIAOMI),
        CommuneCamera(5, "Cầu Tân Lập", "qua sông, thôn Hạ", "bridge", "dahua-card", 20.9268, 105.5577, DAHUA),
        CommuneCamera(
            6,
            "Đường trục chính",
            "thôn Trung",
            "main",
            "hikvision",
            20.9314,
            105.5584,
            HIKVISION,
            offset_us=-300 * US_PER_S,
        ),
        CommuneCamera(7, "Trạm y tế xã", "thôn Trung", "clinic", "dahua-card", 20.9335, 105.5557, DAHUA),
        CommuneCamera(8, "Nhà văn hóa thôn Đông", "thôn Đông", "hall", "frigate", 20.9342, 105.5648, FRIGATE),
        CommuneCamera(9, "Cổng ra quốc lộ", "cuối xã, phía nam", "highway", "dahua-export", 20.9203, 105.5569, DAHUA),
    ),
    # The road through the commune from north to south, and the lanes off it: between a motorbike at 50 km/h and a
    # bicycle at 8 km/h over the distance of lat and lon, rounded to ten seconds.
    roads=(
        Road(1, 2, (30, 280)),
        Road(2, 3, (30, 200)),
        Road(2, 4, (30, 240)),
        Road(3, 6, (20, 180)),
        Road(3, 7, (20, 170)),
        Road(3, 8, (40, 280)),
        Road(4, 7, (20, 190)),
        Road(5, 6, (30, 240)),
        Road(5, 9, (50, 330)),
        Road(6, 7, (20, 170)),
    ),
    theft=Theft(
        camera=3,
        box_px=(400, 214, 60, 62),
        parked_us=at("16:47:30"),
        left_alone_us=at("16:47:34"),
        touched_us=at("17:03:37"),
        taken_us=at("17:03:42", 3, 8),
        gone_us=at("17:03:45"),
        file_start_us=at("17:00:00"),
        taken_frame=222 * 8 + 3,
    ),
    sightings=(
        Sighting(6, "đi ra", at("17:04:34"), at("17:04:48")),
        Sighting(5, "đi ra", at("17:05:37"), at("17:05:51")),
        Sighting(9, "ra quốc lộ phải", at("17:07:05"), at("17:07:18")),
    ),
    wrong_clock=WrongClock(6, true_us=at("17:00:00"), shows_us=at("16:55:00")),
    gap=Missing(7, at("16:55:00"), at("17:00:00")),
    truncated=Truncated(4, at("17:00:00"), 60),
)

NAMINGS = {
    "hikvision": "ch{c:02d}_{a:%Y%m%d%H%M%S}.mp4",
    "dahua-card": "{a:%Y-%m-%d}/001/dav/{a:%H}/{a:%H.%M.%S}-{b:%H.%M.%S}[R][0@0][0].mp4",
    "dahua-export": "NVR_ch{c}_main_{a:%Y%m%d%H%M%S}_{b:%Y%m%d%H%M%S}.mp4",
    "xiaomi": "{a:%Y%m%d%H}/{a:%M}M{a:%S}S_{epoch}.mp4",
    "frigate": "{u:%Y-%m-%d}/{u:%H}/cam{c}/{u:%M.%S}.mp4",
}
