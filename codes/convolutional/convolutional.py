"""Convolutional codes in frames.

P. Elias, "Coding for noisy channels", 1955; S. Lin and D. J. Costello, "Error Control Coding", 2nd edition,
2004, chapters 11 and 12.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np

from ...vectors.groups import Words
from ...vectors.whole_numbers import whole_number
from ..binary import gf2
from ..code import Bits, check_array, check_length
from ..encoded import EncodedLinearCode
from ..examples import Examples
from ..linear import LowWeights, WeightFunction, read_only
from ..parameters.octal import Octal
from .encoding.circuit import Circuit, Numbers, read_only_numbers, shift_registers
from .encoding.encoder import Encoder
from .encoding.polynomials import common_factor, octal_of, polynomial_text, taps_of
from .encoding.puncturing import pattern_of, repeated
from .weights.catastrophe import is_catastrophic
from .weights.distance import DistanceSpectrum, distance_spectrum, free_distance
from .weights.frame_weights import FrameWeights
from .weights.one_to_one import is_one_to_one

#: How many weights of a long frame's spectrum are looked for.
LOW_WEIGHTS = 12
#: And how many are shown.
SHOWN_WEIGHTS = 8


class ConvolutionalCode(EncodedLinearCode):
    """A convolutional code of rate 1/n0 or k0/n0, in frames of k information bits.

    Of a standard ``by_name.convolutional`` makes it, as a configuration does. A step takes k0 information
    bits and puts out n0 coded bits, in the order of the generators. The coded bits of a frame are those of
    its steps one after the other, without those that are punctured. Tail bits are among them.

    Parameters
    ----------
    generators
        Octal digits, as in 133 and 171, the most significant bit for the current input; for k0 inputs a list
        of n0 polynomials each. With ``feedback``, numerators over it.
    k
        Information bits a frame, a multiple of k0.
    feedback
        Octal digits: the encoder is recursive and systematic. The information bits are the first output; a
        generator that is the feedback polynomial stands for it.
    termination
        ``zero``: tail bits bring the encoder back to the zero state, memory times n0 / k0 more coded bits.
        ``tail-biting``: it begins in the state in which it ends. ``truncated``: it begins at zero, and ends
        anywhere.
    puncture
        Rows of 0 and 1, one for each output: 1 is sent. They are repeated over all steps, the tail's too.
    puncture_tail
        Rows that are repeated over the steps of the tail in their place.

    Raises
    ------
    ValueError
        If generators are no octal polynomials, could be meant in two ways, or make a catastrophic encoder, if
        the memory is above 14, k no multiple of k0 or above 10^7, the pattern does not fit or, repeated,
        makes a catastrophic encoder, if there is no tail-biting of this length, or if two messages have the
        same codeword, as when nothing is sent of a truncated frame's last step.

    Examples
    --------
    >>> ConvolutionalCode(generators=[5, 7], k=4)
    ConvolutionalCode([5, 7], n=12, k=4)
    """

    examples: ClassVar[Examples] = (
        {"generators": [5, 7], "k": 4},
        {"generators": [13, 15], "feedback": 13, "k": 5},
        {"generators": [133, 171], "k": 12, "termination": "tail-biting", "puncture": ["110", "101"]},
        {"generators": [5, 7, 7], "k": 6, "termination": "truncated"},
        {"generators": [["3", "1", "0"], ["0", "3", "2"]], "k": 6},
    )

    def __init__(
        self,
        *,
        generators: Sequence[Octal] | Sequence[Sequence[Octal]],
        k: int,
        feedback: Octal | None = None,
        termination: Literal["zero", "tail-biting", "truncated"] = "zero",
        puncture: list[Any] | None = None,
        puncture_tail: list[Any] | None = None,
    ) -> None:
        k = whole_number(k, "k")
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        check_length(k, "k")
        taps, memories, fed = _taps(_rows_of(generators), feedback)
        k0, n0 = len(taps), len(taps[0])
        if k % k0:
            raise ValueError(f"k must be a multiple of the {k0} inputs, got {k}")
        #: What encodes: the circuit with its trellis, and how frames begin and end.
        self.encoder = Encoder(shift_registers(taps, memories, fed), k // k0, termination)
        #: The generators as octal digits, and the feedback polynomial, None without one.
        self.generators = tuple(
            tuple(octal_of(each, length) for each in row) for row, length in zip(taps, memories, strict=True)
        )
        self.feedback = None if feedback is None else octal_of(fed, memories[0])
        #: uint8 (n0, period): which outputs of the information bits' steps are sent, over and over.
        self.pattern: Bits = read_only(
            np.ones((n0, 1), np.uint8) if puncture is None else pattern_of(puncture, n0)
        )
        steps, all_steps = self.encoder.steps, self.encoder.all_steps
        sent = repeated(self.pattern, all_steps)
        if puncture_tail is not None:
            sent[steps:] = repeated(pattern_of(puncture_tail, n0), all_steps - steps)
        #: int32 (n): which of all outputs, step after step, each coded bit is.
        self.sent: Numbers = read_only_numbers(np.flatnonzero(sent))
        check_length(len(self.sent))
        if len(self.sent) < k:
            raise ValueError(f"puncture leaves {len(self.sent)} coded bits for {k} information bits")
        if self._repeats:
            _refuse_catastrophic(self.encoder.circuit, self.pattern)
        if not is_one_to_one(self.encoder, sent, self.pattern.shape[1]):
            raise ValueError(_same_codeword(self.encoder.termination))
        super().__init__(n=len(self.sent), k=k)
        self.default_decoder = "viterbi"

    @property
    def termination(self) -> str:
        """``zero``, ``tail-biting`` or ``truncated``."""
        return self.encoder.termination

    @property
    def memory(self) -> int:
        """Memory elements: there are 2^memory states."""
        return self.encoder.circuit.memory

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        encoder = self.encoder
        out = encoder.encode(words).reshape(len(words), encoder.all_steps * encoder.circuit.outputs)
        return out if out.shape[1] == self.n else np.take(out, self.sent, axis=1)

    @property
    def systematic(self) -> bool:
        """Whether it sends its information bits, each as an output of its step."""
        return self._informative is not None

    @property
    def information_set(self) -> gf2.Indices:
        """int64 (k): positions whose bits determine the codeword; the information bits if systematic."""
        known = self._informative
        return super().information_set if known is None else known

    @property
    def _informative(self) -> gf2.Indices | None:
        """Where the information bits are sent, if an output of its own is each; None if they are not all."""
        circuit = self.encoder.circuit
        taps = np.hstack([circuit.C, circuit.D])
        copies = np.hstack([np.zeros((circuit.inputs, circuit.memory)), np.eye(circuit.inputs)])
        same = (taps == copies[:, None]).all(axis=2)  # (k0, n0)
        if not same.any(axis=1).all():
            return None
        wanted = (np.arange(self.encoder.steps)[:, None] * circuit.outputs + same.argmax(axis=1)).ravel()
        at = np.searchsorted(self.sent, wanted)
        found = np.all(self.sent[np.minimum(at, self.n - 1)] == wanted)
        return at.astype(np.int64) if found else None

    def weight_enumerating_function(self) -> WeightFunction | None:
        """By the trellis, for up to 256 states, 64 if tail-biting, and 2^18 states times steps; else None."""
        if not FrameWeights.feasible(self.encoder):
            return None
        sent = np.zeros(self.encoder.all_steps * self.encoder.circuit.outputs, np.bool_)
        sent[self.sent] = True
        return FrameWeights(self.encoder, sent.reshape(self.encoder.all_steps, -1), self.pattern.shape[1])

    def low_weights(self) -> LowWeights | None:
        """Paths that leave the zero state and come back to it, once, wherever they may begin.

        None for truncated frames, whose lightest words do not come back, for patterns as long as a frame, and
        where puncturing leaves paths of any length few ones.
        """
        if self.termination == "truncated" or not self._repeats:
            return None
        try:
            found = self.distance_spectrum(LOW_WEIGHTS)
        except ValueError:
            return None
        starts = self.encoder.steps / found.phases
        codewords, ones = ([starts * each for each in counts] for counts in (found.paths, found.information))
        return LowWeights(tuple(found.weights), tuple(codewords), tuple(ones))

    @property
    def _repeats(self) -> bool:
        """Whether the pattern begins anew within a frame: else paths of any length are no part of one."""
        return bool(self.pattern.all()) or self.pattern.shape[1] < self.encoder.all_steps

    @cached_property
    def free_distance(self) -> int:
        """The least weight of a path that leaves the zero state and comes back, as it is punctured."""
        return free_distance(self.encoder.circuit, self.pattern)

    def distance_spectrum(self, terms: int) -> DistanceSpectrum:
        """The paths of the lowest weights, see ``distance.distance_spectrum``."""
        return distance_spectrum(self.encoder.circuit, self.pattern, terms)

    def info(self) -> Mapping[str, Any]:
        """The encoder, how frames end, what is sent, and the lowest weights of paths."""
        encoder, rows = self.encoder, self.generators
        made: dict[str, Any] = {
            "generators (octal)": list(rows[0]) if len(rows) == 1 else [", ".join(row) for row in rows]
        }
        if self.feedback is not None:
            made["feedback (octal)"] = self.feedback
        made |= {"memory": self.memory, "states": 2**self.memory, "termination": self.termination}
        if encoder.tail_steps:
            first = encoder.steps * encoder.circuit.outputs
            made["tail"] = f"{encoder.tail_steps} steps, {np.count_nonzero(self.sent >= first)} coded bits"
        if self.pattern.shape[1] > 1 or not self.pattern.all():
            made["puncturing"] = ["".join(map(str, row)) for row in self.pattern.tolist()]
        if not self._repeats:
            return made
        made["free distance"] = self.free_distance
        try:
            found = self.distance_spectrum(SHOWN_WEIGHTS)
        except ValueError as error:
            return {**made, "spectrum": str(error)}
        name = "paths and their ones by weight"
        name += f", in {found.phases} steps" if found.phases > 1 else ""
        lines = zip(found.weights, found.paths, found.information, strict=True)
        return {**made, name: {weight: [paths, ones] for weight, paths, ones in lines}}

    def __repr__(self) -> str:
        rows = [f"[{', '.join(row)}]" for row in self.generators]
        name = rows[0] if len(rows) == 1 else f"[{', '.join(rows)}]"
        return f"{type(self).__name__}({name}, n={self.n}, k={self.k})"


def _same_codeword(termination: str) -> str:
    """What is said of frames that are not one to one."""
    if termination == "truncated":
        return (
            "termination: two messages have the same codeword, as what is sent of a truncated frame does not "
            "tell all its bits, the last ones above all: let puncture send more, or let termination be zero"
        )
    return "puncture: two messages have the same codeword, as what is sent does not tell all bits of a frame"


def _refuse_catastrophic(circuit: Circuit, pattern: Bits) -> None:
    """Raise ValueError where a pattern, over and over, makes a catastrophic encoder."""
    if pattern.all() or not is_catastrophic(circuit, pattern):
        return
    swapped = len(pattern) == 2 and not is_catastrophic(circuit, pattern[::-1])
    raise ValueError(
        "puncture makes a catastrophic encoder: messages that differ in any number of bits have codewords "
        f"that differ in few, as paths go round in steps of {pattern.shape[1]} and send no 1"
        + ("; exchange its rows, which are in the order of the generators" if swapped else "")
    )


def _taps(
    rows: list[Sequence[Any]], feedback: Octal | None
) -> tuple[Sequence[Sequence[int]], list[int], int]:
    """Taps of each input's polynomials, each input's memory, and the taps of the feedback, 1 without one.

    Raises ValueError for what makes no encoder, or a catastrophic one.
    """
    if feedback is not None:
        if len(rows) != 1:
            raise ValueError("feedback belongs to encoders with one input: leave it out")
        # Feedback and generators are of one memory, and read together.
        (numbers,), memories = taps_of([[feedback, *rows[0]]], "generators")
        fed, others = numbers[0], [taps for taps in numbers[1:] if taps != numbers[0]]
        if not fed & 1:
            raise ValueError(f"feedback: {feedback} has no tap on the current input, its first bit")
        if not others:
            raise ValueError("generators must have one that is not the feedback polynomial")
        _refuse_silent([others])
        return [[fed, *others]], memories, fed
    taps, memories = taps_of(rows, "generators")
    _refuse_silent(taps)
    factor = common_factor(taps)
    if factor == 0:
        raise ValueError("generators: two inputs have the same outputs")
    if factor != 1:
        raise ValueError(
            f"generators make a catastrophic encoder: they have the common factor "
            f"{polynomial_text(factor)}, octal {octal_of(factor, factor.bit_length() - 1)}"
        )
    return taps, memories, 1


def _refuse_silent(taps: Sequence[Sequence[int]]) -> None:
    """Raise ValueError if an output has no taps."""
    if not all(any(output) for output in zip(*taps, strict=True)):
        raise ValueError("generators: an output whose polynomials are 0 is always 0: leave it out")


def _rows_of(generators: Any) -> list[Sequence[Any]]:
    """The polynomials of each input."""
    if isinstance(generators, str) or not isinstance(generators, Sequence) or len(generators) == 0:
        raise ValueError(
            f"generators must be a list of octal polynomials, such as [133, 171], got {generators!r:.40}"
        )
    nested = [isinstance(each, Sequence) and not isinstance(each, str) for each in generators]
    rows = list(generators) if all(nested) else [generators]
    if any(nested) and not all(nested):
        raise ValueError("generators must be a list of polynomials, or a list of them for each input")
    k0, n0 = len(rows), len(rows[0])
    if any(len(row) != n0 for row in rows):
        raise ValueError("generators: each input needs as many polynomials, one an output")
    if not k0 <= n0 <= 16 or n0 < 1 or k0 > 4:
        raise ValueError(
            f"generators: k0 / n0 must be at most 1, k0 at most 4 and n0 at most 16, got {k0} / {n0}"
        )
    return rows
