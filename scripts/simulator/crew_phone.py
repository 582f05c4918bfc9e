"""The phone of a simulated crew: signs of an open page, notices confirmed, all well when asked."""

from scripts.simulator.console_client import Console
from scripts.simulator.console_client import Credentials
from scripts.simulator.plan import Sight

_SIGN_EVERY_S = 15.0
_LOOK_EVERY_S = 4.0
_WELL_EVERY_S = 10.0
_LOOKS_FOR_S = 60.0
"""How long after its last order a crew may still be told something of it."""


class CrewPhone:
    """What a crew's page does by itself, and the one button that needs no thought."""

    def __init__(self, crew_id: int, account: Credentials, console: Console) -> None:
        self._path = f"/crews/{crew_id}"
        self._device = f"simulator-{crew_id}"
        self._account = account
        self._console = console
        self._open = False
        self._signed_at_s = -_SIGN_EVERY_S
        self._looked_at_s = 0.0
        self._asked_at_s = 0.0
        self._had_orders_at_s: float | None = None

    async def beat(self, sight: Sight, now_s: float) -> None:
        """Give a sign if one is due, and confirm what the crew was told some seconds ago."""
        if sight.human:
            # The person's own page speaks for the crew from now on.
            if self._open:
                await self._sign("closed")
            self._open, self._signed_at_s = False, now_s - _SIGN_EVERY_S
            return
        if now_s - self._signed_at_s >= _SIGN_EVERY_S:
            await self._sign("open")
            self._open, self._signed_at_s = True, now_s
        if sight.orders:
            self._had_orders_at_s = now_s
        await self._confirm(now_s)
        await self._say_well(sight, now_s)

    async def _sign(self, page: str) -> None:
        body = {"device": self._device, "page": page, "sound": True}
        await self._console.put(self._account, f"{self._path}/reach", body)

    async def _say_well(self, sight: Sight, now_s: float) -> None:
        """Say that all is well, if the desk asked or a check-in is due."""
        if sight.duty == "off_duty" or now_s - self._asked_at_s < _WELL_EVERY_S:
            return
        self._asked_at_s = now_s
        safety = await self._console.get(self._account, f"{self._path}/safety")
        due = any(each["state"] != "well" for each in safety["check_ins"])
        if due or safety["roll_calls"]:
            await self._console.post(self._account, f"{self._path}/check-in", {})

    async def _confirm(self, now_s: float) -> None:
        had_at_s = self._had_orders_at_s
        if had_at_s is None or now_s - had_at_s > _LOOKS_FOR_S:
            return
        if now_s - self._looked_at_s < _LOOK_EVERY_S:
            return
        self._looked_at_s = now_s
        told = await self._console.get(self._account, f"{self._path}/notices")
        for notice in told["notices"]:
            await self._console.post(self._account, f"/notices/{notice['id']}/understood", {})
