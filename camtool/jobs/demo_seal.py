"""The end of the demonstration: a case, a key, a sealed package, and its verdict."""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from camtool.core.model import Site
from camtool.evidence.keys import KEYS_FOLDER, SiteKey, create_key, history, open_key
from camtool.evidence.package_faults import Verdict
from camtool.jobs.case import Doer, open_case
from camtool.jobs.case_add import add_item
from camtool.jobs.package import PackageReport, package
from camtool.jobs.verify_package import verify_package

# A real key's passphrase is never written down beside the key. This key seals nothing real, and the demo may run again.
PASSPHRASE_FILE = "mat-khau-khoa.txt"  # noqa: S105 - the name of a file
_TITLES = {"vi": "Trộm xe máy ở chợ (diễn tập)", "en": "Motorbike stolen at the market (rehearsal)"}
_OFFICERS = {"vi": "Cán bộ trực ban (diễn tập)", "en": "officer on duty (rehearsal)"}
_WHYS = {"vi": "diễn tập của camtool demo", "en": "rehearsal by camtool demo"}


@dataclass(frozen=True, slots=True)
class Sealed:
    """The case, its package, and what checking it came to; passphrase opens the demo's key."""

    case: str
    report: PackageReport
    passed: bool
    checked: int
    passphrase: str


def seal(
    site: Site, files: Sequence[Path], out: Path, language: str, now_us: int, chapter: Callable[[str], None]
) -> Sealed:
    """Open a case, put the files into it, seal it into out, and check the package."""
    started_ns = time.monotonic_ns()

    def clock() -> int:
        return now_us + (time.monotonic_ns() - started_ns) // 1000

    language = language if language in _TITLES else "en"
    doer = Doer(_OFFICERS[language], _WHYS[language], ("camtool", "demo"), clock)
    chapter("case")
    case = open_case(site, _TITLES[language], "theft", doer).case.number
    for file in files:
        add_item(site, case, file, doer)
    chapter("key")
    key, passphrase = _key(site, now_us)
    chapter("package")
    report = package(site, case, out, key, doer)
    checked = verify_package(report.path, fingerprint=report.fingerprint)
    return Sealed(case, report, checked.verdict is Verdict.PASSED, checked.checked, passphrase)


def _key(site: Site, now_us: int) -> tuple[SiteKey, str]:
    """Return the demo's key, opened: made by an earlier run, or now."""
    keys, note = Path(site.folder, KEYS_FOLDER), Path(site.folder, PASSPHRASE_FILE)
    if history(keys):
        passphrase = note.read_text(encoding="utf-8").strip()
        return open_key(keys, passphrase, now_us=now_us), passphrase
    passphrase = f"demo-{secrets.token_hex(8)}"
    note.write_text(f"{passphrase}\n", encoding="utf-8")
    return create_key(keys, passphrase, now_us=now_us), passphrase
