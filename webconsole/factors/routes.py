"""Who must have a second factor, and an administrator's look at the factors of an account."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.factors.types import FactorListAnswer
from dispatch.factors.types import FactorListQuery
from dispatch.factors.types import FactorRuleAnswer
from dispatch.factors.types import FactorRulesAnswer
from dispatch.factors.types import FactorsAnswer
from dispatch.factors.types import SetFactorRule
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

factors = Area("factors", __name__, url_prefix="/api/v1", tag="Second factors")
_SETTING_RULES = (Permission.SECURITY_WRITE,)


@factors.get("/factor-rules", needs=_SETTING_RULES)
@factors.output(described(FactorRulesAnswer))
def factor_rules() -> Response:
    """List which roles demand a second factor, and how many of their accounts have one."""
    return answer(services().factor_rules.list(actor()))


@factors.put("/factor-rules/<role>", needs=_SETTING_RULES)
@factors.input(SetFactorRule, arg_name="body")
@factors.output(described(FactorRuleAnswer))
def set_factor_rule(role: str, body: SetFactorRule) -> Response:
    """Demand a second factor of a role, or do so no longer; nobody is signed out."""
    return answer(services().factor_rules.set(actor(), role, body))


@factors.get("/factors", needs=(Permission.ACCOUNT_READ,))
@factors.input(FactorListQuery, location="query", arg_name="query")
@factors.output(described(FactorListAnswer))
def list_factors(query: FactorListQuery) -> Response:
    """List who has a second factor: all accounts that are not disabled, unless a page is asked."""
    return answer(services().factor_overview.list(actor(), query))


@factors.get("/accounts/<int:account_id>/factors", needs=(Permission.ACCOUNT_READ,))
@factors.output(described(FactorsAnswer))
def factors_of(account_id: int) -> Response:
    """Show the second factors of an account."""
    return answer(services().factors.of(actor(), account_id))


@factors.delete("/accounts/<int:account_id>/factors", needs=(Permission.ACCOUNT_WRITE,))
@factors.output({}, 204)
def reset_factors(account_id: int) -> Response:
    """Forget the second factors of an account, and end its sessions and tokens."""
    services().factors.reset(actor(), account_id)
    return Response(status=204)
