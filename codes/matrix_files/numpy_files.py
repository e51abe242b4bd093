"""Matrices in the files of NumPy (``.npy``, ``.npz``) and SciPy (``.npz`` of ``scipy.sparse.save_npz``).

Sizes are compared with what is there before anything is unpacked, and Python objects are never loaded.
"""

import io
import math
import warnings
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ..binary.gf2 import MAX_ONES
from .text import MAX_BYTES

#: Most files of an archive.
MAX_MEMBERS = 1000
#: The arrays of each format that ``scipy.sparse.save_npz`` writes, beside data, format and shape.
INDEX_ARRAYS = {
    "csr": ("indices", "indptr"),
    "csc": ("indices", "indptr"),
    "bsr": ("indices", "indptr"),
    "coo": ("row", "col"),
    "dia": ("offsets",),
}


def parse_npy(content: bytes) -> npt.NDArray[Any]:
    """The array of a ``.npy`` file. Raises ValueError if it is damaged or holds Python objects."""
    stream = io.BytesIO(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # headers that Python 2 wrote
            read_header: dict[tuple[int, int], Callable[[Any], Any]] = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }
            shape, by_columns, dtype = read_header[np.lib.format.read_magic(stream)](stream)
            size = math.prod(shape) * dtype.itemsize
    except Exception:  # its parser raises whatever it trips over
        raise ValueError("the header of its array is damaged") from None
    if dtype.hasobject:
        raise ValueError("it holds Python objects, which are never loaded: save an array of numbers")
    if dtype.kind not in "buifSU":
        raise ValueError(f"it holds entries of type {dtype}, not 0 and 1")
    start = stream.tell()
    if min(shape, default=0) < 0 or size != len(content) - start:
        raise ValueError(
            f"its array of shape {shape} would take {size} bytes, and {len(content) - start} are there"
        )
    return np.frombuffer(content, dtype, math.prod(shape), start).reshape(
        shape, order="F" if by_columns else "C"
    )


def parse_npz(content: bytes, variable: str | None) -> Any:
    """The matrix of a ``.npz`` file: of SciPy, or an array of NumPy.

    ``variable`` names one of several arrays. Raises ValueError if the file is damaged, would unpack to
    over 512 MiB, or does not hold that matrix.
    """
    if content.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise ValueError(f"it holds more than {MAX_MEMBERS} files")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {
            info.filename.removesuffix(".npy"): info
            for info in archive.infolist()
            if info.filename.endswith(".npy")
        }
        room = MAX_BYTES

        def array(name: str) -> npt.NDArray[Any]:
            nonlocal room
            if name not in members:
                raise ValueError(f"it lacks the array {name!r} of a SciPy sparse matrix")
            info = members[name]
            room -= info.file_size
            if room < 0:
                raise ValueError(f"it would unpack to over {MAX_BYTES >> 20} MiB")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError("it is packed in a way that NumPy does not write")
            with archive.open(info) as file:
                return parse_npy(file.read(info.file_size))

        if {"format", "shape", "data"} <= members.keys():
            if variable is not None:
                raise ValueError("variable names one of several arrays, and this is one sparse matrix")
            return _sparse(array)
        return array(chosen(list(members), variable, "arrays"))


def chosen(names: Sequence[str], variable: str | None, what: str) -> str:
    """The one that is named, or the only one; else raises ValueError, which names what there is."""
    known = ", ".join(repr(name[:40]) for name in names[:20]) or "none"
    if variable is not None and variable not in names:
        raise ValueError(f"variable {variable!r} is not in it; its {what}: {known}")
    if variable is None and len(names) != 1:
        advice = ": name one of them with variable" if names else ""
        raise ValueError(f"it has {len(names)} {what} that may be a matrix, {known}{advice}")
    return names[0] if variable is None else variable


def _sparse(array: Callable[[str], npt.NDArray[Any]]) -> Any:
    """The sparse matrix of these arrays; what its indices are worth is seen by ``gf2.as_sparse``."""
    kind, shape, data = array("format"), array("shape"), array("data")
    name = kind.item() if kind.shape == () else b""
    name = name.decode("ascii", "replace") if isinstance(name, bytes) else str(name)
    if name not in INDEX_ARRAYS:
        raise ValueError(f"it has the sparse format {name[:40]!r}; those read are {', '.join(INDEX_ARRAYS)}")
    if shape.dtype.kind not in "iu" or shape.shape != (2,) or shape.min() < 1 or shape.max() >= 1 << 31:
        raise ValueError(f"it has no shape of two sizes: {shape.tolist()!s:.60}")
    if data.dtype.kind not in "buif":
        raise ValueError("it must hold only 0 and 1")
    if data.size > MAX_ONES:
        raise ValueError(f"the matrix may have up to {MAX_ONES} entries, found {data.size}")
    indices = [array(part) for part in INDEX_ARRAYS[name]]
    if any(part.dtype.kind not in "iu" for part in indices):
        raise ValueError("its indices are no integers")
    places: Any = indices[0] if name == "dia" else tuple(indices)
    given = (data, places) if name in ("coo", "dia") else (data, *indices)
    return getattr(scipy.sparse, f"{name}_array")(given, shape=tuple(shape.tolist()))
