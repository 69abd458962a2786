"""What every command gets: the global options, the site, the consoles, and the way answers leave."""

import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console, RenderableType

from camtool.cli import jsonout
from camtool.cli.i18n import _, filled, ngettext
from camtool.cli.screen import Globals, console, stop_writing
from camtool.core.model import Camera, Site
from camtool.core.pathtext import printable
from camtool.core.problem import WORDS, Problem
from camtool.core.timetext import for_people
from camtool.errors import EXIT_CLEAN, EXIT_PROBLEMS
from camtool.store.reader import Reader, open_reader
from camtool.store.site import load_site, zone_of
from camtool.store.where import site_meant


@dataclass
class Session:
    """One run of camtool. Answers go to out (stdout), messages and progress to err (stderr)."""

    options: Globals
    out: Console = field(default_factory=console)
    err: Console = field(default_factory=lambda: console(stderr=True))
    problems: int = 0

    @cached_property
    def now_us(self) -> int:
        """The instant of this run, UTC µs, the same throughout; CAMTOOL_NOW (RFC 3339) sets it for rehearsals."""
        if stated := os.environ.get("CAMTOOL_NOW"):
            from camtool.core.timetext import from_rfc3339

            return from_rfc3339(stated)
        return time.time_ns() // 1000

    @cached_property
    def site(self) -> Site:
        """The site meant by --site, CAMTOOL_SITE or the nearest parent folder; raises NoSite, BadSiteFile."""
        return load_site(site_meant(self.options.site))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return zone_of(self.site.timezone)

    @cached_property
    def reader(self) -> Reader:
        """The site's catalog, for reading."""
        return open_reader(self.site)

    @property
    def footage_folders(self) -> tuple[Path, ...]:
        """Where nothing is ever written."""
        return tuple(Path(camera.footage) for camera in self.site.cameras)

    @property
    def json(self) -> bool:
        """True when stdout belongs to one JSON document."""
        return self.options.json

    def time(self, instant_us: int) -> str:
        """Return an instant as people here write it."""
        return for_people(instant_us, self.zone)

    def document(self, content: Mapping[str, Any]) -> None:
        """Write the one JSON document; iterators in it are written as arrays while they run."""
        try:
            jsonout.write(self.out.file, content)
            self.out.file.flush()
        except BrokenPipeError:
            stop_writing(self.out.file)

    def table(self, table: RenderableType) -> None:
        """Print a table at the width of the terminal; where there is none, wide enough for every path."""
        width = None if self.out.is_terminal else 200
        self.out.print(table, width=width, soft_wrap=False)

    def say(self, text: str) -> None:
        """Tell a person something on stderr, unless -q."""
        if not self.options.quiet:
            self.err.print(text)

    def problem(self, problem: Problem, camera: Camera | None = None) -> None:
        """List a Problem on stderr and count it: a run with Problems ends with exit code 3."""
        self.problems += 1
        where = printable(problem.path) if problem.path else ""
        number = camera.number if camera else problem.camera
        whose = _("camera {camera}").format(camera=number) if number is not None else ""
        head = " · ".join(part for part in (whose, where) if part)
        self.err.print(f"! {head}: {words(problem)}" if head else f"! {words(problem)}")

    def finish(self) -> None:
        """End the command: 0 when all is clean, 3 when Problems were listed."""
        if self.problems:
            text = ngettext("{count} problem", "{count} problems", self.problems).format(count=self.problems)
            self.say(text)
        raise typer.Exit(EXIT_PROBLEMS if self.problems else EXIT_CLEAN)


def words(problem: Problem) -> str:
    """Return a Problem in the chosen language."""
    return filled(WORDS[problem.kind], {name: _for_people(value) for name, value in problem.facts.items()})


_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)[+-]\d\d:\d\d")


def _for_people(fact: str | int) -> str | int:
    """Write a time that a Problem holds (RFC 3339, in the site's zone) as people here do, day first."""
    found = _RFC3339.fullmatch(fact) if isinstance(fact, str) else None
    return fact if found is None else f"{found[3]}/{found[2]}/{found[1]} {found[4]}"


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a Problem as JSON holds it: the kind, where, the facts, and the words in the chosen language."""
    return {
        "kind": problem.kind,
        "path": problem.path,
        "camera": problem.camera,
        "facts": dict(problem.facts),
        "message": words(problem),
    }


def problems_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return Problems as JSON holds them."""
    return [problem_json(problem) for problem in problems]
