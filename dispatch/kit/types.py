"""What a phone takes along, as the API shows it."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict


@with_config(ConfigDict(extra="forbid", title="KitNames"))
class NamesAnswer(TypedDict):
    """Streets, places and house numbers, the nearest first, for a search without a server."""

    ground_id: Annotated[int | None, Field(description="null before the first import")]
    whole: Annotated[bool, Field(description="false: farther ones are left out for their size")]
    origin: Annotated[list[float], Field(description="lon, lat from which positions are counted")]
    steps_per_degree: int
    same_words: Annotated[list[list[str]], Field(description="words of one meaning: avenue, av, …")]
    number_first: Annotated[
        list[list[str]],
        Field(description="words that streets begin, and end, with whose number stands first"),
    ]
    names: Annotated[
        list[list[str | int]],
        Field(
            description="name; category of a place, empty for a street; steps east; steps north;"
            " address and settlement; other names, | between; pinyin. Empty ends are left out"
        ),
    ]
    houses: Annotated[
        list[list[str | int]],
        Field(
            description="index of the street in names; then house number, steps east and steps"
            " north of the street's position, again and again"
        ),
    ]


@with_config(ConfigDict(extra="forbid", title="CrewKit"))
class CrewKitAnswer(TypedDict):
    """Around what a crew's phone keeps the city, besides its orders."""

    ground_id: Annotated[int | None, Field(description="null before the first import")]
    station: Annotated[list[float] | None, Field(description="lon, lat; null: of no station")]


@dataclass(frozen=True, slots=True)
class KitFile:
    """Something to take along, as it is sent.

    Attributes
    ----------
    body
        The bytes.
    tag
        Differs whenever they may.
    """

    body: bytes
    tag: str
