"""Which site is meant, and what it speaks: all that a command needs before it knows what to do."""

import os
from pathlib import Path

from camtool.errors import NoSite

SITE_FILE = "site.toml"


def find_site(start: Path) -> Path:
    """Return the nearest folder at or above start that has a site.toml; raises NoSite."""
    for folder in (start.absolute(), *start.absolute().parents):
        if (folder / SITE_FILE).is_file():
            return folder
    raise NoSite(folder=start.absolute())


def site_meant(given: Path | None) -> Path:
    """Return the folder of the site that is meant: the one given, CAMTOOL_SITE's, or the nearest. Raises NoSite."""
    if given is not None:
        return given
    if environment := os.environ.get("CAMTOOL_SITE"):
        return Path(environment)
    return find_site(Path.cwd())


def language_of(folder: Path) -> str | None:
    """Return what a site's file says it speaks; None where it says nothing that can be read."""
    try:
        text = (folder / SITE_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    import tomllib  # only where there is a site: it takes as long to import as the rest of this to run

    try:
        site = tomllib.loads(text).get("site")
    except tomllib.TOMLDecodeError:
        return None
    language = site.get("language") if isinstance(site, dict) else None
    return language if isinstance(language, str) else None
