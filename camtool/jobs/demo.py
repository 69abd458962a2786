"""The demonstration: a drawn commune, and the story of a stolen motorbike from the report to a sealed package.

It is played with the tool's own jobs, in the order in which an officer would type the commands, on a site of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool.core.link import Link
from camtool.core.model import US_PER_S, Camera, Site, Span
from camtool.core.problem import Problem
from camtool.engines.local import LocalRunner, SerialRunner
from camtool.errors import OutputExists
from camtool.jobs import commune
from camtool.jobs.clip import CutReport, cut
from camtool.jobs.clock import observe
from camtool.jobs.demo_seal import Sealed, seal
from camtool.jobs.entry import Seen
from camtool.jobs.hashing import fill_hashes
from camtool.jobs.index import index
from camtool.jobs.search import CameraSearch, search
from camtool.jobs.still import StillReport, still
from camtool.jobs.verify import VerifyReport, locator, verify_clip
from camtool.store.catalog import Catalog
from camtool.store.links import link_cameras
from camtool.store.reader import open_reader
from camtool.store.site import add_camera, create_site, load_site
from camtool.store.where import SITE_FILE

FOOTAGE = "footage"
EVIDENCE = "chung-cu"
CLIP, BEFORE, AFTER = "lay-xe.mp4", "truoc.png", "sau.png"
MARK = "demo.txt"
MARK_TEXT = "Made by `camtool demo`, which may make it again. Nothing here is real.\n"

# What the officer asks for: the minutes around the theft; what is cut: half a minute of it.
ASKED_BEFORE_US, ASKED_AFTER_US = 600 * US_PER_S, 120 * US_PER_S
CUT_BEFORE_US, CUT_AFTER_US = 20 * US_PER_S, 10 * US_PER_S
MINUTE_US = 60 * US_PER_S


@dataclass(frozen=True, slots=True)
class Drawn:
    """How far the drawing is: files done of files to do."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Told:
    """The story as it was played: what was found, and what was made of it."""

    site: Site
    files: int
    size_bytes: int
    problems: tuple[Problem, ...]
    camera: Camera
    asked: Span
    covered_us: int
    clip: CutReport
    stills: tuple[StillReport, ...]
    checked: VerifyReport
    sealed: Sealed


def draw(folder: Path, jobs: int) -> Iterator[Drawn]:
    """Draw and write those of the commune's recordings that are not there yet.

    Raises OutputExists for a folder that is not empty and not the demo's own, DiskFull, NotAllowed.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise OutputExists(path=folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text(MARK_TEXT, encoding="utf-8")
    planned = commune.plan().files
    missing = tuple(file for file in planned if not (folder / FOOTAGE / file.path).exists())
    done = len(planned) - len(missing)
    yield Drawn(done, len(planned))
    if missing:
        for _made in commune.build(folder / FOOTAGE, runner=LocalRunner(jobs), files=missing):
            done += 1
            yield Drawn(done, len(planned))


def play(folder: Path, language: str, now_us: int, chapter: Callable[[str], None]) -> Told:
    """Play the story on the footage; chapter hears the name of each command as its turn comes."""
    chapter("init")
    site = _site(folder, language)
    chapter("index")
    seen = _index(site, now_us)
    reader = open_reader(site)
    try:
        chapter("clock")
        wrong = commune.STORY.wrong_clock
        if not reader.observations(wrong.camera):
            observe(site, _camera(site, wrong.camera), wrong.shows_us, wrong.true_us, None, now_us)
        chapter("find")
        theft = commune.STORY.theft
        camera = _camera(site, theft.camera)
        asked = _rounded(Span(theft.taken_us - ASKED_BEFORE_US, theft.gone_us + ASKED_AFTER_US), MINUTE_US)
        answer = search(reader, camera, asked)
        covered_us = answer.covered_us()
        chapter("cut")
        out = _evidence_folder(folder)
        clip = _clip(site, camera, answer, out)
        chapter("still")
        stills = tuple(
            _still(site, camera, true_us, answer, out / name)
            for name, true_us in ((BEFORE, theft.touched_us - US_PER_S), (AFTER, theft.gone_us + 2 * US_PER_S))
        )
    finally:
        reader.close()
    chapter("verify")
    checked = verify_clip(clip.path, locate=locator(site.cameras))
    sealed = seal(site, (clip.path, *(each.path for each in stills)), out, language, now_us, chapter)
    problems = tuple(problem.of(each.path, each.camera) for each in seen for problem in each.problems)
    size_bytes = sum(each.size_bytes for each in seen)
    return Told(site, len(seen), size_bytes, problems, camera, asked, covered_us, clip, stills, checked, sealed)


def _site(folder: Path, language: str) -> Site:
    if (folder / SITE_FILE).exists():
        return load_site(folder)
    create_site(folder, f"Công an {commune.STORY.commune}", commune.STORY.zone, language)
    for each in commune.STORY.cameras:
        footage = f"{FOOTAGE}/{each.footage}"
        camera = Camera(each.number, each.name, each.place, footage, each.layout, lat=each.lat, lon=each.lon)
        add_camera(folder, camera)
    for road in commune.STORY.roads:
        for start, end in ((road.start, road.end), (road.end, road.start)):
            link_cameras(folder, start, Link(end, seconds=road.seconds))
    return load_site(folder)


def _index(site: Site, now_us: int) -> list[Seen]:
    seen: list[Seen] = []
    catalog = Catalog.open(site)
    try:
        index(site, catalog, site.cameras, SerialRunner(), seen.append, now_us)
        fill_hashes(catalog, site.cameras, everything=False, report=lambda _seen: None, now_us=now_us)
    finally:
        catalog.close()
    return seen


def _rounded(span: Span, unit_us: int) -> Span:
    """Return the span as a person would ask for it: from a whole unit to a whole unit."""
    return Span(span.start_us // unit_us * unit_us, -(-span.end_us // unit_us) * unit_us)


def _camera(site: Site, number: int) -> Camera:
    return next(camera for camera in site.cameras if camera.number == number)


def _evidence_folder(folder: Path) -> Path:
    """Return the folder for what is made, without what an earlier run of the demo made there."""
    out = folder / EVIDENCE
    out.mkdir(exist_ok=True)
    for name in (CLIP, f"{CLIP}.proof.json", BEFORE, AFTER):
        (out / name).unlink(missing_ok=True)
    return out


def _clip(site: Site, camera: Camera, answer: CameraSearch, out: Path) -> CutReport:
    theft = commune.STORY.theft
    wanted = _rounded(Span(theft.taken_us - CUT_BEFORE_US, theft.gone_us + CUT_AFTER_US), US_PER_S)
    return cut(
        camera,
        [seen.recording for seen in answer.recordings()],
        answer.clock.span_to_camera(wanted),
        answer.clock.offset_us,
        out / CLIP,
        zone=ZoneInfo(site.timezone),
        keep_out_of=[Path(each.footage) for each in site.cameras],
    )


def _still(site: Site, camera: Camera, true_us: int, answer: CameraSearch, out: Path) -> StillReport:
    return still(
        camera,
        [seen.recording for seen in answer.recordings()],
        answer.clock.to_camera_us(true_us),
        answer.clock.offset_us,
        out,
        zone=ZoneInfo(site.timezone),
        keep_out_of=[Path(each.footage) for each in site.cameras],
    )
