"""What a file is, from its first bytes and never from its name.

Sources of the signatures:
- MP4, MOV: a size and one of the box types that may stand first: ISO/IEC 14496-12, table 1; Apple's QuickTime File
  Format.
- MPEG program stream: pack and PES start codes, ISO/IEC 13818-1, 2.5; transport stream: sync byte 0x47 every 188 bytes,
  the same, 2.4.3; .m2ts: 192 bytes, four of them a time stamp in front, as FFmpeg's libavformat/mpegts.h has it.
- DHAV (Dahua): `DHAV`, or a 1 KiB block that begins with `DAHUA`: FFmpeg's libavformat/dhav.c.
- Hikvision: `IMKH`, 40 bytes in front of a program stream, and the older `4HKH`, which nothing here reads: the magic
  numbers of the Hikvision demuxer in github.com/06needhamt/FFmpeg. `HXVS` (.264 of CloudSEE cameras): the script in
  github.com/mkvtoolnix issue 2146.
- Matroska and WebM: RFC 8794 (EBML). AVI and WAV: Microsoft's RIFF. ASF: its header object's GUID. FLV: Adobe's
  FLV 10.1.
- Raw H.264 and HEVC: Annex B start codes, ITU-T H.264 table 7-1 and H.265 table 7-1. MPEG-2 and MPEG-4 video: their
  sequence start codes, ISO/IEC 13818-2 and 14496-2.
- Everything that is no video: the list of file(1), github.com/file/file, magic/Magdir.
"""

import struct

# The least that tells all formats apart: three transport packets of 192 bytes.
HEAD_BYTES = 4096

# Containers a picture may be read from; the rest of what `sniff` answers is not video.
CONTAINERS = frozenset(
    ("mp4", "mpeg-ps", "mpeg-ts", "hikvision-ps", "dhav", "matroska", "avi", "flv", "asf", "ogg"),
)
STREAMS = frozenset(("h264", "hevc", "mpeg-video", "mpeg4-video"))  # coded pictures without a container
VIDEO = CONTAINERS | STREAMS
# Recorders' own formats that no reader here knows: video, but not for us.
UNKNOWN_TO_US = frozenset({"4hkh", "hxvs"})

_FIRST_BOXES = frozenset(b"ftyp styp moov mdat moof free skip wide pnot sidx uuid pdin emsg prft".split())
_PICTURE_BRANDS = frozenset(b"heic heix heim heis mif1 msf1 avif avis".split())
_EXACT = (
    (b"DHAV", "dhav"),
    (b"DAHUA", "dhav"),
    (b"IMKH", "hikvision-ps"),
    (b"4HKH", "4hkh"),
    (b"HXVS", "hxvs"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"FLV\x01", "flv"),
    (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "asf"),
    (b"OggS", "ogg"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"%PDF-", "pdf"),
    (b"SQLite format 3\0", "sqlite"),
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
    (b"MZ", "exe"),
    (b"\x7fELF", "elf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
)
_HEVC_FIRST = {32, 33, 34, 35, 39}  # VPS, SPS, PPS, access unit delimiter, prefix SEI
_H264_FIRST = {6, 7, 9}  # SEI, SPS, access unit delimiter
# Bytes that do not occur in text: the control characters but for tab, line ends, form feed, escape.
_NOT_TEXT = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b") | {0x7F}
_LONGEST_UTF8 = 4


def sniff(head: bytes) -> str | None:
    """Name what begins with head (the first bytes of a file, 64 at least where there are so many, best HEAD_BYTES).

    The answer is in VIDEO or UNKNOWN_TO_US, or says what the file is instead (jpeg, zip, text, zeros ...); None where
    nothing fits.
    """
    if head[4:8] in _FIRST_BOXES:
        return _box_file(head)
    for magic, name in _EXACT:
        if head.startswith(magic):
            return name
    if head.startswith(b"RIFF"):
        return {b"AVI ": "avi", b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12])
    return _transport(head) or _start_code(head) or _plain(head)


def _box_file(head: bytes) -> str | None:
    (size,) = struct.unpack_from(">I", head)
    if 2 <= size < 8:  # 0 means to the end of the file, 1 that a 64-bit size follows
        return None
    return "heif" if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS else "mp4"


def _transport(head: bytes) -> str | None:
    for first, step in ((0, 188), (4, 192)):
        syncs = head[first : first + 8 * step : step]
        if len(syncs) >= 2 and syncs == b"\x47" * len(syncs):
            return "mpeg-ts"
    return None


def _start_code(head: bytes) -> str | None:
    at = 4 if head.startswith(b"\0\0\0\1") else 3 if head.startswith(b"\0\0\1") else 0
    if not at or len(head) < at + 2:
        return None
    code, after = head[at], head[at + 1]
    if code == 0xBA:
        return "mpeg-ps" if after & 0xC0 == 0x40 or after & 0xF0 == 0x20 else None  # MPEG-2, MPEG-1
    if code >= 0xBB and code != 0xFF:
        return "mpeg-ps"  # the system header, the stream map or a PES packet: a stream picked up midway
    if code in (0xB3, 0xB8):
        return "mpeg-video"
    if code in (0xB0, 0xB5, 0xB6):
        return "mpeg4-video"
    if code & 0x81 == 0 and after == 1 and code >> 1 in _HEVC_FIRST:
        return "hevc"
    return "h264" if code & 0x80 == 0 and code & 0x1F in _H264_FIRST else None


def _plain(head: bytes) -> str | None:
    if not head:
        return None
    if not head.strip(b"\0"):
        return "zeros"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # A letter may be cut in two where the head ends.
        if error.start < len(head) - _LONGEST_UTF8 + 1 or error.reason != "unexpected end of data":
            return None
    return None if _NOT_TEXT.intersection(head) else "text"
