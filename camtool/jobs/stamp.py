"""Where a time-stamp comes from: an authority's address, or a configuration file of `openssl ts`."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from camtool.errors import NoSuchFile

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


def stamper(source: str, roots: "Sequence[Certificate]" = ()) -> Callable[[bytes], bytes]:
    """Return what stamps bytes: source is http://…, https://…, or a file for `openssl ts -reply -config`.

    roots: the authority's certificates, if its chain is to be checked at once. Raises NoSuchFile; what it returns
    raises StampUnfit, StampUnreachable, ProgramMissing.
    """
    from camtool.evidence.timestamp import post, stamp

    if "://" in source:
        return lambda data: stamp(data, partial(post, source), roots)
    config = Path(source)
    if not config.is_file():
        raise NoSuchFile(path=config)
    from camtool.media.timestamp_program import openssl_reply

    return lambda data: stamp(data, partial(openssl_reply, config), roots)
