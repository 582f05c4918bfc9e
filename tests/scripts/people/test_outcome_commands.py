"""`nearcrew outcome …` as it is typed."""

import pytest

from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis
KEY = ("gas_leak", "key_missing", "--name-en", "Key missing", "--name-zh", "没有钥匙")


def test_outcomes_are_listed_set_and_retired(nearcrew: Nearcrew) -> None:
    """Each says what it did."""
    made = nearcrew("outcome", "set", *KEY, "--effect", "not_done", "--sort", "5")
    listed = nearcrew("outcome", "list", "gas_leak")
    retired = nearcrew("outcome", "retire", "gas_leak", "key_missing")
    whole = nearcrew("outcome", "list")

    assert made.out == "gas_leak: key_missing means not_done: Key missing.\n"
    assert listed.out.startswith("gas_leak\n  key_missing: not_done, Key missing (没有钥匙)\n")
    assert retired.out == "gas_leak: key_missing is offered no longer.\n"
    assert "key_missing" not in whole.out
    assert "power_fault\n  repaired: done, Repaired (已修复)\n" in whole.out
    assert {each.code for each in (made, listed, retired, whole)} == {0}


def test_what_cannot_be_is_refused_in_a_sentence(nearcrew: Nearcrew) -> None:
    """A kind, an effect or a code that is none; the last way to say done."""
    unknown = nearcrew("outcome", "list", "fire")
    green = nearcrew("outcome", "set", *KEY, "--effect", "green")
    for code in ("put_right", "nothing_found", "false_alarm"):
        nearcrew("outcome", "retire", "water_leak", code)
    last = nearcrew("outcome", "retire", "water_leak", "repaired")

    assert "kind: must be one of: gas_leak" in unknown.err
    assert "effect: must be one of" in green.err
    assert "repaired is the last outcome of water_leak that means done" in last.err
    assert (unknown.code, green.code, last.code) == (1, 2, 1)
