"""`nearcrew plan …` as it is typed."""

from pathlib import Path

import pytest

from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


@pytest.mark.usefixtures("shipped_plans")
def test_plans_are_listed_and_set(nearcrew: Nearcrew, tmp_path: Path) -> None:
    """What `--json` writes is what `set` reads; what cannot be is refused in a sentence."""
    file = tmp_path / "plan.json"
    listed = nearcrew("plan", "list", "gas_leak")
    file.write_text(nearcrew("plan", "list", "gas_leak", "--json").out, encoding="utf-8")
    same = nearcrew("plan", "set", "gas_leak", str(file))
    file.write_text('{"tasks": [{"task": "repair", "name_en": "Crew", "name_zh": "班组"}]}')
    nobody = nearcrew("plan", "set", "gas_leak", str(file))
    file.write_text('{"tasks": [{"task": "repair"}]}')
    nameless = nearcrew("plan", "set", "gas_leak", str(file))
    whole = nearcrew("plan", "list")

    assert listed.out.splitlines()[:3] == [
        "gas_leak",
        "  level 1: 1 Gas crew (燃气班组): repair, lead, skills: gas",
        "  level 2: 1 Cordon crew (警戒班组): cordon, support, skills: cordon",
    ]
    assert same.out == listed.out
    assert "tasks: exactly one task is the lead's" in nobody.err
    assert "name_en" in nameless.err
    assert "power_fault\n  level 1: 1 Power crew" in whole.out
    assert (listed.code, same.code, nobody.code, nameless.code) == (0, 0, 1, 2)
