import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from camtool.core.activity import Box, Cause, Event, FoundBy
from camtool.core.model import Span
from camtool.core.noise import CameraNoise
from camtool.core.problem import ProblemKind
from camtool.core.zone import Zone
from camtool.media.luma import Film
from camtool.media.motion_frames import Frames
from camtool.media.motion_keyframes import Keyframes
from camtool.media.motion_packets import Packets, read_index
from camtool.media.motion_stage import Finding, Scene, Stage
from camtool.media.skim import Effort, FileScan, skim_file
from tests.makers.damage import cut_fraction
from tests.makers.scene import branch, clock, light, shaken, walker, write_scene

S = 1_000_000
LOOKING = (Effort.QUICK, Effort.NORMAL, Effort.THOROUGH)
FOOTAGE = os.environ.get("CAMTOOL_TEST_FOOTAGE")


def listed(scan: FileScan) -> list[Event]:
    return [event for event in scan.events if event.listed]


def kinds(scan: FileScan) -> list[ProblemKind]:
    return [problem.kind for problem in scan.problems]


@pytest.fixture(scope="module")
def one_walker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_scene(tmp_path_factory.mktemp("scene") / "walker.mp4", 40, [walker(15.0, 22.0)])


@pytest.mark.parametrize("effort", LOOKING)
def test_somebody_who_walks_through_is_one_object(one_walker: Path, effort: Effort) -> None:
    scan = skim_file(one_walker, effort=effort)
    (event,) = listed(scan)
    assert event.cause is Cause.OBJECT
    error_us = 2_000_000 if effort is Effort.QUICK else 200_000
    assert abs(event.start_us - 15 * S) <= error_us
    assert abs(event.end_us - 22 * S) <= error_us
    assert event.found_by is (FoundBy.KEYFRAMES if effort is Effort.QUICK else FoundBy.FRAMES)
    _x, y, w, h = event.box_px
    assert 150 <= y <= 190
    assert 40 <= h <= 90
    assert 10 <= w <= 60
    assert not scan.problems


def test_each_effort_says_what_it_looked_at(one_walker: Path) -> None:
    scans = {effort: skim_file(one_walker, effort=effort) for effort in Effort}
    assert not any(scan.problems for scan in scans.values())
    assert scans[Effort.INDEX].stats.frames_decoded == 0
    assert scans[Effort.QUICK].stats.frames_decoded == 20
    assert 20 < scans[Effort.NORMAL].stats.frames_decoded < 300
    assert scans[Effort.THOROUGH].stats.frames_decoded >= 400
    assert {scan.stats.footage_us for scan in scans.values()} <= set(range(39_800_000, 40_100_001))
    assert scans[Effort.QUICK].stats.longest_keyframe_us == 2 * S
    assert {scan.stats.packets for scan in scans.values()} >= {400}


def test_the_index_ranks_every_minute(tmp_path: Path) -> None:
    path = write_scene(tmp_path / "a.mp4", 130, [walker(70, 80)], size=(160, 96))
    scan = skim_file(path, effort=Effort.INDEX)
    assert [event.start_us for event in scan.events] == [0, 60 * S, 120 * S]
    assert max(scan.events, key=lambda event: event.score).start_us == 60 * S
    assert {event.found_by for event in scan.events} == {FoundBy.PACKETS}


def test_an_answer_goes_to_another_process(one_walker: Path) -> None:
    scan = skim_file(one_walker, effort=Effort.QUICK)
    assert pickle.loads(pickle.dumps(scan)) == scan
    assert pickle.loads(pickle.dumps(skim_file)) is skim_file


@pytest.mark.parametrize("stage", [Packets(), Keyframes(), Frames()])
def test_each_stage_runs_alone(one_walker: Path, stage: Stage) -> None:
    film = Film(one_walker)
    events = [finding.event for finding in stage.findings(film, Scene()) if finding.event]
    film.close()
    assert any(event.start_us <= 18 * S < event.end_us for event in events)


def test_between_two_keyframes_only_frames_see_it(tmp_path: Path) -> None:
    path = write_scene(tmp_path / "a.mp4", 40, [walker(20.3, 23.6)], gop=40)
    assert listed(skim_file(path, effort=Effort.QUICK)) == []
    (event,) = listed(skim_file(path, effort=Effort.THOROUGH))
    assert abs(event.start_us - 20_300_000) <= 200_000


@pytest.mark.parametrize(("start_s", "end_s", "most"), [(9.3, 14.7, 60), (6.7, 14.6, 60), (5.3, 33.7, 80)])
def test_of_a_stay_only_both_ends_are_decoded(tmp_path: Path, start_s: float, end_s: float, most: int) -> None:
    path = write_scene(tmp_path / "a.mp4", 40, [walker(start_s, end_s)])
    film = Film(path)
    (told,) = [finding for finding in Keyframes().findings(film, Scene()) if finding.event and finding.event.listed]
    film.read.frames_decoded = 0
    (event,) = [each.event for each in Frames(every=False).findings(film, Scene(), [told]) if each.event]
    film.close()
    assert told.event is not None
    assert (event.cause, event.found_by) == (Cause.OBJECT, FoundBy.FRAMES)
    assert abs(event.start_us - start_s * S) <= 200_000
    assert abs(event.end_us - end_s * S) <= 200_000
    assert event.score >= told.event.score
    assert film.read.frames_decoded <= most


def test_what_sways_where_somebody_passed_makes_his_event_no_longer(tmp_path: Path) -> None:
    """As keyframes tell it, one run: he stood there when the gust came, so each of them shows something."""
    path = write_scene(tmp_path / "a.mp4", 60, [walker(6.3, 12.4), branch(20, 58, sway_px=12)])
    span = Span(6 * S, 57 * S)
    told = Event(span.start_us, span.end_us, 8 * S, 9.0, Box(0.3, 0.5, 0.1, 0.2), Cause.OBJECT, FoundBy.KEYFRAMES)
    asked = Finding(told, Span(4 * S, 59 * S), Span(8 * S, 56 * S), sure=True)
    film = Film(path)
    seen = [each.event for each in Frames(every=False).findings(film, Scene(), [asked]) if each.event]
    film.close()
    (event,) = [each for each in seen if each.listed]
    assert abs(event.start_us - 6_300_000) <= 200_000
    assert abs(event.end_us - 12_400_000) <= 200_000


@pytest.mark.parametrize("effort", LOOKING)
def test_a_step_of_light_is_light_and_leaves_nothing_open(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(tmp_path / "a.mp4", 60, [walker(6, 12), light(30, 99, 0.55)])
    scan = skim_file(path, effort=effort)
    assert [event.end_us <= 16 * S for event in listed(scan)] == [True]
    lights = [event for event in scan.events if event.cause is Cause.LIGHT]
    assert any(event.start_us <= 30_200_000 and event.end_us >= 29_900_000 for event in lights)


@pytest.mark.parametrize("effort", LOOKING)
def test_the_clock_is_found_and_is_no_event(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(tmp_path / "a.mp4", 60, [clock], gop=30)
    scan = skim_file(path, effort=effort)
    assert listed(scan) == []
    if effort is not Effort.THOROUGH:
        assert scan.noise.clock is not None
        _x, y, _w, h = scan.noise.clock
        assert y < 0.05 < y + h


@pytest.mark.parametrize("effort", LOOKING)
def test_a_shaken_camera_is_the_camera_and_who_walks_meanwhile_is_an_object(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(tmp_path / "a.mp4", 70, [walker(36, 42), shaken(25, 50, 6)], gop=10)
    scan = skim_file(path, effort=effort)
    (event,) = listed(scan)
    assert abs(event.start_us - 36 * S) <= 1_100_000
    assert abs(event.end_us - 42 * S) <= 1_100_000
    cameras = [event for event in scan.events if event.cause is Cause.CAMERA]
    assert sum(event.end_us - event.start_us for event in cameras) >= 15 * S
    assert all(event.start_us >= 23 * S and event.end_us <= 52 * S for event in cameras)


@pytest.mark.parametrize("effort", LOOKING)
def test_a_camera_that_was_knocked_hangs_elsewhere_and_goes_on_watching(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(tmp_path / "a.mp4", 90, [walker(75, 81), shaken(40, 99, 14, for_good=True)], gop=20)
    scan = skim_file(path, effort=effort)
    (event,) = listed(scan)
    assert abs(event.start_us - 75 * S) <= 2_100_000
    (moved,) = [event for event in scan.events if event.cause is Cause.CAMERA]
    assert abs(moved.start_us - 40 * S) <= 2_100_000
    assert moved.end_us <= 56 * S, "from then on this is how the picture is"


@pytest.mark.parametrize("effort", [Effort.NORMAL, Effort.THOROUGH])
def test_a_branch_that_sways_is_weather_and_who_passes_it_an_object(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(tmp_path / "a.mp4", 80, [branch(20, 70), walker(50, 58, row=0.1)], gop=20)
    scan = skim_file(path, effort=effort)
    (event,) = listed(scan)
    assert abs(event.start_us - 50 * S) <= 600_000
    assert 55 * S <= event.end_us <= 59 * S
    assert any(event.cause is Cause.WEATHER and event.start_us <= 30 * S < event.end_us for event in scan.events)


def test_noise_is_learnt_and_taken_over(one_walker: Path) -> None:
    noise = skim_file(one_walker, effort=Effort.QUICK).noise
    assert noise.day.pictures > 0
    assert noise.day.sigma > 0
    assert noise.night == CameraNoise().night
    assert listed(skim_file(one_walker, effort=Effort.QUICK, carry=noise))


def test_zones_and_masks_say_where_to_look(one_walker: Path) -> None:
    band = Zone("road", ((0, 0.4), (1, 0.4), (1, 0.8), (0, 0.8)))
    above = Zone("wall", ((0, 0), (1, 0), (1, 0.3), (0, 0.3)))
    assert len(listed(skim_file(one_walker, zones=[band]))) == 1
    assert listed(skim_file(one_walker, zones=[above])) == []
    assert listed(skim_file(one_walker, masks=[band])) == []


def test_an_event_at_the_border_of_a_file_says_so(tmp_path: Path) -> None:
    path = write_scene(tmp_path / "a.mp4", 30, [walker(-3, 5), walker(26, 34)])
    first, last = listed(skim_file(path))
    assert (first.touches_start, first.touches_end) == (True, False)
    assert (last.touches_start, last.touches_end) == (False, True)


# ---- damage ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("effort", list(Effort))
def test_an_empty_file_is_a_problem(tmp_path: Path, effort: Effort) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"")
    scan = skim_file(path, effort=effort)
    assert (scan.events, kinds(scan)) == ((), [ProblemKind.UNREADABLE])


@pytest.mark.parametrize("effort", LOOKING)
@pytest.mark.parametrize("suffix", ["mp4", "ts"])
def test_a_file_that_ends_in_mid_packet_gives_what_came_before(tmp_path: Path, effort: Effort, suffix: str) -> None:
    whole = write_scene(tmp_path / f"whole.{suffix}", 40, [walker(6, 12)])
    path = cut_fraction(whole, tmp_path / f"cut.{suffix}", 0.6)
    if suffix == "mp4":  # its index lies behind the data: put it in front, as recorders do
        path = _cut_with_index(whole, tmp_path)
    scan = skim_file(path, effort=effort)
    assert [event.end_us < 16 * S for event in listed(scan)] == [True]
    assert (ProblemKind.PICTURES_MISSING if suffix == "mp4" else ProblemKind.TRUNCATED) in kinds(scan)


def _cut_with_index(whole: Path, folder: Path) -> Path:
    import av

    front = folder / "front.mp4"
    with av.open(str(whole)) as source, av.open(str(front), "w", container_options={"movflags": "faststart"}) as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                out.mux(packet)
    return cut_fraction(front, folder / "broken.mp4", 0.6)


@pytest.mark.parametrize("effort", LOOKING)
def test_bad_bytes_in_the_middle_are_told(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(tmp_path / "a.mp4", 40, [walker(6, 12)])
    film = Film(path)
    entries = [(e.pos, e.size) for e in film.stream.index_entries if e.is_keyframe]
    film.close()
    data = bytearray(path.read_bytes())
    for start, size in entries[12:14]:
        data[start : start + size] = np.random.default_rng(3).bytes(size)
    path.write_bytes(data)
    scan = skim_file(path, effort=effort)
    assert any(event.start_us < 12 * S for event in listed(scan))
    assert ProblemKind.PICTURES_DAMAGED in kinds(scan)


@pytest.mark.parametrize("effort", LOOKING)
def test_a_size_that_changes_is_told_and_begins_anew(tmp_path: Path, effort: Effort) -> None:
    first = write_scene(tmp_path / "1.ts", 30, [walker(6, 12)])
    later = write_scene(
        tmp_path / "2.ts", 30, [walker(46, 52)], size=(480, 360), moment_of=lambda number: 30 + number / 10
    )
    path = tmp_path / "both.ts"
    path.write_bytes(first.read_bytes() + later.read_bytes())
    scan = skim_file(path, effort=effort)
    assert ProblemKind.SIZE_CHANGES in kinds(scan)
    assert any(event.start_us <= 9 * S < event.end_us for event in listed(scan))
    assert not any(event.start_us < 29 * S and event.end_us > 32 * S for event in listed(scan))


@pytest.mark.parametrize("effort", LOOKING)
def test_time_stamps_that_jump_back_end_the_looking_and_are_told(tmp_path: Path, effort: Effort) -> None:
    parts = [write_scene(tmp_path / f"{number}.ts", 30, [walker(6, 12)]) for number in range(2)]
    path = tmp_path / "both.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    scan = skim_file(path, effort=effort)
    assert ProblemKind.TIME_JUMPS_BACK in kinds(scan)
    assert [event.start_us <= 9 * S < event.end_us for event in listed(scan)] == [True]


@pytest.mark.parametrize("effort", LOOKING)
def test_no_keyframe_after_the_first(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(tmp_path / "a.mp4", 30, [walker(12, 18)], gop=10_000)
    scan = skim_file(path, effort=effort)
    if effort is Effort.QUICK:
        assert listed(scan) == []
        assert kinds(scan) == [ProblemKind.NO_KEYFRAMES, ProblemKind.NOTHING_TO_COMPARE]
        assert scan.stats.longest_keyframe_us >= 29 * S
    else:
        assert [event.start_us <= 15 * S < event.end_us for event in listed(scan)] == [True]
        assert kinds(scan) == [ProblemKind.NO_KEYFRAMES]


@pytest.mark.parametrize("effort", LOOKING)
def test_one_frame_alone_cannot_move(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(tmp_path / "a.mp4", 0.1)
    scan = skim_file(path, effort=effort)
    assert (scan.events, kinds(scan)) == ((), [ProblemKind.NOTHING_TO_COMPARE])


@pytest.mark.parametrize("effort", LOOKING)
def test_an_all_black_night_says_that_nothing_can_be_seen(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(tmp_path / "a.mp4", 30, black=True)
    scan = skim_file(path, effort=effort)
    assert (listed(scan), kinds(scan)) == ([], [ProblemKind.NO_LIGHT])


@pytest.mark.parametrize("effort", LOOKING)
@pytest.mark.parametrize(("codec", "suffix"), [("libx265", "mp4"), ("mpeg4", "mp4"), ("mpeg4", "avi")])
def test_other_codecs(tmp_path: Path, effort: Effort, codec: str, suffix: str) -> None:
    path = write_scene(tmp_path / f"a.{suffix}", 30, [walker(12, 18)], codec=codec)
    scan = skim_file(path, effort=effort)
    assert [event.start_us <= 15 * S < event.end_us for event in listed(scan)] == [True]
    assert not scan.problems


@pytest.mark.parametrize("effort", LOOKING)
def test_a_variable_frame_rate(tmp_path: Path, effort: Effort) -> None:
    def moment(number: int) -> float:  # 10 a second, then one a second for a while, then 10 again
        return number / 10 if number < 100 else 10 + (number - 100) * 1.0 if number < 110 else 20 + (number - 110) / 10

    path = write_scene(tmp_path / "a.mp4", 22, [walker(23, 29)], moment_of=moment)
    scan = skim_file(path, effort=effort)
    (event,) = listed(scan)
    assert event.start_us <= 26 * S < event.end_us
    assert event.start_us >= 18 * S
    assert kinds(scan) == [ProblemKind.NO_KEYFRAMES], "at one picture a second, twenty of them are a long group"


@pytest.mark.parametrize("effort", LOOKING)
def test_a_hole_that_a_disk_left_in_a_stream_is_told(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(tmp_path / "a.ts", 60, [walker(6, 12), walker(50, 56)])
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) * 3 // 4] = bytes(len(data) * 3 // 4 - len(data) // 2)
    path.write_bytes(data)
    scan = skim_file(path, effort=effort)
    assert ProblemKind.TIME_GAP in kinds(scan)
    assert [
        any(start * S <= event.end_us and event.start_us <= end * S for event in listed(scan))
        for start, end in ((6, 12), (50, 56))
    ] == [True, True]


@pytest.mark.parametrize("effort", list(Effort))
def test_time_stamps_that_jump_ahead_by_a_day_are_told(tmp_path: Path, effort: Effort) -> None:
    path = write_scene(
        tmp_path / "a.mp4", 30, [walker(6, 12)], moment_of=lambda number: number / 10 + (86_400 if number >= 200 else 0)
    )
    scan = skim_file(path, effort=effort)
    assert ProblemKind.TIME_GAP in kinds(scan)
    if effort in LOOKING:
        assert [event.end_us <= 14 * S for event in listed(scan)] == [True]


@pytest.mark.parametrize("effort", list(Effort))
@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0" + bytes(5000), bytes(100_000), b"not a video\n" * 400])
def test_what_is_no_video_at_all_is_told(tmp_path: Path, effort: Effort, content: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    scan = skim_file(path, effort=effort)
    assert (scan.events, kinds(scan)) == ((), [ProblemKind.UNREADABLE])


@pytest.mark.parametrize("effort", LOOKING)
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_keyframes_of_open_groups_come_in_order(tmp_path: Path, effort: Effort, codec: str) -> None:
    """Pictures shown before their keyframe and coded after it: x265 writes such groups by itself."""
    path = write_scene(tmp_path / "a.mp4", 40, [walker(22, 29)], codec=codec, gop=25, b_frames=3)
    scan = skim_file(path, effort=effort)
    assert not scan.problems
    (event,) = listed(scan)
    assert event.start_us <= 25 * S < event.end_us
    if effort is Effort.QUICK:
        assert scan.stats.frames_decoded == 16


def test_an_index_that_the_container_lacks_is_read_from_the_packets(tmp_path: Path) -> None:
    path = write_scene(tmp_path / "a.ts", 10)
    film = Film(path)
    index = read_index(film)
    film.close()
    assert (len(index.at_us), int(index.key.sum())) == (100, 5)
    assert index.at_us[-1] == pytest.approx(9_900_000, abs=1000)


# ---- real clips -----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(not FOOTAGE, reason="CAMTOOL_TEST_FOOTAGE names no folder of real clips")
@pytest.mark.parametrize("effort", [Effort.NORMAL, Effort.THOROUGH])
def test_six_visits_to_a_table(effort: Effort) -> None:
    scan = skim_file(Path(str(FOOTAGE), "one-by-one-person-detection.mp4"), effort=effort)
    events = [(event.start_us / S, event.end_us / S) for event in listed(scan)]
    for visit in (10, 30, 60, 80, 110, 130):  # the middle of each, where people stand nearly still
        assert any(start <= visit <= end for start, end in events), visit
    for empty in (3, 47.5, 72.5):
        assert not any(start <= empty <= end for start, end in events), empty


@pytest.mark.skipif(not FOOTAGE, reason="CAMTOOL_TEST_FOOTAGE names no folder of real clips")
@pytest.mark.parametrize("name", ["traffic_camera.mp4", "street-walkers.mp4"])
def test_a_busy_street_is_busy_all_the_time(name: str) -> None:
    scan = skim_file(Path(str(FOOTAGE), name))
    watched_us = sum(event.end_us - event.start_us for event in listed(scan))
    assert watched_us >= 0.9 * scan.stats.footage_us
