"""Scenarios: listed, kept, changed and removed. The audit trail has every change."""

from typing import Final

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.planning import scenario_rows
from dispatch.planning.models import PlanningScenario
from dispatch.planning.types import ChangeScenario
from dispatch.planning.types import SaveScenario
from dispatch.planning.types import ScenarioAnswer
from dispatch.planning.types import ScenariosAnswer
from dispatch.writes.idempotency import Once

MOST_SCENARIOS: Final = 500


class ScenarioService:
    """Keeps standby points under a name, for everybody of the unit."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor) -> ScenariosAnswer:
        """Return all scenarios by name."""
        actor.require(Permission.PLANNING_WRITE)
        query = select(PlanningScenario).order_by(PlanningScenario.name, PlanningScenario.id)
        with self._work.reading() as session:
            return {"scenarios": [scenario_rows.view(each) for each in session.scalars(query)]}

    def get(self, actor: Actor, scenario_id: int) -> ScenarioAnswer:
        """Return one scenario.

        Raises
        ------
        NotFound
            If there is none.
        """
        actor.require(Permission.PLANNING_WRITE)
        with self._work.reading() as session:
            return scenario_rows.view(scenario_rows.one(session, scenario_id))

    def save(
        self, actor: Actor, wanted: SaveScenario, idempotency_key: str | None = None
    ) -> tuple[ScenarioAnswer, bool]:
        """Keep a new scenario; a copy of another is one, too.

        Returns
        -------
        scenario, replayed
            The scenario, and whether it was kept before under this key.

        Raises
        ------
        InvalidInput
            If there are too many already.
        Conflict
            ``idempotency_mismatch``.
        """
        actor.require(Permission.PLANNING_WRITE)
        once = Once.of(actor, idempotency_key, wanted)
        now = self._clock()

        def keep(session: Session) -> ScenarioAnswer:
            if (session.scalar(select(func.count(PlanningScenario.id))) or 0) >= MOST_SCENARIOS:
                message = N_("there are %(limit)s scenarios: remove one first")
                raise InvalidInput.one("name", message, limit=MOST_SCENARIOS)
            scenario = PlanningScenario(
                name=wanted.name,
                posts=[each.model_dump(mode="json") for each in wanted.posts],
                conditions=wanted.conditions.model_dump(mode="json"),
                version=1,
                created_at=now,
                created_by=actor.display_name,
                updated_at=now,
                updated_by=actor.display_name,
            )
            session.add(scenario)
            session.flush()
            return scenario_rows.view(scenario)

        with self._work.writing() as session:
            return once.run(session, now, lambda: keep(session))

    def change(self, actor: Actor, scenario_id: int, wanted: ChangeScenario) -> ScenarioAnswer:
        """Change what is named; a change that is there already changes nothing.

        Raises
        ------
        NotFound
            If there is no such scenario.
        Conflict
            ``scenario_changed`` if ``expected_version`` is given and it is another now; the answer
            carries the scenario as it is.
        """
        actor.require(Permission.PLANNING_WRITE)
        changed = wanted.model_dump(mode="json", exclude_none=True, exclude={"expected_version"})
        if wanted.conditions is not None:
            changed["conditions"] = wanted.conditions.model_dump(mode="json")
        with self._work.writing() as session:
            scenario = scenario_rows.one(session, scenario_id, locked=True)
            if all(getattr(scenario, name) == value for name, value in changed.items()):
                return scenario_rows.view(scenario)
            scenario_rows.check_version(scenario, wanted.expected_version)
            for name, value in changed.items():
                setattr(scenario, name, value)
            scenario.version += 1
            scenario.updated_at, scenario.updated_by = self._clock(), actor.display_name
            session.flush()
            return scenario_rows.view(scenario)

    def remove(
        self, actor: Actor, scenario_id: int, expected_version: int | None = None
    ) -> ScenarioAnswer:
        """Remove a scenario and return it as it was; studies made of it stay.

        Raises
        ------
        NotFound, Conflict
            As above.
        """
        actor.require(Permission.PLANNING_WRITE)
        with self._work.writing() as session:
            scenario = scenario_rows.one(session, scenario_id, locked=True)
            scenario_rows.check_version(scenario, expected_version)
            session.delete(scenario)
        return scenario_rows.view(scenario)
