"""Polar codes of 5G's control channels: against py3gpp, the standard's text step by step, and Sionna."""

import math
from typing import Any

import numpy as np
import py3gpp
import pytest
from capgap.codes import LinearCRCCode, LinearRateMatchedCode, PolarCode, SegmentedCode
from capgap.codes.by_name import polar
from capgap.codes.polar.construction.orders import row_weights, sequence_5g
from capgap.codes.polar.nr.interleavers import (
    SUB_BLOCKS,
    input_order,
    sub_block_order,
    triangular_order,
)
from capgap.codes.polar.nr.nr import code_block, code_length
from py3gpp.helper import polar_precode_interleave

CHECKS = {6: 0x21, 11: 0x621, 24: 0xB2B117}


def by_the_text(payload: list[int], e: int, link: str) -> list[int]:
    """The bits that are sent, by the steps of TS 38.212, written down one after the other."""
    a = len(payload)
    if link == "uplink" and ((a >= 360 and e >= 1088) or a >= 1013):
        padded = [0] * (a % 2) + payload
        half = len(padded) // 2
        return [bit for part in (padded[:half], padded[half:]) for bit in _segment(part, e // 2, link, 11)]
    return _segment(payload, e, link, 24 if link == "downlink" else 6 if a <= 19 else 11)


def _segment(payload: list[int], e: int, link: str, degree: int) -> list[int]:
    # 5.1: the remainder of the division, the register beginning with zeros.
    register = 0
    for bit in payload:
        top = register >> (degree - 1) & 1 ^ bit
        register = (register << 1 & (1 << degree) - 1) ^ (CHECKS[degree] if top else 0)
    c = payload + [register >> (degree - 1 - i) & 1 for i in range(degree)]
    k, pc = len(c), 3 if degree == 6 else 0
    # 5.3.1
    n_max = 10 if link == "uplink" else 9
    n1 = math.ceil(math.log2(e))
    if e <= 9 / 8 * 2 ** (n1 - 1) and k / e < 9 / 16:
        n1 -= 1
    n2 = math.ceil(math.log2(8 * k))
    n = 2 ** max(min(n1, n2, n_max), 5)
    if link == "downlink":  # 5.3.1.1
        c = [c[i] for i in polar_precode_interleave(k).tolist()]
    # 5.4.1.1
    j = [int(SUB_BLOCKS[32 * i // n]) * (n // 32) + i % (n // 32) for i in range(n)]
    frozen: set[int] = set()
    if e < n:
        if k / e <= 7 / 16:
            frozen |= {j[i] for i in range(n - e)}
            limit = 3 * n / 4 - e / 2 if e >= 3 * n / 4 else 9 * n / 16 - e / 4
            frozen |= set(range(math.ceil(limit)))
        else:
            frozen |= {j[i] for i in range(e, n)}
    usable = [i for i in sequence_5g().tolist() if i < n and i not in frozen]
    chosen = usable[-(k + pc) :]
    # 5.3.1.2
    light = 1 if pc and e - k + 3 > 192 else 0
    parity = set(chosen[: pc - light])
    if light:
        others = chosen[pc:]
        least = min(row_weights(n)[i] for i in others)
        parity |= {[i for i in others if row_weights(n)[i] == least][-1]}
    u, y, at = [0] * n, [0] * 5, 0
    for i in range(n):
        y = [*y[1:], y[0]]
        if i in chosen:
            if i in parity:
                u[i] = y[0]
            else:
                u[i] = c[at]
                at += 1
                y[0] ^= u[i]
    d = list(u)
    h = 1
    while h < n:
        for first in range(0, n, 2 * h):
            for i in range(first, first + h):
                d[i] ^= d[i + h]
        h *= 2
    # 5.4.1.1 and 5.4.1.2
    block = [d[i] for i in j]
    if e >= n:
        sent = [block[i % n] for i in range(e)]
    elif k / e <= 7 / 16:
        sent = [block[i + n - e] for i in range(e)]
    else:
        sent = block[:e]
    if link == "downlink":
        return sent
    # 5.4.1.3
    side = 1
    while side * (side + 1) // 2 < e:
        side += 1
    at, triangle = 0, {}
    for row in range(side):
        for column in range(side - row):
            if at < e:
                triangle[row, column] = sent[at]
            at += 1
    return [triangle[r, q] for q in range(side) for r in range(side - q) if (r, q) in triangle]


SIZES = [
    *[(k, n, "uplink") for k in (12, 17, 19) for n in (24 + k, 60, 100, 200, 230, 256, 300, 1000)],
    *[(k, n, "uplink") for k in (20, 32, 100) for n in (k + 20, 2 * k, 250, 400, 600, 1100)],
    (359, 1200, "uplink"),
    (361, 1088, "uplink"),
    (1012, 1086, "uplink"),
    (1013, 2200, "uplink"),
    (1706, 4096, "uplink"),
    *[(k, n, "downlink") for k in (12, 40, 140) for n in (k + 30, 108, 216, 432, 864, 1728) if n > k + 24],
]


@pytest.mark.parametrize(("k", "n", "link"), SIZES)
def test_words_are_those_of_the_standards_steps(k: int, n: int, link: str) -> None:
    if k == 12 and n == 36:
        n = 40
    code = polar(standard="nr", k=k, n=n, link=link)  # type: ignore[arg-type]
    bits = np.random.default_rng(k + n).integers(0, 2, (3, k), np.uint8)
    words = code.encode(bits)
    assert [by_the_text(row, n, link) for row in bits.tolist()] == words.tolist()


@pytest.mark.parametrize(("k", "n"), [(12, 576), (40, 512), (70, 864), (140, 1728)])
def test_downlink_words_are_those_of_py3gpp(k: int, n: int) -> None:
    code = polar(standard="nr", k=k, n=n, link="downlink")
    bits = np.random.default_rng(k).integers(0, 2, (4, k), np.uint8)
    for row, word in zip(bits, code.encode(bits), strict=True):
        checked = py3gpp.nrCRCEncode(row.astype(int), "24C")[:, 0]
        length = code_length(k + 24, n, "downlink")
        encoded = py3gpp.nrPolarEncode(checked, n, nmax=length.bit_length() - 1, iil=True)
        assert py3gpp.nrRateMatchPolar(encoded, k + 24, n).tolist() == word.tolist()


def test_tables_are_those_of_py3gpp() -> None:
    for k in (1, 24, 36, 100, 164):
        assert input_order(k).tolist() == polar_precode_interleave(k).tolist()
    assert sub_block_order(32).tolist() == SUB_BLOCKS.tolist()
    for n in (1, 2, 3, 4, 10, 11, 100):
        assert sorted(triangular_order(n).tolist()) == list(range(n))
    assert triangular_order(6).tolist() == [0, 3, 5, 1, 4, 2]


def test_parity_checks_have_the_positions_of_the_standard() -> None:
    # With E > 189 + K the lightest row among the most reliable: 252 for up to 21 bits, else 248.
    assert 252 in code_block(21, 300, "uplink", 3).parity
    assert 248 in code_block(22, 300, "uplink", 3).parity
    assert len(code_block(18, 210, "uplink", 3).parity) == 3
    code = polar(standard="nr", k=14, n=64, link="uplink")
    assert isinstance(code, LinearCRCCode)
    assert isinstance(code.inner, LinearRateMatchedCode)
    assert isinstance(code.inner.inner, PolarCode)
    assert code.inner.inner.pretransform is not None
    assert code.info()["inner code: crc"] == "6-nr"


def test_every_size_that_is_taken_is_a_code_of_that_dimension() -> None:
    generator = np.random.default_rng(9)
    for _ in range(60):
        link = ("uplink", "downlink")[int(generator.integers(2))]
        k = int(generator.integers(12, 141 if link == "downlink" else 500))
        n = int(generator.integers(k + 28, 3 * k + 200))
        if link == "uplink" and k >= 360 and n >= 1088:
            n += n % 2
        code = polar(standard="nr", k=k, n=n, link=link)  # type: ignore[arg-type]
        assert (code.n, code.k) == (n, k)
        bits = generator.integers(0, 2, (5, k), np.uint8)
        words = code.encode(bits)
        if isinstance(code, LinearCRCCode):
            assert (code.information_bits(words) == bits).all()


def test_long_payloads_are_sent_in_two_segments() -> None:
    code = polar(standard="nr", k=361, n=1100, link="uplink")
    assert isinstance(code, SegmentedCode)
    assert (code.segments, code.filler, code.inner.k, code.inner.n) == (2, 1, 181, 550)


#: Sionna has neither parity-check bits nor segments, and no more than these bits.
SIONNA_MOST = {"uplink": 1088, "downlink": 576}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("k", "n", "link"), [size for size in SIZES if 19 < size[0] < 360 and size[1] <= SIONNA_MOST[size[2]]]
)
def test_words_are_those_of_sionna(k: int, n: int, link: str) -> None:
    sionna = pytest.importorskip("sionna", reason="Sionna is not installed")
    encoding = pytest.importorskip("sionna.phy.fec.polar.encoding")
    if int(sionna.__version__.split(".")[0]) < 2:
        tensor = pytest.importorskip("tensorflow").constant
    else:
        tensor = pytest.importorskip("torch").tensor
    code = polar(standard="nr", k=k, n=n, link=link)  # type: ignore[arg-type]
    bits = np.random.default_rng(k + n).integers(0, 2, (4, k), np.uint8)
    theirs: Any = encoding.Polar5GEncoder(k, n, channel_type=link)(tensor(bits.astype(np.float32)))
    assert (np.asarray(theirs).astype(np.uint8) == code.encode(bits)).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"k": 11, "n": 100, "link": "uplink"},
            "k must lie in 12 to 1706 in the uplink, got 11: shorter ones",
        ),
        ({"k": 141, "n": 500, "link": "downlink"}, "k must lie in 12 to 140 in the downlink, got 141"),
        ({"k": 40, "n": 8193, "link": "downlink"}, "n must be at most 8192 in the downlink, got 8193"),
        ({"k": 40, "n": 60, "link": "downlink"}, "n must be at least 64: 40 bits, 24 of the CRC, got 60"),
        (
            {"k": 12, "n": 20, "link": "uplink"},
            "n must be at least 21: 12 bits, 6 of the CRC and 3 parity-check",
        ),
        ({"k": 400, "n": 1089, "link": "uplink"}, "n must be even"),
        ({"k": 40, "n": 100}, "link is missing, uplink or downlink"),
        ({"k": 40, "link": "uplink"}, "n is missing"),
        ({"k": 40, "n": 100, "link": "sidelink"}, "link must be uplink or downlink, got 'sidelink'"),
        (
            {"k": 40, "n": 100, "link": "uplink", "construction": "ga"},
            "construction is none of the standard nr's parameters",
        ),
    ],
)
def test_bad_parameters_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        polar(standard="nr", **arguments)
