"""Asks every route and every page as somebody, and holds each answer against the rules."""

import random
import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import urlencode

from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.dispatch.units.world import Owner
from tests.dispatch.units.world import Viewer
from tests.dispatch.units.world import World

_NOT_ASKED = {
    "stream.open_stream",  # never ends; what it sends is held in a test of its own
    "static",
    "assets.own_file",
    "access.logout",
    "people.sign_out",
}
_PARAMETER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_TABLE_OF = {
    "incident_id": "incident",
    "crew_id": "crew",
    "assignment_id": "assignment",
    "gateway_id": "gateway",
    "loan_id": "loan",
    "roll_call_id": "roll_call",
    "photo_id": "photo",
    "recording_id": "recording",
    "pledge_id": "pledge",
    "proposal_id": "proposal",
    "zone_id": "zone",
    "scenario_id": "scenario",
    "study_id": "study",
    "layer_id": "layer",
    "offer_id": "offer",
    "move_up_id": "move_up",
    "help_id": "help",
    "sos_id": "sos",
    "station_id": "station",
    "account_id": "account",
}
_WHOLE = {"incident", "crew", "zone", "layer", "gateway", "pledge", "proposal", "scenario", "study"}
"""Of these a foreign number is not found, whatever is asked of it."""
_WORDS = {
    "kind": "gas_leak",
    "code": "nobody",
    "place": "indoors",
    "version": "x",
    "name": "report.html",
    "z": "14",
    "x": "8529",
    "y": "5975",
}
MOST_SMALL = 12


@dataclass
class Everything:
    """Every route of the console, and how to ask each."""

    app: APIFlask
    world: World
    dice: random.Random
    reads: int = 0
    answered: dict[str, int] = field(default_factory=dict)
    """How many of the requests to each route were answered."""

    def __post_init__(self) -> None:
        """Sort the routes into those that read and those that change."""
        rules = [each for each in self.app.url_map.iter_rules() if each.endpoint not in _NOT_ASKED]
        self.readings = [each for each in rules if "GET" in (each.methods or ())]
        self.writings = [
            each for each in rules if "GET" not in (each.methods or ()) and _numbered(each)
        ]
        spec: Any = self.app.spec
        self.queries = {
            (path, method): [each for each in operation["parameters"] if each["in"] == "query"]
            for path, operations in spec["paths"].items()
            for method, operation in operations.items()
        }

    def read_as(self, client: FlaskClient, viewer: Viewer, most: int) -> Iterator[str]:
        """Ask for everything, with numbers of all units; yield what should not have come."""
        for rule in self.readings:
            for path in self._paths(rule, most):
                answer = self._open(client, viewer, "GET", path.address)
                self.reads += 1
                if answer.status_code < 400:
                    self.answered[rule.endpoint] = self.answered.get(rule.endpoint, 0) + 1
                yield from self._wrong(viewer, "GET", path, answer)

    def write_as(self, client: FlaskClient, viewer: Viewer, most: int) -> Iterator[str]:
        """Try to change what is foreign; yield what was not refused."""
        for rule in self.writings:
            method = next(iter(set(rule.methods or ()) - {"HEAD", "OPTIONS"}))
            for path in self._paths(rule, most):
                if self.is_own(viewer, path):
                    continue
                answer = self._open(client, viewer, method, path.address, json={})
                self.reads += 1
                yield from self._wrong(viewer, method, path, answer)

    def is_own(self, viewer: Viewer, path: "Path") -> bool:
        """Return whether a viewer may change what an address is about."""
        if path.target is not None:
            return self.world.sees(viewer, path.target)
        return path.unit is None or path.unit in self.world.below(viewer.unit)

    def _open(
        self,
        client: FlaskClient,
        viewer: Viewer,
        method: str,
        address: str,
        **options: Any,  # noqa: ANN401  (of the request)
    ) -> TestResponse:
        headers = {"Authorization": f"Bearer {viewer.token}"}
        answer = client.open(address, method=method, headers=headers, **options)
        _ = answer.data  # read before the file behind it is closed
        answer.close()
        return answer

    def _wrong(
        self, viewer: Viewer, method: str, path: "Path", answer: TestResponse
    ) -> Iterator[str]:
        who = f"{viewer.roles} of {viewer.unit} asks {method} {path.address}: "
        if answer.status_code >= 500:
            yield f"{who}{answer.status_code} {answer.text[:200]}"
        for mark, owner in self.world.foreign(viewer, answer.data):
            at = answer.data.find(mark.encode())
            around = answer.data[max(0, at - 80) : at + 40]
            if mark not in path.address:
                yield f"{who}{answer.status_code} shows {mark} of {owner}: {around!r}"
        target = path.target
        hidden = target is not None and not self.world.sees(viewer, target)
        hidden = hidden and path.address.startswith("/api/")
        if hidden and answer.status_code < 400:
            yield f"{who}{answer.status_code} for the foreign {target}"

    def _paths(self, rule: Rule, most: int) -> Iterator["Path"]:
        names = _PARAMETER.findall(rule.rule)
        tables = [_TABLE_OF.get(name) for name in names]
        if not any(tables):
            values = {name: self._other(name) for name in names}
            yield Path(self._address(rule, values), None)
            return
        for _ in range(most):
            values, target, unit = {}, None, None
            for name, table in zip(names, tables, strict=True):
                rows = self.world.ids(table) if table else {}
                if not rows:
                    values[name] = self._other(name)
                    continue
                row = self.dice.choice(list(rows))
                values[name] = str(row)
                unit = rows[row]
                if target is None and table in _WHOLE:
                    target = Owner(str(table), row, rows[row])
            yield Path(self._address(rule, values), target, unit)

    def _other(self, name: str) -> str:
        return _WORDS.get(name) or str(self.dice.randint(1, MOST_SMALL))

    def _address(self, rule: Rule, values: dict[str, str]) -> str:
        path = _PARAMETER.sub(lambda found: values[found.group(1)], rule.rule)
        shown = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        wanted = self.queries.get((shown, "get"), [])
        query = {}
        for each in wanted:
            if each.get("required") or self.dice.random() < 0.3:
                value = self._query_value(shown, each["name"])
                if value is not None:
                    query[each["name"]] = value
        return f"{path}?{urlencode(query)}" if query else path

    def _query_value(self, path: str, name: str) -> str | None:
        world, dice = self.world, self.dice
        lon, lat = world.city.at(dice.uniform(1, 3), dice.uniform(1, 3))
        between_points = path in {"/api/v1/routes", "/api/v1/closures/stretch"}

        def searched() -> str:
            # Without its last letter: what is asked for may be told again, what is found is whole.
            return dice.choice(list(world.owners))[:-1]

        made: dict[str, Callable[[], str | None]] = {
            "lon": lambda: str(lon),
            "lat": lambda: str(lat),
            "q": searched,
            "words": searched,
            "search": searched,
            "address": searched,
            "from": lambda: f"{lon},{lat}" if between_points else None,
            "to": lambda: f"{lon},{lat + 0.001}" if between_points else None,
            "kind": lambda: "gas_leak" if "layers" not in path else "valves",
            "state": lambda: "open,assigned,on_scene,resolved,closed,cancelled",
            "layers": lambda: ",".join(map(str, world.ids("layer"))),
            "into": lambda: str(dice.choice(list(world.ids("incident")))),
            "incident_id": lambda: str(dice.choice(list(world.ids("incident")))),
            "crew_id": lambda: str(dice.choice(list(world.ids("crew")))),
            "crew_ids": lambda: str(dice.choice(list(world.ids("crew")))),
            "within_m": lambda: "2000",
            "tolerance_m": lambda: "100",
            "radius_m": lambda: "20000",
            "live": lambda: dice.choice(["true", "false"]),
            "limit": lambda: "50",
            "format": lambda: dice.choice(["gpx", "geojson"]),
        }
        return made.get(name, lambda: None)()


@dataclass(frozen=True, slots=True)
class Path:
    """An address, and the row that it is about."""

    address: str
    target: Owner | None
    unit: int | None = None


def _numbered(rule: Rule) -> bool:
    return any(name in _TABLE_OF for name in _PARAMETER.findall(rule.rule))
