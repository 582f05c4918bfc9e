"""The replay page's links to its files, pressed without a browser."""

from typing import Any

from tests.webconsole.desk_scripts import at_the_desk

LINKS = """
    const { offerExports } = await script("replay/export_links");
    const node = document.createElement("div");
    offerExports(node, "/exports/crews/7", new URLSearchParams({ from: "a", to: "b" }));
    const [gpx, geojson] = node.querySelectorAll("a");
    const press = async (link, keys = {}) => {
      let prevented = false;
      link.dispatch("click", { preventDefault: () => (prevented = true), ...keys });
      await page.settle();
      return prevented;
    };
    const said = () => node.querySelector(".form-error").textContent;
"""


def pressed(work: str) -> Any:  # noqa: ANN401  (JSON)
    """Return what a piece of JavaScript returns on a page with both links."""
    return at_the_desk(f"{LINKS}{work}")


def test_a_refused_export_says_why_on_the_page() -> None:
    """The browser's own list of downloads would only say that it failed."""
    found = pressed("""
        const errors = [{ field: "from", message: "choose a shorter period" }];
        page.answer("/exports", { detail: "One value cannot be used.", errors }, { status: 422 });
        await press(gpx);
        const refused = said();
        page.answer("/exports", null, { offline: true });
        await press(geojson);
        return { refused, away: said(), asked: page.said(), busy: gpx.getAttribute("aria-busy") };
    """)

    assert found["refused"] == "One value cannot be used. choose a shorter period"
    assert found["away"].startswith("The server did not answer.")
    assert found["asked"] == [
        f"GET /exports/crews/7?format={each}&from=a&to=b" for each in ("gpx", "geojson")
    ]
    assert found["busy"] is None


def test_a_link_pressed_twice_asks_once_and_one_for_another_window_is_left_to_the_browser() -> None:
    """A long file is not made twice for an impatient hand."""
    found = pressed("""
        page.answer("/exports", () => new Promise(() => {}));
        const taken = [await press(gpx), await press(gpx), await press(geojson, { ctrlKey: true })];
        return { taken, asked: page.asked.length };
    """)

    assert found == {"taken": [True, True, False], "asked": 1}
