"""What systemd is told of a service that is ready."""

import os
import socket
from pathlib import Path

import pytest

from scripts.serving.readiness import Readiness


def test_systemd_is_told_once_and_children_are_not_to_tell_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gunicorn and PostgreSQL would report themselves under the same address."""
    address = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)

        readiness = Readiness()
        readiness.tell()

        assert systemd.recv(100) == b"READY=1"
    assert "NOTIFY_SOCKET" not in os.environ
    readiness.tell("STOPPING=1")  # nobody listens any more, and that is no reason to fail
    Readiness().tell()
