"""Trackers: set up, given a new secret, revoked; and the board of how they are."""

from flask import Response
from flask import request

from dispatch.access.permissions import Permission
from dispatch.trackers.setup_links import with_link
from dispatch.trackers.types import AddTracker
from dispatch.trackers.types import ChangeTracker
from dispatch.trackers.types import IssueTracker
from dispatch.trackers.types import RefusedFixesAnswer
from dispatch.trackers.types import RevokeTracker
from dispatch.trackers.types import TestTracker
from dispatch.trackers.types import TrackerAnswer
from dispatch.trackers.types import TrackerIssuedAnswer
from dispatch.trackers.types import TrackerListQuery
from dispatch.trackers.types import TrackersAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

trackers = Area("trackers", __name__, url_prefix="/api/v1/trackers", tag="Trackers")
SEES = (Permission.CREW_READ,)
KEEPS = (Permission.DEVICE_WRITE,)
TESTS = (Permission.ASSIGNMENT_SEND, Permission.DEVICE_WRITE)
TRACKER, ISSUED = described(TrackerAnswer), described(TrackerIssuedAnswer)


@trackers.get("", needs=SEES)
@trackers.input(TrackerListQuery, location="query", arg_name="query")
@trackers.output(described(TrackersAnswer))
def list_trackers(query: TrackerListQuery) -> Response:
    """List trackers and how they are, those in trouble first; their secrets are never told."""
    return answer(services().trackers.list(actor(), query))


@trackers.post("", needs=KEEPS)
@trackers.input(AddTracker, arg_name="body")
@trackers.output(ISSUED, 201)
def add_tracker(body: AddTracker) -> Response:
    """Add a tracker to a crew; the answer has its secret, a link and a QR code, this once."""
    return _shown_once(services().trackers.add(actor(), body), 201)


@trackers.get("/<int:tracker_id>", needs=SEES)
@trackers.output(TRACKER)
def get_tracker(tracker_id: int) -> Response:
    """Show how a tracker is."""
    return answer(services().trackers.get(actor(), tracker_id))


@trackers.get("/<int:tracker_id>/refused", needs=SEES)
@trackers.output(described(RefusedFixesAnswer))
def refused_fixes(tracker_id: int) -> Response:
    """List the fixes of a tracker that were not used in the last day, each with the reason."""
    return answer(services().trackers.refused(actor(), tracker_id))


@trackers.patch("/<int:tracker_id>", needs=KEEPS)
@trackers.input(ChangeTracker, arg_name="body")
@trackers.output(TRACKER)
def change_tracker(tracker_id: int, body: ChangeTracker) -> Response:
    """Change what is named of a tracker, from its next message on."""
    return answer(services().trackers.change(actor(), tracker_id, body))


@trackers.post("/<int:tracker_id>/issue", needs=KEEPS)
@trackers.input(IssueTracker, arg_name="body")
@trackers.output(ISSUED)
def issue_tracker(tracker_id: int, body: IssueTracker) -> Response:  # noqa: ARG001  (it is empty)
    """Give a tracker a new secret, told this once; the old one is void within a second."""
    return _shown_once(services().trackers.issue(actor(), tracker_id))


@trackers.post("/<int:tracker_id>/revoke", needs=KEEPS)
@trackers.input(RevokeTracker, arg_name="body")
@trackers.output(TRACKER)
def revoke_tracker(tracker_id: int, body: RevokeTracker) -> Response:  # noqa: ARG001  (it is empty)
    """Take nothing more of a tracker, within a second."""
    return answer(services().trackers.revoke(actor(), tracker_id))


@trackers.post("/<int:tracker_id>/test", needs=TESTS)
@trackers.input(TestTracker, arg_name="body")
@trackers.output(TRACKER)
def test_tracker(tracker_id: int, body: TestTracker) -> Response:  # noqa: ARG001  (it is empty)
    """Wait to hear from a tracker; OwnTracks is asked for a fix at its next contact."""
    return answer(services().trackers.test(actor(), tracker_id))


def _shown_once(issued: TrackerIssuedAnswer, status: int = 200) -> Response:
    shown = answer(with_link(issued, request.host_url), status)
    shown.headers["Cache-Control"] = "no-store"
    return shown
