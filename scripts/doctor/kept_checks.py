"""What is kept: positions, photos, personal data; what should have gone, and what waits."""

from collections.abc import Iterator
from datetime import date

import psycopg

from dispatch.settings import Settings
from scripts.doctor.findings import Finding
from scripts.doctor.findings import good
from scripts.doctor.findings import odd

LATE_PHOTO_S = 300.0
MANY_WAITING = 100
_OVERDUE_DAYS = 2
"""A day that is dropped one after it may be, and an hourly job that may have been an hour ago."""
_WORKER = "nearcrew worker, beside `nearcrew serve`, does that every hour"
_OLDEST_POSITION = """
    SELECT min(to_date(right(part.relname, 8), 'YYYYMMDD')),
        coalesce(sum(pg_total_relation_size(part.oid)), 0)::bigint,
        (now() AT TIME ZONE 'UTC')::date
    FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid
    WHERE inhparent = 'position_report'::regclass AND part.relname ~ '^position_report_[0-9]{8}$'
"""
_PHOTOS = """
    SELECT count(*) FILTER (WHERE state = 'shown'), coalesce(sum(size_bytes), 0)::bigint,
        count(*) FILTER (WHERE state <> 'erased'
            AND received_at < now() - make_interval(days => %s))
    FROM photo
"""
_WAITING = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(received_at)), 0)::float8
    FROM photo WHERE state = 'received'
"""
_PERSONAL = """
    SELECT count(*) FROM incident
    WHERE erased_at IS NULL AND closed_at < now() - make_interval(days => %s)
"""
Connection = psycopg.Connection[tuple[object, ...]]


def examine(connection: Connection, settings: Settings) -> Iterator[Finding]:
    """Yield what is kept of positions, photos and persons, and what should be gone."""
    yield _positions(connection, settings.history_days)
    yield _photos(connection, settings.photo_days)
    yield from _waiting_photos(connection)
    yield _personal_data(connection, settings.personal_data_days)


def _positions(connection: Connection, days: int) -> Finding:
    oldest, size_bytes, today = _row(connection, _OLDEST_POSITION)
    if not isinstance(oldest, date) or not isinstance(today, date):
        return good("No positions are kept yet.")
    sentence = (
        f"Positions are kept since {oldest:%Y-%m-%d} ({_megabytes(size_bytes)}), for {days} days."
    )
    if (today - oldest).days > days + _OVERDUE_DAYS:
        return odd(sentence, f"Older ones are to be dropped: {_WORKER}.")
    return good(sentence)


def _photos(connection: Connection, days: int) -> Finding:
    shown, size_bytes, overdue = _row(connection, _PHOTOS, days)
    sentence = f"{shown} photos are kept ({_megabytes(size_bytes)}), for {days} days each."
    if overdue:
        return odd(f"{sentence} {overdue} are older.", f"They are to be erased: {_WORKER}.")
    return good(sentence)


def _waiting_photos(connection: Connection) -> Iterator[Finding]:
    count, oldest_s = _row(connection, _WAITING)
    waiting, late_s = int(str(count)), float(str(oldest_s))
    if late_s > LATE_PHOTO_S or waiting > MANY_WAITING:
        yield odd(
            f"{waiting} photos wait to be checked, the oldest for {late_s / 60:.0f} minutes.",
            "They are shown once a job worker has decoded them: nearcrew worker",
        )


def _personal_data(connection: Connection, days: int) -> Finding:
    (overdue,) = _row(connection, _PERSONAL, days)
    sentence = f"Callers and notes of ended incidents are kept for {days} days."
    if overdue:
        older = f"{sentence} {overdue} incidents are older."
        return odd(older, f"What is personal is to be erased: {_WORKER}.")
    return good(sentence)


def _row(connection: Connection, asked: str, *parameters: int) -> tuple[object, ...]:
    row = connection.execute(asked, parameters).fetchone()
    assert row is not None  # noqa: S101  (all of them count: there is one row)
    return row


def _megabytes(size_bytes: object) -> str:
    return f"{int(str(size_bytes)) / 1e6:.1f} MB"
