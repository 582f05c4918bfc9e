"""Finding and clicking what stands on the map: it is drawn, so the page is asked where it is."""

from dataclasses import dataclass

from playwright.sync_api import Page

_WHERE = "([kind, id]) => document.getElementById('map')?.board?.whereIs(kind, id) ?? null"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a marker is seen, in pixels of the page; ``joined``: within a group of others."""

    x: float
    y: float
    joined: bool


def find_mark(page: Page, kind: str, thing_id: int) -> Mark | None:
    """Return where a crew or an incident stands on the map, drawn or beyond its edge."""
    found = page.evaluate(_WHERE, [kind, thing_id])
    if found is None:
        return None
    left, top, _, _ = stage(page)
    return Mark(left + found["x"], top + found["y"], bool(found["joined"]))


def wait_for_mark(page: Page, kind: str, thing_id: int) -> Mark:
    """Return where it stands once the page knows of it."""
    page.wait_for_function(_WHERE, arg=[kind, thing_id])
    found = find_mark(page, kind, thing_id)
    assert found is not None
    return found


def click_mark(page: Page, kind: str, thing_id: int) -> None:
    """Click where it stands."""
    mark = wait_for_mark(page, kind, thing_id)
    page.mouse.click(mark.x, mark.y)


def on_map(page: Page, lonlat: tuple[float, float]) -> tuple[float, float]:
    """Return where a place lies within the map's element, in pixels."""
    found = page.locator("#map").evaluate(
        "(node, [lon, lat]) => node.board.map.latLngToContainerPoint([lat, lon])", list(lonlat)
    )
    return found["x"], found["y"]


def stage(page: Page) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the map on the page."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def is_on_stage(page: Page, mark: Mark | None, *, around_px: float = 16) -> bool:
    """Tell whether a marker lies wholly within the map."""
    if mark is None:
        return False
    left, top, right, bottom = stage(page)
    return (
        left <= mark.x - around_px
        and mark.x + around_px <= right
        and top <= mark.y - around_px
        and mark.y + around_px <= bottom
    )
