"""Holds that a request is signed by the gateway it names, before anything of it is read."""

from collections.abc import Callable
from functools import wraps

from flask import Response
from flask import request

from dispatch.gateways.signatures import DELIVERY
from dispatch.gateways.signatures import SIGNATURE
from dispatch.gateways.signatures import TIMESTAMP
from webconsole.platform import context
from webconsole.platform.context import services
from webconsole.platform.reading import json_body

View = Callable[..., Response]


def signed(view: View) -> View:
    """Return a view that is called for messages of the gateway ``gateway_id`` only.

    A gateway has no session and no token, and its messages need no form token: it is known by the
    signature alone, as cookies are not looked at.
    """

    @wraps(view)
    def checked(gateway_id: int) -> Response:
        context.see_as(services().sight.of_gateway(gateway_id))
        services().gateways.require_signed(
            gateway_id,
            request.headers.get(TIMESTAMP, ""),
            request.headers.get(DELIVERY, ""),
            request.headers.get(SIGNATURE, ""),
            json_body(request),
        )
        return view(gateway_id)

    return checked
