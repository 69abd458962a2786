"""What a package is, judged by others: bagit, sha256sum, openssl, ssh-keygen, case_validate, pdftotext, ffmpeg."""

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import av
import bagit
import pypdfium2
import pytest

from camtool.core.case import Role
from camtool.core.custody import Anchor, hash_of, read_chain
from camtool.core.problem import ProblemKind
from camtool.evidence.content import in_fours
from camtool.jobs.case import close_case, read_case
from camtool.jobs.package import PackageReport, package
from tests.makers.filled_case import NOW_US, OFFICER, TITLE, Filled, Ticking, filled_case
from tests.makers.rows import FFMPEG, sha256_of
from tests.makers.signer import TestSigner
from tests.makers.video import picture

LAYOUT = """
DOC_TRUOC.txt allowed_signers bag-info.txt bagit.txt manifest-sha256.txt signer.pub.pem tagmanifest-sha256.txt
tagmanifest-sha256.txt.sig tagmanifest-sha256.txt.sshsig
data/BIEN_BAN.pdf data/index.html data/goc/NOI_LUU.txt data/trich/cam3-180002.mp4
data/trich/cam3-180002.mp4.proof.json data/anh/cam3-180003.png data/giay_to/bien-nhan.pdf
data/ho_so/custody.jsonl data/ho_so/derivations.json data/ho_so/case.jsonld data/ho_so/tools.json
""".split()
SCRIPTS = {"verify.sh", "verify.ps1"}


@dataclass
class Packed:
    """A package, and the case it was made of."""

    filled: Filled
    report: PackageReport

    @property
    def bag(self) -> Path:
        return self.report.path

    def text(self, path: str) -> str:
        return (self.bag / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    folder = tmp_path_factory.mktemp("packed")
    filled = filled_case(folder)
    (folder / "out").mkdir()
    return Packed(filled, package(filled.site, filled.number, folder / "out", TestSigner(), filled.doer))


def files_of(bag: Path) -> set[str]:
    return {path.relative_to(bag).as_posix() for path in bag.rglob("*") if not path.is_dir()}


def said(*command: object, **options: object) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr.decode()
    return str(done.stdout.decode())


def words_of(pdf: bytes | Path) -> str:
    """The words on a PDF's one page, as pypdfium2 reads them."""
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)  # A4
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return " ".join(text.split())


def test_the_layout_is_the_one_that_was_agreed(packed):
    assert files_of(packed.bag) - SCRIPTS == set(LAYOUT)
    assert {path.name for path in packed.bag.parent.iterdir()} == {"HS-2026-0001", "HS-2026-0001_NIEM_PHONG.pdf"}
    assert all(name.isascii() for name in files_of(packed.bag))


def test_bagit_validates_it(packed):
    bag = bagit.Bag(str(packed.bag))
    bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["External-Identifier"] == "HS-2026-0001"
    assert bag.info["Source-Organization"] == "Công an xã Tân Hòa"
    assert bag.info["Payload-Oxum"] == f"{packed.report.size_bytes}.{packed.report.files}"
    assert bag.info["Custody-Head"] == packed.report.custody_head
    assert bag.info["Key-Fingerprint"] == packed.report.fingerprint
    assert bag.info["Time-Stamp"] == "none"
    assert bag.info["Bagging-Date"] == "2026-11-24"


def test_the_file_sets_agree_both_ways(packed):
    listed = {line.split("  ", 1)[1] for line in packed.text("manifest-sha256.txt").splitlines()}
    tags = {line.split("  ", 1)[1] for line in packed.text("tagmanifest-sha256.txt").splitlines()}
    seals = {f"tagmanifest-sha256.txt{ending}" for ending in ("", ".sig", ".sshsig")}
    assert listed | tags | seals == files_of(packed.bag)
    assert all(name.startswith("data/") for name in listed)
    assert not any(name.startswith("data/") for name in tags)


def test_every_command_that_the_page_names_runs(packed):
    """DOC_TRUOC.txt is typed line by line, as an officer or a lawyer would."""
    page = packed.text("DOC_TRUOC.txt")
    commands = re.sub(r"\\\n\s+", "", page)
    found = [line.strip() for line in commands.splitlines() if line.startswith("     ")]
    assert [command.split()[0] for command in found] == [
        "sha256sum", "openssl", "openssl", "ssh-keygen", "sha256sum", "sha256sum", "(cut", "find", "tail", "ffmpeg",
    ]  # fmt: skip
    answers = {}
    for number, command in enumerate(found):
        if command.startswith("ssh-keygen") and shutil.which("ssh-keygen") is None:
            continue
        if command.startswith("ffmpeg"):
            command = command.replace("ffmpeg", FFMPEG, 1)
        answers[number] = said("sh", "-c", command, cwd=packed.bag)
    assert answers[0].split()[0] == packed.report.sha256
    assert answers[1].split()[0] == packed.report.fingerprint
    assert answers[2].strip() == "Signature Verified Successfully"
    assert answers.get(3, "Good").startswith("Good")
    assert all(line.endswith(": OK") for line in (answers[4] + answers[5]).splitlines())
    seals = ["tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig", "tagmanifest-sha256.txt.sshsig"]
    assert (answers[6].split(), answers[7]) == (seals, "")
    assert answers[8].split()[0] == packed.report.custody_head
    rows = [line.rsplit(",", 1)[1] for line in answers[9].splitlines() if not line.startswith("#")]
    original = said(FFMPEG, "-v", "error", "-i", packed.filled.recording, *"-map 0:v -c copy -f framehash".split(),
                    "-hash", "sha256", "-")  # fmt: skip
    whole = [line.rsplit(",", 1)[1] for line in original.splitlines() if not line.startswith("#")]
    at = whole.index(rows[0])
    assert len(rows) == 30
    assert whole[at : at + 30] == rows


@pytest.mark.parametrize("change", ["planted", "missing", "renamed", "linked", "queued"])
def test_the_commands_of_the_page_see_a_file_set_that_is_not_the_sealed_one(packed, tmp_path, change):
    bag = tmp_path / "bag"
    shutil.copytree(packed.bag, bag)
    page = bag / "data" / "index.html"
    match change:
        case "planted":
            (bag / "data" / "them.txt").write_text("x")
        case "missing":
            page.unlink()
        case "renamed":
            page.rename(page.with_name("Index.html"))
        case "linked":
            page.rename(tmp_path / "elsewhere.html")
            page.symlink_to(tmp_path / "elsewhere.html")
        case "queued":
            os.mkfifo(bag / "data" / "ong")
    text = re.sub(r"\\\n\s+", "", packed.text("DOC_TRUOC.txt"))
    typed = [line.strip() for line in text.splitlines() if line.startswith(("     (cut", "     find"))]
    first, second = (said("sh", "-c", command, cwd=bag) for command in typed)
    assert (len(first.split()) > 3) or second, "what was changed is shown"


def test_the_page_is_one_page_of_short_lines(packed):
    lines = packed.text("DOC_TRUOC.txt").splitlines()
    assert len(lines) <= 62
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("ĐỌC TRƯỚC")
    assert "dữ liệu để xác minh" in packed.text("DOC_TRUOC.txt")
    assert "not stamped" in packed.text("DOC_TRUOC.txt")


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen as a judge")
def test_ssh_keygen_verifies_the_signature(packed):
    with (packed.bag / "tagmanifest-sha256.txt").open("rb") as file:
        text = said(
            *("ssh-keygen", "-Y", "verify", "-f", packed.bag / "allowed_signers", "-I", "camtool"),
            *("-n", "camtool-package", "-s", packed.bag / "tagmanifest-sha256.txt.sshsig"),
            stdin=file,
        )
    assert text.startswith('Good "camtool-package" signature for camtool')


def test_case_validate_finds_the_document_conforming(packed):
    text = said(Path(sys.executable).with_name("case_validate"), packed.bag / "data/ho_so/case.jsonld")
    assert "Conforms: True" in text
    graph = json.loads(packed.text("data/ho_so/case.jsonld"))["@graph"]
    kinds = [node["@type"].rpartition(":")[2] for node in graph]
    assert kinds.count("Investigation") == 1
    assert kinds.count("ProvenanceRecord") == 3
    assert kinds.count("File") == 4  # three in the package, one original elsewhere
    assert packed.report.items[0].sha256 in packed.text("data/ho_so/case.jsonld")


def test_the_minutes_hold_their_vietnamese_whole(packed):
    words = words_of(packed.bag / "data/BIEN_BAN.pdf")
    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "CÔNG AN XÃ TÂN HÒA", "BIÊN BẢN",
        "Điều 99 và Điều 107 Bộ luật Tố tụng hình sự", f"Vụ việc: {TITLE}.", "Lý do: theo đơn trình báo.",
        "Camera 3: Cổng chợ, Ngã ba đường tỉnh; giờ thật = giờ camera +0:05:00",
        "Giờ thật 23/11/2026 18:05:02 - 23/11/2026 18:05:05; giờ camera hiện 23/11/2026 18:00:02 - 23/11/2026 18:00:05",
        f"SHA-256: {in_fours(packed.report.items[0].sha256)}", in_fours(packed.report.fingerprint),
        in_fours(packed.report.custody_head), "dữ liệu để xác minh", "NGƯỜI CHỨNG KIẾN", f"thực hiện: {OFFICER}",
        "Dữ liệu gốc không nằm trong gói: 1 tệp",
    ):  # fmt: skip
        assert text in words, text


def test_the_sheet_holds_the_three_codes(packed):
    words = words_of(packed.report.seal_sheet)
    for code in (packed.report.sha256, packed.report.fingerprint, packed.report.custody_head):
        assert in_fours(code) in words
    for text in ("PHIẾU NIÊM PHONG DỮ LIỆU ĐIỆN TỬ", "không có / not stamped", f"HS-2026-0001 - {TITLE}", "ĐÓNG DẤU"):
        assert text in words, text


def test_items_have_the_cases_own_numbers_on_paper_and_in_the_viewer(tmp_path):
    filled = filled_case(tmp_path / "case")
    report = package(filled.site, filled.number, tmp_path, TestSigner(), filled.doer, items=[1, 3])
    words = words_of(report.path / "data/BIEN_BAN.pdf")
    listed = re.findall(r"([0-9]+)\. ((?:trich|anh|giay_to)/\S+)", words)
    (data,) = re.findall(r'id="data">(.*?)</script>', (report.path / "data/index.html").read_text(encoding="utf-8"))
    assert listed == [("1", "trich/cam3-180002.mp4"), ("3", "giay_to/bien-nhan.pdf")]
    assert listed == [(str(item["id"]), item["path"]) for item in json.loads(data)["items"]]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext as a judge")
def test_pdftotext_reads_the_same(packed):
    for pdf in (packed.bag / "data/BIEN_BAN.pdf", packed.report.seal_sheet):
        text = said("pdftotext", "-layout", pdf, "-")
        assert unicodedata.is_normalized("NFC", text)
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text


def test_the_log_in_the_bag_ends_with_the_packing_and_the_cases_own_with_the_seal(packed):
    with (packed.bag / "data/ho_so/custody.jsonl").open("rb") as file:
        chain = read_chain(file, (Anchor(packed.report.custody_head, packed.report.entries),))
    assert chain.faults == ()
    assert [row.act for row in chain.entries] == ["open", "add", "add", "add", "package"]
    assert chain.entries[-1].facts["items"] == [1, 2, 3]
    own = read_case(packed.filled.site, packed.filled.number)
    assert [row.act for row in own.entries][-2:] == ["package", "seal"]
    seal = own.entries[-1]
    assert seal.object is not None
    assert seal.object.sha256 == packed.report.sha256 == sha256_of(packed.bag / "tagmanifest-sha256.txt")
    assert seal.facts["fingerprint"] == packed.report.fingerprint
    assert seal.facts["custody_head"] == packed.report.custody_head
    assert hash_of((packed.filled.folder / "custody.jsonl").read_bytes().splitlines()[-1]) == own.head


def test_each_file_names_its_parent_and_how_it_was_made(packed):
    told = json.loads(packed.text("data/ho_so/derivations.json"))
    clip = next(each for each in told["files"] if each["role"] == "trich")
    assert clip["parents"] == [{"sha256": sha256_of(packed.filled.recording), "path": None, "kept_as": "rec.mp4"}]
    assert clip["command"] == ["camtool", "cut", "--case", "HS-2026-0001"]
    assert set(clip["tools"]) == {"camtool", "ffmpeg", "pyav"}
    kept = told["originals_kept_elsewhere"]
    assert [each["folder"] for each in kept] == [str(packed.filled.recording.parent)]
    assert f"{sha256_of(packed.filled.recording)}  rec.mp4" in packed.text("data/goc/NOI_LUU.txt")


def test_it_never_states_a_speed_nor_an_offence(packed):
    texts = [words_of(packed.bag / "data/BIEN_BAN.pdf"), words_of(packed.report.seal_sheet)]
    for name in files_of(packed.bag):
        if name.endswith((".txt", ".json", ".jsonld", ".jsonl", ".html")):
            texts.append(packed.text(name))
    for text in texts:
        assert not re.search(r"km/h|kph|mph|vượt quá tốc độ|chứng cứ phạm tội|bằng chứng phạm tội", text, re.IGNORECASE)


def test_the_same_case_packed_twice_at_the_same_time_gives_the_same_bytes(tmp_path):
    made = []
    for number in (1, 2):
        (tmp_path / f"{number}").mkdir()
    filled = filled_case(tmp_path / "case")
    clock = filled.doer.clock
    assert isinstance(clock, Ticking)
    for number in (1, 2):
        kept = tmp_path / f"{number}" / "kept"
        shutil.copytree(filled.folder, kept)
        clock.now_us = NOW_US + 60_000_000
        made.append(package(filled.site, filled.number, tmp_path / f"{number}", TestSigner(), filled.doer))
        shutil.rmtree(filled.folder)
        shutil.copytree(kept, filled.folder)
    first, second = made
    assert first.sha256 == second.sha256
    assert first.seal_sheet.read_bytes() == second.seal_sheet.read_bytes()
    assert {name: (first.path / name).read_bytes() for name in files_of(first.path)} == {
        name: (second.path / name).read_bytes() for name in files_of(second.path)
    }


def test_a_clip_that_no_browser_plays_gets_a_marked_copy(tmp_path):
    filled = filled_case(tmp_path / "case", suffix=".mkv")
    report = package(filled.site, filled.number, tmp_path, TestSigner(), filled.doer)
    assert {"data/trich/cam3-180002.mkv", "data/xem/cam3-180002_xem.mp4"} <= files_of(report.path)
    clip, copy = report.items[0], report.items[-1]
    assert (clip.role, clip.play) == ("trich", "xem/cam3-180002_xem.mp4")
    assert (copy.role, copy.parents) == ("xem", (clip.sha256,))
    told = json.loads((report.path / "data/ho_so/derivations.json").read_text(encoding="utf-8"))
    made = next(each for each in told["files"] if each["role"] == "xem")
    assert made["parents"] == [{"sha256": clip.sha256, "path": clip.path, "kept_as": None}]
    assert made["command"][0].startswith("ffmpeg -nostdin")
    with av.open(str(report.path / "data/xem/cam3-180002_xem.mp4")) as film:
        pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(pictures) == 30
    assert pictures[0][:24, 8:120].mean() < 120 < picture(20)[:24, 8:120].mean() + 60  # a dark plate lies over it
    again = package(filled.site, filled.number, tmp_path / "case", TestSigner(), filled.doer)
    assert [item.path for item in again.items] == [item.path for item in report.items]


def test_a_closed_case_is_packed_without_a_new_copy(tmp_path):
    filled = filled_case(tmp_path / "case", suffix=".mkv")
    close_case(filled.site, filled.number, filled.doer)
    report = package(filled.site, filled.number, tmp_path, TestSigner(), filled.doer)
    assert [(problem.kind, problem.path) for problem in report.problems] == [
        (ProblemKind.NOT_IN_BROWSERS, "trich/cam3-180002.mkv")
    ]
    assert report.items[0].play is None


def test_a_redacted_copy_travels_alone(packed, tmp_path):
    filled = filled_case(tmp_path / "case", title="Tên nạn nhân: bà B")
    film = tmp_path / "che.mp4"
    shutil.copyfile(filled.folder / "trich/cam3-180002.mp4", film)
    with film.open("ab") as file:
        file.write(b"\0\0\0\x08free")
    parents = [sha256_of(filled.folder / "trich/cam3-180002.mp4")]
    filled.put(Role.REDACTED, "cam3-che.mp4", film, {"parents": parents, "camera": {"number": 3, "name": "Nhà bà B"}})
    report = package(filled.site, filled.number, tmp_path, TestSigner(), filled.doer, redacted=True)
    assert report.path.name == "HS-2026-0001_CHE_4"
    assert files_of(report.path) - SCRIPTS == {name for name in LAYOUT if "cam3-18" not in name} - {
        "data/goc/NOI_LUU.txt",
        "data/giay_to/bien-nhan.pdf",
    } | {"data/che/cam3-che.mp4"}
    bagit.Bag(str(report.path)).validate()
    with (report.path / "data/ho_so/custody.jsonl").open("rb") as log:
        chain = read_chain(log, (Anchor(report.custody_head, report.entries),))
    assert chain.faults == ()
    assert [row.act for row in chain.entries] == ["open", "add", "package"]
    for name in files_of(report.path):
        content = (report.path / name).read_bytes()
        assert "bà B".encode() not in content, name
        assert "đơn trình báo".encode() not in content, name
    for pdf in (report.path / "data/BIEN_BAN.pdf", report.seal_sheet):
        words = words_of(pdf)
        assert "bà B" not in words
        assert "làm mờ" in words
    assert "CLIP" not in (report.path / "DOC_TRUOC.txt").read_text(encoding="utf-8")
    whole = package(filled.site, filled.number, tmp_path, TestSigner(), filled.doer)
    assert not any("che" in name.split("/") for name in files_of(whole.path))
