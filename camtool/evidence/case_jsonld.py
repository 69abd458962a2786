"""case.jsonld: the package in CASE/UCO, the vocabulary in which forensic tools tell one another what they did.

It says: an investigation, its office, the files with size and hash, a provenance record for each, and an action for
each thing that was done to make one (from what, with what, when). Conforms to CASE 1.4 and later as `case_validate`
checks it (caseontology.org; UCO 1.4). Identifiers are UUIDs of version 5 over the case's number and what they name, so
the same package gives the same document.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from camtool.core.timetext import rfc3339
from camtool.evidence.content import IS_DATA, Content, Item

_CONTEXT = {
    "kb": "urn:camtool:kb:",
    "action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "investigation": "https://ontology.caseontology.org/case/investigation/",
    "observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_UTC = ZoneInfo("UTC")
# RFC 9562, 5.5: a name-based UUID; the namespace is that of URNs.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:camtool:package")

Node = dict[str, Any]


def case_jsonld(content: Content) -> str:
    """Return the document as text."""
    document = _Document(content)
    return json.dumps({"@context": _CONTEXT, "@graph": document.nodes()}, ensure_ascii=False, indent=1) + "\n"


class _Document:
    """The graph of one package."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.by_sha256 = {item.sha256: item for item in content.items}
        self.tools: dict[str, Node] = {}

    def nodes(self) -> list[Node]:
        content = self.content
        files = [self._file(item) for item in content.items]
        originals = [self._original(kept.sha256, kept.path, kept.size_bytes) for kept in content.kept]
        records = [self._record(item) for item in content.items]
        actions = [self._action(item) for item in content.items]
        office = self._node("identity:Organization", "office", **{"core:name": content.unit})
        name = content.number if content.redacted else f"{content.number}: {content.title}"
        parts = [*files, *originals, *records, *actions, office, *self.tools.values()]
        investigation = self._node(
            "investigation:Investigation",
            "investigation",
            **{
                "core:name": name,
                "core:description": IS_DATA,
                "core:startTime": _time(content.opened_us),
                "core:object": [_reference(part) for part in parts],
            },
        )
        return [investigation, *parts]

    def _id(self, *names: object) -> str:
        text = "\0".join(str(name) for name in (self.content.number, self.content.sealed_us, *names))
        return f"{names[0]}-{uuid.uuid5(_NAMESPACE, text)}"

    def _node(self, kind: str, *names: object, **facts: Any) -> Node:  # noqa: ANN401 - JSON
        return {"@id": f"kb:{self._id(*names)}", "@type": kind, **facts}

    def _file(self, item: Item) -> Node:
        return self._observable("file", item.id, item.path, item.sha256, item.size_bytes, item.media)

    def _original(self, sha256: str, path: str, size_bytes: int | None) -> Node:
        return self._observable("original", sha256, path, sha256, size_bytes, None)

    def _observable(
        self, name: str, key: object, path: str, sha256: str, size_bytes: int | None, media: str | None
    ) -> Node:
        digest = self._node(
            "types:Hash",
            "hash",
            name,
            key,
            **{
                "types:hashMethod": "SHA256",
                "types:hashValue": {"@type": "xsd:hexBinary", "@value": sha256},
            },
        )
        size = (
            {}
            if size_bytes is None
            else {"observable:sizeInBytes": {"@type": "xsd:integer", "@value": str(size_bytes)}}
        )
        content: dict[str, Any] = {"observable:hash": [digest], **size}
        if media is not None:
            content["observable:mimeType"] = media
        facets = [
            self._node(
                "observable:FileFacet",
                "file-facet",
                name,
                key,
                **{
                    "observable:fileName": path.rpartition("/")[2],
                    "observable:filePath": f"data/{path}" if name == "file" else path,
                    **size,
                },
            ),
            self._node("observable:ContentDataFacet", "content-facet", name, key, **content),
        ]
        return self._node("observable:File", name, key, **{"core:hasFacet": facets})

    def _record(self, item: Item) -> Node:
        return self._node(
            "investigation:ProvenanceRecord",
            "record",
            item.id,
            **{
                "core:description": f"{item.role}: {IS_DATA}",
                "investigation:exhibitNumber": f"{self.content.number}/{item.id}",
                "core:object": [{"@id": f"kb:{self._id('file', item.id)}"}],
            },
        )

    def _action(self, item: Item) -> Node:
        parents = [self._parent(sha256) for sha256 in item.parents]
        facts: dict[str, Any] = {
            "core:name": "added" if item.role in {"goc", "giay_to"} else f"made: {item.role}",
            "core:startTime": _time(item.added_us),
            "action:performer": {"@id": f"kb:{self._id('office')}"},
            "action:instrument": [_reference(tool) for tool in self._tools(item.tools)],
            "action:result": [
                {"@id": f"kb:{self._id('file', item.id)}"},
                {"@id": f"kb:{self._id('record', item.id)}"},
            ],
        }
        if item.command:
            facts["core:description"] = " ".join(item.command)
        known = [{"@id": parent} for parent in parents if parent is not None]
        if known:
            facts["action:object"] = known
        return self._node("investigation:InvestigativeAction", "action", item.id, **facts)

    def _parent(self, sha256: str) -> str | None:
        item = self.by_sha256.get(sha256)
        if item is not None:
            return f"kb:{self._id('file', item.id)}"
        if any(kept.sha256 == sha256 for kept in self.content.kept):
            return f"kb:{self._id('original', sha256)}"
        return None

    def _tools(self, tools: Mapping[str, str]) -> list[Node]:
        named = []
        for name, version in sorted(tools.items()):
            key = f"{name} {version}"
            if key not in self.tools:
                facts = {"core:name": name, "tool:version": version}
                self.tools[key] = self._node("tool:Tool", "tool", key, **facts)
            named.append(self.tools[key])
        return named


def _reference(node: Node) -> Node:
    return {"@id": node["@id"]}


def _time(us: int) -> Node:
    return {"@type": "xsd:dateTime", "@value": rfc3339(us, _UTC)}
