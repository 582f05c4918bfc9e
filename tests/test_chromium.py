"""The browser of tests: however many are open in one process."""

import pytest

from tests.chromium import open_chromium


@pytest.mark.browser
def test_a_browser_opens_while_another_one_is_open() -> None:
    """The session's may be open already in the worker that a test comes to."""
    with open_chromium() as first, open_chromium() as second:
        first.new_page().goto("data:text/html,<title>first</title>")
        page = second.new_page()
        page.goto("data:text/html,<title>second</title>")
        second.close()

        assert page.is_closed()
        assert first.contexts[0].pages[0].title() == "first"
