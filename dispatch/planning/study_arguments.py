"""Which command makes which study, and what it is given: one line of the table for each kind."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Final

from dispatch.planning.states import DemandKind
from dispatch.planning.states import StudyKind
from dispatch.planning.study_folder import OUT
from dispatch.planning.study_folder import StudyFolder
from dispatch.planning.study_inputs import Feature
from dispatch.planning.study_inputs import StudyInputs

_Own = Callable[[StudyInputs, StudyFolder], list[str]]
_NAMED_PLACE: Final = ("name", "lon", "lat")
_WORST_MIN: Final = 60.0
_LOCAL: Final = "%Y-%m-%dT%H:%M:%S"


def _coverage(inputs: StudyInputs, folder: StudyFolder) -> list[str]:
    """Tell cover of the scenario's points, and what is lost of it by the roads closed now."""
    arguments = ["--posts", _posts(inputs, folder), *_minutes(inputs), *_demand(inputs, folder)]
    if inputs.zones:
        arguments += ["--zones", _features("zones.geojson", inputs.zones, folder)]
    if inputs.closures:
        arguments += [
            "--against-closures",
            _features("closures.geojson", inputs.closures, folder),
        ]
    return arguments


def _site(inputs: StudyInputs, folder: StudyFolder) -> list[str]:
    """Choose those of the scenario's points that reach most, and prove how good that is."""
    chosen = ["--candidates", _posts(inputs, folder), "--count", str(inputs.count)]
    return [*chosen, *_minutes(inputs), *_demand(inputs, folder)]


def _closure(inputs: StudyInputs, folder: StudyFolder) -> list[str]:
    """Rank single closures by the cover they cost, and tell what the roads closed now cost."""
    arguments = ["--posts", _posts(inputs, folder), *_minutes(inputs), *_demand(inputs, folder)]
    # Nobody coming counts as an hour, but never as less than the minutes that are in time.
    arguments += ["--worst", f"{max(_WORST_MIN, inputs.conditions.minutes):g}"]
    if inputs.closures:
        arguments += ["--also", _features("closures.geojson", inputs.closures, folder)]
    return arguments


def _fleet(inputs: StudyInputs, folder: StudyFolder) -> list[str]:
    """Try fleets of all sizes at the scenario's points, on days as the log has them."""
    return ["--posts", _posts(inputs, folder), *_minutes(inputs), *_time_zone(inputs)]


def _simulate(inputs: StudyInputs, folder: StudyFolder) -> list[str]:
    """Send a crew at each of the scenario's points by the desk's rule, and by nearness in line."""
    rules = ["--rule", "best_arrival", "--rule", "nearest_line"]
    limit = ["--limit", f"{inputs.conditions.minutes:g}"]
    return ["--posts", _posts(inputs, folder), *rules, *limit, *_time_zone(inputs)]


COMMANDS: Final[Mapping[StudyKind, tuple[str, _Own]]] = {
    StudyKind.COVERAGE: ("coverage", _coverage),
    StudyKind.SITE: ("site", _site),
    StudyKind.CLOSURE: ("closure", _closure),
    StudyKind.FLEET: ("fleet", _fleet),
    StudyKind.SIMULATE: ("simulate", _simulate),
}
"""The command of each kind, and its own arguments beside those that all take."""


def command_of(
    kind: StudyKind, inputs: StudyInputs, folder: StudyFolder, speeds: str | None
) -> list[str]:
    """Return the words after ``nearcrew study``; writes the files that they name.

    Parameters
    ----------
    speeds
        The file of speed factors in use, if there is one; without, all hours are alike.
    """
    name, own = COMMANDS[kind]
    common = ["--profile", inputs.conditions.profile]
    if speeds is not None:
        common += ["--speeds", speeds, "--at", inputs.at.strftime(_LOCAL)]
    return [name, *own(inputs, folder), *common, "--out", OUT]


def _minutes(inputs: StudyInputs) -> list[str]:
    return ["--minutes", f"{inputs.conditions.minutes:g}"]


def _time_zone(inputs: StudyInputs) -> list[str]:
    return ["--time-zone", str(inputs.at.tzinfo)]


def _demand(inputs: StudyInputs, folder: StudyFolder) -> list[str]:
    """Where incidents were, or nothing: then the roads are the demand."""
    if inputs.conditions.demand is not DemandKind.INCIDENTS:
        return []
    rows = ((number, *place) for number, place in enumerate(inputs.places, 1))
    return ["--demand", folder.put_table("incidents.csv", _NAMED_PLACE, rows)]


def _posts(inputs: StudyInputs, folder: StudyFolder) -> str:
    rows = (
        (each["name"] or str(number), each["lon"], each["lat"])
        for number, each in enumerate(inputs.posts, 1)
    )
    return folder.put_table("posts.csv", _NAMED_PLACE, rows)


def _features(name: str, features: Sequence[Feature], folder: StudyFolder) -> str:
    collection = {"type": "FeatureCollection", "features": list(features)}
    return folder.put_json(name, collection)
