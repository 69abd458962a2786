"""`camtool batch`: a list of requests, a sealed package for each row."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.casework import Officer, as_typed, is_rehearsal
from camtool.cli.i18n import _, filled
from camtool.cli.outcomes import in_every_language
from camtool.cli.passphrase import PassphraseFd, passphrase
from camtool.cli.session import Session, words
from camtool.core.pathtext import printable
from camtool.core.timetext import rfc3339
from camtool.errors import CamtoolError, MissingValue, RequestsUnfit, mark
from camtool.evidence.content import in_fours

if TYPE_CHECKING:
    from camtool.core.request import Requests
    from camtool.evidence.keys import SiteKey
    from camtool.evidence.sealing import Stamp
    from camtool.jobs.batch_row import Outcome, Trouble

app = command_app()

# The headings of core.request, by their columns.
HEADINGS = {
    "case": mark("Case"),
    "camera": mark("Camera"),
    "from": mark("From"),
    "to": mark("To"),
    "reason": mark("Reason"),
    "officer": mark("Officer"),
    "kind": mark("Kind"),
}
DONE, FAILED, KEPT = mark("done"), mark("failed"), mark("done before")


@dataclass(frozen=True, slots=True)
class SiteKeyAt:
    """Opens the site's key, here or in a worker; two of the same content are one."""

    folder: Path
    passphrase: str = field(repr=False)
    now_us: int

    def __call__(self) -> "SiteKey":
        """Open it. Raises NoKey, WrongPassphrase, KeyExpired, KeyDamaged."""
        from camtool.evidence.keys import open_key

        return open_key(self.folder, self.passphrase, now_us=self.now_us)


@app.command(
    cls=Command,
    help=_(
        "Make a sealed package for each row of a list of requests: CSV or XLSX, headings in Vietnamese or English. "
        "Every row is checked before anything is written. What became of each row is in DIR/results.csv; run again, it "
        "skips what is done. --template writes an empty list."
    ),
    epilog="  camtool batch yeu-cau.xlsx -o /media/usb/vks\n  camtool batch --template yeu-cau.xlsx",
)
def batch(
    ctx: typer.Context,
    requests: Annotated[Path | None, typer.Argument(metavar="F", help=_("the list: .csv or .xlsx"))] = None,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help=_("where the packages go; made if need be"))
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="F", help=_("write an empty list: .csv or .xlsx"))
    ] = None,
    timestamp: Annotated[
        str | None,
        typer.Option(
            "--timestamp", metavar="T", help=_("RFC 3161: the authority's address, or a configuration of openssl ts")
        ),
    ] = None,
    officer: Officer = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Read the list, check it, make the packages, tell."""
    from camtool.evidence.keys import KEYS_FOLDER, current
    from camtool.jobs.stamp import stamper

    session: Session = ctx.obj
    if template is not None:
        _template(session, template)
        return
    if requests is None or out is None:
        raise MissingValue(command="camtool batch", parameter="F" if requests is None else "--output")
    read = _checked(session, requests, officer)
    stamp = None if timestamp is None else stamper(timestamp)
    # What needs no passphrase is refused before one is asked for.
    current(Path(session.site.folder, KEYS_FOLDER))
    secret = passphrase(session, passphrase_fd, command="camtool batch")
    # An authority of openssl's own counts its stamps in one file, which two processes must not write.
    alone = timestamp is not None and "://" not in timestamp
    _tell(session, out, _made(session, read, out, secret, stamp, alone))
    session.finish()


def _template(session: Session, path: Path) -> None:
    from camtool.jobs.batch_table import write_template

    write_template(path, [_(heading) for heading in HEADINGS.values()])
    if session.json:
        session.document({"path": str(path)})
    else:
        session.out.print(printable(str(path)))


def _checked(session: Session, path: Path, officer: str | None) -> "Requests":
    """Read the list. Raises RequestsUnfit when every fault has been told, NoOfficer never: a row may name one."""
    from camtool.core.request import Known, read_requests
    from camtool.errors import NoOfficer
    from camtool.jobs.batch import case_fault
    from camtool.jobs.batch_table import read_table
    from camtool.jobs.case import doer_of

    try:
        answers = doer_of(session.site, officer).officer
    except NoOfficer:
        answers = None
    known = Known(
        cameras=tuple(camera.number for camera in session.site.cameras),
        case_fault=lambda number: case_fault(session.site, number),
        officer=answers,
        now_us=session.now_us,
        zone=session.zone,
    )
    read = read_requests(read_table(path), known)
    for fault in read.faults:
        where = _("row {row}").format(row=fault.row)
        if fault.column is not None:
            where = _("row {row}, {column}").format(row=fault.row, column=_(HEADINGS[fault.column]))
        session.err.print(f"! {where}: {_words(fault.error)}")
    if read.faults:
        raise RequestsUnfit(count=len(read.faults))
    if read.unused:
        session.say(_("not used: {headings}").format(headings=printable(", ".join(read.unused))))
    for reading in dict.fromkeys(reading for request in read.requests for reading in request.readings):
        options.explain(session, reading)
    return read


def _words(error: "Trouble") -> str:
    if not isinstance(error, CamtoolError):
        return words(error)
    return printable(filled(error.message, error.facts))


def _made(
    session: Session, read: "Requests", out: Path, secret: str, stamp: "Stamp | None", alone: bool
) -> "list[Outcome]":
    """Make the packages, the bar moving; what was made is told of even where the run is interrupted."""
    from camtool.cli.progress import Bar
    from camtool.evidence.keys import KEYS_FOLDER
    from camtool.jobs.batch import batch
    from camtool.jobs.batch_row import Order

    order = Order(
        site=session.site,
        out=out.absolute(),
        opened=SiteKeyAt(Path(session.site.folder, KEYS_FOLDER), secret, session.now_us),
        command=as_typed(session),
        stamp=stamp,
        now_us=session.now_us if is_rehearsal() else None,
        outcomes=in_every_language,
    )
    made: list[Outcome] = []
    with Bar(session, _("packaging"), len(read.requests)) as bar:
        running = batch(order, read.requests, _words, jobs=1 if alone else min(2, os.cpu_count() or 1))
        try:
            for outcome in running:
                made.append(outcome)
                bar.step()
        finally:
            running.close()
    return sorted(made, key=lambda outcome: outcome.request.row)


def _tell(session: Session, out: Path, outcomes: "list[Outcome]") -> None:
    from camtool.jobs.batch_results import NAME

    session.problems += sum(len(each.troubles) or (each.status == "failed") for each in outcomes)
    if session.json:
        session.document({"results": str(out / NAME), "rows": [_json(session, each) for each in outcomes]})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in (_("row"), _("status"), _("package"), _("package hash")):
        table.add_column(heading, overflow="fold")
    for each in outcomes:
        table.add_row(str(each.request.row), _(_status(each)), printable(each.package), in_fours(each.sha256))
    session.table(table)
    for each in outcomes:
        for trouble in each.troubles:
            where = _("row {row}").format(row=each.request.row)
            session.err.print(f"! {where}: {_words(trouble)}")
    session.out.print(printable(str(out / NAME)))


def _status(outcome: "Outcome") -> str:
    if outcome.status != "done":
        return FAILED
    return KEPT if outcome.kept else DONE


def _json(session: Session, outcome: "Outcome") -> dict[str, Any]:
    request = outcome.request
    return {
        "row": request.row,
        "status": str(outcome.status),
        "kept": outcome.kept,
        "case": outcome.case or None,
        "package": outcome.package or None,
        "sha256": outcome.sha256 or None,
        "cameras": list(request.cameras),
        "from": rfc3339(request.window.start_us, session.zone),
        "to": rfc3339(request.window.end_us, session.zone),
        "messages": [_words(trouble) for trouble in outcome.troubles],
    }
