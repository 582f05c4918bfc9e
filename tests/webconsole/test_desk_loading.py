"""How the desk keeps in step with the server when it missed something."""

from tests.webconsole.desk_scripts import at_the_desk

# The lists as the server has them: incident 41 is open, no crews, no closures.
BOARD = """
    const store = await script("core/store");
    const loading = await script("live/loading");
    const open = { id: 41, state: "open", version: 1, address: "Rue A", kind: "gas_leak",
      priority: 2, reported_at: "2026-03-01T08:00:00Z", lon: 7.42, lat: 43.73,
      assignments: [] };
    page.answer("/incidents", { incidents: [] });
    page.answer("/incidents?state=open", { incidents: [open] });
    page.answer("/crews", { crews: [] });
    page.answer("/closures", { closures: [] });
"""


def test_one_panel_that_breaks_silences_no_other() -> None:
    """What it threw is reported; who listens after it still hears, now and of the next topic."""
    heard = at_the_desk("""
        const store = await script("core/store");
        const heard = [];
        store.on("crews", () => { throw new Error("a fault of ours"); });
        store.on("crews", () => heard.push("crews"));
        store.on("closures", () => heard.push("closures"));
        store.touch("crews");
        store.touch("closures");
        await new Promise((done) => setTimeout(done, 0));
        return { heard, faults: page.faults };
    """)

    assert heard == {"heard": ["crews", "closures"], "faults": ["a fault of ours"]}


def test_a_board_that_could_not_be_loaded_again_is_stale_until_it_is() -> None:
    """Asked for again after 1, 2, 4 s, however live the line; then all is told to look anew."""
    told = at_the_desk(f"""
        {BOARD}
        const {{ connectionPanel }} = await script("live/connection_panel");
        const [chip, alarm] = [document.createElement("p"), document.createElement("p")];
        connectionPanel(chip, alarm);
        await loading.loadAll();
        store.setConnection({{ phase: "live", heardAt: Date.now() }});
        const told = [];
        for (const topic of ["reset", "roads"]) store.on(topic, () => told.push(topic));
        mock.timers.enable({{ apis: ["setTimeout"] }});
        const pass = async (ms) => {{
          mock.timers.tick(ms);
          await page.settle();
          mock.timers.tick(0);
        }};
        const look = () => [chip.dataset.state, alarm.textContent.includes("not be loaded yet")];
        await pass(0);
        const looks = [look()];
        page.answer("/crews", null, {{ offline: true }});
        page.asked.length = 0;
        loading.reload();
        await pass(0);
        await pass(0);
        looks.push(look());
        await pass(1000);
        await pass(2000);
        const asked = page.said().filter((each) => each === "GET /crews").length;
        looks.push(look());
        page.answer("/crews", {{ crews: [] }});
        const before = [...told];
        await pass(4000);
        await pass(0);
        looks.push(look());
        return {{ looks, asked, before, told }};
    """)

    assert told["looks"] == [["live", False], ["dead", True], ["dead", True], ["live", False]]
    assert told["asked"] == 3
    assert told["before"] == []
    assert told["told"] == ["reset", "roads"]


def test_what_is_open_on_the_side_is_loaded_again_with_the_board() -> None:
    """It ended meanwhile: it is in no list, yet shown as it is now; so are its record and crew."""
    told = at_the_desk(f"""
        {BOARD}
        const {{ Timeline }} = await script("incidents/timeline");
        const {{ CrewPanel }} = await script("crews/crew_panel");
        page.answer("/incidents/41", {{ ...open, state: "closed", version: 2 }});
        page.answer("/incidents/41/timeline", {{ events: [] }});
        page.answer("/crews/7/assignments", {{ assignments: [] }});
        store.putIncident(open);
        store.select("incident", 41);
        new Timeline(41);
        new CrewPanel(7);
        page.answer("/incidents?state=open", {{ incidents: [] }});
        await page.settle();
        page.asked.length = 0;
        await loading.reload();
        await page.settle();
        return {{ state: store.state.incidents.get(41).state, asked: page.said() }};
    """)

    assert told["state"] == "closed"
    assert "GET /incidents/41/timeline" in told["asked"]
    assert "GET /crews/7/assignments" in told["asked"]


def test_an_incident_that_the_server_lost_does_not_keep_the_board_stale() -> None:
    """As after a backup was restored under an open page."""
    behind_at = at_the_desk(f"""
        {BOARD}
        page.answer("/incidents/99", null, {{ status: 404 }});
        store.putIncident({{ ...open, id: 99 }});
        store.select("incident", 99);
        await loading.reload();
        return store.state.connection.behindAt;
    """)

    assert behind_at is None


def test_an_answer_that_hangs_keeps_no_board_stale_that_has_been_loaded_since() -> None:
    """The line was lost once more while a first reload still waited; the second one got through."""
    behind_at = at_the_desk(f"""
        {BOARD}
        mock.timers.enable({{ apis: ["setTimeout"] }});
        page.answer("/crews", () => new Promise(() => {{}}));
        loading.reload();
        await page.settle();
        page.answer("/crews", {{ crews: [] }});
        const second = loading.reload();
        await page.settle();
        await second;
        mock.timers.tick(5000);
        await page.settle();
        return store.state.connection.behindAt;
    """)

    assert behind_at is None


def test_what_is_heard_after_a_clock_was_set_is_not_heard_in_the_future() -> None:
    """Else the board would call itself live for as long as the clock was set back."""
    ahead_ms = at_the_desk("""
        const { StreamReader } = await script("live/stream");
        const { now } = await script("core/clock");
        mock.timers.enable({ apis: ["Date"] });
        let heardAt = null;
        const reader = new StreamReader({ handlers: { heard: (silentMs) => (heardAt = now() - silentMs) } });
        const tick = (aheadMs) => {
          const server_time = new Date(Date.now() + aheadMs).toISOString();
          reader.receive({ kind: "tick", data: { server_time } });
        };
        tick(0);
        tick(-20_000);
        return heardAt - now();
    """)

    assert abs(ahead_ms) < 1_000
