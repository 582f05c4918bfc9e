"""`nearcrew pledge …` as it is typed."""

import pytest

from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


def test_examples_are_listed_with_their_sources_and_switched_on_and_off(nearcrew: Nearcrew) -> None:
    """Nothing holds before; what is unknown is refused before anything is written."""
    none = nearcrew("pledge", "list")
    presets = nearcrew("pledge", "presets")
    unknown = nearcrew("pledge", "use", "gas_de_30", "gas_moon")
    used = nearcrew("pledge", "use", "gas_de_30", "power_uk_normal")
    off = nearcrew("pledge", "use", "power_uk_normal", "--off")
    listed = nearcrew("pledge", "list")

    assert "Nothing is pledged yet" in none.out
    assert "off gas_de_30" in presets.out
    assert "DVGW GW 1200, Germany (2026-11)" in presets.out
    assert (unknown.code, "gas_moon" in unknown.err) == (2, True)
    assert used.out == "On: gas_de_30, power_uk_normal.\n"
    assert off.out == "Off: power_uk_normal.\n"
    assert listed.out.splitlines() == [
        (
            "on  gas    30 min report_received → on_scene: Gas hazard: there in 30 min (gas_leak)"
            " [example]; DVGW GW 1200 (Germany)"
        ),
        (
            "off power    12 h report_received → restored: Power back in 12 h (all kinds)"
            " [example]; Ofgem, guaranteed standards (normal weather) (United Kingdom)"
        ),
    ]
    assert nearcrew("pledge", "use").code == 2
