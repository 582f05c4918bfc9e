"""The table of reports that were sent to customers."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class WorkReportSending(Base):
    """That the customer is sent the link to an order's report: once."""

    __tablename__ = "work_report_sending"
    __table_args__ = (Index("ix_work_report_sending_incident_id", "incident_id"),)

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    gateway_id: Mapped[int] = mapped_column(ForeignKey("gateway.id"), type_=BigInteger)
    language: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(INSTANT)
    requested_by: Mapped[str] = mapped_column(Text)
    link_id: Mapped[int | None] = mapped_column(
        ForeignKey("public_link.id", ondelete="SET NULL"), type_=BigInteger
    )
    """Made when it is sent: until then nobody knows it."""
    sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    failure: Mapped[str | None] = mapped_column(Text)
