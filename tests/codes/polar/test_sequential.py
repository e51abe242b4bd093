"""Stack and Fano decoding: maximum likelihood where nothing is left out, and each other."""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.integrate
from capgap.codes import Decoder, FanoDecoder, PolarCode, SCLDecoder, StackDecoder
from capgap.codes.by_name import polar
from capgap.codes.polar.decoding.sequential.sequential import cutoff_rates

from tests.references.polar_lists import box_plus, distances

Array = npt.NDArray[Any]


def pac(n: int, k: int) -> PolarCode:
    code = polar(n=n, k=k, construction="reed-muller", convolution=133)
    assert isinstance(code, PolarCode)
    return code


def received(code: PolarCode, frames: int, ebno_db: float, seed: int) -> tuple[Array, Array]:
    generator = np.random.default_rng(seed)
    bits = generator.integers(0, 2, (frames, code.k), np.uint8)
    variance = 1 / (2 * code.rate * 10 ** (ebno_db / 10))
    noise = generator.standard_normal((frames, code.n)) * variance**0.5
    return bits, ((1.0 - 2 * code.encode(bits) + noise) * 2 / variance).astype(np.float32)


@pytest.mark.parametrize("box_plus_name", ["exact", "min-sum"])
def test_a_large_stack_is_maximum_likelihood(box_plus_name: Any) -> None:
    code = pac(32, 10)
    messages = np.array(list(itertools.product((0, 1), repeat=10)), np.uint8)
    words = code.encode(messages)
    _, llr = received(code, 300, 0.0, 1)
    found = StackDecoder(code, list=1 << 12, size=1 << 12, box_plus=box_plus_name).decode(llr)
    own = distances(code.encode(found.bits), llr)[np.arange(300), np.arange(300)]
    np.testing.assert_allclose(own, distances(words, llr).min(axis=1), rtol=1e-4, atol=1e-3)
    assert found.counters["visits"].min() >= 32


def test_a_stack_of_one_extension_is_successive_cancellation() -> None:
    code = pac(64, 30)
    _, llr = received(code, 200, 1.0, 2)
    stack = StackDecoder(code, list=1).decode(llr)
    np.testing.assert_array_equal(stack.bits, SCLDecoder(code, list=1).decode(llr).bits)
    assert (stack.counters["visits"] == 64).all()


@pytest.mark.slow
def test_both_come_close_to_long_lists() -> None:
    code = pac(128, 64)
    bits, llr = received(code, 600, 2.0, 3)
    wrong = {
        name: int((decoder.decode(llr).bits != bits).any(axis=1).sum())
        for name, decoder in {
            "scl": SCLDecoder(code, list=128),
            "fano": FanoDecoder(code, delta=1),
            "stack": StackDecoder(code, list=128, size=2048),
        }.items()
    }
    assert max(wrong.values()) <= min(wrong.values()) + 5, wrong


def plain_fano(code: PolarCode, llr: Array, bias: Array, delta: float) -> tuple[Array, int]:
    """u of one frame, and nodes visited: LLRs anew for each node."""
    n = code.n
    sums: dict[int, list[int]] = {i: [] for i in range(n)}
    assert code.pretransform is not None
    for target, source in zip(code.pretransform.targets, code.pretransform.sources, strict=True):
        sums[int(target)].append(int(source))

    def llr_of(x: Array, u: list[int]) -> float:
        if len(x) == 1:
            return float(x[0])
        h = len(x) // 2
        if len(u) < h:
            return llr_of(box_plus(x[:h], x[h:]), u)
        word = np.array(u[:h])
        size = 1
        while size < h:
            pairs = word.reshape(-1, 2, size)
            pairs[:, 0] ^= pairs[:, 1]
            size *= 2
        return llr_of(x[h:] + np.where(word, -x[:h], x[:h]), u[h:])

    def children(u: list[int]) -> list[tuple[float, int]]:
        i = len(u)
        v: list[int] = []
        for j, bit in enumerate(u):
            v.append(0 if code.frozen[j] else bit ^ (sum(v[s] for s in sums[j]) & 1))
        x = llr_of(llr.astype(float), u)
        gains = [1 - bias[i] - np.logaddexp(0, -x if bit == 0 else x) / np.log(2) for bit in (0, 1)]
        if code.frozen[i]:
            bit = sum(v[s] for s in sums[i]) & 1
            return [(gains[bit], bit)]
        return sorted(((gains[bit], bit) for bit in (0, 1)), reverse=True)

    u: list[int] = []
    metric, tried, threshold, visits = [0.0], [0], 0.0, 1
    options = [children(u)]
    while True:
        gain, bit = options[-1][tried[-1]]
        if metric[-1] + gain >= threshold:
            if metric[-1] < threshold + delta:
                while metric[-1] + gain >= threshold + delta:
                    threshold += delta
            metric.append(metric[-1] + gain)
            u.append(bit)
            if len(u) == n:
                return np.array(u), visits
            options.append(children(u))
            tried.append(0)
            visits += 1
            continue
        while True:
            if len(u) == 0 or metric[-2] < threshold:
                threshold -= delta
                tried[-1] = 0
                visits += 1
                break
            u.pop(), metric.pop(), options.pop(), tried.pop()
            if tried[-1] + 1 < len(options[-1]):
                tried[-1] += 1
                break


def test_fano_goes_as_written() -> None:
    code = pac(32, 16)
    _, llr = received(code, 12, 1.0, 4)
    decoder = FanoDecoder(code, delta=0.7)
    found = decoder.decode(llr)
    u = np.zeros((12, 32), int)
    for frame in range(12):
        # Ties aside, of which there are none, flips for a codeword change nothing.
        u[frame], visits = plain_fano(code, llr[frame], decoder.bias, 0.7)
        assert visits == found.counters["visits"][frame]
    words = u.copy()
    size = 1
    while size < 32:
        pairs = words.reshape(12, -1, 2, size)
        pairs[:, :, 0] ^= pairs[:, :, 1]
        size *= 2
    np.testing.assert_array_equal(code.encode(found.bits), words)


def test_a_frame_of_too_many_visits_is_completed_and_not_ok() -> None:
    code = pac(64, 32)
    bits, llr = received(code, 200, 1.0, 5)
    few, all_ = FanoDecoder(code, visits=70).decode(llr), FanoDecoder(code).decode(llr)
    assert few.counters["visits"].max() == 70
    assert 0 < few.ok.sum() < 200
    np.testing.assert_array_equal(few.bits[few.ok], all_.bits[few.ok])
    np.testing.assert_array_equal(few.ok, all_.counters["visits"] <= 70)
    assert (few.bits != bits).any(axis=1).sum() > (all_.bits != bits).any(axis=1).sum()


def test_cutoff_rates_are_those_of_gaussian_channels() -> None:
    """1 - log2 of the integral of the product of the roots of both densities, twice, of a code of no transform."""
    code = PolarCode(information=[0, 1], n=2)
    good = cutoff_rates(code, 0.7)[1]  # of two uses
    density = lambda y, sign: np.exp(-((y - sign) ** 2) * 1.4) * np.sqrt(1.4 / np.pi)  # noqa: E731
    z, _ = scipy.integrate.quad(lambda y: np.sqrt(density(y, 1) * density(y, -1)), -9, 9)
    assert good == pytest.approx(1 - np.log2(1 + z), rel=1e-6)


@pytest.mark.parametrize(
    ("make", "arguments", "message"),
    [
        (FanoDecoder, {"delta": 0}, r"delta must lie in \(0, 1e6\], got 0"),
        (FanoDecoder, {"visits": 0}, "visits must lie in 1 to 1000000000, got 0"),
        (FanoDecoder, {"design_ebno_db": 50}, "design_ebno_db must lie in -20 to 40, got 50"),
        (FanoDecoder, {"box_plus": "max"}, "box_plus must be exact or min-sum"),
        (StackDecoder, {"list": 0}, "list must lie in 1 to 1048576, got 0"),
        (StackDecoder, {"size": 1}, "size must lie in 2 to 65536, got 1"),
    ],
)
def test_bad_parameters_are_refused(make: type[Decoder], arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(pac(16, 8), **arguments)


def test_kernels_of_size_3_are_refused() -> None:
    with pytest.raises(ValueError, match="sequential decoding takes kernels of size 2: use scl"):
        FanoDecoder(PolarCode(information=[2, 5], kernels=[2, 3]))


@pytest.mark.slow
def test_fano_on_the_published_pac_code() -> None:
    """At 3 dB 1.81e-4 is published for the bias of 2.35 dB, and 1.58e-4 of lists of 128."""
    code = pac(128, 64)
    decoder, wrong = FanoDecoder(code, design_ebno_db=2.35), 0
    for seed in range(20):
        bits, llr = received(code, 10_000, 3.0, seed)
        wrong += int((decoder.decode(llr).bits != bits).any(axis=1).sum())
    assert 18 <= wrong <= 55
