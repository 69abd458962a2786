"""`camtool index`: find, examine and record what the recorders wrote."""

import os
import time
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from camtool.cli import options, words
from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _, ngettext
from camtool.cli.session import Session, problem_json

if TYPE_CHECKING:
    from camtool.jobs.entry import Seen

app = command_app()

# The JSON answer holds so many Problems of one run; `camtool --json camera show N` streams all there are.
PROBLEMS_LISTED = 10_000


class HashMode(StrEnum):
    """Which files are hashed after the index is up to date."""

    NONE = "none"
    NEW = "new"
    ALL = "all"


@app.command(
    cls=Command,
    help=_("Bring the catalog up to date with the footage folders. May be stopped at any time and run again."),
)
def index(
    ctx: typer.Context,
    camera: options.Cameras = None,
    hash_: Annotated[
        HashMode,
        typer.Option("--hash", help=_("SHA-256: none, of files that have none yet, or of all again, compared")),
    ] = HashMode.NONE,
    jobs: Annotated[int, typer.Option("--jobs", metavar="K", help=_("processes at work"), min=1)] = os.cpu_count() or 1,
) -> None:
    """Index, then hash."""
    from camtool.cli.progress import Bar
    from camtool.engines.local import LocalRunner
    from camtool.jobs.hashing import fill_hashes
    from camtool.jobs.index import index as run
    from camtool.jobs.walk import count_files
    from camtool.store.catalog import Catalog
    from camtool.store.lock import only_writer

    session: Session = ctx.obj
    cameras = options.cameras(session, camera, everyone=not camera)
    tally = Tally(session)
    started = time.monotonic()
    with only_writer(session.site, "index"):
        catalog = Catalog.open(session.site)
        try:
            total = sum(count_files(Path(each.footage)) for each in cameras) if Bar.wanted(session) else 0
            with Bar(session, _("indexing"), total) as bar:
                run(session.site, catalog, cameras, LocalRunner(jobs), tally.through(bar), session.now_us)
            if hash_ is not HashMode.NONE:
                with Bar(session, _("hashing"), None) as bar:
                    fill_hashes(catalog, cameras, hash_ is HashMode.ALL, tally.through(bar), session.now_us)
        finally:
            catalog.close()
    tally.show(time.monotonic() - started)
    session.finish()


class Tally:
    """Counts what the run saw and lists its Problems as they come."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.fates: Counter[str] = Counter()
        self.states: Counter[str] = Counter()
        self.problems: list[dict[str, Any]] = []

    def through(self, bar: Any) -> Any:
        """Return the report function of a job: counts, lists and moves the bar."""

        def report(seen: "Seen") -> None:
            if seen.fate is not None:
                self.fates[seen.fate] += 1
            if seen.state is not None:
                self.states[seen.state] += 1
            for problem in seen.problems:
                placed = problem.of(seen.path, seen.camera)
                if not self.session.json:
                    self.session.problem(placed)
                    continue
                self.session.problems += 1
                if len(self.problems) < PROBLEMS_LISTED:
                    self.problems.append(problem_json(placed))
            bar.step(seen)

        return report

    def show(self, wall_s: float) -> None:
        """Print the figures of the run."""
        files = sum(count for fate, count in self.fates.items() if fate not in ("hashed", "missing"))
        if self.session.json:
            self.session.document(
                {
                    "files": files,
                    "fates": dict(self.fates),
                    "states": dict(self.states),
                    "problems": self.problems,
                    "problems_total": self.session.problems,
                    "wall_s": round(wall_s, 3),
                }
            )
            return
        out = self.session.out
        text = ngettext("{files} file in {seconds} s", "{files} files in {seconds} s", files)
        out.print(text.format(files=files, seconds=f"{wall_s:.1f}"))
        for fate, count in self.fates.items():
            out.print(f"  {words.fate(fate)}: {count}")
