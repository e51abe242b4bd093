"""Turbo codes, as configurations name them."""

from typing import Any, Literal

from ...vectors.whole_numbers import whole_number
from ..convolutional.encoder import Encoder
from ..examples import with_examples
from ..octal import Octal
from .interleavers import at_random
from .recursive import recursive_circuit
from .standards.lte import lte
from .turbo import TurboCode, in_steps, punctured_steps


@with_examples(
    {"forward": [15], "feedback": 13, "k": 8},
    {"standard": "lte", "k": 40},
)
def turbo(
    *,
    k: int,
    standard: Literal["lte"] | None = None,
    forward: list[Octal] | None = None,
    feedback: Octal | None = None,
    interleaver: Literal["random"] | list[int] = "random",
    puncture: list[Any] | None = None,
    termination: Literal["zero", "tail-biting", "truncated"] = "zero",
) -> TurboCode:
    """A turbo code."""
    k = whole_number(k, "k")
    if standard is not None:
        return lte(k)
    assert forward is not None
    circuit = recursive_circuit(forward, feedback)
    encoders = (Encoder(circuit, k, termination), Encoder(circuit, k, termination))
    order = at_random(k) if interleaver == "random" else interleaver
    sent = in_steps(encoders) if puncture is None else punctured_steps(encoders, puncture)
    return TurboCode(encoders, order, sent=sent)
