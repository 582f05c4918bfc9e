"""The administration pages: the list of subjects at the side, and the page of one."""

from flask import redirect
from flask import render_template
from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from webconsole.administration.registry import GROUPS
from webconsole.administration.registry import subject_named
from webconsole.administration.registry import subjects_for
from webconsole.board.pages import boot
from webconsole.platform.context import actor
from webconsole.platform.context import asking
from webconsole.platform.route_rights import SIGNED_IN
from webconsole.platform.route_rights import Pages
from webconsole.serving import assets
from webconsole.serving.page_messages import page_name

administration_pages = Pages("administration_pages", __name__, url_prefix="/administration")
administration_pages.one_by_one.update(
    (f"/administration/{each.name}", each.sees)
    for group in GROUPS
    for each in group.subjects
    if each.script
)

_PAGE = "page"


@administration_pages.app_context_processor
def _administers() -> dict[str, bool]:
    """Tell every page whether whoever looks at it administers anything."""
    who = asking()
    return {"administers": who is not None and any(True for _ in subjects_for(who))}


@administration_pages.get("", needs=SIGNED_IN)
def first() -> BaseResponse:
    """Show the first subject that somebody may see."""
    for _, subjects in subjects_for(actor()):
        return redirect(subjects[0].address or _page_of(subjects[0].name), 303)
    raise NotAllowed(N_("Your account administers nothing."))


@administration_pages.get("/<name>", needs=SIGNED_IN)
def subject(name: str) -> str:
    """Show a subject: its script does the rest."""
    shown = subject_named(name)
    if shown is None:
        raise NotFound.thing(_PAGE, name)
    who = actor()
    if not shown.may_see(who):
        who.require(shown.sees[0])
    told = boot(page_name(shown.script)) | {
        "event_kinds": {},
        "subject": name,
        "may_edit": shown.may_edit(who),
        "point_picker": {
            "script": assets.address("gen/js/administration/point_picker.js"),
            "vendor": assets.address("gen/vendor.js"),
            "style": assets.address("gen/point_picker.css"),
        },
    }
    return render_template(
        "administration/administration.html",
        groups=list(subjects_for(who)),
        shown=shown,
        boot=told,
        page_of=_page_of,
    )


def _page_of(name: str) -> str:
    return url_for("administration_pages.subject", name=name)
