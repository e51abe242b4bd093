"""What codes over GF(2^m) are for: short frames, near what is possible."""

import itertools
from typing import Any

import pytest
from capgap.simulate import run
from scipy.stats import beta


@pytest.mark.slow
@pytest.mark.parametrize(
    # The normal approximation has 1e-3 at so many dB: `capgap limits bpsk --rate 1/2 -n 132 --fer 1e-3`.
    ("m", "n", "approximation", "gap", "frames"),
    [(6, 22, 2.4486, 0.7, 200_000), (8, 32, 1.9147, 0.8, 60_000)],
)
@pytest.mark.cpu_seconds(60)
def test_codes_come_near_the_normal_approximation(
    m: int, n: int, approximation: float, gap: float, frames: int
) -> None:
    """A frame-error rate of 1e-3 within 0.7 or 0.8 dB, and nowhere better; a binary code is far from it.

    Significance 1e-3 each.
    """
    decoder = {"type": "nonbinary-bp", "schedule": "layered", "iterations": 200}
    code = {"type": "nonbinary-ldpc", "n": n, "k": n // 2, "symbol_bits": m}
    near, far = (
        errors(code, decoder, approximation + gap, frames),
        errors(code, decoder, approximation, 20_000),
    )
    assert beta.ppf(1 - 1e-3, near + 1, frames - near) < 1e-3
    assert beta.ppf(1e-3, far, 20_000 - far + 1) > 1e-3
    standard = {"type": "ldpc", "standard": "ccsds-tc", "n": 256 if m == 8 else 128}
    binary = errors(standard, {**decoder, "type": "bp"}, approximation + gap, 20_000)
    assert beta.ppf(1e-3, binary, 20_000 - binary + 1) > 5e-3


@pytest.mark.slow
@pytest.mark.cpu_seconds(30)
def test_larger_fields_are_better() -> None:
    """At 2.5 dB and n near 256, columns of weight 2: GF(4), GF(16), GF(64). Significance 1e-3 each."""
    decoder = {"type": "nonbinary-bp", "schedule": "layered", "iterations": 100}
    counts = [
        errors({"type": "nonbinary-ldpc", "n": n, "k": n // 2, "symbol_bits": m}, decoder, 2.5, 60_000)
        for m, n in ((2, 128), (4, 64), (6, 42))
    ]
    for worse, better in itertools.pairwise(counts):
        assert beta.ppf(1e-3, worse, 60_001 - worse) > beta.ppf(1 - 1e-3, better + 1, 60_000 - better)


def errors(code: dict[str, Any], decoder: dict[str, Any], ebno_db: float, frames: int) -> int:
    """Frame errors among so many frames."""
    config = {
        "name": "short",
        "seed": 1,
        "channel": {"type": "awgn", "ebno_db": ebno_db},
        "curves": [{"label": "code", "code": code, "decoder": decoder}],
        "stop": {"frames": frames},
    }
    (row,) = run(config, save=False).rows
    return row.frame_errors
