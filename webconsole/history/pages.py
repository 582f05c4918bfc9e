"""The page of the history: filters in its address, so that it can be sent to somebody."""

from datetime import datetime
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import render_template
from flask import request
from flask_babel import gettext
from pydantic import ValidationError

from dispatch.access.permissions import Permission
from dispatch.assignments.types import AssignmentAnswer
from dispatch.core.errors import InvalidInput
from dispatch.core.field_errors import refused
from dispatch.crews.types import CrewAnswer
from dispatch.history.service import LONGEST_EXPORT_DAYS
from dispatch.history.types import ENDED
from dispatch.incidents.states import INCIDENT_STATE_LABELS
from dispatch.incidents.states import PRIORITY_LABELS
from dispatch.incidents.states import IncidentState
from dispatch.incidents.types import IncidentAnswer
from dispatch.outcomes.states import EFFECT_LABELS
from dispatch.pledge_clocks.states import VERDICT_LABELS
from webconsole.history.schemas import HistoryQuery
from webconsole.platform import i18n
from webconsole.platform import problems
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.route_rights import Pages

history_pages = Pages("history_pages", __name__)
_STRETCHES = 6
"""How many times 50 000 incidents are looked through before somebody has to ask on."""
_FILTERS = (
    "number",
    "words",
    "kind",
    "priority",
    "state",
    "outcome",
    "pledge",
    "crew_id",
    "from",
    "to",
)


@history_pages.get("/history", needs=(Permission.INCIDENT_READ,))
def history() -> str:
    """Show incidents that are over, by the filters in the address."""
    actor().require(Permission.INCIDENT_READ)
    wrong: dict[str, str] = {}
    found: list[IncidentAnswer] = []
    next_before_id = None
    try:
        query = _read()
        found, next_before_id = _found(query)
    except InvalidInput as refusal:
        wrong = {each["field"]: each["message"] for each in problems.from_domain(refusal).errors}
    chosen = {name: request.args.get(name, "") for name in _FILTERS}
    given = {name: value for name, value in chosen.items() if value}
    return render_template(
        "history/history.html",
        chosen=chosen,
        wrong=wrong,
        time_zone=services().settings.time_zone,
        rows=[_row(each) for each in found],
        kinds=_kinds(),
        state_options=[(code.value, gettext(INCIDENT_STATE_LABELS[code])) for code in ENDED],
        priority_options=[
            (level, f"P{level} {gettext(words)}") for level, words in PRIORITY_LABELS.items()
        ],
        outcome_options=[(effect.value, gettext(words)) for effect, words in EFFECT_LABELS.items()],
        pledge_options=[(each.value, gettext(words)) for each, words in VERDICT_LABELS.items()],
        crew_options=[(each["id"], each["name"]) for each in _crews()],
        older=None if next_before_id is None else urlencode({**given, "before_id": next_before_id}),
        is_page="before_id" in request.args,
        newest=urlencode(given),
        table=urlencode(_year_of(given)),
        days=LONGEST_EXPORT_DAYS,
    )


def _read() -> HistoryQuery:
    try:
        return HistoryQuery.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise refused(error) from None


def _found(query: HistoryQuery) -> tuple[list[IncidentAnswer], int | None]:
    """Return a page, and where to go on."""
    found: list[IncidentAnswer] = []
    before_id = query.before_id
    for _ in range(_STRETCHES):
        answer = services().history.find(
            actor(), query, before_id=before_id, limit=query.limit - len(found)
        )
        found += answer["incidents"]
        before_id = answer["next_before_id"]
        if before_id is None or len(found) >= query.limit:
            break
    return found, before_id


def _kinds() -> dict[str, str]:
    language = i18n.chosen_language()
    name = "name_zh" if language == "zh" else "name_en"
    return {each["code"]: str(each[name]) for each in services().incidents.kinds()["kinds"]}  # type: ignore[literal-required]  # one of two


def _crews() -> list[CrewAnswer]:
    return sorted(services().crews.list(actor())["crews"], key=lambda each: each["name"])


def _row(incident: IncidentAnswer) -> dict[str, Any]:
    """Return an incident with its times at the desk, and its crews with what they reported."""
    zone = ZoneInfo(services().settings.time_zone)
    orders = incident["assignments"]
    return {
        **incident,
        "reported": _local(incident["reported_at"], zone),
        "closed": _local(incident["closed_at"], zone),
        "crews": ", ".join(dict.fromkeys(each["crew_name"] for each in orders)),
        "results": "; ".join(filter(None, map(_ended_with, orders))),
        "state_words": gettext(INCIDENT_STATE_LABELS[IncidentState(incident["state"])]),
    }


def _ended_with(order: AssignmentAnswer) -> str:
    """Return how an order ended, in the reader's language, and the crew's words."""
    name = "outcome_name_zh" if i18n.chosen_language() == "zh" else "outcome_name_en"
    return ": ".join(str(each) for each in (order[name], order["result"]) if each)  # type: ignore[literal-required]  # one of two


def _local(at: str | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M}"


def _year_of(given: dict[str, str]) -> dict[str, str]:
    """Return the filters with a beginning, without which there is no table."""
    if given.get("from"):
        return given
    try:
        last = datetime.fromisoformat(given["to"]).date() if "to" in given else None
    except ValueError:
        last = None
    last = last or services().history.today()
    return {**given, "from": (last - timedelta(days=LONGEST_EXPORT_DAYS - 1)).isoformat()}
