"""Forms that crews fill in on the spot, what they measured, result codes, parts and minutes."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.auditing import audited
from dispatch.migrations.roles import app_role

revision: str = "0049"
down_revision: str | None = "0054"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE form (
    code text CONSTRAINT pk_form PRIMARY KEY
        CONSTRAINT ck_form_code CHECK (code ~ '^[a-z][a-z0-9_]*$'),
    version integer NOT NULL,
    kinds text[] NOT NULL DEFAULT '{}',
    sort integer NOT NULL,
    retired boolean NOT NULL DEFAULT false
);
CREATE TABLE form_version (
    form text NOT NULL CONSTRAINT fk_form_version_form_form REFERENCES form (code),
    version integer NOT NULL,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    asked text NOT NULL
        CONSTRAINT ck_form_version_asked CHECK (asked IN ('on_scene', 'before_completing')),
    fields jsonb NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    CONSTRAINT pk_form_version PRIMARY KEY (form, version)
);
CREATE TABLE measurement (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_measurement PRIMARY KEY,
    incident_id bigint NOT NULL
        CONSTRAINT fk_measurement_incident_id_incident REFERENCES incident (id),
    assignment_id bigint NOT NULL
        CONSTRAINT fk_measurement_assignment_id_assignment REFERENCES assignment (id),
    crew_id bigint NOT NULL CONSTRAINT fk_measurement_crew_id_crew REFERENCES crew (id),
    actor_id bigint NOT NULL,
    author text NOT NULL,
    client_id text,
    form text NOT NULL,
    form_version integer NOT NULL,
    taken_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    verdict text NOT NULL
        CONSTRAINT ck_measurement_verdict CHECK (verdict IN ('ok', 'warn', 'alarm')),
    values jsonb NOT NULL,
    words jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT uq_measurement_actor_id UNIQUE (actor_id, client_id),
    CONSTRAINT fk_measurement_form_form_version
        FOREIGN KEY (form, form_version) REFERENCES form_version (form, version)
);
CREATE INDEX ix_measurement_incident_id ON measurement (incident_id);
CREATE INDEX ix_measurement_assignment_id ON measurement (assignment_id);
CREATE TABLE result_code (
    kind text NOT NULL CONSTRAINT fk_result_code_kind_incident_kind REFERENCES incident_kind (code),
    code text NOT NULL CONSTRAINT ck_result_code_code CHECK (code ~ '^[a-z][a-z0-9_]*$'),
    code_group text NOT NULL
        CONSTRAINT ck_result_code_code_group CHECK (code_group IN ('cause', 'repair')),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    sort integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_result_code PRIMARY KEY (kind, code)
);
CREATE TABLE part (
    code text CONSTRAINT pk_part PRIMARY KEY
        CONSTRAINT ck_part_code CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9_.-]*$'),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    unit_en text NOT NULL DEFAULT '',
    unit_zh text NOT NULL DEFAULT '',
    sort integer NOT NULL,
    retired boolean NOT NULL DEFAULT false
);
ALTER TABLE assignment ADD COLUMN work jsonb, ADD COLUMN breach jsonb;
"""

# Whatever erases an incident's words, those in its forms go, too.
_ERASE = """
CREATE FUNCTION erase_measured_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    UPDATE public.measurement SET words = '{}' WHERE incident_id = NEW.id AND words <> '{}';
    RETURN NULL;
END
$body$;
REVOKE ALL ON FUNCTION erase_measured_words FROM PUBLIC;
CREATE TRIGGER erase_measured_words AFTER UPDATE OF erased_at ON incident
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION erase_measured_words();
"""


def _field(code: str, english: str, chinese: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a field as it is stored."""
    plain: dict[str, Any] = {"type": "number", "required": False, "unit_en": "", "unit_zh": ""}
    limits = ("least", "most", "alarm_low", "warn_low", "warn_high", "alarm_high")
    plain |= {**dict.fromkeys(limits), "choices": []}
    unit = more.pop("unit", "")
    return {
        "code": code,
        "name_en": english,
        "name_zh": chinese,
        **plain,
        "unit_en": unit,
        "unit_zh": unit,
        **more,
    }


def _choice(code: str, english: str, chinese: str) -> dict[str, str]:
    return {"code": code, "name_en": english, "name_zh": chinese}


_PLACES = [
    _choice("indoors", "Indoors", "室内"),
    _choice("cellar", "Cellar or shaft", "地下室或井内"),
    _choice("outdoors", "Outdoors", "室外"),
]
_LEL = {"unit": "% LEL", "least": 0, "most": 100, "warn_high": 10, "alarm_high": 20}
_BAR = {"unit": "bar", "least": 0, "most": 40}
# Nothing is required as shipped: what a company's crews must fill in is the company's to say, and
# an upgrade keeps no order from ending.
_FORMS: list[tuple[str, list[str], str, str, str, list[dict[str, Any]]]] = [
    (
        "gas_reading",
        ["gas_leak", "gas_outage", "gas_meter_fault"],
        "Gas measurement",
        "燃气检测",
        "on_scene",
        [
            _field("concentration", "Gas concentration", "燃气浓度", **_LEL),
            _field(
                *("methane", "Methane", "甲烷"),
                unit="ppm",
                least=0,
                most=50_000,
                warn_high=5_000,
                alarm_high=10_000,
            ),
            _field(
                *("pressure", "Pressure at the meter", "表前压力"),
                unit="kPa",
                least=0,
                most=400,
                warn_low=1.5,
                warn_high=3,
                alarm_high=5,
            ),
            _field("place", "Measured where", "检测位置", type="choice", choices=_PLACES),
            _field("remark", "Remark", "备注", type="text"),
        ],
    ),
    (
        "gas_final",
        ["gas_leak"],
        "Gas: last check",
        "燃气复检",
        "before_completing",
        [
            _field("concentration", "Gas concentration at the end", "复检燃气浓度", **_LEL),
            _field("tight", "Tightness test passed", "气密性试验合格", type="yes_no"),
        ],
    ),
    (
        "heat_reading",
        ["heat_leak", "heat_outage", "heat_low_temperature"],
        "Heating measurement",
        "供热检测",
        "on_scene",
        [
            _field("supply", "Supply temperature", "供水温度", unit="°C", least=-20, most=200),
            _field("return", "Return temperature", "回水温度", unit="°C", least=-20, most=200),
            _field(
                *("room", "Room temperature", "室内温度"),
                unit="°C",
                least=-40,
                most=60,
                alarm_low=14,
                warn_low=18,
            ),
            _field("pressure", "Pressure", "压力", **_BAR, warn_low=1, warn_high=10, alarm_high=16),
        ],
    ),
    (
        "water_reading",
        ["water_burst", "water_outage", "water_leak"],
        "Water measurement",
        "供水检测",
        "on_scene",
        [
            _field("pressure", "Pressure", "压力", **_BAR, alarm_low=0.5, warn_low=1.4),
            _field(
                *("chlorine", "Free chlorine", "余氯"),
                unit="mg/L",
                least=0,
                most=20,
                alarm_low=0.05,
                warn_low=0.1,
                warn_high=2,
                alarm_high=4,
            ),
            _field(
                *("turbidity", "Turbidity", "浊度"),
                unit="NTU",
                least=0,
                most=4_000,
                warn_high=1,
                alarm_high=3,
            ),
        ],
    ),
    (
        "power_reading",
        ["power_line_down", "power_outage", "power_fault"],
        "Voltage measurement",
        "电压检测",
        "on_scene",
        [
            _field(
                *("voltage", "Voltage", "电压"),
                unit="V",
                least=0,
                most=1_000_000,
            ),
            _field("dead", "Proved dead", "已验明无电", type="yes_no"),
            _field("earthed", "Earthed", "已接地", type="yes_no"),
        ],
    ),
]

_CODES = """
INSERT INTO result_code (kind, code, code_group, name_en, name_zh, sort)
SELECT incident_kind.code, listed.code, code_group, listed.name_en, listed.name_zh, listed.sort
FROM incident_kind JOIN (VALUES
    (NULL, 'third_party', 'cause', 'Damage by others', '第三方破坏', 10),
    (NULL, 'wear', 'cause', 'Wear and age', '老化磨损', 20),
    (NULL, 'corrosion', 'cause', 'Corrosion', '腐蚀', 30),
    (NULL, 'frost', 'cause', 'Frost', '冻裂', 40),
    (NULL, 'customer_side', 'cause', 'On the customer''s side', '用户侧原因', 50),
    (NULL, 'cause_unknown', 'cause', 'Unknown', '原因不明', 90),
    ('gas', 'loose_joint', 'cause', 'Loose joint', '接头松动', 35),
    ('gas', 'hose', 'cause', 'Hose of an appliance', '灶具软管', 36),
    ('power', 'overload', 'cause', 'Overload', '过载', 35),
    ('power', 'weather', 'cause', 'Wind, tree or lightning', '风、树木或雷击', 36),
    (NULL, 'shut_off', 'repair', 'Shut off', '已关断', 110),
    (NULL, 'tightened', 'repair', 'Tightened or adjusted', '已紧固或调节', 120),
    (NULL, 'replaced', 'repair', 'Part replaced', '已更换部件', 130),
    ('gas', 'clamped', 'repair', 'Clamp set', '已安装抱箍', 140),
    ('heat', 'clamped', 'repair', 'Clamp set', '已安装抱箍', 140),
    ('water', 'clamped', 'repair', 'Clamp set', '已安装抱箍', 140),
    ('heat', 'vented', 'repair', 'Vented', '已排气', 150),
    ('power', 'switched_over', 'repair', 'Switched over', '已倒闸', 140)
) AS listed (utility, code, code_group, name_en, name_zh, sort)
    ON listed.utility IS NULL OR listed.utility = incident_kind.utility
"""
_PARTS = """
INSERT INTO part (code, name_en, name_zh, unit_en, unit_zh, sort) VALUES
    ('ball_valve_dn15', 'Ball valve DN 15', '球阀 DN15', 'pcs', '个', 10),
    ('ball_valve_dn25', 'Ball valve DN 25', '球阀 DN25', 'pcs', '个', 20),
    ('gasket', 'Gasket', '密封垫', 'pcs', '个', 30),
    ('repair_clamp', 'Repair clamp', '抢修抱箍', 'pcs', '个', 40),
    ('pe_pipe_de63', 'PE pipe De 63', 'PE 管 De63', 'm', '米', 50),
    ('gas_hose', 'Hose for appliances', '灶具软管', 'm', '米', 60),
    ('gas_meter_g4', 'Gas meter G4', '燃气表 G4', 'pcs', '只', 70),
    ('fuse', 'Fuse', '熔断器', 'pcs', '只', 80),
    ('cable', 'Cable', '电缆', 'm', '米', 90)
"""


def upgrade() -> None:
    """Apply."""
    role = app_role()
    op.execute(_TABLES)
    _keep_forms()
    for script in (_CODES, _PARTS, _ERASE):
        op.execute(script)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON form, result_code, part TO {role}")
    op.execute(f"GRANT SELECT, INSERT ON form_version, measurement TO {role}")
    row_security.through("measurement", incident_id="incident")
    for table, what in (
        ("form", "a form"),
        ("form_version", "a form"),
        ("result_code", "a word"),
        ("part", "a word"),
    ):
        row_security.shared(table, f"{what} of the whole installation")
    audited("form", key=("code",))
    audited("form_version", key=("form", "version"))
    audited("result_code", key=("kind", "code"))
    audited("part", key=("code",))


def downgrade() -> None:
    """Revert; what was measured is lost."""
    op.execute("DROP TRIGGER erase_measured_words ON incident")
    op.execute("DROP FUNCTION erase_measured_words")
    op.execute("ALTER TABLE assignment DROP COLUMN work, DROP COLUMN breach")
    op.execute("DROP TABLE measurement, form_version, form, result_code, part")


def _keep_forms() -> None:
    connection = op.get_bind()
    known = set(connection.execute(sa.text("SELECT code FROM incident_kind")).scalars())
    for place, (code, kinds, english, chinese, asked, fields) in enumerate(_FORMS, 1):
        there = [kind for kind in kinds if kind in known]
        if not there:
            continue
        connection.execute(
            sa.text("INSERT INTO form (code, version, kinds, sort) VALUES (:code, 1, :kinds, :n)"),
            {"code": code, "kinds": there, "n": 10 * place},
        )
        connection.execute(
            sa.text(
                "INSERT INTO form_version"
                " (form, version, name_en, name_zh, asked, fields, made_at, made_by) VALUES"
                " (:code, 1, :english, :chinese, :asked, CAST(:fields AS jsonb), now(), 'Nearcrew')"
            ),
            {
                "code": code,
                "english": english,
                "chinese": chinese,
                "asked": asked,
                "fields": json.dumps(fields, ensure_ascii=False),
            },
        )
