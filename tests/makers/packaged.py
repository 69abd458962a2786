"""A real package, sealed with the site's own key, and the two that judge it: `camtool verify` and its verify.sh."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from camtool.cli.main import run
from camtool.core.case import Role
from camtool.evidence.keys import KEYS_FOLDER, SiteKey, create_key
from camtool.jobs.clip import cut
from camtool.jobs.exhibit import complete_clip
from camtool.jobs.package import package
from camtool.jobs.stamp import stamper
from camtool.jobs.verify import locator
from tests.makers.authority import Authority, authority
from tests.makers.filled_case import NOW_US, Filled, filled_case
from tests.makers.rows import ZONE, camera, row, span

PASSPHRASE = "năm con mèo leo cây cau"
DAY_US = 86_400_000_000
TAG, PAYLOAD = "tagmanifest-sha256.txt", "manifest-sha256.txt"
CLIP = "data/trich/cam3-180002.mp4"
WHOLE = "data/trich/cam3-180004.mp4"
LOG = "data/ho_so/custody.jsonl"
PASSED, FAILED, NOT_CHECKABLE = "ĐẠT", "KHÔNG ĐẠT", "KHÔNG KIỂM TRA ĐƯỢC"
SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]


@dataclass
class Packaged:
    """A package, what it was made of, and the authority that stamped it."""

    filled: Filled
    key: SiteKey
    bag: Path
    authority: Authority | None = None

    @property
    def site(self) -> Path:
        return Path(self.filled.site.folder)


def packaged(folder: Path, *, stamped: bool = False) -> Packaged:
    """Make a case, a key good for a year from a day before, and the package."""
    filled = filled_case(folder)
    key = create_key(Path(filled.site.folder, KEYS_FOLDER), PASSPHRASE, now_us=NOW_US - DAY_US, valid_days=365)
    add_whole_clip(filled, folder / "whole.mp4")
    out = folder / "out"
    out.mkdir()
    own = authority(folder / "tsa") if stamped else None
    stamp = None if own is None else stamper(str(own.config))
    return Packaged(filled, key, package(filled.site, filled.number, out, key, filled.doer, stamp=stamp).path, own)


def add_whole_clip(filled: Filled, out: Path) -> None:
    """Bring in a second clip with all that belongs to one: proof, packets.csv, framehash, as `cut --case` does."""
    report = cut(camera(filled.recording.parent), [row(filled.recording)], span(4.4, 6.6), 300_000_000, out, zone=ZONE)
    facts = complete_clip(report.path, locator(filled.site.cameras))
    parts = (".proof.json", ".packets.csv", ".framehash")
    filled.put(Role.EXTRACT, Path(WHOLE).name, report.path, facts, parts=parts)


def files_of(bag: Path) -> list[str]:
    """Every file of a package, by path."""
    return sorted(path.relative_to(bag).as_posix() for path in bag.rglob("*") if not path.is_dir())


def by_camtool(capsys, bag: Path, *arguments: object) -> tuple[int, str, str]:
    """Run `camtool verify BAG …` through main()'s own door: exit code, last line, everything."""
    capsys.readouterr()
    code = run(["--lang", "en", "-v", "verify", str(bag), *map(str, arguments)])
    said = capsys.readouterr().out
    return code, said.rstrip("\n").rsplit("\n", 1)[-1], said


def by_script(
    bag: Path, *arguments: object, shell: str = "dash", script: Path | None = None, path: str | None = None
) -> tuple[int, str, str]:
    """Run a package's verify.sh: exit code, last line, everything. script: a trusted copy, for a bag without one."""
    head = ["busybox", "sh"] if shell == "busybox" else [shell] if shutil.which(shell) else ["sh"]
    command = [*head, str(script or bag / "verify.sh"), *map(str, arguments)]
    if script is not None:
        command += ["--package", str(bag)]
    environment = {**os.environ, **({"PATH": path} if path else {})}
    done = subprocess.run(command, capture_output=True, check=False, env=environment, stdin=subprocess.DEVNULL)
    said = done.stdout.decode("utf-8", "replace")
    return done.returncode, said.rstrip("\n").rsplit("\n", 1)[-1], said + done.stderr.decode("utf-8", "replace")


def hashed_again(bag: Path, *, key: SiteKey | None = None, lists: Iterable[str] = (PAYLOAD, TAG)) -> None:
    """Do what a forger does: write both lists anew for what is there now, and sign them with a key, if there is one."""
    import hashlib

    for name in lists:
        lines = []
        for line in (bag / name).read_text(encoding="utf-8").splitlines():
            path = line[66:]
            if (bag / path).is_file():
                lines.append(f"{hashlib.sha256((bag / path).read_bytes()).hexdigest()}  {path}\n")
        (bag / name).write_text("".join(lines), encoding="utf-8", newline="\n")
    if key is not None:
        content = (bag / TAG).read_bytes()
        (bag / f"{TAG}.sig").write_bytes(key.sign(content))
        (bag / f"{TAG}.sshsig").write_text(key.sshsig(content), newline="\n")
