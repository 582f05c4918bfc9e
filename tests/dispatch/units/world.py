"""A random organisation with rows of every kind, each of whose texts names the row.

Every text that somebody could read carries a mark such as ``zq00042qz``. What a mark belongs to is
known here, and who may see it is worked out from the rules as they stand in docs/units.md, apart
from the policies: the test holds one against the other.
"""

import itertools
import random
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from dispatch.cover.types import AskMoveUp
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.crews.types import AddStation
from dispatch.deliveries.types import SetContacts
from dispatch.gateways.types import AddGateway
from dispatch.incidents.types import AddReport
from dispatch.incidents.types import CreateIncident
from dispatch.lending.types import AgreeToLend
from dispatch.lending.types import AskForCrew
from dispatch.messages.types import SendMessage
from dispatch.offers.types import MakeOffer
from dispatch.planning.models import PlanningStudy
from dispatch.planning.states import StudyKind
from dispatch.planning.states import StudyState
from dispatch.planning.study_folder import StudyFolder
from dispatch.planning.types import SaveScenario
from dispatch.pledges.types import SetPledge
from dispatch.positions.types import ReportPositions
from dispatch.proposals.types import Propose
from dispatch.recordings.states import RecordingKind
from dispatch.recordings.types import AddRecording
from dispatch.records.types import AddNote
from dispatch.records.types import AddPhoto
from dispatch.safety.types import AskAllCrews
from dispatch.safety.types import AskHelp
from dispatch.safety.types import RaiseSos
from dispatch.sending.types import SendCrew
from dispatch.signatures.types import AddSignature
from dispatch.units.states import UnitKind
from dispatch.zones.types import DrawZone
from tests.cities import GridCity
from tests.conftest import PASSWORD
from tests.orders import step_for
from tests.pictures import drawn
from tests.pictures import encoded
from tests.recordings import WEBM

ADD_UNIT = text(
    "INSERT INTO organisation_unit (parent_id, kind, code, name)"
    " VALUES (:parent, :kind, :code, :code) RETURNING id"
)
MARK = "zq{:05d}qz"
_PHOTO = encoded(drawn(64, 48))
_ROLES = (
    Role.CALL_TAKER,
    Role.DISPATCHER,
    Role.SUPERVISOR,
    Role.PLANNER,
    Role.MANAGER,
    Role.ADMINISTRATOR,
)


@dataclass(frozen=True, slots=True)
class Owner:
    """What a mark belongs to: a row of a unit, and of which table."""

    table: str
    row: int
    unit: int


@dataclass
class Unit:
    """A unit and the ids of its rows."""

    id: int
    kind: UnitKind
    parent: int | None
    company: int
    rows: dict[str, list[int]] = field(default_factory=dict)

    def keep(self, table: str, row: int) -> int:
        """Remember a row."""
        self.rows.setdefault(table, []).append(row)
        return row


@dataclass
class Viewer:
    """Somebody who signs in."""

    username: str
    unit: int
    roles: tuple[Role, ...]
    crew_id: int | None
    token: str = ""


@dataclass
class World:
    """Units, their rows, the marks in these, and who looks."""

    services: Services
    owner: Engine
    city: GridCity
    seed: int
    units: dict[int, Unit] = field(default_factory=dict)
    owners: dict[str, Owner] = field(default_factory=dict)
    viewers: list[Viewer] = field(default_factory=list)
    asked: set[tuple[int, int]] = field(default_factory=set)
    """Incidents and the crews that were asked to come to them."""
    lent: dict[int, int] = field(default_factory=dict)
    """Crews that are lent, and to which unit."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        """Throw the dice that the seed loads."""
        self.dice = random.Random(self.seed)  # noqa: S311  (dice)

    # --- Who may see what, by the rules -------------------------------------------------------

    def below(self, unit: int) -> set[int]:
        """Return a unit with all below it."""
        return {each for each in self.units if unit in {each, *self.above(each)}}

    def above(self, unit: int) -> set[int]:
        """Return all units above one."""
        found = set()
        parent = self.units[unit].parent
        while parent is not None:
            found.add(parent)
            parent = self.units[parent].parent
        return found

    def sees(self, viewer: Viewer, owner: Owner) -> bool:
        """Return whether a viewer may read what belongs to a row."""
        below = self.below(viewer.unit)
        if owner.unit in below:
            return True
        if owner.table in {"station", "zone", "layer", "gateway", "pledge", "supervisor"}:
            # The clocks of an incident that is shared tell by which pledge they run.
            return owner.unit in self.above(viewer.unit) or (
                owner.table == "pledge" and self._runs_where(viewer, owner.unit)
            )
        if owner.table == "crew":
            return self.lent.get(owner.row) in below or owner.row == viewer.crew_id
        if owner.table == "incident":
            return any(
                self._hears(viewer, below, owner, crew_id)
                for incident_id, crew_id in self.asked
                if incident_id == owner.row
            )
        return False

    def _runs_where(self, viewer: Viewer, unit: int) -> bool:
        incidents = {each for each in self.owners.values() if each.table == "incident"}
        return any(
            self.sees(viewer, each)
            for each in incidents
            if unit in {each.unit, *self.above(each.unit)}
        )

    def _hears(self, viewer: Viewer, below: set[int], owner: Owner, crew_id: int) -> bool:
        """Return whether a viewer sees an incident by a crew that was asked to come to it."""
        if viewer.crew_id == crew_id:
            return True
        home = next(each for each in self.units.values() if crew_id in each.rows.get("crew", ()))
        same_company = home.company == self.units[owner.unit].company
        lent_there = self.lent.get(crew_id) in {
            *self.below(owner.unit),
            *self.above(owner.unit),
            owner.unit,
        }
        return same_company and home.id in below and not lent_there

    def marked(self, words: bytes) -> set[str]:
        """Return the marks in an answer."""
        found = set()
        at = words.find(b"zq")
        while at >= 0:
            found.add(words[at : at + 9].decode(errors="replace"))
            at = words.find(b"zq", at + 1)
        return {each for each in found if each in self.owners}

    def foreign(self, viewer: Viewer, words: bytes) -> list[tuple[str, Owner]]:
        """Return the marks in an answer that the viewer may not see."""
        return [
            (mark, self.owners[mark])
            for mark in sorted(self.marked(words))
            if not self.sees(viewer, self.owners[mark])
        ]

    # --- Making it ----------------------------------------------------------------------------

    def mark(self, table: str, row: int, unit: int) -> str:
        """Return a mark that belongs to a row."""
        mark = MARK.format(next(self._numbers))
        self.owners[mark] = Owner(table, row, unit)
        return mark

    def scope(self, unit: int, crew_id: int | None = None) -> Scope:
        """Return what is seen from a unit, as the database says."""
        with self.owner.connect() as connection:
            sight = connection.execute(
                text("SELECT * FROM sight_of(:unit, :crew, :now)"),
                {"unit": unit, "crew": crew_id, "now": self.services.clock()},
            ).one()
        return Scope(
            units=tuple(sight.units),
            above=tuple(sight.above),
            crews=tuple(sight.crews),
            crew_id=crew_id,
            home=sight.unit_id,
            everything=sight.everything,
        )

    @contextmanager
    def at(self, unit: int) -> Iterator[Actor]:
        """Act as the system for somebody of a unit."""
        scope = self.scope(unit)
        with within(scope):
            yield Actor(None, "nearcrew", "Nearcrew", frozenset({Role.ADMINISTRATOR}), scope=scope)

    def _add_unit(self, kind: UnitKind, parent: int | None) -> Unit:
        with self.owner.begin() as connection:
            unit_id = connection.execute(
                ADD_UNIT, {"parent": parent, "kind": kind, "code": f"u{next(self._numbers)}"}
            ).scalar_one()
        company = unit_id if kind is UnitKind.COMPANY else self.units[parent or 0].company
        made = Unit(unit_id, kind, parent, company)
        self.units[unit_id] = made
        return made

    def plant(self, companies: int, stations: int, teams: int) -> None:
        """Make a random tree: a group, companies, stations below some, teams below others."""
        with self.owner.begin() as connection:
            root = connection.execute(
                text("SELECT id FROM organisation_unit WHERE parent_id IS NULL")
            ).scalar_one()
            group = connection.execute(
                ADD_UNIT, {"parent": root, "kind": "group", "code": "u0"}
            ).scalar_one()
            for unit, parent in ((root, group), (group, None)):
                connection.execute(
                    text("UPDATE organisation_unit SET parent_id = :parent WHERE id = :unit"),
                    {"unit": unit, "parent": parent},
                )
        self.units[group] = Unit(group, UnitKind.GROUP, None, group)
        self.units[root] = Unit(root, UnitKind.COMPANY, group, root)
        for _ in range(companies - 1):
            self._add_unit(UnitKind.COMPANY, group)
        of_kind: Callable[..., list[int]] = lambda *kinds: [  # noqa: E731  (twice below)
            each.id for each in self.units.values() if each.kind in kinds
        ]
        for number in range(stations):
            firsts = of_kind(UnitKind.COMPANY)
            parent = firsts[0] if number < 2 else self.dice.choice(firsts)
            self._add_unit(UnitKind.STATION, parent)
        for _ in range(teams):
            parent = self.dice.choice(of_kind(UnitKind.STATION, UnitKind.COMPANY))
            self._add_unit(UnitKind.TEAM, parent)

    def fill(self) -> None:
        """Give every unit rows of every kind, and connect some across units."""
        for unit in self.units.values():
            with self.at(unit.id) as actor:
                self._own_rows(unit, actor)
        for unit in self.units.values():
            if unit.kind is not UnitKind.GROUP:
                with self.at(unit.id) as actor:
                    self._work(unit, actor)
        self._share_within_companies()
        self._lend_across()
        for unit in self.units.values():
            with self.at(unit.id) as actor:
                batch, _ = self.services.proposals.propose(actor, Propose())
                unit.keep("proposal", batch["id"])

    def people(self) -> None:
        """Add somebody of a random role to each unit, and an account of each of its crews."""
        for unit in self.units.values():
            roles = self.dice.sample(_ROLES, 2)
            self._sign_up(unit.id, tuple(roles), None)
            for crew_id in unit.rows["crew"][:1]:
                self._sign_up(unit.id, (Role.CREW,), crew_id)
        for crew_id in self.lent:
            if not any(each.crew_id == crew_id for each in self.viewers):
                home = next(each for each in self.units.values() if crew_id in each.rows["crew"])
                self._sign_up(home.id, (Role.CREW,), crew_id)

    def _sign_up(self, unit: int, roles: tuple[Role, ...], crew_id: int | None) -> None:
        name = self.mark("account", unit, unit)
        with self.at(unit):
            account_id = self.services.accounts.create(
                CreateAccount(
                    username=name,
                    display_name="Somebody",
                    password=PASSWORD,
                    roles=roles,
                    crew_id=crew_id,
                    language="en",
                )
            )
            actor = Actor(account_id, name, name, frozenset(roles), crew_id)
            token = self.services.accounts.issue_token(actor)["token"]
        self.viewers.append(Viewer(name, unit, roles, crew_id, token))

    def _own_rows(self, unit: Unit, actor: Actor) -> None:
        made = self.services
        lon, lat = self._somewhere()

        def mark(table: str) -> str:
            return self.mark(table, 0, unit.id)

        unit.keep(
            "station",
            made.stations.add(actor, AddStation(name=mark("station"), lon=lon, lat=lat)),
        )
        ring = [self._corner(lon, lat, *each) for each in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
        zone = {
            "name": mark("zone"),
            "kind": "district",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        unit.keep("zone", made.zones.create(actor, DrawZone.model_validate(zone))[0]["id"])
        gateway = {"name": mark("gateway"), "kind": "sms", "url": f"http://{mark('gateway')}.test/"}
        gateway_id = made.gateways.add(
            actor, AddGateway.model_validate({**gateway, "secret": "a secret of the gateway"})
        )["id"]
        unit.keep("gateway", gateway_id)
        pledge = {
            "name_en": mark("pledge"),
            "name_zh": mark("pledge"),
            "utility": "gas",
            "start": "pinned",
            "stop": "on_scene",
            "limit_s": 3600.0,
            "series": f"s{unit.id}",
            "source": mark("pledge"),
        }
        read = SetPledge.model_validate(pledge)
        unit.keep("pledge", made.pledges.add(actor, read)[0]["id"])
        self._layer(unit, mark)
        plan = {"name": mark("scenario"), "posts": [{"lon": lon, "lat": lat}]}
        kept, _ = made.scenarios.save(actor, SaveScenario.model_validate(plan))
        unit.keep("scenario", kept["id"])
        self._study(unit, mark("study"), kept["id"])
        contact = {"gateway_id": gateway_id, "address": mark("supervisor")}
        made.contacts.set_of_supervisor(actor, SetContacts.model_validate({"contacts": [contact]}))
        for _ in range(2):
            self._crew(unit, actor, gateway_id)

    def _study(self, unit: Unit, title: str, scenario_id: int) -> None:
        """Add a study that has been made, with a report that names it."""
        study = PlanningStudy(
            kind=StudyKind.COVERAGE.value,
            title=title,
            scenario_id=scenario_id,
            inputs={},
            state=StudyState.DONE.value,
            attempts=1,
            progress_words="",
            asked_at=datetime.now(UTC),
            ended_at=datetime.now(UTC),
            asked_by="Somebody",
            asked_by_id=0,
            said="",
            files=[{"name": "report.html", "size_bytes": len(title)}],
        )
        with self.services.work.writing() as session:
            session.add(study)
            session.flush()
            study_id = study.id
        folder = StudyFolder(self.services.settings.studies_dir, study_id, 1)
        folder.out.mkdir(parents=True)
        (folder.out / "report.html").write_text(title)
        unit.keep("study", study_id)

    def _layer(self, unit: Unit, mark: Callable[[str], str]) -> None:
        with self.owner.begin() as connection:
            layer_id = connection.execute(
                text("""
                    INSERT INTO layer (name, name_zh, kind, utility, fields, shapes, features,
                        bounds, source_file, version, imported_at, unit_id)
                    VALUES (:name, '', 'valves', 'gas', '{code}', 'points', 1,
                        ST_Expand(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 0.01), :file, 1,
                        now(), :unit)
                    RETURNING id
                """),
                {
                    "name": mark("layer"),
                    "file": mark("layer"),
                    "lon": self.city.at(2, 2)[0],
                    "lat": self.city.at(2, 2)[1],
                    "unit": unit.id,
                },
            ).scalar_one()
            connection.execute(
                text("""
                    INSERT INTO layer_feature (layer_id, feature, label, attributes, geom)
                    VALUES (:id, 1, :label, '{}', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
                """),
                {
                    "id": layer_id,
                    "label": mark("layer"),
                    "lon": self.city.at(2, 2)[0],
                    "lat": self.city.at(2, 2)[1],
                },
            )
        unit.keep("layer", layer_id)

    def _crew(self, unit: Unit, actor: Actor, gateway_id: int) -> int:
        made = self.services
        mark = MARK.format(next(self._numbers))
        crew_id = made.crews.add(
            actor, AddCrew(name=mark, duty=Duty.ON_DUTY, skills=("gas", "heat", "water", "power"))
        )
        self.owners[mark] = Owner("crew", crew_id, unit.id)
        unit.keep("crew", crew_id)
        lon, lat = self._somewhere()
        report = {"crew_id": crew_id, "lon": lon, "lat": lat, "fixed_at": made.clock()}
        tracker = Actor(None, "t", "t", frozenset({Role.INTEGRATION}))
        made.positions.record(tracker, ReportPositions(positions=[report]))
        secret = self.mark("contact", crew_id, unit.id)
        contact = {"gateway_id": gateway_id, "address": secret}
        made.contacts.set_of_crew(
            actor, crew_id, SetContacts.model_validate({"contacts": [contact]})
        )
        return crew_id

    def pin(self, unit: Unit, actor: Actor) -> int:
        """Pin an incident of a unit, with marks in all its texts."""
        lon, lat = self._somewhere()
        marks = [MARK.format(next(self._numbers)) for _ in range(3)]
        wanted = {
            "kind": "gas_leak",
            "lon": lon,
            "lat": lat,
            "address": marks[0],
            "description": marks[1],
            "caller_name": marks[2],
        }
        found = self.services.incidents.create(actor, CreateIncident.model_validate(wanted))["id"]
        for mark in marks:
            self.owners[mark] = Owner("incident", found, unit.id)
        return unit.keep("incident", found)

    def send(self, unit: Unit, actor: Actor, incident_id: int, crew_id: int) -> int:
        """Send a crew."""
        sent, _ = self.services.sending.send(
            actor, incident_id, SendCrew(crew_id=crew_id, radius_m=100_000, queue=True)
        )
        self.asked.add((incident_id, crew_id))
        return unit.keep("assignment", sent["id"])

    def _work(self, unit: Unit, actor: Actor) -> None:
        """Let a unit's crews work, with everything that comes of it."""
        made = self.services
        first, second = unit.rows["crew"]
        incident_id = self.pin(unit, actor)

        def mark() -> str:
            return self.mark("incident", incident_id, unit.id)

        order = self.send(unit, actor, incident_id, first)
        for step in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
            made.assignments.act(actor, order, step, step_for(step))
        made.notes.add(actor, incident_id, AddNote(words=mark()))
        made.messages.send(actor, incident_id, SendMessage(words=mark()))
        made.reports.add(
            actor, incident_id, AddReport(channel="call", words=mark(), caller_name=mark())
        )
        photo, _ = made.photos.add(actor, incident_id, AddPhoto(photo=_PHOTO, caption=mark()))
        unit.keep("photo", photo["id"])
        film = AddRecording(recording=WEBM, kind=RecordingKind.VIDEO)
        unit.keep("recording", made.recordings.add(actor, incident_id, film)[0]["id"])
        signed = {"signer_name": mark(), "strokes": "M1 1L2 2", "width": 9, "height": 9}
        made.signatures.add(actor, order, AddSignature.read(signed))
        wanted = AskHelp.model_validate({"what": "cordon", "words": mark()})
        unit.keep("help", made.help_requests.ask(actor, first, wanted)["id"])
        if self.dice.random() < 0.5:
            unit.keep("sos", made.sos.raise_sos(actor, first, RaiseSos())["id"])
        call, _ = made.roll_calls.ask(actor, AskAllCrews(incident_id=incident_id))
        unit.keep("roll_call", call["id"])
        waiting = self.pin(unit, actor)
        offer, _ = made.offers.make(
            actor, waiting, MakeOffer(crew_ids=[second], accept_within_s=300.0)
        )
        self.asked.add((waiting, second))
        unit.keep("offer", offer["id"])
        third = self._crew(unit, actor, unit.rows["gateway"][0])
        lon, lat = self._somewhere()
        words = {"place": self.mark("move_up", third, unit.id)}
        words["reason"] = self.mark("move_up", third, unit.id)
        asked, _ = made.move_ups.ask(
            actor, AskMoveUp.model_validate({"crew_id": third, "lon": lon, "lat": lat, **words})
        )
        unit.keep("move_up", asked["id"])
        over = self.pin(unit, actor)
        ended = self.send(unit, actor, over, second)
        for step in (Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE):
            made.assignments.act(actor, ended, step, step_for(step))

    def _share_within_companies(self) -> None:
        """Send crews of stations to incidents of their company and of its other stations."""
        for company in [each for each in self.units.values() if each.kind is UnitKind.COMPANY]:
            inside = [self.units[each] for each in sorted(self.below(company.id))]
            with self.at(company.id) as actor:
                for unit in inside[1:]:
                    other = self.dice.choice(inside)
                    if other is not unit:
                        incident_id = self.pin(company, actor)
                        self.send(company, actor, incident_id, unit.rows["crew"][2])
                        self.send(company, actor, incident_id, other.rows["crew"][2])

    def _lend_across(self) -> None:
        """Lend a crew from each company to a unit of another, and send it there."""
        companies = [each for each in self.units.values() if each.kind is UnitKind.COMPANY]
        for number, lender in enumerate(companies):
            there = self.dice.choice(
                sorted(self.below(companies[(number + 1) % len(companies)].id))
            )
            with self.at(lender.id) as actor:
                crew_id = self._crew(lender, actor, lender.rows["gateway"][0])
                # What it did before is nobody's but the lender's.
                before = self.pin(lender, actor)
                self.send(lender, actor, before, crew_id)
            loan_id = self.lend(lender, self.units[there], crew_id)
            borrower = self.units[there]
            borrower.keep("loan", loan_id)
            with self.at(there) as actor:
                incident_id = self.pin(borrower, actor)
                self.send(borrower, actor, incident_id, crew_id)

    def lend(self, lender: Unit, borrower: Unit, crew_id: int) -> int:
        """Lend a crew."""
        now = self.services.clock()
        with self.at(borrower.id) as actor:
            loan = self.services.loans.ask(
                actor,
                AskForCrew(
                    lender_id=lender.id, until_at=now + timedelta(hours=4), words="to help out"
                ),
            )
        with self.at(lender.id) as actor:
            self.services.loans.agree(actor, loan["id"], AgreeToLend(crew_id=crew_id))
        self.lent[crew_id] = borrower.id
        return loan["id"]

    def _somewhere(self) -> tuple[float, float]:
        return self.city.at(self.dice.uniform(0.5, 3.5), self.dice.uniform(0.5, 3.5))

    @staticmethod
    def _corner(lon: float, lat: float, right: int, up: int) -> list[float]:
        return [lon + right * 0.001, lat + up * 0.001]

    def ids(self, table: str) -> dict[int, int]:
        """Return the rows of a table, and whose each is."""
        return {row: unit.id for unit in self.units.values() for row in unit.rows.get(table, ())}
