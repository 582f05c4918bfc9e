"""The door of the live stream."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from apiflask.schemas import FileSchema
from flask import Response
from flask import request
from flask_login import current_user

from dispatch.access.permissions import Actor
from webconsole.access.sessions import bearer_token
from webconsole.live.hub import StreamHub
from webconsole.live.hub import shut
from webconsole.platform import context
from webconsole.platform import queries
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import SIGNED_IN

_EVENT_ID = re.compile("[0-9]{1,19}")
"""As our ids are; anything else we never gave out."""


def blueprint(hub: StreamHub) -> Area:
    """Return the door to one worker's hub."""
    stream = Area("stream", __name__, url_prefix="/api/v1", tag="Stream")

    @stream.get("/stream", needs=SIGNED_IN)
    @stream.input(queries.StreamQuery, location="query", arg_name="query")
    @stream.output(FileSchema(type="string"), content_type="text/event-stream")
    def open_stream(query: queries.StreamQuery) -> Response:
        """Follow everything as it happens (server-sent events).

        `hello` {head_id, server_time, ground_id} comes first; `change` is an event of the log with
        its id, of the kind `log.unreadable` where one could not be read; `positions` at most once a
        second, only those that changed; `reach` likewise of crews that are reached otherwise than
        before; `tick` every ten seconds, for desks with `overdue_s`, how long the next deadline has
        waited for a worker, and `standby_lost_s`, how long commits have not waited for the
        database's standby; `reset` when more was missed than can be told: load the lists again.
        Resume with the header Last-Event-ID. Compressed for whoever accepts gzip.
        """
        packed = request.accept_encodings.quality("gzip") > 0
        body = hub.open(
            actor(),
            _last_id(query),
            still=_still_signed_in(),
            cut=partial(shut, request.environ.get("gunicorn.socket")),
            packed=packed,
        )
        # Proxies keep their hands off: nothing is held back until a buffer is full.
        headers = {
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
            "Vary": "Accept-Encoding",
        }
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response(body, content_type="text/event-stream; charset=utf-8", headers=headers)

    return stream


def _last_id(query: queries.StreamQuery) -> int | None:
    """Return where to resume: the header first, because reconnecting browsers send only that."""
    header = request.headers.get("Last-Event-ID", "")
    return int(header) if _EVENT_ID.fullmatch(header) else query.last_event_id


def _still_signed_in() -> Callable[[], Actor | None]:
    """Return a way to ask later, when this request is long over, whether its actor still may."""
    accounts: Any = services().accounts
    if context.by_token():
        return partial(accounts.actor_for_token, bearer_token(request))
    return partial(accounts.actor_for_session, current_user.get_id())
