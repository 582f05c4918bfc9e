"""No order waits unseen: not with every page closed, and not when parts are killed amid sends."""

import json
import os
import signal
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
from psycopg.rows import TupleRow

from dispatch import bootstrap
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.deliveries.types import SetContacts
from dispatch.gateways.types import AddGateway
from dispatch.settings import Settings
from scripts.cluster import private_cluster as cluster
from scripts.cluster.databases import create_statement
from scripts.cluster.databases import drop_statement
from scripts.cluster.urls import APP_ROLE
from tests.conftest import CHEAP_HASHER
from tests.conftest import PASSWORD
from tests.dispatch.deliveries.receiver import Receiver
from tests.dispatch.deliveries.receiver import receiving
from tests.scripts.serving.desks import Ledger
from tests.scripts.serving.desks import add_emergencies
from tests.scripts.serving.desks import client_of_desk
from tests.scripts.serving.desks import sending
from tests.scripts.serving.served_product import Serving
from tests.scripts.serving.served_product import unused_port
from tests.waiting import PATIENCE_S
from tests.waiting import wait_until
from tests.workers import workers_of

pytestmark = [pytest.mark.postgis, pytest.mark.real_time]
SENDS = 200
STEPS = ("ring_again", "supervisor")
EVENTS = ("assignment.offered", "assignment.rung_again", "assignment.supervisor_called")
# Shorter than anybody may set them: most orders' first steps fall due while others are sent.
_SHORT_CHAINS = "UPDATE escalation_chain SET answer_steps = %s, rounds = 1, auto_reoffer = false"
_CONTACT = """
    INSERT INTO contact (crew_id, channel, gateway_id, address, sort)
    VALUES (%s, 'gateway', (SELECT id FROM gateway WHERE name = %s), '+2', 0)
"""
_ORDERS = "SELECT incident_id, id FROM assignment WHERE incident_id = ANY (%s)"
_STEPS = (
    "SELECT assignment_id, action FROM chain_step WHERE assignment_id = ANY (%s) AND how = 'fired'"
)
_EVENTS = (
    "SELECT assignment_id, kind FROM event"
    " WHERE assignment_id = ANY (%s) AND kind LIKE 'assignment.%%'"
)
_DEADLINES = "SELECT assignment_id, how FROM deadline WHERE assignment_id = ANY (%s)"
_TOLD = (
    "SELECT assignment_id, state FROM delivery"
    " WHERE assignment_id = ANY (%s) AND role = 'supervisor'"
)
_CREW_TOLD = "SELECT channel, failure FROM delivery WHERE crew_id = ANY (%s)"
_LEFT = """
    WITH ours AS (SELECT unnest(%s) AS assignment_id)
    SELECT 1 FROM chain_step JOIN ours USING (assignment_id) WHERE done_at IS NULL
    UNION ALL
    SELECT 1 FROM delivery JOIN ours USING (assignment_id)
    WHERE role = 'supervisor' AND state = 'queued'
"""
# One that is in the middle of something, if there is one.
_BACKEND = """
    SELECT pid FROM pg_stat_activity
    WHERE usename = %s AND backend_type = 'client backend' AND datname = current_database()
    ORDER BY xact_start IS NULL, state_change DESC
"""


@dataclass(frozen=True, slots=True)
class Product:
    """The served product, its database, a dispatcher's token, and the supervisors' gateway."""

    serving: Serving
    urls: cluster.ClusterUrls
    token: str
    receiver: Receiver

    def client(self) -> httpx.Client:
        """Return a dispatcher's client."""
        return client_of_desk(self.serving.port, self.token)

    def add_emergencies(self, count: int) -> list[tuple[int, int]]:
        """Add so many incidents, each with a crew beside it; return ids of both."""
        with self.urls.connect(cluster.DATABASE) as connection:
            return add_emergencies(connection, count)

    def rows(self, query: str, ids: Iterable[int]) -> list[TupleRow]:
        """Return what the database has about incidents, orders or crews."""
        with self.urls.connect(cluster.DATABASE) as connection:
            return connection.execute(query.encode(), (list(ids),)).fetchall()

    def told(self) -> Counter[int]:
        """Return how often the supervisors' gateway was told of each order."""
        got = [json.loads(each.body) for each in self.receiver.got]
        assert {(each["to"], each["purpose"]) for each in got} <= {("+9", "supervisor")}
        return Counter(each["assignment_id"] for each in got)

    def kill_web_worker(self) -> None:
        """Kill the process that answers."""
        os.kill(workers_of(self._pid_of("web server"))[0], signal.SIGKILL)

    def kill_job_worker(self) -> None:
        """Kill the process that acts on deadlines and runs jobs."""
        os.kill(self._pid_of("job worker"), signal.SIGKILL)

    def kill_backend(self) -> None:
        """Kill a process of the database; PostgreSQL ends all others then and recovers."""
        with self.urls.connect(cluster.DATABASE) as connection:
            row = connection.execute(_BACKEND, (APP_ROLE,)).fetchone()
        assert row is not None
        os.kill(int(str(row[0])), signal.SIGKILL)

    def _pid_of(self, name: str) -> int:
        wait_until(lambda: self.serving.pid_of(name))
        return self.serving.pid_of(name)


@pytest.fixture(scope="module")
def product(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Serve a database with short chains and a gateway for supervisors."""
    urls = cluster.ensure_running(migrated)
    with urls.connect() as connection:
        connection.execute(drop_statement(cluster.DATABASE))
        connection.execute(create_statement(cluster.DATABASE, "migrated"))
    with urls.connect(cluster.DATABASE) as connection:
        steps = [{"action": action, "wait_s": 0.5} for action in STEPS]
        connection.execute(_SHORT_CHAINS, (json.dumps(steps),))
    serving = Serving(migrated, unused_port(), tmp_path_factory.mktemp("kills") / "serve.log")
    try:
        with receiving() as receiver:
            token = _set_up(urls, migrated, receiver)
            wait_until(serving.works)
            wait_until(serving.runs_jobs)
            yield Product(serving, urls, token, receiver)
    finally:
        serving.process.terminate()
        serving.process.wait(PATIENCE_S)


def _set_up(urls: cluster.ClusterUrls, var_dir: Path, receiver: Receiver) -> str:
    """Add the gateways and what supervisors are told by; return a dispatcher's token."""
    settings = Settings.from_environment({"DATABASE_URL": urls.app(), "NEARCREW_VAR": str(var_dir)})
    services = bootstrap.build(settings, hasher=CHEAP_HASHER)
    try:
        ada = Actor(None, "ada", "Ada", frozenset({Role.ADMINISTRATOR}))
        ids = {}
        for name, url in {"Closed": "http://127.0.0.1:1/", "Works": receiver.url}.items():
            wanted = {"name": name, "kind": "sms", "url": url, "secret": "a secret of the gateway"}
            ids[name] = services.gateways.add(ada, AddGateway.model_validate(wanted))["id"]
        contact = {"gateway_id": ids["Works"], "address": "+9"}
        services.contacts.set_of_supervisor(ada, SetContacts.read({"contacts": [contact]}))
        roles = (Role.DISPATCHER,)
        account = CreateAccount(username="dora", password=PASSWORD, roles=roles)
        dora = Actor(services.accounts.create(account), "dora", "Dora", frozenset(roles))
        return services.accounts.issue_token(dora)["token"]
    finally:
        services.close()


def test_a_worker_reaches_the_supervisor_when_pages_are_closed_and_the_phone_is_off(
    product: Product,
) -> None:
    """The crew's own gateway does not answer; nobody asks the server for anything meanwhile."""
    [(incident_id, crew_id)] = product.add_emergencies(1)
    with product.urls.connect(cluster.DATABASE) as connection:
        connection.execute(_CONTACT, (crew_id, "Closed"))
    ledger = Ledger()

    with product.client() as client:
        ledger.send(client, incident_id, crew_id)
    order_id = ledger.orders[incident_id]
    wait_until(lambda: product.told()[order_id])
    wait_until(lambda: ("gateway", "unreachable") in product.rows(_CREW_TOLD, [crew_id]))

    assert product.told()[order_id] == 1


def test_kills_amid_sends_lose_no_order_double_none_and_stop_no_chain(product: Product) -> None:
    """Of a web worker, the job worker and a process of the database, while four desks send.

    What is not answered is sent again under the same key. Each order is rung once more and its
    supervisor called, once.
    """
    emergencies, ledger = product.add_emergencies(SENDS), Ledger()
    kills = (product.kill_web_worker, product.kill_job_worker, product.kill_backend)

    with sending(emergencies, ledger, product.client) as has_sent:
        for number, kill in enumerate(kills, 1):
            wait_until(partial(has_sent, number * SENDS // (len(kills) + 1)))
            kill()
    order_ids = set(ledger.orders.values())
    wait_until(lambda: not product.rows(_LEFT, order_ids))

    incident_ids = [incident_id for incident_id, _ in emergencies]
    assert ledger.in_vain.total() > 0
    assert sorted(product.rows(_ORDERS, incident_ids)) == sorted(ledger.orders.items())
    assert Counter(product.rows(_STEPS, order_ids)) == _each(order_ids, *STEPS)
    assert Counter(product.rows(_DEADLINES, order_ids)) == _each(order_ids, "acted", "acted")
    assert Counter(product.rows(_EVENTS, order_ids)) == _each(order_ids, *EVENTS)
    assert Counter(product.rows(_TOLD, order_ids)) == _each(order_ids, "sent")
    assert order_ids <= product.told().keys()


def _each(order_ids: Iterable[int], *whats: str) -> Counter[tuple[int, str]]:
    """Return what each order has, as often as it is named."""
    return Counter((order_id, what) for order_id in order_ids for what in whats)
