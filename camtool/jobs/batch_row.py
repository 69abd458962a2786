"""One row of a batch: its clips cut into their case, and a package of them. What runs in a worker.

Whoever waits for the workers loads neither libav nor the letters: what needs them is imported where it is used.
"""

import gc
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from camtool.core.case import Item, Role
from camtool.core.model import PLAYABLE, Camera, Site
from camtool.core.problem import Problem
from camtool.core.request import Request
from camtool.core.timetext import for_people, rfc3339
from camtool.errors import AlreadyInCase, Bug, CamtoolError, CannotGoOn, NothingRecorded, OutputExists
from camtool.evidence.custody_log import wall_clock_us
from camtool.evidence.sealing import Signer, Stamp
from camtool.jobs.batch_results import Status
from camtool.jobs.case import Doer, read_case
from camtool.jobs.search import CameraSearch, search
from camtool.media.hash import Remembered
from camtool.store.reader import Reader, open_reader
from camtool.store.site import camera_of, zone_of

if TYPE_CHECKING:
    from camtool.jobs.case_cut import CutReady
    from camtool.jobs.package import Outcomes
    from camtool.media.framehash import LikeFfmpeg

Trouble = CamtoolError | Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request. kept: it was done by an earlier run. troubles: why it failed, or what is missing."""

    request: Request
    status: Status
    case: str = ""
    package: str = ""
    sha256: str = ""
    kept: bool = False
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What every row of a run has in common, small enough to be sent to another process. out is absolute.

    opened opens the site's key; it is compared by what it holds, so that a worker opens the key once. now_us stands in
    for the clock of a rehearsal.
    """

    site: Site
    out: Path
    opened: Callable[[], Signer]
    command: tuple[str, ...]
    stamp: Stamp | None = None
    now_us: int | None = None
    outcomes: "Outcomes | None" = None

    def doer(self, request: Request) -> Doer:
        """Return who does it and why, as the row says."""
        clock = wall_clock_us if self.now_us is None else partial(int, self.now_us)
        return Doer(request.officer, request.reason, self.command, clock)


@dataclass(frozen=True, slots=True)
class Task:
    """Rows of one case, in order."""

    order: Order
    case: str
    requests: tuple[Request, ...]


def package_name(case: str, request: Request) -> str:
    """Return the name of a row's package."""
    return f"{case}_{request.row:03d}"


def searched(order: Order, reader: Reader, request: Request, number: int) -> CameraSearch:
    """Search one camera of a row."""
    return search(reader, camera_of(order.site, number), request.window)


def is_recorded(found: CameraSearch) -> bool:
    """Whether there is anything to cut."""
    return any(seen.recording.state in PLAYABLE for seen in found.recordings())


def nothing_of(found: CameraSearch, order: Order) -> NothingRecorded:
    """Return the error that says so of a camera."""
    zone = zone_of(order.site.timezone)
    start, end = (for_people(us, zone) for us in (found.window.start_us, found.window.end_us))
    return NothingRecorded(camera=found.camera.number, start=start, end=end, when=start)


@cache
def _signer(opened: Callable[[], Signer]) -> Signer:
    return opened()


@cache
def _hashing() -> Remembered:
    return Remembered()


@cache
def _framehash() -> "LikeFfmpeg":
    from camtool.media.framehash import LikeFfmpeg

    return LikeFfmpeg()


def ready(order: Order) -> None:
    """Load what a row needs, and make what is the same for all rows; a worker does so while the rows are planned."""
    from camtool.evidence.lettering import lettering
    from camtool.jobs import case_cut, package  # noqa: F401

    _signer(order.opened)
    lettering()
    gc.freeze()  # what was loaded stays: else it is gone through again and again for rubbish, 4 % of a row


def work(task: Task) -> list[Outcome]:
    """Make the packages of one case's rows, one after another."""
    return [_row(task.order, task.case, request) for request in task.requests]


def _row(order: Order, case: str, request: Request) -> Outcome:
    """Cut a row's clips into its case and seal them; whatever goes wrong is its outcome."""
    from camtool.jobs.package import package  # loads libav and the letters, which only a worker needs

    name = package_name(case, request)
    try:
        if (order.out / name).exists():
            raise OutputExists(path=order.out / name)
        items, troubles = _clips(order, case, request)
        report = package(
            order.site,
            case,
            order.out,
            _signer(order.opened),
            order.doer(request),
            items=items,
            name=name,
            stamp=order.stamp,
            outcomes=order.outcomes,
        )
    except Exception as error:
        return Outcome(request, Status.FAILED, case, troubles=(told(error),))
    return Outcome(request, Status.DONE, case, name, report.sha256, troubles=(*troubles, *report.problems))


def told(error: Exception) -> CamtoolError:
    """Return what a row is told to have failed of."""
    if isinstance(error, CamtoolError):
        return error
    if isinstance(error, OSError):
        return CannotGoOn(detail=f"{error.filename or ''}: {error.strerror}")
    return Bug(detail=f"{type(error).__name__}: {error}")


def _clips(order: Order, case: str, request: Request) -> tuple[list[int], list[Trouble]]:
    """Cut what was recorded, and return the items and what is missing; a clip that is in the case is used again.

    All of a row's clips are cut before the first of them enters the case: a row that fails leaves none there.
    """
    from camtool.jobs.case_cut import cut_ready

    reader = open_reader(order.site)
    zone = zone_of(order.site.timezone)
    items: list[int] = []
    troubles: list[Trouble] = []
    with ExitStack() as stages:
        cuts: list[CutReady] = []
        for number in request.cameras:
            found = searched(order, reader, request, number)
            if not is_recorded(found):
                troubles.append(nothing_of(found, order))
            elif (there := _there(order.site, case, found.camera, request)) is not None:
                items.append(there.id)
            else:
                cutting = cut_ready(
                    order.site,
                    case,
                    found.camera,
                    [seen.recording for seen in found.recordings()],
                    found.clock.span_to_camera(request.window),
                    found.clock,
                    order.doer(request),
                    zone=zone,
                    hash_source=_hashing(),
                    framehash=_framehash(),
                )
                cuts.append(stages.enter_context(cutting))
        for ready in cuts:
            try:
                report, exhibit = ready.enter()
            except AlreadyInCase as error:  # the same groups of pictures, asked for by another span
                ready.refuse(error)
                items.append(int(str(error.facts["item"])))
            else:
                items.append(exhibit.item.id)
                troubles += report.problems
    return items, troubles


def _there(site: Site, case: str, camera: Camera, request: Request) -> Item | None:
    """Return the clip of this camera and window that the case has already."""
    zone = zone_of(site.timezone)
    wanted = {"from": rfc3339(request.window.start_us, zone), "to": rfc3339(request.window.end_us, zone)}
    for item in read_case(site, case).case.items:
        of_camera = dict(item.facts.get("camera") or {}).get("number") == camera.number
        if item.role is Role.EXTRACT and of_camera and item.facts.get("requested") == wanted:
            return item
    return None
