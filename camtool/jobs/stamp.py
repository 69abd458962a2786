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
    # Functions of this module, so that a list's workers can be given them.
    if "://" in source:
        return partial(_by_post, source, roots)
    config = Path(source).absolute()
    if not config.is_file():
        raise NoSuchFile(path=Path(source))
    return partial(_by_openssl, config, roots)


def _by_post(url: str, roots: "Sequence[Certificate]", data: bytes) -> bytes:
    from camtool.evidence.timestamp import post, stamp

    return stamp(data, partial(post, url), roots)


def _by_openssl(config: Path, roots: "Sequence[Certificate]", data: bytes) -> bytes:
    from camtool.evidence.timestamp import stamp
    from camtool.media.timestamp_program import openssl_reply

    return stamp(data, partial(openssl_reply, config), roots)
