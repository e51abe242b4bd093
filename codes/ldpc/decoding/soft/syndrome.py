"""Decoding of syndromes: which errors did a code see? For quantum codes and for the distribution of keys.

An error with the syndrome s is any one word that has it plus a codeword, so that a decoder of codewords finds
it: the LLRs of the errors change signs at the ones of that word (G. D. Forney, "Coset codes", 1988, section
II; for quantum codes, J. Roffe, D. R. White, S. Burton and E. Campbell, "Decoding across the quantum
low-density parity-check code landscape", 2020).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from .....vectors.batches import as_bits, one_or_all
from ....binary.gf2 import as_matrix
from ....code import Bits
from ....decoder import Decoder
from ....linear import LinearCode
from ....tie_breaking import BitStream
from ....universal.erasure import graph_matrix
from ...belief_propagation import BeliefPropagationDecoder
from .bp_guessing import BPGuessingDecoder
from .bp_osd import BPOSDDecoder
from .linear_programming import LinearProgrammingDecoder

#: Decoders by their names.
BY_NAME: dict[str, Callable[..., Decoder]] = {
    "bp": BeliefPropagationDecoder,
    "bp-osd": BPOSDDecoder,
    "bp-guessing": BPGuessingDecoder,
    "lp": LinearProgrammingDecoder,
}


@dataclass(frozen=True, eq=False)
class SyndromeResult:
    """Errors that were found for syndromes.

    Attributes
    ----------
    errors
        uint8 (frames, n): where the errors are. They have the syndrome that was given, also where the decoder
        failed.
    ok
        bool (frames): whether the decoder ended, as ``DecodeResult.ok`` says.
    iterations
        int32 (frames): iterations that it took.
    """

    errors: Bits
    ok: npt.NDArray[np.bool_]
    iterations: npt.NDArray[np.int32]


class SyndromeDecoding:
    """Finds errors from their syndromes, by a decoder of the code.

    Parameters
    ----------
    code
        A linear code, or its parity-check matrix: an array or a SciPy sparse matrix of 0 and 1, (checks, n),
        or rows. Checks may depend on each other, as those of quantum codes do.
    decoder
        ``bp``, ``bp-osd``, ``bp-guessing`` or ``lp``, or the class of any decoder of linear codes.
    parameters
        What that takes beside the code, such as ``order`` or ``iterations``.

    Raises
    ------
    ValueError
        If the matrix is not binary, it has rank n, or the decoder does not take the code or a parameter.

    Examples
    --------
    >>> H = [[1, 1, 0, 1, 1, 0, 0], [1, 0, 1, 1, 0, 1, 0], [0, 1, 1, 1, 0, 0, 1]]
    >>> decoding = SyndromeDecoding(H, "bp")
    >>> decoding.decode([1, 1, 0], prior=0.05).errors
    array([1, 0, 0, 0, 0, 0, 0], dtype=uint8)
    """

    def __init__(
        self, code: Any, decoder: str | Callable[..., Decoder] = "bp-osd", **parameters: Any
    ) -> None:
        if not isinstance(code, LinearCode):
            code = LinearCode(
                parity_check=code if scipy.sparse.issparse(code) else as_matrix(code, "parity_check")
            )
        if isinstance(decoder, str):
            if decoder not in BY_NAME:
                raise ValueError(f"decoder must be {', '.join(BY_NAME)} or a class, got {decoder!r}")
            decoder = BY_NAME[decoder]
        #: The code.
        self.code: LinearCode = code
        #: Its decoder.
        self.decoder = decoder(code, **parameters)
        checks = graph_matrix(code.tanner_graph)
        self.checks = checks.shape[0]
        # A code of syndromes and errors, whose first information bits are independent ones of the syndrome.
        unit = scipy.sparse.eye_array(self.checks, dtype=np.uint8, format="csr")
        self._cosets = LinearCode(parity_check=scipy.sparse.hstack([unit, checks], format="csr"))

    def decode(self, syndrome: Any, prior: Any, stream: BitStream | None = None) -> SyndromeResult:
        """The errors that the decoder finds.

        Parameters
        ----------
        syndrome
            0 and 1, (frames, checks), or (checks) of one frame, of which results have one axis less.
        prior
            How likely errors are, above 0 and below 1: one number, (n), or (frames, n).
        stream
            What decides ties, as ``Decoder.decode`` takes it.

        Raises
        ------
        ValueError
            If the shapes do not fit, or no error has a syndrome.
        """
        wanted = as_bits(syndrome, self.checks, "syndrome")
        chance = np.asarray(prior, np.float64)
        if chance.dtype.kind != "f" or not ((chance > 0) & (chance < 1)).all():
            raise ValueError("prior must lie above 0 and below 1")
        if chance.shape not in ((), (self.code.n,), (len(wanted), self.code.n)):
            shapes = f"one number, ({self.code.n},) or ({len(wanted)}, {self.code.n})"
            raise ValueError(f"prior must be {shapes}, got {chance.shape}")
        one = self._with_syndrome(wanted)
        llr = np.broadcast_to(np.log1p(-chance) - np.log(chance), one.shape)
        signed = np.where(one == 1, -llr, llr).astype(np.float32)
        result = self.decoder.decode(signed, stream)
        errors = one ^ self.code.encode(result.bits)
        parts = (errors, result.ok, result.iterations)
        return SyndromeResult(*(one_or_all(syndrome, part) for part in parts))

    def _with_syndrome(self, wanted: Bits) -> Bits:
        """Any one word of each syndrome, uint8 (frames, n)."""
        both, given = self._cosets, self._cosets.information_set
        messages = np.zeros((len(wanted), both.k), np.uint8)
        independent = given < self.checks
        messages[:, independent] = wanted[:, given[independent]]
        words = both.encode(messages)
        if (words[:, : self.checks] != wanted).any():
            frame = int(np.flatnonzero((words[:, : self.checks] != wanted).any(axis=1))[0])
            raise ValueError(
                f"syndrome must be that of some error: checks depend on each other, and frame {frame} "
                f"contradicts them"
            )
        return words[:, self.checks :]


def decode_syndrome(
    code: Any, syndrome: Any, prior: Any, decoder: str | Callable[..., Decoder] = "bp-osd", **parameters: Any
) -> SyndromeResult:
    """Errors from their syndromes: ``SyndromeDecoding(code, decoder, ...).decode(syndrome, prior)``.

    For the same code again and again make a ``SyndromeDecoding`` once.

    Parameters
    ----------
    code
        A linear code, or its parity-check matrix, (checks, n).
    syndrome
        0 and 1, (frames, checks), or (checks).
    prior
        How likely errors are: one number, (n), or (frames, n).
    decoder, parameters
        See ``SyndromeDecoding``.

    Raises
    ------
    ValueError
        As ``SyndromeDecoding`` and its ``decode`` do.

    Examples
    --------
    >>> H = [[1, 1, 0, 1, 1, 0, 0], [1, 0, 1, 1, 0, 1, 0], [0, 1, 1, 1, 0, 0, 1]]
    >>> decode_syndrome(H, [0, 1, 1], prior=0.05, order=1).errors
    array([0, 0, 1, 0, 0, 0, 0], dtype=uint8)
    """
    return SyndromeDecoding(code, decoder, **parameters).decode(syndrome, prior)
