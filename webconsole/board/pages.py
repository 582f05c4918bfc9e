"""The pages that people open: console, crew page, sign-in, API documentation."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask import Response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from dispatch.access.permissions import Permission
from dispatch.accounts.attempts import SignInIncomplete
from dispatch.core import limits
from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import SignInRefused
from dispatch.core.errors import TryLater
from dispatch.events.kinds import words_of_kinds
from dispatch.outcomes.states import ALWAYS_KNOWN
from webconsole.access import attempts
from webconsole.access import devices
from webconsole.access import sessions
from webconsole.access.redirects import own_path
from webconsole.board import labels
from webconsole.ground import base_map
from webconsole.platform import context
from webconsole.platform import i18n
from webconsole.platform import problems
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import SIGNED_IN
from webconsole.platform.route_rights import Pages
from webconsole.serving import assets

people = Pages("people", __name__)
_ADMINISTER = frozenset(
    {
        Permission.ACCOUNT_READ,
        Permission.AUDIT_READ,
        Permission.GATEWAY_WRITE,
        Permission.SERVICE_READ,
        Permission.SETTING_WRITE,
        Permission.UNIT_WRITE,
    }
)
"""Whoever may do any of this and does not see the board has pages of administration."""
DEMO_PASSWORD = "nearcrew-demo"  # noqa: S105  (public on purpose: shown on the sign-in page)
DEMO_ACCOUNTS = [
    {"username": "dispatcher", "role": "dispatcher"},
    {"username": "supervisor", "role": "supervisor"},
    {"username": "planner", "role": "planner"},
    {"username": "admin", "role": "administrator"},
    *({"username": f"crew{number:02d}", "role": "crew"} for number in range(1, 25)),
]


@people.get("/", needs=SIGNED_IN)
def console() -> BaseResponse | str:
    """Show the dispatcher's console; crews are sent to their own page."""
    asking = actor()
    if asking.may(Permission.INCIDENT_READ):
        return _page("console")
    if asking.crew_id is not None:
        return redirect(url_for("people.crew"), 303)
    if not _ADMINISTER.isdisjoint(asking.permissions):
        return redirect("/administration", 303)
    raise _wrong_page()


@people.get("/crew", needs=SIGNED_IN)
def crew() -> BaseResponse | str:
    """Show the crew's page; the desk is sent to its own."""
    asking = actor()
    if asking.crew_id is not None:
        return _page("crew")
    if asking.may(Permission.INCIDENT_READ):
        return redirect(url_for("people.console"), 303)
    raise _wrong_page()


@people.route("/sign-in", methods=["GET", "POST"], needs=ANYBODY)
def sign_in() -> BaseResponse | str:
    """Show the sign-in page, and let people in."""
    wanted = own_path(request.values.get("next"))
    if request.method != "POST":
        if context.asking() is not None:
            return redirect(wanted or url_for("people.console"), 303)
        return sign_in_page(wanted)
    username = request.form.get("username", "")
    origin = devices.origin_of(request)
    try:
        sessions.sign_in(username, request.form.get("password", ""), origin)
    except SignInIncomplete as incomplete:
        return attempts.begin(incomplete.secret, incomplete.step, wanted)
    except (SignInRefused, TryLater) as refused:
        told = problems.from_domain(refused)
        page = sign_in_page(wanted, error=told.detail, username=username)
        return Response(page, told.status, told.headers)
    answer = redirect(wanted or url_for("people.console"), 303)
    devices.remember(answer, request, origin)
    return answer


@people.post("/sign-out", needs=SIGNED_IN)
def sign_out() -> BaseResponse:
    """End the session."""
    provider = sessions.sign_out()
    return redirect(url_for("people.sign_in", left=provider), 303)


@people.post("/language", needs=ANYBODY)
def language() -> BaseResponse:
    """Remember on this device which language its people read."""
    chosen = request.form.get("language", "")
    answer = redirect(own_path(request.form.get("next")) or url_for("people.console"), 303)
    if chosen in i18n.LANGUAGES:
        i18n.remember(answer, request, chosen)
    return answer


@people.get("/api/docs", needs=ANYBODY)
def api_docs() -> str:
    """Show the API, browsable, from our own server."""
    return render_template("platform/api_docs.html")


def install(app: Flask, *, demo: bool) -> None:
    """Register the pages, and tell every template who is there and whether this is the demo."""
    app.register_blueprint(people)
    # Lists on a page go by our order, not the alphabet's.
    app.jinja_env.policies["json.dumps_kwargs"] = {"sort_keys": False}
    shown = {
        "demo": demo,
        "demo_accounts": DEMO_ACCOUNTS if demo else [],
        "demo_password": DEMO_PASSWORD if demo else "",
    }
    app.context_processor(lambda: {"actor": context.asking(), **shown})


def sign_in_page(wanted: str | None, *, error: str = "", username: str = "") -> str:
    """Return the sign-in page, with what was wrong."""
    providers = {each.id: each.name for each in services().sign_on.providers}
    left = request.args.get("left", "")
    return render_template(
        "access/sign_in.html",
        next=wanted,
        error=error,
        username=username,
        providers=providers,
        left=left if left in providers else None,
        chosen="chosen" in request.args,
    )


def _page(page: str) -> str:
    return render_template(f"board/{page}.html", boot=boot(page))


def served_words() -> set[str]:
    """Return the sentences that `boot` names to the pages, for their scripts to translate."""
    sentences: set[str] = set()
    waiting: list[Any] = [*labels.FOR_PAGES.values(), words_of_kinds()]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            sentences.add(each)
        elif isinstance(each, Mapping):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return sentences


def boot(page: str) -> dict[str, Any]:
    """Return what a page's scripts know before their first request."""
    asking, job = actor(), services()
    language = i18n.chosen_language()
    ground = job.ground.info()
    ground_id = ground["ground_id"]
    return {
        "locale": language,
        "messages_url": assets.messages_address(page, language),
        "username": asking.username,
        "display_name": asking.display_name,
        "roles": sorted(asking.roles),
        "permissions": sorted(asking.permissions),
        "crew_id": asking.crew_id,
        "csrf_token": generate_csrf(),
        "ground_name": ground["name"],
        "bounds": ground["bounds"],
        "center": ground["center"],
        "attribution": ground.get("attribution"),
        "ground_id": ground_id,
        "base_map": base_map.told_to_pages(job.settings.base_map),
        "kinds": job.incidents.kinds()["kinds"],
        "skills": job.skills.listed(),
        "equipment": job.equipment.listed(),
        "event_kinds": {} if page == "crew" else words_of_kinds(),  # a phone shows no log
        "known_outcomes": [dataclasses.asdict(each) for each in ALWAYS_KNOWN.values()],
        "labels": dict(labels.FOR_PAGES),
        "limits": dict(limits.FOR_PAGES),
        "time_zone": job.settings.time_zone,
        "demo": job.settings.demo,
        "public_reports": job.report_receiving.rules.on or bool(job.settings.relay_url),
        "stale_fix_s": job.settings.stale_fix_s,
        "set_out_s": job.settings.set_out_s,
        "unrecorded_skills_suffice": job.settings.unrecorded_skills_suffice,
        "default_radius_m": job.settings.default_radius_m,
        "arrive_radius_m": job.settings.arrive_radius_m,
        "stream_worker": assets.address("gen/js/live/stream_worker.js"),
        "ways_worker": assets.address("gen/js/ways/worker.js"),
        "head_id": job.events.head_id(),
        **({"late_sheet": assets.address("gen/crew_late.css")} if page == "crew" else {}),
    }


def _wrong_page() -> NotAllowed:
    return NotAllowed(N_("Your account has no page of its own; it may use the HTTP API."))
