"""What an iterative decoder of a concatenated code is made of: soft decoders that tell each other of bits.

S. Benedetto, D. Divsalar, G. Montorsi and F. Pollara, "Soft-input soft-output modules for the
construction and distributed iterative decoding of code networks", 1998.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from .soft_decoder import SoftDecoder

Numbers = npt.NDArray[np.integer]
Values = npt.NDArray[np.floating]


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
        """What it tells of the exchanged bits, (frames, m).

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
        told[:, self.order] = found - known - _picked(llr, self.received)
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
