"""What samples cannot say: UTC beside local time, summer time, how much of a path is owned, a whole day of names."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from camtool.core.claim import Claim, place
from camtool.core.problem import ProblemKind
from camtool.layouts.registry import claim_with, layout_named, layouts

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def claimed(layout: str, path: str) -> Claim:
    claim = layout_named(layout).claim(path)
    assert claim is not None
    return claim


def test_xiaomi_says_it_twice() -> None:
    claim = claimed("xiaomi", "2025051223/52M00S_1747068720.mp4")
    assert claim.start_local == dt.datetime(2025, 5, 12, 23, 52)
    assert claim.start_utc == dt.datetime(2025, 5, 12, 16, 52, tzinfo=dt.UTC)
    assert place(claim, HANOI).problems == ()
    # The card of a Xiaomi 2K camera set up in the wrong zone: a real name, and what it is worth in Hanoi.
    wrong = place(claimed("xiaomi", "2021072308/42M03S_1627051323.mp4"), HANOI)
    assert [problem.kind for problem in wrong.problems] == [ProblemKind.CLAIM_CONFLICT]


@pytest.mark.parametrize(("prefix", "dst"), [("DST", True), ("", False)])
def test_reolink_says_whether_the_clock_is_on_summer_time(prefix: str, dst: bool) -> None:
    claim = claimed("reolink", f"RecM02_{prefix}20261025_023000_024000_2B14808_32F1DF.mp4")
    assert claim.dst is dst
    placed = place(claim, ZoneInfo("Europe/Berlin"))
    assert placed.start_us == (dt.datetime(2026, 10, 25, 0 if dst else 1, 30, tzinfo=dt.UTC) - EPOCH) // dt.timedelta(
        microseconds=1
    )
    assert placed.end_us == placed.start_us + 600_000_000
    assert placed.problems == ()


@pytest.mark.parametrize(
    ("layout", "path", "owned"),
    [
        ("dahua", "/mnt/sd/2026-05-27/001/dav/19/19.57.17-20.00.00[M][0@0][0].dav", 5),
        ("dahua", "/mnt/dvr/2026-05-02/0/dav/01/1/0/627506/01.30.00-02.00.00[R][0@0][0].dav", 8),
        ("dahua", "/x/2026-05-02/01.30.00-02.00.00[R][0@0][0].dav", 2),
        ("dahua", "/x/NVR_ch1_main_20230131000000_20230131010000.dav", 1),
        ("frigate", "/media/recordings/2026-11-24/11/cam/30.10.mp4", 4),
        ("xiaomi", "/x/2025051223/52M00S_1747065120.mp4", 2),
        ("yi", "/x/record/2016Y10M24D15H/E123M45S67.mp4", 2),
        ("motion", "/x/2026-11-24/11-30-10.mp4", 2),
        ("hikvision", "/x/ch01_20211114061218.mp4", 1),
    ],
)
def test_how_much_of_the_path_is_owned(layout: str, path: str, owned: int) -> None:
    assert claimed(layout, path).tail == owned


def test_dahua_day_folder_is_not_sought_far_up() -> None:
    deep = "2026-05-27/" + "x/" * 8 + "19.57.17-20.00.00[M][0@0][0].dav"
    assert layout_named("dahua").claim(deep) is None
    assert claimed("dahua", deep.replace("x/", "", 1)).tail == 9


def test_dahua_channel_folder_only_above_dav() -> None:
    for above, channel in (
        ("001/dav/19", "001"),
        ("ch3/dav/19", "ch3"),
        ("19", None),
        ("mp4/19", None),
        ("dav/19", None),
    ):
        path = f"2026-05-27/{above}/19.57.17-20.00.00[M][0@0][0].dav"
        assert claimed("dahua", path).channel == channel


def test_dahua_takes_the_nearest_day() -> None:
    claim = claimed("dahua", "backup/2020-01-01/2026-05-27/001/dav/19/19.57.17-20.00.00[M][0@0][0].dav")
    assert claim.start_local == dt.datetime(2026, 5, 27, 19, 57, 17)


@pytest.mark.parametrize(
    ("layout", "path"),
    [
        ("dahua", "9999-12-31/001/dav/23/23.59.00-00.01.00[R][0@0][0].dav"),
        ("reolink", "RecM01_99991231_235900_000100_6D28808_1A468F9.mp4"),
        ("unifi", "FCECDA000002_0_rotating_0001-01-01T01.00.00+07.00.mp4"),
        ("yi", "0000Y01M01D00H/52M00S.mp4"),
    ],
)
def test_names_beyond_the_calendar_are_foreign(layout: str, path: str) -> None:
    assert layout_named(layout).claim(path) is None


# ---- a whole day, by a formula of its own -----------------------------------------------------------------------


def _two(number: int) -> str:
    return str(number).rjust(2, "0")


def _hikvision(camera: int, slot: int) -> str:
    return f"ch{_two(camera)}_20261123{_two(slot // 12)}{_two(slot % 12 * 5)}00.mp4"


def _dahua_card(camera: int, slot: int) -> str:
    hour, minute, after = slot // 12, slot % 12 * 5, (slot + 1) % 288
    end = f"{_two(after // 12)}.{_two(after % 12 * 5)}.00"
    return f"2026-11-23/001/dav/{_two(hour)}/{_two(hour)}.{_two(minute)}.00-{end}[R][0@0][0].mp4"


def _xiaomi(camera: int, slot: int) -> str:
    return f"20261123{_two(slot // 12)}/{_two(slot % 12 * 5)}M00S_{MIDNIGHT_S + slot * 300}.mp4"


def _dahua_export(camera: int, slot: int) -> str:
    day = "20261123" if slot < 287 else "20261124"
    after = (slot + 1) % 288
    start, end = (
        f"20261123{_two(slot // 12)}{_two(slot % 12 * 5)}00",
        f"{day}{_two(after // 12)}{_two(after % 12 * 5)}00",
    )
    return f"NVR_ch{camera}_main_{start}_{end}.mp4"


def _frigate(camera: int, slot: int) -> str:
    utc = (slot - 7 * 12) % 288
    day = "2026-11-22" if slot < 84 else "2026-11-23"
    return f"{day}/{_two(utc // 12)}/cam{camera}/{_two(utc % 12 * 5)}.00.mp4"


# 2026-11-23T00:00:00+07:00: 20,779 days after 1970-01-01, and 17 hours into the next.
MIDNIGHT_S = 20_779 * 86_400 + 17 * 3_600
STYLES: dict[int, tuple[Callable[[int, int], str], str, bool]] = {
    0: (_hikvision, "hikvision", False),
    1: (_dahua_card, "dahua", True),
    2: (_xiaomi, "xiaomi", False),
    3: (_dahua_export, "dahua", True),
    4: (_frigate, "frigate", False),
}


def test_a_commune_of_nine_cameras_for_a_day() -> None:
    read = 0
    for camera in range(1, 10):
        name, layout, has_end = STYLES[camera % 5]
        for slot in range(288):
            claim = claim_with(f"camera{camera}/{name(camera, slot)}", layouts())
            assert claim is not None
            assert claim.layout == layout
            placed = place(claim, HANOI)
            assert placed.start_us == (MIDNIGHT_S + slot * 300) * 1_000_000
            assert placed.end_us == (placed.start_us + 300_000_000 if has_end else None)
            assert placed.problems == ()
            read += 1
    assert read == 2_592
