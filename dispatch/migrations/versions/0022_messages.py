"""Let desk and crews talk: messages, how far they were read, and the crews' notes among them."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0022"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_ID = "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
# Words may be empty: those that were kept long enough are erased.
_TABLES = f"""
CREATE TABLE message (
    id {_ID},
    incident_id bigint NOT NULL REFERENCES incident (id),
    side text NOT NULL,
    crew_id bigint REFERENCES crew (id),
    actor_id bigint NOT NULL,
    author text NOT NULL,
    client_id text,
    words text NOT NULL,
    written_at timestamptz NOT NULL,
    sent_at timestamptz NOT NULL,
    UNIQUE (actor_id, client_id),
    CONSTRAINT ck_message_side CHECK (side IN ('desk', 'crew')),
    CONSTRAINT ck_message_crew CHECK (side = 'desk' OR crew_id IS NOT NULL)
);
CREATE INDEX ix_message_incident_id_id ON message (incident_id, id);

CREATE TABLE message_read (
    id {_ID},
    incident_id bigint NOT NULL REFERENCES incident (id),
    crew_id bigint REFERENCES crew (id),
    up_to bigint NOT NULL REFERENCES message (id),
    actor_id bigint NOT NULL,
    reader text NOT NULL,
    read_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_message_read_desk ON message_read (incident_id, up_to)
    WHERE crew_id IS NULL;
CREATE UNIQUE INDEX uq_message_read_crew ON message_read (incident_id, crew_id, up_to)
    WHERE crew_id IS NOT NULL;
"""

# What a crew noted was meant for the desk. It is not new to anybody now: it counts as read, by
# nobody in particular.
_NOTES_OF_CREWS = (
    """
    INSERT INTO message (incident_id, side, crew_id, actor_id, author, client_id, words,
                         written_at, sent_at)
    SELECT incident_id, 'crew', crew_id, actor_id, author, client_id, words, written_at,
           received_at
    FROM incident_note WHERE crew_id IS NOT NULL ORDER BY id
    """,
    "DELETE FROM incident_note WHERE crew_id IS NOT NULL",
    """
    INSERT INTO message_read (incident_id, up_to, actor_id, reader, read_at)
    SELECT incident_id, max(id), 0, '', now() FROM message GROUP BY incident_id
    """,
)

# The function that erases what is personal, as it was, and one line for messages.
_ERASE_BEFORE = "    UPDATE public.incident_note SET words = '' WHERE incident_id = ANY (ids);\n"
_ERASE_TOO = "    UPDATE public.message SET words = '' WHERE incident_id = ANY (ids);\n"
_FUNCTION = "SELECT pg_get_functiondef('erase_personal_data'::regproc)"


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    for statement in _NOTES_OF_CREWS:
        op.execute(statement)
    whole = str(op.get_bind().exec_driver_sql(_FUNCTION).scalar_one())
    if _ERASE_BEFORE not in whole:
        message = "erase_personal_data is not the function that this migration adds to"
        raise RuntimeError(message)
    op.get_bind().exec_driver_sql(
        whole.replace(_ERASE_BEFORE, _ERASE_BEFORE + _ERASE_TOO).replace("%", "%%")
    )
    # What was said can be added to and never changed.
    op.execute(f"GRANT SELECT, INSERT ON message, message_read TO {app_role()}")


def downgrade() -> None:
    """Refuse: going back would throw away what people wrote."""
    message = "messages would be lost: restore a backup instead"
    raise NotImplementedError(message)
