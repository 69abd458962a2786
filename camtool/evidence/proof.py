"""The proof of a clip: CLIP.proof.json, which says where every packet of the clip came from.

One JSON document, laid out so that it is written and read as a stream and checked by hand: the facts first, then one
line for each packet, and on the last line the SHA-256 of all the lines above it (`head -n -1 FILE | sha256sum`).
docs/proof.md says what each part means and how to repeat it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Any, Self, cast

from camtool.core.ledger import Compared, PacketRow
from camtool.errors import BadProof, NoProof

FORMAT, VERSION = "camtool-proof", 1
SUFFIX = ".proof.json"
COLUMNS = ("stream", "source", "packet", "pos", "size", "pts", "key", "sha256", "source_size", "common_sha256")
# A row of a stream that is the same byte for byte ends here: what follows would say the same again.
SHORT_COLUMNS = COLUMNS.index("source_size")

_BEFORE_ROWS = '"packets": [\n'
_AFTER_ROWS = "],\n"
_SEAL = '"sha256_above": "{}"}}\n'
_SEAL_LINE = re.compile(r'"sha256_above": "([0-9a-f]{64})"\}\n?')
_SHA256 = re.compile(r"[0-9a-f]{64}")
# Rows wait in memory up to this size, then in a temporary file: an hour has about 10 MB of them, a day 250 MB.
_IN_MEMORY_BYTES = 16 << 20


def proof_path(clip: Path) -> Path:
    """Return where the proof of a clip is: beside it, its name with .proof.json behind."""
    return clip.with_name(clip.name + SUFFIX)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What of one stream of a source is in the clip: `packets` from number `first_packet` on.

    stream is the clip's. runs are pairs (first packet, shift): a packet of the source from there on is shown in the
    clip at (pts + shift) * time_base_s, counted from one start for the whole clip.
    """

    stream: int
    first_packet: int
    packets: int
    first_pts: int
    last_pts: int
    time_base_s: Fraction
    runs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ProofSource:
    """One recording a clip was cut from.

    path is relative to folder, in the catalog's text form, folder absolute as it was then, of the camera's number.
    sha256 is of the first size_bytes bytes: the whole file, unless it was still growing (state).
    """

    camera: int
    path: str
    folder: str
    size_bytes: int
    sha256: str
    state: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class ProofStream:
    """One stream of the clip. kind is video or audio; retimed counts packets whose time could not be kept."""

    kind: str
    codec: str
    packets: int
    compared: Compared
    retimed: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as it was read. sealed: the line that seals it fits the lines above; facts is everything but the rows."""

    path: Path
    clip_name: str
    clip_size_bytes: int
    clip_sha256: str
    sources: tuple[ProofSource, ...]
    streams: tuple[ProofStream, ...]
    sealed: bool
    facts: Mapping[str, Any]

    def rows(self) -> Iterator[PacketRow]:
        """Yield the ledger, read anew. Raises BadProof at a row that is none."""
        for number, row in enumerate(_raw_rows(self.path)):
            yield _row(row, number, self)


class ProofWriter:
    """Gathers a clip's rows, then writes its proof."""

    def __init__(self) -> None:
        spool = SpooledTemporaryFile(_IN_MEMORY_BYTES, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - __exit__
        self._rows = cast(IO[str], spool)
        self._first = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()

    def add(self, rows: Iterable[PacketRow]) -> None:
        """Add rows."""
        lines = ",\n".join([_line(row) for row in rows])
        if lines:
            self._rows.write(lines if self._first else f",\n{lines}")
            self._first = False

    def write(self, path: Path, facts: Mapping[str, object]) -> None:
        """Write the document into the file `path`. facts must not hold the keys that this class writes."""
        head = {"format": FORMAT, "version": VERSION, **facts, "columns": COLUMNS}
        text = json.dumps(head, ensure_ascii=False, indent=1)
        digest = hashlib.sha256()
        self._rows.seek(0)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for part in _parts(text.removesuffix("\n}"), self._rows):
                digest.update(part.encode())
                file.write(part)
            file.write(_SEAL.format(digest.hexdigest()))


def _parts(head: str, rows: IO[str]) -> Iterator[str]:
    yield f"{head},\n{_BEFORE_ROWS}"
    empty = True
    while part := rows.read(1 << 20):
        empty = False
        yield part
    yield _AFTER_ROWS if empty else f"\n{_AFTER_ROWS}"


def _line(row: PacketRow) -> str:
    stream, source, packet, pos, size, pts, key, sha256, source_size, common = row
    where = "null" if pos is None else pos
    text = f'[{stream},{source},{packet},{where},{size},{pts},{1 if key else 0},"{sha256}"'
    return f"{text}]" if common == sha256 and source_size == size else f'{text},{source_size},"{common}"]'


def read_proof(clip: Path) -> Proof:
    """Read the proof beside a clip. Raises NoProof, BadProof."""
    path = proof_path(clip)
    try:
        facts, sealed = _facts_and_seal(path)
    except FileNotFoundError as error:
        raise NoProof(path=clip, proof=path.name) from error
    except OSError as error:
        raise BadProof(path=path, detail=error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise BadProof(path=path, detail=str(error)) from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise BadProof(path=path, detail=f"it does not call itself {FORMAT}")
    if facts.get("version") != VERSION:
        raise BadProof(path=path, detail=f"version {facts.get('version')!r}; this camtool reads {VERSION}")
    try:
        return _proof(path, facts, sealed)
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise BadProof(path=path, detail=f"{type(error).__name__}: {error}") from error


def _facts_and_seal(path: Path) -> tuple[Any, bool]:
    """Read everything but the rows, and whether the last line seals what is above it."""
    digest = hashlib.sha256()
    head: list[str] = []
    last, in_head = "", True
    with path.open("r", encoding="utf-8", newline="\n") as file:
        for line in file:
            digest.update(last.encode())
            last = line
            if in_head:
                head.append(line)
                in_head = line != _BEFORE_ROWS
    seal = _SEAL_LINE.fullmatch(last)
    sealed = seal is not None and seal[1] == digest.hexdigest()
    if in_head:  # someone's tool laid it out anew: the same facts, but the seal is broken
        facts = json.loads("".join(head))
        if isinstance(facts, dict):
            facts.pop("packets", None)
        return facts, False
    return json.loads("".join(head) + "]}"), sealed


def _raw_rows(path: Path) -> Iterator[object]:
    with path.open("r", encoding="utf-8", newline="\n") as file:
        if _BEFORE_ROWS not in file:  # reads as far as that line
            file.seek(0)
            yield from json.load(file).get("packets", ())
            return
        for text in _row_texts(file):
            try:
                yield json.loads(text)
            except ValueError:
                yield text


def _row_texts(file: IO[str]) -> Iterator[str]:
    for line in file:
        if line == _AFTER_ROWS:
            return
        yield line.rstrip("\n").removesuffix(",")


def proof_lines(path: Path) -> Iterator[str]:
    """Yield the ledger's lines as text, without brackets: the columns with commas between them. Raises BadProof."""
    with path.open("r", encoding="utf-8", newline="\n") as file:
        if _BEFORE_ROWS not in file:
            return
        for text in _row_texts(file):
            if text[:1] != "[" or text[-1:] != "]" or text.count(",") not in {SHORT_COLUMNS - 1, len(COLUMNS) - 1}:
                raise BadProof(path=path, detail="a packet row is not as camtool writes it")
            yield text[1:-1]


def _row(raw: object, number: int, proof: Proof) -> PacketRow:
    if not isinstance(raw, list) or len(raw) not in {SHORT_COLUMNS, len(COLUMNS)}:
        raise BadProof(path=proof.path, detail=f"packet row {number} is not a list of {len(COLUMNS)} columns")
    stream, source, packet, pos, size, pts, key, sha256, *more = raw
    source_size, common = more or (size, sha256)
    whole = (stream, source, packet, size, pts, key, source_size, *(() if pos is None else (pos,)))
    if set(map(type, whole)) != {int} or not _is_sha256(sha256) or not _is_sha256(common):
        raise BadProof(path=proof.path, detail=f"packet row {number} holds something else than numbers and a SHA-256")
    fits = 0 <= stream < len(proof.streams) and 0 <= source < len(proof.sources)
    if not fits or min(packet, size, source_size, pos or 0) < 0:
        raise BadProof(path=proof.path, detail=f"packet row {number} names a stream or source that is not there")
    return PacketRow(stream, source, packet, pos, size, pts, bool(key), sha256, source_size, common)


def _is_sha256(text: object) -> bool:
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


def _proof(path: Path, facts: dict[str, Any], sealed: bool) -> Proof:
    clip = facts["clip"]
    camera = _number(facts["camera"], "number")
    sources = tuple(_source(fact, camera) for fact in facts["sources"])
    streams = tuple(
        ProofStream(
            _text(fact, "kind"),
            _text(fact, "codec"),
            _number(fact, "packets"),
            Compared(fact["compared"]),
            _number(fact, "retimed"),
        )
        for fact in facts["streams"]
    )
    return Proof(
        path, _text(clip, "name"), _number(clip, "size_bytes"), _sha256(clip, "sha256"), sources, streams, sealed, facts
    )


def _source(fact: Mapping[str, Any], camera: int) -> ProofSource:
    stretches = tuple(
        Stretch(
            _number(part, "stream"),
            _number(part, "first_packet"),
            _number(part, "packets"),
            _number(part, "first_pts"),
            _number(part, "last_pts"),
            Fraction(_text(part, "time_base_s")),
            tuple(_pair(run) for run in part["runs"]),
        )
        for part in fact["streams"]
    )
    return ProofSource(
        camera,
        _text(fact, "path"),
        _text(fact, "folder"),
        _number(fact, "size_bytes"),
        _sha256(fact, "sha256"),
        _text(fact, "state"),
        stretches,
    )


def _pair(run: Sequence[Any]) -> tuple[int, int]:
    first, shift = run
    if type(first) is not int or type(shift) is not int:
        raise TypeError("runs")
    return first, shift


def _text(fact: Mapping[str, Any], key: str) -> str:
    if not isinstance(fact[key], str):
        raise TypeError(key)
    return cast(str, fact[key])


def _number(fact: Mapping[str, Any], key: str) -> int:
    if type(fact[key]) is not int:
        raise TypeError(key)
    return cast(int, fact[key])


def _sha256(fact: Mapping[str, Any], key: str) -> str:
    if not _is_sha256(fact[key]):
        raise ValueError(f"{key} is not a SHA-256")
    return cast(str, fact[key])


def stretch_facts(stretch: Stretch) -> dict[str, object]:
    """Return a stretch as the document holds it."""
    return {
        "stream": stretch.stream,
        "first_packet": stretch.first_packet,
        "packets": stretch.packets,
        "first_pts": stretch.first_pts,
        "last_pts": stretch.last_pts,
        "time_base_s": str(stretch.time_base_s),
        "runs": [list(run) for run in stretch.runs],
    }
