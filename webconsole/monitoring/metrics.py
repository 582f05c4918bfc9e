"""Numbers for Prometheus.

Under gunicorn every worker counts for itself; its configuration names a directory in
``PROMETHEUS_MULTIPROC_DIR`` before this module is loaded, and any worker then answers for all.
"""

import os
import time
from collections.abc import Iterator

from flask import Flask
from flask import Response
from flask import g
from flask import request
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client import CollectorRegistry
from prometheus_client import Counter
from prometheus_client import Gauge
from prometheus_client import Histogram
from prometheus_client import generate_latest
from prometheus_client import multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from dispatch.records.photos import PhotoBacklog

_BUCKETS_S = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0)

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Anybody may make up others, and each would be a series of its own for ever."""


class Metrics:
    """What one application counts."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.request_seconds = Histogram(
            "nearcrew_http_request_seconds",
            "Time to answer a request, streams excepted.",
            ("method", "endpoint", "status"),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self.streams = Gauge(
            "nearcrew_streams",
            "Live streams open now.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self.streams_cut = Counter(
            "nearcrew_streams_cut",
            "Live streams cut off because their reader was too slow.",
            registry=self._registry,
        )
        self.unreadable_events = Counter(
            "nearcrew_unreadable_events",
            "Entries of the event log that a worker could not read and left out.",
            registry=self._registry,
        )
        self.positions = Counter(
            "nearcrew_positions",
            "Position reports by what became of them.",
            ("status",),
            registry=self._registry,
        )

    def text(self, backlog: PhotoBacklog | None) -> bytes:
        """Return all numbers, of all workers, in Prometheus' text format.

        Parameters
        ----------
        backlog
            What waits in the database, which no worker counts; None if it does not answer.
        """
        registry = self._registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry) + (_waiting(backlog) if backlog else b"")


def _waiting(backlog: PhotoBacklog) -> bytes:
    registry = CollectorRegistry()
    for name, help_text, value in (
        ("nearcrew_photos_waiting", "Photos received and not decoded yet.", backlog.count),
        (
            "nearcrew_oldest_waiting_photo_seconds",
            "How long the oldest of them has waited.",
            backlog.oldest_s,
        ),
    ):
        registry.register(_Read(name, help_text, value))
    return generate_latest(registry)


class _Read(Collector):
    """A number that was just read; a gauge would be written to a file of this worker's."""

    def __init__(self, name: str, help_text: str, value: float) -> None:
        self._family = GaugeMetricFamily(name, help_text, value)

    @override
    def collect(self) -> Iterator[Metric]:
        yield self._family


def install(app: Flask) -> Metrics:
    """Time every request of the application."""
    metrics = Metrics()

    def begin() -> None:
        g.began_s = time.perf_counter()

    def finish(response: Response) -> Response:
        began_s = g.pop("began_s", None)
        if began_s is not None and not response.is_streamed:
            metrics.request_seconds.labels(
                request.method if request.method in _METHODS else "other",
                request.endpoint or "none",
                response.status_code,
            ).observe(time.perf_counter() - began_s)
        return response

    app.before_request(begin)
    app.after_request(finish)
    return metrics


CONTENT_TYPE = CONTENT_TYPE_LATEST
