"""Turbo codes, as configurations name them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from ...vectors.whole_numbers import whole_number
from ..code import check_length
from ..convolutional.encoding.circuit import Circuit
from ..convolutional.encoding.encoder import Encoder
from ..examples import with_examples
from ..matching.rate_matched import LinearRateMatchedCode
from ..parameters.octal import Octal
from .interleavers import interleaver_of
from .recursive import recursive_circuit
from .standards import code_of
from .turbo import TurboCode, in_steps, punctured_steps

Standard = Literal["lte", "umts", "ccsds", "dvb-rcs", "dvb-rcs2"]


@with_examples(
    {"forward": [15], "feedback": 13, "k": 8},
    {"standard": "lte", "k": 40},
    {"standard": "lte", "k": 40, "n": 72, "rv": 1},
    {"standard": "umts", "k": 44},
    {"standard": "dvb-rcs", "k": 96, "rate": "2/5"},
    {
        "forward": [7],
        "feedback": 5,
        "k": 10,
        "interleaver": {"type": "block", "rows": 3},
        "puncture": ["11", "10", "01"],
        "termination": "truncated",
    },
    {"forward": [["15"], ["33", "37"]], "feedback": [13, 23], "k": 9},
)
def turbo(
    *,
    k: int,
    standard: Standard | None = None,
    rate: str | None = None,
    n: int | None = None,
    rv: int | None = None,
    forward: Sequence[Octal] | Sequence[Sequence[Octal]] | None = None,
    feedback: Octal | Sequence[Octal] | None = None,
    interleaver: Literal["random"] | list[int] | dict[str, Any] | Path | None = None,
    spread: int | None = None,
    puncture: list[Any] | None = None,
    termination: Literal["zero", "tail-biting", "truncated"] | None = None,
) -> TurboCode | LinearRateMatchedCode:
    """A turbo code of a standard (k, rate; n and rv for LTE's rate matching), or of two encoders (forward,
    feedback) and an interleaver.

    ``forward`` and ``feedback`` are octal digits, as in [15] and 13, of both encoders; or of each, as in
    [[15], [17]] and [13, 13]. ``interleaver`` is random, a list of k numbers, a text file of them, or one of
    {type: random, seed: 0}, {type: s-random, s, seed: 0}, {type: qpp, f1, f2}, {type: arp, p, q: [...],
    start: 0}, {type: block, rows} and {type: convolutional, branches, delay}. It is refused where two bits
    come nearer than ``spread``, |i - j| + |p(i) - p(j)|. ``puncture`` has a row of 0 and 1 for the
    information bits and for each parity bit of the first and of the second encoder, repeated over the steps;
    tails are sent whole.
    """
    k = whole_number(k, "k")
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    check_length(k, "k")
    own = {"forward": forward, "feedback": feedback, "interleaver": interleaver, "spread": spread}
    own |= {"puncture": puncture, "termination": termination}
    if standard is not None:
        for name, value in own.items():
            if value is not None:
                raise ValueError(f"{name} says nothing beside standard, which has its own")
        n, rv = (None if each is None else whole_number(each, name) for each, name in ((n, "n"), (rv, "rv")))
        return code_of(standard, k, rate=rate, n=n, rv=rv)
    for name, value in (("rate", rate), ("n", n), ("rv", rv)):
        if value is not None:
            raise ValueError(f"{name} belongs to a standard, which is not named")
    if forward is None or feedback is None:
        missing = "forward" if forward is None else "feedback"
        raise ValueError(f"turbo takes a standard, or forward and feedback; missing: {missing}")
    ending = "zero" if termination is None else termination
    first, second = (Encoder(each, k, ending) for each in _circuits(forward, feedback))
    encoders = (first, second)
    order = interleaver_of("random" if interleaver is None else interleaver, k, spread)
    sent = in_steps(encoders) if puncture is None else punctured_steps(encoders, puncture)
    if len(sent) < k:
        raise ValueError(f"puncture leaves {len(sent)} coded bits for {k} information bits")
    try:
        return TurboCode(encoders, order, sent=sent)
    except ValueError as error:
        raise ValueError(f"puncture: {str(error).removeprefix('sent: ')}") from None


def _circuits(forward: Any, feedback: Any) -> tuple[Circuit, Circuit]:
    """The two encoders' circuits, of polynomials of both or of each."""
    several = [isinstance(each, list | tuple) for each in forward]
    rows = list(forward) if several and all(several) else [forward, forward]
    if any(several) and (not all(several) or len(rows) != 2):
        raise ValueError("forward must be a list of polynomials, or two of them, one an encoder")
    fed = list(feedback) if isinstance(feedback, list | tuple) else [feedback, feedback]
    if len(fed) != 2:
        raise ValueError(f"feedback must be a polynomial, or two, one an encoder, got {len(fed)}")
    return recursive_circuit(rows[0], fed[0]), recursive_circuit(rows[1], fed[1])
