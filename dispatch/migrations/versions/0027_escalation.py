"""Escalation chains, the chain of each order, and how far each order got to its crew."""

import json
from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0027"
down_revision: str | None = "0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE escalation_chain (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_escalation_chain PRIMARY KEY,
    kind text REFERENCES incident_kind (code),
    priority integer CONSTRAINT ck_escalation_chain_priority CHECK (priority BETWEEN 1 AND 4),
    answer_steps jsonb NOT NULL,
    setting_out_steps jsonb NOT NULL,
    rounds integer NOT NULL CONSTRAINT ck_escalation_chain_rounds CHECK (rounds BETWEEN 1 AND 5),
    auto_reoffer boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);
CREATE UNIQUE INDEX uq_escalation_chain_kind_priority
    ON escalation_chain (coalesce(kind, ''), coalesce(priority, 0));

CREATE TABLE order_chain (
    assignment_id bigint NOT NULL REFERENCES assignment (id)
        CONSTRAINT pk_order_chain PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incident (id),
    crew_id bigint NOT NULL REFERENCES crew (id),
    chain jsonb NOT NULL,
    round integer NOT NULL,
    waiting text CONSTRAINT ck_order_chain_waiting CHECK (waiting IN ('answer', 'setting_out')),
    alarm_at timestamptz,
    next_action text,
    next_at timestamptz,
    supervisor_at timestamptz,
    sought_at timestamptz,
    next_crew_id bigint REFERENCES crew (id),
    next_travel_time_s double precision,
    next_distance_m double precision
);
CREATE INDEX ix_order_chain_incident_id ON order_chain (incident_id);

CREATE TABLE chain_step (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_chain_step PRIMARY KEY,
    assignment_id bigint NOT NULL REFERENCES assignment (id),
    waiting text NOT NULL,
    round integer NOT NULL,
    action text NOT NULL CONSTRAINT ck_chain_step_action CHECK (action IN
        ('ring_again', 'second_channel', 'next_best', 'desk', 'supervisor', 'expire')),
    wait_s double precision NOT NULL,
    due_at timestamptz NOT NULL,
    done_at timestamptz,
    how text CONSTRAINT ck_chain_step_how CHECK (how IN ('fired', 'cancelled', 'lapsed')),
    CONSTRAINT ck_chain_step_done CHECK ((done_at IS NULL) = (how IS NULL))
);
CREATE INDEX ix_chain_step_undone ON chain_step (assignment_id, due_at, id)
    WHERE done_at IS NULL;
CREATE INDEX ix_chain_step_assignment_id ON chain_step (assignment_id);

CREATE TABLE assignment_mark (
    assignment_id bigint NOT NULL REFERENCES assignment (id),
    mark text NOT NULL CONSTRAINT ck_assignment_mark_mark
        CHECK (mark IN ('queued', 'delivered', 'rang', 'seen', 'accepted')),
    channel text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_assignment_mark PRIMARY KEY (assignment_id, mark, channel)
);
"""

_SHIP = """
INSERT INTO escalation_chain
    (priority, answer_steps, setting_out_steps, rounds, auto_reoffer, changed_at, changed_by)
VALUES ({priority}, '{answer}', '{setting_out}', {rounds}, false, now(), 'Nearcrew')
"""
# The desk is alarmed after 60 s, as it was when each browser kept that time for itself.
_SHIPPED: tuple[tuple[str, int, int, int, int], ...] = (
    # priority; supervisor after the alarm; not set out: ring, desk, supervisor
    ("NULL", 540, 240, 60, 900),
    ("1", 60, 60, 60, 120),
    ("2", 120, 120, 60, 300),
)


def _steps(**waits_s: int) -> str:
    return json.dumps([{"action": name, "wait_s": wait_s} for name, wait_s in waits_s.items()])


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    for priority, supervisor_s, ring_s, desk_s, then_s in _SHIPPED:
        op.execute(
            _SHIP.format(
                priority=priority,
                answer=_steps(
                    ring_again=20, second_channel=20, next_best=20, supervisor=supervisor_s
                ),
                setting_out=_steps(ring_again=ring_s, desk=desk_s, supervisor=then_s),
                rounds=1 if priority == "NULL" else 2,
            )
        )
    role = app_role()
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON escalation_chain TO {role}")
    op.execute(
        f"GRANT SELECT, INSERT, UPDATE ON order_chain, chain_step, assignment_mark TO {role}"
    )


def downgrade() -> None:
    """Revert; what happened is still in the event log."""
    op.execute("DROP TABLE assignment_mark, chain_step, order_chain, escalation_chain")
