"""sheet, reel and camera zones through the command line: what is written, what is said, what is refused."""

from pathlib import Path

import av
import pytest
from PIL import Image

from tests.cli.test_skim import WINDOW, scenes, watched

__all__ = ["scenes", "watched"]  # fixtures of the skimmed site


@pytest.fixture
def skimmed(watched: Path, camtool) -> Path:
    assert camtool("--site", watched, "skim", *WINDOW).code == 0
    return watched


def test_a_sheet_has_a_picture_for_each_event(camtool, skimmed, tmp_path):
    out = tmp_path / "to.jpg"
    answer = camtool("--site", skimmed, "--json", "sheet", *WINDOW, "-o", out)
    assert (answer.code, answer.json["events"], answer.json["paths"]) == (0, 2, [str(out)])
    with Image.open(out) as page:
        assert page.format == "JPEG"
        assert page.width > 600
    again = camtool("--site", skimmed, "sheet", *WINDOW, "-o", out)
    assert again.code == 10, "nothing is overwritten"


def test_a_reel_is_as_long_as_its_events_and_a_little(camtool, skimmed, tmp_path):
    out = tmp_path / "xem.mp4"
    answer = camtool("--site", skimmed, "--json", "reel", *WINDOW, "-o", out)
    assert (answer.code, answer.json["events"]) == (0, 2)
    with av.open(str(out)) as reel:
        stream = reel.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert reel.duration is not None
        assert 22 <= reel.duration / 1e6 <= 34
        assert answer.json["length_s"] == pytest.approx(reel.duration / 1e6, abs=0.5)


def test_nothing_to_show_is_said(camtool, skimmed, tmp_path):
    window = ("--camera", "3", "--from", "23/11/2026 10:00", "--to", "23/11/2026 11:00")
    for command, name in (("sheet", "a.jpg"), ("reel", "a.mp4")):
        answer = camtool("--site", skimmed, command, *window, "-o", tmp_path / name)
        assert answer.code == 10
        assert "there is no event to show" in answer.err
        assert not (tmp_path / name).exists()


def test_wrong_endings_and_footage_folders_are_refused(camtool, skimmed, tmp_path):
    assert camtool("--site", skimmed, "sheet", *WINDOW, "-o", tmp_path / "a.gif").code == 2
    assert camtool("--site", skimmed, "reel", *WINDOW, "-o", tmp_path / "a.avi").code == 2
    footage = skimmed.parent / "footage"
    before = sorted(footage.iterdir())
    assert camtool("--site", skimmed, "sheet", *WINDOW, "-o", footage / "a.jpg").code == 10
    assert camtool("--site", skimmed, "reel", *WINDOW, "-o", footage / "a.mp4").code == 10
    assert sorted(footage.iterdir()) == before


def test_zones_are_drawn_on_a_real_picture(camtool, skimmed, tmp_path):
    text = (skimmed / "site.toml").read_text()
    zone = '[[camera.zone]]\nname = "cổng"\ncorners = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.9]]\n'
    (skimmed / "site.toml").write_text(f"{text}\n{zone}")
    out = tmp_path / "vung.png"
    answer = camtool("--site", skimmed, "--json", "camera", "zones", "3", "--at", "23/11/2026 18:00:10", "-o", out)
    assert answer.code == 0
    assert answer.json["zones"] == ["cổng"]
    assert answer.json["at"] == "2026-11-23T18:00:10+07:00"
    with Image.open(out) as picture:
        assert picture.format == "PNG"
    assert camtool("--site", skimmed, "camera", "zones", "3", "-o", tmp_path / "b.png").code == 0, "the last picture"
    missing = camtool("--site", skimmed, "camera", "zones", "3", "--at", "23/11/2026 10:00", "-o", tmp_path / "c.png")
    assert missing.code == 10


NOTES = "notes: [{kind: box, place: [20, 20, 60, 40], colour: vàng, label: Xe máy của ông A}]"


def test_notes_on_a_clip_without_a_site(camtool, clip, tmp_path):
    notes, out = tmp_path / "n.yaml", tmp_path / "a.png"
    notes.write_text(NOTES, encoding="utf-8")
    answer = camtool("--json", "annotate", clip, "--notes", notes, "--still", "-o", out)
    assert answer.code == 0
    assert {key: answer.json[key] for key in ("path", "record", "frames", "notes", "problems")} == {
        "path": str(out),
        "record": f"{out}.derived.json",
        "frames": 1,
        "notes": 1,
        "problems": [],
    }
    assert len(answer.json["parent"]["sha256"]) == 64
    again = camtool("annotate", clip, "--notes", notes, "--still", "-o", out)
    assert (again.code, "hint:" in again.err) == (10, True)


def test_a_wrong_note_is_named_in_both_languages(camtool, clip, tmp_path):
    notes = tmp_path / "n.yaml"
    notes.write_text(NOTES.replace("box", "bọx"), encoding="utf-8")
    english = camtool("annotate", clip, "--notes", notes, "-o", tmp_path / "a.mp4")
    assert english.code == 10
    assert "n.yaml: note 1: kind: bọx is none of box, ellipse" in english.err.replace("\n", "")
    vietnamese = camtool("--lang", "vi", "annotate", clip, "--notes", notes, "-o", tmp_path / "a.mp4")
    assert "chú thích 1: kind: bọx không thuộc các loại box, ellipse" in vietnamese.err.replace("\n", "")
    assert not (tmp_path / "a.mp4").exists()


def test_sheets_by_time_and_mosaics_through_the_door(camtool, site, tmp_path):
    window = ("--from", "23/11/2026 18:00", "--to", "23/11/2026 18:04")
    sheet = camtool(
        "--site", site, "--json", "sheet", "--camera", "3", *window, "--every", "1", "-o", tmp_path / "s.jpg"
    )
    assert (sheet.code, sheet.json["pictures"], sheet.json["empty"]) == (0, 4, 1)
    for text in ("soon", "0", "25h"):
        wrong = camtool("--site", site, "sheet", "--camera", "3", *window, "--every", text, "-o", tmp_path / "t.jpg")
        assert (wrong.code, f'cannot read "{text}" as a length of time' in wrong.err) == (2, True)
    mosaic = ("mosaic", "--from", "23/11/2026 18:01:50", "--to", "23/11/2026 18:01:55")
    both = camtool("--site", site, "--json", *mosaic, "--camera", "3,5", "-o", tmp_path / "m.mp4")
    assert (both.code, both.json["length_s"], both.json["size_px"]) == (0, 5.0, [1920, 656])
    alone = camtool("--site", site, *mosaic, "--camera", "3", "-o", tmp_path / "n.mp4")
    assert (alone.code, "1 cameras cannot be shown side by side" in alone.err) == (2, True)
