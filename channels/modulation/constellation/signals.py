"""Sets of equiprobable signals with mean energy 1, and the labels that choose among them."""

import math

import numpy as np
import numpy.typing as npt


class SignalSet:
    """M equiprobable signals, each of one or more samples, and perhaps a label each. Immutable.

    Parameters
    ----------
    order
        M, the number of signals.
    labels
        The integers from 0 to M - 1 in any order, shape (M): the bits that choose each signal, the first bit
        the most significant one. M must be a power of two then. None if there are none.
    name
        What it is called.

    Raises
    ------
    ValueError
        If the labels are none of these.
    """

    def __init__(self, order: int, labels: npt.ArrayLike | None, name: str) -> None:
        self._order = order
        self._labels = None if labels is None else _as_labels(labels, order)
        self._name = name

    @property
    def vectors(self) -> npt.NDArray[np.complex128]:
        """The samples of each signal, of mean energy 1: complex128, shape (M, slots)."""
        raise NotImplementedError

    @property
    def slots(self) -> int:
        """Samples that a signal takes, in time or frequency."""
        return int(self.vectors.shape[1])

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        """The labels: int64, shape (M). Raises ValueError if there are none."""
        if self._labels is None:
            raise ValueError(f"labels are needed, and {self!r} has none")
        return self._labels

    @property
    def labelled(self) -> bool:
        """Whether there are labels."""
        return self._labels is not None

    @property
    def name(self) -> str:
        """What it is called."""
        return self._name

    @property
    def order(self) -> int:
        """M, the number of signals."""
        return self._order

    @property
    def bits(self) -> float:
        """log2 M, the bits a signal could carry without noise."""
        return math.log2(self.order)

    @property
    def label_bits(self) -> npt.NDArray[np.uint8]:
        """The labels' bits: uint8, shape (M, log2 M). Raises ValueError if there are no labels."""
        labels = self.labels
        shifts = np.arange(self.order.bit_length() - 2, -1, -1)
        return ((labels[:, None] >> shifts) & 1).astype(np.uint8)

    @property
    def is_real(self) -> bool:
        """Whether all samples are real, so that each takes one real dimension."""
        return not self.vectors.imag.any()


def _as_labels(labels: npt.ArrayLike, order: int) -> npt.NDArray[np.int64]:
    array = np.asarray(labels)
    if order & (order - 1):
        raise ValueError(f"labels need a power of two of points, got {order}")
    if array.shape != (order,) or array.dtype.kind not in "iu" or (np.sort(array) != np.arange(order)).any():
        raise ValueError(f"labels must be the integers from 0 to {order - 1} in some order")
    copy = array.astype(np.int64)
    copy.flags.writeable = False
    return copy
