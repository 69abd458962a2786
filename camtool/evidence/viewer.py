"""`index.html`: the package's viewer, one file that asks nobody for anything.

The page is put together from the small files in resources/viewer: markup, style, the two languages' texts, and scripts
in the order of SCRIPTS. What it shows enters as JSON in an element that no browser runs, and from there as text only.
A Content-Security-Policy names the one script and the one style by their hashes, so that nothing else runs even if a
text should reach the markup; connect-src is 'none', so nothing can be sent anywhere.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

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
# What would end the JSON's element or open a comment in it (HTML Living Standard, 4.12.1.3), what HTML or a file in
# UTF-8 cannot hold (controls, lone surrogates), and the line ends that not every JSON reader takes.
_UNFIT = re.compile("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


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


def embedded(value: object) -> str:
    """Return a value as JSON that can stand inside a script element, whatever its texts are."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNFIT.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _policy(script: str, style: str) -> str:
    """Return the Content-Security-Policy (CSP level 3).

    A page from disk has no origin that 'self' could name in every browser, hence file: beside it; blob: is for the
    hashing worker and for playing the very files that were checked.
    """
    own = "'self' file: blob:"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_csp_hash(script)}'",
            f"style-src '{_csp_hash(style)}'",
            f"img-src {own}",
            f"media-src {own}",
            "worker-src blob:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _csp_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


@cache
def _script() -> str:
    body = "\n".join(_resource(name) for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{body}}})();\n'


def _style() -> str:
    return _resource("style.css")


@cache
def _resource(name: str) -> str:
    return files("camtool.evidence").joinpath(_FOLDER, name).read_text(encoding="utf-8")
