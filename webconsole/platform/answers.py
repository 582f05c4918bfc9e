"""Shapes of what goes out, as the API's description shows them, and the way it is encoded.

The domain already answers in JSON-ready dictionaries; they are encoded as they are. These models
describe them, and the tests hold every real answer against its model.
"""

from functools import cache
from typing import Annotated
from typing import NotRequired

from flask import Response
from flask import request
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import RootModel
from pydantic import create_model
from pydantic import with_config
from pydantic_core import to_json
from typing_extensions import TypedDict

from dispatch.access.caller_numbers import may_see_numbers
from dispatch.access.caller_numbers import numbers_hidden
from webconsole.platform import caller_numbers
from webconsole.platform import context


def answer(
    body: object,
    status: int = 200,
    *,
    location: str | None = None,
    replayed: bool = False,
    **headers: str,
) -> Response:
    """Return a JSON answer; infinities become null, and nothing personal is cached on the way.

    Callers' numbers are hidden here, in whatever is answered, from those who may not see them, and
    noted as read by those who may.

    Parameters
    ----------
    replayed
        Whether it is the answer to a request made before, told anew.
    """
    asks = context.asking()
    if asks is not None and not may_see_numbers(asks):
        body = numbers_hidden(body)
    packed = to_json(body, inf_nan_mode="null")
    shown = caller_numbers.noted(
        context.services().readings, asks, body, packed, counts=request.method == "GET"
    )
    response = Response(shown, status=status, mimetype="application/json")
    response = Response(shown, status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    if location is not None:
        response.headers["Location"] = location
    if replayed:
        response.headers["Idempotent-Replay"] = "true"
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


@cache
def described(answer_type: type) -> type[BaseModel]:
    """Return the model by which a typed answer of dispatch stands in the API's description.

    Answers are typed dictionaries (``TypedDict``): mypy holds the code that makes them, the
    description is made from them, and at run time they are encoded as they are.
    """
    return create_model(shown_name(answer_type.__name__), __base__=RootModel[answer_type])  # type: ignore[valid-type]  # given at run time


def shown_name(name: str) -> str:
    """Return an answer's name in the API's description: an ``IncidentAnswer`` is an Incident."""
    return name.removesuffix("Answer")


@with_config(ConfigDict(extra="forbid"))
class FieldProblem(TypedDict):
    """What is wrong with one named field."""

    field: str
    message: str


@with_config(ConfigDict(extra="allow"))
class Problem(TypedDict):
    """RFC 9457 problem details; some problems say more, in members of their own."""

    type: str
    title: str
    status: int
    code: Annotated[str, Field(description="stable name of the problem")]
    detail: str
    errors: NotRequired[list[FieldProblem]]
