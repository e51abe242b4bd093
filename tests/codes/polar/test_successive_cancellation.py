"""Successive cancellation against brute force, a plain recursion, and exact rates on the erasure channel."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import Stream
from capgap.channels.models.discrete.bec import BEC
from capgap.codes import HammingCode, PolarCode, decoder_of
from capgap.codes.by_name import crc, polar
from capgap.codes.polar.decoding import operation_kernels as op
from capgap.codes.polar.decoding.preferred import preferred_bits, preferred_word
from capgap.codes.polar.decoding.program import node_program
from capgap.codes.polar.decoding.successive_cancellation import SCDecoder
from capgap.codes.polar.pretransform import Pretransform
from capgap.simulate import run
from scipy import stats

from tests.conftest import SIGNIFICANCE
from tests.references import successive_cancellation as reference

LLRs = npt.NDArray[np.float32]


def coded(n: int, k: int, **more: Any) -> PolarCode:
    code = polar(n=n, k=k, **more)
    assert isinstance(code, PolarCode)
    return code


def random_code(generator: np.random.Generator, n: int, k: int, *, sums: bool = False) -> PolarCode:
    positions = generator.permutation(n)[:k]
    if not sums:
        return PolarCode(n=n, information=positions)
    earlier = {i: np.flatnonzero(generator.random(i) < 0.3).tolist() for i in range(n)}
    return PolarCode(n=n, information=positions, pretransform=Pretransform(n, earlier))


def codes_of_all_kinds() -> dict[str, PolarCode]:
    generator = np.random.default_rng(2)
    kinds = {
        "pw": coded(128, 64),
        "systematic": coded(64, 40, systematic=True),
        "PAC": coded(32, 16, construction="rm-polar", convolution=133),
        "rate 1": PolarCode(n=16, information=range(16)),
        "one bit": PolarCode(n=16, information=[15]),
        "two": PolarCode(n=2, information=[1]),
    }
    for n, k in ((2, 2), (4, 3), (16, 9), (64, 20), (64, 50), (128, 70)):
        kinds[f"random {n}, {k}"] = random_code(generator, n, k)
        kinds[f"sums {n}, {k}"] = random_code(generator, n, k, sums=True)
    for sizes in ((3,), (3, 2), (2, 3), (2, 2, 3), (3, 3, 2)):
        n = int(np.prod(sizes))
        earlier = {i: np.flatnonzero(generator.random(i) < 0.3).tolist() for i in range(n)}
        kinds[f"kernels {sizes}"] = PolarCode(
            kernels=sizes,
            information=generator.permutation(n)[: n // 2 + 1],
            pretransform=Pretransform(n, earlier),
        )
    return kinds


CODES = codes_of_all_kinds()


def received(code: PolarCode, sigma: float, *, ties: bool, frames: int = 130) -> LLRs:
    """LLRs of random words, float32; where ``ties`` of few magnitudes, also 0."""
    generator = np.random.default_rng(code.n)
    words = code.encode(generator.integers(0, 2, (frames, code.k), np.uint8))
    llr = 2 / sigma**2 * (1 - 2.0 * words + sigma * generator.standard_normal(words.shape))
    return (2 * np.round(llr / 2) if ties else llr).astype(np.float32)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("name", CODES)
def test_min_sum_decides_as_the_plain_recursion_to_the_bit(name: str, ties: bool) -> None:
    code = CODES[name]
    llr = received(code, 0.6 if ties else 0.9, ties=ties)
    fixed = np.clip(np.rint(4 * llr), -127, 127).astype(np.int16)
    for parameters, given, box_plus in (
        ({"precision": "int8"}, fixed, reference.min_sum_int8),
        ({"box_plus": "min-sum"}, llr, reference.min_sum),
    ):
        expected = code.information_bits(reference.decoded(code, given, box_plus))
        found = SCDecoder(code, **parameters).decode(llr).bits  # type: ignore[arg-type]
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("name", CODES)
def test_nodes_change_no_decision_of_the_exact_rule(name: str, ties: bool) -> None:
    code = CODES[name]
    llr = received(code, 0.9, ties=ties)
    plain = SCDecoder(code)
    plain._program = node_program(code, leaves=())
    np.testing.assert_array_equal(SCDecoder(code).decode(llr).bits, plain.decode(llr).bits)


@pytest.mark.parametrize("name", ["pw", "systematic", "PAC", "kernels (2, 2, 3)"])
def test_the_exact_rule_decides_as_in_double_precision(name: str) -> None:
    code = CODES[name]
    llr = received(code, 0.7, ties=False)
    expected = code.information_bits(reference.decoded(code, llr.astype(np.float64), reference.exact))
    np.testing.assert_array_equal(SCDecoder(code).decode(llr).bits, expected)


def successive_llrs(code: PolarCode, llr: npt.NDArray[Any], u: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The LLR of each bit u_i given those before it: sums over all later ones; (frames, n)."""
    n = code.n
    inputs = (np.arange(1 << n)[:, None] >> np.arange(n - 1, -1, -1) & 1).astype(np.uint8)
    everything = PolarCode(n=n, information=range(n))
    weights = np.exp(-llr.astype(np.float64) @ everything.encode(inputs).T.astype(np.float64))
    found = np.empty((len(llr), n))
    for i in range(n):
        halves = weights.reshape(len(llr), 2, -1)
        with np.errstate(divide="ignore"):
            found[:, i] = np.log(halves[:, 0].sum(axis=1)) - np.log(halves[:, 1].sum(axis=1))
        weights = halves[np.arange(len(llr)), u[:, i]]
    return found


@pytest.mark.parametrize("channel", ["awgn", "bsc", "bec"])
@pytest.mark.parametrize(
    ("n", "k", "sums"), [(2, 1, False), (4, 2, True), (8, 5, False), (8, 4, True), (16, 9, True)]
)
def test_decisions_are_the_successive_maximum_a_posteriori_ones(
    n: int, k: int, sums: bool, channel: str
) -> None:
    generator = np.random.default_rng(n + k)
    for _ in range(2 if n == 16 else 8):
        code = random_code(generator, n, k, sums=sums)
        words = code.encode(generator.integers(0, 2, (40, k), np.uint8))
        llr: npt.NDArray[Any]
        if channel == "awgn":
            llr = 2 / 0.8**2 * (1 - 2.0 * words + 0.8 * generator.standard_normal(words.shape))
        elif channel == "bsc":
            llr = 1.7 * (1 - 2.0 * words) * np.where(generator.random(words.shape) < 0.15, -1, 1)
        else:
            llr = 30 * (1 - 2.0 * words) * (generator.random(words.shape) > 0.4)
        bits = SCDecoder(code).decode(llr).bits
        everything = PolarCode(n=n, information=range(n))
        u = everything.information_bits(code.encode(bits))
        by_sums = successive_llrs(code, llr, u)[:, ~code.frozen]
        decided = u[:, ~code.frozen]
        # What is decided is the likelier, but for what rounding may hide; ties are decided either way.
        assert (by_sums * (1 - 2.0 * decided) > -1e-4).all()
        if channel == "awgn":
            assert (abs(by_sums) > 1e-3).mean() > 0.9


def test_ties_are_decided_for_a_codeword_of_the_code() -> None:
    for code in CODES.values():
        word, message = preferred_word(code)
        erased = SCDecoder(code).decode(np.zeros((3, code.n)))
        np.testing.assert_array_equal(erased.bits, np.tile(message, (3, 1)))
        assert not erased.ok.any()
        everything = PolarCode(kernels=code.kernels, information=range(code.n))
        np.testing.assert_array_equal(everything.information_bits(word), preferred_bits(code))


def test_ties_favour_no_word() -> None:
    """Where the word that ties prefer is drawn at random, the all-zero word fails as often as random ones."""
    code, frames, generator = coded(64, 32), 64, np.random.default_rng(6)
    channel = BEC(epsilon=0.45)
    for parameters in ({}, {"precision": "int8"}):
        decoder = SCDecoder(code, **parameters)  # type: ignore[arg-type]
        wrong: dict[str, list[float]] = {"zero": [], "random": []}
        for batch in range(400):
            decoder.ties = np.uint64(0) - generator.integers(0, 2, 64, np.uint64)
            for name, found in wrong.items():
                bits = generator.integers(0, 2, (frames, 32), np.uint8) * np.uint8(name == "random")
                llr = channel.llr(channel.transmit(code.encode(bits), Stream(batch, frames)))
                found.append(float((decoder.decode(llr).bits != bits).any(axis=1).mean()))
        assert np.mean(wrong["zero"]) > 0.3
        assert stats.ttest_ind(wrong["zero"], wrong["random"]).pvalue > SIGNIFICANCE


def test_frame_errors_on_the_erasure_channel_are_within_the_exact_recursions_bounds() -> None:
    epsilon, code = 0.4, coded(256, 100)
    z = np.array([epsilon])
    while len(z) < code.n:
        z = np.stack([2 * z - z * z, z * z], axis=1).ravel()
    z = z[code.information]
    (row,) = run(
        {
            "name": "bec",
            "channel": {"type": "bec", "epsilon": epsilon},
            "curves": [
                {"label": "sc", "code": {"type": "polar", "n": 256, "k": 100}, "decoder": {"type": "sc"}}
            ],
            "stop": {"frames": 40000},
        },
        save=False,
    )
    # An erased bit is wrong half of the time; the first that is makes the frame wrong.
    assert row.frame_errors > 100
    interval = stats.binomtest(row.frame_errors, row.frames).proportion_ci(1 - SIGNIFICANCE)
    assert interval.high > z.max() / 2
    assert interval.low < z.sum() / 2


def test_a_composite_code_is_decoded_through_its_inner_code() -> None:
    generator = np.random.default_rng(8)
    inner = coded(64, 40)
    checked = crc(code=inner, polynomial=0x07)
    punctured = polar(n=50, k=20, matching={"puncture": "quasi-uniform"})
    shortened = polar(n=50, k=20, matching={"shorten": "last"})
    for code in (checked, punctured, shortened):
        for parameters in ({}, {"precision": "int8"}):
            decoder = decoder_of(code, SCDecoder, **parameters)
            bits = generator.integers(0, 2, (70, code.k), np.uint8)
            llr = 8 * (1.0 - 2 * code.encode(bits)) + generator.standard_normal((70, code.n))
            result = decoder.decode(llr)
            np.testing.assert_array_equal(result.bits, bits)
            assert result.ok.all()


# The program


@pytest.mark.parametrize("lists", [False, True])
@pytest.mark.parametrize("name", CODES)
def test_a_program_decides_each_position_once_and_in_order(name: str, lists: bool) -> None:
    code = CODES[name]
    table = node_program(code, lists=lists, leaves=("rate-1", "repetition", "parity")).operations
    decided = np.zeros(code.n, int)
    before = 0
    for operation, rows, first, _ in table.tolist():
        if operation in (op.G_RATE_1, op.G_ZERO_RATE_1):
            first += rows
        elif operation not in (op.RATE_0, op.RATE_1, op.REPETITION, op.PARITY):
            continue
        assert first >= before
        before = first + rows
        decided[first:before] += 1
    assert decided.max() <= 1
    assert decided[~code.frozen].all()


def test_a_program_of_a_long_code_is_made_at_once() -> None:
    program = node_program(coded(1 << 18, 1 << 17))
    assert 0 < len(program.operations) < 1 << 16


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"box_plus": "max"}, "box_plus must be exact or min-sum"),
        ({"precision": "int16"}, "precision must be float32 or int8"),
        ({"precision": "int8", "box_plus": "exact"}, "box_plus: exact takes float32"),
        ({"llr_scale": 4.0}, "llr_scale belongs to fixed point"),
        ({"precision": "int8", "llr_scale": 0.0}, "llr_scale must lie in"),
    ],
)
def test_bad_parameters_are_refused(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SCDecoder(coded(8, 4), **parameters)
    with pytest.raises(ValueError, match="sc decodes polar codes"):
        SCDecoder(HammingCode(r=3))
