"""What a route needs: said where the route is declared, and held before anything of it is read.

A route that reads its body first would tell whoever may not use it what the body should look like,
and would do that reading for anybody. The services ask for the same permissions once more, for the
command line and tests come to them by other ways; and only they know whose an incident is.
"""

from typing import Any
from typing import Final

from apiflask import APIBlueprint
from flask import request
from flask.typing import RouteCallable
from typing_extensions import override

from dispatch.access.permissions import Permission
from webconsole.platform.context import actor

Needs = tuple[Permission, ...] | None
ANYBODY: Final[Needs] = None
"""Nobody need be signed in; the route is in the list of open doors (`access.sessions`) too."""
SIGNED_IN: Final[Needs] = ()
"""Whoever is signed in; what they see depends on who they are."""
ORDERS_SEEN: Final[Needs] = (Permission.INCIDENT_READ, Permission.ASSIGNMENT_ACT_OWN)
"""The desk sees every incident, a crew those that it is sent to."""
EXTENSION: Final = "x-permissions"
"""Where the API's description names the permissions of which one is needed."""


class RightsFirst(APIBlueprint):
    """A blueprint each of whose routes names what it needs: ``@area.post("", needs=(…,))``.

    Of several permissions one is enough. They are held before the view is called, hence before
    a body or a query string is looked at.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  (as the base)
        super().__init__(*args, **options)
        self.needs: dict[str, Needs] = {}
        """What each endpoint of this blueprint needs."""
        self.before_request(self._hold)

    @override
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: RouteCallable | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        needs: Needs = options.pop("needs")  # a route that does not say is a mistake
        name = endpoint or getattr(view_func, "__name__", "")
        self.needs[f"{self.name}.{name}"] = needs
        spec: dict[str, Any] | None = getattr(view_func, "_spec", None)
        if needs and spec is not None:
            spec["extensions"] = {**(spec.get("extensions") or {}), EXTENSION: sorted(needs)}
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)

    def _hold(self) -> None:
        needs = self.needs[str(request.endpoint)]
        if not needs:
            return
        asking = actor()
        if not any(asking.may(each) for each in needs):
            asking.require(needs[0])


class Pages(RightsFirst):
    """The same for pages and files, which are no part of the API's description."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  (as the base)
        super().__init__(*args, enable_openapi=False, **options)
        self.one_by_one: dict[str, Needs] = {}
        """Addresses of one route that need each something else, which its view holds."""
