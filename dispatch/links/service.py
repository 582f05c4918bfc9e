"""Public links: made, opened by whoever has one, given an end, and revoked."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Row
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.scope import Scope
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.links.models import PublicLink
from dispatch.links.states import LinkPurpose
from dispatch.links.tokens import digest_of
from dispatch.links.tokens import new_token
from dispatch.links.types import Link

_OPEN: Final = text("SELECT * FROM open_public_link(:digest, :purpose, :now)")


class LinkService:
    """What can be asked of public links."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def make(
        self,
        session: Session,
        purpose: LinkPurpose,
        *,
        incident_id: int,
        assignment_id: int | None = None,
        report_id: int | None = None,
        expires_at: datetime | None,
        made_by: str = "",
    ) -> str:
        """Make a link within a transaction and return its token, which is known this once.

        Parameters
        ----------
        assignment_id, report_id
            Of which order, or whose telling, it is; for whoever made it.
        expires_at
            When it ends; None if that will be said later (`end_at`).
        made_by
            Whose doing it was; empty for the program's own.
        """
        return self.make_row(
            session,
            purpose,
            incident_id=incident_id,
            assignment_id=assignment_id,
            report_id=report_id,
            expires_at=expires_at,
            made_by=made_by,
        )[1]

    def make_row(
        self,
        session: Session,
        purpose: LinkPurpose,
        *,
        incident_id: int,
        assignment_id: int | None = None,
        report_id: int | None = None,
        expires_at: datetime | None,
        made_by: str = "",
    ) -> tuple[int, str]:
        """Make a link as `make` does; return its id, for rows that refer to it, and its token."""
        token = new_token()
        row = PublicLink(
            purpose=purpose.value,
            token_digest=digest_of(token),
            incident_id=incident_id,
            assignment_id=assignment_id,
            report_id=report_id,
            made_at=self._clock(),
            made_by=made_by,
            expires_at=expires_at,
        )
        session.add(row)
        session.flush()
        return row.id, token

    def open(self, token: str, purpose: LinkPurpose) -> Link:
        """Return what a token opens, for nobody who is signed in; it is counted.

        One question to the database, whatever the token is: an unknown one takes as long as any.

        Raises
        ------
        NotFound
            If there is no such link of this purpose, or it has ended or was revoked: the same.
        """
        asked = {"digest": digest_of(token), "purpose": purpose.value, "now": self._clock()}
        rows = self._work.ask(_OPEN, asked)
        if not rows:
            raise NotFound.thing("link", "")
        return _link(rows[0])

    def end_at(
        self,
        session: Session,
        purpose: LinkPurpose,
        incident_ids: Collection[int],
        expires_at: datetime | None,
    ) -> None:
        """Say when the links of incidents end; None as long as that is not known again."""
        session.execute(
            update(PublicLink)
            .where(
                PublicLink.purpose == purpose.value,
                PublicLink.incident_id.in_(incident_ids),
                PublicLink.revoked_at.is_(None),
            )
            .values(expires_at=expires_at)
        )

    def revoke(
        self,
        session: Session,
        purpose: LinkPurpose,
        *,
        incident_id: int | None = None,
        assignment_id: int | None = None,
        report_id: int | None = None,
    ) -> int:
        """Have all links of a purpose for something lead nowhere; return how many did until now.

        Raises
        ------
        ValueError
            If it is not said for what.
        """
        about = {
            PublicLink.incident_id: incident_id,
            PublicLink.assignment_id: assignment_id,
            PublicLink.report_id: report_id,
        }
        wanted = [column == value for column, value in about.items() if value is not None]
        if not wanted:
            message = "say which links are to be revoked"
            raise ValueError(message)
        revoked = session.scalars(
            update(PublicLink)
            .where(PublicLink.purpose == purpose.value, PublicLink.revoked_at.is_(None), *wanted)
            .values(revoked_at=self._clock())
            .returning(PublicLink.id)
        )
        return len(revoked.all())


def _link(row: Row[tuple[object, ...]]) -> Link:
    return Link(
        id=row.link_id,
        purpose=LinkPurpose(row.purpose),
        incident_id=row.incident_id,
        assignment_id=row.assignment_id,
        report_id=row.report_id,
        expires_at=row.expires_at,
        scope=Scope(
            units=tuple(row.units),
            above=tuple(row.above),
            crews=tuple(row.crews),
            home=row.unit_id,
            everything=row.everything,
        ),
    )
