"""Rate-matched codes, as configurations name them."""

from typing import Any

from ..code import Code
from ..examples import with_examples
from ..linear import LinearCode
from .rate_matched import LinearRateMatchedCode, RateMatchedCode


@with_examples(
    {"code": {"type": "hamming", "r": 3}, "puncture": [6]},
    {"code": {"type": "hamming", "r": 3, "extended": True}, "shorten": [0], "repeat": [1, 1, 7]},
    {
        "code": {"type": "ldpc", "n": 48, "k": 24, "column_weight": 3},
        "puncture": [0, 5, 47],
        "shorten": "20:24",
        "repeat": {"start": 8, "stop": 11},
    },
    {
        "code": {"type": "rate-matched", "code": {"type": "repetition", "n": 6, "k": 2}, "puncture": [5]},
        "repeat": "0:2",
    },
    {"code": {"type": "hamming", "r": 3}, "sent": [6, "0:5", 6, 2]},
)
def rate_matched(
    *,
    code: Code,
    puncture: list[Any] | dict[str, Any] | str | None = None,
    shorten: list[Any] | dict[str, Any] | str | None = None,
    repeat: list[Any] | dict[str, Any] | str | None = None,
    sent: list[Any] | dict[str, Any] | str | None = None,
) -> RateMatchedCode:
    """A code whose bits are not all sent (puncture, shorten), or some of them more than once (repeat).

    ``puncture`` and ``repeat`` name coded bits of ``code``: [0, 5]; "88:96", 88 to 95; {start: 88, stop: 95},
    stop included; {block_columns: [0, 1]} of a quasi-cyclic code; or a list of these. A bit that ``repeat``
    names is sent once more each time it is named, after all others. ``sent`` names, in the place of both, all
    coded bits that are sent, in their order. ``shorten`` names information bits that are 0 and not sent.
    """
    given = {"puncture": puncture, "shorten": shorten, "repeat": repeat}
    matching: dict[str, Any] = {name: () if value is None else value for name, value in given.items()}
    matching["sent"] = sent
    if isinstance(code, LinearCode):
        return LinearRateMatchedCode(code, **matching)
    return RateMatchedCode(code, **matching)
