"""Belief propagation over GF(2^m) against sums over all values, all codewords, and binary belief propagation."""

import numpy as np
import pytest
from capgap.codes import BeliefPropagationDecoder, HammingCode, NonBinaryBPDecoder

from tests.codes.ldpc.nonbinary.samples import CODES, dense, of_rows, received
from tests.references import symbol_messages


@pytest.mark.parametrize("schedule", ["flooding", "layered"])
@pytest.mark.parametrize("name", ["GF(2)", "GF(4)", "GF(8)", "GF(16)", "odd"])
def test_decisions_and_iterations_are_those_of_the_reference(name: str, schedule: str) -> None:
    code = CODES[name]
    frames = 150
    _, llr = received(code, frames, 1.0)
    result = NonBinaryBPDecoder(code, schedule=schedule, iterations=9).decode(llr)  # type: ignore[arg-type]
    decided, ok, spent, _ = symbol_messages.decode(
        dense(code), code.symbol_bits, llr, 9, schedule == "layered"
    )
    m = code.symbol_bits
    word = (decided[:, :, None] >> np.arange(m - 1, -1, -1) & 1).reshape(frames, -1).astype(np.uint8)
    assert np.array_equal(result.bits, code.information_bits(word))
    assert np.array_equal(result.ok, ok)
    assert np.array_equal(result.iterations, spent)
    assert not ok.all() or name == "odd"


def test_without_cycles_symbols_are_those_of_most_probability() -> None:
    """Sums over all 2^10 codewords: messages are exact where the graph is a tree."""
    code = of_rows([[1, 3, 2, 0, 0], [0, 0, 1, 2, 3]], 2)
    _, llr = received(code, 200, -1.0)
    result = NonBinaryBPDecoder(code, iterations=3, stop="none").decode(llr)
    messages = (np.arange(1 << code.k)[:, None] >> np.arange(code.k) & 1).astype(np.uint8)
    words = code.encode(messages)
    probability = np.exp(-llr.astype(np.float64) @ words.T)
    symbols = words[:, ::2] * 2 + words[:, 1::2]
    marginal = np.stack([probability @ (symbols == x) for x in range(4)], axis=2)
    decided = marginal.argmax(axis=2)
    word = (decided[:, :, None] >> np.array([1, 0]) & 1).reshape(200, -1).astype(np.uint8)
    assert np.array_equal(result.bits, code.information_bits(word))


@pytest.mark.parametrize(
    ("name", "kept", "scale", "offset", "schedule"),
    [
        ("GF(8)", 3, 1.0, 1.0, "layered"),
        ("GF(16)", 16, 0.75, 0.0, "flooding"),
        ("odd", 4, 1.0, 0.5, "flooding"),
    ],
)
def test_extended_min_sum_is_that_of_its_reference(
    name: str, kept: int, scale: float, offset: float, schedule: str
) -> None:
    code = CODES[name]
    _, llr = received(code, 30, 2.0)
    options: dict[str, object] = {"kept": kept, "scale": scale, "offset": offset, "schedule": schedule}
    result = NonBinaryBPDecoder(code, algorithm="extended-min-sum", iterations=6, **options).decode(llr)  # type: ignore[arg-type]
    m = code.symbol_bits
    for frame in range(30):
        decided, ok, spent = symbol_messages.extended_min_sum(
            dense(code), m, llr[frame], 6, kept, scale, offset, schedule == "layered"
        )
        assert (result.ok[frame], result.iterations[frame]) == (ok, spent), frame
        if ok:
            word = (decided[:, None] >> np.arange(m - 1, -1, -1) & 1).reshape(1, -1).astype(np.uint8)
            assert np.array_equal(result.bits[frame : frame + 1], code.information_bits(word)), frame
    assert 0 < result.ok.mean() < 1 or name == "GF(8)"


def test_over_gf2_it_is_sum_product() -> None:
    code = CODES["GF(2)"]
    _, llr = received(code, 1000, 2.0)
    llr[:, 3] = 0  # erased
    symbols, bits = (
        NonBinaryBPDecoder(code, iterations=12).decode(llr),
        BeliefPropagationDecoder(code, iterations=12).decode(llr),
    )
    for name in ("bits", "ok", "iterations"):
        assert np.array_equal(getattr(symbols, name), getattr(bits, name)), name


def test_frames_do_not_depend_on_each_other() -> None:
    code = CODES["GF(8)"]
    _, llr = received(code, 200, 1.5)
    decoder = NonBinaryBPDecoder(code, iterations=20)
    whole = decoder.decode(llr)
    for frame in (0, 63, 64, 130, 199):
        alone = decoder.decode(llr[frame])
        assert np.array_equal(alone.bits, whole.bits[frame])
        assert (alone.ok, alone.iterations) == (whole.ok[frame], whole.iterations[frame])


def test_erasures_leave_bits_open_that_the_checks_leave_open() -> None:
    """Of a symbol some bits may be known: over GF(4), with the first bit of two symbols of a check erased."""
    code = of_rows([[1, 1, 1]], 2)
    llr = np.array([[9, 9, 0, 9, 9, 9], [0, 9, 0, 9, 9, 9], [0, 0, 0, 0, 0, 0]], np.float32)
    result = NonBinaryBPDecoder(code).decode(llr)
    assert result.ok.tolist() == [True, False, False]
    word = code.encode(result.bits[:1])
    assert not word.any()
    # Extreme values are no trouble.
    certain = NonBinaryBPDecoder(code).decode(1e30 * np.sign(llr))
    assert certain.ok.tolist() == [True, False, False]


def test_what_it_refuses() -> None:
    with pytest.raises(ValueError, match="of type nonbinary-ldpc, not Hamming"):
        NonBinaryBPDecoder(HammingCode(r=3))
    code = CODES["GF(4)"]
    for arguments, problem in (
        ({"iterations": 0}, "iterations must be at least 1"),
        ({"schedule": "random"}, "schedule must be flooding or layered"),
        ({"algorithm": "fft"}, "algorithm must be "),
        ({"stop": "never"}, "stop must be syndrome or none"),
        ({"kept": 3}, "kept belongs to extended-min-sum"),
        ({"algorithm": "extended-min-sum", "kept": 5}, "kept must lie in 1 to 4, the values of a symbol"),
        ({"algorithm": "extended-min-sum", "scale": 0}, "scale must lie in"),
        ({"algorithm": "extended-min-sum", "offset": -1}, "offset must lie in 0 to 1000"),
    ):
        with pytest.raises(ValueError, match=problem):
            NonBinaryBPDecoder(code, **arguments)
    heavy = of_rows(np.hstack([np.ones((16, 1), int), np.eye(16, dtype=int)]), 2)
    with pytest.raises(ValueError, match="up to 15 entries in a column"):
        NonBinaryBPDecoder(heavy)
