"""What is kept how long, and by which setting."""

from typing import Annotated

from flask import Response
from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.access.permissions import Permission
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import services
from webconsole.platform.reading import Area

retention = Area("retention", __name__, url_prefix="/api/v1/retention", tag="Retention")


@with_config(ConfigDict(extra="forbid"))
class KeptAnswer(TypedDict):
    """How long one thing is kept."""

    code: str
    days: Annotated[float | None, Field(description="null: for good")]
    setting: Annotated[str | None, Field(description="environment variable that says so")]


@with_config(ConfigDict(extra="forbid"))
class RetentionAnswer(TypedDict):
    """What is kept how long."""

    kept: list[KeptAnswer]


@retention.get("", needs=(Permission.SETTING_WRITE,))
@retention.output(described(RetentionAnswer))
def kept_days() -> Response:
    """List what is kept how long. Settings are read when the service starts."""
    settings = services().settings
    by_setting = {
        "positions": (settings.history_days, "NEARCREW_HISTORY_DAYS"),
        "tracks": (settings.track_days, "NEARCREW_TRACK_DAYS"),
        "photos": (settings.photo_days, "NEARCREW_PHOTO_DAYS"),
        "personal": (settings.personal_data_days, "NEARCREW_PERSONAL_DATA_DAYS"),
        "sessions": (settings.session_hours / 24, "NEARCREW_SESSION_HOURS"),
        "tokens": (settings.token_hours / 24, "NEARCREW_TOKEN_HOURS"),
        "events": (None, None),
    }
    return answer(
        {
            "kept": [
                {"code": code, "days": days, "setting": setting}
                for code, (days, setting) in by_setting.items()
            ]
        }
    )
