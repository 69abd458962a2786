"""What every command that touches a case has in common: who does it and why, and how hashes are shown."""

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from camtool.cli.i18n import _
from camtool.cli.session import Session

if TYPE_CHECKING:
    from camtool.jobs.case import Doer
    from camtool.jobs.case_cut import Exhibit

Officer = Annotated[
    str | None,
    typer.Option(
        "--officer", metavar="T", help=_("who answers for it; else CAMTOOL_OFFICER, else site.toml's officer")
    ),
]
Why = Annotated[str, typer.Option("--why", metavar="T", help=_("why it is done, for the custody log"))]
Number = Annotated[str, typer.Argument(metavar="CASE", help=_("the case's number, such as HS-2026-0001"))]
CaseOption = Annotated[
    str | None, typer.Option("--case", metavar="CASE", help=_("put it into this case, with a row in its custody log"))
]
# Where a rehearsal sets the time, the log says so: the variable stands before the command, as a shell writes it.
_NOW = "CAMTOOL_NOW"


def doer(session: Session, officer: str | None, why: str) -> "Doer":
    """Return who does it, with the command as it was typed. Raises NoOfficer, UnfitText."""
    from camtool.evidence.custody_log import wall_clock_us
    from camtool.jobs.case import doer_of

    stated = os.environ.get(_NOW)
    clock = (lambda: session.now_us) if stated else wall_clock_us
    command = (*((f"{_NOW}={stated}",) if stated else ()), *session.options.words)
    return doer_of(session.site, officer, why, command, clock)


def number(text: str) -> str:
    """Return a case's number as it is written: HS-2026-0001."""
    return text.strip().upper()


def grouped(digits: str) -> str:
    """Return hexadecimal digits in groups of four, as they are read out and compared with paper."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def case_json(exhibit: "Exhibit | None") -> dict[str, Any]:
    """Return what JSON says of an exhibit besides what it would say anyway; nothing without a case."""
    if exhibit is None:
        return {}
    item = exhibit.item
    return {
        "case": item.entry.case,
        "item": item.id,
        "case_path": item.object.path,
        "entry": item.entry.n,
        "stream_sha256": item.facts.get("stream_hash", {}).get("sha256"),
    }


def show_exhibit(session: Session, exhibit: "Exhibit | None") -> None:
    """Tell a person where an exhibit is in its case."""
    if exhibit is None:
        return
    item = exhibit.item
    text = _("  in case {case} as item {item}: {path}")
    session.out.print(text.format(case=item.entry.case, item=item.id, path=item.object.path))
