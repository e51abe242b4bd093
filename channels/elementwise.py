"""Functions of numbers made functions of arrays: each element as if it were asked for by itself.

The functions of this package are written for one number at a time, with iterations and branches of
their own. ``elementwise`` lets them take arrays, by one rule for all: what an element becomes never depends
on the others.
"""

import functools
import inspect
import numbers
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast, overload

import numpy as np
import numpy.typing as npt

from ..vectors.whole_numbers import whole_number

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)
S_contra = TypeVar("S_contra", contravariant=True)
Array = npt.NDArray[np.float64]


class Elementwise(Protocol[P, R_co]):
    """A function of numbers that takes arrays as well."""

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...
    @overload
    def __call__(self, *args: Any, **kwargs: Any) -> Array: ...


class ElementwiseMethod(Protocol[S_contra, P, R_co]):
    """A method of the same kind."""

    def __get__(self, instance: S_contra, owner: Any = None) -> Elementwise[P, R_co]:
        """The method of an instance."""


def elementwise(function: Callable[P, R_co]) -> Elementwise[P, R_co]:
    """Let a function take arrays for those of its parameters that are annotated ``float`` or ``int``.

    Numbers, those of NumPy and arrays of shape () included, give what the function returns, a float. If any
    of these arguments is an array or a list, all are broadcast against each other as NumPy does, and the
    result is float64 of the broadcast shape; NaN where the function returns None.

    For a parameter annotated ``int`` a whole number will do, such as 1e3.

    Raises
    ------
    ValueError
        If an argument holds anything but numbers, the shapes do not go together, or the function refuses
        an element.
    """
    signature = inspect.signature(function)
    kinds = {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if parameter.annotation in (float, int)
    }
    exact = tuple(kinds.get(name) for name in signature.parameters)
    plain = cast(Callable[..., Any], function)
    places = {name: place for place, name in enumerate(signature.parameters) if name in kinds}

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if not kwargs:
            for kind, arg in zip(exact, args, strict=False):
                if kind is not None and type(arg) is not kind:
                    break
            else:  # as it is written
                return plain(*args)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = list(bound.arguments.values())
        for name, place in places.items():
            given[place] = as_numbers(given[place], name, kinds[name])
        arrays = {name: given[place] for name, place in places.items()}
        if not any(isinstance(value, np.ndarray) for value in arrays.values()):
            return plain(*given)
        try:
            spread = np.broadcast_arrays(*(np.asarray(value, object) for value in arrays.values()))
        except ValueError:
            shapes = " and ".join(str(np.shape(value)) for value in arrays.values())
            raise ValueError(f"{', '.join(arrays)} have shapes that do not go together: {shapes}") from None
        results: list[Any] = []
        for values in zip(*(array.ravel().tolist() for array in spread), strict=True):
            for place, value in zip(places.values(), values, strict=True):
                given[place] = value
            results.append(plain(*given))
        return np.array(results, np.float64).reshape(spread[0].shape)  # None becomes NaN

    return cast(Elementwise[P, R_co], wrapped)


def elementwise_method(
    function: Callable[Concatenate[S_contra, P], R_co],
) -> ElementwiseMethod[S_contra, P, R_co]:
    """``elementwise`` for a method."""
    return cast(ElementwiseMethod[S_contra, P, R_co], elementwise(function))


def as_numbers(values: Any, name: str, kind: type = float) -> Any:
    """A number as ``kind``, float or int; or an array: float64, or of Python's integers.

    Raises ValueError, naming it, for anything but numbers, and for ``int`` if one of them is not whole.
    """
    if isinstance(values, float | np.floating | np.integer):
        return float(values) if kind is float else whole_number(values, name)
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be a number or an array: its rows differ in length") from None
    if array.dtype.kind not in "buif" and not all(isinstance(x, numbers.Real) for x in array.flat):
        got = repr(values) if array.ndim == 0 else f"an array of {array.dtype}"
        raise ValueError(f"{name} must be a number, or an array of numbers where one is taken, got {got}")
    if kind is int:
        whole = [whole_number(x, name) for x in array.ravel().tolist()]
        array = np.array(whole, object).reshape(array.shape)
    else:
        try:
            array = array.astype(np.float64)
        except OverflowError:
            raise ValueError(f"{name} must lie within the range of float64") from None
    return array if array.ndim else array.item()


def as_number(value: Any, name: str) -> float:
    """A number as a float; raises ValueError, naming it, for an array and for anything else."""
    if np.ndim(value):
        raise ValueError(f"{name} must be one number, got several: shape {np.shape(value)}")
    return float(as_numbers(value, name))
