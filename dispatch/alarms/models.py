"""The table of acknowledgements."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class AlarmAcknowledgement(Base):
    """Somebody saw an alarm of an order and sees to it, for a short while.

    Rows are added and never changed; of one alarm the latest counts.
    """

    __tablename__ = "alarm_acknowledgement"
    __table_args__ = (Index("ix_alarm_acknowledgement_incident_id", "incident_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    """The order that it is about; None for an alarm about the incident itself."""
    alarm: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    acknowledged_by: Mapped[str] = mapped_column(Text)
    acknowledged_at: Mapped[datetime] = mapped_column(INSTANT)
    quiet_until: Mapped[datetime] = mapped_column(INSTANT)
