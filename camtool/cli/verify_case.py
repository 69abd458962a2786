"""How `camtool verify CASE` is asked and answered."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from camtool.cli.casework import doer, number
from camtool.cli.i18n import _
from camtool.cli.session import Session
from camtool.core.custody import Anchor
from camtool.core.pathtext import printable
from camtool.errors import EXIT_INTEGRITY, BadValue, NoSite
from camtool.evidence.content import in_fours

if TYPE_CHECKING:
    from camtool.core.model import Site
    from camtool.jobs.verify_case import CaseFinding, CaseReport

_NUMBER = re.compile(r"HS-\d{4}-\d{4,}")
_HEAD = re.compile("[0-9a-f]{64}")
# A log that was cut to pieces has a fault a line; a person needs the first ones, and how many there are.
_SHOWN = 20


def case_folder(session: Session, path: Path) -> Path | None:
    """Return the folder of the case that is meant by a path or a number, or None where none is."""
    if not path.exists() and _NUMBER.fullmatch(number(str(path))):
        from camtool.jobs.case import folder_of

        return folder_of(session.site, number(str(path)))
    inside = path.absolute()
    if path.is_dir() and ((path / "custody.jsonl").is_file() or _NUMBER.fullmatch(inside.name)):
        return inside if not (path / "bagit.txt").exists() else None
    return None


def verify_case(session: Session, folder: Path, head: str | None, officer: str | None, why: str) -> None:
    """Check a case, tell, and end the command: 0 or 40."""
    from camtool.jobs.verify_case import verify_case as run

    site = _site_of(session, folder)
    by = None if site is None else doer(session, officer, why)
    report = run(folder, _anchors(head), site=site, doer=by)
    if session.json:
        session.document(
            {
                "ok": report.ok,
                "checked": report.checked,
                "problems": [_json(each) for each in report.problems],
                "remarks": [_json(each) for each in report.remarks],
                "case": report.number,
                "head": report.head,
                "entries": report.entries,
                "logged": report.logged,
            }
        )
    else:
        _show(session, report)
    raise typer.Exit(0 if report.ok else EXIT_INTEGRITY)


def _site_of(session: Session, folder: Path) -> "Site | None":
    """Return the site the case lies in; None for a copy of a case somewhere else."""
    from camtool.jobs.verify_case import lies_in
    from camtool.store.site import load_site
    from camtool.store.where import find_site

    try:
        site = load_site(find_site(folder.parent))
    except NoSite:
        return None
    if not lies_in(folder, site):
        return None
    session.__dict__["site"] = site  # the case says which site is meant
    return site


def _anchors(head: str | None) -> list[Anchor]:
    if head is None:
        return []
    digits = re.sub(r"[\s:-]", "", head).lower()
    if not _HEAD.fullmatch(digits):
        raise BadValue(command="camtool verify", parameter="--head", value=head)
    return [Anchor(digits)]


def _json(each: "CaseFinding") -> dict[str, str | None]:
    return {"kind": each.kind, "path": each.path, "expected": each.expected, "found": each.found}


def _show(session: Session, report: "CaseReport") -> None:
    out = session.out
    problems = report.problems if session.options.verbose else report.problems[:_SHOWN]
    for each in problems:
        out.print(f"! {printable(each.path)}: {_(each.words)}")
        for title, value in ((_("expected"), each.expected), (_("found"), each.found)):
            if value is not None:
                out.print(f"    {title}: {printable(value)}")
    if len(problems) < len(report.problems):
        out.print(_("… and {count} more of the kind (-v lists all)").format(count=len(report.problems) - len(problems)))
    for each in report.remarks:
        out.print(f"- {printable(each.path)}: {_(each.words)}")
    text = _("{case}: {count} rows in the log; head {head}")
    out.print(text.format(case=report.number, count=report.entries, head=in_fours(report.head)))
    if not report.logged:
        session.say(_("no row was written: the log is damaged, or this is a copy outside its site"))
    if report.ok:
        out.print(_("{count} rows, files and packets checked, all as they were").format(count=report.checked))
        out.print(Text(_("PASSED"), style="bold green"))
    else:
        out.print(Text(_("FAILED"), style="bold red"))
