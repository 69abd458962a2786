"""Several pictures of one matter, written together: all of them, or none."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from camtool.errors import OutputExists
from camtool.media.whole import whole

Named = tuple[Path, NDArray[np.uint8], Mapping[str, str]]


def write_pngs(pictures: Sequence[Named]) -> None:
    """Write pictures (uint8 RGB) of one folder as PNG, each with facts as its text chunks, all or nothing.

    Where all of them are there already, byte for byte, they are left: the same question was asked twice.
    Raises OutputExists for the first that is there and is another, DiskFull, NotAllowed, NoSuchFolder.
    """
    encoded = [(path, _png(image, facts)) for path, image, facts in pictures]
    there = [path.is_file() and path.read_bytes() == content for path, content in encoded]
    if all(there):
        return
    taken = next((path for path, _ in encoded if path.exists()), None)
    if taken is not None:
        raise OutputExists(path=taken)
    with whole(*(path for path, _ in encoded)) as drafts:
        for draft, (_, content) in zip(drafts, encoded, strict=True):
            draft.write_bytes(content)


def _png(image: NDArray[np.uint8], facts: Mapping[str, str]) -> bytes:
    info = PngInfo()
    for name, text in facts.items():
        info.add_itxt(name, text)
    held = io.BytesIO()
    Image.fromarray(image).save(held, format="PNG", pnginfo=info)
    return held.getvalue()
