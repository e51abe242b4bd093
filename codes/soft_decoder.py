"""Decoders with soft output: a-posteriori LLRs of information bits and of coded bits.

Extrinsic LLRs are these less what was given (Hagenauer, Offer and Papke, "Iterative decoding of binary block
and convolutional codes", 1996, section I). Decoders of concatenated codes are made of several that tell each
other of bits (Benedetto, Divsalar, Montorsi and Pollara, "Soft-input soft-output modules for the construction
and distributed iterative decoding of code networks", 1998).
"""

from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from ..vectors.batches import as_batch, lanes_of
from ..vectors.groups import GroupInput, grouped, ungrouped
from .decoder import Decoder

Values = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.integer]

#: Extrinsic values are clipped to this magnitude: sums of several lose nothing then, neither in float32
#: nor in decoders that clip what they are given.
MOST = 1000.0


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


@dataclass(frozen=True, eq=False)
class Constituent:
    """A soft decoder of a constituent code, and its place in the whole.

    Constituents exchange extrinsic values of m bits, which are numbered for all alike: the information bits
    of a turbo code, or, of a serial concatenation, the coded bits of the outer code.

    Attributes
    ----------
    decoder
        The soft decoder, in natural units.
    positions
        int (n of its code): which coded bit of the whole code each of its coded bits is; -1 where none is.
        Several may have the same one: both codes of a turbo code are told of the systematic bits.
    order
        int (m): bit i of the constituent is the exchanged bit ``order[i]``.
    received
        int (m): for each of its bits the coded bit of the whole code that tells all constituents of it, and
        so is no part of what they tell each other; -1 where there is none.
    exchanged
        Which of its bits are exchanged: its ``information`` bits, or its ``coded`` bits, as of an outer code.
    scales
        What its extrinsic values are multiplied by in iteration 1, 2, ...; the last one in all that follow.

    Examples
    --------
    >>> from capgap.codes import BCJRDecoder, ConvolutionalCode
    >>> decoder = BCJRDecoder(ConvolutionalCode(generators=[13, 15], feedback=13, k=2))
    >>> sent = np.arange(decoder.code.n)
    >>> Constituent(decoder, sent, order=np.array([1, 0]), received=sent[:4:2]).exchanged
    'information'
    """

    decoder: SoftDecoder
    positions: Numbers
    order: Numbers
    received: Numbers
    exchanged: Literal["information", "coded"] = "information"
    scales: tuple[float, ...] = (1.0,)

    def extrinsic(self, llr: Values, prior: Values, iteration: int = 0) -> Values:
        """What it tells of the exchanged bits, (frames, m), at most 1000 in magnitude.

        Parameters
        ----------
        llr
            LLRs of the whole code's coded bits, (frames, n).
        prior
            What the others have told, (frames, m).
        iteration
            The number of the iteration, from 0.
        """
        given, known = _picked(llr, self.positions), prior[:, self.order]
        if self.exchanged == "coded":
            found = self.decoder.soft(given + known).coded
        else:
            found = self.decoder.soft(given, known).information
        told = np.empty_like(prior)
        own = found - known - _picked(llr, self.received)
        told[:, self.order] = np.clip(own, -MOST, MOST)
        return told * prior.dtype.type(self.scales[min(iteration, len(self.scales) - 1)])


@runtime_checkable
class HasConstituents(Protocol):
    """A decoder whose iteration goes through soft decoders of constituent codes."""

    def constituents(self) -> tuple[Constituent, ...]:
        """These, in the order of an iteration. EXIT charts are made of two of them.

        They decode in float32, whatever the decoder's own precision.
        """


def _picked(llr: Values, positions: Numbers) -> Values:
    """The LLRs at positions, 0 where there is none."""
    return np.where(positions >= 0, llr[:, positions], llr.dtype.type(0))
