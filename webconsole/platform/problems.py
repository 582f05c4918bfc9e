"""Every refusal in one shape: RFC 9457 problem+json for programs, a page for people.

The domain raises its own errors and knows no status codes; this module is the one place where they
get one. ``title``, ``detail`` and the messages of ``errors`` are in the language of the request;
``code`` and ``errors[].field`` are stable names for programs.
"""

import logging
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from typing import Any

from apiflask import APIFlask
from flask import Response
from flask import render_template
from flask import request
from flask_babel import get_translations
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from pydantic_core import to_json
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from dispatch.core.bulk import BulkRefused
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import DispatchError
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.errors import NotSignedIn
from dispatch.core.errors import TryLater
from dispatch.core.fault_text import fault_summary
from dispatch.core.fault_text import fault_text
from webconsole.platform.errors import ProblemError

MIMETYPE = "application/problem+json"
LOG = logging.getLogger(__name__)
STATUS_OF: tuple[tuple[type[DispatchError], int], ...] = (
    (InvalidInput, 422),
    (NotSignedIn, 401),
    (TryLater, 429),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
)
"""First match wins; a domain error that is not listed is a conflict with how things stand."""

_PEOPLE_DOORS = ("/api/docs",)
_PROGRAM_DOORS = ("/api/", "/tiles/", "/layers/", "/healthz", "/readyz", "/metrics")
_CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "request_timeout",
    409: "conflict",
    411: "length_required",
    413: "too_large",
    414: "address_too_long",
    415: "unsupported_media_type",
    417: "expectation_failed",
    422: "invalid_input",
    429: "too_many_requests",
    431: "headers_too_large",
    500: "internal_error",
    501: "not_implemented",
    503: "not_ready",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal, ready to be told."""

    status: int
    code: str
    detail: str
    errors: Sequence[Mapping[str, str]] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Return the members of RFC 9457, then ours."""
        body: dict[str, Any] = {
            **self.extra,
            "type": f"urn:nearcrew:problem:{self.code}",
            "title": title_of(self.status),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = list(self.errors)
        return body


def install(app: APIFlask) -> None:
    """Answer every error of the application in our shape."""
    app.register_error_handler(DispatchError, lambda error: tell(from_domain(error)))
    app.register_error_handler(ProblemError, lambda error: tell(from_web(error)))
    app.register_error_handler(CSRFError, lambda error: tell(from_csrf(error)))
    app.register_error_handler(HTTPException, lambda error: tell(from_http(error)))
    for away in (OperationalError, PoolTimeoutError):
        app.register_error_handler(away, lambda error: tell(from_database(error)))
    app.register_error_handler(Exception, lambda error: tell(from_fault(error)))


def from_domain(error: DispatchError) -> Problem:
    """Return the problem that a refusal of the domain is."""
    status = next((code for kind, code in STATUS_OF if isinstance(error, kind)), 409)
    fields: tuple[Any, ...] = error.fields if isinstance(error, InvalidInput) else ()
    errors = [{"field": each.field, "message": say(each.msgid, each.params)} for each in fields]
    headers: dict[str, str] = {}
    extra = dict(error.extra)
    if isinstance(error, BulkRefused):
        extra["rows"] = [
            {"id": each.row_id, "detail": _whole(each.refusal)} for each in error.hindrances
        ]
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TryLater):
        headers["Retry-After"] = str(error.retry_after_s)
    return Problem(status, error.code, say(error.msgid, error.params), errors, extra, headers)


def _whole(error: DispatchError) -> str:
    """Return a refusal in one sentence: what is wrong with its fields, where it names any."""
    if isinstance(error, InvalidInput):
        return "; ".join(say(each.msgid, each.params) for each in error.fields)
    return say(error.msgid, error.params)


def from_web(error: ProblemError) -> Problem:
    """Return the problem that a refusal of the web layer is."""
    errors = [
        {"field": each.field, "message": say(each.msgid, each.params)} for each in error.fields
    ]
    return Problem(error.status, error.code, say(error.msgid, error.params), errors)


def file_too_large(field: str, most_bytes: int) -> Response:
    """Return the refusal of a file, naming its field and how large it may be."""
    limit = {"limit": f"{most_bytes // 1_000_000}"}
    wrong = FieldError(field, N_("may have at most %(limit)s MB"), limit)
    detail = N_("The file is larger than the %(limit)s MB allowed.")
    return tell(from_web(ProblemError(413, "too_large", detail, limit, [wrong])))


def from_csrf(error: CSRFError) -> Problem:
    """Return the problem of a form or call that our own pages did not send."""
    LOG.info("refused without a valid CSRF token: %s", error.description)
    detail = gettext("This page is too old or was not ours. Reload it and try again.")
    return Problem(400, "csrf_failed", detail)


def from_http(error: HTTPException) -> Problem:
    """Return the problem of an error that Flask or an extension raised."""
    status = error.code or 500
    headers = {
        name: value
        for name, value in error.get_headers()
        if name not in {"Content-Type", "Content-Length"}
    }
    return Problem(status, _CODES.get(status, "http_error"), detail_of(status), headers=headers)


def from_database(error: SQLAlchemyError) -> Problem:
    """Return the problem of a database that is away, restarting or full: try again soon."""
    LOG.error(
        "the database did not serve %s %s: %s", request.method, request.path, fault_summary(error)
    )
    return Problem(503, _CODES[503], detail_of(503), headers={"Retry-After": "2"})


def from_fault(error: Exception) -> Problem:
    """Return the problem of a fault of ours: logged with where it happened, told without."""
    # Not `exc_info`: who formats that need not know that an error's words may name people.
    LOG.error("fault at %s %s\n%s", request.method, request.path, fault_text(error))
    return Problem(500, _CODES[500], detail_of(500))


def tell(problem: Problem) -> Response:
    """Return the answer: JSON where programs knock, a page where people do."""
    if for_programs(request.path):
        return Response(
            to_json(problem.body(), inf_nan_mode="null"),
            status=problem.status,
            mimetype=MIMETYPE,
            headers={**problem.headers, "Cache-Control": "no-store"},
        )
    page = render_template("platform/error.html", **problem.body(), at=now_text())
    return Response(page, problem.status, {**problem.headers, "Cache-Control": "no-store"})


def refused_by_server(status: int) -> Problem:
    """Return the problem of a request so malformed that the web server itself refuses it.

    There is no request yet, hence no path and no language: it is told in English, as to a program.
    """
    return Problem(status, _CODES.get(status, "http_error"), detail_of(status))


def for_programs(path: str) -> bool:
    """Tell whether a path is one of the doors for programs."""
    return path.startswith(_PROGRAM_DOORS) and path not in _PEOPLE_DOORS


def say(msgid: str, params: Mapping[str, Any]) -> str:
    """Return a sentence of ours in the language of the request."""
    if not msgid:
        return ""
    # Not `gettext(msgid, **params)`: a parameter named `string` would collide with its own.
    sentence = str(get_translations().ugettext(msgid))
    return sentence % params if params else sentence


def now_text() -> str:
    """Return the present instant as an error page shows it, to be found again in the log."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def title_of(status: int) -> str:
    """Return the short name of a status, in the language of the request."""
    titles = {
        400: gettext("Bad request"),
        401: gettext("Not signed in"),
        403: gettext("Not allowed"),
        404: gettext("Not found"),
        405: gettext("Method not allowed"),
        408: gettext("Request timed out"),
        409: gettext("Conflict"),
        413: gettext("Too large"),
        414: gettext("Address too long"),
        415: gettext("Unsupported media type"),
        422: gettext("Invalid input"),
        429: gettext("Too many requests"),
        431: gettext("Headers too large"),
        500: gettext("Internal error"),
        503: gettext("Not ready"),
    }
    return str(titles.get(status) or gettext("Error"))


def detail_of(status: int) -> str:
    """Return what to tell when nothing more is known than the status."""
    details = {
        400: gettext("The request could not be understood."),
        404: gettext("There is nothing at this address."),
        405: gettext("This address does not take this method."),
        408: gettext("The request did not arrive in time. Try again with a better connection."),
        413: gettext("The request is larger than the 1 MB allowed."),
        414: gettext("The address, with everything behind the question mark, is too long."),
        415: gettext("Send JSON with the header Content-Type: application/json."),
        429: gettext("Too many attempts. Wait a minute and try again."),
        500: gettext("Something went wrong on our side. It has been logged; please try again."),
        503: gettext("The database does not answer at the moment. Try again in a few seconds."),
    }
    return str(details.get(status) or title_of(status))
