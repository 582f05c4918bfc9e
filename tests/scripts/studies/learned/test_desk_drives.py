"""Drives of the desk's own orders."""

from datetime import timedelta

import pytest

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from geodata.roads.types import ROAD_CLASSES
from scripts.errors import DatabaseError
from scripts.studies.learned.desk_drives import read_drives
from tests.conftest import CrewYard
from tests.conftest import SettableClock
from tests.driven_orders import DrivenOrders

pytestmark = pytest.mark.postgis


def test_orders_bring_what_was_predicted_and_what_their_tracks_say(
    services: Services, dispatcher: Actor, yard: CrewYard, clock: SettableClock
) -> None:
    """Four blocks of 200 m at 5 m/s on residential roads of 10 m/s: 160 s instead of about 80."""
    since = clock() - timedelta(hours=1)
    with services.work.reading() as session, pytest.raises(DatabaseError, match="No order"):
        read_drives(session, since, "UTC")
    orders = DrivenOrders(services, dispatcher, yard)
    orders.drive(5.0)
    clock.forward(16 * 60)
    services.track_making.make()

    with services.work.reading() as session:
        drives = read_drives(session, since, "UTC")

    assert len(drives) == 1
    assert drives.actual_s.tolist() == pytest.approx([160.0])
    assert 60.0 < drives.predicted_s[0] < 110.0
    residential = drives.parts.free_s[:, ROAD_CLASSES.index("residential")]
    assert residential.sum() == pytest.approx(80.0, abs=4.0)
    assert drives.parts.actual_s.sum() == pytest.approx(160.0, rel=0.1)
    assert drives.main_class().tolist() == [ROAD_CLASSES.index("residential")]
