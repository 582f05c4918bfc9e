"""The page that a caller follows: what it shows, and what can be said there, each once.

Who looks has nothing but a link. Whatever the link's scope would let be read, only the case of its
report is.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.callers import page_rows
from dispatch.callers.models import CallerPage
from dispatch.callers.page_rows import Case
from dispatch.callers.progress import Order
from dispatch.callers.progress import arrival_of
from dispatch.callers.progress import nearest
from dispatch.callers.progress import place_may_be_told
from dispatch.callers.progress import stage_of
from dispatch.callers.progress import steps_of
from dispatch.callers.rounding import about_m
from dispatch.callers.rounding import straight_m
from dispatch.callers.rules import CallerRules
from dispatch.callers.states import OVER
from dispatch.callers.states import Stage
from dispatch.callers.types import ArrivalTold
from dispatch.callers.types import CaseTold
from dispatch.callers.types import CrewTold
from dispatch.callers.types import RateCase
from dispatch.callers.types import SayWhere
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.ground.addresses import AddressLookup
from dispatch.incidents import merged_rows
from dispatch.links.types import Link
from dispatch.records.photos import PhotoService
from dispatch.records.types import AddPhoto

_NAMES: Final = {"en": "Caller", "zh": "报修人"}
_ALREADY: Final = N_("You have said this already.")
_RATED: Final = OVER | {Stage.NOT_FINISHED}


class CallerPageService:
    """What can be asked with a caller's link."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        addresses: AddressLookup,
        photos: PhotoService,
        rules: CallerRules,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._addresses = addresses
        self._photos = photos
        self._rules = rules

    def look(self, link: Link) -> CaseTold:
        """Return everything that the page shows.

        Raises
        ------
        NotFound
            If the page is not there any more.
        """
        now = self._clock()
        with self._work.reading() as session:
            case = _case(session, link)
            order = nearest(case.facts.orders)
            rough = None
            if order is not None and place_may_be_told(order):
                rough = page_rows.rough_place(session, order, now, self._rules.fresh)
            name = None
            if order is not None and self._rules.names_crews:
                name = page_rows.crew_name(session, order.crew_id)
        # The street is looked for outside the transaction, of the rounded place.
        crew = None if rough is None else self._crew(case, rough)
        return _told(case, order, now, crew, name)

    def say_where(self, link: Link, said: SayWhere) -> None:
        """Take in where the caller is, once; a photo of the spot goes to the incident's record.

        Raises
        ------
        InvalidInput
            If nothing was said, or the photo is no picture.
        Conflict
            ``said_already``; ``case_over``.
        """
        if said.lonlat is None and not said.words and not said.photo:
            raise InvalidInput.one("words", N_("say where you are, or add a photo"))
        with self._work.reading() as session:
            case = _case(session, link)
        if not _may_say_where(case):
            raise _said_already(case)
        if said.photo:
            self._photos.add(*self._photo(link, case, said, said.photo))
        lon, lat = said.lonlat or (None, None)
        values = {"here_lon": lon, "here_lat": lat, "here_words": said.words or ""}

        def work(session: Session) -> None:
            now = self._clock()
            if not _write_once(session, case, CallerPage.here_at, now, values):
                raise _said_already(case)
            self._tell(session, EventKind.CALLER_PLACED, case, now, {})

        self._work.run(work)

    def rate(self, link: Link, said: RateCase) -> None:
        """Take in how it went, once, and whether somebody is to call.

        Raises
        ------
        InvalidInput
            If nothing was said.
        Conflict
            ``said_already``; ``not_over_yet``.
        """
        if said.rating is None and not said.words and not said.call_back:
            raise InvalidInput.one("rating", N_("choose 1 to 5, or say what you think"))
        with self._work.reading() as session:
            case = _case(session, link)
        if stage_of(case.facts) not in _RATED:
            raise Conflict("not_over_yet", N_("This can be said once the crew has been there."))

        def work(session: Session) -> None:
            now = self._clock()
            values = {
                "rating": said.rating,
                "rating_words": said.words or "",
                "call_back_asked_at": now if said.call_back else None,
            }
            if not _write_once(session, case, CallerPage.rated_at, now, values):
                raise Conflict("said_already", _ALREADY)
            data = {"rating": said.rating, "call_back": said.call_back}
            self._tell(session, EventKind.CALLER_RATED, case, now, data)

        self._work.run(work)

    def _crew(self, case: Case, rough: tuple[float, float]) -> CrewTold:
        return {
            "about_m": about_m(straight_m(rough, case.lonlat)),
            "street": self._addresses.street_at(*rough),
        }

    def _photo(
        self, link: Link, case: Case, said: SayWhere, photo: bytes
    ) -> tuple[Actor, int, AddPhoto]:
        # Under one name for each picture: sent again after a refusal of the rest it is kept once.
        name = f"caller-{case.page.report_id}-{hashlib.sha256(photo).hexdigest()[:16]}"
        wanted = AddPhoto(
            photo=photo, caption=(said.words or "")[:300] or None, client_id=name,
            lon=said.lon, lat=said.lat,
        )  # fmt: skip
        return self._caller(link), case.page.incident_id, wanted

    def _caller(self, link: Link) -> Actor:
        """Return the caller as an actor: it may add to the record of what its scope shows."""
        return Actor(
            None,
            "caller",
            _NAMES[self._rules.language],
            frozenset(),
            granted=frozenset({Permission.INCIDENT_READ}),
            scope=link.scope,
        )

    def _tell(
        self,
        session: Session,
        kind: EventKind,
        case: Case,
        now: datetime,
        data: Mapping[str, object],
    ) -> None:
        there = merged_rows.leads_to(session, case.page.incident_id)
        name = _NAMES[self._rules.language]
        caller = Actor(None, "caller", name, frozenset())
        events.append(
            session,
            kind,
            caller,
            at=now,
            incident_id=there,
            data={"report_id": case.page.report_id, **data},
        )


def _case(session: Session, link: Link) -> Case:
    case = None if link.report_id is None else page_rows.read_case(session, link.report_id)
    if case is None:
        raise NotFound.thing("link", "")
    return case


def _write_once(
    session: Session,
    case: Case,
    mark: InstrumentedAttribute[datetime | None],
    now: datetime,
    values: Mapping[str, object],
) -> bool:
    """Write what was said, unless something was said before; return whether it was written."""
    written = session.execute(
        update(CallerPage)
        .where(CallerPage.report_id == case.page.report_id, mark.is_(None))
        .values({**values, mark.key: now})
        .returning(CallerPage.report_id)
    )
    return written.first() is not None


def _may_say_where(case: Case) -> bool:
    return case.page.here_at is None and stage_of(case.facts) not in OVER


def _said_already(case: Case) -> Conflict:
    if stage_of(case.facts) in OVER:
        return Conflict("case_over", N_("Nobody is on the way any more."))
    return Conflict("said_already", _ALREADY)


def _told(
    case: Case, order: Order | None, now: datetime, crew: CrewTold | None, crew_name: str | None
) -> CaseTold:
    stage, page = stage_of(case.facts), case.page
    over = stage in OVER
    return {
        "number": case.number,
        "kind_en": case.kind.name_en,
        "kind_zh": case.kind.name_zh,
        "address": case.address,
        "told_at": instant(case.facts.told_at),
        "stage": stage,
        "steps": [
            {"name": each.name, "state": each.state, "at": instant(each.at)}
            for each in steps_of(case.facts, stage)
        ],
        "arrival": _arrival(order, now),
        "crew": crew,
        "crew_name": crew_name,
        "joined": case.joined,
        "repair_due_at": instant(case.repair_due_at) if stage is Stage.MADE_SAFE else None,
        "safety_en": case.safety.en,
        "safety_zh": case.safety.zh,
        "over": over,
        "language": "zh" if page.language == "zh" else "en",
        "may_say_where": _may_say_where(case),
        "where_said": page.here_at is not None,
        "may_rate": page.rated_at is None and stage in _RATED,
        "rating": page.rating,
        "call_back_asked": page.call_back_asked_at is not None,
    }


def _arrival(order: Order | None, now: datetime) -> ArrivalTold | None:
    found = arrival_of(order, now)
    if found is None:
        return None
    return {
        "note": found.note,
        "from_at": instant(found.from_at),
        "until_at": instant(found.until_at),
    }
