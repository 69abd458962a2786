"""Writing a camera's links into site.toml and taking them out, with every comment kept.

tomlkit counts the comments behind a table's last line to that table, also those that a person wrote above the next
one. So they are moved to the end of what is put there, and saved from what is taken away.
"""

from pathlib import Path
from typing import Any

from camtool.core.link import Link
from camtool.core.model import Site
from camtool.errors import LinkToItself, NoLink
from camtool.store.site import camera_of, checked, load_site, replace
from camtool.store.where import SITE_FILE


def link_cameras(folder: Path, start: int, link: Link) -> Site:
    """Write that the way leads from a camera to link.to; a link between the two that is there already is replaced.

    Raises UnknownCamera, LinkToItself, UnfitForSite, BadSiteFile, NotAllowed, DiskFull.
    """
    import tomlkit
    from tomlkit.items import AoT, InlineTable

    site = load_site(folder)
    for number in (start, link.to):
        camera_of(site, number)
    if start == link.to:
        raise LinkToItself(camera=start)
    document = _document(folder)
    camera = _camera(document, start)
    links = camera.get("link")
    known = next((each for each in links or () if each.get("to") == link.to), None)
    if known is not None:
        for key in ("seconds", "kmh"):
            known.pop(key, None)
        _fill(known, link)
    elif links is None and isinstance(camera, InlineTable):
        camera["link"] = [_fill(tomlkit.inline_table(), link)]
    elif links is None:
        table = _fill(tomlkit.table(), link)
        _append(table, _taken_tail(camera))
        camera["link"] = tomlkit.aot()
        camera["link"].append(table)
    elif isinstance(links, AoT):
        table = _fill(tomlkit.table(), link)
        _append(table, _taken_tail(links[-1]))
        links.append(table)
    else:
        links.append(_fill(tomlkit.inline_table(), link))
    return _written(folder, document)


def unlink_cameras(folder: Path, start: int, end: int) -> Site:
    """Take the link from one camera to another out of site.toml.

    Raises UnknownCamera, NoLink, UnfitForSite, BadSiteFile, NotAllowed, DiskFull.
    """
    from tomlkit.items import AoT

    site = load_site(folder)
    if all(link.to != end for link in camera_of(site, start).links):
        raise NoLink(start=start, end=end)
    document = _document(folder)
    camera = _camera(document, start)
    links = camera["link"]
    place = next(place for place, each in enumerate(links) if each["to"] == end)
    if isinstance(links, AoT):
        tail = _taken_tail(links[place])
        _append(links[place - 1] if place else _before_links(camera), tail)
    del links[place]
    if not links:
        del camera["link"]
    return _written(folder, document)


def _document(folder: Path) -> Any:  # noqa: ANN401 - tomlkit's containers act as dicts and lists
    import tomlkit

    return tomlkit.parse((folder / SITE_FILE).read_text(encoding="utf-8"))


def _camera(document: Any, number: int) -> Any:  # noqa: ANN401
    return next(table for table in document["camera"] if table["number"] == number)


def _fill(table: Any, link: Link) -> Any:  # noqa: ANN401
    table["to"] = link.to
    for key, stated in (("seconds", link.seconds), ("kmh", link.kmh)):
        if stated is not None:
            table[key] = [int(each) if each == int(each) else each for each in stated]
    return table


def _before_links(camera: Any) -> Any:  # noqa: ANN401
    """Return the table whose lines stand last before the camera's links: a zone's or mask's, or the camera's own."""
    others = [value for key, value in camera.items() if key != "link" and isinstance(value, list) and value]
    tables = [value[-1] for value in others if hasattr(value[-1], "value") and hasattr(value[-1].value, "body")]
    return tables[-1] if tables else camera


def _taken_tail(table: Any) -> list[Any]:  # noqa: ANN401
    """Take the comments and blank lines from behind a table's last line, if a blank line parts them from it.

    What a person wrote directly below a line belongs to it and stays; what follows a blank line is of the next table.
    """
    from tomlkit.items import Comment, Whitespace

    body = _last_lines(table)
    first = len(body)
    while first and body[first - 1][0] is None and isinstance(body[first - 1][1], Comment | Whitespace):
        first -= 1
    while first < len(body) and not (isinstance(body[first][1], Whitespace) and "\n" in body[first][1].s):
        first += 1
    tail = [item for _key, item in body[first:]]
    del body[first:]
    return tail


def _last_lines(table: Any) -> Any:  # noqa: ANN401
    """Return the body that holds the last lines of a table: its own, or that of the last table inside it."""
    inner = _before_links(table) if "link" not in table else table["link"][-1]
    return inner.value.body


def _append(table: Any, tail: list[Any]) -> None:  # noqa: ANN401
    for item in tail:
        table.value.body.append((None, item))


def _written(folder: Path, document: Any) -> Site:  # noqa: ANN401
    import tomlkit

    replace(folder / SITE_FILE, checked(tomlkit.dumps(document), folder))
    return load_site(folder)
