"""Forms, measurements and what the end of an order is described with: commands and answers."""

from itertools import pairwise
from typing import Annotated
from typing import Any
from typing import Self

from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import ValidationError
from pydantic import WithJsonSchema
from pydantic import model_validator
from pydantic import with_config
from pydantic_core import InitErrorDetails
from typing_extensions import TypedDict

from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words
from dispatch.core.field_types import Finite
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Version
from dispatch.core.instants import InstantText
from dispatch.core.limits import LONGEST_SKILL
from dispatch.forms.numbers import read_number
from dispatch.forms.states import Asked
from dispatch.forms.states import CodeGroup
from dispatch.forms.states import FieldType
from dispatch.forms.states import LimitVerdict
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
MOST_FIELDS, MOST_CHOICES, MOST_KINDS = 30, 30, 100
MOST_CODES, MOST_PARTS = 10, 50
MOST_MINUTES = 7 * 24 * 60
_MOST_SORT = 10_000
_LARGEST_QUANTITY = 1_000_000.0
_LONGEST_UNIT = 20
_LIMITS = ("least", "alarm_low", "warn_low", "warn_high", "alarm_high", "most")

Code = Annotated[str, StringConstraints(max_length=LONGEST_SKILL, min_length=1)]
Sort = Annotated[
    int | None,
    Field(ge=0, le=_MOST_SORT, description="place in the list; as before, or last"),
]
Unit = Annotated[str, StringConstraints(max_length=_LONGEST_UNIT, strip_whitespace=True)]


def _quantity(value: object) -> object:
    number = read_number(value)
    if number is None or not 0 < number <= _LARGEST_QUANTITY:
        raise in_own_words(N_("must be a number above 0"))
    return number


Quantity = Annotated[
    float,
    BeforeValidator(_quantity),
    WithJsonSchema({"type": ["number", "string"], "description": "above 0; 2.5 or 2,5"}),
]
Filled = Annotated[
    Any,
    WithJsonSchema(
        {
            "type": ["number", "string", "boolean", "null"],
            "description": "by the field's type: 12.5 (or 12,5 as a text), the code of a choice,"
            " true or false, a text, 14:05; null or blank: not filled in",
        }
    ),
]


class FieldChoice(Command):
    """One answer of a field with choices."""

    code: Code
    name_en: RequiredName
    name_zh: RequiredName


class FormField(Command):
    """A field of a form: what it asks, in which unit, and from where on a number is bad."""

    code: Code
    name_en: RequiredName
    name_zh: RequiredName
    type: Annotated[FieldType, Field(strict=False)]
    required: Annotated[
        bool, Field(description="a measurement needs it; so does the end, unless nothing was done")
    ] = False
    unit_en: Unit = ""
    unit_zh: Unit = ""
    least: Annotated[Finite | None, Field(description="a smaller number is refused")] = None
    most: Annotated[Finite | None, Field(description="a larger number is refused")] = None
    alarm_low: Annotated[Finite | None, Field(description="alarm from here down")] = None
    warn_low: Annotated[Finite | None, Field(description="warning from here down")] = None
    warn_high: Annotated[Finite | None, Field(description="warning from here up")] = None
    alarm_high: Annotated[Finite | None, Field(description="alarm from here up")] = None
    choices: Annotated[tuple[FieldChoice, ...], Field(max_length=MOST_CHOICES, strict=False)] = ()

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if self.type is FieldType.NUMBER:
            self._check_limits()
        else:
            for name in _LIMITS:
                if getattr(self, name) is not None:
                    raise self._wrong(name, N_("is only for numbers"))
        codes = [each.code for each in self.choices]
        if self.type is FieldType.CHOICE:
            if len(codes) < 2:  # noqa: PLR2004  (one is no choice)
                raise self._wrong("choices", N_("must have at least two"))
            if len(set(codes)) < len(codes):
                raise self._wrong("choices", N_("names one twice"))
        elif codes:
            raise self._wrong("choices", N_("is only for a choice"))
        return self

    def _check_limits(self) -> None:
        """Refuse limits that do not rise from the least possible number to the largest."""
        given = [name for name in _LIMITS if getattr(self, name) is not None]
        for lower, upper in pairwise(given):
            low, high = getattr(self, lower), getattr(self, upper)
            nothing_between = lower.endswith("_low") and upper.endswith("_high") and low == high
            if low > high or nothing_between:
                raise self._wrong(upper, N_("must be above the limits below it"))

    def _wrong(self, name: str, sentence: str) -> ValidationError:
        detail = InitErrorDetails(type=in_own_words(sentence), loc=(name,), input=None)
        return ValidationError.from_exception_data(type(self).__name__, [detail])


class SetForm(Command):
    """A form as it shall be from now on, whole; what was filled in before stays as it was."""

    name_en: RequiredName
    name_zh: RequiredName
    kinds: Annotated[
        tuple[Code, ...],
        Field(max_length=MOST_KINDS, strict=False, description="of incidents; none: of all"),
    ] = ()
    asked: Annotated[Asked, Field(strict=False)] = Asked.ON_SCENE
    fields: Annotated[
        tuple[FormField, ...], Field(max_length=MOST_FIELDS, strict=False, description="at least 1")
    ]
    sort: Sort = None
    retired: Annotated[bool, Field(description="asked for no longer")] = False
    expected_version: Annotated[
        Version | None, Field(description="the version that was changed; 409 if it is no longer")
    ] = None

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        codes = [each.code for each in self.fields]
        if not codes:  # here, for a field that is wrong must not count as none
            sentence = in_own_words(N_("must have at least one"))
            detail = InitErrorDetails(type=sentence, loc=("fields",), input=None)
            raise ValidationError.from_exception_data(type(self).__name__, [detail])
        for place, code in enumerate(codes):
            if code in codes[:place]:
                sentence = in_own_words(N_("is the code of another field, too"))
                detail = InitErrorDetails(type=sentence, loc=("fields", place, "code"), input=code)
                raise ValidationError.from_exception_data(type(self).__name__, [detail])
        return self


class SetResultCode(Command):
    """A result code as it shall be from now on; orders that ended with it keep its words."""

    name_en: RequiredName
    name_zh: RequiredName
    group: Annotated[CodeGroup, Field(strict=False)]
    sort: Sort = None


class SetPart(Command):
    """A part of the catalogue as it shall be from now on."""

    name_en: RequiredName
    name_zh: RequiredName
    unit_en: Unit = ""
    unit_zh: Unit = ""
    sort: Sort = None
    retired: bool = False


class TakeMeasurement(RepeatableCommand):
    """A form, filled in: ``occurred_at`` says when it was measured."""

    form: Code
    version: Annotated[Version, Field(description="of the form, as it was on the screen")]
    values: Annotated[dict[str, Filled], Field(max_length=MOST_FIELDS)]


class UsedPart(Command):
    """So much of a part was used."""

    code: Code
    quantity: Quantity


@with_config(_ANSWER)
class FieldChoiceAnswer(TypedDict):
    """One answer of a field with choices."""

    code: str
    name_en: str
    name_zh: str


@with_config(_ANSWER)
class FormFieldAnswer(TypedDict):
    """A field of a form."""

    code: str
    name_en: str
    name_zh: str
    type: FieldType
    required: bool
    unit_en: str
    unit_zh: str
    least: float | None
    most: float | None
    alarm_low: float | None
    warn_low: float | None
    warn_high: float | None
    alarm_high: float | None
    choices: list[FieldChoiceAnswer]


@with_config(_ANSWER)
class FormAnswer(TypedDict):
    """A form as it is now."""

    code: str
    version: int
    name_en: str
    name_zh: str
    kinds: Annotated[list[str], Field(description="of incidents; none: of all")]
    asked: Asked
    fields: list[FormFieldAnswer]
    sort: int
    retired: bool


@with_config(_ANSWER)
class FormsAnswer(TypedDict):
    """The forms, in their order."""

    forms: list[FormAnswer]


@with_config(_ANSWER)
class ResultCodeAnswer(TypedDict):
    """What can be said of a cause or of a repair."""

    kind: str
    code: str
    name_en: str
    name_zh: str
    group: CodeGroup
    sort: int
    retired: bool


@with_config(_ANSWER)
class ResultCodesAnswer(TypedDict):
    """Result codes, by kind and in their order."""

    codes: list[ResultCodeAnswer]


@with_config(_ANSWER)
class PartAnswer(TypedDict):
    """A part of the catalogue."""

    code: str
    name_en: str
    name_zh: str
    unit_en: str
    unit_zh: str
    sort: int
    retired: bool


@with_config(_ANSWER)
class PartsAnswer(TypedDict):
    """A page of the catalogue, and how many parts there are on all pages."""

    parts: list[PartAnswer]
    total: int


@with_config(_ANSWER)
class WorkSheetAnswer(TypedDict):
    """What a crew is asked on the spot at incidents of a kind."""

    kind: str
    forms: list[FormAnswer]
    codes: list[ResultCodeAnswer]
    parts: Annotated[list[PartAnswer], Field(description="the most common, if there are many")]


@with_config(_ANSWER)
class MeasuredAnswer(TypedDict):
    """One field as it was filled in, in the words of then."""

    code: str
    name_en: str
    name_zh: str
    type: FieldType
    value: float | bool | str
    unit_en: str
    unit_zh: str
    shown_en: Annotated[str, Field(description="the value in words: the name of a choice, …")]
    shown_zh: str
    verdict: LimitVerdict


@with_config(_ANSWER)
class MeasurementAnswer(TypedDict):
    """A form that was filled in."""

    id: int
    incident_id: int
    assignment_id: int
    crew_id: int
    crew_name: str
    author: str
    client_id: Annotated[str | None, Field(description="told to its sender only")]
    form: str
    version: int
    name_en: str
    name_zh: str
    taken_at: InstantText
    received_at: InstantText
    verdict: LimitVerdict
    items: list[MeasuredAnswer]


@with_config(_ANSWER)
class MeasurementsAnswer(TypedDict):
    """What was measured at an incident, in time."""

    measurements: list[MeasurementAnswer]


@with_config(_ANSWER)
class BreachAnswer(TypedDict):
    """The newest measurement of an order that is beyond an alarm limit."""

    at: InstantText
    form: str
    name_en: str
    name_zh: str
    items: list[MeasuredAnswer]


@with_config(_ANSWER)
class SaidCodeAnswer(TypedDict):
    """A result code as it was when the order ended."""

    code: str
    group: CodeGroup
    name_en: str
    name_zh: str


@with_config(_ANSWER)
class UsedPartAnswer(TypedDict):
    """A part as it was called when it was used, and how much of it."""

    code: str
    name_en: str
    name_zh: str
    unit_en: str
    unit_zh: str
    quantity: float


@with_config(_ANSWER)
class WorkAnswer(TypedDict):
    """What an order was described with when it ended."""

    minutes: Annotated[int | None, Field(description="worked on the spot")]
    codes: list[SaidCodeAnswer]
    parts: list[UsedPartAnswer]
