"""How crews around an incident are found: not by looking at all of them."""

from datetime import UTC
from datetime import datetime

import pytest
from sqlalchemy import Select
from sqlalchemy import text

from dispatch.bootstrap import Services
from dispatch.sending import crew_facts

INDEX = "ix_crew_position_geography"


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        (crew_facts._WITHIN, {"radius_m": 5000.0}),
        (
            crew_facts._NEAREST_OUTSIDE,
            {"radius_m": 5000.0, "count": 5, "fixed_since": datetime(2024, 1, 1, tzinfo=UTC)},
        ),
    ],
    ids=["within", "nearest outside"],
)
def test_crews_are_found_by_the_spatial_index(
    services: Services, query: Select[tuple[object, ...]], parameters: dict[str, object]
) -> None:
    """The expression asked for is, to PostgreSQL, the one the index was built on."""
    compiled = query.compile(dialect=services.engine.dialect)
    values = compiled.construct_params({"lon": 7.4, "lat": 43.7, **parameters})
    with services.engine.connect() as connection:
        # An empty table is read whole whatever indexes it has.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        explained = connection.exec_driver_sql(f"EXPLAIN {compiled}", values).scalars().all()

    assert INDEX in "\n".join(explained)
