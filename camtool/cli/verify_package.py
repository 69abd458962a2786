"""How `camtool verify PACKAGE` is asked and answered. The last line is one of three verdicts, in Vietnamese always."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from camtool.cli.i18n import _, ngettext
from camtool.cli.session import Session
from camtool.core.pathtext import printable
from camtool.core.timetext import for_people, rfc3339
from camtool.errors import EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_INTEGRITY, BadValue, NoSuchFile, NotAFingerprint, mark

if TYPE_CHECKING:
    from camtool.evidence.package_faults import PackageFinding
    from camtool.jobs.verify_package import Check, PackageCheck

# What lies in the root of every package: one of them is left of nearly every one that was tampered with.
_MARKS = ("bagit.txt", "tagmanifest-sha256.txt", "manifest-sha256.txt", "bag-info.txt", "tagmanifest-sha256.txt.sig")
# A package that was ruined has a fault a file; a person needs the first ones, and how many there are.
_SHOWN = 50

# As people in the office say it, and what the scripts in a package print: the same words everywhere.
VERDICTS = {"passed": "ĐẠT", "failed": "KHÔNG ĐẠT", "not_checkable": "KHÔNG KIỂM TRA ĐƯỢC"}
_EXITS = {"passed": EXIT_CLEAN, "failed": EXIT_INTEGRITY, "not_checkable": EXIT_ENVIRONMENT}
_STYLES = {"passed": "bold green", "failed": "bold red", "not_checkable": "bold yellow"}
_MEANINGS = {
    "passed": mark("Passed: everything above was checked and is as it was sealed."),
    "failed": mark("Failed: this is not what was sealed."),
    "not_checkable": mark("Not checkable: nothing wrong was found, but not everything could be checked."),
}
_SIGNS = {"ok": ("✓", "green"), "failed": ("✗", "red"), "unchecked": ("?", "yellow"), "absent": ("-", "")}


def is_package(path: Path, meant: bool) -> bool:
    """Whether a path is a package's folder; meant: an option was given that only packages have."""
    if not path.is_dir():
        return False
    try:
        return meant or any((path / name).is_file() for name in _MARKS)
    except PermissionError:  # a folder that is shut does not show what it is
        return False


def verify_package(
    session: Session, folder: Path, fingerprint: str | None, against: Path | None, tsa_ca: Path | None
) -> None:
    """Check a package, tell, and end the command: 0, 40 or 50."""
    from camtool.cli.progress import Bar
    from camtool.jobs.verify_package import verify_package as run
    from camtool.store.site import load_site

    digits = _digits(fingerprint)
    site = None if against is None else load_site(against)
    with Bar(session, _("checking"), 100) as bar:
        report = run(
            folder,
            fingerprint=digits,
            roots=() if tsa_ca is None else _roots(tsa_ca),
            against=site,
            progress=lambda done, total: bar.reach(100 * done // total if total else 100),
        )
    if session.json:
        session.document(_json(session, report))
    else:
        _show(session, report)
    raise typer.Exit(_EXITS[report.verdict])


def _digits(fingerprint: str | None) -> str | None:
    if fingerprint is None:
        return None
    digits = re.sub(r"[\s:-]", "", fingerprint).lower()
    if not re.fullmatch("[0-9a-f]{64}", digits):
        raise NotAFingerprint(text=printable(fingerprint))
    return digits


def _roots(file: Path) -> Any:
    from camtool.evidence.timestamp import roots_of

    try:
        return roots_of(file.read_bytes())
    except FileNotFoundError as error:
        raise NoSuchFile(path=file) from error
    except ValueError as error:
        raise BadValue(command="camtool verify", parameter="--tsa-ca", value=file) from error


def _json(session: Session, report: "PackageCheck") -> dict[str, Any]:
    from camtool.jobs.verify_package import words_of

    def told(each: "PackageFinding") -> dict[str, Any]:
        return {
            "kind": each.kind,
            "path": each.path,
            "expected": each.expected,
            "found": each.found,
            "message": _(words_of(each)),
        }

    seal, stamp = report.seal, report.stamp
    return {
        "ok": report.verdict == "passed",
        "verdict": report.verdict,
        "checked": report.checked,
        "problems": [told(each) for each in report.faults],
        "unchecked": [told(each) for each in report.unchecked],
        "path": str(report.folder),
        "case": report.info.get("External-Identifier"),
        "files": report.files,
        "size_bytes": report.size_bytes,
        "sha256": report.package_sha256,
        "fingerprint": seal and seal.fingerprint,
        "signed": bool(seal and seal.signed),
        "sealed": None if seal is None or seal.sealed_us is None else _utc(seal.sealed_us),
        "custody_head": report.chain.head,
        "custody_entries": report.chain.count,
        "stamp": stamp and {"time": _utc(stamp.time_us), "authority": stamp.authority, "trusted": stamp.trusted},
    }


def _show(session: Session, report: "PackageCheck") -> None:
    from camtool.evidence.content import as_on_paper

    out = session.out
    for check in report.checks:
        sign, style = _SIGNS[check.state]
        out.print(Text.assemble((sign, style), " ", printable(_line(session, check))))
    _findings(session, report.faults, "!", "red")
    _findings(session, report.unchecked, "?", "yellow")
    out.print()
    out.print(_("Compare with the paper seal sheet:"))
    seal = report.seal
    for title, code in (
        (_("1. package hash"), report.package_sha256),
        (_("2. key's fingerprint"), seal and seal.fingerprint),
        (_("3. custody head"), report.chain.head if report.chain.count else None),
    ):
        out.print(f"  {title}" if code else f"  {title}: -")
        for line in as_on_paper(code) if code else ():
            out.print(f"     {line}")
    out.print(_(_MEANINGS[report.verdict]))
    out.print(Text(VERDICTS[report.verdict], style=_STYLES[report.verdict]))


def _line(session: Session, check: "Check") -> str:
    """Return a check's words: what holds, or, where it does not, only what was looked at."""
    facts = dict(check.facts)
    if check.state in {"failed", "unchecked"}:
        subject = _(check.words).split(":", 1)[0]
        outcome = _("not as sealed, see below") if check.state == "failed" else _("not fully checked, see below")
        return f"{subject}: {outcome}"
    for name, key in (("when", "sealed_us"), ("when", "time_us")):
        if key in facts:
            facts[name] = "-" if facts[key] is None else _when(facts[key])
    if "size_bytes" in facts:
        facts["size"] = _size(facts["size_bytes"])
    return _(check.words).format(**facts)


def _findings(session: Session, found: "Any", sign: str, style: str) -> None:
    from camtool.jobs.verify_package import words_of

    shown = found if session.options.verbose else found[:_SHOWN]
    for each in shown:
        session.out.print(Text.assemble((sign, style), " ", f"{printable(each.path)}: {_(words_of(each))}"))
        for title, value in ((_("expected"), each.expected), (_("found"), each.found)):
            if value is not None:
                session.out.print(f"    {title}: {printable(value)}")
    if len(shown) < len(found):
        left = len(found) - len(shown)
        text = ngettext("… and {count} more (-v lists it)", "… and {count} more (-v lists all)", left)
        session.out.print(text.format(count=left))


def _when(instant_us: int) -> str:
    """Return an instant in UTC: who checks a package may have no site, and so no zone."""
    from zoneinfo import ZoneInfo

    return f"{for_people(instant_us // 1_000_000 * 1_000_000, ZoneInfo('UTC'))} UTC"


def _utc(instant_us: int) -> str:
    from zoneinfo import ZoneInfo

    return rfc3339(instant_us, ZoneInfo("UTC")).replace("+00:00", "Z")


def _size(size_bytes: int) -> str:
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= step:
            return f"{size_bytes / step:.1f} {unit}"
    return f"{size_bytes} B"
