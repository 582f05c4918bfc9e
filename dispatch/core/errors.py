"""Exceptions of the domain, each with a stable code and a translatable sentence.

Each carries a stable ``code`` for programs and an English sentence for people (``msgid`` with
named places, ``params`` to fill them), so that the console can translate the sentence and the
command line can print it as it is. HTTP status codes are chosen in one place, in webconsole.
"""

import dataclasses
import math
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from typing_extensions import override


def N_(msgid: str) -> str:  # noqa: N802  (gettext's own name for this)
    """Return a sentence unchanged, marked for extraction by gettext."""
    return msgid


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one named field of an input."""

    field: str
    msgid: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def message(self) -> str:
        """Return the sentence in English."""
        return self.msgid % self.params


class DispatchError(Exception):
    """Base of everything that the domain refuses."""

    code = "refused"

    def __init__(
        self,
        msgid: str,
        params: Mapping[str, Any] | None = None,
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.params = dict(params or {})
        self.extra = dict(extra or {})

    def message(self) -> str:
        """Return the sentence in English."""
        return self.msgid % self.params if self.params else self.msgid

    @override
    def __str__(self) -> str:
        return self.message()


class InvalidInput(DispatchError):
    """One or more fields cannot be taken as they are."""

    code = "invalid_input"

    def __init__(self, fields: Sequence[FieldError]) -> None:
        super().__init__(N_("The input has errors."))
        self.fields = tuple(fields)

    @classmethod
    def one(cls, name: str, msgid: str, **params: object) -> "InvalidInput":
        """Return the exception for a single field."""
        return cls([FieldError(name, msgid, params)])

    @override
    def message(self) -> str:
        return "; ".join(f"{each.field}: {each.message()}" for each in self.fields)


class NotSignedIn(DispatchError):
    """The request carries no valid session or token."""

    code = "not_signed_in"


class SignInRefused(NotSignedIn):
    """The user name or the password is wrong, or the account is disabled."""

    code = "sign_in_refused"


class TryLater(DispatchError):
    """Asked too often, or while too many others ask: the same may be asked again later."""

    code = "too_many_requests"

    def __init__(self, msgid: str, retry_after_s: float) -> None:
        self.retry_after_s = max(1, math.ceil(retry_after_s))
        super().__init__(msgid, {"seconds": self.retry_after_s})


class NotAllowed(DispatchError):
    """The actor's roles do not permit this."""

    code = "not_allowed"


class NotFound(DispatchError):
    """There is no such thing, or the actor may not know of it."""

    code = "not_found"

    @classmethod
    def thing(cls, kind: str, key: object) -> "NotFound":
        """Return the refusal for a missing row of one kind."""
        return cls(_NOT_FOUND[kind], {"id": key})


class Conflict(DispatchError):
    """The request is valid but conflicts with the present state."""

    code = "conflict"

    def __init__(
        self,
        code: str,
        msgid: str,
        params: Mapping[str, Any] | None = None,
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(msgid, params, extra=extra)
        self.code = code


class RoadsUnavailable(Conflict):
    """No road network can answer at the moment: none is loaded, or its engine is stuck."""

    def __init__(self, msgid: str) -> None:
        super().__init__("no_road_time", msgid)


class TooMany(TryLater):
    """The actor has asked for more than can be done for it now; later it may be taken."""

    def __init__(
        self, code: str, msgid: str, params: Mapping[str, Any], *, retry_after_s: float
    ) -> None:
        super().__init__(msgid, retry_after_s)
        self.code = code
        self.params = {**self.params, **params}


_NOT_FOUND = {
    "incident": N_("There is no incident %(id)s."),
    "assignment": N_("There is no assignment %(id)s."),
    "account": N_("There is no account named %(id)s."),
    "report": N_("This incident has no report %(id)s."),
    "crew": N_("There is no crew %(id)s."),
    "driven_track": N_("What was driven for assignment %(id)s is not known."),
    "scenario": N_("There is no scenario %(id)s."),
    "study": N_("There is no study %(id)s."),
    "study_file": N_("This study has no file %(id)s."),
    "station": N_("There is no station %(id)s."),
    "member": N_("There is no member %(id)s of this crew."),
    "person": N_("There is no person %(id)s."),
    "ticket": N_("There is no ticket %(id)s."),
    "skill": N_("There is no skill %(id)s."),
    "equipment": N_("There is no equipment %(id)s."),
    "vehicle": N_("There is no vehicle %(id)s."),
    "tracker": N_("There is no tracker %(id)s."),
    "silence": N_("Crew %(id)s is not silent."),
    "closure": N_("There is no closure %(id)s."),
    "offer": N_("There is no offer %(id)s."),
    "notice": N_("There is no notice %(id)s."),
    "move_up": N_("There is no move-up %(id)s."),
    "proposal": N_("There is no proposal %(id)s."),
    "recording": N_("There is no recording %(id)s."),
    "signature": N_("There is no signature of order %(id)s."),
    "photo": N_("There is no photo %(id)s."),
    "zone": N_("There is no zone %(id)s."),
    "layer": N_("There is no layer %(id)s."),
    "kind": N_("There is no incident kind %(id)s."),
    "pledge": N_("There is no pledge %(id)s."),
    "clock": N_("There is no clock %(id)s for this incident."),
    "chain": N_("There is no chain %(id)s."),
    "gateway": N_("There is no gateway %(id)s."),
    "delivery": N_("There is no delivery %(id)s."),
    "outcome": N_("There is no outcome %(id)s for this kind."),
    "result_code": N_("There is no result code %(id)s for this kind."),
    "sos": N_("There is no SOS %(id)s."),
    "help": N_("There is no request for help %(id)s."),
    "par": N_("All crews were never asked under the number %(id)s."),
    "list": N_("There is no list %(id)s."),
    "page": N_("There is no page %(id)s."),
    "role": N_("There is no role %(id)s."),
    "change": N_("There is no change %(id)s that waits for approval."),
    "matter": N_("There is no matter %(id)s that could need two people."),
    "token": N_("There is no token %(id)s."),
    "sign_in": N_("There is no sign-in %(id)s."),
    "reading_block": N_("The account %(id)s is not blocked."),
    "provider": N_("There is no provider %(id)s."),
    "unit": N_("There is no unit %(id)s."),
    "loan": N_("There is no loan %(id)s."),
    "rule": N_("There is no check-in rule for %(id)s."),
    "shift": N_("There is no shift %(id)s."),
    "shift_template": N_("There is no kind of shift %(id)s."),
    "rotation": N_("There is no rotation %(id)s."),
    "swap": N_("There is no swap of shifts %(id)s."),
    "staffing_rule": N_("There is no staffing rule %(id)s."),
    "public_report": N_("There is no report %(id)s from the public."),
    "link": N_("There is nothing at this address, or not any more."),
    "feed": N_("There is no calendar at this address."),
}
