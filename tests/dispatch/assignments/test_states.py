"""States follow from rules, in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import TRANSITIONS
from dispatch.assignments.states import Action
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import is_done
from dispatch.crews.states import crew_state
from dispatch.incidents.states import IncidentState
from dispatch.incidents.states import incident_state
from dispatch.outcomes.states import Effect

S = AssignmentState


@pytest.mark.parametrize(
    ("assignments", "effect", "expected"),
    [
        ([], None, IncidentState.OPEN),
        ([S.DECLINED, S.WITHDRAWN, S.EXPIRED], None, IncidentState.OPEN),
        ([S.OFFERED], None, IncidentState.ASSIGNED),
        ([S.EN_ROUTE, S.COMPLETED], Effect.DONE, IncidentState.ASSIGNED),
        ([S.EN_ROUTE, S.COMPLETED], Effect.NOT_DONE, IncidentState.ASSIGNED),
        ([S.ON_SCENE, S.OFFERED], None, IncidentState.ON_SCENE),
        ([S.COMPLETED, S.WITHDRAWN], Effect.DONE, IncidentState.RESOLVED),
        ([S.COMPLETED, S.WITHDRAWN], Effect.FOLLOW_UP, IncidentState.RESOLVED),
        ([S.COMPLETED, S.WITHDRAWN], Effect.NOT_DONE, IncidentState.OPEN),
    ],
)
def test_an_incident_is_where_its_assignments_are(
    assignments: list[AssignmentState], effect: Effect | None, expected: IncidentState
) -> None:
    """The furthest live one decides; without any, what those who ended it said."""
    assert incident_state(assignments, effect) is expected


@given(st.lists(st.sampled_from(AssignmentState)), st.sampled_from([None, *Effect]))
def test_an_incident_is_open_or_resolved_only_when_nobody_is_on_it(
    assignments: list[AssignmentState], effect: Effect | None
) -> None:
    """No order can be alive on an incident that looks finished or forgotten."""
    idle = {IncidentState.OPEN, IncidentState.RESOLVED}

    assert (incident_state(assignments, effect) in idle) == (not set(assignments) & LIVE_STATES)


def test_every_step_leads_forward_or_ends_the_order() -> None:
    """From offered to completed there is one way, and no way back."""
    order = [S.OFFERED, S.ACCEPTED, S.EN_ROUTE, S.ON_SCENE, S.COMPLETED]
    forward = [Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE]

    for step, source, target in zip(forward, order, order[1:], strict=False):
        assert TRANSITIONS[step].sources == {source}
        assert TRANSITIONS[step].target is target
    assert all(transition.sources <= LIVE_STATES for transition in TRANSITIONS.values())


def test_an_order_outranks_the_duty_switch() -> None:
    """A crew that goes off duty on its way is still on its way."""
    assert crew_state("off_duty", "en_route") == "en_route"
    assert crew_state("on_duty", None) == "idle"
    assert crew_state("on_break", None) == "on_break"


@pytest.mark.parametrize(
    ("action", "behind"),
    [
        (Action.ACCEPT, {S.ACCEPTED, S.EN_ROUTE, S.ON_SCENE, S.COMPLETED}),
        (Action.ARRIVE, {S.ON_SCENE, S.COMPLETED}),
        (Action.DECLINE, {S.DECLINED}),
    ],
)
def test_a_step_that_lies_behind_an_order_was_done_by_somebody_else(
    action: Action, behind: set[AssignmentState]
) -> None:
    """A second phone of the crew is told so, and may go on."""
    assert {state for state in S if is_done(TRANSITIONS[action], state)} == behind
