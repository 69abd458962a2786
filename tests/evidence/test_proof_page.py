"""docs/proof.md tells people to type commands; here they are typed."""

import datetime as dt
import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from camtool.evidence.proof import read_proof
from camtool.jobs.clip import CutReport, cut
from tests.makers.dhav import write_dav
from tests.makers.rows import FFMPEG, ZONE, camera, row, span
from tests.makers.video import write_mp4

PAGE = Path(__file__).parents[2] / "docs" / "proof.md"
COMMANDS = [line.strip() for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("       ")]


def typed(beginning: str, **words: object) -> list[list[str]]:
    """Type the page's commands that begin so, with these words in them replaced; return what each prints, in fields."""
    told = []
    for command in COMMANDS:
        if not command.startswith(beginning):
            continue
        for old, new in words.items():
            command = command.replace(old.lstrip("_"), shlex.quote(str(new)))
        command = command.replace("ffmpeg ", f"{FFMPEG} -v error ", 1)
        done = subprocess.run(command, shell=True, capture_output=True, check=True, text=True)
        told.append([line for line in done.stdout.splitlines() if not line.startswith("#")])
    assert told
    return told


def hashes(lines: list[str]) -> list[str]:
    return [line.split(",")[5].strip() for line in lines]


@pytest.fixture
def made(tmp_path: Path) -> CutReport:
    clip = write_mp4(tmp_path / "footage" / "a.mp4", seconds=4, fps=10, gop=10, bframes=2)
    return cut(camera(clip.parent), [row(clip)], span(1, 3), 0, tmp_path / "c.mp4", zone=ZONE)


def test_the_page_names_every_key(made):
    text = PAGE.read_text(encoding="utf-8")
    facts = json.loads(made.proof.read_text(encoding="utf-8"))
    for key in (*facts, *facts["sources"][0]["streams"][0], *facts["streams"][0]):
        assert f"`{key}`" in text, key


def test_the_files(made, tmp_path):
    source = tmp_path / "footage" / "a.mp4"
    seal = typed("head -n -1", CLIP=made.path)[0][0].split()[0]
    assert json.loads("{" + typed("tail -n 1", CLIP=made.path)[0][0])["sha256_above"] == seal
    both = [line.split()[0] for line in typed("sha256sum", CLIP=made.path, SOURCE=source)[0]]
    assert both == [made.sha256, made.sources[0].sha256]


def test_the_packets(made, tmp_path):
    source = tmp_path / "footage" / "a.mp4"
    rows = list(read_proof(made.path).rows())
    of_clip = hashes(typed("ffmpeg -i CLIP -map 0:v -c copy -f framehash", CLIP=made.path)[0])
    assert of_clip == [each.sha256 for each in rows]
    of_source = hashes(typed("ffmpeg -advanced_editlist", SOURCE=source)[0])
    first = made.sources[0].first_packet
    assert of_source[first : first + len(rows)] == of_clip
    places = {"_4712": (rows[7].pos_bytes or 0) + 1, "_900": rows[7].size_bytes}
    assert typed("tail -c +4712", SOURCE=source, **places)[0][0].split()[0] == rows[7].sha256


def test_units(tmp_path):
    plain = write_mp4(tmp_path / "plain.mp4", seconds=4, fps=10, gop=10)
    clip = write_dav(tmp_path / "footage" / "a.dav", plain, dt.datetime(2026, 11, 23, 18))
    made = cut(camera(clip.parent), [row(clip)], span(1, 3), 0, tmp_path / "c.mp4", zone=ZONE)
    rows = [each.common_sha256 for each in read_proof(made.path).rows()]
    command = "ffmpeg -i CLIP -map 0:v -c copy -bsf:v h264"
    assert hashes(typed(command, CLIP=made.path)[0]) == rows
    assert hashes(typed(command, CLIP=clip)[0])[10:30] == rows


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="needs ffprobe as a judge")
def test_nothing_is_hidden(made):
    assert typed("ffprobe", CLIP=made.path) == [["20,20"]]
