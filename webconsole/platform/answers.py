"""Shapes of what goes out, as the API's description shows them, and the way it is encoded.

The domain already answers in JSON-ready dictionaries; they are encoded as they are. These models
describe them, and the tests hold every real answer against its model.
"""

from functools import cache
from typing import Annotated
from typing import NotRequired

from flask import Response
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import RootModel
from pydantic import create_model
from pydantic import with_config
from pydantic_core import to_json
from typing_extensions import TypedDict


def answer(
    body: object,
    status: int = 200,
    *,
    location: str | None = None,
    replayed: bool = False,
    **headers: str,
) -> Response:
    """Return a JSON answer; infinities become null, and nothing personal is cached on the way.

    Parameters
    ----------
    replayed
        Whether it is the answer to a request made before, told anew.
    """
    response = Response(
        to_json(body, inf_nan_mode="null"), status=status, mimetype="application/json"
    )
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
