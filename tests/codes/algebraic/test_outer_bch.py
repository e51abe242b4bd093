"""BCH codes around LDPC codes: those of DVB, and what their decoders make of errors that are left."""

import functools
from typing import Any

import numpy as np
import pytest
from capgap.codes import (
    BCHCode,
    BeliefPropagationDecoder,
    BoundedDistanceDecoder,
    HardDecoder,
    LDPCCode,
    OrderedStatisticsDecoder,
    UncodedCode,
    by_name,
    decoder_of,
)
from capgap.codes.algebraic.outer_bch import OuterBCHCode, OuterBCHDecoder
from capgap.codes.fields import polynomials
from capgap.simulate.contract import checks_of

# The factors g_1 to g_12 of the generator polynomials, EN 302 307-1, tables 6a and 6b, and EN 302 307-2 for medium
# frames: bit i is the coefficient of x^i.
FACTORS = {
    64800: "1002D 10173 10FBD 15A55 11F2F 1F7B5 1AF65 17367 10EA1 175A7 13A2D 11AE3",
    32400: "802D 8C93 B555 8D6D 94D7 B0D1 D8B5 CB55 BAB7 BC9F 8A17 ED15",
    16200: "402B 4941 4647 5591 6B55 6389 6CE5 4F21 460F 5A49 5811 65EF",
}


@pytest.mark.parametrize(
    ("standard", "n", "rate", "k", "t"),
    [
        ("dvb-s2", 64800, "1/4", 16008, 12),
        ("dvb-s2", 64800, "2/3", 43040, 10),
        ("dvb-s2", 64800, "9/10", 58192, 8),
        ("dvb-s2", 16200, "1/4", 3072, 12),
        ("dvb-s2", 16200, "8/9", 14232, 12),
        ("dvb-s2x", 64800, "20/30", 43008, 12),
        ("dvb-s2x", 32400, "1/3", 10620, 12),
        ("dvb-t2", 64800, "5/6", 53840, 10),
        ("dvb-t2", 16200, "3/5", 9552, 12),
    ],
)
def test_dvb(standard: Any, n: int, rate: str, k: int, t: int) -> None:
    """K_bch and t of the standards' tables, and the product of their factors."""
    code = by_name.ldpc(standard=standard, n=n, rate=rate, outer="bch")
    assert isinstance(code, OuterBCHCode)
    assert (code.n, code.k, code.outer.t, code.default_decoder) == (n, k, t, "bp")
    factors = [int(factor, 16) for factor in FACTORS[n].split()]
    assert code.outer.generator == functools.reduce(polynomials.product, factors[:t])
    assert code.info()["outer code: errors corrected"] == t
    bits = np.random.default_rng(1).integers(0, 2, (3, k), np.uint8)
    words = code.encode(bits)
    assert not code.inner.syndrome(words).any()
    assert not code.outer.syndrome(code.inner.information_bits(words)).any()
    assert (code.information_bits(words) == bits).all()


def test_only_dvb_has_it() -> None:
    with pytest.raises(ValueError, match="outer is no parameter of wifi"):
        by_name.ldpc(standard="wifi", n=648, rate="1/2", outer="bch")
    wrong: Any = "rs"
    with pytest.raises(ValueError, match="outer must be bch, or left out, for dvb-t2, got 'rs'"):
        by_name.ldpc(standard="dvb-t2", n=16200, rate="1/2", outer=wrong)
    with pytest.raises(ValueError, match="outer belongs to a standard, which is not named"):
        by_name.ldpc(n=24, k=12, column_weight=3, outer="bch")


def test_up_to_t_errors_are_corrected() -> None:
    code = OuterBCHCode(UncodedCode(k=31), BCHCode(n=31, t=3))
    decoder = decoder_of(code, HardDecoder)
    assert isinstance(decoder, OuterBCHDecoder)
    random = np.random.default_rng(2)
    bits = random.integers(0, 2, (200, code.k), np.uint8)
    words = code.encode(bits)
    errors = np.arange(200) % 5
    for word, count in zip(words, errors, strict=True):
        word[random.choice(31, count, replace=False)] ^= 1
    result = decoder.decode(1.0 - 2 * words)
    right = (result.bits == bits).all(axis=1)
    assert right[errors <= 3].all()
    assert result.ok[errors <= 3].all()
    assert not (right & result.ok)[errors == 4].any()
    assert decoder.counts_failures


def test_what_is_left_by_belief_propagation() -> None:
    """It decides as the BCH code's decoder does behind that of the inner code, after each iteration too."""
    inner = LDPCCode.regular(n=60, k=30, column_weight=3, seed=2)
    outer = BCHCode(n=63, t=2, shorten=63 - inner.k)
    code = OuterBCHCode(inner, outer)
    random = np.random.default_rng(3)
    bits = random.integers(0, 2, (300, code.k), np.uint8)
    llr = (1.0 - 2 * code.encode(bits) + random.normal(0, 0.75, (300, code.n))) * 2 / 0.75**2
    decoder = decoder_of(code, BeliefPropagationDecoder, iterations=4, count="iterations")
    result = decoder.decode(llr)
    first = BeliefPropagationDecoder(inner, iterations=4, count="iterations").decode(llr)
    behind = decoder_of(outer, BoundedDistanceDecoder)
    for found, before in zip(result.after_iterations, first.after_iterations, strict=True):
        assert (found == behind.decode(1.0 - 2 * before).bits).all()
    wrong, wrong_before = (result.bits != bits).any(axis=1), (first.bits[:, : code.k] != bits).any(axis=1)
    assert wrong.sum() < wrong_before.sum()
    assert (result.iterations == first.iterations).all()
    # Universal decoders take the whole as one linear code.
    whole = decoder_of(code, OrderedStatisticsDecoder, order=1)
    assert whole.code is code
    assert not code.syndrome(code.encode(whole.decode(llr[:5]).bits)).any()


def test_keeps_the_contract() -> None:
    inner = LDPCCode.regular(n=60, k=30, column_weight=3, seed=2)
    code = OuterBCHCode(inner, BCHCode(n=63, t=2, shorten=63 - inner.k))
    for tested in (code, decoder_of(code, BeliefPropagationDecoder, iterations=5)):
        for check in checks_of(tested):
            assert not check.problems(), check.name


def test_refuses_other_outer_codes() -> None:
    with pytest.raises(ValueError, match="outer must have as many coded bits as UncodedCode"):
        OuterBCHCode(UncodedCode(k=30), BCHCode(n=31, t=3))
    with pytest.raises(ValueError, match="outer must not be extended"):
        OuterBCHCode(UncodedCode(k=32), BCHCode(n=31, t=3, extended=True))
