"""`camtool case`: incidents, what belongs to them, and the custody log of each."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from camtool import errors
from camtool.cli.app import Command, command_app
from camtool.cli.casework import Number, Officer, Why, doer, number
from camtool.cli.i18n import _, filled, ngettext
from camtool.cli.session import Session
from camtool.core.case import KINDS, ROLES, Act, Item, Role
from camtool.core.custody import FAILED, Entry, row_of
from camtool.core.model import US_PER_S
from camtool.core.pathtext import printable
from camtool.core.request import kind_of
from camtool.core.timetext import from_rfc3339
from camtool.errors import EXIT_INTEGRITY, EXIT_PROBLEMS, CamtoolError, mark
from camtool.evidence.content import in_fours

if TYPE_CHECKING:
    from camtool.jobs.case import CaseFile

app = command_app()

ACTS = {
    "open": mark("opened"),
    "add": mark("added"),
    "cut": mark("clip cut"),
    "still": mark("still taken"),
    "note": mark("noted"),
    "show": mark("read out"),
    "package": mark("packaged"),
    "seal": mark("sealed"),
    "verify": mark("verified"),
    "again": mark("made again"),
    "close": mark("closed"),
    "reopen": mark("reopened"),
    "resume": mark("power cut found"),
}


def _kinds() -> str:
    """Return the kinds for the help page, each with what it is called in the reader's language."""
    return ", ".join(kind if _(words) == kind else f"{kind} ({_(words)})" for kind, words in KINDS.items())


@app.command("open", cls=Command, help=_("Open a case. Its number is the year's next one."), epilog=(
    '  camtool case open "Trộm xe máy nhà ông A" --kind theft --officer "Trung úy Nguyễn Văn B"'
))  # fmt: skip
def open_(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help=_("the case in one line"))],
    kind: Annotated[str, typer.Option("--kind", metavar="K", help=_kinds())],
    officer: Officer = None,
    why: Why = "",
) -> None:
    """Make the folder and the first row."""
    from camtool.jobs.case import open_case

    session: Session = ctx.obj
    opened = open_case(session.site, title, kind_of(kind) or kind, doer(session, officer, why))
    if session.json:
        session.document({"case": opened.case.number})
        return
    session.out.print(opened.case.number)
    session.out.print(f"  {opened.case.title} · {_(KINDS[opened.case.kind])} · {opened.case.officer}")
    session.say(_("Next: camtool cut --case {case} …, camtool case add {case} FILE").format(case=opened.case.number))


@app.command(
    cls=Command,
    help=_(
        "Add a file to a case: a clip with its proof, a still, a recorder's own file, a scan. It is copied; the file "
        "itself is only read."
    ),
    epilog="  camtool case add HS-2026-0001 bien-nhan.pdf\n  camtool case add HS-2026-0001 ch3.dav --role goc",
)
def add(
    ctx: typer.Context,
    case: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("the file"))],
    role: Annotated[
        str | None,
        typer.Option("--role", metavar="R", help=_("goc, trich, xem, che, anh or giay_to; else as the file shows")),
    ] = None,
    parent: Annotated[
        list[str] | None,
        typer.Option("--parent", metavar="ITEM", help=_("what it was made from: an item of the case; may be repeated")),
    ] = None,
    made_by: Annotated[
        str | None, typer.Option("--made-by", metavar="T", help=_("the command that made it (xem, che)"))
    ] = None,
    officer: Officer = None,
    why: Why = "",
) -> None:
    """Check that the file is what it is said to be, then bring it in."""
    from camtool.jobs.case_add import add_item

    session: Session = ctx.obj
    added = add_item(
        session.site, number(case), file, doer(session, officer, why), role=role, parents=parent or (), made_by=made_by
    )
    if session.json:
        session.document(_item_json(added))
        return
    text = _("Item {item} of {case}: {role}").format(
        item=added.id, case=added.entry.case, role=f"{added.role} ({_(ROLES[added.role])})"
    )
    session.out.print(text)
    session.out.print(f"  {printable(added.object.path)}")
    session.out.print(f"  SHA-256 {added.object.sha256}")


@app.command(cls=Command, help=_("Write a note into a case. It cannot be taken back; a later note can set it right."))
def note(
    ctx: typer.Context,
    case: Number,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("what is to be kept"))],
    officer: Officer = None,
    why: Why = "",
) -> None:
    """Write one row."""
    from camtool.jobs.case import note as run

    session: Session = ctx.obj
    _row(session, run(session.site, number(case), text, doer(session, officer, why)))


@app.command(cls=Command, help=_("Show a case: what is in it, and who did what. Reading it is a row of its log too."))
def show(ctx: typer.Context, case: Number, officer: Officer = None, why: Why = "") -> None:
    """Log the reading, then read."""
    from camtool.jobs.case import show_case

    session: Session = ctx.obj
    file = show_case(session.site, number(case), doer(session, officer, why))
    if session.json:
        session.document(_case_json(file))
    else:
        _show(session, file)


@app.command(cls=Command, help=_("Close a case: nothing more is added to it, all of it can be read and verified."))
def close(ctx: typer.Context, case: Number, officer: Officer = None, why: Why = "") -> None:
    """Write one row."""
    from camtool.jobs.case import close_case

    session: Session = ctx.obj
    _row(session, close_case(session.site, number(case), doer(session, officer, why)))


@app.command(cls=Command, help=_("Open a closed case again."))
def reopen(ctx: typer.Context, case: Number, officer: Officer = None, why: Why = "") -> None:
    """Write one row."""
    from camtool.jobs.case import reopen_case

    session: Session = ctx.obj
    _row(session, reopen_case(session.site, number(case), doer(session, officer, why)))


@app.command(
    cls=Command,
    help=_(
        "Make a clip or still of a case once more from its recordings, with the same window and the same clock, and "
        "compare it with the one in the case."
    ),
    epilog="  camtool case again HS-2026-0001 1",
)
def again(
    ctx: typer.Context,
    case: Number,
    item: Annotated[str, typer.Argument(metavar="ITEM", help=_("its number, its path or its SHA-256"))],
    out: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="F", help=_("keep what was made; else it is only compared"))
    ] = None,
    officer: Officer = None,
    why: Why = "",
) -> None:
    """Make, compare, tell: 0 the same, 3 the same pictures in another file, 40 something else."""
    from camtool.jobs.case_again import make_again

    session: Session = ctx.obj
    by = doer(session, officer, why)
    made = make_again(session.site, session.reader, number(case), item, by, zone=session.zone, out=out)
    if session.json:
        session.document(
            {
                "case": made.item.entry.case,
                "item": made.item.id,
                "expected": made.item.object.sha256,
                "found": made.sha256,
                "identical": made.identical,
                "pictures_identical": made.pictures_identical,
                "path": None if made.path is None else str(made.path),
            }
        )
    elif made.identical:
        session.out.print(_("made again: the same file, byte for byte · SHA-256 {sha256}").format(sha256=made.sha256))
    elif made.pictures_identical:
        session.out.print(_("made again: the same pictures, in a file that is written otherwise"))
    else:
        session.out.print(_("made again: it came out otherwise · SHA-256 {sha256}").format(sha256=made.sha256))
    if not made.pictures_identical:
        raise typer.Exit(EXIT_INTEGRITY)
    raise typer.Exit(0 if made.identical else EXIT_PROBLEMS)


@app.command("list", cls=Command, help=_("List the site's cases."))
def list_(ctx: typer.Context) -> None:
    """Read each case's log; a list is not a reading of a case, so no row is written."""
    from camtool.jobs.case import cases, numbers_missing

    session: Session = ctx.obj
    found = cases(session.site)
    missing = numbers_missing(session.site)
    damaged = [each for each in found if isinstance(each, CamtoolError)]
    read = [each for each in found if not isinstance(each, CamtoolError)]
    if session.json:
        session.document(
            {
                "cases": [_head_json(file) for file in read],
                "damaged": [str(error) for error in damaged],
                "missing": missing,
            }
        )
    else:
        table = Table()
        table.add_column(_("case"), no_wrap=True)
        for heading in (_("title"), _("kind"), _("opened"), _("officer"), _("items"), _("state")):
            table.add_column(heading, overflow="fold")
        for file in read:
            held = file.case
            opened = _clock(session, held.opened)
            state = _("open") if held.is_open else _("closed")
            kind = _(KINDS.get(held.kind, held.kind))
            table.add_row(held.number, held.title, kind, opened, held.officer, str(len(held.items)), state)
        if read:
            session.table(table)
        else:
            session.say(_("no case yet: camtool case open TITLE --kind KIND"))
        for error in damaged:
            session.err.print(f"! {filled(error.message, error.facts)}")
        for lost in missing:
            session.err.print("! " + _("case {case} is gone: its number was given").format(case=lost))
    session.problems += len(damaged) + len(missing)
    session.finish()


def _row(session: Session, entry: Entry) -> None:
    if session.json:
        session.document({"case": entry.case, "entry": entry.n, "act": entry.act, "time": entry.time_local})
    else:
        session.out.print(_line(session, entry))


def _line(session: Session, entry: Entry) -> str:
    act = _(ACTS.get(entry.act, entry.act))
    parts = [f"{entry.n:>4}  {_clock(session, entry)}  {entry.who}: {act}"]
    if entry.object is not None:
        parts.append(printable(entry.object.path))
    if entry.why:
        parts.append(printable(entry.why))
    if not entry.ok:
        parts.append(_outcome(entry))
    return " · ".join(parts)


def _outcome(entry: Entry) -> str:
    """Say what a row says that is not "ok": an act that was not done, or one that found something."""
    count = entry.facts.get("faults")
    if entry.act == Act.VERIFY and type(count) is int:
        return ngettext("{count} fault found", "{count} faults found", count).format(count=count)
    if entry.act == Act.AGAIN and "error" not in entry.facts:
        return _("it came out otherwise")
    return _("not done: {reason}").format(reason=_reason(entry))


def _reason(entry: Entry) -> str:
    """Say in the chosen language why an act was not done, where its error is still known; else as the row says it."""
    told = entry.facts.get("error")
    kind = getattr(errors, str(told.get("kind")), None) if isinstance(told, dict) else None
    if isinstance(told, dict) and isinstance(kind, type) and issubclass(kind, CamtoolError):
        try:
            return printable(filled(kind.message, dict(told["facts"])))
        except (KeyError, TypeError, ValueError, IndexError):
            pass  # the row is of another version, whose error had other facts
    return printable(entry.result.removeprefix(FAILED))


def _show(session: Session, file: "CaseFile") -> None:
    case, out = file.case, session.out
    state = _("open") if case.is_open else _("closed")
    out.print(f"{case.number} · {case.title}")
    out.print(f"  {_(KINDS.get(case.kind, case.kind))} · {case.officer} · {_clock(session, case.opened)} · {state}")
    if case.items:
        out.print(_("Items"))
    for item in case.items:
        _show_item(session, item, case.items)
    if case.notes:
        out.print(_("Notes"))
    for each in case.notes:
        text = each.text.replace("\n", "\n        ")
        out.print(f"  {_clock(session, each.entry)} {each.entry.who}: {text}")
    out.print(_("Custody log"))
    for entry in file.entries:
        out.print(_line(session, entry))
    out.print(_("{count} rows; head {head}").format(count=file.chain.count, head=in_fours(file.head)))
    for remark in file.chain.remarks:
        out.print(f"! {_('line {line}').format(line=remark.line)}: {_(str(remark))}")


def _show_item(session: Session, item: Item, others: tuple[Item, ...]) -> None:
    out = session.out
    out.print(f"  {item.id}. {item.role} ({_(ROLES[item.role])}) · {printable(item.object.path)}")
    out.print(f"     SHA-256 {item.object.sha256} · {item.object.size_bytes:,} B")
    camera, span = item.facts.get("camera"), item.facts.get("true_span")
    if camera:
        out.print(f"     {_('camera {camera}').format(camera=camera['number'])} · {camera['name']} · {camera['place']}")
    if span:
        out.print("     " + _span(session, span, _("true time {start} to {end}"), _("true time {time}")))
    if span and (shown := item.facts.get("camera_span")):
        out.print("     " + _span(session, shown, _("camera time {start} to {end}"), _("camera time {time}")))
    numbers = {other.object.sha256: str(other.id) for other in others}
    for parent in item.parents:
        known = numbers.get(parent)
        whose = _("item {item}").format(item=known) if known else _source_name(item, parent)
        out.print("     " + _("made from {parent}").format(parent=f"{whose} (SHA-256 {parent})"))
    command = item.facts.get("command") or (shlex.join(item.entry.command) if item.parents else "")
    if command:
        out.print("     " + _("made by: {command}").format(command=printable(str(command))))


def _span(session: Session, span: Mapping[str, str], from_to: str, at: str) -> str:
    """Write a span of the log for people; a still has one instant."""
    start, end = (session.time(from_rfc3339(span[key])) for key in ("from", "to"))
    return at.format(time=start) if start == end else from_to.format(start=start, end=end)


def _clock(session: Session, entry: Entry) -> str:
    """Write when a row was written, to the second: the log has the rest."""
    return session.time(entry.time_us // US_PER_S * US_PER_S)


def _source_name(item: Item, sha256: str) -> str:
    found = (source["path"] for source in item.facts.get("sources", ()) if source["sha256"] == sha256)
    return printable(str(next(found, "?")))


def _head_json(file: "CaseFile") -> dict[str, Any]:
    case = file.case
    return {
        "case": case.number,
        "title": case.title,
        "kind": case.kind,
        "officer": case.officer,
        "opened": case.opened.time_local,
        "state": "open" if case.is_open else "closed",
        "items": len(case.items),
        "entries": file.chain.count,
        "head": file.head,
    }


def _case_json(file: "CaseFile") -> dict[str, Any]:
    return _head_json(file) | {
        "items": [_item_json(item) for item in file.case.items],
        "notes": [
            {"time": each.entry.time_local, "officer": each.entry.who, "text": each.text} for each in file.case.notes
        ],
        "custody": [row_of(entry) for entry in file.entries],
        "remarks": [
            {"kind": remark.kind, "line": remark.line, "detail": remark.detail} for remark in file.chain.remarks
        ],
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "case": item.entry.case,
        "item": item.id,
        "role": Role(item.role),
        "path": item.object.path,
        "sha256": item.object.sha256,
        "size_bytes": item.object.size_bytes,
        "parts": [{"path": part.path, "sha256": part.sha256} for part in item.parts],
        "parents": list(item.parents),
        "command": item.facts.get("command") or list(item.entry.command),
        "tools": dict(item.entry.tools),
        "entry": item.entry.n,
        "facts": dict(item.facts),
    }
