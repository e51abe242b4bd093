"""Bit flipping that knows how reliable bits are.

Weighted: Y. Kou, S. Lin and M. P. C. Fossorier, "Low-density parity-check codes based on finite geometries",
2001, section IV; modified: J. Zhang and M. P. C. Fossorier, "A modified weighted bit-flipping decoding of
low-density parity-check codes", 2004. Gradient descent: T. Wadayama, K. Nakamura, M. Yagita, Y. Funahashi, S.
Usami and I. Takumi, "Gradient descent bit flipping algorithms for decoding LDPC codes", 2010; with noise: G.
Sundararajan, C. Winstead and E. Boutillon, "Noisy gradient descent bit-flip decoding for LDPC codes", 2014.
"""

import functools
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from .....vectors.groups import GROUP, GroupInput, Words, frame_flags, unpacked
from ....code import Code
from ....decoder import Decoder, GroupResult, iterations_within
from ....examples import Examples
from ....linear import LinearCode
from ....tie_breaking import BitStream, hard_words
from .energy_kernels import NOISE_SHIFT, flip_by_energy
from .flipping_kernels import STATE
from .hard_iterative import filled, seeds_of, tables_of
from .stragglers import Outcome, until_all_end

#: The iterations that are made before frames that are left are put together: more than hard decoders make, as
#: one may flip a single bit.
FIRST = 30
#: LLRs of so much are certain: larger ones would hide what the others tell of the noise.
CERTAIN = np.float32(256.0)

Values = npt.NDArray[np.float32]


class _EnergyDecoder(Decoder):
    """Flips by ``flip_by_energy``. One that derives from it sets what that takes."""

    name: ClassVar[str]
    _signed, _factor, _check_weight = False, 0.0, 0.0
    _threshold, _decay, _switching, _noise = np.inf, 1.0, False, 0.0

    def __init__(self, code: Code, iterations: int) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        #: The most iterations.
        self.iterations = iterations_within(iterations)
        self._linear, self._tables = code, tables_of(code.tanner_graph)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes."""
        if isinstance(code, LinearCode):
            return None
        return f"{cls.name} decodes linear codes, not {code!r}"

    def _samples(self, llr: Values) -> tuple[Values, Values]:
        """What was received, float32 (groups, n, 64), and the noise of each frame, (groups, 1, 64)."""
        return llr, llr[:0]

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        frames, code = given.frames, self._linear
        seeds = seeds_of(frames, STATE if self._noise else 0, stream)
        llr = given.soft().astype(np.float32, copy=False)
        words, undecided = hard_words(llr, frames, stream)
        words, found = filled(words, undecided, frames, self._tables)
        own, size = self._samples(llr)
        lanes = _lanes_of(seeds)
        values = noise_values() if self._noise else np.zeros(0, np.float32)
        bits, ok, spent = until_all_end(
            lambda inputs, count, limit: self._run(inputs, values, count, limit),
            (words, own, lanes, size),
            frames,
            FIRST,
            self.iterations,
        )
        # What coins happened to make a codeword of was not found.
        return GroupResult(code.information_words(bits), ok & (found | (spent > 0)), spent)

    def _run(self, inputs: Sequence[Any], values: Values, frames: int, iterations: int) -> Outcome:
        words, own, lanes, size = inputs
        bits, ok = np.empty_like(words), np.empty(len(words), np.uint64)
        spent = np.zeros(len(words) * GROUP, np.int32)
        flip_by_energy(
            words,
            own,
            lanes,
            size,
            values,
            frames,
            self._tables,
            self._signed,
            np.float32(self._factor),
            np.float32(self._check_weight),
            np.float32(self._threshold),
            np.float32(self._decay),
            self._switching,
            iterations,
            bits,
            ok,
            spent,
        )
        return bits, frame_flags(ok, frames), spent[:frames]


class WeightedBitFlippingDecoder(_EnergyDecoder):
    """Flips one bit at a time, the one whose violated checks weigh most: WBF, and MWBF with a ``factor``.

    A check weighs the least magnitude of the LLRs of its bits. The energy of a bit is the sum of the weights
    of its violated checks, less that of the others, less ``factor`` times the magnitude of its own LLR.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    factor
        0, or, for the modified algorithm, above 0 and at most 100; about 0.2 for degree 3.
    iterations
        The most flips, from 1 to 100,000. A frame ends when its decisions are a codeword.

    Notes
    -----
    Of bits of the same energy the first is flipped. The scale of LLRs does not matter. Erased bits are filled
    in as by ``peeling`` first. A frame is ``ok`` when its decisions fulfil all checks.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.
    """

    name = "weighted-bit-flipping"
    examples: ClassVar[Examples] = ({"iterations": 20},)

    def __init__(self, code: Code, *, factor: float = 0.0, iterations: int = 100) -> None:
        super().__init__(code, iterations)
        if not 0 <= factor <= 100:
            raise ValueError(f"factor must lie in 0 to 100, got {factor}")
        #: The parameter of this name.
        self.factor = self._factor = float(factor)


class GradientDescentDecoder(_EnergyDecoder):
    """Gradient descent bit flipping, GDBF, and with ``noise`` its noisy variant, NGDBF.

    With samples y, of mean 1 or -1, and decisions x = 1 or -1, the inversion function of a bit is x y plus
    ``weight`` times the sum of its checks, each 1 if fulfilled and -1 if violated. Bits for which it is low
    are flipped.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    flips
        ``multi``: in an iteration all bits below the threshold. Without noise a frame goes over to single
        flips once the objective, the sum of x y and weighted checks, does not grow any more. ``single``:
        always the lowest bit alone.
    weight
        Of checks, above 0 and at most 100.
    threshold
        For multi: from -100 to 100.
    noise
        Normal noise is added to the inversion function, anew in each iteration, with a standard deviation of
        so many of the channel's; from 0, for none, to 10. With 0.95, ``weight: 0.75`` and
        ``decay: 0.97`` it gains about 1 dB for degree 3.
    decay
        For multi: the threshold of a bit that is not flipped is multiplied by it, so that it is flipped more
        readily the longer it waits; above 0 and at most 1.
    iterations
        The most iterations, from 1 to 100,000. A frame ends when its decisions are a codeword, before the
        first iteration too.

    Notes
    -----
    A decoder is given LLRs, which are clipped to 256, and not samples: samples y of BPSK with noise of
    variance s^2 have LLRs 2 y / s^2, of mean square m^2 + 2 m with m = 2 / s^2. Each frame's m follows from
    its own mean square, and y is the LLR over m.

    The noise is drawn from 2^12 equally likely values by a generator of each frame, xorshift128, seeded with
    128 bits of its stream; without a stream, with fixed bits. Erased bits are filled in as by ``peeling``
    first. A frame is ``ok`` when its decisions fulfil all checks.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.
    """

    name = "gdbf"
    _signed, _factor = True, 1.0
    examples: ClassVar[Examples] = (
        {"iterations": 20},
        {"noise": 0.9, "threshold": -0.9, "decay": 0.98, "iterations": 20},
    )

    def __init__(
        self,
        code: Code,
        *,
        flips: Literal["multi", "single"] = "multi",
        weight: float = 1.0,
        threshold: float = -0.6,
        noise: float = 0.0,
        decay: float = 1.0,
        iterations: int = 100,
    ) -> None:
        super().__init__(code, iterations)
        if flips not in ("multi", "single"):
            raise ValueError(f"flips must be multi or single, got {flips!r}")
        if not 0 < weight <= 100:
            raise ValueError(f"weight must lie in (0, 100], got {weight}")
        if not -100 <= threshold <= 100:
            raise ValueError(f"threshold must lie in -100 to 100, got {threshold}")
        if not 0 <= noise <= 10:
            raise ValueError(f"noise must lie in 0 to 10, got {noise}")
        if not 0 < decay <= 1:
            raise ValueError(f"decay must lie in (0, 1], got {decay}")
        if flips == "single" and decay != 1:
            raise ValueError("decay belongs to thresholds: leave it out, or set flips: multi")
        #: The parameters of these names.
        self.flips, self.weight, self.threshold = flips, float(weight), float(threshold)
        self.noise, self.decay = float(noise), float(decay)
        self._check_weight, self._decay, self._noise = self.weight, self.decay, self.noise
        self._threshold = np.inf if flips == "single" else -self.threshold
        self._switching = flips == "multi" and noise == 0

    def _samples(self, llr: Values) -> tuple[Values, Values]:
        llr = np.clip(llr, -CERTAIN, CERTAIN)
        square = np.square(llr, dtype=np.float64).mean(axis=1, keepdims=True)
        mean = np.maximum(np.sqrt(1 + square) - 1, 1e-30)
        size = self._noise * np.sqrt(2 / mean)
        return (llr / mean).astype(np.float32), size.astype(np.float32)


def _lanes_of(seeds: Words) -> npt.NDArray[np.uint32]:
    """Random states, uint32 (groups, 4, 64), of 128 bits a frame, uint64 (groups, 128)."""
    if seeds.shape[1] == 0:
        return np.zeros((0, STATE // 32, GROUP), np.uint32)
    bits = unpacked(seeds, len(seeds) * GROUP).reshape(len(seeds), GROUP, STATE // 32, 32)
    weights = np.uint32(1) << np.arange(32, dtype=np.uint32)
    words = (bits.astype(np.uint32) * weights).sum(axis=3, dtype=np.uint32)
    return np.ascontiguousarray(words.transpose(0, 2, 1))


@functools.cache
def noise_values() -> Values:
    """2^12 equally likely values that stand for a normal variable: its quantiles, of variance 1."""
    count = 1 << 32 - NOISE_SHIFT
    values = np.array([NormalDist().inv_cdf((i + 0.5) / count) for i in range(count)])
    values /= np.sqrt((values**2).mean())
    # To multiples of 2^-16: then the last digits of a library's functions do not matter.
    made: Values = (np.round(values * 65536) / 65536).astype(np.float32)
    return made
