"""The table of the signs that crews' pages give."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import ForeignKey
from sqlalchemy import Text
from sqlalchemy import false
from sqlalchemy.dialects.postgresql import ARRAY
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
    push: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """A phone of the crew takes pushes; kept by `dispatch.deliveries`, like the next one."""
    gateway: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """It has an address on a gateway at which something last reached somebody."""


SIGNS = (
    CrewReach.page_until,
    CrewReach.sound_until,
    CrewReach.since.label("reach_since"),
    CrewReach.seen_at,
    CrewReach.push,
    CrewReach.gateway,
)
"""The columns of `dispatch.reach.states.Signs`, in their order, for queries that join them."""


class PhoneCheck(Base):
    """What each phone of a crew last found that will not work on it."""

    __tablename__ = "phone_check"

    crew_id: Mapped[int] = mapped_column(
        ForeignKey("crew.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    device: Mapped[str] = mapped_column(Text, primary_key=True)
    """A name that the browser gave itself."""
    model: Mapped[str] = mapped_column(Text)
    checked_at: Mapped[datetime] = mapped_column(INSTANT)
    troubles: Mapped[list[str]] = mapped_column(ARRAY(Text))
