"""Polar codes by their construction or from standards, as configurations name them."""

from typing import Any, Literal

from ...vectors.whole_numbers import whole_number
from ..examples import with_examples
from ..octal import Octal, octal_digits
from .construction.polarization_weight import best, polarization_weights
from .construction.reed_muller import row_weights
from .polar import PolarCode, kernels_of
from .pretransform import Pretransform

Construction = Literal["pw", "reed-muller"]


@with_examples(
    {"n": 8, "k": 4},
    {"n": 16, "k": 11, "construction": "reed-muller", "systematic": True},
    {"n": 32, "k": 16, "construction": "reed-muller", "convolution": 133},
    {"n": 16, "frozen": [0, 1, 2, 4]},
)
def polar(
    *,
    n: int,
    k: int | None = None,
    construction: Construction | None = None,
    frozen: list[int] | None = None,
    convolution: Octal | None = None,
    systematic: bool = False,
) -> PolarCode:
    """A polar code of length n with k information bits, chosen by a construction; or by its frozen positions.

    ``convolution``, octal, makes a PAC code of it.
    """
    kernels = kernels_of(n, None)
    origin: dict[str, Any] = {}
    if frozen is not None:
        if construction is not None:
            raise ValueError("frozen names the positions itself: leave out construction")
        outside = [i for i in frozen if not 0 <= i < n]
        if outside:
            raise ValueError(f"frozen must lie in 0 to {n - 1}, got {outside[0]}")
        positions = sorted(set(range(n)) - set(frozen))
        if k is not None and k != len(positions):
            raise ValueError(f"frozen must name n - k = {n - k} positions, each once, got {len(frozen)}")
        origin["frozen set"] = "as given"
    else:
        if k is None:
            raise ValueError("k is missing")
        k = whole_number(k, "k")
        if not 1 <= k <= n:
            raise ValueError(f"k must lie in 1 to n = {n}, got {k}")
        name = construction or "pw"
        order = polarization_weights(n) if name == "pw" else row_weights(n) + polarization_weights(n) / n
        positions = best(order, k).tolist()
        origin["frozen set"] = name
    pretransform = None
    if convolution is not None:
        digits = octal_digits(convolution, "convolution")
        pretransform = Pretransform.of_convolution(n, int(digits, 8))
        origin["convolution"] = digits
    return PolarCode(
        information=positions,
        kernels=kernels,
        systematic=systematic,
        pretransform=pretransform,
        origin=origin,
    )
