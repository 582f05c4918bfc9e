"""The cross on which most rules of guidance are tried, and how a drive over it is asked."""

from routing.guidance.instructions import Guidance
from routing.router import Router
from tests.routing.drawing import Point
from tests.routing.drawing import Street
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street

#         N
#         |
#   W --- X --- E
#         |
#         S
CROSS = {
    "X": (0.0, 0.0),
    "N": (0.0, 400.0),
    "E": (400.0, 0.0),
    "S": (0.0, -400.0),
    "W": (-400.0, 0.0),
}


def guide(
    town: Town, begin: Point, end: Point, language: str = "en"
) -> tuple[Guidance, list[tuple[str, str]]]:
    """Return the guidance of a drive, and kind and direction of each step."""
    router = Router(town.network)
    route = router.route(town.lonlat(*begin), town.lonlat(*end))
    guidance = router.guide(route, language)
    return guidance, [(step.manoeuvre.kind, step.manoeuvre.direction) for step in guidance.steps]


def texts(guidance: Guidance) -> list[str]:
    """Return what is shown of each step."""
    return [step.text for step in guidance.steps]


def crossing(*streets: Street) -> Town:
    """Return streets drawn over the five places of the cross."""
    return draw(CROSS, streets)


def named_crossing(name: str, across: str) -> Town:
    """Return the cross of two streets with names."""
    return crossing(
        street("W-X", name=name),
        street("X-E", name=name),
        street("S-X", name=across),
        street("X-N", name=across),
    )
