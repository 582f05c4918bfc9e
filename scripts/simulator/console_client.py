"""HTTP client of the console for simulated crews."""

from dataclasses import dataclass
from dataclasses import field
from typing import Any

import httpx

_TIMEOUT_S = 10.0
_CONNECTIONS = 32
_SERVER_FAULT = 500


class ConsoleUnreachableError(Exception):
    """The console does not answer, or answers that it is unavailable."""


class RefusedError(Exception):
    """The console refused a request: ``code`` is the reason, ``retry_after_s`` when to retry."""

    def __init__(self, status: int, code: str, retry_after_s: float) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s


@dataclass(slots=True)
class Credentials:
    """Credentials of a user."""

    username: str
    password: str
    token: str | None = field(default=None, repr=False)


class Console:
    """The HTTP API of a running console, over a few connections that all crews share."""

    def __init__(self, url: str, *, verify: bool = True) -> None:
        """Prepare the client; no request is made yet.

        Parameters
        ----------
        url
            Such as ``http://127.0.0.1:8000``.
        verify
            Whether an https certificate must be signed by somebody this machine knows.
        """
        limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS)
        self._client = httpx.AsyncClient(
            base_url=f"{url}/api/v1",
            timeout=_TIMEOUT_S,
            limits=limits,
            verify=verify,
            trust_env=False,  # a company's proxy has no business between us and this machine
        )

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    async def get(self, who: Credentials, path: str, **query: str) -> dict[str, Any]:
        """Ask for something."""
        return await self._as(who, "GET", path, params=query)

    async def post(self, who: Credentials, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Do something."""
        return await self._as(who, "POST", path, json=body)

    async def put(self, who: Credentials, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Say how something is."""
        return await self._as(who, "PUT", path, json=body)

    async def _as(self, who: Credentials, method: str, path: str, **content: Any) -> dict[str, Any]:  # noqa: ANN401  (handed on)
        """Send a request with a token, signing in first where there is none or it has expired.

        Raises
        ------
        UnreachableError
            If nobody answers, or the server is at fault.
        RefusedError
            For everything else that is not what was asked for.
        """
        if who.token is None:
            await self._sign_in(who)
        try:
            return await self._send(method, path, headers=_bearer(who), **content)
        except RefusedError as refusal:
            if refusal.status != httpx.codes.UNAUTHORIZED:
                raise
        await self._sign_in(who)
        return await self._send(method, path, headers=_bearer(who), **content)

    async def _sign_in(self, who: Credentials) -> None:
        body = {"username": who.username, "password": who.password}
        answer = await self._send("POST", "/login", json=body)
        who.token = answer["token"]

    async def _send(self, method: str, path: str, **content: Any) -> dict[str, Any]:  # noqa: ANN401  (handed on)
        try:
            answer = await self._client.request(method, path, **content)
        except httpx.TransportError as error:
            raise ConsoleUnreachableError(str(error)) from error
        if answer.status_code >= _SERVER_FAULT:
            message = f"the console answers {answer.status_code}"
            raise ConsoleUnreachableError(message)
        try:
            told: dict[str, Any] = answer.json()
        except ValueError as error:
            message = "the console does not speak JSON"
            raise ConsoleUnreachableError(message) from error
        if not answer.is_success:
            raise RefusedError(answer.status_code, told.get("code", ""), _retry_after_s(answer))
        return told


def _bearer(who: Credentials) -> dict[str, str]:
    return {"Authorization": f"Bearer {who.token}"}


def _retry_after_s(answer: httpx.Response) -> float:
    raw = answer.headers.get("Retry-After", "")
    return float(raw) if raw.isdigit() else 1.0
