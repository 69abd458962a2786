"""Framehashes of many clips: what ffmpeg would write, without starting it for each; the stream hash in the same pass.

That of the first clip of a kind is written by ffmpeg itself, and what is worked out here is held against it, byte for
byte. Only where the two are the same, further clips of that kind get ffmpeg's head and rows worked out here; a clip of
which anything is out of the ordinary is left to ffmpeg. An ffmpeg process takes 35 ms for a minute (half of it
libavutil's SHA-256), this 7 ms: docs/speed.md.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from camtool.errors import Unplayable
from camtool.media.framing import BadFraming
from camtool.media.packets import NO_PICTURE, REFUSALS, opened, picture_stream, reason
from camtool.media.program import ffmpeg_program
from camtool.media.streamhash import StreamHash, StreamHasher, framehash_command, write_framehash

# How ffmpeg itself opens a file: it heeds edit lists, which our own reading of pictures does not.
_AS_FFMPEG: dict[str, str] = {}
# Beyond 30 hours between two pictures ffmpeg takes a time for damaged (fftools, dts_error_threshold); half is far off.
_LONGEST_GAP_S = 15 * 3600


@dataclass(frozen=True, slots=True)
class Framehash:
    """How a framehash came about. command is ffmpeg's, by_ffmpeg whether it was run or its output worked out.

    pictures is the stream hash of what was read for it, None where nothing was read here. ffmpeg heeds edit lists: it
    is the clip's own only where it counts as many pictures as the clip holds.
    """

    command: tuple[str, ...]
    by_ffmpeg: bool
    pictures: StreamHash | None = None


WriteFramehash = Callable[[Path, Path], Framehash]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the head of a framehash says, and which ffmpeg says it."""

    program: str
    container: str
    codec: str
    extradata: bytes
    time_base: Fraction
    size_px: tuple[int, int]
    sar: Fraction | None
    reorders: bool


def framehash_by_ffmpeg(clip: Path, out: Path) -> Framehash:
    """Have ffmpeg write it. Raises ProgramMissing, ProgramFailed, DiskFull."""
    return Framehash(write_framehash(clip, out), by_ffmpeg=True)


class LikeFfmpeg:
    """Writes framehashes as `framehash_by_ffmpeg` does, for many clips of few kinds."""

    def __init__(self) -> None:
        # The head of each kind that was compared; None where ffmpeg wrote something else.
        self._heads: dict[_Kind, bytes | None] = {}

    def __call__(self, clip: Path, out: Path) -> Framehash:
        """Write what ffmpeg sees in a clip. Raises what framehash_by_ffmpeg does, Unplayable, OSError."""
        found = _rows(clip)
        if found is None:
            return framehash_by_ffmpeg(clip, out)
        kind, rows, pictures = found
        if (head := self._heads.get(kind)) is not None:
            out.write_bytes(head + rows)
            return Framehash(framehash_command(clip, out), False, pictures)
        made = framehash_by_ffmpeg(clip, out)
        if kind not in self._heads:
            self._heads[kind] = _head(out.read_bytes(), rows)
        return replace(made, pictures=pictures)


def _head(told: bytes, rows: bytes) -> bytes | None:
    """Return what stands above the rows, if ffmpeg wrote the same rows, and nothing but comments above."""
    head = told.removesuffix(rows)
    return head if head + rows == told and all(line.startswith(b"#") for line in head.splitlines()) else None


def _rows(clip: Path) -> tuple[_Kind, bytes, StreamHash] | None:
    """Work out the rows of an MP4's pictures, and hash them; None for a clip that is for ffmpeg alone to read."""
    with opened(clip, _AS_FFMPEG) as container:
        stream = picture_stream(container)
        if stream is None:
            raise Unplayable(path=clip, detail=NO_PICTURE)
        base = stream.time_base
        plain = container.format.name.startswith("mov") and len(container.streams.video) == 1 and not stream.index
        if not plain or not base or container.start_time != 0:
            return None
        context = stream.codec_context
        kind = _Kind(
            ffmpeg_program(),
            container.format.name,
            context.codec.canonical_name,
            context.extradata or b"",
            base,
            (context.width, context.height),
            stream.sample_aspect_ratio,
            bool(context.has_b_frames),
        )
        lines, most = [], int(_LONGEST_GAP_S / base)
        before: int | None = None
        try:
            hasher = StreamHasher(kind.codec, kind.extradata)
            for packet in container.demux(stream):
                if not packet.size:
                    continue
                dts, pts, duration = packet.dts, packet.pts, packet.duration
                if dts is None or pts is None or not duration or pts < dts or packet.is_discard:
                    return None
                first = before is None
                if (first and not packet.is_keyframe) or (before is not None and not 0 < dts - before < most):
                    return None
                before = dts
                hasher.add(memoryview(packet))
                sha256 = hashlib.sha256(packet).hexdigest()
                lines.append(f"0, {dts:10d}, {pts:10d}, {duration:8d}, {packet.size:8d}, {sha256}\n")
        except BadFraming:
            return None
        except REFUSALS as error:
            raise Unplayable(path=clip, detail=reason(error)) from error
    return kind, "".join(lines).encode(), hasher.done()
