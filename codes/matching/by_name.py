"""Rate-matched codes, as configurations name them."""

from functools import partial
from typing import Any

from ..code import Code, Redundancy
from ..examples import with_examples
from ..linear import LinearCode
from .positions import column_numbers
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
    {"code": {"type": "hamming", "r": 3}, "versions": ["0:5", [6, 5], [0, "2:4"]]},
)
def rate_matched(
    *,
    code: Code,
    puncture: list[Any] | dict[str, Any] | str | None = None,
    shorten: list[Any] | dict[str, Any] | str | None = None,
    repeat: list[Any] | dict[str, Any] | str | None = None,
    sent: list[Any] | dict[str, Any] | str | None = None,
    versions: list[Any] | None = None,
) -> RateMatchedCode:
    """A code whose bits are not all sent (puncture, shorten), or some of them more than once (repeat).

    ``puncture`` and ``repeat`` name coded bits of ``code``: [0, 5]; "88:96", 88 to 95; {start: 88, stop: 95},
    stop included; {block_columns: [0, 1]} of a quasi-cyclic code; or a list of these. A bit that ``repeat``
    names is sent once more each time it is named, after all others. ``sent`` names, in the place of both, all
    coded bits that are sent, in their order. ``shorten`` names information bits that are 0 and not sent.
    ``versions`` lists what redundancy version 0, 1, ... sends, each as ``sent`` would name it; the code is
    that of version 0, and HARQ sends the others.
    """
    given = {"puncture": puncture, "shorten": shorten, "repeat": repeat}
    matching: dict[str, Any] = {name: () if value is None else value for name, value in given.items()}
    if versions is None:
        return _matched(code, sent=sent, **matching)
    beside = next((name for name in ("puncture", "repeat") if given[name] is not None), None)
    beside = "sent" if sent is not None else beside
    if beside is not None:
        raise ValueError(f"{beside} says nothing beside versions, which name all bits that are sent")
    if not versions:
        raise ValueError("versions must list what each redundancy version sends, and is empty")
    size = getattr(code, "lifting_size", None)
    numbers = [column_numbers(each, code.n, size, name="versions", what="coded bit") for each in versions]
    return _of_versions(code, matching["shorten"], numbers, (0,))


def _matched(code: Code, **matching: Any) -> RateMatchedCode:
    if isinstance(code, LinearCode):
        return LinearRateMatchedCode(code, **matching)
    return RateMatchedCode(code, **matching)


def _of_versions(
    code: Code, shorten: Any, numbers: list[list[int]], versions: tuple[int, ...]
) -> RateMatchedCode:
    """The code of what these redundancy versions send, one after the other."""
    sent = [number for each in versions for number in numbers[each]]
    try:
        matched = _matched(code, shorten=shorten, sent=sent)
    except ValueError as error:
        words = str(error).removeprefix("puncture ").removeprefix("sent ")
        raise ValueError(f"versions: what version {versions[0]} sends {words}") from None
    matched.redundancy = Redundancy(tuple(range(len(numbers))), partial(_of_versions, code, shorten, numbers))
    return matched
