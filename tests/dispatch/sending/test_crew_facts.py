"""How crews around an incident are found: not by looking at all of them."""

from datetime import UTC
from datetime import datetime

import pytest
from sqlalchemy import Select
from sqlalchemy import text

from dispatch.bootstrap import Services
from dispatch.core.scope import Scope
from dispatch.core.unit_of_work import enter_scope
from dispatch.sending import crew_facts
from geodata.crs.great_circle import box_around
from tests.looking import looking

A_COMPANY = Scope(units=(1, 2, 3))


@pytest.mark.parametrize(
    ("query", "parameters", "index"),
    [
        # Of two kinds of index the one that row-level security leaves in use.
        (
            crew_facts._WITHIN,
            {"radius_m": 5000.0, **box_around((7.4, 43.7), 5000.0)._asdict()},
            "ix_crew_position_lat_lon",
        ),
        (
            crew_facts._NEAREST_OUTSIDE,
            {"radius_m": 5000.0, "count": 5, "fixed_since": datetime(2024, 1, 1, tzinfo=UTC)},
            "ix_crew_position_geography",
        ),
    ],
    ids=["within", "nearest outside"],
)
def test_crews_are_found_by_an_index(
    services: Services, query: Select[tuple[object, ...]], parameters: dict[str, object], index: str
) -> None:
    """The expression asked for is, to PostgreSQL, the one the index was built on."""
    compiled = query.compile(dialect=services.engine.dialect)
    values = compiled.construct_params({"lon": 7.4, "lat": 43.7, **parameters})
    with looking(services.engine) as connection:
        # An empty table is read whole whatever indexes it has.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        enter_scope(connection, A_COMPANY)
        explained = connection.exec_driver_sql(f"EXPLAIN {compiled}", values).scalars().all()

    assert index in "\n".join(explained)
