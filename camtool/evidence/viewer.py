"""`index.html`: the package's viewer, one file that asks nobody for anything.

The page is put together from the small files in resources/viewer: markup, style, the two languages' texts, and scripts
in the order of SCRIPTS. What it shows enters as JSON in an element that no browser runs, and from there as text only.
A Content-Security-Policy names the one script and the one style by their hashes, so that nothing else runs even if a
text should reach the markup; connect-src is 'none', so nothing can be sent anywhere.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from camtool.evidence.inline import csp_hash, embedded

_FOLDER = "resources/viewer"
SCRIPTS = (
    "sha256.js",
    "words.js",
    "items.js",
    "timeline.js",
    "folder.js",
    "facts.js",
    "check.js",
    "report.js",
    "main.js",
)


def page_of(data: Mapping[str, Any]) -> str:
    """Return the viewer of a package as HTML, to be written as UTF-8.

    data is plain JSON; docs/package.md lists its keys. Paths in it are relative to data/ (items) and to the package
    (files). The same data give the same bytes.
    """
    style, script = _style(), _script()
    parts = {
        "policy": _policy(script, style),
        "style": style,
        "texts": embedded(json.loads(_resource("texts.json"))),
        "data": embedded(data),
        "script": script,
    }
    # One pass: a text that looks like a place to fill is left as it is.
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _resource("page.html"))


def _policy(script: str, style: str) -> str:
    """Return the Content-Security-Policy (CSP level 3).

    A page from disk has no origin that 'self' could name in every browser, hence file: beside it; blob: is for the
    hashing worker and for playing the very files that were checked.
    """
    own = "'self' file: blob:"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{csp_hash(script)}'",
            f"style-src '{csp_hash(style)}'",
            f"img-src {own}",
            f"media-src {own}",
            "worker-src blob:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


@cache
def _script() -> str:
    body = "\n".join(_resource(name) for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{body}}})();\n'


def _style() -> str:
    return _resource("style.css")


@cache
def _resource(name: str) -> str:
    return files("camtool.evidence").joinpath(_FOLDER, name).read_text(encoding="utf-8")
