"""Copies of a small video with other times: a variable frame rate, a clock that is put back."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av


def retimed(source: Path, out: Path, times: Sequence[int], time_scale: int = 90_000) -> Path:
    """Copy an H.264 file without B-frames, giving its pictures these times (in 1/time_scale s)."""
    with av.open(str(source)) as container, av.open(str(out), "w") as target:
        stream = container.streams.video[0]
        track = target.add_stream_from_template(stream, opaque=True)
        track.time_base = Fraction(1, time_scale)
        packets = [packet for packet in container.demux(stream) if packet.size]
        for packet, time, after in zip(packets, times, [*times[1:], times[-1] + 1], strict=True):
            packet.time_base = track.time_base
            packet.pts = packet.dts = time
            packet.duration = after - time
            packet.stream = track
            target.mux(packet)
    return out
