"""Signing in as people do: with a security key in a real browser, and through a real provider."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.factors.types import SetFactorRule
from tests.conftest import PASSWORD
from tests.e2e.conftest import DESK
from tests.e2e.conftest import PHONE
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import findings
from tests.e2e.test_accessibility import in_both_lights
from tests.webconsole.served_console import serving
from tests.webconsole.signon.real_provider import real_provider
from tests.webconsole.signon.real_provider import sign_on_file

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
_CUT = Path(__file__).with_name("cut_words.js").read_text(encoding="utf-8")
_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def named_house(served_city: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the city by a host name, with a provider of sign-on; give its address."""
    with real_provider() as issuer:
        told = {
            "NEARCREW_HOST_NAME": "localhost",
            "NEARCREW_SIGNON": str(sign_on_file(tmp_path_factory.mktemp("sign-on"), issuer)),
        }
        with serving(served_city.services.settings, told) as server:
            yield server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def visitor(door: Door, named_house: str) -> Page:
    """Return a browser that stands at the sign-in page of the house."""
    context = door.browser.new_context(viewport=DESK)
    door.contexts.append(context)
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "language", "value": "en", "url": named_house}])
    page = context.new_page()
    page.on("pageerror", lambda error: door.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            door.complaints.append(said.text) if "Content Security Policy" in said.text else None
        ),
    )
    page.goto(f"{named_house}/sign-in")
    return page


def send_password(page: Page, username: str) -> None:
    """Fill the sign-in form in."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    """Sign out by the console's menu."""
    page.locator("#menu summary").click()
    page.get_by_role("button", name="Sign out").click()


def test_a_security_key_is_set_up_where_one_is_demanded_and_signs_in_from_then_on(
    town: Town, visitor: Page, named_house: str, picture: Picture
) -> None:
    """A second one, with a name of its own, is added on one's own page."""
    town.sign_up("dora", Role.DISPATCHER)
    town.services.factor_rules.set(SYSTEM, Role.DISPATCHER, SetFactorRule(required=True))
    keys = visitor.context.new_cdp_session(visitor)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": _KEY})

    send_password(visitor, "dora")
    expect(visitor.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    picture.of(visitor, "second-factor-en")
    assert in_both_lights(visitor) == []
    visitor.emulate_media(color_scheme="light")
    visitor.get_by_role("link", name="Use a security key instead").click()
    visitor.get_by_label("Name of the key").fill("Blue one")
    visitor.get_by_role("button", name="Touch the key").click()
    expect(visitor.locator(".recovery-codes li")).to_have_count(10)
    assert findings(visitor) == []
    visitor.get_by_role("link", name="I have kept them").click()
    visitor.locator("body[data-ready]").wait_for()
    sign_out(visitor)
    send_password(visitor, "dora")
    expect(visitor.get_by_role("heading", name="Second factor")).to_be_visible()
    assert findings(visitor) == []
    visitor.get_by_role("button", name="Use the security key").click()
    visitor.locator("body[data-ready]").wait_for()

    visitor.goto(f"{named_house}/account")
    expect(visitor.locator(".keys li")).to_contain_text("Blue one")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": {**_KEY, "transport": "usb"}})
    visitor.get_by_text("Add a security key").click()
    visitor.locator("#password-keys").fill(PASSWORD)
    visitor.get_by_role("button", name="Go on").click()
    visitor.get_by_label("Name of the key").fill("Key ring")
    visitor.get_by_role("button", name="Touch the key").click()
    expect(visitor.locator(".said")).to_have_text("The security key is set up.")
    expect(visitor.locator(".keys li")).to_have_count(2)
    expect(visitor.locator("#own-sign-ins tbody tr")).to_have_count(1)
    picture.of(visitor, "my-account-en")
    assert in_both_lights(visitor) == []
    assert visitor.evaluate(_CUT) == []
    visitor.set_viewport_size(PHONE)
    visitor.locator("[lang=zh-CN][aria-pressed]").click()
    expect(visitor.get_by_role("heading", name="我的账号")).to_be_visible()
    picture.of(visitor, "my-account-zh-phone")
    assert visitor.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert visitor.evaluate(_CUT) == []


def test_the_whole_way_through_the_provider_and_out_again(
    town: Town, visitor: Page, named_house: str, picture: Picture
) -> None:
    """A dead provider is named, and the way stays open."""
    del town
    visitor.get_by_role("link", name="Sign in through Dead").click()
    expect(visitor.get_by_role("alert")).to_contain_text("Dead does not answer.")
    picture.of(visitor, "provider-dead-en")
    assert in_both_lights(visitor) == []

    visitor.get_by_role("link", name="Sign in through Head Office").click()
    visitor.locator("input[name=login]").fill("1001")
    visitor.locator("input[name=password]").fill("any")
    visitor.locator("button[type=submit]").click()
    visitor.get_by_role("button", name="Continue").click()
    visitor.locator("body[data-ready]").wait_for()
    assert visitor.url == f"{named_house}/"
    expect(visitor.locator("#menu .who")).to_have_text("Olga")

    sign_out(visitor)
    visitor.get_by_role("link", name="Sign out of Head Office as well").click()
    expect(visitor.locator("body")).to_contain_text("sign-out", ignore_case=True)
    assert "/session/end" in visitor.url
