"""Lists with further attempts: against a plain reference, and against lists without."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import CRCCode, PolarCode, SCLDecoder, SCLFlipDecoder, decoder_of
from capgap.codes.by_name import polar
from capgap.vectors.groups import frame_flags, packed

from tests.references.polar_lists import PlainLists, turned

Array = npt.NDArray[Any]


class PlainShifts(PlainLists):
    """Keeps the other half of the candidates at a position, and notes how probable what is left out is."""

    def __init__(self, code: PolarCode, size: int, shift: int | None) -> None:
        super().__init__(code, size, True)
        self.shift, self.scores = shift, np.zeros(code.n)

    def leaf(self, x: Array, position: int) -> tuple[Array, Array]:
        if self.code.frozen[position]:
            return super().leaf(x, position)
        both = np.concatenate([self.metric + self.cost(x), self.metric + self.cost(-x)], 1)
        order = np.argsort(both, axis=1, kind="stable")
        best, left = order[:, : self.size], order[:, self.size :]
        mass = np.exp(both.min() - both)
        self.scores[position] = mass[0, left[0]].sum() / mass[0, best[0]].sum()
        best = left if position == self.shift else best
        parent, u = best % self.size, (best >= self.size).astype(np.uint8)
        self.metric = np.take_along_axis(both, best, 1)
        self.v = turned(self.v, parent)
        return u[..., None], parent


@pytest.mark.parametrize(("size", "sigma"), [(1, 0.85), (4, 0.85), (32, 1.1)])
def test_attempts_are_those_of_the_plain_recursion(size: int, sigma: float) -> None:
    inner = polar(n=64, k=34)
    assert isinstance(inner, PolarCode)
    code, flips = CRCCode(inner, bits=6, polynomial=0x21), 3
    generator = np.random.default_rng(1)
    sent = code.encode(generator.integers(0, 2, (60, code.k), np.uint8))
    llr = ((1.0 - 2 * sent + generator.standard_normal(sent.shape) * sigma) * 2 / sigma**2).astype(np.float32)
    found = decoder_of(code, SCLFlipDecoder, list=size, flips=flips).decode(llr)
    alone = decoder_of(code, SCLDecoder, list=size).decode(llr)

    def passing(plain: PlainShifts, frame: int) -> Array | None:
        words, _ = plain.decode(llr[frame : frame + 1])
        messages = inner.information_bits(words[0])
        passes = frame_flags(code.accepts(packed(messages)), size)
        return messages[np.argmax(passes), : code.k] if passes.any() else None

    helped = 0
    for frame in range(60):
        first = PlainShifts(inner, size, None)
        expected = passing(first, frame)
        for position in np.argsort(-first.scores, kind="stable")[:flips]:
            if expected is not None:
                break
            expected = passing(PlainShifts(inner, size, int(position)), frame)
            helped += expected is not None
        assert found.ok[frame] == (expected is not None)
        np.testing.assert_array_equal(found.bits[frame], alone.bits[frame] if expected is None else expected)
    assert helped >= 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"flips": 0}, "flips must lie in 1 to 1024, got 0"),
        ({"list": 3}, "list must be a power of two up to 1024, got 3"),
        ({}, "put the code into a crc code"),
    ],
)
def test_bad_parameters_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decoder_of(polar(n=8, k=4), SCLFlipDecoder, **arguments)
