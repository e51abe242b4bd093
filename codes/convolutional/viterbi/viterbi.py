"""Maximum-likelihood decoding of convolutional codes by the Viterbi algorithm.

A. J. Viterbi, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm", 1967;
G. D. Forney, "The Viterbi algorithm", 1973; S. Lin and D. J. Costello, "Error Control Coding", 2nd edition,
2004, section 12.1.
"""

from typing import ClassVar, Literal

import numpy as np

from ....vectors.group_kernels import GROUP
from ....vectors.groups import HARD, GroupInput, Reads, Soft, all_erased
from ....vectors.llr_grid import on_grid
from ....vectors.packed_kernels import unpack_votes
from ...code import Code
from ...decoder import Decoder, GroupResult, check_input
from ...examples import Examples
from ...tie_breaking import BitStream
from ..convolutional import ConvolutionalCode
from .tail_biting import MAX_EXACT, TAIL_BITING, TailBiting, TailBitingSearch
from .trellis_search import PRECISIONS, Precision, TrellisSearch
from .viterbi_tables import ViterbiTables

#: The LLR, over the code's rate, that is the largest in fixed point unless one asks for other steps.
CLIPPED_INT8, CLIPPED_INT16 = 20.0, 112.0


def default_scale(largest: int, precision: Precision, rate: float) -> float:
    """Steps to one unit of the LLR, of which ``largest`` is the largest that counts.

    Found by trying: (133,171) in int8 has 0.007 dB less than float32 at 4 dB with 20, and 0.02 dB with 14,
    which is better where a tenth of the frames fail.
    """
    return largest / (rate * (CLIPPED_INT16 if precision == "int16" else CLIPPED_INT8))


class ViterbiDecoder(Decoder):
    """Finds the most likely codeword of a convolutional code: the best path through its trellis.

    Exactly: survivors are kept until they have merged, over whatever many steps.

    Parameters
    ----------
    code
        A convolutional code.
    input
        ``soft`` uses the LLRs; ``hard`` their signs, so that the nearest codeword in Hamming distance is
        found (erased bits count for nothing).
    precision
        Of LLRs and path metrics: ``float32``, or ``int16`` or ``int8``, fixed point with ``llr_scale`` steps
        to one unit of the LLR. See the notes.
    llr_scale
        For fixed point, above 0.
    tail_biting
        For tail-biting codes. ``exact``, up to 256 states, finds the most likely codeword. ``wrap-around``
        goes around the frame up to four times, each time from the metrics at the end, until a path begins in
        the state in which it ends: the best one, or, after the first time, one of the next three to the
        states in which these begin (R. Y. Shao, S. Lin and M. P. C. Fossorier, "Two decoding algorithms for
        tailbiting codes", 2003). What has not then is decided as it stands, and not ``ok``.

    Notes
    -----
    Ties are broken by fixed pseudo-random bits: of paths that are as good the one is taken that is, in the
    last of the bits in which they differ, nearer to the codeword of these bits. So for random data each of
    the tied codewords is as likely to be the one that was sent, and the all-zero word is not favoured.
    Metrics are exact where LLRs are multiples of one LLR (see ``llr_grid.on_grid``): ties over the binary
    symmetric channel are ties.

    A frame is ``ok`` unless all of it is erased, or a wrap-around decoder has found no path around. Another
    codeword may be as likely: ``ok`` says nothing of that.

    In fixed point LLRs are clipped to a magnitude ``largest``, with which metrics, taken from the least one,
    fit into their type: of whole numbers up to there nothing is lost. By default it is an LLR of 20 times the
    code's rate in int8, and 112 times in int16. With (133,171) int8 loses 0.02 dB where a fifth of the frames
    are wrong, 0.01 dB where one in 250 is, and more at higher SNR, as larger LLRs are clipped.

    Raises
    ------
    ValueError
        If the code is not convolutional or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import ConvolutionalCode
    >>> code = ConvolutionalCode(generators=[5, 7], k=2)
    >>> ViterbiDecoder(code).decode([4.0, -4.0, -1.0, 4.0, 4.0, 4.0, 4.0, 4.0]).bits.shape
    (2,)
    """

    examples: ClassVar[Examples] = (
        {},
        {"input": "hard"},
        {"precision": "int8"},
        {
            "code": {"type": "convolutional", "generators": [15], "feedback": 13, "k": 11},
            "precision": "int16",
            "llr_scale": 100,
        },
        {
            "code": {"type": "convolutional", "generators": [133, 171], "k": 9, "termination": "tail-biting"},
        },
        {
            "code": {"type": "convolutional", "generators": [5, 7], "k": 30, "termination": "tail-biting"},
            "tail_biting": "wrap-around",
            "precision": "int8",
        },
    )

    code: ConvolutionalCode

    def __init__(
        self,
        code: Code,
        *,
        input: Literal["soft", "hard"] = "soft",
        precision: Precision = "float32",
        llr_scale: float | None = None,
        tail_biting: TailBiting = "exact",
    ) -> None:
        super().__init__(code)
        assert isinstance(code, ConvolutionalCode)
        check_input(input)
        if precision not in PRECISIONS:
            raise ValueError(f"precision must be {', '.join(PRECISIONS)}, got {precision!r}")
        if input == "hard" and precision != "float32":
            raise ValueError("precision belongs to soft input: leave it out, or set input: soft")
        if llr_scale is not None and precision == "float32":
            raise ValueError("llr_scale belongs to fixed point: leave it out, or set precision: int8")
        if tail_biting not in TAIL_BITING:
            raise ValueError(f"tail_biting must be {' or '.join(TAIL_BITING)}, got {tail_biting!r}")
        closed = code.termination == "tail-biting"
        if tail_biting != "exact" and not closed:
            raise ValueError("tail_biting belongs to codes with termination: tail-biting: leave it out")
        if tail_biting == "exact" and closed and 1 << code.memory > MAX_EXACT:
            raise ValueError(
                f"tail_biting: exact takes up to {MAX_EXACT} states, and this code has {1 << code.memory}: "
                "decode by {type: viterbi, tail_biting: wrap-around}"
            )
        #: The parameters of these names.
        self.input, self.precision, self.tail_biting = input, precision, tail_biting
        tables = ViterbiTables(code)
        #: Whether paths in the tail are kept from inputs of 1, which takes metrics without bounds.
        self._wide = tables.tail < tables.steps
        if self._wide and precision != "float32":
            raise ValueError(
                f"precision: {code!r} has inputs of different memory, whose tail takes float32: leave it out"
            )
        metrics: Precision = "int8" if input == "hard" and not self._wide else precision
        self._tables, self._search = tables, TrellisSearch(tables, metrics)
        self._around = TailBitingSearch(self._search, tail_biting) if closed else None
        #: Steps to one unit of the LLR, None for float32; the largest LLR in steps, None for float32.
        self.llr_scale: float | None = None
        self.largest = None if input == "hard" else self._search.largest
        if self.largest is not None:
            if self.largest < 1:
                raise ValueError(f"precision: metrics of {code!r} do not fit into {precision}")
            scale = default_scale(self.largest, precision, code.rate) if llr_scale is None else llr_scale
            self.llr_scale = float(scale)
            if not 0 < self.llr_scale <= np.iinfo(np.int16).max:
                raise ValueError(f"llr_scale must lie in (0, 32767], got {llr_scale}")

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes convolutional codes."""
        if isinstance(code, ConvolutionalCode):
            return None
        return f"viterbi decodes convolutional codes, not {code!r}: use {code.default_decoder}"

    @property
    def reads(self) -> Reads:
        """Hard values, or LLRs of the precision, in fixed point up to what metrics allow."""
        if self.input == "hard":
            return HARD
        if self.llr_scale is None:
            return Reads()
        assert self.largest is not None
        return Reads("soft", self.precision, self.llr_scale, float(self.largest))

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        llr, search = self._values(given), self._search
        ok = ~all_erased(given)
        if self._around is not None:
            words, found = self._around.find(llr)
            ok &= found[: given.frames]
        else:
            ends = 0 if self.code.termination == "zero" else None
            words = search.find(llr, search.from_zero, ends).words
        return GroupResult(self._tables.information(words), ok)

    def _values(self, given: GroupInput) -> Soft:
        """LLRs as the search takes them: of hard values 1, -1 and 0."""
        if given.llr is None:
            assert given.hard is not None
            votes = np.empty((*given.hard.shape, GROUP), np.int8)
            unpack_votes(given.hard, given.hard[:0] if given.erased is None else given.erased, votes)
            return votes.astype(np.float32) if self._wide else votes
        return given.llr if self.llr_scale is not None else on_grid(given.llr, any_level=True, alone=True)
