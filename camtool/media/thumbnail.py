"""A small JPEG of one picture, for a page: what moved is framed."""

import io
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from camtool.core.activity import Box
from camtool.media.sheet_picture import pictured

# Wide enough to tell a person from a motorbike; 4 to 8 kB each at this quality.
WIDTH_PX = 240
QUALITY = 55
FRAME_TEXT_PX = 14


def thumbnail(image: NDArray[np.uint8], box: Box | None, pixel_aspect: Fraction) -> bytes:
    """Return a picture (uint8 RGB) as a JPEG of WIDTH_PX in its own proportions, the box drawn, without metadata."""
    height, width = image.shape[:2]
    height_px = max(1, round(WIDTH_PX * height / (width * pixel_aspect)))
    small: Image.Image = pictured(image, box, pixel_aspect, "", (WIDTH_PX, height_px), FRAME_TEXT_PX)
    kept = io.BytesIO()
    small.save(kept, format="JPEG", quality=QUALITY, optimize=True)
    return kept.getvalue()
