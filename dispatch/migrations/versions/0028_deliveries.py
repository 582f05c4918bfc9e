"""Deliveries outside the open page: gateways, contacts, phones that take pushes."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0028"
down_revision: str | None = "0032"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE gateway (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_gateway PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL CONSTRAINT ck_gateway_kind CHECK (kind IN ('sms', 'call', 'chat', 'other')),
    url text NOT NULL,
    page_url text,
    enabled boolean NOT NULL,
    timeout_s double precision NOT NULL
        CONSTRAINT ck_gateway_timeout CHECK (timeout_s BETWEEN 0.1 AND 30),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    removed_at timestamptz,
    paused_until timestamptz,
    failures bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX uq_gateway_name ON gateway (name) WHERE removed_at IS NULL;

CREATE TABLE gateway_secret (
    gateway_id bigint CONSTRAINT pk_gateway_secret PRIMARY KEY REFERENCES gateway (id),
    secret text NOT NULL,
    set_at timestamptz NOT NULL
);

CREATE TABLE contact (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_contact PRIMARY KEY,
    crew_id bigint REFERENCES crew (id),
    role text,
    channel text NOT NULL CONSTRAINT ck_contact_channel CHECK (channel IN ('push', 'gateway')),
    gateway_id bigint REFERENCES gateway (id),
    address text NOT NULL,
    language text CONSTRAINT ck_contact_language CHECK (language IN ('en', 'zh')),
    sort integer NOT NULL,
    worked_at timestamptz,
    failed_at timestamptz,
    failure text,
    CONSTRAINT ck_contact_whose CHECK ((crew_id IS NULL) <> (role IS NULL)),
    CONSTRAINT ck_contact_gateway CHECK ((channel = 'gateway') = (gateway_id IS NOT NULL))
);
CREATE INDEX ix_contact_crew_id ON contact (crew_id);
CREATE INDEX ix_contact_gateway_id ON contact (gateway_id);

CREATE TABLE push_subscription (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_push_subscription PRIMARY KEY,
    crew_id bigint NOT NULL REFERENCES crew (id),
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    endpoint text NOT NULL CONSTRAINT uq_push_subscription_endpoint UNIQUE,
    p256dh text NOT NULL,
    auth text NOT NULL,
    language text NOT NULL,
    subscribed_at timestamptz NOT NULL,
    worked_at timestamptz,
    failed_at timestamptz,
    failure text
);
CREATE INDEX ix_push_subscription_crew_id ON push_subscription (crew_id);

CREATE TABLE push_key (
    id smallint CONSTRAINT pk_push_key PRIMARY KEY CONSTRAINT ck_push_key_one_row CHECK (id = 1),
    private_key text NOT NULL,
    public_key text NOT NULL,
    made_at timestamptz NOT NULL
);

CREATE TABLE delivery (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_delivery PRIMARY KEY,
    purpose text NOT NULL CONSTRAINT ck_delivery_purpose CHECK (
        purpose IN ('order', 'remind', 'offer', 'notice', 'check_in', 'supervisor', 'test')),
    crew_id bigint REFERENCES crew (id),
    role text,
    assignment_id bigint REFERENCES assignment (id),
    incident_id bigint REFERENCES incident (id),
    asked_in text,
    channel text NOT NULL
        CONSTRAINT ck_delivery_channel CHECK (channel IN ('page', 'push', 'gateway', 'none')),
    contact_id bigint REFERENCES contact (id) ON DELETE SET NULL,
    gateway_id bigint REFERENCES gateway (id),
    state text NOT NULL CONSTRAINT ck_delivery_state CHECK (state IN ('queued', 'sent',
        'delivered', 'rang', 'seen', 'answered', 'failed', 'cancelled')),
    failure text,
    detail text,
    attempts integer NOT NULL,
    answer text,
    data jsonb NOT NULL,
    requested_at timestamptz NOT NULL,
    sent_at timestamptz,
    delivered_at timestamptz,
    rang_at timestamptz,
    seen_at timestamptz,
    answered_at timestamptz,
    failed_at timestamptz,
    cancelled_at timestamptz,
    CONSTRAINT ck_delivery_whom CHECK ((crew_id IS NULL) <> (role IS NULL)),
    CONSTRAINT ck_delivery_failure CHECK (state <> 'failed' OR failure IS NOT NULL)
);
CREATE INDEX ix_delivery_assignment_id ON delivery (assignment_id);
CREATE INDEX ix_delivery_incident_id ON delivery (incident_id);
CREATE INDEX ix_delivery_way ON delivery (crew_id, channel, contact_id, (purpose = 'test'), id);
CREATE INDEX ix_delivery_queued ON delivery (assignment_id) WHERE state = 'queued';

ALTER TABLE crew_reach
    ADD COLUMN push boolean NOT NULL DEFAULT false,
    ADD COLUMN gateway boolean NOT NULL DEFAULT false;
"""
_NEW = ("delivery", "push_key", "push_subscription", "contact", "gateway_secret", "gateway")


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    role = app_role()
    op.execute(f"REVOKE ALL ON {', '.join(_NEW)} FROM PUBLIC")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON gateway, gateway_secret, delivery TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON contact, push_subscription TO {role}")
    op.execute(f"GRANT DELETE ON gateway_secret TO {role}")
    # Made once: another one would end every phone's subscription.
    op.execute(f"GRANT SELECT, INSERT ON push_key TO {role}")


def downgrade() -> None:
    """Revert."""
    op.execute("ALTER TABLE crew_reach DROP COLUMN push, DROP COLUMN gateway")
    for table in _NEW:
        op.execute(f"DROP TABLE {table}")
