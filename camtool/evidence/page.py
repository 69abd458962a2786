"""One self-contained HTML page out of its parts: nothing is fetched, and what people wrote stays text.

The parts are files in camtool/evidence/pages. Data goes in as JSON in which no `<` is left, so that no text of a
camera, file or note can end the script tag it lies in; the scripts put texts on the page as text. A policy of the
page's own (Content-Security-Policy) names the hashes of its one style and one script: the browser runs nothing else
and loads nothing at all.
"""

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template

PAGES = files("camtool.evidence") / "pages"
POLICY = (
    "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def page(
    template: str,
    style: str,
    scripts: Sequence[str],
    data: Mapping[str, object],
    *,
    title: str,
    language: str,
    noscript: str,
) -> str:
    """Return a page. template, style and scripts are names in camtool/evidence/pages; scripts run in their order."""
    script = '"use strict";\n' + "".join(_part(name) for name in scripts)
    styles = _part(style)
    return Template(_part(template)).substitute(
        policy=html.escape(POLICY.format(script=_sha256(script), style=_sha256(styles))),
        title=html.escape(title),
        language=html.escape(language),
        noscript=html.escape(noscript),
        style=styles,
        script=script,
        data=safe_json(data),
    )


def safe_json(data: Mapping[str, object]) -> str:
    r"""Return JSON that can stand in a script tag: `<`, `>` and `&` are written as \u003c, \u003e, \u0026.

    A lone surrogate, which UTF-8 cannot hold, is written as its escape too. Raises ValueError for nan and infinity.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode("utf-8", "backslashreplace").decode()


def _part(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
