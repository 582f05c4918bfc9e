"""A crew on scene that measures, and forms that are put back as they were shipped."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.assignments.types import AssignmentAnswer
from dispatch.bootstrap import Services
from dispatch.core.field_errors import refused
from dispatch.forms.types import MeasurementAnswer
from dispatch.forms.types import SetForm
from dispatch.forms.types import TakeMeasurement
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People

Pin = Callable[..., dict[str, Any]]
OnScene = Callable[..., "CrewOnScene"]


@dataclass(frozen=True, slots=True)
class CrewOnScene:
    """A crew's own account, at work on an incident."""

    services: Services
    actor: Actor
    order_id: int
    incident_id: int

    def measure(
        self, values: dict[str, Any], form: str = "gas_reading", version: int = 1, **more: object
    ) -> MeasurementAnswer:
        """Fill in a form."""
        given = {"form": form, "version": version, "values": values, **more}
        taken = TakeMeasurement.read(given)
        return self.services.measurements.take(self.actor, self.order_id, taken)[0]

    def complete(self, **fields: object) -> AssignmentAnswer:
        """End the order, with what a phone sends."""
        try:
            said = Complete.read_json(json.dumps(fields).encode())
        except ValidationError as error:
            raise refused(error) from None
        return self.services.assignments.act(self.actor, self.order_id, Action.COMPLETE, said)


@pytest.fixture
def on_scene(services: Services, dispatcher: Actor, yard: CrewYard, people: People) -> OnScene:
    """Return a function that brings a new crew to an incident."""

    def bring(incident_id: int, name: str = "gas1") -> CrewOnScene:
        crew_id = yard.put(name, 1, 1)
        actor = people.sign_up(name, Role.CREW, crew_id=crew_id)
        order, _ = services.sending.send(dispatcher, incident_id, SendCrew(crew_id=crew_id))
        for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
            services.assignments.act(actor, order["id"], action, Step())
        return CrewOnScene(services, actor, order["id"], incident_id)

    return bring


@pytest.fixture
def shipped_forms(owner_engine: Engine) -> Iterator[None]:
    """Have the forms as they were shipped again after a test that edits them."""
    yield
    put_back(owner_engine)


def put_back(owner: Engine) -> None:
    """Have the forms as they were shipped; what was measured by others goes."""
    with owner.begin() as connection:
        for statement in (
            "DELETE FROM measurement",
            "DELETE FROM form_version WHERE version > 1 OR form !~ '_reading$|^gas_final$'",
            "DELETE FROM form WHERE code !~ '_reading$|^gas_final$'",
            "UPDATE form SET version = 1, retired = false",
        ):
            connection.execute(text(statement))


def changed(services: Services, administrator: Actor, code: str, **fields: object) -> int:
    """Change a form that there is, in some of what it asks; return its new version."""
    forms = {each["code"]: each for each in services.forms.list(administrator)["forms"]}
    known = {name: forms[code][name] for name in ("name_en", "name_zh", "kinds", "asked", "fields")}
    wanted = SetForm.model_validate({**known, **fields})
    return services.forms.set(administrator, code, wanted)["version"]


def requiring(services: Services, administrator: Actor, code: str, field: str) -> int:
    """Have a field of a form required; return the form's new version."""
    forms = {each["code"]: each for each in services.forms.list(administrator)["forms"]}
    fields = [
        {**each, "required": each["required"] or each["code"] == field}
        for each in forms[code]["fields"]
    ]
    return changed(services, administrator, code, fields=fields)
