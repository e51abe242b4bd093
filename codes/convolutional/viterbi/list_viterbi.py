"""List decoding of convolutional codes: the best paths through the trellis, of which a check chooses one.

N. Seshadri and C.-E. W. Sundberg, "List Viterbi decoding algorithms with applications", 1994.
"""

import copy
from typing import ClassVar, Literal

import numpy as np

from ....vectors.groups import HARD, SOFT, GroupInput, Reads, Words, all_erased, frame_flags, packed
from ....vectors.whole_numbers import whole_number
from ...code import Code
from ...decoder import Check, Decoder, GroupResult, check_input
from ...examples import Examples
from ...tie_breaking import BitStream
from ..convolutional import ConvolutionalCode
from .list_viterbi_kernels import decode_list
from .viterbi_tables import ViterbiTables

#: Most paths, most bytes of the survivors of a frame, and most states of tail-biting codes.
MAX_LIST, MAX_SURVIVORS, MAX_TAIL_BITING = 256, 1 << 26, 64


class ListViterbiDecoder(Decoder):
    """Finds the most likely codewords of a convolutional code, exactly (parallel list Viterbi).

    Of a code inside a cyclic redundancy check it decides for the best codeword that passes; where none does,
    and without a check, for the best of all.

    Parameters
    ----------
    code
        A convolutional code; if it is tail-biting, of up to 64 states.
    list
        How many codewords, from 1 to 256.
    input
        ``soft`` uses the LLRs; ``hard`` their signs.

    Notes
    -----
    Costs are sums in float64: there is no ``precision``, and it is slower than ``ViterbiDecoder``, as which
    it breaks ties, by fixed pseudo-random bits. A frame is ``ok`` if not all of it is erased and, with a
    check, one of its codewords passes.

    Raises
    ------
    ValueError
        If the code is not convolutional, has too many states or steps for the list, or a parameter is outside
        its range.

    Examples
    --------
    >>> from capgap.codes import ConvolutionalCode, CRCCode, ListViterbiDecoder, decoder_of
    >>> code = CRCCode(ConvolutionalCode(generators=[5, 7], k=8), polynomial=3, bits=4)
    >>> decoder_of(code, ListViterbiDecoder, list=4)
    CheckedDecoder(ListViterbiDecoder(ConvolutionalCode([5, 7], n=20, k=8)))
    """

    counts_ml_errors = True
    examples: ClassVar[Examples] = (
        {},
        {"list": 3, "input": "hard"},
        {
            "code": {
                "type": "crc",
                "polynomial": 3,
                "bits": 5,
                "code": {"type": "convolutional", "generators": [15], "feedback": 13, "k": 12},
            },
            "list": 4,
        },
        {
            "code": {"type": "convolutional", "generators": [5, 7], "k": 8, "termination": "tail-biting"},
            "list": 2,
        },
    )

    code: ConvolutionalCode

    def __init__(self, code: Code, *, list: int = 8, input: Literal["soft", "hard"] = "soft") -> None:
        super().__init__(code)
        assert isinstance(code, ConvolutionalCode)
        check_input(input)
        #: The parameters of these names.
        self.list, self.input = whole_number(list, "list"), input
        if not 1 <= self.list <= MAX_LIST:
            raise ValueError(f"list must lie in 1 to {MAX_LIST}, got {list}")
        states, steps = 1 << code.memory, code.encoder.all_steps
        if code.termination == "tail-biting" and states > MAX_TAIL_BITING:
            raise ValueError(
                f"list-viterbi takes tail-biting codes of up to {MAX_TAIL_BITING} states, and this code has "
                f"{states}: use viterbi"
            )
        if 2 * states * steps * self.list > MAX_SURVIVORS:
            most = MAX_SURVIVORS // (2 * states * steps)
            raise ValueError(
                f"list must be at most {most} for {steps} steps of {states} states, got {list}"
                if most
                else f"list-viterbi keeps all of a frame, and {steps} steps of {states} states are too many: "
                "use viterbi"
            )
        self._tables = ViterbiTables(code)
        self._check: Check | None = None

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes convolutional codes."""
        if isinstance(code, ConvolutionalCode):
            return None
        return f"list-viterbi decodes convolutional codes, not {code!r}: use {code.default_decoder}"

    def with_check(self, check: Check) -> "ListViterbiDecoder":
        """The same decoder that decides for the best codeword that passes the check."""
        made = copy.copy(self)
        made._check = check
        return made

    @property
    def reads(self) -> Reads:
        """Soft or hard values, as ``input`` says."""
        return HARD if self.input == "hard" else SOFT

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        words, finite = self._paths(given)
        ok = ~all_erased(given)
        if self._check is None:
            return GroupResult(words[0].copy(), ok)
        bits, open_ = words[0].copy(), np.full(words.shape[1], ~np.uint64(0), np.uint64)
        for path, there in zip(words, finite, strict=True):
            taken = self._check.accepts(path) & there & open_
            bits ^= (bits ^ path) & taken[:, None]
            open_ &= ~taken
        return GroupResult(bits, ok & ~frame_flags(open_, given.frames))

    def _paths(self, given: GroupInput) -> tuple[Words, Words]:
        """The best words, uint64 (list, groups, k), and in which frames there are as many, (list, groups)."""
        tables, llr = self._tables, given.soft()
        trellis, states = tables.circuit.trellis, np.arange(tables.states, dtype=np.int32)
        starts, ends = states[:1], states[:1, None]
        if self.code.termination == "tail-biting":
            starts, ends = states, states[:, None]
        elif self.code.termination == "truncated":
            # Of equal paths that first whose newest bits are 0 the longest.
            order = sorted(states.tolist(), key=lambda s: f"{s:0{self.code.memory}b}"[::-1])
            ends = np.array([order], np.int32)
        words = np.zeros((self.list, len(llr), self.code.k), np.uint64)
        metrics = np.empty((self.list, given.frames))
        decode_list(
            llr,
            given.frames,
            tables.position,
            tables.flips,
            tables.outputs,
            trellis.entering,
            trellis.labels.ravel()[trellis.entering],
            trellis.inputs,
            tables.tail,
            starts,
            np.ascontiguousarray(ends),
            words,
            metrics,
        )
        words ^= np.uint64(0) - tables.preferred.astype(np.uint64)
        finite = packed(np.isfinite(metrics).T.astype(np.uint8))
        return words, np.ascontiguousarray(finite.T)
