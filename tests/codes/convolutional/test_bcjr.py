"""A-posteriori decoding: against all codewords of small codes, and against references step by step."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import komm
import numpy as np
import pytest
from capgap.codes import BCJRDecoder, ConvolutionalCode
from capgap.codes.convolutional.trellis import lane_trellis

from tests.lazy import Lazy
from tests.references.bcjr import by_all_codewords, max_log

CODES: Lazy[ConvolutionalCode] = Lazy(
    {
        "zero": lambda: ConvolutionalCode(generators=[5, 7], k=6),
        "recursive": lambda: ConvolutionalCode(generators=[15], feedback=13, k=7),
        "one step": lambda: ConvolutionalCode(generators=[133, 171], k=1),
        "truncated": lambda: ConvolutionalCode(generators=[5, 7, 7], k=6, termination="truncated"),
        "recursive, truncated": lambda: ConvolutionalCode(
            generators=[15, 17], feedback=13, k=6, termination="truncated"
        ),
        "tail-biting": lambda: ConvolutionalCode(generators=[5, 7], k=8, termination="tail-biting"),
        "tail-biting, short": lambda: ConvolutionalCode(generators=[13, 15], k=2, termination="tail-biting"),
        "recursive, tail-biting": lambda: ConvolutionalCode(
            generators=[15], feedback=13, k=8, termination="tail-biting"
        ),
        "punctured": lambda: ConvolutionalCode(generators=[5, 7], k=8, puncture=["110", "101"]),
        "two inputs": lambda: ConvolutionalCode(generators=[["3", "1", "0"], ["0", "3", "2"]], k=8),
        "unequal memories": lambda: ConvolutionalCode(generators=[["7", "1", "0"], ["0", "3", "2"]], k=8),
        "two inputs, tail-biting": lambda: ConvolutionalCode(
            generators=[["3", "1", "0"], ["0", "3", "2"]], k=8, termination="tail-biting"
        ),
    }
)


def received(code: ConvolutionalCode, kind: str, frames: int, seed: int) -> Any:
    """LLRs of random codewords, float32 (frames, n)."""
    rng = np.random.default_rng(seed)
    signs = 1 - 2.0 * code.encode(rng.integers(0, 2, (frames, code.k), dtype=np.uint8))
    if kind == "awgn":
        return np.float32(2 * (signs + rng.standard_normal(signs.shape)))
    if kind == "bsc":
        return np.float32(2 * signs * rng.choice([1, -1], signs.shape, p=[0.85, 0.15]))
    return np.float32(1000 * signs * rng.integers(0, 2, signs.shape))


@pytest.mark.parametrize("algorithm", ["log-map", "max-log"])
@pytest.mark.parametrize("kind", ["awgn", "bsc", "bec"])
@CODES.each("code")
def test_soft_output_is_that_of_all_codewords(code: ConvolutionalCode, kind: str, algorithm: Any) -> None:
    frames = 70
    llr = received(code, kind, frames, 31)
    prior = np.random.default_rng(32).normal(0, 1 if kind == "awgn" else 0, (frames, code.k))
    found = BCJRDecoder(code, algorithm=algorithm).soft(llr, prior)
    expected = by_all_codewords(code, llr, prior.astype(np.float32), algorithm == "log-map")
    for ours, all_of_them in zip((found.information, found.coded), expected, strict=True):
        most = np.minimum(all_of_them, 2.0**20)
        np.testing.assert_allclose(ours, most, atol=1e-4, rtol=1e-6)


LONG: Lazy[ConvolutionalCode] = Lazy(
    {
        "8 states": lambda: ConvolutionalCode(generators=[15], feedback=13, k=197),
        "16 states": lambda: ConvolutionalCode(generators=[33, 37], feedback=23, k=128),
        "without feedback": lambda: ConvolutionalCode(
            generators=[5, 7], k=140, puncture=["110", "101"], termination="truncated"
        ),
        "by tables": lambda: ConvolutionalCode(generators=[133, 171], k=80),
    }
)


def integers(code: ConvolutionalCode, most: int, frames: int) -> Any:
    """Random LLRs, among them many of the largest magnitude and zeros, int64 (n, frames)."""
    rng = np.random.default_rng(33)
    llr = rng.integers(-most, most + 1, (code.n, frames))
    llr[:, : frames // 2] = most * rng.choice([-1, 0, 1], (code.n, frames // 2), p=[0.45, 0.1, 0.45])
    return llr


@pytest.mark.parametrize(("precision", "most"), [("int8", 127), ("int16", 32767), ("float32", 200)])
@LONG.each("code", quick=["8 states"])
def test_max_log_is_that_of_the_reference_to_the_bit(
    code: ConvolutionalCode, precision: Any, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through windows and reductions, with metrics as large as they get."""
    frames, encoder = 70, code.encoder
    llr = integers(code, most, frames)
    outputs: Any = np.zeros((encoder.all_steps * encoder.circuit.outputs, frames), np.int64)
    outputs[code.sent] = llr
    inputs = np.zeros((encoder.all_steps, 1, frames), np.int64)
    outputs = outputs.reshape(encoder.all_steps, -1, frames)
    expected = max_log(encoder.circuit.trellis, inputs, outputs, code.termination == "zero")[: code.k].T
    scale = None if precision == "float32" else 1.0
    decoder = BCJRDecoder(code, algorithm="max-log", precision=precision, llr_scale=scale)
    np.testing.assert_array_equal(decoder.soft(llr.T.astype(np.float32)).information, expected)
    for room in (lane_trellis.MAX_ROOM, 0):  # in fixed point one window, and several
        monkeypatch.setattr(lane_trellis, "MAX_ROOM", room)
        found = decoder.decode(llr.T.astype(np.float32))
        decided = expected != 0
        np.testing.assert_array_equal(found.bits[decided], (expected < 0)[decided])
        np.testing.assert_array_equal(found.ok, decided.all(axis=1))


@pytest.mark.slow  # compiles two kernels anew
def test_each_trellis_has_a_kernel_of_its_own_and_the_next_process_finds_it(tmp_path: Path) -> None:
    program = (
        "import numpy as np\n"
        "from capgap.codes import BCJRDecoder, ConvolutionalCode\n"
        "from capgap.codes.convolutional.bcjr.lane_bcjr_kernels import decide_trellis\n"
        "for feedback, forward in ((7, 5), (5, 7)):\n"
        "    code = ConvolutionalCode(generators=[forward], feedback=feedback, k=40)\n"
        "    decoder = BCJRDecoder(code, algorithm='max-log', precision='int8')\n"
        "    bits = np.random.default_rng(1).integers(0, 2, (9, 40), dtype=np.uint8)\n"
        "    assert (decoder.decode(1 - 2.0 * code.encode(bits)).bits == bits).all()\n"
        "hits, misses = decide_trellis.stats.cache_hits, decide_trellis.stats.cache_misses\n"
        "print(len(decide_trellis.signatures), sum(hits.values()), sum(misses.values()))\n"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    def run() -> list[str]:
        made = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        return made.stdout.split()

    assert run()[0] == "2"
    assert run() == ["2", "2", "0"]


def test_log_map_agrees_with_komm() -> None:
    code = ConvolutionalCode(generators=[15], feedback=13, k=30)
    komm_code = komm.TerminatedConvolutionalCode(
        komm.ConvolutionalCode([[0b1101, 0b1011]], [0b1101]), 30, "zero-termination"
    )
    llr = received(code, "awgn", 3, 34)
    expected = np.stack([komm.BCJRDecoder(komm_code).decode(each) for each in llr])
    np.testing.assert_allclose(BCJRDecoder(code).soft(llr).information, expected, atol=1e-3)


def test_wrap_around_comes_near_the_exact_circle() -> None:
    code = ConvolutionalCode(generators=[5, 7], k=60, termination="tail-biting")
    llr = received(code, "awgn", 64, 35)
    exact = BCJRDecoder(code).soft(llr).information
    wrapped = BCJRDecoder(code, tail_biting="wrap-around", rounds=2).soft(llr).information
    assert np.mean((exact < 0) == (wrapped < 0)) > 0.999
    assert np.median(np.abs(exact - wrapped)) < 1e-3


def test_several_rounds_around_a_short_circle_fit_into_the_room() -> None:
    """More steps in all than a frame has, and fewer than a window: metrics of them take turns."""
    code = ConvolutionalCode(generators=[5, 7], k=6, termination="tail-biting")
    llr = received(code, "awgn", 640, 37)
    exact = BCJRDecoder(code).soft(llr).information
    wrapped = BCJRDecoder(code, tail_biting="wrap-around", rounds=8).soft(llr).information
    assert np.mean((exact < 0) == (wrapped < 0)) > 0.95
    del wrapped  # what was written beside the room would be found when it is freed


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"algorithm": "map"}, "algorithm must be log-map or max-log, got 'map'"),
        ({"precision": "int8"}, "precision int8 belongs to max-log: set algorithm: max-log"),
        ({"llr_scale": 4}, "llr_scale belongs to fixed point"),
        (
            {"algorithm": "max-log", "precision": "int8", "llr_scale": 128},
            r"llr_scale must lie in \(0, 127\]",
        ),
        ({"tail_biting": "wrap-around"}, "tail_biting belongs to codes with termination: tail-biting"),
        ({"rounds": 3}, "rounds belong to wrap-around"),
    ],
)
def test_refusals(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BCJRDecoder(CODES["zero"], **parameters)


def test_a_circle_of_many_states_names_the_other_way() -> None:
    code = ConvolutionalCode(generators=[345, 237], k=40, termination="tail-biting")
    with pytest.raises(ValueError, match=r"tail_biting: exact .* set tail_biting: wrap-around"):
        BCJRDecoder(code)
    bits = np.random.default_rng(36).integers(0, 2, (5, 40), dtype=np.uint8)
    decoder = BCJRDecoder(code, tail_biting="wrap-around")
    np.testing.assert_array_equal(decoder.decode(4 - 8.0 * code.encode(bits)).bits, bits)


def test_codes_with_too_much_memory_are_refused() -> None:
    code = ConvolutionalCode(generators=[5001, 7777], k=40)
    with pytest.raises(ValueError, match="bcjr decodes codes of memory up to 10"):
        BCJRDecoder(code)
