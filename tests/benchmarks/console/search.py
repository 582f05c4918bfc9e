"""How long a search takes in a city of 100 000 names and house numbers.

The city is made: streets and places from the words of real street names where an extract of Porto
is at hand, and as many in Chinese, on the area of a large city. What is typed is taken from the
names themselves: their beginnings, their middles, with letters swapped, as pinyin, two of them.
"""

import argparse
import os
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from rich.console import Console
from sqlalchemy import func
from sqlalchemy import insert

from dispatch import bootstrap
from dispatch import migrate
from dispatch.access.permissions import SYSTEM
from dispatch.settings import Settings
from geodata.crs.great_circle import LonLat
from geodata.db import make_engine
from geodata.ground.models import Ground
from geodata.names.name_text import has_han
from geodata.names.pinyin import syllables
from geodata.osm.road_reader import read_roads
from geodata.places import place_import
from geodata.places.place_kinds import Meaning
from geodata.places.place_reader import Found
from geodata.places.place_reader import House
from geodata.places.place_reader import NamedPlace
from geodata.places.place_reader import Spellings
from geodata.places.place_reader import StreetWay
from geodata.progress import silent
from geodata.table_copy import GroundCopy
from scripts.cluster import private_cluster as cluster
from tests.benchmarks import results
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles

NAME = "search"
ROWS = 100_000
TARGET_P95_MS = 50.0
ASKED = 60  # texts of each sort
_SEED = 11
_WEST, _SOUTH, _EAST, _NORTH = 121.0, 31.0, 121.5, 31.4
_PORTO = cluster.CHECKOUT.parent / "shared" / "data" / "osm" / "porto.osm.pbf"
_KINDS = (Meaning("shop", 0), Meaning("school", 2), Meaning("hospital", 3), Meaning("office", 0))
_LATIN = (
    *("acacia", "albert", "antonio", "beira", "bento", "carmo", "castelo", "costa", "cruz"),
    *("douro", "faria", "ferreira", "flores", "fonte", "garrett", "gomes", "graca", "ilha"),
    *("jardim", "lapa", "liberdade", "lima", "loureiro", "luz", "marques", "matos", "miguel"),
    *("monte", "moreira", "neves", "nova", "oliveira", "pedro", "pereira", "pinto", "ramos"),
    *("ribeira", "rocha", "rosa", "santos", "serra", "silva", "soares", "sousa", "torre"),
    *("vale", "vasco", "velha", "verde", "vieira", "vila", "vitoria"),
)
_HAN = "人民中山解放建设和平胜利长江黄河文化新华东方红光明复兴延安南京北京西湖龙凤金玉春秋安宁"
_HAN_ENDINGS = ("路", "街", "巷", "大道", "小学", "医院", "大厦", "花园", "广场", "超市")


@dataclass(frozen=True, slots=True)
class NamedCity:
    """What there is to be found: streets as ways on a grid, places and houses beside them."""

    streets: list[StreetWay]
    places: list[NamedPlace]
    houses: list[House]

    def found(self) -> Iterator[Found]:
        """Yield it as an extract's reader would."""
        yield from self.streets
        yield from self.places
        yield from self.houses


def make_city(rows: int, words: Sequence[str]) -> NamedCity:
    """Return a city of so many names and numbers: a fifth streets, half places, the rest houses."""
    chance = np.random.default_rng(_SEED)
    streets = [
        _street(number, name, chance)
        for number, name in enumerate(_names(rows // 5, words, chance, street=True))
    ]
    places = []
    for name in _names(rows // 2, words, chance, street=False):
        meaning = _KINDS[int(chance.integers(len(_KINDS)))]
        lonlat = _somewhere(chance)
        places.append(NamedPlace(_spelled(name), meaning, None, lonlat, None, None))
    houses = []
    for number in range(rows - len(streets) - len(places)):
        street = streets[number % len(streets)]
        lon, lat = street.lonlat[0].tolist()
        house = str(1 + number // len(streets) * 2)
        houses.append(House(house, street.names.local, (lon, lat), of_building=True))
    return NamedCity(streets, places, houses)


def questions(city: NamedCity) -> dict[str, list[str]]:
    """Return what is typed, by sort."""
    chance = np.random.default_rng(_SEED + 1)
    local = [street.names.local for street in city.streets]
    latin = [name for name in local if not has_han(name)]
    latin += [place.names.local for place in city.places if not has_han(place.names.local)]
    chinese = [place.names.local for place in city.places if has_han(place.names.local)]
    pairs = _meeting(city, chance)

    def some(names: Sequence[str], change: Callable[[str], str]) -> list[str]:
        chosen = chance.choice(len(names), ASKED, replace=len(names) < ASKED)
        return [change(names[int(one)]) for one in chosen]

    def misspelt(name: str) -> str:
        at = int(chance.integers(1, max(2, len(name) - 2)))
        return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]

    return {
        "one to three letters": some(latin, lambda name: name[: 1 + len(name) % 3]),
        "beginning": some(latin, lambda name: name[: max(4, len(name) * 2 // 3)]),
        "middle word": some(latin, lambda name: name.split()[-1][:6]),
        "misspelt": some(latin, misspelt),
        "Chinese": some(chinese, lambda name: name[:3]),
        "pinyin": some(chinese, lambda name: "".join(syllables(name[:3]))),
        "house number": some(local, lambda name: f"{name} 3"),
        "crossing": [f"{one} / {other}" for one, other in pairs],
    }


def measure(rows: int = ROWS) -> list[Result]:
    """Make the city in a database of its own and search it as a desk does."""
    city = make_city(rows, _real_words())
    asked = questions(city)
    with _stored(city) as services:
        centre = ((_WEST + _EAST) / 2, (_SOUTH + _NORTH) / 2)
        began_s = perf_counter()
        services.search.find(SYSTEM, "first", near=centre)
        found = [Result("search: a worker's first, reading the index", _ms(began_s), "ms")]
        every: list[float] = []
        for sort, texts in asked.items():
            times_s = []
            for text in texts:
                began_s = perf_counter()
                services.search.find(SYSTEM, text, near=centre)
                times_s.append(perf_counter() - began_s)
            every += times_s
            found += percentiles(f"search: {sort}", times_s, p95_ms=TARGET_P95_MS)
        found += percentiles("search: all sorts", every, p95_ms=TARGET_P95_MS)
        found += percentiles("address at a pin", _pins_s(services, city))
    found.append(Result("search: names and house numbers", float(rows), "rows"))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; ``make bench`` writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    asked = parser.parse_args(arguments)
    console = Console(width=120)
    machine = describe_machine(city=f"made, {asked.rows} names and house numbers")
    found = measure(asked.rows)
    machine["load after"] = load()
    results.show(found, machine, console)


def _pins_s(services: bootstrap.Services, city: NamedCity) -> list[float]:
    times_s = []
    for place in city.places[:: max(1, len(city.places) // ASKED)]:
        began_s = perf_counter()
        services.search.nearest(SYSTEM, *place.lonlat)
        times_s.append(perf_counter() - began_s)
    return times_s


@contextmanager
def _stored(city: NamedCity) -> Iterator[bootstrap.Services]:
    name = f"nearcrew_bench_search_{os.getpid()}"
    urls = cluster.create_database(name)
    try:
        migrate.upgrade(urls.owner(name), cluster.APP_ROLE)
        owner = make_engine(urls.owner(name))
        with owner.begin() as connection:
            corners = f"{_WEST} {_SOUTH}, {_EAST} {_SOUTH}, {_EAST} {_NORTH}, {_WEST} {_NORTH}"
            ground_id = connection.execute(
                insert(Ground)
                .values(
                    name="Made",
                    source_file="made",
                    network_hash="",
                    attribution="",
                    bounds=f"SRID=4326;POLYGON(({corners}, {_WEST} {_SOUTH}))",
                    imported_at=func.now(),
                )
                .returning(Ground.id)
            ).scalar_one()
            place_import.store_found(GroundCopy(connection, ground_id, silent), city.found())
        owner.dispose()
        services = bootstrap.build(Settings.from_environment({"DATABASE_URL": urls.app(name)}))
        yield services
        services.close()
    finally:
        cluster.drop_database(name)


def _real_words() -> Sequence[str]:
    """Return words that streets are really called by."""
    if not Path(_PORTO).is_file():
        return _LATIN
    roads, _ = read_roads(_PORTO)
    words = {word for name in roads.names for word in name.split() if len(word) > 2}
    return sorted(words)


def _names(
    count: int, words: Sequence[str], chance: np.random.Generator, *, street: bool
) -> list[str]:
    """Return names, half of them Chinese, all different enough to be told apart."""
    first = ("Rua", "Avenida", "Travessa", "Largo") if street else ("Escola", "Casa", "Farmácia")
    endings = _HAN_ENDINGS[:4] if street else _HAN_ENDINGS[4:]
    found = []
    for number in range(count):
        if number % 2:
            picked = "".join(_HAN[int(at)] for at in chance.integers(len(_HAN), size=3))
            found.append(picked + endings[int(chance.integers(len(endings)))])
        else:
            one, other = (words[int(at)] for at in chance.integers(len(words), size=2))
            found.append(f"{first[number // 2 % len(first)]} {one} {other}")
    return found


def _street(number: int, name: str, chance: np.random.Generator) -> StreetWay:
    """Return a street on a grid: even ones run east, odd ones north; neighbours share a node."""
    lon, lat = _somewhere(chance)
    step = 0.004
    along = np.array([[0, 0], [step, 0]] if number % 2 == 0 else [[0, 0], [0, step]])
    nodes = np.array([number // 2, 10_000_000 + number])
    return StreetWay(_spelled(name), nodes, along + np.array([lon, lat]))


def _meeting(city: NamedCity, chance: np.random.Generator) -> list[tuple[str, str]]:
    chosen = chance.choice(len(city.streets) // 2, ASKED, replace=False)
    return [
        (city.streets[2 * int(one)].names.local, city.streets[2 * int(one) + 1].names.local)
        for one in chosen
    ]


def _spelled(name: str) -> Spellings:
    return Spellings(name, None, None, ())


def _somewhere(chance: np.random.Generator) -> LonLat:
    return float(chance.uniform(_WEST, _EAST)), float(chance.uniform(_SOUTH, _NORTH))


def _ms(began_s: float) -> float:
    return (perf_counter() - began_s) * 1000


if __name__ == "__main__":
    main()
