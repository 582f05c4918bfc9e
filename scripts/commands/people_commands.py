"""`nearcrew init`, `station add`, `crew add`, `user add`: who and what there is to dispatch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.bootstrap import Services
from dispatch.bootstrap import build
from dispatch.crews.types import AddCrew
from dispatch.crews.types import AddStation
from scripts.commands.db_commands import bring_up_to_date
from scripts.commands.passwords import new_password
from scripts.environment import Surroundings
from scripts.environment import look_around
from scripts.errors import DatabaseError
from scripts.errors import UsageError

station_app = typer.Typer(no_args_is_help=True, help="Stations: the depots crews start from.")
crew_app = typer.Typer(no_args_is_help=True, help="Crews: who is sent.")
user_app = typer.Typer(no_args_is_help=True, help="Accounts: who may sign in.")

Generate = Annotated[bool, typer.Option("--generate", help="Make a password and print it once.")]
Language = Annotated[str, typer.Option(help="Language of the pages: zh or en.")]


def init(
    username: Annotated[str, typer.Option(help="The first administrator's user name.")] = "admin",
    language: Language = "zh",
    *,
    generate: Generate = False,
) -> None:
    """Make the tables and the first administrator.

    The password is asked for, or taken from NEARCREW_PASSWORD.
    """
    surroundings = look_around()
    bring_up_to_date(surroundings)
    with _services(surroundings) as services:
        if services.accounts.any_administrator():
            message = "There is already an administrator."
            mend = "nearcrew user add NAME --role administrator adds another."
            raise DatabaseError(message, mend=mend)
        password = new_password(username, generate=generate)
        roles = (Role.ADMINISTRATOR,)
        services.accounts.create(
            CreateAccount.read(
                {"username": username, "password": password, "roles": roles, "language": language}
            )
        )
        has_ground = services.ground.active() is not None
    print(f"{username} is the administrator.")
    if not has_ground:
        print("Next, load your city: nearcrew import-osm FILE.osm.pbf")
    print("Then: nearcrew station add, nearcrew crew add, nearcrew user add, nearcrew serve.")


@station_app.command("add")
def add_station(
    name: str,
    lon: Annotated[float, typer.Option(help="Longitude, WGS 84, degrees.")],
    lat: Annotated[float, typer.Option(help="Latitude, WGS 84, degrees.")],
) -> None:
    """Add a station."""
    station = AddStation.read({"name": name, "lon": lon, "lat": lat})
    with _services(look_around()) as services:
        station_id = services.stations.add(SYSTEM, station)
    print(f"Station {station_id}: {name}")


@crew_app.command("add")
def add_crew(
    name: str,
    station: Annotated[str | None, typer.Option(help="Name of the crew's station.")] = None,
    skill: Annotated[
        list[str] | None, typer.Option(help="What the crew can repair; may be repeated.")
    ] = None,
) -> None:
    """Add a crew, off duty at first."""
    crew = AddCrew.read({"name": name, "station": station, "skills": tuple(skill or ())})
    with _services(look_around()) as services:
        crew_id = services.crews.add(SYSTEM, crew)
    print(f"Crew {crew_id}: {name}")


@user_app.command("add")
def add_user(
    username: str,
    role: Annotated[list[Role], typer.Option(help="What the account is for; may be repeated.")],
    crew: Annotated[str | None, typer.Option(help="Name of the crew it belongs to.")] = None,
    name: Annotated[str | None, typer.Option(help="The name shown to others.")] = None,
    language: Language = "zh",
    *,
    generate: Generate = False,
) -> None:
    """Add an account. The password is asked for, or taken from NEARCREW_PASSWORD."""
    with _services(look_around()) as services:
        crew_id = _crew_id(services, crew) if crew is not None else None
        password = new_password(username, generate=generate)
        account = CreateAccount.read(
            {
                "username": username,
                "password": password,
                "roles": tuple(role),
                "display_name": name,
                "crew_id": crew_id,
                "language": language,
            }
        )
        services.accounts.create(account)
    print(f"{username} may sign in as {', '.join(role)}.")


def register(app: typer.Typer) -> None:
    """Hang these commands into the main one."""
    app.command()(init)
    app.add_typer(station_app, name="station")
    app.add_typer(crew_app, name="crew")
    app.add_typer(user_app, name="user")


@contextmanager
def _services(surroundings: Surroundings) -> Iterator[Services]:
    services = build(surroundings.settings)
    try:
        _require_tables(services)
        yield services
    finally:
        services.close()


def _require_tables(services: Services) -> None:
    if not services.health.ready()["migrations"]:
        message = "The tables are missing or out of date."
        raise DatabaseError(message, mend="nearcrew db migrate")


def _crew_id(services: Services, name: str) -> int:
    crews = services.crews.list(SYSTEM)["crews"]
    found = [crew["id"] for crew in crews if crew["name"] == name]
    if not found:
        known = ", ".join(sorted(crew["name"] for crew in crews)) or "none yet"
        message = f"There is no crew named {name} (known: {known})."
        raise UsageError(message, mend="nearcrew crew add adds one.")
    return found[0]
