"""The file a clip is written into, and the streams it is given.

libav writes through a Python object, so that the system's own error (a full disk above all) is kept: libav itself
reports a failed write late, or as something else.
"""

import os
from io import BytesIO
from pathlib import Path

import av
from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.stream import Stream

# As large as to make a write a rare call, small beside the 200 MB a cut may take.
BUFFER_BYTES = 1 << 20
_ANY_RATE = 8000
_READ_WRITE = os.O_RDWR | getattr(os, "O_BINARY", 0)


class Sink:
    """A writable file for libav. error is the first thing that went wrong; after it nothing more is written."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, _READ_WRITE)
        self._given_up = False
        self.error: OSError | None = None

    def give_up(self) -> None:
        """Write nothing more, but let libav think so: a container that was begun has to be ended to be let go."""
        self._given_up = True

    def write(self, data: bytes) -> int:
        """Write all of the data. Raises OSError, now and on every later call."""
        if self._given_up:
            return len(data)
        if self.error is not None:
            raise self.error
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            self.error = error
            raise
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move; return the new position."""
        return os.lseek(self._fd, offset, whence)

    def tell(self) -> int:
        """Return the position."""
        return os.lseek(self._fd, 0, os.SEEK_CUR)

    def close(self) -> None:
        """Close the file; raises the first error of writing, where there was one."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        if self.error is not None:
            raise self.error


def add_track(target: OutputContainer, template: Stream) -> Stream:
    """Add a stream that holds the packets of `template` as they are.

    PyAV first asks avformat_query_codec, which denies what Matroska holds under a WAV tag (G.711, G.726) although libav
    writes it. So such a stream is added as one of plain PCM and then given its real parameters through the null filter,
    which asks nobody; its tag is cleared on the way. Raises ValueError where the container cannot hold it.
    """
    try:
        track: Stream = target.add_stream_from_template(template, opaque=True)
        return track
    except ValueError:
        if target.format.name != "matroska" or template.type != "audio":
            raise
    aside = av.open(BytesIO(), "w", format="nut")
    plain = target.add_stream_from_template(aside.add_stream("pcm_s16le", rate=_ANY_RATE), opaque=True)
    BitStreamFilterContext("null", aside.add_stream_from_template(template, opaque=True), plain)
    plain.time_base = template.time_base
    return plain


def takes(suffix_format: str, template: Stream) -> bool:
    """Whether a container (libav's name of it) can be written with the stream in it, tried in memory."""
    try:
        with av.open(BytesIO(), "w", format=suffix_format) as target:
            add_track(target, template)
            target.start_encoding()
    except (ValueError, av.FFmpegError):
        return False
    return True
