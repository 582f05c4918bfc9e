"""One change to many rows: all or none."""

import pytest
from sqlalchemy.orm import Session

from dispatch.bootstrap import Services
from dispatch.core import bulk
from dispatch.core.bulk import BulkRefused
from dispatch.core.errors import NotFound
from dispatch.crews.models import Station

pytestmark = pytest.mark.postgis


def test_one_refusal_undoes_all_and_every_refusal_is_named(services: Services) -> None:
    """Rows 1 and 3 could be changed; 2 and 4 cannot, so nothing is."""

    def add(session: Session, number: int) -> None:
        session.add(Station(name=f"Station {number}", point="SRID=4326;POINT(7 43)"))
        if number % 2 == 0:
            kind = "station"
            raise NotFound.thing(kind, number)

    with pytest.raises(BulkRefused) as refusal, services.work.writing() as session:
        bulk.for_each(session, (3, 1, 4, 2, 2), lambda number: add(session, number))

    assert [each.row_id for each in refusal.value.hindrances] == [2, 4]
    assert refusal.value.message() == "Nothing was changed, for 2 of the rows cannot be."
    with services.work.reading() as session:
        assert session.query(Station).count() == 0


def test_rows_that_can_be_changed_are(services: Services) -> None:
    """Each once, however often it is named."""
    with services.work.writing() as session:
        answer = bulk.for_each(
            session,
            (2, 1, 2),
            lambda number: session.add(
                Station(name=f"Station {number}", point="SRID=4326;POINT(7 43)")
            ),
        )

    assert answer == {"changed": 2}
    with services.work.reading() as session:
        assert session.query(Station).count() == 2
