"""The page of channels at the desk, and the service worker that takes pushes at a crew's phone."""

from flask import Response
from flask import render_template
from flask import send_from_directory

from dispatch.access.permissions import Permission
from webconsole.board.pages import boot
from webconsole.platform.context import actor
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages
from webconsole.serving.bundles import STATIC

delivery_pages = Pages("delivery_pages", __name__)


@delivery_pages.get("/channels", needs=(Permission.CREW_READ,))
def channels() -> str:
    """Show which way works for whom, before it is needed."""
    actor().require(Permission.CREW_READ)
    return render_template("deliveries/channels.html", boot=boot("channels"))


@delivery_pages.get("/service_worker.js", needs=ANYBODY)
def service_worker() -> Response:
    """Return the service worker: at the root, for it serves only what lies beside or below it."""
    answer = send_from_directory(STATIC, "gen/js/deliveries/service_worker.js", max_age=0)
    answer.cache_control.no_cache = True
    return answer
