"""Turbo codes: two recursive encoders side by side, the second one behind an interleaver.

C. Berrou, A. Glavieux and P. Thitimajshima, "Near Shannon limit error-correcting coding and decoding: turbo
codes", 1993; C. Berrou, M. Jezequel, C. Douillard and S. Kerouedan, "The advantages of non-binary turbo
codes", 2001, for two bits a step.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ...vectors.groups import Words
from ..binary import gf2
from ..code import Bits, check_array, check_length
from ..convolutional.encoding.circuit import Numbers, read_only_numbers
from ..convolutional.encoding.encoder import Encoder
from ..convolutional.encoding.puncturing import pattern_of
from ..convolutional.weights.one_to_one import is_one_to_one
from ..encoded import EncodedLinearCode
from ..linear import LowWeights
from .interleavers import permutation, spread
from .weights.low_weights import LightInputs, light_inputs

#: Largest generator matrix, in entries, that is reduced to see whether puncturing loses information bits.
MOST_TRIED = 1 << 24
SAME_CODEWORD = "two messages have the same codeword, as what is sent does not tell all bits of a frame"


class TurboCode(EncodedLinearCode):
    """The parallel concatenation of two systematic convolutional encoders.

    Of a standard, or of polynomials in octal digits, ``by_name.turbo`` makes it, as a configuration does.

    Both encode the same k information bits, the second one in the order of the interleaver. What they put
    out are the mother code's bits, numbered from 0: first all outputs of the first encoder, step after step,
    those of its tail included, then all of the second. With k0 information bits and n0 outputs a step, output
    j of step t is number t n0 + j of its encoder. Outputs 0 to k0 - 1 are the information bits of the step,
    or the tail's.

    Parameters
    ----------
    encoders
        The two encoders, of k information bits each.
    interleaver
        A permutation of the k information bits: bit i of the second encoder is bit ``interleaver[i]`` of the
        first.
    sent
        Which of the mother code's bits is each coded bit, each at most once, in any order. The second
        encoder's information bits are not among them, those of its tail apart. By default all, in the order
        of ``in_steps``.

    Attributes
    ----------
    encoders : tuple of two Encoder
        What encodes, with ``circuit`` (and its ``trellis``), ``steps``, ``tail_steps`` and ``termination``.
    interleaver : int32 (k)
        As given.
    sent : int32 (n)
        As given.
    positions : tuple of two int32 (all_steps, n0)
        For each encoder, step and output, which coded bit it is; -1 where it is not sent.

    Raises
    ------
    ValueError
        If the encoders are not systematic or of different lengths, the interleaver is no permutation of k
        bits, or ``sent`` names a bit that does not exist, twice, or one of the second encoder's information
        bits, or fewer than k, or too little to tell all messages apart, as far as that is found quickly.

    Examples
    --------
    >>> from capgap.codes.convolutional.encoding.circuit import shift_registers
    >>> encoders = [Encoder(shift_registers([[0b1101, 0b1011]], [3], 0b1101), 4, "zero") for _ in range(2)]
    >>> TurboCode(encoders, [2, 0, 3, 1])
    TurboCode(n=24, k=4)
    """

    def __init__(self, encoders: Any, interleaver: Any, *, sent: Any = None) -> None:
        first, second = encoders
        for encoder in (first, second):
            _check_systematic(encoder)
        k = first.steps * first.circuit.inputs
        if second.steps * second.circuit.inputs != k:
            raise ValueError(
                f"encoders: they take {k} and {second.steps * second.circuit.inputs} information bits"
            )
        self.encoders: tuple[Encoder, Encoder] = (first, second)
        self.interleaver: Numbers = permutation(interleaver, k)
        self.sent: Numbers = read_only_numbers(in_steps(self.encoders) if sent is None else sent)
        check_length(len(self.sent))
        if len(self.sent) < k:
            raise ValueError(f"sent names {len(self.sent)} coded bits for {k} information bits")
        self.positions: tuple[Numbers, Numbers] = self._positions()
        super().__init__(n=len(self.sent), k=k)
        self.default_decoder = "turbo"
        if not self._tells_messages_apart():
            raise ValueError(f"sent: {SAME_CODEWORD}")

    def _tells_messages_apart(self) -> bool:
        """Whether different messages have different codewords; True where that would take long to find."""
        if (self._informative >= 0).all():
            return True
        for encoder, positions in zip(self.encoders, self.positions, strict=True):
            if is_one_to_one(encoder, positions >= 0, encoder.all_steps):
                return True
        return self.k * self.n > MOST_TRIED or gf2.rank(self.generator_matrix) == self.k

    def _positions(self) -> tuple[Numbers, Numbers]:
        shapes = [(each.all_steps, each.circuit.outputs) for each in self.encoders]
        sizes = [steps * outputs for steps, outputs in shapes]
        if len(self.sent) and not 0 <= self.sent.min() <= self.sent.max() < sum(sizes):
            wrong = next(each for each in self.sent.tolist() if not 0 <= each < sum(sizes))
            raise ValueError(f"sent names bit {wrong}, the mother code's go from 0 to {sum(sizes) - 1}")
        where = np.full(sum(sizes), -1, np.int32)
        where[self.sent] = np.arange(len(self.sent), dtype=np.int32)
        if np.count_nonzero(where >= 0) < len(self.sent):
            twice = np.flatnonzero(np.bincount(self.sent) > 1)[0]
            raise ValueError(f"sent names bit {twice} twice: repetition is for rate-matched codes")
        found = tuple(
            part.reshape(shape) for part, shape in zip(np.split(where, sizes[:1]), shapes, strict=True)
        )
        second = self.encoders[1]
        again = found[1][: second.steps, : second.circuit.inputs]
        if (again >= 0).any():
            step, i = np.argwhere(again >= 0)[0]
            number = sizes[0] + step * second.circuit.outputs + i
            raise ValueError(
                f"sent names bit {number}, an information bit of the second encoder: the first one's are sent"
            )
        return read_only_numbers(found[0]), read_only_numbers(found[1])

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        first, second = self.encoders
        outputs = [first.encode(words), second.encode(np.take(words, self.interleaver, axis=1))]
        mother = np.hstack([each.reshape(len(words), each.shape[1] * each.shape[2]) for each in outputs])
        return np.take(mother, self.sent, axis=1)

    @property
    def systematic(self) -> bool:
        """Whether it sends all its information bits."""
        return bool((self._informative >= 0).all()) or super().systematic

    @property
    def information_set(self) -> gf2.Indices:
        """int64 (k): positions whose bits determine the codeword; the information bits if systematic."""
        known = self._informative
        return known if (known >= 0).all() else super().information_set

    def low_weights(self) -> LowWeights | None:
        """Of messages of up to 4 ones, see ``low_weights.light_inputs``; None where that takes long."""
        return None if self.light_inputs is None else self.light_inputs.low

    @cached_property
    def light_inputs(self) -> LightInputs | None:
        """The lightest codewords among those of few ones; None where that takes long."""
        return light_inputs(self.encoders, [each >= 0 for each in self.positions], self.interleaver)

    def info(self) -> Mapping[str, Any]:
        """The encoders' states, how they end, the interleaver's spread and the lightest codewords found."""
        made: dict[str, Any] = {
            "states": [1 << each.circuit.memory for each in self.encoders],
            "termination": [each.termination for each in self.encoders],
            "spread of the interleaver": spread(self.interleaver),
        }
        found = self.light_inputs
        if found is None:
            return made
        low = found.low
        lines = zip(low.weights, low.codewords, low.ones, strict=True)
        return {
            **made,
            "inputs searched": found.searched,
            "codewords found and their ones by weight": {
                weight: [int(codewords), int(ones)] for weight, codewords, ones in lines
            },
        }

    @property
    def _informative(self) -> gf2.Indices:
        """int64 (k): where each information bit is sent, or -1."""
        first = self.encoders[0]
        return self.positions[0][: first.steps, : first.circuit.inputs].ravel().astype(np.int64)


def mother_bits(encoders: tuple[Encoder, Encoder]) -> tuple[Numbers, Numbers]:
    """The numbers of the mother code's bits, of each encoder int32 (all_steps, n0)."""
    found, begin = [], 0
    for each in encoders:
        steps, outputs = each.all_steps, each.circuit.outputs
        found.append(np.arange(begin, begin + steps * outputs, dtype=np.int32).reshape(steps, outputs))
        begin += steps * outputs
    return found[0], found[1]


def in_steps(encoders: tuple[Encoder, Encoder], pattern: Bits | None = None) -> Numbers:
    """What is sent in the order of the steps: int32 (n), numbers of the mother code's bits.

    Of each step the information bits, the first encoder's parity bits and the second's; then the tail of the
    first, step after step with all its outputs, then that of the second. This is the order of 3GPP TS 25.212,
    4.2.3.2.1, and, with the streams taken in turn, of TS 36.212, 5.1.3.2.

    Parameters
    ----------
    encoders
        With as many inputs each.
    pattern
        uint8 (outputs, period): a row for each of these outputs of a step, 1 is sent; repeated over the steps
        without the tails.

    Raises
    ------
    ValueError
        If the encoders take different numbers of bits a step.
    """
    first, second = encoders
    inputs = first.circuit.inputs
    if second.circuit.inputs != inputs:
        raise ValueError(
            "encoders take different numbers of bits a step: there is no order by steps, name sent"
        )
    one, two = mother_bits(encoders)
    steps = np.hstack([one[: first.steps], two[: first.steps, inputs:]])
    if pattern is None:
        chosen = steps.ravel()
    else:
        repeated = np.tile(pattern.T, (-(-first.steps // pattern.shape[1]), 1))[: first.steps]
        chosen = steps[repeated == 1]
    return np.concatenate([chosen, one[first.steps :].ravel(), two[second.steps :].ravel()])


def punctured_steps(encoders: tuple[Encoder, Encoder], rows: Any) -> Numbers:
    """``in_steps`` with puncturing rows as configurations write them; raises ValueError as ``pattern_of``."""
    first, second = encoders
    outputs = first.circuit.outputs + second.circuit.outputs - second.circuit.inputs
    return in_steps(encoders, pattern_of(rows, outputs))


def _check_systematic(encoder: Encoder) -> None:
    circuit = encoder.circuit
    inputs = circuit.inputs
    if circuit.C[:inputs].any() or not np.array_equal(circuit.D[:inputs], np.eye(inputs, dtype=np.uint8)):
        raise ValueError("encoders: the first outputs of a turbo code's encoder are its information bits")
