"""Belief propagation, beside a slow reference."""

from typing import Any

import numpy as np
import pytest
from capgap.channels import BSC, Stream
from capgap.codes import (
    DecodeResult,
    HammingCode,
    LDPCCode,
    LinearRateMatchedCode,
    regular_matrix,
)
from capgap.codes.tie_breaking import fixed_tie_bits

from tests.codes.ldpc.samples import (
    ODD_CHECKS,
    Link,
    bp,
    decode_variables,
    each_bp_code,
    each_schedule,
)
from tests.codes.samples import assert_same, random_llrs, send, words_of
from tests.references.belief_propagation import reference_bp, reference_variables


def agreement(result: DecodeResult, expected: DecodeResult) -> float:
    same = (result.bits == expected.bits).all(axis=1)
    return float((same & (result.ok == expected.ok) & (result.iterations == expected.iterations)).mean())


@each_bp_code
@each_schedule
def test_sum_product(link: Link, schedule: Any) -> None:
    code, ebno_db = link
    llr = send(code, ebno_db, 400)[1]
    options: dict[str, Any] = {"schedule": schedule, "iterations": 20}
    result = bp(code, **options).decode(llr)
    expected = reference_bp(code, llr, **options)
    assert agreement(result, expected) >= 0.995


@each_bp_code
@each_schedule
def test_sum_product_decodes_what_float64_decodes(link: Link, schedule: Any) -> None:
    """LLRs of every magnitude up to 1000, the largest that channels give, mixed, or alike with a few wrong.

    The weakest bit of a check may be far weaker than the others. (Float32 has sums of thousands to 1e-4
    only: frames that fail wander elsewhere, and of those that do not, some take an iteration more or less.)
    """
    code, ebno_db = link
    llr = send(code, ebno_db + 2, 100)[1]
    generator = np.random.default_rng(22)
    sizes = 10 ** generator.uniform(-2, 3, llr.shape)
    flipped = generator.permuted(np.tile(np.arange(code.n) < code.n // 32, (len(llr), 1)), axis=1)
    some = np.arange(code.n) % (code.n // 4 + 1) > 0
    alike = np.where(flipped, -some.astype(float), some)
    options: dict[str, Any] = {"schedule": schedule, "iterations": 20}
    decoder, decoded = bp(code, **options), 0
    for given in (sizes * llr, 100 * llr, np.where(sizes > 300, 1000 * llr, llr), 100 * alike, 1000 * alike):
        given = np.clip(given, -1000, 1000).astype(np.float32)
        result, expected = decoder.decode(given), reference_bp(code, given, **options)
        assert result.ok[expected.ok].all()
        np.testing.assert_array_equal(result.bits[expected.ok], expected.bits[expected.ok])
        decoded += int(np.count_nonzero(expected.ok & (expected.iterations > 0)))
    assert decoded > len(llr) // 10


@each_bp_code
@each_schedule
@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (0.8, 0), (1, 0.3), (0.9, 0.1)])
def test_min_sum(link: Link, schedule: Any, scale: float, offset: float) -> None:
    code, ebno_db = link
    llr = send(code, ebno_db - 1, 60)[1]
    options: dict[str, Any] = {
        "algorithm": "min-sum",
        "schedule": schedule,
        "scale": scale,
        "offset": offset,
        "iterations": 15,
    }
    result = bp(code, **options).decode(llr)
    assert_same(result, reference_bp(code, llr, dtype=np.float32, **options))
    assert result.iterations.any()


@each_bp_code
@each_schedule
@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (0.8, 0.3)])
@pytest.mark.parametrize(("llr_scale", "stronger"), [(4, 1), (1, 1), (16, 3)])  # the last one saturates
def test_fixed_point_min_sum(
    link: Link,
    schedule: Any,
    scale: float,
    offset: float,
    llr_scale: float,
    stronger: float,
) -> None:
    code, ebno_db = link
    llr = stronger * send(code, ebno_db - 1, 60)[1]
    options: dict[str, Any] = {
        "algorithm": "min-sum",
        "schedule": schedule,
        "scale": scale,
        "offset": offset,
        "iterations": 15,
        "precision": "int8",
        "llr_scale": llr_scale,
    }
    result = bp(code, **options).decode(llr)
    assert_same(result, reference_bp(code, llr, **options))
    assert result.iterations.any()


@each_schedule
def test_min_sum_with_many_ties(schedule: Any) -> None:
    code = LDPCCode.regular(96, 48, 3)
    stream = Stream(2, 500)
    channel = BSC(f=0.05)
    llr = channel.llr(channel.transmit(code.encode(stream.bits(code.k)), stream))
    llr[:, ::7] = 0
    options: dict[str, Any] = {"algorithm": "min-sum", "schedule": schedule, "iterations": 10}
    result = bp(code, **options).decode(llr)
    assert_same(result, reference_bp(code, np.sign(llr), **options))  # in whole numbers, which are exact


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
def test_checks_of_degree_zero_one_and_two(algorithm: Any, schedule: Any) -> None:
    code = LDPCCode(ODD_CHECKS)
    options: dict[str, Any] = {"algorithm": algorithm, "schedule": schedule, "iterations": 5}
    decoder = bp(code, **options)
    llr = random_llrs(2000, 6, zeros=0.2)
    result = decode_variables(decoder, llr)
    assert_same(result, reference_variables(code, llr, dtype=np.float32, **options))
    assert not result.bits[result.ok, 1].any()
    erased = decode_variables(decoder, np.zeros((1, 6), np.float32))
    assert not erased.ok[0]
    np.testing.assert_array_equal(erased.bits[0], np.where(np.arange(6) == 1, 0, fixed_tie_bits(6)))


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
@pytest.mark.parametrize("iterations", [4, 40])  # after 40, all messages are at the largest magnitude
def test_without_stopping(iterations: int, algorithm: Any, schedule: Any) -> None:
    code = LDPCCode.regular(96, 48, 3)
    llr = send(code, 3, 200)[1]
    options: dict[str, Any] = {"algorithm": algorithm, "schedule": schedule, "stop": "none"}
    result = bp(code, iterations=iterations, **options).decode(llr)
    assert (result.iterations == iterations).all()
    if algorithm == "min-sum":
        assert_same(result, reference_bp(code, llr, iterations=iterations, dtype=np.float32, **options))
    else:
        assert agreement(result, reference_bp(code, llr, iterations=iterations, **options)) >= 0.99


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
def test_a_codeword_once_found_is_kept(algorithm: Any, schedule: Any) -> None:
    code = LDPCCode.regular(96, 48, 3)
    bits, llr = send(code, 4, 500)
    for iterations in (20, 50, 400):
        decoder = bp(code, algorithm=algorithm, schedule=schedule, iterations=iterations, stop="none")
        result = decoder.decode(llr)
        assert result.ok.mean() > 0.99
        np.testing.assert_array_equal(result.bits[result.ok], bits[result.ok])


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
def test_iterations_are_counted_from_the_word_received(algorithm: Any, schedule: Any) -> None:
    code = LDPCCode.regular(96, 48, 3)
    decoder = bp(code, algorithm=algorithm, schedule=schedule, iterations=30)
    llr = send(code, 3, 500)[1]
    result = decoder.decode(llr)
    received = ~code.syndrome((llr < 0).astype(np.uint8)).any(axis=1)
    np.testing.assert_array_equal(result.iterations == 0, received)
    np.testing.assert_array_equal(result.iterations < 30, result.ok & (result.iterations < 30))
    # A frame that takes i iterations is done with a limit of i, and not with one less.
    for limit in (1, 2, 3, 5):
        less = bp(code, algorithm=algorithm, schedule=schedule, iterations=limit)
        limited = less.decode(llr)
        within = result.iterations <= limit
        np.testing.assert_array_equal(limited.iterations, np.minimum(result.iterations, limit))
        np.testing.assert_array_equal(limited.bits[within], result.bits[within])
        np.testing.assert_array_equal(limited.ok, result.ok & within)


@each_schedule
@pytest.mark.parametrize("stop", ["syndrome", "none"])
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
@pytest.mark.parametrize("puncture", [[], [0, 30, 50]])
def test_ok_is_true_for_codewords_alone(
    puncture: list[int], algorithm: Any, stop: Any, schedule: Any
) -> None:
    matrix = regular_matrix(60, 30, 3)
    code = LinearRateMatchedCode(LDPCCode(matrix), puncture=puncture)
    decoder = bp(code, algorithm=algorithm, schedule=schedule, stop=stop, iterations=6)
    generator = np.random.default_rng(16)
    llr = np.concatenate([send(code, db, 200)[1] for db in (-3, 0, 2, 5)])
    certain = np.where(generator.random(llr.shape) < 0.5, 1000, -1000).astype(np.float32)
    contradictory = np.where(generator.random(llr.shape) < 0.1, -certain[:1], certain[:1])
    for batch in (llr, certain, contradictory, llr * np.float32(1e36), np.zeros_like(llr)):
        result = decode_variables(decoder, batch)
        broken = (result.bits.astype(int) @ matrix.toarray().T % 2).any(axis=1)
        assert not broken[result.ok].any()
        if batch is llr:  # without zeros it is the other way round, too
            np.testing.assert_array_equal(result.ok, ~broken)
            assert 0.05 < result.ok.mean() < 0.95
    assert not result.ok.any()


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
def test_contradictory_certainties(algorithm: Any, schedule: Any) -> None:
    # Every pattern of signs at full certainty: what stands against one vote of three falls.
    code = HammingCode(r=3)
    llr = (1 - 2 * words_of(7).astype(np.float32)) * 1000
    options: dict[str, Any] = {"algorithm": algorithm, "schedule": schedule, "iterations": 40}
    result = bp(code, **options).decode(llr)
    codeword = ~code.syndrome(words_of(7)).any(axis=1)
    np.testing.assert_array_equal(result.iterations == 0, codeword)
    assert result.ok[codeword].all()
    if algorithm == "min-sum":
        assert_same(result, reference_bp(code, llr, dtype=np.float32, **options))
    # Beyond the largest message the magnitude makes no difference.
    most = bp(code, **options).decode(llr * np.float32(16.384))
    assert_same(bp(code, **options).decode(llr * np.float32(1e35)), most)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"algorithm": "max-product"}, "algorithm must be sum-product or .* got 'max-product'"),
        (
            {"schedule": "random"},
            "schedule must be flooding or layered or layered-columns or residual, got 'random'",
        ),
        ({"stop": "never"}, "stop must be syndrome or none, got 'never'"),
        ({"iterations": 0}, "iterations must be at least 1, got 0"),
        ({"algorithm": "min-sum", "scale": 0}, r"scale must lie in \(0, 1\], got 0"),
        ({"algorithm": "min-sum", "scale": 1.1}, r"scale must lie in \(0, 1\], got 1.1"),
        ({"algorithm": "min-sum", "scale": np.nan}, r"scale must lie in \(0, 1\], got nan"),
        ({"algorithm": "min-sum", "offset": -0.1}, "offset must be finite and not negative, got -0.1"),
        ({"algorithm": "min-sum", "offset": np.inf}, "offset must be finite"),
        ({"scale": 0.8}, "scale belongs to min-sum"),
        ({"offset": 0.1}, "offset belongs to min-sum"),
    ],
)
def test_bp_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bp(HammingCode(r=3), **options)
