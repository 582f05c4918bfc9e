"""The tables of forms, measurements, result codes and parts."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import ForeignKey
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import false
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class Form(Base):
    """A form that crews fill in; what it asks is in its versions."""

    __tablename__ = "form"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    """The newest."""
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """Kinds of incidents that it is for; none: all."""
    sort: Mapped[int] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """Asked for no longer. Still accepted: a phone without signal may have it on the screen."""


class FormVersion(Base):
    """What a form asked from one change to the next. Added, never changed."""

    __tablename__ = "form_version"

    form: Mapped[str] = mapped_column(ForeignKey("form.code"), type_=Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    asked: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)


class Measurement(Base):
    """A form as a crew filled it in. Added, never changed."""

    __tablename__ = "measurement"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        ForeignKeyConstraint(
            ["form", "form_version"], ["form_version.form", "form_version.version"]
        ),
        Index("ix_measurement_incident_id", "incident_id"),
        Index("ix_measurement_assignment_id", "assignment_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(Text)
    """The sender's own name for it: sent again under the same one, it is kept once."""
    form: Mapped[str] = mapped_column(Text)
    form_version: Mapped[int] = mapped_column(Integer)
    taken_at: Mapped[datetime] = mapped_column(INSTANT)
    """By the crew's clock, not later than received."""
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    verdict: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    words: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Texts, which may name people: erased with those of the incident."""


class ResultCode(Base):
    """A cause or a repair that the end of an order for a kind of incident can name."""

    __tablename__ = "result_code"

    kind: Mapped[str] = mapped_column(
        ForeignKey("incident_kind.code"), type_=Text, primary_key=True
    )
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    group: Mapped[str] = mapped_column("code_group", Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    sort: Mapped[int] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column(Boolean, server_default=false())


class Part(Base):
    """Something that crews use up."""

    __tablename__ = "part"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    unit_en: Mapped[str] = mapped_column(Text, server_default="")
    unit_zh: Mapped[str] = mapped_column(Text, server_default="")
    sort: Mapped[int] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column(Boolean, server_default=false())
