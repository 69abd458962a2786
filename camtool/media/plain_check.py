"""Opening a finished clip anew: its index, read from the disk, has to lead to the packets that were compared."""

from pathlib import Path

from camtool.errors import ProofFailed
from camtool.media.plain_boxes import ClipTrack
from camtool.media.plain_layout import Layout
from camtool.media.plain_movie import PlainTrack
from camtool.media.plain_read import read_file
from camtool.media.plain_tables import NotPlain


def check_index(clip: Path, layout: Layout) -> None:
    """Read a clip's index as that of any other file and hold it against what was laid out.

    Every packet has to be where it was written, be decoded and shown when it should be, and be a keyframe where it was
    one; both tracks have to begin when they should, and no edit list may hide a packet. Raises ProofFailed, OSError.
    """
    try:
        file = read_file(clip)
    except NotPlain as error:
        raise ProofFailed(detail=f"its index cannot be read: {error}") from error
    found = [track for track in (file.movie.video, file.movie.audio) if track is not None]
    if file.source.size_bytes != layout.size_bytes or len(found) != len(layout.streams):
        raise ProofFailed(detail=f"{file.source.size_bytes} of {layout.size_bytes} bytes, {len(found)} streams")
    for track, wanted, here in zip(layout.tracks, layout.streams, found, strict=True):
        _check(track.kind, wanted, here)


def _check(kind: str, wanted: ClipTrack, found: PlainTrack) -> None:
    here, there = found.samples, wanted.samples
    if (found.timescale, found.entry) != (wanted.timescale, wanted.entry):
        raise ProofFailed(detail=f"the {kind} stream did not come back")
    if (here.pos, here.size) != (there.pos, there.size):
        raise ProofFailed(detail=f"the index does not lead to the {kind} packets that were written")
    if here.key != there.key:
        raise ProofFailed(detail=f"{kind} packets changed their keyframe marks")
    # Times of the clip begin with its first decoding; the edit list says by how much this track begins later.
    begins = here.dts[0]
    if abs(begins - wanted.begins_s * wanted.timescale) > 1 or here.late != there.late:
        raise ProofFailed(detail=f"{kind} is shown off its time")
    if any(time - begins != own for time, own in zip(here.dts, there.dts, strict=True)):
        raise ProofFailed(detail=f"{kind} is shown off its time")
