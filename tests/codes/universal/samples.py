"""Codes that decoders of any linear code are tried with."""

import numpy as np
from capgap.codes import (
    HammingCode,
    LDPCCode,
    LinearCode,
    LinearRateMatchedCode,
    RepetitionCode,
    SingleParityCheckCode,
    UncodedCode,
    regular_matrix,
)

from tests.lazy import Lazy

SYNDROME_CODES: Lazy[LinearCode] = Lazy(
    {
        "hamming": lambda: HammingCode(r=3),
        "extended hamming": lambda: HammingCode(r=3, extended=True),
        "shortened hamming": lambda: HammingCode(r=4, shorten=5),
        "repetition 5": lambda: RepetitionCode(n=5),
        "repetition 6": lambda: RepetitionCode(n=6),
        "spc": lambda: SingleParityCheckCode(n=5),
        "random": lambda: LinearCode(generator=np.random.default_rng(1).integers(0, 2, (4, 10))),
        "low rate": lambda: LinearCode(generator=np.random.default_rng(2).integers(0, 2, (2, 10))),
        "zero columns": lambda: LinearCode(parity_check=[[0, 1, 1, 0, 1, 0], [0, 0, 1, 1, 1, 0]]),
        "dependent checks": lambda: LinearCode(
            parity_check=[[1, 1, 0, 1, 1], [0, 1, 1, 0, 1], [1, 0, 1, 1, 0]]
        ),
        "punctured ldpc": lambda: LinearRateMatchedCode(LDPCCode(regular_matrix(12, 6, 2)), puncture=[0, 5]),
    }
)

ML_CODES: Lazy[LinearCode] = Lazy(
    {
        **SYNDROME_CODES.makers,
        "uncoded": lambda: UncodedCode(k=4),
        "hamming 4": lambda: HammingCode(r=4),
        "k = 9, non-systematic": lambda: LinearCode(
            generator=np.random.default_rng(7).integers(0, 2, (9, 15))
        ),
    }
)
