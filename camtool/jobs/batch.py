"""`batch`: a package for each row of a list of requests.

Everything that can be refused is refused before the first byte is written. Then the rows of each case run one after
another, because a case's log has one writer; different cases run beside each other. A row that fails does not stop the
others. A row is done when its package is sealed; results.csv says so, and the case's own log, by which a run that was
killed between the two is understood.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from camtool.core.case import Act
from camtool.core.custody import Entry
from camtool.core.model import Site
from camtool.core.request import Request
from camtool.engines import Runner
from camtool.engines.local import LocalRunner, SerialRunner
from camtool.errors import CamtoolError, CaseClosed, OutputExists, PackageChanged
from camtool.evidence.bag import SHEET_ENDING, TAG_MANIFEST
from camtool.jobs.batch_results import NAME, Result, Status, mark_of, read_results, write_results
from camtool.jobs.batch_row import (
    Order,
    Outcome,
    Task,
    Trouble,
    is_recorded,
    nothing_of,
    package_name,
    ready,
    searched,
    told,
    work,
)
from camtool.jobs.case import keep_out_of_cases, open_case, read_case
from camtool.jobs.keep_out import keep_out
from camtool.media.hash import sha256_of
from camtool.media.whole_folder import made_folder
from camtool.store.reader import open_reader

# Below this many cases the workers' start (about 1 s) costs more than a second core saves.
_FEWEST_CASES = 6


def case_fault(site: Site, number: str) -> CamtoolError | None:
    """Return why nothing can be added to a case, or None."""
    try:
        file = read_case(site, number)
    except CamtoolError as error:
        return error
    return None if file.case.is_open else CaseClosed(case=number)


def batch(
    order: Order, requests: Sequence[Request], words: Callable[[Trouble], str], *, jobs: int = 2
) -> Generator[Outcome, None, None]:
    """Make a package for each request, and yield what became of it as it is known; results.csv is kept up to date.

    words puts a trouble into the language of whoever reads results.csv. Raises InsideFootage, InsideCase, NotATable,
    NoSuchFolder, NotAllowed, and whatever opening the key raises, before anything is written.
    """
    keep_out(order.out / NAME, [Path(camera.footage) for camera in order.site.cameras])
    keep_out_of_cases(order.site, order.out / NAME)
    order.opened()
    known = read_results(order.out)
    with made_folder(order.out):
        yield from _batch(order, requests, known, words, jobs)


def _batch(
    order: Order, requests: Sequence[Request], known: dict[str, Result], words: Callable[[Trouble], str], jobs: int
) -> Iterator[Outcome]:
    book = _Book(order.out, known, words)
    left: list[Request] = []
    for request in requests:
        kept = _kept(order, request, known.get(mark_of(request)))
        if kept is None:
            left.append(request)
        else:
            book.write(kept)
            yield kept
    tasks: list[Task] = []
    workers = LocalRunner(jobs)
    if len({(request.case, request.title) for request in left}) >= _FEWEST_CASES:
        workers.start(ready, order)
    try:
        for outcome in _planned(order, left, known, book, tasks):
            book.write(outcome)
            yield outcome
        book.save()  # the plan: a killed run is understood by it
        try:
            yield from _run(tasks, book, workers)
        finally:
            book.save(settled=True)
    finally:
        workers.end()


def _run(tasks: Sequence[Task], book: "_Book", workers: LocalRunner) -> Iterator[Outcome]:
    runner: Runner = workers if len(tasks) >= _FEWEST_CASES else SerialRunner()
    single = tasks if len(tasks) >= _FEWEST_CASES else [_one(task, each) for task in tasks for each in task.requests]
    for task, result in runner.map(work, single):
        if isinstance(result, Exception):
            result = [Outcome(each, Status.FAILED, task.case, troubles=(told(result),)) for each in task.requests]
        for outcome in result:
            book.write(outcome)
            yield outcome
        book.save()


def _one(task: Task, request: Request) -> Task:
    return replace(task, requests=(request,))


class _Book:
    """What goes into results.csv."""

    def __init__(self, folder: Path, known: Mapping[str, Result], words: Callable[[Trouble], str]) -> None:
        self.folder, self.words = folder, words
        self.results = dict(known)

    def write(self, outcome: Outcome) -> None:
        """Take note of an outcome."""
        request = outcome.request
        message = "; ".join(self.words(each) for each in outcome.troubles)
        result = Result(
            request.row, outcome.case, outcome.package, outcome.sha256, outcome.status, message, mark_of(request)
        )
        self.results[result.request] = result

    def begun(self, request: Request, case: str) -> None:
        """Take note that a row is under way."""
        self.write(Outcome(request, Status.BEGUN, case, package_name(case, request)))

    def save(self, *, settled: bool = False) -> None:
        """Write results.csv. Raises OSError."""
        write_results(self.folder, self.results.values(), settled=settled)


def _kept(order: Order, request: Request, known: Result | None) -> Outcome | None:
    """Return what an earlier run made of a request, or None where it has to be done (again)."""
    if known is None or not known.package:
        return None
    folder = order.out / known.package
    if not (folder.is_dir() and folder.with_name(f"{known.package}{SHEET_ENDING}").is_file()):
        return None
    try:
        found = sha256_of(folder / TAG_MANIFEST)
    except OSError:
        found = ""
    made = Outcome(request, Status.DONE, known.case, known.package, found, kept=True)
    if found == known.sha256:
        return made
    if known.status is Status.BEGUN and _sealed(order.site, known.case, known.package, found):
        return made
    return replace(made, status=Status.FAILED, sha256=known.sha256, troubles=(PackageChanged(path=folder),))


def _sealed(site: Site, case: str, name: str, sha256: str) -> bool:
    """Whether a case's log says that this package was sealed with this hash."""

    def says(row: Entry) -> bool:
        return row.act == Act.SEAL and row.ok and row.object is not None and row.object.sha256 == sha256

    try:
        return any(says(row) and row.facts.get("package") == name for row in read_case(site, case).entries)
    except CamtoolError:
        return False


def _planned(
    order: Order, requests: Sequence[Request], known: Mapping[str, Result], book: _Book, tasks: list[Task]
) -> Iterator[Outcome]:
    """Gather the rows of each case into tasks, opening the cases that are new; yield the rows that cannot be done.

    A title opens one case for all its rows, and none where nothing was recorded for any of them. Rows of a title that
    an earlier run opened a case for go into that case.
    """
    reader = open_reader(order.site)
    rows: dict[tuple[str | None, str], list[Request]] = {}
    for request in requests:
        target = order.out / package_name(request.case or "?", request)
        if request.case is not None and target.exists():
            yield Outcome(request, Status.FAILED, request.case, troubles=(OutputExists(path=target),))
            continue
        found = [searched(order, reader, request, number) for number in request.cameras]
        if any(is_recorded(each) for each in found):
            rows.setdefault((request.case, request.title), []).append(request)
        else:
            troubles = tuple(nothing_of(each, order) for each in found)
            yield Outcome(request, Status.FAILED, request.case or "", troubles=troubles)
    earlier = _cases_of_titles(order.site, known)
    for (case, title), each in rows.items():
        number = case or earlier.get(title)
        if number is None:
            number = open_case(order.site, title, each[0].kind, order.doer(each[0])).case.number
        for request in each:
            book.begun(request, number)
        tasks.append(Task(order, number, tuple(each)))


def _cases_of_titles(site: Site, known: Mapping[str, Result]) -> dict[str, str]:
    """Return the open cases that earlier runs into this folder used, by their titles."""
    found = {}
    for number in sorted({result.case for result in known.values() if result.case}):
        try:
            file = read_case(site, number)
        except CamtoolError:
            continue
        if file.case.is_open:
            found[file.case.title] = number
    return found
