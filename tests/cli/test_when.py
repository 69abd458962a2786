"""`when` and `grid` through the command line: what is found, written, said and refused."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from camtool.core.model import Camera
from camtool.media.still import read_facts
from camtool.store.site import add_camera, create_site
from tests.makers.damage import cut_fraction
from tests.makers.parked import BOX, infrared, parked, person
from tests.makers.rows import FFMPEG
from tests.makers.scene import place, write_scene

SIZE = (320, 180)
WINDOW = ("--from", "23/11/2026 18:00", "--to", "23/11/2026 18:12")
AT = ("--camera", "3", "--box", ",".join(map(str, BOX)))
DAY = dt.datetime(2026, 11, 23, 18)


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings of a minute, five pictures a second: with, with and blocked, leaving at 31.4 s, without; by night."""
    folder = tmp_path_factory.mktemp("parked")

    def make(name: str, *drawn, black: bool = False, size=SIZE, gop: int = 10, seconds: float = 60) -> None:
        write_scene(folder / f"{name}.mp4", seconds, drawn, fps=5, gop=gop, size=size, black=black)

    there, scene = parked(0, 99), lambda picture, _s: picture * 0 + place(SIZE)
    make("with", there)
    make("blocked", there, person(10, 50))
    make("leaves", parked(0, 31.4))
    make("rolls", parked(0, 31.4, speed_px=6))
    make("comes", parked(31.4, 99))
    make("without")
    make("hidden", parked(0, 31.4), person(20, 40, left=100, width=90))
    make("night-with", scene, there, infrared, black=True)
    make("night-without", scene, infrared, black=True)
    x, y, w, h = (2 * side for side in BOX)
    make("large-with", parked(0, 99, (x, y, w, h)), size=(640, 360), seconds=20)
    faststart = ["-c", "copy", "-movflags", "+faststart", str(folder / "front.mp4")]
    subprocess.run([FFMPEG, "-v", "error", "-i", str(folder / "with.mp4"), *faststart], check=True)
    make("wall", lambda picture, _s: picture * 0 + 120)
    return folder


@pytest.fixture
def site_of(tmp_path, stock, camtool):
    """Build a site of minutes: site_of("with", "with", None, …) from 18:00 on; None is a gap."""

    def build(*minutes: str | None, zones: str = "") -> Path:
        footage = tmp_path / "footage"
        footage.mkdir()
        for number, name in enumerate(minutes):
            start = DAY + dt.timedelta(minutes=number)
            end = start + dt.timedelta(minutes=1)
            target: Path = footage / f"NVR_ch3_main_{start:%Y%m%d%H%M%S}_{end:%Y%m%d%H%M%S}.mp4"
            if name == "broken":
                cut_fraction(stock / "front.mp4", target, 0.4)
            elif name == "headless":
                cut_fraction(stock / "with.mp4", target, 0.4)
            elif name == "text":
                target.write_text("không phải video " * 400)
            elif name == "zeros":
                data = bytearray((stock / "with.mp4").read_bytes())
                at = data.index(b"mdat")
                data[at + 4 : len(data) - 20_000] = bytes(len(data) - 20_000 - at - 4)
                target.write_bytes(data)
            elif name is not None:
                shutil.copyfile(stock / f"{name}.mp4", target)
        folder: Path = tmp_path / "xa"
        create_site(folder, "Công an xã", "Asia/Ho_Chi_Minh", "vi")
        add_camera(folder, Camera(3, "Chợ", "Cổng sau", str(footage), "dahua"))
        if zones:
            (folder / "site.toml").write_text((folder / "site.toml").read_text() + zones)
        camtool("--site", folder, "index")
        return folder

    return build


LEFT = (
    "with",
    "blocked",
    "with",
    "with",
    "blocked",
    "with",
    "leaves",
    "without",
    "without",
    "without",
    "without",
    "without",
)


def test_the_moment_it_left_to_the_frame(camtool, site_of, tmp_path):
    out = tmp_path / "anh"
    out.mkdir()
    site = site_of(*LEFT)
    answer = camtool("--site", site, "--json", "when", *AT, *WINDOW, "-o", out)
    assert answer.code == 0
    told = answer.json
    assert (told["camera"], told["box_px"], told["kind"]) == (3, list(BOX), "vanished")
    assert told["after"] == "2026-11-23T18:06:31.200+07:00"
    assert told["before"] == told["camera_before"] == "2026-11-23T18:06:31.400+07:00"
    assert told["frames_decoded"] <= 80
    assert told["problems"] == told["reasons"] == told["returned"] == []
    first, last = told["stills"]
    assert (first["shows"], first["at"]) == ("with", "2026-11-23T18:06:31.200+07:00")
    assert (last["shows"], last["at"]) == ("without", "2026-11-23T18:06:31.400+07:00")
    assert Path(first["path"]).name == "camera3-20261123-180631.200-with.png"
    x, y, _, h = BOX
    dark = [np.asarray(Image.open(still["path"]).convert("L"))[y + h - 6, x + 20] for still in (first, last)]
    assert dark[0] < 60 < dark[1]
    facts = read_facts(Path(last["path"]))
    assert facts["Camera time"] == facts["True time"] == "2026-11-23T18:06:31.400+07:00"
    assert facts["Source"].startswith("NVR_ch3_main_20261123180600")
    assert (
        told["cut"] == 'camtool cut --camera 3 --from "23/11/2026 18:06:01" --to "23/11/2026 18:07:02" -o camera3.mp4'
    )
    again = camtool("--site", site, "when", *AT, *WINDOW, "-o", out)
    assert again.code == 0, "the same pictures are there already"
    assert "It vanished." in again.out
    assert told["cut"] in again.out
    Path(last["path"]).write_bytes(b"another")
    Path(first["path"]).unlink()
    refused = camtool("--site", site, "when", *AT, *WINDOW, "-o", out)
    assert refused.code == 10
    assert [path.name for path in out.iterdir()] == [Path(last["path"]).name], "all or nothing"


def test_what_rolls_off_and_what_comes(camtool, site_of, tmp_path):
    site = site_of("with", "with", "rolls", "without", "without")
    told = camtool("--site", site, "--json", "when", *AT, *WINDOW, "-o", tmp_path).json
    assert (told["kind"], told["after"], told["before"]) == (
        "vanished",
        "2026-11-23T18:02:31.400+07:00",
        "2026-11-23T18:02:31.600+07:00",
    ), "in the picture of 31.4 s it still stands where it stood"
    assert told["stills"][1]["at"] > told["before"], "the first picture without it shows nothing of it"
    assert told["gaps"] == [{"from": "2026-11-23T18:05:00+07:00", "to": "2026-11-23T18:12:00+07:00"}]


def test_it_appeared(camtool, site_of, tmp_path):
    site = site_of("without", "without", "without", "comes", "blocked", "with")
    camtool("--site", site, "clock", "observe", "3", "--shows", "23/11/2026 18:00", "--true", "23/11/2026 18:05")
    late = ("--from", "23/11/2026 18:05", "--to", "23/11/2026 18:11")
    answer = camtool("--site", site, "--json", "when", *AT, *late, "-o", tmp_path)
    told = answer.json
    assert told["kind"] == "appeared"
    assert told["before"] == "2026-11-23T18:08:31.400+07:00"
    assert told["camera_before"] == "2026-11-23T18:03:31.400+07:00"
    assert [still["shows"] for still in told["stills"]] == ["without", "with"]
    assert read_facts(Path(told["stills"][1]["path"]))["True time"] == "2026-11-23T18:08:31.400+07:00"
    said = camtool("--site", site, "when", *AT, *late, "-o", tmp_path).out
    assert "true time: after 23/11/2026 18:08:31.200, before 23/11/2026 18:08:31.400" in said
    assert "camera time: after 23/11/2026 18:03:31.200, before 23/11/2026 18:03:31.400" in said


def test_a_zone_by_name(camtool, site_of, tmp_path):
    x, y, w, h = BOX
    corners = [[px / SIZE[0], py / SIZE[1]] for px, py in ((x, y), (x + w, y), (x + w, y + h), (x, y + h))]
    site = site_of("with", "leaves", "without", zones=f'\n[[camera.zone]]\nname = "bãi xe"\ncorners = {corners}\n')
    for named in (("--zone", "bãi xe"), ("--box", "bãi xe")):
        told = camtool("--site", site, "--json", "when", "--camera", 3, *named, *WINDOW, "-o", tmp_path).json
        assert (told["kind"], told["before"]) == ("vanished", "2026-11-23T18:01:31.400+07:00")
    unknown = camtool("--site", site, "when", "--camera", 3, "--zone", "sân", *WINDOW)
    assert unknown.code == 2
    assert "bãi xe" in unknown.err


def test_unchanged_writes_nothing(camtool, site_of, tmp_path):
    out = tmp_path / "anh"
    out.mkdir()
    answer = camtool("--site", site_of("with", "blocked", "with", "with"), "--json", "when", *AT, *WINDOW, "-o", out)
    assert (answer.code, answer.json["kind"]) == (0, "unchanged")
    assert answer.json["after"] is answer.json["before"] is answer.json["cut"] is None
    assert answer.json["stills"] == list(out.iterdir()) == []


def test_hidden_at_the_moment(camtool, site_of, tmp_path):
    site = site_of("with", "with", "hidden", "without", "without")
    told = camtool("--site", site, "--json", "when", *AT, *WINDOW, "-o", tmp_path).json
    assert told["kind"] == "vanished"
    assert [reason["reason"] for reason in told["reasons"]] == ["hidden"]
    assert told["after"] == "2026-11-23T18:02:19.800+07:00"
    assert told["before"] == "2026-11-23T18:02:40+07:00"


def test_left_and_came_back_and_every_change(camtool, site_of, tmp_path):
    site = site_of("with", "leaves", *["without"] * 3, "comes", "with", "with", "leaves", "without", "without")
    told = camtool("--site", site, "--json", "when", *AT, *WINDOW, "-o", tmp_path).json
    assert (told["kind"], told["before"]) == ("vanished", "2026-11-23T18:08:31.400+07:00")
    (absence,) = told["returned"]
    assert absence["empty"] is True
    assert absence["after"] < "2026-11-23T18:01:31.400+07:00" <= absence["before"]
    assert absence["back_after"] < "2026-11-23T18:05:31.400+07:00" <= absence["back_before"]
    watched = ("--watch", "--every", "20s", "-o", tmp_path)
    changes = camtool("--site", site, "--json", "when", *AT, *WINDOW, *watched).json["changes"]
    assert [(change["kind"], change["before"][14:23]) for change in changes] == [
        ("vanished", "01:31.400"),
        ("appeared", "05:31.400"),
        ("vanished", "08:31.400"),
    ]
    said = camtool("--site", site, "when", *AT, *WINDOW, *watched).out
    assert "It left and came back" in said
    assert said.count("a thing vanished: after") == 2
    assert camtool("--site", site, "when", *AT, *WINDOW, "--watch", "--every", "oft").code == 2


def test_over_the_switch_to_night(camtool, site_of, tmp_path):
    night = ["night-with"] * 3
    told = camtool(
        "--site",
        site_of("with", "with", *night, *["night-without"] * 3),
        "--json",
        "when",
        *AT,
        *WINDOW,
        "-o",
        tmp_path,
    ).json
    assert told["kind"] == "vanished"
    assert "2026-11-23T18:04:55+07:00" < told["after"] < told["before"] <= "2026-11-23T18:05:00+07:00"


def test_the_same_by_day_and_by_night(camtool, site_of, tmp_path):
    site = site_of("with", "with", "with", "night-with", "night-with", "with")
    told = camtool("--site", site, "--json", "when", *AT, *WINDOW, "-o", tmp_path).json
    assert (told["kind"], told["returned"], told["stills"]) == ("unchanged", [], [])


def test_a_gap_widens_the_answer(camtool, site_of, tmp_path):
    site = site_of("with", "with", None, None, "without", "without")
    told = camtool("--site", site, "--json", "when", *AT, *WINDOW, "-o", tmp_path).json
    assert told["kind"] == "vanished"
    assert [reason["reason"] for reason in told["reasons"]] == ["gap"]
    assert told["after"] < "2026-11-23T18:02:00+07:00"
    assert told["before"] == "2026-11-23T18:04:00+07:00"


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("broken", ["truncated"]), ("headless", ["no_index"]), ("text", ["not_video"]), ("zeros", ["unreadable"])],
)
def test_damaged_files_are_skipped_with_a_problem(camtool, site_of, tmp_path, name, kinds):
    site = site_of("with", name, "with", "leaves", "without", "without" if name == "broken" else name, "without")
    answer = camtool("--site", site, "--json", "when", *AT, *WINDOW, "-o", tmp_path)
    assert answer.code == 3
    assert answer.json["kind"] == "vanished"
    assert answer.json["before"] == "2026-11-23T18:03:31.400+07:00"
    assert {problem["kind"] for problem in answer.json["problems"]} == set(kinds)
    first = camtool(
        "--site", site, "when", *AT, "--from", "23/11/2026 18:01", "--to", "23/11/2026 18:02", "-o", tmp_path
    )
    assert first.code in ((3,) if name == "broken" else (10, 3))


def test_a_picture_of_another_size(camtool, site_of, tmp_path):
    site = site_of("with", "large-with", "with", "leaves", "without")
    answer = camtool("--site", site, "--json", "when", *AT, *WINDOW, "-o", tmp_path)
    assert (answer.code, answer.json["kind"]) == (3, "vanished")
    assert answer.json["before"] == "2026-11-23T18:03:31.400+07:00"
    (problem,) = answer.json["problems"]
    assert problem["kind"] == "box_scaled"
    assert problem["facts"] == {"found": "640x360", "expected": "320x180"}


def test_a_file_that_is_gone_since(camtool, site_of, tmp_path):
    site = site_of("with", "with", "leaves", "without")
    (tmp_path / "footage" / "NVR_ch3_main_20261123180100_20261123180200.mp4").unlink()
    answer = camtool("--site", site, "--json", "when", *AT, *WINDOW, "-o", tmp_path)
    assert (answer.code, answer.json["kind"]) == (3, "vanished")
    assert [problem["kind"] for problem in answer.json["problems"]] == ["missing"]


def test_too_small_or_flat_is_unclear(camtool, site_of, tmp_path):
    site = site_of("wall", "wall", "wall")
    for box, reason in (("100,100,7,40", "tiny"), ("100,100,40,40", "flat")):
        answer = camtool("--site", site, "--json", "when", "--camera", 3, "--box", box, *WINDOW, "-o", tmp_path)
        assert (answer.code, answer.json["kind"]) == (0, "unclear")
        assert [each["reason"] for each in answer.json["reasons"]] == [reason]
        assert answer.json["stills"] == []
    assert "flat surface" in camtool("--site", site, "when", "--camera", 3, "--box", "100,100,40,40", *WINDOW).out


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--box", "300,60,40,30"), 2),
        (("--box", "-5,60,40,30"), 2),
        (("--box", "10,10,0,30"), 2),
        (("--box", "10,10,30"), 2),
        (("--box", "trái"), 2),
        (("--box", "1,2,30,40", "--zone", "a"), 2),
        ((), 2),
    ],
)
def test_boxes_that_are_none(camtool, site_of, tmp_path, more, code):
    answer = camtool("--site", site_of("with"), "when", "--camera", 3, *more, *WINDOW, "-o", tmp_path)
    assert answer.code == code
    assert answer.err.startswith("error:")
    assert "hint:" in answer.err


def test_other_refusals(camtool, site_of, tmp_path):
    site = site_of("with", "leaves")
    empty = camtool("--site", site, "when", *AT, "--from", "22/11/2026 18:00", "--to", "22/11/2026 19:00")
    assert (empty.code, "no recording" in empty.err) == (10, True)
    back = camtool("--site", site, "when", *AT, "--from", "23/11/2026 18:05", "--to", "23/11/2026 18:00")
    assert back.code == 2
    assert camtool("--site", site, "when", "--camera", 8, "--box", "1,1,20,20", *WINDOW).code == 2
    inside = camtool("--site", site, "when", *AT, *WINDOW, "-o", tmp_path / "footage")
    assert (inside.code, len(list((tmp_path / "footage").iterdir()))) == (10, 2)
    nowhere = camtool("--site", site, "when", *AT, *WINDOW, "-o", tmp_path / "nowhere")
    assert nowhere.code == 10
    assert camtool("--site", site, "when", *AT, "--from", "23/11/2026 18:00", "--to", "23/11/2026 18:00:00.1").code == 0


def test_a_grid_to_read_a_box_off(camtool, site_of, tmp_path):
    site, out = site_of("with"), tmp_path / "luoi.png"
    answer = camtool("--site", site, "--json", "grid", "--camera", 3, "--at", "23/11/2026 18:00:10", "-o", out)
    assert answer.code == 0
    assert answer.json["size_px"] == list(SIZE)
    assert answer.json["at"] == answer.json["camera_at"] == "2026-11-23T18:00:10+07:00"
    with Image.open(out) as page:
        assert page.format == "PNG"
        assert page.width > 1_280, "a small picture is enlarged"
        plain = np.asarray(page.convert("RGB")).astype(int)
    boxed = tmp_path / "o.png"
    told = camtool("--site", site, "grid", *AT, "--at", "23/11/2026 18:00:10", "-o", boxed)
    assert told.code == 0
    assert "320 x 180 pixels" in told.out
    with Image.open(boxed) as page:
        drawn = np.abs(np.asarray(page.convert("RGB")).astype(int) - plain).max(axis=2) > 40
    rows, columns = np.nonzero(drawn)
    # 62 px of ruler, four times enlarged: the outline lies around x 120 to 160.
    assert 62 + 4 * 120 - 5 <= columns.min() <= 62 + 4 * 120 - 3
    assert 62 + 4 * 90 + 2 <= rows.max() <= 62 + 4 * 90 + 4
    for more, code in (
        (("-o", tmp_path / "a.jpg"), 2),
        (("-o", out), 10),
        (("-o", tmp_path / "footage" / "a.png"), 10),
    ):
        assert camtool("--site", site, "grid", "--camera", 3, "--at", "23/11/2026 18:00:10", *more).code == code
    late = camtool("--site", site, "grid", "--camera", 3, "--at", "23/11/2026 19:00", "-o", tmp_path / "b.png")
    assert late.code == 10
    outside = ("--box", "300,100,40,40", "-o", tmp_path / "c.png")
    assert camtool("--site", site, "grid", "--camera", 3, "--at", "23/11/2026 18:00:10", *outside).code == 2
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["luoi.png", "o.png"]
