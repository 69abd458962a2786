"""The record beside a derivative: what it was made from, by which command and programs; so it can be made again."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from camtool import __version__

FORMAT, VERSION = "camtool-derivative", 1
SUFFIX = ".derived.json"


def record_path(copy: Path) -> Path:
    """Return where the record of a derivative is: beside it, its name with .derived.json behind."""
    return copy.with_name(copy.name + SUFFIX)


def write_record(
    path: Path,
    *,
    kind: str,
    name: str,
    sha256: str,
    parents: Sequence[Mapping[str, object]],
    ffmpeg: str,
    command: Sequence[str],
    facts: Mapping[str, object],
) -> None:
    """Write a record. parents name each file and its SHA-256; facts are those of the kind (annotated, mosaic)."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "kind": kind,
        "name": name,
        "sha256": sha256,
        "parents": list(parents),
        "made_by": {"camtool": __version__, "ffmpeg": ffmpeg},
        "command": list(command),
        **facts,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
