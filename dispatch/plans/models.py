"""The table of response plans."""

from sqlalchemy import ForeignKey
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from geodata.db import Base


class PlanTask(Base):
    """One task of the response plan of a kind of incident."""

    __tablename__ = "plan_task"

    kind: Mapped[str] = mapped_column(
        ForeignKey("incident_kind.code"), type_=Text, primary_key=True
    )
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    level: Mapped[int] = mapped_column(Integer)
    crews: Mapped[int] = mapped_column(Integer)
    role: Mapped[str] = mapped_column(Text)
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text))
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    sort: Mapped[int] = mapped_column(Integer)
