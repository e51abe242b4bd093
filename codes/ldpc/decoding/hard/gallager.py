"""Gallager's hard-decision message passing: algorithms A, B and E.

R. G. Gallager, "Low-Density Parity-Check Codes", 1963, section 4.3; names and algorithm E after T. Richardson
and R. Urbanke, "The capacity of low-density parity-check codes under message-passing decoding", 2001, section
III and example 5.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from .....vectors.groups import Words
from .....vectors.whole_numbers import whole_number
from ....code import Code
from ....examples import Examples
from .hard_iterative import HardIterativeDecoder
from .message_kernels import pass_messages

#: The largest weight of what was received.
MAX_WEIGHT = 100


class _Gallager(HardIterativeDecoder):
    """Hard messages by ``pass_messages``."""

    #: Of algorithms A and B, in each iteration: with so many checks against what was received, a message is
    #: its opposite.
    _flip_at: npt.NDArray[np.int32]
    #: Of algorithm E: how much what was received counts, in the first iteration and the next ones.
    _weights: npt.NDArray[np.int32]

    def __init__(self, code: Code, iterations: int) -> None:
        super().__init__(code, iterations)
        self._flip_at = np.zeros((1, code.n), np.int32)
        self._weights = np.zeros(0, np.int32)

    def _run(
        self,
        words: Words,
        erased: Words,
        seeds: Words,
        frames: int,
        iterations: int,
        bits: Words,
        ok: Words,
        spent: npt.NDArray[np.int32],
    ) -> None:
        tables, rule = self._tables, (self._flip_at, self._weights)
        pass_messages(words, erased, frames, tables, *rule, iterations, bits, ok, spent)


class GallagerADecoder(_Gallager):
    """A variable sends what was received, unless all other checks say the opposite (algorithm A).

    A decision is that of most checks, or what was received where they are undecided. On the BSC, for
    which it is made, (3, 6) codes have the threshold 0.0395; Gallager's B is never worse in the limit.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    iterations
        The most iterations, from 1 to 100,000. A frame ends when its decisions are a codeword, before the
        first iteration too.

    Notes
    -----
    Erased bits are filled in as by ``peeling`` first. A frame is ``ok`` when its decisions fulfil all checks.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import LDPCCode
    >>> decoder = GallagerADecoder(LDPCCode.regular(96, 48, 3))
    >>> llr = np.ones(96)
    >>> llr[5] = -1
    >>> bool(decoder.decode(llr).ok)
    True
    """

    name = "gallager-a"
    examples: ClassVar[Examples] = ({"iterations": 20},)

    def __init__(self, code: Code, *, iterations: int = 100) -> None:
        super().__init__(code, iterations)
        least = np.maximum(self._linear.tanner_graph.variable_degrees - 1, 1)
        self._flip_at = least[None].astype(np.int32)


class GallagerBDecoder(_Gallager):
    """A variable sends what was received, unless enough other checks say the opposite (algorithm B).

    A decision is that of most checks, or what was received where they are undecided.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    threshold
        So many other checks are enough. ``majority``: more than half of a variable's checks, so that what was
        received counts as one more and decides where they are undecided; of degree 3 that is 2, as in
        algorithm A. A number: for all variables; of those with fewer other checks it takes all of them. A
        list of numbers: in the first iteration, the second, ...; the last of them in all others.
    iterations
        The most iterations, from 1 to 100,000. A frame ends when its decisions are a codeword, before the
        first iteration too.

    Notes
    -----
    Gallager's own threshold changes from one iteration to the next with the error rate of messages, which he
    computes for the ensemble. For degree 3 it is 2 throughout. From degree 4 on it falls: (4, 8) codes have
    the threshold 0.0475 with 3 throughout, which ``majority`` is, and 0.0517 with 3 at first and 2 in the
    end; (5, 10) codes 0.0277 with 4 throughout and 0.0416 with 4 and then 3.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.
    """

    name = "gallager-b"
    examples: ClassVar[Examples] = ({"iterations": 20},)

    def __init__(
        self,
        code: Code,
        *,
        threshold: int | Sequence[int] | Literal["majority"] = "majority",
        iterations: int = 100,
    ) -> None:
        super().__init__(code, iterations)
        degrees = self._linear.tanner_graph.variable_degrees
        if threshold == "majority":
            least = [degrees // 2 + 1]
        else:
            if isinstance(threshold, str) or (isinstance(threshold, Sequence) and len(threshold) == 0):
                raise ValueError(f"threshold must be majority, a number or a list, got {threshold!r}")
            numbers = threshold if isinstance(threshold, Sequence) else [threshold]
            most, least = max(int(degrees.max(initial=0)) - 1, 1), []
            for each in numbers:
                number = whole_number(each, "threshold")
                if not 1 <= number <= most:
                    raise ValueError(
                        f"threshold must lie in 1 to {most}, a variable's other checks, got {number}"
                    )
                least.append(np.maximum(np.minimum(number, degrees - 1), 1))
        #: The parameter of this name.
        self.threshold = threshold
        self._flip_at = np.array(least, np.int32)


class GallagerEDecoder(_Gallager):
    """Messages are 1, 0 or -1: the sign of the sum of all others, and of what was received (algorithm E).

    So a variable that is in doubt says nothing. Erased bits are 0, and need no coins: on the BEC it does
    what peeling does.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    weights
        What was received counts as so many messages: in the first iteration, the second, ...; the last of
        them in all others. 2 and then 1, as published, suits variables of degree 3; each from 1 to 100.
    iterations
        The most iterations, from 1 to 100,000. A frame ends when its decisions are a codeword, before the
        first iteration too.

    Notes
    -----
    A decision is the sign of the sum with all messages, and what was received where that is 0. A frame is
    ``ok`` when its decisions fulfil all checks, and no erased bit is left, which are coins.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.
    """

    name = "gallager-e"
    takes_erasures = True
    examples: ClassVar[Examples] = ({"iterations": 20},)

    def __init__(self, code: Code, *, weights: Sequence[int] = (2, 1), iterations: int = 100) -> None:
        super().__init__(code, iterations)
        if isinstance(weights, str) or not isinstance(weights, Sequence) or len(weights) == 0:
            raise ValueError(f"weights must be a list of whole numbers, such as [2, 1], got {weights!r}")
        numbers = [whole_number(weight, "weights") for weight in weights]
        if not all(1 <= weight <= MAX_WEIGHT for weight in numbers):
            raise ValueError(f"weights must lie in 1 to {MAX_WEIGHT}, got {list(weights)}")
        #: The parameter of this name.
        self.weights = tuple(numbers)
        self._weights = np.array(numbers, np.int32)
