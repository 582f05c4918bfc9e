"""Units of the organisation: listed, added, moved and deleted."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.units.types import AddUnit
from dispatch.units.types import ChangeUnit
from dispatch.units.types import DeleteUnit
from dispatch.units.types import GiveToUnit
from dispatch.units.types import HindrancesAnswer
from dispatch.units.types import PutGroupAbove
from dispatch.units.types import UnitAnswer
from dispatch.units.types import UnitListQuery
from dispatch.units.types import UnitsAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

units = Area("units", __name__, url_prefix="/api/v1/units", tag="Units")
READ = (Permission.UNIT_READ,)
WRITE = (Permission.UNIT_WRITE,)
GIVE = (
    *(Permission.STATION_WRITE, Permission.ZONE_WRITE, Permission.LAYER_WRITE),
    *(Permission.GATEWAY_WRITE, Permission.RULES_WRITE),
)
UNIT = described(UnitAnswer)


@units.get("", needs=READ)
@units.input(UnitListQuery, location="query", arg_name="query")
@units.output(described(UnitsAnswer))
def list_units(query: UnitListQuery) -> Response:
    """List the units that are seen from one's own, and the names of those above it."""
    return answer(services().units.list(actor(), query))


@units.post("", needs=WRITE)
@units.input(AddUnit, arg_name="body")
@units.output(UNIT, 201)
@units.doc(responses={409: "idempotency_mismatch"})
def add_unit(body: AddUnit) -> Response:
    """Add a unit below another."""
    return answer(services().units.add(actor(), body), 201)


@units.post("/group", needs=WRITE)
@units.input(PutGroupAbove, arg_name="body")
@units.output(UNIT, 201)
@units.doc(responses={409: "group_exists"})
def put_group_above(body: PutGroupAbove) -> Response:
    """Make the one company a company of a group; whoever does so belongs to the group then."""
    return answer(services().units.put_group_above(actor(), body), 201)


@units.patch("/<int:unit_id>", needs=WRITE)
@units.input(ChangeUnit, arg_name="body")
@units.output(UNIT)
@units.doc(responses={409: "unit_below_itself"})
def change_unit(unit_id: int, body: ChangeUnit) -> Response:
    """Rename a unit, give it another code, or move it with all below it."""
    return answer(services().units.change(actor(), unit_id, body))


@units.get("/<int:unit_id>/hindrances", needs=WRITE)
@units.output(described(HindrancesAnswer))
def hindrances(unit_id: int) -> Response:
    """List what keeps a unit from being deleted."""
    return answer(services().units.hindrances(actor(), unit_id))


@units.delete("/<int:unit_id>", needs=WRITE)
@units.input(DeleteUnit, arg_name="body")
@units.output({}, 204)
@units.doc(responses={409: "unit_in_use, with what hinders; last_unit"})
def delete_unit(unit_id: int, body: DeleteUnit) -> Response:
    """Delete a unit; with move_to, what it still has goes to that unit first."""
    services().units.delete(actor(), unit_id, body)
    return Response(status=204)


@units.post("/<int:unit_id>/given", needs=GIVE)
@units.input(GiveToUnit, arg_name="body")
@units.output(UNIT)
def give(unit_id: int, body: GiveToUnit) -> Response:
    """Give stations, zones, layers, gateways or pledges to a unit of their company."""
    return answer(services().giving.give(actor(), unit_id, body))
