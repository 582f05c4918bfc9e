"""Scenarios as rows: read, locked, and as they are answered."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.planning.models import PlanningScenario
from dispatch.planning.types import ScenarioAnswer


def one(session: Session, scenario_id: int, *, locked: bool = False) -> PlanningScenario:
    """Return one scenario that is seen.

    Raises
    ------
    NotFound
        If there is none.
    """
    query = select(PlanningScenario).where(PlanningScenario.id == min(scenario_id, LARGEST_ID))
    found = session.scalar(query.with_for_update() if locked else query)
    if found is None:
        raise NotFound.thing("scenario", scenario_id)
    return found


def check_version(scenario: PlanningScenario, expected: int | None) -> None:
    """Refuse a change that was made looking at another version.

    Raises
    ------
    Conflict
        ``scenario_changed``, with the scenario as it is.
    """
    if expected is not None and scenario.version != expected:
        message = N_("%(who)s changed this scenario meanwhile.")
        raise Conflict(
            "scenario_changed",
            message,
            {"who": scenario.updated_by},
            extra={"scenario": view(scenario)},
        )


def view(scenario: PlanningScenario) -> ScenarioAnswer:
    """Return a scenario as it is answered."""
    return {
        "id": scenario.id,
        "name": scenario.name,
        "posts": scenario.posts,
        "conditions": scenario.conditions,
        "version": scenario.version,
        "created_at": instant(scenario.created_at),
        "created_by": scenario.created_by,
        "updated_at": instant(scenario.updated_at),
        "updated_by": scenario.updated_by,
    }
