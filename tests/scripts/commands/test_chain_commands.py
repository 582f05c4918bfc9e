"""`nearcrew chain …` as it is typed."""

import pytest

from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


def test_chains_are_listed_and_set(nearcrew: Nearcrew) -> None:
    """Each line says for which orders it is; what cannot be is a usage error."""
    same = (
        *("chain", "set", "--priority", "2", "--rounds", "2"),
        *("--answer", "ring_again=20,second_channel=20,next_best=20,supervisor=120"),
        *("--setting-out", "ring_again=120,desk=60,supervisor=300"),
    )
    listed, kept = nearcrew("chain", "list"), nearcrew(*same)
    wrong = nearcrew(*same[:-1], "desk=soon")
    unknown = nearcrew(*same[:-1], "whistle=20")
    nobody = nearcrew(*same[:-1], "ring_again=20")

    assert kept.code == listed.code == 0, kept.err
    assert kept.out in listed.out
    assert "every kind, each priority: at most 1 round(s)" in listed.out
    assert "not answered: ring_again=20,second_channel=20" in kept.out
    assert (wrong.code, unknown.code, nobody.code) == (2, 2, 1)
    assert "desk=soon is not action=seconds" in wrong.err
    assert "setting_out_steps.0.action" in unknown.err
    assert "must call somebody at last" in nobody.err
