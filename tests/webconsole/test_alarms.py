"""What the desk is alarmed of, as its own script finds it."""

import json
from typing import Any

from tests.scripts_of_pages import told_by

_LOOK = """
globalThis.window = globalThis.document = { addEventListener() {} };
globalThis.localStorage = { getItem: () => null };
Date.now = () => Date.parse("2026-01-31T08:40:05Z");
const { state } = await import("./core/store.js");
const { openAlarms, watchAlarms } = await import("./notifications/alarms.js");
state.loading.incidents = "ready";
state.incidents.set(1, { id: 1, state: "assigned", assignments: [ORDER] });
watchAlarms();
console.log(JSON.stringify(openAlarms().map(({ kind, since }) => [kind, since])));
"""


def alarms(**order: Any) -> list[list[str]]:  # noqa: ANN401
    """Return what a page alarms of that was loaded at 08:40:05, an offer being left a minute."""
    sent = {"id": 1, "state": "offered", "rank": 0, "offered_at": "2026-01-31T08:00:00Z"}
    found: list[list[str]] = told_by(_LOOK.replace("ORDER", json.dumps(sent | order)))
    return found


def test_an_order_that_moved_up_is_unanswered_from_then_on_in_a_new_window_too() -> None:
    """Queued for 40 minutes and asked of its crew for five seconds is no alarm."""
    assert alarms(asked_at="2026-01-31T08:40:00Z") == []
    assert alarms(asked_at=None, rank=1) == []
    assert alarms(asked_at="2026-01-31T08:39:00Z") == [["unanswered", "2026-01-31T08:39:00Z"]]
