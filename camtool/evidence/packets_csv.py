"""CLIP.packets.csv: each picture of a clip as its recording holds it, for a check with nothing but dd and sha256sum.

    dd if=SOURCE bs=1 skip=BYTE_OFFSET count=SIZE_BYTES | sha256sum        (or tail -c +$((OFFSET + 1)) | head -c SIZE)

An empty byte_offset: the picture does not lie in the recording in one piece (program and transport streams cut it into
packets of their own). Then size and SHA-256 are of the picture as ffmpeg puts it together: row source_index of
`ffmpeg -i SOURCE -map 0:v -c copy -f framehash -hash sha256 -`, counted from 0.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

COLUMNS = ("source_file", "source_index", "byte_offset", "size_bytes", "pts", "sha256")
PACKETS_SUFFIX, FRAMEHASH_SUFFIX = ".packets.csv", ".framehash"


class SourceRow(NamedTuple):
    """One line. source_file is relative to the camera's footage folder; source_index counts its pictures from 0."""

    source_file: str
    source_index: int
    byte_offset: int | None
    size_bytes: int
    pts: int
    sha256: str


def write_packets(path: Path, rows: Iterable[SourceRow]) -> None:
    """Write the list: UTF-8, one newline behind each line. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)  # None becomes nothing between two commas


def read_packets(path: Path) -> list[SourceRow]:
    """Read the list. Raises ValueError for anything but such a list, OSError."""
    with path.open("r", encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            if tuple(next(reader, ())) != COLUMNS:
                raise ValueError("not the columns of a list of packets")
            rows = []
            for source, index, offset, size, pts, sha256 in reader:
                rows.append(SourceRow(source, int(index), int(offset) if offset else None, int(size), int(pts), sha256))
        except csv.Error as error:
            raise ValueError(str(error)) from error
    return rows
