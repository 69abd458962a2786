"""What a case's log says of its files, as the package's documents have it; and which files go into a package."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from camtool.core.case import Case, Role
from camtool.core.case import Item as CaseItem
from camtool.core.model import Span
from camtool.core.timetext import from_rfc3339
from camtool.errors import MixedPackage, NothingToPackage, UnknownItem
from camtool.evidence.content import Item, Kept
from camtool.evidence.proof import Proof, read_proof

# By ending: what a browser has to be told a file is (IANA's registry of media types).
_MEDIA = {
    ".mp4": "video/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".avi": "video/x-msvideo",
    ".ts": "video/mp2t",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".pdf": "application/pdf",
}


def chosen(case: Case, ids: Sequence[int] | None, redacted: bool) -> tuple[CaseItem, ...]:
    """Return the items that go into one package, with the viewing copies of those that were asked for.

    Without ids: everything but redacted copies; with redacted, the one redacted copy. A redacted copy travels alone.
    Raises UnknownItem, MixedPackage, NothingToPackage.
    """
    known = {item.id: item for item in case.items}
    for number in ids or ():
        if number not in known:
            raise UnknownItem(case=case.number, item=number)
    if ids is None:
        wanted = [item for item in case.items if (item.role is Role.REDACTED) is redacted]
    else:
        wanted = [known[number] for number in dict.fromkeys(ids)]
    if not wanted:
        raise NothingToPackage(case=case.number)
    hidden = [item for item in wanted if item.role is Role.REDACTED]
    if hidden and len(wanted) > 1:
        raise MixedPackage(items=", ".join(str(item.id) for item in hidden))
    if redacted and not hidden:
        raise NothingToPackage(case=case.number)
    if ids is not None and not hidden:
        wanted += viewing_copies(case, wanted)
    return tuple(sorted({item.id: item for item in wanted}.values(), key=lambda item: item.id))


def viewing_copies(case: Case, items: Iterable[CaseItem]) -> list[CaseItem]:
    """Return the case's viewing copies of some items."""
    parents = {item.object.sha256 for item in items}
    return [item for item in case.items if item.role is Role.VIEWING and parents & set(item.parents)]


def told(item: CaseItem, *, clips: Mapping[str, str | None]) -> Item:
    """Return an item as the documents have it. clips: for each clip's SHA-256, the path of what plays it, or None."""
    facts, row = {**_written(item.facts), **item.facts}, item.entry
    camera = _table(facts, "camera")
    clock = _table(facts, "clock")
    sha256 = item.object.sha256
    camera_span, true_span = _span(facts, "camera_span"), _span(facts, "true_span")
    # A still is logged as a span that begins and ends with it.
    at = item.role is Role.STILL
    offset_us = _number(clock, "offset_us")
    made_by = _text(facts, "command")
    return Item(
        id=item.id,
        role=str(item.role),
        path=item.object.path,
        sha256=sha256,
        size_bytes=item.object.size_bytes,
        added_us=row.time_us,
        media=_MEDIA.get(Path(item.object.path).suffix.lower(), "application/octet-stream"),
        camera_number=_number(camera, "number"),
        camera_name=_text(camera, "name"),
        camera_place=_text(camera, "place"),
        camera_span=None if at else camera_span,
        true_span=None if at else true_span,
        requested=None if at else _span(facts, "requested"),
        camera_at_us=camera_span.start_us if at and camera_span else None,
        true_at_us=true_span.start_us if at and true_span else None,
        offset_us=offset_us,
        # A clip that came in with `case add` brings the offset of its proof, which without an observation is 0.
        observed=clock["observed"] is True if "observed" in clock else bool(offset_us),
        clock_note=_text(clock, "note"),
        packets=_number(facts, "packets"),
        frame=_number(facts, "frame"),
        parents=item.parents,
        command=(made_by,) if made_by else row.command,
        tools=dict(row.tools),
        play=clips.get(sha256, item.object.path if item.role in {Role.STILL, Role.VIEWING} else None),
        note=row.why,
    )


def _written(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what camtool wrote into a still when it made it (jobs.still), as a row of `still --case` has it."""
    told = _table(facts, "written_in_it")
    found: dict[str, Any] = {}
    for key, name in (("camera_span", "Camera time"), ("true_span", "True time")):
        if text := _text(told, name):
            found[key] = {"from": text, "to": text}
    if match := re.fullmatch(r"([0-9]+) (.+)", _text(told, "Camera")):
        found["camera"] = {"number": int(match[1]), "name": match[2], "place": _text(told, "Place")}
    if match := re.match(r"packet ([0-9]+),", _text(told, "Picture")):
        found["frame"] = int(match[1])
    return found


def bare(item: Item) -> Item:
    """Return a redacted copy as a package for others tells it: no words of the case, no camera's name or place."""
    return replace(item, note="", command=(), camera_name="", camera_place="", clock_note="", play=item.path)


def proofs_of(items: Iterable[CaseItem], folder: Path) -> dict[int, Proof]:
    """Read the proofs of the clips among the items, by the item's number. Raises NoProof, BadProof."""
    return {item.id: read_proof(folder / item.object.path) for item in items if item.role is Role.EXTRACT}


def kept_elsewhere(
    items: Sequence[CaseItem], proofs: Mapping[int, Proof], folders: Mapping[int, str]
) -> tuple[Kept, ...]:
    """Return the originals that clips and stills were made of and that are not in the package.

    folders are the cameras' footage folders, for stills, whose rows do not name them.
    """
    kept = {
        source.sha256: Kept(source.path, source.folder, source.sha256, source.size_bytes, source.camera)
        for proof in proofs.values()
        for source in proof.sources
    }
    for item in items:
        number = _number(_table({**_written(item.facts), **item.facts}, "camera"), "number")
        for source in item.facts.get("sources", ()) if item.role is Role.STILL else ():
            sha256, folder = _text(source, "sha256"), folders.get(number or 0, "?")
            kept.setdefault(sha256, Kept(_text(source, "path"), folder, sha256, None, number))
    there = {item.object.sha256 for item in items}
    return tuple(each for sha256, each in kept.items() if sha256 not in there)


def _table(facts: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = facts.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(facts: Mapping[str, Any], key: str) -> str:
    value = facts.get(key)
    return value if isinstance(value, str) else ""


def _number(facts: Mapping[str, Any], key: str) -> int | None:
    value = facts.get(key)
    return value if type(value) is int else None


def _instant(facts: Mapping[str, Any], key: str) -> int | None:
    text = _text(facts, key)
    return from_rfc3339(text) if text else None


def _span(facts: Mapping[str, Any], key: str) -> Span | None:
    table = _table(facts, key)
    start_us, end_us = _instant(table, "from"), _instant(table, "to")
    return None if start_us is None or end_us is None else Span(start_us, end_us)
