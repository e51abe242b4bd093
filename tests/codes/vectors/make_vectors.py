"""Test vectors from two independent libraries, komm and galois, which need not be installed for the tests.

    pip install komm==0.37.0 galois==0.4.11
    python make_vectors.py

writes ``vectors.json`` beside this file, the same bytes every time.
"""

import json
from pathlib import Path
from typing import Any

import galois
import komm
import numpy as np

CODES = {
    **{f"hamming {r}": komm.HammingCode(r) for r in (2, 3, 4)},
    **{f"extended hamming {r}": komm.HammingCode(r, extended=True) for r in (2, 3, 4)},
    "golay": komm.GolayCode(),
    "extended golay": komm.GolayCode(extended=True),
    "reed-muller 1 4": komm.ReedMullerCode(1, 4),
    "reed-muller 2 4": komm.ReedMullerCode(2, 4),
    "reed-muller 2 5": komm.ReedMullerCode(2, 5),
    "simplex 3": komm.SimplexCode(3),
    "simplex 4": komm.SimplexCode(4),
    "bch 15 7": komm.BCHCode(4, 5),
    "bch 31 16": komm.BCHCode(5, 7),
    "repetition 5": komm.RepetitionCode(5),
    "repetition 6": komm.RepetitionCode(6),
    "spc 6": komm.SingleParityCheckCode(6),
    "cordaro-wagner 8": komm.CordaroWagnerCode(8),
}


def rows(matrix: Any) -> list[str]:
    return ["".join(map(str, row)) for row in np.asarray(matrix).tolist()]


def of_code(code: Any) -> dict[str, Any]:
    return {
        "generator": rows(code.generator_matrix),
        "check": rows(code.check_matrix),
        "minimum_distance": int(code.minimum_distance()),
        "weights": list(map(int, code.codeword_weight_distribution())),
        "coset_leader_weights": list(map(int, code.coset_leader_weight_distribution())),
    }


def of_matrix(matrix: Any) -> dict[str, Any]:
    over_gf2 = galois.GF2(matrix)
    return {
        "matrix": rows(matrix),
        "reduced": rows(over_gf2.row_reduce()),
        "rank": int(np.linalg.matrix_rank(over_gf2)),
        "null_space": rows(over_gf2.null_space()),
    }


def main() -> None:
    generator = np.random.default_rng(7)
    shapes = [(1, 1), (3, 7), (7, 3), (6, 6), (10, 10), (12, 70), (70, 12), (20, 33)]
    matrices = [generator.integers(0, 2, shape, dtype=np.uint8) for shape in shapes]
    matrices += [  # of low rank
        (generator.integers(0, 2, (m, rank)) @ generator.integers(0, 2, (rank, n)) % 2).astype(np.uint8)
        for m, n, rank in [(8, 8, 3), (20, 70, 5), (30, 10, 4)]
    ]
    bch = [galois.BCH(2**r - 1, d=3) for r in (2, 3, 4, 5, 6)]
    vectors = {
        "made_with": {"komm": komm.__version__, "galois": galois.__version__},
        "codes": {name: of_code(code) for name, code in CODES.items()},
        "matrices": [of_matrix(matrix) for matrix in matrices],
        # The cyclic codes of a primitive element: Hamming codes with the columns in another order.
        "cyclic_hamming": [{"k": code.k, "d": code.d, "check": rows(code.H)} for code in bch],
    }
    text = json.dumps(vectors, indent=1)
    (Path(__file__).parent / "vectors.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
