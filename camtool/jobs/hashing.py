"""Fill in the SHA-256 of recordings, in the background of everything else: latest first, one file at a time."""

import os
from collections.abc import Sequence
from pathlib import Path

from camtool.core.model import Camera, State
from camtool.core.pathtext import from_text
from camtool.core.problem import Problem, ProblemKind
from camtool.jobs.entry import Fate, Seen
from camtool.jobs.index import Report
from camtool.media.hash import sha256_of
from camtool.store.catalog import Catalog

# The lowest priority that still makes progress on a busy machine: an officer's search goes first.
NICENESS = 10


def fill_hashes(catalog: Catalog, cameras: Sequence[Camera], everything: bool, report: Report, now_us: int) -> None:
    """Hash what has no hash yet; with everything, hash all again and compare.

    A file whose bytes are no longer what was hashed, though size and times are, becomes `changed`, its old hash kept.
    One that is written to meanwhile is left without: a hash must be that of the file as it was indexed.
    """
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    for camera in cameras:
        for number, path, known in catalog.unhashed(camera.number, everything):
            report(_hash_one(catalog, camera, number, path, known, now_us))


def _hash_one(catalog: Catalog, camera: Camera, number: int, path: str, known: str | None, now_us: int) -> Seen:
    file = Path(camera.footage, from_text(path))
    try:
        before = file.stat()
        found = sha256_of(file)
        after = file.stat()
    except OSError as error:
        why = Problem(ProblemKind.UNREADABLE, path, camera.number, {"detail": error.strerror or str(error)})
        return Seen(camera.number, path, Fate.HASHED, None, (why,))
    size_bytes = after.st_size
    if known is None:
        whole = (before.st_size, before.st_mtime_ns) == (size_bytes, after.st_mtime_ns)
        if not whole or not catalog.set_hash(number, found, now_us, size_bytes, after.st_mtime_ns):
            why = Problem(ProblemKind.GROWING, path, camera.number)  # the next run examines it, then hashes it
            return Seen(camera.number, path, Fate.HASHED, None, (why,), size_bytes)
    elif known != found:
        why = Problem(ProblemKind.CHANGED_UNSEEN, path, camera.number, {"found": found})
        catalog.set_changed(number, why)
        return Seen(camera.number, path, Fate.HASHED, State.CHANGED, (why,), size_bytes)
    return Seen(camera.number, path, Fate.HASHED, None, (), size_bytes)
