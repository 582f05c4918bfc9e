"""All that a desk and its crews can do, in any order and with time passing, against a model."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from dispatch.bootstrap import Services
from tests.cities import GridCity
from tests.conftest import SettableClock
from tests.dispatch.machine.chains import ChainMachine
from tests.dispatch.machine.interrupting import InterruptMachine
from tests.dispatch.machine.merging import MergeMachine
from tests.dispatch.machine.offers import OfferMachine
from tests.dispatch.machine.plans import PlanMachine
from tests.dispatch.machine.replaying import ReplayingMachine

pytestmark = pytest.mark.postgis


class DispatchMachine(
    OfferMachine, ChainMachine, InterruptMachine, PlanMachine, MergeMachine, ReplayingMachine
):
    """The rules of all rooms together."""


@pytest.fixture
def machine(
    services: Services, owner_engine: Engine, grid_city: GridCity, clock: SettableClock
) -> Iterator[type[DispatchMachine]]:
    """Return the machine with the real services in it."""
    given = {
        "services": services,
        "engine": owner_engine,
        "city": grid_city,
        "clock": clock,
    }
    for name, value in given.items():
        setattr(DispatchMachine, name, value)
    yield DispatchMachine
    for name in given:
        delattr(DispatchMachine, name)


def test_no_sequence_of_decisions_leaves_the_rules(machine: type[DispatchMachine]) -> None:
    """Eight stories of up to forty steps, each on the real database."""
    run_state_machine_as_test(
        machine,
        settings=hypothesis_settings(
            max_examples=8,
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_no_long_sequence_of_decisions_leaves_the_rules(machine: type[DispatchMachine]) -> None:
    """Ten thousand steps in stories of a hundred, other ones each night."""
    run_state_machine_as_test(
        machine,
        settings=hypothesis_settings(
            max_examples=100,
            stateful_step_count=100,
            derandomize=False,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
