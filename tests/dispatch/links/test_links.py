"""Who has a link's token sees what it is for, as long as it holds; nobody guesses one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import NotFound
from dispatch.core.scope import NOTHING
from dispatch.core.scope import within
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import IncidentAnswer
from dispatch.links.states import LinkPurpose
from dispatch.links.types import Link
from tests.conftest import SettableClock
from tests.dispatch.units.conftest import Group
from tests.dispatch.units.conftest import group as group  # noqa: PLC0414  (a fixture)

pytestmark = pytest.mark.postgis
DAY = timedelta(days=1)


@pytest.fixture
def leak(pin: Callable[..., IncidentAnswer]) -> int:
    """Return a gas leak."""
    return pin(1, 1)["id"]


def _make(services: Services, incident_id: int) -> str:
    with services.work.writing() as session:
        return services.links.make(
            session,
            LinkPurpose.CALLER,
            incident_id=incident_id,
            expires_at=services.clock() + DAY,
        )


def _open(services: Services, token: str, purpose: LinkPurpose = LinkPurpose.CALLER) -> Link:
    with within(NOTHING):
        return services.links.open(token, purpose)


def test_whoever_has_the_token_opens_a_link_however_it_was_typed_and_is_counted(
    services: Services, leak: int
) -> None:
    """Its letters are those that nobody mixes up; only the digest of a token is stored."""
    token = _make(services, leak)
    typed = f"{token[:13]}-{token[13:]}".upper().replace("0", "O").replace("1", "I")

    opened = [_open(services, each) for each in (token, typed)]

    with services.work.reading() as session:
        stored = session.execute(text("SELECT * FROM public_link")).one()
    assert [each.incident_id for each in opened] == [leak, leak]
    assert (stored.opened_count, stored.last_opened_at) == (2, services.clock())
    assert token not in str(stored)


def test_unknown_expired_revoked_and_misused_tokens_have_one_answer(
    services: Services, leak: int, clock: SettableClock
) -> None:
    """Who tries tokens learns nothing from what is answered."""
    revoked = _make(services, leak)
    with services.work.writing() as session:
        assert services.links.revoke(session, LinkPurpose.REPORT, incident_id=leak) == 0
        assert services.links.revoke(session, LinkPurpose.CALLER, incident_id=leak) == 1
        assert services.links.revoke(session, LinkPurpose.CALLER, incident_id=leak) == 0
    expired = _make(services, leak)
    clock.forward(DAY.total_seconds())
    good = _make(services, leak)
    refusals = []

    for token, purpose in (
        ("", LinkPurpose.CALLER),
        ("never made \x00 \ud800" * 1_000, LinkPurpose.CALLER),
        (revoked, LinkPurpose.CALLER),
        (expired, LinkPurpose.CALLER),
        (good, LinkPurpose.REPORT),
    ):
        with pytest.raises(NotFound) as refused:
            _open(services, token, purpose)
        refusals.append(str(refused.value))

    assert len(set(refusals)) == 1
    assert _open(services, good).incident_id == leak


def test_links_have_an_end_once_it_is_known_and_none_again_when_it_is_not(
    services: Services, leak: int, clock: SettableClock
) -> None:
    """A case has no end when its link is made; it gets one, and may be taken up again."""
    token = _make(services, leak)
    with services.work.writing() as session:
        services.links.end_at(session, LinkPurpose.CALLER, [leak], None)
    clock.forward(400 * DAY.total_seconds())

    assert _open(services, token).expires_at is None

    with services.work.writing() as session:
        services.links.end_at(session, LinkPurpose.CALLER, [leak], services.clock())
    with pytest.raises(NotFound):
        _open(services, token)


def test_a_link_sees_its_own_company_and_another_companys_desk_does_not_see_the_link(
    services: Services, group: Group
) -> None:
    """Links lie behind the policies as their incidents do."""
    with group.at("south"):
        south = group.sign_up("south", "sue", Role.DISPATCHER)
        made = services.incidents.create(south, CreateIncident(kind="gas_leak", lon=7.4, lat=43.7))
        token = _make(services, made["id"])

    opened = _open(services, token)
    with group.at("north"), services.work.writing() as session:
        seen = session.execute(text("SELECT count(*) FROM public_link")).scalar_one()
        revoked = services.links.revoke(session, LinkPurpose.CALLER, incident_id=made["id"])

    assert opened.scope.units == (group.units["south"],)
    assert not opened.scope.everything
    assert (seen, revoked) == (0, 0)
