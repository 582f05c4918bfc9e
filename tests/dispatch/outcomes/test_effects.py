"""What outcomes mean together, as a table of all that two crews can say."""

from itertools import permutations
from itertools import product

import pytest

from dispatch.assignments.states import AssignmentState
from dispatch.incidents.states import IncidentState
from dispatch.incidents.states import incident_state
from dispatch.outcomes.states import Effect
from dispatch.outcomes.states import due_after
from dispatch.outcomes.states import follow_up_priority
from dispatch.outcomes.states import standing_effect

D, F, N = Effect.DONE, Effect.FOLLOW_UP, Effect.NOT_DONE
ON_THE_WAY = AssignmentState.EN_ROUTE
ENDED = AssignmentState.COMPLETED


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], None),
        ([D], D),
        ([F], F),
        ([N], N),
        # The first could not get in, the second did the work: it is done.
        ([N, D], D),
        ([N, F], F),
        ([N, N], N),
        # Whoever comes last and cannot do it is believed: somebody has to look.
        ([D, N], N),
        ([F, N], N),
        # What one left to be repaired stays to be repaired, whatever another did.
        ([F, D], F),
        ([D, F], F),
        ([D, D], D),
        ([F, F], F),
        ([F, N, D], F),
        ([N, D, N], N),
    ],
)
def test_what_crews_said_one_after_another_means_one_thing(
    said: list[Effect], expected: Effect | None
) -> None:
    """In the order in which they ended."""
    assert standing_effect(said) is expected


@pytest.mark.parametrize(
    ("first", "second", "meanwhile", "afterwards"),
    [
        (D, D, "assigned", "resolved"),
        (D, F, "assigned", "resolved"),
        (D, N, "assigned", "open"),
        (F, D, "assigned", "resolved"),
        (F, F, "assigned", "resolved"),
        (F, N, "assigned", "open"),
        (N, D, "assigned", "resolved"),
        (N, F, "assigned", "resolved"),
        (N, N, "assigned", "open"),
    ],
)
def test_while_the_second_crew_is_on_its_way_nothing_is_settled(
    first: Effect, second: Effect, meanwhile: str, afterwards: str
) -> None:
    """Crew A ends, crew B still drives; then B ends, too."""
    after_a = incident_state([ENDED, ON_THE_WAY], standing_effect([first]))
    after_b = incident_state([ENDED, ENDED], standing_effect([first, second]))

    assert (after_a, after_b) == (meanwhile, afterwards)


def test_nothing_said_last_as_not_done_is_ever_resolved() -> None:
    """Of all that up to four crews can say; and done it is only if nothing is left to follow."""
    for length in range(1, 5):
        for said in product(Effect, repeat=length):
            effect = standing_effect(said)
            resolved = incident_state([ENDED] * length, effect) is IncidentState.RESOLVED
            assert resolved == (said[-1] is not N)
            assert effect is not D or F not in said
    assert {standing_effect(each) for each in permutations([D, F])} == {F}


def test_a_follow_up_is_no_emergency_and_due_by_how_urgent_it_was() -> None:
    """Within a day for what was urgent, three days for the normal, a week for what can wait."""
    assert [follow_up_priority(each) for each in (1, 2, 3, 4)] == [2, 2, 3, 4]
    assert [due_after(each).total_seconds() / 3600 for each in (1, 2, 3, 4)] == [24, 24, 72, 168]
