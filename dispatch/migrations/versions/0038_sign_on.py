"""Second factors, who must have one, and accounts that a provider of sign-on vouches for."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.auditing import audited
from dispatch.migrations.roles import app_role

revision: str = "0038"
down_revision: str | None = "0047"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_ACCOUNT = """
ALTER TABLE account ADD COLUMN must_change_password boolean NOT NULL DEFAULT false;

-- A sign-in whose password was right and that is not complete: see `dispatch.accounts.attempts`.
ALTER TABLE credential
    DROP CONSTRAINT credential_kind_check,
    ADD CONSTRAINT credential_kind_check
        CHECK (kind IN ('token', 'session', 'attempt', 'proven'));
ALTER TABLE sign_in_count
    DROP CONSTRAINT sign_in_count_kind_check,
    ADD CONSTRAINT sign_in_count_kind_check
        CHECK (kind IN ('account', 'origin', 'address', 'code'));
"""
_FACTORS = """
CREATE TABLE time_code (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_time_code PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    sealed_secret bytea NOT NULL,
    last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz
);
CREATE UNIQUE INDEX uq_time_code_used ON time_code (account_id) WHERE confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX uq_time_code_new ON time_code (account_id) WHERE confirmed_at IS NULL;

CREATE TABLE recovery_code (
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code_hash text NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT pk_recovery_code PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE security_key (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_security_key PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    credential_id bytea NOT NULL CONSTRAINT uq_security_key_credential_id UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX ix_security_key_account_id ON security_key (account_id);

CREATE TABLE key_challenge (
    challenge bytea CONSTRAINT pk_key_challenge PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    bound_to text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_key_challenge_account_id ON key_challenge (account_id);

CREATE TABLE factor_rule (
    role text CONSTRAINT pk_factor_rule PRIMARY KEY,
    required boolean NOT NULL,
    grace_until timestamptz,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL
);
"""
_SIGN_ON = """
CREATE TABLE sign_on_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    linked_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    CONSTRAINT pk_sign_on_identity PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX uq_sign_on_identity_account ON sign_on_identity (issuer, account_id);

CREATE TABLE sign_on_invitation (
    issuer text NOT NULL,
    claimed_name text NOT NULL,
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    invited_at timestamptz NOT NULL,
    invited_by text NOT NULL,
    CONSTRAINT pk_sign_on_invitation PRIMARY KEY (issuer, claimed_name)
);
"""
_OF_ACCOUNTS = (
    "time_code",
    "recovery_code",
    "security_key",
    "key_challenge",
    "sign_on_identity",
    "sign_on_invitation",
)
_TABLES = (*_OF_ACCOUNTS, "factor_rule")


def upgrade() -> None:
    """Apply."""
    for script in (_ACCOUNT, _FACTORS, _SIGN_ON):
        op.execute(script)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(_TABLES)} TO {app_role()}")
    for table in _OF_ACCOUNTS:
        row_security.through(table, account_id="account")
    row_security.shared("factor_rule", "a rule of the whole installation")
    stamps = ("updated_at", "updated_by")
    audited("factor_rule", key=("role",), ignored=stamps)
    audited("time_code", ignored=("last_step",), hidden=("sealed_secret",))
    audited("recovery_code", key=("account_id",), hidden=("code_hash",))
    audited("security_key", ignored=("sign_count", "used_at"), hidden=("public_key",))
    audited("sign_on_identity", key=("issuer", "subject"), ignored=("seen_at",))
    audited("sign_on_invitation", key=("issuer", "claimed_name"))


def downgrade() -> None:
    """Revert; whoever had a second factor signs in with a password alone."""
    op.execute(f"DROP TABLE {', '.join(_TABLES)}")
    op.execute("DELETE FROM credential WHERE kind IN ('attempt', 'proven')")
    op.execute("DELETE FROM sign_in_count WHERE kind = 'code'")
    op.execute("""
        ALTER TABLE account DROP COLUMN must_change_password;
        ALTER TABLE credential
            DROP CONSTRAINT credential_kind_check,
            ADD CONSTRAINT credential_kind_check CHECK (kind IN ('token', 'session'));
        ALTER TABLE sign_in_count
            DROP CONSTRAINT sign_in_count_kind_check,
            ADD CONSTRAINT sign_in_count_kind_check
                CHECK (kind IN ('account', 'origin', 'address'));
    """)
