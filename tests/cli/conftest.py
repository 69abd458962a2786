import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from camtool.cli.main import run
from camtool.core.model import Camera
from camtool.store.site import add_camera, create_site
from tests.makers.video import write_mp4

CASE = "HS-2026-0001"
NOW = "2026-11-24T10:00:00+07:00"


@dataclass(frozen=True)
class Answer:
    """What one command line said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.out.endswith("\n")
        assert self.out.count("\n") == 1, "one document, one line"
        return json.loads(self.out)


Camtool = Callable[..., Answer]


@pytest.fixture
def camtool(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Camtool:
    """Run a command line in this process, through main()'s own door, at a fixed now, in English unless told."""
    monkeypatch.setenv("CAMTOOL_NOW", NOW)
    monkeypatch.setenv("CAMTOOL_LANG", "en")
    monkeypatch.delenv("CAMTOOL_SITE", raising=False)
    monkeypatch.setenv("COLUMNS", "160")

    def call(*arguments: object) -> Answer:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty seconds of small H.264, a keyframe every two."""
    return write_mp4(tmp_path_factory.mktemp("clip") / "clip.mp4", seconds=60, fps=5, gop=10, size=(160, 96))


@pytest.fixture
def site(tmp_path: Path, clip: Path, camtool: Camtool) -> Path:
    """Camera 3, indexed: 18:00 to 18:04 with 18:02 missing; camera 5 without recordings; a foreign file."""
    footage = tmp_path / "footage" / "cam3"
    footage.mkdir(parents=True)
    for minute in (0, 1, 3):
        name = f"NVR_ch3_main_202611231800{0:02d}_x".replace("1800", f"18{minute:02d}")[:-2]
        shutil.copyfile(clip, footage / f"{name}_2026112318{minute + 1:02d}00.mp4")
    shutil.copyfile(clip, footage / "lạ.mp4")
    (tmp_path / "footage" / "cam5").mkdir()
    folder = tmp_path / "xa"
    create_site(folder, "Công an xã", "Asia/Ho_Chi_Minh", "vi")
    add_camera(folder, Camera(3, "Chợ", "Cổng sau", str(footage)))
    add_camera(folder, Camera(5, "Cầu", "", str(tmp_path / "footage" / "cam5")))
    assert camtool("--site", folder, "index").code == 3
    return folder


@pytest.fixture
def case(camtool: Camtool, site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an open case."""
    monkeypatch.setenv("CAMTOOL_OFFICER", "Trung úy Nam")
    assert camtool("--site", site, "case", "open", "Trộm xe", "--kind", "theft").code == 0
    return site / "cases" / CASE
