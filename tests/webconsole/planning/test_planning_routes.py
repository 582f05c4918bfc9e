"""Planning over HTTP: cover, scenarios, studies, and reports that can touch nothing."""

from collections.abc import Callable

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.planning.models import PlanningStudy
from dispatch.planning.study_folder import StudyFolder
from tests.cities import GridCity
from tests.conftest import People
from tests.conftest import SettableClock
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Programs = Callable[[Actor], Program]
API = "/api/v1/planning"


@pytest.fixture
def planner(program: Programs, people: People) -> Program:
    """Return a planner's client."""
    return program(people.sign_up("petra", Role.PLANNER))


def one_post(city: GridCity) -> dict[str, object]:
    """Return a standby point in the middle of the grid, as JSON."""
    lon, lat = city.at(6.5, 6)
    return {"name": "Middle", "lon": lon, "lat": lat}


def test_cover_is_told_kept_as_a_scenario_and_studied(
    planner: Program, grid_city: GridCity
) -> None:
    """What the page does, in the order in which it does it."""
    posts = [one_post(grid_city)]
    cover = told(planner.post(f"{API}/cover", {"posts": posts, "conditions": {"minutes": 1.5}}))
    points = told(planner.get(f"{API}/street-points"))
    places = told(planner.get(f"{API}/places"))
    body = {"name": "Winter", "posts": posts, "conditions": {"minutes": 1.5}}
    made = planner.post(f"{API}/scenarios", body, headers={"Idempotency-Key": "one"})
    again = planner.post(f"{API}/scenarios", body, headers={"Idempotency-Key": "one"})
    address = f"{API}/scenarios/{told(made)['id']}"
    changed = told(planner.patch(address, {"name": "Frost", "expected_version": 1}))
    late = planner.patch(address, {"name": "Thaw", "expected_version": 1})
    study = planner.post(f"{API}/studies", {"scenario_id": changed["id"]})
    cancelled = told(planner.post(f"{API}/studies/{told(study)['id']}/cancel", {}))
    studies = told(planner.get(f"{API}/studies"))

    assert 0 < cover["covered_pct"] < 100
    assert (cover["closures"], cover["off_road"]) == (0, [])
    assert points["ground_id"] == cover["ground_id"]
    assert len(points["points"]) == cover["demand_count"]
    assert places == {"stations": [], "crews": []}
    assert (made.status_code, again.headers["Idempotent-Replay"]) == (201, "true")
    assert (changed["name"], changed["version"]) == ("Frost", 2)
    problem = late.get_json()
    assert (late.status_code, problem["code"]) == (409, "scenario_changed")
    assert problem["scenario"]["name"] == "Frost"
    assert (study.status_code, cancelled["state"]) == (201, "cancelled")
    assert (studies["worker_alive"], len(studies["studies"])) == (False, 1)
    assert planner.delete(f"{API}/studies/{cancelled['id']}").status_code == 200
    assert planner.delete(f"{address}?expected_version=2").status_code == 200
    assert planner.get(address).status_code == 404


def test_a_report_has_an_origin_of_its_own_and_files_are_only_those_listed(
    planner: Program, services: Services, clock: SettableClock
) -> None:
    """Its scripts run in a sandbox that nothing of the console is in."""
    with services.work.writing() as session:
        study = PlanningStudy(
            kind="coverage",
            title="Winter",
            inputs={},
            state="done",
            attempts=1,
            progress_words="",
            asked_at=clock(),
            asked_by="petra",
            asked_by_id=1,
            ended_at=clock(),
            said="",
            files=[{"name": "report.html", "size_bytes": 9}, {"name": "a.csv", "size_bytes": 2}],
        )
        session.add(study)
        session.flush()
        study_id = study.id
    folder = StudyFolder(services.settings.studies_dir, study_id, 1)
    folder.prepare()
    (folder.out / "report.html").write_text("<script>1</script>", encoding="utf-8")
    (folder.out / "a.csv").write_text("a\n", encoding="utf-8")
    folder.zip(["report.html", "a.csv"])

    report = planner.get(f"/plan/studies/{study_id}/report")
    table = planner.get(f"/plan/studies/{study_id}/files/a.csv")
    zipped = planner.get(f"/plan/studies/{study_id}/files/study.zip")

    content = zipped.data
    for answer in (report, table, zipped):
        answer.close()

    policy = report.headers["Content-Security-Policy"]
    assert (report.status_code, report.mimetype) == (200, "text/html")
    assert policy.startswith("sandbox allow-scripts allow-downloads; default-src 'none'")
    assert "allow-same-origin" not in policy
    assert "'self'" not in policy
    assert table.headers["Content-Disposition"] == f"attachment; filename=study-{study_id}-a.csv"
    assert content.startswith(b"PK")
    for name in ("said.txt", "..%2Fsaid.txt", "log.txt"):
        assert planner.get(f"/plan/studies/{study_id}/files/{name}").status_code == 404


def test_what_is_wrong_is_named_and_others_are_kept_out(
    planner: Program, desk: Program, grid_city: GridCity
) -> None:
    """Fields by their path; a dispatcher is refused everywhere, page and report included."""
    posts = [{**one_post(grid_city), "lat": 91}]
    empty = told(planner.post(f"{API}/scenarios", {"name": "Empty", "posts": []}))

    wrong = planner.post(f"{API}/cover", {"posts": posts, "conditions": {"minutes": 0}})
    nothing = planner.post(f"{API}/studies", {"scenario_id": empty["id"]})

    assert set(refused_fields(wrong)) == {"posts.0.lat", "conditions.minutes"}
    assert set(refused_fields(nothing)) == {"scenario_id"}
    assert planner.get("/plan").status_code == 200
    for path in ("/plan", "/plan/studies/1/report", f"{API}/scenarios", f"{API}/studies"):
        assert desk.get(path).status_code == 403
