"""Binary matrices from files of any kind: their content says which kind it is, not their ending."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..binary.gf2 import as_matrix, as_sparse
from .alist import parse_alist
from .formats import Format, binary_format, is_matrix_market, text_format
from .matlab import parse_matlab
from .matrix_market import parse_matrix_market
from .neal import parse_pchk
from .numpy_files import parse_npy, parse_npz
from .quasi_cyclic import parse_base_matrix
from .text import MatrixFileError, parse_rows, read_bytes, text_lines

#: What to do with files that are recognised and not read.
ADVICE = {
    Format.MATLAB_73: "is not read: save the matrix with save('FILE.mat', 'NAME', '-v7')",
    Format.HDF5: "is not read: save the matrix as .npy, .npz or alist",
    Format.GENERATOR: "is not read: give its parity-check file",
    Format.GZIP: "is not read: unpack it",
    Format.NON_BINARY: "names a larger field than GF(2): nonbinary-ldpc with alist reads it",
}


@dataclass(frozen=True)
class MatrixFile:
    """What a matrix file says.

    Attributes
    ----------
    matrix
        The binary matrix, NumPy or SciPy sparse.
    punctured
        Columns, from 0, that the file says are not transmitted.
    lifting_size
        Columns of a block of a base-matrix file; None for the other kinds.
    """

    matrix: Any
    punctured: Sequence[int] = ()
    lifting_size: int | None = None


def read_matrix(path: str | Path, *, variable: str | None = None) -> Any:
    """A binary matrix, NumPy or SciPy sparse, from a file of any kind that is known.

    Parameters
    ----------
    path
        An alist; a base-matrix file; Matrix Market; MATLAB up to version 7; ``.npy``; ``.npz`` of NumPy or
        of ``scipy.sparse.save_npz``; ``.pchk`` of Neal's LDPC programs; or text with one row a line, as
        ``1 0 1 1``, ``1011``, ``1,0,1,1`` or ``1.0 0.0 1.0 1.0``. Whatever the ending, the content says
        which. ``#`` and ``%`` start comments. Up to 512 MiB, unpacked, and 128 MiB of text.
    variable
        The matrix to take from a MATLAB or ``.npz`` file that holds several.

    Raises
    ------
    MatrixFileError
        With the line where there is one, if the file does not hold a matrix of 0 and 1, or one whose
        columns are not all transmitted, which ``LDPCCode.from_file`` reads.
    """
    found = read_matrix_file(path, variable)
    if len(found.punctured):
        raise MatrixFileError(
            Path(path),
            None,
            "this base-matrix file says which columns are punctured: it is read for ldpc codes",
        )
    return found.matrix


def read_matrix_file(path: str | Path, variable: str | None = None) -> MatrixFile:
    """``read_matrix`` with what else the file says. Raises MatrixFileError as that does."""
    path = Path(path)
    content = read_bytes(path)
    kind = binary_format(content)
    if variable is not None and kind not in (Format.ZIP, Format.MATLAB):
        raise MatrixFileError(path, None, "variable names a matrix of a MATLAB or .npz file, this is neither")
    if kind in ADVICE:
        raise MatrixFileError(path, None, f"{kind.value} {ADVICE[kind]}")
    if kind is not None:
        return MatrixFile(_from_binary(path, kind, content, variable))
    if is_matrix_market(content):
        return MatrixFile(parse_matrix_market(path, content))
    lines = text_lines(path, content)
    found = text_format(lines)
    if found in ADVICE:
        raise MatrixFileError(path, lines[0][0], f"{found.value} {ADVICE[found]}")
    if found is Format.QUASI_CYCLIC:
        base = parse_base_matrix(path, lines)
        return MatrixFile(base.matrix(), base.punctured_columns(), base.z)
    return MatrixFile(parse_alist(path, lines) if found is Format.ALIST else parse_rows(path, lines))


def _from_binary(path: Path, kind: Format, content: bytes, variable: str | None) -> Any:
    try:
        matrix: Any
        if kind is Format.NPY:
            matrix = parse_npy(content)
        elif kind is Format.ZIP:
            matrix = parse_npz(content, variable)
        elif kind is Format.MATLAB:
            matrix = parse_matlab(content, variable)
        else:
            matrix = parse_pchk(content)
        return (as_sparse if hasattr(matrix, "tocsr") else as_matrix)(matrix, "the matrix")
    except ValueError as error:
        problem = str(error)
    except Exception:  # damaged files raise whatever their readers trip over
        problem = "the file is damaged"
    raise MatrixFileError(path, None, f"cannot be read as a matrix: {problem}")
