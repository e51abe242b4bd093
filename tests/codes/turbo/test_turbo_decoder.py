"""Turbo decoding: against a reference to the bit, stop rules, lanes that take other frames."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import TurboCode, TurboDecoder, decoder_of
from capgap.codes.detection.by_name import crc
from capgap.codes.turbo.by_name import turbo

from tests.lazy import Lazy
from tests.references.turbo import decode

CODES: Lazy[Any] = Lazy(
    {
        "lte": lambda: turbo(standard="lte", k=104),
        "punctured": lambda: turbo(forward=[15], feedback=13, k=70, puncture=["11", "10", "01"]),
        "of two kinds": lambda: turbo(forward=[["15"], ["33", "37"]], feedback=[13, 23], k=70),
        "truncated": lambda: turbo(forward=[7], feedback=5, k=70, termination="truncated"),
    }
)


def received(code: Any, frames: int, ebno_db: float, seed: int) -> tuple[Any, Any]:
    """Information bits and float32 LLRs over AWGN, (frames, ...)."""
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2, (frames, code.k), dtype=np.uint8)
    signs = 1 - 2.0 * code.encode(bits)
    variance = 1 / (2 * code.k / code.n * 10 ** (ebno_db / 10))
    noisy = signs + np.sqrt(variance) * rng.standard_normal(signs.shape)
    return bits, np.float32(2 / variance * noisy)


@pytest.mark.parametrize(
    ("precision", "limit", "steps", "scale"),
    [
        ("int8", 127, 8, [0.75, 0.75, 0.7, 1]),
        ("int16", 32767, 64, [0.5, 1.25, 0.75, 1]),
        ("float32", 16384, 1, [0.75, 0.5, 1, 1]),
    ],
)
@CODES.each("code", quick=["punctured"])
def test_max_log_is_that_of_the_reference_to_the_bit(
    code: TurboCode, precision: Any, limit: int, steps: int, scale: Any
) -> None:
    """LLRs are multiples of 1 / 64 in float32, so that nothing is rounded."""
    llr = received(code, 70, 1, 51)[1]
    whole = np.rint(llr * steps).clip(-limit, limit) if steps > 1 else np.rint(64 * llr) / 64
    given = whole.T.astype(np.int64 if steps > 1 else np.float64)
    posterior = decode(code, given, scale, precision, limit)
    decoder = TurboDecoder(
        code,
        iterations=2,
        algorithm="max-log",
        scale=scale,
        precision=precision,
        llr_scale=None if steps == 1 else steps,
        count="iterations",
    )
    last = decoder.decode((whole / steps).astype(np.float32))
    for iteration in range(2):
        expected = posterior[2 * iteration + 1].T
        decided = expected != 0
        found = last.after_iterations[iteration]
        np.testing.assert_array_equal(found[decided], (expected < 0)[decided])
    np.testing.assert_array_equal(last.bits, found)
    np.testing.assert_array_equal(last.ok, decided.all(axis=1))


@pytest.mark.parametrize("k", [104, 208, 224])
def test_windows_are_those_of_the_reference_to_the_bit(k: int) -> None:
    """Of 64 steps, the last one with and without as many steps as training has."""
    code = turbo(standard="lte", k=k)
    llr = received(code, 64, 0, 52)[1]
    whole = np.rint(llr * 8).clip(-127, 127)
    posterior = decode(code, whole.T.astype(np.int64), [0.75] * 4, "int8", 127, window=64)[-1].T
    decoder = TurboDecoder(
        code, iterations=2, algorithm="max-log", scale=0.75, precision="int8", llr_scale=8, window=64
    )
    found = decoder.decode((whole / 8).astype(np.float32))
    decided = posterior != 0
    np.testing.assert_array_equal(found.bits[decided], (posterior < 0)[decided])


def test_log_map_and_tables_decode_what_registers_do() -> None:
    """Max-log of small trellises goes through registers, that of large ones through tables."""
    small = turbo(forward=[15], feedback=13, k=60)
    large = turbo(forward=[33, 37], feedback=23, k=60)
    wide = turbo(forward=[51], feedback=67, k=60)
    for code in (small, large, wide):
        bits, llr = received(code, 130, 3, 53)
        for algorithm in ("max-log", "log-map"):
            decoder = TurboDecoder(code, iterations=4, algorithm=algorithm)
            assert np.count_nonzero((decoder.decode(llr).bits != bits).any(axis=1)) <= 13


@pytest.mark.parametrize("name", ["dvb-rcs", "truncated", "of two kinds"])
def test_other_codes_are_decoded(name: str) -> None:
    code: Any
    if name == "dvb-rcs":
        code = turbo(standard="dvb-rcs", k=96, rate="1/2")
    else:
        code = CODES[name]
    bits, llr = received(code, 100, 4, 54)
    decoder = TurboDecoder(code, iterations=4)
    found = decoder.decode(llr)
    assert np.count_nonzero((found.bits != bits).any(axis=1)) <= 5
    stopping = TurboDecoder(code, iterations=4, stop="hard-agreement").decode(llr)
    assert stopping.iterations.mean() < 4
    assert np.count_nonzero((stopping.bits != bits).any(axis=1)) <= 5


PRECISIONS = [("float32", "log-map"), ("int8", "max-log"), ("int16", "max-log")]


@pytest.mark.parametrize(("precision", "algorithm"), PRECISIONS)
def test_frames_stop_by_themselves_and_lanes_take_others(precision: Any, algorithm: Any) -> None:
    """With a stop rule a frame ends as it does alone, whichever frames come before and after it."""
    code = CODES["lte"]
    bits, llr = received(code, 200, 1, 55)
    decoder = TurboDecoder(
        code, iterations=6, algorithm=algorithm, precision=precision, stop="hard-agreement"
    )
    together = decoder.decode(llr)
    assert together.iterations.min() < together.iterations.max()
    alone = [decoder.decode(llr[i : i + 1]) for i in range(0, 200, 13)]
    for i, each in zip(range(0, 200, 13), alone, strict=True):
        np.testing.assert_array_equal(together.bits[i], each.bits[0])
        assert together.iterations[i] == each.iterations[0]
        assert together.ok[i] == each.ok[0]
    wrong = (together.bits != bits).any(axis=1)
    assert not wrong[together.ok].any() or np.mean(wrong[together.ok]) < 0.05


def test_agreement_ends_with_the_decisions_of_that_half_iteration() -> None:
    code = CODES["lte"]
    llr = np.rint(received(code, 70, 1, 56)[1] * 8).clip(-127, 127)
    posterior = decode(code, llr.T.astype(np.int64), [0.75] * 8, "int8", 127)
    decisions = posterior.transpose(0, 2, 1) < 0
    tied = (posterior == 0).any(axis=1)
    decoder = TurboDecoder(
        code,
        iterations=4,
        algorithm="max-log",
        scale=0.75,
        precision="int8",
        llr_scale=8,
        stop="hard-agreement",
    )
    found = decoder.decode((llr / 8).astype(np.float32))
    for frame in range(70):
        half = 7
        for i in range(1, 8):
            same = np.array_equal(decisions[i, frame], decisions[i - 1, frame])
            if same and not tied[i, frame]:
                half = i
                break
        assert found.iterations[frame] == half // 2 + 1
        if not tied[half, frame]:
            np.testing.assert_array_equal(found.bits[frame], decisions[half, frame])


def test_a_check_around_stops_and_sets_ok() -> None:
    code = crc(polynomial="16-ccitt", code=CODES["lte"])
    with pytest.raises(ValueError, match="stop crc needs a check around the code"):
        decoder_of(code.inner, TurboDecoder, stop="crc")
    decoder = decoder_of(code, TurboDecoder, iterations=6, stop="crc")
    bits = np.random.default_rng(57).integers(0, 2, (150, code.k), dtype=np.uint8)
    signs = 1 - 2.0 * code.encode(bits)
    noise = np.random.default_rng(58).standard_normal(signs.shape)
    found = decoder.decode(np.float32(2 * (signs + 0.95 * noise)))
    np.testing.assert_array_equal(found.ok, (found.bits == bits).all(axis=1))
    assert found.iterations.min() == 1
    assert found.iterations[~found.ok].tolist() == [6] * np.count_nonzero(~found.ok)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"scale": [0.75, 1]}, "scale must be a number, or 16, one for each half-iteration, got 2"),
        ({"scale": 2}, "scale must lie in 1/64 to 1.5, got 2"),
        ({"iterations": 0}, "iterations must lie in 1 to 1000, got 0"),
        ({"precision": "int8"}, "precision int8 belongs to max-log"),
        ({"window": 256}, "window belongs to max-log: leave it out, or set algorithm: max-log"),
        ({"algorithm": "max-log", "window": 100}, "window must be a power of two from 64 to 4096, got 100"),
        ({"stop": "never"}, "stop must be none, crc, hard-agreement, got 'never'"),
    ],
)
def test_refusals(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TurboDecoder(CODES["lte"], **parameters)


def test_fixed_point_is_refused_where_there_is_none() -> None:
    with pytest.raises(ValueError, match="precision int8 is for constituents with one input"):
        TurboDecoder(turbo(standard="dvb-rcs", k=96), algorithm="max-log", precision="int8")
