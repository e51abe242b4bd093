"""LDPC codes of 5G: against the standard's text step by step, py3gpp, and what is known of the base graphs."""

from typing import Any, get_args

import numpy as np
import py3gpp
import pytest
from capgap.codes import (
    BeliefPropagationDecoder,
    Code,
    CompositeCode,
    LDPCCode,
    LinearRateMatchedCode,
    decoder_of,
)
from capgap.codes.by_name import ldpc
from capgap.codes.ldpc.nr.base_graphs import (
    CORE,
    INFORMATION,
    LIFTING_SIZES,
    ROWS,
    SETS,
    BaseGraph,
    blocks,
    parity_check,
)
from capgap.codes.ldpc.nr.nr import CodeBlock, nr_code
from capgap.codes.ldpc.nr.rate_matching import block_sizes, buffer_size, start
from capgap.codes.ldpc.nr.segmentation import base_graph_of, segmentation
from py3gpp.nrLDPCEncode import _lift_basegraph

from tests.lazy import but_slow
from tests.references import nr_ldpc

#: The smallest and the largest lifting size of each set.
ENDS = [first << j for first, number in SETS for j in (0, number - 1)]


def mother(code: Code) -> CodeBlock:
    while isinstance(code, CompositeCode):
        code = code.inner
    assert isinstance(code, CodeBlock)
    return code


def by_name(**parameters: Any) -> Code:
    return ldpc(standard="nr", **parameters)


def payload(k: int) -> list[int]:
    return [int(bit) for bit in np.random.default_rng(k).integers(0, 2, k)]


def test_base_graphs_have_the_blocks_of_the_standard() -> None:
    assert len(LIFTING_SIZES) == 51
    assert list(LIFTING_SIZES)[:4] == [2, 3, 4, 5]
    assert max(LIFTING_SIZES) == 384
    for graph, count in zip(get_args(BaseGraph), (316, 197), strict=True):
        for z in LIFTING_SIZES:
            row, column, shift = blocks(graph, z).T
            assert len(row) == count
            assert shift.max() < z
            # Each row behind the first four has a parity bit of its own, where nothing is shifted.
            own = column >= INFORMATION[graph] + CORE
            np.testing.assert_array_equal(row[own], np.arange(CORE, ROWS[graph]))
            np.testing.assert_array_equal(column[own], INFORMATION[graph] + row[own])
            assert not shift[own].any()
            # The first four: three blocks in the first column, of which two cancel, and a double diagonal.
            first = shift[(column == INFORMATION[graph]) & (row < CORE)]
            assert len(first) == 3
            assert len(set(first.tolist())) == 2
            diagonal = (row < CORE) & (column > INFORMATION[graph]) & ~own
            assert sorted(zip(row[diagonal], column[diagonal] - INFORMATION[graph], strict=True)) == [
                *((0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3))
            ]
            assert not shift[diagonal].any()


@pytest.mark.parametrize("graph", [1, 2])
@pytest.mark.parametrize("z", but_slow(LIFTING_SIZES, ENDS[::3]))
def test_matrices_are_those_of_py3gpp(graph: Any, z: int) -> None:
    theirs = _lift_basegraph(nr_ldpc.shifts(graph, z).astype(float), z)
    assert (parity_check(graph, z) != theirs).nnz == 0


@pytest.mark.parametrize("graph", [1, 2])
@pytest.mark.parametrize("z", but_slow(LIFTING_SIZES, (2, 13, 56)))
def test_words_of_every_lifting_size_are_those_of_the_text(graph: Any, z: int) -> None:
    code = LDPCCode(parity_check(graph, z))
    assert code.k == INFORMATION[graph] * z
    bits = payload(code.k)
    assert code.encode(bits)[2 * z :].tolist() == nr_ldpc.encoded(bits, graph, z)


CHAINS: dict[str, tuple[int, int, dict[str, int]]] = {
    "one bit": (1, 20, {}),
    "shortest": (24, 60, {"bits_per_symbol": 2}),
    "filler bits in base graph 2": (180, 396, {"bits_per_symbol": 4}),
    "nine columns": (600, 1200, {"bits_per_symbol": 6}),
    "repetition": (40, 1000, {"bits_per_symbol": 2}),
    "base graph 1": (400, 496, {"bits_per_symbol": 8}),
    "all of base graph 1": (64, 22 * 66, {"base_graph": 1}),
    "version 1": (100, 400, {"rv": 1}),
    "version 2": (100, 400, {"rv": 2}),
    "version 3": (400, 496, {"rv": 3, "bits_per_symbol": 4}),
    "limited buffer": (400, 1500, {"limited_buffer": 880, "base_graph": 1, "rv": 2}),
    "two code blocks": (3826, 9000, {"base_graph": 2, "bits_per_symbol": 4}),
    "blocks of two sizes": (8456, 15006, {"bits_per_symbol": 6, "rv": 3, "limited_buffer": 12000}),
    "three code blocks of base graph 1": (24000, 30000, {"bits_per_symbol": 10}),
    "repetition of two code blocks": (3826, 40000, {}),
}


@pytest.mark.parametrize("case", but_slow(CHAINS, [each for each in CHAINS if "three" not in each]))
def test_the_bits_sent_are_those_of_the_text(case: str) -> None:
    k, n, more = CHAINS[case]
    code = by_name(k=k, n=n, **more)
    assert (code.k, code.n, code.default_decoder) == (k, n, "bp")
    names = {"bits_per_symbol": "q", "limited_buffer": "ncb"}
    expected = nr_ldpc.sent(payload(k), n, **{names.get(name, name): value for name, value in more.items()})
    assert code.encode(payload(k)).tolist() == expected


#: Where py3gpp is right: of base graph 2 it takes the number of information columns for 10 only above K = 640.
@pytest.mark.parametrize(
    ("k", "n", "modulation", "rv"),
    [
        (1000, 2000, "QPSK", 0),
        (1000, 1500, "16QAM", 2),
        (4000, 5004, "64QAM", 3),
        (1000, 12000, "QPSK", 1),
        *but_slow([(20001, 30006, "64QAM", 0), (8448, 40000, "256QAM", 1)], []),
    ],
)
def test_the_bits_sent_are_those_of_py3gpp(k: int, n: int, modulation: str, rv: int) -> None:
    bits = {"QPSK": 2, "16QAM": 4, "64QAM": 6, "256QAM": 8}[modulation]
    about = py3gpp.nrDLSCHInfo(k, k / n)
    code = by_name(k=k, n=n, bits_per_symbol=bits, rv=rv)
    known = mother(code).info()
    assert (known["base graph"], known["lifting size"]) == (about["BGN"], about["Zc"])
    assert (known["code blocks"], known["filler bits"]) == (about["C"], about["F"])
    block = py3gpp.nrCRCEncode(np.array(payload(k)), about["CRC"])
    coded = py3gpp.nrLDPCEncode(py3gpp.nrCodeBlockSegmentLDPC(block, about["BGN"]), about["BGN"])
    theirs = py3gpp.nrRateMatchLDPC(coded, n, rv, modulation, 1)
    assert code.encode(payload(k)).tolist() == theirs.tolist()


def test_base_graphs_lifting_sizes_and_code_blocks_are_chosen_as_in_the_text() -> None:
    # Both sides of each limit (7.2.2): A, E, base graph.
    for a, e, graph in (
        *((292, 300, 2), (293, 400, 1), (293, 438, 2)),
        *((3824, 5707, 1), (3824, 5708, 2), (3825, 5800, 1), (3825, 15299, 1), (3825, 15300, 2)),
    ):
        assert base_graph_of(a, e) == graph == nr_ldpc.base_graph_of(a, a / e), (a, e)
    # A, base graph, check bits, C, K', Z.
    for a, graph, checks, count, length, z in (
        *(
            (176, 2, 16, 1, 192, 32),
            (177, 2, 16, 1, 193, 26),
            (544, 2, 16, 1, 560, 72),
            (545, 2, 16, 1, 561, 64),
        ),
        *((624, 2, 16, 1, 640, 72), (625, 2, 16, 1, 641, 72), (3816, 2, 16, 1, 3832, 384)),
        *((3824, 2, 16, 1, 3840, 384), (3826, 2, 24, 2, 1949, 208), (8424, 1, 24, 1, 8448, 384)),
        *((8426, 1, 24, 2, 4249, 208), (1, 2, 16, 1, 17, 3), (1277992, 1, 24, 152, 8432, 384)),
    ):
        cut = segmentation(a, graph)  # type: ignore[arg-type]
        assert (cut.checks, cut.count, cut.length, cut.lifting_size) == (checks, count, length, z), a


def test_redundancy_versions_begin_where_the_table_says() -> None:
    one, two = segmentation(8424, 1), segmentation(3824, 2)
    assert [start(one, rv, buffer_size(one)) // 384 for rv in range(4)] == [0, 17, 33, 56]
    assert [start(two, rv, buffer_size(two)) // 384 for rv in range(4)] == [0, 13, 25, 43]
    # TBS_LBRM of the standard's example size, rate 2/3: Ncb = floor(3 * 8424 / 2).
    assert [start(one, rv, 12636) // 384 for rv in range(4)] == [0, 8, 16, 27]
    assert block_sizes(3, 1000, 4) == [332, 332, 336]
    assert block_sizes(4, 96, 8) == [24, 24, 24, 24]


def test_what_is_not_sent_is_not_in_the_graph() -> None:
    code = mother(by_name(k=8424, n=10138))
    assert (code.n, code.k) == (10138 + 2 * 384, 8448)
    degrees = code.tanner_graph.variable_degrees
    assert np.count_nonzero(degrees == 1) == code.n - (22 + CORE) * 384  # and all of these are sent
    short = mother(by_name(k=100, n=300))
    assert short.info()["filler bits"] == 84
    assert short.n - short.tanner_graph.checks == short.k == 116
    # Of repeated bits the graph has one.
    assert mother(by_name(k=100, n=5000)).n == 52 * 20 - 84


def test_the_graph_decodes_as_the_whole_one_does() -> None:
    code = by_name(k=80, n=200, base_graph=2)
    z = 16
    whole = LDPCCode(parity_check(2, z))  # K = 160 bits, of which 64 are filler bits
    columns = np.arange(2 * z, 52 * z)
    columns = columns[(columns < 96) | (columns >= 160)][:200]
    full = LinearRateMatchedCode(whole, sent=columns, shorten=list(range(96, 160)))
    llr = np.random.default_rng(1).normal(3.5, 2.65, (200, 200)).astype(np.float32)
    small = decoder_of(code, BeliefPropagationDecoder, iterations=6).decode(llr)
    large = decoder_of(full, BeliefPropagationDecoder, iterations=6).decode(llr)
    np.testing.assert_array_equal(small.bits, large.bits[:, :80])
    assert 20 < np.count_nonzero(small.bits.any(axis=1)) < 180


@pytest.mark.parametrize(
    "parameters",
    [
        {"k": 100, "n": 300, "bits_per_symbol": 4},
        {"k": 60, "n": 1500, "bits_per_symbol": 2, "rv": 2},
        {"k": 3826, "n": 8000, "bits_per_symbol": 4, "base_graph": 2},
    ],
)
def test_decodes_what_it_sent(parameters: dict[str, int]) -> None:
    code = by_name(**parameters)
    bits = np.random.default_rng(2).integers(0, 2, (70, code.k), np.uint8)
    llr = (1 - 2.0 * code.encode(bits)) * 4 + np.random.default_rng(3).normal(0, 2, (70, code.n))
    llr[::7] = np.random.default_rng(4).normal(0, 1, llr[::7].shape)
    for more in ({}, {"algorithm": "min-sum", "scale": 0.75, "precision": "int8"}):
        decoder = decoder_of(code, BeliefPropagationDecoder, schedule="layered", iterations=8, **more)
        result = decoder.decode(llr)
        right = np.arange(70) % 7 > 0
        np.testing.assert_array_equal(result.bits[right], bits[right])
        np.testing.assert_array_equal(result.ok, right)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n": 100}, "nr needs k, the bits of the payload, and n"),
        ({"k": 0, "n": 100}, "k must be at least 1, got 0"),
        (
            {"k": 100, "n": 300, "rate": "1/3"},
            "rate is no parameter of nr, which has k, n, bits_per_symbol, rv, base_graph and limited_buffer",
        ),
        (
            {"k": 100, "n": 301, "bits_per_symbol": 4},
            "multiple of the 4 bits of a symbol, such as 300 or 304",
        ),
        ({"k": 100, "n": 300, "bits_per_symbol": 3}, "bits_per_symbol must be 1, 2, 4, 6, 8 or 10, got 3"),
        ({"k": 100, "n": 300, "rv": 4}, "rv must be 0 to 3, got 4"),
        ({"k": 100, "n": 300, "base_graph": 3}, "base_graph must be 1 or 2, got 3"),
        (
            {"k": 100, "n": 114, "bits_per_symbol": 2},
            "n must be at least 116, since k = 100 makes a code block",
        ),
        ({"k": 40000, "n": 60000}, "5 code blocks of the same size; the nearest k are 39996 and 40001"),
        (
            {"k": 100, "n": 300, "limited_buffer": 90},
            "limited_buffer must lie in 200 to 1000, the whole, got 90",
        ),
        (
            {"k": 3826, "n": 5000, "base_graph": 2, "rv": 1, "limited_buffer": 5800},
            "that rv = 1 sends do not tell all messages apart",
        ),
        ({"k": 100, "n": 300, "puncture": [0]}, "puncture says nothing beside nr"),
    ],
)
def test_refuses(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        by_name(**given)


def test_the_largest_transport_block_is_made_at_once() -> None:
    code = by_name(k=1277992, n=1533600)
    assert mother(code).info()["code blocks"] == 152
    bits = np.random.default_rng(1).integers(0, 2, (1, code.k), np.uint8)
    word = code.encode(bits)
    assert word.shape == (1, 1533600)
    sent = mother(code).encode(np.append(bits[0, :8408], [0] * 24))[2 * 384 :][:1000]
    np.testing.assert_array_equal(word[0, :1000], sent)


def test_only_standards_have_their_parameters() -> None:
    with pytest.raises(ValueError, match="rv belongs to a standard"):
        ldpc(n=24, k=12, column_weight=3, rv=1)
    with pytest.raises(ValueError, match="rv is no parameter of wifi, which has n and rate"):
        ldpc(standard="wifi", n=648, rate="1/2", rv=1)
    assert nr_code(k=100, n=300).k == 100
