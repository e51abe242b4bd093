"""Polar codes for tests."""

from typing import Any

from capgap.codes import PolarCode
from capgap.codes.by_name import polar


def unmatched(**parameters: Any) -> PolarCode:
    """A polar code of which all bits are sent."""
    code = polar(**parameters)
    assert isinstance(code, PolarCode)
    return code
