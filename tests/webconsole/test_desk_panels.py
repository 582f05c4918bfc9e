"""What the desk's panels do with news, answers that overtake one another, and being closed."""

from tests.webconsole.desk_scripts import at_the_desk

CREW = """
    const store = await script("core/store");
    const { CrewPanel } = await script("crews/crew_panel");
    page.answer("/crews/7/assignments", { assignments: [] });
    const crew = { id: 7, name: "Crew 12", state: "idle", duty: "on_duty", lon: 7.42, lat: 43.73 };
    store.putCrew({ ...crew, fixed_at: new Date().toISOString() });
    const told = () => new Promise((done) => setTimeout(done, 5));
"""


def test_a_crew_on_the_side_is_not_drawn_again_for_the_news_of_others() -> None:
    """Whoever is copying its place, or has the keyboard there, is not thrown out."""
    same = at_the_desk(f"""
        {CREW}
        const panel = new CrewPanel(7);
        const before = [...panel.details.children];
        const same = () => panel.details.children.every((row, at) => row === before[at]);
        store.putCrew({{ ...crew, id: 8, name: "Crew 13" }});
        store.movePositions([[7, 7.421, 43.731, 0, 3, new Date().toISOString()]]);
        await told();
        const others = [same(), panel.place.textContent];
        store.putCrew({{ ...crew, skills: ["gas"], fixed_at: new Date().toISOString() }});
        await told();
        return [...others, same()];
    """)

    assert same == [True, "43.73100, 7.42100", False]


def test_a_first_position_brings_its_row() -> None:
    """A crew comes on duty while somebody looks at it."""
    rows = at_the_desk(f"""
        {CREW}
        store.putCrew({{ id: 9, name: "New", state: "idle" }});
        const panel = new CrewPanel(9);
        store.movePositions([[9, 7.42, 43.73, 0, 0, new Date().toISOString()]]);
        await told();
        return panel.details.children.map((row) => row.textContent);
    """)

    assert "Coordinates" in rows


def test_an_answer_that_was_overtaken_is_not_shown() -> None:
    """Orders asked for twice: the older answer comes last and is dropped."""
    shown = at_the_desk(f"""
        {CREW}
        const order = (id) => ({{ assignments: [
          {{ id, incident_id: id, rank: 0, state: "accepted", incident: null }}] }});
        let slow;
        page.answer("/crews/7/assignments", () => new Promise((done) => (slow = done)));
        const panel = new CrewPanel(7);
        await page.settle();
        page.answer("/crews/7/assignments", order(2));
        store.emit("event", {{ kind: "assignment.offered", crew_id: 7 }});
        await page.settle();
        slow(order(1));
        await page.settle();
        return panel.list.textContent;
    """)

    assert "#2" in shown
    assert "#1" not in shown


def test_details_keep_their_buttons_while_they_age() -> None:
    """Every 20 s only "5 min ago" is written anew."""
    told = at_the_desk("""
        const store = await script("core/store");
        await script("incidents/standard_sections");
        const { incidentSections } = await script("incidents/section_registry");
        const details = incidentSections().find(({ id }) => id === "details").make(41);
        const incident = { id: 41, lon: 7.42, lat: 43.73, address: "Rue A",
          reported_at: new Date(Date.now() - 300e3).toISOString() };
        store.putIncident(incident);
        details.update(incident);
        const before = [...details.node.children];
        store.emit("slow");
        return [details.node.children.every((row, at) => row === before[at]),
          details.node.textContent.includes("5 min ago")];
    """)

    assert told == [True, True]


CANDIDATES = """
    const store = await script("core/store");
    const { CandidatesPanel } = await script("sending/candidate_panel");
    const candidate = { crew_id: 7, crew_name: "Crew 12", verdict: "recommended", reasons: [],
      distance_m: 1200, travel_time_s: 240, free_in_s: 0, fix_age_s: 4, workload: { active: 0 } };
    page.answer("/incidents/41/candidates", { incident_version: 3, radius_m: 5000,
      computed_at: new Date().toISOString(), candidates: [candidate] });
    store.putIncident({ id: 41, state: "open", kind: "gas_leak", assignments: [] });
    const panel = new CandidatesPanel(41);
    await page.settle();
"""


def test_candidates_that_were_closed_ask_no_more() -> None:
    """The handle of the radius came to rest just as another incident was chosen."""
    asked = at_the_desk(f"""
        {CANDIDATES}
        mock.timers.enable({{ apis: ["setTimeout"] }});
        for (const metres of [2000, 2100]) {{
          store.setRadius(metres);
          mock.timers.tick(0);
        }}
        await page.settle();
        const before = page.asked.length;
        panel.close();
        mock.timers.tick(1000);
        await page.settle();
        return {{ more: page.asked.length - before, left: store.state.candidates }};
    """)

    assert asked == {"more": 0, "left": None}


def test_a_row_sends_by_the_answer_it_was_made_of() -> None:
    """Whatever another panel, or another window, last put on the map."""
    body = at_the_desk(f"""
        {CANDIDATES}
        store.setCandidates({{ incident_version: 99, radius_m: 100, candidates: [] }});
        panel.node.querySelector(".send").dispatch("click");
        await page.settle();
        return page.asked.find(({{ method }}) => method === "POST").body;
    """)

    assert body == {"crew_id": 7, "expected_version": 3, "radius_m": 5000}


def test_measuring_does_not_wipe_away_what_a_form_has_marked() -> None:
    """The key, the tool and the command say why instead."""
    told = at_the_desk("""
        const store = await script("core/store");
        const { toggleMeasure } = await script("map/tools/measure");
        const area = { kind: "area", points: [[7.42, 43.73]], done: false };
        store.setMarking(area);
        toggleMeasure();
        const kept = store.state.marking === area;
        const said = document.getElementById("toasts").textContent;
        store.setMarking(null);
        toggleMeasure();
        const begun = store.state.marking.kind;
        toggleMeasure();
        return { kept, said, begun, ended: store.state.marking };
    """)

    assert told["kept"] is True
    assert "Save or leave first" in told["said"]
    assert (told["begun"], told["ended"]) == ("measure", None)


def test_a_way_that_nobody_could_tell_is_not_called_none() -> None:
    """Without an answer it is asked for again; a "no" of the server holds for a while."""
    told = at_the_desk("""
        const { pathBetween } = await script("assignments/road_paths");
        const [from, to] = [{ lon: 7.42, lat: 43.73 }, { lon: 7.43, lat: 43.74 }];
        const ask = async (more) => {
          page.answer("/routes", {}, more);
          return Boolean((await pathBetween(from, to)).unknown);
        };
        const offline = await ask({ offline: true });
        const busy = [await ask({ status: 429 }), await ask({ status: 503 })];
        const none = [await ask({ status: 404 }), await ask({ status: 404 })];
        return { offline, busy, none, asked: page.asked.length };
    """)

    assert told == {"offline": True, "busy": [True, True], "none": [False, False], "asked": 4}


def test_one_closure_is_one_change_of_the_roads_however_often_it_is_heard_of() -> None:
    """From the answer, the stream and the map: asked soon and once more, not six times."""
    told = at_the_desk("""
        const store = await script("core/store");
        const { roadsChanged } = await script("closures/closures");
        let told = 0;
        store.on("roads", () => (told += 1));
        mock.timers.enable({ apis: ["setTimeout"] });
        for (let times = 0; times < 3; times += 1) {
          roadsChanged();
          mock.timers.tick(100);
        }
        mock.timers.tick(1200);
        return told;
    """)

    assert told == 2


def test_a_refusal_stands_at_its_field_and_is_read_with_it() -> None:
    """What belongs to no field stands below, without names that only programs know."""
    told = at_the_desk("""
        const { el } = await script("core/dom");
        const { field, showErrors } = await script("widgets/form_fields");
        const address = el("input", { id: "pin-caller_name", "aria-describedby": "hint" });
        const below = el("p");
        const form = el("form", {}, field(address, "Caller"));
        const look = () => [address.getAttribute("aria-invalid"), below.textContent,
          form.querySelector(".field-error").textContent];
        showErrors(form, below, { caller_name: "is too long", lon: "is off the map" }, "Refused.");
        const looks = [look()];
        showErrors(form, below, { caller_name: "is too long" }, "Refused.");
        looks.push(look());
        showErrors(form, below, {}, "Refused.");
        return [...looks, look(), address.getAttribute("aria-describedby")];
    """)

    assert told == [
        ["true", "is off the map", "is too long"],
        ["true", "", "is too long"],
        ["false", "Refused.", ""],
        "hint pin-caller_name-error",
    ]


def test_a_search_that_was_emptied_is_not_busy_any_more() -> None:
    """Readers aloud would wait for it."""
    busy = at_the_desk("""
        const { SearchBox } = await script("search/search_box");
        const node = document.createElement("div");
        const box = new SearchBox(node, { centre: () => null });
        page.answer("/search", () => new Promise(() => {}));
        const type = (words) => { box.input.value = words; box.input.dispatch("input"); };
        mock.timers.enable({ apis: ["setTimeout"] });
        type("Rue");
        mock.timers.tick(200);
        const before = node.getAttribute("aria-busy");
        type("");
        return [before, node.getAttribute("aria-busy")];
    """)

    assert busy == ["true", None]


def test_an_address_that_comes_late_gives_way_to_whoever_is_about_to_write() -> None:
    """It is marked where the cursor stands, so that the first letter takes its place."""
    told = at_the_desk("""
        const { boot } = await script("core/boot");
        const { AddressSuggestion } = await script("incidents/pin_address");
        boot.ground_id = 1;
        const input = document.createElement("input");
        const marked = [];
        Object.assign(input, { value: "", select: () => marked.push(input.value) });
        const suggestion = new AddressSuggestion(input);
        suggestion.follow({ lon: 7.42, lat: 43.73, address: "Rue A 1" });
        input.focus();
        suggestion.follow({ lon: 7.43, lat: 43.73, address: "Rue B 2" });
        return { marked, value: input.value };
    """)

    assert told == {"marked": ["Rue B 2"], "value": "Rue B 2"}
