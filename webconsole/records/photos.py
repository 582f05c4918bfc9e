"""Photos of incidents: the one door that takes more than a megabyte, and the pictures' way out."""

from datetime import datetime
from typing import Any

from flask import Response
from flask import request
from flask import url_for
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.records.photos import StoredPicture
from dispatch.records.picture_files import LARGEST_FILE_BYTES
from webconsole.platform import problems
from webconsole.platform.answers import answer
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.errors import ProblemError
from webconsole.platform.reading import Area
from webconsole.records import schemas as shapes

photos = Area("photos", __name__, url_prefix="/api/v1", tag="Photos")
_TEXTS = ("client_id", "caption", "taken_at")
_DEGREES = ("lon", "lat")
_KEPT_S = 600


@photos.get("/incidents/<int:incident_id>/photos")
@photos.output(shapes.Photos)
def list_photos(incident_id: int) -> Response:
    """List the photos of an incident."""
    return answer(services().photos.list(actor(), incident_id))


@photos.post("/incidents/<int:incident_id>/photos")
@photos.output(shapes.Photo, 201)
@photos.doc(responses={409: "idempotency_mismatch"})
def add_photo(incident_id: int) -> Response:
    """Add a photo: multipart/form-data with the file in `photo`.

    JPEG, PNG or WebP, at most 10 MB. It is kept as JPEG of at most 2 048 pixels without metadata;
    when and where it was taken is read from the file first, and from `taken_at`, `lon` and `lat`
    where the file does not say.
    """
    asking = actor()
    file = request.files.get("photo")
    content = None if file is None else file.stream.read(LARGEST_FILE_BYTES + 1)
    photo, replayed = services().photos.add(asking, incident_id, content, _fields())
    location = url_for("photos.get_photo", photo_id=photo["id"])
    return answer(photo, 201, location=location, replayed=replayed)


@photos.get("/photos/<int:photo_id>")
@photos.output({}, content_type="image/jpeg")
def get_photo(photo_id: int) -> Response:
    """Show a photo."""
    return _picture(services().photos.picture(actor(), photo_id))


@photos.get("/photos/<int:photo_id>/thumbnail")
@photos.output({}, content_type="image/jpeg")
def get_thumbnail(photo_id: int) -> Response:
    """Show a photo, small."""
    return _picture(services().photos.picture(actor(), photo_id, thumbnail=True))


@photos.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Say which field is too large, and how large it may be."""
    limit = f"{LARGEST_FILE_BYTES // 1_000_000}"
    sentence = N_("may have at most %(limit)s MB")
    field = FieldError("photo", sentence, {"limit": limit})
    detail = N_("The photo is larger than the %(limit)s MB allowed.")
    refusal = ProblemError(413, "too_large", detail, {"limit": limit}, [field])
    return problems.tell(problems.from_web(refusal))


def _fields() -> dict[str, Any]:
    """Return what the form says; a form knows only texts, so numbers and times are read here."""
    form = request.form
    unknown = set(form) - {*_TEXTS, *_DEGREES, "csrf_token"} | set(request.files) - {"photo"}
    if unknown:
        sentence = N_("is not a known field")
        raise InvalidInput([FieldError(name, sentence) for name in sorted(unknown)])
    given: dict[str, Any] = {name: form[name] for name in _TEXTS if form.get(name)}
    for name in _DEGREES:
        if form.get(name):
            given[name] = _number(form[name])
    if "taken_at" in given:
        given["taken_at"] = _instant(given["taken_at"])
    return given


def _number(text: str) -> float | str:
    """Return a number; what is none goes on as it is and is refused by name."""
    try:
        return float(text)
    except ValueError:
        return text


def _instant(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _picture(picture: StoredPicture) -> Response:
    response = Response(picture.content, mimetype="image/jpeg")
    response.set_etag(picture.sha256)
    response.headers["Content-Disposition"] = f'inline; filename="{picture.file_name}"'
    # Whoever signs in next at this desk must be asked for again: another cookie, another picture.
    response.headers["Cache-Control"] = f"private, max-age={_KEPT_S}"
    response.vary.update(("Cookie", "Authorization"))
    response.make_conditional(request)
    return response
