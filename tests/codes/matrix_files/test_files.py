"""Matrices in files: what is read, what is written, and that whatever is malformed is refused with its line."""

import gc
import io
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.io
import scipy.sparse
from capgap.codes import MatrixFileError, read_alist, read_matrix, read_quasi_cyclic, write_alist
from capgap.codes.matrix_files import matlab as matlab_files
from capgap.codes.matrix_files import numpy_files

Matrix = npt.NDArray[np.uint8]

#: 1 1 0 1
#: 0 1 1 1, written by hand. Weights 1 2 1 2 and 3 3.
ALIST = """4 2
2 3
1 2 1 2
3 3
1 0
1 2
2 0
1 2
1 2 4
2 3 4
"""
MATRIX = [[1, 1, 0, 1], [0, 1, 1, 1]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.alist"


def random_matrix(seed: int) -> Matrix:
    generator = np.random.default_rng(seed)
    shape = generator.integers(1, 30, 2)
    matrix = generator.random(shape) < generator.choice([0.05, 0.2, 0.6])
    matrix[tuple(generator.integers(shape))] = 1
    return np.asarray(matrix, np.uint8)


def unpadded(matrix: Matrix, blank_lines: bool) -> str:
    """An alist text without zeros, where an empty row or column is a blank line or none at all."""
    rows, columns = matrix.shape
    lists = [(np.flatnonzero(vector) + 1).tolist() for vector in [*matrix.T, *matrix]]
    weights = [len(ones) for ones in lists]
    by_column, by_row = weights[:columns], weights[columns:]
    table = [[columns, rows], [max(by_column), max(by_row)], by_column, by_row, *lists]
    lines = [" ".join(map(str, line)) for line in table]
    return "\n".join(line for line in lines if line or blank_lines) + "\n"


# Reading and writing alist files


def test_reads_alist(path: Path) -> None:
    path.write_text(ALIST)
    matrix = read_alist(path)
    assert isinstance(matrix, scipy.sparse.csr_array)
    assert matrix.dtype == np.uint8
    np.testing.assert_array_equal(matrix.toarray(), MATRIX)
    np.testing.assert_array_equal(read_alist(str(path)).toarray(), MATRIX)
    np.testing.assert_array_equal(read_matrix(path).toarray(), MATRIX)


VARIANTS = {
    "crlf": ALIST.replace("\n", "\r\n"),
    "spaces": ALIST.replace("\n", " \n").replace("\n", "\n "),
    "tabs": ALIST.replace(" ", "\t"),
    "no last newline": ALIST.rstrip("\n"),
    "comments": "# made by hand\n\n" + ALIST.replace("2 3\n", "2 3  # largest weights\n", 1) + "\n\n",
    "broken column weights": ALIST.replace("1 2 1 2\n", "1 2\n1\n2\n"),
    "broken row weights": ALIST.replace("3 3\n", "3\n\n3\n"),
    "unordered": ALIST.replace("2 3 4\n", "4 3 2\n"),
    "padded in front": ALIST.replace("1 0\n", "0 1\n"),
    "unpadded": ALIST.replace("1 0\n", "1\n").replace("2 0\n", "2\n"),
}


@pytest.mark.parametrize("text", VARIANTS.values(), ids=VARIANTS.keys())
def test_reads_alist_variants(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
    np.testing.assert_array_equal(read_alist(path).toarray(), MATRIX)


@pytest.mark.parametrize("seed", range(30))
def test_alist_round_trip(path: Path, seed: int) -> None:
    matrix = random_matrix(seed)
    for given_matrix in (matrix, scipy.sparse.csr_array(matrix), scipy.sparse.coo_array(matrix)):
        write_alist(path, given_matrix)
        np.testing.assert_array_equal(read_alist(path).toarray(), matrix)


@pytest.mark.parametrize("blank_lines", [False, True])
@pytest.mark.parametrize("seed", range(30))
def test_reads_unpadded_alist(path: Path, seed: int, blank_lines: bool) -> None:
    matrix = random_matrix(seed)
    path.write_text(unpadded(matrix, blank_lines))
    np.testing.assert_array_equal(read_alist(path).toarray(), matrix)


def test_writes_what_was_written_by_hand(path: Path) -> None:
    write_alist(path, np.array(MATRIX))
    assert path.read_text() == ALIST


@pytest.mark.parametrize(
    ("name", "shape"),
    [("CCSDS_64_128", (64, 128)), ("WIMAX_288_576", (288, 576)), ("Peeling_PureIRA_2400_3000", (600, 3000))],
)
def test_reads_shared_files(shared: Path, path: Path, name: str, shape: tuple[int, int]) -> None:
    source = shared / "alist" / f"{name}.alist"
    matrix = read_alist(source)
    assert matrix.shape == shape
    # The column lists, read in another way.
    lines = [line.split() for line in source.read_text().splitlines() if line.strip()]
    transposed = matrix.toarray().T
    for column, words in zip(transposed, lines[4 : 4 + shape[1]], strict=True):
        np.testing.assert_array_equal(np.flatnonzero(column) + 1, sorted(int(w) for w in words if w != "0"))
    write_alist(path, matrix)
    np.testing.assert_array_equal(read_alist(path).toarray(), matrix.toarray())


def replaced(line: int, text: str) -> str:
    """ALIST with another line, numbered from 1."""
    lines = ALIST.splitlines()
    lines[line - 1] = text
    return "\n".join(lines) + "\n"


MALFORMED_ALIST = {
    "text for a number": (replaced(1, "4 two"), 1, "expected an integer, found 'two'"),
    "a fraction": (replaced(5, "1.0 0"), 5, "expected an integer, found '1.0'"),
    "text in a list": (replaced(10, "2 x 4"), 10, "expected an integer, found 'x'"),
    "one size": (replaced(1, "4"), 1, "expected two numbers"),
    "three sizes": (replaced(1, "4 2 2"), 1, "expected two numbers"),
    "no rows": (replaced(1, "4 0"), 1, "must lie in 1 to"),
    "negative columns": (replaced(1, "-4 2"), 1, "must lie in 1 to"),
    "too many columns": (replaced(1, "40000000 2"), 1, "must lie in 1 to"),
    "one largest weight": (replaced(2, "2"), 2, "expected two numbers"),
    "largest column weight": (replaced(2, "1 3"), 3, "largest weight of columns is 2, the header says 1"),
    "largest row weight": (replaced(2, "2 4"), 4, "largest weight of rows is 3, the header says 4"),
    "too many column weights": (replaced(3, "1 2 1 2 1"), 3, "expected the weights of 4 columns, found 5"),
    "too few column weights": (replaced(3, "1 2 1"), 4, "expected the weights of 4 columns, found 5"),
    "too many row weights": (replaced(4, "3 3 3"), 4, "expected the weights of 2 rows, found 3"),
    "a weight above the size": (replaced(3, "1 3 1 2"), 3, "weights of columns must lie in 0 to 2"),
    "a negative weight": (replaced(4, "3 -3"), 4, "weights of rows must lie in 0 to 4"),
    "sums of weights": (replaced(3, "1 2 1 1"), 4, "column weights add up to 5, the row weights to 6"),
    "too few indices": (replaced(6, "1 0"), 6, "column 2 should list 2 rows, as its weight says; found 1"),
    "too many indices": (replaced(5, "1 2"), 5, "column 1 should list 1 rows, as its weight says; found 2"),
    "a row too short": (replaced(9, "1 2 0"), 9, "row 1 should list 3 columns"),
    "an index too large": (replaced(8, "1 3"), 8, "index 3 is out of range, rows go from 1 to 2"),
    "a negative index": (replaced(8, "1 -2"), 8, "index -2 is out of range"),
    "an index too few beside -1": (replaced(8, "1 -1"), 8, "column 4 should list 2 rows"),
    "an index in a row too large": (
        replaced(10, "2 3 5"),
        10,
        "index 5 is out of range, columns go from 1 to 4",
    ),
    "an index twice": (replaced(6, "1 1"), 6, "column 2 lists one of its rows twice"),
    "an index of a row twice": (replaced(10, "2 4 4"), 10, "row 2 lists one of its columns twice"),
    "goes on too long": (ALIST + "1 2\n", 11, "the matrix is complete, and yet the file goes on"),
    "goes on after a gap": (ALIST + "\n\n1\n", 13, "goes on"),
    **{
        f"ends after line {count}": (
            "".join(ALIST.splitlines(keepends=True)[:count]),
            count,
            "the file ends here, before",
        )
        for count in range(1, 10)
    },
}


@pytest.mark.parametrize(("text", "line", "message"), MALFORMED_ALIST.values(), ids=MALFORMED_ALIST.keys())
def test_malformed_alist(path: Path, text: str, line: int, message: str) -> None:
    path.write_text(text)
    with pytest.raises(MatrixFileError, match=re.escape(f"{path}:{line}: ") + ".*" + re.escape(message)):
        read_alist(path)


def test_lists_that_disagree(path: Path) -> None:
    # Row 1 names column 3, whose list has row 2 only.
    path.write_text(replaced(9, "1 2 3"))
    with pytest.raises(MatrixFileError, match="row 1 lists column 3, but column 3 does not list row 1"):
        read_alist(path)


@pytest.mark.parametrize("read", [read_alist, read_quasi_cyclic, read_matrix])
def test_unreadable_files(tmp_path: Path, read: Any) -> None:
    for name in ("missing.alist", "missing.txt"):
        with pytest.raises(MatrixFileError, match=f"{name}: there is no such file"):
            read(tmp_path / name)
    with pytest.raises(MatrixFileError, match="cannot be read"):
        read(tmp_path)
    for content, message in [
        (b"", "the file is empty"),
        (b" \n# 1\n", "empty"),
        (b"\xff\xfe1", "not a text file"),
    ]:
        (tmp_path / "file.txt").write_bytes(content)
        with pytest.raises(MatrixFileError, match=message):
            read(tmp_path / "file.txt")


def test_lists_that_disagree_name_the_line(path: Path) -> None:
    path.write_text(replaced(9, "1 2 3"))
    with pytest.raises(MatrixFileError, match=re.escape(f"{path}:9: ")):
        read_alist(path)


def test_zero_matrix_round_trip(path: Path) -> None:
    write_alist(path, np.zeros((2, 3), np.uint8))
    np.testing.assert_array_equal(read_alist(path).toarray(), np.zeros((2, 3)))


def test_stored_zeros_are_not_written(path: Path) -> None:
    write_alist(path, scipy.sparse.csr_array(([1, 0, 1], ([0, 0, 1], [0, 1, 2]))))
    np.testing.assert_array_equal(read_alist(path).toarray(), [[1, 0, 0], [0, 0, 1]])


def test_a_matrix_that_is_not_binary_is_not_written(path: Path) -> None:
    with pytest.raises(ValueError, match="0 and 1"):
        write_alist(path, np.array([[2, 0, 1]]))


def test_reads_a_byte_order_mark(path: Path) -> None:
    path.write_text(ALIST, encoding="utf-8-sig")
    np.testing.assert_array_equal(read_alist(path).toarray(), MATRIX)


# Quasi-cyclic files


def reference_expand(base: list[list[list[int]]], z: int) -> Matrix:
    """A circulant of shift s is the identity with its columns rolled s places to the right."""
    identity, zero = np.eye(z, dtype=np.uint8), np.zeros((z, z), np.uint8)
    return np.block([[sum((np.roll(identity, s, axis=1) for s in x), zero) for x in row] for row in base])


def test_reads_quasi_cyclic(tmp_path: Path) -> None:
    path = tmp_path / "base.txt"
    path.write_text("# columns, rows, z\n4 2 7\n0 - 3,5 6  # the first row\n\n-1 1 2 0,1,2\n")
    matrix = read_quasi_cyclic(path)
    assert isinstance(matrix, scipy.sparse.csr_array)
    assert matrix.dtype == np.uint8
    base = [[[0], [], [3, 5], [6]], [[], [1], [2], [0, 1, 2]]]
    np.testing.assert_array_equal(matrix.toarray(), reference_expand(base, 7))
    # Row i of shift s has its one in column (i + s) mod z.
    assert matrix[2, 21 + (2 + 6) % 7] == 1


@pytest.mark.parametrize(("z", "text"), [(1, "3 2 1\n0 - 0\n- 0 0\n"), (4, "2 1 4\n- -1\n")])
def test_quasi_cyclic_extremes(tmp_path: Path, z: int, text: str) -> None:
    path = tmp_path / "base.txt"
    path.write_text(text)
    base = [[[] if word in ("-", "-1") else [0] for word in line.split()] for line in text.splitlines()[1:]]
    np.testing.assert_array_equal(read_quasi_cyclic(path).toarray(), reference_expand(base, z))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("2 2\n0 1\n1 0\n", 1, "the first line must give"),
        ("2 2 3 4\n0 1\n1 0\n", 1, "the first line must give"),
        ("\n2 2 0\n0 0\n0 0\n", 2, "the first line must give"),
        ("-2 2 3\n0 0\n0 0\n", 1, "the first line must give"),
        ("2 2 z\n0 0\n0 0\n", 1, "expected an integer, found 'z'"),
        ("2 2 3\n0 1\n", 2, "expected 2 rows of shifts, as line 1 says; found 1"),
        ("2 2 3\n0 1\n1 0\n0 2\n", 4, "expected 2 rows of shifts, as line 1 says; found 3. A row more may"),
        ("2 2 3\n0 1\n1 0\n1\n", 4, "expected 2 rows of shifts, as line 1 says; found 3. A row more may"),
        ("2 2 3\n0 1\n1 0\n0 0\n", 4, "this row after the shifts punctures every block column"),
        ("2 2 3\n0 1\n1 0\n0 1\n0 1\n", 5, "expected 2 rows of shifts, as line 1 says; found 4"),
        ("2 2 3\n", 1, "expected 2 rows of shifts"),
        ("2 2 3\n0 1\n# x\n1 0 2\n", 4, "expected 2 shifts, found 3"),
        ("2 2 3\n0 1\n1\n", 3, "expected 2 shifts, found 1"),
        ("2 2 3\n0 3\n1 0\n", 2, "a shift must lie in 0 to 2, or be -1; found 3"),
        ("2 2 3\n0 -2\n1 0\n", 2, "a shift must lie in 0 to 2, or be -1; found -2"),
        ("2 2 3\n0 1,-1\n1 0\n", 2, "a shift must lie in 0 to 2"),
        ("2 2 3\n0 1\n1 2,2\n", 3, "the shifts of one block must differ, found 2,2"),
        ("2 2 3\n0 1,\n1 0\n", 2, "expected an integer, found ''"),
        ("2 2 3\n0 a\n1 0\n", 2, "expected an integer, found 'a'"),
    ],
)
def test_malformed_quasi_cyclic(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "base.txt"
    path.write_text(text)
    with pytest.raises(MatrixFileError, match=re.escape(f"{path}:{line}: ") + ".*" + re.escape(message)):
        read_quasi_cyclic(path)


# Files of any kind


@pytest.mark.parametrize(
    "text",
    [
        "1 1 0 1\n0 1 1 1\n",
        "1101\n0111",
        "# H\n11 01\n\n0 1 1 1 # last\n",
        "1101\r\n0111\r\n",
        "1,1,0,1\n0,1,1,1\n",
        "1, 1, 0, 1,\n0, 1, 1, 1,\n",
        "1;1;0;1\n0;1;1;1\n",
        "% MATLAB\n1 1 0 1;\n0 1 1 1;\n",
        "1\t1\t0\t1\n0\t1\t1\t1\n",
        "1.000e+00 1.000e+00 0.000e+00 1.000e+00\n0.000e+00 1.000e+00 1.000e+00 1.000e+00\n",
        "1.0,1.,-0.0,1\n0,1e0,+1,1\n",
        ALIST,
        *VARIANTS.values(),
        ALIST.replace("1 0\n", "1 -1\n").replace("2 0\n", "2 -1\n"),
        "%%MatrixMarket matrix coordinate pattern general\n% a\n2 4 6\n1 1\n1 2\n1 4\n2 2\n2 3\n2 4\n",
        "%%MatrixMarket matrix coordinate integer general\n2 4 7\n1 1 1\n1 2 1\n1 3 0\n1 4 1\n2 2 1\n"
        "2 3 1\n2 4 1\n",
        "%%matrixmarket MATRIX array real general\n2 4\n1\n0\n1.0\n1\n0\n1\n1\n1e0\n",
    ],
)
def test_content_decides(tmp_path: Path, text: str) -> None:
    """Whatever the ending."""
    for name in ("matrix.txt", "matrix", "matrix.csv", "matrix.npz", "matrix.alist", "M.MTX"):
        (tmp_path / name).write_bytes(text.encode())
        matrix = read_matrix(tmp_path / name)
        assert matrix.dtype == np.uint8
        np.testing.assert_array_equal(dense(matrix), MATRIX)


def dense(matrix: Any) -> Any:
    return matrix.toarray() if scipy.sparse.issparse(matrix) else matrix


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("1 0\n\n1 2\n", 3, "a row of a binary matrix holds only 0 and 1, found '2'"),
        ("1,0\n1,10\n", 2, "a row of a binary matrix holds only 0 and 1, found '10'"),
        ("1 -1\n", 1, "a row of a binary matrix holds only 0 and 1"),
        ("c1,c2\n1,0\n", 1, "a row of a binary matrix holds only 0 and 1, found 'c1'"),
        ("1.5 1\n", 1, "a row of a binary matrix holds only 0 and 1, found '1.5'"),
        ("# H\n1 0 1\n1 0\n", 3, "this row has 2 entries, the first has 3"),
        ("1,0,1\n1,,1\n", 2, "an entry is missing beside a comma"),
        (",1\n", 1, "an entry is missing beside a comma"),
        ("1 0 1; 0 1 1\n", 1, "a row must be on a line of its own"),
    ],
)
def test_malformed_text(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "matrix.txt"
    path.write_text(text)
    with pytest.raises(MatrixFileError, match=re.escape(f"{path}:{line}: {message}")):
        read_matrix(path)


@pytest.mark.parametrize("pad", ["", " -1"])
def test_an_alist_that_counts_from_0_is_named(path: Path, pad: str) -> None:
    path.write_text(f"4 2\n2 3\n1 2 1 2\n3 3\n0{pad}\n0 1\n1{pad}\n0 1\n0 1 3\n1 2 3\n")
    with pytest.raises(MatrixFileError, match=r"alist:5: column 1 lists 0 .*start at 1, .*add 1 to each"):
        read_alist(path)
    with pytest.raises(MatrixFileError, match=r"alist:5: column 1 lists 0 "):
        read_matrix(path)


BANNER = "%%MatrixMarket matrix coordinate integer general\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("%%MatrixMarket vector coordinate real general\n1 1 0\n", 1, "expected %%MatrixMarket matrix"),
        ("%%MatrixMarket matrix coordinate real\n1 1 0\n", 1, "expected %%MatrixMarket matrix"),
        (BANNER.replace("integer", "complex") + "1 1 0\n", 1, "a binary matrix has the field pattern"),
        (
            BANNER.replace("general", "skew-symmetric") + "1 1 0\n",
            1,
            "a binary matrix has the symmetry general",
        ),
        (BANNER + "%\n2 2\n1 1 1\n", 3, "expected the numbers of rows, columns and entries, found 2"),
        (BANNER + "2 2 1000000000000000\n1 1 1\n", 2, "the matrix may have up to 20000000 entries"),
        (BANNER + "1000000000000 2 1\n1 1 1\n", 2, "rows and columns must lie in 1 to 10000000"),
        (BANNER + "2 2 2\n1 1 1\n", 3, "expected 2 entries, as line 2 says; found 1"),
        (BANNER + "2 2 1\n1 1 1\n2 2 1\n", 4, "expected 1 entries, as line 2 says; found 2"),
        (BANNER + "2 2 1\n1 1\n", 3, "expected row, column and value, found 2 words"),
        (BANNER + "2 2 1\n0 1 1\n", 3, "index 0 is out of range, rows go from 1 to 2"),
        (BANNER + "2 2 1\n1 3 1\n", 3, "index 3 is out of range, columns go from 1 to 2"),
        (BANNER + "2 2 1\n1 1 2\n", 3, "a binary matrix holds only 0 and 1, found '2'"),
        (BANNER.replace("general", "symmetric") + "2 3 1\n1 1 1\n", 2, "a symmetric matrix is square"),
        (BANNER.replace("general", "symmetric") + "2 2 1\n1 2 1\n", 3, "given by its lower triangle"),
        ("%%MatrixMarket matrix array pattern general\n1 1\n1\n", 1, "an array cannot be a pattern"),
        ("%%MatrixMarket matrix array real general\n2 2\n1\n0\n1\n", 5, "expected 4 values, as line 2 says"),
        (
            "%%MatrixMarket matrix array real general\n10000000 10000000\n1\n",
            3,
            "expected 100000000000000 values",
        ),
    ],
)
def test_malformed_matrix_market(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "h.mtx"
    path.write_text(text)
    with pytest.raises(MatrixFileError, match=re.escape(f"{path}:{line}: ") + ".*" + re.escape(message)):
        read_matrix(path)


def test_an_entry_given_twice(tmp_path: Path) -> None:
    (tmp_path / "h.mtx").write_text(BANNER + "2 2 2\n1 1 1\n1 1 1\n")
    with pytest.raises(MatrixFileError, match="gives an entry twice"):
        read_matrix(tmp_path / "h.mtx")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("symmetry", ["general", "symmetric"])
def test_reads_what_scipy_writes_to_matrix_market(tmp_path: Path, seed: int, symmetry: str) -> None:
    matrix = random_matrix(seed)
    if symmetry == "symmetric":
        matrix = (matrix @ matrix.T) % 2 | np.eye(len(matrix), dtype=np.uint8)
    for given, field in ((matrix.astype(float), None), (scipy.sparse.coo_array(matrix), "pattern")):
        scipy.io.mmwrite(tmp_path / "h.mtx", given, field=field, symmetry=symmetry)
        np.testing.assert_array_equal(dense(read_matrix(tmp_path / "h.mtx")), matrix)


def pchk(matrix: Any) -> bytes:
    """A file of Neal's programs."""
    numbers = [0x5080, *np.shape(matrix)]
    for i, row in enumerate(np.asarray(matrix), 1):
        numbers += [-i, *(np.flatnonzero(row) + 1).tolist()] if row.any() else []
    return b"".join(number.to_bytes(4, "little", signed=True) for number in [*numbers, 0])


@pytest.mark.parametrize("seed", range(6))
def test_reads_files_of_other_programs(tmp_path: Path, seed: int) -> None:
    matrix = random_matrix(seed)
    (tmp_path / "h.pchk").write_bytes(pchk(matrix))
    np.testing.assert_array_equal(dense(read_matrix(tmp_path / "h.pchk")), matrix)
    for packed in (False, True):
        for given in (
            matrix.astype(float),
            matrix,
            matrix == 1,
            scipy.sparse.csc_array(matrix.astype(float)),
        ):
            scipy.io.savemat(tmp_path / "h.mat", {"H": given}, do_compression=packed)
            np.testing.assert_array_equal(dense(read_matrix(tmp_path / "h.mat")), matrix)
    for order in ("C", "F"):
        for kind in (np.uint8, bool, np.int64, np.float32, ">i4"):
            np.save(tmp_path / "h.npy", np.array(matrix, kind, order=order))
            np.testing.assert_array_equal(read_matrix(tmp_path / "h.npy"), matrix)
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "h.npz", h=matrix)
        np.testing.assert_array_equal(read_matrix(tmp_path / "h.npz"), matrix)


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "bsr", "dia"])
@pytest.mark.parametrize("container", [scipy.sparse.coo_array, scipy.sparse.coo_matrix])
def test_reads_what_scipy_saves(tmp_path: Path, kind: str, container: Any) -> None:
    for seed in range(4):
        matrix = random_matrix(seed)
        scipy.sparse.save_npz(tmp_path / "h.npz", container(matrix).asformat(kind), compressed=seed % 2 == 0)
        np.testing.assert_array_equal(read_matrix(tmp_path / "h.npz").toarray(), matrix)


def test_one_of_several_matrices_is_named(tmp_path: Path) -> None:
    scipy.io.savemat(
        tmp_path / "h.mat", {"G": np.eye(3), "H": np.array(MATRIX), "s": "text", "c": [["a", 1]]}
    )
    np.savez(tmp_path / "h.npz", G=np.eye(3), H=np.array(MATRIX))
    for name in ("h.mat", "h.npz"):
        with pytest.raises(
            MatrixFileError, match=r"it has 2 \w+ that may be a matrix, 'G', 'H': name one of them"
        ):
            read_matrix(tmp_path / name)
        with pytest.raises(MatrixFileError, match=r"variable 'X' is not in it; its \w+: 'G', 'H'"):
            read_matrix(tmp_path / name, variable="X")
        np.testing.assert_array_equal(read_matrix(tmp_path / name, variable="H"), MATRIX)
    (tmp_path / "h.txt").write_text("1 0 1\n")
    with pytest.raises(MatrixFileError, match=r"a matrix of a MATLAB or \.npz file, this is neither"):
        read_matrix(tmp_path / "h.txt", variable="H")
    scipy.sparse.save_npz(tmp_path / "s.npz", scipy.sparse.csr_array(np.array(MATRIX)))
    with pytest.raises(MatrixFileError, match="this is one sparse matrix"):
        read_matrix(tmp_path / "s.npz", variable="H")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\x93NUMPY\x01\x00", "cannot be read as a matrix: the header of its array is damaged"),
        (b"MATLAB 7.3".ljust(124) + b"\x00\x02IM", "version 7.3 is not read: save .* '-v7'"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file is not read"),
        (b"\x1f\x8b\x08", "a file packed by gzip is not read: unpack it"),
        (b"\x80G\x00\x00", "a generator file .* is not read: give its parity-check file"),
        (b"\x80P\x00\x00" + bytes(8), "the file ends too early"),
        (b"\x80P\x00\x00" + bytes(12), "rows and columns must lie in 1 to 10000000, found 0 and 0"),
        (pchk(MATRIX)[:-4], "a 0 must end the file"),
        (pchk(MATRIX)[:12] + pchk(MATRIX)[16:], "a column is listed before any row"),
        (
            pchk(MATRIX).replace(b"\x04\0\0\0\xfe", b"\x05\0\0\0\xfe"),
            "column 5 is out of range, columns go from",
        ),
        (pchk(MATRIX).replace(b"\xfe", b"\xfd"), "row 3 is out of range, rows go from 1 to 2"),
        (pchk(MATRIX).replace(b"\xfe", b"\xff"), "gives an entry twice"),
    ],
)
def test_files_that_are_named_and_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "h.txt"
    path.write_bytes(content)
    with pytest.raises(MatrixFileError, match=re.escape(str(path)) + ": .*" + message):
        read_matrix(path)


def test_files_of_another_kind_than_asked_for_are_named(path: Path) -> None:
    for content, read, message in [
        (BANNER + "1 1 1\n1 1 1\n", read_alist, "this looks like a Matrix Market file: parity_check takes"),
        ("3 1 2\n0 1 0\n", read_alist, "this looks like a base-matrix file"),
        ("1 0 1\n", read_alist, "this looks like a text with the rows of a matrix"),
        (ALIST, read_quasi_cyclic, "the first line must give .* this looks like an alist"),
        (BANNER + "1 1 1\n1 1 1\n", read_quasi_cyclic, "this looks like a Matrix Market file"),
    ]:
        path.write_text(content)
        with pytest.raises(MatrixFileError, match=message):
            read(path)
    np.save(path.with_suffix(".npy"), np.array(MATRIX))
    with pytest.raises(MatrixFileError, match=r"it is a NumPy file \(.npy\); parity_check takes"):
        read_alist(path.with_suffix(".npy"))


class Alarm:
    """Unpickling one says so."""

    def __reduce__(self) -> Any:
        return pytest.fail, ("a pickle was loaded",)


def test_pickles_are_never_loaded(tmp_path: Path) -> None:
    objects = np.array([[Alarm()]], object)
    np.save(tmp_path / "h.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "h.npz", objects)
    for name in ("h.npy", "h.npz"):
        with pytest.raises(MatrixFileError, match="it holds Python objects, which are never loaded"):
            read_matrix(tmp_path / name)


FOUR = np.ones(4, np.uint8)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"format": "csr", "indices": [0, 1, 2, 3], "indptr": [0, 100000000, 4]}, "does not ascend from 0"),
        ({"format": "csr", "indices": [0, 1, 2, 3], "indptr": [0, 100000000, 0]}, "does not ascend from 0"),
        ({"format": "csr", "indices": [0, 1, 2, 3], "indptr": [0, 2, 5]}, "index pointer"),
        ({"format": "csr", "indices": [0, 1, 2, 3], "indptr": [0, 4]}, "index pointer"),
        (
            {"format": "csc", "indices": [0, 1, 2000000000, 1], "indptr": [0, 1, 2, 3, 4]},
            "index 2000000000 is out",
        ),
        (
            {"format": "csr", "indices": [0, 1, 2, 1000000], "indptr": [0, 2, 4]},
            "index 1000000 is out of range",
        ),
        ({"format": "csr", "indices": [0, 1, -9, 3], "indptr": [0, 2, 4]}, "index -9 is out of range"),
        ({"format": "csr", "indices": [0, 1, 2.5, 3], "indptr": [0, 2, 4]}, "its indices are no integers"),
        ({"format": "csr", "indices": [0, 1, 2, 3]}, "it lacks the array 'indptr'"),
        ({"format": "coo", "row": [0, 1, 0, -1], "col": [0, 1, 2, 3]}, "negative"),
        (
            {"format": "coo", "row": [0, 1, 0, 1], "col": [0, 1, 2, 4]},
            "index 4 exceeds|index 4 is out of range",
        ),
        ({"format": "coo", "row": [0, 0, 0, 0], "col": [0, 1, 2, 2]}, "gives an entry twice"),
        ({"format": "csr", "data": FOUR * 2, "indices": [0, 1, 2, 3], "indptr": [0, 2, 4]}, "only 0 and 1"),
        (
            {"format": "bsr", "data": np.ones((2, 1, 2), np.uint8), "indices": [0, 9], "indptr": [0, 1, 2]},
            "index 9 is out of range, columns of blocks go from 0 to 1",
        ),
        ({"format": "dia", "offsets": [1], "data": np.ones((2, 4), np.uint8)}, "diagonals"),
        ({"format": "csr", "shape": [2, 10**12], "indices": [0, 1, 2, 3], "indptr": [0, 2, 4]}, "no shape"),
        ({"format": "csr", "shape": [2, 4, 1], "indices": [0, 1, 2, 3], "indptr": [0, 2, 4]}, "no shape"),
        ({"format": "lil", "rows": [0]}, "it has the sparse format 'lil'; those read are csr"),
    ],
)
def test_damaged_sparse_matrices_are_refused(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    """They led to reads and writes outside of their memory."""
    np.savez(tmp_path / "h.npz", **{"shape": (2, 4), "data": FOUR, **arrays})
    with pytest.raises(MatrixFileError, match=f"cannot be read as a matrix: .*({message})"):
        read_matrix(tmp_path / "h.npz")


def announcing(shape: tuple[int, ...], content: bytes = b"\1") -> bytes:
    """A ``.npy`` whose header announces an array of this shape."""
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return out.getvalue() + content


def test_what_would_unpack_to_more_than_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "h"
    path.write_bytes(announcing((10**12, 4)))
    with pytest.raises(MatrixFileError, match=r"would take 4000000000000 bytes, and 1 are there"):
        read_matrix(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("h.npy", announcing((10**12, 4)))
    with pytest.raises(MatrixFileError, match=r"would take 4000000000000 bytes"):
        read_matrix(path)
    # Zeros in a thousandth of their size, for NumPy and for MATLAB.
    for module in (numpy_files, matlab_files):
        monkeypatch.setattr(module, "MAX_BYTES", 1 << 20)
    zeros = announcing((1100, 1000), bytes(1_100_000))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("h.npy", zeros)
    with pytest.raises(MatrixFileError, match="it would unpack to over 1 MiB"):
        read_matrix(path)
    packed = zlib.compress(zeros)
    header = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"
    path.write_bytes(header + struct.pack("<II", 15, len(packed)) + packed)
    with pytest.raises(MatrixFileError, match="it would unpack to over 1 MiB"):
        read_matrix(path)
    # An archive that says less than it holds.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("h.npy", announcing((1, 1)) + bytes(1_000_000))
    size = len(announcing((1, 1))) + 1_000_000
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", size - 1_000_000)))
    with pytest.raises(MatrixFileError, match="the file is damaged"):
        read_matrix(path)


def test_files_without_end_are_refused(tmp_path: Path) -> None:
    for read in (read_matrix, read_alist, read_quasi_cyclic) if Path("/dev/zero").exists() else ():
        with pytest.raises(MatrixFileError, match="cannot be read: this is not a regular file"):
            read("/dev/zero")
    with (tmp_path / "h.txt").open("wb") as file:
        file.truncate(1 << 30)  # takes no room
    with pytest.raises(MatrixFileError, match="the file is too large: up to 512 MiB are read"):
        read_matrix(tmp_path / "h.txt")
    with (tmp_path / "h.txt").open("wb") as file:
        file.truncate((1 << 27) + 1)
    with pytest.raises(MatrixFileError, match="the text is too long: up to 128 MiB"):
        read_matrix(tmp_path / "h.txt")


def test_reads_shared_formats(shared: Path) -> None:
    """One matrix in the formats of other programs."""
    expected = [[1, 1, 0, 1, 1, 0, 0], [1, 0, 1, 1, 0, 1, 0], [0, 1, 1, 1, 0, 0, 1]]
    folder = shared / "cases" / "matrix-formats"
    for file in sorted(folder.iterdir()):
        if file.name not in ("README", "zerobased.alist"):
            np.testing.assert_array_equal(dense(read_matrix(file)), expected, err_msg=file.name)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files that NumPy leaves open
@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_damaged_numpy_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"h{suffix}"
    if suffix == ".npy":
        np.save(path, np.array(MATRIX))
    else:
        scipy.sparse.save_npz(path, scipy.sparse.csr_array(np.array(MATRIX)))
    whole = path.read_bytes()
    # Cut short anywhere, with one byte inverted, and with a bracket that is never closed.
    damaged = [whole[:size] for size in range(0, len(whole), 7)]
    damaged += [whole[:i] + bytes([whole[i] ^ 255]) + whole[i + 1 :] for i in range(0, len(whole), 3)]
    damaged += [whole.replace(b"{", b"(", 1)]
    others = set()
    for content in damaged:
        path.write_bytes(content)
        try:
            read_matrix(path)
        except MatrixFileError:
            pass
        except Exception as error:
            others.add(type(error).__name__)
    gc.collect()
    assert not others
