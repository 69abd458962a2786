"""Cameras proposed from a heap of paths."""

import datetime as dt
import tracemalloc
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from camtool.layouts.discover import Proposal, discover
from camtool.layouts.registry import layout_named, layouts

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def us(text: str) -> int:
    moment = dt.datetime.fromisoformat(f"{text}+07:00")
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def test_one_camera_one_folder_needs_no_channel() -> None:
    found = discover(
        ["camera5/ch05_20261123000500.mp4", "camera5/ch05_20261123000000.mp4", "camera5/ch05_20261123235500.mp4"],
        layouts(),
        HANOI,
    )
    assert found.proposals == (
        Proposal("camera5", "hikvision", None, 3, us("2026-11-23T00:00:00"), us("2026-11-23T23:55:00")),
    )
    assert found.unknown == {}


def test_cameras_that_share_a_folder_are_told_apart_by_channel() -> None:
    paths = [
        f"exports/NVR_ch{channel}_main_202611230{hour}0000_202611230{hour + 1}0000.dav"
        for channel in (2, 1, 10)
        for hour in range(channel % 4 + 1)
    ]
    found = discover(paths, layouts(), HANOI)
    assert [(one.footage, one.layout, one.channel, one.files) for one in found.proposals] == [
        ("exports", "dahua", "1", 2),
        ("exports", "dahua", "10", 3),
        ("exports", "dahua", "2", 3),
    ]


def test_frigate_folder() -> None:
    paths = [f"recordings/2026-11-{day}/11/{name}/30.10.mp4" for day in (23, 24) for name in ("cổng", "chợ")]
    found = discover(paths, layouts(), HANOI)
    assert found.proposals == (
        Proposal("recordings", "frigate", "chợ", 2, us("2026-11-23T18:30:10"), us("2026-11-24T18:30:10")),
        Proposal("recordings", "frigate", "cổng", 2, us("2026-11-23T18:30:10"), us("2026-11-24T18:30:10")),
    )


def test_layouts_in_one_folder_are_proposals_of_their_own() -> None:
    paths = [
        "2026-05-27/001/dav/19/19.57.17-20.00.00[M][0@0][0].dav",
        "2026-05-28/001/dav/19/19.57.17-20.00.00[M][0@0][0].dav",
        "20231010_002359_tp00001.mp4",
        "main/RecM01_20201222_075939_080140_6D28808_1A468F9.mp4",
        "main/RecS01_20201222_075939_080140_6D28808_1A468F9.mp4",
    ]
    found = discover(paths, layouts(), HANOI)
    assert [(one.footage, one.layout, one.channel, one.files) for one in found.proposals] == [
        ("", "dahua", None, 2),
        ("", "tapo", None, 1),
        ("main", "reolink", "main", 1),
        ("main", "reolink", "sub", 1),
    ]


def test_folders_that_sort_by_day_are_no_cameras() -> None:
    name = "RecM01_20201222_075939_080140_6D28808_1A468F9.mp4"
    above = ["2020-12-22", "20201222", "2020.12.22", "2020/12/22", "2020-12/22", "2020/12/2"]
    found = discover([f"cam/{folder}/{name}" for folder in above], layouts(), HANOI)
    assert [(one.footage, one.files) for one in found.proposals] == [("cam", 6)]
    others = ["2020-13-22", "12/22", "cam3", "1820/12/22", "2020-1222"]
    found = discover([f"cam/{folder}/{name}" for folder in others], layouts(), HANOI)
    assert sorted(one.footage for one in found.proposals) == sorted(f"cam/{folder}" for folder in others)


def test_names_that_no_layout_knows_are_counted_by_top_folder() -> None:
    paths = ["readme.txt", "a/x.mp4", "a/b/y.mp4", "a/ch01_20211114061218.mp4", "c/z.jpg", "truth.json"]
    found = discover(paths, layouts(), HANOI)
    assert dict(found.unknown) == {"": 2, "a": 2, "c": 1}
    assert [one.footage for one in found.proposals] == ["a"]
    assert dict(discover(paths, (layout_named("yi"),), HANOI).unknown) == {"": 2, "a": 3, "c": 1}


def test_nothing() -> None:
    found = discover([], layouts(), HANOI)
    assert (found.proposals, dict(found.unknown)) == ((), {})


def test_memory_does_not_grow_with_the_number_of_files() -> None:
    def paths(count: int) -> Iterator[str]:
        for at in range(count):
            yield f"cam{at % 9}/ch01_202611{at % 28 + 1:02}{at % 24:02}{at % 60:02}{at % 59:02}.mp4"
            yield f"junk{at % 3}/{at}.bin"

    def peak_bytes(count: int) -> int:
        tracemalloc.start()
        found = discover(paths(count), layouts(), HANOI)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sum(one.files for one in found.proposals) == count
        assert sum(found.unknown.values()) == count
        assert len(found.proposals) == 9
        return peak

    peak_bytes(50)  # warm caches of the zone and the patterns
    assert peak_bytes(5_000) < peak_bytes(500) + 20_000
