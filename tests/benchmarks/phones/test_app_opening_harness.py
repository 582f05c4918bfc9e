"""The benchmark of the app's opening measures what it says; how fast things are is not tested."""

from pathlib import Path

import pytest

from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.phones import app_opening
from tests.benchmarks.server import serving

pytestmark = [pytest.mark.postgis, pytest.mark.browser, pytest.mark.long]


def test_the_order_is_shown_without_signal_after_the_first_paint(
    grid_extract: Path, tmp_path: Path
) -> None:
    """Twice, so that there are percentiles; what is kept are the page's files and a small map."""
    with (
        open_city(grid_extract, tmp_path, Scale(crews=60, near=25)) as city,
        serving(city.settings) as server,
    ):
        found = app_opening.measure(server, city, times=2)

    by_name = {each.name.rpartition(": ")[2]: each for each in found}
    assert by_name["order shown, p95"].target == app_opening.TARGET_MS
    assert 0 < by_name["first paint, p50"].value <= by_name["order shown, p50"].value
    assert 0.1 < by_name["kept on the phone"].value < 50
