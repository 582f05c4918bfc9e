"""Response plans: which crews a kind of incident needs at which alarm level; and a crew's role.

Every kind begins with one crew of its own skill, as before: who needs no more notices nothing.
"""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0030"
down_revision: str | None = "0026"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE plan_task (
    kind text NOT NULL REFERENCES incident_kind (code),
    code text NOT NULL CONSTRAINT ck_plan_task_code CHECK (code ~ '^[a-z][a-z0-9_]*$'),
    level integer NOT NULL CONSTRAINT ck_plan_task_level CHECK (level BETWEEN 1 AND 5),
    crews integer NOT NULL CONSTRAINT ck_plan_task_crews CHECK (crews BETWEEN 1 AND 20),
    role text NOT NULL CONSTRAINT ck_plan_task_role CHECK (role IN ('lead', 'support')),
    skills text[] NOT NULL,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    sort integer NOT NULL,
    CONSTRAINT pk_plan_task PRIMARY KEY (kind, code),
    CONSTRAINT ck_plan_task_lead CHECK (role <> 'lead' OR (level = 1 AND crews = 1))
);
CREATE UNIQUE INDEX uq_plan_task_lead ON plan_task (kind) WHERE role = 'lead';

ALTER TABLE incident ADD COLUMN level integer NOT NULL DEFAULT 1
    CONSTRAINT ck_incident_level CHECK (level BETWEEN 1 AND 5);
ALTER TABLE assignment
    ADD COLUMN role text NOT NULL DEFAULT 'lead'
        CONSTRAINT ck_assignment_role CHECK (role IN ('lead', 'support')),
    ADD COLUMN task text,
    ADD COLUMN task_name_en text,
    ADD COLUMN task_name_zh text,
    ADD COLUMN decisive boolean NOT NULL DEFAULT true;
"""

# Of several crews that are on it now the one that was sent first leads.
_ROLES = """
UPDATE assignment SET role = 'support'
WHERE state IN ('offered', 'accepted', 'en_route', 'on_scene') AND EXISTS (
    SELECT FROM assignment AS earlier
    WHERE earlier.incident_id = assignment.incident_id AND earlier.id < assignment.id
        AND earlier.state IN ('offered', 'accepted', 'en_route', 'on_scene')
);
"""

_PLANS = """
INSERT INTO plan_task (kind, code, level, crews, role, skills, name_en, name_zh, sort)
SELECT kind.code, 'repair', 1, 1, 'lead',
    CASE WHEN kind.skill IS NULL THEN ARRAY[]::text[] ELSE ARRAY[kind.skill] END,
    coalesce(named.en, 'Repair crew'), coalesce(named.zh, '抢修班组'), 10
FROM incident_kind AS kind
LEFT JOIN (VALUES
    ('gas', 'Gas crew', '燃气班组'),
    ('heat', 'Heating crew', '供热班组'),
    ('water', 'Water crew', '供水班组'),
    ('power', 'Power crew', '电力班组')
) AS named (skill, en, zh) ON named.skill = kind.skill;

INSERT INTO plan_task (kind, code, level, crews, role, skills, name_en, name_zh, sort)
SELECT listed.* FROM (VALUES
    ('gas_leak', 'cordon', 2, 1, 'support', ARRAY['cordon'], 'Cordon crew', '警戒班组', 20),
    ('gas_leak', 'excavator', 3, 1, 'support', ARRAY['excavator'], 'Excavator', '挖掘机', 30),
    ('gas_leak', 'second', 3, 1, 'support', ARRAY['gas'], 'Second gas crew', '第二燃气班组', 40),
    ('heat_leak', 'cordon', 2, 1, 'support', ARRAY['cordon'], 'Cordon crew', '警戒班组', 20),
    ('heat_leak', 'excavator', 3, 1, 'support', ARRAY['excavator'], 'Excavator', '挖掘机', 30),
    ('water_burst', 'cordon', 2, 1, 'support', ARRAY['cordon'], 'Cordon crew', '警戒班组', 20),
    ('water_burst', 'excavator', 3, 1, 'support', ARRAY['excavator'], 'Excavator', '挖掘机', 30),
    ('power_line_down', 'cordon', 2, 1, 'support', ARRAY['cordon'], 'Cordon crew', '警戒班组', 20),
    ('power_line_down', 'second', 3, 1, 'support', ARRAY['power'], 'Second power crew',
        '第二电力班组', 30),
    ('gas_outage', 'second', 2, 1, 'support', ARRAY['gas'], 'Second gas crew', '第二燃气班组', 20),
    ('heat_outage', 'second', 2, 1, 'support', ARRAY['heat'], 'Second heating crew',
        '第二供热班组', 20),
    ('water_outage', 'second', 2, 1, 'support', ARRAY['water'], 'Second water crew',
        '第二供水班组', 20),
    ('power_outage', 'second', 2, 1, 'support', ARRAY['power'], 'Second power crew',
        '第二电力班组', 20)
) AS listed (kind, code, level, crews, role, skills, name_en, name_zh, sort)
JOIN incident_kind ON incident_kind.code = listed.kind;
"""


def upgrade() -> None:
    """Apply."""
    for script in (_TABLES, _ROLES, _PLANS):
        op.execute(script)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON plan_task TO {app_role()}")


def downgrade() -> None:
    """Refuse: an incident whose leading crew never came would read as done."""
    message = "what supporting crews ended would end incidents: restore a backup instead"
    raise NotImplementedError(message)
