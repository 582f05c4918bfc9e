"""Search categories of OpenStreetMap features."""

from collections.abc import Mapping
from typing import NamedTuple

Tags = Mapping[str, str]


class Meaning(NamedTuple):
    """The category of a named feature, and its weight in the search."""

    category: str
    weight: int


SETTLEMENTS = {
    "city": 4, "town": 4, "borough": 3, "suburb": 3, "quarter": 3, "village": 3,
    "neighbourhood": 2, "hamlet": 2, "isolated_dwelling": 1, "locality": 1, "farm": 1,
}  # fmt: skip
# What tells somebody where a place is; a locality may be a field that nobody knows.
LOCALITIES = frozenset(SETTLEMENTS) - {"isolated_dwelling", "locality", "farm"}

_PATHS = frozenset(("pedestrian", "footway", "path", "steps", "cycleway", "bridleway"))
_ROADS = frozenset((
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential",
    "living_street", "road", "service", "track", "busway",
))  # fmt: skip
_KNOWN_BY_NUMBER = frozenset(("motorway", "trunk", "primary", "secondary"))

_BY_TAG: dict[str, dict[str, Meaning]] = {
    "amenity": {
        "hospital": Meaning("hospital", 3),
        "clinic": Meaning("hospital", 1),
        "doctors": Meaning("hospital", 0),
        "pharmacy": Meaning("pharmacy", 0),
        "school": Meaning("school", 2),
        "kindergarten": Meaning("school", 1),
        "college": Meaning("school", 2),
        "university": Meaning("school", 2),
        "fire_station": Meaning("fire_station", 3),
        "police": Meaning("police", 3),
        "townhall": Meaning("public_building", 3),
        "courthouse": Meaning("public_building", 2),
        "library": Meaning("public_building", 1),
        "community_centre": Meaning("public_building", 1),
        "embassy": Meaning("public_building", 1),
        "post_office": Meaning("public_building", 1),
        "place_of_worship": Meaning("worship", 1),
        "theatre": Meaning("culture", 2),
        "cinema": Meaning("culture", 2),
        "casino": Meaning("culture", 2),
        "arts_centre": Meaning("culture", 1),
        "bus_station": Meaning("station", 3),
        "ferry_terminal": Meaning("station", 2),
        "parking": Meaning("parking", 0),
        "fuel": Meaning("fuel", 0),
        "bank": Meaning("bank", 0),
        "marketplace": Meaning("shop", 1),
    },
    "railway": dict.fromkeys(("station", "halt"), Meaning("station", 3)),
    "public_transport": {"station": Meaning("station", 3)},
    "highway": {"bus_stop": Meaning("stop", 0)},
    "aeroway": dict.fromkeys(("aerodrome", "heliport", "terminal"), Meaning("station", 3)),
    "tourism": {
        "hotel": Meaning("hotel", 1),
        "hostel": Meaning("hotel", 0),
        "guest_house": Meaning("hotel", 0),
        "museum": Meaning("culture", 2),
        "attraction": Meaning("culture", 1),
        "viewpoint": Meaning("culture", 0),
        "gallery": Meaning("culture", 0),
    },
    "leisure": {
        "park": Meaning("park", 2),
        "garden": Meaning("park", 1),
        "stadium": Meaning("sport", 2),
        "sports_centre": Meaning("sport", 1),
        "swimming_pool": Meaning("sport", 0),
        "marina": Meaning("harbour", 1),
    },
    "power": {
        "substation": Meaning("utility", 2),
        "plant": Meaning("utility", 2),
        "transformer": Meaning("utility", 1),
    },
    "pipeline": {"substation": Meaning("utility", 2), "valve": Meaning("utility", 1)},
    "man_made": {
        "pumping_station": Meaning("utility", 2),
        "water_works": Meaning("utility", 2),
        "wastewater_plant": Meaning("utility", 2),
        "gasometer": Meaning("utility", 2),
        "storage_tank": Meaning("utility", 1),
        "works": Meaning("industry", 1),
        "bridge": Meaning("bridge", 1),
    },
    "landuse": {
        "residential": Meaning("estate", 2),
        "industrial": Meaning("industry", 1),
        "commercial": Meaning("industry", 1),
        "cemetery": Meaning("park", 1),
        "port": Meaning("harbour", 1),
    },
    "natural": {
        "bay": Meaning("nature", 0),
        "peak": Meaning("nature", 0),
        "beach": Meaning("nature", 1),
        "cape": Meaning("nature", 0),
        "water": Meaning("nature", 0),
    },
    "place": {
        "square": Meaning("square", 2),
        "island": Meaning("nature", 1),
        **{kind: Meaning("settlement", weight) for kind, weight in SETTLEMENTS.items()},
    },
}
# Anything else of these that has a name.
_BY_KEY = (
    ("amenity", Meaning("service", 0)),
    ("shop", Meaning("shop", 0)),
    ("office", Meaning("office", 0)),
    ("healthcare", Meaning("hospital", 0)),
    ("tourism", Meaning("culture", 0)),
    ("leisure", Meaning("park", 0)),
    ("historic", Meaning("culture", 0)),
    ("craft", Meaning("shop", 0)),
    ("military", Meaning("public_building", 0)),
    ("building", Meaning("building", 0)),
)
_GONE = frozenset(("no", "disused", "abandoned", "demolished", "razed", "proposed"))


def place_meaning(tags: Tags) -> Meaning | None:
    """Return the search category of a named feature, None if it is not searched."""
    for key, kinds in _BY_TAG.items():
        meaning = kinds.get(tags.get(key, ""))
        if meaning is not None:
            return meaning
    for key, meaning in _BY_KEY:
        if tags.get(key, "no") not in _GONE:
            return meaning
    return None


def street_name(tags: Tags) -> str | None:
    """Return the name of a street or path; for a large road without one, its number."""
    kind = tags.get("highway", "").removesuffix("_link")
    if kind not in _ROADS and kind not in _PATHS:
        return None
    name = tags.get("name") or tags.get("official_name")
    return name or (tags.get("ref") if kind in _KNOWN_BY_NUMBER else None)
