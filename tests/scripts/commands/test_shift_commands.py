"""`nearcrew shift …` as it is typed."""

import pytest

from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


def test_a_rota_is_planned_and_its_gaps_are_listed(nearcrew: Nearcrew) -> None:
    """Two crews every other night; the days have nobody; what is wrong is said in one line."""
    for name in ("Gas 1", "Gas 2"):
        nearcrew("crew", "add", name, "--skill", "gas")
    none = nearcrew("shift", "gaps")
    kind = nearcrew("shift", "kind", "Night", "20:00", "08:00")
    rotation = nearcrew("shift", "rotate", "Nights", "Gas 1", "Gas 2", "--cycle", "1,-")
    unknown = nearcrew("shift", "rotate", "Nights", "Gas 3", "--cycle", "1,-")
    days = ("--from", "2031-01-06", "--to", "2031-01-07")
    single = nearcrew("shift", "add", "Gas 1", "2031-01-06", "20:00", "08:00", "--name", "Fair")
    second = nearcrew("shift", "add", "Gas 1", "2031-01-07", "07:00", "09:00")
    listed = nearcrew("shift", "list", *days, "--crew", "Gas 1")
    number = listed.out.split()[0]
    gone = nearcrew("shift", "cancel", number, "--reason", "no fair")
    nearcrew("shift", "rule", "Days", "08:00", "20:00", "--skill", "gas")
    gaps = nearcrew("shift", "gaps", "--days", "2")
    feed = nearcrew("shift", "feed", "Gas 1")

    assert none.out == "No gaps within 14 days.\n"
    assert kind.out.split()[1:] == ["20:00-08:00", "Night"]
    assert rotation.out.startswith("Nights: 42 shifts, until ")
    assert (unknown.code, "There is no crew named Gas 3." in unknown.err) == (2, True)
    assert single.out.endswith("2031-01-06 20:00-08:00 Gas 1: Fair (by hand)\n")
    assert (second.code, "Gas 1 has the shift Fair" in second.err) == (1, True)
    assert gone.out.startswith("Cancelled: ")
    assert nearcrew("shift", "list", *days).out == "No shifts from 2031-01-06 to 2031-01-07.\n"
    assert gaps.out.startswith("gas: ")
    assert gaps.out.rstrip().endswith("0 of 1")
    assert feed.out.startswith("/shifts/feed/")
