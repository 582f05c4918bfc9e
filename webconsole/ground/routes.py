"""The city in use: its bounds, its stations, ways through it; and who is asking."""

from flask import Response

from dispatch.ground.types import GroundAnswer
from dispatch.incidents.types import KindsAnswer
from dispatch.sending.path_types import WayAnswer
from webconsole.platform import i18n
from webconsole.platform import queries
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import SIGNED_IN

ground = Area("ground", __name__, url_prefix="/api/v1", tag="Ground")


@ground.get("/ground", needs=SIGNED_IN)
@ground.output(described(GroundAnswer))
def get_ground() -> Response:
    """Show which city is in use."""
    actor()
    return answer(services().ground.info())


@ground.get("/kinds", needs=SIGNED_IN)
@ground.output(described(KindsAnswer))
def list_kinds() -> Response:
    """List the kinds of incidents."""
    actor()
    return answer(services().incidents.kinds())


@ground.get("/routes", needs=SIGNED_IN)
@ground.input(queries.RouteQuery, location="query", arg_name="query")
@ground.output(described(WayAnswer), content_type="application/geo+json")
@ground.doc(responses={409: "no_road_time, off_road or unreachable"})
def route_between(query: queries.RouteQuery) -> Response:
    """Show the quickest way by road between two points."""
    feature = services().paths.between(
        actor(),
        query.from_,
        query.to,
        language=i18n.chosen_language() if query.guidance else None,
    )
    return answer(feature, Content_Type="application/geo+json")
