"""`verify PACKAGE --against SITE`: every row of every clip's ledger, read again from the recordings.

A recording is looked for where its camera's folder had it, then, should it have been moved, as a file of the same size
and SHA-256 anywhere in the site's footage folders, then among the originals of the package itself.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from camtool.core.case import Case
from camtool.core.ledger import Compared
from camtool.core.model import Site
from camtool.core.pathtext import to_text
from camtool.errors import CamtoolError
from camtool.evidence import bag
from camtool.evidence.package_faults import Findings, PackageFault, Unchecked
from camtool.evidence.packets_csv import PACKETS_SUFFIX, read_packets
from camtool.evidence.proof import Proof, ProofSource
from camtool.jobs.case_add import case_locator
from camtool.jobs.exhibit import Locate
from camtool.jobs.verify import Finding, FindingKind, verify_clip
from camtool.media.hash import sha256_of
from camtool.media.packet_bytes import clip_packet_bytes, file_bytes

_KINDS = {
    FindingKind.SOURCE_MISSING: Unchecked.SOURCE_MISSING,
    FindingKind.SOURCE_UNREADABLE: Unchecked.SOURCE_UNREADABLE,
}


def against_recordings(folder: Path, proofs: Mapping[str, Proof], case: Case, site: Site, found: Findings) -> int:
    """Compare each clip, by its path in the package, with its recordings; return how many packets and files were."""
    locate = _locator(folder, case, site)
    checked = 0
    for name, proof in proofs.items():
        clip = folder / name
        try:
            report = verify_clip(clip, locate=locate)
        except (CamtoolError, OSError) as error:
            found.fault(PackageFault.CLIP_UNREADABLE, name, None, str(error))
            continue
        checked += report.checked
        for each in report.problems:
            if (kind := _KINDS.get(each.kind)) is not None:
                found.skip(kind, each.path, each.expected if each.found is None else each.found)
            else:
                path = name if each.path == to_text(str(clip)) else each.path
                found.fault(each.kind, path.removeprefix(f"{to_text(str(folder))}/"), each.expected, each.found)
        _first_bytes(clip, proof, report.problems, locate, found)
        checked += _listed(folder, name, proof, locate, found)
    return checked


def _locator(folder: Path, case: Case, site: Site) -> Locate:
    by_path = case_locator(site, case, folder / bag.PAYLOAD)
    moved: dict[str, Path | None] = {}

    def locate(source: ProofSource) -> Path | None:
        place = by_path(source)
        if place is not None and not place.is_relative_to(folder):
            return place
        if source.sha256 not in moved:
            moved[source.sha256] = _moved(site, source)
        return moved[source.sha256] or place

    return locate


def _moved(site: Site, source: ProofSource) -> Path | None:
    """Return a file of the site's footage folders with the recording's size and hash, wherever it lies now."""
    for camera in sorted(site.cameras, key=lambda camera: camera.number != source.camera):
        for path in _of_size(Path(camera.footage), source.size_bytes):
            try:
                if sha256_of(path) == source.sha256:
                    return path
            except OSError:
                continue
    return None


def _of_size(folder: Path, size_bytes: int) -> Iterator[Path]:
    for inside, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(inside, name)
            try:
                if path.stat().st_size == size_bytes:
                    yield path
            except OSError:
                continue


def _first_bytes(clip: Path, proof: Proof, problems: tuple[Finding, ...], locate: Locate, found: Findings) -> None:
    """Name the first bytes of each changed recording that differ from the clip, where both hold the packet whole."""
    changed = {each.path for each in problems if each.kind is FindingKind.SOURCE_PACKET_CHANGED}
    numbers = [0] * len(proof.streams)
    open_ = {index for index, source in enumerate(proof.sources) if source.path in changed}
    for row in proof.rows():
        if not open_:
            return
        number = numbers[row.stream]
        numbers[row.stream] += 1
        stream = proof.streams[row.stream]
        if row.source not in open_ or row.pos_bytes is None or stream.compared is not Compared.BYTES:
            continue
        path = locate(proof.sources[row.source])
        if path is None:
            continue
        there = file_bytes(path, row.source_bytes, row.pos_bytes)
        own = clip_packet_bytes(clip, stream.kind, number) if _differs(there, row.common_sha256) else there
        if own is None or own == there:
            continue
        at = next(
            (at for at, pair in enumerate(zip(own, there, strict=False)) if pair[0] != pair[1]),
            min(len(own), len(there)),
        )
        where = f"{proof.sources[row.source].path}:{row.pos_bytes + at}"
        found.fault(PackageFault.BYTES_DIFFER, where, own[at : at + 16].hex(" "), there[at : at + 16].hex(" "))
        open_.discard(row.source)


def _differs(content: bytes, sha256: str) -> bool:
    return hashlib.sha256(content).hexdigest() != sha256


def _listed(folder: Path, name: str, proof: Proof, locate: Locate, found: Findings) -> int:
    """Read each line of packets.csv from its recording as dd and sha256sum would; name the first that is not so."""
    path = folder / f"{name}{PACKETS_SUFFIX}"
    if not path.is_file():
        return 0
    try:
        rows = read_packets(path)
    except (ValueError, OSError):
        return 0  # told of where the list is held against the proof
    places = {source.path: locate(source) for source in proof.sources}
    checked, told = 0, set[str]()
    for number, row in enumerate(rows, 2):
        place = places.get(row.source_file)
        if place is None or row.byte_offset is None or row.source_file in told:
            continue
        checked += 1
        try:
            there = hashlib.sha256(file_bytes(place, row.size_bytes, row.byte_offset)).hexdigest()
        except OSError:
            continue  # verify_clip says so
        if there != row.sha256:
            told.add(row.source_file)
            where = f"{name}{PACKETS_SUFFIX}:{number}"
            found.fault(PackageFault.BYTES_DIFFER, where, f"{row.byte_offset}+{row.size_bytes}: {row.sha256}", there)
    return checked
