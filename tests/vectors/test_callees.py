"""Functions that only kernels call."""

import importlib
import sys
from functools import cache

import numpy as np
import pytest
from capgap.vectors.compiling import callee_kernels, callee_linking_kernels
from capgap.vectors.compiling.callee_kernels import callee, inlined
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


def sum_of_compiled_roots(callees) -> float:  # type: ignore[no-untyped-def]
    """Of 0, 1 and 4, compiled anew with the decorators of a module."""
    half = callees.inlined(lambda x: np.sqrt(x))
    total = callees.callee(lambda values: half(values[0]) + half(values[1]) + half(values[2]))
    return float(njit(lambda values: total(values) + 0.0)(np.array([0.0, 1.0, 4.0])))


def test_without_what_linking_takes_of_numba_callees_are_ordinary_functions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "capgap.vectors.compiling.callee_linking_kernels", None)
    monkeypatch.delitem(sys.modules, "capgap.vectors.compiling.callee_kernels")
    callees = importlib.import_module("capgap.vectors.compiling.callee_kernels")
    assert "pipeline_class" not in callees.CALLEE
    assert "pipeline_class" not in callees.INLINED
    assert sum_of_compiled_roots(callees) == 3.0


def fails(*given: object) -> None:
    raise AttributeError("this Numba has no such thing")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("_CalleeLowering", "run_pass"),
        ("_LinkedLibrary", "finalize"),
        ("_LinkedLibrary", "_optimize_functions"),
    ],
)
def test_where_numba_does_otherwise_callees_are_ordinary_functions(
    monkeypatch: pytest.MonkeyPatch, place: str, name: str
) -> None:
    monkeypatch.setattr(getattr(callee_linking_kernels, place), name, fails)
    linking = cache(callee_linking_kernels.links.__wrapped__)
    monkeypatch.setattr(callee_linking_kernels, "links", linking)
    assert sum_of_compiled_roots(callee_kernels) == 3.0
    assert not linking()


def test_this_numba_links() -> None:
    assert callee_linking_kernels.links()
