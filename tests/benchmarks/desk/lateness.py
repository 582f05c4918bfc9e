"""How late a worker acts on deadlines when very many are set: offers that nobody accepts."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from time import sleep

import numpy as np
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.incidents.types import CreateIncident
from dispatch.offers.types import MakeOffer
from geodata.db import make_engine
from scripts.serving.worker_command import worker_command
from tests.benchmarks.city import SEED
from tests.benchmarks.city import City
from tests.benchmarks.clients import UnexpectedAnswerError

_BEGIN_S = 1.0
_PATIENCE_S = 120.0
_LOOK_EVERY_S = 0.02
_SPREAD = text(
    "WITH drawn AS (SELECT id, clock_timestamp() + make_interval(secs => :begin_s + :spread_s"
    " * random()) AS at FROM deadline WHERE done_at IS NULL AND kind = 'offer_ends')"
    " UPDATE deadline SET due_at = drawn.at, next_at = drawn.at FROM drawn"
    " WHERE deadline.id = drawn.id"
)
_FIRST = text(
    "UPDATE deadline SET due_at = now(), next_at = now() WHERE id ="
    " (SELECT max(id) FROM deadline WHERE kind = 'offer_ends')"
)
_DONE = text(
    "SELECT id, extract(epoch FROM clock_timestamp() - due_at)::float AS late_s FROM deadline"
    " WHERE how = 'acted' AND kind = 'offer_ends' AND NOT id = ANY (:known)"
)


def lateness(city: City, *, deadlines: int, spread_s: float) -> list[float]:
    """Return how late each of so many deadlines was seen acted on; seconds.

    They fall due at random within ``spread_s``, long set by then, and each ends an offer that two
    crews were asked for, with its event. Seen from outside: what is committed is looked for every
    20 ms, which is in the numbers.
    """
    rng = np.random.default_rng(SEED)
    crews = city.idle[:2]
    wanted = MakeOffer(crew_ids=crews, accept_within_s=3_600)
    for _ in range(deadlines + 1):
        lon, lat = city.near_centre(rng)
        incident = city.services.incidents.create(
            city.desk, CreateIncident(kind="gas_leak", lon=lon, lat=lat)
        )
        city.services.offers.make(city.desk, incident["id"], wanted)
    engine = make_engine(city.owner_url)
    try:
        with working(city):
            # The first shows that the worker has begun, however long that takes.
            with engine.begin() as connection:
                connection.execute(_FIRST)
            first = _until_acted(engine, 1, {})
            with engine.begin() as connection:
                connection.execute(_SPREAD, {"begin_s": _BEGIN_S, "spread_s": spread_s})
            late_s = _until_acted(engine, deadlines + 1, first)
    finally:
        engine.dispose()
    return [seconds for deadline_id, seconds in late_s.items() if deadline_id not in first]


def _until_acted(engine: Engine, count: int, known: dict[int, float]) -> dict[int, float]:
    """Look until so many deadlines have been acted on; return how late each was seen to be."""
    late_s = dict(known)
    give_up_s = perf_counter() + _PATIENCE_S
    while len(late_s) < count:
        with engine.connect() as connection:
            rows = connection.execute(_DONE, {"known": list(late_s)}).all()
        late_s |= {row.id: row.late_s for row in rows}
        if perf_counter() > give_up_s:
            message = f"{count - len(late_s)} deadlines were not acted on"
            raise UnexpectedAnswerError(message)
        sleep(_LOOK_EVERY_S)
    return late_s


@contextmanager
def working(city: City) -> Iterator[None]:
    """Run a worker until the end of the block."""
    variables = {
        **os.environ,
        "DATABASE_URL": city.settings.database_url,
        "NEARCREW_VAR": str(city.settings.var_dir),
    }
    began = subprocess.Popen(  # noqa: S603  (our own)
        worker_command(), env=variables, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        began.terminate()
        began.wait(_PATIENCE_S)
