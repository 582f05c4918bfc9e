"""Every setting of the product, read once at the entry points and passed in."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.ground import base_map
from dispatch.ground.base_map import BaseMap

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Settings:
    """Typed settings; README documents each environment variable in one table."""

    database_url: str
    database_admin_url: str | None
    host: str
    port: int
    workers: int
    var_dir: Path
    demo: bool
    secret_key: str
    tls_cert: Path | None
    tls_key: Path | None
    default_radius_m: float = 5_000.0
    stale_fix_s: float = 300.0
    session_hours: float = 12.0
    token_hours: float = 12.0
    history_days: int = 30
    time_zone: str = "UTC"
    trusted_proxies: int = 0
    base_map: BaseMap = base_map.OWN

    @property
    def cache_dir(self) -> Path:
        """Where files live that any worker can rebuild."""
        return self.var_dir / "cache"

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from environment variables.

        Raises
        ------
        InvalidInput
            Naming the variable that is missing or cannot be understood.
        """
        env = os.environ if env is None else env
        database_url = env.get("DATABASE_URL", "")
        if not database_url:
            raise InvalidInput.one("DATABASE_URL", N_("is not set; `nearcrew serve` sets it"))
        var_dir = Path(env.get("NEARCREW_VAR") or "var").resolve()
        cert, key = env.get("NEARCREW_TLS_CERT"), env.get("NEARCREW_TLS_KEY")
        if bool(cert) != bool(key):
            missing = "NEARCREW_TLS_KEY" if cert else "NEARCREW_TLS_CERT"
            raise InvalidInput.one(missing, N_("is not set, though its partner is"))
        return cls(
            database_url=with_driver(database_url),
            database_admin_url=with_driver(env.get("DATABASE_ADMIN_URL") or "") or None,
            host=env.get("NEARCREW_HOST") or "127.0.0.1",
            port=int(_number(env, "NEARCREW_PORT", 8000, 1, 65_535)),
            workers=int(_number(env, "NEARCREW_WORKERS", 2, 1, 64)),
            var_dir=var_dir,
            demo=_flag(env, "NEARCREW_DEMO"),
            secret_key=env.get("NEARCREW_SECRET_KEY") or _stored_secret(var_dir),
            tls_cert=Path(cert) if cert else None,
            tls_key=Path(key) if key else None,
            default_radius_m=_number(env, "NEARCREW_RADIUS_M", 5_000, 100, 100_000),
            stale_fix_s=_number(env, "NEARCREW_STALE_FIX_S", 300, 5, 86_400),
            session_hours=_number(env, "NEARCREW_SESSION_HOURS", 12, 0.01, 720),
            token_hours=_number(env, "NEARCREW_TOKEN_HOURS", 12, 0.01, 8_760),
            history_days=int(_number(env, "NEARCREW_HISTORY_DAYS", 30, 1, 3_650)),
            time_zone=_zone(env, "NEARCREW_TIME_ZONE"),
            trusted_proxies=int(_number(env, "NEARCREW_TRUSTED_PROXIES", 0, 0, 10)),
            base_map=base_map.from_environment(env),
        )


def with_driver(url: str) -> str:
    """Return a PostgreSQL URL that names the psycopg 3 driver, whatever its scheme was."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _number(env: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    raw = env.get(name)
    if not raw:
        return float(default)
    try:
        value = float(raw)
    except ValueError:
        raise InvalidInput.one(name, N_("%(raw)s is not a number"), raw=raw) from None
    if not least <= value <= most:
        sentence = N_("%(raw)s is not between %(least)s and %(most)s")
        raise InvalidInput.one(name, sentence, raw=raw, least=least, most=most)
    return value


def _zone(env: Mapping[str, str], name: str) -> str:
    raw = env.get(name) or "UTC"
    try:
        return ZoneInfo(raw).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        message = N_("%(raw)s is not a time zone; one is Asia/Shanghai")
        raise InvalidInput.one(name, message, raw=raw) from None


def _flag(env: Mapping[str, str], name: str) -> bool:
    raw = env.get(name, "").strip().lower()
    if raw in _TRUE:
        return True
    if raw in _FALSE:
        return False
    raise InvalidInput.one(name, N_("%(raw)s is neither yes nor no"), raw=raw)


def _stored_secret(var_dir: Path) -> str:
    """Return the signing key kept outside the repository, made on first use.

    `O_EXCL` decides between two workers that start at the same moment: the loser reads.
    """
    path = var_dir / "secrets" / "session.key"
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
