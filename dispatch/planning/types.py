"""Standby points, scenarios and studies: what is asked, and the answers as the API shows them."""

from typing import Annotated
from typing import Any
from typing import Literal
from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError
from pydantic import model_validator
from pydantic import with_config
from pydantic_core import InitErrorDetails
from typing_extensions import TypedDict

from dispatch.core.field_types import Id
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Version
from dispatch.core.instants import InstantText
from dispatch.cover.types import AreaKind
from dispatch.planning.states import DemandKind
from dispatch.planning.states import StudyFailure
from dispatch.planning.states import StudyKind
from dispatch.planning.states import StudyState
from dispatch.writes.command import Command

MOST_POSTS = 200
LEAST_MINUTES, MOST_MINUTES = 1.0, 90.0
_ANSWER = ConfigDict(extra="forbid")
ProfileCode = Literal["normal", "emergency"]
Percent = Annotated[float, Field(ge=0, le=100)]
_NEVER_NULL = ("name", "posts", "conditions")


class Post(BaseModel):
    """A standby point: where a crew would stand."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name = ""
    lon: Lon
    lat: Lat


Posts = Annotated[list[Post], Field(max_length=MOST_POSTS)]


class Conditions(BaseModel):
    """Under which conditions standby points are looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    minutes: Annotated[
        float,
        Field(ge=LEAST_MINUTES, le=MOST_MINUTES, allow_inf_nan=False, description="to be there in"),
    ] = 10.0
    profile: ProfileCode = "normal"
    hour_of_week: Annotated[
        int | None,
        Field(ge=0, le=167, description="0 is Monday 00:00 at the utility; null: the present hour"),
    ] = None
    demand: DemandKind = Field(default=DemandKind.ROAD, strict=False)


class LookAtPosts(Command):
    """Ask what standby points reach."""

    posts: Posts
    conditions: Conditions = Conditions()


class SaveScenario(Command):
    """Keep standby points and conditions under a name."""

    name: RequiredName
    posts: Posts
    conditions: Conditions = Conditions()


class ChangeScenario(Command):
    """Change a scenario; fields not named stay as they are."""

    name: RequiredName | None = None
    posts: Posts | None = None
    conditions: Conditions | None = None
    expected_version: Version | None = None

    @model_validator(mode="after")
    def _nothing_is_taken_away(self) -> Self:
        missing = [
            InitErrorDetails(type="missing", loc=(name,), input=None)
            for name in _NEVER_NULL
            if name in self.model_fields_set and getattr(self, name) is None
        ]
        if missing:
            raise ValidationError.from_exception_data(type(self).__name__, missing)
        return self


class StartStudy(Command):
    """Have a study made of a scenario, as it is now."""

    scenario_id: Id
    kind: StudyKind = Field(default=StudyKind.COVERAGE, strict=False)
    count: Annotated[
        int | None, Field(ge=1, le=MOST_POSTS, description="of kind site: how many are chosen")
    ] = None


@with_config(_ANSWER)
class AreaCoverAnswer(TypedDict):
    """How much of one area is covered; a quarter's name is its point of the compass."""

    name: str
    name_zh: str
    covered_pct: Percent
    demand: Annotated[float, Field(description="share of the area in all demand, percent")]


@with_config(_ANSWER)
class PostsCoverAnswer(TypedDict):
    """What standby points reach together, and what share of the demand that is."""

    computed_at: InstantText
    ground_id: int
    hour_used: Annotated[bool, Field(description="whether speeds are known by hour of the week")]
    closures: Annotated[int, Field(description="in force now, taken into account")]
    demand_count: Annotated[int, Field(description="street points or incidents")]
    left_out: Annotated[int, Field(description="incidents too far from any road")]
    covered_pct: Percent
    area_kind: AreaKind
    areas: list[AreaCoverAnswer]
    off_road: Annotated[list[int], Field(description="posts too far from any road, from 0")]
    reach: Annotated[dict[str, Any], Field(description="GeoJSON MultiPolygon")]
    reached: Annotated[
        str, Field(description="street points reached: bits, the first point highest, base64")
    ]


@with_config(_ANSWER)
class StreetPointsAnswer(TypedDict):
    """Where the street points are whose being reached is told."""

    ground_id: int
    points: Annotated[list[list[float]], Field(description="longitude and latitude of each")]


@with_config(_ANSWER)
class PlaceAnswer(TypedDict):
    """Somewhere standby points may be taken from."""

    name: str
    lon: float
    lat: float


@with_config(_ANSWER)
class PlacesAnswer(TypedDict):
    """Stations, and crews on duty where they are now."""

    stations: list[PlaceAnswer]
    crews: list[PlaceAnswer]


@with_config(_ANSWER)
class ScenarioAnswer(TypedDict):
    """A scenario."""

    id: int
    name: str
    posts: list[dict[str, Any]]
    conditions: dict[str, Any]
    version: int
    created_at: InstantText
    created_by: str
    updated_at: InstantText
    updated_by: str


@with_config(_ANSWER)
class ScenariosAnswer(TypedDict):
    """All scenarios by name."""

    scenarios: list[ScenarioAnswer]


@with_config(_ANSWER)
class StudyFileAnswer(TypedDict):
    """A file of a study."""

    name: str
    size_bytes: int


@with_config(_ANSWER)
class StudyAnswer(TypedDict):
    """A study and how far it is."""

    id: int
    kind: StudyKind
    title: str
    scenario_id: int | None
    state: StudyState
    progress: Annotated[float | None, Field(description="share done, if it is known")]
    progress_words: str
    asked_at: InstantText
    asked_by: str
    started_at: InstantText | None
    ended_at: InstantText | None
    lost: Annotated[bool, Field(description="runs, but its worker was not heard of for a while")]
    cancelling: bool
    failure: StudyFailure | None
    said: str
    files: list[StudyFileAnswer]


@with_config(_ANSWER)
class StudiesAnswer(TypedDict):
    """Studies, the latest first."""

    server_time: InstantText
    worker_alive: Annotated[bool, Field(description="false: nobody runs studies at the moment")]
    kept: Annotated[int, Field(description="so many of each person are kept")]
    studies: list[StudyAnswer]
