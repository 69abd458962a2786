"""`camtool verify`: a package against paper, a clip against its proof, a case against its log, recordings by hash."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from camtool.cli.app import Command, command_app
from camtool.cli.casework import Officer, Why
from camtool.cli.i18n import _, ngettext
from camtool.cli.session import Session
from camtool.cli.verify_case import case_folder, verify_case
from camtool.cli.verify_package import is_package, verify_package
from camtool.core.model import State
from camtool.core.pathtext import from_text, printable
from camtool.errors import EXIT_INTEGRITY, NoSite, NothingSealedHere, NothingToVerify

if TYPE_CHECKING:
    from camtool.core.model import Camera
    from camtool.jobs.verify import Finding

app = command_app()

# A ruined clip differs in every packet; a person needs the first ones, and how many there are.
SHOWN = 20


@app.command(
    cls=Command,
    help=_(
        "Check a package: its files both ways, its seal, custody log and clips. Check a clip: the file, each of its "
        "packets, and the recordings it was cut from. Check a case: its custody log, each of its files and clips. "
        "With --catalog, check every recording that was hashed. What is not as it was is named; the last line is the "
        "verdict."
    ),
    epilog=(
        '  camtool verify E:\\HS-2026-0001 --fingerprint "bd57 18a7 …"\n  camtool verify lay-xe.mp4\n'
        "  camtool verify HS-2026-0001\n  camtool verify --catalog"
    ),
)
def verify(
    ctx: typer.Context,
    path: Annotated[
        Path | None,
        # readable: what may not be read has a verdict of its own, and that is said below.
        typer.Argument(
            metavar="PATH",
            readable=False,
            help=_("a package, a clip made by `camtool cut`, or a case (folder or number)"),
        ),
    ] = None,
    catalog: Annotated[bool, typer.Option("--catalog", help=_("every recording whose SHA-256 is known"))] = False,
    head: Annotated[
        str | None, typer.Option("--head", metavar="HEX", help=_("a case: the head of its log as it stands on paper"))
    ] = None,
    fingerprint: Annotated[
        str | None,
        typer.Option("--fingerprint", metavar="HEX", help=_("a package: code 2 of its paper seal sheet")),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against", metavar="SITE", help=_("a package: read its clips again from this site's recordings")
        ),
    ] = None,
    tsa_ca: Annotated[
        Path | None,
        typer.Option(
            "--tsa-ca", metavar="FILE", help=_("a package: the time-stamp authority's certificate, from itself")
        ),
    ] = None,
    officer: Officer = None,
    why: Why = "",
) -> None:
    """Check what was named."""
    session: Session = ctx.obj
    if path is not None and is_package(path, fingerprint is not None or against is not None):
        verify_package(session, path, fingerprint, against, tsa_ca)
    if path is not None and (folder := case_folder(session, path)) is not None:
        verify_case(session, folder, head, officer, why)
    if path is None and not catalog:
        raise NothingToVerify
    if path is not None and path.is_dir():
        raise NothingSealedHere(path=path)
    findings: list[Finding] = []
    checked = 0
    if path is not None:
        from camtool.jobs.verify import locator, verify_clip

        report = verify_clip(path, locate=locator(_cameras(session, path)))
        findings += report.problems
        checked += report.checked
    if catalog:
        more, recordings = _catalog(session)
        findings += more
        checked += recordings
    _tell(session, findings, checked)
    raise typer.Exit(EXIT_INTEGRITY if findings else 0)


def _cameras(session: Session, clip: Path) -> Iterable["Camera"]:
    """Return the cameras of the site that is meant, else of the one the clip lies in; a clip needs neither."""
    from camtool.store.site import load_site
    from camtool.store.where import find_site

    try:
        return session.site.cameras
    except NoSite:
        pass
    try:
        return load_site(find_site(clip.absolute().parent)).cameras
    except NoSite:
        return ()


def _catalog(session: Session) -> tuple[list["Finding"], int]:
    """Hash again what was hashed; what is gone since is told apart: recorders overwrite what is old."""
    from camtool.cli.progress import Bar
    from camtool.jobs.verify import verify_recordings

    checked = gone = 0
    with Bar(session, _("checking"), None) as bar:

        def hashed() -> Iterator[tuple[Path, str]]:
            nonlocal checked, gone
            for camera in session.site.cameras:
                for row in session.reader.hashed(camera.number):
                    if row.state is State.MISSING:
                        gone += 1
                    elif row.sha256 is not None:
                        yield Path(camera.footage, from_text(row.path)), row.sha256
                        checked += 1
                        bar.step()

        findings = list(verify_recordings(hashed()))
    if gone:
        text = ngettext(
            "{count} recording that was hashed is gone since: camtool camera show N names it",
            "{count} recordings that were hashed are gone since: camtool camera show N names them",
            gone,
        )
        session.say(text.format(count=gone))
    return findings, checked


def _tell(session: Session, findings: list["Finding"], checked: int) -> None:
    if session.json:
        problems = [
            {"kind": each.kind, "path": each.path, "expected": each.expected, "found": each.found} for each in findings
        ]
        session.document({"ok": not findings, "checked": checked, "problems": problems})
        return
    from camtool.jobs.verify import FINDINGS

    for each in findings if session.options.verbose else findings[:SHOWN]:
        session.out.print(f"! {printable(each.path)}: {_(FINDINGS[each.kind])}")
        for title, value in ((_("expected"), each.expected), (_("found"), each.found)):
            if value is not None:
                session.out.print(f"    {title}: {value}")
    if not session.options.verbose and len(findings) > SHOWN:
        session.out.print(_("… and {count} more of the kind (-v lists all)").format(count=len(findings) - SHOWN))
    if findings:
        session.out.print(Text(_("FAILED"), style="bold red"))
    else:
        session.out.print(_("{count} files and packets checked, all as they were").format(count=checked))
        session.out.print(Text(_("PASSED"), style="bold green"))
