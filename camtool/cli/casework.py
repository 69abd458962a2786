"""What every command that touches a case has in common: who does it, why, and by which command."""

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

    clock = (lambda: session.now_us) if is_rehearsal() else wall_clock_us
    return doer_of(session.site, officer, why, as_typed(session), clock)


def is_rehearsal() -> bool:
    """Whether CAMTOOL_NOW sets the time."""
    return bool(os.environ.get(_NOW))


def as_typed(session: Session) -> tuple[str, ...]:
    """Return the command as it was typed, with the variable that sets the time of a rehearsal."""
    stated = os.environ.get(_NOW)
    return (*((f"{_NOW}={stated}",) if stated else ()), *session.options.words)


def number(text: str) -> str:
    """Return a case's number as it is written: HS-2026-0001."""
    return text.strip().upper()


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
