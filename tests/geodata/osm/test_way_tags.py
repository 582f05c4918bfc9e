"""Speed limits as mappers write them."""

import pytest

from geodata.osm.way_tags import DEFAULT_SPEEDS_KMH
from geodata.osm.way_tags import way_meaning
from geodata.roads.types import BRIDGE
from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import ROUNDABOUT
from geodata.roads.types import TUNNEL

KMH = 1 / 3.6


@pytest.mark.parametrize(
    ("maxspeed", "expected_kmh"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 48.28),
        ("20 knots", 37.04),
        ("walk", 5),
        ("RU:walk", 5),
        ("none", 140),
        ("FR:urban", 50),
        ("DE:rural", 100),
        ("XX:rural", 90),
        ("DE:zone:30", 30),
        ("FR:zone30", 30),
        ("CN:40", 40),
        ("GB:20", 32.19),
        ("50; 40", 40),
        ("80;signals", 80),
        ("1", 5),  # slower than walking is a slip
        ("999", 140),  # faster than any van is another
    ],
)
def test_limits_are_understood(maxspeed: str, expected_kmh: float) -> None:
    """Numbers, units, words, country codes, the least of several."""
    way = way_meaning({"highway": "primary", "maxspeed": maxspeed})

    assert way is not None
    assert way.forward_mps == way.backward_mps == pytest.approx(expected_kmh * KMH, rel=1e-3)


@pytest.mark.parametrize("maxspeed", ["", "signals", "variable", "fast", "0", "-30", "5 0", "NaN"])
def test_what_is_no_limit_leaves_the_default(maxspeed: str) -> None:
    """Nonsense is not zero and not infinite."""
    way = way_meaning({"highway": "tertiary", "maxspeed": maxspeed})

    assert way is not None
    assert way.forward_mps == pytest.approx(DEFAULT_SPEEDS_KMH["tertiary"] * KMH)


@pytest.mark.parametrize("road_class", ROAD_CLASSES)
def test_every_class_has_a_default_speed_and_its_code(road_class: str) -> None:
    """The code is the place in the tuple."""
    way = way_meaning({"highway": road_class})

    assert way is not None
    assert ROAD_CLASSES[way.class_code] == road_class
    assert way.forward_mps == pytest.approx(DEFAULT_SPEEDS_KMH[road_class] * KMH)


def test_the_zone_is_a_ceiling_and_no_target() -> None:
    """An alley in a 50 zone is still driven at 15."""
    alley = way_meaning({"highway": "service", "maxspeed:type": "FR:urban"})
    avenue = way_meaning({"highway": "primary", "source:maxspeed": "FR:urban"})

    assert alley is not None
    assert avenue is not None
    assert alley.forward_mps == pytest.approx(15 * KMH)
    assert avenue.forward_mps == pytest.approx(50 * KMH)


def test_a_pedestrian_street_open_to_cars_is_driven_at_a_walk() -> None:
    """Deliveries pass there, and so does a repair crew."""
    way = way_meaning({"highway": "pedestrian", "motor_vehicle": "delivery"})

    assert way is not None
    assert ROAD_CLASSES[way.class_code] == "living_street"


def test_bridges_tunnels_and_roundabouts_are_marked() -> None:
    """Flags add up; ``no`` is not a bridge."""
    crossing = way_meaning({"highway": "primary", "bridge": "viaduct", "tunnel": "no"})
    circle = way_meaning({"highway": "primary", "junction": "roundabout", "tunnel": "yes"})

    assert crossing is not None
    assert circle is not None
    assert crossing.flags == BRIDGE
    assert circle.flags == ROUNDABOUT | TUNNEL
