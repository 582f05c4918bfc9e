"""One burst, ten minutes, 300 calls: one incident with 300 people to call back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import told

INCIDENTS = "/api/v1/incidents"
CALLS, CALL_TAKERS = 300, 6


def test_they_end_as_one_incident_with_three_hundred_people_to_call_back(
    program: Callable[[Actor], Program],
    people: People,
    desk: Program,
    yard: CrewYard,
    grid_city: GridCity,
) -> None:
    """Each call taker opens one at first; they are merged, and a crew is sent, while calls come."""
    takers = [program(people.sign_up(f"taker{n}", Role.DISPATCHER)) for n in range(CALL_TAKERS)]
    crew_id = yard.put("A", 1, 1)

    def pin(taker: int) -> int:
        lon, lat = grid_city.at(3 + taker / 20, 3)
        body = {"kind": "water_burst", "lon": lon, "lat": lat, "caller_phone": f"5{taker:05}"}
        number: int = told(takers[taker].post(INCIDENTS, body))["id"]
        return number

    def call(number: int) -> int:
        taker = number % CALL_TAKERS
        body = {"channel": "call", "caller_name": f"Caller {number}", "words": "Water everywhere"}
        body["caller_phone"] = f"6{number:05}"
        path = f"{INCIDENTS}/{opened[taker]}/reports"
        return takers[taker].post(path, body).status_code

    def merge(incident_id: int) -> int:
        body = {"into": opened[0], "orders": "move"}
        return desk.post(f"{INCIDENTS}/{incident_id}/merge", body).status_code

    with ThreadPoolExecutor(CALL_TAKERS) as pool:
        opened = list(pool.map(pin, range(CALL_TAKERS)))
        calls = [pool.submit(call, number) for number in range(CALLS - CALL_TAKERS)]
        sent = desk.post(f"{INCIDENTS}/{opened[1]}/assignments", {"crew_id": crew_id})
        merged = [merge(each) for each in opened[1:]]
        statuses = {each.result() for each in calls}

    assert statuses == {201}
    assert (sent.status_code, set(merged)) == (201, {200})
    (left,) = told(desk.get(INCIDENTS))["incidents"]
    assert (left["id"], left["reports_count"], left["state"]) == (opened[0], CALLS, "assigned")
    assert [each["id"] for each in left["assignments"]] == [told(sent)["id"]]
    page = told(desk.get(f"{INCIDENTS}/{opened[0]}/reports?limit=50"))
    assert (len(page["reports"]), page["total"], page["to_call_back"]) == (50, CALLS, CALLS)
    callers = told(desk.get(f"{INCIDENTS}/{opened[0]}/call-backs"))
    assert len({each["phone"] for each in callers["people"]}) == CALLS
    table = desk.get(f"{INCIDENTS}/{opened[0]}/call-backs.csv")
    assert table.mimetype == "text/csv"
    assert table.text.count("\n") == CALLS + 1


def test_duplicates_over_http_say_what_is_wrong(
    desk: Program, pin: Callable[..., dict[str, Any]], yard: CrewYard
) -> None:
    """The preview, the choice about live orders, a call back, a danger radius, and taking out."""
    one, two = pin(3, 3, caller_phone="12")["id"], pin(3, 3.2)["id"]
    order = told(desk.post(f"{INCIDENTS}/{one}/assignments", {"crew_id": yard.put("A", 1, 1)}))
    path = f"{INCIDENTS}/{one}/merge"

    preview = told(desk.get(f"{path}?into={two}"))
    undecided = desk.post(path, {"into": two})
    merged = told(desk.post(path, {"into": two, "orders": "move"}))
    reports = told(desk.get(f"{INCIDENTS}/{two}/reports"))["reports"]
    ticked = told(
        desk.post(f"{INCIDENTS}/{two}/reports/{reports[0]['id']}/call-back", {"note": "told"})
    )
    radius = told(desk.put(f"{INCIDENTS}/{two}/danger-radius", {"radius_m": 75}))
    merged_list = told(desk.get(f"{INCIDENTS}/{two}/merged"))["merged"]
    parted = told(desk.post(f"{INCIDENTS}/{one}/unmerge", {}))

    assert preview["likely"]
    assert [each["if_moved"] for each in preview["orders"]] == ["goes_over"]
    assert undecided.status_code == 409
    problem = told(undecided)
    assert (problem["code"], problem["choices"]) == ("orders_live", ["move", "withdraw"])
    assert merged["orders_moved"] == [order["id"]]
    assert ticked["call_back"]["note"] == "told"
    assert (radius["danger_radius_m"], radius["danger_radius_set"]) == (75, True)
    assert [each["incident"]["id"] for each in merged_list] == [one]
    assert parted["orders_moved"] == [order["id"]]
    assert desk.put("/api/v1/kinds/gas_leak/danger-radius", {"radius_m": 1}).status_code == 403
