"""One line for many windows, as the console's own script holds it."""

from tests.scripts_of_pages import told_by

_TWO_WINDOWS = """
globalThis.EventSource = class { addEventListener() {} close() {} };
const { Hub, PROTOCOL } = await import("./live/stream_hub.js");
const hub = new Hub();
const told = { first: [], second: [] };
for (const id of ["first", "second"]) {
  hub.receive(id, { kind: "join", protocol: PROTOCOL, lastId: 1 }, (message) => {
    if (message.kind === "lead") told[id].push(message.lead);
  });
}
hub.leave("first");
hub.leave("second");
console.log(JSON.stringify(told));
"""


def test_every_window_is_told_whether_it_makes_the_sounds() -> None:
    """One that made them under a former hub would go on beside the one chosen now."""
    assert told_by(_TWO_WINDOWS) == {"first": [True], "second": [False, True]}
