"""A small sealed package by hand, for what reads packages: real clips, a real signature, a real custody chain.

It follows docs/package.md and shares no code with camtool's own packager, so that the two can disagree.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image

from camtool.evidence.viewer import page_of
from tests.makers.video import picture, write_mp4

CLIP = "data/trich/HS-2026-0001_01_cam3.mp4"
STILL = "data/anh/HS-2026-0001_02_cam3.png"
COPY = "data/xem/HS-2026-0001_03_cam5_xem.mp4"
EXTRACT = "data/trich/HS-2026-0001_03_cam5.mkv"
SCAN = "data/giay_to/don_trinh_bao.txt"
TEXTS = {
    "title": "Trộm xe máy nhà ông A",
    "camera": "Cổng chợ",
    "note": "người mặc áo đỏ dắt xe ra",
    "officer": "Nguyễn Văn B",
    "unit": "Công an xã Thử Nghiệm",
}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A package on disk, and the numbers that its seal sheet would carry."""

    folder: Path
    fingerprint: str
    package: str
    custody_head: str
    data: dict[str, Any]

    @property
    def page(self) -> Path:
        """The viewer."""
        return self.folder / "data" / "index.html"


def sha256(content: bytes) -> str:
    """Hash bytes, hex."""
    return hashlib.sha256(content).hexdigest()


def canonical(value: object) -> bytes:
    """Write canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seal_by_hand(folder: Path, *, language: str = "vi", texts: Mapping[str, str] = TEXTS, gop: int = 20) -> Sealed:
    """Write a package of one clip with a lead-in, one still, one viewing copy and one paper."""
    for part in ("trich", "anh", "xem", "ho_so", "giay_to"):
        (folder / "data" / part).mkdir(parents=True)
    write_mp4(folder / CLIP, seconds=6, gop=gop)
    write_mp4(folder / COPY, seconds=2)
    (folder / EXTRACT).write_bytes(b"a recording that no browser plays" * 50)
    Image.fromarray(picture(30)).save(folder / STILL)
    (folder / SCAN).write_text("Đơn trình báo\n", encoding="utf-8")
    lines = _custody(folder, texts)
    (folder / "data/ho_so/custody.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key()
    fingerprint = sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    head = sha256(lines[-1])
    data = _data(folder, texts, lines, fingerprint, head, language)
    (folder / "data" / "index.html").write_text(page_of(data), encoding="utf-8")
    package = _seal(folder, key, len(lines), head)
    return Sealed(folder, fingerprint, package, head, data)


def _seal(folder: Path, key: Ed25519PrivateKey, entries: int, head: str) -> str:
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", encoding="utf-8")
    info = f"External-Identifier: HS-2026-0001\nCustody-Head: {head}\nCustody-Entries: {entries}\n"
    (folder / "bag-info.txt").write_text(info, encoding="utf-8")
    (folder / "signer.pub.pem").write_bytes(pem)
    for name in ("DOC_TRUOC.txt", "allowed_signers", "verify.sh", "verify.ps1"):
        (folder / name).write_text(f"{name}\n", encoding="utf-8")
    payload = sorted(path for path in (folder / "data").rglob("*") if path.is_file())
    _list(folder, "manifest-sha256.txt", payload)
    return seal_again(folder, key)


def seal_again(folder: Path, key: Ed25519PrivateKey) -> str:
    """Write the tag manifest and its signature; returns the package hash."""
    seals = {"tagmanifest-sha256.txt" + ending for ending in ("", ".sig", ".sshsig", ".tsr")}
    _list(folder, "tagmanifest-sha256.txt", sorted(p for p in folder.iterdir() if p.is_file() and p.name not in seals))
    tags = (folder / "tagmanifest-sha256.txt").read_bytes()
    (folder / "tagmanifest-sha256.txt.sig").write_bytes(key.sign(tags))
    (folder / "tagmanifest-sha256.txt.sshsig").write_text("-----BEGIN SSH SIGNATURE-----\n", encoding="utf-8")
    return sha256(tags)


def _list(folder: Path, name: str, paths: list[Path]) -> None:
    rows = (f"{sha256(path.read_bytes())}  {path.relative_to(folder).as_posix()}\n" for path in paths)
    (folder / name).write_text("".join(rows), encoding="utf-8")


def _custody(folder: Path, texts: Mapping[str, str]) -> list[bytes]:
    clip = {"path": CLIP.removeprefix("data/"), "sha256": sha256((folder / CLIP).read_bytes())}
    drafts: list[dict[str, Any]] = [
        {"act": "open", "why": texts["title"], "facts": {"title": texts["title"], "kind": "theft"}},
        {
            "act": "cut",
            "role": "trich",
            "object": clip | {"size_bytes": (folder / CLIP).stat().st_size},
            "why": texts["note"],
            "facts": {"camera": {"number": 3, "name": texts["camera"]}, "requested": {"from": "…", "to": "…"}},
            "command": ["camtool", "cut", "--case", "HS-2026-0001", "--camera", "3"],
        },
        {"act": "package", "why": "gửi Viện kiểm sát"},
    ]
    lines: list[bytes] = []
    for number, draft in enumerate(drafts, 1):
        blank: dict[str, Any] = {"role": None, "object": None, "command": ["camtool"], "facts": {}}
        entry = blank | draft | {"n": number, "prev": sha256(lines[-1]) if lines else "0" * 64}
        entry |= {"case": "HS-2026-0001", "who": texts["officer"], "account": "canbo@may1", "result": "ok"}
        entry |= {"time_utc": f"2026-11-24T08:0{number}:27.123456Z", "tools": {"camtool": "0.1.0", "ffmpeg": "7.1"}}
        entry |= {"time_local": f"2026-11-24T15:0{number}:27.123456+07:00"}
        lines.append(canonical(entry))
    return lines


def _data(
    folder: Path, texts: Mapping[str, str], lines: list[bytes], fingerprint: str, head: str, language: str
) -> dict[str, Any]:
    def hashed(path: Path) -> dict[str, Any]:
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        return {"path": name, "sha256": sha256(content), "size_bytes": len(content)}

    files = [hashed(path) for path in sorted((folder / "data").rglob("*")) if path.is_file()]
    by_path = {each["path"]: each for each in files}

    def item(number: int, path: str, role: str, media: str, **more: Any) -> dict[str, Any]:
        blank = dict.fromkeys(("camera", "camera_span", "true_span", "requested", "clock", "packets", "frame"))
        known = {"id": number, "role": role, "path": path.removeprefix("data/"), "media": media, "note": ""}
        known |= {"sha256": by_path[path]["sha256"], "size_bytes": by_path[path]["size_bytes"], "parents": []}
        return {"play": None, "lead_in_us": None} | blank | known | more

    def span(start: str, end: str) -> dict[str, str]:
        return {"from": f"2026-11-23T{start}+07:00", "to": f"2026-11-23T{end}+07:00"}

    camera = {"number": 3, "name": texts["camera"], "place": "đường liên xã"}
    clock = {"offset_us": -252_000_000, "observed": True, "note": ""}
    clip = item(1, CLIP, "trich", "video/mp4", play=CLIP.removeprefix("data/"), camera=camera, packets=60)
    clip |= {"true_span": span("17:03:00", "17:03:06"), "camera_span": span("17:07:12", "17:07:18"), "clock": clock}
    clip |= {"requested": span("17:03:01.500", "17:03:06"), "lead_in_us": 1_500_000, "note": texts["note"]}
    clip |= {"parents": ["ab" * 32]}
    still = item(2, STILL, "anh", "image/png", play=STILL.removeprefix("data/"), camera=camera, frame=30)
    still |= {"true_span": span("17:03:03", "17:03:03"), "camera_span": span("17:07:15", "17:07:15"), "clock": clock}
    still |= {"parents": [clip["sha256"]]}
    other = item(3, EXTRACT, "trich", "video/mp4", play=COPY.removeprefix("data/"), packets=20)
    other |= {"camera": {"number": 5, "name": "Ngã ba đình", "place": ""}, "lead_in_us": 0}
    other |= {"true_span": span("17:03:10", "17:03:12"), "camera_span": span("17:03:10", "17:03:12")}
    other |= {"clock": {"offset_us": 0, "observed": False, "note": ""}}
    scan = item(4, SCAN, "giay_to", "text/plain", note="bản chụp")
    return {
        "format": "camtool-package",
        "version": 1,
        "case": {
            "number": "HS-2026-0001",
            "title": texts["title"],
            "kind": "theft",
            "officer": texts["officer"],
            "opened_utc": "2026-11-24T08:01:27.123456Z",
            "opened_local": "2026-11-24T15:01:27.123456+07:00",
        },
        "unit": texts["unit"],
        "sealed": {
            "utc": "2026-11-24T08:03:27Z",
            "local": "2026-11-24T15:03:27+07:00",
            "officer": texts["officer"],
        },
        "fingerprint": fingerprint,
        "custody_head": head,
        "language": language,
        "items": [clip, still, other, scan],
        "custody": [json.loads(line) for line in lines],
        "files": files,
    }
