"""Small videos by PyAV, each frame of which says its own number.

    clip = write_mp4(tmp_path / "a.mp4", seconds=4, fps=10, gop=20)
    assert read_number(decoded_image) == 17        # any colour order, any size, also after a lossy encode

`write_video` writes any container that libav chooses by the suffix (.mp4 .mov .mkv .ts .avi .flv .mpg).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

Image = NDArray[np.uint8]

BITS = 16
AUDIO_RATES = {
    "aac": 16000,
    "pcm_alaw": 8000,
    "pcm_mulaw": 8000,
    "pcm_s16le": 8000,
    "mp2": 16000,
    "ac3": 32000,
    "adpcm_ima_qt": 8000,
}
FORMATS_OF_AUDIO = {"adpcm_ima_qt": "s16p", "aac": "fltp", "ac3": "fltp"}
ANNEXB_FILTERS = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}


@dataclass(frozen=True, slots=True)
class EncodedPacket:
    """One coded picture in Annex B form, with its times from the start of the file."""

    data: bytes
    pts_us: int
    dts_us: int
    key: bool


def picture(number: int, size: tuple[int, int] = (320, 192)) -> Image:
    """Draw frame `number` (0 to 65535) as RGB uint8 (height, width, 3): a bar code on top, a block that walks below."""
    width, height = size
    image = np.full((height, width, 3), 96, np.uint8)
    band = height // 4
    for bit in range(BITS):
        left, right = width * bit // BITS, width * (bit + 1) // BITS
        image[:band, left:right] = 235 if number >> bit & 1 else 16
    side = height // 6
    x = number * 7 % max(1, width - side)
    image[band + side : band + 2 * side, x : x + side] = (200, 60, 40)
    return image


def read_number(image: NDArray[Any]) -> int:
    """Read back the number that `picture` drew; image is uint8 (height, width) or (height, width, 3)."""
    grey = image if image.ndim == 2 else image.mean(axis=2)
    height, width = grey.shape
    row = grey[height // 12 : height // 6]
    cells = (row[:, width * (4 * bit + 1) // (4 * BITS) : width * (4 * bit + 3) // (4 * BITS)] for bit in range(BITS))
    return sum(1 << bit for bit, cell in enumerate(cells) if cell.mean() > 125)


def write_video(
    path: Path,
    *,
    seconds: float = 2,
    fps: int | Fraction = 10,
    size: tuple[int, int] = (320, 192),
    gop: int = 10,
    bframes: int = 0,
    audio: str | None = None,
    codec: str = "libx264",
    first: int = 0,
    created: dt.datetime | None = None,
    codec_options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    pixel_aspect: Fraction | None = None,
) -> Path:
    """Write round(seconds * fps) frames numbered from `first`; a keyframe every `gop` frames; a tone as sound.

    audio is a libav encoder: aac, mp2, ac3, pcm_alaw, pcm_mulaw, pcm_s16le (G.711 not in .mp4: libav refuses it; .mov
    takes it). created becomes the container's creation_time, where it has one.
    """
    options = {"g": str(gop), "bf": str(bframes), "threads": "1"}
    if codec in ("libx264", "libx265"):
        options |= {"preset": "veryfast", "keyint_min": str(gop), "sc_threshold": "0", "crf": "26"}
    if codec == "libx265":
        options["x265-params"] = f"log-level=none:scenecut=0:min-keyint={gop}:pools=none:frame-threads=1"
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", container_options=container_options or {}) as container:
        if created is not None:
            container.metadata["creation_time"] = created.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        stream = cast(VideoStream, container.add_stream(codec, rate=fps, options=options | (codec_options or {})))
        stream.width, stream.height = size
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        sound = _add_sound(container, audio)
        heard = 0
        for shown in range(round(seconds * fps)):
            frame = av.VideoFrame.from_ndarray(picture(first + shown, size), format="rgb24")
            container.mux(stream.encode(frame))
            if sound is not None:
                upto = int((shown + 1) * sound.rate / fps)
                for tone in _tones(sound, heard, upto):
                    container.mux(sound.encode(tone))
                heard = upto
        container.mux(stream.encode(None))
        if sound is not None:
            container.mux(sound.encode(None))
    return path


def write_mp4(
    path: Path,
    *,
    seconds: float = 2,
    fps: int | Fraction = 10,
    size: tuple[int, int] = (320, 192),
    gop: int = 10,
    bframes: int = 0,
    audio: str | None = None,
    codec: str = "libx264",
    fragmented: bool = False,
    faststart: bool = True,
    first: int = 0,
    created: dt.datetime | None = None,
    pixel_aspect: Fraction | None = None,
) -> Path:
    """Write an MP4 as `write_video` does: moov in front (faststart), at the end, or one moof per gop (fragmented)."""
    flags = "frag_keyframe+empty_moov+default_base_moof" if fragmented else "faststart" if faststart else ""
    return write_video(
        path,
        seconds=seconds,
        fps=fps,
        size=size,
        gop=gop,
        bframes=bframes,
        audio=audio,
        codec=codec,
        first=first,
        created=created,
        container_options={"movflags": flags} if flags else None,
        pixel_aspect=pixel_aspect,
    )


def annexb_packets(path: Path) -> list[EncodedPacket]:
    """Read the coded pictures of an H.264 or HEVC file, parameter sets in front of each keyframe, as Annex B."""
    packets = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        name = ANNEXB_FILTERS[stream.codec_context.name]
        to_annexb = BitStreamFilterContext(name, stream)
        scale = stream.time_base * 1_000_000 if stream.time_base else Fraction(1)
        for packet in container.demux(stream):
            packets += [
                EncodedPacket(bytes(out), round((out.pts or 0) * scale), round((out.dts or 0) * scale), out.is_keyframe)
                for out in (to_annexb.filter(packet) if packet.size else to_annexb.filter(None))
            ]
    start_us = packets[0].pts_us
    return [EncodedPacket(p.data, p.pts_us - start_us, p.dts_us - start_us, p.key) for p in packets]


def _add_sound(container: OutputContainer, audio: str | None) -> AudioStream | None:
    if audio is None:
        return None
    return cast(AudioStream, container.add_stream(audio, rate=AUDIO_RATES[audio], layout="mono"))


def _tones(sound: AudioStream, start: int, stop: int) -> Iterator[av.AudioFrame]:
    """Yield a 440 Hz tone for the samples [start, stop) of the sound stream."""
    wave = 0.2 * np.sin(2 * np.pi * 440 * np.arange(start, stop) / sound.rate)
    form = FORMATS_OF_AUDIO.get(sound.codec_context.name, "s16")
    samples = wave.astype(np.float32) if form == "fltp" else (wave * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format=form, layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = sound.rate, start, Fraction(1, sound.rate)
    yield frame
