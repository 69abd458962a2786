"""DOC_TRUOC.txt: how to check the package by typing the commands yourself, Vietnamese then English, one A4 page.

Lines are at most LINE_LETTERS long, so that any editor prints them unbroken, and at most PAGE_LINES of them.
"""

from camtool.core.pathtext import printable
from camtool.evidence.content import Content

# What a plain-text editor prints on one A4 page with 20 mm margins in a 10-point fixed font: 80 letters, 62 lines.
LINE_LETTERS, PAGE_LINES = 80, 62

_TEXT = """\
ĐỌC TRƯỚC - GÓI DỮ LIỆU {name}
{unit}, đóng gói {sealed}.
Đây là dữ liệu để xác minh, không phải kết luận về hành vi của bất kỳ ai.

XEM: mở data/index.html bằng trình duyệt. Biên bản: data/BIEN_BAN.pdf.
KIỂM TRA: mở cửa sổ lệnh ngay trong thư mục này, tự gõ từng lệnh dưới đây.
Không cần camtool. Mã phải so với PHIẾU NIÊM PHONG GIẤY, không so với gói.

1. Mã gói, phải giống mã số 1 trên phiếu:
     sha256sum tagmanifest-sha256.txt
2. Dấu vân tay khóa ký, phải giống mã số 2 trên phiếu:
     openssl pkey -pubin -in signer.pub.pem -outform DER | sha256sum
3. Chữ ký, phải báo "Signature Verified Successfully":
     openssl pkeyutl -verify -pubin -inkey signer.pub.pem -rawin \\
       -in tagmanifest-sha256.txt -sigfile tagmanifest-sha256.txt.sig
   Hoặc bằng ssh-keygen, phải báo "Good ... signature" / or by ssh-keygen:
     ssh-keygen -Y verify -f allowed_signers -I camtool -n camtool-package \\
       -s tagmanifest-sha256.txt.sshsig < tagmanifest-sha256.txt
4. Từng tệp, mọi dòng phải báo OK:
     sha256sum --strict -c tagmanifest-sha256.txt
     sha256sum --strict -c manifest-sha256.txt
5. Không thừa, không thiếu: lệnh đầu chỉ được hiện tagmanifest-sha256.txt và
   {seals} của nó; lệnh sau không được hiện gì:
     (cut -c 67- tagmanifest-sha256.txt manifest-sha256.txt; \\
       find . -type f | cut -c 3-) | sort | uniq -u
     find . ! -type f ! -type d
6. Nhật ký, phải giống mã số 3 trên phiếu:
     tail -n 1 data/ho_so/custody.jsonl | tr -d '\\n' | sha256sum
{clip_vi}{stamp_vi}
Làm một lần: sh verify.sh MÃ-SỐ-2      (Windows: verify.ps1, trong PowerShell)
  ĐẠT / KHÔNG ĐẠT / KHÔNG KIỂM TRA ĐƯỢC: dòng cuối cùng là kết luận.
  Tệp lệnh nằm trong gói cũng có thể bị sửa: khi nghi ngờ hãy tự gõ.

ENGLISH - the commands are those above, typed in this folder
This is data for verification. It concludes nothing about anyone's conduct.
View: data/index.html in a browser. Minutes to sign: data/BIEN_BAN.pdf.
Compare the codes with the PAPER SEAL SHEET, never with a copy in here.
1. The package hash: code 1 of the sheet.
2. The fingerprint of the signing key: code 2 of the sheet.
3. The signature: it must say "Signature Verified Successfully".
4. Every file: each line must say OK.
5. Nothing planted, nothing missing: the first command may show only
   tagmanifest-sha256.txt and its {seals_en}, the second nothing.
6. The custody log: code 3 of the sheet.
{clip_en}{stamp_en}
All at once: sh verify.sh CODE-2       (Windows: verify.ps1, in PowerShell)
  ĐẠT = passed / KHÔNG ĐẠT = failed / KHÔNG KIỂM TRA ĐƯỢC = not checkable.
  A script inside a package may have been changed too: when in doubt, type.
"""
_CLIP_VI = """\
7. Đoạn trích lấy nguyên từ bản ghi: mỗi hình một dòng, các dòng này nằm liền
   nhau, đúng thứ tự, trong kết quả của cùng lệnh này trên bản ghi gốc:
     ffmpeg -i {clip} \\
       -map 0:v -c copy -f framehash -hash sha256 -
"""
_CLIP_EN = """\
7. A clip holds the recording's own pictures: its rows appear, in order and
   without a break, in what the same command prints for the original.
"""
_STAMPED_VI = """\
Dấu thời gian (CA.PEM: chứng thư của tổ chức cấp dấu, lấy từ chính họ):
     openssl ts -verify -data tagmanifest-sha256.txt \\
       -in tagmanifest-sha256.txt.tsr -CAfile CA.PEM
   Khi dùng verify.sh: sh verify.sh MÃ-SỐ-2 --tsa-ca CA.PEM"""
_STAMPED_EN = "Time-stamp: RFC 3161; take CA.PEM from the stamping authority itself."
_UNSTAMPED_VI = "Dấu thời gian (RFC 3161): không có."
_UNSTAMPED_EN = "Time-stamp (RFC 3161): not stamped."


def read_first(content: Content, name: str) -> str:
    """Return the text of DOC_TRUOC.txt for the package called name (ASCII)."""
    clip = next((item.path for item in content.items if item.role == "trich"), None)
    filled = _TEXT.format(
        name=name,
        unit=printable(content.unit),
        sealed=content.sealed_words,
        clip_vi=_CLIP_VI.format(clip=f"data/{clip}") if clip else "",
        clip_en=_CLIP_EN if clip else "",
        seals=".sig .sshsig .tsr" if content.stamped else ".sig .sshsig",
        seals_en=".sig .sshsig .tsr" if content.stamped else ".sig and .sshsig",
        stamp_vi=_STAMPED_VI if content.stamped else _UNSTAMPED_VI,
        stamp_en=_STAMPED_EN if content.stamped else _UNSTAMPED_EN,
    )
    return "\n".join(_short(line) for line in filled.split("\n"))


def _short(line: str) -> str:
    """Cut a line that a long name of an office made too long; a command is never cut."""
    return line if len(line) <= LINE_LETTERS or line.startswith("  ") else f"{line[: LINE_LETTERS - 1]}…"
