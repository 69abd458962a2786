"""Names of codecs in MP4 files, as libav names them.

Sources: the registration authority's lists of sample entries and of object types (mp4ra.org), Apple's QuickTime File
Format for the older codes; the MPEG-4 descriptors of `esds`: ISO/IEC 14496-1, 7.2.6.
"""

from itertools import islice
from struct import Struct

from camtool.media.boxes_read import Box, BoxSource

_SAMPLE_ENTRIES = {
    b"avc1": "h264",
    b"avc2": "h264",
    b"avc3": "h264",
    b"avc4": "h264",
    b"hvc1": "hevc",
    b"hev1": "hevc",
    b"vvc1": "vvc",
    b"av01": "av1",
    b"vp08": "vp8",
    b"vp09": "vp9",
    b"mjpg": "mjpeg",
    b"mjpa": "mjpeg",
    b"jpeg": "mjpeg",
    b"mp4v": "mpeg4",
    b"XVID": "mpeg4",
    b"DIVX": "mpeg4",
    b"s263": "h263",
    b"h263": "h263",
    b"m2v1": "mpeg2video",
    b"mp2v": "mpeg2video",
    b"mp4a": "aac",
    b"alaw": "pcm_alaw",
    b"ulaw": "pcm_mulaw",
    b"sowt": "pcm_s16le",
    b"twos": "pcm_s16be",
    b"raw ": "pcm_u8",
    b"ac-3": "ac3",
    b"ec-3": "eac3",
    b"Opus": "opus",
    b"fLaC": "flac",
    b".mp3": "mp3",
    b"mp3 ": "mp3",
    b"samr": "amr_nb",
    b"sawb": "amr_wb",
    b"g726": "adpcm_g726",
    b"ms\0\x11": "adpcm_ima_wav",
}
OBJECT_TYPES = {
    0x20: "mpeg4",
    0x21: "h264",
    0x23: "hevc",
    **dict.fromkeys(range(0x60, 0x66), "mpeg2video"),
    0x6A: "mpeg1video",
    0x6C: "mjpeg",
    0x40: "aac",
    0x66: "aac",
    0x67: "aac",
    0x68: "aac",
    0x69: "mp3",
    0x6B: "mp3",
    0xA5: "ac3",
    0xA6: "eac3",
    0xA9: "dts",
    0xAD: "opus",
}
# Bytes of a sample entry in front of the boxes in it, ISO/IEC 14496-12, 12.1.3 and 12.2.3.
PICTURE_ENTRY_BYTES = 86
SOUND_ENTRY_BYTES = 36
_MOST_CHILDREN = 16
_SIZE = Struct(">HH")


def codec_and_size(source: BoxSource, entry: Box, handler: bytes) -> tuple[str, int | None, int | None]:
    """Read a sample entry (a child of stsd): codec, width and height in pixels (None for sound)."""
    name = _SAMPLE_ENTRIES.get(entry.kind) or entry.kind.decode("latin-1").strip()
    if entry.kind in (b"mp4v", b"mp4a"):
        skip = PICTURE_ENTRY_BYTES if handler == b"vide" else SOUND_ENTRY_BYTES
        name = OBJECT_TYPES.get(_object_type(source, entry.at + skip, entry.end), name)
    if handler != b"vide":
        return name, None, None
    size = source.fields(_SIZE, entry.at + 32, entry.end) or (0, 0)
    return name, size[0] or None, size[1] or None


def _object_type(source: BoxSource, start: int, end: int) -> int:
    """Find objectTypeIndication in the esds of a sample entry; 0 (forbidden) where it is not to be found."""
    boxes = list(islice(source.children(start, end), _MOST_CHILDREN))
    for wave in [box for box in boxes if box.kind == b"wave"]:  # QuickTime wraps it once more
        boxes += islice(source.children(wave.body, wave.end), _MOST_CHILDREN)
    for box in boxes:
        if box.kind == b"esds":
            return _in_descriptors(source.piece(box.body + 4, min(box.end, box.body + 64)))
    return 0


def _in_descriptors(data: bytes) -> int:
    at = behind_length(data, 0) + 3 if data[:1] == b"\x03" else 0  # ES_Descriptor: ES_ID u16, flags u8
    if at and len(data) >= at:
        flags = data[at - 1]
        at += 2 * (flags >> 7)  # dependsOn_ES_ID, then a URL behind its length, then OCR_ES_Id
        at += 1 + data[at] if flags >> 6 & 1 and at < len(data) else 0
        at += 2 * (flags >> 5 & 1)
    if data[at : at + 1] != b"\x04":  # DecoderConfigDescriptor
        return 0
    at = behind_length(data, at)
    return data[at] if at < len(data) else 0


def behind_length(data: bytes, at: int) -> int:
    """Return where a descriptor's body begins: behind its tag and its length, which has seven bits a byte."""
    at += 1
    while at < len(data) and data[at] & 0x80:
        at += 1
    return at + 1
