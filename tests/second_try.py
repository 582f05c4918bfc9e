"""A second try for tests that depend on real time, reported by name; every other test has one.

A real browser, server or process shares the machine with other work, which may stand still for
seconds in the middle of a test. Such a test is marked `real_time`; when it fails it is run once
more, at once and with new fixtures. If it passes then, the summary names it and says how it failed
the first time: a test that is named there again and again is wrong, or what it tests is.
"""

import pytest
from _pytest.runner import runtestprotocol

_NOTE = "retried"
_retried: dict[str, str] = {}


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a `real_time` test, and once more if it fails; leave the others to pytest."""
    if item.get_closest_marker("real_time") is None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    failed = next((report for report in reports if report.failed), None)
    if failed is not None:
        if failed.when == "setup":
            # A fixture of the session may have failed: only when all are gone is it made again.
            item.session._setupstate.teardown_exact(None)
        item.user_properties.append((_NOTE, _reason(failed)))
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember who needed a second try; under xdist the reports come here from the workers."""
    for name, reason in report.user_properties:
        if name == _NOTE:
            _retried[report.nodeid] = str(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name those who needed a second try, and how they failed at first."""
    if _retried:
        terminalreporter.section("tried a second time", yellow=True)
    for nodeid, reason in sorted(_retried.items()):
        terminalreporter.write_line(f"retried: {nodeid}: {reason}", yellow=True)


def _reason(failed: pytest.TestReport) -> str:
    """Return in one line how a test failed."""
    lines = failed.longreprtext.splitlines()
    told = [line[1:].strip() for line in lines if line.startswith("E ")] or lines[-1:] or ["?"]
    return f"{failed.when}: {told[0]}"
