"""What ties a clip to any other copy of the same pictures, whatever the container: framehash and stream hash.

The stream hash is the SHA-256 of the pictures' canonical form (media.framing), one after another, in the order of the
file. It is what ffmpeg prints for `-map 0:v -c copy -bsf:v FILTER -f streamhash -hash sha256 -`, with the filter that
`FILTERS` names, and it stays the same in MP4, Matroska, AVI, FLV, MPEG-TS and the recorder's own file.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from camtool.errors import Unplayable
from camtool.media.framing import BadFraming, Bytes, canonical_parts, framing_of
from camtool.media.packets import NO_PICTURE, REFUSALS, opened, picture_stream, reason
from camtool.media.program import ffmpeg_program, run

# EVIDENCE, "canonical stream hash". Other codecs have no NAL units: their packets are hashed as they are.
FILTERS = {
    "h264": "h264_mp4toannexb,filter_units=remove_types=7-9",
    "hevc": "hevc_mp4toannexb,filter_units=remove_types=32-35",
}


@dataclass(frozen=True, slots=True)
class StreamHash:
    """The stream hash of a file's pictures; filter is ffmpeg's name for the canonical form, "" where there is none."""

    codec: str
    sha256: str
    packets: int
    filter: str


class StreamHasher:
    """Hashes the pictures of one stream as they come. Raises BadFraming."""

    def __init__(self, codec: str, extradata: bytes) -> None:
        self._codec, self._framing = codec, framing_of(codec, extradata)
        self._digest, self._packets = hashlib.sha256(), 0

    def add(self, packet: Bytes) -> None:
        """Add the next picture."""
        for part in canonical_parts(packet, self._framing):
            self._digest.update(part)
        self._packets += 1

    def done(self) -> StreamHash:
        """Return the hash of what was added."""
        return StreamHash(self._codec, self._digest.hexdigest(), self._packets, FILTERS.get(self._codec, ""))


def stream_hash(path: Path) -> StreamHash:
    """Hash a file's pictures, hidden ones too. Raises Unplayable, OSError."""
    with opened(path) as container:
        stream = picture_stream(container)
        if stream is None:
            raise Unplayable(path=path, detail=NO_PICTURE)
        context = stream.codec_context
        try:
            hasher = StreamHasher(context.codec.canonical_name, context.extradata or b"")
            for packet in container.demux(stream):
                if packet.size:
                    hasher.add(memoryview(packet))
        except BadFraming as error:
            raise Unplayable(path=path, detail=str(error)) from error
        except REFUSALS as error:
            raise Unplayable(path=path, detail=reason(error)) from error
    return hasher.done()


def write_framehash(clip: Path, out: Path) -> tuple[str, ...]:
    """Have ffmpeg write what it sees in a clip, picture by picture; return the command, the files by their names.

    Nothing is put between: an expert's own run of the command can be compared with the file line by line (but for the
    line that names libavformat's version). Raises ProgramMissing, ProgramFailed, DiskFull.
    """
    run([ffmpeg_program(), "-nostdin", "-v", "error", "-y", *_words(str(clip), str(out))], out)
    return framehash_command(clip, out)


def framehash_command(clip: Path, out: Path) -> tuple[str, ...]:
    """Return the command that writes a framehash, the files by their names."""
    return ("ffmpeg", *_words(clip.name, out.name))


def _words(clip: str, out: str) -> tuple[str, ...]:
    return ("-i", f"file:{clip}", "-map", "0:v", "-c", "copy", "-f", "framehash", "-hash", "sha256", f"file:{out}")
