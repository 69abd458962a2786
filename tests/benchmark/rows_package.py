"""Packaging and verifying a case of large clips, against `sha256sum` of the same files in the same run.

CAMTOOL_BENCH_PACKAGE_BYTES says how much (10 GB where nothing is said); where the disk has no room for it, it is less,
and the line says how much it was. Each clip is cut from one recording of an hour, each from a little later on, so that
no two are the same.
"""

import json
import os
import shutil
from pathlib import Path

from camtool.core.model import Camera
from camtool.evidence.keys import create_key
from camtool.store.site import add_camera, create_site
from tests.benchmark.footage import hour
from tests.benchmark.measure import CAMTOOL, Run, run
from tests.benchmark.table import Line

WANTED_BYTES = 10_000_000_000
PASSPHRASE = "a passphrase for the benchmark"
NAME = "NVR_ch1_main_20261123100000_20261123110000.mp4"
# The clips lie in the case and in the package, the recording beside them, and the disk wants some air.
_COPIES = 2.3


def rows(folder: Path) -> list[Line]:
    """Measure in turn: sha256sum, package, sha256sum, verify, sha256sum."""
    source = hour(folder / "footage").rename(folder / "footage" / NAME)
    (folder / "footage" / "part.mp4").unlink()
    site = folder / "site"
    create_site(site, "bench", "Asia/Ho_Chi_Minh", "en")
    add_camera(site, Camera(1, "one", "", str(folder / "footage"), "dahua"))
    create_key(site / "keys", PASSPHRASE, now_us=1_700_000_000_000_000, valid_days=3650)
    case = _case(site, source.stat().st_size, _room_bytes(folder))
    out = folder / "out"
    out.mkdir()
    in_case = sorted(path for path in (site / "cases" / case).rglob("*") if path.parent.name == "trich")
    hashed = [_sha256sum(in_case)]
    command = [*CAMTOOL, "--site", str(site), "--json", "package", case, "-o", str(out), "--officer", "bench"]
    packed = run(command, CAMTOOL_KEY_PASSPHRASE=PASSPHRASE)
    assert packed.code == 0, packed.out
    told = json.loads(packed.out)
    hashed.append(_sha256sum(in_case))
    checked = run([*CAMTOOL, "--json", "verify", told["path"], "--fingerprint", told["fingerprint"]])
    assert checked.code == 0, checked.out
    hashed.append(_sha256sum(sorted(path for path in Path(told["path"], "data").rglob("*") if path.is_file())))
    size_bytes = told["size_bytes"]
    return [
        _line("package", packed, hashed[:2], size_bytes, 0.6),
        _line("verify", checked, hashed[1:], size_bytes, 0.8),
        *(
            Line(f"{what}, peak memory", f"{each.peak_mb:.0f} MB", "-", "-", "<= 250 MB", each.peak_mb <= 250)
            for what, each in (("package", packed), ("verify", checked))
        ),
    ]


def _room_bytes(folder: Path) -> int:
    wanted = int(os.environ.get("CAMTOOL_BENCH_PACKAGE_BYTES", WANTED_BYTES))
    return min(wanted, int(shutil.disk_usage(folder).free / _COPIES))


def _case(site: Path, recording_bytes: int, size_bytes: int) -> str:
    """Fill a case with clips of so many bytes in all; return its number."""
    told = [*CAMTOOL, "--site", str(site), "--json"]
    assert run([*told, "index"]).code == 0
    opened = run([*told, "case", "open", "bench", "--kind", "other", "--officer", "bench"])
    case = str(json.loads(opened.out)["case"])
    left = size_bytes
    number = 0
    while left > 0:
        part = min(1.0, left / recording_bytes)
        first_s, last_s = number * 10, number * 10 + max(10, int((3600 - number * 10) * part))
        window = ["--from", _time(first_s), "--to", _time(min(3600, last_s))]
        made = run([*told, "cut", "--camera", "1", *window, "--case", case, "--officer", "bench"])
        assert made.code in {0, 3}, made.out
        left -= Path(json.loads(made.out)["path"]).stat().st_size
        number += 1
    return case


def _time(after_s: int) -> str:
    return f"2026-11-23T{10 + after_s // 3600:02d}:{after_s // 60 % 60:02d}:{after_s % 60:02d}+07:00"


def _sha256sum(files: list[Path]) -> Run:
    done = run(["sha256sum", *map(str, files)])
    assert done.code == 0
    return done


def _line(what: str, ours: Run, theirs: list[Run], size_bytes: int, target: float) -> Line:
    peer_s = sum(each.wall_s for each in theirs) / len(theirs)
    rate = peer_s / ours.wall_s
    return Line(
        f"{what} {size_bytes / 1e9:.1f} GB of clips",
        f"{ours.wall_s:.1f} s, {size_bytes / ours.wall_s / 1e6:,.0f} MB/s",
        f"sha256sum: {peer_s:.1f} s",
        f"{rate:.0%} of its rate",
        f">= {target:.0%}",
        rate >= target,
    )
