"""People of crews, their tickets, vehicles with equipment, and lists of skills and equipment.

What a crew can do now (``crew.skills``, ``equipment``, ``emergency_drive``) stays in its row, where
the search for candidates reads it; what it follows from is kept beside it.
"""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.roles import app_role

revision: str = "0039"
down_revision: str | None = "0041"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_LISTS = """
CREATE TABLE skill (
    code text NOT NULL CONSTRAINT pk_skill PRIMARY KEY,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    sort integer NOT NULL,
    retired boolean NOT NULL DEFAULT false
);
INSERT INTO skill (code, name_en, name_zh, sort) VALUES
    ('gas', 'Gas', '燃气', 10),
    ('heat', 'Heat', '供热', 20),
    ('water', 'Water', '供水', 30),
    ('power', 'Power', '供电', 40),
    ('cordon', 'Cordon', '警戒', 50),
    ('excavator', 'Excavator', '挖掘机', 60);
-- Whatever else was typed until now stays a skill, under the name that it had.
INSERT INTO skill (code, name_en, name_zh, sort)
SELECT code, code, code, 100 FROM (
    SELECT unnest(skills) FROM crew
    UNION SELECT unnest(skills) FROM plan_task
    UNION SELECT skill FROM incident_kind WHERE skill IS NOT NULL
) AS used (code)
ON CONFLICT DO NOTHING;
ALTER TABLE incident_kind
    ADD CONSTRAINT fk_incident_kind_skill_skill FOREIGN KEY (skill) REFERENCES skill (code),
    ADD COLUMN equipment text[] NOT NULL DEFAULT '{}';

CREATE TABLE equipment (
    code text NOT NULL CONSTRAINT pk_equipment PRIMARY KEY,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    sort integer NOT NULL,
    retired boolean NOT NULL DEFAULT false
);
INSERT INTO equipment (code, name_en, name_zh, sort) VALUES
    ('gas_detector', 'Gas detector', '燃气检测仪', 10),
    ('breathing_apparatus', 'Breathing apparatus', '空气呼吸器', 20),
    ('pump', 'Pump', '抽水泵', 30),
    ('generator', 'Generator', '发电机', 40),
    ('valve_key', 'Valve key', '阀门扳手', 50),
    ('pipe_clamp', 'Pipe clamps', '管道抢修卡', 60);
"""

_CREW = """
ALTER TABLE crew
    ADD COLUMN own_skills text[] NOT NULL DEFAULT '{}',
    ADD COLUMN own_emergency_drive boolean NOT NULL DEFAULT false,
    ADD COLUMN lapsed_skills jsonb
        CONSTRAINT ck_crew_lapsed_skills CHECK (jsonb_typeof(lapsed_skills) = 'object'),
    ADD COLUMN equipment text[] NOT NULL DEFAULT '{}',
    ADD COLUMN retired_at timestamptz;
UPDATE crew SET own_skills = skills, own_emergency_drive = emergency_drive;
"""

# Intervals of one number each instead of an extension: GiST compares ranges without one.
_PEOPLE = """
CREATE TABLE person (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_person PRIMARY KEY,
    name text NOT NULL,
    personnel_number text,
    phone text NOT NULL DEFAULT '',
    account_id bigint REFERENCES account (id),
    created_at timestamptz NOT NULL,
    removed_at timestamptz
);
CREATE UNIQUE INDEX uq_person_account_id ON person (account_id) WHERE removed_at IS NULL;
CREATE INDEX ix_person_name ON person (name);

CREATE TABLE crew_member (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_crew_member PRIMARY KEY,
    crew_id bigint NOT NULL REFERENCES crew (id),
    person_id bigint NOT NULL REFERENCES person (id),
    leads boolean NOT NULL,
    from_on date NOT NULL,
    until_on date,
    CONSTRAINT ck_crew_member_period CHECK (until_on >= from_on),
    CONSTRAINT ex_crew_member_one_crew EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&, daterange(from_on, until_on, '[]') WITH &&),
    CONSTRAINT ex_crew_member_one_leader EXCLUDE USING gist (
        int8range(crew_id, crew_id, '[]') WITH &&, daterange(from_on, until_on, '[]') WITH &&)
        WHERE (leads)
);
CREATE INDEX ix_crew_member_crew_id ON crew_member (crew_id);
CREATE INDEX ix_crew_member_person_id ON crew_member (person_id);

CREATE TABLE skill_ticket (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_skill_ticket PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person (id),
    skill text NOT NULL REFERENCES skill (code),
    number text NOT NULL,
    issued_by text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    added_at timestamptz NOT NULL,
    added_by text NOT NULL,
    warned_at timestamptz,
    withdrawn_at timestamptz,
    withdrawn_on date,
    withdrawn_by text,
    withdrawn_why text,
    CONSTRAINT ck_skill_ticket_period CHECK (valid_until >= valid_from)
);
CREATE INDEX ix_skill_ticket_person_id ON skill_ticket (person_id);
CREATE INDEX ix_skill_ticket_valid_until ON skill_ticket (valid_until) WHERE withdrawn_at IS NULL;
"""

# A crew's skills follow from the tickets of all its members, whoever may see them: it reads past
# the policies on the rows, and returns days and numbers, nothing personal.
_FACTS = """
CREATE FUNCTION crew_ticket_facts(crew_ids bigint[])
RETURNS TABLE (crew_id bigint, ticket_id bigint, person_id bigint, skill text,
    member_from date, member_until date, valid_from date, valid_until date, withdrawn_on date,
    warned boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT member.crew_id, ticket.id, ticket.person_id, ticket.skill,
        member.from_on, member.until_on, ticket.valid_from, ticket.valid_until,
        ticket.withdrawn_on, ticket.warned_at IS NOT NULL
    FROM public.crew_member AS member
    JOIN public.skill_ticket AS ticket ON ticket.person_id = member.person_id
    WHERE member.crew_id = ANY (crew_ids)
    ORDER BY member.crew_id, ticket.id
$body$;
REVOKE ALL ON FUNCTION crew_ticket_facts FROM PUBLIC;
"""

_VEHICLES = """
CREATE TABLE vehicle (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_vehicle PRIMARY KEY,
    plate text NOT NULL,
    description text NOT NULL DEFAULT '',
    equipment text[] NOT NULL DEFAULT '{}',
    emergency boolean NOT NULL DEFAULT false,
    height_m double precision CONSTRAINT ck_vehicle_height_m CHECK (height_m > 0),
    weight_t double precision CONSTRAINT ck_vehicle_weight_t CHECK (weight_t > 0),
    crew_id bigint REFERENCES crew (id),
    crew_since timestamptz,
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    CONSTRAINT ck_vehicle_retired CHECK (retired_at IS NULL OR crew_id IS NULL)
);
CREATE INDEX ix_vehicle_crew_id ON vehicle (crew_id);
CREATE FUNCTION crew_vehicle_facts(crew_ids bigint[])
RETURNS TABLE (crew_id bigint, emergency boolean, equipment text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT crew_id, emergency, equipment FROM public.vehicle
    WHERE crew_id = ANY (crew_ids) ORDER BY crew_id, id
$body$;
REVOKE ALL ON FUNCTION crew_vehicle_facts FROM PUBLIC;
"""


_WITHIN_COMPANY = """
CREATE UNIQUE INDEX uq_person_company_id_personnel_number ON person (company_id, personnel_number);
CREATE UNIQUE INDEX uq_vehicle_company_id_plate ON vehicle (company_id, plate)
    WHERE retired_at IS NULL;
CREATE INDEX ix_person_unit_id ON person (unit_id);
CREATE INDEX ix_vehicle_unit_id ON vehicle (unit_id);
"""

# People and vehicles belong where their crew does, so that whoever keeps the crew keeps them; who
# borrows it sees neither.
_FOLLOW = """
CREATE FUNCTION follow_crew() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    IF TG_TABLE_NAME = 'vehicle' THEN
        SELECT unit_id INTO NEW.unit_id FROM public.crew WHERE id = NEW.crew_id;
        RETURN NEW;
    ELSIF TG_TABLE_NAME = 'crew_member' THEN
        UPDATE public.person SET unit_id = crew.unit_id
        FROM public.crew WHERE crew.id = NEW.crew_id AND person.id = NEW.person_id;
    ELSE
        UPDATE public.vehicle SET unit_id = NEW.unit_id WHERE crew_id = NEW.id;
        UPDATE public.person SET unit_id = NEW.unit_id
        FROM public.crew_member AS member
        WHERE member.crew_id = NEW.id AND member.person_id = person.id
            AND NOT EXISTS (SELECT FROM public.crew_member AS later
                WHERE later.person_id = person.id AND later.from_on > member.from_on);
    END IF;
    RETURN NULL;
END
$body$;
REVOKE ALL ON FUNCTION follow_crew FROM PUBLIC;
CREATE TRIGGER a_an_other BEFORE INSERT OR UPDATE OF crew_id ON vehicle
    FOR EACH ROW WHEN (NEW.crew_id IS NOT NULL) EXECUTE FUNCTION follow_crew();
CREATE TRIGGER follow_crew AFTER INSERT ON crew_member
    FOR EACH ROW EXECUTE FUNCTION follow_crew();
CREATE TRIGGER follow_crew AFTER UPDATE OF unit_id ON crew
    FOR EACH ROW WHEN (OLD.unit_id <> NEW.unit_id) EXECUTE FUNCTION follow_crew();
"""


def upgrade() -> None:
    """Apply."""
    for script in (_LISTS, _CREW, _PEOPLE, _FACTS, _VEHICLES):
        op.execute(script)
    for table in ("person", "vehicle"):
        row_security.belongs_to_unit(table)
        row_security.by_unit(table)
    row_security.through("crew_member", crew_id="crew")
    row_security.through("skill_ticket", person_id="person")
    for table in ("skill", "equipment"):
        row_security.shared(table, "a word of the whole installation")
    for script in (_WITHIN_COMPANY, _FOLLOW):
        op.execute(script)
    role = app_role()
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON skill, equipment TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON person, skill_ticket, vehicle TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON crew_member TO {role}")
    op.execute(f"GRANT UPDATE (equipment, skill) ON incident_kind TO {role}")
    op.execute(f"GRANT EXECUTE ON FUNCTION crew_ticket_facts, crew_vehicle_facts TO {role}")


def downgrade() -> None:
    """Revert; a crew keeps what it can do now."""
    op.execute("DROP TRIGGER follow_crew ON crew")
    op.execute("DROP FUNCTION crew_ticket_facts, crew_vehicle_facts")
    op.execute("DROP TABLE vehicle, skill_ticket, crew_member, person, equipment")
    op.execute("DROP FUNCTION follow_crew")
    op.execute(
        "ALTER TABLE crew DROP COLUMN own_skills, DROP COLUMN own_emergency_drive,"
        " DROP COLUMN lapsed_skills, DROP COLUMN equipment, DROP COLUMN retired_at"
    )
    op.execute(
        "ALTER TABLE incident_kind DROP COLUMN equipment,"
        " DROP CONSTRAINT fk_incident_kind_skill_skill"
    )
    op.execute("DROP TABLE skill")
