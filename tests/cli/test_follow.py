"""follow, timeline and camera link through the command line, on made scenes in which a block walks at known times."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from camtool.core.model import Camera
from camtool.store.site import add_camera, create_site
from tests.cli.test_skim import scenes

__all__ = ["scenes"]

WINDOW = ("--from", "23/11/2026 18:00", "--to", "23/11/2026 18:05")
DAY = "2026-11-23T"


@pytest.fixture
def fresh(tmp_path: Path, scenes: dict[str, Path], camtool) -> Path:
    """Camera 3: a walk at 18:00:20. Camera 5, five minutes slow: one at 18:01:20. 6: not skimmed. 7: nothing."""
    folder = tmp_path / "xa"
    create_site(folder, "Xã <b>Tân</b>", "Asia/Ho_Chi_Minh", "en")
    names = {3: "20261123180000_20261123180100", 5: "20261123175600_20261123175700", 6: "20261123180100_20261123180200"}
    for number in (3, 5, 6, 7):
        footage = tmp_path / f"cam{number}"
        footage.mkdir()
        add_camera(folder, Camera(number, f"Máy {number}", "", f"../cam{number}"))
        if number in names:
            shutil.copyfile(scenes["middle"], footage / f"NVR_ch{number}_main_{names[number]}.mp4")
    assert camtool("--site", folder, "index").code == 0
    camtool("--site", folder, "clock", "observe", "5", "--shows", "24/11 09:55", "--true", "24/11 10:00")
    assert camtool("--site", folder, "skim", "--camera", "3,5", *WINDOW).code == 0
    for number, seconds in ((5, "40..180"), (6, "10..120"), (7, "20..60")):
        assert camtool("--site", folder, "camera", "link", "3", number, "--seconds", seconds).code == 0
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept") / "commune"


@pytest.fixture
def commune(tmp_path: Path, kept: Path, request: pytest.FixtureRequest) -> Path:
    """The same, made once and copied: indexed again, its files would count as changed."""
    if kept.exists():
        shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    else:
        request.getfixturevalue("fresh")
        shutil.copytree(tmp_path, kept)
    return tmp_path / "xa"


def event_of(camtool, folder: Path, camera: int) -> int:
    (found,) = camtool("--site", folder, "--json", "events", "--camera", camera, *WINDOW).json["events"]
    return int(found["id"])


def followed(camtool, folder: Path, *more: object) -> list[dict[str, Any]]:
    answer = camtool("--site", folder, "--json", "follow", "--event", event_of(camtool, folder, 3), *more)
    assert answer.code == 0, answer.err
    return list(answer.json["windows"])


def test_windows_come_in_the_order_to_look_at_them_in_true_time(camtool, commune):
    first, second, third = followed(camtool, commune)
    assert [each["camera"] for each in (first, second, third)] == [5, 6, 7]
    assert first["travel_s"] == [40, 180]
    assert re.fullmatch(f"{DAY}18:0(0:59|1:00).*", first["from"]), first["from"]
    assert first["camera_from"] == first["from"].replace("18:00", "17:55").replace("18:01", "17:56")
    (seen,) = first["events"]
    assert seen["id"] == event_of(camtool, commune, 5)
    assert seen["start"].startswith(f"{DAY}18:01:")
    assert seen["camera_start"].startswith(f"{DAY}17:56:")
    assert 0 < seen["fit"] <= 1
    assert first["next"].startswith(f"camtool --site {commune} reel --camera 5 ")
    assert second["events"] == []
    assert [(each["from"], each["to"]) for each in second["not_skimmed"]] == [
        (f"{DAY}18:01:00+07:00", f"{DAY}18:02:00+07:00")
    ]
    assert second["next"].startswith(f"camtool --site {commune} skim --camera 6 --from ")
    assert (third["covered_s"], third["next"]) == (0, None)


def test_what_it_offers_can_be_typed_and_changes_the_order(camtool, commune):
    window = re.findall(r'--(from|to) "([^"]+)"', followed(camtool, commune)[1]["next"])
    arguments = [part for name, time in window for part in (f"--{name}", time)]
    assert camtool("--site", commune, "skim", "--camera", "6", *arguments).code == 0
    windows = followed(camtool, commune)
    assert [each["camera"] for each in windows][2] == 7
    assert [len(each["events"]) for each in windows] == [1, 1, 0]
    assert windows[0]["not_skimmed"] == windows[1]["not_skimmed"] == []


def test_it_says_where_to_look_and_never_who(camtool, commune):
    said = camtool("--site", commune, "follow", "--event", event_of(camtool, commune, 3))
    assert said.code == 0
    assert "What moves in them says nothing about who it was." in said.out
    assert "true time = camera time +0:05:00" in said.out
    assert "0:01:00 recorded and NOT SKIMMED yet" in said.out
    assert "nothing was recorded" in said.out
    assert re.findall(r"^\d\. (\d)", said.out, re.MULTILINE) == ["5", "6", "7"]
    assert f"camtool follow --event {event_of(camtool, commune, 5)}" in said.err


def test_when_it_left_makes_the_windows_smaller(camtool, commune):
    windows = followed(camtool, commune, "--left", "23/11/2026 18:00:25")
    assert (windows[0]["from"], windows[0]["to"]) == (f"{DAY}18:01:05+07:00", f"{DAY}18:03:25+07:00")


@pytest.mark.parametrize("typed", ["18:00:25", "23/11 18:00:25", "23/11/2026 18:00:25"])
def test_an_hour_alone_is_that_of_the_event_not_of_today(camtool, commune, typed):
    windows = followed(camtool, commune, "--left", typed)
    assert (windows[0]["from"], windows[0]["to"]) == (f"{DAY}18:01:05+07:00", f"{DAY}18:03:25+07:00")


@pytest.mark.parametrize("typed", ["24/11/2026 18:00:25", "hôm nay 18:00:25", "16:00", "23/11/2026 19:02"])
def test_it_cannot_have_left_on_another_day(camtool, commune, typed):
    answer = camtool("--site", commune, "follow", "--event", event_of(camtool, commune, 3), "--left", typed)
    assert answer.code == 10
    assert "what is followed cannot have left it at" in answer.err


def test_where_nothing_was_recorded_nothing_is_offered(camtool, commune):
    answer = camtool("--site", commune, "follow", "--event", event_of(camtool, commune, 3))
    assert "nothing was recorded" in answer.out
    assert "None" not in answer.out


def test_further_on(camtool, commune):
    camtool("--site", commune, "camera", "link", "5", "7", "--seconds", "1..2")
    camtool("--site", commune, "camera", "unlink", "3", "7")
    assert [(each["camera"], each["via"], each["hop"]) for each in followed(camtool, commune)] == [(5, 3, 1), (6, 3, 1)]
    last = followed(camtool, commune, "--hops", "2")[-1]
    assert (last["camera"], last["via"], last["hop"]) == (7, 5, 2)


def test_it_is_drawn(camtool, commune, tmp_path):
    out = tmp_path / "theo.html"
    number = event_of(camtool, commune, 3)
    answer = camtool("--site", commune, "--json", "follow", "--event", number, "-o", out, "--thumbnails")
    assert answer.code == 0
    assert answer.json["page"] == {"path": str(out), "size_bytes": out.stat().st_size, "events": 2, "thumbnails": 2}
    data = data_of(out)
    assert [row["n"] for row in data["rows"]] == [3, 5, 6, 7]
    assert [lead["camera"] for lead in data["leads"]] == [5, 6, 7]
    assert data["origin"]["event"] == number
    assert data["words"]["caution"].endswith("says nothing about who it was.")
    assert set(data["thumbs"]) == {str(number), str(event_of(camtool, commune, 5))}


def data_of(page: Path) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(encoding="utf-8"))
    assert found is not None
    return dict(json.loads(found[1]))


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("follow", "--event", "999"), 10, "there is no event 999"),
        (("follow", "--event", "0"), 2, "--event"),
        (("follow", "--event", "1", "--hops", "0"), 2, "--hops"),
        (("camera", "link", "3", "3", "--seconds", "1..2"), 2, "cannot lead to itself"),
        (("camera", "link", "3", "9", "--seconds", "1..2"), 2, "there is no camera 9"),
        (("camera", "link", "3", "5"), 10, "cannot be worked out"),
        (("camera", "link", "3", "5", "--speed", "5..60"), 10, "cannot be worked out"),
        (("camera", "link", "3", "5", "--seconds", "180..40"), 2, 'cannot read "180..40" as --seconds'),
        (("camera", "link", "3", "5", "--seconds", "40"), 2, "--seconds 40..180"),
        (("camera", "link", "3", "5", "--speed", "0..60"), 2, "--speed 5..60"),
        (("camera", "link", "3", "5", "--speed", "1..2", "--seconds", "1..2"), 2, "cannot be given together"),
        (("camera", "unlink", "5", "3"), 10, "no way leads from camera 5 to camera 3"),
        (("timeline", *WINDOW, "-o", "t.txt"), 2, ".html"),
    ],
)
def test_what_cannot_be_done_is_said(camtool, commune, arguments, code, told):
    before = (commune / "site.toml").read_bytes()
    answer = camtool("--site", commune, *arguments)
    assert answer.code == code, answer
    assert told in answer.err
    assert (commune / "site.toml").read_bytes() == before


def test_nowhere_to_follow(camtool, commune):
    number = event_of(camtool, commune, 5)
    answer = camtool("--site", commune, "follow", "--event", number)
    assert answer.code == 10
    assert "camtool camera link 5 N --seconds 40..180" in answer.err
    text = (commune / "site.toml").read_text(encoding="utf-8")
    (commune / "site.toml").write_text(
        text.replace("number = 5\n", "number = 5\nlink = [{ to = 6 }, { to = 88 }]\n"), encoding="utf-8"
    )
    answer = camtool("--site", commune, "follow", "--event", number)
    assert answer.code == 10
    assert "how long the way from camera 5 to camera 6 takes cannot be worked out" in answer.err
    camtool("--site", commune, "camera", "link", "5", "6", "--seconds", "10..20")
    answer = camtool("--site", commune, "follow", "--event", number)
    assert answer.code == 0
    assert "from camera 5 to camera 88 cannot be followed: site.toml lacks that camera" in answer.err


def test_links_are_shown_and_go_both_ways(camtool, commune):
    answer = camtool("--site", commune, "camera", "link", "5", "6", "--seconds", "30..90.5", "--both")
    assert answer.out.splitlines() == [
        "The way leads from camera 5 to camera 6: 30..90.5 s",
        "The way leads from camera 6 to camera 5: 30..90.5 s",
    ]
    shown = camtool("--site", commune, "--json", "camera", "show", "6").json
    assert shown["links"] == [{"to": 5, "seconds": [30, 90.5], "kmh": None}]
    assert "Leads to camera 5: 30..90.5 s" in camtool("--site", commune, "camera", "show", "6").out
    listed = camtool("--site", commune, "camera", "list").out
    assert "leads to" in listed
    assert "5, 6, 7" in listed
    answer = camtool("--site", commune, "camera", "unlink", "5", "6", "--both")
    assert answer.out.splitlines() == ["No way leads on from camera 5.", "No way leads on from camera 6."]


def test_by_distance(camtool, commune):
    text = (commune / "site.toml").read_text(encoding="utf-8")
    for number, lat in ((3, 20.9349), (5, 20.9314)):
        text = text.replace(f"number = {number}\n", f"number = {number}\nlat = {lat}\nlon = 105.559\n")
    (commune / "site.toml").write_text(text, encoding="utf-8")
    answer = camtool("--site", commune, "camera", "link", "3", "5")
    assert "camera 5: 5..60 km/h, the default" in answer.out
    window = next(each for each in followed(camtool, commune) if each["camera"] == 5)
    assert window["distance_m"] == 389
    assert window["travel_s"] == pytest.approx([389.2 / 60 * 3.6, 389.2 * 1.417 / 5 * 3.6], rel=1e-3)
    camtool("--site", commune, "camera", "link", "3", "5", "--speed", "36..36")
    window = next(each for each in followed(camtool, commune) if each["camera"] == 5)
    assert window["travel_s"] == pytest.approx([38.92, 38.92 * 1.417], rel=1e-3)


def test_a_timeline_of_the_site(camtool, commune, tmp_path):
    out = tmp_path / "t.html"
    answer = camtool("--site", commune, "--json", "timeline", *WINDOW, "-o", out)
    assert (answer.code, answer.json["events"], answer.json["thumbnails"]) == (0, 2, 0)
    assert answer.json["cameras"] == [3, 5, 6, 7]
    data = data_of(out)
    assert data["title"] == "Timeline · Xã <b>Tân</b>"
    assert "<b>" not in out.read_text(encoding="utf-8")
    assert data["thumbs"] == {}
    assert data["window"] == [0, 300_000]
    three, five, six, seven = data["rows"]
    assert (three["covered"], three["gaps"]) == ([[0, 60_000]], [[60_000, 300_000]])
    assert (five["covered"], five["offset"], five["observed"]) == ([[60_000, 120_000]], 300_000, True)
    assert five["events"][0][1] == pytest.approx(80_000, abs=1000)
    assert (six["unseen"], six["events"]) == ([[60_000, 120_000]], [])
    assert (seven["covered"], seven["gaps"]) == ([], [[0, 300_000]])
    assert camtool("--site", commune, "timeline", *WINDOW, "-o", out).code == 10, "nothing is overwritten"
    assert camtool("--site", commune, "timeline", *WINDOW, "-o", tmp_path / "cam3" / "t.html").code == 10
    assert [path.suffix for path in (tmp_path / "cam3").iterdir()] == [".mp4"]


def test_damage_and_lost_pictures_are_said(camtool, fresh, tmp_path):
    footage = tmp_path / "cam3"
    (recording,) = footage.iterdir()
    (footage / "NVR_ch3_main_20261123180100_20261123180200.mp4").write_bytes(b"")
    assert camtool("--site", fresh, "index").code == 3
    recording.rename(tmp_path / "away.mp4")
    answer = camtool("--site", fresh, "--json", "timeline", *WINDOW, "-o", tmp_path / "t.html", "--thumbnails")
    assert answer.code == 3
    assert [problem["kind"] for problem in answer.json["problems"]] == ["missing"]
    assert (answer.json["events"], answer.json["thumbnails"]) == (2, 1)
    damaged = data_of(tmp_path / "t.html")["rows"][0]["damaged"]
    assert [(each[2], each[3]) for each in damaged] == [("empty", "NVR_ch3_main_20261123180100_20261123180200.mp4")]


def test_the_page_speaks_the_language_of_the_run(camtool, commune, tmp_path):
    out = tmp_path / "t.html"
    answer = camtool("--site", commune, "--lang", "vi", "timeline", *WINDOW, "--camera", "5", "-o", out)
    assert "mở bằng trình duyệt" in answer.out
    data = data_of(out)
    assert '<html lang="vi">' in out.read_text(encoding="utf-8")
    assert data["title"] == "Dòng thời gian · Xã <b>Tân</b>"
    assert data["words"]["gap"] == "không có bản ghi"
    assert data["rows"][0]["clock"] == "giờ thật = giờ camera +0:05:00"
    assert [row["n"] for row in data["rows"]] == [5]


def test_a_site_with_a_blank_in_its_path_is_quoted(camtool, commune, tmp_path):
    commune.rename(tmp_path / "xã ta")
    camtool("--site", tmp_path / "xã ta", "timeline", *WINDOW, "-o", tmp_path / "t.html")
    assert data_of(tmp_path / "t.html")["command"] == f"camtool --site '{tmp_path}/xã ta'"
