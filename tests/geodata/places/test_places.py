"""Searching a real ground in a real PostGIS: a hand-drawn Chinese quarter, and Monaco."""

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import text as sql

from dispatch.access.permissions import Actor
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.ground.service import GroundService
from dispatch.search.service import SearchService
from geodata.crs.great_circle import distance_m
from geodata.ground.service import GroundSummary
from geodata.ground.service import import_extract
from geodata.names.house_numbers import address_label
from geodata.places.hits import Hit
from geodata.places.nearest_place import nearest
from geodata.places.place_book import PlaceBook
from geodata.places.service import search
from tests.geodata.street_map import METRES_PER_DEGREE_EAST
from tests.geodata.street_map import METRES_PER_DEGREE_NORTH
from tests.geodata.street_map import StreetMap

pytestmark = pytest.mark.postgis

# One character is 10 m east, one line 20 m south. 人民路 is abc, 中山路 def, 和平路 adg, and 重庆路
# is beh; j stands off the streets. A second 人民路, kl, is 2 km away.
QUARTER = """
a----1----b----2----c

     3         j

d---------e---------f

g---------h
"""
FAR = "\n" * 100 + "k----l"
STREET = {"highway": "residential"}
TRUNK = {"highway": "primary"}


def quarter() -> StreetMap:
    """Return the map."""
    return StreetMap(
        QUARTER + FAR,
        ways={
            "a1b2c": {**STREET, "name": "人民路", "name:en": "People's Road"},
            "def": {**STREET, "name": "中山路"},
            "adg": {**STREET, "name": "和平路"},
            "beh": {**TRUNK, "name": "重庆路"},
            "kl": {**STREET, "name": "人民路"},
        },
        node_tags={
            "1": {"addr:housenumber": "12号", "addr:street": "人民路"},
            "2": {"addr:housenumber": "16号", "addr:street": "人民路"},
            "3": {"addr:housenumber": "3"},  # no street said: the nearest is meant
            "j": {"amenity": "hospital", "name": "人民医院", "name:en": "People's Hospital"},
            "g": {"place": "neighbourhood", "name": "西湖"},
        },
    )


Find = Callable[..., list[Hit]]


@pytest.fixture(scope="module")
def chinese(importer: Engine, tmp_path_factory: pytest.TempPathFactory) -> GroundSummary:
    """Make the quarter the ground in use."""
    path = quarter().write(tmp_path_factory.mktemp("quarter") / "quarter.osm")
    return import_extract(importer, path)


@pytest.fixture
def connection(reader: Engine) -> Iterator[Connection]:
    """Connect as the role that serves."""
    with reader.connect() as found:
        yield found


@pytest.fixture
def in_quarter(connection: Connection, chinese: GroundSummary) -> Find:
    """Return a function that searches the quarter."""
    book = PlaceBook.read(connection, chinese.ground_id)

    def find(text: str, near: tuple[float, float] | None = None) -> list[Hit]:
        return search(connection, book, text, near=near or at("a"), limit=10)

    return find


def at(letter: str) -> tuple[float, float]:
    """Return where a letter of the map stands."""
    for row, line in enumerate((QUARTER + FAR).splitlines()):
        if letter in line:
            lon = line.index(letter) * 10 / METRES_PER_DEGREE_EAST
            return lon, -row * 20 / METRES_PER_DEGREE_NORTH
    raise AssertionError(letter)


def labels(hits: list[Hit], kind: str | None = None) -> list[str]:
    """Return what hits are called."""
    return [hit.label for hit in hits if kind in {None, hit.kind}]


@pytest.mark.parametrize(
    "text",
    [
        "人民路12号",
        "人民路12",
        "人民路 12",
        "12号 人民路",
        "12号人民路",
        "renminlu 12",
        "人名路12号",
    ],
)
def test_a_chinese_address_is_found_however_it_is_typed(in_quarter: Find, text: str) -> None:
    """With and without blanks and 号, in pinyin, with the wrong character of the right sound."""
    best = in_quarter(text)[0]

    assert (best.kind, best.label) == ("address", "人民路12号")
    assert best.lonlat == pytest.approx(at("1"), abs=1e-6)
    assert best.precision == "exact"


def test_a_number_that_is_not_mapped_lies_between_its_neighbours_and_says_so(
    in_quarter: Find,
) -> None:
    """12 stands 50 m from the corner and 16 at 150 m: 14 is at 50 + 100 / 2 = 100 m."""
    best = in_quarter("人民路14号")[0]

    assert (best.label, best.precision, best.between) == (
        "人民路14号",
        "interpolated",
        ("12号", "16号"),
    )
    east_m = (best.lonlat[0] - at("a")[0]) * METRES_PER_DEGREE_EAST
    assert east_m == pytest.approx(100, abs=0.5)
    assert best.lonlat[1] == pytest.approx(at("a")[1], abs=1e-6)


@pytest.mark.parametrize("text", ["人民路99号", "中山路 5", "5 中山路", "人民路13号"])
def test_a_number_that_nobody_knows_gives_its_street_and_keeps_the_number(
    in_quarter: Find, text: str
) -> None:
    """99 is past the last, 中山路 has no numbers, and 13 is on the side of 3 alone."""
    best = in_quarter(text)[0]

    number = "".join(letter for letter in text if letter.isdigit())
    street = "人民路" if "人民" in text else "中山路"
    assert (best.kind, best.precision, best.label) == ("address", "street", f"{street}{number}号")
    assert [hit.label for hit in in_quarter(text) if hit.kind == "street"].count(street) <= 1


def test_a_longer_number_is_offered_after_the_one_that_was_typed(in_quarter: Find) -> None:
    """1 may become 12 or 16; until then it is 1, and Enter goes there."""
    found = [hit for hit in in_quarter("人民路1") if hit.kind == "address"]

    assert [hit.label for hit in found[:3]] == ["人民路1号", "人民路12号", "人民路16号"]
    assert [hit.precision for hit in found[:3]] == ["street", "exact", "exact"]


def test_a_house_that_names_no_street_stands_on_the_nearest(in_quarter: Find) -> None:
    """Node 3 is 40 m south of 人民路 and 50 m east of 和平路."""
    assert labels(in_quarter("人民路3"), "address")[0] == "人民路3号"


@pytest.mark.parametrize(
    "text",
    ["人民路/重庆路", "重庆路与人民路", "人民路和重庆路路口", "人民路重庆路", "people / chongqing"],
)
def test_a_crossing_is_found_by_its_two_streets(in_quarter: Find, text: str) -> None:
    """Either first, with a sign, a word or nothing between."""
    best = in_quarter(text)[0]

    assert best.kind == "crossing"
    assert set(best.label.split(" / ")) == {"人民路", "重庆路"}
    assert best.lonlat == pytest.approx(at("b"), abs=1e-6)


def test_a_street_whose_name_holds_the_word_for_and_still_crosses(in_quarter: Find) -> None:
    """和平路 is a street; it meets 中山路 at d."""
    best = in_quarter("和平路和中山路")[0]

    assert best.kind == "crossing"
    assert best.lonlat == pytest.approx(at("d"), abs=1e-6)


def test_after_the_stroke_all_crossings_of_the_street_are_offered(in_quarter: Find) -> None:
    """The second street is still to be typed; the nearest to the map's middle comes first."""
    found = labels(in_quarter("重庆路 /"), "crossing")

    assert found == ["重庆路 / 人民路", "重庆路 / 中山路"]


def test_streets_that_do_not_meet_have_no_crossing(in_quarter: Find) -> None:
    """和平路 and 重庆路 are parallel, 100 m apart."""
    assert labels(in_quarter("和平路/重庆路"), "crossing") == []


def test_one_name_far_apart_is_two_streets_and_the_nearer_comes_first(in_quarter: Find) -> None:
    """The quarter's 人民路, and the one 2 km south."""
    from_north = [hit for hit in in_quarter("人民路", at("a")) if hit.kind == "street"]
    from_south = [hit for hit in in_quarter("人民路", at("k")) if hit.kind == "street"]

    assert labels(from_north) == ["人民路", "人民路"]
    assert from_north[0].lonlat[1] > from_south[0].lonlat[1]


def test_a_place_is_found_by_any_of_its_names_and_says_which(in_quarter: Find) -> None:
    """The label is what stands on the house; beside it, what was asked for."""
    english, chinese, heard = (
        in_quarter(text)[0] for text in ("hospital", "人民医院", "renmin yiyuan")
    )

    assert english.label == chinese.label == heard.label == "人民医院"
    assert (english.category, english.called) == ("hospital", "People's Hospital")
    assert chinese.called is None
    assert chinese.where == "西湖"


def test_a_pin_gets_the_house_it_is_at(connection: Connection, chinese: GroundSummary) -> None:
    """20 m beside number 12."""
    lon, lat = at("1")

    found = nearest(connection, chinese.ground_id, lon + 20 / METRES_PER_DEGREE_EAST, lat)

    assert found is not None
    assert (found.kind, found.label) == ("address", "人民路12号")
    assert found.away_m == pytest.approx(20, abs=0.5)


def test_a_pin_away_from_houses_gets_street_and_what_is_near(
    connection: Connection, chinese: GroundSummary
) -> None:
    """On 重庆路, 30 m south of 中山路."""
    lon, lat = at("e")

    found = nearest(connection, chinese.ground_id, lon, lat - 30 / METRES_PER_DEGREE_NORTH)

    assert found is not None
    assert (found.kind, found.label, found.beside) == ("street", "重庆路", "中山路")


def test_a_pin_far_from_every_name_gets_none(
    connection: Connection, chinese: GroundSummary
) -> None:
    """Ten kilometres out."""
    assert nearest(connection, chinese.ground_id, 0.2, 0.2) is None


def test_a_new_import_is_searched_at_once(importer: Engine, reader: Engine, tmp_path: Path) -> None:
    """The index in memory is that of the ground in use, and the old ground's rows are gone."""
    service = SearchService(UnitOfWork(reader), GroundService(reader))
    anybody = Actor(1, "x", "x", frozenset())
    import_extract(importer, quarter().write(tmp_path / "quarter.osm"))
    before = service.find(anybody, "重庆路")["results"]
    other = StreetMap("a---b", ways={"ab": {**STREET, "name": "长江路"}})

    summary = import_extract(importer, other.write(tmp_path / "other.osm"))

    assert before[0]["label"] == "重庆路"
    assert service.find(anybody, "重庆路")["results"] == []
    assert service.find(anybody, "长江")["results"][0]["label"] == "长江路"
    with importer.connect() as inside:
        for table in ("place", "address", "street_line", "street_crossing", "place_index"):
            grounds = inside.scalars(sql(f"SELECT DISTINCT ground_id FROM {table}")).all()  # noqa: S608
            assert set(grounds) <= {summary.ground_id}


def test_streets_of_a_thousand_stretches_meet_where_they_are_nearest(
    importer: Engine, reader: Engine, tmp_path: Path
) -> None:
    """Two million pairs: 41 of 30 m, the rest far apart, and the very last one of 22 m."""
    ways = {"ab": {**STREET, "name": "东山路"}, "cd": {**STREET, "name": "西山路"}}
    drawn = StreetMap("a----b  c----d", ways)
    ground_id = import_extract(importer, drawn.write(tmp_path / "links.osm")).ground_id
    stretches = sql("""
        INSERT INTO street_line (ground_id, number, street, geom)
        SELECT ground_id, 2 * step + number, street,
               ST_Translate(geom, number / 111319.5 *
                   CASE WHEN step = 1500 THEN -8 WHEN step > 40 THEN 200 ELSE 0 END, step / 1000.0)
        FROM street_line, generate_series(1, 1500) step
        WHERE ground_id = :ground_id
    """)
    with importer.begin() as connection:
        connection.execute(stretches, {"ground_id": ground_id})
        connection.execute(sql("ANALYZE street_line"))

    with reader.connect() as connection:
        book = PlaceBook.read(connection, ground_id)

        best = search(connection, book, "东山路/西山路", near=(0.0, 1.5), limit=5)[0]

    assert best.label == "东山路 / 西山路"
    assert best.lonlat == pytest.approx((50 / METRES_PER_DEGREE_EAST, 1.5), abs=1e-6)


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("rue grimaldi", "street", "Rue Grimaldi"),
        ("r. grimladi", "street", "Rue Grimaldi"),
        ("bd moulins", "street", "Boulevard des Moulins"),
        ("8 av des papalins", "address", "8 Avenue des Papalins"),
        ("avenue des papalins 8", "address", "8 Avenue des Papalins"),
        ("8 Avenue des Papalins, 98000 Monaco", "address", "8 Avenue des Papalins"),
        ("grimaldi / caroline", "crossing", "Rue Grimaldi / Rue Princesse Caroline"),
        ("grimaldi et caroline", "crossing", "Rue Grimaldi / Rue Princesse Caroline"),
        ("montecarlo", "place", "Monte-Carlo"),
        ("theatre princesse grace", "place", "Théatre Princesse Grace"),
        ("casino and opera", "place", "Casino de Monte Carlo"),
        ("larvoto", "place", "Larvotto"),
    ],
)
def test_monaco_is_found(
    connection: Connection, monaco: GroundSummary, text: str, kind: str, label: str
) -> None:
    """The best answer to what is typed in a hurry, seen from the harbour."""
    book = PlaceBook.read(connection, monaco.ground_id)

    best = search(connection, book, text, near=(7.4215, 43.7352), limit=5)[0]

    assert (best.kind, best.label) == (kind, label)


def test_a_pin_in_monaco_gets_words(connection: Connection, monaco: GroundSummary) -> None:
    """In front of the casino."""
    found = nearest(connection, monaco.ground_id, 7.4273, 43.7394)

    assert found is not None
    assert "Casino" in found.label
    assert found.away_m < 60


def test_the_nearest_house_is_that_of_measuring_all(
    connection: Connection, monaco: GroundSummary
) -> None:
    """Against every house by the haversine formula; beyond 60 m no house is named."""
    rows = connection.execute(
        sql(
            "SELECT ST_X(a.geom), ST_Y(a.geom), a.house, p.name FROM address a"
            " JOIN place p ON p.ground_id = a.ground_id AND p.number = a.street"
            " WHERE a.ground_id = :ground_id"
        ),
        {"ground_id": monaco.ground_id},
    ).all()
    chance = np.random.default_rng(5)
    near = [rows[int(at)] for at in chance.integers(len(rows), size=25)]
    pins = [(row[0] + chance.normal(0, 5e-4), row[1] + chance.normal(0, 5e-4)) for row in near]

    for pin in pins:
        found = nearest(connection, monaco.ground_id, *pin)
        away_m, label = min(
            (distance_m(pin, (row[0], row[1])), address_label(row[3], row[2])) for row in rows
        )
        if away_m < 59.5:
            assert found is not None
            assert (found.kind, found.label) == ("address", label)
            assert found.away_m == pytest.approx(away_m, rel=1e-3, abs=0.01)
        elif away_m > 60.5:
            assert found is None or found.kind != "address"


def test_no_number_asked_for_in_monaco_is_lost_or_put_on_another_street(
    connection: Connection, monaco: GroundSummary
) -> None:
    """The first address bears the number; an estimate stands beside a street of its name."""
    book = PlaceBook.read(connection, monaco.ground_id)
    names = sql(
        "SELECT p.name FROM address a JOIN place p ON p.number = a.street"
        " AND p.ground_id = a.ground_id WHERE a.ground_id = :ground_id"
        " GROUP BY p.name HAVING count(*) > 2 ORDER BY p.name"
    )
    beside = sql(
        "SELECT min(ST_Distance(l.geom::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)))"
        " FROM street_line l JOIN place p USING (ground_id)"
        " WHERE l.street = p.number AND p.name = :name AND ground_id = :ground_id"
    )
    counts = {"exact": 0, "interpolated": 0, "street": 0}
    streets = connection.scalars(names, {"ground_id": monaco.ground_id}).all()

    for name in streets[:6]:
        for number in range(1, 40, 3):
            found = search(connection, book, f"{number} {name}", near=(7.42, 43.735), limit=5)
            best = next(hit for hit in found if hit.kind == "address")
            counts[best.precision] += 1
            assert str(number) in best.label
            assert name in best.label
            if best.precision == "interpolated":
                lon, lat = best.lonlat
                at = {"lon": lon, "lat": lat, "name": name, "ground_id": monaco.ground_id}
                assert connection.scalar(beside, at) < 100
    assert all(counts.values()), counts
