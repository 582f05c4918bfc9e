"""The tables of all rooms, put together: what can be imported, and what can be exported."""

from typing import TYPE_CHECKING

from dispatch.access.permissions import Permission
from dispatch.closures.types import ClosureListQuery
from dispatch.core.list_query import ListQuery
from dispatch.crews.crew_import import CrewImport
from dispatch.crews.member_import import MemberImport
from dispatch.crews.register_types import CrewListQuery
from dispatch.crews.register_types import PersonListQuery
from dispatch.crews.station_import import STATIONS
from dispatch.crews.station_types import StationListQuery
from dispatch.devices.types import DeviceListQuery
from dispatch.exporting.types import ExportSubject
from dispatch.forms.part_import import PARTS
from dispatch.gateways.types import GatewayListQuery
from dispatch.importing.subjects import AnySubject
from dispatch.importing.subjects import ImportSubject
from dispatch.people import account_import
from dispatch.people.account_import import AccountImport
from dispatch.people.types import UserListQuery
from dispatch.skills.ticket_import import TicketImport
from dispatch.skills.ticket_list import TicketListQuery
from dispatch.vehicles.register_types import VehicleListQuery
from dispatch.vehicles.vehicle_import import VehicleImport
from dispatch.zones.types import ZoneListQuery

if TYPE_CHECKING:
    from dispatch.bootstrap import Services


def imported(services: "Services") -> list[AnySubject]:
    """Return what can be imported."""
    upkeep, clock = services.skill_upkeep, services.clock
    accounts = AccountImport(services.clock, services.invitations)
    return [
        STATIONS,
        PARTS,
        ImportSubject(
            "accounts",
            Permission.ACCOUNT_WRITE,
            account_import.AccountLine,
            ("username",),
            account_import.known_accounts,
            accounts.store,
            headings=account_import.HEADINGS,
            examples=account_import.EXAMPLES,
            finish=accounts.finish,
        ),
        CrewImport(upkeep, clock).subject(),
        MemberImport(upkeep, clock).subject(),
        TicketImport(upkeep, clock).subject(),
        VehicleImport(clock).subject(),
    ]


def exported(services: "Services") -> list[ExportSubject]:
    """Return the lists that can be exported."""
    return [
        ExportSubject(
            "accounts",
            Permission.ACCOUNT_READ,
            UserListQuery,
            services.people.list,
            (
                *("username", "display_name", "roles", "crew_name", "unit_name", "language"),
                *("disabled", "has_password", "created_at", "seen_at"),
            ),
        ),
        ExportSubject(
            "gateways",
            Permission.GATEWAY_WRITE,
            GatewayListQuery,
            services.gateways.list,
            ("name", "kind", "url", "page_url", "enabled", "timeout_s"),
        ),
        ExportSubject(
            "devices",
            Permission.DEVICE_WRITE,
            DeviceListQuery,
            services.devices.list,
            ("kind", "account", "crew_name", "created_at", "seen_at", "expires_at", "failure"),
        ),
        ExportSubject(
            "parts",
            Permission.OUTCOME_WRITE,
            ListQuery,
            services.parts.list,
            ("code", "name_en", "name_zh", "unit_en", "unit_zh", "sort", "retired"),
        ),
        ExportSubject(
            "stations",
            Permission.STATION_WRITE,
            StationListQuery,
            services.stations.list,
            ("name", "lon", "lat"),
        ),
        ExportSubject(
            "closures",
            Permission.EXPORT,
            ClosureListQuery,
            services.closures.list,
            (
                *("id", "kind", "direction", "from_at", "until_at", "reason", "state"),
                *("created_at", "created_by", "lifted_at", "lifted_by", "lift_reason"),
            ),
        ),
        ExportSubject(
            "zones",
            Permission.ZONE_WRITE,
            ZoneListQuery,
            services.zones.list,
            ("name", "name_zh", "kind", "updated_at", "updated_by"),
        ),
        ExportSubject(
            "crews",
            Permission.EXPORT,
            CrewListQuery,
            services.crew_register.crews,
            (
                *("name", "station", "own_skills", "own_emergency_drive"),
                *("duty", "members", "leader", "plates", "expires_on"),
            ),
        ),
        ExportSubject(
            "people",
            Permission.EXPORT,
            PersonListQuery,
            services.crew_register.people,
            ("personnel_number", "name", "phone", "crew", "leads", "from_on", "until_on"),
        ),
        ExportSubject(
            "tickets",
            Permission.EXPORT,
            TicketListQuery,
            services.ticket_list.list,
            (
                *("personnel_number", "person_name", "crew_name", "skill", "number"),
                *("issued_by", "valid_from", "valid_until", "state"),
            ),
        ),
        ExportSubject(
            "vehicles",
            Permission.EXPORT,
            VehicleListQuery,
            services.vehicle_list.list,
            (
                *("plate", "description", "equipment", "emergency"),
                *("height_m", "weight_t", "crew_name"),
            ),
        ),
    ]
