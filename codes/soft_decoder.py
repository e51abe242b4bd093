"""Decoders with soft output: a-posteriori LLRs of information bits and of coded bits.

Extrinsic LLRs are these less what was given (Hagenauer, Offer and Papke, "Iterative decoding of binary block
and convolutional codes", 1996, section I).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..vectors.batches import as_batch, lanes_of
from ..vectors.groups import GroupInput, grouped, ungrouped
from .decoder import Decoder

Values = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SoftResult:
    """A-posteriori LLRs, ln P(0) / P(1) given all that was received.

    Attributes
    ----------
    information
        Of the information bits: float32 (frames, k), or in groups (groups, k, 64).
    coded
        Of the coded bits: float32 (frames, n), or in groups (groups, n, 64).
    """

    information: Values
    coded: Values


class SoftDecoder(Decoder):
    """A decoder with soft output. A decoder of your own defines ``soft_groups`` beside what decoders do."""

    def soft_groups(self, given: GroupInput, prior: Values | None = None) -> SoftResult:
        """A-posteriori LLRs of groups of 64 frames, of the kind that ``reads`` says.

        ``prior`` has what is known of the information bits beside what was received, LLRs in natural units:
        float32 (groups, k, 64).
        """
        raise NotImplementedError

    def soft(self, llr: Any, prior: Any = None) -> SoftResult:
        """A-posteriori LLRs of frames, (frames, ...), from LLRs as for ``decode``.

        ``prior`` has LLRs of the information bits, (frames, k), as many frames as ``llr``. Of one frame by
        itself the results have one axis less. Raises ValueError for another shape, and for what ``decode``
        refuses.

        Examples
        --------
        >>> from capgap.codes import BCJRDecoder, ConvolutionalCode
        >>> decoder = BCJRDecoder(ConvolutionalCode(generators=[5, 7], k=2))
        >>> decoder.soft([4.0, 4.0, -1.0, 4.0, 4.0, 4.0, 4.0, 4.0]).information.shape
        (2,)
        """
        given = GroupInput.of_lanes(self.check_llr(llr), self.reads)
        known = None
        if prior is not None:
            lanes = lanes_of(as_batch(prior, self.code.k, "prior"), np.float32)
            if lanes.shape[1] != given.frames:
                raise ValueError(f"prior has {lanes.shape[1]} frames, and llr {given.frames}")
            if not np.isfinite(lanes).all():
                raise ValueError("prior must be finite")
            known = grouped(lanes)
        found = self.soft_groups(given, known)
        information, coded = (ungrouped(each, given.frames).T for each in (found.information, found.coded))
        if np.ndim(llr) == 1:
            return SoftResult(information[0], coded[0])
        return SoftResult(information, coded)
