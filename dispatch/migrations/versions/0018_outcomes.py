"""Give the ends of orders a meaning: done, made safe with a follow-up, or not done.

What ended before is read anew. Orders that "could not get in" are not done: their incidents stay as
they are where the desk has closed them; where they still stood there as resolved, somebody may wait
behind a closed door, so they are open again and say why.
"""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE outcome (
    kind text NOT NULL REFERENCES incident_kind (code),
    code text NOT NULL CONSTRAINT ck_outcome_code CHECK (code ~ '^[a-z][a-z0-9_]*$'),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    effect text NOT NULL
        CONSTRAINT ck_outcome_effect CHECK (effect IN ('done', 'follow_up', 'not_done')),
    sort integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_outcome PRIMARY KEY (kind, code)
);

ALTER TABLE assignment
    ADD COLUMN outcome text,
    ADD COLUMN outcome_effect text,
    ADD COLUMN outcome_name_en text,
    ADD COLUMN outcome_name_zh text,
    ADD COLUMN completed_version integer,
    ADD CONSTRAINT ck_assignment_outcome_effect
        CHECK (outcome_effect IN ('done', 'follow_up', 'not_done'));

ALTER TABLE incident
    ADD COLUMN outcome_effect text,
    ADD COLUMN follow_up_of bigint REFERENCES incident (id),
    ADD COLUMN due_at timestamptz,
    ADD CONSTRAINT ck_incident_outcome_effect
        CHECK (outcome_effect IN ('done', 'follow_up', 'not_done'));
CREATE INDEX ix_incident_follow_up_of ON incident (follow_up_of) WHERE follow_up_of IS NOT NULL;
-- The last guard against two follow-ups of one incident, whichever crews end at the same instant.
CREATE UNIQUE INDEX uq_incident_live_follow_up ON incident (follow_up_of)
    WHERE follow_up_of IS NOT NULL AND state NOT IN ('closed', 'cancelled', 'merged');
"""

# ruff: noqa: E501  (rows of a list)
_FOR_EVERY_KIND = """
INSERT INTO outcome (kind, code, name_en, name_zh, effect, sort)
SELECT incident_kind.code, listed.*
FROM incident_kind CROSS JOIN (VALUES
    ('repaired', 'Repaired', '已修复', 'done', 10),
    ('put_right', 'Put right without repair', '已处理，无需维修', 'done', 30),
    ('nothing_found', 'Nothing found', '未发现异常', 'done', 40),
    ('false_alarm', 'False alarm', '误报', 'done', 50),
    ('made_safe', 'Made safe, repair to follow', '已消除危险，待后续修复', 'follow_up', 60),
    ('temporary_repair', 'Temporary repair, to be renewed', '已临时修复，待彻底修复', 'follow_up', 70),
    ('no_access', 'Could not get in', '无法进入现场', 'not_done', 80),
    ('nobody_there', 'Nobody there', '现场无人', 'not_done', 90),
    ('other_skill', 'Needs another skill or equipment', '需要其他专业或设备', 'not_done', 100),
    ('unsafe', 'Unsafe to work', '现场不安全，无法作业', 'not_done', 110)
) AS listed (code, name_en, name_zh, effect, sort)
"""
_FOR_SOME_KINDS = """
INSERT INTO outcome (kind, code, name_en, name_zh, effect, sort)
SELECT listed.* FROM (VALUES
    ('gas_leak', 'part_replaced', 'Part replaced, no gas measured', '已更换部件，检测无燃气', 'done', 20),
    ('gas_outage', 'supply_restored', 'Supply restored', '已恢复供气', 'done', 20),
    ('gas_meter_fault', 'meter_replaced', 'Meter replaced', '已更换燃气表', 'done', 20),
    ('heat_outage', 'supply_restored', 'Heating restored', '已恢复供暖', 'done', 20),
    ('heat_low_temperature', 'adjusted', 'Adjusted, rooms warm', '已调节，室温达标', 'done', 20),
    ('water_outage', 'supply_restored', 'Supply restored', '已恢复供水', 'done', 20),
    ('power_outage', 'supply_restored', 'Power restored', '已恢复供电', 'done', 20)
) AS listed (kind, code, name_en, name_zh, effect, sort)
JOIN incident_kind ON incident_kind.code = listed.kind
"""

# Crew pages sent codes as the result, and the crew's words as the reason; programs sent words as
# the result. What nobody gave a code to was taken as done, and stays so.
_READ_ANEW = """
UPDATE assignment SET outcome = outcome.code, outcome_effect = outcome.effect,
    outcome_name_en = outcome.name_en, outcome_name_zh = outcome.name_zh,
    result = assignment.reason, reason = NULL
FROM outcome JOIN incident ON incident.kind = outcome.kind
WHERE assignment.state = 'completed' AND incident.id = assignment.incident_id
    AND outcome.code = assignment.result
    AND outcome.code IN ('repaired', 'nothing_found', 'made_safe', 'no_access');
UPDATE assignment SET outcome_effect = 'done'
WHERE state = 'completed' AND outcome_effect IS NULL;
ALTER TABLE assignment ADD CONSTRAINT ck_assignment_completed
    CHECK (state <> 'completed' OR outcome_effect IS NOT NULL);

UPDATE incident SET outcome_effect = CASE
    WHEN said.effects[cardinality(said.effects)] = 'not_done' THEN 'not_done'
    WHEN 'follow_up' = ANY (said.effects) THEN 'follow_up'
    ELSE 'done' END
FROM (
    SELECT incident_id, round, array_agg(outcome_effect ORDER BY ended_at, id) AS effects
    FROM assignment WHERE state = 'completed' GROUP BY incident_id, round
) AS said
WHERE said.incident_id = incident.id AND said.round = incident.round;
"""

_OPEN_AGAIN = """
WITH opened AS (
    UPDATE incident SET state = 'open', version = version + 1, updated_at = now()
    WHERE state = 'resolved' AND outcome_effect = 'not_done'
    RETURNING id, round
)
INSERT INTO event (kind, at, occurred_at, actor, incident_id, assignment_id, crew_id, data)
SELECT DISTINCT ON (opened.id) 'incident.not_done', now(), now(), 'Nearcrew', opened.id,
    assignment.id, assignment.crew_id,
    jsonb_strip_nulls(jsonb_build_object('outcome', outcome, 'outcome_effect', outcome_effect,
        'outcome_name_en', outcome_name_en, 'outcome_name_zh', outcome_name_zh, 'result', result))
FROM opened JOIN assignment
    ON assignment.incident_id = opened.id AND assignment.round = opened.round
WHERE assignment.state = 'completed'
ORDER BY opened.id, assignment.ended_at DESC, assignment.id DESC
"""

# A crew's words can name people, too.
_ERASE_WORDS = """
CREATE FUNCTION erase_words_of_crews() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    UPDATE public.assignment SET result = NULL
    WHERE incident_id = NEW.id AND result IS NOT NULL;
    UPDATE public.event SET data = data - 'result' WHERE incident_id = NEW.id AND data ? 'result';
    RETURN NULL;
END
$body$;
REVOKE ALL ON FUNCTION erase_words_of_crews FROM PUBLIC;
CREATE TRIGGER erase_words_of_crews AFTER UPDATE OF erased_at ON incident
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION erase_words_of_crews();
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON outcome TO {app_role()}")
    for script in (_FOR_EVERY_KIND, _FOR_SOME_KINDS, _READ_ANEW, _OPEN_AGAIN, _ERASE_WORDS):
        op.execute(script)


def downgrade() -> None:
    """Refuse: what is not done would be taken as done again."""
    message = "orders that are not done would read as done: restore a backup instead"
    raise NotImplementedError(message)
