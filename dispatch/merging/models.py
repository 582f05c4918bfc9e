"""The tables of merges and of calls back."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class IncidentMerge(Base):
    """One merge of an incident into another; it stands until it is taken back.

    ``incident.merged_into`` names where an incident leads to in the end; these rows say by which
    steps, so that each can be taken back by itself.
    """

    __tablename__ = "incident_merge"
    __table_args__ = (
        Index(
            "uq_incident_merge_standing",
            "incident_id",
            unique=True,
            postgresql_where=text("unmerged_at IS NULL"),
        ),
        Index("ix_incident_merge_into_id", "into_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    into_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    """What it was merged into, which may have been merged further since."""
    merged_at: Mapped[datetime] = mapped_column(INSTANT)
    merged_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    orders_moved: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    """Live orders that went over with it."""
    orders_withdrawn: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    unmerged_at: Mapped[datetime | None] = mapped_column(INSTANT)
    unmerged_by: Mapped[str | None] = mapped_column(Text)


class ReportCallBack(Base):
    """Whether somebody called back who reported something; at most one row for a report."""

    __tablename__ = "report_call_back"
    __table_args__ = (Index("ix_report_call_back_incident_id", "incident_id"),)

    report_id: Mapped[int] = mapped_column(
        ForeignKey("incident_report.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    """The report's own, for erasing."""
    called_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """None: the tick was taken away again."""
    called_by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
