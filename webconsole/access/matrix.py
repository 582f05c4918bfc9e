"""The table of who may do what, made from the code: each route and page, permission and role.

`docs/access.md` is this text; a test makes it anew and compares, and asks every route as every
shipped role.
"""

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask

from dispatch.access.permission_words import SUBJECTS
from dispatch.access.permissions import PERMISSIONS
from dispatch.access.permissions import Role
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Needs
from webconsole.platform.route_rights import Pages
from webconsole.platform.route_rights import RightsFirst

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_HEAD = """# Who may do what

Made from the code by `python -m tests.webconsole.access.write_matrix`; a test holds it to the code.

Users have roles, and roles have permissions. What a role permits can be changed (Administration,
Roles, or `nearcrew role`), and companies add roles of their own; the table shows the roles as they
are shipped. Whose incidents, crews and accounts somebody sees is another question: those of the
own unit and of all units below it ([units](adr/0013-row-level-security.md)).
"""


@dataclass(frozen=True, slots=True)
class GuardedRoute:
    """A route, by one of its methods, and the permissions of which one is needed."""

    method: str
    address: str
    endpoint: str
    needs: Needs
    is_page: bool


def guarded_routes(app: Flask) -> Iterator[GuardedRoute]:
    """Yield every route of the application, by address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: (each.rule, each.endpoint)):
        blueprint = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        if not isinstance(blueprint, RightsFirst):
            continue  # the API's description, which is open
        for method in _METHODS:
            if method in (rule.methods or ()):
                needs = blueprint.needs[rule.endpoint]
                is_page = isinstance(blueprint, Pages)
                yield GuardedRoute(method, rule.rule, rule.endpoint, needs, is_page)
    for name, blueprint in sorted(app.blueprints.items()):
        if isinstance(blueprint, Pages):
            for address, needs in blueprint.one_by_one.items():
                yield GuardedRoute("GET", address, f"{name} {address}", needs, is_page=True)


def access_document(app: Flask) -> str:
    """Return the text of ``docs/access.md``."""
    routes = list(guarded_routes(app))
    parts = [_HEAD, "## Permissions and shipped roles\n", *_permission_tables()]
    parts += ["## Pages and files\n", _route_table(each for each in routes if each.is_page)]
    parts += ["## HTTP API\n", _route_table(each for each in routes if not each.is_page)]
    return "\n".join(parts)


def _permission_tables() -> Iterator[str]:
    roles = list(Role)
    head = ["permission", "lets one", *(str(role).replace("_", " ") for role in roles)]
    for subject in SUBJECTS:
        yield f"### {subject.label}\n"
        yield _table(
            head,
            (
                [
                    f"`{permission}`",
                    sentence,
                    *("●" if permission in PERMISSIONS[role] else "" for role in roles),
                ]
                for permission, sentence in subject.sentences.items()
            ),
        )


def _route_table(routes: Iterable[GuardedRoute]) -> str:
    return _table(
        ["route", "needs one of"],
        ([f"`{each.method} {each.address}`", _needs_in_words(each.needs)] for each in routes),
    )


def _needs_in_words(needs: Needs) -> str:
    if needs is ANYBODY:
        return "nobody need be signed in"
    if not needs:
        return "to be signed in"
    return ", ".join(f"`{each}`" for each in needs)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(each)} |" for each in lines) + "\n"
