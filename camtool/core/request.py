"""Requests for footage as an office writes them down: a table, a row each; what its headings and cells mean.

Headings are Vietnamese or English, in any order. A row is read whole: whatever is wrong with it is told at once, each
fault with its row and column, so that a list of a hundred is mended in one go.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from camtool.core.case import KINDS, NUMBER
from camtool.core.model import Span
from camtool.core.phrase import Reading, read_time
from camtool.core.plaintext import NAME_MOST, OFFICER, TITLE, TITLE_MOST, WHY, WHY_MOST, one_line, unmarked
from camtool.core.timetext import for_people
from camtool.errors import (
    BackwardsWindow,
    CamtoolError,
    ColumnMissing,
    ColumnTwice,
    ColumnUnknown,
    NoSuchKind,
    NotACaseNumber,
    RequestTwice,
    UnknownCamera,
    UnreadableCameras,
    UnreadableTime,
    ValueMissing,
    WasMadeADate,
)


class Column(StrEnum):
    """The columns of a list of requests; kind may be left out."""

    CASE = "case"
    CAMERA = "camera"
    FROM = "from"
    TO = "to"
    REASON = "reason"
    OFFICER = "officer"
    KIND = "kind"


# The first of each language is what a template is headed with. Compared without accents, capitals and signs.
HEADINGS: Mapping[Column, tuple[str, str, tuple[str, ...]]] = {
    Column.CASE: ("Hồ sơ", "Case", ("số hồ sơ", "hồ sơ hoặc tên vụ việc", "vụ việc", "vụ án", "case number", "title")),
    Column.CAMERA: (
        "Camera",
        "Camera",
        ("cameras", "camera(s)", "cam", "camera số", "các camera", "máy quay"),
    ),
    Column.FROM: ("Từ", "From", ("từ lúc", "từ giờ", "bắt đầu", "start", "begin")),
    Column.TO: ("Đến", "To", ("đến lúc", "đến giờ", "tới", "kết thúc", "end", "until")),
    Column.REASON: ("Lý do", "Reason", ("lí do", "mục đích", "why", "purpose")),
    Column.OFFICER: ("Cán bộ", "Officer", ("người yêu cầu", "cán bộ yêu cầu", "người thực hiện", "requested by")),
    Column.KIND: ("Loại", "Kind", ("loại vụ việc", "loại hồ sơ", "case kind")),
}
_NEEDED = tuple(column for column in Column if column not in {Column.KIND, Column.OFFICER})
_ALL_CAMERAS = frozenset({"all", "tat ca", "moi camera", "*"})
_ALMOST_A_CASE = re.compile(r"HS[-\s_./]?[0-9].*", re.IGNORECASE)
_NUMBERS = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
# More than any site has; a span of numbers beyond it is a slip of the hand.
_MOST_CAMERAS = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as text. moment: what a spreadsheet holds as a date, by the clock on the wall, without a zone."""

    text: str = ""
    moment: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table; number is the spreadsheet's own, the headings being row 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request. window is true time. case is a case's number; where it is None a case is opened for title."""

    row: int
    case: str | None
    title: str
    kind: str
    cameras: tuple[int, ...]
    window: Span
    reason: str
    officer: str
    readings: tuple[Reading, Reading]

    @property
    def content(self) -> dict[str, object]:
        """What makes it this request and no other, whatever row it stands in and however its times were put."""
        return {
            "case": self.case or self.title,
            "cameras": list(self.cameras),
            "from_us": self.window.start_us,
            "to_us": self.window.end_us,
            "reason": self.reason,
            "officer": self.officer,
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the table, where, and what."""

    row: int
    column: Column | None
    error: CamtoolError


@dataclass(frozen=True, slots=True)
class Known:
    """What the cells are read against.

    case_fault says what is wrong with a case number, or None; officer answers where a row names nobody.
    """

    cameras: tuple[int, ...]
    case_fault: Callable[[str], CamtoolError | None]
    officer: str | None
    now_us: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Requests:
    """A table that was read: either faults, or a request for each row. unused are headings that mean nothing here."""

    requests: tuple[Request, ...]
    faults: tuple[Fault, ...]
    unused: tuple[str, ...] = ()


def read_requests(rows: Sequence[Row], known: Known) -> Requests:
    """Read a whole table, headings first; rows without any text are passed over, above the headings too."""
    told = [row for row in rows if any(cell.text for cell in row.cells)]
    head, *body = told or [Row(1, ())]
    places, unused, faults = columns_of(head)
    requests: list[Request] = []
    if not faults:
        seen: dict[str, int] = {}
        for row in body:
            read = _Reader(row, places, known)
            request = read.request()
            if request is not None:
                first = seen.setdefault(repr(request.content), row.number)
                if first != row.number:
                    read.faults.append(Fault(row.number, None, RequestTwice(other=first)))
                requests.append(request)
            faults += read.faults
    return Requests(() if faults else tuple(requests), tuple(faults), unused)


def columns_of(head: Row) -> tuple[dict[Column, int], tuple[str, ...], list[Fault]]:
    """Return where each column is, which headings mean nothing, and what is wrong with the headings."""
    places: dict[Column, int] = {}
    unused: list[str] = []
    faults: list[Fault] = []
    for place, cell in enumerate(head.cells):
        column = _MEANINGS.get(bare(cell.text))
        if column is None:
            unused += [cell.text] if cell.text else []
        elif column in places:
            faults.append(Fault(head.number, column, ColumnTwice(heading=cell.text)))
        else:
            places[column] = place
    missing = [column for column in _NEEDED if column not in places]
    faults += [Fault(head.number, column, ColumnMissing(column=HEADINGS[column][0])) for column in missing]
    if missing and unused:
        faults.append(Fault(head.number, None, ColumnUnknown(headings=", ".join(unused))))
    return places, tuple(unused), faults


def bare(text: str) -> str:
    """Return a heading without accents, capitals, signs and spaces beyond one."""
    return " ".join(re.sub(r"[\W_]+", " ", unmarked(text.casefold())).split())


_MEANINGS = {bare(name): column for column, (vi, en, more) in HEADINGS.items() for name in (vi, en, *more, str(column))}


class _Reader:
    """Reads one row and gathers its faults."""

    def __init__(self, row: Row, places: Mapping[Column, int], known: Known) -> None:
        self.row, self.places, self.known = row, places, known
        self.faults: list[Fault] = []

    def request(self) -> Request | None:
        """Return the request, or None where it has faults."""
        case, title = self._case()
        kind = self._kind()
        cameras = self._cameras()
        start, end = self._time(Column.FROM), self._time(Column.TO)
        reason = self._words(Column.REASON, WHY, WHY_MOST)
        officer = self._words(Column.OFFICER, OFFICER, NAME_MOST, self.known.officer)
        if start is not None and end is not None and end.end_us <= start.start_us:
            zone = self.known.zone
            texts = {"start": for_people(start.start_us, zone), "end": for_people(end.end_us, zone)}
            self._fault(Column.TO, BackwardsWindow(**texts))
        if self.faults or start is None or end is None:
            return None
        window = Span(start.start_us, end.end_us)
        return Request(self.row.number, case, title, kind, cameras, window, reason, officer, (start, end))

    def _cell(self, column: Column) -> Cell:
        place = self.places.get(column)
        return self.row.cells[place] if place is not None and place < len(self.row.cells) else Cell()

    def _fault(self, column: Column, error: CamtoolError) -> None:
        self.faults.append(Fault(self.row.number, column, error))

    def _words(self, column: Column, what: str, most: int, otherwise: str | None = None) -> str:
        text = self._cell(column).text or otherwise or ""
        if not text:
            self._fault(column, ValueMissing())
            return ""
        try:
            return one_line(text, what, most)
        except CamtoolError as error:
            self._fault(column, error)
            return ""

    def _case(self) -> tuple[str | None, str]:
        text = self._cell(Column.CASE).text
        number = text.upper()
        if NUMBER.fullmatch(number):
            error = self.known.case_fault(number)
            if error is not None:
                self._fault(Column.CASE, error)
            return number, ""
        if _ALMOST_A_CASE.fullmatch(text):
            self._fault(Column.CASE, NotACaseNumber(text=text))
            return None, ""
        return None, self._words(Column.CASE, TITLE, TITLE_MOST)

    def _kind(self) -> str:
        text = self._cell(Column.KIND).text
        if not text:
            return "other"
        kind = kind_of(text)
        if kind is None:
            self._fault(Column.KIND, NoSuchKind(text=text, known=", ".join(KINDS)))
        return kind or ""

    def _cameras(self) -> tuple[int, ...]:
        cell = self._cell(Column.CAMERA)
        if cell.moment is not None:
            self._fault(Column.CAMERA, WasMadeADate(text=cell.text))
            return ()
        if not cell.text:
            self._fault(Column.CAMERA, ValueMissing())
            return ()
        if bare(cell.text) in _ALL_CAMERAS or cell.text == "*":
            return self.known.cameras
        try:
            numbers = camera_numbers(cell.text)
        except CamtoolError as error:
            self._fault(Column.CAMERA, error)
            return ()
        for number in numbers:
            if number not in self.known.cameras:
                self._fault(Column.CAMERA, UnknownCamera(camera=number, known=", ".join(map(str, self.known.cameras))))
        return tuple(sorted(set(numbers)))

    def _time(self, column: Column) -> Reading | None:
        cell = self._cell(column)
        text = cell.text if cell.moment is None else moment_text(cell.moment)
        if not text:
            self._fault(column, ValueMissing())
            return None
        try:
            return read_time(text, now_us=self.known.now_us, zone=self.known.zone)
        except UnreadableTime as error:
            self._fault(column, error)
            return None


# Kinds in both languages: the log's own words, and what an office would write.
_KINDS = {bare(kind): kind for kind in KINDS} | {
    bare(text): kind
    for kind, texts in {
        "theft": ("trộm cắp", "trộm", "mất trộm"),
        "robbery": ("cướp tài sản", "cướp", "cướp giật"),
        "assault": ("cố ý gây thương tích", "gây thương tích", "đánh nhau"),
        "damage": ("hủy hoại tài sản", "damage to property"),
        "disorder": ("gây rối trật tự công cộng", "gây rối", "public disorder"),
        "traffic": (
            "giao thông",
            "tai nạn giao thông",
            "vi phạm giao thông",
            "tai nạn hoặc vi phạm giao thông",
            "traffic accident or violation",
        ),
        "fire": ("cháy", "cháy nổ"),
        "missing": ("người mất tích", "mất tích", "missing person"),
        "other": ("khác",),
    }.items()
    for text in texts
}


def kind_of(text: str) -> str | None:
    """Return the kind of case that a word of either language means, with accents or without, or None."""
    return _KINDS.get(bare(text))


def camera_numbers(text: str) -> list[int]:
    """Read `3`, `3,5`, `3;5`, `3 5` or `1-4`. Raises UnreadableCameras."""
    joined = re.sub(r"\s*[-\u2013]\s*", "-", text.strip())
    numbers: list[int] = []
    for part in re.split(r"[\s,;]+", joined):
        found = _NUMBERS.fullmatch(part)
        if found is None:
            raise UnreadableCameras(text=text)
        first, last = int(found[1]), int(found[2] or found[1])
        if not first <= last < first + _MOST_CAMERAS:
            raise UnreadableCameras(text=text)
        numbers += range(first, last + 1)
    return numbers


def moment_text(moment: dt.datetime) -> str:
    """Write a spreadsheet's date as the phrase it is read by. Excel counts days as a float: whole seconds are meant."""
    rounded = moment + dt.timedelta(milliseconds=500)
    return f"{rounded:%d/%m/}{rounded.year:04d} {rounded:%H:%M:%S}"
