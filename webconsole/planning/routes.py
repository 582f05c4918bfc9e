"""Standby points, scenarios and studies."""

from flask import Response
from flask import url_for

from dispatch.access.permissions import Permission
from dispatch.planning.types import ChangeScenario
from dispatch.planning.types import LookAtPosts
from dispatch.planning.types import PlacesAnswer
from dispatch.planning.types import PostsCoverAnswer
from dispatch.planning.types import SaveScenario
from dispatch.planning.types import ScenarioAnswer
from dispatch.planning.types import ScenariosAnswer
from dispatch.planning.types import StartStudy
from dispatch.planning.types import StreetPointsAnswer
from dispatch.planning.types import StudiesAnswer
from dispatch.planning.types import StudyAnswer
from webconsole.planning.schemas import ScenarioRemovalQuery
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.queries import RepeatHeaders
from webconsole.platform.reading import Area

planning = Area("planning", __name__, url_prefix="/api/v1/planning", tag="Planning")
PLANS = (Permission.PLANNING_WRITE,)
SCENARIO, STUDY = described(ScenarioAnswer), described(StudyAnswer)
CHANGED = "scenario_changed; the answer carries the scenario as it is"


@planning.post("/cover", needs=PLANS)
@planning.input(LookAtPosts, arg_name="body")
@planning.output(described(PostsCoverAnswer))
@planning.doc(responses={503: "No road network, or it does not answer in time"})
def look_at_posts(body: LookAtPosts) -> Response:
    """Tell what standby points reach together, and what share of the demand that is.

    Changes nothing. Closures in force count; a point that was asked about before is not searched
    again.
    """
    return answer(services().standby_cover.of(actor(), body))


@planning.get("/street-points", needs=PLANS)
@planning.output(described(StreetPointsAnswer))
def list_street_points() -> Response:
    """Tell where the points are whose being reached ``POST /planning/cover`` tells."""
    return answer(services().standby_cover.street_points(actor()))


@planning.get("/places", needs=PLANS)
@planning.output(described(PlacesAnswer))
def list_places() -> Response:
    """List stations, and idle crews where they are now, to begin with."""
    return answer(services().standby_cover.places(actor()))


@planning.get("/scenarios", needs=PLANS)
@planning.output(described(ScenariosAnswer))
def list_scenarios() -> Response:
    """List all scenarios by name."""
    return answer(services().scenarios.list(actor()))


@planning.post("/scenarios", needs=PLANS)
@planning.input(SaveScenario, arg_name="body")
@planning.input(RepeatHeaders, location="headers", arg_name="headers")
@planning.output(SCENARIO, 201)
@planning.doc(responses={409: "idempotency_mismatch"})
def save_scenario(body: SaveScenario, headers: RepeatHeaders) -> Response:
    """Keep a scenario; with the header Idempotency-Key a repeated request keeps it once."""
    made, replayed = services().scenarios.save(actor(), body, headers.key)
    location = url_for("planning.get_scenario", scenario_id=made["id"])
    return answer(made, 201, location=location, replayed=replayed)


@planning.get("/scenarios/<int:scenario_id>", needs=PLANS)
@planning.output(SCENARIO)
def get_scenario(scenario_id: int) -> Response:
    """Show one scenario."""
    return answer(services().scenarios.get(actor(), scenario_id))


@planning.patch("/scenarios/<int:scenario_id>", needs=PLANS)
@planning.input(ChangeScenario, arg_name="body")
@planning.output(SCENARIO)
@planning.doc(responses={409: CHANGED})
def change_scenario(scenario_id: int, body: ChangeScenario) -> Response:
    """Change what is named; repeated, it changes nothing."""
    return answer(services().scenarios.change(actor(), scenario_id, body))


@planning.delete("/scenarios/<int:scenario_id>", needs=PLANS)
@planning.input(ScenarioRemovalQuery, location="query", arg_name="query")
@planning.output(SCENARIO)
@planning.doc(responses={409: CHANGED})
def remove_scenario(scenario_id: int, query: ScenarioRemovalQuery) -> Response:
    """Remove a scenario, and show it for the last time."""
    return answer(services().scenarios.remove(actor(), scenario_id, query.expected_version))


@planning.get("/studies", needs=PLANS)
@planning.output(described(StudiesAnswer))
def list_studies() -> Response:
    """List the latest studies, and tell whether anybody runs them."""
    return answer(services().studies.list(actor()))


@planning.post("/studies", needs=PLANS)
@planning.input(StartStudy, arg_name="body")
@planning.input(RepeatHeaders, location="headers", arg_name="headers")
@planning.output(STUDY, 201)
@planning.doc(responses={409: "no_ground, too_many_studies or idempotency_mismatch"})
def start_study(body: StartStudy, headers: RepeatHeaders) -> Response:
    """Have a study made of a scenario as it is now, by the next worker that is free."""
    made, replayed = services().studies.start(actor(), body, headers.key)
    location = url_for("planning.get_study", study_id=made["id"])
    return answer(made, 201, location=location, replayed=replayed)


@planning.get("/studies/<int:study_id>", needs=PLANS)
@planning.output(STUDY)
def get_study(study_id: int) -> Response:
    """Show one study."""
    return answer(services().studies.get(actor(), study_id))


@planning.post("/studies/<int:study_id>/cancel", needs=PLANS)
@planning.output(STUDY)
def cancel_study(study_id: int) -> Response:
    """End a study that waits or runs; of one that has ended it changes nothing."""
    return answer(services().studies.cancel(actor(), study_id))


@planning.delete("/studies/<int:study_id>", needs=PLANS)
@planning.output(STUDY)
@planning.doc(responses={409: "study_live: cancel it first"})
def remove_study(study_id: int) -> Response:
    """Remove a study that has ended, with its files."""
    return answer(services().studies.remove(actor(), study_id))
