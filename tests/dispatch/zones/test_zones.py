"""Zones: what may be one, who may draw it, and what a file brings."""

from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.zones import service as dispatch_zones
from dispatch.zones.types import ChangeZone
from dispatch.zones.types import DrawZone
from dispatch.zones.types import read_zones
from tests.cities import GridCity

pytestmark = pytest.mark.postgis
Corners = list[tuple[float, float]]
SQUARE: Corners = [(1, 1), (5, 1), (5, 5), (1, 5)]


def ring(city: GridCity, corners: Corners) -> list[list[float]]:
    """Return a closed ring through places of the grid."""
    return [list(city.at(*corner)) for corner in [*corners, corners[0]]]


def polygon(city: GridCity, *rings: Corners) -> dict[str, Any]:
    """Return a GeoJSON polygon; rings behind the first are holes."""
    return {"type": "Polygon", "coordinates": [ring(city, each) for each in rings]}


def wanted(city: GridCity, corners: Corners = SQUARE, **fields: object) -> DrawZone:
    """Return a request for a zone."""
    zone = {"name": "North", "kind": "district", "geometry": polygon(city, corners)}
    return DrawZone.read({**zone, **fields})


def refused(call: Any, *arguments: object) -> dict[str, str]:  # noqa: ANN401  (any service method)
    """Return the messages of a refusal by field."""
    with pytest.raises(InvalidInput) as caught:
        call(*arguments)
    return {each.field: each.message() for each in caught.value.fields}


def test_a_zone_is_drawn_changed_and_removed_and_the_log_tells_it(
    services: Services, administrator: Actor, dispatcher: Actor, grid_city: GridCity
) -> None:
    """Each console follows from the events alone."""
    zones, before = services.zones, services.events.head_id()
    made, _ = zones.create(administrator, wanted(grid_city, name_zh="北区"))
    wider = polygon(grid_city, [(1, 1), (9, 1), (9, 5), (1, 5)])
    changed = zones.change(
        administrator, made["id"], ChangeZone(geometry=wider, expected_version=made["version"])
    )
    listed = zones.list(dispatcher)["zones"]
    removed = zones.remove(administrator, made["id"], changed["version"])

    assert listed == [changed]
    assert removed == changed
    assert (changed["name"], changed["name_zh"], changed["version"]) == ("North", "北区", 2)
    assert changed["geometry"] == {"type": "MultiPolygon", "coordinates": [wider["coordinates"]]}
    assert zones.list(dispatcher)["zones"] == []
    told = services.events.read_after(before)
    assert [each["kind"] for each in told] == ["zone.created", "zone.changed", "zone.removed"]
    assert [each["data"]["zone"] for each in told] == [made, changed, changed]
    assert all(services.events.for_actor(dispatcher, each) for each in told)


def test_a_repeated_request_draws_once_and_a_repeated_change_changes_once(
    services: Services, administrator: Actor, grid_city: GridCity
) -> None:
    """A lost answer costs nothing."""
    request = wanted(grid_city)
    first = services.zones.create(administrator, request, "key")
    again = services.zones.create(administrator, request, "key")
    change = ChangeZone(name="South", expected_version=1)
    once = services.zones.change(administrator, first[0]["id"], change)
    twice = services.zones.change(administrator, first[0]["id"], change)

    assert (first[1], again) == (False, (first[0], True))
    assert twice == once
    assert once["version"] == 2


def test_who_changes_what_another_has_changed_is_told_how_it_is_now(
    services: Services, administrator: Actor, grid_city: GridCity
) -> None:
    """Two people draw on one zone: the second sees the first's."""
    made, _ = services.zones.create(administrator, wanted(grid_city))
    now = services.zones.change(administrator, made["id"], ChangeZone(name="Old town"))

    with pytest.raises(Conflict) as change:
        services.zones.change(
            administrator, made["id"], ChangeZone(name="Port", expected_version=1)
        )
    with pytest.raises(Conflict) as removal:
        services.zones.remove(administrator, made["id"], 1)

    for caught in (change, removal):
        assert caught.value.code == "zone_changed"
        assert caught.value.extra == {"zone": now}
    assert "ada" in change.value.message()


@pytest.mark.parametrize(
    ("corners", "said"),
    [
        ([(1, 1), (5, 5), (5, 1), (1, 5)], "crosses or touches itself at"),
        ([(1, 1), (5, 5), (1, 1), (5, 5)], "at least three corners"),
        ([(1, 1), (900, 1), (900, 900)], ""),
        ([(800, 800), (900, 800), (900, 900)], "outside the map"),
        ([(1 + at / 900, 1 + at % 2) for at in range(5_000)], "at most 5000 corners"),
    ],
)
def test_an_outline_that_is_none_is_refused_by_what_is_wrong_with_it(
    services: Services, administrator: Actor, grid_city: GridCity, corners: Corners, said: str
) -> None:
    """The message names the field; one that only reaches beyond the map is fine."""
    request = wanted(grid_city, corners)
    if not said:
        assert services.zones.create(administrator, request)
        return

    assert said in refused(services.zones.create, administrator, request)["geometry"]


def test_parts_that_overlap_are_refused(
    services: Services, administrator: Actor, grid_city: GridCity
) -> None:
    """Each alone is fine; what lies in both would count twice."""
    parts = [[ring(grid_city, SQUARE)], [ring(grid_city, [(4, 4), (8, 4), (8, 8)])]]
    request = wanted(grid_city, geometry={"type": "MultiPolygon", "coordinates": parts})

    assert "crosses" in refused(services.zones.create, administrator, request)["geometry"]


def test_every_wrong_field_is_named_at_once() -> None:
    """So that a form shows all of them; a change takes nothing away."""
    drawn = refused(DrawZone.read, {"name": " ", "kind": "city"})
    changed = refused(ChangeZone.read, {"name": None, "kind": None, "geometry": None})
    of_file = refused(read_zones, [{"name": "Bow"}])

    assert set(drawn) == {"name", "kind", "geometry"}
    assert (drawn["name"], drawn["geometry"]) == ("is required", "is required")
    assert changed == dict.fromkeys(("name", "kind", "geometry"), "is required")
    assert set(of_file) == {"1 (Bow) kind", "1 (Bow) geometry"}


def test_two_zones_of_a_kind_cannot_have_one_name(
    services: Services, administrator: Actor, grid_city: GridCity
) -> None:
    """A district and a response area may."""
    services.zones.create(administrator, wanted(grid_city))
    other, _ = services.zones.create(administrator, wanted(grid_city, kind="response_area"))

    assert set(refused(services.zones.create, administrator, wanted(grid_city))) == {"name"}
    assert set(
        refused(services.zones.change, administrator, other["id"], ChangeZone(kind="district"))
    ) == {"name"}


def test_dispatchers_look_and_crews_do_not_even_that(
    services: Services, dispatcher: Actor, crew_actor: Actor, grid_city: GridCity
) -> None:
    """Who answers for what is settled in the office, not in a hurry at the desk."""
    for call in (
        lambda: services.zones.create(dispatcher, wanted(grid_city)),
        lambda: services.zones.change(dispatcher, 1, ChangeZone()),
        lambda: services.zones.remove(dispatcher, 1),
        lambda: services.zones.take_in(dispatcher, []),
        lambda: services.zones.list(crew_actor),
        lambda: services.zones.get(crew_actor, 1),
    ):
        with pytest.raises(NotAllowed):
            call()
    with pytest.raises(NotFound):
        services.zones.get(dispatcher, 2**70)


def test_a_file_adds_and_replaces_all_of_it_or_nothing(
    services: Services, administrator: Actor, grid_city: GridCity
) -> None:
    """Known by kind and name; a bad one is named by its place in the file."""
    made, _ = services.zones.create(administrator, wanted(grid_city))
    moved = wanted(grid_city, [(6, 6), (8, 6), (8, 8)])
    bow = wanted(grid_city, [(1, 1), (5, 5), (5, 1), (1, 5)], name="Bow")

    found = refused(services.zones.take_in, administrator, [moved, bow])
    unchanged = services.zones.list(administrator)["zones"]
    counts = services.zones.take_in(administrator, [moved, wanted(grid_city, name="East")])
    listed = {each["name"]: each for each in services.zones.list(administrator)["zones"]}

    assert set(found) == {"2 (Bow) geometry"}
    assert unchanged == [made]
    assert counts == {"added": 1, "replaced": 1}
    assert set(listed) == {"North", "East"}
    assert (listed["North"]["id"], listed["North"]["version"]) == (made["id"], 2)
    assert services.events.read_after(0)[-1]["kind"] == "zone.imported"


def test_a_file_that_says_no_chinese_name_leaves_it(
    services: Services, administrator: Actor, grid_city: GridCity
) -> None:
    """It was given at the console, and next year's districts come without it."""
    services.zones.create(administrator, wanted(grid_city, name_zh="北区"))

    services.zones.take_in(administrator, [wanted(grid_city)])
    kept = services.zones.list(administrator)["zones"]
    services.zones.take_in(administrator, [wanted(grid_city, name_zh="")])
    emptied = services.zones.list(administrator)["zones"]

    assert [each["name_zh"] for each in kept + emptied] == ["北区", ""]


def test_there_are_never_more_zones_than_a_map_can_show(
    services: Services,
    administrator: Actor,
    grid_city: GridCity,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One by one, in one file, or in two."""
    monkeypatch.setattr(dispatch_zones, "MOST_ZONES", 2)
    files = [[wanted(grid_city, name=name) for name in names] for names in ("AB", "BC")]

    services.zones.take_in(administrator, files[0])
    of_two_files = refused(services.zones.take_in, administrator, files[1])
    one_by_one = refused(services.zones.create, administrator, wanted(grid_city))

    assert of_two_files == one_by_one == {"name": "there are 2 zones"}
    assert [each["name"] for each in services.zones.list(administrator)["zones"]] == ["A", "B"]
