"""What a page of one file holds in itself: data that no browser runs, and the hash by which its policy names a script.

Both pages use it: the timeline (evidence.page) and the package's viewer (evidence.viewer).
"""

import base64
import hashlib
import json
import re

# What would end the JSON's element or open a comment in it (HTML Living Standard, 4.12.1.3), what HTML or a file in
# UTF-8 cannot hold (controls, lone surrogates), and the line ends that not every JSON reader takes.
_UNFIT = re.compile("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def embedded(value: object) -> str:
    """Return a value as JSON that can stand inside a script element, whatever its texts are.

    Raises ValueError for nan and infinity.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNFIT.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def csp_hash(text: str) -> str:
    """Return how a Content-Security-Policy names an inline script or style (CSP level 3), without the quotes."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
