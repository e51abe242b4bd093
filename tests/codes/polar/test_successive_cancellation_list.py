"""Successive cancellation lists: against a plain reference, maximum likelihood, and each other."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import CRCCode, Decoder, PolarCode, SCLDecoder, decoder_of
from capgap.codes.polar.pretransform import Pretransform
from capgap.vectors.groups import frame_flags, packed

from tests.codes.polar.samples import unmatched
from tests.lazy import but_slow
from tests.references.polar_lists import PlainLists, distances

Array = npt.NDArray[Any]


def any_sums(n: int, seed: int) -> Pretransform:
    """Each position adds about half of all earlier ones."""
    generator = np.random.default_rng(seed)
    return Pretransform(n, {i: np.flatnonzero(generator.integers(0, 2, i)).tolist() for i in range(n)})


CODES: dict[str, Callable[[], PolarCode]] = {
    "(64,32)": lambda: unmatched(n=64, k=32),
    "(64,50), systematic": lambda: unmatched(n=64, k=50, systematic=True),
    "(32,16) PAC": lambda: unmatched(n=32, k=16, construction="reed-muller", convolution=133),
    "(64,42), any sums": lambda: PolarCode(
        information=unmatched(n=64, k=42).information, n=64, pretransform=any_sums(64, 1)
    ),
    "(36,20), kernels 2, 3, 3, 2": lambda: PolarCode(
        information=np.flatnonzero(np.arange(36) % 18 > 7).tolist(), kernels=[2, 3, 3, 2]
    ),
    "(24,12), kernels 3, 2, 2, 2 and any sums": lambda: PolarCode(
        information=np.arange(24)[12:].tolist(), kernels=[3, 2, 2, 2], pretransform=any_sums(24, 2)
    ),
    "(18,9), kernels 2, 3, 3 and any sums": lambda: PolarCode(
        information=[4, 6, 7, 8, 11, 14, 15, 16, 17], kernels=[2, 3, 3], pretransform=any_sums(18, 3)
    ),
    "(2,1)": lambda: unmatched(n=2, k=1),
    "(8,8)": lambda: unmatched(n=8, k=8),
}


def received(code: Any, frames: int, ebno_db: float, seed: int) -> tuple[Array, Array]:
    """Information bits, and LLRs over AWGN."""
    generator = np.random.default_rng(seed)
    bits = generator.integers(0, 2, (frames, code.k), np.uint8)
    variance = 1 / (2 * code.rate * 10 ** (ebno_db / 10))
    noise = generator.standard_normal((frames, code.n)) * variance**0.5
    return bits, ((1.0 - 2 * code.encode(bits) + noise) * 2 / variance).astype(np.float32)


def all_words(code: PolarCode) -> Array:
    return np.array(list(itertools.product((0, 1), repeat=code.k)), np.uint8)


@pytest.mark.parametrize("box_plus", ["exact", "min-sum"])
@pytest.mark.parametrize("size", but_slow([1, 2, 4, 16, 32, 128], [1, 4, 16]))
@pytest.mark.parametrize("name", CODES)
def test_decisions_are_those_of_the_plain_recursion(name: str, size: int, box_plus: Any) -> None:
    code = CODES[name]()
    _, llr = received(code, 70, 1.0, 1)
    words, metrics = PlainLists(code, size, box_plus == "exact").decode(llr)
    expected = code.information_bits(words[:, 0])
    found = SCLDecoder(code, list=size, box_plus=box_plus).decode(llr).bits
    # float32 may order paths anew whose metrics nearly agree; few frames have such.
    clear = metrics[:, min(1, size - 1)] - metrics[:, 0] > 1e-3 if size > 1 else np.full(70, True)
    assert (found == expected)[clear].all(axis=1).mean() > 0.98
    assert clear.mean() > 0.9


@pytest.mark.parametrize("box_plus", ["exact", "min-sum"])
@pytest.mark.parametrize(
    "name", ["(32,8)", "(16,8) PAC", "(16,7), any sums", "(12,6), kernels 3, 2, 2", "(8,8)", "(16,1)"]
)
def test_a_list_of_all_words_is_maximum_likelihood(name: str, box_plus: Any) -> None:
    codes: dict[str, Callable[[], PolarCode]] = {
        "(32,8)": lambda: unmatched(n=32, k=8),
        "(16,8) PAC": lambda: unmatched(n=16, k=8, convolution=133),
        "(16,7), any sums": lambda: PolarCode(
            information=[5, 7, 10, 11, 13, 14, 15], n=16, pretransform=any_sums(16, 4)
        ),
        "(12,6), kernels 3, 2, 2": lambda: PolarCode(information=[3, 5, 7, 9, 10, 11], kernels=[3, 2, 2]),
        "(8,8)": lambda: unmatched(n=8, k=8),
        "(16,1)": lambda: unmatched(n=16, k=1),
    }
    code = codes[name]()
    messages = all_words(code)
    words = code.encode(messages)
    decoder = SCLDecoder(code, list=1 << code.k, box_plus=box_plus)
    generator = np.random.default_rng(2)
    sent = code.encode(generator.integers(0, 2, (200, code.k), np.uint8))
    for llr in (
        (1.0 - 2 * sent + generator.standard_normal(sent.shape)) * 2,
        (1.0 - 2 * (sent ^ (generator.random(sent.shape) < 0.15))) * 1.7,  # BSC
        (1.0 - 2 * sent) * (generator.random(sent.shape) < 0.5) * 1000,  # BEC
    ):
        result = decoder.decode(llr.astype(np.float32))
        cost = distances(words, llr)
        least = cost.min(axis=1)
        own = distances(code.encode(result.bits), llr)[np.arange(200), np.arange(200)]
        np.testing.assert_allclose(own, least, rtol=1e-5, atol=1e-4)
        if box_plus == "min-sum":  # ties are ties, and told
            alone = (cost <= least[:, None] + 1e-6).sum(axis=1) == 1
            np.testing.assert_array_equal(result.ok, alone & (llr != 0).any(axis=1))


def test_longer_lists_are_no_worse() -> None:
    """Of the same noise, beyond chance: frames wrong with list L alone, and with L / 2 alone."""
    code = unmatched(n=128, k=64)
    bits, llr = received(code, 3000, 1.5, 3)
    wrong = [
        (SCLDecoder(code, list=size).decode(llr).bits != bits).any(axis=1) for size in (1, 2, 4, 8, 16, 32)
    ]
    for shorter, longer in itertools.pairwise(wrong):
        better, worse = (shorter & ~longer).sum(), (longer & ~shorter).sum()
        assert worse <= better + 3 * (better + worse) ** 0.5
    assert wrong[3].sum() < 0.8 * wrong[0].sum()


@pytest.mark.parametrize("size", [2, 8, 32])
def test_a_check_chooses_the_best_path_that_passes(size: int) -> None:
    inner = unmatched(n=64, k=32)
    code = CRCCode(inner, bits=6, polynomial=0x21)
    _, llr = received(code, 200, 1.0, 7)
    result = decoder_of(code, SCLDecoder, list=size, box_plus="min-sum").decode(llr)
    words, _ = PlainLists(inner, size, False).decode(llr)
    message = inner.information_bits(words.reshape(-1, 64)).reshape(200, size, 32)
    passes = frame_flags(code.accepts(packed(message.reshape(-1, 32))), 200 * size).reshape(200, size)
    np.testing.assert_array_equal(result.ok, passes.any(axis=1))
    rank = np.argmax(passes, axis=1)
    np.testing.assert_array_equal(result.bits, message[np.arange(200), rank, :26])


def test_a_frame_does_not_depend_on_its_neighbours() -> None:
    code = unmatched(n=64, k=40)
    _, llr = received(code, 130, 0.0, 5)
    for decoder in decoders(code):
        together = decoder.decode(llr).bits
        for i in (0, 1, 63, 64, 129):
            np.testing.assert_array_equal(decoder.decode(llr[i]).bits, together[i])
        np.testing.assert_array_equal(decoder.decode(llr[::-1]).bits[::-1], together)


def decoders(code: PolarCode) -> list[Decoder]:
    return [SCLDecoder(code, list=size, box_plus="min-sum") for size in (1, 4, 32)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"list": 3}, "list must be a power of two up to 1024, got 3"),
        ({"list": 2048}, "list must be a power of two up to 1024, got 2048"),
        ({"list": 0}, "list must be a power of two up to 1024, got 0"),
        ({"box_plus": "max"}, "box_plus must be exact or min-sum, got 'max'"),
        ({"precision": "int16"}, "precision must be float32 or int8, got 'int16'"),
    ],
)
def test_bad_parameters_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SCLDecoder(unmatched(n=8, k=4), **arguments)


def test_lists_of_very_long_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="list must be at most 512 for n = 32768, got 1024"):
        SCLDecoder(unmatched(n=32768, k=100), list=1024)
