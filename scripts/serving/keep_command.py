"""`nearcrew db keep`: keep the private cluster and its standby running, and nothing else."""

import os

from scripts.cluster.private_cluster import default_var_dir
from scripts.errors import UsageError
from scripts.serving.readiness import Readiness
from scripts.serving.serve import keep_cluster
from scripts.serving.supervisor import supervising


def keep() -> None:
    """Keep the private database and its standby running, until stopped; a service runs this."""
    if os.environ.get("DATABASE_URL"):
        message = "DATABASE_URL names a database that is kept by others."
        raise UsageError(message, mend="nearcrew serve")
    readiness = Readiness()
    with supervising(default_var_dir()) as supervisor:
        keep_cluster(supervisor, os.environ)
        readiness.tell()
        print("Keeping the database; Ctrl-C stops.", flush=True)
        supervisor.run()
        readiness.tell("STOPPING=1")
