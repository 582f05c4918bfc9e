"""Through a real provider: who comes in, and what is refused on the way."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.people.types import SetPassword
from dispatch.signon.invitations import SignOnInvitations
from dispatch.signon.providers import read_providers
from dispatch.signon.service import SignOnService
from dispatch.signon.types import InviteToSignOn
from tests.conftest import PASSWORD
from tests.conftest import People
from tests.dispatch.factors.conftest import Door
from tests.webconsole.conftest import csrf_token
from tests.webconsole.signon.real_provider import real_provider
from tests.webconsole.signon.real_provider import sign_in_there
from tests.webconsole.signon.real_provider import sign_on_file
from webconsole import create_app

pytestmark = pytest.mark.postgis
OLGA, OTTO, NAMELESS = "1001", "1002", "1003"


@pytest.fixture(scope="module")
def signing_on(
    only_services: Services, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[APIFlask]:
    """Serve a console that knows the real provider."""
    with real_provider() as issuer, real_provider(-7_200) as late:
        path = sign_on_file(tmp_path_factory.mktemp("sign-on"), issuer, late)
        known = only_services
        sign_on = SignOnService(
            known.work,
            known.clock,
            known.account_changes,
            known.sign_in_steps,
            read_providers(path),
        )
        invitations = SignOnInvitations(known.work, known.clock, sign_on)
        yield create_app(services=replace(known, sign_on=sign_on, sign_on_invitations=invitations))


@pytest.fixture
def visitor(signing_on: APIFlask, services: Services) -> FlaskClient:
    """Return a browser in which nobody is signed in."""
    del services  # made ready
    return signing_on.test_client()


def come_back(visitor: FlaskClient, login: str, provider: str = "company") -> str:
    """Go to the provider and sign in there; return the way back, not yet taken."""
    sent = visitor.get(f"/sign-on/{provider}")
    assert sent.status_code == 302, sent.text
    address = sent.headers["Location"]
    assert "code_challenge_method=S256" in address
    return sign_in_there(address, login).removeprefix("http://localhost")


def username(visitor: FlaskClient) -> str | None:
    """Return who is signed in."""
    answer = visitor.get("/api/v1/me")
    return answer.json["username"] if answer.status_code == 200 and answer.json else None


def refused(answer: TestResponse) -> bool:
    """Tell whether an answer is the sign-in page, which still takes a password."""
    return answer.status_code == 401 and 'name="password"' in answer.text


def test_whom_the_provider_knows_gets_an_account_where_the_file_says_so(
    visitor: FlaskClient, services: Services
) -> None:
    """With the roles that the file gives for a claim; the second time it is the same account."""
    first = visitor.get(come_back(visitor, OLGA))
    made = services.accounts.list_accounts(SYSTEM)["accounts"]
    visitor.post("/sign-out", data={"csrf_token": csrf_token(visitor, "/account")})
    visitor.get(come_back(visitor, OLGA))

    assert first.status_code == 303
    assert [(each["username"], each["roles"]) for each in made] == [("olga", ["dispatcher"])]
    assert username(visitor) == "olga"
    assert len(services.accounts.list_accounts(SYSTEM)["accounts"]) == 1


@pytest.mark.parametrize(
    ("login", "said"),
    [
        (OTTO, "knows you as otto, but no account here is yours"),
        (NAMELESS, "does not say who you are"),
    ],
)
def test_others_are_told_why_they_do_not_come_in(
    visitor: FlaskClient, login: str, said: str
) -> None:
    """A group that the file does not name gives no role, hence no account."""
    answer = visitor.get(come_back(visitor, login))

    assert refused(answer)
    assert said in answer.text


def test_who_is_invited_is_linked_once_and_known_by_the_subject(
    visitor: FlaskClient, signing_on: APIFlask, people: People
) -> None:
    """An account of the same name that nobody invited is nobody's by sign-on."""
    people.sign_up("olga", Role.SUPERVISOR)
    taken = visitor.get(come_back(visitor, OLGA))
    invited = people.sign_up("o.tto", Role.DISPATCHER)
    invitations = _invitations(signing_on)
    wanted = InviteToSignOn(provider="company", claimed_name="otto")
    invitations.invite(SYSTEM, invited.username, wanted)

    visitor.get(come_back(visitor, OTTO))

    assert refused(taken)
    assert "There is an account named olga already." in taken.text
    assert username(visitor) == "o.tto"
    (link,) = invitations.list(SYSTEM)["sign_ons"]
    assert (link["claimed_name"], link["linked_at"] is None) == (None, False)
    assert link["account_id"] == invited.account_id
    company, elsewhere, *_ = invitations.providers(SYSTEM)["providers"]
    assert (company["name"], company["roles"]) == ("Head Office", {"desk": "dispatcher"})
    assert (company["linked"], company["waiting"], elsewhere["linked"]) == (1, 0, 0)
    assert "secret" not in str(company)


def test_a_disabled_account_stays_out(
    visitor: FlaskClient, signing_on: APIFlask, services: Services, dispatcher: Actor
) -> None:
    """Whoever vouches for it."""
    wanted = InviteToSignOn(provider="company", claimed_name="otto")
    _invitations(signing_on).invite(SYSTEM, dispatcher.username, wanted)
    services.account_changes.disable(SYSTEM, dispatcher.username)

    answer = visitor.get(come_back(visitor, OTTO))

    assert refused(answer)
    assert "Your account may not sign in here." in answer.text


def test_the_provider_sees_to_second_factors_and_nobody_changes_a_password_they_do_not_use(
    visitor: FlaskClient,
    signing_on: APIFlask,
    services: Services,
    dispatcher: Actor,
    door: Door,
) -> None:
    """The local password still needs both."""
    given = SetPassword(password="given by ada today")  # noqa: S106
    services.account_changes.set_password(SYSTEM, dispatcher.username, given)
    door.demand(Role.DISPATCHER)
    wanted = InviteToSignOn(provider="company", claimed_name="otto")
    _invitations(signing_on).invite(SYSTEM, dispatcher.username, wanted)

    visitor.get(come_back(visitor, OTTO))

    assert username(visitor) == "dora"
    assert door.attempt("dora", given.password)


def test_a_code_counts_once_and_in_the_browser_that_asked(
    visitor: FlaskClient, signing_on: APIFlask
) -> None:
    """Not in another one, not twice, and not from a copy of the cookie."""
    back = come_back(visitor, OLGA)
    cookie = visitor.get_cookie("nearcrew_session")
    assert cookie is not None
    other, copied = signing_on.test_client(), signing_on.test_client()
    copied.set_cookie("nearcrew_session", cookie.value)

    elsewhere = other.get(back)
    first, again, from_copy = visitor.get(back), visitor.get(back), copied.get(back)

    assert first.status_code == 303
    assert refused(elsewhere)
    assert [refused(each) for each in (again, from_copy)] == [True, True]
    assert username(copied) is None


def test_another_nonce_another_issuer_and_a_token_that_is_over_are_refused(
    visitor: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Each for itself; the page says that the answer does not hold, the log why."""
    back = come_back(visitor, OLGA)
    with visitor.session_transaction() as session:
        (name,) = [each for each in session if each.startswith("_state_company_")]
        session[name] = {
            **session[name],
            "data": {**session[name]["data"], "nonce": "another"},
        }
    wrong_nonce = visitor.get(back)
    named_otherwise = visitor.get("/sign-on/elsewhere")
    wrong_issuer = visitor.get(
        come_back(visitor, OLGA).partition("&iss=")[0] + "&iss=https%3A%2F%2Fid.example"
    )
    over = visitor.get(come_back(visitor, OLGA, "late"))

    for answer in (wrong_nonce, named_otherwise, wrong_issuer, over):
        assert refused(answer)
        assert "answer does not hold. Try again." in answer.text
    assert username(visitor) is None
    for why in ("nonce", "says that its issuer is", "expired"):
        assert why in caplog.text


def test_a_dead_provider_is_named_and_a_password_still_signs_in(
    visitor: FlaskClient, dispatcher: Actor
) -> None:
    """Nothing waits for it but the click on it."""
    answer = visitor.get("/sign-on/dead")
    form = {"csrf_token": csrf_token(visitor), "username": "dora", "password": PASSWORD}
    visitor.post("/sign-in", data=form)

    assert refused(answer)
    assert "Dead does not answer. Sign in with a password, or try again later." in answer.text
    assert username(visitor) == dispatcher.username


def test_signing_out_here_offers_to_sign_out_there(visitor: FlaskClient) -> None:
    """The provider is asked to lead back to us."""
    visitor.get(come_back(visitor, OLGA))
    leave = visitor.post("/sign-out", data={"csrf_token": csrf_token(visitor, "/account")})

    page = visitor.get(leave.headers["Location"])
    there = visitor.get("/sign-on/company/sign-out")

    assert "Sign out of Head Office as well" in page.text
    assert "/session/end" in there.headers["Location"]
    assert "client_id=nearcrew" in there.headers["Location"]
    assert username(visitor) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('issuer = "http://id.example.com"', "must begin with https://"),
        ('roles = { drivers = "crew" }', "a crew's account belongs to a crew"),
        ('id = "Company"', "cannot be understood"),
        ("unknown = 1", "is not a known field"),
    ],
)
def test_a_file_that_says_something_wrong_is_refused_by_name(
    tmp_path: Path, line: str, said: str
) -> None:
    """At the start, not at the first sign-in."""
    name = line.partition(" ")[0]
    path = sign_on_file(tmp_path, "https://id.example.com")
    lines = path.read_text(encoding="utf-8").splitlines()
    end = lines.index("", 2)
    kept = [each for each in lines[:end] if not each.startswith(f"{name} =")]
    path.write_text("\n".join([*kept, line]), encoding="utf-8")

    with pytest.raises(Exception, match=r"provider\.0\.") as raised:
        read_providers(path)

    assert said in str(raised.value)


def _invitations(signing_on: APIFlask) -> SignOnInvitations:
    found = signing_on.extensions["nearcrew.services"].sign_on_invitations
    assert isinstance(found, SignOnInvitations)
    return found
