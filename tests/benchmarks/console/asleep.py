"""What a console is told that slept for an hour: one state of things, and how soon it has it."""

from time import perf_counter

from sqlalchemy import text

from tests.benchmarks.city import City
from tests.benchmarks.clients import UnexpectedAnswerError
from tests.benchmarks.results import Result
from tests.benchmarks.server import Server
from webconsole.live.stream_messages import change

EVENTS = 1_370
"""An hour of a city with 1.5 million reports a year, eight events each."""
_HOUR = text(
    """
    INSERT INTO event (kind, at, occurred_at, actor, incident_id, data)
    SELECT 'incident.updated', at, at, 'somebody', :incident_id, '{}'
    FROM (
        SELECT now() - (:count - n) * interval '1 hour' / :count AS at
        FROM generate_series(1, :count) AS n
    ) AS hour
    """
)


def measure(server: Server, city: City, *, count: int = EVENTS) -> list[Result]:
    """Let an hour pass in a moment, come back as a console does, and load what it is told to."""
    before = city.services.events.head_id()
    with city.services.engine.begin() as connection:
        connection.execute(_HOUR, {"count": count, "incident_id": city.incident_id})
    with server.clients(city.desk_token, 2) as (line, desk):
        began_s = perf_counter()
        told_bytes = 0
        for kind, data in line.stream(last_id=before):
            told_bytes += len(data)
            if kind == "change":
                message = "an hour was told event by event"
                raise UnexpectedAnswerError(message)
            if kind == "positions":
                break
        for path in ("/api/v1/crews", "/api/v1/incidents"):
            told_bytes += len(desk.get(path))
        took_s = perf_counter() - began_s
        line.hang_up()
    one_by_one = sum(
        len(change(event).plain) for event in city.services.events.read_after(before, count)
    )
    return [
        Result("back after an hour asleep: until all is there", took_s * 1000, "ms"),
        Result(
            "back after an hour asleep: told, not compressed",
            told_bytes / 1000,
            "kB",
            peers={f"its {count:,} events one by one": one_by_one / 1000},
        ),
    ]
