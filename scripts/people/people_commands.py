"""`nearcrew init`, `station add`, `crew add`, `crew change`: set up people and stations."""

from typing import Annotated

import typer

from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.crews.types import AddCrew
from dispatch.crews.types import AddStation
from dispatch.crews.types import ChangeCrew
from scripts.commands.db_commands import bring_up_to_date
from scripts.commands.opened_services import crew_named
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import DatabaseError
from scripts.people.account_commands import user_app
from scripts.people.gateway_commands import gateway_app
from scripts.people.operator import operator
from scripts.people.outcome_commands import outcome_app
from scripts.people.passwords import FromStdin
from scripts.people.passwords import Generate
from scripts.people.passwords import new_password
from scripts.people.plan_commands import plan_app
from scripts.people.role_commands import role_app
from scripts.people.role_commands import token_app
from scripts.people.tracker_commands import tracker_app
from scripts.people.unit_commands import unit_app

station_app = typer.Typer(no_args_is_help=True, help="Stations: the depots crews start from.")
crew_app = typer.Typer(no_args_is_help=True, help="Crews: who is sent.")

EmergencyDrive = Annotated[
    bool, typer.Option("--emergency-drive", help="Its vehicle may drive with blue lights.")
]
Language = Annotated[str, typer.Option(help="Language of the pages: zh or en.")]


def init(
    username: Annotated[str, typer.Option(help="The first administrator's user name.")] = "admin",
    language: Language = "zh",
    *,
    generate: Generate = False,
    stdin: FromStdin = False,
) -> None:
    """Create the tables and the first administrator.

    The password is asked for, or taken from NEARCREW_PASSWORD.
    """
    surroundings = look_around()
    bring_up_to_date(surroundings)
    with opened_services(surroundings) as services:
        if services.accounts.any_administrator():
            message = "There is already an administrator."
            mend = "nearcrew user add NAME --role administrator adds another."
            raise DatabaseError(message, mend=mend)
        password = new_password(username, generate=generate, stdin=stdin)
        roles = (Role.ADMINISTRATOR,)
        services.accounts.create(
            CreateAccount.read(
                {"username": username, "password": password, "roles": roles, "language": language}
            ),
            actor=operator(),
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
    with opened_services(look_around()) as services:
        station_id = services.stations.add(operator(), station)
    print(f"Station {station_id}: {name}")


@crew_app.command("add")
def add_crew(
    name: str,
    station: Annotated[str | None, typer.Option(help="Name of the crew's station.")] = None,
    skill: Annotated[
        list[str] | None, typer.Option(help="What the crew can repair; may be repeated.")
    ] = None,
    *,
    emergency_drive: EmergencyDrive = False,
) -> None:
    """Add a crew, off duty at first."""
    crew = AddCrew.read(
        {
            "name": name,
            "station": station,
            "skills": tuple(skill or ()),
            "emergency_drive": emergency_drive,
        }
    )
    with opened_services(look_around()) as services:
        crew_id = services.crews.add(operator(), crew)
    print(f"Crew {crew_id}: {name}")


@crew_app.command("change")
def change_crew(
    name: Annotated[str, typer.Argument(help="The crew's name.")],
    *,
    emergency_drive: Annotated[
        bool | None,
        typer.Option(
            "--emergency-drive/--no-emergency-drive",
            help="Whether its vehicle may drive with blue lights, to the kinds of incident named"
            " in NEARCREW_EMERGENCY_KINDS.",
        ),
    ] = None,
) -> None:
    """Change a crew."""
    change = ChangeCrew.read({"emergency_drive": emergency_drive})
    with opened_services(look_around()) as services:
        crew = services.crew_changes.change(operator(), crew_named(services, name), change)
    print(f"{name}: {'may' if crew['emergency_drive'] else 'may not'} drive with blue lights.")


def register(app: typer.Typer) -> None:
    """Add these commands to the main one."""
    app.command()(init)
    app.add_typer(station_app, name="station")
    app.add_typer(crew_app, name="crew")
    app.add_typer(user_app, name="user")
    app.add_typer(role_app, name="role")
    app.add_typer(token_app, name="token")
    app.add_typer(outcome_app, name="outcome")
    app.add_typer(unit_app, name="unit")
    app.add_typer(plan_app, name="plan")
    app.add_typer(gateway_app, name="gateway")
    app.add_typer(tracker_app, name="tracker")
