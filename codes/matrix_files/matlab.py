"""Matrices in MATLAB files of level 5, versions 5 to 7 (MathWorks, "MAT-File Format"), read by SciPy.

What is packed is unpacked here, up to a size, so that SciPy meets only as many bytes as it was given.
"""

import io
import math
import struct
import warnings
import zlib
from typing import Any

from .numpy_files import chosen
from .text import MAX_BYTES

#: The length of the header, and the type of an element that is packed.
HEADER, COMPRESSED = 128, 15
#: Classes of variables that may be matrices: for the others SciPy would build Python objects.
CLASSES = ("double", "single", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")
#: Most variables of a file.
MAX_VARIABLES = 1000


def parse_matlab(content: bytes, variable: str | None) -> Any:
    """The matrix of a MATLAB file, NumPy or SciPy sparse.

    ``variable`` names one of several. Raises ValueError if the file is damaged, would unpack to over
    512 MiB, or does not hold that matrix.
    """
    from scipy.io import loadmat, whosmat

    unpacked = io.BytesIO(_unpacked(content))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        suitable = [
            name
            for name, shape, kind in whosmat(unpacked)
            if kind in (*CLASSES, "logical", "sparse") and len(shape) == 2 and min(shape) > 0
            if kind == "sparse" or math.prod(shape) <= MAX_BYTES
        ]
        name = chosen(suitable, variable, "variables")
        unpacked.seek(0)
        return loadmat(unpacked, variable_names=[name])[name]


def _unpacked(content: bytes) -> bytes:
    """The same file with no element packed."""
    order = "<" if content[126:128] == b"IM" else ">"
    parts, at, room, count = [content[:HEADER]], HEADER, MAX_BYTES, 0
    while at < len(content):
        if len(content) - at < 8:
            raise ValueError("the file ends too early")
        kind, size = struct.unpack_from(f"{order}II", content, at)
        end = at + 8 + size
        count += 1
        if end > len(content) or count > MAX_VARIABLES:
            problem = "the file ends too early" if end > len(content) else "it holds too many variables"
            raise ValueError(problem)
        if kind == COMPRESSED:
            element = zlib.decompressobj().decompress(content[at + 8 : end], room + 1)
        else:
            element = content[at:end]
        room -= len(element)
        if room < 0:
            raise ValueError(f"it would unpack to over {MAX_BYTES >> 20} MiB")
        parts.append(element)
        at = end
    return b"".join(parts)
