"""A backend that computes for ever, and so does not notice that its server is gone."""

import psycopg

from scripts.cluster.urls import ClusterUrls
from tests.waiting import wait_until

_COMPUTING = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'DO %' AND pid <> pg_backend_pid()"


def compute_for_ever(urls: ClusterUrls) -> None:
    """Compute until the server ends it."""
    with urls.connect() as connection:
        try:
            connection.execute("DO 'BEGIN LOOP END LOOP; END'")
        except psycopg.OperationalError:
            return


def wait_for_computing(urls: ClusterUrls) -> None:
    """Wait until a backend computes."""
    with urls.connect() as connection:
        wait_until(lambda: connection.execute(_COMPUTING).fetchone() is not None)
