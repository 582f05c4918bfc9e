"""What comes of posting something to another server, and how it is posted: never for long.

Whoever posts is a job worker with other work, and the other side may hang, trickle or redirect.
"""

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Final
from typing import NamedTuple

import httpx

from dispatch.deliveries.states import Failure

_MOST_READ: Final = 2_000
"""Bytes of an answer that are looked at."""


class Outcome(NamedTuple):
    """What came of one attempt: handed over, or why not."""

    failure: Failure | None = None
    detail: str | None = None
    """What the other side said: a status."""


HANDED_OVER: Final = Outcome()


async def post(
    url: str, body: bytes, headers: Mapping[str, str], *, within_s: float, by_proxy: bool
) -> Outcome:
    """Post once and return what came of it; whatever goes wrong is an outcome, too.

    Parameters
    ----------
    within_s
        Seconds for all of it: finding the host, connecting, sending, the answer.
    by_proxy
        Whether the proxies that the environment names are used, as for hosts on the internet.
    """
    client = httpx.AsyncClient(
        timeout=within_s, follow_redirects=False, trust_env=by_proxy, verify=_certificates()
    )
    try:
        async with (
            asyncio.timeout(within_s),
            client,
            client.stream("POST", url, content=body, headers=dict(headers)) as answer,
        ):
            await _read_a_little(answer)
            return _outcome(answer.status_code)
    except (TimeoutError, httpx.TimeoutException):
        return Outcome(Failure.TIMED_OUT)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
        return Outcome(Failure.UNREACHABLE, type(error).__name__)


@cache
def _certificates() -> ssl.SSLContext:
    """Return the authorities that are trusted: read once, for it takes longer than a post."""
    return httpx.create_ssl_context()


async def _read_a_little(answer: httpx.Response) -> None:
    """Read the answer's beginning, so that a server that writes one is not cut short."""
    read = 0
    async for chunk in answer.aiter_raw():
        read += len(chunk)
        if read >= _MOST_READ:
            return


def _outcome(status: int) -> Outcome:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return HANDED_OVER
    detail = str(status)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Outcome(Failure.REDIRECTED, detail)
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return Outcome(Failure.OVERLOADED, detail)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return Outcome(Failure.GONE, detail)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome(Failure.REFUSED, detail)
    return Outcome(Failure.BROKEN, detail)
