"""From an empty installation to a first send, by mouse alone.

Nobody needs a terminal once the service runs with the streets of a city: the first administrator
sets up the company and its people, and these do the rest.
"""

import re
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.accounts.passwords import LEAST_LENGTH
from dispatch.accounts.types import CreateAccount
from tests.conftest import PASSWORD
from tests.e2e.conftest import DESK
from tests.e2e.conftest import PHONE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from webconsole.platform.i18n import Catalogues

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
CATALOGUES = Catalogues(Path(__file__).parents[2] / "webconsole" / "translations").by_language
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
CHOSEN = "a password of their own"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody at a browser who reads the pages in one language and knows only what they show."""

    page: Page
    language: str

    def said(self, english: str, **params: object) -> str:
        """Return a sentence of the pages as this reader sees it."""
        found = CATALOGUES[self.language].get(english)
        return str(found.string if found is not None and found.string else english) % params

    def press(self, english: str, *, within: Page | Locator | None = None) -> None:
        """Press the button that says so."""
        (within or self.page).get_by_role("button", name=self.said(english), exact=True).click()

    def follow(self, english: str) -> None:
        """Follow the link that says so, to a page that is ready."""
        self.page.get_by_role("link", name=self.said(english), exact=True).click()

    def turn_to(self, subject: str) -> None:
        """Choose a subject at the side of the administration pages."""
        self.follow(subject)
        heading = self.page.get_by_role("heading", level=1, name=self.said(subject), exact=True)
        heading.wait_for()
        self.page.locator("body[data-ready]").wait_for()

    def open_form(self, action: str) -> Locator:
        """Press a button that opens a form, and return the form."""
        self.press(action)
        return self.page.locator("dialog.form-dialog")

    def of_row(self, row: str, action: str) -> Locator:
        """Take an action of a row, and return its form."""
        name = f"{self.said(action)}: {row}"
        self.page.get_by_role("button", name=name, exact=True).click()
        return self.page.locator("dialog.form-dialog")

    def write(self, form: Locator, label: str, words: str) -> None:
        """Fill a field."""
        form.get_by_label(self._label(label)).fill(words)

    def choose(self, form: Locator, label: str, option: str) -> None:
        """Choose from a list."""
        form.get_by_role("combobox", name=self._label(label)).select_option(label=option)

    def tick(self, form: Locator, label: str) -> None:
        """Tick a box."""
        form.get_by_role("checkbox", name=label, exact=True).check()

    def store(self, form: Locator, *, by: str = "Save") -> None:
        """Store a form, which closes."""
        self.press(by, within=form)
        expect(form).to_have_count(0)

    def sign_in(self, username: str, password: str) -> None:
        """Fill the form of the sign-in page."""
        self.page.get_by_label(self.said("User name")).fill(username)
        self.page.get_by_label(self.said("Password"), exact=True).fill(password)
        self.press("Sign in")

    def _label(self, english: str) -> re.Pattern[str]:
        """Return what finds a field by its label, which a star may follow."""
        return re.compile(rf"^{re.escape(self.said(english))}\s*\*?$")


def _sit_down(door: Door, context: BrowserContext, language: str, address: str) -> Reader:
    door.contexts.append(context)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("pageerror", lambda error: door.complaints.append(str(error)))
    page.goto(address)
    return Reader(page, language)


def _name_the_company(admin: Reader) -> None:
    admin.turn_to("Units")
    admin.page.locator("table.list tbody tr").get_by_role("button", name="Company").first.click()
    form = admin.page.locator("dialog.form-dialog")
    admin.write(form, "Name", "Town Gas")
    admin.store(form)
    form = admin.open_form("New unit")
    admin.choose(form, "Kind", admin.said("Repair station"))
    admin.write(form, "Unified code", "1.1")
    admin.write(form, "Name", "East")
    admin.store(form)
    expect(admin.page.locator("table.list tbody tr")).to_have_count(2)


def _add_a_depot(admin: Reader, picture: Picture) -> None:
    admin.turn_to("Stations")
    form = admin.open_form("New station")
    admin.write(form, "Name", "Depot East")
    admin.press("Choose on the map", within=form)
    chooser = admin.page.locator("dialog.picker")
    chooser.locator(".picker-map").click()
    picture.of(admin.page, f"first-depot-{admin.language}")
    admin.press("Take this place", within=chooser)
    admin.store(form)


def _add_a_crew(admin: Reader, picture: Picture) -> None:
    """Add a crew, a member whose ticket makes it able, and a vehicle."""
    admin.turn_to("Crews")
    form = admin.open_form("New crew")
    admin.write(form, "Name", "East 1")
    admin.choose(form, "Station", "Depot East")
    admin.choose(form, "Unit", "East")
    picture.of(admin.page, f"first-crew-{admin.language}")
    admin.store(form)
    form = admin.of_row("East 1", "Add a member")
    admin.write(form, "Name", "Person A")
    admin.store(form, by="Add a member")
    admin.turn_to("People")
    form = admin.of_row("Person A", "Add a ticket")
    admin.choose(form, "Skill", admin.said("Gas"))
    in_a_year = datetime.now(UTC) + timedelta(days=365)
    admin.write(form, "Last valid day", in_a_year.date().isoformat())
    admin.store(form, by="Add a ticket")
    admin.turn_to("Vehicles")
    form = admin.open_form("New vehicle")
    admin.write(form, "Plate", "T 1001")
    admin.choose(form, "Crew that has it now", "East 1")
    admin.store(form)


def _invite(admin: Reader, username: str, role: str, *, crew: str = "") -> str:
    """Invite somebody and return the link that is shown."""
    form = admin.open_form("Invite somebody")
    admin.write(form, "User name", username)
    admin.tick(form, admin.said(role))
    if crew:
        admin.choose(form, "Crew", crew)
    admin.press("Save", within=form)
    shown = admin.page.get_by_role("dialog", name=admin.said("Link for %(name)s", name=username))
    link = shown.get_by_label(admin.said("Shown this once")).input_value()
    admin.press("Close", within=shown.locator(".dialog-head"))
    return link


def _come_by_link(reader: Reader, username: str) -> None:
    """Choose a password at a link, and sign in with it."""
    for label in ("Password of at least %(n)s characters", "The same once more"):
        reader.page.get_by_label(reader.said(label, n=LEAST_LENGTH)).fill(CHOSEN)
    reader.press("Choose this password")
    stored = reader.said("Your password is stored. Sign in with it.")
    expect(reader.page.locator("main")).to_contain_text(stored)
    reader.sign_in(username, CHOSEN)


@pytest.mark.parametrize(
    ("language", "leak"), [("en", "Gas leak"), ("zh", "燃气泄漏")], ids=["en", "zh"]
)
def test_an_empty_installation_comes_to_a_first_send_by_mouse_alone(
    town: Town, door: Door, picture: Picture, language: str, leak: str
) -> None:
    """Company, depot, crew, ticket, vehicle, two invited people; then a report and one click."""
    first = {"username": "admin", "password": PASSWORD, "roles": (Role.ADMINISTRATOR,)}
    town.services.accounts.create(CreateAccount.read(first | {"language": language}))
    locale = LOCALES[language]
    wide = door.browser.new_context(viewport=DESK, locale=locale)
    admin = _sit_down(door, wide, language, town.server.url)

    admin.sign_in("admin", PASSWORD)
    picture.of(admin.page, f"first-empty-{language}")
    first_day = admin.page.locator("#first-day")
    first_day.get_by_role("link", name=admin.said("Add crews"), exact=True).click()
    _name_the_company(admin)
    _add_a_depot(admin, picture)
    _add_a_crew(admin, picture)
    admin.turn_to("Users")
    to_desk = _invite(admin, "dora", "Dispatcher")
    to_crew = _invite(admin, "east", "Crew", crew="East 1")
    picture.of(admin.page, f"first-users-{language}")
    admin.press("Sign out")

    hand = door.browser.new_context(
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
        locale=locale,
        geolocation={"longitude": PORT[0], "latitude": PORT[1], "accuracy": 8},
        permissions=["geolocation"],
    )
    phone = _sit_down(door, hand, language, to_crew)
    picture.of(phone.page, f"first-link-{language}-phone")
    _come_by_link(phone, "east")
    picture.of(phone.page, f"first-off-duty-{language}-phone")
    phone.press("Go on duty")
    expect(phone.page.locator(".place-state")).to_contain_text("8")

    admin.page.goto(to_desk)
    desk = admin
    _come_by_link(desk, "dora")
    desk.page.locator("body[data-ready] #connection[data-state=live]").wait_for()
    desk.page.locator("#map").click(button="right", position={"x": 360, "y": 400})
    report = desk.page.locator(".pin-form")
    report.get_by_role("radio", name=leak, exact=True).check(force=True)
    desk.write(report, "Address", "Rue Grimaldi 21")
    picture.of(desk.page, f"first-report-{language}")
    report.locator("button[type=submit]").click()
    row = candidate(desk.page, "East 1")
    expect(row.locator(".arrival")).to_have_text(re.compile(r"^\d+ (min|分钟)$"))
    picture.of(desk.page, f"first-candidate-{language}")
    row.locator(".send").click()

    expect(phone.page.locator(".offer-screen")).to_contain_text("Rue Grimaldi 21")
    picture.of(phone.page, f"first-order-{language}-phone")
    expect(desk.page.locator(".assignment.a-offered")).to_contain_text("East 1")
    picture.of(desk.page, f"first-send-{language}")
