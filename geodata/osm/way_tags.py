"""Interpret the tags of OpenStreetMap ways for driving.

Pure functions from tags to numbers; reading files is elsewhere. Values follow the OpenStreetMap
wiki (Key:access, Key:oneway, Key:maxspeed, OSM tags for routing) as of 2026.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from geodata.roads.types import BRIDGE
from geodata.roads.types import RESTRICTED_ACCESS
from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import ROUNDABOUT
from geodata.roads.types import TUNNEL

KMH = 1000 / 3600
MPH = 1609.344 / 3600
KNOT = 1852 / 3600

CLASS_CODES = {name: code for code, name in enumerate(ROAD_CLASSES)}

# Free flow where nothing is signed, km/h. These are what a van really does, not what the law
# allows: most streets without ``maxspeed`` are small town streets.
DEFAULT_SPEEDS_KMH: Mapping[str, float] = {
    "motorway": 110,
    "motorway_link": 60,
    "trunk": 80,
    "trunk_link": 50,
    "primary": 55,
    "primary_link": 40,
    "secondary": 50,
    "secondary_link": 40,
    "tertiary": 40,
    "tertiary_link": 30,
    "unclassified": 35,
    "residential": 30,
    "living_street": 12,
    "road": 30,
    "service": 15,
    "track": 12,
}

# ``maxspeed=FR:urban`` and the like, km/h. A country's own number wins over the general one.
ZONE_SPEEDS_KMH: Mapping[str, float] = {
    "urban": 50,
    "rural": 90,
    "trunk": 100,
    "motorway": 120,
    "living_street": 10,
    "bicycle_road": 30,
    "school": 30,
    "nsl_restricted": 48.28,
    "nsl_single": 96.56,
    "nsl_dual": 112.65,
    "DE:rural": 100,
    "DE:motorway": 130,
    "AT:rural": 100,
    "AT:motorway": 130,
    "CH:rural": 80,
    "FR:rural": 80,
    "FR:motorway": 130,
    "IT:trunk": 110,
    "IT:motorway": 130,
    "NL:rural": 80,
    "CN:rural": 70,
    "GB:motorway": 112.65,
    "RU:urban": 60,
    "RU:living_street": 20,
    "RU:motorway": 110,
}

# A limit is believed between walking pace and what any repair van does.
SLOWEST_KMH = 5.0
FASTEST_KMH = 140.0

# The most specific key that is present decides, as the wiki has it.
ACCESS_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
NO_ENTRY = frozenset(
    {"no", "psv", "bus", "foot", "bicycle", "emergency", "military", "use_sidepath", "dismount"}
)
RESTRICTED = frozenset(
    {
        "private",
        "destination",
        "customers",
        "delivery",
        "permit",
        "residents",
        "agricultural",
        "forestry",
    }
)
# Driveways and fire lanes carry no access tag and still are somebody's.
PROPERTY_SERVICES = frozenset({"driveway", "emergency_access", "drive-through"})

# Barriers on a node that a car passes, perhaps after opening them. All others cut the street
# unless an access tag on the node says that cars get through.
PASSABLE_BARRIERS = frozenset(
    {
        "arch",
        "border_control",
        "bump_gate",
        "cattle_grid",
        "checkpoint",
        "coupure",
        "entrance",
        "gate",
        "height_restrictor",
        "kerb",
        "lift_gate",
        "no",
        "sally_port",
        "sliding_gate",
        "swing_gate",
        "toll_booth",
    }
)

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WayMeaning:
    """One drivable way; speeds in metres per second along and against its drawing."""

    class_code: int
    forward: bool
    backward: bool
    forward_mps: float
    backward_mps: float
    name: str
    flags: int


def way_meaning(tags: Tags) -> WayMeaning | None:
    """Return the properties of a way for driving, None if cars may not use it.

    Closed to all cars, ferries, areas, lanes whose direction changes with the hour, and what is
    still being built are left out.
    """
    road_class = _road_class(tags)
    if road_class is None or tags.get("route") == "ferry" or tags.get("area") == "yes":
        return None
    access = _access(tags)
    if access in NO_ENTRY or tags.get("smoothness") == "impassable":
        return None
    forward, backward = _directions(tags, road_class)
    if not (forward or backward):
        return None
    default_mps = _default_mps(tags, road_class)
    both_mps = _limit_mps(tags.get("maxspeed")) or default_mps
    return WayMeaning(
        class_code=CLASS_CODES[road_class],
        forward=forward,
        backward=backward,
        forward_mps=_limit_mps(tags.get("maxspeed:forward")) or both_mps,
        backward_mps=_limit_mps(tags.get("maxspeed:backward")) or both_mps,
        name=tags.get("name") or tags.get("ref") or "",
        flags=_flags(tags, access),
    )


def is_signal(tags: Tags) -> bool:
    """Return whether a node has traffic lights (signalled pedestrian crossings count)."""
    return tags.get("highway") == "traffic_signals" or tags.get("crossing") == "traffic_signals"


def cuts_the_street(tags: Tags) -> bool:
    """Return whether a node has a barrier that blocks cars."""
    barrier = tags.get("barrier")
    if barrier is None:
        return False
    access = _access(tags)
    if access is not None:
        return access in NO_ENTRY
    return barrier not in PASSABLE_BARRIERS and tags.get("bollard") != "rising"


def _road_class(tags: Tags) -> str | None:
    highway = tags.get("highway")
    if highway in CLASS_CODES:
        return highway
    # A pedestrian street that says in so many words that cars may enter: repair crews do.
    named = tags.get("motorcar") or tags.get("motor_vehicle")
    if highway == "pedestrian" and named is not None and named not in NO_ENTRY:
        return "living_street"
    return None


def _access(tags: Tags) -> str | None:
    return next((tags[key] for key in ACCESS_KEYS if key in tags), None)


def _directions(tags: Tags, road_class: str) -> tuple[bool, bool]:
    forward, backward = _oneway(tags, road_class)
    for key in ACCESS_KEYS:
        forward = forward and tags.get(f"{key}:forward") != "no"
        backward = backward and tags.get(f"{key}:backward") != "no"
    return forward, backward


def _oneway(tags: Tags, road_class: str) -> tuple[bool, bool]:
    keys = ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway")
    oneway = next((tags[key] for key in keys if key in tags), None)
    if oneway in {"yes", "true", "1"}:
        return True, False
    if oneway in {"-1", "reverse"}:
        return False, True
    if oneway == "reversible":
        return False, False  # open now one way, now the other; nothing in the map says when
    implied = (
        tags.get("junction") in {"roundabout", "circular"}
        or road_class in {"motorway", "motorway_link"}
    )  # fmt: skip
    return True, oneway is not None or not implied


def _flags(tags: Tags, access: str | None) -> int:
    flags = 0
    if tags.get("bridge", "no") != "no":
        flags |= BRIDGE
    if tags.get("tunnel", "no") != "no":
        flags |= TUNNEL
    if tags.get("junction") in {"roundabout", "circular"}:
        flags |= ROUNDABOUT
    if access in RESTRICTED or (access is None and tags.get("service") in PROPERTY_SERVICES):
        flags |= RESTRICTED_ACCESS
    return flags


def _default_mps(tags: Tags, road_class: str) -> float:
    for key in ("maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic"):
        zone_mps = _zone_mps(tags.get(key, ""))
        if zone_mps is not None:
            # The law of a zone is a ceiling: a back street does not become a fast one by it.
            return min(zone_mps, DEFAULT_SPEEDS_KMH[road_class] * KMH)
    return DEFAULT_SPEEDS_KMH[road_class] * KMH


def _limit_mps(value: str | None) -> float | None:
    """Return a ``maxspeed`` in metres per second, the least of several, None if it has none."""
    if not value:
        return None
    limits = [_one_limit_mps(part.strip()) for part in value.split(";")]
    known = [limit for limit in limits if limit is not None]
    if not known:
        return None
    return min(max(min(known), SLOWEST_KMH * KMH), FASTEST_KMH * KMH)


def _one_limit_mps(text: str) -> float | None:
    number = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*(|km/h|kmh|kph|mph|knots)", text)
    if number is not None:
        unit = {"mph": MPH, "knots": KNOT}.get(number[2], KMH)
        return float(number[1]) * unit or None
    if text == "walk" or text.endswith(":walk"):
        return SLOWEST_KMH * KMH
    if text == "none":
        return FASTEST_KMH * KMH
    return _zone_mps(text)


def _zone_mps(text: str) -> float | None:
    """Return the speed of ``FR:urban``, ``DE:zone:30``, ``FR:zone30``, ``CN:50``."""
    country, colon, zone = text.partition(":")
    if not colon or not re.fullmatch(r"[A-Z]{2}", country):
        return None
    number = re.fullmatch(r"(?:zone:?)?(\d{1,3})", zone)
    if number is not None:
        return float(number[1]) * (MPH if country in {"GB", "US"} else KMH) or None
    speed_kmh = ZONE_SPEEDS_KMH.get(text, ZONE_SPEEDS_KMH.get(zone))
    return None if speed_kmh is None else speed_kmh * KMH
