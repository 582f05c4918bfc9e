"""Create the stations, crews and accounts of the demo city, once.

Everything is looked up by name before it is added, so an interrupted start is finished by the next
one, and what people changed since stays as they left it.
"""

from dataclasses import replace
from datetime import datetime

from argon2 import PasswordHasher

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.bootstrap import Services
from dispatch.bootstrap import build
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.crews.types import AddStation
from dispatch.pledges.presets import DEMO_CODES
from dispatch.pledges.types import UsePreset
from dispatch.positions.types import PositionFix
from dispatch.positions.types import ReportPositions
from dispatch.roads.types import Origin
from dispatch.settings import Settings
from geodata.crs.great_circle import LonLat
from scripts.commands.progress import waiting
from scripts.demo.demo_places import Depot
from scripts.demo.demo_places import choose_depots
from scripts.demo.demo_places import waiting_place
from scripts.errors import ScriptError

PASSWORD = "nearcrew-demo"  # noqa: S105 - public on purpose; the demo serves this machine only
DISPATCHER = "dispatcher"
STATIONS = 3
CREWS = 24

_TRADES: tuple[tuple[str, ...], ...] = (
    ("gas",),
    ("water",),
    ("power",),
    ("heat",),
    ("gas", "heat"),
    ("heat", "water"),
    ("power",),
    ("gas", "water"),
)
# The crew that people try: it can do everything, and waits where they look first.
TRIED = 1
_EVERY_TRADE = ("gas", "heat", "water", "power")
# What the higher alarm levels of response plans ask for, so that one can be tried.
_ALSO: dict[int, tuple[str, ...]] = {
    **dict.fromkeys((2, 6, 10, 15, 19), ("cordon",)),
    **dict.fromkeys((5, 13), ("excavator",)),
}
# All three duties are to be seen on the board from the first minute.
_DUTIES = {12: Duty.ON_BREAK, 24: Duty.OFF_DUTY}
_GATEWAY = Actor(None, SYSTEM.username, SYSTEM.display_name, frozenset({Role.INTEGRATION}))
# Everybody knows the password: a costly hash would guard nothing and take ten seconds.
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def crew_username(number: int) -> str:
    """Return the user name of a crew's account."""
    return f"crew{number:02d}"


def seed_demo(settings: Settings, now: datetime) -> None:
    """Add the missing stations, crews and accounts of the demo city.

    Parameters
    ----------
    settings
        Which database.
    now
        When the crews stand where they are put.

    Raises
    ------
    ScriptError
        If the ground has no place for stations.
    """
    services = build(settings, hasher=_QUICK)
    try:
        with waiting("Placing stations and crews"):
            yards = _stations(services)
            crew_ids = _crews(services, yards, now)
            _accounts(services, crew_ids)
            _pledges(services)
    finally:
        services.close()


def _pledges(services: Services) -> None:
    """Run a few of the shipped examples, so that there are clocks to be seen."""
    if services.pledges.list(SYSTEM)["pledges"]:
        return
    for code in DEMO_CODES:
        services.pledges.use_preset(SYSTEM, code, UsePreset(enabled=True))


def _stations(services: Services) -> dict[str, tuple[LonLat, ...]]:
    """Return the stations' names, in order, and the first positions of their crews.

    Where crews stand is only known while a station is added: later they are where they drove.
    """
    present = [each["name"] for each in services.stations.list(SYSTEM)["stations"]]
    if len(present) >= STATIONS:
        return dict.fromkeys(present[:STATIONS], ())
    yards: dict[str, tuple[LonLat, ...]] = {}
    for number, depot in enumerate(_depots(services), 1):
        name = f"Station {number} {depot.street}".strip()
        if name not in present:
            lon, lat = depot.lonlat
            services.stations.add(SYSTEM, AddStation(name=name, lon=lon, lat=lat))
        yards[name] = depot.yard
    return yards


def _depots(services: Services) -> list[Depot]:
    services.roads.refresh()
    ground_id = services.roads.ground_id
    ground = services.ground.active()
    if ground_id is None or ground is None:
        message = "There is no city loaded yet."
        raise ScriptError(message, mend="nearcrew import-osm FILE.osm.pbf")

    def times_to(origins: list[LonLat], target: LonLat) -> list[float]:
        times = services.roads.travel_times_to([Origin(*each) for each in origins], target)
        return list(times.travel_time_s) if times else [float("inf")] * len(origins)

    roads = services.ground.roads(ground_id)
    depots = choose_depots(roads, times_to, count=STATIONS, yard_size=CREWS // STATIONS)
    # The first place of its yard is that of the crew that people try.
    station = TRIED % STATIONS
    _, *others = depots[station].yard
    waits_at = waiting_place(roads, ground.bounds, depots, times_to)
    depots[station] = replace(depots[station], yard=(waits_at, *others))
    return depots


def _crews(
    services: Services, yards: dict[str, tuple[LonLat, ...]], now: datetime
) -> dict[int, int]:
    """Return the ids of the demo's crews by their numbers."""
    known = {each["name"]: each["id"] for each in services.crews.list(SYSTEM)["crews"]}
    names = list(yards)
    ids = {}
    for number in range(1, CREWS + 1):
        name = f"Crew {number:02d}"
        station = names[number % STATIONS]
        if name not in known:
            duty = _DUTIES.get(number, Duty.ON_DUTY)
            trades = _EVERY_TRADE if number == TRIED else _TRADES[number % len(_TRADES)]
            skills = (*trades, *_ALSO.get(number, ()))
            crew = AddCrew(name=name, station=station, skills=skills, duty=duty)
            known[name] = services.crews.add(SYSTEM, crew)
            # Whoever is off duty has switched the tracker off.
            if yards[station] and duty is not Duty.OFF_DUTY:
                corner = yards[station][number // STATIONS % len(yards[station])]
                _stand(services, known[name], corner, now)
        ids[number] = known[name]
    return ids


def _stand(services: Services, crew_id: int, place: LonLat, now: datetime) -> None:
    fix = PositionFix(crew_id=crew_id, lon=place[0], lat=place[1], fixed_at=now)
    services.positions.record(_GATEWAY, ReportPositions(positions=[fix]))


def _accounts(services: Services, crew_ids: dict[int, int]) -> None:
    known = {each["username"] for each in services.accounts.list_accounts(SYSTEM)["accounts"]}
    wanted: list[tuple[str, str, Role, int | None]] = [
        (DISPATCHER, "Dispatcher", Role.DISPATCHER, None),
        ("supervisor", "Supervisor", Role.SUPERVISOR, None),
        ("planner", "Planner", Role.PLANNER, None),
        ("admin", "Administrator", Role.ADMINISTRATOR, None),
    ]
    wanted += [
        (crew_username(number), f"Crew {number:02d}", Role.CREW, crew_id)
        for number, crew_id in crew_ids.items()
    ]
    for username, shown, role, crew_id in wanted:
        if username not in known:
            account = CreateAccount(
                username=username,
                password=PASSWORD,
                roles=(role,),
                display_name=shown,
                crew_id=crew_id,
            )
            services.accounts.create(account, actor=SYSTEM)
