"""Codes over GF(2^m): the binary image, how they are made, their files."""

from pathlib import Path

import numpy as np
import pytest
from capgap.codes import LDPCCode, MatrixFileError, NonBinaryLDPCCode, by_name
from capgap.codes.fields.galois_field import GaloisField
from capgap.codes.ldpc.nonbinary.coefficients import good_rows, low_weight_words, short_cycles
from capgap.codes.ldpc.nonbinary.growth import grown
from capgap.codes.ldpc.nonbinary.symbol_alist import read_symbol_alist, write_symbol_alist

from tests.codes.ldpc.nonbinary.samples import CODES, dense, of_rows

HAMMING = """5 2 4
2 5
1 2 1 1 1
5 1
1 1 0 0
1 1 2 2
1 2 0 0
1 3 0 0
1 1 0 0
1 1 2 1 3 2 4 3 5 1
2 2 0 0 0 0 0 0 0 0
"""


@pytest.mark.parametrize("name", ["GF(4)", "GF(8)", "GF(16)", "odd"])
def test_codewords_satisfy_the_checks_over_the_field(name: str) -> None:
    code = CODES[name]
    m, field = code.symbol_bits, code.matrix.field
    bits = np.random.default_rng(3).integers(0, 2, (20, code.k)).astype(np.uint8)
    words = code.encode(bits).reshape(20, -1, m).astype(np.int32)
    symbols = (words << np.arange(m - 1, -1, -1)).sum(axis=2)
    products = np.asarray(field.multiply(dense(code)[None], symbols[:, None]))
    assert not np.bitwise_xor.reduce(products, axis=2).any()
    assert code.k % m == 0
    assert np.array_equal(code.information_bits(code.encode(bits)), bits)


def test_over_gf2_it_is_a_binary_code() -> None:
    code = CODES["GF(2)"]
    assert np.array_equal(code.parity_check_matrix, dense(code))
    assert code.symbol_graph.edges == LDPCCode(dense(code)).tanner_graph.edges


@pytest.mark.parametrize(("n", "k", "weight"), [(16, 8, 2), (30, 19, 2), (24, 12, 3)])
def test_graphs_are_regular_and_seeded(n: int, k: int, weight: int) -> None:
    rows, columns = grown(n, n - k, weight, 5)
    assert (np.bincount(columns, minlength=n) == weight).all()
    assert np.ptp(np.bincount(rows, minlength=n - k)) <= 1
    assert len(set(zip(rows.tolist(), columns.tolist(), strict=True))) == n * weight
    again, other = grown(n, n - k, weight, 5), grown(n, n - k, weight, 6)
    assert np.array_equal(rows, again[0])
    assert not np.array_equal(rows, other[0])


def test_cycles_are_as_long_as_they_can_be() -> None:
    # Four columns a row and 8 rows: a graph of 8 points without triangles; 16 rows have no room for girth 5.
    for n, k in ((16, 8), (32, 16)):
        code = NonBinaryLDPCCode.regular(n, k, symbol_bits=4)
        assert code.symbol_graph.girth() == 8


def test_short_cycles_hold_no_words_and_checks_few() -> None:
    code = NonBinaryLDPCCode.regular(32, 16, symbol_bits=6)
    assert code.k == 96
    log = code.matrix.field.log[code.matrix.coefficients].astype(int)
    cycles = short_cycles(code.matrix)
    # What the graph's own count says of the shortest ones.
    shortest = min(map(len, cycles))
    facts = code.info()
    assert sum(len(cycle) == shortest for cycle in cycles) == facts["cycles by length"][2 * shortest]
    for cycle in cycles:
        assert sum(log[a] - log[b] for a, b in cycle) % 63
    # Each check by itself, on 24 bits: no words of weight 2, as Poulliat, Fossorier and Declercq have it.
    first = code.matrix.by_row[: code.matrix.row_start[1]]
    assert low_weight_words(code.matrix.field, code.matrix.coefficients[first])[0, 0] == 0


@pytest.mark.parametrize(("m", "row"), [(3, [1, 2, 5]), (4, [1, 9]), (2, [1, 1, 2, 3])])
def test_low_weights_of_a_row_are_counted(m: int, row: list[int]) -> None:
    weights = of_rows([row], m).weight_distribution()
    assert low_weight_words(GaloisField(m), np.array(row, np.int32))[0].tolist() == weights[2:5].tolist()


@pytest.mark.parametrize(
    ("m", "published", "least"),
    [(6, [0, 9, 22, 37], [0, 20, 206]), (8, [0, 8, 172, 183], [0, 0, 156])],  # exponents, four columns a row
)
def test_good_rows_are_as_good_as_published_ones(m: int, published: list[int], least: list[int]) -> None:
    field = GaloisField(m)
    assert low_weight_words(field, field.power(np.array(published)))[0].tolist() == least
    ours = good_rows(field, 4)[0]
    assert low_weight_words(field, ours)[0].tolist() == least


def test_alist_files(tmp_path: Path) -> None:
    file = tmp_path / "hamming.alist"
    file.write_text(HAMMING)
    code = by_name.nonbinary_ldpc(alist=file)
    assert (code.n, code.k) == (10, 6)
    assert dense(code).tolist() == [[1, 1, 2, 3, 1], [0, 2, 0, 0, 0]]
    powers = tmp_path / "powers.alist"
    powers.write_text(HAMMING.replace("1 3 0 0", "1 2 0 0").replace("4 3 5", "4 2 5"))
    assert dense(NonBinaryLDPCCode.from_alist(powers, values="powers")).tolist() == [
        [2, 2, 3, 3, 2],
        [0, 3, 0, 0, 0],
    ]
    again = tmp_path / "again.alist"
    for made in (code, CODES["GF(16)"], CODES["odd"]):
        write_symbol_alist(again, made.matrix)
        assert np.array_equal(dense(NonBinaryLDPCCode(read_symbol_alist(again))), dense(made))


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("5 2 4\n", "5 2 6\n", 1, "power of two"),
        ("5 2 4\n", "5 2\n", 1, "binary alist, which type ldpc"),
        ("1 3 0 0", "1 4 0 0", 8, "value 4 is out of range: elements go from 1 to 3"),
        ("1 3 0 0", "1 0 0 0", 8, "with values: powers"),
        ("1 3 0 0", "3 3 0 0", 8, "index 3 is out of range"),
        ("1 1 2 2\n", "1 1 1 2\n", 6, "one index twice"),
        ("4 3 5 1", "4 2 5 1", 10, "row 1 has another value at column 4"),
        ("1 3 0 0", "1 3 0", 8, "pairs"),
        ("2 2 0 0 0 0 0 0 0 0\n", "2 2 0 0 0 0 0 0 0 0\n7\n", 12, "goes on"),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    file = tmp_path / "spoiled.alist"
    file.write_text(HAMMING.replace(old, new, 1))
    with pytest.raises(MatrixFileError, match=problem) as told:
        read_symbol_alist(file)
    assert f"{file.name}:{line}: " in str(told.value)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"n": 8, "k": 4}, "missing: symbol_bits"),
        ({"n": 8, "k": 8, "symbol_bits": 2}, "k must lie in 1 to n - 1 = 7 symbols"),
        ({"n": 8, "k": 4, "symbol_bits": 9}, "symbol_bits must lie in 1 to 8"),
        ({"n": 8, "k": 4, "symbol_bits": 2, "column_weight": 5}, "column_weight must lie in 2 to n - k = 4"),
        ({"n": 100_000, "k": 50_000, "symbol_bits": 2}, "n must be smaller"),
        ({"n": 8, "k": 4, "symbol_bits": 2, "values": "powers"}, "values belongs to an alist"),
        ({"alist": Path("a"), "n": 8}, "n says nothing beside alist"),
    ],
)
def test_wrong_parameters(arguments: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        by_name.nonbinary_ldpc(**arguments)  # type: ignore[arg-type]
