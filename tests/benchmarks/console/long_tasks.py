"""How long the page's main thread is taken in one piece while somebody zooms and pans.

Longer than 50 ms is felt: nothing answers meanwhile. The browser itself says so (`longtask`). As
hands do, it is zoomed by the wheel and panned by the mouse, over the whole board.
"""

from playwright.sync_api import Page

from tests.benchmarks.results import Result

LONGEST_MS = 50.0
_WATCH = """() => {
    window.longTasks = [];
    const note = (list) => list.getEntries().forEach(({ duration }) => longTasks.push(duration));
    window.longTaskObserver = new PerformanceObserver(note);
    longTaskObserver.observe({ type: "longtask" });
}"""
_TOLD = """() => {
    longTaskObserver.takeRecords().forEach(({ duration }) => longTasks.push(duration));
    longTaskObserver.disconnect();
    return longTasks;
}"""
_NOTCH = 120
_DRAGS = ((-220, 0), (180, 160), (-140, -200))
_PARTS = 12  # of a drag, one a picture


def measure(page: Page, name: str, *, zooms: int = 4, rest_ms: float = 900) -> list[Result]:
    """Zoom in and out again, pan at the far and the near end, and tell the pieces over 50 ms."""
    middle = page.locator("#map").bounding_box()
    assert middle is not None
    x, y = middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2
    page.evaluate(_WATCH)
    page.mouse.move(x, y)
    for notch in (-_NOTCH, _NOTCH):
        for _ in range(zooms):
            page.mouse.wheel(0, notch)
            page.wait_for_timeout(rest_ms)
        for across, down in _DRAGS:
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + across, y + down, steps=_PARTS)
            page.mouse.up()
            page.wait_for_timeout(rest_ms / 2)
    lengths_ms: list[float] = page.evaluate(_TOLD)
    over = [each for each in lengths_ms if each > LONGEST_MS]
    return [
        Result(
            f"{name}: longest task while zooming and panning",
            max(lengths_ms, default=0.0),
            "ms",
            LONGEST_MS,
        ),
        Result(f"{name}: tasks over 50 ms while zooming and panning", len(over), "tasks"),
    ]
