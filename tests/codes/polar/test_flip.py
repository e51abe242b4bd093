"""Flips of decisions, against the plain recursion with the decision flipped."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import PolarCode, SCFlipDecoder, decoder_of
from capgap.codes.by_name import crc, polar

from tests.references import successive_cancellation as reference


def plainly(
    code: Any, llr: npt.NDArray[Any], flips: int
) -> tuple[npt.NDArray[np.uint8], list[bool], list[int]]:
    """Bits of the inner code, whether the check passes, and trials, frame by frame."""
    inner, decided, passed, trials = code.inner, [], [], []
    for row in llr:
        word, sizes = reference.watched(inner, row[None], reference.min_sum)
        first = bits = inner.information_bits(word)[0]
        free = np.sort(inner.information)
        tried = 0
        for position in free[np.argsort(sizes[free], kind="stable")[:flips]].tolist():
            if (code.encode(bits[: code.k]) == inner.encode(bits)).all():
                break
            tried += 1
            word, _ = reference.watched(inner, row[None], reference.min_sum, flip=position)
            bits = inner.information_bits(word)[0]
        right = bool((code.encode(bits[: code.k]) == inner.encode(bits)).all())
        decided.append(bits if right else first)
        passed.append(right)
        trials.append(tried)
    return np.array(decided)[:, : code.k], passed, trials


@pytest.mark.parametrize("more", [{}, {"systematic": True}, {"convolution": 133, "construction": "rm-polar"}])
def test_decides_as_the_recursion_with_a_decision_flipped(more: dict[str, Any]) -> None:
    inner = polar(n=32, k=20, **more)
    code = crc(polynomial=0x07, code=inner)
    generator = np.random.default_rng(9)
    words = code.encode(generator.integers(0, 2, (150, code.k), np.uint8))
    llr = (2 / 0.7**2 * (1 - 2.0 * words + 0.7 * generator.standard_normal(words.shape))).astype(np.float32)
    result = decoder_of(code, SCFlipDecoder, flips=5, box_plus="min-sum").decode(llr)
    bits, passed, trials = plainly(code, llr, 5)
    np.testing.assert_array_equal(result.bits, bits)
    assert result.ok.tolist() == passed
    assert result.counters["trials"].tolist() == trials
    assert len(set(trials)) > 3


def test_a_check_is_needed() -> None:
    code = polar(n=32, k=20)
    assert isinstance(code, PolarCode)
    with pytest.raises(ValueError, match="sc-flip needs a check around the code"):
        decoder_of(code, SCFlipDecoder)
    with pytest.raises(ValueError, match="flips must lie in 1 to 1024, got 0"):
        SCFlipDecoder(code, flips=0)
