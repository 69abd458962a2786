"""`case again`: a clip or still of a case made once more from its recordings, and compared with the one in the case."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from camtool.core.case import Act, Item, Role
from camtool.core.custody import FAILED, OK
from camtool.core.model import Recording, Site, Span
from camtool.core.pathtext import from_text
from camtool.core.timetext import from_rfc3339
from camtool.errors import MadeElsewhere, UnknownItem
from camtool.jobs.case import Acting, Doer, acting
from camtool.jobs.clip import cut
from camtool.media.hash import sha256_of
from camtool.media.streamhash import stream_hash
from camtool.store.reader import Reader
from camtool.store.site import camera_of


@dataclass(frozen=True, slots=True)
class Again:
    """What making an item once more came to.

    identical: the file is the same, byte for byte. pictures_identical: what it shows is the same, in a file that
    another version of a library wrote otherwise. path is None where the new file was not to be kept.
    """

    item: Item
    sha256: str
    identical: bool
    pictures_identical: bool
    path: Path | None


def make_again(
    site: Site, reader: Reader, number: str, text: str, doer: Doer, *, zone: ZoneInfo, out: Path | None = None
) -> Again:
    """Make an item again with the window, the clock's offset and the recordings its row names; that is a row too.

    Raises UnknownItem, MadeElsewhere for what camtool did not make, and what `cut`, `still` and `acting` raise.
    """
    with acting(site, number, Act.AGAIN, doer, on_closed=True) as doing:
        item = doing.case.item_of(text)
        if item is None:
            raise UnknownItem(case=number, item=text)
        if item.role not in {Role.EXTRACT, Role.STILL} or "camera" not in item.facts:
            raise MadeElsewhere(path=item.object.path, command=item.facts.get("command") or "-")
        with _place(item, out) as target:
            made = _made(site, reader, item, target, zone)
            result = _compared(doing, item, made, out)
        facts = {"item": item.id, "sha256": result.sha256, "identical": result.identical}
        facts["pictures_identical"] = result.pictures_identical
        words = OK if result.pictures_identical else f"{FAILED}it came out otherwise"
        doing.write(role=item.role, object=item.object, result=words, facts=facts)
    return result


@contextmanager
def _place(item: Item, out: Path | None) -> Iterator[Path]:
    if out is not None:
        yield out.absolute()
        return
    with TemporaryDirectory(prefix="camtool-") as folder:
        yield Path(folder, Path(item.object.path).name)


def _made(site: Site, reader: Reader, item: Item, target: Path, zone: ZoneInfo) -> Path:
    camera = camera_of(site, int(item.facts["camera"]["number"]))
    offset_us = int(item.facts["clock"]["offset_us"])
    footage = [Path(each.footage) for each in site.cameras]
    named = {str(source["sha256"]) for source in item.facts.get("sources", ())}
    if item.role is Role.EXTRACT:
        asked = item.facts["requested_camera"]
        wanted = Span(from_rfc3339(asked["from"]), from_rfc3339(asked["to"]))
        rows = _of_then(reader, camera.number, wanted, item, named)
        return cut(camera, rows, wanted, offset_us, target, zone=zone, keep_out_of=footage).path
    from camtool.jobs.still import still

    at_us = from_rfc3339(item.facts["camera_span"]["from"])
    rows = _of_then(reader, camera.number, Span(at_us, at_us + 1), item, named)
    return still(camera, rows, at_us, offset_us, target, zone=zone, keep_out_of=footage).path


def _of_then(reader: Reader, camera: int, span: Span, item: Item, named: set[str]) -> list[Recording]:
    """Return the recordings that the item was made from; where another lies beside them since, it is left out."""
    paths = {str(source["path"]) for source in item.facts.get("sources", ())}
    return [row for row in reader.overlapping(camera, span) if row.path in paths or row.sha256 in named]


def _compared(doing: Acting, item: Item, made: Path, out: Path | None) -> Again:
    sha256 = sha256_of(made, keep_cached=True)
    same = identical = sha256 == item.object.sha256
    if not identical and item.role is Role.EXTRACT:
        same = stream_hash(made).sha256 == item.facts["stream_hash"]["sha256"]
    elif not identical:
        from camtool.media.still import same_picture

        held = doing.file.folder / from_text(item.object.path)
        same = held.is_file() and same_picture(made, held)
    return Again(item, sha256, identical, same, made if out is not None else None)
