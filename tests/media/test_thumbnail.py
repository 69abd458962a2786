"""A thumbnail: small, in its own proportions, what moved framed, nothing else in the file."""

import io
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from camtool.core.activity import Box
from camtool.media.thumbnail import thumbnail

BOX = Box(0.25, 0.25, 0.5, 0.5)


@pytest.mark.parametrize(
    ("size", "aspect", "shown"),
    [
        ((1920, 1080), Fraction(1), (240, 135)),
        ((704, 576), Fraction(16, 11), (240, 135)),
        ((48, 96), Fraction(1), (240, 480)),
    ],
)
def test_its_size_and_its_proportions(size, aspect, shown):
    grey = np.full((size[1], size[0], 3), 90, np.uint8)
    kept = thumbnail(grey, BOX, aspect)
    assert len(kept) < 10_000
    with Image.open(io.BytesIO(kept)) as small:
        assert (small.format, small.size) == ("JPEG", shown)
        assert not small.getexif()
        x, y = shown[0] // 4, shown[1] // 2
        edge = [small.getpixel((x + by, y)) for by in range(-6, 7)]
        middle = small.getpixel((shown[0] // 2, shown[1] // 2))
    assert any(isinstance(each, tuple) and each[0] > 180 and each[2] < 90 for each in edge), "the frame is amber"
    assert middle == pytest.approx((90, 90, 90), abs=4), "and what is in it is untouched"


def test_without_a_box_it_is_the_picture_alone():
    grey = np.full((90, 160, 3), 90, np.uint8)
    with Image.open(io.BytesIO(thumbnail(grey, None, Fraction(1)))) as small:
        assert small.convert("L").getextrema() == pytest.approx((90, 90), abs=2)
