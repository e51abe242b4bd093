"""Types of fields that pydantic validates, for the models of several folders."""

from typing import Annotated, Any

import pydantic

from ..vectors.whole_numbers import whole_number
from .labels import MOST_TEXT, check_text


def _as_whole(value: Any) -> Any:
    """1e6 as 1000000; what is no whole number as it is, for the validator of int to refuse."""
    try:
        return whole_number(value, "it")
    except ValueError:
        return value


#: Says of an int, after its bounds, that any whole number will do, however it is written.
AnyWhole = pydantic.BeforeValidator(_as_whole)
#: A number of frames or errors: as large as counters are.
Positive = Annotated[int, pydantic.Field(ge=1, le=2**63 - 1), AnyWhole]


def _checked(text: str) -> str:
    check_text(text)
    return text


#: Text that is shown: in the legend, in tables, in a row of results.csv.
Shown = Annotated[
    str,
    pydantic.Field(min_length=1, json_schema_extra={"maxLength": MOST_TEXT}),
    pydantic.AfterValidator(_checked),
]


class Model(pydantic.BaseModel):
    """A mapping with these keys and no others, whose values are taken as they are written."""

    model_config = pydantic.ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, frozen=True, protected_namespaces=()
    )
