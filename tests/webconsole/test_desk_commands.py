"""What the command line does, and refuses to do by a guess."""

import json
from typing import Any

import pytest

from tests.webconsole.desk_scripts import at_the_desk

CREWS = {7: "Crew 12", 8: "Crew 120", 9: "East 1"}


def candidate(crew_id: int, verdict: str, *reasons: str) -> dict[str, Any]:
    """Return a crew as the candidates of an incident judge it: there in four minutes."""
    return {
        "crew_id": crew_id,
        "verdict": verdict,
        "reasons": reasons,
        "distance_m": 1200,
        "way_length_m": 1600,
        "travel_time_s": 240,
        "free_in_s": 0,
        "workload": {"active": 0},
    }


def told(command: str, typed: str, *candidates: dict[str, Any], act: str = "run") -> Any:  # noqa: ANN401
    """Return what a command was refused for, what was posted, and what it suggests.

    On the board: #410 open, #41 closed; crew 7 is "Crew 12", 8 "Crew 120", 9 "East 1".
    """
    answer = {"incident_version": 3, "candidates": candidates}
    return at_the_desk(f"""
        const store = await script("core/store");
        const registry = await script("commands/registry");
        (await script("commands/dispatch_commands")).addOwnCommands();
        for (const [id, name] of Object.entries({json.dumps(CREWS)}))
          store.putCrew({{ id: Number(id), name, state: "idle" }});
        for (const [id, state] of [[410, "open"], [41, "closed"], [40, "open"]])
          store.putIncident({{ id, state, kind: "gas_leak", priority: 2, address: "Rue A" }});
        page.answer("/incidents", {json.dumps(answer)});
        let refusal = "", found = [];
        try {{
          found = await registry.commandOf({json.dumps(command)}).{act}({json.dumps(typed)});
        }} catch (error) {{
          refusal = error.message;
        }}
        const posts = page.asked.filter(({{ method }}) => method === "POST")
          .map(({{ path, body }}) => [path, body.crew_id ?? body.reason]);
        const options = Array.isArray(found) ? found : [];
        const shown = options.map((each) => ({{ ...each, runs: !!each.run }}));
        return {{ refusal, posts, options: shown }};
    """)


@pytest.mark.parametrize(
    "typed", ["crew 12 → 410", "Crew12→#410", "crew 12 410", "east → 410", "9 → 410"]
)
def test_a_crew_is_sent_to_the_incident_of_exactly_this_number(typed: str) -> None:
    """By its name, its number, or whatever only one crew can mean."""
    crew = 9 if typed[0] in "e9" else 7
    done = told("desk.send", typed, candidate(crew, "recommended"))

    assert done["refusal"] == ""
    assert done["posts"] == [["/incidents/410/assignments", crew]]


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("crew 12 → 41", "No open incident has the number 41."),
        ("crew 12 → 4", "No open incident has the number 4."),
        ("crew 12 → Rue A", "Say where to: /send Crew 12 → #12"),
        ("crew 12", "Say where to: /send Crew 12 → #12"),
        ("crew → 410", "Several crews may be meant by crew. Say its whole name."),
        ("west → 410", "No crew is called west."),
    ],
)
def test_nobody_is_sent_to_what_was_not_named(typed: str, refusal: str) -> None:
    """Number 41 was closed a minute ago: that is not number 410."""
    done = told("desk.send", typed, *(candidate(id_, "recommended") for id_ in CREWS))

    assert done["refusal"] == refusal
    assert done["posts"] == []


@pytest.mark.parametrize(
    ("crews", "refusal"),
    [
        ([candidate(7, "excluded", "lacks_skill")], "Crew 12 cannot come: lacks the skill."),
        ([], "Crew 12 cannot come: outside the radius."),
    ],
)
def test_a_crew_that_cannot_come_goes_only_when_it_is_sent_anyway(
    crews: list[dict[str, Any]], refusal: str
) -> None:
    """As in the panel: Enter alone sends nobody, the completion says "anyway" and why not."""
    done = told("desk.send", "crew 12 → 410", *crews)
    offered = told("desk.send", "crew 12 → 410", *crews, act="suggest")["options"]

    assert done["refusal"] == refusal
    assert done["posts"] == []
    assert [each["runs"] for each in offered] == [True]
    assert offered[0]["label"].endswith("#410 anyway")
    assert refusal.partition(": ")[2].rstrip(".") in offered[0]["detail"]


def test_a_completion_says_verdict_and_reasons() -> None:
    """What decides stands beside the minutes."""
    done = told("desk.send", "crew 12 → 410", candidate(7, "recommended", "fastest"), act="suggest")

    assert done["options"][0]["detail"] == "4 min · 1.6 km · Recommended · there first"
    assert not done["options"][0]["label"].endswith("anyway")


def test_completions_of_what_is_not_exact_only_fill_the_line() -> None:
    """They are read once more before anything is sent."""
    numbers = told("desk.send", "crew 12 → 4", act="suggest")["options"]
    crews = told("desk.send", "crew → 410", act="suggest")["options"]

    assert [each["fill"] for each in numbers] == ["Crew 12 → #40", "Crew 12 → #410"]
    assert [each["fill"] for each in crews] == ["Crew 12 → 410", "Crew 120 → 410"]
    assert not any(each["runs"] for each in numbers + crews)


@pytest.mark.parametrize("what", ["close", "cancel"])
def test_an_incident_ends_from_the_line_by_its_number_and_a_reason(what: str) -> None:
    """Without a reason, or without such a number, nothing ends."""
    done = told(f"desk.{what}", "#410 reported twice")
    refused = [told(f"desk.{what}", typed) for typed in ("410", "4 reported twice")]

    assert done["posts"] == [[f"/incidents/410/{what}", "reported twice"]]
    assert {each["refusal"] for each in refused} == {
        "Say which incident and why, such as 418 repaired."
    }
    assert [each["posts"] for each in refused] == [[], []]
