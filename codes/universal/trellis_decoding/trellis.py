"""A-posteriori decoding of any linear code on its minimal trellis.

L. R. Bahl, J. Cocke, F. Jelinek and J. Raviv, "Optimal decoding of linear codes for minimizing symbol error
rate", 1974, sections III and V, whose trellis of a block code is that of J. K. Wolf, "Efficient maximum
likelihood decoding of linear block codes using a trellis", 1978.
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar, Literal

import numpy as np

from ....vectors.group_kernels import GROUP, MESSAGE_MAX
from ....vectors.groups import GroupInput, Reads
from ....vectors.llr_grid import on_grid
from ...binary import gf2
from ...code import Code
from ...decoder import GroupResult
from ...examples import Examples
from ...linear import LinearCode
from ...soft_decoder import SoftDecoder, SoftResult, Values
from ...tie_breaking import BitStream, frames_without, hard_words
from .minimal_trellis import MAX_ENTRIES, MinimalTrellis, Numbers, trellis_of_matrix
from .trellis_kernels import decode_trellis

ALGORITHMS = ("log-map", "max-log")
#: Most states of a section, and of all sections together, which are kept: 256 bytes each.
MAX_STATE_BITS, MAX_STATES = 16, 1 << 18
#: Largest magnitude of an a-posteriori LLR: that of a bit which no codeword has as 1.
MOST = np.float32(2.0**20)
#: An LLR of log-MAP that is closer to 0 is taken as 0: its sign is that of roundings.
ROUNDING = np.float32(2.0**-14)


@dataclass(frozen=True, eq=False)
class BitTrellis:
    """A minimal trellis whose sections have all coded bits and all information bits.

    Attributes
    ----------
    trellis
        It has a section for each coded bit and, where no coded bit is that information bit, for that.
    coded, information
        int64 (sections): which coded bit and which information bit a section has; -1 where it has none.
    """

    trellis: MinimalTrellis
    coded: Numbers
    information: Numbers

    @cached_property
    def states(self) -> float:
        """States of all sections together."""
        return float(np.exp2(self.trellis.profile.astype(np.float64)).sum())


class TrellisDecoder(SoftDecoder):
    """Decides each information bit by its a-posteriori probability, on the minimal trellis of a linear code.

    Cost: a few operations for each branch of the trellis, forward and backward, and 256 bytes for each state
    and 64 frames. An information bit that is no coded bit has a section of its own, as soon as it follows
    from the coded bits before: codes that are not systematic may have more states than ``ml`` needs.

    Parameters
    ----------
    code
        A linear code with a trellis of up to 2^16 states at once, and 2^18 in all.
    algorithm
        ``log-map``: exact a-posteriori LLRs. ``max-log``: the most likely codeword with the bit 0 against the
        most likely one with the bit 1.

    Notes
    -----
    LLRs are clipped to a magnitude of 16384; a-posteriori ones, to one of 2^20. With ``max-log``, LLRs of few
    magnitudes are put on a common grid (``llr_grid.on_grid``), so that ties are ties. With ``log-map`` a
    magnitude below 2^-14 counts as one. A tie is decided by a coin, and the frame is not ``ok``.

    Raises
    ------
    ValueError
        If the code is not linear or has too many states, or ``algorithm`` is neither.

    Examples
    --------
    >>> from capgap.codes import SingleParityCheckCode
    >>> decoder = TrellisDecoder(SingleParityCheckCode(n=3))
    >>> decoder.soft([1.0, 2.0, -0.5]).information.round(2).tolist()
    [0.63, 1.77]
    """

    universal = True
    examples: ClassVar[Examples] = ({}, {"algorithm": "max-log"})

    def __init__(self, code: Code, *, algorithm: Literal["log-map", "max-log"] = "log-map") -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        if algorithm not in ALGORITHMS:
            raise ValueError(f"algorithm must be log-map or max-log, got {algorithm!r}")
        #: The parameter of this name.
        self.algorithm = algorithm
        found = bit_trellis(code)
        assert found is not None
        self._bits = found
        self._from, self._at = np.flatnonzero(found.coded >= 0), np.flatnonzero(found.information >= 0)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes of few states."""
        if not isinstance(code, LinearCode):
            return f"trellis decodes linear codes, not {code!r}: use ml"
        found, size = bit_trellis(code), "many more"
        if found is not None:
            most, states = int(found.trellis.profile.max()), found.states
            if most <= MAX_STATE_BITS and states <= MAX_STATES:
                return None
            size = f"2^{most} and 2^{math.log2(states):.1f}"
        return (
            f"trellis takes up to 2^{MAX_STATE_BITS} states at once and 2^18 in all sections, and {code!r}, "
            f"with its information bits, has {size}: use {code.default_decoder} or osd"
        )

    @property
    def reads(self) -> Reads:
        """LLRs, float32 up to a magnitude of 16384."""
        return Reads(limit=float(MESSAGE_MAX))

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        bits, tied = hard_words(self.soft_groups(given).information, given.frames, stream)
        return GroupResult(bits, frames_without(tied, given.frames))

    def soft_groups(self, given: GroupInput, prior: Values | None = None) -> SoftResult:
        """A-posteriori LLRs of groups of 64 frames."""
        self.check_given(given)
        trellis, llr = self._bits.trellis, given.soft()
        if self.algorithm == "max-log":
            llr = on_grid(llr, any_level=True, alone=True)
        sections = np.zeros((len(llr), len(trellis.active), GROUP), np.float32)
        sections[:, self._from] = llr[:, self._bits.coded[self._from]]
        if prior is not None:
            limit = np.float32(MESSAGE_MAX)
            sections[:, self._at] += np.clip(prior[:, self._bits.information[self._at]], -limit, limit)
        posterior = np.empty_like(sections)
        exact = True if self.algorithm == "log-map" else None
        decode_trellis(sections, trellis.tables, trellis.bits, int(self._bits.states), exact, posterior)
        np.clip(posterior, -MOST, MOST, out=posterior)
        if exact:
            posterior[np.abs(posterior) < ROUNDING] = 0
        information = np.empty((len(llr), self.code.k, GROUP), np.float32)
        information[:, self._bits.information[self._at]] = posterior[:, self._at]
        coded = np.empty(llr.shape, np.float32)
        coded[:, self._bits.coded[self._from]] = posterior[:, self._from]
        return SoftResult(information, coded)


@lru_cache(maxsize=16)
def bit_trellis(code: LinearCode) -> BitTrellis | None:
    """The minimal trellis with sections for information bits; None where that is far too large."""
    if code.n * code.k > MAX_ENTRIES:
        return None
    generator = code.generator_matrix
    k, n = generator.shape
    light = np.flatnonzero(generator.sum(axis=0, dtype=np.int64) == 1)
    sent_as = np.full(k, -1)
    sent_as[generator[:, light[::-1]].argmax(axis=0)] = light[::-1]  # the first one of several
    # Where the others follow from the coded bits so far: from these at the first independent columns.
    others = np.flatnonzero(sent_as < 0)
    columns, behind = generator, np.zeros(0, np.int64)
    if len(others):
        chosen = gf2.row_reduce(generator)[1]
        needed = gf2.inverse(generator[:, chosen])[:, others]
        behind = np.array([chosen[np.flatnonzero(column)[-1]] for column in needed.T])
        columns = np.hstack([generator, np.eye(k, dtype=np.uint8)[:, others]])
    coded = np.concatenate([np.arange(n), np.full(len(others), -1)])
    information = np.full(n, -1)
    information[sent_as[sent_as >= 0]] = np.flatnonzero(sent_as >= 0)
    information = np.concatenate([information, others])
    order = np.argsort(np.concatenate([np.arange(n), behind]), kind="stable")
    trellis = trellis_of_matrix(np.ascontiguousarray(columns[:, order]))
    return None if trellis is None else BitTrellis(trellis, coded[order], information[order])
