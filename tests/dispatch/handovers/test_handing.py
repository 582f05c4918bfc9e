"""Which orders go and which stay: against what is said of each order on its own."""

from hypothesis import given
from hypothesis import strategies as st

from dispatch.assignments.states import AssignmentState
from dispatch.handovers.handing import LiveOrder
from dispatch.handovers.handing import divided
from dispatch.handovers.types import Kept

IDS = st.sets(st.integers(1, 5))


@given(
    on_scene_at=st.sampled_from([0, 1, 2]),
    named=st.none() | IDS,
    on_scene=IDS,
    judged=IDS,
    taken=IDS,
)
def test_each_order_that_is_asked_for_goes_or_stays_for_a_reason(
    on_scene_at: int,
    named: set[int] | None,
    on_scene: set[int],
    judged: set[int],
    taken: set[int],
) -> None:
    """Incident 10 × the order's number; one order at most is being worked on."""
    states = dict.fromkeys(range(1, 6), AssignmentState.ACCEPTED)
    states |= {on_scene_at: AssignmentState.ON_SCENE} if on_scene_at else {}
    orders = [LiveOrder(each, 10 * each, state) for each, state in states.items()]

    go, stay = divided(
        orders,
        named=named,
        on_scene=on_scene,
        judged={10 * each for each in judged},
        taken={10 * each for each in taken},
    )

    asked = set(states) if named is None else named | on_scene
    assert {each.id for each in go} | {order.id for order, _ in stay} == asked & set(states)
    assert len(go) + len(stay) == len(asked & set(states))
    for order in go:
        assert order.state is not AssignmentState.ON_SCENE or order.id in on_scene
        assert order.id in judged
        assert order.id not in taken
    for order, why in stay:
        assert why is not Kept.ON_SCENE or (order.id == on_scene_at and order.id not in on_scene)
        assert why is not Kept.ALREADY_SENT or order.id in taken
        assert why is not Kept.NEW or order.id not in judged
