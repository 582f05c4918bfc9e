"""Road closures: marked, listed and lifted."""

from flask import Response
from flask import url_for

from webconsole.ground import path_schemas
from webconsole.platform import answers
from webconsole.platform import queries
from webconsole.platform import requests
from webconsole.platform.answers import answer
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.reading import idempotency_key
from webconsole.platform.reading import lonlat

closures = Area("closures", __name__, url_prefix="/api/v1/closures", tag="Closures")


@closures.get("")
@closures.input(queries.ClosureQuery, location="query", arg_name="query")
@closures.output(answers.Closures)
def list_closures(query: queries.ClosureQuery) -> Response:
    """List closures: those that hold or will first, then the latest that are over."""
    return answer(services().closures.list(actor(), active=query.active))


@closures.post("")
@closures.input(requests.NewClosure, arg_name="body")
@closures.output(answers.Closure, 201)
@closures.doc(responses={409: "no_road_time or idempotency_mismatch"})
def create_closure(body: requests.NewClosure) -> Response:
    """Close an area or a stretch of road.

    Travel times and routes go round it from now on, in every worker within a second. Whoever is
    inside can still leave. With the header Idempotency-Key a repeated request closes once.
    """
    closure, replayed = services().closures.create(
        actor(), body.given(), idempotency_key=idempotency_key()
    )
    location = url_for("closures.get_closure", closure_id=closure["id"])
    return answer(closure, 201, location=location, replayed=replayed)


@closures.get("/stretch")
@closures.input(queries.EndsQuery, location="query", arg_name="query")
@closures.output(path_schemas.Feature, content_type="application/geo+json")
def closure_stretch(query: queries.EndsQuery) -> Response:
    """Show which road would be closed between two points."""
    feature = services().closures.stretch(
        actor(), lonlat("from", query.from_), lonlat("to", query.to)
    )
    return answer(feature, Content_Type="application/geo+json")


@closures.get("/<int:closure_id>")
@closures.output(answers.Closure)
def get_closure(closure_id: int) -> Response:
    """Show one closure."""
    return answer(services().closures.get(actor(), closure_id))


@closures.post("/<int:closure_id>/lift")
@closures.input(requests.Lifting, arg_name="body")
@closures.output(answers.Closure)
@closures.doc(responses={409: "closure_over"})
def lift_closure(closure_id: int, body: requests.Lifting) -> Response:
    """Open the roads again; repeated, it changes nothing."""
    return answer(services().closures.lift(actor(), closure_id, body.given()))
