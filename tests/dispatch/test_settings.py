"""Settings: what is read from where, and what is said when it cannot be."""

import re
from pathlib import Path

import pytest

from dispatch.core.errors import InvalidInput
from dispatch.settings import Settings

README = Path(__file__).resolve().parents[2] / "README.md"
URL = {"DATABASE_URL": "postgresql:///x"}
# Of a command, not of the services.
_READ_ELSEWHERE = {
    "NEARCREW_PASSWORD",
    "NEARCREW_BACKUPS",
    "NEARCREW_BACKUP_DAYS",
    "NEARCREW_BACKUP_WEEKS",
    "NEARCREW_CLUSTER_KEPT",
    "NEARCREW_RELAY_FILE",
}


def refused(variables: dict[str, str]) -> InvalidInput:
    """Return the refusal of these variables."""
    with pytest.raises(InvalidInput) as error:
        Settings.from_environment(variables)
    return error.value


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL: is not set; `nearcrew serve` sets it"),
        (
            {"NEARCREW_TIME_ZONE": "Nowhere/Foo"},
            "NEARCREW_TIME_ZONE: Nowhere/Foo is not a time zone; one is Asia/Shanghai",
        ),
        ({"NEARCREW_PORT": "http"}, "NEARCREW_PORT: http is not a whole number"),
        ({"NEARCREW_PORT": "70000"}, "NEARCREW_PORT: 70000 is not between 1 and 65535"),
        ({"NEARCREW_RADIUS_M": "far"}, "NEARCREW_RADIUS_M: far is not a number"),
        ({"NEARCREW_RADIUS_M": "nan"}, "NEARCREW_RADIUS_M: nan is not a number"),
        ({"NEARCREW_DEMO": "perhaps"}, "NEARCREW_DEMO: perhaps is neither yes nor no"),
        (
            {"NEARCREW_METRICS_TOKEN": "short"},
            "NEARCREW_METRICS_TOKEN: must have at least 16 characters",
        ),
        (
            {"NEARCREW_TLS_CERT": "cert.pem"},
            "NEARCREW_TLS_KEY: is not set, though its partner is",
        ),
        (
            {"NEARCREW_TLS_KEY": "key.pem"},
            "NEARCREW_TLS_CERT: is not set, though its partner is",
        ),
        (
            {"NEARCREW_BASE_MAP_DATUM": "gcj02"},
            "NEARCREW_BASE_MAP_DATUM: our own tiles are WGS 84; it is of another source",
        ),
    ],
)
def test_a_wrong_setting_is_named(variables: dict[str, str], sentence: str) -> None:
    """Before anything starts."""
    assert refused({**URL, **variables}).message() == sentence


def test_all_wrong_settings_are_named_at_once() -> None:
    """Whoever mends one must not be sent back for the next."""
    error = refused({"NEARCREW_PORT": "0", "NEARCREW_DEMO": "x", "NEARCREW_BASE_MAP": "x.png"})

    assert [each.field for each in error.fields] == [
        "DATABASE_URL",
        "NEARCREW_PORT",
        "NEARCREW_DEMO",
        "NEARCREW_BASE_MAP",
    ]


def test_blank_is_not_set() -> None:
    """Service files and compose files often hold `NAME=`."""
    blank = {"NEARCREW_PORT": "", "NEARCREW_DEMO": " ", "NEARCREW_TIME_ZONE": "", "OTHER": "1"}

    assert Settings.from_environment({**URL, **blank}) == Settings.from_environment(URL)


def test_only_the_mapping_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment beside it nor a file that lies about."""
    monkeypatch.setenv("NEARCREW_PORT", "9999")
    (tmp_path / ".env").write_text("NEARCREW_PORT=9998\n")
    monkeypatch.chdir(tmp_path)

    assert Settings.from_environment(URL).port == 8000


def test_no_secret_is_printed() -> None:
    """Of what ends in a log."""
    secret = "swordfish swordfish"  # noqa: S105  (of this test)
    variables = {
        "DATABASE_URL": f"postgresql://u:{secret}@h/x",
        "DATABASE_ADMIN_URL": f"postgresql://o:{secret}@h/x",
        "NEARCREW_SECRET_KEY": secret,
        "NEARCREW_METRICS_TOKEN": secret,
    }

    settings = Settings.from_environment(variables)
    error = refused({**variables, "NEARCREW_PORT": "x"})

    assert settings.session_key() == secret
    assert settings.database_url == f"postgresql+psycopg://u:{secret}@h/x"
    assert secret not in f"{settings!r} {settings} {error!r} {error} {error.__context__!r}"


def test_settings_stay_as_they_were_read() -> None:
    """What is passed around is changed by nobody."""
    settings = Settings.from_environment(URL)

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


def test_a_session_key_is_made_once(tmp_path: Path) -> None:
    """Every worker signs with the same, and only the owner can read it."""
    variables = {**URL, "NEARCREW_VAR": str(tmp_path)}

    first = Settings.from_environment(variables).session_key()

    assert len(first) >= 48
    assert Settings.from_environment(variables).session_key() == first
    assert (tmp_path / "secrets" / "session.key").stat().st_mode & 0o077 == 0


def test_the_readme_lists_every_setting_with_its_default() -> None:
    """A table that nobody holds to the code soon describes another product."""
    table = dict(_rows(README.read_text(encoding="utf-8")))
    fields = {str(each.validation_alias): each for each in Settings.model_fields.values()}
    numbers = {
        name: f"`{field.default:g}`"
        for name, field in fields.items()
        if isinstance(field.default, int | float) and not isinstance(field.default, bool)
    }

    assert table.keys() - _READ_ELSEWHERE == fields.keys()
    assert {name: table[name] for name in numbers} == numbers
    for name in ("NEARCREW_HOST", "NEARCREW_TIME_ZONE", "NEARCREW_BASE_MAP_DATUM"):
        assert table[name] == f"`{fields[name].default}`"


def _rows(readme: str) -> list[tuple[str, str]]:
    """Return the names and defaults of the table under `Settings`."""
    section = readme.split("### Settings", 1)[1].split("\n#", 1)[0]
    rows = re.findall(r"^\| (`[A-Z].*?) \| (.*?) \|", section, re.MULTILINE)
    return [(name, said) for names, said in rows for name in re.findall(r"`(\w+)`", names)]
