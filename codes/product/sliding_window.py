"""Hard decoding of staircase codes in a window.

B. P. Smith, A. Farhood, A. Hunt, F. R. Kschischang and J. Lodge, "Staircase codes: FEC for 100 Gb/s OTN",
2012.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ...vectors.groups import HARD, GroupInput, Words, frame_flags
from ...vectors.whole_numbers import whole_number
from ..code import Code
from ..decoder import Decoder, GroupResult
from ..examples import Examples
from ..tie_breaking import BitStream, break_ties
from ..turbo.decoding.iterations import number_of_iterations
from ..universal.trials.hard_words import not_codewords
from .bounded import BoundedDistance
from .product import over_rows
from .staircase import StaircaseCode


class SlidingWindowDecoder(Decoder):
    """Corrects the component words of some blocks of a staircase code, and moves on by one block.

    In an iteration all words between the blocks of the window are corrected, from the oldest blocks to the
    newest. What the component's decoder does not declare right stays as it is, and so do words of which a bit
    that is known to be 0, before the first block and in the last, would be corrected.

    Parameters
    ----------
    code
        A staircase code.
    window
        How many pairs of blocks are corrected together; 1 or more, and as many as there are at most.
    iterations
        The most iterations before the window moves on, from 1 to 1000. A frame ends sooner with one that
        changes nothing.
    component
        A decoder of the component. By default up to floor((d - 1) / 2) errors are corrected, by a table of
        syndromes, which takes n - k up to 16.

    Notes
    -----
    A frame is ``ok`` if it ends as a word of the code. Its iterations are those of all places of
    the window. Of erasures it knows nothing: they are decided by coins.

    Raises
    ------
    ValueError
        If the code is no staircase code, the decoder is one of another code or has to be named, or a number
        is outside its range.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> code = StaircaseCode(component=HammingCode(r=4, extended=True), blocks=2)
    >>> SlidingWindowDecoder(code).decode([-1.0] * 3 + [1.0] * 165).bits.any()
    np.False_
    """

    reads = HARD
    counts_failures = True
    examples: ClassVar[Examples] = (
        {
            "code": {
                "type": "staircase",
                "component": {"type": "hamming", "r": 4, "shorten": 1},
                "blocks": 3,
            },
            "window": 2,
            "iterations": 3,
        },
    )

    code: StaircaseCode

    def __init__(
        self, code: Code, *, window: int = 7, iterations: int = 7, component: Decoder | None = None
    ) -> None:
        super().__init__(code)
        assert isinstance(code, StaircaseCode)
        #: The parameters of these names.
        self.window, self.iterations = whole_number(window, "window"), number_of_iterations(iterations)
        if self.window < 1:
            raise ValueError(f"window must be at least 1, got {window}")
        self._component = BoundedDistance("component", code.component, component)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes staircase codes."""
        if isinstance(code, StaircaseCode):
            return None
        return f"sliding-window decodes staircase codes, not {code!r}"

    @classmethod
    def parts(cls, code: Code) -> Mapping[str, Code]:
        """The component."""
        return {"component": code.component} if isinstance(code, StaircaseCode) else {}

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        assert given.hard is not None
        words, spent = given.hard.copy(), np.zeros(given.frames, np.int32)
        break_ties(words, given.erased, np.arange(self.code.n), given.frames, stream)
        blocks = self.code.split(words)
        last = self.code.blocks + 1
        for first in range(1, max(1, last - self.window + 1) + 1):
            self._decode_window(blocks, range(first, min(first + self.window, last + 1)), spent)
        words = self.code.joined(blocks)
        bits = self.code.information_words(words)
        wrong = not_codewords(self.code, bits, words)
        return GroupResult(bits, frame_flags(~wrong, given.frames), spent)

    def _decode_window(self, blocks: Words, window: range, spent: npt.NDArray[np.int32]) -> None:
        """Iterations at one place of the window, in place; adds what frames take of them to ``spent``."""
        live = np.full(blocks.shape[1], 2**64 - 1, np.uint64)
        for _ in range(self.iterations):
            going = np.flatnonzero(live)
            if not len(going):
                break
            spent += frame_flags(live, len(spent))
            concerned = slice(window.start - 1, window.stop)
            before = blocks[concerned, going]
            for i in window:
                self._correct_pair(blocks, i, going)
            live[going] &= np.bitwise_or.reduce(before ^ blocks[concerned, going], axis=(0, 2, 3))

    def _correct_pair(self, blocks: Words, i: int, going: npt.NDArray[np.int64]) -> None:
        """Correct the words of blocks i - 1 and i of some groups, in place."""
        m = self.code.side
        words = np.concatenate([blocks[i - 1, going].swapaxes(1, 2), blocks[i, going]], axis=2)
        flips = over_rows(self._component.correct, words) ^ words
        known = (
            slice(0, m) if i == 1 else slice(m, self.code.component.k) if i > self.code.blocks else slice(0)
        )
        flips &= ~np.bitwise_or.reduce(flips[:, :, known], axis=2)[:, :, None]
        blocks[i - 1, going] ^= flips[:, :, :m].swapaxes(1, 2)
        blocks[i, going] ^= flips[:, :, m:]
