"""Pledges and shipped examples as rows, and as the API shows them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from typing import cast

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.instants import instant
from dispatch.pledge_clocks.models import PledgeClock
from dispatch.pledges.models import Pledge
from dispatch.pledges.pledges_in_force import DEFAULT_CALENDAR
from dispatch.pledges.presets import Preset
from dispatch.pledges.states import DayKind
from dispatch.pledges.states import PauseReason
from dispatch.pledges.states import StartEvent
from dispatch.pledges.states import StopEvent
from dispatch.pledges.states import WeatherClass
from dispatch.pledges.types import PledgeAnswer
from dispatch.pledges.types import PresetAnswer
from dispatch.pledges.types import clock_words
from dispatch.pledges.types import minutes


def verdict_counts(session: Session, since: datetime) -> dict[int, dict[str, int]]:
    """Return how many clocks were decided since an instant, by pledge and verdict."""
    query = (
        select(PledgeClock.pledge_id, PledgeClock.verdict, func.count())
        .where(PledgeClock.stopped_at >= since, PledgeClock.verdict.is_not(None))
        .group_by(PledgeClock.pledge_id, PledgeClock.verdict)
    )
    counts: dict[int, dict[str, int]] = {}
    for pledge_id, verdict, count in session.execute(query):
        counts.setdefault(pledge_id, {})[str(verdict)] = count
    return counts


def copied(preset: Preset, now: datetime, by: str) -> dict[str, Any]:
    """Return an example as the row that is made of it, switched on."""
    given = asdict(preset)
    from_time, to_time = given.pop("from_time"), given.pop("to_time")
    place = given.pop("place")
    for name in ("needs", "demo"):
        given.pop(name)
    return {
        **given,
        "source": f"{preset.source} ({place})",
        "kinds": [*preset.kinds],
        "priorities": [*preset.priorities],
        "weather": [each.value for each in preset.weather],
        "pauses": [each.value for each in preset.pauses],
        "start": preset.start.value,
        "stop": preset.stop.value,
        "from_minute": None if from_time is None else minutes(from_time),
        "to_minute": None if to_time is None else minutes(to_time),
        "days": DayKind.ANY.value,
        "calendar": DEFAULT_CALENDAR,
        "warn_after_s": preset.limit_s * 0.75,
        "example": True,
        "enabled": True,
        "version": 0,
        "updated_at": now,
        "updated_by": by,
    }


def pledge_view(row: Pledge, counts: Mapping[str, int] | None = None) -> PledgeAnswer:
    """Return a pledge as the API shows it; ``counts`` of its clocks by verdict, where known."""
    counted = counts or {}
    return {
        "id": row.id,
        "code": row.code,
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "utility": row.utility,
        "kinds": list(row.kinds),
        "priorities": list(row.priorities),
        "zone_id": row.zone_id,
        "from_time": None if row.from_minute is None else clock_words(row.from_minute),
        "to_time": None if row.to_minute is None else clock_words(row.to_minute),
        "days": DayKind(row.days),
        "season_from": row.season_from,
        "season_to": row.season_to,
        "weather": [WeatherClass(each) for each in row.weather],
        "asset_from_mm": row.asset_from_mm,
        "asset_below_mm": row.asset_below_mm,
        "calendar": row.calendar,
        "opening_only": row.opening_only,
        "start": StartEvent(row.start),
        "stop": StopEvent(row.stop),
        "series": row.series,
        "limit_s": row.limit_s,
        "warn_after_s": row.warn_after_s,
        "target_share": row.target_share,
        "pauses": [PauseReason(each) for each in row.pauses],
        "source": row.source,
        "source_date": row.source_date,
        "kept": counted.get("kept", 0),
        "missed": counted.get("breached", 0),
        "example": row.example,
        "enabled": row.enabled,
        "version": row.version,
        "updated_at": instant(row.updated_at),
        "updated_by": row.updated_by,
    }


def preset_view(preset: Preset, *, enabled: bool) -> PresetAnswer:
    """Return a shipped example as the API shows it."""
    named = ("code", "name_en", "name_zh", "utility", "start", "stop", "limit_s", "target_share")
    shown = {name: getattr(preset, name) for name in (*named, "place", "source", "source_date")}
    shown |= {"needs": preset.needs, "enabled": enabled}
    shown |= {"kinds": list(preset.kinds), "weather": list(preset.weather)}
    return cast("PresetAnswer", shown)
