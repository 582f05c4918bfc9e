"""Let the serving role write what is administered in the browser: kinds, stations, layers.

Revision ID: 0041
Revises: 0037
"""

from alembic import op

from dispatch.migrations.roles import app_role

revision = "0041"
down_revision = "0037"
branch_labels = None
depends_on = None

_KIND_COLUMNS = "name_en, name_zh, default_priority, work_s, skill, sort"
_LAYERS = "layer, layer_feature, layer_overview"


def upgrade() -> None:
    """Grant it; policies keep each unit to its own."""
    role = app_role()
    op.execute(f"GRANT INSERT ON incident_kind TO {role}")
    op.execute(f"GRANT UPDATE ({_KIND_COLUMNS}) ON incident_kind TO {role}")
    op.execute(f"GRANT DELETE ON station TO {role}")
    op.execute(f"GRANT INSERT, UPDATE, DELETE ON {_LAYERS} TO {role}")


def downgrade() -> None:
    """Take it back."""
    role = app_role()
    op.execute(f"REVOKE INSERT ON incident_kind FROM {role}")
    op.execute(f"REVOKE UPDATE ({_KIND_COLUMNS}) ON incident_kind FROM {role}")
    op.execute(f"REVOKE DELETE ON station FROM {role}")
    op.execute(f"REVOKE INSERT, UPDATE, DELETE ON {_LAYERS} FROM {role}")
