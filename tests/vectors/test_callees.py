"""Functions that only kernels call."""

import numpy as np
import pytest
from capgap.vectors.callee_kernels import callee, inlined
from numba import njit


@inlined
def root(x):  # type: ignore[no-untyped-def]
    if x < 0:
        raise ValueError("below 0")
    return np.sqrt(x)


@callee
def sum_of_roots(values):  # type: ignore[no-untyped-def]
    roots = np.empty(values.size)
    for i in range(values.size):
        roots[i] = root(values[i])
    return roots.sum()


@njit
def twice(values):  # type: ignore[no-untyped-def]
    return sum_of_roots(values) + sum_of_roots(values)


def test_callees_do_what_their_python_code_does() -> None:
    values = np.array([0.0, 1.0, 4.0])
    assert twice(values) == 6.0
    assert twice(values.astype(np.int64)) == 6.0


def test_what_a_callee_raises_is_raised_by_its_kernel() -> None:
    with pytest.raises(ValueError, match="below 0"):
        twice(np.array([1.0, -1.0]))


@pytest.mark.parametrize("function", [root, sum_of_roots])
def test_python_is_refused(function) -> None:  # type: ignore[no-untyped-def]
    """With and without code for the type: there is none that Python could call."""
    twice(np.array([1.0]))
    for given in (1.0, np.array([1.0])):
        with pytest.raises(TypeError, match=f"{function.__name__} is called by kernels alone"):
            function(given)
