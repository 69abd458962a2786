"""`camtool demo`: a drawn commune with nine cameras, and a theft from the report to a verified clip."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from camtool.cli import i18n
from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _
from camtool.cli.session import Session, problems_json, words
from camtool.core.pathtext import printable
from camtool.core.timetext import duration_text, for_people, rfc3339
from camtool.errors import EXIT_INTEGRITY, mark
from camtool.store.site import zone_of

if TYPE_CHECKING:
    from camtool.jobs.demo import Told

app = command_app()

CHAPTERS = {
    "init": mark("a site is made and its nine cameras are named"),
    "index": mark("what the recorders wrote is found, examined and hashed"),
    "clock": mark("camera 6 shows five minutes too little: that is noted"),
    "find": mark("camera 3 is asked for the minutes around the theft"),
    "cut": mark("half a minute is cut out, packet by packet"),
    "still": mark("two pictures are taken: the motorbike there, and gone"),
    "verify": mark("the clip is checked against the recordings"),
    "case": mark("a case is opened, and clip and pictures are put into it"),
    "key": mark("the office's signing key is made"),
    "package": mark("the case is sealed into a package, and checked with the code on its seal sheet"),
}


@app.command(
    cls=Command,
    help=_(
        "Build a commune with nine drawn cameras, recordings and all, and play a theft from the report to a sealed "
        "package. Nothing in it is real. Takes about a minute; run again, it draws only what is missing."
    ),
)
def demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("where to; made if it is not there"))] = Path("demo"),
    jobs: Annotated[int, typer.Option("--jobs", metavar="K", help=_("processes at work"), min=1)] = os.cpu_count() or 1,
) -> None:
    """Draw, play, show where to look."""
    from camtool.cli.progress import Bar
    from camtool.jobs.demo import draw, play

    session: Session = ctx.obj
    if not session.json:
        session.say(_("Drawing nine cameras, half an hour each …"))
    with Bar(session, _("drawing"), 1) as bar:
        for drawn in draw(folder, jobs):
            bar.reach(drawn.done, drawn.total)
    language = session.options.lang or os.environ.get("CAMTOOL_LANG") or i18n.language_of_system()
    told = play(folder, language, session.now_us, lambda name: session.say(f"  camtool {name:8}{_(CHAPTERS[name])}"))
    if session.json:
        _document(session, told)
    else:
        _where_to_look(session, told, folder)
    raise typer.Exit(0 if told.checked.ok and told.sealed.passed else EXIT_INTEGRITY)


def _document(session: Session, told: "Told") -> None:
    zone = zone_of(told.site.timezone)
    session.document(
        {
            "site": told.site.folder,
            "cameras": len(told.site.cameras),
            "files": told.files,
            "size_bytes": told.size_bytes,
            "problems": problems_json(told.problems),
            "window": {
                "from": rfc3339(told.asked.start_us, zone),
                "to": rfc3339(told.asked.end_us, zone),
            },
            "clip": {"path": str(told.clip.path), "sha256": told.clip.sha256, "proof": str(told.clip.proof)},
            "stills": [str(each.path) for each in told.stills],
            "verified": {"ok": told.checked.ok, "checked": told.checked.checked},
            "package": {
                "case": told.sealed.case,
                "path": str(told.sealed.report.path),
                "seal_sheet": str(told.sealed.report.seal_sheet),
                "sha256": told.sealed.report.sha256,
                "fingerprint": told.sealed.report.fingerprint,
                "passed": told.sealed.passed,
            },
        }
    )


def _where_to_look(session: Session, told: "Told", folder: Path) -> None:
    out, zone = session.out, zone_of(told.site.timezone)
    out.print()
    out.print(Text(told.site.name, style="bold"))
    text = _("  {cameras} cameras, {files} recordings, {size} MB; what is wrong with them, as it is in real life:")
    out.print(text.format(cameras=len(told.site.cameras), files=told.files, size=told.size_bytes // 1_000_000))
    for problem in told.problems:
        out.print(f"  ! camera {problem.camera} · {printable(problem.path or '')}: {words(problem)}")
    start, end = for_people(told.asked.start_us, zone), for_people(told.asked.end_us, zone)
    out.print()
    out.print(
        _("Camera {camera}, {start} to {end}: {covered} recorded").format(
            camera=told.camera.number, start=start, end=end, covered=duration_text(told.covered_us)
        )
    )
    out.print(_("  clip      {path}").format(path=told.clip.path))
    out.print(_("  proof     {path}").format(path=told.clip.proof))
    for each in told.stills:
        out.print(_("  picture   {path}").format(path=each.path))
    verdict = _("PASSED") if told.checked.ok else _("FAILED")
    count = _("{count} files and packets checked").format(count=told.checked.checked)
    out.print(Text(_("  verify    {verdict}: {count}").format(verdict=verdict, count=count)))
    sealed = told.sealed
    out.print()
    out.print(_("Case {case}, sealed:").format(case=sealed.case))
    out.print(_("  package   {path}").format(path=sealed.report.path))
    out.print(_("  viewer    {path}").format(path=sealed.report.path / "data" / "index.html"))
    out.print(_("  sheet     {path}").format(path=sealed.report.seal_sheet))
    verdict = _("PASSED") if sealed.passed else _("FAILED")
    count = _("{count} files and packets checked").format(count=sealed.checked)
    out.print(Text(_("  verify    {verdict}: {count}").format(verdict=verdict, count=count)))
    out.print(_("  passphrase of the demo's key: {words}").format(words=sealed.passphrase))
    out.print()
    out.print(Text(_("Now try it yourself:"), style="bold"))
    for line in (
        f'camtool --site {folder} find --all --from "23/11/2026 16:50" --to "23/11/2026 17:10"',
        f'camtool --site {folder} gaps --from "23/11/2026 16:45" --to "23/11/2026 17:15"',
        f'camtool --site {folder} at "23/11/2026 17:04:40"',
        f'camtool --site {folder} skim --camera 2,3,6-8 --from "23/11/2026 17:00" --to "23/11/2026 17:10"',
        f'camtool --site {folder} timeline --from "23/11/2026 16:45" --to "23/11/2026 17:15" -o dong-thoi-gian.html',
        f'camtool --site {folder} cut --camera 6 --from "23/11/2026 17:04:30" --to "23/11/2026 17:05" -o xe-qua.mp4',
        f"camtool verify {told.clip.path}",
        f"camtool verify {sealed.report.path} --fingerprint {sealed.report.fingerprint}",
        f"camtool --site {folder} case show {sealed.case} --officer demo",
    ):
        out.print(f"  {line}")
