"""How every film that camtool draws is encoded: H.264 in MP4, as each player and phone takes it, with what it is."""

from collections.abc import Mapping
from typing import Any

import ffmpeg

from camtool.media.program import ffmpeg_program

# 4:2:0 with BT.709's matrix in video range, and the index in front, so that a player begins before it has it all.
# veryfast: the office's PC has two old cores.
_H264: Mapping[str, object] = {
    "format": "mp4",
    "vcodec": "libx264",
    "preset": "veryfast",
    "pix_fmt": "yuv420p",
    "color_range": "tv",
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "movflags": "+faststart",
}


def film_command(
    streams: list[Any],  # ffmpeg-python's streams have no types
    out: str,
    *,
    crf: int,
    keyframe_every: int,
    title: str,
    comment: str,
    **more: object,
) -> list[str]:
    """Return the command line that encodes streams into an MP4; keyframe_every is in pictures, at the most.

    more are further options of the output, such as those of the sound. Raises ProgramMissing.
    """
    words = {"metadata:g:0": f"title={title}", "metadata:g:1": f"comment={comment}"}
    film = ffmpeg.output(*streams, f"file:{out}", **_H264, crf=crf, g=keyframe_every, **more, **words)
    plain = film.global_args("-hide_banner", "-loglevel", "error").overwrite_output()
    return [str(word) for word in ffmpeg.compile(plain, cmd=ffmpeg_program())]
