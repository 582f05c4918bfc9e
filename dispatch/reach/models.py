"""The table of the signs that crews' pages give."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from dispatch.reach.states import Device
from geodata.db import Base


class CrewReach(Base):
    """The newest signs of each crew's pages: one row a crew, written again at each sign."""

    __tablename__ = "crew_reach"

    crew_id: Mapped[int] = mapped_column(
        ForeignKey("crew.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    devices: Mapped[dict[str, Device]] = mapped_column(JSONB)
    page_until: Mapped[datetime | None] = mapped_column(INSTANT)
    sound_until: Mapped[datetime | None] = mapped_column(INSTANT)
    since: Mapped[datetime | None] = mapped_column(INSTANT)
    seen_at: Mapped[datetime | None] = mapped_column(INSTANT)


SIGNS = (
    CrewReach.page_until,
    CrewReach.sound_until,
    CrewReach.since.label("reach_since"),
    CrewReach.seen_at,
)
"""The columns of `dispatch.reach.states.Signs`, in their order, for queries that join them."""
