"""Sparse matrices over GF(2^m), and the binary ones that stand for them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ...binary.gf2 import of_coordinates
from ...fields.galois_field import Elements, GaloisField

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SymbolMatrix:
    """A sparse matrix over a field of characteristic 2.

    Attributes
    ----------
    field
        GF(2^m).
    shape
        Rows and columns.
    rows, columns, coefficients
        Of each entry other than zero, int64, int64 and int32: in the order of the columns, and in each of
        the rows.
    """

    field: GaloisField
    shape: tuple[int, int]
    rows: Integers
    columns: Integers
    coefficients: Elements

    @classmethod
    def of_entries(
        cls, field: GaloisField, shape: tuple[int, int], rows: Any, columns: Any, coefficients: Any
    ) -> "SymbolMatrix":
        """The matrix with these entries, in any order."""
        rows, columns = np.asarray(rows, np.int64), np.asarray(columns, np.int64)
        order = np.lexsort((rows, columns))
        return cls(field, shape, rows[order], columns[order], np.asarray(coefficients, np.int32)[order])

    @cached_property
    def column_start(self) -> npt.NDArray[np.int32]:
        """Entries of column j are those from [j] to [j + 1] - 1: int32 (columns + 1)."""
        return _starts(self.columns, self.shape[1])

    @cached_property
    def by_row(self) -> npt.NDArray[np.int32]:
        """The numbers of all entries in the order of the rows, int32."""
        return np.lexsort((self.columns, self.rows)).astype(np.int32)

    @cached_property
    def row_start(self) -> npt.NDArray[np.int32]:
        """Entries of row i are ``by_row[row_start[i]]`` to ``by_row[row_start[i + 1] - 1]``."""
        return _starts(self.rows, self.shape[0])

    def binary_image(self) -> scipy.sparse.csr_array:
        """The matrix over GF(2) that does the same with bits: uint8 sparse, m times as large both ways.

        An element's bits are its coordinates, that of alpha^(m-1) first. An entry h becomes the m by m matrix
        of the product with h, whose column j holds the bits of h alpha^(m-1-j).
        """
        m = self.field.m
        basis = 1 << np.arange(m - 1, -1, -1)
        products = self.field.multiply(self.coefficients[:, None], basis)
        ones = (products[:, None, :] >> np.arange(m - 1, -1, -1)[:, None] & 1).astype(np.bool_)
        entry, row, column = np.nonzero(ones)
        shape = (self.shape[0] * m, self.shape[1] * m)
        return of_coordinates(
            self.rows[entry] * m + row, self.columns[entry] * m + column, shape, "the binary image"
        )

    def with_coefficients(self, coefficients: Elements) -> "SymbolMatrix":
        """Other values at the same places."""
        return SymbolMatrix(self.field, self.shape, self.rows, self.columns, coefficients)


def _starts(index: Integers, count: int) -> npt.NDArray[np.int32]:
    return np.append(0, np.cumsum(np.bincount(index, minlength=count))).astype(np.int32)
