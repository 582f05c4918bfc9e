"""Doors for load balancers and monitoring."""

from typing import Any

from flask import Response
from flask import request
from pydantic import ConfigDict
from pydantic import with_config
from sqlalchemy.exc import SQLAlchemyError
from typing_extensions import TypedDict

from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import within
from dispatch.health import ReadyAnswer
from webconsole.monitoring import metrics
from webconsole.monitoring import metrics_access
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import services
from webconsole.platform.openapi import METRICS
from webconsole.platform.openapi import OPEN
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ANYBODY


@with_config(ConfigDict(extra="forbid", title="Alive"))
class AliveAnswer(TypedDict):
    """The process answers."""

    status: str


_NOT_READY: Any = {
    "description": "Something is missing; the answer says what",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ready"}}},
}


def blueprint(counted: metrics.Metrics) -> Area:
    """Return the doors, the one for Prometheus showing these numbers."""
    health = Area("health", __name__, tag="Operation")

    @health.get("/healthz", needs=ANYBODY)
    @health.output(described(AliveAnswer))
    @health.doc(security=OPEN)
    def alive() -> Response:
        """Tell that this worker is alive."""
        return answer(AliveAnswer(status="ok"))

    @health.get("/readyz", needs=ANYBODY)
    @health.output(described(ReadyAnswer))
    @health.doc(security=OPEN, responses={503: _NOT_READY})
    def ready() -> Response:
        """Tell whether requests can be served: database, migrations, ground, roads, writes."""
        found = services().health.ready()
        return answer(found, 200 if found["ready"] else 503)

    @health.get("/metrics", needs=ANYBODY)
    @health.output({}, content_type="text/plain")
    @health.doc(security=METRICS, responses={401: "Not the token", 403: "Not this machine"})
    def numbers() -> Response:
        """Show the numbers for Prometheus.

        With the setting NEARCREW_METRICS_TOKEN to whoever brings that token, without it to this
        machine only.
        """
        settings = services().settings
        metrics_access.require(
            request, settings.metrics_token, behind_proxies=settings.trusted_proxies > 0
        )
        try:
            with within(EVERYTHING):  # how many, and of nobody in particular
                backlog = services().photos.backlog()
        except SQLAlchemyError:
            backlog = None  # the other numbers are wanted most when it is away
        return Response(counted.text(backlog), content_type=metrics.CONTENT_TYPE)

    return health
