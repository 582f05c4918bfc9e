"""Pages of administration at ten thousand rows: each way that somebody looks through a list."""

import gc
from collections.abc import Callable
from collections.abc import Mapping
from time import perf_counter
from typing import Any

import numpy as np
from pydantic_core import to_json
from sqlalchemy import text

from dispatch.access.permissions import SYSTEM
from dispatch.closures.types import ClosureListQuery
from dispatch.core.list_query import ListQuery
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from dispatch.crews.station_types import StationListQuery
from dispatch.devices.types import DeviceListQuery
from geodata.db import make_engine
from tests.benchmarks.city import City
from tests.benchmarks.results import Result

MOST_P95_MS = 100.0
ROWS = 10_000
_FILL = (
    """
    INSERT INTO station (name, point, unit_id)
    SELECT 'Station ' || number, ST_SetSRID(ST_MakePoint(7 + number / 1e6, 43), 4326),
        (CAST(:units AS bigint[]))[1 + number % :count]
    FROM generate_series(1, :rows) AS number
    """,
    """
    INSERT INTO closure (kind, marked, shown, direction, from_at, reason, version, created_at,
        created_by, lifted_at)
    SELECT 'area', shape, shape, 'both', now(), 'Works ' || number, 1, now(), 'somebody',
        CASE WHEN number % 100 > 0 THEN now() END
    FROM generate_series(1, :rows) AS number, LATERAL (SELECT ST_SetSRID(
        ST_MakeEnvelope(7 + number / 1e6, 43, 7.0001 + number / 1e6, 43.0001), 4326)) AS at (shape)
    """,
    """
    INSERT INTO credential (secret_hash, account_id, kind, created_at, expires_at, seen_at)
    SELECT encode(sha256(('device ' || number)::bytea), 'hex'),
        (SELECT min(id) FROM account), 'token', now(), now() + interval '1 day',
        now() - number * interval '1 second'
    FROM generate_series(1, :rows) AS number
    """,
)
_LOOKED_THROUGH: Mapping[str, tuple[type[ListQuery], Mapping[str, str]]] = {
    "stations": (StationListQuery, {"search": "9 station", "sort": "-name"}),
    "closures": (ClosureListQuery, {"search": "works 7", "sort": "reason"}),
    "devices": (DeviceListQuery, {"kind": "token", "sort": "created_at"}),
}


def fill(city: City, scope: Scope, rows: int = ROWS) -> None:
    """Add so many rows to each list, spread over the units of a scope."""
    owner = make_engine(city.owner_url)
    values = {"rows": rows, "units": list(scope.units), "count": len(scope.units)}
    try:
        with owner.begin() as connection:
            for statement in _FILL:
                connection.execute(text(statement), values)
            connection.execute(text("ANALYZE"))
    finally:
        owner.dispose()


def list_pages(city: City, scope: Scope, rows: int = ROWS, asked: int = 20) -> list[Result]:
    """Measure the first page, the last, and a searched and ordered one, of each list.

    As whoever sees the units of a scope, the answer's JSON included.
    """
    found = []
    services: Any = city.services
    for name, (query, narrowed) in _LOOKED_THROUGH.items():
        listed: Callable[..., Any] = getattr(services, name).list
        ways = (
            {"page": "1"},
            {"page": str(rows // 50)},
            {"page": "1", "per_page": "200"},
            {**narrowed, "page": "1"},
        )
        took_s = []
        with within(scope):
            for way in ways:
                wanted = query.model_validate(way)
                answer = listed(SYSTEM, wanted)
                for _ in range(asked):
                    gc.collect()
                    began_s = perf_counter()
                    to_json(listed(SYSTEM, wanted))
                    took_s.append(perf_counter() - began_s)
                if not answer[name]:
                    message = f"the list of {name} is empty: {way}"
                    raise AssertionError(message)
        p95_ms = 1000 * float(np.percentile(took_s, 95))
        found.append(Result(f"pages of {rows} {name}, p95", p95_ms, "ms", MOST_P95_MS))
    return found
