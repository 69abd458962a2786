"""Viewing copies of a case's clips that no browser plays: derivatives, marked in every picture, each with its row."""

from collections.abc import Iterable
from pathlib import Path

from camtool.core.case import Act, Case, Item, Role
from camtool.core.model import Site
from camtool.errors import CamtoolError, FileNotAsLogged
from camtool.evidence.stage import staged
from camtool.jobs.case import Doer, acting, read_case
from camtool.jobs.case_add import enter, file_object, free_place
from camtool.media.hash import sha256_of
from camtool.media.viewing import make_viewing_copy, plays_in_browsers, viewing_command


def add_viewing_copies(site: Site, number: str, doer: Doer, ids: Iterable[int] | None = None) -> int:
    """Make the viewing copies that a case's clips lack, or those of the items named; return how many.

    A clip that any browser plays needs none. A closed case gets none: nothing is added to it.
    Raises FileNotAsLogged, ProgramMissing, ProgramFailed, DiskFull and what `acting` raises.
    """
    file = read_case(site, number)
    wanted = None if ids is None else set(ids)
    made = 0
    for item in file.case.items if file.case.is_open else ():
        named = item.role is Role.EXTRACT and (wanted is None or item.id in wanted)
        if named and not _has_copy(file.case, item) and not _plays(file.folder / item.object.path):
            _add(site, number, item, doer)
            made += 1
    return made


def _has_copy(case: Case, item: Item) -> bool:
    return any(item.object.sha256 in each.parents for each in case.items if shows_the_clip(each))


def shows_the_clip(item: Item) -> bool:
    """Whether an item is a viewing copy that shows its parent as it is; one with a record has notes drawn into it."""
    return item.role is Role.VIEWING and "record" not in item.facts


def _plays(clip: Path) -> bool:
    try:
        return plays_in_browsers(clip)
    except (CamtoolError, OSError):
        return True  # whoever seals it will say what is wrong with it


def _add(site: Site, number: str, item: Item, doer: Doer) -> None:
    with acting(site, number, Act.ADD, doer) as doing, staged(doing.file.folder) as stage:
        clip = doing.file.folder / item.object.path
        found = sha256_of(clip, keep_cached=True)
        if found != item.object.sha256:
            raise FileNotAsLogged(path=item.object.path, found=found, expected=item.object.sha256)
        target = stage.file(free_place(doing, Role.VIEWING, f"{clip.stem}_xem.mp4"))
        make_viewing_copy(clip, target)
        held = file_object(stage, target, sha256_of(target, keep_cached=True))
        command = " ".join(("ffmpeg", *viewing_command(item.object.path, "mark.png", held.path)))
        facts = {
            "parents": [item.object.sha256],
            "command": command,
            "camera": dict(item.facts.get("camera", {})),
            "camera_span": dict(item.facts.get("camera_span", {})),
            "true_span": dict(item.facts.get("true_span", {})),
            "clock": dict(item.facts.get("clock", {})),
            "media": "mp4",
        }
        enter(doing, stage, Role.VIEWING, held, (), facts)
