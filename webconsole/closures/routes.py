"""Road closures: marked, listed and lifted."""

from flask import Response
from flask import url_for

from dispatch.access.permissions import Permission
from dispatch.closures.types import CloseRoads
from dispatch.closures.types import ClosureAnswer
from dispatch.closures.types import ClosureListQuery
from dispatch.closures.types import ClosuresAnswer
from dispatch.closures.types import LiftClosure
from dispatch.closures.types import LiftClosures
from dispatch.closures.types import StretchAnswer
from dispatch.core.bulk import BulkAnswer
from webconsole.platform import queries
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

closures = Area("closures", __name__, url_prefix="/api/v1/closures", tag="Closures")
CLOSURE = described(ClosureAnswer)


@closures.get("", needs=(Permission.CLOSURE_READ,))
@closures.input(ClosureListQuery, location="query", arg_name="query")
@closures.output(described(ClosuresAnswer))
def list_closures(query: ClosureListQuery) -> Response:
    """List closures: those that hold or will first, then the latest that are over."""
    return answer(services().closures.list(actor(), query))


@closures.post("", needs=(Permission.CLOSURE_WRITE,))
@closures.input(CloseRoads, arg_name="body")
@closures.input(queries.RepeatHeaders, location="headers", arg_name="headers")
@closures.output(CLOSURE, 201)
@closures.doc(responses={409: "no_road_time or idempotency_mismatch"})
def create_closure(body: CloseRoads, headers: queries.RepeatHeaders) -> Response:
    """Close an area or a stretch of road.

    Travel times and routes go round it from now on, in every worker within a second. Whoever is
    inside can still leave. With the header Idempotency-Key a repeated request closes once.
    """
    closure, replayed = services().closures.create(actor(), body, idempotency_key=headers.key)
    location = url_for("closures.get_closure", closure_id=closure["id"])
    return answer(closure, 201, location=location, replayed=replayed)


@closures.get("/stretch", needs=(Permission.CLOSURE_READ,))
@closures.input(queries.EndsQuery, location="query", arg_name="query")
@closures.output(described(StretchAnswer), content_type="application/geo+json")
@closures.doc(responses={409: "no_road_time"})
def closure_stretch(query: queries.EndsQuery) -> Response:
    """Show which road would be closed between two points."""
    feature = services().closures.stretch(actor(), query.from_, query.to)
    return answer(feature, Content_Type="application/geo+json")


@closures.get("/<int:closure_id>", needs=(Permission.CLOSURE_READ,))
@closures.output(CLOSURE)
def get_closure(closure_id: int) -> Response:
    """Show one closure."""
    return answer(services().closures.get(actor(), closure_id))


@closures.post("/<int:closure_id>/lift", needs=(Permission.CLOSURE_WRITE,))
@closures.input(LiftClosure, arg_name="body")
@closures.output(CLOSURE)
@closures.doc(responses={409: "closure_over"})
def lift_closure(closure_id: int, body: LiftClosure) -> Response:
    """Open the roads again; repeated, it changes nothing."""
    return answer(services().closures.lift(actor(), closure_id, body))


@closures.post("/lift", needs=(Permission.CLOSURE_WRITE,))
@closures.input(LiftClosures, arg_name="body")
@closures.output(described(BulkAnswer))
@closures.doc(responses={409: "bulk_refused"})
def lift_closures(body: LiftClosures) -> Response:
    """Open several closed places again: all of them, or none."""
    return answer(services().closures.lift_several(actor(), body))
