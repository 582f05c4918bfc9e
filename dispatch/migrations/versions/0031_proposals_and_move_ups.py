"""Proposals of crews for many incidents, and crews asked to stand elsewhere."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0031"
down_revision: str | None = "0028"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE proposal (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_proposal PRIMARY KEY,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    crews integer NOT NULL,
    rows jsonb NOT NULL
);
CREATE INDEX ix_proposal_made_at ON proposal (made_at);
CREATE TABLE proposal_sending (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_proposal_sending PRIMARY KEY,
    proposal_id bigint NOT NULL REFERENCES proposal (id) ON DELETE CASCADE,
    sent_at timestamptz NOT NULL,
    sent_by text NOT NULL,
    client_id text,
    rows jsonb NOT NULL
);
CREATE INDEX ix_proposal_sending_proposal_id ON proposal_sending (proposal_id);
CREATE UNIQUE INDEX uq_proposal_sending_client_id ON proposal_sending (proposal_id, client_id)
    WHERE client_id IS NOT NULL;
CREATE TABLE move_up (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_move_up PRIMARY KEY,
    crew_id bigint NOT NULL REFERENCES crew (id),
    point geometry(Point, 4326) NOT NULL,
    place text NOT NULL,
    reason text NOT NULL,
    why jsonb NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    accepted_at timestamptz,
    ended_at timestamptz,
    ended_how text
        CONSTRAINT ck_move_up_how
        CHECK (ended_how IN ('cancelled', 'declined', 'off_duty', 'sent')),
    ended_by text,
    CONSTRAINT ck_move_up_ended CHECK ((ended_at IS NULL) = (ended_how IS NULL))
);
CREATE UNIQUE INDEX uq_move_up_live_crew ON move_up (crew_id) WHERE ended_at IS NULL;
CREATE INDEX ix_move_up_crew_id ON move_up (crew_id);
"""
_GRANTED = ("proposal", "proposal_sending", "move_up")


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    for table in _GRANTED:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {app_role()}")


def downgrade() -> None:
    """Revert."""
    for table in reversed(_GRANTED):
        op.execute(f"DROP TABLE {table}")
