"""What the crew's phone does with the way and the record, as its own scripts have it."""

from tests.webconsole.desk_scripts import at_the_desk

COURSE = """
    const { PathFollower } = await script("phone/path_following");
    const course = new PathFollower(7, () => {});
    const order = (lon) => ({ id: 1, state: "en_route", incident: { lon, lat: 43.73 } });
    const way = (lon) => ({
      geometry: { coordinates: [[7.41, 43.73], [lon, 43.73]] },
      properties: { length_m: 800, travel_time_s: 60, steps: [] },
    });
    const asks = () => page.asked.length;
"""


def test_a_place_that_the_desk_corrects_is_driven_to_at_once() -> None:
    """The way to the former place is put away, and so is the answer that was still on its way."""
    ends = at_the_desk(f"""
        {COURSE}
        const end = () => course.latLngs.at(-1)?.[1] ?? null;
        const ends = [];
        let slow;
        page.answer("/assignments/1/route", () => way(7.42));
        course.follow(order(7.42), null);
        await page.settle();
        ends.push(end());
        page.answer("/assignments/1/route", () => new Promise((answer) => {{ slow = answer; }}));
        course.follow(order(7.43), null);
        await page.settle();
        ends.push(end());
        course.follow(order(7.44), null);
        page.answer("/assignments/1/route", () => way(7.44));
        slow(way(7.43));
        await page.settle();
        ends.push(end());
        course.follow(order(7.44), null);
        await page.settle();
        return [...ends, end()];
    """)

    assert ends == [7.42, None, None, 7.44]


def test_a_way_that_could_not_be_had_is_asked_for_as_soon_as_there_is_signal() -> None:
    """Not five seconds later, and not before."""
    asked = at_the_desk(f"""
        {COURSE}
        performance.now = () => 0;
        page.answer("/assignments/1/route", null, {{ offline: true }});
        course.follow(order(7.42), null);
        await page.settle();
        const found = [course.failed];
        page.answer("/assignments/1/route", way(7.42));
        course.follow(order(7.42), null);
        await page.settle();
        found.push(asks());
        for (const hear of page.listeners.online) hear();
        course.follow(order(7.42), null);
        await page.settle();
        return [...found, asks(), course.failed];
    """)

    assert asked == [True, 1, 2, False]


def test_a_note_that_is_refused_is_said_whatever_is_on_the_screen_until_it_was_seen() -> None:
    """With its words, which are nowhere else; it goes only when somebody says so."""
    said = at_the_desk("""
        const { RecordTray } = await script("phone/record_tray");
        const tray = new RecordTray(7, { place: () => null });
        const refusal = { code: "incident_ended", detail: "It is closed." };
        page.answer("/incidents/5/notes", refusal, { status: 409 });
        await tray.box.add(5, "note", { words: "Valve 7 is stuck" });
        await page.settle();
        const { status } = tray;
        const said = [status.textContent];
        status.querySelector("button").dispatch("click");
        return [...said, status.textContent];
    """)

    told = "A note on #5 was not taken: It is closed. “Valve 7 is stuck”Acknowledge"
    assert said == [told, ""]
