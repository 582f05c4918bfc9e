"""Map OpenStreetMap tags to layers and classes of the base map. Pure functions of tags."""

from collections.abc import Mapping
from dataclasses import dataclass

Tags = Mapping[str, str]

# Each rule: key, values, layer, kind (None: the value itself). The first that fits wins, so what
# is water in a park is water.
_AREA_RULES: tuple[tuple[str, frozenset[str], str, str | None], ...] = (
    ("natural", frozenset({"water"}), "water", None),
    ("waterway", frozenset({"riverbank", "dock", "canal", "river"}), "water", "river"),
    ("landuse", frozenset({"reservoir", "basin"}), "water", "reservoir"),
    ("leisure", frozenset({"swimming_pool"}), "water", "swimming_pool"),
    ("amenity", frozenset({"fountain"}), "water", "fountain"),
    ("landuse", frozenset({"cemetery"}), "green", None),
    ("amenity", frozenset({"grave_yard"}), "green", "cemetery"),
    ("leisure", frozenset({"pitch", "playground", "golf_course", "garden", "park"}), "green", None),
    ("leisure", frozenset({"common", "dog_park", "nature_reserve"}), "green", "park"),
    ("landuse", frozenset({"forest"}), "green", None),
    ("landuse", frozenset({"grass", "meadow", "village_green", "greenfield"}), "green", "grass"),
    ("landuse", frozenset({"recreation_ground"}), "green", "park"),
    ("landuse", frozenset({"allotments", "orchard", "vineyard", "plant_nursery"}), "green", None),
    ("landuse", frozenset({"flowerbed"}), "green", "garden"),
    ("natural", frozenset({"wood"}), "green", "forest"),
    ("natural", frozenset({"scrub", "heath", "wetland"}), "green", None),
    ("natural", frozenset({"grassland", "fell"}), "green", "grass"),
    ("natural", frozenset({"beach", "sand", "bare_rock", "shingle", "scree"}), "landuse", None),
    ("amenity", frozenset({"school", "kindergarten"}), "landuse", "school"),
    ("amenity", frozenset({"university", "college"}), "landuse", "school"),
    ("amenity", frozenset({"hospital", "clinic"}), "landuse", "hospital"),
    ("amenity", frozenset({"parking"}), "landuse", None),
    ("power", frozenset({"plant", "substation", "generator"}), "landuse", "utility"),
    ("man_made", frozenset({"works", "gasometer", "wastewater_plant"}), "landuse", "utility"),
    ("man_made", frozenset({"water_works", "pumping_station"}), "landuse", "utility"),
    ("man_made", frozenset({"pier", "breakwater", "groyne"}), "landuse", "pier"),
    ("aeroway", frozenset({"aerodrome", "apron", "runway", "taxiway"}), "landuse", None),
    ("leisure", frozenset({"stadium", "sports_centre", "track"}), "landuse", "sports"),
    ("leisure", frozenset({"marina"}), "landuse", "port"),
    ("landuse", frozenset({"port", "harbour"}), "landuse", "port"),
    ("landuse", frozenset({"residential", "commercial", "retail", "industrial"}), "landuse", None),
    ("landuse", frozenset({"railway", "military", "quarry", "construction"}), "landuse", None),
    ("landuse", frozenset({"farmland", "farm", "farmyard"}), "landuse", "farmland"),
    ("landuse", frozenset({"brownfield", "landfill"}), "landuse", "brownfield"),
    ("highway", frozenset({"pedestrian", "footway", "platform"}), "landuse", "pedestrian"),
    ("place", frozenset({"square"}), "landuse", "pedestrian"),
)  # fmt: skip
AREA_KEYS = tuple(dict.fromkeys(("building", *(rule[0] for rule in _AREA_RULES))))

# Closed ways with these are rings of street or stream, not areas, unless they say so.
_LINE_BY_NATURE = ("highway", "waterway")


def area_meaning(tags: Tags) -> tuple[str, str] | None:
    """Return layer and kind of a closed shape, None if the map does not show it."""
    if tags.get("building", "no") != "no":
        return "buildings", tags["building"]
    for key, values, layer, kind in _AREA_RULES:
        value = tags.get(key)
        if value not in values:
            continue
        if key in _LINE_BY_NATURE and value != "riverbank" and not _said_to_be_area(tags):
            continue
        if key == "natural" and value == "water":
            return layer, _water_kind(tags)
        return layer, kind or value
    return None


def _said_to_be_area(tags: Tags) -> bool:
    return tags.get("area") == "yes" or tags.get("type") == "multipolygon"


def _water_kind(tags: Tags) -> str:
    kind = tags.get("water", "lake")
    return kind if kind in {"river", "canal", "reservoir", "pond", "basin"} else "lake"


@dataclass(frozen=True, slots=True)
class LineMeaning:
    """The layer and style attributes of a line."""

    layer: str
    kind: str
    min_zoom: int
    oneway: bool = False
    bridge: bool = False
    tunnel: bool = False
    link: bool = False
    z_order: int = 0


# Kind of road, from the top of the drawing order down, and from which tile zoom on it is shown.
ROAD_KINDS: dict[str, int] = {
    "motorway": 8,
    "trunk": 8,
    "primary": 9,
    "secondary": 11,
    "tertiary": 12,
    "residential": 12,
    "service": 14,
    "track": 13,
    "path": 14,
}
_ROAD_RANK = {kind: rank for rank, kind in enumerate(reversed(ROAD_KINDS))}
_HIGHWAY_KIND: Mapping[str, str] = {
    **{kind: kind for kind in ROAD_KINDS},
    "unclassified": "residential",
    "living_street": "residential",
    "road": "residential",
    "busway": "service",
    "escape": "service",
    "footway": "path",
    "cycleway": "path",
    "pedestrian": "path",
    "steps": "path",
    "bridleway": "path",
}
_RAIL_ZOOM: Mapping[str, int] = {
    "rail": 10,
    "light_rail": 12,
    "subway": 13,
    "tram": 13,
    "narrow_gauge": 12,
    "funicular": 13,
    "monorail": 13,
}
_WATERWAY_ZOOM: Mapping[str, int] = {
    "river": 9,
    "canal": 10,
    "stream": 12,
    "drain": 14,
    "ditch": 14,
}
LINE_KEYS = ("highway", "railway", "waterway")


def line_meaning(tags: Tags) -> LineMeaning | None:
    """Return the layer and attributes of a way as a line, None if it is not drawn."""
    bridge = tags.get("bridge", "no") != "no"
    tunnel = tags.get("tunnel", "no") != "no"
    highway = tags.get("highway")
    if highway is not None:
        return None if tags.get("area") == "yes" else _road(tags, highway, bridge, tunnel)
    railway = tags.get("railway", "")
    if railway in _RAIL_ZOOM:
        siding = "service" in tags
        zoom = 14 if siding else _RAIL_ZOOM[railway]
        return LineMeaning("rail", railway, zoom, bridge=bridge, tunnel=tunnel)
    waterway = tags.get("waterway", "")
    if waterway in _WATERWAY_ZOOM and tags.get("area") != "yes":
        return LineMeaning("waterways", waterway, _WATERWAY_ZOOM[waterway], tunnel=tunnel)
    return None


def _road(tags: Tags, highway: str, bridge: bool, tunnel: bool) -> LineMeaning | None:  # noqa: FBT001 - two facts of the line
    link = highway.endswith("_link")
    kind = _HIGHWAY_KIND.get(highway.removesuffix("_link"))
    if kind is None:
        return None
    return LineMeaning(
        layer="roads",
        kind=kind,
        min_zoom=max(ROAD_KINDS[kind], 11 if link else 0),
        oneway=tags.get("oneway") in {"yes", "1", "true", "-1", "reverse"}
        or tags.get("junction") in {"roundabout", "circular"}
        or (kind == "motorway" and "oneway" not in tags),
        bridge=bridge,
        tunnel=tunnel,
        link=link,
        z_order=10 * _level(tags, bridge=bridge, tunnel=tunnel) + _ROAD_RANK[kind] - link,
    )


def drawn_backwards(tags: Tags) -> bool:
    """Return whether a one-way street is drawn against its traffic."""
    return tags.get("oneway") in {"-1", "reverse"}


def _level(tags: Tags, *, bridge: bool, tunnel: bool) -> int:
    try:
        level = int(tags.get("layer", ""))
    except ValueError:
        level = int(bridge) - int(tunnel)
    return max(-5, min(5, level))


# Kind of place and from which tile zoom on it is named.
_PLACES: Mapping[str, tuple[str, int]] = {
    "city": ("city", 8),
    "town": ("town", 9),
    "village": ("village", 11),
    "borough": ("suburb", 11),
    "suburb": ("suburb", 11),
    "quarter": ("suburb", 12),
    "neighbourhood": ("neighbourhood", 13),
    "hamlet": ("locality", 13),
    "isolated_dwelling": ("locality", 14),
    "locality": ("locality", 14),
    "island": ("locality", 12),
}


def place_meaning(tags: Tags) -> tuple[str, int] | None:
    """Return kind and first zoom of a settlement, None for anything else."""
    return _PLACES.get(tags.get("place", "")) if tags.get("name") else None
