"""Chains beside everything that begins and ends them."""

from hypothesis.stateful import invariant
from sqlalchemy import text

from tests.dispatch.machine.orders import OrderMachine
from tests.looking import looking

_CHAINS = text(
    """
SELECT a.state, a.rank, a.ended_at, i.state AS incident_state, c.waiting, c.next_at,
    (SELECT count(*) FROM deadline d
        WHERE d.assignment_id = a.id AND d.kind = 'chain_step' AND d.done_at IS NULL) AS deadlines
FROM assignment a JOIN incident i ON i.id = a.incident_id
    LEFT JOIN order_chain c ON c.assignment_id = a.id
"""
)


class ChainMachine(OrderMachine):
    """Looks at the chains after each step, time that passes included."""

    @invariant()
    def every_live_order_has_one_chain_that_waits_for_what_it_should(self) -> None:
        """And a chain has a deadline for its next step, and no other, as long as it waits."""
        with looking(self.engine) as connection:
            rows = connection.execute(_CHAINS).all()
        for row in rows:
            front = row.rank == 0 and row.ended_at is None
            waits_for = {"offered": "answer", "accepted": "setting_out"}.get(row.state)
            if row.ended_at is None or row.incident_state != "open":
                assert row.waiting == (waits_for if front else None), row
            assert row.deadlines == (1 if row.next_at else 0), row
            assert row.waiting or not row.next_at, row
