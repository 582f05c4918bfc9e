"""Which processes a large study runs in: this one, some on this machine, or a Dask cluster."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client


@dataclass(frozen=True, slots=True)
class Processes:
    """Where the searches run; the results are the same everywhere.

    Attributes
    ----------
    workers
        So many processes on this machine; 0: no others.
    cluster
        Address of a Dask scheduler, ``tcp://HOST:PORT`` or ``tls://…``, instead. Its workers need
        this program, and the study's folder under the same path.
    connect_s
        How long to wait for its answer.
    """

    workers: int = 0
    cluster: str | None = None
    connect_s: float = 20.0

    @contextmanager
    def connected(self) -> Iterator["Client | None"]:
        """Start the processes, or connect to the cluster; None where there are no others.

        On this machine nothing listens beyond 127.0.0.1, and connections need a certificate that
        lives as long as the study: Dask runs whatever code it is sent, also by the machine's other
        accounts.

        Raises
        ------
        UsageError
            If nothing answers at the address.
        """
        if self.cluster is not None:
            with _client_at(self.cluster, self.connect_s) as client:
                yield client
        elif self.workers:
            with _on_this_machine(self.workers) as client:
                yield client
        else:
            yield None


@contextmanager
def _client_at(address: str, timeout_s: float) -> Iterator["Client"]:
    from distributed import Client  # noqa: PLC0415 - a second, for studies in processes only

    try:
        client = Client(address, timeout=timeout_s, set_as_default=False)
    except (OSError, ValueError) as error:  # a refused connection, a strange address
        message = f"No Dask scheduler answers at {address}."
        raise UsageError(message, mend="dask scheduler --host 127.0.0.1") from error
    with client:
        yield client


@contextmanager
def _on_this_machine(workers: int) -> Iterator["Client"]:
    from distributed import Client  # noqa: PLC0415 - a second, for studies in processes only
    from distributed import LocalCluster  # noqa: PLC0415

    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            # None would serve on a port of its own choice, ":0" to the whole network.
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
            # The mapped network counts as a worker's memory: at a limit each would be killed.
            memory_limit=0,
            security=True,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client
