"""The commune of `camtool demo`: nine cameras, one afternoon, one stolen motorbike, and every fact of it known.

STORY holds the truth, plan() the files and what moves in them, build() writes them.
"""

import datetime as dt
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from camtool.core.model import US_PER_S
from camtool.engines import Runner
from camtool.errors import DiskFull, NotAllowed, OutputExists
from camtool.jobs.commune_story import (
    FILE_S,
    NAMINGS,
    STORY,
    UTC_OFFSET_S,
    CommuneCamera,
    FileDone,
    Plan,
    PlannedFile,
)
from camtool.jobs.commune_traffic import passages
from camtool.media.commune import film
from camtool.media.commune.film import Take
from camtool.media.commune.stage import Backdrop

__all__ = ["STORY", "FileDone", "Plan", "PlannedFile", "build", "plan", "take_of"]


@cache
def plan() -> Plan:
    """Return the files and all that moves in them; the same at every call."""
    return Plan(tuple(_files()), passages())


def _files() -> Iterator[PlannedFile]:
    for camera in STORY.cameras:
        for start_us in range(STORY.start_us, STORY.end_us, FILE_S * US_PER_S):
            if (camera.number, start_us) == (STORY.gap.camera, STORY.gap.start_us):
                continue
            end_us = start_us + FILE_S * US_PER_S
            cut = (camera.number, start_us) == (STORY.truncated.camera, STORY.truncated.start_us)
            shown = start_us + camera.offset_us, end_us + camera.offset_us
            yield PlannedFile(
                camera.number,
                _path(camera, *shown),
                start_us,
                end_us,
                *shown,
                STORY.truncated.kept_percent if cut else 100,
            )


def _path(camera: CommuneCamera, start_us: int, end_us: int) -> str:
    zone = dt.timezone(dt.timedelta(seconds=UTC_OFFSET_S))
    a, b = (dt.datetime.fromtimestamp(us // US_PER_S, zone) for us in (start_us, end_us))
    name = NAMINGS[camera.naming].format(c=camera.number, a=a, b=b, u=a.astimezone(dt.UTC), epoch=start_us // US_PER_S)
    return f"{camera.footage}/{name}"


# ---- the work -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Job:
    file: PlannedFile
    take: Take
    backdrop: Backdrop
    target: Path


def take_of(file: PlannedFile) -> Take:
    """Return what the film unit needs to know of a file."""
    camera = STORY.cameras[file.camera - 1]
    moves = [m for p in plan().passages if p.camera == file.camera for m in p.moves]
    return Take(
        place=camera.scene,
        start_us=file.start_us,
        frames=(file.end_us - file.start_us) * camera.rate // US_PER_S,
        rate=camera.rate,
        gop=camera.rate * 4,
        moves=tuple(m for m in moves if m.start_us < file.end_us and file.start_us < m.end_us),
        title=f"Camera {camera.number:02d}  {camera.name}",
        clock_format=camera.clock_format,
        offset_us=camera.offset_us,
        utc_offset_s=UTC_OFFSET_S,
        dusk_us=(STORY.start_us, STORY.end_us),
    )


def build(folder: Path, *, runner: Runner, files: tuple[PlannedFile, ...] | None = None) -> Iterator[FileDone]:
    """Draw and write the commune's recordings below a folder; yield each file as it is done, in no order.

    files are those to make: all of the plan's, unless given. Each is written under a temporary name and renamed.
    Raises OutputExists before anything is written, DiskFull, NotAllowed, and OSError for other failures of the disk.
    """
    files = plan().files if files is None else files
    for file in files:
        if (folder / file.path).exists():
            raise OutputExists(path=folder / file.path)
    backdrops = {}
    scenes = sorted({STORY.cameras[file.camera - 1].scene for file in files})
    for scene, drawn in runner.map(film.draw, scenes):
        if isinstance(drawn, Exception):
            raise drawn
        backdrops[scene] = drawn
    jobs = []
    for file in files:
        take = take_of(file)
        jobs.append(_Job(file, take, backdrops[take.place], folder / file.path))
    for _, done in runner.map(_made, jobs):
        if isinstance(done, Exception):
            raise done
        yield done


def _made(job: _Job) -> FileDone:
    """Make one file; runs in any process."""
    target = job.target
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        film.shoot(job.take, job.backdrop, part)
        size = part.stat().st_size * job.file.kept_percent // 100
        if job.file.kept_percent < 100:
            os.truncate(part, size)
        mtime_ns = job.file.mtime_us * 1000
        os.utime(part, ns=(mtime_ns, mtime_ns))
        part.rename(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise DiskFull(path=target) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise NotAllowed(path=target, detail=error.strerror) from error
        raise
    return FileDone(job.file, size)
