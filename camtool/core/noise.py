"""How noisy a camera is, by day and by night: learnt while skimming, carried on from file to file."""

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class LightNoise:
    """The noise in one kind of light.

    sigma is the typical change of a shrunk pixel from picture to picture, in luma levels; spread the typical size of
    the filtered difference when nothing moves, in sigmas; pictures counts what it was learnt from.
    """

    sigma: float = 1.0
    spread: float = 0.3
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class CameraNoise:
    """The noise of one camera by day and by night, and the box of its on-screen clock (fractions; None: none seen)."""

    day: LightNoise = field(default=LightNoise())
    night: LightNoise = field(default=LightNoise())
    clock: tuple[float, float, float, float] | None = None


def noise_to_json(noise: CameraNoise) -> str:
    """Return a camera's noise as the catalog keeps it."""
    return json.dumps(asdict(noise), sort_keys=True)


def noise_from_json(text: str) -> CameraNoise:
    """Read back what noise_to_json wrote."""
    kept = json.loads(text)
    clock = kept["clock"]
    return CameraNoise(LightNoise(**kept["day"]), LightNoise(**kept["night"]), tuple(clock) if clock else None)
