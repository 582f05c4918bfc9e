"""Map OpenStreetMap tags to points of interest and house numbers of the base map."""

from collections.abc import Mapping

from geodata.osm.name_tags import NUMBER_KEYS
from geodata.osm.name_tags import house_numbers
from geodata.tiles.map_layers import Tags

# Each rule: key, values, kind, first tile zoom. The first that fits wins. A map that draws tiles
# at double size shows zoom 14 from tiles of zoom 13.
_RULES: tuple[tuple[str, frozenset[str], str, int], ...] = (
    ("amenity", frozenset({"hospital"}), "hospital", 13),
    ("healthcare", frozenset({"hospital"}), "hospital", 13),
    ("amenity", frozenset({"fire_station"}), "fire_station", 13),
    ("amenity", frozenset({"police"}), "police", 14),
    ("amenity", frozenset({"university", "college"}), "school", 14),
    ("amenity", frozenset({"school", "kindergarten"}), "school", 15),
    ("amenity", frozenset({"clinic"}), "clinic", 15),
    ("healthcare", frozenset({"clinic"}), "clinic", 15),
    ("man_made", frozenset({"gasometer", "gas_works"}), "gas", 13),
    ("industrial", frozenset({"gas"}), "gas", 13),
    ("industrial", frozenset({"heating_station"}), "heating_plant", 13),
    ("building", frozenset({"heating_plant"}), "heating_plant", 13),
    ("man_made", frozenset({"pumping_station"}), "pumping_station", 14),
    ("man_made", frozenset({"water_works"}), "water_works", 13),
    ("man_made", frozenset({"reservoir_covered"}), "water_works", 14),
    ("man_made", frozenset({"water_tower"}), "water_tower", 14),
    ("man_made", frozenset({"wastewater_plant"}), "wastewater", 13),
    ("power", frozenset({"plant"}), "power_plant", 13),
    ("railway", frozenset({"station"}), "station", 13),
    ("leisure", frozenset({"park", "garden", "nature_reserve", "golf_course"}), "park", 14),
    ("landuse", frozenset({"cemetery"}), "park", 14),
    ("place", frozenset({"square"}), "square", 15),
)
_STATIONS_OF_PIPES: Mapping[str, str] = {
    "gas": "gas",
    "natural_gas": "gas",
    "cng": "gas",
    "lng": "gas",
    "lpg": "gas",
    "water": "pumping_station",
    "drinking_water": "pumping_station",
    "sewage": "pumping_station",
    "hot_water": "heating_plant",
    "steam": "heating_plant",
}
_IN_PIPES = frozenset({"substation", "valve_group", "measurement", "pressure_control_station"})
_SMALL_SUBSTATIONS = frozenset({"minor_distribution", "distribution", "transformer"})

# Worth a place on the map only by their name.
_BY_NAME = frozenset({"park", "square", "station"})

POINT_KEYS = tuple(dict.fromkeys((*(rule[0] for rule in _RULES), "pipeline", *NUMBER_KEYS)))
LONGEST_NUMBER = 14  # signs; what is longer is a list of flats, not the number at the door


def point_meaning(tags: Tags) -> tuple[str, int] | None:
    """Return kind and first tile zoom of a point of interest, None for other points.

    Kinds: hospital clinic school fire_station police substation power_plant heating_plant gas
    pumping_station water_works water_tower wastewater station park square.
    """
    found = _heat(tags) or _piped(tags) or _substation(tags)
    if found is None:
        found = next(
            ((kind, zoom) for key, values, kind, zoom in _RULES if tags.get(key) in values), None
        )
    if found is not None and found[0] in _BY_NAME and not tags.get("name"):
        return None
    return found


def _heat(tags: Tags) -> tuple[str, int] | None:
    """Return the meaning of a heating plant, None for other generators, mostly solar roofs."""
    if tags.get("power") not in {"plant", "generator"}:
        return None
    outputs = ("hot_water", "steam", "hot_air")
    keys = [f"{tags['power']}:output:{output}" for output in outputs]
    return ("heating_plant", 13) if any(tags.get(key, "no") != "no" for key in keys) else None


def _piped(tags: Tags) -> tuple[str, int] | None:
    kind = _STATIONS_OF_PIPES.get(tags.get("substance", ""))
    return (kind, 14) if kind is not None and tags.get("pipeline") in _IN_PIPES else None


def _substation(tags: Tags) -> tuple[str, int] | None:
    if tags.get("power") != "substation":
        return None
    return ("substation", 16 if tags.get("substation") in _SMALL_SUBSTATIONS else 14)


def house_number(tags: Tags) -> str | None:
    """Return the house number to draw, None if there is none or it is too long."""
    written = ", ".join(house_numbers(tags))
    return written if 0 < len(written) <= LONGEST_NUMBER else None
