"""Decoding of syndromes, beside enumeration and another program's."""

import re
from typing import Any

import numpy as np
import pytest
from capgap.codes import (
    GallagerBDecoder,
    HammingCode,
    LDPCCode,
    LinearCode,
    SyndromeDecoding,
    decode_syndrome,
)

from tests.codes.samples import Array, words_of


def toric(size: int) -> Array:
    """The checks of one kind of the toric code, which sum up to 0: a product of two rings."""
    ring, unit = np.eye(size, dtype=int) + np.roll(np.eye(size, dtype=int), 1, 1), np.eye(size, dtype=int)
    return np.hstack([np.kron(ring, unit), np.kron(unit, ring.T)])


def errors_of(n: int, frames: int, chance: float) -> Array:
    return (np.random.default_rng(1).random((frames, n)) < chance).astype(np.uint8)


@pytest.mark.parametrize("decoder", ["bp-osd", "lp"])
def test_the_likeliest_error_is_found(decoder: str) -> None:
    H, prior = toric(2), np.array([0.1, 0.05, 0.02, 0.2, 0.15, 0.07, 0.12, 0.09])
    words, costs = words_of(8), words_of(8) @ (np.log1p(-prior) - np.log(prior))
    syndromes = words @ H.T % 2
    options = {"order": 5} if decoder == "bp-osd" else {}
    result = decode_syndrome(H, syndromes, prior, decoder, **options)
    np.testing.assert_array_equal(result.errors @ H.T % 2, syndromes)
    found = result.errors @ (np.log1p(-prior) - np.log(prior))
    same = (syndromes[:, None] == syndromes[None]).all(axis=2)
    least = np.where(same, costs[None], np.inf).min(axis=1)
    np.testing.assert_allclose(found[result.ok], least[result.ok], atol=1e-5)
    assert result.ok.mean() > 0.5


def test_any_decoder_of_a_code_will_do() -> None:
    code = LDPCCode.regular(504, 252, 3)
    errors = errors_of(code.n, 100, 0.015)
    for decoder in ("bp", GallagerBDecoder):
        result = SyndromeDecoding(code, decoder).decode(code.syndrome(errors), 0.015)
        np.testing.assert_array_equal(code.syndrome(result.errors), code.syndrome(errors))
        np.testing.assert_array_equal(result.errors[result.ok], errors[result.ok])
        assert result.ok.mean() > 0.9


def test_checks_of_long_codes_are_solved_sparsely() -> None:
    code = LDPCCode.regular(16_200, 8_100, 3)
    errors = errors_of(code.n, 20, 0.06)
    result = SyndromeDecoding(code, "bp").decode(code.syndrome(errors), 0.06)
    assert result.ok.all()
    np.testing.assert_array_equal(result.errors, errors)


@pytest.mark.parametrize(
    ("syndrome", "prior", "options", "message"),
    [
        (
            [1, 0, 0, 0],
            0.1,
            {},
            "syndrome must be that of some error: checks depend on each other, and frame 0",
        ),
        ([0, 0, 0], 0.1, {}, "syndrome must have shape (frames, 4)"),
        ([0, 0, 0, 0], 0.0, {}, "prior must lie above 0 and below 1"),
        ([0, 0, 0, 0], [0.1, 0.1], {}, "prior must be one number, (8,) or (1, 8), got (2,)"),
        (
            [0, 0, 0, 0],
            0.1,
            {"decoder": "osd"},
            "decoder must be bp, bp-osd, bp-guessing, lp or a class, got 'osd'",
        ),
    ],
)
def test_wrong_syndromes(syndrome: Any, prior: Any, options: dict[str, Any], message: str) -> None:
    H = toric(2)
    with pytest.raises(ValueError, match=re.escape(message)):
        decode_syndrome(H, syndrome, prior, **options)


def test_one_syndrome_by_itself() -> None:
    code = HammingCode(r=3)
    result = decode_syndrome(code, code.syndrome([0, 0, 1, 0, 0, 0, 0]), 0.1)
    np.testing.assert_array_equal(result.errors, [0, 0, 1, 0, 0, 0, 0])
    assert result.ok
    assert result.iterations.shape == ()


@pytest.mark.slow
@pytest.mark.parametrize("regular", [True, False])
def test_another_program_decodes_the_same(regular: bool) -> None:
    """The package ldpc: sum-product on what it ends at, and as many logical errors after OSD, or fewer."""
    ldpc = pytest.importorskip("ldpc", reason="the package ldpc is not installed")
    code = LDPCCode.regular(504, 252, 3) if regular else LinearCode(parity_check=toric(7))
    chance = 0.055 if regular else 0.06
    H, errors = code.parity_check_matrix, errors_of(code.n, 1000, chance)
    syndromes = code.syndrome(errors)
    theirs = ldpc.BpDecoder(H, error_rate=chance, max_iter=30, bp_method="product_sum")
    ours = SyndromeDecoding(code, "bp", iterations=30).decode(syndromes, chance)
    same, ended = 0, 0
    for frame, syndrome in enumerate(syndromes):
        found = theirs.decode(syndrome)
        assert theirs.converge == bool(ours.ok[frame]) or not regular
        if theirs.converge and ours.ok[frame]:
            ended += 1
            same += bool((found == ours.errors[frame]).all())
    assert same >= 0.995 * ended > 200
    osd = ldpc.BpOsdDecoder(
        H, error_rate=chance, max_iter=30, bp_method="product_sum", osd_method="osd_e", osd_order=0
    )
    found = np.array([osd.decode(syndrome) for syndrome in syndromes])
    mine = SyndromeDecoding(code, "bp-osd", order=0, iterations=30).decode(syndromes, chance)
    np.testing.assert_array_equal(code.syndrome(mine.errors), syndromes)
    wrong = [(each != errors).any(axis=1).sum() for each in (mine.errors, found)]
    weights = [each.sum(dtype=int) for each in (mine.errors, found)]
    print(wrong, weights, same, ended)
    assert wrong[0] <= 1.05 * wrong[1]
    assert weights[0] <= 1.02 * weights[1]
