"""Matrices in files: what is read, what is written, and that whatever is malformed is refused with its line."""

import gc
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse
from capgap.codes import MatrixFileError, read_alist, read_matrix, read_quasi_cyclic, write_alist

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
    "a negative index": (replaced(8, "1 -1"), 8, "index -1 is out of range"),
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
        ("2 2 3\n0 1\n1 0\n0 0\n", 4, "expected 2 rows of shifts, as line 1 says; found 3"),
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


# Text and NumPy files


@pytest.mark.parametrize(
    "text", ["1 1 0 1\n0 1 1 1\n", "1101\n0111", "# H\n11 01\n\n0 1 1 1 # last\n", "1101\r\n0111\r\n"]
)
def test_reads_text(tmp_path: Path, text: str) -> None:
    for name in ("matrix.txt", "matrix", "matrix.csv"):
        (tmp_path / name).write_bytes(text.encode())
        matrix = read_matrix(tmp_path / name)
        assert matrix.dtype == np.uint8
        np.testing.assert_array_equal(matrix, MATRIX)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("1 0\n\n1 2\n", 3, "a row of a binary matrix holds only 0 and 1"),
        ("1,0\n", 1, "a row of a binary matrix holds only 0 and 1"),
        ("1 -1\n", 1, "a row of a binary matrix holds only 0 and 1"),
        ("# H\n1 0 1\n1 0\n", 3, "this row has 2 entries, the first has 3"),
    ],
)
def test_malformed_text(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "matrix.txt"
    path.write_text(text)
    with pytest.raises(MatrixFileError, match=re.escape(f"{path}:{line}: {message}")):
        read_matrix(path)


def test_reads_numpy_and_scipy(tmp_path: Path) -> None:
    np.save(tmp_path / "h.npy", np.array(MATRIX))
    np.testing.assert_array_equal(read_matrix(tmp_path / "h.npy"), MATRIX)
    for make in (
        scipy.sparse.csr_array,
        scipy.sparse.csc_array,
        scipy.sparse.coo_array,
        scipy.sparse.csr_matrix,
    ):
        scipy.sparse.save_npz(tmp_path / "h.npz", make(np.array(MATRIX)))
        np.testing.assert_array_equal(read_matrix(tmp_path / "h.npz").toarray(), MATRIX)


@pytest.mark.parametrize("name", ["h.npy", "h.npz"])
@pytest.mark.parametrize(
    "content", [b"", b"1 0 1\n", b"\x93NUMPY\x01\x00"], ids=["empty", "text", "header only"]
)
def test_unreadable_numpy_files(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    with pytest.raises(MatrixFileError, match="there is no such file"):
        read_matrix(path)
    path.write_bytes(content)
    with pytest.raises(MatrixFileError, match=re.escape(f"{path}: cannot be read as a matrix")):
        read_matrix(path)


def test_numpy_files_that_hold_something_else(tmp_path: Path) -> None:
    np.save(tmp_path / "objects.npy", np.array([None, "x"], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "dense.npz", h=np.array(MATRIX))
    for name in ("objects.npy", "dense.npz"):
        with pytest.raises(MatrixFileError, match="cannot be read as a matrix"):
            read_matrix(tmp_path / name)


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
