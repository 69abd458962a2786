"""`camtool package`: a case sealed into a folder that anyone can check, and the sheet that goes with it on paper."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from camtool.cli.app import Command, command_app
from camtool.cli.casework import Number, Officer, Why, doer, number
from camtool.cli.i18n import _, ngettext
from camtool.cli.passphrase import PassphraseFd, passphrase
from camtool.cli.session import Session, problems_json
from camtool.core.pathtext import printable
from camtool.evidence.content import in_fours

if TYPE_CHECKING:
    from camtool.jobs.package import PackageReport

app = command_app()


@app.command(
    cls=Command,
    help=_(
        "Seal a case into a folder that anyone can check with sha256sum, openssl, ffmpeg and a browser, without "
        "camtool. Beside it lies the seal sheet: print it, sign it, hand it over apart from the package. Either both "
        "are there in the end, or neither."
    ),
    epilog=(
        '  camtool package HS-2026-0001 -o /media/usb --why "chuyển Viện kiểm sát"\n'
        "  camtool package HS-2026-0001 --redacted -o /media/usb"
    ),
)
def package(
    ctx: typer.Context,
    case: Number,
    out: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help=_("the folder to put the package into; made if need be")),
    ],
    item: Annotated[
        list[int] | None,
        typer.Option("--item", metavar="N", help=_("only this item of the case; may be repeated; else all of them")),
    ] = None,
    redacted: Annotated[
        bool,
        typer.Option("--redacted", help=_("the redacted copy, which travels alone, without the case's other files")),
    ] = False,
    timestamp: Annotated[
        str | None,
        typer.Option(
            "--timestamp", metavar="T", help=_("RFC 3161: the authority's address, or a configuration of openssl ts")
        ),
    ] = None,
    no_viewing: Annotated[
        bool, typer.Option("--no-viewing", help=_("make no viewing copies of clips that no browser plays"))
    ] = False,
    officer: Officer = None,
    why: Why = "",
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Open the key, seal, tell."""
    from camtool.cli.progress import Bar
    from camtool.evidence.keys import KEYS_FOLDER, current, open_key
    from camtool.jobs.case import read_case
    from camtool.jobs.package import package as run
    from camtool.jobs.stamp import stamper

    session: Session = ctx.obj
    named = number(case)
    # What needs no passphrase is refused before one is asked for.
    read_case(session.site, named)
    acts = doer(session, officer, why)
    stamp = None if timestamp is None else stamper(timestamp)
    keys = Path(session.site.folder, KEYS_FOLDER)
    current(keys)
    key = open_key(keys, passphrase(session, passphrase_fd), now_us=session.now_us)
    with Bar(session, _("packaging"), None) as bar:
        report = run(
            session.site,
            named,
            out,
            key,
            acts,
            items=item,
            redacted=redacted,
            viewing=not no_viewing,
            stamp=stamp,
            progress=lambda done, total: bar.reach(done >> 20, total >> 20),
        )
    if session.json:
        session.problems += len(report.problems)
        session.document(_json(report, named))
    else:
        _show(session, report)
        for problem in report.problems:
            session.problem(problem)
    session.finish()


def _json(report: "PackageReport", case: str) -> dict[str, Any]:
    return {
        "case": case,
        "path": str(report.path),
        "seal_sheet": str(report.seal_sheet),
        "sha256": report.sha256,
        "fingerprint": report.fingerprint,
        "custody_head": report.custody_head,
        "custody_entries": report.entries,
        "files": report.files,
        "size_bytes": report.size_bytes,
        "stamped": report.stamped,
        "items": [{"item": item.id, "role": item.role, "path": item.path} for item in report.items],
        "problems": problems_json(report.problems),
    }


def _show(session: Session, report: "PackageReport") -> None:
    out = session.out
    out.print(printable(str(report.path)))
    text = ngettext("  {files} file, {size} MB", "  {files} files, {size} MB", report.files)
    out.print(text.format(files=report.files, size=f"{report.size_bytes / 1e6:,.1f}"))
    stamped = _("with a time-stamp (RFC 3161)") if report.stamped else _("not time-stamped")
    out.print(f"  {stamped}")
    out.print(_("  1 package hash     {code}").format(code=in_fours(report.sha256)))
    out.print(_("  2 key fingerprint  {code}").format(code=in_fours(report.fingerprint)))
    out.print(_("  3 custody head     {code}").format(code=in_fours(report.custody_head)))
    out.print(
        _("  seal sheet, to be printed and handed over apart: {path}").format(path=printable(str(report.seal_sheet)))
    )
    text = _("To check it: camtool verify {package} --fingerprint CODE, with code 2 of the paper sheet")
    session.say(text.format(package=shlex.quote(printable(str(report.path)))))
