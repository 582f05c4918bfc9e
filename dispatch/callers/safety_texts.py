"""The words that tell callers how to stay safe: as shipped, or a company's own for a kind."""

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.callers.models import SafetyText
from dispatch.callers.safety_words import shipped_for
from dispatch.callers.types import ChangeSafetyText
from dispatch.callers.types import SafetyTextAnswer
from dispatch.callers.types import SafetyTextsAnswer
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import IncidentKind


class SafetyTextService:
    """What can be asked of these words."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor) -> SafetyTextsAnswer:
        """Return the words for callers of each kind."""
        actor.require(Permission.INCIDENT_READ)
        query = (
            select(IncidentKind, SafetyText)
            .outerjoin(SafetyText, SafetyText.kind == IncidentKind.code)
            .order_by(IncidentKind.sort)
        )
        with self._work.reading() as session:
            rows = session.execute(query).all()
        return {"texts": [_view(kind, own) for kind, own in rows]}

    def change(self, actor: Actor, kind: str, wanted: ChangeSafetyText) -> SafetyTextAnswer:
        """Set the words for callers of a kind; without any they are as shipped again.

        A language that is left out keeps the words that it has.

        Raises
        ------
        NotFound
            If there is no such kind.
        """
        actor.require(Permission.KIND_WRITE)

        def work(session: Session) -> SafetyTextAnswer:
            now = self._clock()
            found = session.get(IncidentKind, kind)
            if found is None:
                raise NotFound.thing("kind", kind)
            if wanted.words_en is None and wanted.words_zh is None:
                session.execute(delete(SafetyText).where(SafetyText.kind == kind))
                own = None
            else:
                shipped = shipped_for(found.utility)
                values = {
                    "words_en": wanted.words_en or shipped.en,
                    "words_zh": wanted.words_zh or shipped.zh,
                    "updated_at": now,
                    "updated_by": actor.display_name,
                }
                session.execute(
                    insert(SafetyText)
                    .values(kind=kind, **values)
                    .on_conflict_do_update(index_elements=["kind"], set_=values)
                )
                own = session.get_one(SafetyText, kind, populate_existing=True)
            data = {"kind": kind}
            events.append(session, EventKind.SAFETY_TEXT_CHANGED, actor, at=now, data=data)
            return _view(found, own)

        return self._work.run(work)


def _view(kind: IncidentKind, own: SafetyText | None) -> SafetyTextAnswer:
    shipped = shipped_for(kind.utility)
    return {
        "kind": kind.code,
        "name_en": kind.name_en,
        "name_zh": kind.name_zh,
        "utility": kind.utility,
        "words_en": shipped.en if own is None else own.words_en,
        "words_zh": shipped.zh if own is None else own.words_zh,
        "own": own is not None,
    }
