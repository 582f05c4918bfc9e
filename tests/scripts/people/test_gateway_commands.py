"""`nearcrew gateway …`: added, listed and tried out at the command line."""

import json
import re

import pytest

from dispatch.gateways import signatures
from tests.dispatch.deliveries.receiver import receiving
from tests.own_loop import run_elsewhere
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


def test_a_gateway_is_added_listed_and_tried_out(nearcrew: Nearcrew) -> None:
    """Its secret is shown once; a test is signed with it; what went wrong is said."""
    assert nearcrew("init", "--generate").code == 0
    assert "no gateways yet" in nearcrew("gateway", "list").out
    with receiving() as receiver:
        words = ("gateway", "add", "Modem", "--kind", "sms", "--url", receiver.url)
        added = nearcrew(*words)
        secret = re.search(r"shown this once: (\S+)", added.out)
        assert secret is not None
        assert nearcrew("gateway", "list").out == f"1: Modem (sms) {receiver.url}\n"

        tried = run_elsewhere(lambda: nearcrew("gateway", "test", "Modem", "--to", "+1"))
        receiver.does = 500
        failed = run_elsewhere(lambda: nearcrew("gateway", "test", "Modem", "--to", "+1"))

    assert (tried.code, tried.out) == (0, "Modem took the test for +1.\n")
    got = receiver.got[0]
    assert json.loads(got.body)["purpose"] == "test"
    signed_at, signature = got.headers[signatures.TIMESTAMP], got.headers[signatures.SIGNATURE]
    assert signatures.is_signed(secret[1], signed_at, "0", signature, got.body)
    assert failed.code == 1
    assert "the other side failed (500)" in failed.err
    assert nearcrew("gateway", "test", "Other", "--to", "+1").code == 1
    wrong = nearcrew("gateway", "add", "X", "--url", "ftp://user:secret@x/")
    assert wrong.code == 1
    assert "url" in wrong.err
