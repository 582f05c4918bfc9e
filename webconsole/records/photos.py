"""Photos of incidents: the one door that takes more than a megabyte, and the pictures' way out."""

from flask import Response
from flask import request
from flask import url_for
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.limits import LARGEST_PHOTO_BYTES
from dispatch.records.photos import StoredPicture
from dispatch.records.types import AddPhoto
from dispatch.records.types import PhotoAnswer
from dispatch.records.types import PhotosAnswer
from webconsole.platform import problems
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.errors import ProblemError
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

photos = Area("photos", __name__, url_prefix="/api/v1", tag="Photos")
_KEPT_S = 600


@photos.get("/incidents/<int:incident_id>/photos", needs=ORDERS_SEEN)
@photos.output(described(PhotosAnswer))
def list_photos(incident_id: int) -> Response:
    """List the photos of an incident."""
    return answer(services().photos.list(actor(), incident_id))


@photos.post("/incidents/<int:incident_id>/photos", needs=ORDERS_SEEN)
@photos.input(AddPhoto, location="form_and_files", arg_name="form")
@photos.output(described(PhotoAnswer), 201)
@photos.doc(
    responses={
        409: "idempotency_mismatch",
        429: "Too many photos, in a minute or waiting to be decoded",
    }
)
def add_photo(incident_id: int, form: AddPhoto) -> Response:
    """Add a photo: multipart/form-data with the file in `photo`.

    JPEG, PNG, WebP or HEIC, at most 10 MB. The answer's `state` is `received`: the file waits to be
    decoded. Later the list of photos says `shown` or, with the reason in `refusal`, `refused`; the
    stream tells of either. A shown photo is JPEG of at most 2 048 pixels without metadata; when and
    where it was taken is read from the file first, and from `taken_at`, `lon` and `lat` where the
    file does not say.
    """
    photo, replayed = services().photos.add(actor(), incident_id, form)
    location = url_for("photos.get_photo", photo_id=photo["id"])
    return answer(photo, 201, location=location, replayed=replayed)


@photos.get("/photos/<int:photo_id>", needs=ORDERS_SEEN)
@photos.output({}, content_type="image/jpeg")
def get_photo(photo_id: int) -> Response:
    """Show a photo; there is nothing at this address until it is `shown`."""
    return _picture(services().photos.picture(actor(), photo_id))


@photos.get("/photos/<int:photo_id>/thumbnail", needs=ORDERS_SEEN)
@photos.output({}, content_type="image/jpeg")
def get_thumbnail(photo_id: int) -> Response:
    """Show a photo, small."""
    return _picture(services().photos.picture(actor(), photo_id, thumbnail=True))


@photos.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Say which field is too large, and how large it may be."""
    limit = f"{LARGEST_PHOTO_BYTES // 1_000_000}"
    sentence = N_("may have at most %(limit)s MB")
    field = FieldError("photo", sentence, {"limit": limit})
    detail = N_("The photo is larger than the %(limit)s MB allowed.")
    refusal = ProblemError(413, "too_large", detail, {"limit": limit}, [field])
    return problems.tell(problems.from_web(refusal))


def _picture(picture: StoredPicture) -> Response:
    response = Response(picture.content, mimetype="image/jpeg")
    response.set_etag(picture.sha256)
    response.headers["Content-Disposition"] = f'inline; filename="{picture.file_name}"'
    # Whoever signs in next at this desk must be asked for again: another cookie, another picture.
    response.headers["Cache-Control"] = f"private, max-age={_KEPT_S}"
    response.vary.update(("Cookie", "Authorization"))
    response.make_conditional(request)
    return response
