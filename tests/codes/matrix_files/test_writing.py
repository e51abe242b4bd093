"""Matrices that are written, and read again by what reads all kinds; non-binary alists are named."""

import time
from pathlib import Path

import numpy as np
import pytest
from capgap.codes import LDPCCode, LinearRateMatchedCode, read_matrix, write_matrix
from capgap.codes.ldpc.construction.ensembles import gallager
from capgap.codes.matrix_files.quasi_cyclic import base_matrix_of, expand, read_base_matrix
from capgap.codes.matrix_files.write import WRITERS, matrix_bytes
from capgap.simulate.commands.command_line import main
from scipy.sparse import csr_array


def dense(path: Path) -> list[list[int]]:
    found = read_matrix(path)
    rows: list[list[int]] = (found.toarray() if hasattr(found, "toarray") else found).tolist()
    return rows


@pytest.mark.parametrize("kind", WRITERS)
def test_whatever_is_written_is_read_again(tmp_path: Path, kind: str) -> None:
    for seed, shape in enumerate([(5, 9), (1, 3), (7, 2), (30, 40)]):
        matrix = (np.random.default_rng(seed).random(shape) < 0.3).astype(np.uint8)
        matrix[0, 0], matrix[-1, -1] = 1, seed % 2
        write_matrix(tmp_path / f"a{kind}", matrix)
        assert dense(tmp_path / f"a{kind}") == matrix.tolist()
        assert matrix_bytes(tmp_path / f"a{kind}", csr_array(matrix))


def test_circulants_are_found_and_written(tmp_path: Path) -> None:
    shifts = [[[0, 3], [], [6]], [[2], [5, 1, 4], [0]]]
    matrix, path = expand(shifts, 7), tmp_path / "a.qc"
    write_matrix(path, matrix, punctured=range(7, 14))
    base = read_base_matrix(path)
    assert (base.z, base.punctured) == (7, (1,))
    assert np.array_equal(base.matrix().toarray(), matrix.toarray())
    code = LDPCCode.from_file(path)
    assert isinstance(code, LinearRateMatchedCode)
    assert code.punctured.tolist() == list(range(7, 14))
    assert base_matrix_of(LDPCCode.from_standard("wifi", 648, "1/2").tanner_graph.sparse_matrix()).z == 27
    with pytest.raises(ValueError, match="does not consist of circulants of size 14"):
        matrix_bytes(path, expand([[[1], [2]]], 28)[:14, :42], lifting_size=14)
    with pytest.raises(ValueError, match=r"does not consist of circulants$"):
        matrix_bytes(path, np.triu(np.ones((4, 8), np.uint8)))
    with pytest.raises(ValueError, match="lifting_size must divide 14 rows and 21 columns, got 4"):
        matrix_bytes(path, matrix, lifting_size=4)
    with pytest.raises(ValueError, match="punctured columns must be whole blocks of 7"):
        matrix_bytes(path, matrix, punctured=[0])
    with pytest.raises(ValueError, match="cannot tell which columns are punctured"):
        matrix_bytes(tmp_path / "a.mtx", matrix, punctured=[0])
    with pytest.raises(ValueError, match=r"the ending must be one of \.alist, \.mat"):
        matrix_bytes(tmp_path / "a.pdf", matrix)


@pytest.mark.slow
def test_a_million_ones_take_seconds(tmp_path: Path) -> None:
    matrix = gallager(n=330_000, k=165_000, column_weight=3).matrix
    for kind in (".alist", ".mtx", ".npz", ".pchk"):
        begun = time.process_time()
        write_matrix(tmp_path / f"a{kind}", matrix)
        assert (read_matrix(tmp_path / f"a{kind}") != matrix).nnz == 0
        assert time.process_time() - begun < 10


def test_non_binary_alists_are_named(tmp_path: Path) -> None:
    """MacKay's format has pairs of a place and a field element."""
    path = tmp_path / "gf4.alist"
    path.write_text("3 2 4\n2 2\n1 1 2\n2 2\n1 3 0 0\n2 1 0 0\n1 2 2 3\n1 3 3 2\n2 1 3 3\n")
    for read in (read_matrix, read_base_matrix):
        with pytest.raises(ValueError, match="non-binary alist"):
            read(path)
    path.write_text("2 5 4\n0 1\n1 2\n-1 3\n0 0\n2 2\n")
    assert read_base_matrix(path).z == 4


def test_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    qc, alist = tmp_path / "a.qc", tmp_path / "a.alist"
    assert main(["export", "ldpc construction=ar4ja lifting_size=8", "-o", str(qc)]) == 0
    assert read_base_matrix(qc).punctured == (1,)
    assert main(["export", "ldpc construction=ar4ja lifting_size=8", "-o", str(alist)]) == 0
    assert "8 columns are not sent, which the file does not tell: 8-15" in capsys.readouterr().out
    assert main(["export", "hamming r=3", "--generator", "-o", str(tmp_path / "g.txt")]) == 0
    assert np.array(dense(tmp_path / "g.txt")).shape == (4, 7)
    assert main(["export", "hamming r=3", "-o", str(tmp_path / "h.mtx")]) == 0
    assert np.array(dense(tmp_path / "h.mtx")).shape == (3, 7)
    for words, told in (
        (["hamming r=3", "spc n=4", "-o", str(alist)], "export takes one code, and 2 are named"),
        (["hamming r=3", "-o", str(qc)], "the matrix does not consist of circulants"),
        (["hamming r=3", "-o", "a.doc"], "a.doc: the ending must be one of"),
        (["hamming r=3", "-o", str(tmp_path / "no" / "a.txt")], "No such file"),
    ):
        assert main(["export", *words]) == 2
        assert told in capsys.readouterr().err
