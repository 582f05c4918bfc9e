"""Which orders go to the other crew, and which stay. Pure."""

from collections.abc import Collection
from collections.abc import Iterable
from typing import NamedTuple

from dispatch.assignments.states import AssignmentState
from dispatch.handovers.types import Kept


class LiveOrder(NamedTuple):
    """An order of the leaving crew as it is under the locks."""

    id: int
    incident_id: int
    state: AssignmentState


def divided(
    orders: Iterable[LiveOrder],
    *,
    named: Collection[int] | None,
    on_scene: Collection[int],
    judged: Collection[int],
    taken: Collection[int],
) -> tuple[list[LiveOrder], list[tuple[LiveOrder, Kept]]]:
    """Return which of a crew's orders are handed over, and which stay and why.

    A crew that has arrived meanwhile keeps its order: only what is named as such is taken from a
    crew on scene.

    Parameters
    ----------
    orders
        All live ones, in the crew's order.
    named
        Ids of those to hand over; None: all but where the crew is on scene.
    on_scene
        Ids of those to hand over even then.
    judged
        Incidents that the other crew was judged for; an order that came later was not looked at.
    taken
        Incidents that the other crew has an order for.
    """
    go: list[LiveOrder] = []
    stay: list[tuple[LiveOrder, Kept]] = []
    for order in orders:
        if named is not None and order.id not in named and order.id not in on_scene:
            continue
        if order.state is AssignmentState.ON_SCENE and order.id not in on_scene:
            stay.append((order, Kept.ON_SCENE))
        elif order.incident_id in taken:
            stay.append((order, Kept.ALREADY_SENT))
        elif order.incident_id not in judged:
            stay.append((order, Kept.NEW))
        else:
            go.append(order)
    return go, stay
