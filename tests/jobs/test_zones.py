"""Zones on a real picture of the camera."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from camtool.core.model import State
from camtool.core.zone import Zone
from camtool.errors import InsideFootage, NotMoment, UnfitName
from camtool.jobs.zones import draw_zones
from camtool.media.zones_picture import FOOT_PX, RULER_PX
from tests.makers.rows import START_US, ZONE, S, camera, row
from tests.makers.video import read_number, write_mp4

YARD = Zone("Sân", ((0.1, 0.5), (0.4, 0.5), (0.4, 0.9), (0.1, 0.9)))


def test_the_picture_of_the_instant_with_the_zones_on_it(tmp_path):
    footage = tmp_path / "footage"
    clip = row(write_mp4(footage / "a.mp4", seconds=4), 0)

    def draw(out: Path, at_s: float, rows=(clip,), keep_out_of=()):
        us = START_US + round(at_s * S)
        told = {"zones": [YARD], "masks": [], "zone": ZONE, "keep_out_of": keep_out_of}
        return draw_zones(camera(footage), rows, us, 300 * S, out, **told)

    report = draw(tmp_path / "z.png", 2.35)
    assert (report.camera_us, report.true_us) == (START_US + 2_300_000, START_US + 302_300_000)
    assert (report.source, report.width_px, report.height_px) == ("a.mp4", 320, 192)
    with Image.open(report.path) as page:
        image = np.asarray(page)[RULER_PX : -RULER_PX - FOOT_PX, RULER_PX:-RULER_PX]
    assert image.shape == (768, 1280, 3)
    assert read_number(image) == 23
    for rows in ((), (replace(clip, state=State.EMPTY),)):
        with pytest.raises(NotMoment):
            draw(tmp_path / "y.png", 2, rows=rows)
    with pytest.raises(InsideFootage):
        draw(footage / "y.png", 2, keep_out_of=[footage])
    with pytest.raises(UnfitName):
        draw(tmp_path / "y.jpg", 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["footage", "z.png"]
