"""Convolutional codes by their generators or from standards, as configurations name them."""

from typing import Any, Literal

from ...vectors.whole_numbers import whole_number
from ..code import check_length
from ..examples import with_examples
from ..matching.lte import convolutional_bits
from ..matching.rate_matched import LinearRateMatchedCode
from ..parameters.choices import check_rate
from ..parameters.octal import Octal
from .convolutional import ConvolutionalCode
from .standards import STANDARDS

#: The standards of ``standards.STANDARDS``.
Standard = Literal["wifi", "lte", "gsm", "dab", "dvb", "voyager", "cassini"]


@with_examples(
    {"generators": [5, 7], "k": 4},
    {"generators": [13, 15], "feedback": 13, "k": 5},
    {"generators": [133, 171], "k": 12, "termination": "tail-biting", "puncture": ["110", "101"]},
    {"generators": [5, 7, 7], "k": 6, "termination": "truncated"},
    {"generators": [["3", "1", "0"], ["0", "3", "2"]], "k": 6},
    {"standard": "wifi", "rate": "3/4", "k": 12},
    {"standard": "lte", "k": 12},
    {"standard": "lte", "k": 12, "n": 50},
)
def convolutional(
    *,
    generators: list[Octal] | list[list[Octal]] | None = None,
    standard: Standard | None = None,
    rate: str | None = None,
    k: int,
    n: int | None = None,
    rv: int | None = None,
    feedback: Octal | None = None,
    termination: Literal["zero", "tail-biting", "truncated"] | None = None,
    puncture: list[Any] | None = None,
) -> ConvolutionalCode | LinearRateMatchedCode:
    """A convolutional code in frames of k information bits, from octal generators (feedback, termination,
    puncture), or of a standard (rate, or n for LTE's rate matching).

    The most significant bit of a generator belongs to the current input: 133 and 171. Frames end with tail
    bits, ``zero``, which count in the rate, unless ``termination`` is ``tail-biting`` or ``truncated``.
    LTE's rate matching has redundancy versions, ``rv``, for turbo codes alone.
    """
    if (generators is None) == (standard is None):
        raise ValueError("convolutional takes one of generators and standard")
    if standard is None:
        for name, value in (("rate", rate), ("n", n), ("rv", rv)):
            if value is not None:
                raise ValueError(
                    f"{name} belongs to a standard, which is not named: puncture sets that of generators"
                )
        assert generators is not None
        return ConvolutionalCode(
            generators=generators,
            k=k,
            feedback=feedback,
            termination=termination or "zero",
            puncture=puncture,
        )
    own = {"feedback": feedback, "termination": termination, "puncture": puncture}
    given = [name for name, value in own.items() if value is not None]
    if given:
        raise ValueError(f"{given[0]} belongs to generators: the standard {standard} has its own")
    if rv is not None:
        raise ValueError(
            "rv belongs to turbo codes: rate matching of convolutional ones (3GPP TS 36.212, 5.1.4.2) always "
            "begins at the start of its circular buffer"
        )
    code = of_standard(standard, k, rate)
    if n is None:
        return code
    if standard != "lte":
        raise ValueError(f"n belongs to the rate matching of lte, and not to {standard}")
    return _matched(code, whole_number(n, "n"))


def _matched(code: ConvolutionalCode, n: int) -> LinearRateMatchedCode:
    """The code of which LTE's rate matching selects n bits; raises ValueError if they do not determine k."""
    if n < code.k:
        raise ValueError(f"n must be at least k = {code.k}, got {n}")
    check_length(n)
    try:
        return LinearRateMatchedCode(code, sent=convolutional_bits(code.k, n))
    except ValueError as error:
        raise ValueError(f"n must be larger: two codewords begin with the same {n} bits") from error


def of_standard(standard: str, k: int, rate: str | None = None) -> ConvolutionalCode:
    """A standard's code; raises ValueError if there is none of this rate."""
    if standard not in STANDARDS:
        raise ValueError(f"standard must be {', '.join(STANDARDS)}, got {standard!r}")
    found = STANDARDS[standard]
    pattern = found.patterns[check_rate(standard, rate, list(found.patterns))]
    generators: list[Octal] = list(found.generators)
    return ConvolutionalCode(
        generators=generators,
        k=k,
        termination=found.termination,
        puncture=None if pattern is None else list(pattern),
        puncture_tail=None if found.tail is None else list(found.tail),
    )
