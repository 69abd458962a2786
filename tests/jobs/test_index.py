"""The index on real files: what it says of each, what it does the second time, and what it never does."""

import datetime as dt
import os
import shutil
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize

import pytest

from camtool.core.model import Camera, Recording, Site, Span, State
from camtool.core.problem import Problem, ProblemKind
from camtool.engines.local import LocalRunner
from camtool.jobs.entry import Fate, Seen
from camtool.jobs.hashing import fill_hashes
from camtool.jobs.index import index
from camtool.media.hash import sha256_of
from camtool.store.catalog import Catalog
from camtool.store.reader import Reader, open_reader
from tests.makers import damage
from tests.makers.dhav import write_dav
from tests.makers.program_stream import write_mpeg_ps
from tests.makers.video import write_mp4

NOW_US = 1_800_000_000_000_000
ALWAYS = Span(0, 2**62)
HOUR = "20261123180000"


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of H.264, a keyframe a second."""
    return write_mp4(tmp_path_factory.mktemp("clip") / "clip.mp4", seconds=10, fps=10, gop=10)


class Bench:
    """A site with one camera, and the index to run on it."""

    def __init__(self, folder: Path, **camera) -> None:
        self.footage = folder / "footage"
        self.footage.mkdir()
        self.camera = Camera(3, "Chợ", "", str(self.footage), **camera)
        (folder / "site").mkdir()
        self.site = Site(str(folder / "site"), "x", "Asia/Ho_Chi_Minh", "vi", (self.camera,))
        self.seen: list[Seen] = []

    def put(self, source: Path, name: str, age_s: int = 3600) -> Path:
        target = self.footage / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        return aged(target, age_s)

    def run(self, jobs: int = 1, **camera) -> Counter[Fate]:
        self.seen = []
        catalog = Catalog.open(self.site)
        try:
            each = Camera(3, "Chợ", "", str(self.footage), **camera) if camera else self.camera
            index(self.site, catalog, [each], LocalRunner(jobs), self.seen.append, NOW_US)
        finally:
            catalog.close()
        return Counter(seen.fate for seen in self.seen if seen.fate is not None)

    def hash(self, everything: bool = False) -> list[Seen]:
        self.seen = []
        catalog = Catalog.open(self.site)
        try:
            fill_hashes(catalog, [self.camera], everything, self.seen.append, NOW_US)
        finally:
            catalog.close()
        return self.seen

    @property
    def reader(self) -> Reader:
        return open_reader(self.site)

    def row(self, path: str) -> Recording:
        found = self.reader.by_path(3, path)
        assert found is not None, path
        return found

    def problems(self, path: str) -> list[Problem]:
        return [problem for problem in self.reader.problems(3) if problem.path == path]

    def kinds(self, path: str) -> list[ProblemKind]:
        return [problem.kind for problem in self.problems(path)]


def aged(path: Path, age_s: int) -> Path:
    when = time.time() - age_s
    os.utime(path, (when, when))
    return path


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_good_recording_has_its_times_and_facts(bench, clip):
    file = bench.put(clip, "NVR_ch3_main_20261123180000_20261123180010.mp4")
    assert bench.run() == {Fate.NEW: 1}
    row = bench.row(file.name)
    start_us = 1_795_431_600_000_000  # 2026-11-23T18:00:00+07:00
    assert row.span == Span(start_us, start_us + 10_000_000)
    assert (row.state, row.layout, row.wall_us, row.media_us) == (State.OK, "dahua", 10_000_000, 10_000_000)
    assert (row.video_codec, row.width_px, row.height_px, row.audio_codec) == ("h264", 320, 192, None)
    assert row.size_bytes == file.stat().st_size
    assert row.mtime_ns == file.stat().st_mtime_ns
    assert row.sha256 is None
    assert list(bench.reader.problems(3)) == []


def test_every_fact_has_its_column(bench, tmp_path):
    """Claim, container facts and the span used are stored apart (DESIGN, invariant 3)."""
    created = dt.datetime(2026, 11, 23, 12, 0, 0, tzinfo=dt.UTC)
    source = write_mp4(tmp_path / "a.mp4", seconds=10, fps=Fraction(25, 2), gop=10, audio="aac", created=created)
    file = bench.put(source, "NVR_ch3_main_20261123180000_20261123180010.mp4")
    write_dav(bench.footage / "lạ.dav", source, dt.datetime(2026, 11, 23, 18, 0, 0))
    aged(bench.footage / "lạ.dav", 3600)
    bench.run()
    with closing(sqlite3.connect(Path(bench.site.folder, "catalog.db"))) as connection:
        connection.row_factory = sqlite3.Row
        good, dav = (dict(row) for row in connection.execute("SELECT * FROM recording ORDER BY path"))
    start_us = 1_795_431_600_000_000  # 2026-11-23T18:00:00+07:00
    assert good == {
        "id": good["id"],
        "camera": 3,
        "path": file.name,
        "size_bytes": file.stat().st_size,
        "mtime_ns": file.stat().st_mtime_ns,
        "ctime_ns": file.stat().st_ctime_ns,
        "state": "ok",
        "layout": "dahua",
        "channel": "3",
        "claim_start_us": start_us,
        "claim_end_us": start_us + 10_000_000,
        "container": "mp4",
        "container_start_us": 1_795_435_200_000_000,  # 12:00 UTC, 19:00 in Vietnam: kept, and not believed
        "container_start_local": None,
        "media_us": good["media_us"],
        "playable_us": good["media_us"],
        "wall_us": 10_000_000,
        "start_us": start_us,
        "end_us": start_us + 10_000_000,
        "video_codec": "h264",
        "width_px": 320,
        "height_px": 192,
        "frames": 125,
        "rate_num": 25,
        "rate_den": 2,
        "audio_codec": "aac",
        "sha256": None,
        "hashed_us": None,
        "indexed_us": NOW_US,
    }
    assert abs(good["media_us"] - 10_000_000) < 100_000
    assert (dav["layout"], dav["channel"], dav["claim_start_us"], dav["claim_end_us"]) == (None, None, None, None)
    assert (dav["container"], dav["container_start_local"]) == ("dhav", "2026-11-23T18:00:00")
    assert dav["start_us"] == start_us


def test_what_the_name_leaves_open_is_a_problem_of_the_file(tmp_path, clip):
    bench = Bench(tmp_path)
    bench.site = replace(bench.site, timezone="Europe/Berlin")
    bench.put(clip, "NVR_ch3_main_20261025023000_20261025023010.mp4")
    bench.run()
    assert bench.kinds("NVR_ch3_main_20261025023000_20261025023010.mp4") == [ProblemKind.REPEATED_HOUR]


def test_a_name_without_an_end_takes_the_contents_length(bench, clip):
    bench.put(clip, "ch03_20261123180000.mp4")
    bench.run()
    row = bench.row("ch03_20261123180000.mp4")
    assert row.span is not None
    assert (row.span.length_us, row.wall_us) == (10_000_000, None)


def test_a_picture_that_runs_differently_from_the_name(bench, clip):
    bench.put(clip, "NVR_ch3_main_20261123180000_20261123180012.mp4")
    bench.run()
    (problem,) = bench.reader.problems(3)
    assert problem.kind is ProblemKind.DURATION_MISMATCH
    assert problem.facts == {"media_s": "10.0", "wall_s": "12.0"}
    row = bench.row("NVR_ch3_main_20261123180000_20261123180012.mp4")
    assert (row.media_us, row.wall_us, row.state) == (10_000_000, 12_000_000, State.OK)


def test_every_kind_of_damage_is_a_row_with_a_state_and_a_problem(bench, clip, tmp_path):
    damage.cut_fraction(clip, bench.footage / "ch03_20261123180000.mp4")
    damage.without_box(clip, bench.footage / "ch03_20261123180100.mp4", b"moov")
    (bench.footage / "ch03_20261123180200.mp4").write_bytes(b"")
    (bench.footage / "ch03_20261123180300.mp4").write_text("chiều nay cúp điện\n" * 50)
    (bench.footage / "ch03_20261123180400.mp4").mkdir()
    (bench.footage / "ch03_20261123180500.mp4").symlink_to("nowhere")
    (bench.footage / "loop").symlink_to(bench.footage)
    for path in bench.footage.iterdir():
        if path.is_file():
            aged(path, 3600)
    bench.run()
    states = {
        path: (bench.row(path).state, bench.kinds(path))
        for path in sorted(each.name for each in bench.footage.iterdir())
    }
    assert states == {
        "ch03_20261123180000.mp4": (State.TRUNCATED, [ProblemKind.TRUNCATED]),
        "ch03_20261123180100.mp4": (State.NO_INDEX, [ProblemKind.NO_INDEX]),
        "ch03_20261123180200.mp4": (State.EMPTY, [ProblemKind.EMPTY]),
        "ch03_20261123180300.mp4": (State.UNREADABLE, [ProblemKind.NOT_VIDEO]),
        "ch03_20261123180400.mp4": (State.UNREADABLE, [ProblemKind.NOT_A_FILE]),
        "ch03_20261123180500.mp4": (State.UNREADABLE, [ProblemKind.UNREADABLE]),
        "loop": (State.UNREADABLE, [ProblemKind.LINK_LOOP]),
    }
    truncated = bench.row("ch03_20261123180000.mp4").span
    assert truncated is not None
    assert 3_000_000 < truncated.length_us < 8_000_000
    (problem,) = bench.problems("ch03_20261123180000.mp4")
    assert problem.facts == {
        "present_bytes": (bench.footage / "ch03_20261123180000.mp4").stat().st_size,
        "expected_bytes": clip.stat().st_size,
    }


def test_a_broken_off_recording_covers_its_share_of_the_names_time(bench, clip):
    """The picture runs 10 s for a name of 20 s: what plays of it covers twice its own length."""
    name = "NVR_ch3_main_20261123180000_20261123180020.mp4"
    damage.cut_fraction(clip, bench.footage / name)
    aged(bench.footage / name, 3600)
    bench.run()
    row = bench.row(name)
    assert row.span is not None
    assert (row.wall_us, row.media_us) == (20_000_000, 10_000_000)
    assert 6_000_000 < row.span.length_us < 16_000_000


def test_unknown_names_are_listed_foreign(bench, clip):
    bench.put(clip, "lạ.mp4")
    (bench.footage / "index00.bin").write_bytes(bytes(range(256)) * 8)
    (bench.footage / "rỗng.mp4").write_bytes(b"")
    bench.run()
    assert (bench.row("lạ.mp4").state, bench.kinds("lạ.mp4")) == (State.FOREIGN, [ProblemKind.FOREIGN])
    assert bench.row("lạ.mp4").media_us == 10_000_000
    assert (bench.row("index00.bin").state, bench.kinds("index00.bin")) == (State.FOREIGN, [ProblemKind.FOREIGN])
    assert bench.row("rỗng.mp4").state is State.EMPTY
    assert bench.kinds("rỗng.mp4") == [ProblemKind.EMPTY, ProblemKind.FOREIGN]
    assert bench.reader.unplaced(3) == 3


@pytest.mark.parametrize("jobs", [1, 2])
def test_other_containers_go_through_the_video_library(bench, clip, jobs):
    write_dav(bench.footage / "lạ.dav", clip, dt.datetime(2026, 11, 23, 18, 0, 0))
    write_mpeg_ps(bench.footage / f"ch03_{HOUR}.mp4", clip)
    for path in bench.footage.iterdir():
        aged(path, 3600)
    bench.run(jobs)
    dav = bench.row("lạ.dav")
    assert dav.state is State.FOREIGN
    assert dav.span is not None
    assert dav.span.start_us == 1_795_431_600_000_000, "DHAV's own clock places it"
    stream = bench.row(f"ch03_{HOUR}.mp4")
    assert (stream.state, stream.video_codec) == (State.OK, "h264")
    (problem,) = bench.problems(f"ch03_{HOUR}.mp4")
    assert (problem.kind, problem.facts) == (ProblemKind.CONTENT_MISMATCH, {"suffix": ".mp4", "found": "mpeg-ps"})


def test_a_second_run_examines_nothing(bench, clip):
    for minute in range(5):
        bench.put(clip, f"a/ch03_202611231800{minute:02d}.mp4")
    (bench.footage / "lạ.txt").write_text("x")
    assert bench.run() == {Fate.NEW: 6}
    before = {path: path.stat().st_mtime_ns for path in bench.footage.rglob("*")}
    assert bench.run() == {Fate.SAME: 6}
    assert {path: path.stat().st_mtime_ns for path in bench.footage.rglob("*")} == before


def test_a_run_that_stops_halfway_is_taken_up_again(bench, clip):
    for minute in range(8):
        bench.put(clip, f"ch03_202611231800{minute:02d}.mp4")

    class Stop(Exception):
        pass

    catalog = Catalog.open(bench.site)
    stored = []

    def stop_after_three(seen: Seen) -> None:
        stored.append(seen)
        if len(stored) == 3:
            raise Stop

    import camtool.jobs.index as module

    batch = module.BATCH_FILES
    module.BATCH_FILES = 1
    try:
        with pytest.raises(Stop):
            index(bench.site, catalog, [bench.camera], LocalRunner(1), stop_after_three, NOW_US)
    finally:
        module.BATCH_FILES = batch
        catalog.close()
    assert bench.run() == {Fate.SAME: 3, Fate.NEW: 5}


def test_a_file_that_changed_keeps_its_old_hash(bench, clip):
    file = bench.put(clip, f"ch03_{HOUR}.mp4")
    bench.run()
    bench.hash()
    old = bench.row(file.name).sha256
    assert old == sha256_of(file)
    file.write_bytes(file.read_bytes() + b"\0\0\0\x08free")
    assert bench.run() == {Fate.CHANGED: 1}
    row = bench.row(file.name)
    assert (row.state, row.sha256) == (State.CHANGED, old)
    (problem,) = bench.problems(file.name)
    assert problem.kind is ProblemKind.CHANGED
    assert problem.facts == {"was_bytes": clip.stat().st_size, "is_bytes": clip.stat().st_size + 8}
    assert bench.run() == {Fate.SAME: 1}
    assert bench.row(file.name).state is State.CHANGED


@pytest.mark.parametrize("way", ["other settings", "away and back"])
def test_a_changed_file_stays_changed_until_its_old_bytes_are_back(bench, clip, way):
    file = bench.put(clip, f"ch03_{HOUR}.mp4")
    bench.run()
    bench.hash()
    old = bench.row(file.name).sha256
    file.write_bytes(clip.read_bytes() + b"\0\0\0\x08free")
    bench.run()
    told = bench.problems(file.name)
    if way == "other settings":
        assert bench.run(layout="hikvision") == {Fate.AGAIN: 1}
    else:
        bench.footage.rename(bench.footage.with_name("unplugged"))
        bench.footage.mkdir()
        assert bench.run() == {Fate.MISSING: 1}
        bench.footage.rmdir()
        bench.footage.with_name("unplugged").rename(bench.footage)
        assert bench.run() == {Fate.AGAIN: 1}
    assert [(seen.state, seen.problems) for seen in bench.seen] == [
        (State.CHANGED, (replace(told[0], path=None, camera=None),))
    ]
    row = bench.row(file.name)
    assert (row.state, row.sha256, bench.problems(file.name)) == (State.CHANGED, old, told)
    file.write_bytes(clip.read_bytes())
    assert bench.run() == {Fate.AGAIN: 1}
    assert (bench.row(file.name).state, bench.problems(file.name)) == (State.OK, [])


def test_a_file_that_comes_back_with_another_length_has_changed(bench, clip):
    file = bench.put(clip, f"ch03_{HOUR}.mp4")
    bench.run()
    file.unlink()
    bench.run()
    file.write_bytes(clip.read_bytes() + b"\0\0\0\x08free")
    assert bench.run() == {Fate.CHANGED: 1}
    assert (bench.row(file.name).state, bench.kinds(file.name)) == (State.CHANGED, [ProblemKind.CHANGED])


def test_other_times_with_the_same_bytes_are_no_change_if_the_hash_is_known(bench, clip):
    hashed = bench.put(clip, f"ch03_{HOUR}.mp4")
    bench.run()
    bench.hash()
    unhashed = bench.put(clip, "ch03_20261123190000.mp4")
    bench.run()
    for file in (hashed, unhashed):
        aged(file, 60_000)
    assert bench.run() == {Fate.AGAIN: 1, Fate.CHANGED: 1}
    assert bench.row(hashed.name).state is State.OK
    assert bench.row(unhashed.name).state is State.CHANGED


def test_a_swap_that_keeps_size_and_times_is_found_by_hashing_all(bench, clip):
    file = bench.put(clip, f"ch03_{HOUR}.mp4")
    bench.run()
    bench.hash()
    old = bench.row(file.name).sha256
    content = bytearray(file.read_bytes())
    content[-5] ^= 1
    file.write_bytes(content)
    catalog = Catalog.open(bench.site)
    with catalog.engine.begin() as connection:  # as if the disk had lied about its times
        info = file.stat()
        connection.exec_driver_sql(
            "UPDATE recording SET mtime_ns = ?, ctime_ns = ?", (info.st_mtime_ns, info.st_ctime_ns)
        )
    catalog.close()
    assert bench.run() == {Fate.SAME: 1}
    (seen,) = bench.hash(everything=True)
    assert seen.state is State.CHANGED
    assert bench.row(file.name).sha256 == old
    bench.hash(everything=True)
    (problem,) = bench.problems(file.name)
    assert (problem.kind, problem.facts) == (ProblemKind.CHANGED_UNSEEN, {"found": sha256_of(file)})


def test_hashing_new_leaves_the_hashed_alone(bench, clip):
    bench.put(clip, "ch03_20261123180000.mp4")
    bench.put(clip, "ch03_20261123190000.mp4")
    bench.run()
    assert [seen.path for seen in bench.hash()] == ["ch03_20261123190000.mp4", "ch03_20261123180000.mp4"]
    assert bench.hash() == []
    assert len(bench.hash(everything=True)) == 2


@pytest.mark.parametrize("when", ["before it is hashed", "while it is hashed"])
def test_a_file_written_to_since_it_was_indexed_gets_no_hash(bench, clip, when, monkeypatch):
    """Else its next examination would find the hash it has, and the change would never be told."""
    file = bench.put(clip, f"ch03_{HOUR}.mp4")
    bench.run()

    def write() -> None:
        file.write_bytes(clip.read_bytes() + b"\0\0\0\x08free")

    def hashed(path: Path) -> str:
        found = sha256_of(path)
        if when == "while it is hashed":
            write()
        return found

    monkeypatch.setattr("camtool.jobs.hashing.sha256_of", hashed)
    if when == "before it is hashed":
        write()
    (seen,) = bench.hash()
    assert [problem.kind for problem in seen.problems] == [ProblemKind.GROWING]
    assert bench.row(file.name).sha256 is None
    assert bench.run() == {Fate.CHANGED: 1}
    monkeypatch.undo()
    assert [problem for seen in bench.hash() for problem in seen.problems] == []
    assert bench.row(file.name).sha256 == sha256_of(file)


def test_a_hash_that_cannot_be_made_is_told(bench, clip):
    file = bench.put(clip, f"ch03_{HOUR}.mp4")
    bench.run()
    file.unlink()
    (seen,) = bench.hash()
    assert [(each.kind, each.facts) for each in seen.problems] == [
        (ProblemKind.UNREADABLE, {"detail": "No such file or directory"})
    ]
    assert bench.row(file.name).sha256 is None


def test_a_file_that_is_gone_is_missing_and_comes_back(bench, clip):
    file = bench.put(clip, f"ch03_{HOUR}.mp4")
    bench.run()
    away = file.rename(bench.footage.parent / "away.mp4")
    assert bench.run() == {Fate.MISSING: 1}
    assert (bench.row(file.name).state, bench.kinds(file.name)) == (State.MISSING, [ProblemKind.MISSING])
    assert bench.run() == {}
    away.rename(file)
    assert bench.run() == {Fate.AGAIN: 1}
    assert (bench.row(file.name).state, bench.kinds(file.name)) == (State.OK, [])


def test_a_footage_folder_that_is_not_there_loses_nothing(bench, clip):
    bench.put(clip, f"ch03_{HOUR}.mp4")
    bench.run()
    bench.footage.rename(bench.footage.with_name("unmounted"))
    assert bench.run() == {}
    (seen,) = bench.seen
    assert [problem.kind for problem in seen.problems] == [ProblemKind.FOLDER_MISSING]
    assert bench.row(f"ch03_{HOUR}.mp4").state is State.OK


@pytest.mark.parametrize(
    ("names", "left", "states", "told"),
    [
        (
            ("1.mp4", "2.mp4", "3.mp4"),
            False,
            (State.FOREIGN, State.FOREIGN, State.FOREIGN),
            [ProblemKind.FOLDER_MISSING],
        ),
        (("1.mp4", "2.mp4", "3.mp4"), True, (State.FOREIGN, State.MISSING, State.MISSING), [ProblemKind.MISSING] * 2),
        (
            ("a/1.mp4", "b/1.mp4", "c/1.mp4"),
            False,
            (State.FOREIGN, State.FOREIGN, State.FOREIGN),
            [ProblemKind.UNREADABLE] * 2,
        ),
    ],
)
def test_the_whole_footage_folder_vanishes_mid_walk(bench, clip, names, left, states, told):
    """A disk is pulled out while it is walked; left: the folder it was mounted on stays behind, empty."""
    for name in names:
        bench.put(clip, name)
    bench.run()
    catalog = Catalog.open(bench.site)
    seen = []

    def vanish(each: Seen) -> None:
        seen.append(each)
        if len(seen) == 1:
            bench.footage.rename(bench.footage.with_name("elsewhere"))
            if left:
                bench.footage.mkdir()

    index(bench.site, catalog, [bench.camera], LocalRunner(1), vanish, NOW_US)
    catalog.close()
    assert tuple(bench.row(name).state for name in names) == states
    assert [problem.kind for each in seen for problem in each.problems] == told
    if left:
        bench.footage.rmdir()
    bench.footage.with_name("elsewhere").rename(bench.footage)
    bench.run()
    assert {bench.row(name).state for name in names} == {State.FOREIGN}, "all is as it was"


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="modes of files are POSIX")
def test_what_may_not_be_read_is_listed_and_what_was_known_stays(clip):
    # Not below pytest's own folder, which is closed to the user that root becomes here.
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        bench = Bench(Path(folder))
        shut = bench.put(clip, f"shut/ch03_{HOUR}.mp4").parent
        file = bench.put(clip, "ch03_20261123190000.mp4")
        bench.put(clip, "ch03_20261123200000.mp4")
        bench.run()
        aged(file, 60_000)
        shut.chmod(0)
        file.chmod(0)
        was_root = os.geteuid() == 0
        if was_root:  # who may read anything
            Path(bench.site.folder).chmod(0o777)
            for each in Path(bench.site.folder).iterdir():
                each.chmod(0o666)
            os.seteuid(65534)
        try:
            assert bench.run() == {Fate.CHANGED: 1, Fate.SAME: 1, Fate.NEW: 1}
        finally:
            if was_root:
                os.seteuid(0)
            shut.chmod(0o755)
        told = {seen.path: [(each.kind, each.facts.get("detail")) for each in seen.problems] for seen in bench.seen}
        assert told["shut"] == [(ProblemKind.FOLDER_UNREADABLE, "Permission denied")]
        assert (ProblemKind.UNREADABLE, "Permission denied") in told[file.name]
        assert bench.row(f"shut/ch03_{HOUR}.mp4").state is State.OK


def test_a_folder_that_vanishes_mid_walk_loses_nothing(bench, clip):
    for name in ("a", "b", "c"):
        bench.put(clip, f"{name}/ch03_{HOUR}.mp4")
    bench.run()
    catalog = Catalog.open(bench.site)
    seen = []

    def vanish(each: Seen) -> None:
        seen.append(each)
        if len(seen) == 1:
            shutil.rmtree(bench.footage / "b")
            (bench.footage / "b").symlink_to("b")  # what is there now cannot be listed

    index(bench.site, catalog, [bench.camera], LocalRunner(1), vanish, NOW_US)
    catalog.close()
    rows = {path: bench.row(path).state for path in (f"a/ch03_{HOUR}.mp4", f"b/ch03_{HOUR}.mp4", f"c/ch03_{HOUR}.mp4")}
    assert set(rows.values()) == {State.OK}
    assert bench.row("b").state is State.UNREADABLE


def test_a_file_still_being_written_is_growing_then_good(bench, clip):
    name = f"ch03_{HOUR}.mp4"
    content = clip.read_bytes()
    (bench.footage / name).write_bytes(content[: len(content) // 2])
    stop = threading.Event()

    def recorder() -> None:
        with (bench.footage / name).open("ab") as file:
            for byte in content[len(content) // 2 : -1]:
                if stop.wait(0.1):
                    break
                file.write(bytes([byte]))
                file.flush()

    writer = threading.Thread(target=recorder)
    writer.start()
    try:
        bench.run()
    finally:
        stop.set()
        writer.join()
    assert (bench.row(name).state, bench.kinds(name)) == (State.GROWING, [ProblemKind.GROWING])
    assert bench.hash() == []
    (bench.footage / name).write_bytes(content)
    assert bench.run() == {Fate.AGAIN: 1}
    assert (bench.row(name).state, bench.kinds(name)) == (State.OK, [])


def test_a_broken_off_file_that_grows_after_it_was_fresh_was_being_written(bench, clip):
    """A recorder that stood still during both looks: what it adds later is no change of something finished."""
    fresh, finished = f"ch03_{HOUR}.mp4", "ch03_20261123190000.mp4"
    now_us = time.time_ns() // 1000
    for name, age_s in ((fresh, 300), (finished, 3600)):
        damage.cut_fraction(clip, bench.footage / name)
        aged(bench.footage / name, age_s)
    catalog = Catalog.open(bench.site)
    index(bench.site, catalog, [bench.camera], LocalRunner(1), bench.seen.append, now_us)
    catalog.close()
    assert {bench.row(name).state for name in (fresh, finished)} == {State.TRUNCATED}
    for name in (fresh, finished):
        shutil.copyfile(clip, bench.footage / name)
    assert bench.run() == {Fate.AGAIN: 1, Fate.CHANGED: 1}
    assert (bench.row(fresh).state, bench.row(finished).state) == (State.OK, State.CHANGED)


def test_a_fresh_file_that_broke_off_is_not_called_growing(bench, clip):
    damage.cut_fraction(clip, bench.footage / f"ch03_{HOUR}.mp4")
    bench.run()
    assert bench.row(f"ch03_{HOUR}.mp4").state is State.TRUNCATED


def test_another_layout_or_zone_reads_the_names_anew(bench, clip):
    bench.put(clip, "lạ-20261123-1800.mp4")
    bench.run()
    assert bench.row("lạ-20261123-1800.mp4").span is None
    assert bench.run(layout="template", template="lạ-%Y%m%d-%H%M.mp4") == {Fate.AGAIN: 1}
    row = bench.row("lạ-20261123-1800.mp4")
    assert (row.state, row.layout) == (State.OK, "template")
    assert row.span is not None
    assert row.span.start_us == 1_795_431_600_000_000


def test_cameras_that_share_a_folder_take_their_own_channel(tmp_path, clip):
    bench = Bench(tmp_path, channel="1")
    bench.put(clip, "NVR_ch1_main_20261123180000_20261123180010.mp4")
    bench.put(clip, "NVR_ch2_main_20261123180000_20261123180010.mp4")
    bench.put(clip, "lạ.mp4")
    bench.put(clip, "NVR_ch2_main_20261123190000_20261123190010.mp4")
    bench.run()
    (stranger,) = [
        problem for seen in bench.seen for problem in seen.problems if problem.kind is ProblemKind.CHANNEL_UNASSIGNED
    ]
    assert stranger.facts == {"channel": "2", "count": 2}
    paths = {row.path for row in bench.reader.overlapping(3, ALWAYS)}
    assert paths == {"NVR_ch1_main_20261123180000_20261123180010.mp4"}
    assert bench.row("lạ.mp4").state is State.FOREIGN
    second = Camera(4, "Cầu", "", str(bench.footage), channel="2")
    bench.site = replace(bench.site, cameras=(bench.camera, second))
    bench.camera = second
    assert bench.run() == {Fate.NEW: 2}, "its own two files; what names no channel stays with the first camera"


def test_channels_are_compared_whichever_way_their_accents_are_written(tmp_path, clip):
    names = "ghi-{}-20261123-1800.mp4"
    bench = Bench(tmp_path, layout="template", template="ghi-%c-%Y%m%d-%H%M.mp4", channel=normalize("NFD", "chợ"))
    bench.put(clip, names.format(normalize("NFC", "chợ")))
    bench.put(clip, names.format("cầu"))
    assert bench.run() == {Fate.NEW: 1}
    assert [seen.problems[0].facts for seen in bench.seen if seen.problems] == [{"channel": "cầu", "count": 1}]
    assert bench.row(names.format(normalize("NFC", "chợ"))).state is State.OK


def test_a_folder_shared_by_two_is_complained_of_once(tmp_path, clip):
    bench = Bench(tmp_path, channel="1")
    second = Camera(4, "Cầu", "", str(bench.footage), channel="2")
    bench.site = replace(bench.site, cameras=(bench.camera, second))
    for channel in (1, 2, 7):
        bench.put(clip, f"NVR_ch{channel}_main_20261123180000_20261123180010.mp4")
    bench.run()
    strangers = [problem for seen in bench.seen for problem in seen.problems]
    assert [(each.kind, each.facts) for each in strangers] == [
        (ProblemKind.CHANNEL_UNASSIGNED, {"channel": "7", "count": 1})
    ]
    bench.camera = second
    bench.run()
    assert [problem for seen in bench.seen for problem in seen.problems] == []


@pytest.mark.skipif(not hasattr(os, "nice"), reason="priorities are the system's own")
def test_hashing_lets_others_go_first(bench, clip, monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr(os, "nice", asked.append)
    bench.put(clip, f"ch03_{HOUR}.mp4")
    bench.run()
    assert asked == []
    bench.hash()
    assert asked == [10]


def test_odd_names_are_indexed(bench, clip):
    names = [b"new\nline ch03_20261123180000.mp4", b"\xff\xfe.mp4", "xe máy 🛵.mp4".encode()]
    for name in names:
        shutil.copyfile(clip, os.fsencode(bench.footage) + b"/" + name)
    bench.run(jobs=2)
    assert bench.row("\\xff\\xfe.mp4").media_us == 10_000_000
    assert bench.row("xe máy 🛵.mp4").media_us == 10_000_000
    assert bench.row("new\nline ch03_20261123180000.mp4").state is State.FOREIGN
    assert len(bench.hash()) == 3
    assert bench.row("\\xff\\xfe.mp4").sha256 == sha256_of(clip)


def test_footage_mounted_read_only_is_enough(bench, clip):
    bench.put(clip, f"a/ch03_{HOUR}.mp4")
    for path in (bench.footage / "a", bench.footage):
        path.chmod(0o555)
    try:
        assert bench.run() == {Fate.NEW: 1}
        assert len(bench.hash()) == 1
    finally:
        for path in (bench.footage, bench.footage / "a"):
            path.chmod(0o755)
