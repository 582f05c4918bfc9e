"""Two clusters and the real product: no dead standby holds it up, no fail-over loses an order."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from pathlib import Path

import httpx
import pytest

from dispatch import bootstrap
from dispatch import migrate
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.health import standby_lost_s
from dispatch.settings import Settings
from geodata.db import make_engine
from scripts.cluster import private_cluster as cluster
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.replication import FencedError
from scripts.cluster.replication import read_progress
from scripts.cluster.replication import read_replication
from scripts.cluster.server_process import processes_in
from scripts.cluster.server_start import start_detached
from scripts.serving.serving_record import read_records
from scripts.standby.creating import create_standby
from scripts.standby.promoting import promote
from scripts.standby.standby_commands import describe
from scripts.standby.standby_state import read_state
from tests.conftest import CHEAP_HASHER
from tests.conftest import PASSWORD
from tests.scripts.serving.desks import Ledger
from tests.scripts.serving.desks import add_emergencies
from tests.scripts.serving.desks import client_of_desk
from tests.scripts.serving.desks import sending
from tests.scripts.serving.served_product import Serving
from tests.scripts.serving.served_product import unused_port
from tests.waiting import PATIENCE_S
from tests.waiting import wait_until

pytestmark = [pytest.mark.postgis, pytest.mark.real_time]
SENDS = 200
_ORDERS = "SELECT incident_id, id FROM assignment WHERE incident_id = ANY (%s)"


@dataclass
class Pair:
    """A primary and its standby in two state folders, and the product that keeps both."""

    folder: Path
    serving: Serving = field(init=False)
    token: str = field(init=False)

    @property
    def first(self) -> Path:
        """State folder of the installation."""
        return self.folder / "first"

    @property
    def second(self) -> Path:
        """State folder of the standby."""
        return self.folder / "second"

    def begin(self) -> None:
        """Make both, a dispatcher, and serve."""
        urls = cluster.ensure_running(self.first)
        with urls.connect() as connection:
            # Processes are killed here, and no machine: what was written outlives them.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        migrate.upgrade(urls.owner(), cluster.APP_ROLE)
        create_standby(self.first, self.second)
        env = {"DATABASE_URL": urls.app(), "NEARCREW_VAR": str(self.first)}
        services = bootstrap.build(Settings.from_environment(env), hasher=CHEAP_HASHER)
        try:
            roles = (Role.DISPATCHER,)
            account = CreateAccount(username="dora", password=PASSWORD, roles=roles)
            dora = Actor(services.accounts.create(account), "dora", "Dora", frozenset(roles))
            self.token = services.accounts.issue_token(dora)["token"]
        finally:
            services.close()
        self.serving = Serving(self.first, unused_port(), self.folder / "serve.log")
        wait_until(self.serving.works)
        wait_until(self.is_complete)

    def is_complete(self) -> bool:
        """Return whether commits wait for the standby, and that is noted."""
        record = read_replication(self.first)
        noted = None if record is None else read_progress(record)
        if noted is None or not noted.is_synchronous:
            return False  # asked often while the machine is busy: no connection for that
        state = read_state(self.first)
        return state is not None and describe(state)[1]

    def client(self) -> httpx.Client:
        """Return a dispatcher's client."""
        return client_of_desk(self.serving.port, self.token)

    def add_emergencies(self, count: int) -> list[tuple[int, int]]:
        """Add so many incidents, each with a crew."""
        with cluster.ensure_running(self.first).connect(cluster.DATABASE) as connection:
            return add_emergencies(connection, count)

    def standby_lost_s(self) -> float:
        """Return for how long the desks are told that the standby is away."""
        engine = make_engine(cluster.ensure_running(self.first).app())
        try:
            return standby_lost_s(engine)
        finally:
            engine.dispose()

    def end(self) -> None:
        """Stop everything and remove it."""
        if hasattr(self, "serving"):
            self.serving.process.kill()
            self.serving.process.wait(PATIENCE_S)
            for record in read_records(self.first):
                for child in record.children.values():
                    if child.pid:
                        with contextlib.suppress(ProcessLookupError):
                            os.killpg(child.pid, signal.SIGKILL)
        for state_folder in (self.first, self.second):
            for pid in processes_in(state_folder / "pg"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            shutil.rmtree(find_layout(state_folder).fresh_socket_dir(), ignore_errors=True)
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Give a served product with a standby that follows."""
    made = Pair(Path(tempfile.mkdtemp(prefix="nc-")))
    made.folder.chmod(0o755)
    try:
        made.begin()
        yield made
    finally:
        made.end()


def test_a_standby_that_hangs_holds_up_no_order_and_desks_are_told_until_it_is_back(
    pair: Pair,
) -> None:
    """PostgreSQL alone would have the order wait for ever."""
    [(incident_id, crew_id)] = pair.add_emergencies(1)
    hung = processes_in(pair.second / "pg")
    for pid in hung:
        os.kill(pid, signal.SIGSTOP)
    ledger = Ledger()

    with pair.client() as client:
        ledger.send(client, incident_id, crew_id)
    told_s = pair.standby_lost_s()
    state = read_state(pair.first)
    for pid in hung:
        os.kill(pid, signal.SIGCONT)
    wait_until(pair.is_complete)

    assert ledger.orders
    assert told_s > 0
    assert state is not None
    assert state.progress is not None
    assert not state.progress.is_synchronous
    assert "standby was let go" in pair.serving.said()
    assert pair.standby_lost_s() == 0


def test_a_primary_lost_amid_sends_takes_no_acknowledged_order_with_it(pair: Pair) -> None:
    """Its disk is gone too; four desks repeat what is not answered under the same key.

    The former primary, found again, neither starts nor takes writes; made a standby, it follows.
    """
    emergencies, ledger = pair.add_emergencies(SENDS), Ledger()
    lost = pair.first / "pg"

    with sending(emergencies, ledger, pair.client) as has_sent:
        wait_until(partial(has_sent, SENDS // 2))
        wait_until(pair.is_complete)
        lost.rename(lost.with_name("pg.lost"))
        for pid in processes_in(lost.with_name("pg.lost")):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        record = promote(pair.first, accept_loss=False)
    lost.with_name("pg.lost").rename(lost)
    with pytest.raises(FencedError) as refused:
        start_detached(find_layout(pair.first))

    with cluster.ensure_running(pair.first).connect(cluster.DATABASE) as connection:
        found = connection.execute(_ORDERS, ([each for each, _ in emergencies],)).fetchall()
    assert record.primary_folder == pair.second
    assert len(ledger.orders) == SENDS
    assert ledger.in_vain.total() > 0
    assert sorted(found) == sorted(ledger.orders.items())
    assert "nearcrew standby create" in refused.value.mend
    assert (lost / "standby.signal").exists() is False

    create_standby(pair.first, None)
    wait_until(pair.is_complete)

    state = read_state(pair.first)
    assert state is not None
    assert state.record.other_folder == pair.first
