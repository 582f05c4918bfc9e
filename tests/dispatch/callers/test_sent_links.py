"""A report with a number has its link sent, if the installation wants that and can."""

import json
from collections.abc import Iterator

import pytest

from dispatch.callers.sending import CallerLinkNotSentError
from dispatch.callers.types import SendCallerLink
from dispatch.core.errors import InvalidInput
from tests.dispatch.callers.conftest import PHONE
from tests.dispatch.callers.conftest import Calls
from tests.dispatch.deliveries.receiver import Receiver
from tests.dispatch.deliveries.receiver import receiving

pytestmark = pytest.mark.postgis


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a server that takes posts."""
    with receiving() as made:
        yield made


def test_a_link_is_sent_to_each_number_that_a_report_comes_with(
    calls: Calls, receiver: Receiver
) -> None:
    """One message a report, with a link that opens its own page; none where there is no number."""
    calls.add_gateway(receiver.url)
    incident, report = calls.report()
    again = calls.report_again(incident)
    calls.report(2, 2, caller_phone="")

    assert calls.run_jobs() == 2
    sent = [json.loads(each.body) for each in receiver.got]

    assert [each["to"] for each in sent] == [PHONE, "+86 139 1111 2222"]
    tokens = [each["link"].removeprefix("https://crews.example/t/") for each in sent]
    assert [calls.opened(each).report_id for each in tokens] == [report, again]
    assert all(each["link"] in each["text"] for each in sent)
    pages = calls.services.callers.pages(calls.desk, incident)["pages"]
    assert [(each["sms_state"], each["opened_count"]) for each in pages] == [("sent", 1)] * 2


def test_without_a_gateway_that_knows_the_address_nothing_is_sent(calls: Calls) -> None:
    """And who asks for it is told so."""
    calls.add_gateway("http://127.0.0.1:9/", page_url=None)
    incident, report = calls.report()

    with pytest.raises(InvalidInput) as refused:
        calls.services.callers.send(calls.desk, incident, report, SendCallerLink(), "http://x/")

    assert calls.run_jobs() == 0
    assert [each.field for each in refused.value.fields] == ["sms"]
    assert calls.services.callers.pages(calls.desk, incident)["pages"] == []


def test_a_message_that_a_gateway_does_not_take_is_known_as_failed_and_can_be_sent_again(
    calls: Calls, receiver: Receiver
) -> None:
    """The desk sees why; what was read out works all the same."""
    calls.add_gateway(receiver.url)
    receiver.does = 400
    incident, report = calls.report()
    with pytest.raises(CallerLinkNotSentError):
        calls.run_jobs()
    (failed,) = calls.services.callers.pages(calls.desk, incident)["pages"]
    receiver.does = 200

    made = calls.services.callers.send(
        calls.desk, incident, report, SendCallerLink(language="en"), "http://x/"
    )
    calls.run_jobs()
    (page,) = calls.services.callers.pages(calls.desk, incident)["pages"]

    assert (failed["sms_state"], failed["sms_failure"]) == ("failed", "refused")
    assert (page["sms_state"], page["language"]) == ("sent", "en")
    assert "follow it here" in json.loads(receiver.got[-1].body)["text"]
    assert calls.look(made["link"].removeprefix("https://crews.example/t/"))["number"] == incident
