"""Iterative decoding of two codes in series.

S. Benedetto, D. Divsalar, G. Montorsi and F. Pollara, "Serial concatenation of interleaved codes: performance
analysis, design, and iterative decoding", 1998, section VI.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ...vectors.group_kernels import GROUP, MESSAGE_MAX
from ...vectors.groups import GroupInput, Words
from ..decision_kernels import decide_repetitions
from ..soft_decoder import SoftDecoder, Values
from .concatenated import ConcatenatedCode


class SerialIterations:
    """The inner decoder tells the outer one what it found out of its messages, and is told of these.

    Parameters
    ----------
    code
        The concatenation.
    inner, outer
        Decoders of its parts, with float32 LLRs.
    scales
        What extrinsic LLRs are multiplied by, two for each iteration: the inner decoder's, the outer one's.
    """

    def __init__(
        self,
        code: ConcatenatedCode,
        inner: SoftDecoder,
        outer: SoftDecoder,
        scales: npt.NDArray[np.float64],
    ) -> None:
        self.code, self.inner, self.outer, self.scales = code, inner, outer, scales

    def posteriors(self, given: GroupInput) -> Iterator[Values]:
        """A-posteriori LLRs of the information bits, float32 (groups, k, 64), after each iteration."""
        code, prior = self.code, None
        assert given.llr is not None
        to_outer = np.empty((len(given.llr), code.outer.n, GROUP), np.float32)
        for to, back in self.scales.reshape(-1, 2).astype(np.float32):
            found = self.inner.soft_groups(given, prior).information
            to_outer[:, code.interleaver] = _scaled(found if prior is None else found - prior, to)
            soft = self.outer.soft_groups(GroupInput(given.frames, llr=to_outer))
            yield soft.information
            prior = np.ascontiguousarray(_scaled(soft.coded - to_outer, back)[:, code.interleaver])

    def decisions(self, given: GroupInput) -> Iterator[tuple[Words, Words]]:
        """Decisions after each iteration, packed, and where they are ties."""
        for llr in self.posteriors(given):
            bits, undecided = np.empty(llr.shape[:2], np.uint64), np.empty(llr.shape[:2], np.uint64)
            decide_repetitions(llr, bits, undecided)
            yield bits, undecided


def _scaled(llr: Values, scale: np.float32) -> Values:
    found: Values = np.clip(llr * scale, -MESSAGE_MAX, MESSAGE_MAX)
    return found
