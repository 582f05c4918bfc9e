"""Scenarios: kept once, changed by who saw the latest, seen by the unit that they belong to."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.audit.models import AuditEntry
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from dispatch.planning.types import ChangeScenario
from dispatch.planning.types import Conditions
from dispatch.planning.types import Post
from dispatch.planning.types import SaveScenario

pytestmark = pytest.mark.postgis
At = Callable[[float, float], Post]


def test_a_scenario_is_kept_once_changed_copied_and_removed(
    services: Services, planner: Actor, post: At
) -> None:
    """What is read again is what was kept; a change counts the version up, none does not."""
    scenarios = services.scenarios
    wanted = SaveScenario(
        name="Winter", posts=[post(1, 1), post(2, 2)], conditions=Conditions(minutes=8)
    )
    kept, replayed = scenarios.save(planner, wanted, "key-1")
    again, replayed_again = scenarios.save(planner, wanted, "key-1")

    renamed = scenarios.change(planner, kept["id"], ChangeScenario(name="Frost"))
    same = scenarios.change(planner, kept["id"], ChangeScenario(name="Frost", expected_version=1))
    copied, _ = scenarios.save(planner, wanted.model_copy(update={"name": "Frost, a copy"}))
    removed = scenarios.remove(planner, kept["id"], 2)

    assert (replayed, replayed_again, again) == (False, True, kept)
    assert kept["posts"] == [each.model_dump() for each in wanted.posts]
    assert kept["conditions"]["minutes"] == 8
    assert (kept["version"], renamed["version"], same) == (1, 2, renamed)
    assert renamed["posts"] == kept["posts"]
    assert removed == renamed
    assert [each["id"] for each in scenarios.list(planner)["scenarios"]] == [copied["id"]]
    with pytest.raises(NotFound):
        scenarios.get(planner, kept["id"])


def test_who_did_not_see_the_latest_is_told_who_changed_it(
    services: Services, planner: Actor, administrator: Actor, post: At
) -> None:
    """Two planners moved different points: the second is shown what is there."""
    kept, _ = services.scenarios.save(planner, SaveScenario(name="A", posts=[post(1, 1)]))
    services.scenarios.change(administrator, kept["id"], ChangeScenario(posts=[post(3, 3)]))

    with pytest.raises(Conflict) as refused:
        services.scenarios.change(
            planner, kept["id"], ChangeScenario(posts=[post(5, 5)], expected_version=1)
        )

    assert refused.value.code == "scenario_changed"
    assert refused.value.params == {"who": administrator.display_name}
    assert refused.value.extra["scenario"]["version"] == 2


def test_other_units_do_not_see_it_and_the_trail_has_every_change(
    services: Services, planner: Actor, post: At
) -> None:
    """Row-level security by the unit; who, what before, what after."""
    kept, _ = services.scenarios.save(planner, SaveScenario(name="A", posts=[post(1, 1)]))
    services.scenarios.change(planner, kept["id"], ChangeScenario(name="B"))
    elsewhere = Scope(units=(999,), home=999, account_id=planner.account_id)

    with within(elsewhere):
        assert services.scenarios.list(planner)["scenarios"] == []
        with pytest.raises(NotFound):
            services.scenarios.remove(planner, kept["id"])
    services.scenarios.remove(planner, kept["id"])

    query = select(AuditEntry).where(AuditEntry.subject == "planning_scenario")
    with services.work.reading() as session:
        trail = session.scalars(query.order_by(AuditEntry.id)).all()
    assert [each.action for each in trail] == ["insert", "update", "delete"]
    assert (trail[1].before, trail[1].after) == ({"name": "A"}, {"name": "B"})


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": "  "}),
        ("posts.0.lon", {"posts": [{"name": "", "lon": 181.0, "lat": 0.0}]}),
        ("conditions.minutes", {"conditions": {"minutes": 0.0}}),
        ("conditions.hour_of_week", {"conditions": {"hour_of_week": 168}}),
        ("posts", {"posts": [{"lon": 1.0, "lat": 1.0}] * 201}),
    ],
)
def test_what_cannot_be_kept_is_named(field: str, values: dict[str, object]) -> None:
    """By the path of the field."""
    with pytest.raises(InvalidInput) as refused:
        SaveScenario.read({"name": "A", "posts": [], **values})

    assert [each.field for each in refused.value.fields] == [field]
