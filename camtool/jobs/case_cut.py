"""`cut --case`, `still --case`: made inside the case, with the row that says so; a copy elsewhere where one is wanted.

The exhibit is made in a stage of the case. Where a copy is asked for, it is written beside its name; then the row is
written; then the copy gets its name and the exhibit moves to its place. What fails before the row leaves nothing.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from camtool.core.case import Act, Item, Role
from camtool.core.clock import ClockModel
from camtool.core.model import Camera, Recording, Site, Span
from camtool.core.pathtext import to_text
from camtool.core.timetext import rfc3339
from camtool.errors import NotAPicture, UnfitContainer
from camtool.evidence.proof import proof_path
from camtool.evidence.stage import staged
from camtool.jobs.case import Doer, acting, keep_out_of_cases, read_case
from camtool.jobs.case_add import case_locator, clip_parts, enter, file_object, free_place
from camtool.jobs.clip import CutReport, cut
from camtool.jobs.exhibit import clock_facts, complete_clip, with_clock
from camtool.jobs.keep_out import keep_out
from camtool.media.cut_track import FORMATS
from camtool.media.framehash import WriteFramehash, framehash_by_ffmpeg
from camtool.media.hash import HashSource
from camtool.media.whole import whole

if TYPE_CHECKING:
    from camtool.jobs.still import StillReport


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Where a clip or still is in a case, and where its copy is, if one was asked for."""

    item: Item
    path: Path
    copy: Path | None


def cut_into_case(
    site: Site,
    number: str,
    camera: Camera,
    recordings: Sequence[Recording],
    wanted_camera: Span,
    clock: ClockModel,
    doer: Doer,
    *,
    zone: ZoneInfo,
    out: Path | None = None,
    progress: Callable[[int], None] | None = None,
    hash_source: HashSource | None = None,
    framehash: WriteFramehash = framehash_by_ffmpeg,
) -> tuple[CutReport, Exhibit]:
    """Cut a clip into a case; out gets a copy of clip and proof. All of it is there in the end, or nothing.

    wanted_camera is in camera time. Raises what `cut`, `acting` and `whole` raise.
    """
    footage = [Path(each.footage) for each in site.cameras]
    with acting(site, number, Act.CUT, doer) as doing:
        suffix = ".mp4" if out is None else out.suffix.lower()
        if suffix not in FORMATS:
            raise UnfitContainer(suffix=suffix)
        if out is not None:
            _keep_out(site, out.absolute(), footage, camera)
        name = f"cam{camera.number:02d}_{_stamp(clock.to_true_us(wanted_camera.start_us), zone)}{suffix}"
        with staged(doing.file.folder) as stage:
            made = cut(
                camera,
                recordings,
                wanted_camera,
                clock.offset_us,
                stage.file(free_place(doing, Role.EXTRACT, name)),
                zone=zone,
                keep_out_of=footage,
                progress=progress,
                hash_source=hash_source,
            )
            held = file_object(stage, made.path, made.sha256)
            locate = case_locator(site, doing.case, doing.file.folder)
            facts = with_clock(complete_clip(made.path, locate, framehash), clock_facts(clock, zone))
            copy = None if out is None else out.absolute().with_suffix(made.path.suffix)
            files = [] if copy is None else [(proof_path(made.path), proof_path(copy)), (made.path, copy)]
            with _copies(files, facts):
                enter(doing, stage, Role.EXTRACT, held, clip_parts(stage, made.path), facts)
        place = doing.file.folder / held.path
    exhibit = Exhibit(_last(site, number, held.sha256), place, copy)
    return replace(made, path=copy or place, proof=proof_path(copy or place)), exhibit


def still_into_case(
    site: Site,
    number: str,
    camera: Camera,
    recordings: Sequence[Recording],
    camera_us: int,
    clock: ClockModel,
    doer: Doer,
    *,
    zone: ZoneInfo,
    out: Path | None = None,
) -> "tuple[StillReport, Exhibit]":
    """Write a still into a case, as `cut_into_case` does. Raises what `still`, `acting` and `whole` raise."""
    from camtool.jobs.still import still

    footage = [Path(each.footage) for each in site.cameras]
    with acting(site, number, Act.STILL, doer) as doing:
        if out is not None:
            if out.suffix.lower() != ".png":
                raise NotAPicture(suffix=out.suffix)
            _keep_out(site, out.absolute(), footage, camera)
        name = f"cam{camera.number:02d}_{_stamp(clock.to_true_us(camera_us), zone)}.png"
        with staged(doing.file.folder) as stage:
            target = stage.file(free_place(doing, Role.STILL, name))
            made = still(camera, recordings, camera_us, clock.offset_us, target, zone=zone, keep_out_of=footage)
            held = file_object(stage, target, made.sha256)
            facts = _still_facts(camera, made, clock, zone)
            copy = None if out is None else out.absolute()
            with _copies([] if copy is None else [(target, copy)], facts):
                enter(doing, stage, Role.STILL, held, [], facts)
        place = doing.file.folder / held.path
    return replace(made, path=copy or place), Exhibit(_last(site, number, held.sha256), place, copy)


def _keep_out(site: Site, out: Path, footage: Sequence[Path], camera: Camera) -> None:
    """Raise InsideFootage or InsideCase for a copy that may not lie where it is asked for."""
    keep_out(out, footage, camera.number)
    keep_out_of_cases(site, out)


def _still_facts(camera: Camera, made: "StillReport", clock: ClockModel, zone: ZoneInfo) -> dict[str, Any]:
    shown = {"from": rfc3339(made.camera_us, zone), "to": rfc3339(made.camera_us, zone)}
    true = {"from": rfc3339(made.true_us, zone), "to": rfc3339(made.true_us, zone)}
    asked = rfc3339(made.requested_us, zone)
    return {
        "camera": {"number": camera.number, "name": camera.name, "place": camera.place},
        "camera_span": shown,
        "true_span": true,
        "camera_at": shown["from"],
        "true_at": true["from"],
        "requested": {"from": asked, "to": asked},
        "clock": clock_facts(clock, zone),
        "parents": [made.source_sha256],
        "sources": [{"path": made.source, "sha256": made.source_sha256, "packet": made.packet, "pts": made.pts}],
        "frame": made.packet,
        "size_px": [made.width_px, made.height_px],
    }


@contextmanager
def _copies(files: Sequence[tuple[Path, Path]], facts: dict[str, Any]) -> Iterator[None]:
    """Copy files under temporary names; they get their own when what is done inside has been done."""
    if not files:
        yield
        return
    with whole(*(target for _, target in files)) as drafts:
        for (source, _), draft in zip(files, drafts, strict=True):
            shutil.copyfile(source, draft)
        facts["copy"] = to_text(str(files[-1][1]))
        yield


def _stamp(us: int, zone: ZoneInfo) -> str:
    """Write an instant for a file's name: 20261124-170342."""
    text = rfc3339(us, zone)
    return text[:19].replace("-", "").replace(":", "").replace("T", "-")


def _last(site: Site, number: str, sha256: str) -> Item:
    """Return the item that has just come in."""
    return next(item for item in reversed(read_case(site, number).case.items) if item.object.sha256 == sha256)
