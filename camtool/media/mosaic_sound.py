"""The sound of one camera along a window of true time: silence where there is none, as raw samples for ffmpeg."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import IO

import numpy as np
from av.audio.resampler import AudioResampler

from camtool.core.model import US_PER_S, Span
from camtool.errors import Unplayable
from camtool.media.mosaic import TilePiece
from camtool.media.packets import REFUSALS, opened, read_source, sound_stream
from camtool.media.reel import SOUND_HZ

# Sound that is this little early or late is taken as going on: its packets' times are rounded.
_SLACK_SAMPLES = SOUND_HZ // 20


def write_sound(pieces: Sequence[TilePiece], window: Span, out: Path) -> bool:
    """Write a window's sound as s16le, one channel, SOUND_HZ; return whether any was found.

    What cannot be decoded is silence: the pictures' Problems name the recording.
    """
    total = -(-window.length_us * SOUND_HZ // US_PER_S)
    heard = False
    with out.open("wb") as file:
        track = _Track(file, total)
        for piece in pieces:
            try:
                heard |= _piece(piece, window, track)
            except (Unplayable, *REFUSALS):
                continue
        track.silence_to(total)
    return heard


class _Track:
    """Samples in order; what comes late is cut, what comes early waits in silence."""

    def __init__(self, file: IO[bytes], total: int) -> None:
        self._file, self._total = file, total
        self.written = 0

    def silence_to(self, sample: int) -> None:
        missing = min(sample, self._total) - self.written
        while missing > 0:
            part = min(missing, SOUND_HZ)
            self._file.write(bytes(2 * part))
            self.written += part
            missing -= part

    def add(self, first: int, samples: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> None:
        if abs(first - self.written) > _SLACK_SAMPLES:
            self.silence_to(first)
            samples = samples[max(0, self.written - first) :]
        samples = samples[: max(0, self._total - self.written)]
        self._file.write(samples.tobytes())
        self.written += len(samples)


def _piece(piece: TilePiece, window: Span, track: _Track) -> bool:
    source = read_source(piece.path)
    origin_s = source.origin_pts * source.video.time_base
    heard = False
    with opened(piece.path) as container:
        stream = sound_stream(container)
        if stream is None:
            return False
        resampler = AudioResampler(format="s16", layout="mono", rate=SOUND_HZ)
        container.seek(max(0, int(piece.start) + int(origin_s * US_PER_S)), backward=True)
        for frame in container.decode(stream):
            if frame.pts is None or frame.time_base is None:
                continue
            place = (frame.pts * frame.time_base - origin_s) * US_PER_S
            true_us = piece.span.start_us + (place - piece.start) * piece.pace
            if true_us >= piece.span.end_us:
                break
            for ready in resampler.resample(frame):
                samples = np.asarray(ready.to_ndarray(), np.int16).reshape(-1)
                first = round(Fraction(true_us - window.start_us) * SOUND_HZ / US_PER_S)
                if first + len(samples) > 0 and true_us + _length_us(len(samples)) > piece.span.start_us:
                    track.add(max(0, first), samples[max(0, -first) :])
                    heard = True
    return heard


def _length_us(samples: int) -> int:
    return samples * US_PER_S // SOUND_HZ
