"""What gunicorn refuses by itself is told as problem+json."""

import json
import socket
from typing import Any

import pytest
from gunicorn import util
from gunicorn.workers import base

from scripts.serving.server_refusals import writer
from webconsole.platform import problems


def written(status: int, reason: str) -> tuple[str, dict[str, str], Any]:
    """Return what comes over the line: status line, headers and the JSON."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        writer(problems.refused_by_server)(ours, status, reason, "<b>said by the sender</b>")
        ours.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: theirs.recv(65_536), b"")).decode()
    head, _, body = said.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert int(headers["Content-Length"]) == len(body.encode())
    return first, headers, json.loads(body)


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        (400, "Bad Request", "bad_request"),
        (414, "URI Too Long", "address_too_long"),
        (431, "Request Header Fields Too Large", "headers_too_large"),
        (501, "Not Implemented", "not_implemented"),
        (599, "Whatever comes next", "http_error"),
    ],
)
def test_a_refusal_of_the_server_is_a_problem(status: int, reason: str, code: str) -> None:
    """In the shape of all others, and without what the sender said."""
    first, headers, problem = written(status, reason)

    assert first == f"HTTP/1.1 {status} {reason}"
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Connection"] == "close"
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:nearcrew:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    assert "said by the sender" not in json.dumps(problem)


def test_gunicorn_still_writes_its_refusals_where_they_are_replaced() -> None:
    """With another name there, HTML would be back and nothing would say so."""
    assert "write_error" in base.Worker.handle_error.__code__.co_names
    assert base.util is util
