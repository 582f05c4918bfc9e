"""What the desk's panels do with news, answers that overtake one another, and being closed."""

from tests.webconsole.desk_scripts import at_the_desk

CREW = """
    const store = await script("store");
    const { CrewPanel } = await script("panels/crew");
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
        store.tell("event", {{ kind: "assignment.offered", crew_id: 7 }});
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
        const store = await script("store");
        await script("panels/incident_parts");
        const { incidentSections } = await script("panels/incident_sections");
        const details = incidentSections().find(({ id }) => id === "details").make(41);
        const incident = { id: 41, lon: 7.42, lat: 43.73, address: "Rue A",
          reported_at: new Date(Date.now() - 300e3).toISOString() };
        store.putIncident(incident);
        details.update(incident);
        const before = [...details.node.children];
        store.tell("slow");
        return [details.node.children.every((row, at) => row === before[at]),
          details.node.textContent.includes("5 min ago")];
    """)

    assert told == [True, True]
