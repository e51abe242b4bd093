"""LDPC codes from files, standards and ensembles, as configurations name them."""

from pathlib import Path
from typing import Any, Literal

from ..detection.crc import CRCCode
from ..examples import with_examples
from ..matching.rate_matched import LinearRateMatchedCode
from ..matching.segmented import SegmentedCode
from ..matrix_files.written import as_rows, check_variable
from ..parameters.tables import made_by_name, not_named, with_parameters_of
from .by_standard import STANDARDS
from .ccsds_c2 import ShortenedC2Code
from .construction.table import CONSTRUCTIONS, Construction
from .ldpc import LDPCCode, punctured

#: What standards make of codes of a matrix.
Composed = LinearRateMatchedCode | CRCCode | SegmentedCode | ShortenedC2Code
#: The standards of ``by_standard``.
Standard = Literal[
    "wimax",
    "wifi",
    "10gbase-t",
    "wran",
    "wigig",
    "ccsds-tc",
    "dvb-s2",
    "dvb-s2x",
    "dvb-t2",
    "ccsds",
    "ccsds-c2",
    "nr",
]


@with_parameters_of(STANDARDS, CONSTRUCTIONS)
@with_examples(
    {"n": 24, "k": 12, "column_weight": 3},
    {"n": 40, "k": 20, "column_weight": 2, "seed": 3},
    {"n": 48, "k": 24, "column_weight": 3, "puncture": [0, 5]},
    {"standard": "wimax", "n": 576, "rate": "2/3A"},
    {"standard": "nr", "k": 24, "n": 80, "bits_per_symbol": 4},
    {"standard": "nr", "k": 400, "n": 1000, "base_graph": 1, "rv": 3, "limited_buffer": 880},
    {"construction": "ra", "k": 6, "repeat": 3},
    {"construction": "coupled", "base": [[2, 2]], "memory": 1, "length": 4, "lifting_size": 5},
)
def ldpc(
    *,
    parity_check: Path | list[list[int]] | list[str] | None = None,
    alist: Path | None = None,
    qc: Path | None = None,
    standard: Standard | None = None,
    n: int | None = None,
    k: int | None = None,
    column_weight: int | None = None,
    seed: int = 0,
    puncture: list[Any] | dict[str, Any] | str | None = None,
    variable: str | None = None,
    construction: Construction | None = None,
    **parameters: Any,
) -> LDPCCode | Composed:
    """An LDPC code from a matrix file of any known kind (parity_check; alist and qc for these two alone), a
    standard (n, rate), at random (n, k, column_weight, seed), or of a ``construction`` with its parameters.

    ``nr``, of 5G, takes the bits of a payload, k, and all that are sent, n, and adds its checks. Its bit
    interleaver spreads them over labels of ``bits_per_symbol``, 1 unless given; ``rv`` is the redundancy
    version; ``base_graph`` follows from k and the rate unless given; ``limited_buffer`` is the size Ncb of a
    circular buffer that does not hold all.

    ``puncture`` names columns that are not sent: [0, 5]; "88:96", 88 to 95; {start: 88, stop: 95}, stop
    included; {block_columns: [0, 1]} of a quasi-cyclic code; or a list of these. ``variable`` names one of
    several matrices of a MATLAB or .npz file. ``outer: bch`` of a DVB standard adds its BCH code: k is then
    K_bch, a decoder decodes the LDPC code, and the BCH code corrects what is left.
    """
    ensemble = {"n": n, "k": k, "column_weight": column_weight}
    named = {"standard": standard, "construction": construction}
    sources = {"parity_check": parity_check, "alist": alist, "qc": qc, **named}
    chosen = [name for name, value in sources.items() if value is not None]
    by_name = bool(chosen) and chosen[-1] in named
    given = {name: value for name, value in ensemble.items() if value is not None}
    if len(chosen) + (bool(given) and not by_name) != 1:
        raise ValueError(
            "ldpc takes one of parity_check, alist, qc, standard, construction, or n with k and column_weight"
        )
    check_variable(variable, parity_check)
    columns = () if puncture is None else puncture
    if construction is not None:
        own = {**given, "seed": seed or None, **parameters}
        made = made_by_name("construction", CONSTRUCTIONS, construction, own)
        whole = LDPCCode(made.matrix, lifting_size=made.lifting_size, facts=made.facts)
        return punctured(whole, columns, made.punctured)
    if standard is not None:
        own = {**given, "seed": seed or None, **parameters}
        code: Composed | LDPCCode = made_by_name("standard", STANDARDS, standard, own)
        if isinstance(code, LDPCCode):
            return punctured(code, columns)
        if puncture is not None:
            raise ValueError(f"puncture says nothing beside {standard}, which chooses what is sent itself")
        return code
    not_named(parameters, {"standard": STANDARDS, "construction": CONSTRUCTIONS})
    if seed and not given:
        raise ValueError("seed belongs to a random matrix: n, k and column_weight")
    if isinstance(parity_check, Path):
        return LDPCCode.from_file(parity_check, variable=variable, puncture=columns)
    if qc is not None:
        return LDPCCode.from_quasi_cyclic(qc, puncture=columns)
    if parity_check is not None:
        return punctured(LDPCCode(as_rows(parity_check, "parity_check")), columns)
    if alist is not None:
        return punctured(LDPCCode.from_alist(alist), columns)
    if n is None or k is None or column_weight is None:
        missing = ", ".join(name for name in ensemble if name not in given)
        raise ValueError(f"ldpc with a random matrix needs n, k and column_weight; missing: {missing}")
    return punctured(LDPCCode.regular(n, k, column_weight, seed=seed), columns)
