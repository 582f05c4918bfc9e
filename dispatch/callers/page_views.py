"""Callers' pages as the desk sees them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.callers.models import CallerPage
from dispatch.callers.states import SmsState
from dispatch.callers.types import CallerPageAnswer
from dispatch.callers.types import CallerPlaceAnswer
from dispatch.core.instants import instant
from dispatch.links.models import PublicLink
from dispatch.links.states import LinkPurpose


def pages_of(
    session: Session, now: datetime, incident_ids: Collection[int]
) -> list[CallerPageAnswer]:
    """Return the pages of the callers of incidents, by report."""
    rows = session.execute(_pages(now).where(CallerPage.incident_id.in_(incident_ids)))
    return [_view(row) for row in rows]


def page_of(session: Session, now: datetime, report_id: int) -> CallerPageAnswer:
    """Return the page of one report."""
    return _view(session.execute(_pages(now).where(CallerPage.report_id == report_id)).one())


def place_view(page: CallerPage) -> CallerPlaceAnswer | None:
    """Return where a caller said that he is; None if he did not."""
    if page.here_at is None:
        return None
    return {
        "report_id": page.report_id,
        "lon": page.here_lon,
        "lat": page.here_lat,
        "words": page.here_words,
        "said_at": instant(page.here_at),
    }


def _pages(now: datetime) -> Select[*tuple[Any, ...]]:
    lives = and_(
        PublicLink.revoked_at.is_(None),
        or_(PublicLink.expires_at.is_(None), PublicLink.expires_at > now),
    )
    return (
        select(
            CallerPage,
            func.count(PublicLink.id).filter(lives).label("links"),
            func.coalesce(func.sum(PublicLink.opened_count), 0).label("opened"),
            func.max(PublicLink.last_opened_at).label("last_opened_at"),
            func.max(PublicLink.expires_at).filter(lives).label("expires_at"),
        )
        .outerjoin(
            PublicLink,
            and_(
                PublicLink.report_id == CallerPage.report_id,
                PublicLink.purpose == LinkPurpose.CALLER.value,
            ),
        )
        .group_by(CallerPage.report_id)
        .order_by(CallerPage.report_id)
        .execution_options(populate_existing=True)
    )


def _view(row: Any) -> CallerPageAnswer:  # noqa: ANN401  (a row of `_pages`)
    page: CallerPage = row.CallerPage
    return {
        "report_id": page.report_id,
        "incident_id": page.incident_id,
        "language": "zh" if page.language == "zh" else "en",
        "made_at": instant(page.made_at),
        "made_by": page.made_by,
        "sms_state": SmsState(page.sms_state),
        "sms_failure": page.sms_failure,
        "sms_at": instant(page.sms_at),
        "links": row.links,
        "opened_count": row.opened,
        "last_opened_at": instant(row.last_opened_at),
        "expires_at": instant(row.expires_at),
        "place": place_view(page),
        "rating": page.rating,
        "rating_words": page.rating_words,
        "rated_at": instant(page.rated_at),
        "call_back_asked_at": instant(page.call_back_asked_at),
    }
