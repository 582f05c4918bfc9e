"""Every setting of the product: one typed object, read at the entry points and passed in."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from typing import Any
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

from annotated_types import Ge
from annotated_types import Le
from pydantic import AfterValidator
from pydantic import BeforeValidator
from pydantic import Field
from pydantic import SecretStr
from pydantic import ValidationError
from pydantic import ValidationInfo
from pydantic import field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings
from pydantic_settings import EnvSettingsSource
from pydantic_settings import NoDecode
from pydantic_settings import SettingsConfigDict
from sqlalchemy.engine import make_url
from typing_extensions import override

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.limits import LARGEST_RECORDING_BYTES
from dispatch.core.limits import LEAST_RADIUS_M
from dispatch.core.limits import LEAST_RETENTION_DAYS
from dispatch.core.limits import MOST_RADIUS_M
from dispatch.core.limits import MOST_RETENTION_DAYS
from dispatch.ground import base_map
from dispatch.ground.base_map import BaseMap
from geodata.crs.datum import Datum

_TRUE = frozenset({"1", "true", "yes", "on"})
_LEAST_TOKEN_LENGTH = 16
# The last label has a letter, or it would be an address.
_HOST_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?")
_LANGUAGES = frozenset({"zh", "en"})
_WEB_ADDRESS = re.compile(r"https?://[^\s/@?#]+(?:/[^\s@?#]*)?")
_FALSE = frozenset({"", "0", "false", "no", "off"})


class _Refused(ValueError):
    def __init__(self, fields: tuple[FieldError, ...]) -> None:
        super().__init__()
        self.fields = fields

    @classmethod
    def one(cls, name: str, msgid: str, **params: object) -> "_Refused":
        return cls((FieldError(name, msgid, params),))


class _Variables(EnvSettingsSource):
    """Reads the mapping that it is given, not the environment of the process."""

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str]) -> None:
        self._variables = variables
        super().__init__(settings_cls)

    @override
    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name: raw for name, raw in self._variables.items() if raw.strip()}


def with_driver(url: str) -> str:
    """Return a PostgreSQL URL that names the psycopg 3 driver, whatever its scheme was."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def is_yes(raw: str | None) -> bool | None:
    """Return what a flag says, False when it is not set, None when it is neither yes nor no."""
    word = (raw or "").strip().lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def _flag(raw: object, info: ValidationInfo) -> object:
    if not isinstance(raw, str):
        return raw
    answer = is_yes(raw)
    if answer is None:
        message = N_("%(raw)s is neither yes nor no")
        raise _Refused.one(_variable(info.field_name), message, raw=raw)
    return answer


def _zone(raw: str, info: ValidationInfo) -> str:
    try:
        return ZoneInfo(raw).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        message = N_("%(raw)s is not a time zone; one is Asia/Shanghai")
        raise _Refused.one(_variable(info.field_name), message, raw=raw) from None


def _long_enough(token: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if token is not None and len(token.get_secret_value()) < _LEAST_TOKEN_LENGTH:
        message = N_("must have at least %(least)s characters")
        raise _Refused.one(_variable(info.field_name), message, least=_LEAST_TOKEN_LENGTH)
    return token


def _host_name(raw: str | None, info: ValidationInfo) -> str | None:
    """Refuse addresses: browsers bind security keys to names, and to no number."""
    name = (raw or "").strip().lower()
    if not name:
        return None
    if name != "localhost" and not _HOST_NAME.fullmatch(name):
        message = N_("%(raw)s is no host name such as dispatch.example.com")
        raise _Refused.one(_variable(info.field_name), message, raw=raw)
    return name


def _language(raw: str, info: ValidationInfo) -> str:
    if raw not in _LANGUAGES:
        message = N_("%(raw)s is neither zh nor en")
        raise _Refused.one(_variable(info.field_name), message, raw=raw)
    return raw


def _web_address(raw: str | None, info: ValidationInfo) -> str | None:
    """Refuse what no link can begin with."""
    address = (raw or "").strip().rstrip("/")
    if address and not _WEB_ADDRESS.fullmatch(address):
        message = N_("%(raw)s is no address such as https://report.example.com")
        raise _Refused.one(_variable(info.field_name), message, raw=raw)
    return address or None


def _words(raw: object) -> object:
    if not isinstance(raw, str):
        return raw
    return [word.strip() for word in raw.split(",") if word.strip()]


_DatabaseUrl = Annotated[str, AfterValidator(with_driver)]
_Flag = Annotated[bool, BeforeValidator(_flag)]


class Settings(BaseSettings):
    """Typed settings; README documents each environment variable in one table."""

    model_config = SettingsConfigDict(
        frozen=True,
        case_sensitive=True,
        extra="ignore",
        allow_inf_nan=False,
        validate_default=True,
        hide_input_in_errors=True,
    )

    # URLs may hold passwords, so they stay out of what is printed of the object.
    database_url: _DatabaseUrl = Field(validation_alias="DATABASE_URL", repr=False)
    database_admin_url: _DatabaseUrl | None = Field(
        None, validation_alias="DATABASE_ADMIN_URL", repr=False
    )
    database_worker_url: _DatabaseUrl | None = Field(
        None, validation_alias="DATABASE_WORKER_URL", repr=False
    )
    host: str = Field("127.0.0.1", validation_alias="NEARCREW_HOST")
    port: int = Field(8_000, ge=1, le=65_535, validation_alias="NEARCREW_PORT")
    workers: int = Field(2, ge=1, le=64, validation_alias="NEARCREW_WORKERS")
    var_dir: Annotated[Path, AfterValidator(Path.resolve)] = Field(
        Path("var"), validation_alias="NEARCREW_VAR"
    )
    demo: _Flag = Field(default=False, validation_alias="NEARCREW_DEMO")
    secret_key: SecretStr | None = Field(None, validation_alias="NEARCREW_SECRET_KEY")
    factor_key: Annotated[SecretStr | None, AfterValidator(_long_enough)] = Field(
        None, validation_alias="NEARCREW_FACTOR_KEY"
    )
    host_name: Annotated[str | None, AfterValidator(_host_name)] = Field(
        None, validation_alias="NEARCREW_HOST_NAME"
    )
    signon_file: Path | None = Field(None, validation_alias="NEARCREW_SIGNON")
    metrics_token: Annotated[SecretStr | None, AfterValidator(_long_enough)] = Field(
        None, validation_alias="NEARCREW_METRICS_TOKEN"
    )
    tls_cert: Path | None = Field(None, validation_alias="NEARCREW_TLS_CERT")
    tls_key: Path | None = Field(None, validation_alias="NEARCREW_TLS_KEY")
    default_radius_m: float = Field(
        5_000, ge=LEAST_RADIUS_M, le=MOST_RADIUS_M, validation_alias="NEARCREW_RADIUS_M"
    )
    stale_fix_s: float = Field(300, ge=5, le=86_400, validation_alias="NEARCREW_STALE_FIX_S")
    silent_s: float = Field(180, ge=0, le=86_400, validation_alias="NEARCREW_SILENT_S")
    acknowledge_s: float = Field(120, ge=10, le=3_600, validation_alias="NEARCREW_ACKNOWLEDGE_S")
    cover_within_s: float = Field(600, ge=60, le=7_200, validation_alias="NEARCREW_COVER_WITHIN_S")
    arrive_radius_m: float = Field(60, ge=10, le=1_000, validation_alias="NEARCREW_ARRIVE_RADIUS_M")
    set_out_s: float = Field(300, ge=30, le=7_200, validation_alias="NEARCREW_SET_OUT_S")
    unrecorded_skills_suffice: _Flag = Field(
        default=False, validation_alias="NEARCREW_UNRECORDED_SKILLS_SUFFICE"
    )
    ticket_warning_days: int = Field(
        30, ge=0, le=365, validation_alias="NEARCREW_TICKET_WARNING_DAYS"
    )
    rest_after_h: float | None = Field(None, gt=0, le=336, validation_alias="NEARCREW_REST_AFTER_H")
    rest_window_h: float = Field(24, ge=1, le=336, validation_alias="NEARCREW_REST_WINDOW_H")
    shift_reminder_s: float = Field(
        1_800, ge=60, le=86_400, validation_alias="NEARCREW_SHIFT_REMINDER_S"
    )
    body_idle_s: float = Field(15, ge=1, le=600, validation_alias="NEARCREW_BODY_IDLE_S")
    roads_wait_s: float = Field(1.5, ge=0.1, le=60, validation_alias="NEARCREW_ROADS_WAIT_S")
    speeds_file: Path | None = Field(None, validation_alias="NEARCREW_SPEEDS")
    emergency_kinds: Annotated[frozenset[str], NoDecode, BeforeValidator(_words)] = Field(
        frozenset(), validation_alias="NEARCREW_EMERGENCY_KINDS"
    )
    session_hours: float = Field(12, ge=0.01, le=720, validation_alias="NEARCREW_SESSION_HOURS")
    token_hours: float = Field(12, ge=0.01, le=8_760, validation_alias="NEARCREW_TOKEN_HOURS")
    history_days: int = Field(30, ge=1, le=3_650, validation_alias="NEARCREW_HISTORY_DAYS")
    track_days: int = Field(365, ge=1, le=3_650, validation_alias="NEARCREW_TRACK_DAYS")
    photo_days: int = Field(
        1_095,
        ge=LEAST_RETENTION_DAYS,
        le=MOST_RETENTION_DAYS,
        validation_alias="NEARCREW_PHOTO_DAYS",
    )
    video_mb: float = Field(
        20, ge=1, le=LARGEST_RECORDING_BYTES / 1e6, validation_alias="NEARCREW_VIDEO_MB"
    )
    audio_mb: float = Field(
        5, ge=0.5, le=LARGEST_RECORDING_BYTES / 1e6, validation_alias="NEARCREW_AUDIO_MB"
    )
    report_link_days: int = Field(30, ge=1, le=3_650, validation_alias="NEARCREW_REPORT_LINK_DAYS")
    personal_data_days: int = Field(
        1_095,
        ge=LEAST_RETENTION_DAYS,
        le=MOST_RETENTION_DAYS,
        validation_alias="NEARCREW_PERSONAL_DATA_DAYS",
    )
    reading_records: int = Field(60, ge=1, le=100_000, validation_alias="NEARCREW_READING_RECORDS")
    reading_minutes: float = Field(10, ge=1, le=1_440, validation_alias="NEARCREW_READING_MINUTES")
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        "UTC", validation_alias="NEARCREW_TIME_ZONE"
    )
    trusted_proxies: int = Field(0, ge=0, le=10, validation_alias="NEARCREW_TRUSTED_PROXIES")
    base_map_datum: Datum = Field(Datum.WGS84, validation_alias=base_map.DATUM)
    base_map_attribution: Annotated[str, AfterValidator(str.strip)] = Field(
        "", validation_alias=base_map.ATTRIBUTION
    )
    base_map_max_zoom: int = Field(
        base_map.DEFAULT_MAX_ZOOM, ge=1, le=base_map.LAST_ZOOM, validation_alias=base_map.MAX_ZOOM
    )
    # Validated after the three above, of which it is made.
    base_map: Annotated[BaseMap, NoDecode] = Field(base_map.OWN, validation_alias=base_map.SOURCE)

    caller_links: _Flag = Field(default=True, validation_alias="NEARCREW_CALLER_LINKS")
    caller_link_hours: float = Field(
        72, ge=0, le=8_760, validation_alias="NEARCREW_CALLER_LINK_HOURS"
    )
    caller_language: Annotated[str, AfterValidator(_language)] = Field(
        "zh", validation_alias="NEARCREW_CALLER_LANGUAGE"
    )
    caller_crew_names: _Flag = Field(default=False, validation_alias="NEARCREW_CALLER_CREW_NAMES")
    public_url: Annotated[str | None, AfterValidator(_web_address)] = Field(
        None, validation_alias="NEARCREW_PUBLIC_URL"
    )

    public_reports: _Flag = Field(default=False, validation_alias="NEARCREW_PUBLIC_REPORTS")
    public_reports_unit: str | None = Field(None, validation_alias="NEARCREW_PUBLIC_REPORTS_UNIT")
    emergency_phone: Annotated[str, AfterValidator(str.strip)] = Field(
        "", validation_alias="NEARCREW_EMERGENCY_PHONE"
    )
    relay_url: Annotated[str | None, AfterValidator(_web_address)] = Field(
        None, validation_alias="NEARCREW_RELAY_URL"
    )
    relay_secret: Annotated[SecretStr | None, AfterValidator(_long_enough)] = Field(
        None, validation_alias="NEARCREW_RELAY_SECRET"
    )

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__(_build_sources=((_Variables(type(self), variables),), {}))

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Return the settings that a mapping holds, or the environment of the process.

        Raises
        ------
        InvalidInput
            Naming every variable that is missing or cannot be understood.
        """
        try:
            return cls(os.environ if env is None else env)
        except ValidationError as error:
            found = error.errors(include_url=False)
        # Outside the handler: nothing that may hold a value is chained to what is shown.
        raise InvalidInput([refusal for each in found for refusal in _refusals(each)])

    def relay(self) -> tuple[str, str] | None:
        """Return where a relay is asked for reports, and the secret shared with it."""
        if self.relay_url is None or self.relay_secret is None:
            return None
        return self.relay_url, self.relay_secret.get_secret_value()

    @property
    def cache_dir(self) -> Path:
        """Where files live that any worker can rebuild."""
        return self.var_dir / "cache"

    @property
    def studies_dir(self) -> Path:
        """Where the files of planners' studies are kept."""
        return self.var_dir / "studies"

    def for_worker(self) -> "tuple[Settings, str | None]":
        """Return the settings of whoever does jobs, and the role it takes on for one company.

        It connects as a role of its own if there is one, and then takes on the application's.
        """
        url = self.database_worker_url
        if url is None or url == self.database_url:
            return self, None
        own = self.model_copy(update={"database_url": url})
        return own, make_url(self.database_url).username

    def session_key(self) -> str:
        """Return the key that signs sessions: the one set, or one made once and kept in a file."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        return _stored_secret(self.var_dir, "session.key")

    def factors_key(self) -> str:
        """Return the key that encrypts authenticator apps' secrets: set, or made once and kept.

        Not the sessions' key, which may be changed at any time: then only everybody signs in anew.
        """
        if self.factor_key is not None:
            return self.factor_key.get_secret_value()
        return _stored_secret(self.var_dir, "factors.key")

    @field_validator("tls_key")
    @classmethod
    def _both_or_neither(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if "tls_cert" in info.data and bool(info.data["tls_cert"]) != bool(key):
            missing = _variable("tls_cert" if key else "tls_key")
            raise _Refused.one(missing, N_("is not set, though its partner is"))
        return key

    @field_validator("base_map_datum", mode="before")
    @classmethod
    def _known_datum(cls, raw: object) -> object:
        try:
            return base_map.read_datum(str(raw))
        except InvalidInput as refused:
            raise _Refused(refused.fields) from None

    @field_validator("base_map", mode="before")
    @classmethod
    def _chosen_base_map(cls, raw: object, info: ValidationInfo) -> object:
        source = raw.strip() if isinstance(raw, str) else ""
        # What was refused above is missing here; the source is judged all the same.
        parts = {
            name: info.data[f"base_map_{name}"]
            for name in ("datum", "attribution", "max_zoom")
            if f"base_map_{name}" in info.data
        }
        try:
            return base_map.choose(source, **parts)
        except InvalidInput as refused:
            raise _Refused(refused.fields) from None


def _variable(name: str | None) -> str:
    """Return the environment variable that a field is read from."""
    return str(Settings.model_fields[name or ""].validation_alias)


def _refusals(error: ErrorDetails) -> tuple[FieldError, ...]:
    """Return one error of pydantic as our own sentences."""
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, _Refused):
        return cause.fields
    name = str(error["loc"][0])
    if error["type"] == "missing":
        return (FieldError(name, N_("is not set; `nearcrew serve` sets it")),)
    raw: dict[str, Any] = {"raw": error["input"]}
    if error["type"].startswith("int_"):
        return (FieldError(name, N_("%(raw)s is not a whole number"), raw),)
    if error["type"] in {"greater_than_equal", "less_than_equal"}:
        sentence = N_("%(raw)s is not between %(least)s and %(most)s")
        return (FieldError(name, sentence, {**raw, **_bounds(name)}),)
    return (FieldError(name, N_("%(raw)s is not a number"), raw),)


def _bounds(variable: str) -> dict[str, Any]:
    field = next(
        each for each in Settings.model_fields.values() if each.validation_alias == variable
    )
    least = next(each.ge for each in field.metadata if isinstance(each, Ge))
    most = next(each.le for each in field.metadata if isinstance(each, Le))
    return {"least": least, "most": most}


def _stored_secret(var_dir: Path, name: str) -> str:
    """Return a key kept outside the repository, made on first use.

    `O_EXCL` decides between two workers that start at the same moment: the loser reads.
    """
    path = var_dir / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text(encoding="ascii")
