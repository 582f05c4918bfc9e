"""The page of the audit trail: filters in its address, so that it can be sent to somebody."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext
from pydantic import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from dispatch.access.permissions import Permission
from dispatch.audit.states import ACTION_LABELS
from dispatch.audit.states import KIND_LABELS
from dispatch.audit.states import SUBJECT_LABELS
from dispatch.audit.types import LiftBlock
from dispatch.audit.types import TrailEntryAnswer
from dispatch.core.errors import InvalidInput
from dispatch.core.field_errors import refused
from dispatch.events.kinds import EVENT_FACTS
from webconsole.audit.schemas import TrailQuery
from webconsole.platform import problems
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.route_rights import Pages

audit_pages = Pages("audit_pages", __name__, url_prefix="/audit")
_FILTERS = ("kind", "actor", "subject", "subject_id", "words", "from", "to")
_SHOWN_NUMBERS = 8


@audit_pages.get("", needs=(Permission.AUDIT_READ, Permission.READING_UNBLOCK))
def show() -> str:
    """Show the trail by the filters in the address, and who is blocked."""
    may_read = actor().may(Permission.AUDIT_READ)
    may_lift = actor().may(Permission.READING_UNBLOCK)
    if not may_lift:
        actor().require(Permission.AUDIT_READ)
    chosen = {name: request.args.get(name, "") for name in _FILTERS}
    given = {name: value for name, value in chosen.items() if value}
    wrong: dict[str, str] = {}
    entries: list[TrailEntryAnswer] = []
    older = None
    if may_read:
        services().readings.flush()
        try:
            query = _read()
            found = services().trail.find(actor(), query, before=query.before, limit=query.limit)
            entries, older = found["entries"], found["next_before"]
        except InvalidInput as refusal:
            told = problems.from_domain(refusal).errors
            wrong = {each["field"]: each["message"] for each in told}
    blocks = services().reading_blocks.list(actor()) if may_lift else None
    return render_template(
        "audit/audit.html",
        may_read=may_read,
        may_export=actor().may(Permission.AUDIT_EXPORT),
        chosen=chosen,
        wrong=wrong,
        time_zone=services().settings.time_zone,
        rows=[_row(each) for each in entries],
        kind_options=[(kind.value, gettext(words)) for kind, words in KIND_LABELS.items()],
        subject_options=sorted(
            ((name, gettext(words)) for name, words in SUBJECT_LABELS.items()),
            key=lambda each: str(each[1]),
        ),
        older=None if older is None else urlencode({**given, "before": older}),
        is_page="before" in request.args,
        newest=urlencode(given),
        table=urlencode(given),
        blocks=[] if blocks is None else [_block(each) for each in blocks["blocks"]],
        limit=blocks,
    )


@audit_pages.post("/reading-blocks/<int:account_id>", needs=(Permission.READING_UNBLOCK,))
def lift(account_id: int) -> BaseResponse:
    """Let an account read callers' numbers again."""
    wanted = LiftBlock.read({"reason": request.form.get("reason", "")})
    services().reading_blocks.lift(actor(), account_id, wanted)
    return redirect(url_for("audit_pages.show"), 303)


def _read() -> TrailQuery:
    given = {name: value for name, value in request.args.to_dict().items() if value}
    try:
        return TrailQuery.model_validate(given)
    except ValidationError as error:
        raise refused(error) from None


def _row(entry: TrailEntryAnswer) -> dict[str, Any]:
    ids, kind = entry["subject_ids"], entry["kind"]
    return {
        "id": entry["id"],
        "at": _local(entry["at"]),
        "kind": kind.value,
        "kind_words": gettext(KIND_LABELS[kind]),
        "action": _action(entry),
        "actor": entry["actor"],
        "subject": _subject(entry["subject"]),
        "numbers": ", ".join(ids[:_SHOWN_NUMBERS]),
        "more": max(0, len(ids) - _SHOWN_NUMBERS),
        "changes": _changes(entry["before"], entry["after"]),
    }


def _action(entry: TrailEntryAnswer) -> str:
    words = ACTION_LABELS.get(entry["action"])
    if words is None:
        facts = EVENT_FACTS.get(entry["action"])  # type: ignore[call-overload]  # by its value
        return entry["action"] if facts is None else str(gettext(facts.label))
    return str(gettext(words))


def _subject(name: str) -> str:
    words = SUBJECT_LABELS.get(name)
    return name if words is None else str(gettext(words))


def _changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[dict[str, str | None]]:
    """Return each field that changed, with its old and its new value as people write them."""
    names = dict.fromkeys([*(before or {}), *(after or {})])
    if before is None or after is None:
        # Of what was added or removed, what it had.
        whole = before or after or {}
        names = dict.fromkeys(name for name in names if whole[name] not in (None, "", [], {}))
    return [
        {
            "name": name,
            "old": None if before is None else _value(before.get(name)),
            "new": None if after is None else _value(after.get(name)),
        }
        for name in names
    ]


def _value(value: object) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False)


def _block(block: Any) -> dict[str, Any]:  # noqa: ANN401  (an answer)
    return {**block, "at": _local(block["blocked_at"])}


def _local(at: str) -> str:
    zone = ZoneInfo(services().settings.time_zone)
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M:%S}"
