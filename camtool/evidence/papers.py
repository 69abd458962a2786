"""The package's other records: derivations, tools, where originals are kept, and the viewer's data.

All are plain text or JSON with sorted keys, so the same package gives the same bytes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from camtool.core.model import Span
from camtool.core.pathtext import printable
from camtool.core.timetext import rfc3339
from camtool.evidence.content import Content, Item, Kept, PackedFile

KEPT_NOTE = "goc/NOI_LUU.txt"
_UTC = ZoneInfo("UTC")


def derivations(content: Content) -> str:
    """Return derivations.json: of each file what it was made from, by which command and versions."""
    places = {item.sha256: item.path for item in content.items}
    elsewhere = {kept.sha256: kept for kept in content.kept}
    return _document(
        {
            "format": "camtool-derivations",
            "version": 1,
            "case": content.number,
            "files": [
                {
                    "item": item.id,
                    "path": item.path,
                    "role": item.role,
                    "sha256": item.sha256,
                    "added": rfc3339(item.added_us, _UTC),
                    "parents": [
                        {
                            "sha256": parent,
                            "path": places.get(parent),
                            "kept_as": elsewhere[parent].path if parent in elsewhere else None,
                        }
                        for parent in item.parents
                    ],
                    "command": list(item.command),
                    "tools": dict(item.tools),
                }
                for item in content.items
            ],
            "originals_kept_elsewhere": [
                {
                    "path": kept.path,
                    "folder": kept.folder,
                    "sha256": kept.sha256,
                    "size_bytes": kept.size_bytes,
                    "camera": kept.camera_number,
                }
                for kept in content.kept
            ],
        }
    )


def tools(facts: Mapping[str, str]) -> str:
    """Return tools.json: the programs and libraries that packed, by name and version."""
    return _document({"format": "camtool-tools", "version": 1, "tools": dict(facts)})


def kept_note(kept: Sequence[Kept]) -> str:
    """Return NOI_LUU.txt: which originals are not in the package, their hashes, and where they were kept."""
    lines = [
        "CÁC TỆP GỐC DƯỚI ĐÂY KHÔNG NẰM TRONG GÓI NÀY: mã SHA-256, kích thước, tên, nơi lưu khi trích xuất.",
        "THESE ORIGINALS ARE NOT IN THIS PACKAGE: SHA-256, size, name, and where they were kept when it was cut.",
        "",
    ]
    for each in kept:
        camera = "" if each.camera_number is None else f"camera {each.camera_number}: "
        size = "" if each.size_bytes is None else f"{each.size_bytes} byte; "
        lines += [f"{each.sha256}  {printable(each.path)}", f"    {size}{camera}{printable(each.folder)}"]
    return "\n".join(lines) + "\n"


def viewer_data(
    content: Content,
    log: Iterable[Mapping[str, Any]],
    files: Iterable[PackedFile],
    language: str,
    outcomes: Mapping[int, Mapping[str, str]],
) -> dict[str, Any]:
    """Return what index.html shows; files are all of data/ but itself, and get their place in the bag here.

    outcomes has, by the number of a row that is not "ok", what came of it, by language.
    """
    return {
        "format": "camtool-package",
        "version": 1,
        "case": {
            "number": content.number,
            "title": "" if content.redacted else content.title,
            "kind": content.kind,
            "officer": content.case_officer,
            "opened_utc": rfc3339(content.opened_us, _UTC),
            "opened_local": rfc3339(content.opened_us, content.zone),
        },
        "unit": content.unit,
        "sealed": {
            "utc": rfc3339(content.sealed_us, _UTC),
            "local": rfc3339(content.sealed_us, content.zone),
            "officer": content.officer,
        },
        "fingerprint": content.fingerprint,
        "custody_head": content.custody_head,
        "language": language,
        "items": [_item(item, content) for item in content.items],
        "custody": [dict(row) for row in log],
        "outcomes": {str(number): dict(told) for number, told in outcomes.items()},
        "files": [
            {"path": f"data/{file.path}", "sha256": file.sha256, "size_bytes": file.size_bytes}
            for file in sorted(files, key=lambda file: file.path)
        ],
    }


def _item(item: Item, content: Content) -> dict[str, Any]:
    seen = {
        name: rfc3339(us, content.zone)
        for name, us in (("true", item.clock_true_us), ("showed", item.clock_showed_us))
        if us is not None
    }
    camera = {"number": item.camera_number, "name": item.camera_name, "place": item.camera_place}
    lead_in_us = None
    if item.requested is not None and item.true_span is not None:
        lead_in_us = max(0, item.requested.start_us - item.true_span.start_us)
    return {
        "id": item.id,
        "role": item.role,
        "path": item.path,
        "media": item.media,
        "sha256": item.sha256,
        "size_bytes": item.size_bytes,
        "play": item.play,
        "camera": None if item.camera_number is None else camera,
        "camera_span": _span(item.camera_span, item.camera_at_us, content.zone),
        "true_span": _span(item.true_span, item.true_at_us, content.zone),
        "requested": _span(item.requested, None, content.zone),
        "clock": None
        if item.offset_us is None
        else {"offset_us": item.offset_us, "observed": item.observed, "note": item.clock_note, **seen},
        "packets": item.packets,
        "lead_in_us": lead_in_us,
        "frame": item.frame,
        "parents": list(item.parents),
        "note": item.note,
    }


def _span(span: Span | None, at_us: int | None, zone: ZoneInfo) -> dict[str, str] | None:
    """Return a span; a still's instant is one that begins and ends there."""
    if span is None and at_us is not None:
        span = Span(at_us, at_us)
    return None if span is None else {"from": rfc3339(span.start_us, zone), "to": rfc3339(span.end_us, zone)}


def _document(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
