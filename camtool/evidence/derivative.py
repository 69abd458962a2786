"""The record beside a derivative: what it was made from, by which command and programs; so it can be made again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from camtool import __version__

FORMAT, VERSION = "camtool-derivative", 1
SUFFIX = ".derived.json"
# Notes of a long film take some 100 kB; more than this is no record of ours.
_MOST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """What a record says: of which content it is (SHA-256), what that was made from, by which words, as which kind."""

    sha256: str
    parents: tuple[str, ...]
    command: tuple[str, ...]
    kind: str


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


def read_record(copy: Path) -> Record | None:
    """Return the record that lies beside a copy; None where there is none, or what is there is not one of ours."""
    path = record_path(copy)
    try:
        if path.is_symlink() or path.stat().st_size > _MOST_BYTES:
            return None
        told = json.loads(path.read_text(encoding="utf-8"))
        if (told["format"], told["version"]) != (FORMAT, VERSION):
            return None
        parents = tuple(str(parent["sha256"]) for parent in told["parents"])
        return Record(str(told["sha256"]), parents, tuple(map(str, told["command"])), str(told["kind"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
