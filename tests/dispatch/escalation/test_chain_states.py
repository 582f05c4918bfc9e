"""Steps in time: pure rules. Arithmetic is shown."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.escalation.chain_checks import faults
from dispatch.escalation.states import AT_THE_CREW
from dispatch.escalation.states import PlannedStep
from dispatch.escalation.states import StepAction
from dispatch.escalation.states import StepRule
from dispatch.escalation.states import alarm_at
from dispatch.escalation.states import going_on
from dispatch.escalation.states import planned
from dispatch.escalation.states import sooner
from dispatch.escalation.types import SetChain

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
RING = StepRule(StepAction.RING_AGAIN, 20)
NEXT = StepRule(StepAction.NEXT_BEST, 40)
BOSS = StepRule(StepAction.SUPERVISOR, 60)
RULES = st.lists(
    st.builds(StepRule, st.sampled_from(list(StepAction)), st.integers(5, 600).map(float)),
    min_size=1,
    max_size=6,
)


def told(steps: list[PlannedStep]) -> list[tuple[str, float]]:
    """Return each step with its seconds after noon."""
    return [(each.action.value, (each.due_at - NOON).total_seconds()) for each in steps]


def test_steps_follow_each_other_and_rounds_follow_rounds() -> None:
    """20, 20 + 40 = 60, 60 + 60 = 120; then the same from 120 on."""
    steps = planned([RING, NEXT, BOSS], 2, NOON)

    assert told(steps) == [
        ("ring_again", 20),
        ("next_best", 60),
        ("supervisor", 120),
        ("ring_again", 140),
        ("next_best", 180),
        ("supervisor", 240),
    ]
    assert alarm_at(steps) == NOON + timedelta(seconds=60)


def test_a_refusal_seeks_the_next_at_once_and_keeps_the_distances_behind_it() -> None:
    """Declined at 25: sought at 25 instead of 60, 35 s sooner; the supervisor at 120 - 35 = 85."""
    undone = planned([RING, NEXT, BOSS], 1, NOON)[1:]

    steps = going_on(undone, [RING, NEXT, BOSS], 1, NOON + timedelta(seconds=25))

    assert told(steps) == [("next_best", 25), ("supervisor", 85)]
    assert [each.wait_s for each in steps] == [0, 60]


def test_a_supervisor_who_was_due_stays_due() -> None:
    """The second crew's chain begins at 60; the first one's supervisor was due at 120."""
    steps = planned([RING, NEXT, BOSS], 1, NOON + timedelta(seconds=60))

    moved = sooner(steps, NOON + timedelta(seconds=120), NOON + timedelta(seconds=60))

    assert told(moved) == [("ring_again", 80), ("next_best", 120), ("supervisor", 120)]


@given(RULES, st.integers(1, 5), st.integers(0, 4_000))
def test_what_goes_on_is_in_time_never_past_and_rings_nobody(
    rules: list[StepRule], rounds: int, ended_s: int
) -> None:
    """Whatever the chain and whenever the order ended."""
    ended_at = NOON + timedelta(seconds=ended_s)
    undone = [each for each in planned(rules, rounds, NOON) if each.due_at > ended_at]

    steps = going_on(undone, rules, 1, ended_at)

    instants = [each.due_at for each in steps]
    assert instants == sorted(instants)
    assert all(at >= ended_at for at in instants)
    assert not {each.action for each in steps} & AT_THE_CREW
    calls = [each for each in undone if each.action is StepAction.SUPERVISOR]
    kept = [each for each in steps if each.action is StepAction.SUPERVISOR]
    assert len(calls) == len(kept)


def test_what_is_wrong_with_a_chain_is_named_by_step() -> None:
    """A step of the other list, one behind the end, and a list that calls nobody."""
    wanted = SetChain.model_validate(
        {
            "answer_steps": [
                {"action": "desk", "wait_s": 5},
                {"action": "expire", "wait_s": 5},
                {"action": "ring_again", "wait_s": 5},
                {"action": "supervisor", "wait_s": 5},
            ],
            "setting_out_steps": [{"action": "ring_again", "wait_s": 5}],
            "auto_reoffer": True,
        }
    )

    assert [each.field for each in faults(wanted)] == [
        *("answer_steps.0.action", "answer_steps.2.action", "setting_out_steps"),
        *("auto_reoffer", "rounds"),
    ]
