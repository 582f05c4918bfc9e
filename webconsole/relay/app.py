"""The relay's application: the report page, and the outbox for whoever has the shared secret."""

import base64
import hashlib
import os
import secrets
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import Final

from flask import Flask
from flask import Response
from flask import abort
from flask import redirect
from flask import render_template
from flask import request
from flask import send_from_directory
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from pydantic import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.field_errors import refused
from dispatch.core.limits import LARGEST_PHOTO_BYTES
from dispatch.gateways import signatures
from dispatch.public_reports import proof_of_work
from dispatch.public_reports.relay_messages import ANSWER
from dispatch.public_reports.relay_messages import PATH
from dispatch.public_reports.relay_messages import QUESTION
from dispatch.public_reports.relay_messages import RelayAnswer
from dispatch.public_reports.relay_messages import RelayQuestion
from dispatch.public_reports.types import SayPublicly
from dispatch.records.picture_headers import check_upload
from webconsole.platform import i18n
from webconsole.platform import problems
from webconsole.relay.kept_reports import KeptReports
from webconsole.serving import security_headers

SECRET, FILE = "NEARCREW_RELAY_SECRET", "NEARCREW_RELAY_FILE"
LEAST_SECRET: Final = 16
_STATIC: Final = Path(__file__).parents[1] / "static"
_FILES: Final = {
    "gen/caller.css": "css/pages/caller.css",
    "js/callers/here.js": "js/callers/here.js",
    "js/public_reports/report_form.js": "js/public_reports/report_form.js",
    "js/public_reports/work.js": "js/public_reports/work.js",
}
"""All that its pages load, as it lies in the source: nothing is built here."""
_SAID: Final = ("kind", "lon", "lat", "address", "words", "phone")
_NAMES: Final = {"zh": "中文", "en": "English"}
_PER_ADDRESS: Final = "10 per minute; 60 per hour"
_AROUND_BYTES: Final = 50_000
_FULL: Final = N_("Too many reports wait. Please call instead.")
_NO_PROOF: Final = N_("This browser cannot send reports here. Please call instead.")


def create_relay(
    env: Mapping[str, str] | None = None, clock: Callable[[], datetime] | None = None
) -> Flask:
    """Return the application.

    Raises
    ------
    ValueError
        If the secret is missing or too short.
    """
    found = os.environ if env is None else env
    secret = found.get(SECRET, "")
    if len(secret) < LEAST_SECRET:
        message = f"{SECRET} needs at least {LEAST_SECRET} characters"
        raise ValueError(message)
    now = clock or (lambda: datetime.now(UTC))
    app = Flask("webconsole", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_PHOTO_BYTES + _AROUND_BYTES
    security_headers.install(app, https=False)
    i18n.install(app)
    app.jinja_env.globals["asset"] = lambda name: f"/static/{name}"
    mark = base64.b64encode((_STATIC / "img/mark.svg").read_bytes()).decode()
    app.jinja_env.globals["mark"] = f"data:image/svg+xml;base64,{mark}"
    relay = _Relay(KeptReports(Path(found.get(FILE, "var/relay.sqlite"))), secret, now)
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    app.add_url_rule("/", view_func=lambda: redirect("/report", 303), endpoint="start")
    app.add_url_rule("/report", view_func=relay.show, methods=["GET"], endpoint="show")
    take = limiter.limit(_PER_ADDRESS)(relay.take)
    app.add_url_rule("/report", view_func=take, methods=["POST"], endpoint="take")
    app.add_url_rule("/report/thanks", view_func=relay.thanks, endpoint="thanks")
    app.add_url_rule(PATH, view_func=relay.outbox, methods=["POST"], endpoint="outbox")
    app.add_url_rule("/static/<path:name>", view_func=_file, endpoint="file")
    return app


class _Relay:
    def __init__(self, kept: KeptReports, secret: str, clock: Callable[[], datetime]) -> None:
        self._kept = kept
        self._secret = secret
        self._clock = clock
        self._key = hashlib.sha256(f"relay:{secret}".encode()).digest()

    def show(self) -> Response:
        """Show the form."""
        return self._form(self._shown(), {}, ())

    def take(self) -> BaseResponse:
        """Keep a report whose sender's browser has done its work."""
        shown = self._shown()
        fields = dict(request.form)
        try:
            said = self._read(fields, shown)
        except InvalidInput as wrong:
            errors = [problems.say(each.msgid, each.params) for each in wrong.fields]
            return self._form(shown, fields, errors, 422)
        challenge, solution = fields.get("challenge", ""), fields.get("solution", "")
        now = self._clock()
        if not proof_of_work.is_solved(self._key, challenge, solution, now, shown.bits):
            return self._form(shown, fields, (problems.say(_NO_PROOF, {}),), 422)
        key = proof_of_work.key_of(challenge)
        photo = None if said.photo is None else base64.b64encode(said.photo).decode()
        told = said.model_dump(exclude={"photo"})
        report = {**told, "photo": photo, "key": key, "received_at": now.isoformat()}
        if not self._kept.keep(key, report, now.timestamp()):
            return self._form(shown, fields, (problems.say(_FULL, {}),), 429)
        return redirect(f"/report/thanks?lang={i18n.chosen_language()}", 303)

    def thanks(self) -> Response:
        """Say that it has come in."""
        phone = self._shown().emergency_phone
        page = render_template("public_reports/thanks.html", others=_others(), emergency=phone)
        return Response(page)

    def outbox(self) -> Response:
        """Give what is kept to whoever signs with the shared secret, and forget what was taken."""
        body = request.get_data()
        timestamp = request.headers.get(signatures.TIMESTAMP, "")
        given = request.headers.get(signatures.SIGNATURE, "")
        signed = signatures.is_signed(self._secret, timestamp, QUESTION, given, body)
        if not signed or not signatures.is_recent(timestamp, self._clock()):
            abort(401)
        try:
            question = RelayQuestion.model_validate_json(body)
        except ValidationError:
            abort(422)
        self._kept.forget(question.taken)
        self._kept.show(question)
        answer = RelayAnswer(reports=self._kept.waiting()).model_dump_json().encode()
        signature = signatures.sign(self._secret, timestamp, ANSWER, answer)
        headers = {signatures.SIGNATURE: signature, "Cache-Control": "no-store"}
        return Response(answer, mimetype="application/json", headers=headers)

    def _shown(self) -> RelayQuestion:
        i18n.speak(request.args.get("lang"), otherwise="zh")
        shown = self._kept.shown()
        if shown is None:
            abort(503)
        return shown

    def _read(self, fields: dict[str, str], shown: RelayQuestion) -> SayPublicly:
        known: dict[str, str | bytes] = {name: fields[name] for name in _SAID if name in fields}
        known["language"] = i18n.chosen_language()
        photo = request.files.get("photo")
        if photo is not None:
            known["photo"] = photo.stream.read()
        try:
            said = SayPublicly.read_form(known)
        except ValidationError as error:
            raise refused(error) from None
        wrong: list[FieldError] = []
        if said.kind not in {code for code, _, _ in shown.kinds}:
            wrong.append(FieldError("kind", N_("is no kind")))
        if said.lonlat is None and not said.address:
            wrong.append(FieldError("address", N_("say where it is, or use your position")))
        if wrong:
            raise InvalidInput(wrong)
        if said.photo:
            check_upload(said.photo)
        return said

    def _form(
        self,
        shown: RelayQuestion,
        fields: Mapping[str, Any],
        errors: Sequence[str],
        status: int = 200,
    ) -> Response:
        language = i18n.chosen_language()
        nonce = secrets.token_urlsafe(12)
        page = render_template(
            "public_reports/report.html",
            kinds=[(code, zh if language == "zh" else en) for code, en, zh in shown.kinds],
            values={name: fields.get(name, "") for name in _SAID},
            errors=errors,
            challenge=proof_of_work.new_challenge(self._key, self._clock(), shown.bits, nonce),
            emergency=shown.emergency_phone,
            others=_others(),
            action=f"/report?lang={language}",
        )
        return Response(page, status)


def _file(name: str) -> Response:
    if name not in _FILES:
        abort(404)
    return send_from_directory(_STATIC, _FILES[name], max_age=300)


def _others() -> dict[str, str]:
    spoken = i18n.chosen_language()
    return {_NAMES[each]: f"/report?lang={each}" for each in i18n.LANGUAGES if each != spoken}
