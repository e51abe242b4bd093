"""Codes that belief propagation is tried with."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import (
    BeliefPropagationDecoder,
    Code,
    Decoder,
    DecodeResult,
    DematchingDecoder,
    HammingCode,
    LDPCCode,
    LinearCode,
    LinearRateMatchedCode,
    SingleParityCheckCode,
    decoder_of,
    regular_matrix,
)
from capgap.codes.matrix_files.quasi_cyclic import expand
from capgap.codes.tie_breaking import break_ties
from capgap.vectors.groups import GroupInput, unpacked

from tests.lazy import Lazy

Link = tuple[LinearCode, float]


def bp(code: Code, **options: Any) -> Decoder:
    """Belief propagation, of a punctured code on its mother code."""
    return decoder_of(code, BeliefPropagationDecoder, **options)


def decode_variables(decoder: Decoder, llr: npt.NDArray[Any]) -> DecodeResult:
    """What belief propagation decides on every variable of the graph, as information bits."""
    given = GroupInput.of_lanes(decoder.check_llr(llr), decoder.reads)
    if isinstance(decoder, DematchingDecoder):
        given, decoder = decoder.dematched(given), decoder.inner
    assert isinstance(decoder, BeliefPropagationDecoder)
    wanted = np.arange(decoder.code.n, dtype=np.int32)
    bits, undecided, ok, spent = decoder._run(given, decoder._iterations, wanted)
    break_ties(bits, undecided, wanted, given.frames, None)
    return DecodeResult(unpacked(bits, given.frames), ok, spent)


def quasi_cyclic_code(z: int) -> LDPCCode:
    """Of rate 1/2, with the double diagonal of the WiMAX codes and arbitrary shifts."""
    generator = np.random.default_rng(15)
    base: list[list[list[int]]] = [[[] for _ in range(12)] for _ in range(6)]
    for j in range(6):
        for i in generator.choice(6, 3, replace=False):
            base[i][j] = [int(generator.integers(z))]
    for i, shift in ((0, 1), (3, 0), (5, 1)):
        base[i][6] = [shift]
    for j in range(7, 12):
        base[j - 7][j] = base[j - 6][j] = [0]
    return LDPCCode(expand(base, z))


BP_CODES: Lazy[Link] = Lazy(
    {  # with Eb/N0 in dB
        "hamming 3": lambda: (HammingCode(r=3), 4.0),
        "extended hamming 4": lambda: (HammingCode(r=4, extended=True), 4.0),
        "spc 6": lambda: (SingleParityCheckCode(n=6), 3.0),
        "regular 96": lambda: (LDPCCode.regular(96, 48, 3), 3.0),
        "punctured": lambda: (
            LinearRateMatchedCode(LDPCCode(regular_matrix(96, 48, 3)), puncture=range(0, 96, 16)),
            3.5,
        ),
        "like WiMAX": lambda: (quasi_cyclic_code(24), 2.5),
    }
)

#: Checks on no variable, on one, on two; a variable with no check, and one whose bit is 0 for sure.
ODD_CHECKS = np.array(
    [[0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 1, 1, 0, 1, 0], [0] * 6]
)

TRACED: Lazy[Link] = Lazy(
    {  # with Eb/N0 in dB
        "hamming 3": lambda: (HammingCode(r=3), 0.0),
        "regular 96": lambda: (LDPCCode.regular(96, 48, 3), 2.0),
        "punctured": lambda: (
            LinearRateMatchedCode(LDPCCode(regular_matrix(96, 48, 3)), puncture=range(0, 96, 16)),
            2.5,
        ),
        "odd checks": lambda: (LDPCCode(ODD_CHECKS), 0.0),
    }
)

each_bp_code = BP_CODES.each("link")

each_schedule = pytest.mark.parametrize("schedule", ["flooding", "layered"])
