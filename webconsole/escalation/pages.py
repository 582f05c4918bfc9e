"""The page on which chains are seen and edited."""

from flask import render_template

from dispatch.access.permissions import Permission
from webconsole.board.pages import boot
from webconsole.platform.context import actor
from webconsole.platform.route_rights import Pages

chain_pages = Pages("chain_pages", __name__)


@chain_pages.get("/chains", needs=(Permission.INCIDENT_READ,))
def chains() -> str:
    """Show the chains; who may write rules may edit them."""
    asking = actor()
    asking.require(Permission.INCIDENT_READ)
    told = boot("chains") | {"may_edit": asking.may(Permission.RULES_WRITE)}
    return render_template("escalation/chains.html", boot=told)
