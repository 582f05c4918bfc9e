"""The utility's layers in the database: replaced by name, cut into tiles, asked what is near."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Geod
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.layers.service import LayerService
from dispatch.layers.types import ImportLayer
from dispatch.layers.types import RenameLayer
from dispatch.layers.types import SetLayerUtility
from dispatch.layers.types import Utility
from geodata.layers.errors import UnknownFieldError
from geodata.layers.features import LayerFile
from tests.cities import GridCity
from tests.conftest import SettableClock
from tests.geodata import mvt

pytestmark = pytest.mark.postgis
GEOD = Geod(ellps="WGS84")


@pytest.fixture
def bench(owner_engine: Engine, clock: SettableClock, services: Services) -> LayerService:
    """Return the layers as the command line has them: as the owner of the tables."""
    assert services.engine is not owner_engine
    return LayerService(UnitOfWork(owner_engine), clock)


def a_file(shapes: list[shapely.Geometry], **columns: list[Any]) -> LayerFile:
    """Return what a file would hold."""
    geometries = np.array(shapes, dtype=object)
    rows = [{name: values[at] for name, values in columns.items()} for at in range(len(shapes))]
    return LayerFile(Path("records.gpkg"), tuple(columns), "WGS 84", rows, geometries)


def valves(city: GridCity, *places: tuple[float, float]) -> LayerFile:
    """Return valves at places of the grid, called V-1, V-2 and so on."""
    codes = [f"V-{number}" for number in range(1, len(places) + 1)]
    shapes: list[shapely.Geometry] = [shapely.Point(city.at(*place)) for place in places]
    return a_file(shapes, code=codes, dn=[100] * len(places))


STYLE = ImportLayer(name="Valves", name_zh="阀门", kind="valves", colour="#D55E00")


def test_a_layer_takes_the_place_of_the_one_of_its_name(
    bench: LayerService, services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """Its number stays, its version rises; nothing of the former is left."""
    before = services.events.head_id()
    first, was_there = bench.import_file(SYSTEM, STYLE, valves(grid_city, (1, 1), (2, 2)))
    second, is_there = bench.import_file(SYSTEM, STYLE, valves(grid_city, (3, 3)))

    assert (was_there, is_there) == (False, True)
    assert services.layers.list(dispatcher) == {"layers": [second]}
    assert (second["id"], second["version"], second["features"]) == (first["id"], 2, 1)
    assert (second["colour"], second["label_field"], second["shapes"]) == (
        "#d55e00",
        "code",
        "points",
    )
    lon, lat = grid_city.at(3, 3)
    assert second["bounds"] == pytest.approx([lon, lat, lon, lat], abs=1e-6)
    told = services.events.read_after(before)
    assert [each["kind"] for each in told] == ["layer.imported"] * 2
    assert [each["data"]["layer"] for each in told] == [first, second]
    near = services.layers.near(dispatcher, (lon, lat), "valves", within_m=5_000, limit=9)
    assert [each["label"] for each in near["features"]] == ["V-1"]


def test_a_layer_keeps_its_chinese_name_and_colour_unless_the_import_gives_others(
    bench: LayerService, grid_city: GridCity
) -> None:
    """Who imports this month's valves does not repeat what was said last year."""
    plain = ImportLayer(name="Valves", kind="valves")
    bare, _ = bench.import_file(SYSTEM, plain, valves(grid_city, (1, 1)))
    bench.import_file(SYSTEM, STYLE, valves(grid_city, (1, 1)))
    again, _ = bench.import_file(SYSTEM, plain, valves(grid_city, (2, 2)))
    none, _ = bench.import_file(
        SYSTEM, STYLE.model_copy(update={"name_zh": "", "colour": ""}), valves(grid_city, (2, 2))
    )

    told = [(each["name_zh"], each["colour"]) for each in (bare, again, none)]
    assert told == [("", None), ("阀门", "#d55e00"), ("", None)]


def test_a_layer_is_renamed_and_removed_and_consoles_are_told(
    bench: LayerService,
    services: Services,
    dispatcher: Actor,
    grid_city: GridCity,
    owner_engine: Engine,
) -> None:
    """Its features go with it."""
    bench.import_file(SYSTEM, STYLE, valves(grid_city, (1, 1)))
    bench.import_file(SYSTEM, STYLE.model_copy(update={"name": "Old"}), valves(grid_city, (1, 1)))
    before = services.events.head_id()

    with pytest.raises(InvalidInput, match="another layer"):
        bench.rename(SYSTEM, "Valves", RenameLayer(name="Old"))
    with pytest.raises(NotFound, match="no layer called Taps"):
        bench.rename(SYSTEM, "Taps", RenameLayer(name="Valves"))
    renamed = bench.rename(SYSTEM, "Valves", RenameLayer(name="Gas valves"))
    removed = bench.remove(SYSTEM, "Old")

    assert (renamed["name"], renamed["name_zh"], renamed["version"]) == ("Gas valves", "阀门", 2)
    assert services.layers.list(dispatcher)["layers"] == [renamed]
    told = services.events.read_after(before)
    assert [each["kind"] for each in told] == ["layer.changed", "layer.removed"]
    assert told[1]["data"]["layer"] == removed
    with owner_engine.connect() as connection:
        left = connection.scalar(text("SELECT array_agg(layer_id) FROM layer_feature"))
    assert left == [renamed["id"]]


def test_wrong_fields_are_named_and_nothing_is_stored(
    bench: LayerService, services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """A layer of that name stays as it was."""
    kept, _ = bench.import_file(SYSTEM, STYLE, valves(grid_city, (1, 1)))
    wrong = STYLE.given() | {"name_zh": "阀" * 101, "kind": "pipes", "colour": "red"}

    with pytest.raises(InvalidInput) as refused:
        bench.import_file(SYSTEM, ImportLayer.read(wrong), valves(grid_city, (2, 2)))
    with pytest.raises(UnknownFieldError):
        bench.import_file(
            SYSTEM, STYLE.model_copy(update={"label_field": "x"}), valves(grid_city, (2, 2))
        )

    assert {each.field for each in refused.value.fields} == {"name_zh", "kind", "colour"}
    assert services.layers.list(dispatcher)["layers"] == [kept]


def test_the_nearest_are_those_that_pyproj_finds_nearest(
    bench: LayerService, services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """By metres on the ellipsoid: at 43.7° a degree of longitude is 0.72 of one of latitude."""
    chance = np.random.default_rng(7)
    places = [tuple(each) for each in chance.uniform(0, 12, (60, 2)).tolist()]
    bench.import_file(SYSTEM, STYLE, valves(grid_city, *places))
    stations = STYLE.model_copy(update={"name": "Stations", "kind": "stations"})
    bench.import_file(SYSTEM, stations, valves(grid_city, (6, 6)))
    lon, lat = grid_city.at(6, 6)
    away = []
    for number, place in enumerate(places, 1):
        bearing_deg, _, distance_m = GEOD.inv(lon, lat, *grid_city.at(*place))
        away.append((distance_m, f"V-{number}", bearing_deg % 360))
    expected = sorted(away)[:5]

    found = services.layers.near(dispatcher, (lon, lat), "valves", within_m=2_000, limit=5)
    close = services.layers.near(
        dispatcher, (lon, lat), "valves", within_m=expected[1][0] + 0.01, limit=5
    )
    none = services.layers.near(dispatcher, (lon, lat), "mains", within_m=2_000, limit=5)

    assert [each["label"] for each in found["features"]] == [label for _, label, _ in expected]
    for each, (distance_m, label, bearing_deg) in zip(found["features"], expected, strict=True):
        assert each["distance_m"] == pytest.approx(distance_m, abs=1e-3)
        assert each["bearing_deg"] == pytest.approx(bearing_deg, abs=1e-3)
        assert each["attributes"] == {"code": label, "dn": 100}
    assert len(close["features"]) == 2
    assert (found["layers"], none["layers"], none["features"]) == (1, 0, [])


def test_a_main_is_as_near_as_its_nearest_point(
    bench: LayerService, services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """200 m a block: from (3, 3) the main along row 1 is 400 m to the south."""
    line = shapely.LineString([grid_city.at(0, 1), grid_city.at(12, 1)])
    bench.import_file(SYSTEM, STYLE.model_copy(update={"kind": "mains"}), a_file([line], dn=[300]))

    (found,) = services.layers.near(
        dispatcher, grid_city.at(3, 3), "mains", within_m=2_000, limit=5
    )["features"]

    assert found["distance_m"] == pytest.approx(400, abs=1)
    assert found["bearing_deg"] == pytest.approx(180, abs=0.1)
    assert (found["lon"], found["lat"]) == pytest.approx(grid_city.at(3, 1), abs=1e-6)


def test_at_a_place_the_asked_layers_tell_what_they_have_there(
    bench: LayerService, services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """The point before the line it sits on, the small area before the large one around it."""
    main = shapely.LineString([grid_city.at(0, 1), grid_city.at(12, 1)])
    wide = shapely.box(*grid_city.at(0, 0), *grid_city.at(9, 9))
    small = shapely.box(*grid_city.at(0.5, 0.5), *grid_city.at(2, 2))
    layers = {
        "Valves": ("valves", valves(grid_city, (1, 1), (3, 1))),
        "Mains": ("mains", a_file([main], name=["DN 300"])),
        "Districts": ("districts", a_file([wide, small], name=["Wide", "Small"])),
    }
    ids = {
        name: bench.import_file(SYSTEM, ImportLayer.read({"name": name, "kind": kind}), file)[0][
            "id"
        ]
        for name, (kind, file) in layers.items()
    }

    def labels(tolerance_m: float, *names: str) -> list[str]:
        asked = [ids[name] for name in names]
        here = services.layers.at(dispatcher, grid_city.at(1, 1), asked, tolerance_m)
        return [each["label"] for each in here["features"]]

    assert labels(5, "Valves", "Mains", "Districts") == ["V-1", "DN 300", "Small", "Wide"]
    assert labels(5, "Valves") == ["V-1"]
    assert labels(500, "Valves") == ["V-1", "V-2"]
    assert labels(5) == []


def test_a_tile_shows_what_lies_in_it_and_nothing_else(
    bench: LayerService, services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """A point lies in the tile where Mercator puts it; another layer's are not there."""
    layer, _ = bench.import_file(SYSTEM, STYLE, valves(grid_city, (1, 1), (11, 11)))
    bench.import_file(SYSTEM, STYLE.model_copy(update={"name": "B"}), valves(grid_city, (1, 1)))
    z, x, y = mvt.tile_at(*grid_city.at(1, 1), 16)

    body, version = services.layers.tile(dispatcher, layer["id"], z, x, y)

    (feature,) = mvt.decode(body)["features"]
    assert (feature.sort, feature.attributes) == (mvt.POINT, {"feature": 1, "label": "V-1"})
    assert services.layers.version(dispatcher, layer["id"]) == version == layer["version"]
    empty, _ = services.layers.tile(dispatcher, layer["id"], z, x + 900, y)
    assert empty == b""
    with pytest.raises(NotFound):
        services.layers.tile(dispatcher, 999, z, x, y)


def test_from_afar_a_main_in_many_pieces_is_one_line_of_the_same_course(
    bench: LayerService, services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """600 pieces of 4 m each: a pixel of zoom 13 is 7 m here; leaving them out would leave none."""
    places = [grid_city.at(at / 50, 6) for at in range(601)]
    pieces: list[shapely.Geometry] = [
        shapely.LineString(places[at : at + 2]) for at in range(len(places) - 1)
    ]
    pieces.append(shapely.LineString([grid_city.at(3, 3), grid_city.at(3.001, 3)]))
    layer, _ = bench.import_file(SYSTEM, ImportLayer(name="Mains", kind="mains"), a_file(pieces))

    def features(zoom: int) -> list[mvt.Feature]:
        z, x, y = mvt.tile_at(*grid_city.at(6, 6), zoom)
        return mvt.decode(services.layers.tile(dispatcher, layer["id"], z, x, y)[0])["features"]

    (main,) = features(11)
    assert main.sort == mvt.LINE
    # 12 blocks of 200 m, stretched by Mercator by 1 / cos 43.7°, in tiles of 19 568 m and 4096.
    assert main.length == pytest.approx(2400 / 0.723 / 19_568 * 4096, rel=0.01)
    assert len(features(10)) == 1
    assert len(features(14)) > 300


def test_from_afar_valves_on_one_pixel_are_one(
    bench: LayerService, services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """500 valves within 2 m: a pixel of zoom 13 is some 14 m; at zoom 16 all are there."""
    places = [(6 + at * 2e-5, 6.0) for at in range(500)]
    layer, _ = bench.import_file(SYSTEM, STYLE, valves(grid_city, *places))

    def count(zoom: int) -> int:
        z, x, y = mvt.tile_at(*grid_city.at(6, 6), zoom)
        body, _ = services.layers.tile(dispatcher, layer["id"], z, x, y)
        return len(mvt.decode(body)["features"])

    assert count(13) <= 2
    assert count(16) == 500


def test_nearest_valves_are_of_the_utility_asked_for_or_of_one_that_is_not_said(
    bench: LayerService, services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """The gas valve next to a burst water main is not among them."""
    gas = STYLE.model_copy(update={"name": "Gas", "utility": "gas"})
    water = STYLE.model_copy(update={"name": "Water", "utility": "water"})
    some = STYLE.model_copy(update={"name": "Old drawings"})
    bench.import_file(SYSTEM, gas, valves(grid_city, (1, 1)))
    bench.import_file(SYSTEM, some, valves(grid_city, (1.5, 1)))
    bench.import_file(SYSTEM, water, valves(grid_city, (2, 1)))
    here = grid_city.at(1, 1)

    def near(utility: Utility | None) -> tuple[int, list[str | None]]:
        found = services.layers.near(
            dispatcher, here, "valves", utility=utility, within_m=5_000, limit=9
        )
        return found["layers"], [each["utility"] for each in found["features"]]

    assert near("water") == (2, [None, "water"])
    assert near("heat") == (1, [None])
    assert near(None) == (3, ["gas", None, "water"])


def test_a_layers_utility_stays_through_imports_until_another_is_said(
    bench: LayerService, services: Services, grid_city: GridCity
) -> None:
    """The file of this month does not say it again; "all" takes it away."""
    gas = STYLE.model_copy(update={"utility": "gas"})
    told = [
        bench.import_file(SYSTEM, STYLE, valves(grid_city, (1, 1)))[0],
        bench.import_file(SYSTEM, gas, valves(grid_city, (1, 1)))[0],
        bench.import_file(SYSTEM, STYLE, valves(grid_city, (1, 1)))[0],
    ]
    before = services.events.head_id()
    told.append(bench.set_utility(SYSTEM, "Valves", SetLayerUtility(utility="water")))
    told.append(bench.set_utility(SYSTEM, "Valves", SetLayerUtility(utility="all")))

    assert [each["utility"] for each in told] == [None, "gas", "gas", "water", None]
    kinds = [each["kind"] for each in services.events.read_after(before)]
    assert kinds == ["layer.changed"] * 2
    with pytest.raises(InvalidInput, match="utility"):
        SetLayerUtility.read({"utility": "steam"})


def test_crews_see_no_layers_and_only_who_may_writes_them(
    services: Services, crew_actor: Actor, dispatcher: Actor, grid_city: GridCity
) -> None:
    """An administrator imports with the serving role, as the console does."""
    for call in (
        lambda: services.layers.list(crew_actor),
        lambda: services.layers.tile(crew_actor, 1, 1, 1, 1),
        lambda: services.layers.at(crew_actor, (7, 43), [1], 5),
        lambda: services.layers.near(crew_actor, (7, 43), "valves", within_m=5, limit=5),
        lambda: services.layers.import_file(dispatcher, STYLE, valves(grid_city, (1, 1))),
        lambda: services.layers.rename(dispatcher, "A", RenameLayer(name="B")),
        lambda: services.layers.set_utility(dispatcher, "A", SetLayerUtility(utility="gas")),
        lambda: services.layers.remove(dispatcher, "A"),
    ):
        with pytest.raises(NotAllowed):
            call()

    layer, _ = services.layers.import_file(SYSTEM, STYLE, valves(grid_city, (1, 1)))

    assert layer["features"] == 1
