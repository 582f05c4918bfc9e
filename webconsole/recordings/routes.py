"""Recordings of incidents: taken in as files, and given out piece by piece, as players ask."""

from flask import Response
from flask import request
from flask import url_for
from werkzeug.datastructures import ContentRange
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.limits import LARGEST_RECORDING_BYTES
from dispatch.recordings.service import StoredRecording
from dispatch.recordings.types import AddRecording
from dispatch.recordings.types import RecordingAnswer
from dispatch.recordings.types import RecordingsAnswer
from webconsole.platform import problems
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.errors import ProblemError
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

recordings = Area("recordings", __name__, url_prefix="/api/v1", tag="Recordings")
_KEPT_S = 600
_PIECE_BYTES = 1_000_000
"""Of an answer to a range without an end: players ask again for the rest."""


@recordings.get("/incidents/<int:incident_id>/recordings", needs=ORDERS_SEEN)
@recordings.output(described(RecordingsAnswer))
def list_recordings(incident_id: int) -> Response:
    """List the videos and sounds of an incident."""
    return answer(services().recordings.list(actor(), incident_id))


@recordings.post("/incidents/<int:incident_id>/recordings", needs=ORDERS_SEEN)
@recordings.input(AddRecording, location="form_and_files", arg_name="form")
@recordings.output(described(RecordingAnswer), 201)
@recordings.doc(responses={409: "idempotency_mismatch", 429: "Too many recordings in a minute"})
def add_recording(incident_id: int, form: AddRecording) -> Response:
    """Add a short video or sound: multipart/form-data with the file in `recording`.

    WebM, MP4 or Ogg as browsers record it, a video of at most 30 seconds and a sound of at most two
    minutes; how large they may be is a setting. It is kept and given out as it comes.
    """
    recording, replayed = services().recordings.add(actor(), incident_id, form)
    location = url_for("recordings.get_recording", recording_id=recording["id"])
    return answer(recording, 201, location=location, replayed=replayed)


@recordings.get("/recordings/<int:recording_id>", needs=ORDERS_SEEN)
@recordings.output({}, content_type="video/webm")
@recordings.doc(responses={416: "No such bytes"})
def get_recording(recording_id: int) -> Response:
    """Play a recording; a Range of its bytes may be asked for."""
    found = services().recordings.find(actor(), recording_id)
    wanted = _range(found)
    if wanted is None:
        content = services().recordings.read(found, 0, found.size_bytes)
        response = Response(content, mimetype=found.content_type)
    else:
        first, stop = wanted
        content = services().recordings.read(found, first, stop - first)
        response = Response(content, 206, mimetype=found.content_type)
        response.content_range = ContentRange("bytes", first, stop, found.size_bytes)
    response.set_etag(found.sha256)
    response.accept_ranges = "bytes"
    response.headers["Content-Disposition"] = f'inline; filename="{found.file_name}"'
    # Whoever signs in next at this desk must be asked for again: another cookie, another film.
    response.headers["Cache-Control"] = f"private, max-age={_KEPT_S}"
    response.vary.update(("Cookie", "Authorization"))
    if wanted is None:
        response.make_conditional(request)
    return response


@recordings.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Say which field is too large, and how large it may be."""
    limit = f"{LARGEST_RECORDING_BYTES // 1_000_000}"
    field = FieldError("recording", N_("may have at most %(limit)s MB"), {"limit": limit})
    detail = N_("The recording is larger than the %(limit)s MB allowed.")
    refusal = ProblemError(413, "too_large", detail, {"limit": limit}, [field])
    return problems.tell(problems.from_web(refusal))


def _range(found: StoredRecording) -> tuple[int, int] | None:
    """Return the first byte asked for and the one after the last; None: all of them.

    Several ranges at once, or one of another file than this, are answered with the whole.

    Raises
    ------
    ProblemError
        416 when there are no such bytes.
    """
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    if request.if_range.etag is not None and request.if_range.etag != found.sha256:
        return None
    wanted = asked.range_for_length(found.size_bytes)
    if wanted is None:
        message = N_("The recording has no such bytes.")
        raise ProblemError(416, "range_not_satisfiable", message, {})
    first, stop = wanted
    if asked.ranges[0][1] is None and asked.ranges[0][0] >= 0:
        stop = min(stop, first + _PIECE_BYTES)
    return first, stop
