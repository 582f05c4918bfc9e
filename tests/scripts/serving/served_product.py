"""The product as `nearcrew serve` runs it, seen from outside."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

from scripts.cluster import private_cluster as cluster
from scripts.cluster.cluster_layout import find_layout
from scripts.serving.serving_record import read_records

_LATELY = "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > now() - interval '2 s'"


def unused_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Serving:
    """A running `nearcrew serve`, in a state folder of its own."""

    var_dir: Path
    port: int
    log: Path

    def __post_init__(self) -> None:
        """Start it."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("NEARCREW")}
        own = {"NEARCREW_VAR": str(self.var_dir), "NEARCREW_PORT": str(self.port)}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scripts.cli", "serve"],
                env={**env, **own, "NEARCREW_WORKERS": "1"},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def works(self) -> bool:
        """Return whether a request gets through to the database: a token is looked up there."""
        assert self.process.poll() is None, self.said()
        url = f"http://127.0.0.1:{self.port}/api/v1/crews"
        try:
            answer = httpx.get(url, headers={"Authorization": "Bearer nobody's"}, timeout=5)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.UNAUTHORIZED

    def pid_of(self, name: str) -> int:
        """Return the process of a child; 0 while there is none."""
        assert self.process.poll() is None, self.said()
        for record in read_records(self.var_dir):
            if record.pid == self.process.pid and name in record.children:
                return record.children[name].pid or 0
        return 0

    def said(self) -> str:
        """Return what it has said."""
        return self.log.read_text(encoding="utf-8")

    def runs_jobs(self) -> bool:
        """Return whether a job worker has reported lately."""
        urls = cluster.ClusterUrls(find_layout(self.var_dir).fresh_socket_dir())
        with urls.connect(cluster.DATABASE) as connection:
            return connection.execute(_LATELY).fetchone() == (1,)
