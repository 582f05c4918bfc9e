"""The way of an order: told, chosen, and the roads by which a phone finds it without a signal."""

from apiflask.schemas import FileSchema
from flask import Response
from flask import request

from dispatch.access.permissions import Permission
from dispatch.roads.types import Origin
from dispatch.sending.path_types import WayAnswer
from dispatch.ways.types import ChooseWay
from dispatch.ways.types import ChosenWayAnswer
from webconsole.platform import i18n
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN
from webconsole.ways.schemas import OrderWayQuery
from webconsole.ways.schemas import RoadsQuery

ways = Area("ways", __name__, url_prefix="/api/v1/assignments", tag="Ways")
STEPS = (Permission.ASSIGNMENT_ACT_ANY, Permission.ASSIGNMENT_ACT_OWN)
_ROADS = "application/octet-stream"


@ways.get("/<int:assignment_id>/route", needs=ORDERS_SEEN)
@ways.input(OrderWayQuery, location="query", arg_name="query")
@ways.output(described(WayAnswer), content_type="application/geo+json")
@ways.doc(responses={409: "no_fix, no_road_time, off_road or unreachable"})
def assignment_route(assignment_id: int, query: OrderWayQuery) -> Response:
    """Show the way to its incident: the one that its crew chose, or the fastest."""
    origin = None if query.from_ is None else Origin(*query.from_, query.heading_deg)
    feature = services().ways.of_assignment(
        actor(),
        assignment_id,
        origin=origin,
        language=i18n.chosen_language() if query.guidance else None,
        alternatives=query.alternatives,
    )
    return answer(feature, Content_Type="application/geo+json")


@ways.put("/<int:assignment_id>/way", needs=STEPS)
@ways.input(ChooseWay, arg_name="body")
@ways.output(described(ChosenWayAnswer))
@ways.doc(responses={409: "wrong_state"})
def choose_way(assignment_id: int, body: ChooseWay) -> Response:
    """Drive by another way from now on; said again it changes nothing."""
    return answer(services().ways.choose(actor(), assignment_id, body))


@ways.get("/<int:assignment_id>/roads", needs=ORDERS_SEEN)
@ways.input(RoadsQuery, location="query", arg_name="query")
@ways.output(FileSchema(type="string", format="binary"), content_type=_ROADS)
@ways.doc(responses={304: "unchanged", 409: "no_road_time"})
def assignment_roads(assignment_id: int, query: RoadsQuery) -> Response:
    """Show the roads around its incident, as a phone keeps them; docs/ways.md tells the format.

    The ETag changes with the ground, the speeds of the hour, and closures in force or to come.
    """
    known = next(iter(request.if_none_match.as_set()), None)
    found = services().ways.roads_around(actor(), assignment_id, query.radius_m, known)
    response = Response(mimetype=_ROADS)
    response.set_etag(found.tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Cookie", "Authorization"))
    if found.body is None:
        response.status_code = 304
        return response
    # Whoever keeps roads unpacks them; a browser does so by itself.
    response.content_encoding = "gzip"
    response.set_data(found.body)
    return response
