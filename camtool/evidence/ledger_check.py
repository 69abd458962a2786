"""A clip's list of packets (packets.csv) against its proof, line by line.

The two say the same in two ways: the one is checked with dd and sha256sum, the other by camtool. An hour of video has
90,000 lines, so they are compared as text, without reading numbers out of it.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import zip_longest
from pathlib import Path

from camtool.core.ledger import Compared
from camtool.evidence.packets_csv import COLUMNS
from camtool.evidence.proof import Proof, proof_lines


def first_unlike(proof: Proof, packets: Path) -> tuple[int, str | None, str | None] | None:
    """Return the first line of packets.csv that is not what the proof says: its number, the expected and the found.

    None: they agree. Of a clip that differs from its recording between NAL units, the SHA-256 are of other bytes and
    are left out. Raises OSError, ValueError for a list that is none, BadProof.
    """
    whole = proof.streams[0].compared is Compared.BYTES
    names = [_as_csv(source.path) for source in proof.sources]
    with packets.open("r", encoding="utf-8", newline="") as file:
        if file.readline() != ",".join(COLUMNS) + "\n":
            raise ValueError("not the columns of a list of packets")
        for number, (expected, line) in enumerate(zip_longest(_expected(proof, names), file), 2):
            if expected is None or line is None:
                return number, expected, line and line.rstrip("\n")
            if whole:
                if line != f"{expected}\n":
                    return number, expected, line.rstrip("\n")
            elif not _alike(expected, line):
                return number, expected, line.rstrip("\n")
    return None


def _expected(proof: Proof, names: list[str]) -> Iterator[str]:
    for line in proof_lines(proof.path):
        stream, source, packet, pos, size, pts, _, rest = line.split(",", 7)
        if stream != "0":
            continue
        sha256, _, more = rest.partition(",")
        source_bytes = more.partition(",")[0] or size
        where = "" if pos == "null" else pos
        yield f"{names[int(source)]},{packet},{where},{source_bytes},{pts},{sha256.strip(chr(34))}"


def _alike(expected: str, line: str) -> bool:
    """Whether two lines name the same packet; one that is not in one piece has a size of its own in the list."""
    head, _, sha256 = line.rstrip("\n").rpartition(",")
    name, packet, where, size, pts = expected.rsplit(",", 5)[:5]
    if len(sha256) != 64:
        return False
    if where:
        return head == f"{name},{packet},{where},{size},{pts}"
    return head.startswith(f"{name},{packet},,") and head.endswith(f",{pts}")


def _as_csv(name: str) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="").writerow((name,))
    return text.getvalue()
