"""A-posteriori decoding on minimal trellises, beside sums over all codewords."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import BCJRDecoder, ConvolutionalCode, LinearCode, TrellisDecoder, UncodedCode
from capgap.codes.universal.trellis_decoding.trellis import bit_trellis

from tests.codes.polar.samples import unmatched
from tests.codes.samples import Bits, NotLinear, random_llrs, send, words_of
from tests.codes.universal.samples import ML_CODES

Array = npt.NDArray[Any]


def ratios(metrics: Array, bits: Bits, exact: bool) -> Array:
    """LLRs of bits, of all words, from the logarithms of the words' probabilities, (frames, words)."""
    found = np.empty((len(metrics), bits.shape[1]))
    for i, column in enumerate(bits.T):
        zero, one = metrics[:, column == 0], metrics[:, column == 1]
        if exact:
            both = [np.logaddexp.reduce(each, axis=1, initial=-np.inf) for each in (zero, one)]
        else:
            both = [each.max(axis=1, initial=-np.inf) for each in (zero, one)]
        found[:, i] = np.clip(both[0] - both[1], -(2.0**20), 2.0**20)
    return found


@ML_CODES.each("code")
@pytest.mark.parametrize("algorithm", ["log-map", "max-log"])
@pytest.mark.parametrize("known", [False, True])
def test_soft_output_is_that_of_all_codewords(code: LinearCode, algorithm: Any, known: bool) -> None:
    llr = np.round(8 * random_llrs(100, code.n)) / 8
    prior = np.round(8 * random_llrs(100, code.k, seed=2)) / 8 if known else None
    messages = words_of(code.k)
    words = code.encode(messages)
    metrics = -(llr.astype(np.float64) @ words.T)
    if prior is not None:
        metrics -= prior.astype(np.float64) @ messages.T
    decoder = TrellisDecoder(code, algorithm=algorithm)
    result = decoder.soft(llr, prior)
    exact = algorithm == "log-map"
    # max-log puts LLRs of few magnitudes on a grid of 12 bits.
    near = 1e-4 if exact else 0.02
    np.testing.assert_allclose(result.information, ratios(metrics, messages, exact), atol=near)
    np.testing.assert_allclose(result.coded, ratios(metrics, words, exact), atol=near)
    if not known:
        decided = decoder.decode(llr)
        clear = np.abs(result.information) > 1e-3
        np.testing.assert_array_equal(decided.bits[clear], (result.information < 0)[clear])
        np.testing.assert_array_equal(decided.ok, (result.information != 0).all(axis=1))


def test_a_convolutional_code_has_the_same_as_on_its_own_trellis() -> None:
    """Information bits that are no coded bits, many sections, and LLRs that lie far apart."""
    code = ConvolutionalCode(generators=[5, 7], k=40)
    _, llr = send(code, 1, 100)
    prior = random_llrs(100, code.k, seed=3)
    for scale in (1, 100):
        expected = BCJRDecoder(code).soft(scale * llr, prior)
        found = TrellisDecoder(code).soft(scale * llr, prior)
        np.testing.assert_allclose(found.information, expected.information, atol=2e-3 * scale)
        np.testing.assert_allclose(found.coded, expected.coded, atol=2e-3 * scale)


def test_every_bit_has_a_section() -> None:
    for code in (unmatched(n=16, k=8), unmatched(n=16, k=8, systematic=True)):
        found = bit_trellis(code)
        assert found is not None
        assert sorted(found.coded[found.coded >= 0]) == list(range(16))
        assert sorted(found.information[found.information >= 0]) == list(range(8))
        assert (len(found.coded) == 16) == code.systematic


def test_codes_with_too_many_states_are_refused() -> None:
    code = LinearCode(generator=np.random.default_rng(1).integers(0, 2, (20, 40)))
    with pytest.raises(ValueError, match=r"has 2\^20 and 2\^2\d\.\d: use bp or osd"):
        TrellisDecoder(code)
    assert "has many more" in str(TrellisDecoder.refusal(UncodedCode(k=5000)))
    assert "trellis decodes linear codes" in str(TrellisDecoder.refusal(NotLinear(n=3, k=2)))
    wrong: Any = "map"
    with pytest.raises(ValueError, match=r"^algorithm must be log-map or max-log, got 'map'$"):
        TrellisDecoder(ML_CODES["spc"], algorithm=wrong)
