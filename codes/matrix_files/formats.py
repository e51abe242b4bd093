"""What kind of matrix file this is: its content says so, never its ending."""

import enum
import re


class Format(enum.Enum):
    """Kinds of files, with what messages call them."""

    ALIST = "an alist"
    QUASI_CYCLIC = "a base-matrix file (qc)"
    NON_BINARY = "a non-binary alist"
    MATRIX_MARKET = "a Matrix Market file"
    ROWS = "a text with the rows of a matrix"
    NPY = "a NumPy file (.npy)"
    ZIP = "a zip archive, as NumPy and SciPy write .npz"
    MATLAB = "a MATLAB file"
    MATLAB_73 = "a MATLAB file of version 7.3"
    HDF5 = "an HDF5 file"
    PCHK = "a parity-check file of Neal's LDPC programs (.pchk)"
    GENERATOR = "a generator file of Neal's LDPC programs (.gen)"
    GZIP = "a file packed by gzip"


def binary_format(content: bytes) -> Format | None:
    """The kind of a file by its first bytes; None for text, or what is not known."""
    for start, kind in (
        (b"\x93NUMPY", Format.NPY),
        (b"PK\x03\x04", Format.ZIP),
        (b"PK\x05\x06", Format.ZIP),
        (b"\x89HDF\r\n\x1a\n", Format.HDF5),
        (b"\x80P\x00\x00", Format.PCHK),
        (b"\x80G\x00\x00", Format.GENERATOR),
        (b"\x1f\x8b", Format.GZIP),
    ):
        if content.startswith(start):
            return kind
    if content[126:128] in (b"IM", b"MI") and content.startswith(b"MATLAB"):
        version = int.from_bytes(content[124:126], "little" if content[126:128] == b"IM" else "big")
        return Format.MATLAB_73 if version >= 0x0200 else Format.MATLAB
    return None


def is_matrix_market(content: bytes) -> bool:
    """Whether the banner of the Matrix Market begins a file."""
    return content.removeprefix(b"\xef\xbb\xbf")[:14].lower() == b"%%matrixmarket"


def text_format(lines: list[tuple[int, str]]) -> Format:
    """The kind of a text, from its lines that are no comments.

    Two numbers begin an alist and three a base-matrix file. Neither is ever a matrix of 0 and 1: one of
    its numbers is above 1, or its lines differ in length.
    """
    first = lines[0][1].split()
    if len(first) not in (2, 3) or not all(re.fullmatch("[0-9]+", word, re.ASCII) for word in first):
        return Format.ROWS
    lengths = {line.count("0") + line.count("1") for _, line in lines}
    if len(lengths) == 1 and not any(line.strip("01 \t\r") for _, line in lines):
        return Format.ROWS
    if set(first) <= {"0", "1"}:  # the smallest of matrices, or rows that differ in length
        weights = lines[2:3] if len(first) == 2 else lines[1:2]
        if "0" in first or [len(line.split()) for _, line in weights] != [1]:
            return Format.ROWS
    if len(first) == 2:
        return Format.ALIST
    return Format.NON_BINARY if _is_non_binary(lines, int(first[0]), int(first[1])) else Format.QUASI_CYCLIC


def _is_non_binary(lines: list[tuple[int, str]], columns: int, rows: int) -> bool:
    """Whether it goes on as alists do, with the largest weights and one weight for each column.

    A non-binary alist (M. C. Davey and D. J. C. MacKay, 1998) has the order of the field on its first line.
    """
    if len(lines) < rows + columns + 2:
        return False
    return len(lines[1][1].split()) == 2 and len(lines[2][1].split()) == columns
