"""One self-contained HTML page out of its parts: nothing is fetched, and what people wrote stays text.

The parts are files in camtool/evidence/pages. Data goes in as JSON in which no `<` is left, so that no text of a
camera, file or note can end the script tag it lies in; the scripts put texts on the page as text. A policy of the
page's own (Content-Security-Policy) names the hashes of its one style and one script: the browser runs nothing else
and loads nothing at all.
"""

import html
from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template

from camtool.evidence.inline import csp_hash, embedded

PAGES = files("camtool.evidence") / "pages"
POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data:; base-uri 'none'; form-action 'none'"
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
        policy=html.escape(POLICY.format(script=csp_hash(script), style=csp_hash(styles))),
        title=html.escape(title),
        language=html.escape(language),
        noscript=html.escape(noscript),
        style=styles,
        script=script,
        data=embedded(data),
    )


def _part(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")
