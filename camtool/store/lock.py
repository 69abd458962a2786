"""One writer at a time: a lock file beside the catalog, held by the operating system while the process lives."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from camtool.core.model import Site
from camtool.errors import CatalogBusy, NotAllowed


@contextmanager
def only_writer(site: Site, job: str) -> Iterator[None]:
    """Hold the site for one job; raises CatalogBusy at once if another holds it, saying which process.

    The lock is the system's (flock, or LockFileEx), so a killed run leaves nothing behind that would stop the next.
    """
    owner_file = Path(site.folder, "catalog.owner")
    lock = FileLock(Path(site.folder, "catalog.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise CatalogBusy(job=job, owner=_owner(owner_file)) from error
    except PermissionError as error:
        raise NotAllowed(path=site.folder, detail=error.strerror) from error
    try:
        owner_file.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            owner_file.unlink()
        lock.release()


def _owner(owner_file: Path) -> str:
    with suppress(OSError):
        return owner_file.read_text(encoding="ascii")
    return "?"
