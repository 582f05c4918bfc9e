"""How long a proposal for many incidents takes, and sending all of it.

Asked of the services themselves: what the browser adds is a page of JSON.
"""

import gc
from time import perf_counter

import numpy as np

from dispatch.incidents.types import CreateIncident
from dispatch.proposals.types import Propose
from dispatch.proposals.types import SendProposal
from tests.benchmarks.city import City
from tests.benchmarks.results import Result

_MOST_S = 1.5
_TIMES = 5
_SEED = 31


def measure(city: City, *, incidents: int = 200, crews: int = 400) -> list[Result]:
    """Return how long it takes to propose ``crews`` for ``incidents``, and to send all rows.

    Afterwards the incidents are there, with the crews sent to them.
    """
    random = np.random.default_rng(_SEED)
    city.report_everybody()
    ids = _report(city, incidents, random)
    # As many of them as can be idle: that is when all are looked at.
    wanted = Propose(incident_ids=ids, crew_ids=city.crew_ids[-crews:])
    took_s = []
    made, _ = city.services.proposals.propose(city.desk, wanted)
    for _ in range(_TIMES):
        gc.collect()
        began_s = perf_counter()
        made, _ = city.services.proposals.propose(city.desk, wanted)
        took_s.append(perf_counter() - began_s)
    rows = [
        {"incident_id": row["incident_id"], "crew_id": row["crew"]["crew_id"]}
        for row in made["rows"]
        if row["crew"]
    ]
    began_s = perf_counter()
    sent = city.services.proposals.send(city.desk, made["id"], SendProposal.read({"rows": rows}))
    send_s = perf_counter() - began_s
    name = f"batch of {incidents} incidents × {made['crews']} crews"
    return [
        Result(f"{name}, p50", float(np.median(took_s)), "s", _MOST_S),
        Result(f"{name}, longest", max(took_s), "s"),
        Result(f"{name}: sending its {len(sent.orders)} rows", send_s, "s"),
    ]


def _report(city: City, count: int, random: np.random.Generator) -> list[int]:
    ids = []
    for lon, lat in city.places[random.choice(len(city.places), count)].tolist():
        priority = int(random.integers(1, 5))
        reported = city.services.incidents.create(
            city.desk, CreateIncident(kind="gas_leak", priority=priority, lon=lon, lat=lat)
        )
        ids.append(reported["id"])
    return ids
