"""Whoever drives one way has to turn round to go the other; whoever stands does not."""

import numpy as np
import pytest

from routing.errors import InvalidPointError
from routing.router import Router
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street

#   A ------------------ B      1 000 m at 10 m/s; the crew at 500 m, the incident at 300 m


@pytest.fixture(scope="module")
def town() -> Town:
    """Return one long two-way street."""
    return draw({"A": (0.0, 0.0), "B": (1000.0, 0.0)}, [street("A-B")])


@pytest.mark.parametrize(
    ("heading_deg", "speed_mps", "expected_s"),
    [
        (270.0, 10.0, 20.0),  # towards it
        (90.0, 10.0, 35.0),  # away from it: 15 s to turn round
        (90.0, 0.5, 20.0),  # standing: the heading is noise
        (90.0, np.nan, 20.0),  # speed unknown
        (np.nan, 10.0, 20.0),  # heading unknown
        (90.0, None, 35.0),  # the caller vouches for the heading
    ],
)
def test_setting_out_against_ones_heading_costs_turning_round(
    town: Town, heading_deg: float, speed_mps: float | None, expected_s: float
) -> None:
    """In all forms of the question, and in the route."""
    router = Router(town.network)
    crew = router.snap([town.lonlat(500, 2)], heading_deg, speed_mps)
    incident = town.lonlat(300, 0)

    assert router.travel_times_to(crew, incident) == pytest.approx([expected_s], abs=0.01)
    assert router.travel_times_from(crew, [incident]) == pytest.approx([expected_s], abs=0.01)
    assert router.route(crew, incident).travel_time_s == pytest.approx(expected_s, abs=0.01)


def test_going_on_to_the_end_and_back_is_taken_when_it_is_quicker(town: Town) -> None:
    """Ten metres before the dead end B: on, round (15 s) and back is 2 s more than turning here."""
    router = Router(town.network)
    crew = router.snap([town.lonlat(990, 0)], 90.0)

    times_s = router.travel_times_to(crew, town.lonlat(500, 0))

    assert times_s == pytest.approx([15.0 + 49.0], abs=0.01)


def test_the_heading_of_an_incident_means_nothing(town: Town) -> None:
    """Only those who set out are driving."""
    router = Router(town.network)
    incident = router.snap([town.lonlat(300, 0)], 90.0)

    times_s = router.travel_times_to([town.lonlat(500, 0)], incident)

    assert times_s == pytest.approx([20.0], abs=0.01)


@pytest.mark.parametrize("speed", [[1.0, 2.0], "fast"])
def test_an_impossible_speed_is_refused(town: Town, speed: float) -> None:
    """Of another number, no number."""
    with pytest.raises(InvalidPointError):
        Router(town.network).snap([town.lonlat(0, 0)], 90.0, speed)
