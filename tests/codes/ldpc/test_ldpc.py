"""LDPC codes of files, and puncturing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from capgap.codes import (
    HammingCode,
    LDPCCode,
    LinearRateMatchedCode,
    MatrixFileError,
    RateMatchedCode,
    by_name,
    read_matrix,
    read_quasi_cyclic,
    regular_matrix,
    write_alist,
)
from capgap.codes.matching.positions import column_numbers

from tests.codes.samples import assert_is_linear_code, random_bits


def test_ldpc_from_files(tmp_path: Path) -> None:
    matrix = regular_matrix(40, 20, 3)
    write_alist(tmp_path / "h.alist", matrix)
    code = LDPCCode.from_alist(tmp_path / "h.alist")
    assert_is_linear_code(code)
    np.testing.assert_array_equal(code.parity_check_matrix, matrix.toarray())
    (tmp_path / "base.txt").write_text("4 2 5\n0 1 - 3,4\n2 - 0 1\n")
    less = LDPCCode.from_quasi_cyclic(tmp_path / "base.txt", puncture=[3])
    assert isinstance(less, LinearRateMatchedCode)
    assert_is_linear_code(less)
    assert (less.n, less.inner.tanner_graph.variables, less.inner.tanner_graph.checks) == (19, 20, 10)


def test_shared_alist_codes(shared: Path) -> None:
    for name, n, k in [("WIMAX_288_576", 576, 288), ("CCSDS_64_128", 128, 64)]:
        code = LDPCCode.from_alist(shared / "alist" / f"{name}.alist")
        assert (code.n, code.k) == (n, k)
        assert_is_linear_code(code)


@pytest.mark.parametrize("puncture", [[0], [39], [3, 4, 11], list(range(5))])
def test_puncturing(puncture: list[int]) -> None:
    matrix = regular_matrix(40, 20, 3)
    mother, code = LDPCCode(matrix), LinearRateMatchedCode(LDPCCode(matrix), puncture=puncture)
    kept = [position for position in range(40) if position not in puncture]
    assert (code.n, code.k) == (40 - len(puncture), mother.k)
    assert code.rate == mother.k / (40 - len(puncture))
    u = random_bits(50, code.k)
    np.testing.assert_array_equal(code.encode(u), mother.encode(u)[:, kept])
    np.testing.assert_array_equal(code.sent, kept)


@pytest.mark.parametrize(
    ("puncture", "message"),
    [
        ([7], "puncture names coded bit 7, coded bits go from 0 to 6"),
        ([0, -1], "puncture names coded bit -1"),
        (range(4), "puncture leaves 3 bits to send 4 information bits"),
        ([0, 4, 5], "puncture leaves two codewords that differ in no transmitted bit"),
    ],
)
def test_puncturing_refuses(puncture: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LinearRateMatchedCode(LDPCCode(HammingCode(r=3).parity_check_matrix), puncture=puncture)


@pytest.mark.parametrize(
    ("puncture", "columns"),
    [
        ("34:38", range(34, 38)),
        ({"start": 34, "stop": 38}, range(34, 39)),  # the end is included, as in a channel's range
        ({"start": 0, "stop": 8, "step": 4}, [0, 4, 8]),
        ("-3:", [37, 38, 39]),
        (":3", [0, 1, 2]),
        ("0:8:3", [0, 3, 6]),
        ([7, "1:3", {"start": 2, "stop": 3}], [7, 1, 2, 2, 3]),
        (np.array([3, 1, 1]), [3, 1, 1]),
        ({"block_columns": [1]}, range(5, 10)),
        ({"block_columns": "-1:"}, range(35, 40)),
        ([0, {"block_columns": {"start": 7, "stop": 7}}], [0, *range(35, 40)]),
    ],
)
def test_columns_are_named_by_ranges_and_blocks(puncture: Any, columns: Sequence[int]) -> None:
    assert column_numbers(puncture, 40, 5) == list(columns)
    mother = LDPCCode(regular_matrix(40, 20, 3), lifting_size=5)
    np.testing.assert_array_equal(
        LinearRateMatchedCode(mother, puncture=puncture).sent, np.setdiff1d(np.arange(40), columns)
    )


@pytest.mark.parametrize(
    ("puncture", "message"),
    [
        ("38:41", "puncture names column 40, columns go from 0 to 39"),
        ("-41:3", "puncture names column -1, columns"),
        ({"start": 0, "stop": 10**12}, "puncture names column 1000000000000"),
        ("3:3", "puncture: '3:3' names no column"),
        ("1:3:0", "the step of '1:3:0' must be at least 1"),
        ({"start": 1, "stop": 3, "step": -1}, "must be at least 1"),
        ("3", "puncture takes columns from 0, .*; got '3'"),
        ({"start": 3}, "puncture takes columns from 0"),
        ({"start": 3, "stop": "x"}, "got 'x'"),
        ({"first": 3}, "puncture takes columns from 0"),
        ([1.5], "got 1.5"),
        ([True], "got True"),
        ([[1]], "puncture takes columns from 0"),
        (None, "puncture takes columns from 0"),
        ({"block_columns": [8]}, "puncture names block column 8, block columns go from 0 to 7"),
        ({"block_columns": {"block_columns": [1]}}, "puncture takes columns from 0|belong to a quasi-cyclic"),
    ],
)
def test_columns_that_are_refused(puncture: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        column_numbers(puncture, 40, 5)


def test_block_columns_of_codes() -> None:
    last = by_name.ldpc(standard="wimax", n=576, rate="1/2", puncture={"block_columns": "-1:"})
    assert last.n == 576 - 24
    assert by_name.ldpc(standard="wifi", n=648, rate="5/6", puncture={"block_columns": [23]}).n == 648 - 27
    with pytest.raises(ValueError, match="puncture: block_columns belong to a quasi-cyclic code"):
        by_name.ldpc(n=40, k=20, column_weight=3, puncture={"block_columns": [0]})
    with pytest.raises(ValueError, match="lifting_size must divide the 40 columns, got 3"):
        LDPCCode(regular_matrix(40, 20, 3), lifting_size=3)


def test_a_base_matrix_file_says_which_block_columns_are_sent(tmp_path: Path) -> None:
    path = tmp_path / "base.qc"
    path.write_text("4 2 5\n\n0 1 0 -1\n2 3 -1 0\n\n0 1 1 1\n")
    for make in (LDPCCode.from_quasi_cyclic, LDPCCode.from_file):
        code, less = make(path), make(path, puncture=[15])
        assert isinstance(code, RateMatchedCode)
        assert isinstance(less, RateMatchedCode)
        assert (code.n, code.k) == (15, 10)
        np.testing.assert_array_equal(code.sent, range(5, 20))
        np.testing.assert_array_equal(less.sent, [*range(5, 15), *range(16, 20)])
        assert_is_linear_code(code)
    assert read_quasi_cyclic(path).shape == (10, 20)
    with pytest.raises(MatrixFileError, match=r"base.qc: .* says which columns are punctured: .* ldpc codes"):
        read_matrix(path)


def test_a_shared_base_matrix_file_says_which_block_columns_are_sent(shared: Path) -> None:
    code = LDPCCode.from_file(shared / "alist" / "AR4JA_4096_8192.qc")
    assert isinstance(code, RateMatchedCode)
    assert (code.n, code.k, code.inner.n) == (8192, 4096, 10240)


def test_codes_of_files_of_any_kind(tmp_path: Path) -> None:
    matrix = regular_matrix(40, 20, 3)
    scipy.sparse.save_npz(tmp_path / "h", matrix)
    np.savetxt(tmp_path / "h.csv", matrix.toarray(), delimiter=",")
    write_alist(tmp_path / "h.dat", matrix)
    for name in ("h.npz", "h.csv", "h.dat"):
        code = by_name.ldpc(parity_check=tmp_path / name, puncture="0:2")
        assert isinstance(code, LinearRateMatchedCode)
        assert (code.n, code.inner.n) == (38, 40)
        np.testing.assert_array_equal(code.inner.tanner_graph.matrix(), matrix.toarray())
    written = by_name.ldpc(parity_check=["1101", "0111"])
    assert isinstance(written, LDPCCode)
    np.testing.assert_array_equal(written.parity_check_matrix, [[1, 1, 0, 1], [0, 1, 1, 1]])
    np.savez(tmp_path / "two.npz", G=np.eye(2), H=matrix.toarray())
    assert by_name.ldpc(parity_check=tmp_path / "two.npz", variable="H").n == 40
    assert by_name.linear(generator=tmp_path / "two.npz", variable="G").k == 2
    with pytest.raises(ValueError, match=r"matrix of a MATLAB or \.npz file, and no such file"):
        by_name.ldpc(n=40, k=20, column_weight=3, variable="H")
