"""Who moves where and when in the demo's commune: what the story tells, and the traffic that knows nothing of it."""

from hashlib import blake2b
from math import ceil

from camtool.core.model import US_PER_S
from camtool.jobs.commune_story import STORY, CommuneCamera, Passage
from camtool.media.commune import cast
from camtool.media.commune.figures import Figure, Move
from camtool.media.commune.places import PLACES

# Who comes along a place's ways: way, who may come, metres a second; the more often a row stands, the likelier.
Traffic = tuple[tuple[str, tuple[Figure, ...], float], ...]
TRAFFIC: dict[str, Traffic] = {
    "arch": (
        ("vào xã", cast.BIKES, 8.5),
        ("ra khỏi xã", cast.BIKES, 8.0),
        ("bộ hành", cast.WALKERS, 1.4),
        ("từ đồng về", cast.WALKERS, 1.3),
        ("vào xã", cast.CYCLES, 3.6),
        ("ra khỏi xã", cast.CARS, 8.5),
    ),
    "cross": (
        ("tây sang đông", cast.BIKES, 8.0),
        ("đông sang tây", cast.BIKES, 7.5),
        ("nam lên bắc", cast.BIKES, 7.0),
        ("bắc rẽ đông", cast.BIKES, 6.5),
        ("đi bộ bắc", cast.WALKERS, 1.4),
        ("đông sang tây", cast.TRUCKS, 7.5),
        ("tây sang đông", cast.CARS, 8.5),
        ("bắc xuống nam", cast.CYCLES, 3.8),
    ),
    "market": (
        ("vào chợ", cast.WALKERS, 1.3),
        ("ra chợ", cast.WALKERS, 1.25),
        ("dọc hàng", cast.WALKERS, 1.1),
        ("tây sang đông", cast.BIKES, 6.5),
        ("đông sang tây", cast.BIKES, 6.5),
        ("tây sang đông", cast.CYCLES, 3.4),
        ("đông sang tây", cast.WALKERS, 1.35),
    ),
    "school": (
        ("tan học trái", cast.PUPILS, 1.2),
        ("tan học phải", cast.PUPILS, 1.2),
        ("tây sang đông", cast.BIKES, 6.0),
        ("đông sang tây", cast.BIKES, 6.0),
        ("đón con", cast.BIKES[-1:], 4.5),
        ("tây sang đông", cast.CYCLES, 3.4),
    ),
    "bridge": (
        ("đi ra", cast.BIKES, 8.0),
        ("đi vào", cast.BIKES, 8.5),
        ("bộ hành ra", cast.WALKERS, 1.4),
        ("bộ hành vào", cast.WALKERS, 1.4),
        ("đi vào", cast.CYCLES, 3.6),
        ("đi vào", cast.TRUCKS[:1], 6.5),
    ),
    "main": (
        ("đi ra", cast.BIKES, 7.5),
        ("đi vào", cast.BIKES, 7.5),
        ("vỉa hè trái", cast.WALKERS, 1.35),
        ("vỉa hè phải", cast.WALKERS, 1.35),
        ("sang đường", cast.WALKERS, 1.3),
        ("đi vào", cast.CARS, 7.5),
        ("đi ra", cast.CYCLES, 3.6),
    ),
    "clinic": (
        ("tây sang đông", cast.BIKES, 5.5),
        ("đông sang tây", cast.WALKERS, 1.35),
        ("vào trạm", cast.WALKERS, 1.2),
        ("ra trạm", cast.WALKERS, 1.2),
        ("trong sân", cast.WALKERS, 1.2),
        ("đông sang tây", cast.BIKES, 5.5),
    ),
    "hall": (
        ("đường thôn", cast.BIKES, 5.5),
        ("đường thôn về", cast.CYCLES, 3.4),
        ("qua sân", cast.WALKERS, 1.3),
        ("ra về", cast.WALKERS, 1.3),
        ("đi dạo", cast.WALKERS, 1.1),
        ("đường thôn về", cast.BIKES, 5.0),
    ),
    "highway": (
        ("quốc lộ đông", cast.CARS, 15.0),
        ("quốc lộ tây", cast.TRUCKS, 13.0),
        ("làn xe máy đông", cast.BIKES, 10.0),
        ("quốc lộ tây", cast.CARS, 15.5),
        ("vào xã", cast.BIKES, 7.0),
        ("bộ hành", cast.WALKERS, 1.35),
        ("quốc lộ đông", cast.TRUCKS, 13.5),
    ),
}

# One slot holds at most one passage, and every third or so none: long stretches of these streets lie still.
SLOT_S = 62
EMPTY = 0.30
# Around what the story tells, nothing else comes into that camera's picture.
APART_S = 14


def passages() -> tuple[Passage, ...]:
    """Return everything that moves, by camera and start; the same at every call."""
    found = [*_theft_passages(), *_sighting_passages()]
    for camera in STORY.cameras:
        found += _passers_by(camera, [p for p in found if p.camera == camera.number])
    return tuple(sorted(found, key=lambda p: (p.camera, p.start_us)))


def _theft_passages() -> list[Passage]:
    """Tell the theft: the owner parks and goes to the stalls; later someone walks up, gets on, and rides away."""
    theft, s = STORY.theft, US_PER_S
    parked, taken = theft.parked_us, theft.taken_us
    bike = cast.STOLEN
    come = (
        Move(cast.OWNED, "chủ xe đến", parked - 7 * s, parked, ease="out"),
        Move(cast.OWNED, "chủ xe đến", parked, parked + 2 * s, "dismount", 1.0),
        Move(cast.OWNER, "chủ xe vào chợ", parked + 2 * s, parked + 22 * s),
    )
    stand = Move(bike, "chủ xe đến", parked + 2 * s, taken - 2 * s, "parked", 1.0)
    go = (
        Move(cast.THIEF, "kẻ trộm đến", taken - 18 * s, taken - 4 * s),
        Move(cast.THIEF, "kẻ trộm đến", taken - 4 * s, taken - 2 * s, "stand", 1.0, heading_deg=60.0),
        Move(bike, "kẻ trộm đi", taken - 2 * s, taken, "mount", last=0.0),
        Move(bike, "kẻ trộm đi", taken, taken + 6 * s, ease="in"),
    )
    return [
        Passage(theft.camera, "owner", come[0].start_us, come[-1].end_us, come),
        Passage(theft.camera, "parked", stand.start_us, stand.end_us, (stand,)),
        Passage(theft.camera, "thief", go[0].start_us, go[-1].end_us, go),
    ]


def _sighting_passages() -> list[Passage]:
    return [
        Passage(s.camera, "stolen", s.start_us, s.end_us, (Move(cast.STOLEN, s.way, s.start_us, s.end_us),))
        for s in STORY.sightings
    ]


def _passers_by(camera: CommuneCamera, told: list[Passage]) -> list[Passage]:
    taken = [(p.start_us - APART_S * US_PER_S, p.end_us + APART_S * US_PER_S) for p in told if p.what != "parked"]
    found = []
    slots = (STORY.end_us - STORY.start_us) // (SLOT_S * US_PER_S)
    for slot in range(slots):
        if _chance(camera.number, slot, "empty") < EMPTY:
            continue
        passage = _passer_by(camera, slot)
        if passage.end_us > STORY.end_us or any(passage.start_us < b and a < passage.end_us for a, b in taken):
            continue
        found.append(passage)
    return found


def _passer_by(camera: CommuneCamera, slot: int) -> Passage:
    traffic = TRAFFIC[camera.scene]
    way, whom, speed = traffic[int(_chance(camera.number, slot, "way") * len(traffic))]
    figure = whom[int(_chance(camera.number, slot, "who") * len(whom))]
    speed *= 0.85 + 0.3 * _chance(camera.number, slot, "speed")
    length_s = ceil(PLACES[camera.scene].ways[way].length_m / speed)
    start_us = STORY.start_us + (slot * SLOT_S + int(_chance(camera.number, slot, "when") * 30)) * US_PER_S
    end_us = start_us + length_s * US_PER_S
    return Passage(camera.number, figure.kind, start_us, end_us, (Move(figure, way, start_us, end_us),))


def _chance(*key: object) -> float:
    """Return a number from 0 to 1 that depends on the key alone, on every machine and in every version of Python."""
    return int.from_bytes(blake2b(repr(key).encode(), digest_size=4).digest()) / 2**32
