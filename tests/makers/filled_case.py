"""A site with one case that holds a clip and its proof, a still, an original and a paper, by the log's own means.

The rows are written here, not by `case add`: a package is tested for what it makes of a log, whoever wrote it.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from camtool.core.case import Act, Role
from camtool.core.custody import Entry, FileObject
from camtool.core.model import Camera, Site, Span
from camtool.core.timetext import rfc3339
from camtool.jobs.case import Doer, acting, open_case
from camtool.jobs.clip import cut
from camtool.store.site import add_camera, create_site
from tests.makers.rows import START_US, ZONE, camera, row, sha256_of, span
from tests.makers.video import picture, write_video

TITLE = "Trộm xe máy trước nhà ông A, ấp 3"
NOW_US = START_US + 86_400_000_000
OFFICER = "Cán bộ trực ban"


class Ticking:
    """A clock that goes one second at each look."""

    def __init__(self, now_us: int = NOW_US) -> None:
        self.now_us = now_us

    def __call__(self) -> int:
        self.now_us += 1_000_000
        return self.now_us


@dataclass
class Filled:
    """The site, the case's number and its folder, and the recording that the clip was cut from."""

    site: Site
    number: str
    folder: Path
    recording: Path
    doer: Doer

    def put(
        self,
        role: Role,
        name: str,
        source: Path,
        facts: Mapping[str, Any] | None = None,
        *,
        parts: tuple[str, ...] = (),
    ) -> Entry:
        """Bring a file into the case; parts are endings of files beside it that belong to it."""
        held = [self._hold(role, name, source)]
        held += [self._hold(role, name + ending, source.with_name(source.name + ending)) for ending in parts]
        more = [{"path": each.path, "sha256": each.sha256, "size_bytes": each.size_bytes} for each in held[1:]]
        with acting(self.site, self.number, Act.ADD, self.doer) as doing:
            return doing.write(role=role, object=held[0], facts={"parts": more, **(facts or {})})

    def _hold(self, role: Role, name: str, source: Path) -> FileObject:
        target = self.folder / role / name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(source, target)
        return FileObject(f"{role}/{name}", sha256_of(target), target.stat().st_size)


def filled_case(folder: Path, *, title: str = TITLE, suffix: str = ".mp4", codec: str = "libx264") -> Filled:
    """Make it in an empty folder. The camera's clock was five minutes slow."""
    footage, site_folder = folder / "footage", folder / "xa"
    footage.mkdir(parents=True)
    recording = write_video(footage / f"rec{suffix}", seconds=8, gop=10, codec=codec)
    create_site(site_folder, "Công an xã Tân Hòa", ZONE.key, "vi")
    site = add_camera(site_folder, Camera(3, "Cổng chợ", "Ngã ba đường tỉnh", str(footage)))
    doer = Doer(OFFICER, "theo đơn trình báo", ("camtool", "cut", "--case", "HS-2026-0001"), Ticking())
    opened = open_case(site, title, "theft", doer)
    filled = Filled(site, opened.case.number, opened.folder, recording, doer)
    add_clip(filled, folder / f"clip{suffix}")
    still = folder / "still.png"
    Image.fromarray(picture(30)).save(still)
    at_us = START_US + 3_000_000
    facts = {
        "camera": {"number": 3, "name": "Cổng chợ", "place": "Ngã ba đường tỉnh"},
        "camera_span": dict.fromkeys(("from", "to"), rfc3339(at_us, ZONE)),
        "true_span": dict.fromkeys(("from", "to"), rfc3339(at_us + 300_000_000, ZONE)),
        "requested": dict.fromkeys(("from", "to"), rfc3339(at_us + 300_000_000, ZONE)),
        "sources": [{"path": recording.name, "sha256": sha256_of(recording), "packet": 30, "pts": 3000}],
        "frame": 30,
        "clock": {"offset_us": 300_000_000, "observed": True, "note": "so với điện thoại"},
        "parents": [sha256_of(recording)],
    }
    filled.put(Role.STILL, "cam3-180003.png", still, facts)
    paper = folder / "bien-nhan.pdf"
    paper.write_bytes(b"%PDF-1.4 a scan\n")
    filled.put(Role.PAPER, "bien-nhan.pdf", paper)
    return filled


def add_clip(filled: Filled, out: Path, name: str | None = None, wanted: Span | None = None) -> Entry:
    """Cut a clip and bring it in with its proof; wanted is camera time."""
    report = cut(
        camera(filled.recording.parent),
        [row(filled.recording)],
        wanted or span(2.4, 4.6),
        300_000_000,
        out,
        zone=ZONE,
    )
    spans = {"camera_span": report.camera_span, "true_span": report.true_span, "requested": report.requested}
    facts = {
        "camera": {"number": 3, "name": "Cổng chợ", "place": "Ngã ba đường tỉnh"},
        **{
            key: {"from": rfc3339(each.start_us, ZONE), "to": rfc3339(each.end_us, ZONE)} for key, each in spans.items()
        },
        "clock": {"offset_us": 300_000_000, "observed": True, "note": "so với điện thoại"},
        "packets": sum(source.packets for source in report.sources),
        "parents": [source.sha256 for source in report.sources],
    }
    return filled.put(Role.EXTRACT, name or f"cam3-180002{out.suffix}", report.path, facts, parts=(".proof.json",))
